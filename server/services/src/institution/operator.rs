//! The operator of the platform: signs in apart from every university, sees no student data.

use super::lock::{FORGOTTEN_AFTER, lock_after};
use super::{password, secret};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Origin;
use domain::institution::{
    Action, Actor, Office, OperatorAct, PersonalScope, PostKind, Seat, Target, TenantId,
    login_form, policy,
};
use std::collections::BTreeMap;
use std::net::IpAddr;
use store::{UnitOfWork, rows};
use uuid::Uuid;

/// What the command line is called in ledgers.
const CONSOLE: &str = "平台运维（命令行）";

/// The university of what belongs to none.
const NOWHERE: TenantId = TenantId(0);

/// Comings and goings shown to operators.
const MOST_EVENTS: u64 = 20;

/// A coming or going at the platform's own door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub act: OperatorAct,
    /// Who, where the login was somebody's.
    pub name: Option<String>,
    /// From which network; the part that tells one machine from another is 0.
    pub origin: String,
}

/// How often something happened at the platform's own door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorTotal {
    /// What.
    pub act: OperatorAct,
    /// Within a day.
    pub day: i64,
    /// Within a week.
    pub week: i64,
}

/// What a session knows about an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OperatorSession {
    /// The operator.
    pub id: Uuid,
    /// When the password was last given.
    pub stepped_up: DateTime<Utc>,
}

/// Who runs the platform now: an operator who signed in, or the command line of the machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    id: Uuid,
    name: String,
    stepped_up: Option<DateTime<Utc>>,
}

impl Operator {
    /// The operator's own name; empty for the command line.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who they are among the persons of a university.
    pub(super) const fn person(&self) -> Uuid {
        self.id
    }

    /// Whether the password was given within five minutes.
    pub fn stepped_up(&self, now: DateTime<Utc>) -> bool {
        self.at(NOWHERE).stepped_up(now)
    }

    /// Seats the operator at a university: enough to set it up, not to see a student.
    #[expect(clippy::disallowed_methods, reason = "the room that makes actors")]
    pub(crate) fn at(&self, tenant: TenantId) -> Actor {
        Actor::seated(Seat {
            tenant,
            person: self.id,
            account: self.id,
            post: self.id,
            office: Office::Operator,
            kind: PostKind::Officer,
            scope: PersonalScope::School,
            stepped_up: self.stepped_up,
            duties: BTreeMap::new(),
        })
    }
}

/// The operator as a person of the university, so that whoever reads its ledger sees a name.
pub(super) async fn ensure_known(unit: &mut UnitOfWork, by: &Operator) -> Result<()> {
    if unit.person_names(&[by.id]).await?.contains_key(&by.id) {
        return Ok(());
    }
    let name = if by.id.is_nil() {
        CONSOLE
    } else {
        by.name.as_str()
    };
    let person = rows::Person {
        tenant_id: unit.tenant().0,
        id: by.id,
        name: name.to_owned(),
        contact: None,
        created_at: unit.now(),
    };
    Ok(unit
        .insert_people(vec![person], Vec::new(), Vec::new())
        .await?)
}

/// A login with the password that was set for it.
#[derive(Clone)]
pub struct NewLogin {
    /// The account, or the operator.
    pub id: Uuid,
    /// The login.
    pub login: String,
    /// The password, when it was made here: shown this once.
    pub generated: Option<String>,
}

impl std::fmt::Debug for NewLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewLogin({})", self.id)
    }
}

/// The password to set: the one given, checked, or a random one of 75 bits in three groups.
pub(super) fn password_or_random(
    given: Option<String>,
    words: &[String],
) -> Result<(String, Option<String>)> {
    if let Some(password) = given {
        super::account::ensure_strong("password", &password, words)?;
        return Ok((password, None));
    }
    let text = secret::base32(&secret::random::<10>()?, secret::CODE_ALPHABET);
    let groups = [text.get(..5), text.get(5..10), text.get(10..15)];
    let password = groups.into_iter().flatten().collect::<Vec<_>>().join("-");
    Ok((password.clone(), Some(password)))
}

impl Services {
    /// The command line of the machine: whoever has it has the database and the keys anyway.
    pub fn console(&self) -> Operator {
        Operator {
            id: Uuid::nil(),
            name: String::new(),
            stepped_up: Some(self.store.now()),
        }
    }

    /// Makes an operator; for the command line.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `login` (`form`, `taken`), `name` or `password`.
    pub async fn create_operator(
        &self,
        login: &str,
        name: &str,
        password: Option<String>,
    ) -> Result<NewLogin> {
        let invalid = |field, code| ServiceError::Invalid { field, code };
        let login = login_form(login).ok_or(invalid("login", "form"))?;
        let name = name.trim();
        if name.is_empty() {
            return Err(invalid("name", "missing"));
        }
        let words = [login.clone(), name.to_owned()];
        let (password, generated) = password_or_random(password, &words)?;
        let control = self.store.control();
        let row = rows::Operator {
            id: self.store.id(),
            login: login.clone(),
            name: name.to_owned(),
            password_hash: self.passwords.hash(password).await?,
            fails: 0,
            locked_until: None,
            created_at: self.store.now(),
        };
        let id = row.id;
        match control.insert_operator(row).await {
            Ok(()) => Ok(NewLogin {
                id,
                login,
                generated,
            }),
            Err(store::StoreError::Taken) => Err(invalid("login", "taken")),
            Err(error) => Err(error.into()),
        }
    }

