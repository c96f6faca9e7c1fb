//! How somebody was checked before a slip or code was issued anew: a way that says something, and what there is to add.

use crate::{Result, ServiceError};
use domain::institution::activation::IdentityCheck;
use domain::text::Label as _;
use store::Detail;

/// Longest note that is kept with an activation.
const LONGEST_NOTE: usize = 200;

/// A person who was seen.
pub(super) struct Checked {
    identity: IdentityCheck,
    note: String,
}

impl Checked {
    /// Somebody who was checked in this way; `note` may be empty.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `note` when it is too long.
    pub(super) fn new(identity: IdentityCheck, note: &str) -> Result<Self> {
        let note = note.trim();
        if note.chars().count() > LONGEST_NOTE {
            return Err(ServiceError::Invalid {
                field: "note",
                code: "too_long",
            });
        }
        Ok(Self {
            identity,
            note: note.to_owned(),
        })
    }

    /// The way.
    pub(super) const fn identity(&self) -> IdentityCheck {
        self.identity
    }

    /// What there is to add.
    pub(super) fn note(&self) -> &str {
        &self.note
    }

    /// What the ledger tells of an issue, and what its audit entry holds sealed: the way and the note.
    pub(super) fn told(&self, what: &str) -> Detail {
        let text = format!("{what}；核验身份：{}", self.identity.label().zh);
        let value = format!("identity_check={}; note={}", self.identity.key(), self.note);
        Detail::text(text).values("", value)
    }
}
