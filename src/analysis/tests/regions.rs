//! Regions of a lens: which stories are inside, and what a workgroup may ask of them.

use serde_json::{Value, json};

use super::study::{answered, ask, of, record, snapshot};
use crate::analysis::record::StoryRecord;
use crate::domain::disclosure::Suppressed;
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

/// Candidates whose dots stand at equal distances on every figure.
fn candidates(people: u32) -> Vec<StoryRecord> {
    let story = |person: u32| {
        let at = f64::from(person) / f64::from(people - 1);
        let option = ["s1", "s2"][person as usize % 2];
        let placements = json!({
            "tri": answered(json!({"shares": [at, 1.0 - at, 0.0]})),
            "dy": answered(json!({"position": at})),
            "cv": answered(json!({"stones": [{"key": "one", "x": at, "y": 0.5}]})),
            "sc": answered(json!({"point": (1 + person % 5).to_string()})),
            "secret": answered(json!({"options": [option]})),
        });
        let mut story = record(person, placements);
        story.attributes = vec![("group".into(), ["a", "b"][person as usize % 2].into())];
        story
    };
    (0..people).map(story).collect()
}

fn inside(region: Value, audience: Audience) -> Option<u32> {
    ask(&snapshot(candidates(21)), json!({"regions": [region]}), audience).stories
}

#[test]
fn stories_on_the_border_are_inside() {
    let inside = |region| inside(region, Audience::Researcher).unwrap();
    assert_eq!(inside(json!({"signifier": "dy", "interval": [0.25, 0.5]})), 6);
    assert_eq!(inside(json!({"signifier": "dy", "interval": [0.5, 0.5]})), 1);
    assert_eq!(inside(json!({"signifier": "sc", "interval": [2, 3]})), 8);
    assert_eq!(inside(json!({"signifier": "tri", "polygon": [[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]]})), 11);
    let square = json!([[0.1, 0.1], [0.3, 0.1], [0.3, 0.9], [0.1, 0.9]]);
    assert_eq!(inside(json!({"signifier": "cv", "stone": "one", "polygon": square})), 5);
    assert_eq!(inside(json!({"signifier": "cv", "stone": "two", "polygon": square})), 0, "a stone that nobody placed");
    assert_eq!(inside(json!({"signifier": "nowhere", "interval": [0, 1]})), 0);
}

#[test]
fn several_regions_must_all_hold_and_their_order_is_none() {
    let (low, high) = (json!({"signifier": "dy", "interval": [0, 0.5]}), json!({"signifier": "sc", "interval": [1, 1]}));
    let snapshot = snapshot(candidates(21));
    let one = ask(&snapshot, json!({"regions": [low, high, low]}), Audience::Researcher);
    let other = ask(&snapshot, json!({"regions": [high, low]}), Audience::Researcher);
    assert_eq!((one.stories, &one), (Some(3), &other));
    assert_eq!(one.lens.regions.len(), 2);
    let waves: Lens = serde_json::from_value(json!({"waves": ["1"], "regions": [low]})).unwrap();
    assert_eq!(ask(&snapshot, json!(waves), Audience::Researcher).stories, Some(11));
}

#[test]
fn a_workgroup_needs_five_people_inside_and_no_attribute_beside_it() {
    let workgroup = |region| inside(region, Audience::Workgroup);
    assert_eq!(workgroup(json!({"signifier": "dy", "interval": [0, 0.2]})), Some(5));
    assert_eq!(workgroup(json!({"signifier": "dy", "interval": [0, 0.15]})), None);
    assert_eq!(workgroup(json!({"signifier": "dy", "interval": [0.05, 1]})), Some(20), "answers do not identify");
    let snapshot = snapshot(candidates(42));
    let all = json!({"signifier": "dy", "interval": [0, 1]});
    assert_eq!(ask(&snapshot, json!({"attributes": {"group": ["a"]}}), Audience::Workgroup).stories, Some(21));
    let answer = ask(&snapshot, json!({"attributes": {"group": ["a"]}, "regions": [all]}), Audience::Workgroup);
    assert_eq!((answer.suppressed, answer.stories), (Some(Suppressed::SmallCell), None));
    assert_eq!(ask(&snapshot, json!({"attributes": {"group": []}, "regions": [all]}), Audience::Workgroup).stories, Some(42));
    assert_eq!(ask(&snapshot, json!({"waves": ["2"], "regions": [all]}), Audience::Workgroup).stories, None);
}

#[test]
fn behind_a_region_sensitive_answers_stay_closed() {
    let snapshot = snapshot(candidates(21));
    let region = json!({"regions": [{"signifier": "dy", "interval": [0, 0.5]}]});
    let answer = ask(&snapshot, region.clone(), Audience::Workgroup);
    assert_eq!((of(&answer, "secret").suppressed, of(&answer, "secret").n), (Some(Suppressed::SmallCell), None));
    assert_eq!(of(&answer, "dy").n, Some(11));
    assert_eq!(of(&ask(&snapshot, region, Audience::Researcher), "secret").n, Some(11));
    assert_eq!(of(&ask(&snapshot, json!({}), Audience::Workgroup), "secret").n, Some(21));
}

#[test]
fn a_region_on_what_few_were_asked_is_withheld() {
    let mut records = candidates(21);
    let by_coaches = candidates(21).into_iter().take(7).enumerate().map(|(i, mut story)| {
        story.id = uuid::Uuid::from_u128(story.id.as_u128() + 1);
        (story.perspective, story.teller) = ("coach".into(), Some(format!("coach-{i}")));
        story.facts = json!({"placements": {"coach-only": answered(json!({"point": "1"}))}}).to_string();
        story
    });
    records.extend(by_coaches);
    let region = json!({"regions": [{"signifier": "coach-only", "interval": [1, 3]}]});
    let snapshot = snapshot(records);
    assert_eq!(ask(&snapshot, region.clone(), Audience::Workgroup).stories, None, "seven people have a coach who told");
    assert_eq!(ask(&snapshot, region, Audience::Researcher).stories, Some(7));
}
