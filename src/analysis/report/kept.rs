//! Reports that were made, kept until the stories change: the slow parts are computed once for a lens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{Report, Section, Settings};
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

impl Key {
    /// Whether a report kept under this key holds what `wanted` asks for: the same question, with at least its parts. A
    /// summary is another one with hotspots than without.
    fn holds(&self, wanted: &Self) -> bool {
        let parts = &self.settings.sections;
        let has_summaries = [Section::Summaries, Section::Densities].iter().any(|s| wanted.settings.sections.contains(s));
        let has_densities = |of: &Self| of.settings.sections.contains(&Section::Densities);
        self.snapshot.ptr_eq(&wanted.snapshot)
            && self.viewer == wanted.viewer
            && self.settings == Settings { sections: parts.clone(), ..wanted.settings.clone() }
            && parts.is_superset(&wanted.settings.sections)
            && (!has_summaries || has_densities(self) == has_densities(wanted))
    }
}

/// Reports of all projects; the one that was not asked for the longest leaves first.
#[derive(Default)]
pub struct Reports {
    kept: Mutex<VecDeque<(Key, Arc<Report>)>>,
}

impl Reports {
    /// The report on these stories for this viewer, made by `make` unless it is kept; of one that is kept for more parts the
    /// others are to be passed over. Two that ask at the same moment may
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
        let at = kept.iter().position(|(k, _)| k.holds(key))?;
        let found = kept.remove(at)?;
        let report = found.1.clone();
        kept.push_front(found);
        Some(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::disclosure::Thresholds;
    use crate::domain::role::Audience;

    #[test]
    fn a_report_with_more_parts_answers_for_fewer() {
        let key = |sections: &[Section], seed| Key {
            snapshot: Weak::new(),
            settings: Settings { sections: sections.iter().copied().collect(), seed, ..Settings::default() },
            viewer: Viewer { audience: Audience::Researcher, thresholds: Thresholds::default() },
        };
        let all = key(&Section::ALL, 0);
        assert!(all.holds(&key(&[Section::Pairs], 0)) && all.holds(&key(&[Section::Summaries, Section::Densities], 0)));
        assert!(!key(&[Section::Pairs], 0).holds(&all));
        assert!(!all.holds(&key(&[Section::Summaries], 0)), "summaries with hotspots are others");
        assert!(!all.holds(&key(&[Section::Pairs], 1)), "another question");
    }
}
