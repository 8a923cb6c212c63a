//! How long the analysis takes beside the same screen written with pandas and SciPy: `cargo bench --bench analysis`.
//!
//! Every study has one layer and one story a participant. `BENCH_PYTHON` names a Python with numpy, pandas and scipy (that
//! on the path when absent); without one there is no baseline and the benchmark says so. `BENCH_LARGE=0` leaves out the
//! study of a million stories.

mod generate;
mod screen;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use duiding::analysis::protect::Viewer;
use duiding::analysis::report::{Report, Section, Settings, report};
use duiding::analysis::snapshot::Snapshot;
use duiding::analysis::summary::summarise;
use duiding::domain::disclosure::Thresholds;
use duiding::domain::lens::Lens;
use duiding::domain::role::Audience;
use serde_json::json;

const FAST: [Section; 2] = [Section::Summaries, Section::Pairs];
const RESEARCHER: Viewer = Viewer { audience: Audience::Researcher, thresholds: Thresholds { population: 1, cell: 1 } };

fn main() {
    let small = Study::new(500, 23);
    small.beside_python();
    small.time("pairs with drawn p-values (at most 9,999, stopped early)", &settings(&[Section::Pairs], false));
    for section in Section::ALL {
        small.time(&format!("only {section:?}, drawn"), &settings(&[section], false));
    }
    small.time("everything: densities, bootstraps, groups, all drawn", &settings(&Section::ALL, false));
    let middle = Study::new(10_000, 40);
    middle.beside_python();
    middle.lens_changes();
    if std::env::var("BENCH_LARGE").is_ok_and(|large| large == "0") {
        return;
    }
    let large = Study::new(1_000_000, 20);
    large.lens_changes();
    large.time("summaries and pairs by formula", &settings(&FAST, true));
    println!("  most resident memory so far: {:.0} MiB", screen::most_resident_mib());
}

fn settings(sections: &[Section], asymptotic: bool) -> Settings {
    Settings { sections: BTreeSet::from_iter(sections.iter().copied()), asymptotic, ..Settings::default() }
}

struct Study {
    answers: Vec<generate::Answers>,
    snapshot: Snapshot,
}

impl Study {
    fn new(stories: usize, signifiers: usize) -> Self {
        let answers = generate::answers(stories, signifiers);
        let records = generate::records(&answers, stories);
        let (snapshot, built) = timed(|| Snapshot::build(1, generate::shape(&answers), records).expect("records of the domain"));
        println!("{stories} stories x {signifiers} signifiers; snapshot in {:.2} s", built.as_secs_f64());
        Self { answers, snapshot }
    }

    /// Times a report; the first run counts, as it does for whoever asks.
    fn time(&self, what: &str, settings: &Settings) -> (Report, Duration) {
        let (found, took) = timed(|| report(&self.snapshot, settings, RESEARCHER, None));
        println!("  {what:60} {:10.1} ms  ({} pairs)", took.as_secs_f64() * 1e3, found.pairs.len());
        (found, took)
    }

    /// The screen by formula beside pandas and SciPy, which must find the same.
    fn beside_python(&self) {
        let (found, took) = self.time("summaries and pairs by formula", &settings(&FAST, true));
        match screen::python(&self.answers, &found) {
            Ok(screen) => println!(
                "  the same with pandas and SciPy {:38.1} ms: {:.0} times as long; {}",
                screen.seconds * 1e3,
                screen.seconds / took.as_secs_f64(),
                screen.compared
            ),
            Err(why) => println!("  NO BASELINE: {why}"),
        }
    }

    /// Fast summaries of one lens after another, as when somebody clicks through the options.
    fn lens_changes(&self) {
        let lens = |option: &str| -> Lens { serde_json::from_value(json!({"attributes": {"group": [option]}})).expect("a lens") };
        let mut times: Vec<Duration> =
            (0..15).map(|i| timed(|| summarise(&self.snapshot, &lens(["a", "b", "c"][i % 3]), RESEARCHER, None)).1).collect();
        times.sort();
        let ms = |d: Duration| d.as_secs_f64() * 1e3;
        println!("  another lens, fast summaries: median {:.1} ms, slowest of 15 {:.1} ms", ms(times[7]), ms(times[14]));
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}
