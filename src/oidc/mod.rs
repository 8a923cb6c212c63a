//! Logging in by an account at an identity provider (OpenID Connect, authorization code with PKCE). Only this module names
//! the library that speaks the protocol; what is done with a proven identity is decided in `http`.

mod provider;
mod transport;
mod verify;

pub use provider::{Provider, usable};
pub use verify::{Doubt, Proven, verified};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Why there is no identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The provider does not answer, or not as a provider does; later it may. With the cause, for the log.
    Away(String),
    /// It answered, and the answer is not good. In short words, without anything of the answer.
    Refused(&'static str),
}

/// A value that follows from the client's handle: neither the database nor the browser's history has it.
fn derived(handle: &str, purpose: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(handle.as_bytes()).expect("a key of any length is good");
    mac.update(purpose.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn what_follows_from_a_handle_is_another_for_every_purpose_and_handle() {
        let values = [derived("a", "pkce"), derived("a", "nonce"), derived("b", "pkce")];
        assert_eq!(values[0], derived("a", "pkce"));
        assert!(values[0] != values[1] && values[0] != values[2] && values[1] != values[2]);
        assert_eq!(values[0].len(), 43, "as long as PKCE asks for");
    }
}
