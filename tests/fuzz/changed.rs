//! Seeds changed at random, without the guidance that `make fuzz` has. `PROPTEST_CASES` sets how many for each reader.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use crate::readers::{TARGETS, Target};
use crate::{LONGEST, inputs};

/// Longest part of an input that a change takes away, in bytes.
const LONGEST_PART: usize = 40;

/// Inputs for each reader in a usual run.
const CASES: u32 = 32;

/// One change: from a place on, so many bytes become others.
#[derive(Debug, Clone)]
struct Change {
    at: Index,
    length: usize,
    by: By,
}

#[derive(Debug, Clone)]
enum By {
    Bytes(Vec<u8>),
    /// What stands elsewhere in the input, so often.
    Elsewhere(Index, usize),
}

/// What readers may stumble over: the words that libFuzzer gets too.
fn words() -> Vec<Vec<u8>> {
    let lines = include_str!("words.dict").lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    lines.map(unescaped).collect()
}

/// A word as dictionaries of libFuzzer write it.
fn unescaped(word: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), word.bytes());
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escaped {
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).expect("two hexadecimal digits")
            }
            Some(other) => other,
            None => byte,
        });
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let by = prop_oneof![
        vec(any::<u8>(), 0..4).prop_map(By::Bytes),
        select(words()).prop_map(By::Bytes),
        (any::<Index>(), 1..20usize).prop_map(|(from, times)| By::Elsewhere(from, times)),
    ];
    let length = prop_oneof![Just(0), Just(1), 0..LONGEST_PART];
    vec((any::<Index>(), length, by).prop_map(|(at, length, by)| Change { at, length, by }), 1..5)
}

fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for change in changes {
        let at = change.at.index(bytes.len() + 1);
        let end = (at + change.length).min(bytes.len());
        let by = match &change.by {
            By::Bytes(by) => by.clone(),
            By::Elsewhere(from, times) => {
                let from = from.index(bytes.len() + 1);
                bytes[from..(from + LONGEST_PART).min(bytes.len())].repeat(*times)
            }
        };
        bytes.splice(at..end, by);
    }
    bytes
}

/// The smallest input that was found to break a reader, in a form that can be read.
fn broken_by(target: &Target) -> Option<String> {
    let seeds: Vec<Vec<u8>> = inputs(target).into_iter().collect();
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    let standard = Config::default();
    let cases = if given { standard.cases } else { CASES };
    let config = Config { failure_persistence: None, cases, ..standard };
    let read = |(seed, changes): (Vec<u8>, Vec<Change>)| {
        let (input, begun) = (changed(&seed, &changes), Instant::now());
        let shown = || format!("{}: \"{}\"", target.name, input.escape_ascii());
        catch_unwind(AssertUnwindSafe(|| (target.read)(&input))).map_err(|_| TestCaseError::fail(shown()))?;
        if begun.elapsed() > LONGEST { Err(TestCaseError::fail(format!("too slow: {}", shown()))) } else { Ok(()) }
    };
    match TestRunner::new(config).run(&(select(seeds), changes()), read) {
        Ok(()) => None,
        Err(TestError::Fail(reason, _)) => Some(reason.message().to_owned()),
        Err(TestError::Abort(reason)) => Some(format!("{}: {}", target.name, reason.message())),
    }
}

#[test]
fn no_reader_breaks_on_what_is_changed() {
    let broken: Vec<String> = TARGETS.iter().filter_map(broken_by).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn words_are_read_as_libfuzzer_reads_them() {
    assert_eq!(unescaped(r#"\"a\\\x00\xc3"#), b"\"a\\\0\xc3");
    assert!(words().len() > 50);
}
