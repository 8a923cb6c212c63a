//! Sealing of small secrets with a key that is not in the database: XChaCha20-Poly1305 under a random nonce.
//!
//! What is sealed is bound to a name (`associated`), so that it opens nowhere else: not as the data of somebody else,
//! and not in another project.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::Rng;

use crate::secrets::EncryptionKey;

/// Bytes of a nonce: long enough to be drawn.
const NONCE: usize = 24;

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not among those of this server, or is none.
    #[error("the key that this was sealed with is not there")]
    NoKey,
    /// It was changed, or sealed for something else.
    #[error("this was not sealed here, or for something else")]
    Broken,
}

/// Seals a text with the first key. Errors: there is no key that works.
pub fn seal(keys: &[EncryptionKey], associated: &str, plain: &str) -> Result<String, SealError> {
    let key = keys.first().ok_or(SealError::NoKey)?;
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let payload = Payload { msg: plain.as_bytes(), aad: associated.as_bytes() };
    let closed = cipher(key)?.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)?;
    Ok(format!("{}.{}", key.kid, URL_SAFE_NO_PAD.encode([&nonce[..], &closed].concat())))
}

/// Opens what was sealed under the same name with any of the keys. Errors: the key is gone; it was sealed for something
/// else, or changed.
pub fn open(keys: &[EncryptionKey], associated: &str, sealed: &str) -> Result<String, SealError> {
    let (kid, text) = sealed.split_once('.').ok_or(SealError::Broken)?;
    let key = keys.iter().find(|k| k.kid == kid).ok_or(SealError::NoKey)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Broken)?;
    let (nonce, closed) = bytes.split_first_chunk::<NONCE>().ok_or(SealError::Broken)?;
    let payload = Payload { msg: closed, aad: associated.as_bytes() };
    let plain = cipher(key)?.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::Broken)?;
    String::from_utf8(plain).map_err(|_| SealError::Broken)
}

fn cipher(key: &EncryptionKey) -> Result<XChaCha20Poly1305, SealError> {
    let bytes = URL_SAFE_NO_PAD.decode(&key.secret).map_err(|_| SealError::NoKey)?;
    XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| SealError::NoKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_under_its_own_name_only() {
        let keys = [EncryptionKey::new()];
        let sealed = seal(&keys, "project/person", "Jan, 06 12345678").unwrap();
        assert!(!sealed.contains("Jan"));
        assert_eq!(open(&keys, "project/person", &sealed).unwrap(), "Jan, 06 12345678");
        for other in ["project/another", "another/person", ""] {
            assert_eq!(open(&keys, other, &sealed), Err(SealError::Broken));
        }
        assert_ne!(seal(&keys, "project/person", "Jan, 06 12345678").unwrap(), sealed, "every nonce is drawn anew");
    }

    #[test]
    fn an_older_key_opens_and_a_lost_one_is_told_from_a_changed_text() {
        let (old, new) = (EncryptionKey::new(), EncryptionKey::new());
        let sealed = seal(std::slice::from_ref(&old), "a", "text").unwrap();
        assert_eq!(open(&[new.clone(), old], "a", &sealed).unwrap(), "text");
        assert_eq!(open(std::slice::from_ref(&new), "a", &sealed), Err(SealError::NoKey));
        assert_eq!(seal(&[], "a", "text"), Err(SealError::NoKey));
        let sealed = seal(std::slice::from_ref(&new), "a", "text").unwrap();
        let mut bytes = sealed.clone().into_bytes();
        let middle = bytes.len() - 6;
        bytes[middle] = if bytes[middle] == b'A' { b'B' } else { b'A' };
        for broken in [String::from_utf8(bytes).unwrap(), format!("{}.AAAA", new.kid), new.kid.clone(), String::new()] {
            assert_eq!(open(std::slice::from_ref(&new), "a", &broken), Err(SealError::Broken), "{broken}");
        }
    }
}
