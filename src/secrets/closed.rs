//! What a phone closes for this server when it cannot deliver: HPKE (RFC 9180) in base mode, with DHKEM(P-256, HKDF-SHA256),
//! HKDF-SHA256 and AES-256-GCM. Anybody can close with the public half; who the phone was is told by what is inside.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::{AeadTag, AesGcm256};
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, HpkeError, Kem, OpModeR, Serializable};

/// Says what is closed, so that nothing closed for another use opens here.
const INFO: &[u8] = b"duiding-undelivered-1";

/// A new key pair.
pub struct KeyPair {
    /// The uncompressed point, base64url.
    pub public: String,
    /// To be sealed before it is kept.
    pub private: Vec<u8>,
}

/// A new random key pair.
pub fn new_key_pair() -> KeyPair {
    let (private, public) = DhP256HkdfSha256::gen_keypair_with_rng(&mut rand::rng());
    KeyPair { public: URL_SAFE_NO_PAD.encode(public.to_bytes()), private: private.to_bytes().to_vec() }
}

/// Opens in place what was closed beside `header`, which is not secret and may not be changed; answers how many bytes
/// from the beginning are the text. Errors: it was closed for another key, or is cut or changed; what is in the place then
/// is worth nothing.
pub fn open_closed(private: &[u8], encapsulated: &[u8], header: &[u8], closed: &mut [u8]) -> Result<usize, HpkeError> {
    let private = <DhP256HkdfSha256 as Kem>::PrivateKey::from_bytes(private)?;
    let encapsulated = <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated)?;
    let text = closed.len().checked_sub(AeadTag::<AesGcm256>::size()).ok_or(HpkeError::OpenError)?;
    let (open, tag) = closed.split_at_mut(text);
    let tag = AeadTag::<AesGcm256>::from_bytes(tag)?;
    hpke::single_shot_open_inout_detached::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        open.into(),
        header,
        &tag,
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(public: &str, info: &[u8], header: &[u8], text: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let public = URL_SAFE_NO_PAD.decode(public).unwrap();
        assert_eq!((public.len(), public[0]), (65, 4), "an uncompressed point");
        let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(&public).unwrap();
        let closed = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &hpke::OpModeS::Base,
            &public,
            info,
            text,
            header,
            &mut rand::rng(),
        );
        let (encapsulated, closed) = closed.unwrap();
        (encapsulated.to_bytes().to_vec(), closed)
    }

    #[test]
    fn what_was_closed_opens_with_its_key_beside_its_header_and_unchanged() {
        let (pair, other) = (new_key_pair(), new_key_pair());
        let (encapsulated, closed) = close(&pair.public, INFO, b"header", b"a story");
        let open = |private: &[u8], header: &[u8], closed: &[u8]| {
            let mut place = closed.to_vec();
            open_closed(private, &encapsulated, header, &mut place).map(|text| place[..text].to_vec())
        };
        assert_eq!(open(&pair.private, b"header", &closed).unwrap(), b"a story");
        assert!(open(&other.private, b"header", &closed).is_err());
        assert!(open(&pair.private, b"Header", &closed).is_err());
        for end in 0..closed.len() {
            assert!(open(&pair.private, b"header", &closed[..end]).is_err(), "cut at {end}");
            let mut changed = closed.clone();
            changed[end] ^= 1;
            assert!(open(&pair.private, b"header", &changed).is_err(), "changed at {end}");
        }
        for encapsulated in [&[][..], &[4; 65], &encapsulated[..64]] {
            assert!(open_closed(&pair.private, encapsulated, b"header", &mut closed.clone()).is_err());
        }
        let (encapsulated, mut elsewhere) = close(&pair.public, b"another use", b"header", b"a story");
        assert!(open_closed(&pair.private, &encapsulated, b"header", &mut elsewhere).is_err());
    }

    #[test]
    fn what_a_browser_closed_opens() {
        // Key pair of appendix A.3 of RFC 9180 (ikmR); closed by version 1.9.0 of the npm package @hpke/core.
        let seed = hex::decode("668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550").unwrap();
        let (private, public) = DhP256HkdfSha256::derive_keypair(&seed);
        assert_eq!(hex::encode(private.to_bytes()), "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2");
        let point = "BP6MGc4JBRkevCmKkkV5JTHybwzs4kYGOei8Oct_cGqCanebTPlpuKDlOcf2L7PTCtaqj4DjDx0Siq_WiiznLqA";
        assert_eq!(URL_SAFE_NO_PAD.encode(public.to_bytes()), point);
        let encapsulated = "BPiafDQI59I6kS3-MK5er9prBGeoU8TQ5DOHhOze4fPSK2A5qM5JsH7yy-_7LHNxjzvY5IECSBILnbYVzAdm53A";
        let mut closed = URL_SAFE_NO_PAD.decode("7do4e-7rLbcL5VK1XQhzuTYMvLxOkvI").unwrap();
        let header = br#"{"format":"duiding-undelivered","version":1}"#;
        let encapsulated = URL_SAFE_NO_PAD.decode(encapsulated).unwrap();
        let text = open_closed(&private.to_bytes(), &encapsulated, header, &mut closed).unwrap();
        assert_eq!(&closed[..text], b"a story");
    }
}
