//! What a workgroup is not told.

use serde_json::{Value, json};

use super::study::{answered, ask, of, record, snapshot};
use crate::analysis::record::StoryRecord;
use crate::domain::disclosure::Suppressed;
use crate::domain::role::Audience;

/// Stories by different candidates whose answers differ.
fn candidates(people: std::ops::Range<u32>, group: &str) -> Vec<StoryRecord> {
    let story = |person: u32| {
        let position = f64::from(person % 7) / 7.0;
        let option = ["x", "y", "z"][person as usize % 3];
        let placements = json!({
            "dy": answered(json!({"position": position})),
            "single": answered(json!({"options": [option]})),
            "cv": answered(json!({"stones": [{"key": "one", "x": position, "y": 0.5}]})),
        });
        let mut story = record(person, placements);
        story.attributes = vec![("group".into(), group.into())];
        story
    };
    people.map(story).collect()
}

fn by_coach(person: u32, coach: u32) -> StoryRecord {
    let mut story = candidates(person..person + 1, "a").remove(0);
    story.id = uuid::Uuid::from_u128(story.id.as_u128() + 1);
    (story.perspective, story.teller) = ("coach".into(), Some(format!("coach-{coach}")));
    story
}

fn in_wave(mut story: StoryRecord, wave: &str) -> StoryRecord {
    story.id = uuid::Uuid::from_u128(story.id.as_u128() + 100 * wave.parse::<u128>().unwrap());
    story.wave = wave.into();
    story
}

fn is_shown(records: &[StoryRecord], lens: Value) -> bool {
    ask(&snapshot(records.to_vec()), lens, Audience::Workgroup).suppressed.is_none()
}

#[test]
fn ten_participants_are_shown_and_nine_are_not() {
    assert!(is_shown(&candidates(0..10, "a"), json!({})));
    assert!(!is_shown(&candidates(0..9, "a"), json!({})));
    let mut nine = candidates(0..9, "a");
    nine.push(in_wave(nine[0].clone(), "2"));
    assert!(!is_shown(&nine, json!({})), "ten stories of nine people");
}

#[test]
fn a_withheld_answer_holds_no_number() {
    let snapshot = snapshot(candidates(0..9, "a"));
    let answer = ask(&snapshot, json!({}), Audience::Workgroup);
    assert_eq!(answer.suppressed, Some(Suppressed::SmallCell));
    let mut told = json!(answer);
    assert_eq!((told["change"].take(), told["lens"].take()["exploratory"].take()), (json!(1), json!(false)));
    for zones in told["summaries"].as_array_mut().unwrap().iter_mut().filter_map(|s| s.pointer_mut("/triad/zones")) {
        zones.as_array_mut().unwrap().iter_mut().for_each(|z| z["areaShare"] = Value::Null); // the same for everybody
    }
    let mut waiting = vec![&told];
    while let Some(value) = waiting.pop() {
        assert!(!value.is_number() && !value.is_boolean(), "{value}");
        waiting.extend(value.as_array().into_iter().flatten());
        waiting.extend(value.as_object().into_iter().flat_map(|o| o.values()));
    }
    assert_eq!(ask(&snapshot, json!({}), Audience::Researcher).stories, Some(9));
}

#[test]
fn five_people_outside_are_enough_and_four_are_not() {
    let lens = json!({"attributes": {"group": ["a"]}});
    let with = |others: u32| [candidates(0..12, "a"), candidates(12..12 + others, "b")].concat();
    assert!(!is_shown(&with(4), lens.clone()));
    assert!(is_shown(&with(5), lens.clone()));
    assert!(is_shown(&with(0), lens));
}

#[test]
fn a_value_that_few_have_cannot_be_subtracted() {
    let all = |of_b: u32| [candidates(0..12, "a"), candidates(12..12 + of_b, "b"), candidates(30..40, "c")].concat();
    let lens = json!({"attributes": {"group": ["a", "b"]}});
    assert!(!is_shown(&all(4), lens.clone()), "'a and b' less 'a' is four people");
    assert!(is_shown(&all(5), lens));
}

#[test]
fn two_people_who_told_again_cannot_be_subtracted() {
    let told_twice = |again: usize| {
        let first = candidates(0..14, "a");
        let second: Vec<_> = first[..again].iter().map(|s| in_wave(s.clone(), "2")).collect();
        [first, second].concat()
    };
    let lens = json!({"waves": ["1"]});
    assert!(!is_shown(&told_twice(2), lens.clone()), "all waves have the same participants, but two stories more");
    assert!(is_shown(&told_twice(5), lens.clone()));
    assert!(is_shown(&told_twice(0), lens));
    assert!(!is_shown(&told_twice(2), json!({"waves": ["1", "2"]})), "less wave 1");
}

#[test]
fn two_coaches_are_withheld() {
    let told = |coaches: u32| (0..20).map(|p| by_coach(p, p % coaches)).chain(candidates(0..20, "a")).collect::<Vec<_>>();
    let lens = json!({"perspectives": ["coach"]});
    assert!(!is_shown(&told(2), lens.clone()));
    assert!(is_shown(&told(3), lens.clone()));
    assert!(!is_shown(&told(2), json!({})), "a mixture with them is withheld too");
    assert!(is_shown(&told(2), json!({"perspectives": ["candidate"]})));
}

