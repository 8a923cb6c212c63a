//! The stories of a project at one change number, ready to be asked; never changed, only replaced.

use std::sync::{Arc, OnceLock};

use uuid::Uuid;

use super::cells::Columns;
use super::dictionary::Dictionaries;
use super::frame::Frame;
use super::layout::{Layout, UNIT};
use super::record::{FrameError, StoryRecord, StudyShape};
use super::units::distinct;

/// The stories of a project at one change number.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Change number of the project that the records were read at; of published stories alone: of their publication,
    /// so that it does not tell when another story comes in (stories that were withdrawn are gone under the same number).
    pub change: i64,
    /// Frameworks and waves.
    pub shape: StudyShape,
    /// Which columns the frame has.
    pub layout: Arc<Layout>,
    /// One row per story, in the order of story ids.
    pub frame: Frame,
    /// What the codes in the frame mean.
    pub dictionaries: Arc<Dictionaries>,
    /// Units of independence (`participants`) with at least one story.
    pub participants: u32,
    /// The published stories alone, once somebody asked for them.
    published: OnceLock<Arc<Snapshot>>,
}

impl Snapshot {
    /// A snapshot of all stories of a project. Errors: a record that cannot be read.
    pub fn build(change: i64, shape: StudyShape, records: Vec<StoryRecord>) -> Result<Self, FrameError> {
        let layout = Arc::new(Layout::of(&shape));
        let mut dictionaries = Dictionaries::of(&shape);
        let frame = Frame::build(&shape, &layout, &mut dictionaries, records)?;
        Ok(Self::of(change, shape, layout, frame, Arc::new(dictionaries)))
    }

    /// This snapshot with stories added or replaced, at a later change number: the same in every answer as one built
    /// anew, as long as no story was taken away and the shape is the same. Errors: a record that cannot be read.
    pub fn extend(&self, change: i64, records: Vec<StoryRecord>) -> Result<Self, FrameError> {
        if records.is_empty() {
            return Ok(Self { change, ..self.clone() });
        }
        let mut dictionaries = Dictionaries::clone(&self.dictionaries);
        let frame = self.frame.extend(&self.shape, &self.layout, &mut dictionaries, records)?;
        Ok(Self::of(change, self.shape.clone(), self.layout.clone(), frame, Arc::new(dictionaries)))
    }

    fn of(change: i64, shape: StudyShape, layout: Arc<Layout>, frame: Frame, dictionaries: Arc<Dictionaries>) -> Self {
        let participants = distinct(frame.data.counts(UNIT).iter().copied(), dictionaries.units.len());
        Self { change, shape, layout, frame, dictionaries, participants, published: OnceLock::new() }
    }

    /// The published stories alone: the same in every answer as a snapshot that was built of nothing else. Whatever is
    /// for the workgroup is computed from it.
    pub fn published(&self) -> Arc<Snapshot> {
        let build = || {
            let frame = self.frame.published(&self.layout, self.dictionaries.units.len());
            let (shape, layout) = (self.shape.clone(), self.layout.clone());
            Arc::new(Self::of(self.shape.published, shape, layout, frame, self.dictionaries.clone()))
        };
        self.published.get_or_init(build).clone()
    }

    /// How many stories there are.
    pub fn stories(&self) -> usize {
        self.frame.ids.len()
    }

    /// The story of a row.
    pub fn story(&self, row: u32) -> Option<Uuid> {
        self.frame.ids.get(row as usize).copied()
    }
}
