//! Room `institution`: who acts. The only place where an [`Actor`] is made.

pub mod account;
pub mod activation;
#[cfg(feature = "testkit")]
pub mod authenticator;
pub mod lock;
pub mod operator;
pub mod organisation;
pub mod parameter;
pub mod password;
pub mod post;
pub mod school;
pub mod second_factor;
pub mod secret;
pub mod security;
pub mod sign_in;
pub mod staff_account;
pub mod step_up;
pub mod tenant;
pub mod totp;

mod attempt;

use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::calendar::{DeadlineKey, DeadlineParams};
use domain::institution::parameter::{Network, Parameter};
use domain::institution::{Actor, Office, PersonalScope, PostKind, Seat, Step, TenantId};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use store::{Scope, SeatRows, rows};
use uuid::Uuid;

/// What a session knows about who is signed in; rights are read anew with every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SignedIn {
    /// The university; a session belongs to exactly one.
    pub tenant: TenantId,
    /// The account.
    pub account: Uuid,
    /// The post in use.
    pub post: Uuid,
    /// When the password (and second factor) was last given.
    pub stepped_up: Option<DateTime<Utc>>,
    /// The version of the account that was signed in to: under another one the session is over.
    pub version: i32,
}

impl SignedIn {
    /// The same session in another of the own posts; a step-up does not carry over.
    #[must_use]
    pub const fn in_post(self, post: Uuid) -> Self {
        Self {
            post,
            stepped_up: None,
            ..self
        }
    }
}

/// An actor with the names a page shows.
#[derive(Clone, Debug)]
pub struct Present {
    /// Who acts.
    pub actor: Actor,
    /// The person's own name.
    pub name: String,
    /// The login.
    pub login: String,
    /// The post in use as it is called: office or college, and kind; Chinese and English.
    pub post_label: (String, String),
    /// Whether a second factor is enrolled.
    pub second_factor: bool,
    /// A second factor is required of this post and not enrolled: only the account page may be used.
    pub must_enrol: bool,
    /// The tenant's idle limit for this kind of account, in minutes.
    pub idle_minutes: i64,
    /// Telephones of the offices, where the university has entered them.
    pub contacts: Arc<BTreeMap<Office, String>>,
    /// Networks from which the school allows office posts.
    networks: Networks,
}

impl Present {
    /// Whether the post in use may be used from this address.
    pub fn allowed_from(&self, from: IpAddr) -> bool {
        self.networks.allow(self.actor.office(), from)
    }
}

/// Networks as a parameter names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Networks {
    /// Whether any is named, readable or not.
    named: bool,
    known: Vec<Network>,
}

impl Networks {
    /// Reads the value of the parameter; what it cannot read allows nobody.
    pub(crate) fn read(value: &str) -> Self {
        Self {
            named: !value.trim().is_empty(),
            known: value
                .split(',')
                .filter_map(|n| Network::parse(n.trim()))
                .collect(),
        }
    }

    /// Whether a post of an office may be used from an address; where no network is named, from any.
    pub(crate) fn allow(&self, office: Office, from: IpAddr) -> bool {
        !office.is_staff() || !self.named || self.hold(from)
    }

    /// Whether an address is in one of them.
    pub(crate) fn hold(&self, from: IpAddr) -> bool {
        self.known.iter().any(|n| n.contains(from))
    }
}

impl Services {
    /// Seats the person of a session: account, person and post as they are now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when account or post are gone, and when the account has another password, lost its
    /// second factor or was disabled since: the session is then worth nothing.
    pub async fn present(&self, signed_in: SignedIn) -> Result<Present> {
        let look = self.store.look(signed_in.tenant).await?;
        let rows = look.seat(signed_in.account, signed_in.post).await?;
        if rows.account.version != signed_in.version {
            return Err(ServiceError::NotFound);
        }
        let parameters = parameters(&look).await?;
        let idle = if rows.account.kind == "staff" {
            Parameter::StaffIdleMinutes
        } else {
            Parameter::StudentIdleMinutes
        };
        let (office, kind, reach) = post::read_post(&rows.post)?;
        let college = post::college_name(&look, &reach).await?;
        let post_label = post::label_of(office, kind, college.as_deref());
        let (name, login) = (rows.person.name.clone(), rows.account.login.clone());
        let second_factor = rows.account.totp_confirmed;
        let actor = actor_of(signed_in.tenant, &rows, signed_in.stepped_up, &parameters)?;
        let required = flag(&parameters, Parameter::TotpRequired);
        Ok(Present {
            must_enrol: required && actor.office().is_staff() && !second_factor,
            actor,
            name,
            login,
            post_label,
            second_factor,
            idle_minutes: number(&parameters, idle),
            contacts: contacts(&parameters),
            networks: Networks::read(&value(&parameters, Parameter::OfficeNetworks)),
        })
    }
}

