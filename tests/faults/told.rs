//! What was told: the ledger of everything that was sent, and what the server said about it.

use std::collections::BTreeMap;

use duiding::domain::canonical::{canonical_json, sha256_hex};
use duiding::domain::framework::Framework;
use duiding::domain::story::parse;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use uuid::Uuid;

/// A file that a story declares.
pub struct Recording {
    pub id: Uuid,
    pub sha256: String,
    pub length: u64,
    /// The bytes, until they are known to be kept.
    pub bytes: Vec<u8>,
    /// Bytes that the server said are safe.
    pub acknowledged: u64,
    /// Whether the server said that all of it is there.
    pub complete: bool,
}

/// A story that was sent, or is about to be.
pub struct Told {
    /// Who brings it: a place in the list of senders.
    pub sender: usize,
    /// The body, until it is known to be kept.
    pub body: Option<Value>,
    pub sha256: String,
    /// Facts that the analysis must find.
    pub facts: String,
    /// Code of the participant.
    pub participant: Option<String>,
    /// Whether it comes without consent, so that it must be held.
    pub held: bool,
    /// Whether the server said 200 or 201.
    pub acknowledged: bool,
    pub files: Vec<Recording>,
}

/// Everything that was sent, by id.
#[derive(Default)]
pub struct Ledger {
    pub stories: BTreeMap<Uuid, Told>,
}

impl Ledger {
    /// Ids of stories that the server has not acknowledged.
    pub fn open(&self) -> Vec<Uuid> {
        self.stories.iter().filter(|(_, t)| !t.acknowledged).map(|(id, _)| *id).collect()
    }

    /// Stories with a file of which the end was not acknowledged.
    pub fn unfinished(&self) -> Vec<Uuid> {
        self.stories.iter().filter(|(_, t)| t.files.iter().any(|f| !f.complete)).map(|(id, _)| *id).collect()
    }

    pub fn story(&self, id: Uuid) -> &Told {
        &self.stories[&id]
    }

    pub fn story_mut(&mut self, id: Uuid) -> &mut Told {
        self.stories.get_mut(&id).expect("what is sent is in the ledger")
    }
}

/// What the telling of stories draws from.
pub struct Drawing<'a> {
    pub rng: &'a mut ChaCha8Rng,
    pub framework: &'a Framework,
}

impl Drawing<'_> {
    /// A story with its files; no two are alike.
    pub fn story(&mut self, sender: usize, participant: Option<String>, files: usize) -> (Uuid, Told) {
        let id = self.id();
        // Only a device is asked for the consent; the first sender is a researcher.
        let held = sender > 0 && self.rng.random_bool(0.1);
        let files: Vec<Recording> = (0..files).map(|_| self.recording()).collect();
        let body = self.body(&id, participant.as_deref(), held, &files);
        let parsed = parse(&body, self.framework).unwrap_or_else(|e| panic!("a story for the proof is wrong: {e:?}"));
        let facts = serde_json::to_string(&parsed.facts()).expect("facts are JSON");
        let sha256 = sha256_hex(canonical_json(&body));
        (id, Told { sender, body: Some(body), sha256, facts, participant, held, acknowledged: false, files })
    }

    fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.rng.random()).into_uuid()
    }

    /// A recording of up to 60 kB.
    fn recording(&mut self) -> Recording {
        let mut bytes = vec![0; self.rng.random_range(1..60_000)];
        self.rng.fill_bytes(&mut bytes);
        let (sha256, length) = (sha256_hex(&bytes), bytes.len() as u64);
        Recording { id: self.id(), sha256, length, bytes, acknowledged: 0, complete: false }
    }

    /// Mostly short; one in forty fills many pages of the database, which a half write would show.
    fn text(&mut self, id: &Uuid) -> String {
        let sentences = if self.rng.random_bool(0.025) { 3000 } else { self.rng.random_range(1..40) };
        format!("{id}: {}", "Ik nam voor het eerst zelf de bus naar het werk. ".repeat(sentences))
    }

    fn body(&mut self, id: &Uuid, participant: Option<&str>, held: bool, files: &[Recording]) -> Value {
        let x: f64 = self.rng.random();
        let consent = json!({"version": "1", "language": "nl", "way": "spoken", "at": "2026-03-02T10:00:00Z"});
        let declared = |f: &Recording| json!({"id": f.id, "sha256": f.sha256, "bytes": f.length, "mediaType": "audio/webm"});
        json!({
            "schema": 1, "frameworkVersion": 1, "wave": "1", "participant": participant, "perspective": "candidate",
            "mode": "onSite", "prompt": "recent-moment", "title": "De bus", "text": self.text(id), "language": "nl",
            "interpreter": false,
            "placements": {
                "competence": {"state": "answered", "value": {"shares": [x / 2.0, (1.0 - x) / 2.0, 0.5]}},
                "confidence": {"state": "answered", "value": {"position": x}},
                "health": {"state": "answered", "value": {"stones": [{"key": "body", "x": x, "y": 0.75}]}},
                "money": {"state": "declined"},
                "culture": {"state": "notApplicable"}
            },
            "permissions": {"quote": true, "workgroup": true},
            "consent": if held { Value::Null } else { consent },
            "attachments": files.iter().map(declared).collect::<Vec<_>>()
        })
    }
}
