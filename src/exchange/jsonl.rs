//! JSON lines: one story per line with all its versions and translations. This export is complete.

use std::io::{self, BufRead, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::digest::{DigestWriter, FileDigest};
use super::report::RowError;
use crate::domain::story::StoryBody;
use crate::domain::{json, shape};

/// A line that is longer is not a story; the lines around it are read.
pub const MAX_LINE_BYTES: usize = 16 << 20;

/// A story as one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoryLine {
    /// Id of the story.
    pub id: Uuid,
    /// When the server had it.
    pub received_at: DateTime<Utc>,
    /// Where it stands: active, held or withdrawn.
    #[schema(max_length = 40, example = "active")]
    pub status: String,
    /// Its bodies; the first is what was received.
    #[schema(min_items = 1, max_items = 10000)]
    pub versions: Vec<VersionLine>,
    /// Translations of its versions.
    #[serde(default)]
    #[schema(max_items = 10000)]
    pub translations: Vec<TranslationLine>,
}

/// One version of a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VersionLine {
    /// 1, 2, 3, ...
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// Why there is this version: received, correction or redaction.
    #[schema(max_length = 40, example = "received")]
    pub kind: String,
    /// The body as it was kept, so that its hash stays the same.
    #[schema(value_type = StoryBody)]
    pub body: Value,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Why it was made.
    #[serde(default)]
    #[schema(example = "the name of an employer was mentioned")]
    pub reason: Option<String>,
}

/// A translation of one version of a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TranslationLine {
    /// The version that was translated.
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// Language it was translated into (BCP 47).
    #[schema(max_length = 35, example = "en")]
    pub language: String,
    /// Translated title.
    #[schema(example = "The bus")]
    pub title: String,
    /// Translated text.
    #[schema(example = "For the first time I took the bus to work myself.")]
    pub text: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Writes stories line by line.
pub struct LineWriter<W: Write> {
    out: DigestWriter<W>,
    buffer: Vec<u8>,
    rows: u64,
}

impl<W: Write> LineWriter<W> {
    /// Begins a file.
    pub fn new(out: W) -> Self {
        Self { out: DigestWriter::new(out), buffer: Vec::new(), rows: 0 }
    }

    /// Writes one story.
    pub fn write(&mut self, line: &StoryLine) -> io::Result<()> {
        self.buffer.clear();
        serde_json::to_writer(&mut self.buffer, line)?;
        self.buffer.push(b'\n');
        self.rows += 1;
        self.out.write_all(&self.buffer)
    }

    /// Ends the file and says what it holds.
    pub fn finish(self) -> io::Result<(W, FileDigest)> {
        self.out.finish(self.rows)
    }
}

/// Reads stories line by line.
pub struct Lines<R> {
    input: R,
    line: u64,
    failed: bool,
}

/// Begins to read JSON lines. The bodies have the shape of a story; whether they fit a framework is the caller's
/// question.
pub fn read_lines<R: BufRead>(input: R) -> Lines<R> {
    Lines { input, line: 0, failed: false }
}