impl Services {
    /// Telephones of the offices, for pages that nobody is signed in to.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn contacts(&self, tenant: TenantId) -> Result<Arc<BTreeMap<Office, String>>> {
        let look = self.store.look(tenant).await?;
        Ok(contacts(&parameters(&look).await?))
    }
}

fn contacts(parameters: &BTreeMap<String, String>) -> Arc<BTreeMap<Office, String>> {
    let entered = parameters.iter().filter_map(|(key, phone)| {
        let office = Office::from_key(key.strip_prefix(Parameter::CONTACT)?)?;
        (!phone.is_empty()).then(|| (office, phone.clone()))
    });
    Arc::new(entered.collect())
}

/// The values in force, by key: what the tenant set, and nothing else. Of two values the one with the later day holds,
/// whichever was entered first.
pub(crate) async fn parameters(scope: &Scope) -> Result<BTreeMap<String, String>> {
    let today = scope.today();
    let mut values = BTreeMap::new();
    for row in scope.parameter_values().await? {
        if row.effective_from <= today {
            values.insert(row.key, row.value);
        }
    }
    Ok(values)
}

/// The value of a parameter: what the tenant set, or the default.
pub(crate) fn value(parameters: &BTreeMap<String, String>, parameter: Parameter) -> String {
    parameters
        .get(&parameter.key())
        .cloned()
        .unwrap_or_else(|| parameter.default_value())
}

/// The office that performs a step at the university.
pub(crate) fn duty(parameters: &BTreeMap<String, String>, step: Step) -> Office {
    Office::from_key(&value(parameters, Parameter::Duty(step)))
        .unwrap_or_else(|| step.default_office())
}

/// The value of a parameter that is yes or no.
pub(crate) fn flag(parameters: &BTreeMap<String, String>, parameter: Parameter) -> bool {
    value(parameters, parameter) == "true"
}

/// The value of a parameter that is a number.
pub(crate) fn number(parameters: &BTreeMap<String, String>, parameter: Parameter) -> i64 {
    let read = |text: String| text.parse().ok();
    read(value(parameters, parameter))
        .or_else(|| read(parameter.default_value()))
        .unwrap_or_default()
}

/// Seats the holder of a post as the rows say, with the time of the last step-up.
#[expect(clippy::disallowed_methods, reason = "the room that makes actors")]
pub(crate) fn actor_of(
    tenant: TenantId,
    rows: &SeatRows,
    stepped_up: Option<DateTime<Utc>>,
    parameters: &BTreeMap<String, String>,
) -> Result<Actor> {
    let office = Office::from_key(&rows.post.office).ok_or(ServiceError::Internal("office"))?;
    let kind = PostKind::from_key(&rows.post.kind).ok_or(ServiceError::Internal("post"))?;
    let scope: PersonalScope = serde_json::from_str(&rows.post.scope)
        .map_err(|_| ServiceError::Internal("scope of a post"))?;
    let duties = Step::ALL
        .into_iter()
        .filter_map(|step| Some((step, Office::from_key(parameters.get(step.key())?)?)))
        .collect();
    Ok(Actor::seated(Seat {
        tenant,
        person: rows.person.id,
        account: rows.account.id,
        post: rows.post.id,
        office,
        kind,
        scope,
        stepped_up,
        duties,
    }))
}

/// Seats an account in one of its posts, without a step-up: for commands and jobs.
pub(crate) async fn actor_of_account(scope: &Scope, account: Uuid, post: Uuid) -> Result<Actor> {
    let rows = scope.seat(account, post).await?;
    actor_of(scope.tenant(), &rows, None, &parameters(scope).await?)
}

/// Seats an account in one of its posts as if the password had been given just now: a demonstration has nobody to type
/// it.
pub(crate) async fn actor_stepped_up(scope: &Scope, account: Uuid, post: Uuid) -> Result<Actor> {
    let rows = scope.seat(account, post).await?;
    let now = Some(scope.now());
    actor_of(scope.tenant(), &rows, now, &parameters(scope).await?)
}

/// The account a person names at sign-in: 工号, 考生号 or 学号.
pub(crate) async fn account_named(scope: &Scope, login: &str) -> Result<Option<rows::Account>> {
    attempt::account_named(scope, login).await
}

/// The school's own values, where one is set.
pub(crate) fn deadlines(parameters: &BTreeMap<String, String>) -> DeadlineParams {
    let mut params = DeadlineParams::default();
    let own = parameters.iter().filter_map(|(key, value)| {
        let code = key.strip_prefix(Parameter::DEADLINE)?;
        let mut all = DeadlineKey::ALL.into_iter();
        let key = all.find(|key| key.code().eq_ignore_ascii_case(code))?;
        Some((key, Parameter::Deadline(key).span(value)?))
    });
    for (key, span) in own {
        // A value outside the registry's bounds cannot be stored; the default stands then.
        let _kept = params.set(key, span);
    }
    params
}
