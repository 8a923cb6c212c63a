//! Stories that go against a pattern, and stories that fit it well: a pattern is never shown without them.

/// Positions, in the lists given, of stories that fit and of stories that do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sides {
    /// Those that fit; the first 16 are the best, in order.
    pub typical: Vec<u32>,
    /// Those that go against it; the first 16 are the farthest, in order.
    pub contradicting: Vec<u32>,
}

/// Of two ordered variables that go together (`sign` above 0) or opposite (below 0): a story goes against it when it is
/// above the middle of one and below the middle of the other (for opposite: on the same side of both).
pub fn of_ordered(x: &[f64], y: &[f64], sign: f64) -> Sides {
    let (dx, dy) = (from_middle(x), from_middle(y));
    let fits: Vec<f64> = dx.iter().zip(&dy).map(|(a, b)| a * b * sign.signum()).collect();
    sides(&fits)
}

/// Of two groups of which the one coded `high` is higher on `values`: a story of the high group that lies under the low
/// group's median goes against it, and the other way round.
pub fn of_groups(values: &[f64], codes: &[u32], low: u32, high: u32) -> Sides {
    let of = |code: u32| values.iter().zip(codes).filter(|(_, c)| **c == code).map(|(v, _)| *v).collect::<Vec<_>>();
    let (Some(low_median), Some(high_median)) = (median(&of(low)), median(&of(high))) else { return Sides::default() };
    let spread = (high_median - low_median).abs().max(f64::MIN_POSITIVE);
    let fit = |(value, code): (&f64, &u32)| match *code {
        c if c == high => (value - low_median) / spread,
        c if c == low => (high_median - value) / spread,
        _ => 0.0,
    };
    sides(&values.iter().zip(codes).map(fit).collect::<Vec<_>>())
}

/// Of two categories that go together, here the pair that stands out most: who has one without the other goes against it.
pub fn of_categories(a: &[u32], b: &[u32], pair: (u32, u32)) -> Sides {
    let fit = |(a, b): (&u32, &u32)| match (*a == pair.0, *b == pair.1) {
        (true, true) => 1.0,
        (false, false) => 0.0,
        _ => -1.0,
    };
    sides(&a.iter().zip(b).map(fit).collect::<Vec<_>>())
}

/// So many of each side are in order; nobody lists more.
const IN_ORDER: usize = 16;

fn sides(fits: &[f64]) -> Sides {
    let of = |fits_so: fn(f64) -> bool| (0..fits.len() as u32).filter(|r| fits_so(fits[*r as usize])).collect::<Vec<_>>();
    let best = |a: &u32, b: &u32| fits[*b as usize].total_cmp(&fits[*a as usize]).then(a.cmp(b));
    let (mut typical, mut contradicting) = (of(|fit| fit > 0.0), of(|fit| fit < 0.0));
    first_in_order(&mut typical, best);
    first_in_order(&mut contradicting, |a, b| best(b, a));
    Sides { typical, contradicting }
}

/// Puts the first in order: sorting all of a million would cost more than the test itself.
fn first_in_order(rows: &mut [u32], order: impl Fn(&u32, &u32) -> std::cmp::Ordering) {
    if rows.len() > IN_ORDER {
        rows.select_nth_unstable_by(IN_ORDER, &order);
    }
    let first = rows.len().min(IN_ORDER);
    rows[..first].sort_unstable_by(&order);
}

fn from_middle(values: &[f64]) -> Vec<f64> {
    let middle = median(values).unwrap_or(0.0);
    let spread = values.iter().map(|v| (v - middle).abs()).fold(f64::MIN_POSITIVE, f64::max);
    values.iter().map(|v| (v - middle) / spread).collect()
}

/// The median (type 7); none of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let upper = *upper;
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_high_on_one_and_low_on_the_other_contradicts() {
        let (x, y) = ([0.1, 0.2, 0.8, 0.9, 0.95], [0.2, 0.1, 0.9, 0.7, 0.1]);
        let sides = of_ordered(&x, &y, 0.5);
        assert_eq!(sides.contradicting, [4]);
        assert_eq!(sides.typical.len(), 2, "one story lies in the middle of each side: {sides:?}");
        assert_eq!(of_ordered(&x, &y, -0.5).contradicting.len(), sides.typical.len());
    }

    #[test]
    fn who_lies_beyond_the_other_groups_median_contradicts() {
        let sides = of_groups(&[1.0, 2.0, 3.0, 9.0, 5.0, 6.0, 7.0, 1.5], &[0, 0, 0, 0, 1, 1, 1, 1], 0, 1);
        assert_eq!(sides.contradicting, [3, 7], "the farthest first");
        assert_eq!(of_groups(&[1.0], &[0], 0, 1), Sides::default());
    }

    #[test]
    fn one_category_without_the_other_contradicts() {
        let sides = of_categories(&[0, 0, 1, 1, 2], &[0, 1, 0, 1, 2], (0, 0));
        assert_eq!((sides.typical, sides.contradicting.len()), (vec![0], 2));
    }
}
