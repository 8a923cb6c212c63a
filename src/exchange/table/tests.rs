use serde_json::{Value, json};

use super::*;
use crate::domain::framework;
use crate::domain::story;
use crate::exchange::rows::Trickle;
use crate::exchange::{FileDigest, RowError};

/// A small study with one question of every kind; the second version drops the scale and adds an option.
pub(super) fn study() -> Vec<(i32, Framework)> {
    let mut document = json!({
        "schema": 1, "key": "bakery", "title": {"en": "Bakery"}, "languages": ["en"], "defaultLanguage": "en",
        "perspectives": [{"key": "baker", "label": {"en": "Baker"}}],
        "attributes": [
            {"key": "shift", "label": {"en": "Shift"}, "of": "participation", "options": [{"key": "night", "label": {"en": "Night"}}]},
            {"key": "place", "label": {"en": "Place"}, "of": "story", "options": [{"key": "shop", "label": {"en": "Shop"}}]}],
        "prompts": [{"key": "day", "text": {"en": "What happened today?"}}],
        "consents": [{"key": "quote", "scope": "quote", "text": {"en": "May we quote?"}}],
        "signifiers": [
            {"key": "drive", "kind": "triad", "question": {"en": "What drove it?"}, "anchors": parts(&["craft", "clock", "client"])},
            {"key": "pace", "kind": "dyad", "question": {"en": "How fast?"}, "anchors": parts(&["slow", "fast"]), "allow": ["unknown"]},
            {"key": "oven", "kind": "stones", "question": {"en": "Where?"}, "stones": parts(&["bread", "cake"]),
             "axes": {"x": {"start": {"en": "cold"}, "end": {"en": "hot"}}, "y": {"start": {"en": "dry"}, "end": {"en": "moist"}}}},
            {"key": "taste", "kind": "scale", "question": {"en": "Good?"}, "points": parts(&["bad", "fair", "good"])},
            {"key": "flour", "kind": "choice", "question": {"en": "Which flour?"}, "options": parts(&["rye", "wheat"])},
            {"key": "tools", "kind": "choice", "multiple": true, "question": {"en": "With?"}, "options": parts(&["peel", "pan"])},
            {"key": "remark", "kind": "text", "question": {"en": "Anything else?"}},
            {"key": "years", "kind": "choice", "background": true, "question": {"en": "How long?"}, "options": parts(&["new", "old"])}],
    });
    let first = framework::parse(&document).unwrap_or_else(|p| panic!("{p}"));
    document["signifiers"].as_array_mut().unwrap().remove(3);
    document["signifiers"][4]["options"] = parts(&["peel", "pan", "scale"]);
    let second = framework::parse(&document).unwrap_or_else(|p| panic!("{p}"));
    vec![(1, first), (2, second)]
}

fn parts(keys: &[&str]) -> Value {
    keys.iter().map(|k| json!({"key": k, "label": {"en": k.to_uppercase()}})).collect()
}

fn row(version: i32, extra: Value) -> StoryRow {
    let mut body = json!({
        "frameworkVersion": version, "wave": "1", "participant": "P-1", "teller": "T-1", "perspective": "baker",
        "prompt": "day", "title": "Early", "text": "We began at four.", "language": "en", "toldOn": "2026-03-02",
        "placements": {}, "permissions": {"quote": true}, "attributes": {"place": "shop"}});
    for (name, value) in extra.as_object().unwrap() {
        body[name] = value.clone();
    }
    let study = study();
    let framework = &study.iter().find(|(v, _)| *v == version).unwrap().1;
    StoryRow {
        id: Uuid::from_u128(version as u128),
        body: story::parse(&body, framework).unwrap_or_else(|p| panic!("{p}")),
        participant_attributes: BTreeMap::from([("shift".into(), "night".into())]),
        received_at: Some("2026-03-02T10:00:00.25Z".parse().unwrap()),
    }
}

fn written(rows: &[StoryRow], options: WriterOptions) -> (String, FileDigest) {
    let study = study();
    let mut writer = Writer::new(Vec::new(), &study, options).unwrap();
    rows.iter().for_each(|r| writer.write(r).unwrap());
    let (bytes, digest) = writer.finish().unwrap();
    (String::from_utf8(bytes).unwrap(), digest)
}

