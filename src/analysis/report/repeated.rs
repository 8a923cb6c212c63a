//! Where people tell several stories in a layer: how sure a number is, by drawing people again with all of their stories
//! (ground rule G1; Field and Welsh 2007). Formulas would count every story as a person.

use std::collections::BTreeMap;

use super::layers::Told;
use super::study::{Layer, Study};
use super::types::TestName;
use super::variable::{Values, Variable};
use crate::analysis::stats::Interval;
use crate::analysis::stats::bootstrap::{self, Bootstrapped};
use crate::analysis::stats::chance::Seed;
use crate::analysis::stats::ellipse::Ellipse;
use crate::analysis::stats::ranks::{cliff::Placed, kendall::kendall, spearman::spearman};
use crate::analysis::stats::tables::{Table, cramer::cramer_v};
use crate::analysis::stats::wilson;
use crate::analysis::stats::zone::{Zone, zone};
use crate::analysis::summary::{CountedShare, SignifierSummary};

/// Draws for an interval.
const DRAWS: u32 = 999;

/// Positions of stories by person, in the order of people.
fn by_person(people: &[u32]) -> Vec<Vec<usize>> {
    let mut found: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    people.iter().enumerate().for_each(|(i, person)| found.entry(*person).or_default().push(i));
    found.into_values().collect()
}

/// What an effect is computed from.
pub struct Effects<'a> {
    pub test: TestName,
    pub a: &'a Variable,
    pub b: &'a Variable,
    /// Codes of the groups compared, in their order.
    pub levels: &'a [u32],
    /// Rows of the study that were used.
    pub rows: &'a [usize],
    /// By position in `rows` who told.
    pub people: &'a [u32],
}

impl Effects<'_> {
    /// The 95 % interval of the effect; none of effects that have no interval otherwise either.
    pub fn interval(&self, seed: &Seed) -> Option<Interval> {
        if matches!(self.test, TestName::Energy | TestName::DistanceCorrelation | TestName::KruskalWallis) {
            return None;
        }
        let units = by_person(self.people);
        let of = |drawn: &[usize]| {
            let rows: Vec<usize> = drawn.iter().flat_map(|unit| &units[*unit]).map(|i| self.rows[*i]).collect();
            self.effect(&rows)
        };
        bootstrap::interval(&seed.child("people"), DRAWS, units.len(), of).interval()
    }

    fn effect(&self, rows: &[usize]) -> Option<f64> {
        let numbers = |v: &Variable| rows.iter().filter_map(|row| v.values.number(*row)).collect::<Vec<f64>>();
        let codes = |v: &Variable| rows.iter().filter_map(|row| v.values.code(*row)).collect::<Vec<u32>>();
        match self.test {
            TestName::Spearman => Some(spearman(&numbers(self.a), &numbers(self.b))?.effect),
            TestName::KendallTauB => Some(kendall(&numbers(self.a), &numbers(self.b))?.effect),
            TestName::MannWhitney => {
                let (groups, values) = if self.a.values.is_category() { (self.a, self.b) } else { (self.b, self.a) };
                let of = |level: &u32| {
                    let told = rows.iter().filter(|row| groups.values.code(**row) == Some(*level));
                    told.filter_map(|row| values.values.number(*row)).collect::<Vec<f64>>()
                };
                let [first, second] = self.levels else { return None };
                Some(Placed::of(&of(first), &of(second))?.delta())
            }
            TestName::ChiSquared | TestName::Fisher => Some(cramer_v(&Table::of_labels(&codes(self.a), &codes(self.b))?)?.v),
            _ => None,
        }
    }
}

