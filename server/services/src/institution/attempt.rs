//! What every attempt to prove who one is has in common: limits, the same work for everybody, notes for the IT Centre.

use super::lock::{FORGOTTEN_AFTER, lock_after};
use super::{OfficeNetworks, secret};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::audit::Origin;
use domain::institution::parameter::Parameter;
use domain::institution::{Incident, Office, TenantId, login_form};
use std::net::IpAddr;
use store::{Scope, rows};
use uuid::Uuid;

/// Failed attempts from one address within a minute, over all universities.
const MOST_PER_MINUTE: u32 = 30;

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
    account.state == "active" && account.locked_until.is_none_or(|until| until <= now)
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
    let networks = OfficeNetworks::read(&super::value(&parameters, Parameter::OfficeNetworks));
    let allowed =
        |post: &rows::Post| Office::from_key(&post.office).is_some_and(|o| networks.allow(o, from));
    Ok(posts
        .into_iter()
        .find(allowed)
        .ok_or(Incident::ForeignNetwork))
}

impl Services {
    /// The address as it is counted: a keyed hash, because there are few enough addresses to try them all.
    fn mark(&self, from: IpAddr) -> [u8; 32] {
        let address = from.to_canonical().to_string();
        secret::keyed_hash(
            self.store.keys().session(),
            &[b"origin", address.as_bytes()],
        )
    }

    /// Refuses an address with too many failures within the minute.
    pub(super) async fn ensure_calm(&self, from: IpAddr) -> Result<()> {
        let failures = self.store.control().attempts(self.mark(from)).await?;
        if failures < MOST_PER_MINUTE {
            Ok(())
        } else {
            Err(ServiceError::TooMany)
        }
    }

    /// Counts a failure on the address; tells whether it was the one that reached the limit.
    pub(super) async fn count_origin(&self, from: IpAddr) -> Result<bool> {
        let failures = self.store.control().count_attempt(self.mark(from)).await?;
        Ok(failures == MOST_PER_MINUTE)
    }

    /// Counts a failure on address and account, locks the account when it is time, and notes it for the IT Centre.
    pub(super) async fn count_failure(
        &self,
        tenant: TenantId,
        account: Option<Uuid>,
        from: IpAddr,
        incident: Incident,
    ) -> Result<()> {
        let limit_reached = self.count_origin(from).await?;
        let origin = Origin::of(from).to_string();
        let door = self.store.door(tenant).await?;
        door.security_event(incident.key(), account, &origin, "")
            .await?;
        if limit_reached {
            door.security_event(Incident::ManyAttempts.key(), None, &origin, "")
                .await?;
        }
        if let Some(id) = account.filter(|_| incident.is_guess()) {
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
