//! When somebody looks again at who has access.

use chrono::{DateTime, Months, Utc};

/// A year after the last review, or after the project began when there was none.
pub fn next_review(last: Option<DateTime<Utc>>, began: DateTime<Utc>) -> DateTime<Utc> {
    let from = last.unwrap_or(began);
    from.checked_add_months(Months::new(12)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_due_a_year_later() {
        let day = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (began, last) = (day("2024-02-29T10:00:00Z"), day("2026-03-01T09:00:00Z"));
        assert_eq!(next_review(None, began), day("2025-02-28T10:00:00Z"));
        assert_eq!(next_review(Some(last), began), day("2027-03-01T09:00:00Z"));
    }
}
