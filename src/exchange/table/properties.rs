//! Export and import lose nothing that is in the table, whatever the framework and the answers.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::*;
use crate::domain::framework;
use crate::domain::story;

const KINDS: [&str; 7] = ["triad", "dyad", "stones", "scale", "choice", "choices", "text"];

/// Kinds of question with a number of parts, and whether it is a background question.
fn shapes() -> impl Strategy<Value = Vec<(&'static str, usize, bool)>> {
    prop::collection::vec((select(&KINDS[..]), 1..5usize, any::<bool>()), 0..8)
}

/// A framework whose question `n` is called `q<n>`.
fn built(shapes: &[(&str, usize, bool)], first: usize) -> Framework {
    let text = json!({"en": "text"});
    let parts = |count: usize| (0..count).map(|i| json!({"key": format!("p{i}"), "label": text})).collect::<Value>();
    let end = json!({"start": text, "end": text});
    let signifier = |(i, (kind, count, background)): (usize, &(&str, usize, bool))| {
        let mut signifier = json!({"key": format!("q{i}"), "kind": kind, "question": text, "background": background});
        signifier["allow"] = json!(["unknown", "declined"]);
        match *kind {
            "triad" => signifier["anchors"] = parts(3),
            "dyad" => signifier["anchors"] = parts(2),
            "scale" => signifier["points"] = parts(count + 1),
            "choice" => signifier["options"] = parts(*count),
            "choices" => {
                signifier["kind"] = "choice".into();
                signifier["multiple"] = true.into();
                signifier["options"] = parts(*count);
            }
            "stones" => {
                signifier["axes"] = json!({"x": end, "y": end});
                signifier["stones"] = parts(*count);
            }
            _ => {}
        }
        signifier
    };
    let document = json!({
        "schema": 1, "key": "f", "title": text, "languages": ["en"], "defaultLanguage": "en",
        "perspectives": [{"key": "teller", "label": text}], "prompts": [{"key": "story", "text": text}],
        "attributes": [{"key": "role", "label": text, "of": "participant", "options": parts(2)},
                       {"key": "place", "label": text, "of": "story", "options": parts(2)}],
        "consents": [{"key": "quote", "scope": "quote", "text": text}],
        "signifiers": shapes.iter().enumerate().skip(first).map(signifier).collect::<Value>(),
    });
    framework::parse(&document).unwrap_or_else(|p| panic!("{p}"))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[^\0]{0,12}", "['=+@\\-\t\r\n\",;a ]{0,8}", "[\u{5d0}-\u{5ea}\u{627}-\u{64a}\u{200f} \n]{0,12}"]
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..=1.0f64, select(&[0.0, -0.0, 1.0, 1e-300, 0.1 + 0.2][..]), (0..=1000u32).prop_map(|n| f64::from(n) / 1000.0)]
}

fn value(signifier: &Signifier) -> BoxedStrategy<Value> {
    let keys: Vec<String> = signifier.options.iter().map(|o| o.key.clone()).collect();
    match signifier.kind {
        SignifierKind::Triad => (0.0..1.0f64, 0.0..1.0f64, -0.02..0.02f64)
            .prop_map(|(top, cut, off)| {
                let left = (1.0 - top) * cut;
                let told = [top, left, (1.0 - top - left).abs()].map(|s| (s * (1.0 + off)).min(1.0));
                json!({"shares": told})
            })
            .boxed(),
        SignifierKind::Dyad => coordinate().prop_map(|p| json!({"position": p})).boxed(),
        SignifierKind::Scale => {
            let points: Vec<String> = signifier.points.iter().map(|p| p.key.clone()).collect();
            select(points).prop_map(|p| json!({"point": p})).boxed()
        }
        SignifierKind::Choice => {
            let most = if signifier.multiple { keys.len() } else { 1 };
            prop::sample::subsequence(keys, 1..=most).prop_map(|o| json!({"options": o})).boxed()
        }
        SignifierKind::Text => texts().prop_map(|t| json!({"text": t})).boxed(),
        SignifierKind::Stones => {
            let stones: Vec<String> = signifier.stones.iter().map(|s| s.key.clone()).collect();
            let count = stones.len();
            let points = prop::collection::vec((coordinate(), coordinate()), count);
            (prop::sample::subsequence(stones, 1..=count), points)
                .prop_map(|(keys, points)| {
                    let stone = |(key, (x, y)): (&String, &(f64, f64))| json!({"key": key, "x": x, "y": y});
                    json!({"stones": keys.iter().zip(&points).map(stone).collect::<Value>()})
                })
                .boxed()
        }
    }
}

