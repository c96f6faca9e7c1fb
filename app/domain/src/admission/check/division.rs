//! How the records of a source divide, so that their number can be added up by whoever compares it with the province's.

use serde::{Deserialize, Serialize};

/// Records of persons by what became of them: each counts in one part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// One for each admitted candidate, bad ones included.
    pub candidates: u64,
    /// Flagged as deleted by the source (rule V3).
    pub deleted: u64,
    /// Left out by somebody who repaired the source.
    pub left_out: u64,
    /// Withdrawn (rule V6).
    pub withdrawn: u64,
    /// Further records of a number whose first one is the candidate (rule V5).
    pub repeated: u64,
    /// Persons without an offer.
    pub without_offer: u64,
}

impl Division {
    /// Every record.
    pub const fn total(&self) -> u64 {
        let Self {
            candidates,
            deleted,
            left_out,
            withdrawn,
            repeated,
            without_offer,
        } = *self;
        candidates + deleted + left_out + withdrawn + repeated + without_offer
    }
}

impl std::ops::AddAssign for Division {
    fn add_assign(&mut self, other: Self) {
        self.candidates += other.candidates;
        self.deleted += other.deleted;
        self.left_out += other.left_out;
        self.withdrawn += other.withdrawn;
        self.repeated += other.repeated;
        self.without_offer += other.without_offer;
    }
}
