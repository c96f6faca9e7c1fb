//! What every attempt to prove who one is has in common: limits, the same work for everybody, notes for the IT Centre.
//!
//! A whole dormitory, or a hall full of people on the day of activation, comes from one address. So a login that fails
//! again and again is held up alone, and an address only by how many logins failed from it: whoever signed in from its
//! network before goes on, and so does whoever holds a slip.

use super::lock::{FAILURES, FORGOTTEN_AFTER, LONGEST_LOCK, lock_after};
use super::{Networks, secret};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Origin;
use domain::institution::parameter::Parameter;
use domain::institution::{Incident, Office, TenantId, login_form};
use std::net::IpAddr;
use store::{Scope, rows};
use uuid::Uuid;

/// Failures of one login from one address within a minute.
const MOST_OF_LOGIN: u32 = 15;
/// Logins that fail from one address within a minute, over all universities; each counts once.
const MOST_LOGINS: u32 = 30;
/// The same behind an address of the school's own, where hundreds share it and the IT Centre finds the machine.
const MOST_LOGINS_ON_CAMPUS: u32 = 600;
/// How long a network is known as one that an account signed in from.
const KNOWN_FOR: TimeDelta = TimeDelta::days(30);

/// What one attempt is counted under: keyed hashes, because there are few enough addresses to try them all.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    login: [u8; 32],
    address: [u8; 32],
}

/// The account of a login: 工号, or a student's 考生号 or 学号.
pub(super) async fn account_named(scope: &Scope, login: &str) -> Result<Option<rows::Account>> {
    let Some(login) = login_form(login) else {
        return Ok(None);
    };
    if let Some(account) = scope.account_by_login(&login).await? {
        return Ok(Some(account));
    }
    let student = scope.student_by_number(&login).await?;
    match student.and_then(|s| s.person_id) {
        Some(person) => student_account(scope, person).await,
        None => Ok(None),
    }
}

/// The student account of a person.
pub(super) async fn student_account(scope: &Scope, person: Uuid) -> Result<Option<rows::Account>> {
    let accounts = scope.accounts_of_persons(&[person]).await?;
    Ok(accounts.into_iter().find(|a| a.kind == "student"))
}

/// Whether an account may be signed in to now, apart from its password.
pub(super) fn usable(account: &rows::Account, now: DateTime<Utc>) -> bool {
    account.state == "active" && !is_locked(account, now)
}

/// Whether failures keep an account shut now.
pub(super) fn is_locked(account: &rows::Account, now: DateTime<Utc>) -> bool {
    account.locked_until.is_some_and(|until| until > now)
}

/// The first of a person's posts that may be used from an address.
///
/// # Errors
/// The [`Incident`] to note when there is none.
pub(super) async fn first_post(
    scope: &Scope,
    person: Uuid,
    from: IpAddr,
) -> Result<std::result::Result<rows::Post, Incident>> {
    let posts = scope.posts_of(person).await?;
    if posts.is_empty() {
        return Ok(Err(Incident::NoPost));
    }
    let parameters = super::parameters(scope).await?;
    let networks = Networks::read(&super::value(&parameters, Parameter::OfficeNetworks));
    let allowed =
        |post: &rows::Post| Office::from_key(&post.office).is_some_and(|o| networks.allow(o, from));
    Ok(posts
        .into_iter()
        .find(allowed)
        .ok_or(Incident::ForeignNetwork))
}

impl Services {
    fn mark(&self, parts: &[&[u8]]) -> [u8; 32] {
        secret::keyed_hash(self.store.keys().session(), parts)
    }

    /// An attempt at something of a university (a login, an account, slips) from an address.
    pub(super) fn attempt(&self, tenant: TenantId, what: &str, from: IpAddr) -> Attempt {
        let (tenant, address) = (tenant.0.to_be_bytes(), from.to_canonical().to_string());
        Attempt {
            login: self.mark(&[b"login", &tenant, what.as_bytes(), address.as_bytes()]),
            address: self.mark(&[b"origin", address.as_bytes()]),
        }
    }

    /// Refuses what failed too often from this address within the minute.
    pub(super) async fn ensure_calm(&self, attempt: &Attempt) -> Result<()> {
        if self.store.control().attempts(attempt.login).await? < MOST_OF_LOGIN {
            Ok(())
        } else {
            Err(ServiceError::TooMany)
        }
    }

