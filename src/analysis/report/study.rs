//! The stories that a lens selects, ready for questions: who told them, in which layer, with which values.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::said::{StateVariable, state_variables};
use super::variable::{Variable, of_attribute, of_signifier};
use crate::analysis::cells::Columns;
use crate::analysis::dictionary::UnitKind;
use crate::analysis::layout::{PERSPECTIVE, RELEASED, UNIT, UNIT_KIND, WAVE};
use crate::analysis::protect::Viewer;
use crate::analysis::select::select;
use crate::analysis::snapshot::Snapshot;
use crate::analysis::stats::chance::Seed;
use crate::domain::lens::Lens;

/// One wave seen through one perspective: inside it everybody tells at most one story, so that stories are
/// independent (ground rule G1). Both members are null when all stories are pooled.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayerName {
    /// Key of the wave.
    #[schema(example = "1")]
    pub wave: Option<String>,
    /// Key of the perspective.
    #[schema(example = "candidate")]
    pub perspective: Option<String>,
}

/// The stories of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Which wave and perspective.
    pub name: LayerName,
    /// Rows of the study, ascending.
    pub rows: Vec<u32>,
    /// How many people told them.
    pub participants: u32,
}

impl Layer {
    /// Whether somebody told more than one of these stories: then people are moved as a whole.
    pub fn is_repeated(&self) -> bool {
        (self.participants as usize) < self.rows.len()
    }
}

/// The stories that a lens selects.
#[derive(Debug, Clone)]
pub struct Study {
    /// Ids of the stories, ascending: the row of a story is its position here.
    pub ids: Vec<Uuid>,
    /// By row the person behind it, numbered in the order of the rows.
    pub people: Vec<u32>,
    /// Whether nobody is known behind some story, so that people may count more than once.
    pub has_anonymous: bool,
    /// By row whether the story was released.
    pub is_released: Vec<bool>,
    /// By row whether the story is about or by somebody known, so that it can be followed over waves.
    pub is_known: Vec<bool>,
    /// By row the position of the wave in `waves`.
    pub wave: Vec<u16>,
    /// By row the position of the perspective in `perspectives`.
    pub perspective: Vec<u16>,
    /// Keys of the waves in the order of the study.
    pub waves: Vec<String>,
    /// Keys of the perspectives.
    pub perspectives: Vec<String>,
    /// Signifiers, background questions included, as variables.
    pub variables: Vec<Variable>,
    /// Who said 'not about this' or 'I don't know', by signifier.
    pub said: Vec<StateVariable>,
    /// What groups can be made of: attributes and background questions.
    pub attributes: Vec<Variable>,
    /// The layers with at least one story, by wave and perspective.
    pub layers: Vec<Layer>,
    /// How many people there are.
    pub participants: u32,
    /// Where chance begins for questions about these stories.
    pub seed: Seed,
}

/// What the caller decides about a study.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choices {
    /// Treat all stories as one layer, for tables without waves.
    pub pool: bool,
    /// Fixes another stream of random numbers.
    pub seed: u64,
}

impl Study {
    /// The stories that the lens selects, for this viewer.
    pub fn of(snapshot: &Snapshot, lens: &Lens, viewer: Viewer, choices: Choices) -> Self {
        let lens = lens.clone().canonical();
        let selection = select(snapshot, &lens, viewer.released_only());
        let rows: Vec<u32> = (0..selection.rows.len() as u32).filter(|r| selection.rows[*r as usize]).collect();
        let data = &snapshot.frame.data;
        let at = |name: &str| rows.iter().map(|r| data.codes(name)[*r as usize]).collect::<Vec<u16>>();
        let names = |d: &crate::analysis::dictionary::Dictionary| {
            (0..d.len() as u32).filter_map(|c| d.name(c)).map(str::to_owned).collect::<Vec<_>>()
        };
        let (people, participants) = people(data.counts(UNIT), &rows);
        let kinds = data.bytes(UNIT_KIND);
        let is_known: Vec<bool> = rows.iter().map(|r| kinds[*r as usize] != UnitKind::Story as u8).collect();
        let signifiers = &snapshot.layout.signifiers;
        let mut study = Self {
            ids: rows.iter().map(|r| snapshot.frame.ids[*r as usize]).collect(),
            people,
            has_anonymous: is_known.iter().any(|k| !k),
            is_released: rows.iter().map(|r| data.bytes(RELEASED)[*r as usize] == 1).collect(),
            is_known,
            wave: at(WAVE),
            perspective: at(PERSPECTIVE),
            waves: names(&snapshot.dictionaries.waves),
            perspectives: names(&snapshot.dictionaries.perspectives),
            variables: signifiers.iter().flat_map(|s| of_signifier(snapshot, s, &rows)).collect(),
            said: state_variables(snapshot, &rows),
            attributes: snapshot.layout.lens.iter().map(|c| of_attribute(snapshot, c, &rows)).collect(),
            layers: Vec::new(),
            participants,
            seed: Seed::of([]),
        };
        study.layers = study.layers_of(choices.pool);
        study.seed = study.content_seed(&lens, choices.seed);
        study
    }

