//! How an operator comes and goes: password, second factor, both again, out.

use super::{Operator, OperatorSession};
use crate::institution::attempt::Attempt;
use crate::institution::lock::{FORGOTTEN_AFTER, lock_after};
use crate::institution::password;
use crate::institution::second_factor::FactorOutcome;
use crate::institution::sign_in::SignInOutcome;
use crate::institution::totp::{self, Claim, Tries};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::audit::Origin;
use domain::institution::{OperatorAct, TenantId, login_form, policy};
use std::net::IpAddr;
use store::rows;
use uuid::Uuid;

/// A sign-in of an operator whose password was right; the server keeps it in the session. It opens nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PendingOperator {
    id: Uuid,
    version: i32,
    tries: Tries,
}

/// How the sign-in of an operator went on.
pub type OperatorSignIn = SignInOutcome<OperatorSession, PendingOperator>;

/// How its second step went on.
pub type OperatorFactor = FactorOutcome<OperatorSession, PendingOperator>;

impl PendingOperator {
    fn new(row: &rows::Operator, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id,
            version: row.version,
            tries: Tries::begin(now),
        }
    }

    /// Whether another code may be tried.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.tries.is_open(now)
    }
}

impl Services {
    /// Signs an operator in, or asks for the second factor next; every try is noted, whoever it was.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] whatever was wrong, [`ServiceError::TooMany`] when the address failed too often.
    pub async fn sign_in_operator(
        &self,
        login: &str,
        password: String,
        from: IpAddr,
    ) -> Result<OperatorSignIn> {
        let named = login_form(login).unwrap_or_default();
        let tried = self.attempt(TenantId::PLATFORM, &named, from);
        let found = self.store.control().operator(&named).await?;
        let id = found.as_ref().map(|row| row.id);
        if let Some(row) = self
            .operator_password(found, &tried, password, from)
            .await?
        {
            if row.totp_confirmed {
                let pending = PendingOperator::new(&row, self.store.now());
                return Ok(SignInOutcome::SecondFactor(pending));
            }
            if self.store.control().clear_operator_failures(&row).await? {
                let session = self
                    .let_operator_in(&row, OperatorAct::SignedIn, from)
                    .await?;
                return Ok(SignInOutcome::Done(session));
            }
        }
        self.count_operator_failure(id, (&tried, from), OperatorAct::Refused)
            .await?;
        Err(ServiceError::SignIn)
    }

    /// Second step of a sign-in: a code of the app, or a recovery code.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] when no try is left or the time is over, [`ServiceError::TooMany`].
    pub async fn second_factor_operator(
        &self,
        pending: PendingOperator,
        code: &str,
        from: IpAddr,
    ) -> Result<OperatorFactor> {
        let tried = self.attempt(TenantId::PLATFORM, &pending.id.to_string(), from);
        self.ensure_calm(&tried).await?;
        if !pending.is_open(self.store.now()) {
            return Err(ServiceError::SignIn);
        }
        let row = self.store.control().operator_by_id(pending.id).await?;
        let row = row.filter(|row| row.version == pending.version);
        if let Some(row) = &row
            && self.takes_operator_factor(row, code).await?
        {
            let session = self
                .let_operator_in(row, OperatorAct::SecondFactor, from)
                .await?;
            return Ok(FactorOutcome::Done(session));
        }
        let act = OperatorAct::FactorRefused;
        self.count_operator_failure(Some(pending.id), (&tried, from), act)
            .await?;
        let pending = PendingOperator {
            tries: pending.tries.after_one(),
            ..pending
        };
        if row.is_some() && pending.is_open(self.store.now()) {
            Ok(FactorOutcome::Again(pending))
        } else {
            Err(ServiceError::SignIn)
        }
    }

