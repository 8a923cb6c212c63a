//! The stories of a project at one change number, ready to be asked; never changed, only replaced.

use std::sync::Arc;

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
    /// Change number of the project that the records were read at.
    pub change: i64,
    /// Frameworks and waves.
    pub shape: StudyShape,
    /// Which columns the frame has.
    pub layout: Arc<Layout>,
    /// One row per story, in the order of story ids.
    pub frame: Frame,
    /// What the codes in the frame mean.
    pub dictionaries: Dictionaries,
    /// Units of independence (`participants`) with at least one story.
    pub participants: u32,
}

impl Snapshot {
    /// A snapshot of all stories of a project. Errors: a record that cannot be read.
    pub fn build(change: i64, shape: StudyShape, records: Vec<StoryRecord>) -> Result<Self, FrameError> {
        let layout = Arc::new(Layout::of(&shape));
        let mut dictionaries = Dictionaries::of(&shape);
        let frame = Frame::build(&shape, &layout, &mut dictionaries, records)?;
        Ok(Self::of(change, shape, layout, frame, dictionaries))
    }

    /// This snapshot with stories added or replaced, at a later change number: the same in every answer as one built
    /// anew, as long as no story was taken away and the shape is the same. Errors: a record that cannot be read.
    pub fn extend(&self, change: i64, records: Vec<StoryRecord>) -> Result<Self, FrameError> {
        if records.is_empty() {
            return Ok(Self { change, ..self.clone() });
        }
        let mut dictionaries = self.dictionaries.clone();
        let frame = self.frame.extend(&self.shape, &self.layout, &mut dictionaries, records)?;
        Ok(Self::of(change, self.shape.clone(), self.layout.clone(), frame, dictionaries))
    }

    fn of(change: i64, shape: StudyShape, layout: Arc<Layout>, frame: Frame, dictionaries: Dictionaries) -> Self {
        let participants = distinct(frame.data.counts(UNIT).iter().copied(), dictionaries.units.len());
        Self { change, shape, layout, frame, dictionaries, participants }
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
