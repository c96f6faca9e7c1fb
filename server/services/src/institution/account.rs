//! The own account: password and sessions.

use super::attempt::{self, Attempt};
use super::password::weakness;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::audit::hex;
use domain::institution::device::Device;
use domain::institution::{Actor, Incident, Target, TenantId, policy};
use domain::person::pinyin;
use std::net::IpAddr;
use store::{Detail, Scope, SessionRow, Subject, rows};
use uuid::Uuid;

/// Key in the session of what it was begun with: sealed as [`Services::seal_once`] seals.
pub const DEVICE: &str = "device";

/// One of the own sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Names the session in a form; opens nothing.
    pub mark: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What it was begun with.
    pub device: Device,
    /// First request.
    pub created_at: DateTime<Utc>,
    /// Last request that counts.
    pub seen_at: DateTime<Utc>,
    /// End, whatever happens.
    pub expires_at: DateTime<Utc>,
}

fn mark_of(session: &SessionRow) -> String {
    hex::encode(session.id_hash.first_chunk::<16>().unwrap_or(&[0; 16]))
}

/// Words that a password of this account must not hold: school, login, name and its pinyin, student numbers.
pub(super) async fn context(
    scope: &Scope,
    tenant: &rows::Tenant,
    account: &rows::Account,
) -> Result<Vec<String>> {
    let name = scope.person(account.person_id).await?.name;
    let student = scope.student_of_person(account.person_id).await?;
    let mut words = about(tenant, &name);
    words.push(account.login.clone());
    if let Some(student) = student {
        words.push(student.ksh);
        words.extend(student.student_no);
    }
    Ok(words)
}

/// Words of a school and a name.
pub(super) fn about(tenant: &rows::Tenant, name: &str) -> Vec<String> {
    let pinyin = pinyin::search_keys(name).full;
    vec![
        tenant.slug.clone(),
        tenant.name.clone(),
        tenant.school_code.clone(),
        name.to_owned(),
        pinyin,
    ]
}

/// Refuses a weak password, naming the field of the form.
pub(super) fn ensure_strong(field: &'static str, password: &str, words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match weakness(password, &words) {
        Some(code) => Err(ServiceError::Invalid { field, code }),
        None => Ok(()),
    }
}

impl Services {
    /// The row of a tenant.
    pub(crate) async fn tenant_row(&self, tenant: TenantId) -> Result<rows::Tenant> {
        let row = self.store.control().tenant(tenant).await?;
        row.ok_or(ServiceError::NotFound)
    }

    /// Changes the own password and gives the version of the account from then on, under which the own session goes on
    /// ([`SignedIn::version`](super::SignedIn)); every other session of the account ends.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `old` (`wrong`) or `new` (see [`weakness`]; `unchanged` where it is the present one);
    /// wrong old passwords count towards the lock of the account.
    pub async fn change_password(
        &self,
        actor: &Actor,
        old: &str,
        new: String,
        keep: Option<[u8; 32]>,
        from: IpAddr,
    ) -> Result<i32> {
        let (tenant, id) = (actor.tenant(), actor.seat().account);
        let tried = self.attempt(tenant, &id.to_string(), from);
        self.ensure_calm(&tried).await?;
        let school = self.tenant_row(tenant).await?;
        let look = self.store.look(tenant).await?;
        let account = look.account(id).await?;
        let words = context(&look, &school, &account).await?;
        drop(look);
        ensure_strong("new", &new, &words)?;
        let right = self.password_of(Some(&account), old).await?;
        let opens = self.opens(tenant, &account, from).await?;
        if !right || !opens {
            return self.wrong_old(tenant, id, (&tried, from)).await;
        }
        if new == old {
            return Err(ServiceError::Invalid {
                field: "new",
                code: "unchanged",
            });
        }
        let hash = self.passwords.hash(new).await?;
        let door = self.store.door(tenant).await?;
        if attempt::is_locked(&account, door.now()) {
            door.open_lock(&account).await?;
        }
        if !door.clear_failures(&account).await? {
            drop(door);
            return self.wrong_old(tenant, id, (&tried, from)).await;
        }
        let version = door.set_password(&account, &hash).await?;
        let granted =
            actor.authorize::<policy::ChangePassword>(&Target::school(tenant), door.now())?;
        let mut unit = door.enter(actor)?;
        unit.close_activations(&[id]).await?;
        unit.note(&granted, Subject::new("account", id), Detail::none());
        unit.commit().await?;
        self.store
            .control()
            .end_sessions_of(tenant, id, keep)
            .await?;
        Ok(version)
    }

    async fn wrong_old(
        &self,
        tenant: TenantId,
        account: Uuid,
        at: (&Attempt, IpAddr),
    ) -> Result<i32> {
        self.count_failure(tenant, Some(account), at, Incident::StepUpRefused)
            .await?;
        Err(ServiceError::Invalid {
            field: "old",
            code: "wrong",
        })
    }

    /// The own sessions, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sessions(
        &self,
        actor: &Actor,
        current: Option<[u8; 32]>,
    ) -> Result<Vec<OwnSession>> {
        let control = self.store.control();
        let rows = control
            .sessions_of(actor.tenant(), actor.seat().account)
            .await?;
        let own = |row: SessionRow| OwnSession {
            mark: mark_of(&row),
            current: Some(row.id_hash) == current,
            device: self.device_of(actor.tenant(), &row.data),
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        };
        Ok(rows.into_iter().map(own).collect())
    }

    /// What a session was begun with, as far as it says so.
    fn device_of(&self, tenant: TenantId, data: &str) -> Device {
        let data: Option<serde_json::Value> = serde_json::from_str(data).ok();
        let sealed = data.as_ref().and_then(|data| data.get(DEVICE)?.as_str());
        let key = sealed.and_then(|sealed| self.open_once(tenant, sealed));
        key.map_or_else(Device::default, |key| Device::from_key(&key))
    }

    /// Ends one of the own sessions; it takes effect with its next request.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a session that is not the own or has ended.
    pub async fn end_session(&self, actor: &Actor, mark: &str) -> Result<()> {
        let (tenant, account) = (actor.tenant(), actor.seat().account);
        let control = self.store.control();
        let sessions = control.sessions_of(tenant, account).await?;
        let session = sessions
            .into_iter()
            .find(|s| mark_of(s) == mark)
            .ok_or(ServiceError::NotFound)?;
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::EndSession>(&Target::school(tenant), unit.now())?;
        unit.note(&granted, Subject::new("account", account), Detail::none());
        unit.commit().await?;
        control.end_session(session.id_hash).await?;
        Ok(())
    }

    /// Signs out. Where the session was moved to another id at the same moment (a step-up, another post), every session
    /// of the account ends: whoever signs out is out.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sign_out(&self, actor: &Actor, session: [u8; 32]) -> Result<()> {
        let (tenant, account) = (actor.tenant(), actor.seat().account);
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::SignOut>(&Target::school(tenant), unit.now())?;
        unit.note(&granted, Subject::new("account", account), Detail::none());
        unit.commit().await?;
        let control = self.store.control();
        if !control.end_session(session).await? {
            control.end_sessions_of(tenant, account, None).await?;
        }
        Ok(())
    }
}