    /// Checks the password, and the second factor where one is enrolled, of an operator who is signed in; the session gets
    /// a new id then.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] whatever was wrong, [`ServiceError::TooMany`]; failures count towards the lock.
    pub async fn step_up_operator(
        &self,
        by: &Operator,
        password: String,
        code: Option<&str>,
        from: IpAddr,
    ) -> Result<OperatorSession> {
        self.ensure_operator::<policy::OperatorStepUp>(by)?;
        let own = self.own_row(by).await?;
        let tried = self.attempt(TenantId::PLATFORM, &own.login, from);
        let mut refused = OperatorAct::Refused;
        if let Some(row) = self
            .operator_password(Some(own), &tried, password, from)
            .await?
        {
            let proven = match code {
                _ if !row.totp_confirmed => {
                    self.store.control().clear_operator_failures(&row).await?
                }
                Some(code) => self.takes_operator_factor(&row, code).await?,
                None => false,
            };
            if proven {
                return self
                    .let_operator_in(&row, OperatorAct::SteppedUp, from)
                    .await;
            }
            refused = OperatorAct::FactorRefused;
        }
        self.count_operator_failure(Some(by.id), (&tried, from), refused)
            .await?;
        Err(ServiceError::SignIn)
    }

    /// Ends the session of an operator.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sign_out_operator(
        &self,
        by: &Operator,
        session: [u8; 32],
        from: IpAddr,
    ) -> Result<()> {
        self.ensure_operator::<policy::OperatorSignOut>(by)?;
        let control = self.store.control();
        control
            .operator_event(OperatorAct::SignedOut, Some(by.id), Origin::of(from))
            .await?;
        control.end_session(session).await?;
        Ok(())
    }

    /// The operator whose password this is, as of after the check; `None` for a wrong password, for nobody, and while
    /// locked. The work is the same for everybody.
    async fn operator_password(
        &self,
        found: Option<rows::Operator>,
        tried: &Attempt,
        password: String,
        from: IpAddr,
    ) -> Result<Option<rows::Operator>> {
        self.ensure_calm(tried).await?;
        if self.is_sprayed(tried, false).await? {
            let known = match &found {
                Some(row) => self.knows_network(TenantId::PLATFORM, row.id, from).await?,
                None => false,
            };
            if !known {
                return Err(ServiceError::TooMany);
            }
        }
        let stored = found.as_ref().map(|row| row.password_hash.clone());
        let right = password.chars().count() <= password::MAX_CHARS
            && self.passwords.matches(password, stored).await?;
        let Some(read) = found.filter(|_| right) else {
            return Ok(None);
        };
        // The check takes its time: a lock, or another second factor, that came meanwhile counts.
        let now = self.store.now();
        let row = self.store.control().operator_by_id(read.id).await?;
        Ok(row.filter(|row| {
            row.version == read.version && row.locked_until.is_none_or(|until| until <= now)
        }))
    }

    /// Uses up a code, and forgets the failures: each time step and each recovery code counts once, and none while locked.
    async fn takes_operator_factor(&self, row: &rows::Operator, code: &str) -> Result<bool> {
        let Some(seed) = self.operator_seeds(row)?.in_force else {
            return Ok(false);
        };
        let control = self.store.control();
        let hash = |code: &str| self.recovery_hash(TenantId::PLATFORM, row.id, code);
        Ok(match totp::claim(seed, code, self.store.now(), hash)? {
            Some(Claim::Step(step)) => control.use_operator_step(row, step).await?,
            Some(Claim::Recovery(hash)) => control.use_operator_recovery(row, hash).await?,
            None => false,
        })
    }

    /// Notes who came in, and from which network.
    async fn let_operator_in(
        &self,
        row: &rows::Operator,
        act: OperatorAct,
        from: IpAddr,
    ) -> Result<OperatorSession> {
        self.store
            .control()
            .operator_event(act, Some(row.id), Origin::of(from))
            .await?;
        self.know_network(TenantId::PLATFORM, row.id, from).await?;
        Ok(OperatorSession {
            id: row.id,
            version: row.version,
            stepped_up: self.store.now(),
        })
    }

    /// Counts a failure, notes it, and locks when it is time.
    async fn count_operator_failure(
        &self,
        id: Option<Uuid>,
        (tried, from): (&Attempt, IpAddr),
        act: OperatorAct,
    ) -> Result<()> {
        self.count(tried).await?;
        let (control, origin) = (self.store.control(), Origin::of(from));
        control.operator_event(act, id, origin).await?;
        let Some(id) = id else {
            return Ok(());
        };
        let now = self.store.now();
        let failures = control
            .count_operator_failure(id, now - FORGOTTEN_AFTER)
            .await?;
        if let Some(span) = failures.and_then(lock_after) {
            control.lock_operator(id, now + span).await?;
            control
                .operator_event(OperatorAct::Locked, Some(id), origin)
                .await?;
        }
        Ok(())
    }
}
