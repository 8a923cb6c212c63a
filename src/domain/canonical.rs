//! The canonical form of a document (RFC 8785) and its SHA-256: how a device knows that the server
//! has exactly what was told, and how the server knows a replay from other content.
//!
//! serde_json writes it, given the members in order and numbers as the RFC has them: without a copy of every member,
//! as the general libraries make for writers of any kind. Every story delivered passes here.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

/// Up to here every whole number is one of its own in double precision, and written as it is.
const EXACT: u64 = 1 << 53;

/// The RFC 8785 form: members sorted, shortest numbers, no white space.
pub fn canonical_json(value: &Value) -> String {
    let mut written = Vec::with_capacity(1024);
    let mut writer = serde_json::Serializer::with_formatter(&mut written, Numbers(CompactFormatter));
    Sorted(value).serialize(&mut writer).expect("a JSON value can always be written");
    String::from_utf8(written).expect("JSON is UTF-8")
}

/// SHA-256 of a text as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A value whose members are written in the order of their names' UTF-16 code units.
struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            Value::Object(members) => {
                let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
                sorted.sort_unstable_by(|(a, _), (b, _)| by_utf16(a, b));
                let mut map = serializer.serialize_map(Some(sorted.len()))?;
                for (name, value) in sorted {
                    map.serialize_entry(name, &Sorted(value))?;
                }
                map.end()
            }
            Value::Number(number) => write_number(number, serializer),
            other => other.serialize(serializer),
        }
    }
}

/// The order of UTF-16 code units: that of bytes, unless both have characters beyond ASCII.
fn by_utf16(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() || b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// A number in double precision, as in ECMAScript.
fn write_number<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(whole), ..) if whole <= EXACT => serializer.serialize_u64(whole),
        (_, Some(whole), _) if whole.unsigned_abs() <= EXACT => serializer.serialize_i64(whole),
        (.., Some(double)) => serializer.serialize_f64(double),
        _ => Err(serde::ser::Error::custom("a number without a value in double precision")),
    }
}

/// Compact JSON with numbers in the form of ECMAScript: `1` for 1.0, `1e+21` for 1e21.
struct Numbers(CompactFormatter);

impl Formatter for Numbers {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(ryu_js::Buffer::new().format_finite(value).as_bytes())
    }
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

    #[test]
    fn it_is_what_another_program_makes_of_it() {
        let odd = r#"{"\u20ac":1,"\r":-0.0,"\ufb33":[1e21,1e-7,123456789012345678901],"1":18446744073709551615,
            "\ud83d\ude02":-9007199254740993,"\u0080":{"z":null,"a":[true,"\u001f\u007f/\"\\\b\f\n\t"]},"\u00f6":0.1,"":{},"[":[]}"#;
        let value: Value = serde_json::from_str(odd).unwrap();
        assert_eq!(canonical_json(&value), serde_json_canonicalizer::to_string(&value).unwrap());
    }
}
