//! Why a unit of work is let go and never committed.

use crate::error::StoreError;

pub(super) const FOREIGN_RIGHT: StoreError = StoreError::Form("the right of another actor");

/// Why a unit must not be committed.
#[derive(Clone, Copy)]
pub(super) enum Bar {
    /// A part of one act was written and the rest was not.
    Cut,
    /// Something was noted under the right of another actor.
    Foreign,
}

impl From<Bar> for StoreError {
    fn from(bar: Bar) -> Self {
        match bar {
            Bar::Cut => Self::Stale,
            Bar::Foreign => FOREIGN_RIGHT,
        }
    }
}
