//! Every planted pattern shows by simple means, and the noise stays noise.

use std::collections::BTreeMap;

use serde_json::Value;

use super::planted::{COACH_GAP, CONFIDENCE_RISE, NOISE, PATTERNS, outlier_ids};
use super::tests::{SAMPLES, framework, member, sample};
use super::{DemoStory, DemoStudy};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=SAMPLES;

/// A story beside what is known of its participant.
struct Row<'a> {
    story: &'a DemoStory,
    trajectory: &'a str,
    exit: &'a str,
    background: BTreeMap<&'a str, &'a str>,
}

impl Row<'_> {
    fn is(&self, name: &str, value: &str) -> bool {
        member(self.story, name) == value
    }

    fn value(&self, key: &str) -> &Value {
        &self.story.body["placements"][key]["value"]
    }

    fn state(&self, key: &str) -> Option<&str> {
        self.story.body["placements"][key]["state"].as_str()
    }

    /// A position, the number of a point, or the first share.
    fn number(&self, key: &str) -> Option<f64> {
        let value = self.value(key);
        let point = value["point"].as_str().and_then(|point| point.parse().ok());
        value["position"].as_f64().or(point).or_else(|| value["shares"][0].as_f64())
    }

    fn share(&self, key: &str, part: usize) -> Option<f64> {
        self.value(key)["shares"][part].as_f64()
    }

    fn stone(&self, key: &str, axis: &str) -> Option<f64> {
        let stones = self.value("health")["stones"].as_array()?;
        stones.iter().find(|stone| stone["key"] == key)?[axis].as_f64()
    }
}

fn rows(study: &DemoStudy) -> Vec<Row<'_>> {
    let mut background: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for story in &study.stories {
        let asked = story.body["background"].as_object().into_iter().flatten();
        let answers = asked.filter_map(|(key, placement)| Some((key.as_str(), placement["value"]["options"][0].as_str()?)));
        background.entry(member(story, "participant")).or_default().extend(answers);
    }
    let row = |story| {
        let code = member(story, "participant");
        let participant = study.participants.iter().find(|participant| participant.code == code);
        Row {
            story,
            trajectory: participant.and_then(|p| p.attributes.get("trajectory")).map_or("", String::as_str),
            exit: participant.and_then(|p| p.exit_reason).unwrap_or_default(),
            background: background.get(code).cloned().unwrap_or_default(),
        }
    };
    study.stories.iter().map(row).collect()
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let all: Vec<f64> = numbers.collect();
    assert!(all.len() >= 5, "only {} numbers", all.len());
    all.iter().sum::<f64>() / all.len() as f64
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (mx, my) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let sum = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>();
    let (xx, yy) = (sum(&|p| (p.0 - mx).powi(2)), sum(&|p| (p.1 - my).powi(2)));
    sum(&|p| (p.0 - mx) * (p.1 - my)) / (xx * yy).sqrt()
}

/// Checks something of the rows of several studies, each on its own.
fn in_every_study(check: impl Fn(&[Row])) {
    SEEDS.for_each(|seed| check(&rows(sample(seed))));
}

/// The average over several studies.
fn over_studies(figure: impl Fn(&[Row]) -> f64) -> f64 {
    mean(SEEDS.map(|seed| figure(&rows(sample(seed)))))
}

#[test]
fn confidence_rises_within_people_in_temporary_job_only() {
    let rise = |rows: &[Row], trajectory: &str| {
        let at = |wave: &str| -> BTreeMap<String, f64> {
            let told =
                rows.iter().filter(|r| r.trajectory == trajectory && r.is("wave", wave) && r.is("perspective", "candidate"));
            told.filter_map(|r| Some((member(r.story, "participant").to_owned(), r.number("confidence")?))).collect()
        };
        let last = at("3");
        mean(at("1").iter().filter_map(|(code, first)| Some(last.get(code)? - first)))
    };
    in_every_study(|rows| assert!(rise(rows, "temporary-job") > 0.12 && rise(rows, "work-learning").abs() < 0.12));
    let [job, learning] = ["temporary-job", "work-learning"].map(|t| over_studies(|rows| rise(rows, t)));
    assert!((job - 2.0 * CONFIDENCE_RISE.size).abs() < 0.05 && learning.abs() < 0.05, "{job} {learning}");
}

