//! Ranks in which equal values share the mean of their places (Kendall 1945).

/// Ranks of a list of values and the sizes of its ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranks {
    doubled: Vec<u32>,
    ties: Vec<u32>,
}

impl Ranks {
    /// Ranks of `values`, at most 2³¹ − 1 of them; -0 and 0 are equal.
    pub fn of(values: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        let value = |row: u32| values[row as usize];
        order.sort_unstable_by(|a, b| value(*a).total_cmp(&value(*b)));
        let (mut doubled, mut ties, mut before) = (vec![0; values.len()], Vec::new(), 0);
        for tie in order.chunk_by(|a, b| value(*a) == value(*b)) {
            let size = tie.len() as u32;
            // Places before + 1 to before + size have twice this as twice their mean.
            tie.iter().for_each(|row| doubled[*row as usize] = 2 * before + size + 1);
            ties.push(size);
            before += size;
        }
        Self { doubled, ties }
    }

    /// Twice the rank of every value: whole numbers of 2 to 2n.
    pub fn doubled(&self) -> &[u32] {
        &self.doubled
    }

    /// How often every different value occurs, from the lowest value up; 1 for a value without tie.
    pub fn ties(&self) -> &[u32] {
        &self.ties
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.doubled.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.doubled.is_empty()
    }

    /// Whether all values are equal, or there are none: nothing can be said about order then.
    pub fn constant(&self) -> bool {
        self.ties.len() < 2
    }

    /// Sum of t³ − t over ties of t values.
    pub fn tie_sum(&self) -> u128 {
        self.ties.iter().map(|t| u128::from(*t).pow(3) - u128::from(*t)).sum()
    }

    /// Number of ordered pairs of different rows with equal values: the sum of t² − t.
    pub fn tied_pairs(&self) -> u128 {
        self.ties.iter().map(|t| u128::from(*t) * u128::from(t - 1)).sum()
    }

    /// Twice the rank less its mean: whole numbers that sum to 0.
    pub fn centred(&self) -> impl Iterator<Item = i64> + '_ {
        let middle = self.len() as i64 + 1;
        self.doubled.iter().map(move |rank| i64::from(*rank) - middle)
    }

    /// Place of every value among the different values, from 0.
    pub fn levels(&self) -> Vec<u32> {
        let mut level = vec![0; 2 * self.len() + 1];
        let mut before = 0;
        for (at, size) in self.ties.iter().enumerate() {
            level[(2 * before + size + 1) as usize] = at as u32;
            before += size;
        }
        self.doubled.iter().map(|rank| level[*rank as usize]).collect()
    }
}
