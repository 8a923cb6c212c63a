//! The audit trail as a chain: every event is numbered and hashed together with the hash of the one before, so that none
//! can be changed, left out or put in between without all that follow telling.

use serde_json::{Value, json};

use super::canonical::{canonical_json, sha256_hex};

/// What stands before the first event of a chain.
pub const BEGINNING: &str = "";

/// An event as it goes into the chain: members and values as in the export of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainedEvent<'a> {
    /// Random id.
    pub id: &'a str,
    /// The project; `None` for what happened on the server as a whole.
    pub project: Option<&'a str>,
    /// When, RFC 3339 in UTC with microseconds.
    pub at: String,
    /// user, token, device, command or anonymous.
    pub actor_kind: &'a str,
    /// Id of the actor.
    pub actor_id: Option<&'a str>,
    /// What was done.
    pub action: &'a str,
    /// Id of what it was done to.
    pub subject: Option<&'a str>,
    /// done or refused.
    pub result: &'a str,
    /// Short words.
    pub detail: &'a str,
    /// From where, coarsely.
    pub origin: Option<&'a str>,
}

/// The event with its place in the chain, as it is hashed and exported.
pub fn linked(event: &ChainedEvent<'_>, sequence: i64, previous: &str) -> Value {
    json!({
        "sequence": sequence,
        "id": event.id,
        "project": event.project,
        "at": event.at,
        "actorKind": event.actor_kind,
        "actorId": event.actor_id,
        "action": event.action,
        "subject": event.subject,
        "result": event.result,
        "detail": event.detail,
        "origin": event.origin,
        "previous": previous,
    })
}

/// SHA-256 of the canonical form (RFC 8785) of the event with its number and the hash of the one before, in hexadecimal.
pub fn link_hash(event: &ChainedEvent<'_>, sequence: i64, previous: &str) -> String {
    sha256_hex(canonical_json(&linked(event, sequence, previous)))
}

/// A place in a chain that somebody noted elsewhere: the number of an event and its hash.
pub type Noted = (i64, String);

/// Reads what somebody noted, as `17:HASH`. Errors: in words, what it must be.
pub fn read_noted(text: &str) -> Result<Noted, String> {
    let parts = text.split_once(':').and_then(|(number, hash)| Some((number.parse().ok()?, hash.to_lowercase())));
    let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    parts
        .filter(|(number, hash)| *number > 0 && is_hash(hash))
        .ok_or_else(|| "must be NUMBER:HASH, with 64 hexadecimal digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> ChainedEvent<'static> {
        ChainedEvent {
            id: "a",
            project: None,
            at: "2026-02-01T10:00:00.000000Z".to_owned(),
            actor_kind: "anonymous",
            actor_id: None,
            action: "session.create",
            subject: None,
            result: "refused",
            detail: "",
            origin: Some("203.0.0.0/16"),
        }
    }

    #[test]
    fn the_hash_is_of_the_text_that_anybody_can_write() {
        // printf '%s' '{"action":...}' | sha256sum
        let text = r#"{"action":"session.create","actorId":null,"actorKind":"anonymous","at":"2026-02-01T10:00:00.000000Z","detail":"","id":"a","origin":"203.0.0.0/16","previous":"","project":null,"result":"refused","sequence":1,"subject":null}"#;
        assert_eq!(canonical_json(&linked(&event(), 1, BEGINNING)), text);
        assert_eq!(link_hash(&event(), 1, BEGINNING), sha256_hex(text));
    }

    #[test]
    fn every_part_of_an_event_is_in_its_hash() {
        let whole = link_hash(&event(), 1, BEGINNING);
        let changed = [
            ChainedEvent { id: "b", ..event() },
            ChainedEvent { project: Some("p"), ..event() },
            ChainedEvent { at: "2026-02-01T10:00:00.000001Z".to_owned(), ..event() },
            ChainedEvent { actor_kind: "user", ..event() },
            ChainedEvent { actor_id: Some("u"), ..event() },
            ChainedEvent { action: "session.reuse", ..event() },
            ChainedEvent { subject: Some("u"), ..event() },
            ChainedEvent { result: "done", ..event() },
            ChainedEvent { detail: "x", ..event() },
            ChainedEvent { origin: None, ..event() },
        ];
        for other in changed {
            assert_ne!(link_hash(&other, 1, BEGINNING), whole, "{other:?}");
        }
        assert_ne!(link_hash(&event(), 2, BEGINNING), whole);
        assert_ne!(link_hash(&event(), 1, "0"), whole);
    }
}
