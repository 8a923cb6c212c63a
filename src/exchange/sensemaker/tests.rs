//! Small files of our own with the quirks of real ones.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::placement::AnswerState;
use crate::domain::story::{self, StoryBody};
use crate::exchange::rows::Trickle;
use crate::exchange::{RowError, Warning};

/// A UUID that is easy to recognise.
fn id(n: u32) -> String {
    format!("10000000-0000-4000-8000-{n:012}")
}

/// A framework about a garden, wrapped and decorated as the vendor's tool does it.
fn garden() -> Value {
    let part = |n: u32, text: &str| json!({"id": id(n), "text": text, "title": text, "image": ""});
    let signifier = |n: u32, kind: &str, title: &str, content: Value| {
        json!({"id": id(n), "type": kind, "order": n, "title": title, "tooltip": "", "allow_na": true, "fragment": false,
               "required": false, "sticky": false, "content": content})
    };
    let item = |n: u32, title: &str, image: &str| json!({"id": id(n), "title": title, "image": image});
    let axis = |start: &str, end: &str| json!({"name": "warmth", "start_label": start, "end_label": end});
    let mut document = json!({
    "id": [id(1)], "name": ["Garden"], "language": ["EN_gb"], "fragment_signifier_id": [id(10)],
    "linked_frameworks": [],
    "signifiers": [
        signifier(20, "triad", "<b>Growth</b> came from&nbsp;…", json!({"labels": [part(21, "sun"), part(22, "<i>water</i>"), part(23, "state")]})),
        signifier(10, "freetext", "<p>Tell us about your garden:</p>", json!({"labels": {}, "items": {}})),
        signifier(30, "dyad", "The weather was", json!({"labels": [part(31, "wet"), part(32, "dry")]})),
        signifier(40, "stones", "Place the beds", json!({"stones": [item(41, "Herbs", ""), item(42, "", "beds/Roses.png")],
                  "axis": {"x": axis("cool", "warm"), "y": axis("", "")}})),
        signifier(50, "list", "Season", json!({"items": [item(51, "Spring", ""), item(52, "Autumn", "")], "max_responses": 1})),
        signifier(60, "list", "Tools", json!({"items": [item(61, "Spade", ""), item(62, "Rake", "")], "max_responses": "2"})),
        signifier(70, "freetext", "Title", json!({"items": {}})),
        signifier(75, "imageselect", "Which bed?", json!({"items": [item(76, "", "beds/a.png"), item(77, "", "beds/b.png")]})),
        signifier(80, "photo", "A picture", json!({})),
        signifier(85, "label", "New Project Element", json!({"text": "<h1>Hello</h1>"})),
        signifier(90, "list", "Age", json!({"items": [item(91, "0–30", ""), item(92, "31+", "")], "max_responses": 1})),
    ]});
    document["signifiers"][1]["fragment"] = true.into();
    document["signifiers"][10]["sticky"] = true.into();
    document
}

fn definition() -> Definition {
    let json = format!("\u{feff}{}", garden());
    read_definition(json.as_bytes()).unwrap_or_else(|p| panic!("{p}"))
}

struct Imported {
    stories: Vec<ImportedStory>,
    errors: Vec<RowError>,
    warnings: Vec<Warning>,
}

impl Imported {
    /// `code rows` of every warning about rows.
    fn counted(&self) -> Vec<String> {
        self.warnings.iter().filter(|w| w.rows > 0).map(|w| format!("{} {}", w.code, w.rows)).collect()
    }

    fn errors(&self) -> Vec<String> {
        self.errors.iter().map(|e| format!("{} {} {}", e.row, e.column.as_deref().unwrap_or_default(), e.code)).collect()
    }

    /// The bodies, as our own rules accept them.
    fn bodies(&self) -> Vec<StoryBody> {
        let definition = definition();
        self.stories.iter().map(|s| story::parse(&s.clone().body_for(3), &definition.parsed).unwrap()).collect()
    }
}

fn import(csv: impl AsRef<[u8]>) -> Imported {
    let definition = definition();
    let mut reader = read_stories(&definition, Trickle(csv.as_ref()), "1").unwrap_or_else(|p| panic!("{p}"));
    let (mut stories, mut errors) = (Vec::new(), Vec::new());
    for story in &mut reader {
        match story {
            Ok(story) => stories.push(story),
            Err(found) => errors.extend(found),
        }
    }
    Imported { stories, errors, warnings: reader.warnings() }
}

