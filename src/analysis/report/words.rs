//! What the questions, ends, options and perspectives are called, in Dutch and English.

use super::types::Wording;
use super::variable::{Values, Variable};
use crate::analysis::snapshot::Snapshot;
use crate::domain::framework::{Framework, Signifier, SignifierKind};
use crate::domain::texts::Texts;

/// The same in both languages.
pub fn both(texts: &Texts) -> Wording {
    Wording { nl: texts.get("nl").to_owned(), en: texts.get("en").to_owned() }
}

/// A wording made of a format in both languages.
pub fn say(nl: String, en: String) -> Wording {
    Wording { nl, en }
}

/// Names from the frameworks of a study.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> Words<'a> {
    /// The names of this study.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    fn frameworks(&self) -> impl Iterator<Item = &'a Framework> {
        self.snapshot.shape.frameworks.values().rev().map(|f| f.as_ref())
    }

    fn signifier(&self, key: &str) -> Option<&'a Signifier> {
        self.snapshot.layout.signifier(key).map(|s| s.definition())
    }

    /// The question of a variable, of a stone or option with its name.
    pub fn question(&self, variable: &Variable) -> Wording {
        let Some(signifier) = self.signifier(&variable.signifier) else { return self.attribute(&variable.signifier) };
        let question = both(&signifier.question);
        match variable.part.as_deref().and_then(|part| part_label(signifier, part)) {
            Some(part) => say(format!("{}: {}", question.nl, part.nl), format!("{}: {}", question.en, part.en)),
            None => question,
        }
    }

    fn attribute(&self, key: &str) -> Wording {
        let label = self.frameworks().find_map(|f| f.attribute(key)).map(|a| both(&a.label));
        label.unwrap_or_else(|| say(key.to_owned(), key.to_owned()))
    }

    /// An option or group of a variable.
    pub fn category(&self, variable: &Variable, key: &str) -> Wording {
        let plain = || say(key.to_owned(), key.to_owned());
        if let Some(part) = &variable.part {
            let taken = self.signifier(&variable.signifier).and_then(|s| part_label(s, part)).unwrap_or_else(plain);
            return match key {
                "taken" => taken,
                _ => say(format!("niet {}", taken.nl), format!("not {}", taken.en)),
            };
        }
        if let Some(signifier) = self.signifier(&variable.signifier) {
            return part_label(signifier, key).unwrap_or_else(plain);
        }
        let of_attribute =
            |f: &Framework| f.attribute(key_of(variable))?.options.iter().find(|o| o.key == key).map(|o| both(&o.label));
        self.frameworks().find_map(of_attribute).unwrap_or_else(plain)
    }

    /// The high or low end of an ordered variable.
    pub fn end(&self, variable: &Variable, high: bool) -> Wording {
        let Some(signifier) = self.signifier(&variable.signifier) else { return Wording::default() };
        let list = if signifier.kind == SignifierKind::Scale { &signifier.points } else { &signifier.anchors };
        let end = if high { list.last() } else { list.first() };
        end.map(|a| both(&a.label)).unwrap_or_default()
    }

    /// The anchor of a triad: 0 top, 1 left, 2 right.
    pub fn corner(&self, signifier: &str, corner: usize) -> Wording {
        self.signifier(signifier).and_then(|s| s.anchors.get(corner)).map(|a| both(&a.label)).unwrap_or_default()
    }

    /// The low or high end of an axis of a canvas: 0 across, 1 upwards.
    pub fn axis(&self, signifier: &str, axis: usize, high: bool) -> Option<Wording> {
        let axes = self.signifier(signifier)?.axes.as_ref()?;
        let axis = if axis == 0 { &axes.x } else { &axes.y };
        Some(both(if high { &axis.end } else { &axis.start }))
    }

    /// Where a shift of dots goes, and how far in points of 100: of a triad the anchor whose share grew most, of a stone the
    /// end of the axis along which it lies farther; none when it rounds to nothing.
    pub fn towards(&self, variable: &Variable, shift: &[f64]) -> Option<(Wording, u32)> {
        let signifier = self.signifier(&variable.signifier)?;
        let size = |i: &usize| if signifier.axes.is_some() { shift[*i].abs() } else { shift[*i] };
        let most = (0..shift.len()).max_by(|a, b| size(a).total_cmp(&size(b)).then(b.cmp(a)))?;
        let points = (100.0 * size(&most)).round() as u32;
        let label = match (&signifier.axes, most) {
            (Some(axes), _) => {
                let axis = if most == 0 { &axes.x } else { &axes.y };
                both(if shift[most] > 0.0 { &axis.end } else { &axis.start })
            }
            (None, corner) => self.corner(&variable.signifier, corner),
        };
        (points > 0).then_some((label, points))
    }

    /// A perspective.
    pub fn perspective(&self, key: &str) -> Wording {
        let label = self.frameworks().find_map(|f| f.perspectives.iter().find(|p| p.key == key)).map(|p| both(&p.label));
        label.unwrap_or_else(|| say(key.to_owned(), key.to_owned()))
    }

    /// What the questions planned before the first wave are about.
    pub fn planned(&self) -> Vec<crate::domain::framework::Planned> {
        self.frameworks().next().map(|f| f.planned.clone()).unwrap_or_default()
    }
}

fn key_of(variable: &Variable) -> &str {
    &variable.signifier
}

fn part_label(signifier: &Signifier, key: &str) -> Option<Wording> {
    let lists = [&signifier.options, &signifier.stones, &signifier.points, &signifier.anchors];
    lists.into_iter().flatten().find(|a| a.key == key).map(|a| both(&a.label))
}

/// Whether higher values of a variable mean its high end.
pub fn has_ends(variable: &Variable) -> bool {
    matches!(variable.values, Values::Slider(_) | Values::Ordinal { .. })
}