fn read(table: impl AsRef<[u8]>) -> Vec<Result<StoryRow, Vec<RowError>>> {
    let study = study();
    read_table(&study, table.as_ref()).unwrap_or_else(|p| panic!("{p}")).collect()
}

/// `row column code` of every error of a table.
fn errors(table: impl AsRef<[u8]>) -> Vec<String> {
    let all = read(table).into_iter().filter_map(Result::err).flatten();
    all.map(|e| format!("{} {} {}", e.row, e.column.unwrap_or_default(), e.code)).collect()
}

/// `path code` of what is wrong with a table as a whole.
fn refused(table: impl AsRef<[u8]>) -> Vec<String> {
    let study = study();
    let problems = read_table(&study, table.as_ref()).err().expect("a table that is refused");
    problems.0.into_iter().map(|e| format!("{} {}", e.path, e.code)).collect()
}

const ID: &str = "00000000-0000-4000-8000-00000000000";

#[test]
fn a_story_is_one_row_with_the_columns_of_its_questions() {
    let placements = json!({
        "drive": {"state": "answered", "value": {"shares": [0.5, 0.25, 0.25], "placement": {"x": 0.5, "y": 0.5}}},
        "pace": {"state": "unknown"},
        "oven": {"state": "answered", "value": {"stones": [{"key": "cake", "x": 0.1, "y": 1}]}},
        "taste": {"state": "answered", "value": {"point": "good"}},
        "flour": {"state": "answered", "value": {"options": ["rye"]}},
        "tools": {"state": "answered", "value": {"options": ["pan"]}},
        "remark": {"state": "answered", "value": {"text": ""}}});
    let story = row(1, json!({"placements": placements, "background": {"years": {"state": "notApplicable"}}}));
    let (table, digest) = written(std::slice::from_ref(&story), WriterOptions::default());
    let (header, line) = table.trim_end().split_once("\r\n").unwrap();
    assert_eq!(
        header,
        "story_id,framework_version,wave,participant,teller,perspective,language,told_on,received_at,prompt,title,text,\
         permission.quote,shift,shift.state,place,place.state,drive.craft,drive.clock,drive.client,drive.state,pace,pace.state,\
         oven.bread.x,oven.bread.y,oven.cake.x,oven.cake.y,oven.state,taste,taste.state,flour,flour.state,\
         tools.peel,tools.pan,tools.scale,tools.state,remark,remark.state,years,years.state"
    );
    assert_eq!(
        line,
        "00000000-0000-0000-0000-000000000001,1,1,P-1,T-1,baker,en,2026-03-02,2026-03-02T10:00:00.250Z,day,Early,\
         We began at four.,1,night,,shop,,0.5,0.25,0.25,,,unknown,,,0.1,1,,3,,rye,,0,1,,,,answered,,notApplicable"
    );
    assert_eq!(digest, FileDigest::of(table.as_bytes(), 1));
    let read = read(&table).remove(0).unwrap();
    let mut expected = story;
    let value = expected.body.placements.get_mut("drive").unwrap().value.as_mut().unwrap();
    value.placement = None; // only the JSON lines have the raw point
    assert_eq!(read, expected);
}

#[test]
fn columns_of_all_versions_are_told_apart_and_belong_to_their_version() {
    let columns = columns(&study());
    let versions = |name: &str| columns.iter().find(|c| c.name == name).unwrap().versions.clone();
    assert_eq!([versions("taste"), versions("tools.pan"), versions("tools.scale")], [vec![1], vec![1, 2], vec![2]]);
    let table =
        format!("story_id,framework_version,wave,participant,perspective,taste\n{ID}1,2,1,,baker,3\n{ID}2,1,1,,baker,3\n");
    assert_eq!(errors(&table), ["2 taste notInVersion"]);
    assert!(read(&table)[1].is_ok());
}

