//! Slips and codes that were issued anew: when, by whom, why, and whether after a signature.

use super::code::CODE;
use super::recipient;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::institution::activation::{FIRST_ISSUE, IdentityCheck};
use domain::institution::{Actor, Target, policy};
use domain::view::access::AccessKind;
use std::collections::{BTreeSet, HashMap};
use store::rows;
use uuid::Uuid;

/// Lines that are shown, the newest first; each student's own page has all that was done to the student.
pub const MOST_SHOWN: u64 = 200;

/// What a line shows of a student, for the access log.
const ON_A_LINE: &str = "name,student_no,class";

/// A slip or code issued anew.
#[derive(Clone, Debug)]
pub struct Reissue {
    /// When.
    pub at: DateTime<Utc>,
    /// The student's record.
    pub student: Uuid,
    /// Name of the student.
    pub name: String,
    /// 学号; empty before one is assigned.
    pub number: String,
    /// The class.
    pub class: String,
    /// Whether it was a one-time code.
    pub code: bool,
    /// How the holder was checked; nothing where a whole class got new slips, which are handed out after the check.
    pub identity: Option<IdentityCheck>,
    /// What else was noted; may be empty.
    pub note: String,
    /// Name of who issued it.
    pub by: String,
    /// When it ends, or ended: by time, by another one issued, by wrong tries.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// Whether its holder had signed the verification sheet before.
    pub after_signature: bool,
}

impl Services {
    /// What was issued anew to students whom the post may see, the newest [`MOST_SHOWN`] first.
    ///
    /// # Errors
    /// [`crate::ServiceError::Refused`] for posts that hand out no slips.
    pub async fn reissues(&self, actor: &Actor) -> Result<Vec<Reissue>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SlipsPage>(&Target::school(actor.tenant()), unit.now())?;
        let rows = unit
            .reissues(&actor.visible(), FIRST_ISSUE, MOST_SHOWN)
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(|(_, student)| *student).collect();
        let students = unit.students_seen(&actor.visible(), &ids).await?;
        let classes = unit.units_ever().await?;
        let recipients: HashMap<Uuid, _> = recipient::with_account(&unit, students, &classes)
            .await?
            .into_iter()
            .map(|r| (r.account.id, r))
            .collect();
        let issuers: Vec<Uuid> = rows.iter().map(|(row, _)| row.issued_by).collect();
        let names = unit.person_names(&issuers).await?;
        let mut list: Vec<Reissue> = Vec::with_capacity(rows.len());
        for (row, student) in rows {
            let Some(recipient) = recipients.get(&row.account_id) else {
                continue;
            };
            list.push(Reissue {
                at: row.issued_at,
                student,
                name: recipient.name.clone(),
                number: recipient.number.clone(),
                class: recipient.place.clone(),
                code: row.kind == CODE,
                identity: check_of(row.identity_check.as_deref())?,
                note: row.reason,
                by: names.get(&row.issued_by).cloned().unwrap_or_default(),
                expires_at: row.expires_at,
                used_at: row.used_at,
                after_signature: row.after_signature,
            });
        }
        drop(unit);
        let shown: BTreeSet<Uuid> = list.iter().map(|line| line.student).collect();
        let shown: Vec<Uuid> = shown.into_iter().collect();
        self.log_reads(actor, &shown, AccessKind::List, ON_A_LINE, "")
            .await?;
        Ok(list)
    }
}

/// Whether an activation is more than the first issue of a slip. What somebody wrote beside a re-issue may read like a
/// first issue: that its holder was checked tells it apart.
pub(crate) fn is_reissue(row: &rows::Activation) -> bool {
    row.reason != FIRST_ISSUE || row.identity_check.is_some()
}

/// A way of checking as it is stored.
pub(crate) fn check_of(key: Option<&str>) -> Result<Option<IdentityCheck>> {
    let read = |key| {
        IdentityCheck::from_key(key)
            .ok_or(ServiceError::Internal("identity check of an activation"))
    };
    key.map(read).transpose()
}
