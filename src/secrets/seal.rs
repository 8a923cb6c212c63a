//! What the database keeps so that the database alone does not show it: XChaCha20-Poly1305 with a key of the secrets file.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use chrono::Utc;
use rand::Rng;

use super::keys::{Key, Secrets};

const NONCE_BYTES: usize = 24;

/// An encrypted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Id of the key.
    pub kid: String,
    /// Random nonce, then the encrypted bytes with their tag; base64url.
    pub text: String,
}

impl std::fmt::Display for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.kid, self.text)
    }
}

impl std::str::FromStr for Sealed {
    type Err = anyhow::Error;

    /// Reads what `Display` wrote. Errors: it did not.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (kid, text) = text.split_once('.').ok_or_else(|| anyhow::anyhow!("no key is named"))?;
        Ok(Self { kid: kid.to_owned(), text: text.to_owned() })
    }
}

/// Encrypts bytes for one place, which is named by `about` (an account's id): elsewhere they cannot be opened. Errors:
/// there is no encryption key.
pub fn seal(secrets: &Secrets, about: &str, bytes: &[u8]) -> anyhow::Result<Sealed> {
    let key = secrets.encrypts(Utc::now()).ok_or_else(|| anyhow::anyhow!("the secrets file has no encryption key"))?;
    let mut nonce = [0; NONCE_BYTES];
    rand::rng().fill_bytes(&mut nonce); // so long that chance never makes one twice
    let payload = Payload { msg: bytes, aad: about.as_bytes() };
    let sealed = cipher(key)?.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow::anyhow!("cannot encrypt"))?;
    let text = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
    Ok(Sealed { kid: key.kid.clone(), text })
}

/// What was encrypted. Errors: the key is not in the file any more, or this was sealed for another place or changed.
pub fn open(secrets: &Secrets, about: &str, sealed: &Sealed) -> anyhow::Result<Vec<u8>> {
    let key = secrets.decrypts(&sealed.kid).ok_or_else(|| anyhow::anyhow!("the secrets file has no key {}", sealed.kid))?;
    let bytes = URL_SAFE_NO_PAD.decode(&sealed.text)?;
    let (nonce, rest) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| anyhow::anyhow!("too short"))?;
    let payload = Payload { msg: rest, aad: about.as_bytes() };
    cipher(key)?.decrypt(&XNonce::from(*nonce), payload).map_err(|_| anyhow::anyhow!("this was sealed otherwise"))
}

fn cipher(key: &Key) -> anyhow::Result<XChaCha20Poly1305> {
    let bytes = URL_SAFE_NO_PAD.decode(&key.secret)?;
    XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| anyhow::anyhow!("the encryption key {} is not 256 bits long", key.kid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_for_its_account_with_its_key_and_unchanged() {
        let mut secrets = Secrets::new();
        let sealed = seal(&secrets, "me", b"secret").unwrap();
        assert!(!sealed.text.contains("secret"));
        assert_ne!(sealed, seal(&secrets, "me", b"secret").unwrap(), "never the same twice");
        assert_eq!(open(&secrets, "me", &sealed).unwrap(), b"secret");
        assert!(open(&secrets, "you", &sealed).is_err());
        assert!(open(&Secrets::new(), "me", &sealed).is_err());
        let mut bytes = URL_SAFE_NO_PAD.decode(&sealed.text).unwrap();
        for i in 0..bytes.len() {
            bytes[i] ^= 1;
            assert!(open(&secrets, "me", &Sealed { kid: sealed.kid.clone(), text: URL_SAFE_NO_PAD.encode(&bytes) }).is_err());
            bytes[i] ^= 1;
        }
        for short in ["", "AAAA", "*"] {
            assert!(open(&secrets, "me", &Sealed { kid: sealed.kid.clone(), text: short.to_owned() }).is_err());
        }
        secrets.rotate(Utc::now(), true);
        assert_eq!(open(&secrets, "me", &sealed).unwrap(), b"secret", "old ones stay for reading");
    }
}