/// A data file with these columns beside the id; `{20}` stands for the id of question 20.
fn file(columns: &str, rows: &[&str]) -> String {
    let lines = rows.iter().enumerate().map(|(i, row)| format!("{},{row}\n", id(100 + i as u32)));
    let mut csv = format!("id,{columns}\n{}", lines.collect::<String>());
    for n in 10..100 {
        csv = csv.replace(&format!("{{{n}}}"), &id(n));
    }
    csv
}

const TRIAD: &str = "{20}_percentX,{20}_percentY,{20}_{21},{20}_{22},{20}_{23},{20}_NA";

#[test]
fn a_framework_becomes_one_of_ours_with_keys_from_its_titles() {
    let definition = definition();
    let signifiers: Vec<_> = definition.parsed.signifiers.iter().map(|s| format!("{} {}", s.key, s.kind.name())).collect();
    let expected = [
        "growth-came-from triad",
        "the-weather-was dyad",
        "place-the-beds stones",
        "season choice",
        "tools choice",
        "title-2 text",
        "which-bed choice",
        "age choice",
    ];
    assert_eq!(signifiers, expected);
    let framework = &definition.parsed;
    assert_eq!(framework.languages, ["en-GB"]);
    assert_eq!(framework.prompts[0].text.get("en-GB"), "Tell us about your garden:");
    assert_eq!(framework.signifiers[0].question.get("en-GB"), "Growth came from …");
    let anchors: Vec<_> = framework.signifiers[0].anchors.iter().map(|a| a.key.as_str()).collect();
    assert_eq!(anchors, ["sun", "water", "state-2"]);
    assert_eq!(framework.signifiers[2].stones[1].label.get("en-GB"), "Roses");
    assert_eq!(framework.signifiers[2].axes.as_ref().unwrap().y.start.get("en-GB"), "warmth –");
    assert_eq!([framework.signifiers[3].multiple, framework.signifiers[4].multiple], [false, true]);
    assert_eq!([framework.signifiers[0].background, framework.signifiers[7].background], [false, true]);
    let codes: Vec<_> = definition.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["labelMissing", "labelMissing", "notMapped", "layoutOnly"]);
    assert!(definition.warnings[2].message.contains("photo \"A picture\""), "{:?}", definition.warnings[2]);
}

