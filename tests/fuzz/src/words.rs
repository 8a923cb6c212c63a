//! Short texts: codes that people type, headers, queries, cursors, addresses.

use std::net::IpAddr;

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use duiding::domain::chain::read_noted;
use duiding::domain::code::normalise;
use duiding::domain::device_words::device_words;
use duiding::domain::problem::Problems;
use duiding::domain::second_factor::{Typed, read_code, step_of};
use duiding::domain::tags::{is_among, tags_in};
use duiding::http::body::read_query;
use duiding::http::page::{Paging, limit_of, position};
use duiding::origin::{coarse, last_of};
use duiding::webhooks::address::{checked_url, is_public};
use serde::Deserialize;

use super::told::refused;

/// Codes on paper, and those of a second factor.
pub fn codes(input: &[u8]) {
    let Ok(typed) = std::str::from_utf8(input) else { return };
    if let Some(code) = normalise(typed) {
        assert_eq!(code.len(), 9);
        assert_eq!(normalise(&code).as_ref(), Some(&code), "the written form is read as itself");
        assert_eq!(normalise(&code.to_lowercase().replace('-', " ")), Some(code));
    }
    match read_code(typed) {
        Typed::App(code) => {
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
            step_of(&[7; 20], &code, 1_770_000_000, 0).expect("the secret is good");
        }
        Typed::Recovery(code) => assert!(!code.contains([' ', '-', 'O', 'I', 'L', 'o', 'i', 'l']), "{code}"),
    }
}

/// Headers that clients set as they like.
pub fn headers(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let words = device_words(&text);
    assert!(words.len() <= 40 && words.chars().all(|c| c.is_ascii_alphabetic() || c == ' '), "{words}");
    let tags: Vec<String> = tags_in(&text).collect();
    let known = is_among(&tags, "\"abc\"");
    assert!(!known || text.contains("\"abc\"") || text.contains('*'), "a version that the client does not have: {text}");
    if let Some(address) = last_of(&text) {
        network(address);
    }
}

/// What is kept of an address says too little to find anybody.
fn network(address: IpAddr) {
    let kept = coarse(address);
    assert!(kept == "local" || kept.ends_with(".0.0/16") || kept.ends_with("::/32"), "{address} becomes {kept}");
    assert!(kept != "local" || !is_public(address), "{address} is somewhere else");
}

/// A query with an instant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    from: Option<DateTime<Utc>>,
}

/// Years that both databases can compare.
fn calendar(time: NaiveDateTime) {
    assert!((1..=9999).contains(&time.year()), "{time}");
}

pub fn queries(input: &[u8]) {
    let Ok(query) = std::str::from_utf8(input) else { return };
    if let Ok(Asked { from: Some(from) }) = read_query(query) {
        calendar(from.naive_utc());
    }
    let read = read_query::<Paging>(query).and_then(|paging| {
        let limit = limit_of(paging.limit)?;
        assert!((1..=500).contains(&limit), "{limit}");
        position::<(NaiveDateTime, String)>(paging.cursor.as_deref())
    });
    if let Err(error) = read {
        bad_request(&error.problem());
    }
}

pub fn cursors(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let dated = position::<(NaiveDateTime, String)>(Some(text));
    let numbered = position::<i64>(Some(text));
    let keyed = position::<(String, i32)>(Some(text));
    for error in [dated.as_ref().err(), numbered.as_ref().err(), keyed.as_ref().err()].into_iter().flatten() {
        bad_request(&error.problem());
    }
    if let Ok(Some((time, _))) = &dated {
        calendar(*time);
    }
    let texts = [dated.ok().flatten().map(|p| p.1), keyed.ok().flatten().map(|p| p.0)];
    assert!(texts.iter().flatten().all(|text| !text.contains('\0')), "no database can compare U+0000");
}

fn bad_request(problem: &duiding::http::Problem) {
    assert_eq!(problem.status, 400);
    refused(&Problems(problem.errors.clone()));
}

/// Addresses of webhooks, and numbers that somebody comes from.
pub fn addresses(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(address) = text.parse::<IpAddr>() {
        network(address);
        assert_eq!(checked_url(&host(address), false).is_ok(), is_public(address), "{address}");
    }
    for private in [false, true] {
        match checked_url(text, private) {
            Ok(url) => {
                assert_eq!(checked_url(&url, private).as_ref(), Ok(&url), "the usual form is read as itself");
                assert!(url.starts_with("https://") || private && url.starts_with("http://"), "{url}");
                assert!(!url.contains(['\0', ' ', '\n', '#']), "{url}");
            }
            Err(problems) => refused(&problems),
        }
    }
}

fn host(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => format!("https://{v4}/"),
        IpAddr::V6(v6) => format!("https://[{v6}]/"),
    }
}

/// A place in the audit trail, on the command line.
pub fn noted_places(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match read_noted(text) {
        Ok((number, hash)) => {
            assert!(number > 0 && hash.len() == 64 && hash.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')), "{hash}");
            assert_eq!(read_noted(&format!("{number}:{hash}")), Ok((number, hash)));
        }
        Err(message) => assert!(message.len() < 100, "{message}"),
    }
}
