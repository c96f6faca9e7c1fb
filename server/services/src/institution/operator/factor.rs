//! The second factor of an operator: set up, put in force, lost.

use super::{NewLogin, Operator, OperatorSession, password_or_random};
use crate::institution::secret;
use crate::institution::totp::{self, RecoveryCodes, SEED, Safe, Seeds, TotpEnrolment};
use crate::{Result, ServiceError, Services};
use domain::audit::Origin;
use domain::institution::{OperatorAct, TenantId, login_form, policy};
use std::net::IpAddr;
use store::rows;
use uuid::Uuid;

/// What an authenticator app calls the platform.
const ISSUER: &str = "学籍平台运营";

impl Services {
    fn operator_safe(&self, operator: Uuid) -> Safe<'_> {
        Safe::new(self.store.keys().platform(), "operator", operator)
    }

    pub(super) fn operator_seeds(&self, row: &rows::Operator) -> Result<Seeds> {
        self.operator_safe(row.id)
            .open(row.totp.as_deref(), row.totp_confirmed)
    }

    /// Begins a second factor. One that is in force stays so until the new one is confirmed.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] without a fresh step-up.
    pub async fn enrol_operator_totp(&self, by: &Operator, from: IpAddr) -> Result<TotpEnrolment> {
        self.ensure_operator::<policy::OperatorEnrolTotp>(by)?;
        let row = self.own_row(by).await?;
        let seed = secret::random::<SEED>()?;
        let mut seeds = self.operator_seeds(&row)?;
        seeds.proposed = Some(seed);
        let sealed = self.operator_safe(row.id).seal(&seeds)?;
        let control = self.store.control();
        control.keep_operator_totp(&row, sealed).await?;
        control
            .operator_event(OperatorAct::Enrolled, Some(row.id), Origin::of(from))
            .await?;
        Ok(TotpEnrolment::of(&seed, ISSUER, &row.login))
    }

    /// Confirms a second factor with its first code and gives the recovery codes, shown this once, and the session that
    /// goes on with it: every other one of the operator is over.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `code`: `wrong`, or `not_begun` when none was begun.
    pub async fn confirm_operator_totp(
        &self,
        by: &Operator,
        code: &str,
        from: IpAddr,
    ) -> Result<(Vec<String>, OperatorSession)> {
        self.ensure_operator::<policy::OperatorConfirmTotp>(by)?;
        let row = self.own_row(by).await?;
        let seeds = self.operator_seeds(&row)?;
        let (seed, step) = totp::first_step(&seeds, code, self.store.now())?;
        let sealed = self.operator_safe(row.id).seal(&Seeds::only(seed))?;
        let codes =
            RecoveryCodes::make(|code| self.recovery_hash(TenantId::PLATFORM, row.id, code))?;
        let control = self.store.control();
        control
            .confirm_operator_totp(&row, sealed, step, &codes.kept)
            .await?;
        control
            .operator_event(OperatorAct::Confirmed, Some(row.id), Origin::of(from))
            .await?;
        let session = OperatorSession {
            id: row.id,
            version: row.version + 1,
            stepped_up: by.stepped_up,
        };
        Ok((codes.shown, session))
    }

    /// Takes a lost second factor away with its recovery codes; for the command line. The sessions of the operator end,
    /// and the next sign-in enrols a new one. `false`, and nothing is changed, where there was none, not even one begun.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when nobody has this login.
    pub async fn reset_operator_totp(&self, login: &str) -> Result<bool> {
        let control = self.store.control();
        let row = self.operator_named(login).await?;
        if row.totp.is_none() && !row.totp_confirmed {
            return Ok(false);
        }
        control.reset_operator_totp(&row).await?;
        control
            .operator_event(OperatorAct::FactorReset, Some(row.id), Origin::Local)
            .await?;
        Ok(true)
    }

    /// Sets another password of an operator, given or random; for the command line. The sessions of the operator end, a
    /// lock is opened, and the second factor stays.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when nobody has this login, [`ServiceError::Invalid`] on `password`.
    pub async fn reset_operator_password(
        &self,
        login: &str,
        password: Option<String>,
    ) -> Result<NewLogin> {
        let row = self.operator_named(login).await?;
        let words = [row.login.clone(), row.name.clone()];
        let (password, generated) = password_or_random(password, &words)?;
        let hash = self.passwords.hash(password).await?;
        let control = self.store.control();
        control.set_operator_password(&row, hash).await?;
        control
            .operator_event(OperatorAct::PasswordReset, Some(row.id), Origin::Local)
            .await?;
        Ok(NewLogin {
            id: row.id,
            login: row.login,
            generated,
        })
    }

    async fn operator_named(&self, login: &str) -> Result<rows::Operator> {
        let named = login_form(login).unwrap_or_default();
        let row = self.store.control().operator(&named).await?;
        row.ok_or(ServiceError::NotFound)
    }
}
