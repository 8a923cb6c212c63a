//! Counts of answers in two questions at once, and what may be read from them.

pub mod chi_squared;
pub mod cramer;
pub mod exact;
pub mod fisher;
pub mod fit;
pub mod paired;
pub mod two_by_two;

#[cfg(test)]
mod tests;

/// Counts by row and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: usize,
    counts: Vec<u32>,
}

impl Table {
    /// A table from its counts, row by row; none when they do not fill whole rows.
    pub fn new(columns: usize, counts: Vec<u32>) -> Option<Self> {
        (columns > 0 && counts.len().is_multiple_of(columns)).then_some(Self { columns, counts })
    }

    /// Counts pairs of labels, `rows[i]` with `columns[i]`; labels count from 0. None when the two differ in length or
    /// there is nothing to count.
    pub fn of_labels(rows: &[u32], columns: &[u32]) -> Option<Self> {
        if rows.len() != columns.len() {
            return None;
        }
        let height = *rows.iter().max()? as usize + 1;
        let width = *columns.iter().max()? as usize + 1;
        let mut counts = vec![0; height * width];
        for (row, column) in rows.iter().zip(columns) {
            counts[*row as usize * width + *column as usize] += 1;
        }
        Self::new(width, counts)
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.counts.len() / self.columns
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.columns
    }

    /// The counts, row by row.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The count in a row and a column.
    pub fn at(&self, row: usize, column: usize) -> u32 {
        self.counts[row * self.columns + column]
    }

    /// Sum of all counts.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|c| u64::from(*c)).sum()
    }

    /// Sum of each row.
    pub fn row_sums(&self) -> Vec<u64> {
        self.counts.chunks_exact(self.columns).map(|row| row.iter().map(|c| u64::from(*c)).sum()).collect()
    }

    /// Sum of each column.
    pub fn column_sums(&self) -> Vec<u64> {
        let mut sums = vec![0; self.columns];
        for row in self.counts.chunks_exact(self.columns) {
            sums.iter_mut().zip(row).for_each(|(sum, count)| *sum += u64::from(*count));
        }
        sums
    }

    /// The table without empty rows and columns; none when less than two rows or two columns are left, so that there
    /// is nothing to compare.
    pub fn without_empty(&self) -> Option<Self> {
        let (rows, columns) = (self.row_sums(), self.column_sums());
        let width = columns.iter().filter(|sum| **sum > 0).count();
        let counts: Vec<u32> = (self.counts.iter().enumerate())
            .filter(|(i, _)| rows[i / self.columns] > 0 && columns[i % self.columns] > 0)
            .map(|(_, count)| *count)
            .collect();
        Self::new(width, counts).filter(|table| table.height() > 1 && table.width() > 1)
    }
}
