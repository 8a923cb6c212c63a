//! Every reader of foreign input as a function of bytes. No reader may panic, take long, list errors without end or repeat
//! much of what it was given; and what it accepts is written and read back the same.
//!
//! `make fuzz` feeds them with what libFuzzer thinks of; `cargo test --test fuzz` with the seeds, and with every input that
//! was once found to break something.

mod documents;
mod examples;
mod files;
mod html;
mod kept;
mod proofs;
mod seeds;
mod told;
mod words;

/// A reader under test.
pub struct Target {
    /// Its name, also that of its folders.
    pub name: &'static str,
    /// Reads an input. Panics when the reader does what it must not.
    pub read: fn(&[u8]),
    /// Small inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All readers.
pub const TARGETS: [Target; 27] = [
    target("strict_json", documents::strict_json, seeds::json),
    target("story_bodies", documents::story_bodies, seeds::stories),
    target("framework_documents", documents::framework_documents, seeds::frameworks),
    target("lenses", documents::lenses, seeds::lenses),
    target("registers", documents::registers, seeds::registers),
    target("consent_texts", documents::consent_texts, seeds::consent_texts),
    target("story_tables", files::story_tables, seeds::tables),
    target("json_lines", files::json_lines, seeds::lines),
    target("sensemaker_definitions", files::sensemaker_definitions, seeds::definitions),
    target("sensemaker_data", files::sensemaker_data, seeds::data),
    target("html", html::html, seeds::html),
    target("recordings", files::recordings, seeds::recordings),
    target("erasure_logs", kept::erasure_logs, seeds::erasure_logs),
    target("manifests", kept::manifests, seeds::manifests),
    target("secrets_files", kept::secrets_files, seeds::secrets_files),
    target("sealed_texts", kept::sealed_texts, seeds::sealed_texts),
    target("access_tokens", proofs::access_tokens, seeds::access_tokens),
    target("identity_claims", proofs::identity_claims, seeds::identity_claims),
    target("identity_tokens", proofs::identity_tokens, seeds::identity_tokens),
    target("providers", proofs::providers, seeds::providers),
    target("authorization", proofs::authorization, seeds::authorization),
    target("codes", words::codes, seeds::codes),
    target("headers", words::headers, seeds::headers),
    target("queries", words::queries, seeds::queries),
    target("cursors", words::cursors, seeds::cursors),
    target("addresses", words::addresses, seeds::addresses),
    target("noted_places", words::noted_places, seeds::noted_places),
];

const fn target(name: &'static str, read: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, read, seeds }
}
