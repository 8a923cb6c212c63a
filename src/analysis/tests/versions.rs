//! Stories of an older framework version in the columns of the newest.

use serde_json::{Value, json};

use super::study::{answered, ask, of, record, snapshot};
use crate::analysis::summary::SummaryAnswer;
use crate::domain::role::Audience;

fn old_story(placements: Value) -> SummaryAnswer {
    let mut story = record(1, placements);
    story.framework_version = 1;
    ask(&snapshot(vec![story]), json!({}), Audience::Researcher)
}

#[test]
fn anchors_are_matched_by_key() {
    let answer = old_story(json!({
        "tri": answered(json!({"shares": [0.7, 0.2, 0.1]})), // left, right, top
        "dy": answered(json!({"position": 0.25})),           // high to low
    }));
    assert_eq!(of(&answer, "tri").triad.as_ref().unwrap().arithmetic_centre, Some(vec![0.1, 0.7, 0.2]));
    assert_eq!(of(&answer, "dy").dyad.as_ref().unwrap().median, Some(0.75));
}

#[test]
fn parts_that_are_no_longer_there_were_not_asked() {
    let answer = old_story(json!({
        "sc": answered(json!({"point": "0"})),
        "single": answered(json!({"options": ["w"]})),
        "multi": answered(json!({"options": ["p", "other"]})),
        "cv": answered(json!({"stones": [{"key": "three", "x": 0.5, "y": 0.5}]})),
        "coach-only": answered(json!({"position": 0.5})), // another kind
    }));
    for key in ["sc", "single", "multi", "cv", "coach-only", "words"] {
        let summary = of(&answer, key);
        assert_eq!((summary.n, summary.not_asked), (Some(0), Some(1)), "{key}");
    }
}

#[test]
fn several_options_do_not_fit_a_choice_that_now_takes_one() {
    let taken = |options: Value| old_story(json!({"single": answered(json!({"options": options}))}));
    assert_eq!(of(&taken(json!(["x", "y"])), "single").not_asked, Some(1));
    assert_eq!(of(&taken(json!(["y"])), "single").n, Some(1));
}

#[test]
fn parts_that_are_still_there_keep_their_meaning() {
    let answer = old_story(json!({
        "sc": answered(json!({"point": "3"})), // the third and last point then, the middle one now
        "multi": answered(json!({"options": ["p"]})),
        "cv": answered(json!({"stones": [{"key": "three", "x": 0.5, "y": 0.5}, {"key": "one", "x": 0.25, "y": 1}]})),
        "gone": answered(json!({"position": 0.5})),
        "age": answered(json!({"options": ["old"]})),
    }));
    assert_eq!(of(&answer, "sc").scale.as_ref().unwrap().median, Some(3.0));
    let stones = &of(&answer, "cv").stones.as_ref().unwrap().stones;
    assert_eq!((&stones[0].centroid, stones[1].n), (&Some(vec![0.25, 1.0]), Some(0)));
    assert_eq!(stones[0].grid, Some(vec![0, 0, 0, 0, 0, 0, 1, 0, 0]));
    for (key, option) in [("multi", "p"), ("age", "old")] {
        let taken = of(&answer, key).choice.clone().unwrap().options.into_iter().find(|o| o.key == option).unwrap();
        assert_eq!(taken.counted.count, Some(1), "{key}");
    }
    assert_eq!(of(&answer, "gone").n, Some(1), "the newest version that has it is the old one");
    assert_eq!(answer.summaries.last().unwrap().signifier, "gone", "and comes last");
}
