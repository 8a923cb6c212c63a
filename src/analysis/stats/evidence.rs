//! In which of four classes a finding falls: what readers see instead of p-values.

use super::Interval;

/// How sure one may be of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Too few participants for any test.
    TooFew,
    /// No more than chance alone may show, or too small to matter among very many.
    CouldBeChance,
    /// A hint.
    WorthExploring,
    /// Neither chance nor small.
    Clear,
}

/// What a finding is judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Participants.
    pub n: u32,
    /// Fewest participants for this test.
    pub minimum: u32,
    /// P-value of the test, 0 to 1.
    pub p: f64,
    /// Q-value in the family of the test, 0 to 1.
    pub q: f64,
    /// The effect, on the scale of `small` and `interval`.
    pub effect: f64,
    /// The smallest size that is called small by convention; none for an effect without a convention.
    pub small: Option<f64>,
    /// 95 % interval of the effect; none for an effect that cannot be negative, where the p-value takes its place.
    pub interval: Option<Interval>,
    /// Whether the question was asked after looking at the answers.
    pub is_post_hoc: bool,
}

/// Above so many participants almost everything differs from nothing.
const MANY: u32 = 5_000;
/// Share of false alarms among hints.
const HINT: f64 = 0.20;
/// Share of false alarms among what is clear, and of intervals that miss.
const CLEAR: f64 = 0.05;

/// The class of a finding; the first that matches of too few, could be chance, clear, worth exploring.
///
/// Among more than 5,000 participants q-values say nothing: there the class is by interval and size only, and what is
/// under the small size is not worth anybody's time.
pub fn classify(judged: &Judged) -> Evidence {
    let is_apart = match judged.interval {
        Some(interval) => interval.low > 0.0 || interval.high < 0.0,
        None => judged.p <= CLEAR,
    };
    let is_of_size = judged.small.is_none_or(|small| judged.effect.abs() >= small);
    let (is_hint, is_clear) = match judged.n > MANY {
        true => (is_of_size, is_of_size),
        false => (judged.q <= HINT, judged.q <= CLEAR && is_of_size),
    };
    match () {
        () if judged.n < judged.minimum => Evidence::TooFew,
        () if !is_hint || !is_apart => Evidence::CouldBeChance,
        () if is_clear && !judged.is_post_hoc => Evidence::Clear,
        () => Evidence::WorthExploring,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURE: Judged = Judged {
        n: 40,
        minimum: 20,
        p: 0.001,
        q: 0.05,
        effect: -0.3,
        small: Some(0.3),
        interval: Some(Interval { low: -0.5, high: -0.1 }),
        is_post_hoc: false,
    };

    #[test]
    fn the_first_match_wins() {
        let around = Some(Interval { low: -0.1, high: 0.5 });
        let cases = [
            (SURE, Evidence::Clear),
            (Judged { n: 19, ..SURE }, Evidence::TooFew),
            (Judged { n: 20, ..SURE }, Evidence::Clear),
            (Judged { q: 0.2001, ..SURE }, Evidence::CouldBeChance),
            (Judged { q: 0.2, ..SURE }, Evidence::WorthExploring),
            (Judged { interval: around, ..SURE }, Evidence::CouldBeChance),
            (Judged { interval: Some(Interval { low: 0.0, high: 0.5 }), ..SURE }, Evidence::CouldBeChance),
            (Judged { effect: 0.29, ..SURE }, Evidence::WorthExploring),
            (Judged { is_post_hoc: true, ..SURE }, Evidence::WorthExploring),
            (Judged { q: f64::NAN, ..SURE }, Evidence::CouldBeChance),
        ];
        for (judged, expected) in cases {
            assert_eq!(classify(&judged), expected, "{judged:?}");
        }
    }

    #[test]
    fn without_interval_the_p_value_decides() {
        let one_sided = Judged { interval: None, small: None, effect: 0.1, ..SURE };
        assert_eq!(classify(&one_sided), Evidence::Clear);
        assert_eq!(classify(&Judged { p: 0.06, q: 0.06, ..one_sided }), Evidence::CouldBeChance);
        assert_eq!(classify(&Judged { p: 0.04, q: 0.08, ..one_sided }), Evidence::WorthExploring);
    }

    #[test]
    fn among_very_many_only_size_and_interval_count() {
        let many = Judged { n: 5_001, q: 0.9, ..SURE };
        assert_eq!(classify(&many), Evidence::Clear);
        assert_eq!(classify(&Judged { n: 5_000, ..many }), Evidence::CouldBeChance);
        assert_eq!(classify(&Judged { effect: 0.01, q: 0.0, ..many }), Evidence::CouldBeChance);
        assert_eq!(classify(&Judged { is_post_hoc: true, ..many }), Evidence::WorthExploring);
        assert_eq!(classify(&Judged { interval: Some(Interval { low: -0.4, high: 0.1 }), ..many }), Evidence::CouldBeChance);
    }
}
