//! A file of stories that a phone could not deliver, for another phone or a person to bring.
//!
//! One line of JSON that is not secret ([`Header`]), a line end, and the rest, which is closed. Opened, the rest is again
//! one line of JSON (the stories), a line end, and the bytes of the files that belong to them.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::{Problems, item};
use super::{json, shape};

/// Media type of the file.
pub const MEDIA_TYPE: &str = "application/vnd.duiding.undelivered";
/// What the header calls itself.
const FORMAT: &str = "duiding-undelivered";
/// Longest header in bytes; a usual one has about 250.
const MAX_HEADER: usize = 1024;
/// Most files of one story, as in its body.
const MAX_FILES: usize = 20;

/// The first line of the file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always `duiding-undelivered`.
    #[schema(pattern = "^duiding-undelivered$")]
    pub format: String,
    /// Version of the format; 1.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u32,
    /// The project.
    pub project: Uuid,
    /// Id of the key that it was closed for.
    pub key: Uuid,
    /// The encapsulated key of HPKE, base64url.
    #[schema(max_length = 200, pattern = "^[A-Za-z0-9_-]*$")]
    pub encapsulated: String,
}

impl Header {
    /// The header of a file, and its length without the line end. Errors: this is no such file, or one of a later version.
    pub fn of(file: &[u8]) -> Result<(Self, usize), Problems> {
        let no_file = || Problems::one("$", "wrongFormat", "this is not a file of undelivered stories");
        let length = file.iter().take(MAX_HEADER + 1).position(|b| *b == b'\n').ok_or_else(no_file)?;
        let value = json::parse(&file[..length]).map_err(|_| no_file())?;
        if value["format"] != FORMAT {
            return Err(no_file());
        }
        if value["version"] != 1 {
            return Err(Problems::one("$.header.version", "unknownVersion", "this server reads version 1 of this format"));
        }
        let header = shape::read(&value).map_err(|p| below(p, "$.header"))?;
        Ok((header, length))
    }

    /// The bytes of the encapsulated key. Errors: not base64url.
    pub fn encapsulated(&self) -> Result<Vec<u8>, Problems> {
        let wrong = |_| Problems::one("$.header.encapsulated", "wrongFormat", "not base64url");
        URL_SAFE_NO_PAD.decode(&self.encapsulated).map_err(wrong)
    }
}

/// What was closed in the file.
#[derive(Debug)]
pub struct Contents {
    /// Token of the device that collected; what is no text counts as none.
    pub token: Option<String>,
    /// The entries, each with an id, a body and what is enclosed; or what is wrong with the JSON of one.
    pub stories: Vec<Result<Value, Problems>>,
    /// Size of the line that they were on.
    pub bytes: usize,
    files: Bytes,
}

/// A file that came with a story.
#[derive(Debug)]
pub struct Enclosed {
    /// Id made by the device; `None` when it is no UUID.
    pub id: Option<Uuid>,
    /// Its bytes, or why there are none.
    pub bytes: Result<Bytes, Problems>,
}

impl Contents {
    /// Reads what was opened. A wrong story is told apart, and keeps back no other. Members that are not known here are left
    /// alone: the app may be newer than the server. Errors: what is wrong with the whole, and that there are not 1 to `most`
    /// stories.
    pub fn of(opened: Bytes, most: usize) -> Result<Self, Problems> {
        let line = opened.iter().position(|b| *b == b'\n').unwrap_or(opened.len());
        let (mut value, found) = json::parse_noting(&opened[..line]).map_err(|p| below(p, "$.contents"))?;
        let mut wrong = by_story(found)?;
        let list = value.get_mut("stories").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        if list.is_empty() || list.len() > most {
            return Err(Problems::one("$.contents.stories", "wrongCount", format!("a file has 1 to {most} stories")));
        }
        let entry = |(i, value)| wrong.remove(&i).map_or(Ok(value), Err);
        Ok(Self {
            token: value["token"].as_str().map(str::to_owned),
            stories: list.into_iter().enumerate().map(entry).collect(),
            bytes: line,
            files: opened.slice((line + 1).min(opened.len())..),
        })
    }

