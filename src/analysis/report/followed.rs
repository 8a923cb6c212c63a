//! The same people more than once: their answers in every wave, or seen by every perspective.

use std::collections::BTreeMap;

use super::study::Study;
use super::variable::{Values, Variable};
use crate::analysis::stats::plane;

/// What somebody answered at one occasion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// An ordered value.
    Number(f64),
    /// A category.
    Code(u32),
    /// A place in the plane.
    Place([f64; 2]),
    /// Shares of a triad.
    Shares([f64; 3]),
}

impl Answer {
    /// The answer as a number.
    pub fn number(self) -> Option<f64> {
        if let Self::Number(v) = self { Some(v) } else { None }
    }

    /// The answer as a category.
    pub fn code(self) -> Option<u32> {
        if let Self::Code(v) = self { Some(v) } else { None }
    }

    /// The answer as a place in the plane.
    pub fn place(self) -> Option<[f64; 2]> {
        match self {
            Self::Place(place) => Some(place),
            Self::Shares(shares) => Some(plane::place(shares)),
            _ => None,
        }
    }

    /// The answer as shares of a triad.
    pub fn shares(self) -> Option<[f64; 3]> {
        if let Self::Shares(v) = self { Some(v) } else { None }
    }
}

/// Answers of people at occasions.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// Numbers of the people, ascending.
    pub people: Vec<u32>,
    /// By person and occasion the answer.
    pub answers: Vec<Vec<Option<Answer>>>,
}

impl Followed {
    /// Answers to a variable of the rows that `occasion` gives an occasion below `occasions`; of people who are known.
    /// Who told several stories at one occasion counts with the mean of the answers, and with categories only if they
    /// agree.
    pub fn of(study: &Study, variable: &Variable, occasions: usize, occasion: impl Fn(usize) -> Option<usize>) -> Self {
        let mut told: BTreeMap<u32, Vec<Vec<Answer>>> = BTreeMap::new();
        for row in (0..study.ids.len()).filter(|r| study.is_known[*r]) {
            if let (Some(at), Some(answer)) = (occasion(row), answer(&variable.values, row)) {
                told.entry(study.people[row]).or_insert_with(|| vec![Vec::new(); occasions])[at].push(answer);
            }
        }
        let (people, told): (Vec<u32>, Vec<_>) = told.into_iter().unzip();
        let answers = told.iter().map(|by_occasion| by_occasion.iter().map(|a| together(a)).collect()).collect();
        Self { people, answers }
    }

    /// The answers of those who answered at both occasions.
    pub fn both(&self, from: usize, to: usize) -> Vec<(u32, Answer, Answer)> {
        let pair = |(person, answers): (&u32, &Vec<Option<Answer>>)| Some((*person, answers[from]?, answers[to]?));
        self.people.iter().zip(&self.answers).filter_map(pair).collect()
    }

    /// All answers at an occasion.
    pub fn at(&self, occasion: usize) -> Vec<Answer> {
        self.answers.iter().filter_map(|a| a[occasion]).collect()
    }
}

fn answer(values: &Values, row: usize) -> Option<Answer> {
    match values {
        Values::Slider(_) | Values::Ordinal { .. } => values.number(row).map(Answer::Number),
        Values::Category { codes, .. } => codes[row].map(Answer::Code),
        Values::Triad(shares) => shares[row].map(Answer::Shares),
        Values::Stone(places) => places[row].map(Answer::Place),
    }
}

/// Several answers of one person at one occasion as one.
fn together(answers: &[Answer]) -> Option<Answer> {
    let n = answers.len() as f64;
    match answers {
        [] => None,
        [one] => Some(*one),
        [Answer::Code(first), rest @ ..] => rest.iter().all(|a| a.code() == Some(*first)).then_some(Answer::Code(*first)),
        [Answer::Number(_), ..] => Some(Answer::Number(answers.iter().filter_map(|a| a.number()).sum::<f64>() / n)),
        [Answer::Place(_), ..] => {
            let mean = |i: usize| answers.iter().filter_map(|a| a.place()).map(|p| p[i]).sum::<f64>() / n;
            Some(Answer::Place([mean(0), mean(1)]))
        }
        [Answer::Shares(_), ..] => {
            let mean = |i: usize| answers.iter().filter_map(|a| a.shares()).map(|s| s[i]).sum::<f64>() / n;
            Some(Answer::Shares([mean(0), mean(1), mean(2)]))
        }
    }
}
