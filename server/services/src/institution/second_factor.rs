//! The second factor of the staff: a code of the app, or a recovery code.

use super::sign_in::let_in;
use super::totp::{self, Claim, RecoveryCodes, SEED, Safe, Seeds, TotpEnrolment, Tries};
use super::{SignedIn, attempt, secret};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::institution::{Actor, Incident, Target, TenantId, policy};
use std::net::IpAddr;
use store::{Detail, Door, StoreError, Subject, rows};
use uuid::Uuid;

/// A sign-in whose password was right; the server keeps it in the session. It opens nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PendingFactor {
    /// The university.
    pub tenant: TenantId,
    account: Uuid,
    version: i32,
    post: Uuid,
    tries: Tries,
}

impl PendingFactor {
    pub(super) fn new(
        tenant: TenantId,
        account: &rows::Account,
        post: Uuid,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            tenant,
            account: account.id,
            version: account.version,
            post,
            tries: Tries::begin(now),
        }
    }

    /// Whether another code may be tried.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.tries.is_open(now)
    }

    const fn after_try(self) -> Self {
        Self {
            tries: self.tries.after_one(),
            ..self
        }
    }
}

/// How the second step of a sign-in went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorOutcome<S = SignedIn, P = PendingFactor> {
    /// Signed in: the server makes a new session.
    Done(S),
    /// Wrong; the server keeps this instead and asks again.
    Again(P),
}

fn seeds_of(door: &Door, account: &rows::Account) -> Result<Seeds> {
    let safe = Safe::new(door.keys(), "account", account.id);
    safe.open(account.totp.as_deref(), account.totp_confirmed)
}

/// A second factor that was just put in force.
#[derive(Debug)]
pub struct FactorInForce {
    /// Recovery codes, shown this once.
    pub recovery_codes: Vec<String>,
    /// The version of the account from then on, under which the own session goes on
    /// ([`SignedIn::version`](super::SignedIn)).
    pub version: i32,
}

impl Services {
    /// Second step of a sign-in: a code of the app, or a recovery code.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] when no try is left or the time is over, [`ServiceError::TooMany`].
    pub async fn second_factor(
        &self,
        pending: PendingFactor,
        code: &str,
        from: IpAddr,
    ) -> Result<FactorOutcome> {
        let tried = self.attempt(pending.tenant, &pending.account.to_string(), from);
        self.ensure_calm(&tried).await?;
        if !pending.is_open(self.store.now()) {
            return Err(ServiceError::SignIn);
        }
        let door = self.store.door(pending.tenant).await?;
        let account = door.account(pending.account).await?;
        let unchanged = account.version == pending.version;
        if unchanged
            && self.takes_factor(&door, &account, code).await?
            && door.clear_failures(&account).await?
        {
            let signed_in = let_in::<policy::SecondFactor>(door, &account, pending.post).await?;
            self.know_network(pending.tenant, account.id, from).await?;
            return Ok(FactorOutcome::Done(signed_in));
        }
        drop(door);
        let incident = Incident::FactorRefused;
        self.count_failure(pending.tenant, Some(account.id), (&tried, from), incident)
            .await?;
        let pending = pending.after_try();
        if unchanged && pending.is_open(self.store.now()) {
            Ok(FactorOutcome::Again(pending))
        } else {
            Err(ServiceError::SignIn)
        }
    }

    /// Uses up a code: each time step and each recovery code counts once. A locked account takes none.
    pub(super) async fn takes_factor(
        &self,
        door: &Door,
        account: &rows::Account,
        code: &str,
    ) -> Result<bool> {
        if !attempt::usable(account, door.now()) {
            return Ok(false);
        }
        let Some(seed) = seeds_of(door, account)?.in_force else {
            return Ok(false);
        };
        let hash = |code: &str| self.recovery_hash(door.tenant(), account.id, code);
        match totp::claim(seed, code, door.now(), hash)? {
            Some(Claim::Step(step)) => match door.use_totp_step(account.id, step).await {
                Ok(()) => Ok(true),
                Err(StoreError::Stale) => Ok(false),
                Err(error) => Err(error.into()),
            },
            Some(Claim::Recovery(hash)) => Ok(door.use_recovery_code(account.id, hash).await?),
            None => Ok(false),
        }
    }

    /// Begins a second factor. One that is in force stays so until the new one is confirmed.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] without a fresh step-up.
    pub async fn enrol_totp(&self, actor: &Actor) -> Result<TotpEnrolment> {
        let tenant = self.tenant_row(actor.tenant()).await?;
        let door = self.store.door(actor.tenant()).await?;
        let granted =
            actor.authorize::<policy::EnrolTotp>(&Target::school(actor.tenant()), door.now())?;
        let account = door.account(actor.seat().account).await?;
        let seed = secret::random::<SEED>()?;
        let mut seeds = seeds_of(&door, &account)?;
        seeds.proposed = Some(seed);
        let sealed = Safe::new(door.keys(), "account", account.id).seal(&seeds)?;
        door.keep_totp(account.id, sealed).await?;
        let mut unit = door.enter(actor)?;
        unit.note(
            &granted,
            Subject::new("account", account.id),
            Detail::none(),
        );
        unit.commit().await?;
        Ok(TotpEnrolment::of(&seed, &tenant.name, &account.login))
    }

    /// Confirms a second factor with its first code. Every other session of the account ends, also one that began with
    /// the password alone and waits to enrol.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `code`: `wrong`, or `not_begun` when none was begun.
    pub async fn confirm_totp(
        &self,
        actor: &Actor,
        code: &str,
        keep: Option<[u8; 32]>,
    ) -> Result<FactorInForce> {
        let door = self.store.door(actor.tenant()).await?;
        let granted =
            actor.authorize::<policy::ConfirmTotp>(&Target::school(actor.tenant()), door.now())?;
        let account = door.account(actor.seat().account).await?;
        let (seed, step) = totp::first_step(&seeds_of(&door, &account)?, code, door.now())?;
        let sealed = Safe::new(door.keys(), "account", account.id).seal(&Seeds::only(seed))?;
        let version = door.confirm_totp(&account, sealed, step).await?;
        let codes =
            RecoveryCodes::make(|code| self.recovery_hash(door.tenant(), account.id, code))?;
        door.set_recovery_codes(account.id, codes.kept).await?;
        let mut unit = door.enter(actor)?;
        unit.note(
            &granted,
            Subject::new("account", account.id),
            Detail::none(),
        );
        unit.commit().await?;
        self.store
            .control()
            .end_sessions_of(actor.tenant(), account.id, keep)
            .await?;
        Ok(FactorInForce {
            recovery_codes: codes.shown,
            version,
        })
    }
}