fn placement(signifier: &Signifier) -> impl Strategy<Value = Option<Value>> + use<> {
    let state = select(&["notApplicable", "unknown", "declined", "skipped"][..]).prop_map(|s| Some(json!({"state": s})));
    let answered = value(signifier).prop_map(|v| Some(json!({"state": "answered", "value": v})));
    prop_oneof![1 => Just(None), 2 => state, 5 => answered]
}

fn story_row(version: i32, framework: &Framework) -> impl Strategy<Value = StoryRow> + use<> {
    let names = framework.signifiers.iter().map(|s| (s.key.clone(), s.background));
    let names: Vec<(String, bool)> = names.collect();
    let placements: Vec<_> = framework.signifiers.iter().map(placement).collect();
    let people = (prop::option::of("[-=A-Z0-9']{1,8}"), "['=1-9]{1,3}", prop::option::of(select(&["p0", "p1"][..])));
    let told = (prop::option::of(texts()), prop::option::of(texts()), prop::option::of(0..20_000i64));
    let given =
        (any::<Option<bool>>(), prop::option::of(select(&["p0", "p1"][..])), prop::option::of(0..4_000_000_000_000_000i64));
    let framework = framework.clone();
    (any::<u128>(), placements, people, told, given).prop_map(
        move |(id, placements, (person, wave, role), (title, text, day), given)| {
            let (quote, place, at) = given;
            let mut lists = [Map::new(), Map::new()];
            for ((key, background), placement) in names.iter().zip(placements) {
                placement.map(|p| lists[usize::from(*background)].insert(key.clone(), p));
            }
            let [placements, background] = lists;
            let mut body = json!({
            "frameworkVersion": version, "wave": wave, "participant": person, "teller": person, "perspective": "teller",
            "title": title, "text": text, "language": "ar", "placements": placements, "background": background});
            if let Some(day) = day {
                body["toldOn"] = (chrono::NaiveDate::default() + chrono::Days::new(day as u64)).to_string().into();
            }
            body["permissions"] = quote.map_or(json!({}), |q| json!({"quote": q}));
            body["attributes"] = place.map_or(json!({}), |p| json!({"place": p}));
            StoryRow {
                id: Uuid::from_u128(id),
                body: story::parse(&body, &framework).unwrap_or_else(|p| panic!("{p}")),
                participant_attributes: role.map(|r| ("role".to_owned(), r.to_owned())).into_iter().collect(),
                received_at: at.and_then(DateTime::from_timestamp_micros),
            }
        },
    )
}

fn table() -> impl Strategy<Value = (Vec<(i32, Framework)>, Vec<StoryRow>)> {
    (shapes(), 0..3usize).prop_flat_map(|(shapes, dropped)| {
        // The first version asks all but the last question, the second all but the first few.
        let first = built(&shapes[..shapes.len().saturating_sub(1)], 0);
        let frameworks = vec![(1, first), (2, built(&shapes, dropped))];
        let rows = frameworks.iter().map(|(v, f)| prop::collection::vec(story_row(*v, f), 0..4));
        let rows: Vec<_> = rows.collect();
        (Just(frameworks), rows.prop_map(|r| r.concat()))
    })
}

fn write(frameworks: &[(i32, Framework)], rows: &[StoryRow], options: WriterOptions) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), frameworks, options).unwrap();
    rows.iter().for_each(|r| writer.write(r).unwrap());
    writer.finish().unwrap().0
}

/// What the table holds of a story: a skipped question is an absent one, an empty text of the story is none.
fn as_in_table(mut row: StoryRow) -> StoryRow {
    for list in [&mut row.body.placements, &mut row.body.background] {
        list.retain(|_, p| p.state != crate::domain::placement::AnswerState::Skipped);
    }
    for text in [&mut row.body.title, &mut row.body.text] {
        *text = text.take().filter(|t| !t.is_empty());
    }
    row
}

proptest! {
    #[test]
    fn export_and_import_lose_nothing((frameworks, rows) in table(), defuse: bool) {
        let options = WriterOptions { defuse };
        let written = write(&frameworks, &rows, options);
        let reader = read_table(&frameworks, &written[..]).unwrap_or_else(|p| panic!("{p}"));
        let read: Vec<StoryRow> = reader.collect::<Result<_, _>>().unwrap_or_else(|e| panic!("{e:?}"));
        prop_assert_eq!(&read, &rows.into_iter().map(as_in_table).collect::<Vec<_>>());
        prop_assert_eq!(String::from_utf8(write(&frameworks, &read, options)).unwrap(), String::from_utf8(written).unwrap());
    }

    #[test]
    fn whatever_bytes_arrive_the_reader_comes_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200), header: bool) {
        let study = super::tests::study();
        let mut table = if header { b"story_id,wave,participant,perspective,pace,text\n".to_vec() } else { Vec::new() };
        table.extend(bytes);
        if let Ok(reader) = read_table(&study, &table[..]) {
            prop_assert!(reader.count() <= 200);
        }
    }
}
