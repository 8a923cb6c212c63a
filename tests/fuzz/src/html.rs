//! Fragments of web pages, in which other tools keep their words.

use duiding::exchange::plain_text::plain_text;

/// What is repeated for a long text, in bytes.
const LONGEST_UNIT: usize = 12;
/// The long text, in bytes: a title of a definition may have sixteen times as many.
const LONG: usize = 1 << 20;

pub fn html(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    check(text);
    // Short inputs are read many times over: then what takes the square of the length takes too long.
    if (1..=LONGEST_UNIT).contains(&text.len()) {
        check(&text.repeat(LONG / text.len()));
    }
}

fn check(text: &str) {
    let words = plain_text(text);
    assert!(words.len() <= text.len(), "it grew");
    assert_eq!(words.split_whitespace().collect::<Vec<_>>().join(" "), words, "words with one space between them");
}
