//! Warnings are accepted kind by kind, with a reason that is kept (办法 四 1: who handles answers for it).

use super::{as_seen, refused, state_of};
use crate::{Result, ServiceError, Services};
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::decision::Reason;
use domain::institution::policy::AcceptWarnings;
use domain::institution::{Actor, Target};
use store::{Detail, Subject};
use uuid::Uuid;

/// Fewest characters of a reason.
pub const SHORTEST_REASON: usize = 4;
/// Most characters of a reason.
pub const LONGEST_REASON: usize = 200;

impl Services {
    /// Accepts the open warnings of one kind of an import, as they were seen at a version of it, with a reason; says how
    /// many there were.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a reason that says nothing, [`ServiceError::Refused`] while the import is being
    /// checked or written.
    pub async fn accept_warnings(
        &self,
        actor: &Actor,
        import: Uuid,
        version: i32,
        (kind, reason): (FindingKind, &str),
    ) -> Result<u64> {
        let reason = reason.trim();
        let invalid = |code| ServiceError::Invalid {
            field: "reason",
            code,
        };
        match reason.chars().count() {
            0..SHORTEST_REASON => return Err(invalid("reason_too_short")),
            SHORTEST_REASON..=LONGEST_REASON => {}
            _ => return Err(invalid("reason_too_long")),
        }
        let mut unit = self.store.begin(actor).await?;
        let granted =
            actor.authorize::<AcceptWarnings>(&Target::school(actor.tenant()), unit.now())?;
        let row = unit.import(import).await?;
        as_seen(&row, version)?;
        match state_of(&row)? {
            ImportState::Checked | ImportState::Confirmed => {}
            ImportState::Uploaded
            | ImportState::Checking
            | ImportState::Unreadable
            | ImportState::Confirming
            | ImportState::Undone => return Err(refused(Reason::IllegalMove)),
        }
        let accepted = unit.accept_findings(import, kind.key(), reason).await?;
        let count = accepted.len();
        let bound = accepted
            .into_iter()
            .map(|finding| (finding, String::new(), reason.to_owned()));
        unit.note(
            &granted,
            Subject::new("import_batch", import),
            Detail::text(format!("{} {count}", kind.key())).over_values("finding", bound),
        );
        unit.commit().await?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}