#[test]
fn what_only_a_small_group_was_asked_is_withheld() {
    let asked = |coached: u32| {
        let by_coaches = (0..coached).map(|p| {
            let mut story = by_coach(p, p);
            story.facts = json!({"placements": {"coach-only": answered(json!({"point": (1 + p % 3).to_string()}))}}).to_string();
            story
        });
        let answer =
            ask(&snapshot(candidates(0..15, "a").into_iter().chain(by_coaches).collect()), json!({}), Audience::Workgroup);
        assert_eq!(answer.participants, Some(15));
        of(&answer, "coach-only").clone()
    };
    let (few, enough) = (asked(4), asked(10));
    assert_eq!((few.suppressed, few.n, few.not_asked), (Some(Suppressed::SmallCell), None, None));
    assert!(few.scale.unwrap().options.iter().all(|o| o.counted.count.is_none()));
    assert_eq!((enough.suppressed, enough.n, enough.not_asked), (None, Some(10), Some(15)));
    assert!(asked(13).suppressed.is_some(), "all less those whom a coach told about are two");
}

#[test]
fn below_a_hundred_people_one_attribute_at_a_time() {
    let mut records = [candidates(0..20, "a"), candidates(20..40, "b")].concat();
    records.iter_mut().for_each(|r| r.attributes.push(("phase".into(), "early".into())));
    let lens = json!({"attributes": {"group": ["a"], "phase": ["early"]}});
    assert!(!is_shown(&records, lens.clone()));
    let mut many = [candidates(0..20, "a"), candidates(20..100, "b")].concat();
    many.iter_mut().for_each(|r| r.attributes.push(("phase".into(), "early".into())));
    assert!(is_shown(&many, lens));
}

#[test]
fn an_empty_list_and_an_unknown_value_select_all_and_nothing() {
    let records = candidates(0..10, "a");
    assert!(is_shown(&records, json!({"waves": [], "perspectives": [], "attributes": {"group": []}})));
    assert!(!is_shown(&records, json!({"waves": ["9"]})));
    assert!(!is_shown(&records, json!({"attributes": {"unheard-of": ["a"]}})));
}

#[test]
fn a_question_that_nearly_all_answer_alike_is_withheld_alone() {
    let with = |others: u32| {
        let mut records = candidates(0..12, "a");
        for (i, story) in records.iter_mut().enumerate() {
            let option = if (i as u32) < others { "y" } else { "x" };
            story.facts = json!({"placements": {
                "single": answered(json!({"options": [option]})),
                "multi": answered(json!({"options": if option == "x" { json!(["p"]) } else { json!(["q"]) }})),
                "dy": answered(json!({"position": i as f64 / 11.0}))}})
            .to_string();
        }
        ask(&snapshot(records), json!({}), Audience::Workgroup)
    };
    for key in ["single", "multi"] {
        let (two, three) = (with(2), with(3));
        assert_eq!(of(&two, key).suppressed, Some(Suppressed::SmallCell), "{key}");
        assert_eq!(of(&two, key).n, Some(12), "who answered is no answer");
        assert!(of(&two, key).choice.as_ref().unwrap().options.iter().all(|o| o.counted.count.is_none()));
        assert_eq!(of(&three, key).suppressed, None, "{key}");
        assert_eq!(of(&three, key).choice.as_ref().unwrap().options[0].counted.count, Some(9));
    }
    assert!(of(&with(2), "dy").dyad.as_ref().unwrap().median.is_some());
    assert_eq!(of(&with(2), "tri").suppressed, None, "nobody answered: nothing to withhold");
}

#[test]
fn medians_need_ten_people() {
    let with = |answers: usize| {
        let mut records = candidates(0..14, "a");
        records[answers..].iter_mut().for_each(|r| r.facts = json!({"placements": {}}).to_string());
        ask(&snapshot(records), json!({}), Audience::Workgroup)
    };
    let dyad = |answers| of(&with(answers), "dy").dyad.clone().unwrap();
    assert_eq!((dyad(9).median, dyad(9).q1, dyad(9).q3), (None, None, None));
    assert!(dyad(9).histogram.is_some());
    assert!(dyad(10).median.is_some() && dyad(10).q1.is_some());
    let stone = |answers| of(&with(answers), "cv").stones.clone().unwrap().stones.remove(0);
    assert!(stone(9).median.is_none() && stone(9).centroid.is_some());
    assert!(stone(10).median.is_some());
}

#[test]
fn external_researchers_count_released_stories_only() {
    let mut records = candidates(0..12, "a");
    records[3..].iter_mut().for_each(|r| r.released = false);
    let answer = ask(&snapshot(records), json!({}), Audience::ExternalResearcher);
    assert_eq!((answer.stories, answer.participants, of(&answer, "dy").n), (Some(3), Some(3), Some(3)));
}
