//! Which stories lie in the regions of a lens. The border of a region belongs to it.

use super::cells::{Columns, NO_BYTE};
use super::layout::SignifierColumns;
use super::snapshot::Snapshot;
use crate::domain::framework::SignifierKind;
use crate::domain::lens::Lens;
use crate::domain::region::Region;

/// By row, whether the story lies in all regions of the lens; none if the lens has no region. A region of what does not
/// exist has no story in it.
pub fn inside(snapshot: &Snapshot, lens: &Lens) -> Option<Vec<bool>> {
    let mut regions = lens.regions.iter().map(|r| inside_one(snapshot, r));
    let first = regions.next()?;
    Some(regions.fold(first, |all, one| all.iter().zip(one).map(|(a, b)| *a && b).collect()))
}

fn inside_one(snapshot: &Snapshot, region: &Region) -> Vec<bool> {
    let columns = snapshot.layout.signifier(&region.signifier);
    let found = columns.and_then(|c| match c.kind() {
        SignifierKind::Triad => polygon(snapshot, c, region),
        SignifierKind::Stones => stones(snapshot, c, region),
        SignifierKind::Dyad => dyad(snapshot, c, region),
        SignifierKind::Scale => scale(snapshot, c, region),
        SignifierKind::Choice | SignifierKind::Text => None,
    });
    found.unwrap_or_else(|| vec![false; snapshot.stories()])
}

fn polygon(snapshot: &Snapshot, columns: &SignifierColumns, region: &Region) -> Option<Vec<bool>> {
    let corners: Option<Vec<[f64; 2]>> = region.polygon.as_ref()?.iter().map(|c| Some(plane(*c.first()?, *c.get(2)?))).collect();
    let corners = corners?;
    let data = &snapshot.frame.data;
    let shares = data.numbers(&columns.values[0]).iter().zip(data.numbers(&columns.values[2]).iter());
    Some(shares.map(|(top, right)| top.zip(right).is_some_and(|(t, r)| is_inside(&corners, plane(t, r)))).collect())
}

fn stones(snapshot: &Snapshot, columns: &SignifierColumns, region: &Region) -> Option<Vec<bool>> {
    let corners: Option<Vec<[f64; 2]>> = region.polygon.as_ref()?.iter().map(|c| c.as_slice().try_into().ok()).collect();
    let corners = corners?;
    let key = region.stone.as_ref()?;
    let stone = columns.definition().stones.iter().position(|s| s.key == *key)?;
    let data = &snapshot.frame.data;
    let places = data.numbers(&columns.values[3 * stone]).iter().zip(data.numbers(&columns.values[3 * stone + 1]).iter());
    Some(places.map(|(x, y)| x.zip(y).is_some_and(|(x, y)| is_inside(&corners, [x, y]))).collect())
}

fn dyad(snapshot: &Snapshot, columns: &SignifierColumns, region: &Region) -> Option<Vec<bool>> {
    let range = range(region)?;
    let positions = snapshot.frame.data.numbers(&columns.values[0]);
    Some(positions.iter().map(|p| p.is_some_and(|p| range.contains(&p))).collect())
}

fn scale(snapshot: &Snapshot, columns: &SignifierColumns, region: &Region) -> Option<Vec<bool>> {
    let range = range(region)?;
    let points = snapshot.frame.data.bytes(&columns.values[0]);
    Some(points.iter().map(|p| *p != NO_BYTE && range.contains(&f64::from(*p))).collect())
}

/// The interval, with what rounding may have done to its ends.
fn range(region: &Region) -> Option<std::ops::RangeInclusive<f64>> {
    match region.interval.as_deref()? {
        [from, to] => Some(from - EPSILON..=to + EPSILON),
        _ => None,
    }
}

/// Where a dot with these shares lies in the triangle with sides of length 1.
fn plane(top: f64, right: f64) -> [f64; 2] {
    [right + top / 2.0, top * 3f64.sqrt() / 2.0]
}

/// Rounding that a place may have suffered.
const EPSILON: f64 = 1e-9;

/// Whether a place lies in a polygon (even-odd rule) or on its border.
fn is_inside(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let mut inside = false;
    let mut from = corners.last().copied().unwrap_or_default();
    for to in corners.iter().copied() {
        if is_on([from, to], [x, y]) {
            return true;
        }
        if (from[1] > y) != (to[1] > y) && x < from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0]) {
            inside = !inside;
        }
        from = to;
    }
    inside
}

/// Whether a place lies on the line between two corners.
fn is_on([from, to]: [[f64; 2]; 2], [x, y]: [f64; 2]) -> bool {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy);
    let along = if length == 0.0 { 0.0 } else { (((x - from[0]) * dx + (y - from[1]) * dy) / (length * length)).clamp(0.0, 1.0) };
    (x - from[0] - along * dx).hypot(y - from[1] - along * dy) <= EPSILON
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_and_corners_are_inside() {
        let square = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]];
        for place in [[0.5, 0.5], [0.2, 0.2], [0.8, 0.8], [0.2, 0.5], [0.5, 0.8], [0.79, 0.21]] {
            assert!(is_inside(&square, place), "{place:?}");
        }
        for place in [[0.1, 0.2], [0.9, 0.2], [0.5, 0.81], [0.5, 0.19], [0.1999, 0.5]] {
            assert!(!is_inside(&square, place), "{place:?}");
        }
        let notched = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.5], [0.0, 1.0]];
        assert!(is_inside(&notched, [0.1, 0.5]) && !is_inside(&notched, [0.5, 0.9]));
    }
}