#[test]
fn coaches_see_less_confidence_than_candidates() {
    let seen =
        |rows: &[Row], view: &str| mean(rows.iter().filter(|r| r.is("perspective", view)).filter_map(|r| r.number("confidence")));
    let gap = |rows: &[Row], view: &str| seen(rows, "candidate") - seen(rows, view);
    in_every_study(|rows| assert!(gap(rows, "job-coach") > 0.06 && gap(rows, "case-manager").abs() < 0.05));
    let usual = over_studies(|rows| gap(rows, "job-coach"));
    assert!((usual - COACH_GAP.size).abs() < 0.03, "{usual}");
}

#[test]
fn tone_goes_with_home_for_candidates() {
    in_every_study(|rows| {
        for wave in ["1", "2", "3"] {
            let told = rows.iter().filter(|r| r.is("wave", wave));
            let pairs: Vec<_> = told.filter_map(|r| Some((r.number("home")?, r.number("tone")?))).collect();
            assert!(correlation(&pairs) > 0.4, "wave {wave}: {}", correlation(&pairs));
        }
    });
}

#[test]
fn competence_has_a_main_and_a_minority_corner() {
    in_every_study(|rows| {
        let told = rows.iter().filter(|r| r.share("competence", 0).is_some()).count() as f64;
        let corner = |part| rows.iter().filter(|r| r.share("competence", part).is_some_and(|s| s >= 0.6)).count() as f64 / told;
        assert!((0.38..0.68).contains(&corner(0)), "work {}", corner(0));
        assert!((0.08..0.32).contains(&corner(2)), "time {}", corner(2));
        assert!(corner(1) < 0.06, "people {}", corner(1));
    });
}

#[test]
fn public_transport_costs_effort() {
    in_every_study(|rows| {
        let public = |r: &Row| r.value("transport")["options"][0] == "public-transport";
        let told = |by_public: bool| {
            let rows = rows.iter().filter(|r| r.state("transport") == Some("answered") && public(r) == by_public);
            mean(rows.filter_map(|r| r.number("transport-effort")))
        };
        let gap = told(false) - told(true);
        assert!((1.1..1.9).contains(&gap), "{gap}");
    });
}

#[test]
fn language_is_too_hard_for_newcomers() {
    in_every_study(|rows| {
        let of = |newcomer: bool| {
            let years = |r: &&Row| r.background.get("years-in-country").map(|y| ["years-under-2", "years-2-4"].contains(y));
            mean(rows.iter().filter(|r| years(r) == Some(newcomer)).filter_map(|r| r.number("language-around")))
        };
        let gap = of(false) - of(true);
        assert!((0.18..0.36).contains(&gap), "{gap}");
    });
}

#[test]
fn who_stopped_had_less_contact_at_the_first_wave() {
    in_every_study(|rows| {
        let of = |stopped: bool| {
            let first = rows.iter().filter(|r| r.is("wave", "1") && r.is("perspective", "candidate"));
            mean(first.filter(|r| (r.exit == "stopped") == stopped).filter_map(|r| r.stone("contact", "x")))
        };
        let gap = of(false) - of(true);
        assert!((0.22..0.46).contains(&gap), "{gap}");
    });
}

#[test]
fn culture_has_two_camps() {
    in_every_study(|rows| {
        let all: Vec<f64> = rows.iter().filter_map(|r| r.number("culture")).collect();
        let within = |low: f64, high: f64| all.iter().filter(|at| (low..high).contains(*at)).count() as f64 / all.len() as f64;
        assert!(within(0.0, 0.35) > 0.4 && within(0.55, 1.1) > 0.25 && within(0.38, 0.52) < 0.1);
    });
}

