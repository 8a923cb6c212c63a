//! Which columns the frame of a study has.
//!
//! A signifier has the columns that its definition in the newest framework version with that key asks for; see
//! [`super::reading`] for how answers from other versions are fitted in. Names: `key#` for the state of an answer,
//! `key#part` for its value and `@key` for what a lens may select by; keys have neither sign, so no two columns meet.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cells::CellKind;
use super::record::StudyShape;
use crate::domain::framework::{AttributeOf, Framework, Signifier, SignifierKind};
use crate::domain::lens::lens_options;

/// Row number in the snapshot (u32): [`super::frame::Frame::ids`] has the story of each.
pub const STORY: &str = "story";
/// Code of the unit of independence (u32).
pub const UNIT: &str = "unit";
/// Kind of that unit (u8), see [`super::dictionary::UnitKind`].
pub const UNIT_KIND: &str = "unit-kind";
/// Code of the teller (u32).
pub const TELLER: &str = "teller";
/// Code of the wave (u16).
pub const WAVE: &str = "wave";
/// Code of the perspective (u16).
pub const PERSPECTIVE: &str = "perspective";
/// Code of the language (u16).
pub const LANGUAGE: &str = "language";
/// 1 if released, else 0 (u8). Among published stories alone: 1 if the workgroup may read it, for which its teller has to
/// permit it too.
pub const RELEASED: &str = "released";
/// 1 if its teller lets the workgroup read it, else 0 (u8).
pub const PERMITTED: &str = "permitted";
/// 1 if published for the workgroup, else 0 (u8).
pub const PUBLISHED: &str = "published";

/// The columns of a study's frame.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Signifiers in the order of the newest framework, then those that only older ones have.
    pub signifiers: Vec<SignifierColumns>,
    /// What a lens may select by.
    pub lens: Vec<LensColumn>,
    /// Names and kinds of the columns filled from facts and attributes.
    pub cells: Vec<(String, CellKind)>,
}

/// The columns of one signifier.
#[derive(Debug, Clone)]
pub struct SignifierColumns {
    /// Key of the signifier.
    pub key: String,
    /// Framework that has its newest definition.
    pub framework: Arc<Framework>,
    /// Where in that framework.
    pub index: usize,
    /// Perspectives that some version asks; absent means all.
    pub asked_of: Option<BTreeSet<String>>,
    /// Position of the state column in [`Layout::cells`]; the others follow.
    pub first: usize,
    /// Column of the state of the answer.
    pub state: String,
    /// Background questions: column of the state in this story alone, before [`super::background`] looks at the
    /// other stories of the unit.
    pub said: Option<String>,
    /// The value columns. Triad: shares `#top`, `#left`, `#right` and `#zone`; dyad: `#position` and `#bin`; stones: per
    /// stone `#key.x`, `#key.y` and `#key.cell`; scale: `#point` (1 = lowest); single choice: `#option` (0 = first);
    /// multiple choice: per option `#key` (1 taken, 0 not taken); text: none.
    pub values: Vec<String>,
}

impl SignifierColumns {
    /// The newest definition of the signifier.
    pub fn definition(&self) -> &Signifier {
        &self.framework.signifiers[self.index]
    }

    /// The kind of its columns.
    pub fn kind(&self) -> SignifierKind {
        self.definition().kind
    }

    /// Takes up whom an older version asked, if its answers can be in the same columns.
    fn widen(&mut self, older: &Signifier) {
        if older.kind == self.kind() {
            match (&mut self.asked_of, &older.asked_of) {
                (Some(asked), Some(more)) => asked.extend(more.iter().cloned()),
                (asked, _) => *asked = None,
            }
        }
    }

    /// Position of the first value column in [`Layout::cells`].
    pub fn first_value(&self) -> usize {
        self.first + 1 + usize::from(self.said.is_some())
    }
}

/// A column that a lens may select by: an attribute, or a background question with one answer that is not sensitive.
#[derive(Debug, Clone)]
pub struct LensColumn {
    /// Key of the attribute or signifier.
    pub key: String,
    /// Name of the column: codes are positions in `options`.
    pub column: String,
    /// Keys of the options: newest framework first, then those that only older ones have.
    pub options: Vec<String>,
    /// Where the codes come from.
    pub source: LensSource,
}

/// Where the codes of a lens column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LensSource {
    /// An attribute: position of the column in [`Layout::cells`].
    Attribute(AttributeOf, usize),
    /// A background question: position in [`Layout::signifiers`].
    Background(usize),
}

impl LensColumn {
    /// Code of an option.
    pub fn code(&self, option: &str) -> Option<u16> {
        self.options.iter().position(|o| o == option).and_then(|i| u16::try_from(i).ok())
    }
}

