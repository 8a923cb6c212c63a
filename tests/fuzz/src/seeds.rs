//! Small inputs to begin with: one that every reader accepts, and some that are nearly so.

use duiding::domain::framework::Framework;
use duiding::domain::story;
use duiding::exchange::table::StoryRow;
use duiding::secrets::seal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{examples, files, kept, proofs};

type Seeds = Vec<Vec<u8>>;

fn documents(all: &[Value]) -> Seeds {
    all.iter().map(|d| d.to_string().into_bytes()).collect()
}

fn texts(all: &[&str]) -> Seeds {
    all.iter().map(|t| t.as_bytes().to_vec()).collect()
}

pub fn json() -> Seeds {
    let mut all = documents(&[examples::story(), examples::lens(), examples::definition()]);
    all.extend(texts(&["[1.0,-0,1e2,0.1]", "{\"a\":1,\"a\":2}", "\"\\u0000\"", "[[[]]]", "9007199254740993", "-1e-400"]));
    all.push(b"\xff".to_vec());
    all
}

pub fn stories() -> Seeds {
    documents(&[examples::story()])
}

pub fn frameworks() -> Seeds {
    documents(&[examples::framework_document()])
}

pub fn lenses() -> Seeds {
    documents(&[examples::lens(), json!({})])
}

pub fn registers() -> Seeds {
    documents(&[
        json!({
            "controller": {"name": "A city", "contact": "privacy@example.org", "dataProtectionOfficer": null},
            "purposes": [{
                "key": "research", "description": "To learn.", "legalBasis": "publicTask", "specialGround": "research",
                "people": ["participants"], "data": ["stories"], "recipients": [], "retention": "A year.", "transfers": null
            }],
            "security": ["encrypted disk"]
        }),
        json!({"controller": null, "purposes": []}),
    ])
}

pub fn consent_texts() -> Seeds {
    documents(&[
        json!({"key": "taking-part", "purpose": "research", "texts": {"nl": "Ik doe mee.", "zh-Hant": "我參加。"}}),
        json!({"key": "a", "texts": {"en": " "}}),
    ])
}

fn row() -> StoryRow {
    let framework: Framework = examples::framework();
    let body = story::parse(&examples::story(), &framework).unwrap_or_else(|p| panic!("{p}"));
    StoryRow { id: Uuid::from_u128(7), body, participant_attributes: Default::default(), received_at: None }
}

pub fn tables() -> Seeds {
    let table = files::table_of(&[row()], true);
    let with = |delimiter: &str| String::from_utf8_lossy(&table).replace(',', delimiter).into_bytes();
    vec![with(";"), with("\t"), files::table_of(&[row()], false), table]
}

pub fn lines() -> Seeds {
    let line = json!({
        "id": Uuid::from_u128(7), "receivedAt": "2026-03-02T10:00:00.123456Z", "status": "active",
        "versions": [{"version": 1, "kind": "received", "body": examples::story(), "createdAt": "2026-03-02T10:00:00Z"}],
        "translations": [{"version": 1, "language": "nl", "title": "", "text": "t", "createdAt": "2026-03-02T10:00:00Z"}]
    });
    vec![line.to_string().into_bytes(), format!("\u{feff}{line}\n\n{line}\r\n").into_bytes()]
}

pub fn definitions() -> Seeds {
    documents(&[examples::definition()])
}

pub fn data() -> Seeds {
    let id = |n: u32| format!("00000000-0000-0000-0000-{n:012}");
    let (triad, dyad, stone, list) = (id(20), id(30), id(41), id(50));
    let data = format!(
        "id,server_upload_time,{},{triad}XR,{triad}YR,{triad}_{},{dyad}XR,{stone}XR,{stone}YR,{list}\n\
         {},2021-05-01 10:00:00,It rained,0.5,0.5,0.2,0.75,0.1,0.2,{}\n",
        id(10),
        id(21),
        id(99),
        id(51)
    );
    vec![data.replace(',', ";").into_bytes(), data.into_bytes()]
}

pub fn html() -> Seeds {
    texts(&[
        "<p>What <b>hap</b>pened&nbsp;&amp; why?</p>",
        "&lt;font color='blue'&gt;Blue&lt;/font&gt;",
        "&#x2013;<!-- a -->",
        "<a",
        "&",
    ])
}

