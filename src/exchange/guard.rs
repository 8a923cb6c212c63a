//! Formula injection: a text that a spreadsheet would run as a formula is written with an apostrophe before it, and
//! read back without it.
//!
//! The reader takes one apostrophe off when what follows could be a formula or is another apostrophe. The writer
//! sets one before a formula when asked to, and always before a text from which the reader would take one off. So
//! whatever was written is read back as it was, whether or not formulas were defused, and a Dutch text that begins
//! with `'s` or `'t` is left alone.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula, or skips before one.
const STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// The text of a cell as it is written.
pub(crate) fn guard(text: &str, defuse: bool) -> Cow<'_, str> {
    if defuse && text.starts_with(STARTS) || unguard(text).len() < text.len() {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a cell as it was meant.
pub(crate) fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(STARTS) || rest.starts_with('\'') => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_guarded_is_read_back_as_it_was(text in "['=+@\\-\t\r\na ]{0,6}", defuse: bool) {
            let written = guard(&text, defuse);
            prop_assert_eq!(unguard(&written), &text);
            prop_assert!(!defuse || !written.starts_with(STARTS));
        }
    }

    #[test]
    fn a_dutch_apostrophe_is_left_alone() {
        assert_eq!(guard("'s Ochtends neem ik de bus", true), "'s Ochtends neem ik de bus");
        assert_eq!(guard("=1+1", true), "'=1+1");
        assert_eq!(guard("=1+1", false), "=1+1");
        assert_eq!(guard("'=1+1", false), "''=1+1");
    }
}
