//! Keys and codes: the keys of the server, random tokens, and password hashes.

mod closed;
mod file;
mod keyring;
mod keys;
mod seal;

pub use closed::{KeyPair, new_key_pair, open_closed};
pub use file::{make_private_folder, write_private};
pub use keyring::{Keyring, watch};
pub use keys::{Key, SETTLE_SECONDS, Secrets};
pub use seal::{Sealed, open, seal};

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;

use crate::domain::canonical::sha256_hex;

/// Prefixes tell what a secret is for, so that none works elsewhere and a leaked one is recognised.
pub mod prefix {
    /// Refresh token of a session.
    pub const REFRESH: &str = "dur_";
    /// Handle of a login through an identity provider.
    pub const LOGIN: &str = "duo_";
    /// Personal access token.
    pub const PERSONAL: &str = "dup_";
    /// Device token.
    pub const DEVICE: &str = "dud_";
    /// One-time code of an enrolment.
    pub const ENROLMENT: &str = "due_";
    /// One-time code of an invitation.
    pub const INVITATION: &str = "dui_";
}

/// Random bytes as base64url.
pub fn random(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    rand::rng().fill_bytes(&mut buffer);
    URL_SAFE_NO_PAD.encode(buffer)
}

/// A new secret of 256 bits with its prefix, and the hash to keep.
pub fn new_token(prefix: &str) -> (String, String) {
    let token = format!("{prefix}{}", random(32));
    let hash = token_hash(&token);
    (token, hash)
}

/// The hash under which a random secret is kept. It has 256 random bits, so a plain hash is enough.
pub fn token_hash(token: &str) -> String {
    sha256_hex(token)
}

/// Argon2id hash of a password.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|e| anyhow::anyhow!("salt: {e}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|e| anyhow::anyhow!("hash: {e}"))?;
    Ok(hash.to_string())
}

/// Whether a password fits a hash. Takes as long for an unknown person (`None`) as for a known one.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$2jUOoGjZbCvcvZHhEHJVb0F0bWVhbmluZ2xlc3Nz";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let fits = parsed.is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
    fits && hash.is_some()
}

/// Whether a password may be chosen. Errors: why not.
pub fn check_password(password: &str) -> Result<(), &'static str> {
    let length = password.chars().count();
    let distinct = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    match length {
        0..12 => Err("a password has at least 12 characters"),
        257.. => Err("a password has at most 256 characters"),
        _ if distinct < 5 => Err("a password has at least 5 different characters"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits() {
        let hash = hash_password("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_password("correct horse battery", Some(&hash)));
        assert!(!verify_password("correct horse batter", Some(&hash)));
        assert!(!verify_password("correct horse battery", None));
    }

    #[test]
    fn the_stand_in_hash_costs_as_much_as_a_real_one() {
        assert!(
            PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$2jUOoGjZbCvcvZHhEHJVb0F0bWVhbmluZ2xlc3Nz")
                .is_ok()
        );
    }
}
