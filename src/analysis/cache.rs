//! One snapshot per project, kept in memory and refreshed by change number.
//!
//! Several requests for a project build its snapshot once: one loads, the others wait for it. What is kept is never
//! older than what is asked for, and stories that were taken away never stay: the loader says, from inside the
//! transaction it read in, up to which change there was something that extending cannot express.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::record::{FrameError, StoryRecord, StudyShape};
use super::snapshot::Snapshot;

/// Where a project stands, read from its row when a request begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Number of the last change.
    pub change: i64,
    /// Number of the last change after which snapshots have to be built anew: a story withdrawn, erased or held
    /// again, a framework published, a wave added, an attribute of people changed.
    pub rebuild: i64,
}

/// What a loader read, all in one database transaction.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The version of the project as this transaction saw it (later than the one asked for, if somebody wrote in
    /// between).
    pub version: Version,
    /// Frameworks and waves.
    pub shape: StudyShape,
    /// All stories, or those new or changed after the number the loader was given.
    pub records: Vec<StoryRecord>,
}

/// Snapshots by project id.
#[derive(Debug)]
pub struct Snapshots {
    kept: Mutex<Kept>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Kept {
    clock: u64,
    slots: BTreeMap<String, (u64, Arc<Slot>)>,
}

/// One project. Its lock is held while somebody loads.
type Slot = Mutex<Option<Arc<Snapshot>>>;

/// How many projects are kept if nothing else is said.
pub const CAPACITY: usize = 64;

impl Default for Snapshots {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl Snapshots {
    /// An empty cache for `capacity` projects (at least one); the least recently asked one leaves first.
    pub fn new(capacity: usize) -> Self {
        Self { kept: Mutex::default(), capacity: capacity.max(1) }
    }

    /// The snapshot of a project, at `wanted.change` or later.
    ///
    /// `load(None)` reads all stories, `load(Some(change))` those new or changed after that change number; it is called
    /// at most twice and blocks. Errors: of the loader, and of records that cannot be read; what was kept stays.
    pub fn get<E: From<FrameError>>(
        &self,
        project: &str,
        wanted: Version,
        mut load: impl FnMut(Option<i64>) -> Result<Loaded, E>,
    ) -> Result<Arc<Snapshot>, E> {
        let slot = self.slot(project);
        let mut kept = lock(&slot);
        if let Some(snapshot) = kept.as_ref().filter(|s| s.change >= wanted.change) {
            return Ok(snapshot.clone());
        }
        let extended = match kept.as_ref().filter(|s| s.change >= wanted.rebuild) {
            Some(snapshot) => extend(snapshot, load(Some(snapshot.change))?)?,
            None => None,
        };
        let snapshot = match extended {
            Some(snapshot) => snapshot,
            None => {
                let loaded = load(None)?;
                Snapshot::build(loaded.version.change, loaded.shape, loaded.records)?
            }
        };
        Ok(kept.insert(Arc::new(snapshot)).clone())
    }

    /// Lets go of a project: it was deleted, or restored from a backup with lower change numbers. Whoever is loading
    /// it at this moment still gets an answer, which is not kept.
    pub fn forget(&self, project: &str) {
        lock(&self.kept).slots.remove(project);
    }

    /// How many projects are kept.
    pub fn len(&self) -> usize {
        lock(&self.kept).slots.len()
    }

    /// Whether no project is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn slot(&self, project: &str) -> Arc<Slot> {
        let mut kept = lock(&self.kept);
        kept.clock += 1;
        let now = kept.clock;
        let (used, slot) = kept.slots.entry(project.to_owned()).or_default();
        *used = now;
        let slot = slot.clone();
        kept.trim(self.capacity);
        slot
    }
}

impl Kept {
    /// A slot that somebody works with is not taken away, or the next request would load the project a second time.
    fn trim(&mut self, capacity: usize) {
        while self.slots.len() > capacity {
            let idle = self.slots.iter().filter(|(_, (_, slot))| Arc::strong_count(slot) == 1);
            let Some(oldest) = idle.min_by_key(|(_, (used, _))| *used).map(|(project, _)| project.clone()) else { return };
            self.slots.remove(&oldest);
        }
    }
}

/// The snapshot with what was loaded, or nothing if it has to be built anew: something was taken away, or the shape
/// changed, between the reading of `wanted` and the loader's transaction.
fn extend(snapshot: &Snapshot, loaded: Loaded) -> Result<Option<Snapshot>, FrameError> {
    let is_later = loaded.version.change >= snapshot.change;
    if !is_later || loaded.version.rebuild > snapshot.change || loaded.shape != snapshot.shape {
        return Ok(None);
    }
    snapshot.extend(loaded.version.change, loaded.records).map(Some)
}

/// A panic while loading leaves what was kept before, so the lock is as good as new.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