    /// The files that came with an entry, which is at this path.
    pub fn enclosed(&self, at: &str, entry: &Value) -> Vec<Enclosed> {
        let list = entry["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
        let one = |(i, value): (usize, &Value)| Enclosed {
            id: value["id"].as_str().and_then(|id| Uuid::parse_str(id).ok()),
            bytes: if i < MAX_FILES { self.bytes_of(value) } else { Err(("wrongCount", "a story has at most 20 files")) }
                .map_err(|(code, message)| Problems::one(item(&format!("{at}.attachments"), i), code, message)),
        };
        list.iter().enumerate().map(one).collect()
    }

    fn bytes_of(&self, value: &Value) -> Result<Bytes, (&'static str, &'static str)> {
        let number = |name: &str| value[name].as_u64().and_then(|n| usize::try_from(n).ok());
        let (Some(offset), Some(bytes)) = (number("offset"), number("bytes")) else {
            return Err(("wrongFormat", "must have an id, an offset and a number of bytes"));
        };
        let end = offset.checked_add(bytes).filter(|end| *end <= self.files.len());
        let end = end.ok_or(("outOfRange", "the file ends before this one does"))?;
        Ok(self.files.slice(offset..end))
    }
}

/// Problems by the place of the story that they are in. Errors: those outside stories; all, when there are so many that
/// not all were listed.
fn by_story(found: Problems) -> Result<BTreeMap<usize, Problems>, Problems> {
    let place = |path: &str| path.strip_prefix("$.stories[")?.split_once(']')?.0.parse::<usize>().ok();
    if found.is_full() || found.0.iter().any(|e| place(&e.path).is_none()) {
        return Err(below(found, "$.contents"));
    }
    let mut by_place: BTreeMap<usize, Problems> = BTreeMap::new();
    for error in below(found, "$.contents").0 {
        let i = error.path.strip_prefix("$.contents").and_then(|rest| place(&format!("${rest}"))).unwrap_or_default();
        by_place.entry(i).or_default().0.push(error);
    }
    Ok(by_place)
}

/// The same problems of a part that lies here.
fn below(mut problems: Problems, parent: &str) -> Problems {
    for error in &mut problems.0 {
        if let Some(rest) = error.path.strip_prefix('$') {
            error.path = format!("{parent}{rest}");
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn header() -> Value {
        json!({"format": "duiding-undelivered", "version": 1, "project": Uuid::new_v4(), "key": Uuid::new_v4(), "encapsulated": "BAAA_-"})
    }

    fn errors(problems: Problems) -> Vec<String> {
        problems.0.into_iter().map(|e| format!("{} {}", e.path, e.code)).collect()
    }

    fn read(value: &Value, files: &[u8]) -> Result<Contents, Problems> {
        Contents::of([value.to_string().as_bytes(), b"\n", files].concat().into(), 3)
    }

    #[test]
    fn a_header_ends_at_the_first_line_end() {
        let text = header().to_string();
        let (read, length) = Header::of(format!("{text}\nclosed\nrest").as_bytes()).unwrap();
        assert_eq!((length, read.version), (text.len(), 1));
        for end in 0..=text.len() {
            assert_eq!(errors(Header::of(&text.as_bytes()[..end]).unwrap_err()), ["$ wrongFormat"], "cut at {end}");
        }
        for other in ["\n", "{}\n", "[]\n", "null\n", "PK\x03\x04\n", "{\"format\":\"other\"}\n"] {
            assert_eq!(errors(Header::of(other.as_bytes()).unwrap_err()), ["$ wrongFormat"], "{other:?}");
        }
        let long = format!("{{{}{}\n", " ".repeat(MAX_HEADER), &text[1..]);
        assert_eq!(errors(Header::of(long.as_bytes()).unwrap_err()), ["$ wrongFormat"]);
    }

    #[test]
    fn a_header_says_all_that_is_wrong() {
        let mut wrong = header();
        (wrong["project"], wrong["encapsulated"], wrong["mood"]) = (json!("mine"), json!("+"), json!(1));
        wrong.as_object_mut().unwrap().shift_remove("key");
        let mut found = errors(Header::of(format!("{wrong}\n").as_bytes()).unwrap_err());
        found.sort();
        let expected = [
            "$.header.encapsulated wrongFormat",
            "$.header.key required",
            "$.header.mood unknownMember",
            "$.header.project wrongFormat",
        ];
        assert_eq!(found, expected);
        let mut later = header();
        later["version"] = json!(2);
        assert_eq!(errors(Header::of(format!("{later}\n").as_bytes()).unwrap_err()), ["$.header.version unknownVersion"]);
    }

    #[test]
    fn a_wrong_story_keeps_back_no_other() {
        let value = json!({"token": "dud_x", "stories": [{"id": 1}, {"id": "\u{0}"}, {"id": 3}], "later": true});
        let contents = read(&value, b"").unwrap();
        assert_eq!(contents.token.as_deref(), Some("dud_x"));
        assert_eq!((contents.stories[0].as_ref(), contents.stories[2].as_ref()), (Ok(&json!({"id": 1})), Ok(&json!({"id": 3}))));
        let found = errors(contents.stories[1].clone().unwrap_err());
        assert!(found[0].starts_with("$.contents.stories[1].id "), "{found:?}");
        for (outside, path) in
            [(json!({"token": "\u{0}", "stories": [1]}), "$.contents.token"), (json!({}), "$.contents.stories")]
        {
            let found = errors(read(&outside, b"").unwrap_err());
            assert!(found[0].starts_with(&format!("{path} ")), "{found:?}");
        }
        for count in [0, 4] {
            let stories = vec![json!({}); count];
            assert_eq!(errors(read(&json!({"stories": stories}), b"").unwrap_err()), ["$.contents.stories wrongCount"]);
        }
        assert!(read(&json!({"stories": [1], "token": 5}), b"").unwrap().token.is_none());
        assert_eq!(errors(Contents::of(Bytes::from_static(b"{"), 3).unwrap_err()), ["$.contents invalidJson"]);
    }

    #[test]
    fn files_are_found_by_their_offsets_and_never_beyond_the_end() {
        let id = Uuid::new_v4();
        let file = |offset: u64, bytes: u64| json!({"id": id, "offset": offset, "bytes": bytes});
        let cases =
            [file(0, 5), file(5, 4), file(9, 0), file(5, 5), file(10, 0), file(u64::MAX, 1), json!({"id": "x"}), json!(1)];
        let entry = json!({"attachments": cases});
        let contents = read(&json!({"stories": [entry]}), b"hello\nyou").unwrap();
        let found = contents.enclosed("$.contents.stories[0]", &entry);
        let told = |e: &Enclosed| match &e.bytes {
            Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Err(p) => errors(p.clone()).concat(),
        };
        let told: Vec<String> = found.iter().map(told).collect();
        assert_eq!(told[..3], ["hello", "\nyou", ""], "a line end in a file is a byte like any other");
        let codes = ["outOfRange", "outOfRange", "outOfRange", "wrongFormat", "wrongFormat"];
        for (i, code) in codes.iter().enumerate() {
            assert_eq!(told[3 + i], format!("$.contents.stories[0].attachments[{}] {code}", 3 + i));
        }
        assert_eq!((found[0].id, found[6].id), (Some(id), None));
        let many = json!({"attachments": vec![file(0, 1); 21]});
        let many = contents.enclosed("$", &many);
        assert!(many[19].bytes.is_ok() && many[20].bytes.is_err());
        assert!(contents.enclosed("$", &json!({"attachments": "none"})).is_empty());
    }
}
