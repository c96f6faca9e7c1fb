//! What can go wrong below the services. Never with a value of a row in it.

use crate::keys::KeyError;
use crate::seal::SealError;
use domain::audit::AuditError;
use domain::decision::Refusal;
use uuid::Uuid;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database answered with an error; its text goes to the log only.
    #[error("the database refused a statement")]
    Database(#[source] sea_orm::DbErr),
    /// The database cannot be reached or is too busy.
    #[error("the database cannot be reached")]
    Unreachable(#[source] sea_orm::DbErr),
    /// The record is not there, or not visible: both look the same.
    #[error("not found")]
    NotFound,
    /// Somebody changed the record since it was read, or the database gave way to another unit in a deadlock.
    #[error("the record has changed since it was read")]
    Stale,
    /// The student status of these records moved since they were read: what was to be written about them rests on it.
    #[error("a student status has moved since it was read")]
    StatusMoved(Vec<Uuid>),
    /// A unit of work wrote something and left no audit entry: a defect of the program.
    #[error("a change without an audit entry was rolled back")]
    Unaudited,
    /// The unique value is taken.
    #[error("this value exists already")]
    Taken,
    /// A worker lost its lease; its writes are refused.
    #[error("the lease of this job was lost")]
    FenceLost,
    /// A refusal of the domain, found while writing.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// Keys are missing or wrong.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A sealed value cannot be opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An audit entry cannot be written.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The audit chain cannot take a link.
    #[error(transparent)]
    Chain(#[from] crate::chain::ChainError),
    /// A stored value does not have the form the program writes.
    #[error("stored value of {0} has an unknown form")]
    Form(&'static str),
    /// A file cannot be stored or read.
    #[error("the file store refused")]
    File(#[source] object_store::Error),
    /// The database is not one this program may run on.
    #[error("{0}")]
    Unfit(String),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, SqlErr};
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Taken,
            _ if gave_way(&error) => Self::Stale,
            _ => match error {
                DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unreachable(error),
                other => Self::Database(other),
            },
        }
    }
}

/// Whether PostgreSQL ended this unit so that another could go on (serialisation failure, deadlock).
fn gave_way(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr};
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return false;
    };
    cause
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01"))
}

/// Result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;
