//! The canonical form of a document (RFC 8785) and its SHA-256: how a device knows that the server
//! has exactly what was told, and how the server knows a replay from other content.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The RFC 8785 form: members sorted, shortest numbers, no white space.
pub fn canonical_json(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).expect("a JSON value without NaN can always be written")
}

/// SHA-256 of a text as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_does_not_depend_on_order_or_spacing() {
        let a: Value = serde_json::from_str(r#"{"b":1.0,"a":"é"}"#).unwrap();
        let b: Value = serde_json::from_str("{ \"a\":\"\\u00e9\", \"b\":1 }").unwrap();
        assert_eq!(canonical_json(&a), r#"{"a":"é","b":1}"#);
        assert_eq!(sha256_hex(canonical_json(&a)), sha256_hex(canonical_json(&b)));
    }
}
