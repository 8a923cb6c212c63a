//! The answers of stories, one column a question, as distances need them.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::super::chance::Seed;

/// One question: an answer or nothing for each story.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// A place on a line, 0 to 1.
    Slider(Vec<Option<f64>>),
    /// A step of a scale, 0 to `levels` - 1; at least two levels.
    Ordinal {
        /// How many steps the scale has.
        levels: u32,
        /// The steps.
        values: Vec<Option<u32>>,
    },
    /// One option of a list; the number has no order.
    Single(Vec<Option<u32>>),
    /// Any options of a list, one bit each.
    Multiple(Vec<Option<u128>>),
    /// Shares of the top, left and right corner, each 0 to 1, together 1.
    Triad(Vec<Option<[f64; 3]>>),
    /// A place in a square, both 0 to 1.
    Stone(Vec<Option<[f64; 2]>>),
}

/// A column with what it counts for.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// The answers.
    pub column: Column,
    /// Weight, above 0: 1 for a signifier of one column, 1 / m for each of m stones, so that each signifier counts once.
    pub weight: f64,
    /// Index of the signifier the column belongs to; a signifier without a column has no share in anything.
    pub signifier: usize,
}

/// Why columns make no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no column.
    Empty,
    /// The column at this index has another number of stories than the first.
    Length(usize),
    /// The weight of this column is not above 0 and finite.
    Weight(usize),
    /// This column holds a value outside its range.
    Value(usize),
}

/// Columns of equal length with valid values.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Weighted>,
    stories: usize,
    signifiers: usize,
    weight: f64,
}

impl Table {
    /// A table of these columns.
    ///
    /// # Errors
    /// The first [`Fault`] met.
    pub fn new(columns: Vec<Weighted>) -> Result<Self, Fault> {
        let stories = columns.first().ok_or(Fault::Empty)?.column.len();
        for (at, column) in columns.iter().enumerate() {
            if column.column.len() != stories {
                return Err(Fault::Length(at));
            }
            if !(column.weight > 0.0 && column.weight.is_finite()) {
                return Err(Fault::Weight(at));
            }
            if !column.column.valid() {
                return Err(Fault::Value(at));
            }
        }
        let signifiers = columns.iter().map(|c| c.signifier + 1).max().unwrap_or(0);
        let weight = columns.iter().map(|c| c.weight).sum();
        Ok(Self { columns, stories, signifiers, weight })
    }

    /// The columns, in the order given.
    pub fn columns(&self) -> &[Weighted] {
        &self.columns
    }

    /// Number of stories.
    pub fn stories(&self) -> usize {
        self.stories
    }

    /// One more than the largest signifier index.
    pub fn signifiers(&self) -> usize {
        self.signifiers
    }

    /// Sum of all weights.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Sum of the weights of what the story at `row` answered; 0 for a row that is not there.
    pub fn answered(&self, row: usize) -> f64 {
        self.columns.iter().filter(|c| c.column.answered(row)).map(|c| c.weight).sum()
    }

    /// The table of these stories in this order; rows that are not there are left out.
    pub fn rows(&self, rows: &[usize]) -> Self {
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| row < self.stories).collect();
        let columns = self.columns.iter().map(|c| Weighted { column: c.column.rows(&rows), ..*c }).collect();
        Self { columns, stories: rows.len(), ..*self }
    }

    /// The table with the answers to each signifier dealt anew over the stories, each signifier by itself: what people
    /// answered stays, how their answers go together does not. Columns of one signifier stay together.
    pub fn shuffled(&self, rng: &mut ChaCha8Rng) -> Self {
        let orders: Vec<Vec<usize>> = (0..self.signifiers)
            .map(|_| {
                let mut order: Vec<usize> = (0..self.stories).collect();
                order.shuffle(rng);
                order
            })
            .collect();
        let columns = self.columns.iter().map(|c| Weighted { column: c.column.rows(&orders[c.signifier]), ..*c }).collect();
        Self { columns, ..*self }
    }
}

impl Column {
    /// Number of stories.
    pub fn len(&self) -> usize {
        match self {
            Self::Slider(values) => values.len(),
            Self::Ordinal { values, .. } | Self::Single(values) => values.len(),
            Self::Multiple(values) => values.len(),
            Self::Triad(values) => values.len(),
            Self::Stone(values) => values.len(),
        }
    }

    /// Whether there are no stories.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the story at `row` has an answer; no for a row that is not there.
    pub fn answered(&self, row: usize) -> bool {
        match self {
            Self::Slider(values) => matches!(values.get(row), Some(Some(_))),
            Self::Ordinal { values, .. } | Self::Single(values) => matches!(values.get(row), Some(Some(_))),
            Self::Multiple(values) => matches!(values.get(row), Some(Some(_))),
            Self::Triad(values) => matches!(values.get(row), Some(Some(_))),
            Self::Stone(values) => matches!(values.get(row), Some(Some(_))),
        }
    }

    fn valid(&self) -> bool {
        let unit = |value: &f64| (0.0..=1.0).contains(value);
        match self {
            Self::Slider(values) => values.iter().flatten().all(unit),
            Self::Ordinal { levels, values } => *levels >= 2 && values.iter().flatten().all(|v| v < levels),
            Self::Single(_) | Self::Multiple(_) => true,
            Self::Triad(values) => {
                values.iter().flatten().all(|t| t.iter().all(unit) && (t.iter().sum::<f64>() - 1.0).abs() < 1e-6)
            }
            Self::Stone(values) => values.iter().flatten().flatten().all(unit),
        }
    }

    fn rows(&self, rows: &[usize]) -> Self {
        fn pick<T: Clone>(values: &[Option<T>], rows: &[usize]) -> Vec<Option<T>> {
            rows.iter().map(|&row| values[row].clone()).collect()
        }
        match self {
            Self::Slider(values) => Self::Slider(pick(values, rows)),
            Self::Ordinal { levels, values } => Self::Ordinal { levels: *levels, values: pick(values, rows) },
            Self::Single(values) => Self::Single(pick(values, rows)),
            Self::Multiple(values) => Self::Multiple(pick(values, rows)),
            Self::Triad(values) => Self::Triad(pick(values, rows)),
            Self::Stone(values) => Self::Stone(pick(values, rows)),
        }
    }
}

/// Rows to compare all with when there are more than `most`: a seeded sample, ascending; all rows otherwise. Give
/// stories in an order of their own (by id), so that the same stories are drawn whatever order they were read in, and
/// say beside the result that it was made from a sample.
pub fn reference(seed: &Seed, stories: usize, most: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..stories).collect();
    if stories > most {
        let mut rng = seed.child("reference rows").rng(0);
        rows = rows.partial_shuffle(&mut rng, most).0.to_vec();
        rows.sort_unstable();
    }
    rows
}
