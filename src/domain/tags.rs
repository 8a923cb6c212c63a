//! Versions of an answer that a client has already, as `If-None-Match` names them.

/// The versions in one such header.
pub fn tags_in(header: &str) -> impl Iterator<Item = String> {
    header.split(',').map(|tag| tag.trim().to_owned())
}

/// Whether a version is among those that the client has, also as a weak one (proxies that compress make it so).
pub fn is_among(known: &[String], etag: &str) -> bool {
    known.iter().any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
