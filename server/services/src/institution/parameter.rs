//! Tenant parameters: each value with who set it, on what basis, and from when; and the school's own rules.

use super::OfficeNetworks;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, NaiveDate, Utc};
use domain::institution::parameter::{Form, Parameter, ParameterError};
use domain::institution::{Actor, Target, policy};
use std::collections::HashMap;
use std::net::IpAddr;
use store::{Detail, Subject, rows};
use uuid::Uuid;

/// Longest basis, title or document number.
const LONGEST: usize = 200;

/// A parameter with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterView {
    /// Which one.
    pub parameter: Parameter,
    /// Stable key.
    pub key: String,
    /// Form of its value.
    pub form: Form,
    /// What holds until the school sets something.
    pub default: String,
    /// What holds today.
    pub current: String,
    /// The version that holds today; none while the default does.
    pub in_force: Option<i32>,
    /// Every value that was set, newest first.
    pub versions: Vec<ParameterVersion>,
}

/// One value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterVersion {
    /// Number, from 1.
    pub version: i32,
    /// The value.
    pub value: String,
    /// Why: a document, a decision.
    pub basis: String,
    /// First day it holds.
    pub effective_from: NaiveDate,
    /// Name of who set it.
    pub set_by: String,
    /// When it was set.
    pub set_at: DateTime<Utc>,
}

/// A version of one of the school's own rules (实施细则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleVersion {
    /// Title.
    pub title: String,
    /// Document number (发文字号).
    pub number: String,
    /// Version, from 1.
    pub version: i32,
    /// First day it holds.
    pub effective_from: NaiveDate,
    /// Name of who added it.
    pub added_by: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

/// A new version of one of the school's own rules.
#[derive(Clone, Debug)]
pub struct NewRule {
    /// Title; the next version of a title that exists.
    pub title: String,
    /// Document number.
    pub number: String,
    /// First day it holds.
    pub effective_from: NaiveDate,
}

fn filled(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    let invalid = |code| ServiceError::Invalid { field, code };
    match text.chars().count() {
        0 => Err(invalid("missing")),
        1..=LONGEST => Ok(text.to_owned()),
        _ => Err(invalid("too_long")),
    }
}