    /// Signs an operator in; every try is noted, whoever it was.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] whatever was wrong, [`ServiceError::TooMany`] when the address failed too often.
    pub async fn sign_in_operator(
        &self,
        login: &str,
        password: String,
        from: IpAddr,
    ) -> Result<OperatorSession> {
        self.admit_operator(login, password, from, OperatorAct::SignedIn)
            .await
    }

    async fn admit_operator(
        &self,
        login: &str,
        password: String,
        from: IpAddr,
        act: OperatorAct,
    ) -> Result<OperatorSession> {
        let named = login_form(login).unwrap_or_default();
        let tried = self.attempt(NOWHERE, &named, from);
        self.ensure_calm(&tried).await?;
        let control = self.store.control();
        let found = control.operator(&named).await?;
        if self.is_sprayed(&tried, false).await? {
            let known = match &found {
                Some(operator) => self.knows_network(NOWHERE, operator.id, from).await?,
                None => false,
            };
            if !known {
                return Err(ServiceError::TooMany);
            }
        }
        let right = password.chars().count() <= password::MAX_CHARS
            && self
                .passwords
                .matches(password, found.as_ref().map(|o| o.password_hash.clone()))
                .await?;
        let id = found.map(|o| o.id);
        if let Some(id) = id
            && right
            && control.clear_operator_failures(id).await?
        {
            control
                .operator_event(act, Some(id), Origin::of(from))
                .await?;
            self.know_network(NOWHERE, id, from).await?;
            return Ok(OperatorSession {
                id,
                stepped_up: self.store.now(),
            });
        }
        self.count(&tried).await?;
        self.refuse_operator(id, from).await
    }

    /// Counts a failure, notes it, and locks when it is time; the answer never says why.
    async fn refuse_operator(&self, id: Option<Uuid>, from: IpAddr) -> Result<OperatorSession> {
        let (control, origin) = (self.store.control(), Origin::of(from));
        control
            .operator_event(OperatorAct::Refused, id, origin)
            .await?;
        if let Some(id) = id {
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
        }
        Err(ServiceError::SignIn)
    }

    /// Checks the password of an operator who is signed in; the session gets a new id then.
    ///
    /// # Errors
    /// As [`Services::sign_in_operator`].
    pub async fn step_up_operator(
        &self,
        by: &Operator,
        password: String,
        from: IpAddr,
    ) -> Result<OperatorSession> {
        self.ensure_operator::<policy::OperatorStepUp>(by)?;
        let row = self.store.control().operator_by_id(by.id).await?;
        let row = row.ok_or(ServiceError::NotFound)?;
        self.admit_operator(&row.login, password, from, OperatorAct::SteppedUp)
            .await
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

    /// The newest comings and goings at the platform's door.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn operator_events(&self, by: &Operator) -> Result<Vec<OperatorEvent>> {
        self.ensure_operator::<policy::TenantsPage>(by)?;
        let rows = self.store.control().operator_events(MOST_EVENTS).await?;
        rows.into_iter()
            .map(|(row, operator)| {
                let act = OperatorAct::from_key(&row.kind);
                Ok(OperatorEvent {
                    at: row.at,
                    act: act.ok_or(ServiceError::Internal("operator event"))?,
                    name: operator.map(|o| o.name),
                    origin: row.origin,
                })
            })
            .collect()
    }

    /// How often strangers were refused at the platform's door, by kind: the list above is short, and an attack is long.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn operator_totals(&self, by: &Operator) -> Result<Vec<OperatorTotal>> {
        self.ensure_operator::<policy::TenantsPage>(by)?;
        let (control, now) = (self.store.control(), self.store.now());
        let day = control.operator_totals(now - TimeDelta::days(1)).await?;
        let week = control.operator_totals(now - TimeDelta::days(7)).await?;
        let of = |counts: &[(String, i64)], act: OperatorAct| {
            let own = counts.iter().find(|(kind, _)| kind == act.key());
            own.map_or(0, |(_, count)| *count)
        };
        let provoked = OperatorAct::ALL.into_iter().filter(|a| a.is_provoked());
        let totals = provoked.map(|act| OperatorTotal {
            act,
            day: of(&day, act),
            week: of(&week, act),
        });
        Ok(totals.filter(|total| total.week > 0).collect())
    }

    /// Checks a right that belongs to no university in particular.
    pub(crate) fn ensure_operator<A: Action>(&self, by: &Operator) -> Result<()> {
        by.at(NOWHERE)
            .authorize::<A>(&Target::school(NOWHERE), self.store.now())?;
        Ok(())
    }

    /// The operator of a session, as of now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such operator any more.
    pub async fn present_operator(&self, session: OperatorSession) -> Result<Operator> {
        let row = self.store.control().operator_by_id(session.id).await?;
        let row = row.ok_or(ServiceError::NotFound)?;
        Ok(Operator {
            id: row.id,
            name: row.name,
            stepped_up: Some(session.stepped_up),
        })
    }
}
