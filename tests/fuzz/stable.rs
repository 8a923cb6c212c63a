//! The readers that `make fuzz` feeds, with their seeds, with seeds changed at random, and with every input that once broke one.

mod changed;
#[path = "src/lib.rs"]
mod readers;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use readers::{TARGETS, Target};

/// A seed is also read cut short at so many places.
const CUTS: usize = 32;
/// Longest time for one input, on a machine that does other things too.
const LONGEST: Duration = Duration::from_secs(10);

fn found() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found")
}

/// Inputs that once broke this reader.
fn found_for(target: &Target) -> Vec<Vec<u8>> {
    let Ok(files) = fs::read_dir(found().join(target.name)) else { return Vec::new() };
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

fn cut(seed: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..CUTS).map(|part| seed[..seed.len() * part / CUTS].to_vec())
}

/// Seeds, what was found, and seeds cut short; each once.
fn inputs(target: &Target) -> BTreeSet<Vec<u8>> {
    let mut all: BTreeSet<_> = (target.seeds)().into_iter().collect();
    let cuts: Vec<Vec<u8>> = all.iter().flat_map(|seed| cut(seed)).collect();
    all.extend(cuts);
    all.extend(found_for(target));
    all
}

/// The inputs that break a reader, in a form that can be read.
fn broken_by(target: &Target) -> Vec<String> {
    let breaks = |input: &Vec<u8>| {
        let begun = Instant::now();
        catch_unwind(|| (target.read)(input)).is_err() || begun.elapsed() > LONGEST
    };
    inputs(target).into_iter().filter(breaks).map(|input| format!("{}: \"{}\"", target.name, input.escape_ascii())).collect()
}

#[test]
fn no_reader_breaks_on_what_is_known() {
    let broken: Vec<String> = TARGETS.iter().flat_map(broken_by).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn what_was_found_belongs_to_a_reader() {
    let Ok(folders) = fs::read_dir(found()) else { return };
    for folder in folders {
        let name = folder.unwrap().file_name();
        assert!(TARGETS.iter().any(|t| t.name == name), "{name:?} is no reader");
    }
}