#[test]
fn days_differ_by_trajectory() {
    in_every_study(|rows| {
        let of = |t: &str, part| mean(rows.iter().filter(|r| r.trajectory == t).filter_map(|r| r.share("meaningful-days", part)));
        assert!(of("temporary-job", 0) - of("work-learning", 0) > 0.15);
        assert!(of("work-learning", 1) - of("temporary-job", 1) > 0.15);
    });
}

#[test]
fn fitting_work_is_often_not_about_work_learning() {
    in_every_study(|rows| {
        let of = |t: &str| {
            mean(rows.iter().filter(|r| r.trajectory == t).map(|r| f64::from(r.state("fitting-work") == Some("notApplicable"))))
        };
        assert!(of("work-learning") - of("temporary-job") > 0.1);
    });
}

#[test]
fn case_managers_do_not_know_the_journey() {
    in_every_study(|rows| {
        let of = |view: &str| {
            mean(
                rows.iter()
                    .filter(|r| r.is("perspective", view))
                    .map(|r| f64::from(r.state("transport-effort") == Some("unknown"))),
            )
        };
        assert!(of("case-manager") - of("job-coach") > 0.12);
    });
}

#[test]
fn the_outliers_are_there_and_unlike_the_rest() {
    for seed in SEEDS {
        let study = sample(seed);
        let ids = outlier_ids(study);
        assert_eq!(ids.len(), 3);
        let rows = rows(study);
        for id in ids {
            let row = rows.iter().find(|r| r.story.id == id).expect("the story");
            assert!(
                row.share("competence", 1).is_some_and(|people| people > 0.9) && row.number("culture").is_some_and(|at| at > 0.9)
            );
        }
    }
}

#[test]
fn repeated_stories_of_one_person_are_alike() {
    let alike = over_studies(|rows| {
        let at = |wave: &str| -> BTreeMap<&str, f64> {
            let told = rows.iter().filter(|r| r.is("wave", wave) && r.is("perspective", "candidate"));
            told.filter_map(|r| Some((member(r.story, "participant"), r.number("money")?))).collect()
        };
        let second = at("2");
        let pairs: Vec<_> = at("1").iter().filter_map(|(code, first)| Some((*first, *second.get(code)?))).collect();
        correlation(&pairs)
    });
    assert!(alike > 0.15, "{alike}");
}

#[test]
fn noise_is_related_to_nothing() {
    for noise in ["money", "fitting-work", "influence"] {
        for other in ["tone", "confidence", "culture", "language-around", "transport-effort", "home"] {
            let related = over_studies(|rows| {
                let told = rows.iter().filter(|r| r.is("perspective", "candidate"));
                correlation(&told.filter_map(|r| Some((r.number(noise)?, r.number(other)?))).collect::<Vec<_>>())
            });
            assert!(related.abs() < 0.12, "{noise} and {other}: {related}");
        }
    }
}

#[test]
fn background_noise_does_not_move_confidence_or_tone() {
    for (key, option) in [("gender", "woman"), ("age-band", "age-40-54"), ("highest-school", "primary")] {
        for (signifier, most) in [("confidence", 0.04), ("tone", 0.25)] {
            let moved = over_studies(|rows| {
                let of = |has: bool| {
                    let told = rows
                        .iter()
                        .filter(|r| r.is("perspective", "candidate") && (r.background.get(key) == Some(&option)) == has);
                    mean(told.filter_map(|r| r.number(signifier)))
                };
                of(true) - of(false)
            });
            assert!(moved.abs() < most, "{key} moves {signifier} by {moved}");
        }
    }
}

#[test]
fn the_tables_name_what_the_framework_has() {
    let framework = framework();
    let keys: Vec<&str> = framework["signifiers"].as_array().into_iter().flatten().filter_map(|s| s["key"].as_str()).collect();
    assert!(NOISE.iter().all(|(key, what)| keys.contains(key) && !what.is_empty()));
    assert!(PATTERNS.iter().all(|p| p.size > 0.0 && !p.sentence.is_empty() && !p.planted.is_empty() && !p.unit.is_empty()));
    let mut names: Vec<&str> = PATTERNS.iter().map(|p| p.key).collect();
    names.dedup();
    assert_eq!(names.len(), PATTERNS.len());
}
