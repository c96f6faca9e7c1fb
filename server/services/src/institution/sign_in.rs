//! Sign-in with login and password. Unknown login, wrong password, locked and disabled look the same and cost the same.

use super::attempt::Attempt;
use super::second_factor::PendingFactor;
use super::{Networks, SignedIn, actor_of, attempt, parameters, password, value};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::institution::parameter::Parameter;
use domain::institution::{Action, Incident, Target, TenantId, login_form, policy};
use std::net::IpAddr;
use store::{Detail, Door, Subject, rows};
use uuid::Uuid;

/// How a sign-in went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInOutcome<S = SignedIn, P = PendingFactor> {
    /// Signed in: the server makes a new session.
    Done(S),
    /// The password was right; the second factor is asked for next.
    SecondFactor(P),
}

impl Services {
    /// Signs in with 工号, 考生号 or 学号 and password, into the first post that is valid today.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] whatever was wrong, [`ServiceError::TooMany`] when the login failed too often from the
    /// address, or many logins did.
    pub async fn sign_in(
        &self,
        tenant: TenantId,
        login: &str,
        password: String,
        from: IpAddr,
    ) -> Result<SignInOutcome> {
        let tried = self.attempt(tenant, &login_form(login).unwrap_or_default(), from);
        self.ensure_calm(&tried).await?;
        let look = self.store.look(tenant).await?;
        let found = attempt::account_named(&look, login).await?;
        let campus = value(&parameters(&look).await?, Parameter::CampusNetworks);
        let on_campus = Networks::read(&campus).hold(from);
        drop(look);
        let known = found.as_ref().map(|a| a.id);
        let at = (&tried, from);
        let sprayed = self.is_sprayed(&tried, on_campus).await?;
        if sprayed && !self.has_been_here(tenant, known, from).await? {
            return Err(ServiceError::TooMany);
        }
        let right = self.password_of(found.as_ref(), &password).await?;
        let opens = match &found {
            Some(account) => self.opens(tenant, account, from).await?,
            None => false,
        };
        let now = self.store.now();
        let Some(account) = found.filter(|_| right && opens) else {
            let refused = self
                .refuse(tenant, known, at, Incident::SignInRefused)
                .await;
            // Who is heard while others are held up is not told by a wrong password.
            return if sprayed {
                Err(ServiceError::TooMany)
            } else {
                refused
            };
        };
        // Attempts that ran at the same time may have reached the limit meanwhile: their answers tell nothing either.
        self.ensure_calm(&tried).await?;
        if self.is_sprayed(&tried, on_campus).await?
            && !self.has_been_here(tenant, known, from).await?
        {
            return Err(ServiceError::TooMany);
        }
        let look = self.store.look(tenant).await?;
        let post = match attempt::first_post(&look, account.person_id, from).await? {
            Ok(post) => post,
            Err(incident) => {
                drop(look);
                return self.refuse(tenant, known, at, incident).await;
            }
        };
        drop(look);
        let locked = attempt::is_locked(&account, now);
        if account.totp_confirmed {
            // The second factor is another request. The failures stay counted until it is right (ADR 0099).
            if locked {
                let door = self.store.door(tenant).await?;
                door.open_lock(&account).await?;
                door.commit().await?;
            }
            let pending = PendingFactor::new(tenant, &account, post.id, now);
            return Ok(SignInOutcome::SecondFactor(pending));
        }
        let fresh = self.rehashed(&account, password).await?;
        let door = self.store.door(tenant).await?;
        if locked {
            door.open_lock(&account).await?;
        }
        if !door.clear_failures(&account).await? {
            drop(door);
            return self
                .refuse(tenant, known, at, Incident::SignInRefused)
                .await;
        }
        if let Some(hash) = fresh {
            door.renew_hash(&account, &hash).await?;
        }
        let signed_in = let_in::<policy::SignIn>(door, &account, post.id).await?;
        self.know_network(tenant, account.id, from).await?;
        Ok(SignInOutcome::Done(signed_in))
    }

    /// Whether an account signed in from this network before: it is heard while somebody tries logins out from the same
    /// address.
    async fn has_been_here(
        &self,
        tenant: TenantId,
        account: Option<Uuid>,
        from: IpAddr,
    ) -> Result<bool> {
        match account {
            Some(account) => self.knows_network(tenant, account, from).await,
            None => Ok(false),
        }
    }

    /// Checks a password against an account, or does the same work without one.
    pub(super) async fn password_of(
        &self,
        account: Option<&rows::Account>,
        password: &str,
    ) -> Result<bool> {
        if password.chars().count() > password::MAX_CHARS {
            return Ok(false);
        }
        let stored = account.and_then(|a| a.password_hash.clone());
        self.passwords.matches(password.to_owned(), stored).await
    }

    async fn rehashed(&self, account: &rows::Account, password: String) -> Result<Option<String>> {
        match &account.password_hash {
            Some(hash) if password::is_outdated(hash) => {
                Ok(Some(self.passwords.hash(password).await?))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Counts a failure and answers the one answer there is.
    pub(super) async fn refuse<T>(
        &self,
        tenant: TenantId,
        account: Option<Uuid>,
        at: (&Attempt, IpAddr),
        incident: Incident,
    ) -> Result<T> {
        self.count_failure(tenant, account, at, incident).await?;
        Err(ServiceError::SignIn)
    }
}

/// Seats an account in one of its posts, notes it in the audit log and commits what the door wrote.
pub(super) async fn let_in<A: Action>(
    door: Door,
    account: &rows::Account,
    post: Uuid,
) -> Result<SignedIn> {
    let (tenant, now): (_, DateTime<Utc>) = (door.tenant(), door.now());
    let seat = door.seat(account.id, post).await?;
    let actor = actor_of(tenant, &seat, Some(now), &parameters(&door).await?)?;
    let granted = actor.authorize::<A>(&Target::school(tenant), now)?;
    let mut unit = door.enter(&actor)?;
    unit.note(
        &granted,
        Subject::new("account", account.id),
        Detail::none(),
    );
    unit.commit().await?;
    Ok(SignedIn {
        tenant,
        account: account.id,
        post,
        stepped_up: Some(now),
        version: seat.account.version,
    })
}
