//! What a writer knows of what is there, as `If-Match` and `If-None-Match` say, and what follows: nothing is written over
//! what somebody else wrote meanwhile, and a request that is repeated because its answer was lost does no harm.

use super::tags::is_among;

/// What is said of what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is there yet (`If-None-Match: *`).
    Absent,
    /// One of these versions (`If-Match`).
    Versions(Vec<String>),
    /// Nothing is said.
    Unsaid,
}

/// Something with a number that grows whenever its own fields change.
pub trait Versioned {
    /// The number.
    fn revision(&self) -> i64;
    /// Id of the person who made it.
    fn made_by(&self) -> &str;
}

/// The version of a resource as its `ETag` has it.
pub fn tag_of(revision: i64) -> String {
    format!("\"{revision}\"")
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Deed<R> {
    /// It is not there: make it.
    Make,
    /// It is there, and as the writer knows it: change it.
    Change(R),
    /// It already says what the writer sends: nothing is to be done.
    Same(R),
}

/// Why nothing is done.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The writer must say what is known.
    ConditionNeeded,
    /// What is there is not what the writer knows.
    ChangedMeanwhile,
    /// It is not there (any more).
    Gone,
}

/// What follows for `me` from the condition and what is there, where `is_same` says whether it is already what the writer
/// sends. To make something again is to repeat only for whoever made it.
pub fn judge<R: Versioned>(
    condition: &Condition,
    there: Option<R>,
    me: &str,
    is_same: impl Fn(&R) -> bool,
) -> Result<Deed<R>, Refusal> {
    match (condition, there) {
        (Condition::Unsaid, _) => Err(Refusal::ConditionNeeded),
        (Condition::Absent, None) => Ok(Deed::Make),
        (Condition::Absent, Some(r)) if r.made_by() == me && is_same(&r) => Ok(Deed::Same(r)),
        (Condition::Absent, Some(_)) => Err(Refusal::ChangedMeanwhile),
        (Condition::Versions(_), None) => Err(Refusal::Gone),
        (Condition::Versions(_), Some(r)) if is_same(&r) => Ok(Deed::Same(r)),
        (Condition::Versions(known), Some(r)) if is_among(known, &tag_of(r.revision())) => Ok(Deed::Change(r)),
        (Condition::Versions(_), Some(_)) => Err(Refusal::ChangedMeanwhile),
    }
}

/// Whether something that is there may be removed.
pub fn judge_removal(condition: &Condition, there: &impl Versioned) -> Result<(), Refusal> {
    match condition {
        Condition::Versions(known) if is_among(known, &tag_of(there.revision())) => Ok(()),
        Condition::Versions(_) => Err(Refusal::ChangedMeanwhile),
        Condition::Absent | Condition::Unsaid => Err(Refusal::ConditionNeeded),
    }
}

/// Whether something with this tag may be changed by somebody who may also say nothing of it.
pub fn judge_if_said(condition: &Condition, tag: &str) -> Result<(), Refusal> {
    match condition {
        Condition::Unsaid => Ok(()),
        Condition::Versions(known) if is_among(known, tag) => Ok(()),
        Condition::Versions(_) | Condition::Absent => Err(Refusal::ChangedMeanwhile),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Note(&'static str);

    impl Versioned for Note {
        fn revision(&self) -> i64 {
            7
        }
        fn made_by(&self) -> &str {
            "ada"
        }
    }

    fn put(condition: &Condition, there: Option<&'static str>, me: &str, text: &str) -> Result<Deed<Note>, Refusal> {
        judge(condition, there.map(Note), me, |note| note.0 == text)
    }

    fn versions(tags: &[&str]) -> Condition {
        Condition::Versions(tags.iter().map(|t| (*t).to_owned()).collect())
    }

    #[test]
    fn what_is_new_is_made_once_however_often_it_is_sent() {
        assert_eq!(put(&Condition::Absent, None, "ada", "bus"), Ok(Deed::Make));
        assert_eq!(put(&Condition::Absent, Some("bus"), "ada", "bus"), Ok(Deed::Same(Note("bus"))));
        assert_eq!(put(&Condition::Absent, Some("bus"), "bob", "bus"), Err(Refusal::ChangedMeanwhile), "it is another's");
        assert_eq!(put(&Condition::Absent, Some("bus"), "ada", "train"), Err(Refusal::ChangedMeanwhile));
    }

    #[test]
    fn what_somebody_changed_meanwhile_is_not_written_over() {
        for known in ["\"7\"", "W/\"7\"", "*"] {
            assert_eq!(put(&versions(&[known]), Some("bus"), "bob", "train"), Ok(Deed::Change(Note("bus"))), "{known}");
        }
        assert_eq!(put(&versions(&["\"6\""]), Some("bus"), "ada", "train"), Err(Refusal::ChangedMeanwhile));
        assert_eq!(put(&versions(&["\"6\""]), Some("bus"), "ada", "bus"), Ok(Deed::Same(Note("bus"))), "the answer was lost");
        assert_eq!(put(&versions(&["\"7\""]), None, "ada", "bus"), Err(Refusal::Gone));
    }

    #[test]
    fn whoever_says_nothing_changes_nothing() {
        for there in [None, Some("bus")] {
            assert_eq!(put(&Condition::Unsaid, there, "ada", "bus"), Err(Refusal::ConditionNeeded));
        }
        assert_eq!(judge_removal(&Condition::Unsaid, &Note("bus")), Err(Refusal::ConditionNeeded));
        assert_eq!(judge_removal(&Condition::Absent, &Note("bus")), Err(Refusal::ConditionNeeded));
        assert_eq!(judge_removal(&versions(&["\"6\""]), &Note("bus")), Err(Refusal::ChangedMeanwhile));
        assert_eq!(judge_removal(&versions(&["\"6\"", "\"7\""]), &Note("bus")), Ok(()));
    }

    #[test]
    fn where_nothing_need_be_said_only_what_is_said_counts() {
        assert_eq!(judge_if_said(&Condition::Unsaid, "\"7\""), Ok(()));
        assert_eq!(judge_if_said(&versions(&["\"7\""]), "\"7\""), Ok(()));
        assert_eq!(judge_if_said(&versions(&["\"6\""]), "\"7\""), Err(Refusal::ChangedMeanwhile));
        assert_eq!(judge_if_said(&Condition::Absent, "\"7\""), Err(Refusal::ChangedMeanwhile), "something is there");
    }
}
