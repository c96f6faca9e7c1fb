//! What the IT Centre sees: refused sign-ins, locks, attempts from elsewhere. Logins are masked.

use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::institution::{Actor, Incident, Target, policy};
use domain::person::mask::{self, Masked};
use std::collections::HashMap;
use uuid::Uuid;

/// Events shown.
const MOST_EVENTS: u64 = 500;

/// Events and locks.
#[derive(Clone, Debug)]
pub struct SecurityView {
    /// Newest first.
    pub events: Vec<SecurityEvent>,
    /// Accounts that are locked now.
    pub locks: Vec<LockedAccount>,
}

/// One event.
#[derive(Clone, Debug)]
pub struct SecurityEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub incident: Incident,
    /// Which account, where one is known.
    pub login: Option<Masked>,
    /// From which network; the part that tells one machine from another is 0.
    pub origin: String,
    /// Particulars in words of the program, such as `15 min`.
    pub detail: String,
}

/// An account that is locked now.
#[derive(Clone, Debug)]
pub struct LockedAccount {
    /// Which one.
    pub login: Masked,
    /// Whether it is of the staff.
    pub staff: bool,
    /// Failures since the last success.
    pub failures: i32,
    /// End of the lock.
    pub until: DateTime<Utc>,
}

impl Services {
    /// Events and locks of the school.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn security_view(&self, actor: &Actor) -> Result<SecurityView> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SecurityPage>(&Target::school(actor.tenant()), unit.now())?;
        let rows = unit.security_events(MOST_EVENTS).await?;
        let mut ids: Vec<Uuid> = rows.iter().filter_map(|r| r.account_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let logins: HashMap<Uuid, Masked> = unit
            .accounts_by_id(&ids)
            .await?
            .into_iter()
            .map(|a| (a.id, mask::student_number(&a.login)))
            .collect();
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            events.push(SecurityEvent {
                at: row.at,
                incident: Incident::from_key(&row.kind)
                    .ok_or(ServiceError::Internal("security event"))?,
                login: row.account_id.and_then(|id| logins.get(&id).cloned()),
                origin: row.origin,
                detail: row.detail,
            });
        }
        let locked = unit.locked_accounts().await?;
        let locks = locked.into_iter().filter_map(|a| {
            Some(LockedAccount {
                login: mask::student_number(&a.login),
                staff: a.kind == "staff",
                failures: a.fails,
                until: a.locked_until?,
            })
        });
        Ok(SecurityView {
            events,
            locks: locks.collect(),
        })
    }
}
