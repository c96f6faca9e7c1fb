//! The frozen admission snapshot as the views of a record need it.

use crate::Result;
use crate::admission::snapshot::{due, facts};
use domain::admission::check::CandidateFacts;
use domain::admission::online::OnlineField;
use domain::person::id_number::IdType;
use store::keys::TenantKeys;
use store::rows;

/// A snapshot, opened.
pub(crate) struct Snapshot {
    /// The values.
    pub(crate) facts: CandidateFacts,
    /// Fields of 办法 三（五）1（3） that the source lacked.
    pub(crate) due: Vec<OnlineField>,
    /// Key of the way of admission.
    pub(crate) path: String,
}

impl Snapshot {
    /// Opens the sealed values of a candidate.
    pub(crate) fn open(keys: &TenantKeys, candidate: &rows::Candidate) -> Result<Self> {
        Ok(Self {
            facts: facts(keys, candidate)?,
            due: due(candidate)?,
            path: candidate.path.clone(),
        })
    }
}

/// The kind of a candidate's document.
pub(crate) fn id_type(candidate: &rows::Candidate) -> Option<IdType> {
    IdType::from_code(&candidate.id_type)
}
