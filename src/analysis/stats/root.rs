//! Where a rising or falling function crosses nought.

/// Halvings that take any bracket to neighbouring numbers.
const HALVINGS: usize = 200;

/// The place between `low` and `high` where `f` changes sign, by halving; none when the ends have the same sign.
pub fn crossing(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let starts_above = f(low) > 0.0;
    if starts_above == (f(high) > 0.0) {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        match (f(middle) > 0.0) == starts_above {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_and_falling_functions_are_crossed() {
        let root = crossing(0.0, 2.0, |x| x * x - 2.0).unwrap();
        assert!((root - 2f64.sqrt()).abs() < 1e-15);
        assert!((crossing(0.0, 2.0, |x| 2.0 - x * x).unwrap() - root).abs() < 1e-15);
        assert_eq!(crossing(2.0, 3.0, |x| x), None);
    }
}
