//! Two answers while one of them is put in another order, again and again.

use super::super::places::Places;

/// Distances of the answer that stays: from each row to all before it, one line after another.
pub(super) struct Fixed {
    distances: Vec<f64>,
}

impl Fixed {
    pub fn new(places: &Places) -> Self {
        let n = places.len();
        let mut distances = vec![0.0; n * n.saturating_sub(1) / 2];
        let mut rest = &mut distances[..];
        for i in 1..n {
            let (line, after) = rest.split_at_mut(i);
            places.line(i, line);
            rest = after;
        }
        Self { distances }
    }

    /// From each row but the first to all before it.
    fn lines(&self) -> impl Iterator<Item = (usize, &[f64])> {
        let mut rest = &self.distances[..];
        let mut i = 0;
        std::iter::from_fn(move || {
            i += 1;
            let (line, after) = rest.split_at_checked(i)?;
            rest = after;
            Some((i, line))
        })
    }
}

/// The sum of products over all pairs, both ways round, of the distances of the answer that stays with those of the other,
/// whose rows are taken in this order and put in `there`. They are computed anew each time: looking them up in a table would
/// wait for memory.
pub(super) fn products(fixed: &Fixed, moved: &Places, order: &[u32], there: &mut Places) -> f64 {
    there.take_in_order(moved, order);
    2.0 * fixed.lines().map(|(i, line)| there.dot_from(i, line)).sum::<f64>()
}
