//! Canvases with stones, one stone at a time.

use polars::prelude::ChunkAgg;

use super::answer::{StoneSummary, StonesSummary};
use super::{Answers, tally};
use crate::analysis::cells::NO_BYTE;
use crate::analysis::protect::{self, MIN_FOR_MEDIAN};
use crate::analysis::stats::grid::CELLS;
use crate::analysis::stats::spatial_median::spatial_median;
use crate::analysis::units::distinct;
use crate::domain::disclosure::Suppressed;
use crate::domain::framework::Signifier;

/// The stones of a canvas; none: withheld.
pub fn stones(definition: &Signifier, answers: Option<&Answers<'_>>) -> StonesSummary {
    let stone = |(i, stone): (usize, &crate::domain::framework::Anchor)| match answers {
        Some(answers) => placed(&stone.key, answers, i),
        None => StoneSummary {
            key: stone.key.clone(),
            n: None,
            suppressed: None,
            centroid: None,
            median: None,
            grid: None,
            hotspots: None,
        },
    };
    StonesSummary { stones: definition.stones.iter().enumerate().map(stone).collect() }
}

fn placed(key: &str, answers: &Answers<'_>, stone: usize) -> StoneSummary {
    let [x, y] = [0, 1].map(|i| answers.numbers(3 * stone + i));
    let cells = answers.bytes(3 * stone + 2);
    let counts = &tally(cells)[..CELLS];
    let too_alike = answers.is_protected() && protect::is_too_alike(answers.units(), cells);
    let show_median = !too_alike && (!answers.is_protected() || people(answers, cells) >= MIN_FOR_MEDIAN);
    let centre = || Some(vec![x.mean()?, y.mean()?]);
    let median = || {
        let points: Vec<[f64; 2]> = x.iter().zip(y.iter()).filter_map(|(x, y)| Some([x?, y?])).collect();
        spatial_median(&points).map(Vec::from)
    };
    StoneSummary {
        key: key.to_owned(),
        n: Some(counts.iter().sum()),
        suppressed: too_alike.then_some(Suppressed::SmallCell),
        centroid: (!too_alike).then(centre).flatten(),
        median: show_median.then(median).flatten(),
        grid: (!too_alike).then(|| counts.to_vec()),
        hotspots: None,
    }
}

/// Units that placed the stone: a stone may be left out, so these are fewer than those with an answer.
fn people(answers: &Answers<'_>, cells: &[u8]) -> u32 {
    let placed = answers.units().iter().zip(cells).filter(|(_, cell)| **cell != NO_BYTE).map(|(unit, _)| *unit);
    distinct(placed, answers.selected.units)
}
