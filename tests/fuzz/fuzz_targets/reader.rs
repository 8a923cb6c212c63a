//! The program that libFuzzer runs. `FUZZ_TARGET` names the reader; `FUZZ_TARGET=list` prints all names. With `FUZZ_SEEDS` the
//! seeds of the reader are written into that folder first.
#![no_main]

use std::path::Path;
use std::process::exit;
use std::sync::LazyLock;
use std::{env, fs};

use duiding_fuzz::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = env::var("FUZZ_TARGET").unwrap_or_default();
    if name == "list" {
        TARGETS.iter().for_each(|t| println!("{}", t.name));
        exit(0);
    }
    TARGETS.iter().find(|t| t.name == name).unwrap_or_else(|| {
        eprintln!("FUZZ_TARGET must be the name of a reader, not {name:?}; FUZZ_TARGET=list prints all");
        exit(2)
    })
});

fn begin() {
    let Some(folder) = env::var_os("FUZZ_SEEDS") else {
        LazyLock::force(&TARGET);
        return;
    };
    for (i, seed) in (TARGET.seeds)().iter().enumerate() {
        fs::write(Path::new(&folder).join(format!("seed-{i}")), seed).expect("FUZZ_SEEDS is a folder that can be written");
    }
}

fuzz_target!(init: begin(), |input: &[u8]| (TARGET.read)(input));
