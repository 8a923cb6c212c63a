//! Reports that were made, kept until the stories change: the slow parts are computed once for a lens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Report, Settings};
use crate::analysis::protect::Viewer;
use crate::analysis::snapshot::Snapshot;

/// Most reports that are kept.
const KEPT: usize = 32;

#[derive(PartialEq)]
struct Key {
    project: String,
    change: i64,
    settings: Settings,
    viewer: Viewer,
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
        project: &str,
        snapshot: &Snapshot,
        settings: &Settings,
        viewer: Viewer,
        make: impl FnOnce() -> Report,
    ) -> Arc<Report> {
        let key = Key { project: project.to_owned(), change: snapshot.change, settings: settings.clone(), viewer };
        if let Some(found) = self.find(&key) {
            return found;
        }
        let made = Arc::new(make());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What was computed on older stories of the project may hold somebody who withdrew.
        kept.retain(|(k, _)| k.project != key.project || k.change == key.change);
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