    fn layers_of(&self, pool: bool) -> Vec<Layer> {
        let mut found: BTreeMap<(u16, u16), Vec<u32>> = BTreeMap::new();
        for row in 0..self.ids.len() {
            let key = if pool { (0, 0) } else { (self.wave[row], self.perspective[row]) };
            found.entry(key).or_default().push(row as u32);
        }
        let name = |(wave, perspective): (u16, u16)| match pool {
            true => LayerName::default(),
            false => LayerName {
                wave: self.waves.get(usize::from(wave)).cloned(),
                perspective: self.perspectives.get(usize::from(perspective)).cloned(),
            },
        };
        let layer = |(key, rows): ((u16, u16), Vec<u32>)| Layer { name: name(key), participants: self.count_people(&rows), rows };
        found.into_iter().map(layer).collect()
    }

    /// How many people told these stories.
    pub fn count_people(&self, rows: &[u32]) -> u32 {
        let mut people: Vec<u32> = rows.iter().map(|r| self.people[*r as usize]).collect();
        people.sort_unstable();
        people.dedup();
        people.len() as u32
    }

    /// The signifiers that patterns are looked for in: all but background questions.
    pub fn signified(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter().filter(|v| !v.is_background)
    }

    /// A seed made of the stories and the lens (ground rule G5): the same stories give the same numbers, whatever their
    /// order was and however participants are called.
    fn content_seed(&self, lens: &Lens, seed: u64) -> Seed {
        let lens = serde_json::to_vec(lens).unwrap_or_default();
        let mut bytes = Vec::with_capacity(self.ids.len() * 24);
        for (row, id) in self.ids.iter().enumerate() {
            bytes.extend(id.as_bytes());
            bytes.extend(self.wave[row].to_le_bytes());
            bytes.extend(self.perspective[row].to_le_bytes());
        }
        let values: Vec<Vec<u8>> = self.variables.iter().map(value_bytes).collect();
        let own = [lens, seed.to_le_bytes().to_vec(), bytes].into_iter();
        Seed::of(own.chain(values).collect::<Vec<_>>().iter().map(Vec::as_slice))
    }
}

/// People numbered in the order of the rows, and how many they are.
fn people(units: &[u32], rows: &[u32]) -> (Vec<u32>, u32) {
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let people = rows
        .iter()
        .map(|row| {
            let next = numbers.len() as u32;
            *numbers.entry(units[*row as usize]).or_insert(next)
        })
        .collect();
    (people, numbers.len() as u32)
}

fn value_bytes(variable: &Variable) -> Vec<u8> {
    let rows = |n: usize| 0..n;
    let place = |row: usize| variable.values.place(row).map(|[x, y]| (x.to_bits(), y.to_bits()));
    let n = match &variable.values {
        super::variable::Values::Slider(v) => v.len(),
        super::variable::Values::Ordinal { points, .. } => points.len(),
        super::variable::Values::Category { codes, .. } => codes.len(),
        super::variable::Values::Triad(v) => v.len(),
        super::variable::Values::Stone(v) => v.len(),
    };
    let mut bytes = Vec::with_capacity(n * 9);
    for row in rows(n) {
        match (variable.values.code(row), place(row)) {
            (Some(code), _) => bytes.extend(code.to_le_bytes()),
            (None, Some((x, y))) => {
                bytes.extend(x.to_le_bytes());
                bytes.extend(y.to_le_bytes());
            }
            (None, None) => bytes.push(0xff),
        }
    }
    bytes
}
