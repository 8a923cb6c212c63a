//! Reports that were made, kept until the stories change: the slow parts are computed once for a lens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{Report, Settings};
use crate::analysis::protect::Viewer;
use crate::analysis::snapshot::Snapshot;

/// Most reports that are kept.
const KEPT: usize = 32;

/// The snapshot is compared as a thing, not by its change number: a withdrawal replaces a published snapshot that keeps
/// its number. Kept weakly, so that stories are not held in memory by what was said about them.
struct Key {
    snapshot: Weak<Snapshot>,
    settings: Settings,
    viewer: Viewer,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.snapshot.ptr_eq(&other.snapshot) && self.settings == other.settings && self.viewer == other.viewer
    }
}

/// Reports of all projects; the one that was not asked for the longest leaves first.
#[derive(Default)]
pub struct Reports {
    kept: Mutex<VecDeque<(Key, Arc<Report>)>>,
}

impl Reports {
    /// The report on these stories for this viewer, made by `make` unless it is kept. Two that ask at the same moment may
    /// both make it; the answer is the same.
    pub fn get(
        &self,
        snapshot: &Arc<Snapshot>,
        settings: &Settings,
        viewer: Viewer,
        make: impl FnOnce() -> Report,
    ) -> Arc<Report> {
        let key = Key { snapshot: Arc::downgrade(snapshot), settings: settings.clone(), viewer };
        if let Some(found) = self.find(&key) {
            return found;
        }
        let made = Arc::new(make());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What was computed on older stories may hold somebody who withdrew.
        kept.retain(|(k, _)| k.snapshot.strong_count() > 0);
        kept.push_front((key, made.clone()));
        kept.truncate(KEPT);
        made
    }

    fn find(&self, key: &Key) -> Option<Arc<Report>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(k, _)| k == key)?;
        let found = kept.remove(at)?;
        let report = found.1.clone();
        kept.push_front(found);
        Some(report)
    }
}
