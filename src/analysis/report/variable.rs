//! What a pattern is made of: one kind of value per story. A canvas becomes one variable per stone, a question with
//! several answers one per option, so that every variable has one value a story.

use uuid::Uuid;

use crate::analysis::cells::{Columns, NO_BYTE};
use crate::analysis::layout::{LensColumn, SignifierColumns};
use crate::analysis::snapshot::Snapshot;
use crate::analysis::stats::plane;
use crate::domain::framework::SignifierKind;

/// Values of the selected stories, none where there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Positions on a dyad, 0 to 1.
    Slider(Vec<Option<f64>>),
    /// Points of a scale, 1 the lowest.
    Ordinal {
        /// How many points the scale has.
        levels: u32,
        /// The points.
        points: Vec<Option<u32>>,
    },
    /// Categories, 0 the first.
    Category {
        /// Keys of the categories.
        keys: Vec<String>,
        /// The categories.
        codes: Vec<Option<u32>>,
    },
    /// Shares of top, left and right.
    Triad(Vec<Option<[f64; 3]>>),
    /// Places on a canvas, x and y 0 to 1.
    Stone(Vec<Option<[f64; 2]>>),
}

impl Values {
    /// Whether values have an order.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Slider(_) | Self::Ordinal { .. })
    }

    /// Whether values are categories.
    pub fn is_category(&self) -> bool {
        matches!(self, Self::Category { .. })
    }

    /// The value of a story as a number, for ordered values: position 0 to 1, or point number.
    pub fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Slider(positions) => positions[row],
            Self::Ordinal { points, .. } => points[row].map(f64::from),
            _ => None,
        }
    }

    /// The category of a story.
    pub fn code(&self, row: usize) -> Option<u32> {
        match self {
            Self::Category { codes, .. } => codes[row],
            _ => None,
        }
    }

    /// The place of a story in a plane in which distances mean what the eye sees: triads in a triangle of side 1,
    /// stones on their canvas; ordered values on a line.
    pub fn place(&self, row: usize) -> Option<[f64; 2]> {
        match self {
            Self::Triad(shares) => shares[row].map(plane::place),
            Self::Stone(places) => places[row],
            _ => self.number(row).map(|v| [v, 0.0]),
        }
    }

    /// Whether a story has a value.
    pub fn has(&self, row: usize) -> bool {
        match self {
            Self::Slider(v) => v[row].is_some(),
            Self::Ordinal { points, .. } => points[row].is_some(),
            Self::Category { codes, .. } => codes[row].is_some(),
            Self::Triad(v) => v[row].is_some(),
            Self::Stone(v) => v[row].is_some(),
        }
    }
}

/// A variable of the selected stories.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Key of the signifier, with `/stone` or `/option` where it has several variables.
    pub name: String,
    /// Key of the signifier or attribute.
    pub signifier: String,
    /// The kind of figure; none for an attribute.
    pub kind: Option<SignifierKind>,
    /// Key of the stone or option.
    pub part: Option<String>,
    /// Whether it may not be used to list stories.
    pub is_sensitive: bool,
    /// Whether it is asked once a participant.
    pub is_background: bool,
    /// The values, by row of the study.
    pub values: Values,
}

/// The variables of a signifier for these rows of the snapshot; none of a text.
pub fn of_signifier(snapshot: &Snapshot, columns: &SignifierColumns, rows: &[u32]) -> Vec<Variable> {
    let definition = columns.definition();
    let data = &snapshot.frame.data;
    let numbers = |i: usize| {
        let column = data.numbers(&columns.values[i]);
        rows.iter().map(|r| column.get(*r as usize)).collect::<Vec<_>>()
    };
    let bytes = |i: usize| {
        let column = data.bytes(&columns.values[i]);
        rows.iter().map(|r| Some(column[*r as usize]).filter(|b| *b != NO_BYTE).map(u32::from)).collect::<Vec<_>>()
    };
    let variable = |part: Option<&str>, values: Values| Variable {
        name: part.map_or_else(|| columns.key.clone(), |p| format!("{}/{p}", columns.key)),
        signifier: columns.key.clone(),
        kind: Some(definition.kind),
        part: part.map(str::to_owned),
        is_sensitive: definition.sensitive,
        is_background: definition.background,
        values,
    };
    match definition.kind {
        SignifierKind::Triad => {
            let (top, left, right) = (numbers(0), numbers(1), numbers(2));
            let shares = (0..rows.len()).map(|i| Some([top[i]?, left[i]?, right[i]?])).collect();
            vec![variable(None, Values::Triad(shares))]
        }
        SignifierKind::Dyad => vec![variable(None, Values::Slider(numbers(0)))],
        SignifierKind::Scale => {
            vec![variable(None, Values::Ordinal { levels: definition.points.len() as u32, points: bytes(0) })]
        }
        SignifierKind::Choice if !definition.multiple => {
            let keys = definition.options.iter().map(|o| o.key.clone()).collect();
            vec![variable(None, Values::Category { keys, codes: bytes(0) })]
        }
        SignifierKind::Choice => {
            let option = |(i, option): (usize, &crate::domain::framework::Anchor)| {
                let keys = vec!["not-taken".to_owned(), "taken".to_owned()];
                variable(Some(&option.key), Values::Category { keys, codes: bytes(i) })
            };
            definition.options.iter().enumerate().map(option).collect()
        }
        SignifierKind::Stones => {
            let stone = |(i, stone): (usize, &crate::domain::framework::Anchor)| {
                let (x, y) = (numbers(3 * i), numbers(3 * i + 1));
                let places = x.into_iter().zip(y).map(|(x, y)| Some([x?, y?])).collect();
                variable(Some(&stone.key), Values::Stone(places))
            };
            definition.stones.iter().enumerate().map(stone).collect()
        }
        SignifierKind::Text => Vec::new(),
    }
}

/// The groups that an attribute or background question makes of these rows.
pub fn of_attribute(snapshot: &Snapshot, column: &LensColumn, rows: &[u32]) -> Variable {
    let codes = snapshot.frame.data.codes(&column.column);
    let known = column.options.len() as u32;
    let codes = rows.iter().map(|r| Some(u32::from(codes[*r as usize])).filter(|c| *c < known)).collect();
    Variable {
        name: column.key.clone(),
        signifier: column.key.clone(),
        kind: None,
        part: None,
        is_sensitive: false,
        is_background: true,
        values: Values::Category { keys: column.options.clone(), codes },
    }
}

/// Ids of rows of the study.
pub fn ids_of(ids: &[Uuid], rows: impl IntoIterator<Item = u32>) -> Vec<Uuid> {
    rows.into_iter().filter_map(|r| ids.get(r as usize).copied()).collect()
}
