//! All distances between rows, computed once and kept flat: every permutation reads them again.

use rayon::prelude::*;

/// A symmetric table of distances between n rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    n: usize,
    values: Vec<f64>,
}

impl Distances {
    /// Distances between all pairs of `rows`; memory is 8 n² bytes, so for some thousands of rows at most. None when a
    /// distance is not a finite number.
    pub fn between<T: Sync>(rows: &[T], distance: impl Fn(&T, &T) -> f64 + Sync) -> Option<Self> {
        let n = rows.len();
        let mut values = vec![0.0; n * n];
        values.par_chunks_mut(n.max(1)).enumerate().for_each(|(i, row)| {
            for (j, value) in row.iter_mut().enumerate() {
                // The smaller row first in both halves, so the table is symmetric to the last bit.
                *value = if i == j { 0.0 } else { distance(&rows[i.min(j)], &rows[i.max(j)]) };
            }
        });
        values.iter().all(|v| v.is_finite()).then_some(Self { n, values })
    }

    /// Number of rows.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Distances from row `i` to every row, itself included (0). `i` is less than n.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.n..(i + 1) * self.n]
    }

    /// Sum of the distances from row `i` to all others.
    pub fn row_sum(&self, i: usize) -> f64 {
        self.row(i).iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_symmetric_and_finite() {
        let table = Distances::between(&[0.0, 1.0, 3.0], |a: &f64, b| (a - b).abs()).unwrap();
        assert_eq!((table.n(), table.row(1), table.row_sum(2)), (3, &[1.0, 0.0, 2.0][..], 5.0));
        assert_eq!(Distances::between(&[0.0, f64::NAN], |a: &f64, b| (a - b).abs()), None);
        assert_eq!(Distances::between(&[] as &[f64], |_, _| 0.0).map(|d| d.n()), Some(0));
    }
}
