//! How long it takes to build a snapshot, to extend it and to summarise every signifier, beside a plain Rust loop over
//! the parsed stories that counts the same: `cargo bench --bench summary`.

mod baseline;
mod generate;

use std::time::{Duration, Instant};

use duiding::analysis::protect::Viewer;
use duiding::analysis::snapshot::Snapshot;
use duiding::analysis::summary::{SummaryAnswer, summarise};
use duiding::domain::disclosure::Thresholds;
use duiding::domain::lens::Lens;
use duiding::domain::role::Audience;
use serde_json::json;

fn main() {
    for stories in [10_000, 100_000] {
        measure(stories);
    }
}

fn measure(stories: usize) {
    let records = generate::records(stories + 100);
    let shape = generate::shape();
    let bytes: usize = records.iter().map(|r| r.facts.len()).sum();
    println!("{stories} stories, {} signifiers, {:.0} MB of facts", generate::signifiers(), bytes as f64 / 1e6);

    let (first, added) = records.split_at(stories);
    let build = || {
        let mine = first.to_vec();
        timed(|| Snapshot::build(1, shape.clone(), mine).expect("records of the domain"))
    };
    let (snapshot, once) = build();
    let built = median((0..4).map(|_| build().1).chain([once]).collect());
    line("snapshot, with the JSON parse", built, None);
    let extend = || {
        let mine = added.to_vec();
        timed(|| snapshot.extend(2, mine).expect("records of the domain")).1
    };
    line("extended by 100 stories", median((0..20).map(|_| extend()).collect()), None);

    let parsed = baseline::parse(first);
    for (name, lens, audience) in [
        ("all stories, researcher", json!({}), Audience::Researcher),
        ("one wave and perspective, researcher", json!({"waves": ["1"], "perspectives": ["candidate"]}), Audience::Researcher),
        (
            "two waves, one trajectory, workgroup",
            json!({"waves": ["1", "2"], "attributes": {"trajectory": ["temporary-job"]}}),
            Audience::Workgroup,
        ),
    ] {
        let lens: Lens = serde_json::from_value(lens).expect("a lens");
        let viewer = Viewer { audience, thresholds: Thresholds::default() };
        let mut answers: Vec<(SummaryAnswer, Duration)> =
            (0..20).map(|_| timed(|| summarise(&snapshot, &lens, viewer, None))).collect();
        let ours = median(answers.iter().map(|a| a.1).collect());
        let plain: Vec<_> = (0..3).map(|_| timed(|| baseline::summarise(&parsed, &lens))).collect();
        baseline::assert_same(&answers.remove(0).0, &plain[0].0);
        line(&format!("summary of {name}"), ours, Some(median(plain.iter().map(|p| p.1).collect())));
    }
    println!();
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn line(what: &str, ours: Duration, plain: Option<Duration>) {
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    let ratio = plain.map_or_else(String::new, |p| format!("   plain loop {:8.2} ms, {:.1} times ours", ms(p), ms(p) / ms(ours)));
    println!("  {what:55} {:8.2} ms{ratio}", ms(ours));
}
