//! Bins of a slider and cells of a canvas.

/// Number of bins of a slider.
pub const BINS: usize = 20;
/// Number of cells of a canvas.
pub const CELLS: usize = 9;
/// How near an end a position counts as at the end: half of the smallest step of a slider with a hundred steps.
pub const END_TOLERANCE: f64 = 0.005;

/// A slider position (0 to 1) as a whole number of hundredths, halves up: what bins and heaping are counted on.
pub fn hundredths(position: f64) -> u8 {
    (100.0 * position + 0.5).floor().clamp(0.0, 100.0) as u8
}

/// The bin (0 to 19) of a slider position: five hundredths each, the last one closed (95 to 100).
pub fn bin(position: f64) -> u8 {
    (hundredths(position) / 5).min(BINS as u8 - 1)
}

/// The cell (0 to 8) of a point on a canvas (0 to 1, origin bottom left): thirds, row by row from the bottom left, so
/// 0, 1, 2 is the lowest row from left to right and 8 is top right. A point on a border is in the higher cell.
pub fn cell(x: f64, y: f64) -> u8 {
    let third = |v: f64| u8::from(v >= 1.0 / 3.0) + u8::from(v >= 2.0 / 3.0);
    3 * third(y) + third(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_five_hundredths_and_the_last_is_closed() {
        let cases = [(0.0, 0), (0.0449, 0), (0.045, 1), (0.05, 1), (0.5, 10), (0.9449, 18), (0.95, 19), (1.0, 19)];
        for (position, expected) in cases {
            assert_eq!(bin(position), expected, "{position}");
        }
        assert_eq!((0..=100).map(|v| bin(f64::from(v) / 100.0)).filter(|b| *b == 19).count(), 6);
    }

    #[test]
    fn cells_count_from_the_bottom_left() {
        assert_eq!(cell(0.1, 0.1), 0);
        assert_eq!(cell(0.9, 0.1), 2);
        assert_eq!(cell(0.1, 0.5), 3);
        assert_eq!(cell(1.0 / 3.0, 2.0 / 3.0), 7);
        assert_eq!(cell(1.0, 1.0), 8);
    }
}
