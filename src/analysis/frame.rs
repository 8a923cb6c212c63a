//! Records become a data frame: one row per story, in the order of story ids.
//!
//! That order is kept when stories are added, so nothing that is computed from a frame depends on the order in which
//! stories arrived. Facts are parsed in parallel, straight into columns.

use std::collections::HashMap;

use polars::prelude::{BooleanChunked, Column, DataFrame, IdxCa, NamedFrom, NewChunkedArray};
use rayon::prelude::*;
use uuid::Uuid;

use super::background;
use super::cells::{Cells, Columns, column};
use super::dictionary::{Dictionaries, NO_CODE, cell};
use super::layout::{LANGUAGE, Layout, PERMITTED, PERSPECTIVE, PUBLISHED, RELEASED, STORY, TELLER, UNIT, UNIT_KIND, WAVE};
use super::reading::Reading;
use super::record::{FrameError, StoryRecord, StudyShape};
use super::told::Told;

/// The stories of a study as columns.
#[derive(Debug, Clone)]
pub struct Frame {
    /// One row per story; [`Layout`] and the constants beside it name the columns.
    pub data: DataFrame,
    /// Id of the story of each row, ascending.
    pub ids: Vec<Uuid>,
}

/// Stories parsed together by one thread.
const CHUNK: usize = 512;

impl Frame {
    /// A frame of these records. Of records with the same id the last one counts.
    pub fn build(
        shape: &StudyShape,
        layout: &Layout,
        dictionaries: &mut Dictionaries,
        records: Vec<StoryRecord>,
    ) -> Result<Self, FrameError> {
        let mut frame = Self::of(shape, layout, dictionaries, records)?;
        background::settle(&mut frame.data, layout, dictionaries.units.len());
        Ok(frame)
    }

    /// This frame with these records added; a record whose story is there already replaces its row.
    pub fn extend(
        &self,
        shape: &StudyShape,
        layout: &Layout,
        dictionaries: &mut Dictionaries,
        records: Vec<StoryRecord>,
    ) -> Result<Self, FrameError> {
        let added = Self::of(shape, layout, dictionaries, records)?;
        let order = merged_order(&self.ids, &added.ids);
        let id = |row: &u32| self.ids.get(*row as usize).unwrap_or_else(|| &added.ids[*row as usize - self.ids.len()]);
        let ids = order.iter().map(|row| *id(row)).collect();
        let both = self.data.vstack(&added.data).expect("frames of one layout have the same columns");
        let mut data = both.take(&IdxCa::new("order".into(), order)).expect("rows of the two frames");
        data.with_column(story_numbers(data.height())).expect("a number per row");
        background::settle(&mut data, layout, dictionaries.units.len());
        Ok(Self { data, ids })
    }

    /// The published stories alone, as if there were no others: background questions too are settled by them only.
    pub fn published(&self, layout: &Layout, units: usize) -> Self {
        let rows: Vec<bool> = self.data.bytes(PUBLISHED).iter().map(|p| *p == 1).collect();
        let mask = BooleanChunked::from_slice("published".into(), &rows);
        let mut data = self.data.filter(&mask).expect("a mask as long as the frame");
        data.with_column(story_numbers(data.height())).expect("a number per row");
        data.with_column(readable(&data)).expect("a mark per row");
        background::settle(&mut data, layout, units);
        let ids = self.ids.iter().zip(rows).filter(|(_, is_published)| *is_published).map(|(id, _)| *id).collect();
        Self { data, ids }
    }

    fn of(
        shape: &StudyShape,
        layout: &Layout,
        dictionaries: &mut Dictionaries,
        records: Vec<StoryRecord>,
    ) -> Result<Self, FrameError> {
        let records = in_order(records);
        let mut columns = people_columns(dictionaries, &records);
        columns.extend(answer_columns(shape, layout, &records)?);
        let data = DataFrame::new(records.len(), columns).expect("columns of one length with different names");
        Ok(Self { data, ids: records.iter().map(|r| r.id).collect() })
    }
}

/// Which stories the workgroup may read: released, and their tellers permit it.
fn readable(data: &DataFrame) -> Column {
    let both = data.bytes(RELEASED).iter().zip(data.bytes(PERMITTED)).map(|(released, permitted)| released & permitted);
    column(RELEASED, both.collect::<Vec<u8>>())
}

