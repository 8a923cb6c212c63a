//! The walls between the parts: who may name which library.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|e| e.unwrap().path()) {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Places below `src` whose code (comments do not count) holds one of the words and that no prefix allows.
fn named_outside(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    assert!(all.len() > 50, "the sources are there");
    let mut found = Vec::new();
    for path in all {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        if allowed.iter().any(|a| name.starts_with(a)) {
            continue;
        }
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|w| code.contains(w)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn the_search_finds_what_is_there() {
    for (word, place) in [("actix", "http/"), ("diesel", "db/"), ("polars", "analysis/")] {
        assert!(named_outside(&[word], &[]).iter().any(|f| f.starts_with(place)), "{word}");
    }
}

#[test]
fn only_the_http_interface_and_the_wiring_name_actix() {
    let found = named_outside(&["actix"], &["http/", "app.rs", "main.rs", "lib.rs"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_the_bucket_names_the_object_store() {
    let found = named_outside(&["object_store"], &["files/bucket.rs"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_the_database_names_diesel() {
    let found = named_outside(&["diesel"], &["db/"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_two_places_ask_other_servers() {
    let found = named_outside(&["reqwest", "openidconnect"], &["oidc/"]);
    assert!(found.is_empty(), "{found:#?}");
    let found = named_outside(&["hyper", "tokio_rustls", "lookup_host"], &["webhooks/dial.rs"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_two_files_read_how_to_reach_people() {
    let table = named_outside(&["contact_vault"], &["db/contacts.rs", "db/schema.rs"]);
    assert!(table.is_empty(), "{table:#?}");
    // Others may forget it, and the route table names the handlers.
    let named =
        named_outside(&["contacts"], &["db/contacts.rs", "http/contacts.rs", "db/mod.rs", "http/mod.rs", "domain/retention.rs"]);
    let other: Vec<&String> = named.iter().filter(|f| !f.contains("contacts::forget") && !f.contains("use ")).collect();
    assert!(other.is_empty(), "{other:#?}");
    let taken = named_outside(
        &["contacts::{", "contacts::get", "contacts::put", "contacts::ContactRow", "contacts as"],
        &["http/contacts.rs"],
    );
    let taken: Vec<&String> = taken.iter().filter(|f| !f.contains(".service(")).collect();
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn only_the_analysis_names_polars() {
    let found = named_outside(&["polars"], &["analysis/"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_domain_knows_nobody() {
    let others = ["analysis", "app", "cli", "config", "db", "demo", "exchange", "files", "http", "secrets"];
    let paths: Vec<String> = others.iter().map(|o| format!("crate::{o}::")).collect();
    let words: Vec<&str> = paths.iter().map(String::as_str).chain(["actix", "diesel", "polars"]).collect();
    let found: Vec<String> = named_outside(&words, &[]).into_iter().filter(|f| f.starts_with("domain/")).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_database_and_the_analysis_do_not_know_the_http_interface() {
    let found: Vec<String> = named_outside(&["crate::http"], &["app.rs", "cli/", "http/", "main.rs", "lib.rs"]);
    let inner = |f: &String| f.starts_with("db/") || f.starts_with("analysis/");
    assert!(!found.iter().any(inner), "{found:#?}");
}