impl Layout {
    /// The layout for a study.
    pub fn of(shape: &StudyShape) -> Self {
        let mut layout = Self { signifiers: Vec::new(), lens: Vec::new(), cells: Vec::new() };
        for framework in shape.frameworks.values().rev() {
            for (index, signifier) in framework.signifiers.iter().enumerate() {
                match layout.signifiers.iter_mut().find(|s| s.key == signifier.key) {
                    Some(newer) => newer.widen(signifier),
                    None => layout.add_signifier(framework, index, signifier),
                }
            }
        }
        for framework in shape.frameworks.values().rev() {
            framework.attributes.iter().for_each(|a| layout.add_attribute(&a.key, a.of));
        }
        layout.add_background();
        for framework in shape.frameworks.values().rev() {
            layout.add_options(framework);
        }
        layout
    }

    /// The columns of the signifier with this key.
    pub fn signifier(&self, key: &str) -> Option<&SignifierColumns> {
        self.signifiers.iter().find(|s| s.key == key)
    }

    /// The lens column with this key.
    pub fn lens_column(&self, key: &str) -> Option<&LensColumn> {
        self.lens.iter().find(|l| l.key == key)
    }

    fn add_signifier(&mut self, framework: &Arc<Framework>, index: usize, signifier: &Signifier) {
        let key = &signifier.key;
        let name = |part: &str| format!("{key}#{part}");
        let parts = parts(signifier);
        let columns = SignifierColumns {
            key: key.clone(),
            framework: framework.clone(),
            index,
            asked_of: signifier.asked_of.as_ref().map(|list| list.iter().cloned().collect()),
            first: self.cells.len(),
            // A part may be called "state" too, so this one has a name that no key can be.
            state: name(""),
            said: signifier.background.then(|| name("?")),
            values: parts.iter().map(|(part, _)| name(part)).collect(),
        };
        self.cells.push((columns.state.clone(), CellKind::State));
        self.cells.extend(columns.said.iter().map(|s| (s.clone(), CellKind::Said)));
        self.cells.extend(columns.values.iter().zip(parts).map(|(name, (_, kind))| (name.clone(), kind)));
        self.signifiers.push(columns);
    }

    fn add_attribute(&mut self, key: &str, of: AttributeOf) {
        if self.lens_column(key).is_none() {
            let source = LensSource::Attribute(of, self.cells.len());
            self.add_lens_column(key, source);
            self.cells.push((format!("@{key}"), CellKind::Code));
        }
    }

    fn add_background(&mut self) {
        for i in 0..self.signifiers.len() {
            let columns = &self.signifiers[i];
            let key = columns.key.clone();
            let is_usable = columns.definition().background && lens_options(&columns.framework, &key).is_some();
            if is_usable && self.lens_column(&key).is_none() {
                self.add_lens_column(&key, LensSource::Background(i));
            }
        }
    }

    fn add_lens_column(&mut self, key: &str, source: LensSource) {
        self.lens.push(LensColumn { key: key.to_owned(), column: format!("@{key}"), options: Vec::new(), source });
    }

    fn add_options(&mut self, framework: &Framework) {
        for column in &mut self.lens {
            let options: Vec<&str> = match column.source {
                LensSource::Attribute(..) => {
                    framework.attribute(&column.key).map_or_else(Vec::new, |a| a.options.iter().map(|o| o.key.as_str()).collect())
                }
                // Codes of the answers are positions in the newest definition, so older options are no options here.
                LensSource::Background(i) => self.signifiers[i].definition().options.iter().map(|o| o.key.as_str()).collect(),
            };
            for option in options {
                if !column.options.iter().any(|o| o == option) {
                    column.options.push(option.to_owned());
                }
            }
        }
    }
}

/// Names and kinds of a signifier's value columns.
fn parts(signifier: &Signifier) -> Vec<(String, CellKind)> {
    let own = |name: &str, kind| (name.to_owned(), kind);
    match signifier.kind {
        SignifierKind::Triad => {
            let shares = ["top", "left", "right"].map(|n| own(n, CellKind::Number));
            shares.into_iter().chain([own("zone", CellKind::Byte)]).collect()
        }
        SignifierKind::Dyad => vec![own("position", CellKind::Number), own("bin", CellKind::Byte)],
        SignifierKind::Stones => signifier.stones.iter().flat_map(|s| stone_parts(&s.key)).collect(),
        SignifierKind::Scale => vec![own("point", CellKind::Byte)],
        SignifierKind::Choice if !signifier.multiple => vec![own("option", CellKind::Byte)],
        SignifierKind::Choice => signifier.options.iter().map(|o| own(&o.key, CellKind::Byte)).collect(),
        SignifierKind::Text => Vec::new(),
    }
}

fn stone_parts(stone: &str) -> [(String, CellKind); 3] {
    [("x", CellKind::Number), ("y", CellKind::Number), ("cell", CellKind::Byte)].map(|(n, k)| (format!("{stone}.{n}"), k))
}