    /// Whether so many logins failed from this address within the minute that somebody is trying them out.
    pub(super) async fn is_sprayed(&self, attempt: &Attempt, on_campus: bool) -> Result<bool> {
        let most = if on_campus {
            MOST_LOGINS_ON_CAMPUS
        } else {
            MOST_LOGINS
        };
        Ok(self.store.control().attempts(attempt.address).await? >= most)
    }

    /// Counts a failure, on the address only once for each login; tells whether it was the one that reached a limit.
    pub(super) async fn count(&self, attempt: &Attempt) -> Result<bool> {
        let control = self.store.control();
        let own = control.count_attempt(attempt.login).await?;
        if own > 1 {
            return Ok(own == MOST_OF_LOGIN);
        }
        let logins = control.count_attempt(attempt.address).await?;
        Ok(logins == MOST_LOGINS || logins == MOST_LOGINS_ON_CAMPUS)
    }

    fn network_mark(&self, tenant: TenantId, account: Uuid, from: IpAddr) -> [u8; 32] {
        let (tenant, network) = (tenant.0.to_be_bytes(), Origin::of(from).to_string());
        self.mark(&[b"network", &tenant, account.as_bytes(), network.as_bytes()])
    }

    /// Remembers that an account signed in from a network.
    pub(super) async fn know_network(
        &self,
        tenant: TenantId,
        account: Uuid,
        from: IpAddr,
    ) -> Result<()> {
        let mark = self.network_mark(tenant, account, from);
        Ok(self.store.control().remember(mark, KNOWN_FOR).await?)
    }

    /// Whether an account signed in from this network before.
    pub(super) async fn knows_network(
        &self,
        tenant: TenantId,
        account: Uuid,
        from: IpAddr,
    ) -> Result<bool> {
        let mark = self.network_mark(tenant, account, from);
        Ok(self.store.control().remembers(mark).await?)
    }

    /// Whether a right password opens an account now. A lock holds for everybody but those who come from a network that
    /// the account signed in from, and that did not bring a lock itself: whoever only knows a login cannot keep its owner
    /// out (T-AUTH-05, ADR 0099).
    pub(super) async fn opens(
        &self,
        tenant: TenantId,
        account: &rows::Account,
        from: IpAddr,
    ) -> Result<bool> {
        if !is_locked(account, self.store.now()) {
            return Ok(account.state == "active");
        }
        if account.state != "active" || !self.knows_network(tenant, account.id, from).await? {
            return Ok(false);
        }
        let own = self.failures_there(tenant, account.id, from);
        let control = self.store.control();
        Ok(control.attempts_within(own, LONGEST_LOCK).await? < FAILURES.unsigned_abs())
    }

    /// What the failures of an account from one network are counted under.
    fn failures_there(&self, tenant: TenantId, account: Uuid, from: IpAddr) -> [u8; 32] {
        let network = self.network_mark(tenant, account, from);
        self.mark(&[b"failures", &network])
    }

    /// Counts a failure on address, login and account, locks the account when it is time, and notes it for the IT
    /// Centre.
    pub(super) async fn count_failure(
        &self,
        tenant: TenantId,
        account: Option<Uuid>,
        (attempt, from): (&Attempt, IpAddr),
        incident: Incident,
    ) -> Result<()> {
        let limit_reached = self.count(attempt).await?;
        let guessed = account.filter(|_| incident.is_guess());
        if let Some(id) = guessed {
            let there = self.failures_there(tenant, id, from);
            self.store
                .control()
                .count_within(there, LONGEST_LOCK)
                .await?;
        }
        let origin = Origin::of(from).to_string();
        let door = self.store.door(tenant).await?;
        door.security_event(incident.key(), account, &origin, "")
            .await?;
        if limit_reached {
            door.security_event(Incident::ManyAttempts.key(), None, &origin, "")
                .await?;
        }
        if let Some(id) = guessed {
            let now = door.now();
            let failures = door.count_failure(id, now - FORGOTTEN_AFTER).await?;
            if let Some(span) = failures.and_then(lock_after) {
                door.lock(id, now + span).await?;
                let minutes = format!("{} min", span.num_minutes());
                door.security_event(Incident::Locked.key(), account, &origin, &minutes)
                    .await?;
            }
        }
        Ok(door.commit().await?)
    }
}