/// Gives the shares of zones, points and options in a summary intervals by drawing people again.
pub fn widen_shares(study: &Study, layer: &Layer, variables: &[&Variable], summary: &mut SignifierSummary) {
    let name = format!("{:?}", layer.name);
    for variable in variables {
        let seed = study.seed.child("shares").child(&name).child(&variable.name);
        let told = Told::of(study, layer, |row| category(variable, row));
        let share_of = |wanted: u32, counted: &mut CountedShare| {
            // What is withheld stays so.
            if counted.low.is_some() {
                let interval = share(&told, wanted, &seed);
                (counted.low, counted.high) = (interval.map(|i| i.low), interval.map(|i| i.high));
            }
        };
        if let Some(triad) = &mut summary.triad {
            triad.zones.iter_mut().enumerate().for_each(|(i, z)| share_of(i as u32, &mut z.counted));
        }
        let scale = summary.scale.iter_mut().flat_map(|s| &mut s.options);
        let options = scale.chain(summary.choice.iter_mut().flat_map(|c| &mut c.options));
        for (i, option) in options.enumerate() {
            match &variable.part {
                None => share_of(i as u32, &mut option.counted),
                Some(part) if *part == option.key => share_of(1, &mut option.counted),
                Some(_) => {}
            }
        }
    }
}

/// The zone, point or option of a story, 0 the first.
fn category(variable: &Variable, row: usize) -> Option<u32> {
    match &variable.values {
        Values::Triad(shares) => shares[row].and_then(|s| Zone::ALL.iter().position(|z| *z == zone(s))).map(|z| z as u32),
        Values::Ordinal { points, .. } => points[row].map(|point| point - 1),
        Values::Category { codes, .. } => codes[row],
        Values::Slider(_) | Values::Stone(_) => None,
    }
}

/// The interval of the share of stories in a category. Where every sample has the same share, as when nobody is in it, by
/// Wilson's formula with a person counted once.
fn share(told: &Told<u32>, wanted: u32, seed: &Seed) -> Option<Interval> {
    let units = by_person(&told.people);
    let counts: Vec<(u32, u32)> = units
        .iter()
        .map(|rows| (rows.iter().filter(|i| told.answers[**i] == wanted).count() as u32, rows.len() as u32))
        .collect();
    let of = |drawn: &[usize]| {
        let (some, all) = drawn.iter().fold((0, 0), |(some, all), unit| (some + counts[*unit].0, all + counts[*unit].1));
        (all > 0).then(|| f64::from(some) / f64::from(all))
    };
    match bootstrap::interval(&seed.child(&wanted.to_string()), DRAWS, units.len(), of) {
        Bootstrapped::Bca(interval) | Bootstrapped::Percentile(interval) => Some(interval),
        Bootstrapped::Degenerate => {
            let whole: Vec<usize> = (0..units.len()).collect();
            let people = units.len() as f64;
            let found = wilson::share((of(&whole)? * people).round() as u32, units.len() as u32)?;
            Some(Interval { low: found.low, high: found.high })
        }
        Bootstrapped::Undefined => None,
    }
}

/// Where the mean dot would lie in 95 of 100 studies of other people.
pub fn ellipse(places: &[[f64; 2]], people: &[u32], seed: &Seed) -> Option<Ellipse> {
    bootstrap::mean_ellipse(&seed.child("ellipse"), bootstrap::ELLIPSE_DRAWS, places, people)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty people with three stories each, half of them always in category 0.
    fn told(stories: usize) -> Told<u32> {
        let people: Vec<u32> = (0..20).flat_map(|person| vec![person; stories]).collect();
        Told { rows: (0..people.len() as u32).collect(), answers: people.iter().map(|p| p % 2).collect(), people }
    }

    #[test]
    fn telling_the_same_three_times_makes_nothing_surer() {
        let seed = Seed::of([]);
        let (once, thrice) = (share(&told(1), 0, &seed).unwrap(), share(&told(3), 0, &seed).unwrap());
        assert_eq!(once, thrice);
        let by_story = wilson::share(30, 60).unwrap();
        assert!(thrice.high - thrice.low > 1.5 * (by_story.high - by_story.low), "{thrice:?} {by_story:?}");
    }

    #[test]
    fn a_category_without_anybody_is_counted_by_person() {
        let none = share(&told(3), 7, &Seed::of([])).unwrap();
        assert_eq!((none.low, none.high), wilson::share(0, 20).map(|s| (s.low, s.high)).unwrap());
    }
}
