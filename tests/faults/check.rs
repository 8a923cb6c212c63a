//! What must be true after every kill. The first thing that is not ends the proof.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use duiding::domain::canonical::sha256_hex;
use uuid::Uuid;

use crate::server::Place;
use crate::stored::{FileRow, Stored, StoryRow};
use crate::told::{Ledger, Told};

/// Which stories are there, after all of them were found whole.
pub struct Present {
    pub ids: BTreeSet<Uuid>,
}

/// Every story that was acknowledged is there once and as it was told; one that was not is whole or absent.
pub fn stories(ledger: &Ledger, stored: &Stored) -> Present {
    let mut ids = BTreeSet::new();
    let mut hashes = BTreeSet::new();
    for row in &stored.stories {
        let id = Uuid::parse_str(&row.id).unwrap_or_else(|_| panic!("{} is no id of a story", row.id));
        let Some(told) = ledger.stories.get(&id) else { panic!("story {id} is there, and nobody told it") };
        whole(id, told, row);
        assert!(ids.insert(id) && hashes.insert(&row.hash), "story {id} is DOUBLED");
    }
    assert_eq!(stored.versions, stored.stories.len() as i64, "there are versions without a story");
    for (id, told) in &ledger.stories {
        assert!(!told.acknowledged || ids.contains(id), "story {id} was acknowledged and is LOST");
    }
    Present { ids }
}

fn whole(id: Uuid, told: &Told, row: &StoryRow) {
    let Some(body) = &row.body else { panic!("story {id} is HALF written: it has no version") };
    assert_eq!(row.hash, told.sha256, "story {id} has another hash than was told");
    assert_eq!(sha256_hex(body), told.sha256, "the body of story {id} is not the one that was told");
    assert_eq!(row.facts, told.facts, "story {id} has other facts than its body");
    assert_eq!(row.participant, told.participant, "story {id} is about another participant");
    assert_eq!(row.status, if told.held { "held" } else { "active" }, "story {id}");
}

/// Every story that is there has all files that it declared, with at least the bytes that were acknowledged. Those that
/// are called complete are read: all of them when `deep`, else those of stories since the last kill.
pub fn files(ledger: &Ledger, stored: &Stored, present: &Present, place: &Place, project: &str, deep: bool) {
    let rows: BTreeMap<(&str, &str), &FileRow> = stored.files.iter().map(|f| ((&*f.story_id, &*f.id), f)).collect();
    let mut declared = 0;
    for (id, told) in ledger.stories.iter().filter(|(id, _)| present.ids.contains(id)) {
        for file in &told.files {
            declared += 1;
            let (story, name) = (id.to_string(), file.id.to_string());
            let Some(row) = rows.get(&(&*story, &*name)) else { panic!("story {id} is HALF written: no file {name}") };
            assert_eq!((&row.sha256, row.bytes), (&file.sha256, file.length as i64), "file {name} was declared otherwise");
            assert!(row.received_bytes >= file.acknowledged as i64, "bytes of file {name} were acknowledged and are LOST");
            assert!(row.complete || !file.complete, "file {name} was complete and is not any more");
            assert!(!row.complete || row.received_bytes == row.bytes, "file {name} is complete with too few bytes");
            if row.complete && (deep || told.body.is_some()) {
                let bytes = place.file(project, &story, &name).unwrap_or_else(|e| panic!("file {name} is LOST: {e}"));
                assert_eq!(bytes.len() as u64, file.length, "file {name} has another length than was declared");
                assert_eq!(sha256_hex(&bytes), file.sha256, "file {name} has other bytes than were declared");
            }
        }
    }
    assert_eq!(declared, rows.len(), "there are files that nobody declared");
}

/// Whoever told a story that is not held has told in this wave; all others are still expected.
pub fn participations(ledger: &Ledger, stored: &Stored, present: &Present) {
    let counted = ledger.stories.iter().filter(|(id, told)| present.ids.contains(id) && !told.held);
    let told: BTreeSet<&str> = counted.filter_map(|(_, t)| t.participant.as_deref()).collect();
    let known: BTreeSet<&str> = stored.states.iter().map(|s| &*s.code).collect();
    assert!(told.is_subset(&known), "a participant who told is LOST");
    for row in &stored.states {
        let should = if told.contains(&*row.code) { "completed" } else { "expected" };
        assert_eq!(row.state, should, "participant {}", row.code);
    }
}

/// Number of files on disk. Errors (as a panic): there is one that is not whole, or a folder that cannot be read.
pub fn files_on_disk(folder: &Path) -> usize {
    if !folder.exists() {
        return 0;
    }
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let one = |path: std::path::PathBuf| {
        if path.is_dir() {
            return files_on_disk(&path);
        }
        assert!(path.extension().is_none(), "{} was left behind", path.display());
        1
    };
    entries.map(|e| one(e.unwrap_or_else(|e| panic!("{}: {e}", folder.display())).path())).sum()
}

/// The proof is worth as much as what it would notice.
#[cfg(test)]
mod tests {
    use duiding::domain::framework::{REFERENCE, parse};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::told::Drawing;

    /// A ledger with an acknowledged story, and the database that should be found.
    fn kept() -> (Ledger, Stored) {
        let framework = parse(&serde_json::from_str(REFERENCE).unwrap()).unwrap();
        let mut drawing = Drawing { rng: &mut ChaCha8Rng::seed_from_u64(1), framework: &framework };
        let (id, mut told) = drawing.story(0, None, 0);
        told.acknowledged = true;
        let row = StoryRow {
            id: id.to_string(),
            hash: told.sha256.clone(),
            status: "active".to_owned(),
            facts: told.facts.clone(),
            participant: None,
            body: told.body.as_ref().map(duiding::domain::canonical::canonical_json),
        };
        let stored = Stored { stories: vec![row], versions: 1, files: Vec::new(), states: Vec::new() };
        (Ledger { stories: BTreeMap::from([(id, told)]) }, stored)
    }

    #[test]
    fn a_kept_story_is_found() {
        let (ledger, stored) = kept();
        assert_eq!(stories(&ledger, &stored).ids.len(), 1);
    }

    #[test]
    #[should_panic(expected = "LOST")]
    fn a_lost_story_is_noticed() {
        let (ledger, mut stored) = kept();
        (stored.stories, stored.versions) = (Vec::new(), 0);
        stories(&ledger, &stored);
    }

    #[test]
    #[should_panic(expected = "DOUBLED")]
    fn a_doubled_story_is_noticed() {
        let (ledger, mut stored) = kept();
        stored.stories.extend(kept().1.stories);
        stories(&ledger, &stored);
    }

    #[test]
    #[should_panic(expected = "HALF")]
    fn a_half_story_is_noticed() {
        let (ledger, mut stored) = kept();
        stored.stories[0].body = None;
        stories(&ledger, &stored);
    }

    #[test]
    #[should_panic(expected = "is not the one that was told")]
    fn a_changed_body_is_noticed() {
        let (ledger, mut stored) = kept();
        stored.stories[0].body = Some("{}".to_owned());
        stories(&ledger, &stored);
    }

    #[test]
    #[should_panic(expected = "nobody told it")]
    fn a_story_from_nowhere_is_noticed() {
        let (_, stored) = kept();
        stories(&Ledger::default(), &stored);
    }
}