#[test]
fn what_is_not_a_framework_is_refused() {
    for json in ["{}", "[]", "{\"signifiers\": 3}", "not json"] {
        assert!(read_definition(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn every_kind_of_answer_becomes_a_placement() {
    let columns = format!(
        "{TRIAD},{{10}},{{30}}_percentX,{{40}}_{{41}}_percentX,{{40}}_{{41}}_percentY,{{40}}_{{42}}_percentX,{{40}}_{{42}}_percentY,\
         {{50}},{{60}}_{{61}},{{60}}_{{62}},{{70}},{{75}},{{90}},{{90}}_NA"
    );
    let row = "0.5,0.5,0.5,0.25,0.25,,\"It rained,\nthen not\",0.75,0.1,0.2,,,{52},,1,Wet,beds/b.png,,1";
    let imported = import(file(&columns, &[row]));
    assert_eq!(imported.errors(), Vec::<String>::new());
    let body = imported.bodies().remove(0);
    assert_eq!((body.framework_version, body.text.as_deref()), (3, Some("It rained,\nthen not")));
    let value = |key: &str| serde_json::to_value(body.placements[key].value.as_ref().unwrap()).unwrap();
    let triad = json!({"shares": [0.5, 0.25, 0.25], "placement": {"x": 0.5, "y": 0.5}});
    assert_eq!(value("growth-came-from"), triad);
    assert_eq!(value("the-weather-was"), json!({"position": 0.75}));
    assert_eq!(value("place-the-beds"), json!({"stones": [{"key": "herbs", "x": 0.1, "y": 0.2}]}));
    assert_eq!(value("season"), json!({"options": ["autumn"]}));
    assert_eq!(value("tools"), json!({"options": ["rake"]}));
    assert_eq!(value("title-2"), json!({"text": "Wet"}));
    assert_eq!(value("which-bed"), json!({"options": ["option-2"]}));
    assert_eq!(body.background["age"].state, AnswerState::NotApplicable);
}

#[test]
fn not_applicable_and_skipped_are_told_apart() {
    let imported = import(file(TRIAD, &[",,,,,1", ",,,,,", "0.5,0.5,0.5,0.25,0.25,1"]));
    let states: Vec<_> = imported.bodies().iter().map(|b| b.placements.get("growth-came-from").map(|p| p.state)).collect();
    assert_eq!(states, [Some(AnswerState::NotApplicable), None, Some(AnswerState::NotApplicable)]);
    assert_eq!(imported.counted(), ["notApplicableWithValue 1"]);
}

#[test]
fn a_share_just_below_zero_is_closed_and_counted() {
    let rows = ["0.5,-0.004,-0.004,0.502,0.502,", "0.5,-0.002,-0.002,0.501,0.501,", "0.5,0,0,0.5,0.5,"];
    let imported = import(file(TRIAD, &rows));
    assert_eq!(imported.counted(), ["shareBelowZero 2", "shareZero 1"]);
    for body in imported.bodies() {
        let shares = body.placements["growth-came-from"].value.as_ref().unwrap().shares.clone().unwrap();
        assert_eq!((shares[0], shares.iter().sum::<f64>()), (0.0, 1.0));
    }
    // The story as received keeps what the file says: its hash is taken before shares are closed.
    assert_eq!(imported.stories[0].body["placements"]["growth-came-from"]["value"]["shares"][0], json!(-0.004));
}

#[test]
fn shares_that_are_missing_are_computed_from_the_point() {
    let rows = ["0.5,0.5,,,,", "0.5,0.5,0.5,,,", "0.5,,0.5,,,", "2,0.5,,,,", "0.5,0.5,0.9,0.9,0.9,", "0.5,0.5,0.2,0.3,0.5,"];
    let imported = import(file(TRIAD, &rows));
    let answered: Vec<_> = imported.bodies().iter().map(|b| b.placements.contains_key("growth-came-from")).collect();
    assert_eq!(answered, [true, true, false, false, true, true]);
    let expected = ["sharesComputed 3", "incompletePlacement 1", "placementOutside 1", "inconsistentPlacement 1"];
    assert_eq!(imported.counted(), expected);
    let shares = imported.bodies()[0].placements["growth-came-from"].value.as_ref().unwrap().shares.clone().unwrap();
    assert_eq!(shares, [0.5, 0.25, 0.25]);
}

#[test]
fn a_dyad_is_read_from_its_position_or_from_its_two_ends() {
    let columns = "{30}_percentX,{30}_{31},{30}_{32},{30}_NA";
    let rows = ["0.75,0.25,0.75,", "0.75,,,", ",0.25,0.75,", ",0,0,", ",0.3,,", "1.01,,,", "1.5,,,", "0.2,0.2,0.8,"];
    let imported = import(file(columns, &rows));
    let position = |b: &StoryBody| b.placements.get("the-weather-was").and_then(|p| p.value.as_ref()?.position);
    let positions: Vec<_> = imported.bodies().iter().map(position).collect();
    assert_eq!(positions, [Some(0.75), Some(0.75), Some(0.75), None, None, Some(1.0), None, Some(0.2)]);
    let expected = [
        "anchorsEmpty 3",
        "positionComputed 1",
        "incompletePlacement 2",
        "movedToEdge 1",
        "placementOutside 1",
        "inconsistentPlacement 1",
    ];
    assert_eq!(imported.counted(), expected);
}

#[test]
fn a_stone_beside_its_canvas_is_moved_to_the_edge_or_left_out() {
    let columns = "{40}_{41}_percentX,{40}_{41}_percentY,{40}_{42}_percentX,{40}_{42}_percentY";
    let imported = import(file(columns, &["-0.01,0.5,0.5,1.3", "0.5,,,", "0.1,0.2,,"]));
    let stones = |b: &StoryBody| {
        b.placements.get("place-the-beds").map_or(0, |p| p.value.as_ref().unwrap().stones.as_ref().unwrap().len())
    };
    assert_eq!(imported.bodies().iter().map(stones).collect::<Vec<_>>(), [1, 0, 1]);
    assert_eq!(imported.counted(), ["movedToEdge 1", "placementOutside 1", "incompletePlacement 1"]);
}

#[test]
fn items_that_are_not_on_the_list_are_counted_and_left_out() {
    let imported = import(file("{50},{60}_{61},{60}", &["something else,1,{62}", "{51},0,", "{51}|{52},,\"{61},{62}\""]));
    let chosen = |b: &StoryBody, key: &str| b.placements.get(key).map(|p| p.value.as_ref().unwrap().options.clone().unwrap());
    let bodies = imported.bodies();
    assert_eq!([chosen(&bodies[0], "season"), chosen(&bodies[2], "season")], [None, None]);
    assert_eq!(chosen(&bodies[0], "tools"), Some(vec!["spade".into(), "rake".into()]));
    assert_eq!((chosen(&bodies[1], "season"), chosen(&bodies[1], "tools")), (Some(vec!["spring".into()]), None));
    assert_eq!(imported.counted(), ["unknownItem 1", "tooManyItems 1"]);
}

#[test]
fn times_languages_and_clocks_are_read_with_care() {
    let columns = "language,server_upload_time,meta_started,meta_completed,meta_selectedLanguage,{10}";
    let at = 1_700_000_000_000i64;
    let rows = [
        format!("en-GB,{at},{},{},en-GB,a", at - 600_000, at - 60_000),
        format!("en-GB,{at},{},{},nl,b", at - 9 * 3_600_000, at),
        format!("en-GB,{at},,,Klingon language,c"),
        "en-GB,noon,0,,,d".to_owned(),
    ];
    let imported = import(file(columns, &rows.each_ref().map(String::as_str)));
    let languages: Vec<_> = imported.bodies().into_iter().map(|b| b.language).collect();
    assert_eq!(languages, ["en-GB", "nl", "en-GB", "en-GB"]);
    assert_eq!(
        imported.counted(),
        ["languageDiffers 1", "deviceClock 1", "languageUnknown 1", "timeUnreadable 1", "timeUnreadable 1"]
    );
    assert_eq!(imported.stories[0].received_at.unwrap().to_rfc3339(), "2023-11-14T22:13:20+00:00");
    let device = imported.bodies()[0].device.clone().unwrap();
    assert_eq!(device.started_at.unwrap().to_rfc3339(), "2023-11-14T22:03:20+00:00");
}

#[test]
fn traces_of_people_and_columns_of_older_versions_are_not_read_but_counted() {
    let columns = "{10},responder_id,meta_email,meta_platform,{99}_{98},{80},note,version";
    let imported = import(file(columns, &["a,r1,x@y.z,,0.5,p.jpg,n,0.3", "b,r2,,,,,,0.3"]));
    let expected = ["droppedColumn 2", "droppedColumn 1", "leftOverColumn 1", "notMapped 1", "unknownColumn 1"];
    assert_eq!(imported.counted(), expected);
    let whole = format!("{:?}", imported.bodies());
    assert!(!whole.contains("x@y.z") && !whole.contains("r1"));
    assert!(imported.warnings.iter().any(|w| w.code == "missingQuestion" && w.rows == 0));
}

#[test]
fn an_id_that_is_no_uuid_gives_the_same_id_every_time() {
    let csv = format!("id,{0}\n77,a\n78,b\n77,again\n,none\n", id(10));
    let [first, second] = [import(&csv), import(&csv)];
    assert_eq!(first.stories[0].id, second.stories[0].id);
    assert_ne!(first.stories[0].id, first.stories[1].id);
    assert_eq!(first.stories[0].id.get_version_num(), 5);
    assert_eq!(first.errors(), ["4 id duplicateStory", "5 id required"]);
}

#[test]
fn an_id_made_of_a_clock_does_not_tell_when_somebody_was_interviewed() {
    let clock = "2f1acc6c-3f7e-11e4-916c-0800200c9a66";
    let csv = format!("id,{0}\n{clock},a\n{1},b\n", id(10), id(90));
    let [first, second] = [import(&csv), import(&csv)];
    assert_eq!(first.stories[0].id, second.stories[0].id, "the same file gives the same ids");
    assert_eq!(first.stories[0].id.get_version_num(), 5);
    assert_eq!(first.stories[1].id.to_string(), id(90), "a random id is kept");
}

#[test]
fn a_bad_row_is_named_and_costs_no_other_row() {
    let mut csv = file("{10},{30}_percentX", &["a,0.5", "b", "c,0.5,1", "d,NaN", "e,inf", "f,half"]).into_bytes();
    csv.extend(format!("{},caf", id(200)).bytes().chain(*b"\xe9,0.5\n"));
    csv.extend(format!("{},nul\0,0.5\n{},last,0.5\n", id(201), id(202)).bytes());
    let imported = import(csv);
    let dyad = format!("{}_percentX", id(30));
    let expected = [
        format!("3 {dyad} raggedRow"),
        format!("4 {dyad} raggedRow"),
        format!("5 {dyad} notANumber"),
        format!("6 {dyad} notANumber"),
        format!("7 {dyad} notANumber"),
        format!("8 {} invalidUtf8", id(10)),
        format!("9 {} nullCharacter", id(10)),
    ];
    assert_eq!(imported.errors(), expected);
    let texts: Vec<_> = imported.stories.iter().map(|s| (s.row, s.body["text"].as_str().unwrap())).collect();
    assert_eq!(texts, [(2, "a"), (10, "last")]);
}

#[test]
fn files_of_another_kind_are_refused_with_the_reason() {
    let definition = definition();
    let refused = |csv: &str| read_stories(&definition, csv.as_bytes(), "1").err().expect("refused").0.remove(0).code;
    let columns = |separator: &str| file("{10},{30}_percentX,{50}", &[]).replace(',', separator);
    assert_eq!(refused(&columns("|")), "wrongDelimiter");
    assert_eq!(refused("FragmentID,aX,aY\n"), "otherDialect");
    assert_eq!(refused("id,language,something\n"), "otherFramework");
    assert_eq!(refused(&format!("{},x\n", id(10))), "missingColumn");
    assert_eq!(refused("What happened,How\n"), "noKnownColumn");
    assert_eq!(refused(&file("{10},{10}", &[])), "duplicateColumn");
    let wide: Vec<String> = (0..100_000).map(|i| format!("c{i}")).collect();
    assert_eq!(refused(&file(&format!("{{10}},{}", wide.join(",")), &[])), "tooManyColumns");
}

#[test]
fn a_file_saved_by_a_spreadsheet_with_semicolons_is_read_and_named() {
    let csv = format!("id;{0}_percentX;{1}\n{2};0,25;a\n", id(30), id(10), id(100));
    let imported = import(format!("\u{feff}{csv}"));
    assert_eq!(imported.bodies()[0].placements["the-weather-was"].value.as_ref().unwrap().position, Some(0.25));
    assert!(imported.warnings.iter().any(|w| w.code == "otherDelimiter" && w.message.contains("semicolon")));
}

/// Sets the `n`th leaf of a document.
fn set_leaf(value: &mut Value, n: &mut usize, to: &Value) {
    match value {
        Value::Array(list) if !list.is_empty() => list.iter_mut().for_each(|v| set_leaf(v, n, to)),
        Value::Object(object) if !object.is_empty() => object.values_mut().for_each(|v| set_leaf(v, n, to)),
        leaf => {
            if *n == 0 {
                *leaf = to.clone();
            }
            *n = n.wrapping_sub(1);
        }
    }
}

proptest! {
    #[test]
    fn a_framework_with_anything_in_any_place_is_read_or_refused(at in 0..400usize, pick in 0..8usize) {
        let odd = [json!(null), json!({}), json!([]), json!([[1]]), json!(-1e300), json!("<"), json!(true), json!("&#x;'\u{202e}")];
        let mut document = garden();
        set_leaf(&mut document, &mut { at }, &odd[pick]);
        if let Ok(definition) = read_definition(document.to_string().as_bytes()) {
            prop_assert!(crate::domain::framework::parse(&definition.framework).is_ok());
        }
    }

    #[test]
    fn whatever_the_cells_hold_a_story_is_valid_or_its_row_is_named(cells in prop::collection::vec("[-01]?[.,]?[0-9NA|\"{}]{0,3}", 9)) {
        let columns = format!("{TRIAD},{{30}}_percentX,{{50}},{{10}}");
        let imported = import(file(&columns, &[&cells.join(",")]));
        prop_assert_eq!(imported.bodies().len() + usize::from(!imported.errors.is_empty()), 1);
    }
}
