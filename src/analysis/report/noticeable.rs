//! How many people moved noticeably: by what was decided beforehand to matter in somebody's life (analysis.md, section 4.5).
//! Single placements have no known reliability, so no 'reliable change' is computed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::followed::Answer;
use super::variable::Values;
use crate::analysis::stats::plane;

/// Rounding that a difference may have suffered.
const EPSILON: f64 = 1e-9;

/// The smallest moves that count as noticeable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Thresholds {
    /// On a dyad, of its length.
    #[schema(minimum = 0, maximum = 1, example = 0.1)]
    pub dyad: f64,
    /// On a scale, in points.
    #[schema(minimum = 0, example = 1.0)]
    pub scale: f64,
    /// On a triad or canvas, of its side.
    #[schema(minimum = 0, maximum = 1, example = 0.15)]
    pub dots: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { dyad: 0.1, scale: 1.0, dots: 0.15 }
    }
}

/// People who moved by at least the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Noticeable {
    /// The smallest move that counts: of the length of a dyad, in points of a scale, of the side of a triad or canvas.
    #[schema(minimum = 0, example = 0.1)]
    pub from: f64,
    /// People who moved so far or farther.
    #[schema(minimum = 0, example = 22)]
    pub moved: u32,
    /// How many of them moved up; null for dots, which have no up.
    #[schema(minimum = 0, example = 15)]
    pub up: Option<u32>,
    /// How many of them moved down; null for dots.
    #[schema(minimum = 0, example = 7)]
    pub down: Option<u32>,
}

/// How many of these people moved noticeably; none of categories, where every other answer is another one.
pub fn noticeable(values: &Values, both: &[(u32, Answer, Answer)], thresholds: Thresholds) -> Option<Noticeable> {
    let count = |is: &dyn Fn(&Answer, &Answer) -> bool| both.iter().filter(|(_, a, b)| is(a, b)).count() as u32;
    let ordered = |from: f64| {
        let step = |a: &Answer, b: &Answer| b.number().zip(a.number()).map_or(0.0, |(b, a)| b - a);
        let up = count(&|a, b| step(a, b) >= from - EPSILON);
        let down = count(&|a, b| step(b, a) >= from - EPSILON);
        Noticeable { from, moved: up + down, up: Some(up), down: Some(down) }
    };
    match values {
        Values::Slider(_) => Some(ordered(thresholds.dyad)),
        Values::Ordinal { .. } => Some(ordered(thresholds.scale)),
        Values::Triad(_) | Values::Stone(_) => {
            let far = |a: &Answer, b: &Answer| a.place().zip(b.place()).map_or(0.0, |(a, b)| plane::distance(&a, &b));
            let moved = count(&|a, b| far(a, b) >= thresholds.dots - EPSILON);
            Some(Noticeable { from: thresholds.dots, moved, up: None, down: None })
        }
        Values::Category { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(pairs: &[(f64, f64)]) -> Vec<(u32, Answer, Answer)> {
        pairs.iter().enumerate().map(|(i, (a, b))| (i as u32, Answer::Number(*a), Answer::Number(*b))).collect()
    }

    #[test]
    fn ten_points_one_step_and_fifteen_hundredths_of_a_side_are_noticeable() {
        let dyad = numbers(&[(0.2, 0.3), (0.2, 0.29), (0.7, 0.5), (0.5, 0.5), (0.0, 1.0)]);
        let found = noticeable(&Values::Slider(Vec::new()), &dyad, Thresholds::default()).unwrap();
        assert_eq!((found.moved, found.up, found.down), (3, Some(2), Some(1)), "0.3 - 0.2 is a tenth, whatever rounding says");
        let scale = Values::Ordinal { levels: 5, points: Vec::new() };
        let found = noticeable(&scale, &numbers(&[(3.0, 4.0), (3.0, 3.0), (5.0, 1.0)]), Thresholds::default()).unwrap();
        assert_eq!((found.moved, found.up, found.down), (2, Some(1), Some(1)));
        let stone = |x: f64| Answer::Place([x, 0.5]);
        let dots = [(0, stone(0.2), stone(0.35)), (1, stone(0.2), stone(0.34))];
        let found = noticeable(&Values::Stone(Vec::new()), &dots, Thresholds::default()).unwrap();
        assert_eq!((found.moved, found.up, found.down), (1, None, None));
    }

    #[test]
    fn a_project_may_ask_for_larger_moves_and_categories_have_none() {
        let wide = Thresholds { dyad: 0.3, ..Thresholds::default() };
        let found = noticeable(&Values::Slider(Vec::new()), &numbers(&[(0.2, 0.45), (0.9, 0.6)]), wide).unwrap();
        assert_eq!((found.from, found.moved, found.down), (0.3, 1, Some(1)));
        let options = Values::Category { keys: Vec::new(), codes: Vec::new() };
        assert_eq!(noticeable(&options, &[], wide), None);
    }
}
