//! A JSON parse that refuses what would lose or confuse data: duplicate keys, invalid UTF-8, U+0000
//! (PostgreSQL cannot store it), numbers that are not finite, and nesting deeper than [`MAX_DEPTH`].

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::problem::{Problems, item, member};

/// Deepest nesting accepted; our own documents need less than ten levels.
pub const MAX_DEPTH: usize = 32;
/// Longest name of a member in bytes; our own keys have at most 64. Paths of errors stay short in this way.
pub const MAX_NAME: usize = 200;

/// Up to here every whole number is one of its own in double precision.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Parses bytes into a JSON value.
///
/// A whole number is the same with or without a point (`1.0` is `1`, as in RFC 8785).
///
/// Errors: all duplicate keys, overlong keys, U+0000 and too deep places with their paths; a syntax error (with line
/// and column) ends the parse and is reported together with what was found before it.
pub fn parse(bytes: &[u8]) -> Result<Value, Problems> {
    let (value, found) = parse_noting(bytes)?;
    found.or_ok(value)
}

/// The same for documents of which a part may be wrong: the value, and what is wrong in it by path.
///
/// Errors: a syntax error, with what was found before it.
pub fn parse_noting(bytes: &[u8]) -> Result<(Value, Problems), Problems> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to();
        Problems::one("$", "invalidUtf8", format!("the body is not valid UTF-8 (first bad byte at offset {at})"))
    })?;
    let found = RefCell::new(Problems::default());
    let mut de = serde_json::Deserializer::from_str(text);
    let seed = Strict { place: Place::Root, depth: 0, found: &found };
    let parsed = seed.deserialize(&mut de).and_then(|v| de.end().map(|()| v));
    match parsed {
        Ok(value) => Ok((value, found.into_inner())),
        Err(e) => {
            let mut problems = found.into_inner();
            problems.add("$", "invalidJson", format!("not valid JSON: {e}"));
            Err(problems)
        }
    }
}

/// Where the parse is. Written out only when there is something to say: a hostile document would have us copy a long
/// path for every item of a long list.
#[derive(Clone, Copy)]
enum Place<'a> {
    Root,
    Member(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn path(self) -> String {
        match self {
            Self::Root => "$".to_owned(),
            Self::Member(parent, name) => member(&parent.path(), &shortened(name)),
            Self::Item(parent, index) => item(&parent.path(), index),
        }
    }
}

fn shortened(name: &str) -> String {
    if name.len() <= MAX_NAME { name.to_owned() } else { name.chars().take(20).chain(['…']).collect() }
}

struct Strict<'a> {
    place: Place<'a>,
    depth: usize,
    found: &'a RefCell<Problems>,
}

impl Strict<'_> {
    fn report(&self, place: Place<'_>, code: &str, message: impl Into<String>) {
        let mut found = self.found.borrow_mut();
        if !found.is_full() {
            found.add(place.path(), code, message);
        }
    }

    fn text(&self, place: Place<'_>, text: &str) {
        if text.contains('\0') {
            self.report(place, "nullCharacter", "text must not contain the character U+0000");
        }
    }

    /// Too deep: skip what is inside, so that a hostile document costs no stack.
    fn too_deep(&self) -> bool {
        let deep = self.depth >= MAX_DEPTH;
        if deep {
            self.report(self.place, "tooDeep", format!("nested deeper than {MAX_DEPTH} levels"));
        }
        deep
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, de: D) -> Result<Value, D::Error> {
        de.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Value, E> {
        if v.fract() == 0.0 && v.abs() <= EXACT {
            return Ok((v as i64).into());
        }
        Number::from_f64(v).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        self.text(self.place, v);
        Ok(Value::String(v.to_owned()))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        if self.too_deep() {
            while seq.next_element::<de::IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut list = Vec::new();
        loop {
            let seed = Strict { place: Place::Item(&self.place, list.len()), depth: self.depth + 1, found: self.found };
            match seq.next_element_seed(seed)? {
                Some(v) => list.push(v),
                None => return Ok(Value::Array(list)),
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        if self.too_deep() {
            while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let place = Place::Member(&self.place, &key);
            self.text(place, &key);
            if key.len() > MAX_NAME {
                self.report(place, "tooLong", format!("the name of a member has at most {MAX_NAME} bytes"));
            }
            let value = map.next_value_seed(Strict { place, depth: self.depth + 1, found: self.found })?;
            if object.contains_key(&key) {
                self.report(place, "duplicateKey", "this member is given twice");
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &[u8]) -> Vec<(String, String)> {
        parse(text).unwrap_err().0.into_iter().map(|e| (e.path, e.code)).collect()
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let found = codes(br#"{"a":{"x":1,"x":2},"b":["\u0000"],"a":3}"#);
        let expected = [("$.a.x", "duplicateKey"), ("$.b[0]", "nullCharacter"), ("$.a", "duplicateKey")].map(own);
        assert_eq!(found, expected);
    }

    fn own((a, b): (&str, &str)) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused() {
        for text in ["NaN", "[Infinity]", "1e999", "-1e999"] {
            assert_eq!(codes(text.as_bytes())[0].1, "invalidJson", "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_without_using_up_the_stack() {
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(codes(deep.as_bytes())[0].1, "tooDeep");
        let very_deep = "[".repeat(1_000_000);
        assert!(parse(very_deep.as_bytes()).is_err());
    }

    #[test]
    fn invalid_utf8_is_refused() {
        assert_eq!(codes(b"\"\xff\"")[0].1, "invalidUtf8");
    }
}
