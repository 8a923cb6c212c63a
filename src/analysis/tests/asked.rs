//! Who was asked what.

use serde_json::json;

use super::study::{answered, ask, of, record, shape, snapshot, viewer};
use crate::analysis::record::FrameError;
use crate::analysis::snapshot::Snapshot;
use crate::analysis::summary::summarise;
use crate::domain::lens::Lens;
use crate::domain::role::Audience;

#[test]
fn a_question_for_another_perspective_is_not_asked_and_an_absent_answer_is_skipped() {
    let mut coach = record(2, json!({}));
    coach.perspective = "coach".into();
    let answer = ask(&snapshot(vec![record(1, json!({})), coach]), json!({}), Audience::Researcher);
    let only = of(&answer, "coach-only");
    assert_eq!((only.skipped, only.not_asked, only.n), (Some(1), Some(1), Some(0)));
    assert_eq!(of(&answer, "dy").skipped, Some(2));
    assert_eq!(of(&answer, "gone").not_asked, Some(2), "not in that version");
}

#[test]
fn what_a_hidden_question_holds_is_no_answer() {
    let position = answered(json!({"position": 0.5}));
    let took = |option: &str| answered(json!({"options": [option]}));
    let shown = record(1, json!({"single": took("x"), "follow": position}));
    let hidden = record(2, json!({"single": took("y"), "follow": position}));
    let silent = record(3, json!({"single": {"state": "notApplicable"}, "follow": position}));
    let passed = record(4, json!({"single": took("x")}));
    let answer = ask(&snapshot(vec![shown, hidden, silent, passed]), json!({}), Audience::Researcher);
    let follow = of(&answer, "follow");
    assert_eq!((follow.n, follow.not_asked, follow.skipped), (Some(1), Some(2), Some(1)));
}

#[test]
fn what_a_hidden_choice_holds_opens_no_other_question() {
    let took = |option: &str| answered(json!({"options": [option]}));
    let behind = answered(json!({"point": "1"}));
    let open = record(1, json!({"single": took("x"), "gate": took("yes"), "behind": behind}));
    let shut = record(2, json!({"single": took("z"), "gate": took("yes"), "behind": behind}));
    let answer = ask(&snapshot(vec![open, shut]), json!({}), Audience::Researcher);
    assert_eq!((of(&answer, "behind").n, of(&answer, "behind").not_asked), (Some(1), Some(1)));
}

#[test]
fn all_parts_of_a_condition_must_hold() {
    let multi = answered(json!({"options": ["r", "q"]}));
    let mut coach = record(2, json!({"multi": multi}));
    coach.perspective = "coach".into();
    let other = record(3, json!({"multi": answered(json!({"options": ["r"]}))}));
    let answer = ask(&snapshot(vec![record(1, json!({"multi": multi})), coach, other]), json!({}), Audience::Researcher);
    let deeper = of(&answer, "deeper");
    assert_eq!((deeper.skipped, deeper.not_asked), (Some(1), Some(2)));
}

#[test]
fn a_background_question_holds_for_all_stories_of_the_participant() {
    let took = |option: &str| answered(json!({"options": [option]}));
    let first = record(1, json!({"age": took("old")}));
    let mut later = record(1, json!({}));
    (later.id, later.wave) = (uuid::Uuid::from_u128(7), "2".into());
    let mut coach = later.clone();
    (coach.id, coach.perspective) = (uuid::Uuid::from_u128(8), "coach".into());
    let silent = record(2, json!({}));
    let snapshot = snapshot(vec![first, later, coach, silent]);
    let answer = ask(&snapshot, json!({}), Audience::Researcher);
    let age = of(&answer, "age");
    assert_eq!((age.n, age.not_asked, age.skipped), (Some(1), Some(2), Some(1)), "asked once");
    let old = ask(&snapshot, json!({"attributes": {"age": ["old"]}}), Audience::Researcher);
    assert_eq!((old.stories, old.participants, old.repeated), (Some(3), Some(1), Some(true)));
}

#[test]
fn a_sensitive_question_is_summarised_but_selects_nothing() {
    let secret = record(1, json!({"secret": answered(json!({"options": ["s1"]}))}));
    let snapshot = snapshot(vec![secret]);
    let all = ask(&snapshot, json!({}), Audience::Researcher);
    assert_eq!(of(&all, "secret").n, Some(1));
    let none = ask(&snapshot, json!({"attributes": {"secret": ["s1"]}}), Audience::Researcher);
    assert_eq!(none.stories, Some(0));
}

#[test]
fn facts_that_cannot_be_read_name_the_story_but_not_what_it_says() {
    let mut record = record(1, json!({}));
    record.facts = r#"{"placements":{"dy":{"state":"answered","value":{"position":"Jan"}}}}"#.into();
    let id = record.id;
    let error = Snapshot::build(1, shape(), vec![record.clone()]).unwrap_err();
    assert!(error.to_string().contains(&id.to_string()) && !error.to_string().contains("Jan"), "{error}");
    record.framework_version = 9;
    let error = Snapshot::build(1, shape(), vec![record]).unwrap_err();
    assert_eq!(error, FrameError::UnknownFramework { story: id, version: 9 });
}

#[test]
fn a_teller_with_the_id_of_a_participant_is_somebody_else() {
    let about = record(1, json!({}));
    let mut own_work = record(2, json!({}));
    (own_work.participant, own_work.teller) = (None, about.participant.clone());
    let mut again = own_work.clone();
    again.id = uuid::Uuid::from_u128(9);
    let mut nameless = record(3, json!({}));
    (nameless.participant, nameless.teller) = (None, None);
    let answer = ask(&snapshot(vec![about, own_work, again, nameless]), json!({}), Audience::Researcher);
    assert_eq!((answer.stories, answer.participants), (Some(4), Some(3)));
}

#[test]
fn only_the_signifiers_that_are_asked_for_are_summarised() {
    let only = ["sc", "unheard-of", "tri"].map(String::from);
    let snapshot = snapshot(vec![record(1, json!({}))]);
    let answer = summarise(&snapshot, &Lens::default(), viewer(Audience::Researcher), Some(&only));
    assert_eq!(answer.summaries.iter().map(|s| s.signifier.as_str()).collect::<Vec<_>>(), ["tri", "sc"]);
}
