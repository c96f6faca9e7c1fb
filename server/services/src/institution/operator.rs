//! The operator of the platform: signs in apart from every university, sees no student data.

mod events;
mod factor;
mod sign_in;

pub use events::{OperatorEvent, OperatorTotal};
pub use sign_in::{OperatorFactor, OperatorSignIn, PendingOperator};

use super::secret;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::decision::{Reason, Refusal};
use domain::institution::organisation::staff_login;
use domain::institution::{Action, Actor, Office, PersonalScope, PostKind, Seat, Target, TenantId};
use std::collections::BTreeMap;
use store::{UnitOfWork, rows};
use uuid::Uuid;

/// What the command line is called in ledgers.
pub const CONSOLE: &str = "平台运维（命令行）";

/// What a session knows about an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OperatorSession {
    /// The operator.
    pub id: Uuid,
    /// The state of the second factor it was opened under: a new or lost one ends it.
    version: i32,
    /// When the password (and second factor) was last given.
    pub stepped_up: DateTime<Utc>,
}

/// How somebody who runs the platform stands to the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Factor {
    /// Enrolled: asked for with every password.
    On,
    /// Not enrolled, and nothing is open before it is.
    Needed,
    /// Not enrolled, and not needed: a demonstration, or the command line.
    Waived,
}

/// Who runs the platform now: an operator who signed in, or the command line of the machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    id: Uuid,
    name: String,
    version: i32,
    stepped_up: DateTime<Utc>,
    factor: Factor,
}

impl Operator {
    /// The operator's own name; empty for the command line.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a second factor is enrolled.
    pub fn second_factor(&self) -> bool {
        self.factor == Factor::On
    }

    /// A second factor is required and not enrolled: only the account page may be used.
    pub fn must_enrol(&self) -> bool {
        self.factor == Factor::Needed
    }

    /// Who they are among the persons of a university.
    pub(super) const fn person(&self) -> Uuid {
        self.id
    }

    /// Whether the password (and second factor) was given within five minutes.
    pub fn stepped_up(&self, now: DateTime<Utc>) -> bool {
        self.at(TenantId::PLATFORM).stepped_up(now)
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
            stepped_up: Some(self.stepped_up),
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
            version: 0,
            stepped_up: self.store.now(),
            factor: Factor::Waived,
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
        let login = staff_login(login).ok_or(invalid("login", "form"))?;
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
            totp: None,
            totp_confirmed: false,
            totp_step: 0,
            recovery: Vec::new(),
            fails: 0,
            locked_until: None,
            created_at: self.store.now(),
            version: 0,
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

    /// Checks a right that belongs to no university in particular. Without the second factor that is required there is
    /// none but those to enrol it and to leave.
    pub(crate) fn ensure_operator<A: Action>(&self, by: &Operator) -> Result<()> {
        let rule = A::rule();
        if by.must_enrol() && !rule.before_enrolment() {
            let refusal = Refusal::new(Reason::FactorNeeded, rule.clause.clone(), Office::Operator);
            return Err(refusal.into());
        }
        let here = Target::school(TenantId::PLATFORM);
        by.at(TenantId::PLATFORM)
            .authorize::<A>(&here, self.store.now())?;
        Ok(())
    }

    /// The operator of a session, as of now. In a demonstration, which is served on loopback only, nobody needs a second
    /// factor (ADR 0076).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such operator any more, or the second factor is another one since.
    pub async fn present_operator(&self, session: OperatorSession) -> Result<Operator> {
        let control = self.store.control();
        let row = control.operator_by_id(session.id).await?;
        let row = row.filter(|row| row.version == session.version);
        let row = row.ok_or(ServiceError::NotFound)?;
        let factor = if row.totp_confirmed {
            Factor::On
        } else if control.demo().await?.is_some() {
            Factor::Waived
        } else {
            Factor::Needed
        };
        Ok(Operator {
            id: row.id,
            name: row.name,
            version: row.version,
            stepped_up: session.stepped_up,
            factor,
        })
    }

    /// The row of an operator who acts, as the session knew it.
    async fn own_row(&self, by: &Operator) -> Result<rows::Operator> {
        let row = self.store.control().operator_by_id(by.id).await?;
        let row = row.filter(|row| row.version == by.version);
        row.ok_or(ServiceError::NotFound)
    }
}
