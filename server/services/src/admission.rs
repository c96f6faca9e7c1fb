//! Room `admission`: the provinces' data come in, are looked at, repaired, confirmed, taken back (办法 一；二（一）3（1））.
//!
//! upload → job [`CHECK_JOB`] → findings → accept, repair → confirm → job [`CONFIRM_JOB`] → candidates and students →
//! undo. Photos follow with [`PHOTOS_JOB`]. Nothing real is touched before somebody confirms.

mod accept;
mod check;
mod columns;
mod command;
mod compare;
mod confirm;
mod draft;
pub(crate) mod files;
mod findings;
mod judged;
mod majors;
mod overtaken;
mod photos;
mod repair;
mod returning;
mod row;
pub mod snapshot;
mod source;
mod undo;
mod upload;
mod view;

pub use accept::{LONGEST_REASON, SHORTEST_REASON};
pub use command::{Accept, ImportSummary};
pub use confirm::Seen;
pub use photos::StudentPhoto;
pub(crate) use row::records;
pub use upload::{AdmissionUpload, Content, MAX_UPLOAD, UploadLimits};
pub use view::{FINDINGS_PER_PAGE, ROWS_PER_PAGE};

use crate::{Result, ServiceError};
use domain::admission::import::ImportState;
use domain::clause::Clause;
use domain::decision::{Machine as _, Read, Reason, Refusal};
use domain::institution::Office;
use domain::view::admission::ImportCounts;
use serde::{Deserialize, Serialize};
use store::rows;
use uuid::Uuid;

/// Kind of the job that checks an upload.
pub const CHECK_JOB: &str = "admission-check";
/// Kind of the job that writes confirmed rows.
pub const CONFIRM_JOB: &str = "admission-confirm";
/// Kind of the job that takes photos in.
pub const PHOTOS_JOB: &str = "admission-photos";

/// Rows, findings or candidates in one transaction of a job.
pub(crate) const CHUNK: usize = 500;

/// What the jobs of an import are told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ImportJob {
    pub(crate) import: Uuid,
}

/// An import as its state machine sees it.
pub(crate) fn read_of(import: &rows::ImportBatch) -> Result<Read<ImportState>> {
    Ok(Read {
        id: import.id,
        state: state_of(import)?,
        version: import.version,
    })
}

pub(crate) fn state_of(import: &rows::ImportBatch) -> Result<ImportState> {
    ImportState::from_key(&import.state).ok_or(ServiceError::Internal("state of an import"))
}

/// Totals of an import as they were counted last.
pub(crate) fn counts_of(import: &rows::ImportBatch) -> Result<ImportCounts> {
    from_json(&import.counts, "totals of an import")
}

/// A refusal of this room.
pub(crate) fn refused(reason: Reason) -> ServiceError {
    Refusal::new(reason, Clause::HANDOVER, Office::Admissions).into()
}

/// What somebody decides about is what was shown to them: an import that has moved on since is looked at again.
pub(crate) fn as_seen(import: &rows::ImportBatch, version: i32) -> Result<()> {
    if import.version == version {
        Ok(())
    } else {
        Err(refused(Reason::Stale))
    }
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| ServiceError::Internal("a value without JSON"))
}

/// Reads JSON that the program wrote; `what` names it.
pub(crate) fn from_json<T: for<'de> Deserialize<'de>>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| ServiceError::Internal(what))
}

/// Runs work that keeps a processor busy away from the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ServiceError::Interrupted)?
}

/// A count for a column.
pub(crate) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
