//! Files that are imported: our table, JSON lines, SenseMaker's two files; and recordings.

use std::io::BufReader;
use std::sync::LazyLock;

use duiding::domain::framework::{self, Framework};
use duiding::domain::{media, story};
use duiding::exchange::jsonl::{LineWriter, read_lines};
use duiding::exchange::sensemaker::{Definition, read_definition, read_stories};
use duiding::exchange::table::{StoryRow, Writer, WriterOptions, read_table};

use super::examples;
use super::told::{refused, row_refused, warned};

static FRAMEWORKS: LazyLock<[(i32, Framework); 1]> = LazyLock::new(|| [(1, examples::framework())]);

static DEFINITION: LazyLock<Definition> =
    LazyLock::new(|| read_definition(examples::definition().to_string().as_bytes()).unwrap_or_else(|p| panic!("{p}")));

/// Its framework, as stories are checked against it.
static IMPORTED: LazyLock<Framework> =
    LazyLock::new(|| framework::parse(&DEFINITION.framework).unwrap_or_else(|p| panic!("{p}")));

/// Stories as a table.
pub fn table_of(rows: &[StoryRow], defuse: bool) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &*FRAMEWORKS, WriterOptions { defuse }).expect("memory takes everything");
    rows.iter().for_each(|row| writer.write(row).expect("memory takes everything"));
    writer.finish().expect("memory takes everything").0
}

pub fn story_tables(input: &[u8]) {
    let mut reader = match read_table(&*FRAMEWORKS, input) {
        Ok(reader) => reader,
        Err(problems) => return refused(&problems),
    };
    let mut rows = Vec::new();
    for row in reader.by_ref() {
        match row {
            Ok(row) => rows.push(row),
            Err(errors) => row_refused(&errors),
        }
    }
    warned(&reader.warnings());
    for defuse in [true, false] {
        let written = table_of(&rows, defuse);
        let again = read_table(&*FRAMEWORKS, written.as_slice()).unwrap_or_else(|p| panic!("{p}"));
        let again: Vec<StoryRow> = again.map(|row| row.unwrap_or_else(|e| panic!("{e:?}"))).collect();
        assert_eq!(again, rows, "what was read is written and read back the same");
    }
}

pub fn json_lines(input: &[u8]) {
    let mut lines = Vec::new();
    for line in read_lines(BufReader::new(input)) {
        match line {
            Ok(line) => lines.push(line),
            Err(errors) => row_refused(&errors),
        }
    }
    let mut writer = LineWriter::new(Vec::new());
    lines.iter().for_each(|line| writer.write(line).expect("memory takes everything"));
    let written = writer.finish().expect("memory takes everything").0;
    let again: Vec<_> = read_lines(written.as_slice()).map(|line| line.unwrap_or_else(|e| panic!("{e:?}"))).collect();
    assert_eq!(again, lines, "what was read is written and read back the same");
}

pub fn sensemaker_definitions(input: &[u8]) {
    let definition = match read_definition(input) {
        Ok(definition) => definition,
        Err(problems) => return refused(&problems),
    };
    let parsed = framework::parse(&definition.framework).unwrap_or_else(|p| panic!("{p}"));
    assert!(parsed.signifiers.len() <= framework_size(input), "questions out of nothing");
    warned(&definition.warnings);
}

/// No question is described with fewer bytes than it takes to begin one.
fn framework_size(input: &[u8]) -> usize {
    input.iter().filter(|b| **b == b'{').count()
}

pub fn sensemaker_data(input: &[u8]) {
    let mut stories = match read_stories(&DEFINITION, input, "1") {
        Ok(stories) => stories,
        Err(problems) => return refused(&problems),
    };
    for story in stories.by_ref() {
        match story {
            Ok(story) => {
                let body = story.body_for(1);
                story::parse(&body, &IMPORTED).unwrap_or_else(|p| panic!("{p}: {body}"));
            }
            Err(errors) => row_refused(&errors),
        }
    }
    warned(&stories.warnings());
}

/// What a browser may be told that a recording is.
const SERVED: [&str; 3] = ["audio/", "video/", "image/"];

/// A media type as it is declared, the end of a line, and the file.
pub fn recordings(input: &[u8]) {
    let end = input.iter().position(|b| *b == b'\n').unwrap_or(input.len());
    let declared = String::from_utf8_lossy(&input[..end]);
    let file = input.get(end + 1..).unwrap_or_default();
    let found = media::found(file);
    let served = media::served(&declared, Some(found));
    assert!(served == media::UNKNOWN || served == declared, "another type than was declared");
    let essence = served.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_harmless = SERVED.iter().any(|family| essence.starts_with(family)) && !essence.contains("svg");
    assert!(served == media::UNKNOWN || essence == "application/ogg" || is_harmless, "{served}");
    assert_eq!(media::served(&declared, None), media::UNKNOWN, "nothing is believed that was not looked at");
}
