//! What can go wrong in the database, as far as the rest of the program cares.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// A failed unit of work. The texts are for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// There is no such row (in this project).
    #[error("not found")]
    NotFound,
    /// A unique rule refuses the row; the name of the rule or, on SQLite, of its columns.
    #[error("conflict with {0}")]
    Conflict(String),
    /// Full, away or too busy; the same request may succeed later.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// Anything else: a defect.
    #[error("database error: {0}")]
    Internal(String),
}

impl From<Diesel> for DbError {
    fn from(e: Diesel) -> Self {
        match e {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Self::Conflict(info.constraint_name().unwrap_or_else(|| info.message()).to_owned())
            }
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::SerializationFailure, info) => {
                Self::Unavailable(info.message().to_owned())
            }
            // The connection went away inside a transaction, and what comes next in it is told so.
            Diesel::BrokenTransactionManager => Self::Unavailable("the connection broke inside a transaction".to_owned()),
            Diesel::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            Diesel::DatabaseError(_, info) if is_passing(info.message()) => Self::Unavailable(info.message().to_owned()),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// Messages of both databases for a full disk, a lock that lasted too long, a stopped or crowded server.
fn is_passing(message: &str) -> bool {
    const SIGNS: [&str; 18] = [
        "database is locked",
        "database or disk is full",
        "disk I/O error",
        "No space left",
        "could not extend file",
        "the database system is",
        "terminating connection",
        "server closed the connection",
        "connection not open",
        "no connection to the server",
        "could not receive data from server",
        "could not send data to server",
        "SSL connection has been closed",
        "SSL SYSCALL error",
        "remaining connection slots",
        "too many clients",
        "deadlock detected",
        "statement timeout",
    ];
    SIGNS.iter().any(|sign| message.contains(sign))
}

/// The result of a unit of work.
pub type DbResult<T> = Result<T, DbError>;

/// A transaction that could not begin or end; becomes a [`DbError`].
pub type TransactionError = diesel::result::Error;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_broke_inside_a_transaction_is_a_passing_fault() {
        let broken = || Diesel::BrokenTransactionManager;
        assert!(matches!(DbError::from(broken()), DbError::Unavailable(_)));
        let commit = Diesel::RollbackErrorOnCommit {
            rollback_error: Box::new(Diesel::NotInTransaction),
            commit_error: Box::new(broken()),
        };
        assert!(matches!(DbError::from(commit), DbError::Unavailable(_)));
    }
}