#[test]
fn formulas_are_defused_for_spreadsheets_and_come_back_as_they_were() {
    for defuse in [true, false] {
        let story = row(2, json!({"title": "=cmd()", "text": "'=no formula\nbut \"two\" lines", "participant": "-1"}));
        let (table, _) = written(std::slice::from_ref(&story), WriterOptions { defuse });
        assert_eq!(table.contains(",'=cmd(),"), defuse, "{table}");
        assert_eq!(read(&table).remove(0).unwrap(), story);
    }
}

#[test]
fn text_from_right_to_left_and_over_several_lines_comes_back_as_it_was() {
    let text = "ذهبت إلى العمل،\r\nثم \"عدت\"\u{200f}.\n\n  خاتمة ";
    let story = row(2, json!({"text": text, "language": "ar", "title": ","}));
    let (table, _) = written(std::slice::from_ref(&story), WriterOptions::default());
    assert_eq!(read(&table).remove(0).unwrap(), story);
}

#[test]
fn a_table_of_only_the_needed_columns_in_any_order_is_read() {
    let table = format!("\u{feff}pace;perspective;participant;wave;story_id;note\r\n0,25;baker;;1;{ID}1;hello\r\n");
    let study = study();
    let mut reader = read_table(&study, Trickle(table.as_bytes())).unwrap_or_else(|p| panic!("{p}"));
    let row = reader.next().unwrap().unwrap();
    assert_eq!(row.body.framework_version, 2);
    assert_eq!(row.body.participant, None);
    assert_eq!(row.body.placements["pace"].value.as_ref().unwrap().position, Some(0.25));
    assert!(reader.next().is_none());
    let warnings: Vec<_> = reader.warnings().into_iter().filter(|w| w.rows > 0).map(|w| (w.code, w.column.unwrap())).collect();
    let expected = [("unknownColumn", "note"), ("languageAssumed", "language")];
    assert_eq!(warnings, expected.map(|(code, column)| (code.to_owned(), column.to_owned())));
    assert!(reader.warnings().iter().any(|w| w.code == "missingQuestion" && w.column.as_deref() == Some("drive")));
}

#[test]
fn all_missing_and_double_columns_are_named_at_once() {
    assert_eq!(
        refused("story_id,pace\n"),
        ["$.header.wave missingColumn", "$.header.participant missingColumn", "$.header.perspective missingColumn"]
    );
    assert_eq!(refused("story_id,wave,wave,pace,pace\n"), ["$.header.wave duplicateColumn", "$.header.pace duplicateColumn"]);
}

#[test]
fn what_is_not_a_table_of_stories_is_refused_with_the_reason() {
    assert_eq!(refused("story_id|wave|participant|perspective\n"), ["$.header wrongDelimiter"]);
    assert_eq!(refused("a,b,c\n1,2,3\n"), ["$.header noKnownColumn"]);
    assert_eq!(refused(""), ["$.header required"]);
    assert_eq!(refused("story_id,wave,\"text\n1,2,3\n"), ["$.header unclosedQuote"]);
    assert_eq!(refused(b"\xff\xfes\0t\0\n\0"), ["$ invalidUtf8"]);
    assert_eq!(refused(b"story_id,wave,\xff\n"), ["$.header invalidUtf8"]);
    let wide: Vec<String> = (0..100_000).map(|i| format!("c{i}")).collect();
    assert_eq!(refused(format!("story_id,wave,{}\n", wide.join(","))), ["$.header tooManyColumns"]);
    assert_eq!(refused(wide.join(",")), ["$.header tooManyColumns"]);
    assert_eq!(refused(format!("story_id,\"{}", "never closed\n".repeat(400_000))), ["$.header headerTooLong"]);
    assert_eq!(read_table(&[], &b"story_id\n"[..]).err().unwrap().0[0].code, "noFramework");
}

