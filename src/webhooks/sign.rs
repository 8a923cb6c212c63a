//! Signatures as in the Standard Webhooks specification: HMAC-SHA256 over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;

/// How a secret begins when it is shown.
const PREFIX: &str = "whsec_";
/// Length of a secret, in bytes.
const BYTES: usize = 32;

/// A new secret, and how it is shown.
pub fn new_secret() -> (Vec<u8>, String) {
    let mut secret = vec![0; BYTES];
    rand::rng().fill_bytes(&mut secret);
    let shown = format!("{PREFIX}{}", STANDARD.encode(&secret));
    (secret, shown)
}

/// The value of `webhook-signature`; `at` is in seconds since 1970.
pub fn signature(secret: &[u8], id: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the libraries of the specification.
    #[test]
    fn a_known_message_has_its_known_signature() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_random_and_shown_as_the_specification_says() {
        let ((secret, shown), (other, _)) = (new_secret(), new_secret());
        assert_ne!(secret, other);
        assert_eq!(STANDARD.decode(shown.strip_prefix("whsec_").unwrap()).unwrap(), secret);
    }
}
