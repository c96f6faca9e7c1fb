//! Password and second factor again, before an act that needs them fresh.

use super::attempt;
use crate::{Result, Services};
use chrono::{DateTime, Utc};
use domain::institution::{Actor, Incident, Target, policy};
use std::net::IpAddr;
use store::{Detail, Subject};

impl Services {
    /// Checks password and, when enrolled, second factor of whoever is signed in; gives the time to keep in the
    /// session, which gets a new id then.
    ///
    /// # Errors
    /// [`crate::ServiceError::SignIn`] whatever was wrong; failures count towards the lock of the account.
    pub async fn step_up(
        &self,
        actor: &Actor,
        password: &str,
        code: Option<&str>,
        from: IpAddr,
    ) -> Result<DateTime<Utc>> {
        let (tenant, id) = (actor.tenant(), actor.seat().account);
        let tried = self.attempt(tenant, &id.to_string(), from);
        self.ensure_calm(&tried).await?;
        let look = self.store.look(tenant).await?;
        let account = look.account(id).await?;
        drop(look);
        let right = self.password_of(Some(&account), password).await?;
        let opens = self.opens(tenant, &account, from).await?;
        let door = self.store.door(tenant).await?;
        let now = door.now();
        if right && opens && attempt::is_locked(&account, now) {
            door.open_lock(&account).await?;
        }
        let current = door.account(id).await?;
        let factor = match code {
            _ if !right || !attempt::usable(&current, now) => false,
            _ if !current.totp_confirmed => true,
            Some(code) => self.takes_factor(&door, &current, code).await?,
            None => false,
        };
        if !factor || !door.clear_failures(&account).await? {
            drop(door);
            return self
                .refuse(tenant, Some(id), (&tried, from), Incident::StepUpRefused)
                .await;
        }
        let granted = actor.authorize::<policy::StepUp>(&Target::school(tenant), now)?;
        let mut unit = door.enter(actor)?;
        unit.note(&granted, Subject::new("account", id), Detail::none());
        unit.commit().await?;
        Ok(now)
    }
}