fn in_order(mut records: Vec<StoryRecord>) -> Vec<StoryRecord> {
    records.sort_by_key(|r| r.id);
    records.dedup_by(|later, kept| {
        let same = later.id == kept.id;
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
    records
}

/// Positions in the two lists, the second counted on from the first, in the order of ids; of equal ids the second.
fn merged_order(old: &[Uuid], new: &[Uuid]) -> Vec<u32> {
    let mut order = Vec::with_capacity(old.len() + new.len());
    let mut next = 0;
    for (i, id) in new.iter().enumerate() {
        let until = next + old[next..].partition_point(|o| o < id);
        order.extend(next as u32..until as u32);
        order.push((old.len() + i) as u32);
        next = until + usize::from(old.get(until) == Some(id));
    }
    order.extend(next as u32..old.len() as u32);
    order
}

fn story_numbers(rows: usize) -> Column {
    column(STORY, (0..rows as u32).collect())
}

/// The columns about who told what when. One thread, because codes are given in the order of the stories.
fn people_columns(dictionaries: &mut Dictionaries, records: &[StoryRecord]) -> Vec<Column> {
    let (units, kinds): (Vec<u32>, Vec<u8>) = records
        .iter()
        .map(|r| {
            let (unit, kind) = dictionaries.unit(r);
            (unit, kind as u8)
        })
        .unzip();
    vec![
        story_numbers(records.len()),
        column(UNIT, units),
        column(UNIT_KIND, kinds),
        column(TELLER, records.iter().map(|r| dictionaries.teller(r)).collect::<Vec<u32>>()),
        column(WAVE, records.iter().map(|r| cell(dictionaries.waves.code_or_add(&r.wave))).collect::<Vec<u16>>()),
        column(
            PERSPECTIVE,
            records.iter().map(|r| cell(dictionaries.perspectives.code_or_add(&r.perspective))).collect::<Vec<u16>>(),
        ),
        column(LANGUAGE, records.iter().map(|r| cell(dictionaries.languages.code_or_add(&r.language))).collect::<Vec<u16>>()),
        column(PERMITTED, records.iter().map(|r| u8::from(r.permitted)).collect::<Vec<u8>>()),
        column(RELEASED, records.iter().map(|r| u8::from(r.released)).collect::<Vec<u8>>()),
        column(PUBLISHED, records.iter().map(|r| u8::from(r.published)).collect::<Vec<u8>>()),
    ]
}

/// The columns of answers and attributes, and the still empty ones of background questions in a lens.
fn answer_columns(shape: &StudyShape, layout: &Layout, records: &[StoryRecord]) -> Result<Vec<Column>, FrameError> {
    let readings: HashMap<i32, Reading> = shape.frameworks.iter().map(|(v, f)| (*v, Reading::of(f, layout))).collect();
    let parsed: Vec<Result<Vec<Cells>, FrameError>> =
        records.par_chunks(CHUNK).map(|chunk| parse(chunk, layout, &readings)).collect();
    // The first error in the order of the stories, whichever thread was first.
    let mut parts: Vec<Vec<Cells>> = parsed.into_iter().collect::<Result<_, _>>()?;
    if parts.is_empty() {
        parts.push(empty_cells(layout, 0));
    }
    let filled = layout.cells.par_iter().enumerate().map(|(i, (name, _))| Cells::join(name, parts.iter().map(|p| &p[i])));
    let mut columns: Vec<Column> = filled.collect();
    for lens in layout.lens.iter().filter(|l| layout.cells.iter().all(|(name, _)| *name != l.column)) {
        columns.push(column(&lens.column, vec![NO_CODE; records.len()]));
    }
    Ok(columns)
}

fn empty_cells(layout: &Layout, rows: usize) -> Vec<Cells> {
    layout.cells.iter().map(|(_, kind)| Cells::empty(*kind, rows)).collect()
}

fn parse(chunk: &[StoryRecord], layout: &Layout, readings: &HashMap<i32, Reading<'_>>) -> Result<Vec<Cells>, FrameError> {
    let mut cells = empty_cells(layout, chunk.len());
    for (row, record) in chunk.iter().enumerate() {
        let version = record.framework_version;
        let reading = readings.get(&version).ok_or(FrameError::UnknownFramework { story: record.id, version })?;
        let told: Told = serde_json::from_str(&record.facts).map_err(|e| unreadable(record.id, &e))?;
        reading.write(record, &told, row, &mut cells);
    }
    Ok(cells)
}

/// The parser's own words may repeat an answer, so only the place is kept.
fn unreadable(story: Uuid, error: &serde_json::Error) -> FrameError {
    FrameError::UnreadableFacts { story, line: error.line(), column: error.column() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_rows_are_merged_by_id_and_replace_equal_ones() {
        let ids = |list: &[u128]| list.iter().map(|i| Uuid::from_u128(*i)).collect::<Vec<_>>();
        assert_eq!(merged_order(&ids(&[1, 3, 5]), &ids(&[0, 3, 4, 9])), [3, 0, 4, 5, 2, 6]);
        assert_eq!(merged_order(&ids(&[]), &ids(&[2])), [0]);
        assert_eq!(merged_order(&ids(&[2, 4]), &ids(&[])), [0, 1]);
    }
}
