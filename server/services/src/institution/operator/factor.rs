//! The second factor of an operator: set up, put in force, lost.

use super::{Operator, OperatorSession};
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
    /// and the next sign-in enrols a new one.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when nobody has this login.
    pub async fn reset_operator_totp(&self, login: &str) -> Result<()> {
        let control = self.store.control();
        let named = login_form(login).unwrap_or_default();
        let row = control.operator(&named).await?;
        let row = row.ok_or(ServiceError::NotFound)?;
        control.reset_operator_totp(&row).await?;
        Ok(control
            .operator_event(OperatorAct::FactorReset, Some(row.id), Origin::Local)
            .await?)
    }
}