impl Services {
    /// Every parameter with its value of today and its history.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn parameters_view(&self, actor: &Actor) -> Result<Vec<ParameterView>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::ParametersPage>(&Target::school(actor.tenant()), unit.now())?;
        let values = unit.parameter_values().await?;
        let setters: Vec<Uuid> = values.iter().map(|v| v.set_by).collect();
        let names = unit.person_names(&setters).await?;
        let today = unit.today();
        let view = |parameter: Parameter| {
            let key = parameter.key();
            let mut own: Vec<&rows::ParameterValue> =
                values.iter().filter(|v| v.key == key).collect();
            let current = own.iter().rev().find(|v| v.effective_from <= today);
            let in_force = current.map(|v| v.version);
            let current = current.map_or_else(|| parameter.default_value(), |v| v.value.clone());
            own.sort_by_key(|v| std::cmp::Reverse(v.version));
            ParameterView {
                parameter,
                form: parameter.form(),
                default: parameter.default_value(),
                current,
                in_force,
                versions: own.iter().map(|v| version_view(v, &names)).collect(),
                key,
            }
        };
        Ok(Parameter::all().into_iter().map(view).collect())
    }

    /// Sets a parameter from a day on. `from` is the address of the request: a list of networks that would shut out
    /// whoever sets it is refused.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] without a fresh step-up; [`ServiceError::Invalid`] on `key`, `value` (`form`,
    /// `locks_out`), `basis` or `effective_from` (`past`).
    pub async fn set_parameter(
        &self,
        actor: &Actor,
        key: &str,
        value: &str,
        basis: &str,
        effective_from: NaiveDate,
        from: Option<IpAddr>,
    ) -> Result<()> {
        let invalid = |field, code| ServiceError::Invalid { field, code };
        let parameter = Parameter::from_key(key).map_err(|_| invalid("key", "unknown"))?;
        let value = parameter.accept(value).map_err(|error| match error {
            ParameterError::Fixed => invalid("value", "fixed"),
            ParameterError::Form | ParameterError::Unknown => invalid("value", "form"),
        })?;
        let basis = filled("basis", basis)?;
        if parameter == Parameter::OfficeNetworks
            && from.is_some_and(|a| !OfficeNetworks::read(&value).allow(actor.office(), a))
        {
            return Err(invalid("value", "locks_out"));
        }
        let mut unit = self.store.begin(actor).await?;
        let granted =
            actor.authorize::<policy::SetParameter>(&Target::school(actor.tenant()), unit.now())?;
        if effective_from < unit.today() {
            return Err(invalid("effective_from", "past"));
        }
        let set = unit.parameter_values().await?;
        let last = set
            .iter()
            .filter(|v| v.key == key)
            .max_by_key(|v| v.version);
        let before = last.map_or_else(|| parameter.default_value(), |v| v.value.clone());
        let last = last.map(|v| v.version);
        let row = rows::ParameterValue {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            key: parameter.key(),
            version: last.unwrap_or(0) + 1,
            value: value.clone(),
            basis,
            rule_id: None,
            effective_from,
            set_by: actor.person(),
            set_at: unit.now(),
        };
        let subject = Subject::new("parameter_value", row.id);
        unit.insert_parameter(row).await?;
        let detail = Detail::text(parameter.key()).values(before, value);
        unit.note(&granted, subject, detail);
        Ok(unit.commit().await?)
    }

    /// The school's own rules, every version, newest first within a title.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn rule_versions(&self, actor: &Actor) -> Result<Vec<RuleVersion>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::ParametersPage>(&Target::school(actor.tenant()), unit.now())?;
        let rules = unit.rule_documents().await?;
        let adders: Vec<Uuid> = rules.iter().map(|r| r.added_by).collect();
        let names = unit.person_names(&adders).await?;
        let view = |rule: rows::RuleDocument| RuleVersion {
            added_by: names.get(&rule.added_by).cloned().unwrap_or_default(),
            title: rule.title,
            number: rule.number,
            version: rule.version,
            effective_from: rule.effective_from,
            added_at: rule.added_at,
        };
        Ok(rules.into_iter().map(view).collect())
    }

    /// Adds a version of one of the school's own rules.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] without a fresh step-up; [`ServiceError::Invalid`] on `title` or `number`.
    pub async fn add_rule_version(&self, actor: &Actor, new: NewRule) -> Result<i32> {
        let title = filled("title", &new.title)?;
        let number = filled("number", &new.number)?;
        let mut unit = self.store.begin(actor).await?;
        let granted =
            actor.authorize::<policy::SetParameter>(&Target::school(actor.tenant()), unit.now())?;
        let rules = unit.rule_documents().await?;
        let last = rules
            .iter()
            .filter(|r| r.title == title)
            .map(|r| r.version)
            .max();
        let version = last.unwrap_or(0) + 1;
        let row = rows::RuleDocument {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            title,
            number,
            version,
            effective_from: new.effective_from,
            file_id: None,
            added_by: actor.person(),
            added_at: unit.now(),
        };
        let subject = Subject::new("rule_document", row.id);
        unit.insert_rule_document(row).await?;
        unit.note(&granted, subject, Detail::text("实施细则"));
        unit.commit().await?;
        Ok(version)
    }
}

fn version_view(row: &rows::ParameterValue, names: &HashMap<Uuid, String>) -> ParameterVersion {
    ParameterVersion {
        version: row.version,
        value: row.value.clone(),
        basis: row.basis.clone(),
        effective_from: row.effective_from,
        set_by: names.get(&row.set_by).cloned().unwrap_or_default(),
        set_at: row.set_at,
    }
}
