//! The spatial (geometric) median: the point with the smallest sum of distances to all points.

/// Stop when a step is smaller than this (the unit is the side of the canvas).
const STEP: f64 = 1e-10;
const MAX_STEPS: usize = 1_000;
const MAX_HALVINGS: usize = 40;

/// The spatial median of points; none of nothing. Where it is not unique (points on one line) one of the medians.
///
/// Weiszfeld's iteration from the mean, stepping off data points as Vardi and Zhang (2000), with a damped Newton step in
/// its place wherever that lowers the sum more: a handful of passes over the data instead of dozens. Now and then, and at
/// the end, the nearest data point is tried, because the iteration only creeps towards a median that is one.
pub fn spatial_median(points: &[[f64; 2]]) -> Option<[f64; 2]> {
    let n = points.len() as f64;
    let mean = [0, 1].map(|d| points.iter().map(|p| p[d]).sum::<f64>() / n);
    if points.is_empty() {
        return None;
    }
    let mut at = mean;
    let mut here = look(points, at);
    let mut safe = here.weiszfeld(at);
    for steps in 1..=MAX_STEPS {
        let (next, there) = step_down(points, at, &here, safe);
        let step = length(at, next);
        (at, here) = (next, there);
        safe = here.weiszfeld(at);
        let is_done = step < STEP || steps == MAX_STEPS;
        if is_done || steps % 10 == 0 {
            let nearest = points.iter().copied().min_by(|a, b| distance(*a, at).total_cmp(&distance(*b, at)))?;
            let there = look(points, nearest);
            if there.is_median_point() || (is_done && there.sum <= here.sum) {
                return Some(nearest);
            }
        }
        if is_done {
            break;
        }
    }
    Some(at)
}

/// The next place and what is seen there: by Newton's step where that lowers the sum, else by half of it, a quarter, and so
/// on, or by Weiszfeld's (`safe`) where that leads lower still.
fn step_down(points: &[[f64; 2]], at: [f64; 2], here: &Look, safe: [f64; 2]) -> ([f64; 2], Look) {
    let by_weiszfeld = || (safe, look(points, safe));
    let Some(newton) = here.newton(at) else { return by_weiszfeld() };
    let whole = look(points, newton);
    if whole.sum < here.sum || length(at, newton) < STEP {
        return (newton, whole);
    }
    let parts = std::iter::successors(Some(0.5), |part| Some(part / 2.0));
    let shorter = parts.map(|part| [0, 1].map(|d| at[d] + part * (newton[d] - at[d])));
    // Less than a step apart the sums differ by rounding only.
    let lower = shorter.take_while(|next| length(at, *next) >= STEP).map(|next| (next, look(points, next)));
    let damped = lower.take(MAX_HALVINGS).find(|(_, there)| there.sum < here.sum);
    let other = by_weiszfeld();
    damped.filter(|(_, there)| there.sum < other.1.sum).unwrap_or(other)
}

/// The larger of the steps along the two axes.
fn length(from: [f64; 2], to: [f64; 2]) -> f64 {
    (to[0] - from[0]).abs().max((to[1] - from[1]).abs())
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The sum of distances at a place, with what is needed to step from it.
struct Look {
    sum: f64,
    /// Sum of unit vectors from here to the other points: minus the gradient.
    pull: [f64; 2],
    /// Sum of 1/distance over the other points.
    weight: f64,
    /// Second derivative: xx, xy, yy.
    curve: [f64; 3],
    /// How many points lie exactly here.
    at_point: f64,
}

fn look(points: &[[f64; 2]], at: [f64; 2]) -> Look {
    let mut seen = Look { sum: 0.0, pull: [0.0; 2], weight: 0.0, curve: [0.0; 3], at_point: 0.0 };
    for p in points {
        let (dx, dy) = (p[0] - at[0], p[1] - at[1]);
        let r = (dx * dx + dy * dy).sqrt();
        if r < 1e-15 {
            seen.at_point += 1.0;
            continue;
        }
        let w = 1.0 / r;
        let (ux, uy) = (dx * w, dy * w);
        seen.sum += r;
        seen.weight += w;
        seen.pull[0] += ux;
        seen.pull[1] += uy;
        seen.curve[0] += w * uy * uy;
        seen.curve[1] -= w * ux * uy;
        seen.curve[2] += w * ux * ux;
    }
    seen
}

impl Look {
    fn pull_size(&self) -> f64 {
        self.pull[0].hypot(self.pull[1])
    }

    /// Whether this data point is itself a median: the others do not pull harder than it holds.
    fn is_median_point(&self) -> bool {
        self.at_point > 0.0 && self.pull_size() <= self.at_point
    }

    fn weiszfeld(&self, at: [f64; 2]) -> [f64; 2] {
        let pull = self.pull_size();
        if self.weight == 0.0 || pull <= self.at_point {
            return at;
        }
        let part = 1.0 - self.at_point / pull;
        [at[0] + part * self.pull[0] / self.weight, at[1] + part * self.pull[1] / self.weight]
    }

    /// Not at a data point, where there is no gradient, and not where the sum is flat in some direction.
    fn newton(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        let [xx, xy, yy] = self.curve;
        let det = xx * yy - xy * xy;
        if self.at_point > 0.0 || det <= 1e-12 * (xx + yy) * (xx + yy) {
            return None;
        }
        let [px, py] = self.pull;
        Some([at[0] + (yy * px - xy * py) / det, at[1] + (xx * py - xy * px) / det])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_points_are_fine() {
        assert_eq!(spatial_median(&[]), None);
        assert_eq!(spatial_median(&[[0.2, 0.9]]), Some([0.2, 0.9]));
        let [x, y] = spatial_median(&[[0.0, 0.0], [1.0, 0.5]]).unwrap();
        assert!((x - 2.0 * y).abs() < 1e-12 && (0.0..=1.0).contains(&x), "anywhere between the two");
    }

    #[test]
    fn a_point_that_holds_against_the_others_is_the_median() {
        let cross = [[0.5, 0.5], [0.0, 0.5], [1.0, 0.5], [0.5, 0.0], [0.5, 1.0]];
        assert_eq!(spatial_median(&cross), Some([0.5, 0.5]));
        let many = [[0.3, 0.3], [0.3, 0.3], [0.3, 0.3], [1.0, 0.0], [0.9, 0.9]];
        assert_eq!(spatial_median(&many), Some([0.3, 0.3]));
        let wide = [[0.4, 0.4], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        assert_eq!(spatial_median(&wide), Some([0.4, 0.4]), "a point inside a triangle is the median of the four");
    }

    #[test]
    fn a_point_that_holds_by_nothing_to_spare_is_found() {
        let points = [[0.8, 0.75], [0.6, 0.65], [0.75, 0.7], [0.85, 0.8]];
        let sum = |at: [f64; 2]| points.iter().map(|p| distance(*p, at)).sum::<f64>();
        assert!(sum(spatial_median(&points).unwrap()) <= sum(points[0]) + 1e-15);
    }

    #[test]
    fn a_triangle_has_its_fermat_point() {
        let corners = [[0.0, 0.0], [1.0, 0.0], [0.5, 0.75f64.sqrt()]];
        let [x, y] = spatial_median(&corners).unwrap();
        assert!((x - 0.5).abs() < 1e-9 && (y - 0.75f64.sqrt() / 3.0).abs() < 1e-9);
    }
}