pub fn recordings() -> Seeds {
    let file = |declared: &str, bytes: &[u8]| [declared.as_bytes(), b"\n", bytes].concat();
    vec![
        file("audio/webm;codecs=opus", b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm"),
        file("audio/mp4", b"\0\0\0\x20ftypM4A \0\0\0\0isomiso5mp41"),
        file("audio/ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01"),
        file("audio/mpeg", b"\xff\xfb\x90\x64\0\x0f\xf0\0"),
        file("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"),
        file("image/webp", b"RIFF\x24\x08\0\0WEBPVP8 \0\0\0\0"),
        file("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        file("text/html", b"<!DOCTYPE html><html>"),
        file("application/pdf", b"%PDF-1.7\nPK\x03\x04"),
    ]
}

pub fn erasure_logs() -> Seeds {
    let line = json!({
        "id": "e", "at": "2026-03-02T10:00:00Z", "project": "p", "erased": "participant", "scope": "eraseAll", "subject": "s",
        "stories": ["a"], "tellers": ["t"]
    });
    let old = json!({"id": "e", "at": "2026-03-02T10:00:00Z", "project": "p", "erased": "story", "subject": "s"});
    [format!("{line}\n"), format!("{line}\n{old}\n"), format!("{old}\n{line}")].map(String::into_bytes).to_vec()
}

pub fn manifests() -> Seeds {
    let manifest = json!({
        "formatVersion": 1, "madeAt": "2026-03-02T10:00:00Z", "duiding": "0.1.0", "migration": "20261122000001", "stories": 1,
        "files": [{"path": "duiding.sqlite", "bytes": 9, "sha256": "00"}, {"path": "attachments/a/b", "bytes": 1, "sha256": "11"}],
        "lost": ["x"]
    });
    let mut outside = manifest.clone();
    outside["files"][1]["path"] = "attachments/../../a".into();
    documents(&[manifest, outside])
}

pub fn secrets_files() -> Seeds {
    let key = json!({"kid": "one", "secret": kept::KNOWN, "made_at": "2026-03-02T10:00:00Z"});
    let old = json!({"kid": "old", "secret": kept::KNOWN});
    documents(&[json!({"signing_keys": [key, old], "encryption_keys": [key]}), json!({"signing_keys": [old]})])
}

pub fn sealed_texts() -> Seeds {
    let sealed = seal(&kept::known_secrets(), "me", b"secret").expect("there is a key");
    vec![sealed.to_string().into_bytes(), b"two.".to_vec(), b"three.AAAA".to_vec()]
}

pub fn access_tokens() -> Seeds {
    let claims = "eyJzdWIiOiJ1Iiwic2lkIjoicyIsImF1ZCI6ImR1aWRpbmciLCJleHAiOjQxMDI0NDQ4MDB9";
    texts(&[
        &format!("eyJhbGciOiJIUzI1NiIsImtpZCI6Im9uZSJ9.{claims}.AAAA"),
        &format!("eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.{claims}."),
        &format!("eyJhbGciOiJIUzUxMiIsImtpZCI6Im9uZSJ9.{claims}.AAAA"),
    ])
}

pub fn identity_claims() -> Seeds {
    let mut several = proofs::claims();
    several["aud"] = json!(["duiding", "other"]);
    several["name#nl"] = "Iemand".into();
    documents(&[proofs::claims(), several])
}

pub fn identity_tokens() -> Seeds {
    let claims = "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJkdWlkaW5nIiwic3ViIjoicyIsImlhdCI6MSwiZXhwIjo0MTAyNDQ0ODAwLCJub25jZSI6Im5vbmNlIn0";
    texts(&[
        &format!("eyJhbGciOiJFZERTQSIsImtpZCI6Im9uZSJ9.{claims}.AAAA"),
        &format!("eyJhbGciOiJub25lIn0.{claims}."),
        &format!("eyJhbGciOiJIUzI1NiIsImtpZCI6Im9uZSJ9.{claims}.AAAA"),
    ])
}

pub fn providers() -> Seeds {
    let mut all = documents(&[proofs::discovered()]);
    all.extend(texts(&[
        "https://id.example",
        "http://localhost:8080/",
        "http://127.0.0.1",
        "http://[::1]:1",
        "http://id.example",
    ]));
    all
}

pub fn authorization() -> Seeds {
    texts(&["Bearer abc", "bearer  ddp_abc", "Basic eDpkdXBfYWJj", "Digest a"])
}

pub fn codes() -> Seeds {
    texts(&["0000-0000", "0o0O iIlL", "123 456", "0123-4567-89ab-cdef", "7ZZZ-ZZZ7"])
}

pub fn headers() -> Seeds {
    texts(&[
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "W/\"abc\", \"def\"",
        "*",
        "203.0.113.7, 2001:db8::1",
        "::ffff:10.0.0.1",
    ])
}

pub fn queries() -> Seeds {
    texts(&[
        "limit=50&cursor=WyIyMDI2LTAzLTAyVDEwOjAwOjAwIiwiYSJd",
        "limit=0",
        "other=%00",
        "limit=1&limit=2",
        "from=2026-03-02T10:00:00Z",
        "a+b=%F0%9F%9C%81",
    ])
}

pub fn cursors() -> Seeds {
    texts(&["WyIyMDI2LTAzLTAyVDEwOjAwOjAwIiwiYSJd", "WyJhIiwxXQ", "NQ", "bnVsbA", ""])
}

pub fn addresses() -> Seeds {
    texts(&[
        "https://example.org/duiding?a=b",
        "https://[2606:4700::1111]:8443/",
        "https://127.1/",
        "http://user:word@example.org/#x",
        "https://ex%61mple.org\\x",
        "2606:4700::1111",
        "64:ff9b::a00:1",
        "10.0.0.1",
    ])
}

pub fn noted_places() -> Seeds {
    let hash = "0123456789abcdef".repeat(4);
    vec![format!("17:{hash}").into_bytes(), format!("+1:{}", hash.to_uppercase()).into_bytes(), format!("-1:{hash}").into_bytes()]
}
