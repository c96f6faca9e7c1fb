//! What the IT Centre sees: refused sign-ins, locks, attempts from elsewhere. Logins are masked.

use super::{number, parameters};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Origin;
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Incident, OperatorAct, Target, TenantId, policy};
use domain::person::mask::{self, Masked};
use std::collections::HashMap;
use std::net::IpAddr;
use store::EventFilter;
use uuid::Uuid;

/// Events on a page.
pub const EVENTS_ON_A_PAGE: u64 = 100;

/// Which events to show.
#[derive(Clone, Debug, Default)]
pub struct SecurityQuery {
    /// Only this kind.
    pub incident: Option<Incident>,
    /// Only this network.
    pub origin: Option<String>,
    /// Page, from 1.
    pub page: u32,
}

/// Events and locks.
#[derive(Clone, Debug)]
pub struct SecurityView {
    /// One page, newest first.
    pub events: Vec<SecurityEvent>,
    /// How many there are in all.
    pub found: u64,
    /// The page shown, from 1.
    pub page: u32,
    /// The last page.
    pub last: u32,
    /// Counts by kind, the most frequent of the week first.
    pub totals: Vec<IncidentTotal>,
    /// The networks most events of the week came from.
    pub networks: Vec<(String, i64)>,
    /// Accounts that are locked now.
    pub locks: Vec<LockedAccount>,
    /// When all of it was last backed up.
    pub backup: LastBackup,
}

/// The newest backup, and how old it may be (办法 三（四）3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastBackup {
    /// When it was made; nothing where none is recorded.
    pub at: Option<DateTime<Utc>>,
    /// Hours that may lie between two, as the school set them.
    pub hours: i64,
    /// Whether it is older, or there is none.
    pub late: bool,
}

/// How often something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentTotal {
    /// What.
    pub incident: Incident,
    /// Within a day.
    pub day: i64,
    /// Within a week.
    pub week: i64,
}

/// Networks named.
const MOST_NETWORKS: usize = 10;

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
    pub async fn security_view(
        &self,
        actor: &Actor,
        query: &SecurityQuery,
    ) -> Result<SecurityView> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SecurityPage>(&Target::school(actor.tenant()), unit.now())?;
        let mut filter = EventFilter {
            kind: query.incident.map(|i| i.key().to_owned()),
            origin: query.origin.clone(),
            offset: 0,
            limit: EVENTS_ON_A_PAGE,
        };
        let found = unit.count_security_events(&filter).await?;
        let last = u32::try_from(found.div_ceil(EVENTS_ON_A_PAGE)).unwrap_or(u32::MAX);
        let last = last.max(1);
        let page = query.page.clamp(1, last);
        filter.offset = u64::from(page - 1) * EVENTS_ON_A_PAGE;
        let rows = unit.security_events(&filter).await?;
        let day = unit
            .security_totals(unit.now() - TimeDelta::days(1))
            .await?;
        let week = unit
            .security_totals(unit.now() - TimeDelta::days(7))
            .await?;
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
        let hours = number(&parameters(&unit).await?, Parameter::BackupHours);
        let control = self.store.control();
        let at = control.last_operator_event(OperatorAct::BackedUp).await?;
        let since = self.tenant_row(actor.tenant()).await?.created_at;
        let backup = LastBackup {
            at,
            hours,
            // Nothing of a university could be backed up before it was there.
            late: unit.now() - at.map_or(since, |at| at.max(since)) > TimeDelta::hours(hours),
        };
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
            found,
            page,
            last,
            totals: by_incident(&day, &week),
            networks: by_network(&week),
            locks: locks.collect(),
            backup,
        })
    }

    /// Notes an incident that is no failed attempt, for the IT Centre.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn note_incident(
        &self,
        tenant: TenantId,
        account: Option<Uuid>,
        from: IpAddr,
        incident: Incident,
    ) -> Result<()> {
        let origin = Origin::of(from).to_string();
        let door = self.store.door(tenant).await?;
        door.security_event(incident.key(), account, &origin, "")
            .await?;
        Ok(door.commit().await?)
    }

    /// Notes a form that came from a page of another site: for the IT Centre of the session's university, else of the one
    /// in the address, else for the operator. What stood in the form was not read.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn note_cross_site(
        &self,
        session: Option<[u8; 32]>,
        slug: &str,
        from: IpAddr,
    ) -> Result<()> {
        let control = self.store.control();
        let session = match session {
            Some(hash) => control.session(hash).await?,
            None => None,
        };
        let account = session.as_ref().and_then(|session| session.account);
        let tenant = match session.and_then(|session| session.tenant) {
            Some(tenant) => Some(tenant),
            None => match self.school_at(slug).await {
                // Its people are let in no more: it is told where the platform is looked after.
                Err(ServiceError::Suspended) => None,
                other => other?,
            },
        };
        match tenant {
            Some(tenant) => {
                self.note_incident(tenant, account, from, Incident::CrossSite)
                    .await
            }
            None => Ok(control
                .operator_event(OperatorAct::CrossSite, None, Origin::of(from))
                .await?),
        }
    }

    /// Records that a backup was made; for the command line.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn note_backup(&self) -> Result<()> {
        let control = self.store.control();
        Ok(control
            .operator_event(OperatorAct::BackedUp, None, Origin::Local)
            .await?)
    }
}

fn by_incident(day: &[Counted], week: &[Counted]) -> Vec<IncidentTotal> {
    let sum = |counts: &[Counted], incident: Incident| {
        let own = counts.iter().filter(|(kind, ..)| kind == incident.key());
        own.map(|(.., n)| n).sum::<i64>()
    };
    let mut totals: Vec<IncidentTotal> = Incident::ALL
        .into_iter()
        .map(|incident| IncidentTotal {
            incident,
            day: sum(day, incident),
            week: sum(week, incident),
        })
        .filter(|total| total.week > 0)
        .collect();
    totals.sort_by_key(|t| (std::cmp::Reverse(t.week), t.incident));
    totals
}

fn by_network(week: &[Counted]) -> Vec<(String, i64)> {
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for (_, origin, n) in week {
        *sums.entry(origin).or_default() += n;
    }
    let mut networks: Vec<(String, i64)> = sums
        .into_iter()
        .map(|(origin, n)| (origin.to_owned(), n))
        .collect();
    networks.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    networks.truncate(MOST_NETWORKS);
    networks
}

/// Kind, network, count.
type Counted = (String, String, i64);
