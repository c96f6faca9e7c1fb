//! What a use case answers when it does not do what was asked. Codes for the page; causes for the log.

use domain::decision::{Reason, Refusal};
use formats::child::AnswerError;
use store::StoreError;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A rule stands against it.
    #[error(transparent)]
    Refused(Refusal),
    /// The record is not there, or not visible to this post.
    #[error("not found")]
    NotFound,
    /// A field of the form does not have the form it needs: field and code, never the value.
    #[error("field {field}: {code}")]
    Invalid {
        /// The field's name in the form.
        field: &'static str,
        /// What is wrong, as a code that pages put into words.
        code: &'static str,
    },
    /// Sign-in, activation or second factor failed; the answer never says why.
    #[error("sign-in refused")]
    SignIn,
    /// Too many attempts: come back later.
    #[error("too many attempts")]
    TooMany,
    /// Something was built on it; names of the steps, never of persons.
    #[error("built on: {0}")]
    BuiltOn(String),
    /// The student status of records has begun or moved, so that their class and number change by a change of status alone
    /// (办法 三（二）); each by the last characters of its candidate number, as previews show them.
    #[error("the student status of {} records stands against it", .0.len())]
    StatusBegun(Vec<String>),
    /// A file cannot be read; the sentence is for its uploader.
    #[error(transparent)]
    File(#[from] AnswerError),
    /// The store refused.
    #[error(transparent)]
    Store(StoreError),
    /// The university stands still: its jobs wait until it may work again.
    #[error("the university is suspended")]
    Suspended,
    /// The task was ended before it was done.
    #[error("interrupted")]
    Interrupted,
    /// A defect of the program: a value the program wrote cannot be read.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<Refusal> for ServiceError {
    /// A record that is not visible looks like one that is not there.
    fn from(refusal: Refusal) -> Self {
        if refusal.reason == Reason::NotVisible {
            Self::NotFound
        } else {
            Self::Refused(refusal)
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Refused(refusal) => refusal.into(),
            other => Self::Store(other),
        }
    }
}

/// Result of a use case.
pub type Result<T> = std::result::Result<T, ServiceError>;
