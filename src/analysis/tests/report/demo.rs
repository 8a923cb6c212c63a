//! What is planted in the demo study about who does not answer is found there.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::super::study::viewer;
use crate::analysis::record::{StoryRecord, StudyShape};
use crate::analysis::report::types::Of;
use crate::analysis::report::types::{Contrast, EvidenceClass};
use crate::analysis::report::{Report, Section, Settings, report};
use crate::analysis::snapshot::Snapshot;
use crate::demo;
use crate::domain::framework;
use crate::domain::role::Audience;

fn snapshot(seed: u64) -> Snapshot {
    let document: Value = serde_json::from_str(include_str!("../../../domain/templates/reference.json")).unwrap();
    let study = demo::study(&document, seed);
    let attributes: BTreeMap<&str, &BTreeMap<String, String>> =
        study.participants.iter().map(|p| (p.code.as_str(), &p.attributes)).collect();
    let record = |story: &demo::DemoStory| {
        let body = &story.body;
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        let participant = text("participant");
        let own = participant.as_deref().and_then(|code| attributes.get(code)).map(|a| (*a).clone()).unwrap_or_default();
        let mut placements = body["placements"].as_object().cloned().unwrap_or_default();
        placements.extend(body["background"].as_object().cloned().unwrap_or_default());
        StoryRecord {
            id: story.id,
            framework_version: 1,
            wave: text("wave").unwrap(),
            perspective: text("perspective").unwrap(),
            participant,
            teller: text("teller"),
            language: text("language").unwrap(),
            released: story.released,
            permitted: true,
            published: true,
            attributes: own.into_iter().collect(),
            facts: json!({"placements": placements, "attributes": body.get("attributes").cloned().unwrap_or(json!({}))})
                .to_string(),
        }
    };
    let framework = Arc::new(framework::parse(&document).unwrap_or_else(|p| panic!("{p}")));
    let waves = study.waves.iter().map(|w| w.key.clone()).collect();
    let shape = StudyShape { frameworks: BTreeMap::from([(1, framework)]), waves, published: 1 };
    Snapshot::build(0, shape, study.stories.iter().map(record).collect()).unwrap()
}

/// Contrasts of a few demo studies.
static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let settings = Settings { sections: [Section::Contrasts].into(), permutations: 199, ..Settings::default() };
    (1..=3).map(|seed| report(&snapshot(seed), &settings, viewer(Audience::Researcher), None)).collect()
});

fn silent<'a>(report: &'a Report, signifier: &'a str) -> impl Iterator<Item = &'a Contrast> {
    let is_it = move |c: &&Contrast| c.signifier == signifier && c.attribute == "trajectory" && c.of == Of::NotApplicable;
    report.states.contrasts.iter().filter(is_it)
}

#[test]
fn fitting_work_is_more_often_not_about_this_in_work_learning() {
    let (mut seen, mut sure) = (0, 0);
    for report in REPORTS.iter() {
        for contrast in silent(report, "fitting-work") {
            let difference = contrast.difference.as_ref().unwrap();
            assert_eq!((difference.a.as_str(), difference.b.as_str()), ("temporary-job", "work-learning"));
            let count = |i: usize| f64::from(contrast.counts[i].count) / f64::from(contrast.counts[i].n);
            assert!((difference.value.unwrap() - (count(0) - count(1))).abs() < 1e-12);
            seen += 1;
            sure += u32::from(contrast.relation.p.unwrap() < 0.05 && difference.value.unwrap() < 0.0);
            let said = &contrast.relation.sentence.en;
            let counted = format!("by {} of {} in", contrast.counts[0].count, contrast.counts[0].n);
            assert!(said.starts_with("'Not about this' was chosen at") && said.contains(&counted), "{said}");
        }
    }
    assert!(seen >= 9 && 3 * sure >= seen, "{sure} of {seen}");
}

#[test]
fn who_said_so_is_a_finding_of_its_own() {
    let found: Vec<_> = REPORTS.iter().flat_map(|r| &r.findings).filter(|f| f.of == Of::NotApplicable).collect();
    assert!(found.iter().any(|f| f.signifiers == ["fitting-work", "trajectory"]), "{found:#?}");
    assert!(found.iter().all(|f| f.evidence >= EvidenceClass::WorthExploring && f.plot["counts"].is_array()));
    for report in REPORTS.iter() {
        let mut ids: Vec<&str> = report.findings.iter().map(|f| f.id.as_str()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "a finding about answers and one about 'not about this' differ in id");
    }
}
