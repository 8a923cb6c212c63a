//! Keys for what other tools know by a title only.

use std::collections::BTreeSet;

use crate::domain::texts::is_key;

/// Longest key made from a title: it also names columns, which people read.
const LONGEST: usize = 40;

/// Makes kebab-case keys that are unique in one list.
pub(crate) struct Keys {
    taken: BTreeSet<String>,
}

impl Keys {
    /// A list in which some keys are taken already.
    pub fn without<'a>(reserved: impl IntoIterator<Item = &'a str>) -> Self {
        Self { taken: reserved.into_iter().map(str::to_owned).collect() }
    }

    /// A key for this title; for `otherwise` when the title has no letters that a key may have.
    pub fn make(&mut self, title: &str, otherwise: &str) -> String {
        let slug = slug(title);
        let stem = if is_key(&slug) { slug } else { otherwise.to_owned() };
        let mut key = stem.clone();
        for number in 2.. {
            if self.taken.insert(key.clone()) {
                break;
            }
            key = format!("{stem}-{number}");
        }
        key
    }
}

/// Lower-case letters and digits of a text, other characters as single hyphens, cut between words.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’') {
        let word = plain_letters(word);
        if word.is_empty() {
            continue;
        }
        let room = LONGEST.saturating_sub(slug.len() + 1);
        if slug.is_empty() {
            slug.extend(word.chars().take(LONGEST));
        } else if word.len() <= room {
            slug.push('-');
            slug.push_str(&word);
        } else {
            break;
        }
    }
    slug
}

/// A word without accents, and without letters that a key cannot have.
fn plain_letters(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            _ => plain.push_str(without_accent(c)),
        }
    }
    plain
}

fn without_accent(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ť' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_keys_that_are_unique_and_readable() {
        let mut keys = Keys::without(["title", "wave"]);
        let cases = [
            ("How did it feel?", "how-did-it-feel"),
            ("How did it feel…", "how-did-it-feel-2"),
            ("Title", "title-2"),
            ("Één café, niet 's avonds", "een-cafe-niet-s-avonds"),
            ("كيف كان ذلك", "triad-1"),
            ("", "triad-1-2"),
            ("A question that goes on and on and on until nobody reads it", "a-question-that-goes-on-and-on-and-on"),
        ];
        for (title, expected) in cases {
            let key = keys.make(title, "triad-1");
            assert_eq!(key, expected, "{title}");
            assert!(is_key(&key));
        }
    }
}