#[test]
fn all_errors_of_a_row_are_given_at_once_with_their_columns() {
    let table = "story_id,framework_version,wave,participant,perspective,told_on,received_at,permission.quote,shift,place,place.state,\
                 drive.craft,drive.clock,drive.client,drive.state,pace,pace.state,oven.bread.x,oven.bread.y,oven.cake.x,oven.cake.y,\
                 taste,flour,tools.peel,tools.pan,remark,remark.state,years,years.state\n\
                 x,1,,,chef,yesterday,noon,maybe,day,field,declined,\
                 0.9,0.9,0.9,,1.5,,0.5,,0.5,2,\
                 4,spelt,yes,0,text,skipped,new,sometimes\n";
    let mut found = errors(table);
    found.sort();
    let mut expected = [
        "2 drive.craft sharesSum",
        "2 flour unknownOption",
        "2 oven.bread.y required",
        "2 pace outOfRange",
        "2 permission.quote wrongType",
        "2 perspective unknownOption",
        "2 place unknownOption",
        "2 place.state unknownOption",
        "2 received_at wrongFormat",
        "2 remark unexpectedValue",
        "2 shift unknownOption",
        "2 story_id wrongFormat",
        "2 taste outOfRange",
        "2 told_on wrongFormat",
        "2 tools.peel wrongType",
        "2 wave tooShort",
        "2 years.state unknownOption",
    ];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn an_error_in_a_list_is_traced_to_its_column() {
    let header = "story_id,wave,participant,perspective,drive.craft,drive.clock,drive.client,oven.bread.x,oven.bread.y,oven.cake.x,oven.cake.y";
    let table = format!(
        "{header}\n{ID}1,1,,baker,0.5,-0.3,0.8,,,0.5,2\n{ID}2,1,,baker,0.5,,0.5,,,NaN,inf\n{ID}3,1,,baker,0x1,1e999,-,,,,\n"
    );
    let expected = [
        "2 oven.cake.y outOfRange",
        "2 drive.clock outOfRange",
        "3 drive.clock required",
        "3 oven.cake.x notANumber",
        "3 oven.cake.y notANumber",
        "4 drive.craft notANumber",
        "4 drive.clock notANumber",
        "4 drive.client notANumber",
    ];
    assert_eq!(errors(&table), expected);
}

#[test]
fn a_bad_row_costs_no_other_row() {
    let mut table = format!("story_id,wave,participant,perspective,text\n{ID}1,1,,baker,one\n").into_bytes();
    table.extend(format!("{ID}2,1,,baker\n{ID}3,1,,baker,a,b\n").bytes()); // ragged
    table.extend(format!("{ID}4,1,,baker,").bytes().chain(*b"caf\xe9\n")); // not UTF-8
    table.extend(format!("{ID}5,1,,baker,a\0b\n{ID}1,1,,baker,again\n{ID}6,9,,baker,\n\n{ID}7,1,,baker,last").bytes());
    let expected =
        ["3 text raggedRow", "4 text raggedRow", "5 text invalidUtf8", "6 text nullCharacter", "7 story_id duplicateStory"];
    assert_eq!(errors(&table), expected);
    let texts: Vec<_> = read(&table).into_iter().flatten().map(|r| r.body.text).collect();
    assert_eq!(texts, [Some("one".to_owned()), None, Some("last".into())]);
}

#[test]
fn a_quote_that_is_never_closed_is_found_at_the_end() {
    let table =
        format!("story_id,wave,participant,perspective,text\n{ID}1,1,,baker,fine\n{ID}2,1,,baker,\"oh\n{ID}3,1,,baker,lost\n");
    assert_eq!(errors(&table), ["3 text unclosedQuote"]);
    assert_eq!(read(&table).len(), 2);
}

#[test]
fn an_unknown_framework_version_is_named() {
    let table = format!("story_id,framework_version,wave,participant,perspective\n{ID}1,7,1,,baker\n{ID}2,x,1,,baker\n");
    assert_eq!(errors(&table), ["2 framework_version unknownOption", "3 framework_version unknownOption"]);
}

#[test]
fn a_story_that_does_not_fit_the_columns_stops_the_export() {
    let study = study();
    let mut writer = Writer::new(Vec::new(), &study[1..], WriterOptions::default()).unwrap();
    assert!(writer.write(&row(1, json!({}))).is_err());
    let mut stray = row(2, json!({}));
    stray.body.placements.insert(
        "gone".into(),
        crate::domain::placement::Placement {
            state: crate::domain::placement::AnswerState::NotApplicable,
            value: None,
            input_method: None,
            rotation: None,
        },
    );
    assert!(writer.write(&stray).is_err());
}
