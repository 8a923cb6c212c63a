//! What an error may say.

use duiding::domain::problem::{MAX_LISTED, Problems};
use duiding::exchange::{RowError, Warning};

/// Longest message and path of an error, in characters.
const LONGEST_MESSAGE: usize = 600;
const LONGEST_PATH: usize = 8_000;
/// Most errors of one row of a file.
const MOST_OF_A_ROW: usize = 3_000;
/// Most warnings about a file.
const MOST_WARNINGS: usize = 501;

/// A refusal: something is wrong, and it is told within bounds.
pub fn refused(problems: &Problems) {
    assert!(!problems.0.is_empty() && problems.0.len() <= MAX_LISTED, "{} problems", problems.0.len());
    for error in &problems.0 {
        briefly(&error.path, &error.message);
    }
}

/// The errors of one row.
pub fn row_refused(errors: &[RowError]) {
    assert!(!errors.is_empty() && errors.len() <= MOST_OF_A_ROW, "{} errors of one row", errors.len());
    for error in errors {
        briefly(error.column.as_deref().unwrap_or_default(), &error.message);
    }
}

/// The warnings about a file.
pub fn warned(warnings: &[Warning]) {
    assert!(warnings.len() <= MOST_WARNINGS, "{} warnings", warnings.len());
    for warning in warnings {
        briefly(warning.column.as_deref().unwrap_or_default(), &warning.message);
    }
}

/// An error that stops a command, said to whoever owns the file: at most one thing of the file is quoted.
pub fn stopped(error: &anyhow::Error, input: &[u8]) {
    let text = format!("{error:#}");
    assert!(text.len() <= LONGEST_MESSAGE + 6 * input.len(), "a long error: {text}");
}

fn briefly(place: &str, message: &str) {
    assert!(message.chars().count() <= LONGEST_MESSAGE, "a long message: {message}");
    assert!(place.chars().count() <= LONGEST_PATH, "a long path: {place}");
}