impl<R: BufRead> Lines<R> {
    /// Number of the line that was read last, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next line without its end, cut after [`MAX_LINE_BYTES`], and whether it was cut. `None` at the end of the
    /// file.
    fn next_line(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let (mut line, mut is_cut) = (Vec::new(), false);
        loop {
            let found = self.input.fill_buf()?;
            if found.is_empty() {
                return Ok((!line.is_empty()).then_some((line, is_cut)));
            }
            let end = found.iter().position(|b| *b == b'\n');
            let wanted = &found[..end.unwrap_or(found.len())];
            let room = MAX_LINE_BYTES - line.len();
            is_cut |= wanted.len() > room;
            line.extend_from_slice(&wanted[..wanted.len().min(room)]);
            let used = end.map_or(found.len(), |at| at + 1);
            self.input.consume(used);
            if end.is_some() {
                return Ok(Some((line, is_cut)));
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<StoryLine, Vec<RowError>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            self.line += 1;
            let Ok(read) = self.next_line() else {
                self.failed = true;
                return Some(Err(vec![RowError::new(self.line, None, "readFailed", "the file could not be read from here on")]));
            };
            let (line, is_cut) = read?;
            if is_cut {
                let message = format!("the line is longer than {MAX_LINE_BYTES} bytes");
                return Some(Err(vec![RowError::new(self.line, None, "lineTooLong", message)]));
            }
            let content = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| self.line == 1).unwrap_or(&line);
            if content.trim_ascii().is_empty() {
                continue;
            }
            let parsed = json::parse(content).and_then(|value| shape::read::<StoryLine>(&value));
            return Some(parsed.map_err(|p| RowError::from_problems(self.line, p, |path| Some(path.to_owned()))));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use serde_json::json;

    use super::*;

    fn line() -> StoryLine {
        let body = json!({
            "frameworkVersion": 1, "wave": "1", "perspective": "baker", "language": "ar", "text": "سطر\nثان \u{2028}\"",
            "placements": {"drive": {"state": "answered", "value": {"shares": [0.1, 0.2, 0.7000000000000001], "placement": {"x": 0.3, "y": 0.1}},
                                     "inputMethod": "drag", "rotation": 2}}});
        StoryLine {
            id: Uuid::from_u128(7),
            received_at: "2026-03-02T10:00:00.123456Z".parse().unwrap(),
            status: "active".into(),
            versions: vec![VersionLine {
                version: 1,
                kind: "received".into(),
                body,
                created_at: "2026-03-02T10:00:00Z".parse().unwrap(),
                reason: None,
            }],
            translations: vec![TranslationLine {
                version: 1,
                language: "en".into(),
                title: "".into(),
                text: "line".into(),
                created_at: "2026-03-03T10:00:00Z".parse().unwrap(),
            }],
        }
    }

    fn errors(text: &[u8]) -> Vec<String> {
        let all = read_lines(BufReader::with_capacity(5, text)).filter_map(Result::err).flatten();
        all.map(|e| format!("{} {} {}", e.row, e.column.unwrap_or_default(), e.code)).collect()
    }

    #[test]
    fn a_story_comes_back_from_its_line_with_everything_it_had() {
        let mut writer = LineWriter::new(Vec::new());
        let lines = [line(), StoryLine { id: Uuid::from_u128(8), translations: vec![], ..line() }];
        lines.iter().for_each(|l| writer.write(l).unwrap());
        let (bytes, digest) = writer.finish().unwrap();
        assert_eq!(digest, FileDigest::of(&bytes, 2));
        let read: Vec<StoryLine> = read_lines(BufReader::with_capacity(7, &bytes[..])).map(Result::unwrap).collect();
        assert_eq!(read, lines);
    }

    #[test]
    fn a_bad_line_is_named_with_its_number_and_costs_no_other_line() {
        let good = serde_json::to_string(&line()).unwrap();
        let twice = good.replacen("{", "{\"id\":\"x\",", 1);
        let wrong = good.replace("\"frameworkVersion\":1,", "").replace("\"active\"", "4");
        let text = format!("\u{feff}{good}\r\n\nnot json\n{twice}\n{wrong}\n[]\n{good}");
        let expected = [
            "3 $ invalidJson",
            "4 $.id duplicateKey",
            "5 $.versions[0].body.frameworkVersion required",
            "5 $.status wrongType",
            "6 $ wrongType",
        ];
        let mut found = errors(text.as_bytes());
        found.sort();
        let mut expected = expected.map(str::to_owned);
        expected.sort();
        assert_eq!(found, expected);
        assert_eq!(read_lines(text.as_bytes()).filter(Result::is_ok).count(), 2);
        assert_eq!(errors(b"\"\xff\"\n\"\\u0000\"\n"), ["1 $ invalidUtf8", "2 $ nullCharacter"]);
    }

    #[test]
    fn a_line_without_an_end_is_refused_without_filling_the_memory() {
        let mut text = vec![b'['; MAX_LINE_BYTES + 10];
        text.extend(b"\n[]\n");
        assert_eq!(errors(&text), ["1  lineTooLong", "2 $ wrongType"]);
    }
}
