//! After a restart the phones send again what was not acknowledged, and readers go on from where they were.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::check::Present;
use crate::load::Field;
use crate::study::text;

/// Delivers every story that was not acknowledged: 200 for one that is there, 201 for one that is not. Answers how many
/// were there.
pub async fn stories(field: &Field, present: &Present) -> usize {
    let open = field.ledger.borrow().open();
    let mut of_sender: BTreeMap<usize, Vec<Uuid>> = BTreeMap::new();
    for id in &open {
        of_sender.entry(field.ledger.borrow().story(*id).sender).or_default().push(*id);
    }
    for ids in of_sender.into_values() {
        // The first alone, the others as a batch: a phone may do either.
        let (first, others) = ids.split_at(1);
        let mut statuses = vec![field.put(first[0]).await.expect("a story that is sent again is acknowledged")];
        for chunk in others.chunks(100) {
            statuses.extend(field.put_batch(chunk).await.expect("stories that are sent again are acknowledged"));
        }
        for (id, status) in ids.iter().zip(statuses) {
            let should = if present.ids.contains(id) { 200 } else { 201 };
            assert_eq!(status, should, "story {id}, sent again");
        }
    }
    open.iter().filter(|id| present.ids.contains(id)).count()
}

/// Goes on with every file of which the end was not acknowledged, and fetches it. Answers how many there were.
pub async fn files(field: &Field) -> usize {
    let unfinished = field.ledger.borrow().unfinished();
    let mut done = 0;
    for story in unfinished {
        let (token, open) = {
            let ledger = field.ledger.borrow();
            let told = ledger.story(story);
            let open = told.files.iter().enumerate().filter(|(_, f)| !f.complete).map(|(n, f)| (n, f.id, f.acknowledged));
            (field.study.senders[told.sender].clone(), open.collect::<Vec<_>>())
        };
        for (number, id, acknowledged) in open {
            let path = field.study.path(&format!("/stories/{story}/attachments/{id}"));
            let Some((200, state)) = field.api().get(&path, &token).await else { panic!("{path}: no answer") };
            let have = state["receivedBytes"].as_u64().expect("a number of bytes");
            assert!(have >= acknowledged, "{path}: {acknowledged} bytes were acknowledged, {have} are there");
            if state["completedAt"].is_null() {
                field.upload(story, number, have, usize::MAX).await.unwrap_or_else(|| panic!("{path}: not taken"));
            }
            let bytes = field.api().download(&format!("{path}/content"), &field.study.researcher).await;
            let mut ledger = field.ledger.borrow_mut();
            let file = &mut ledger.story_mut(story).files[number];
            assert!(bytes.as_ref() == Some(&file.bytes), "{path}: other bytes came back than were sent");
            (file.acknowledged, file.complete) = (file.length, true);
            done += 1;
        }
    }
    done
}

/// A reader who asks for what changed since the last time, and so must see every story once.
#[derive(Default)]
pub struct Reader {
    change: i64,
    seen: BTreeSet<Uuid>,
}

impl Reader {
    /// Reads on; afterwards every story of the ledger was seen once, and the newest can be opened as it was told.
    pub async fn read_on(&mut self, field: &Field) {
        let (base, mut cursor) = (format!("/stories?changedSince={}&limit=500", self.change), String::new());
        let mut newest = None;
        loop {
            let path = field.study.path(&format!("{base}{cursor}"));
            let Some((200, page)) = field.api().get(&path, &field.study.researcher).await else { panic!("{path}: no answer") };
            for item in page["items"].as_array().into_iter().flatten() {
                let id = Uuid::parse_str(&text(&item["id"])).expect("an id");
                assert!(self.seen.insert(id), "a reader saw story {id} twice");
                self.change = self.change.max(item["change"].as_i64().expect("a change number"));
                newest = Some(id);
            }
            if page["next"].is_null() {
                break;
            }
            cursor = format!("&cursor={}", text(&page["next"]));
        }
        let told: BTreeSet<Uuid> = field.ledger.borrow().stories.keys().copied().collect();
        assert_eq!(self.seen.len(), told.len(), "a reader saw other stories than were told");
        assert!(self.seen == told, "a reader saw other stories than were told");
        if let Some(id) = newest {
            open(field, id).await;
        }
    }
}

/// Opens a story as a researcher does.
async fn open(field: &Field, id: Uuid) {
    let path = field.study.path(&format!("/stories/{id}"));
    let Some((200, read)) = field.api().get(&path, &field.study.researcher).await else { panic!("{path}: no answer") };
    let ledger = field.ledger.borrow();
    let told = ledger.story(id).body.as_ref().map(|b| &b["text"]);
    assert_eq!(Some(&read["text"]), told, "story {id} reads otherwise than it was told");
}
