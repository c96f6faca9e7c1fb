//! Tenant parameters: each value with who set it, on what basis, and from when; and the school's own rules.

use super::Networks;
use super::operator::{Operator, ensure_known};
use crate::admission::files::plain_name;
use crate::sealed_file::Contents;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, NaiveDate, Utc};
use domain::institution::parameter::{Form, Parameter, ParameterError};
use domain::institution::{Action, Actor, Granted, Target, TenantId, policy};
use std::collections::HashMap;
use std::net::IpAddr;
use store::keys::Purpose;
use store::{Detail, Subject, UnitOfWork, rows};
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
    /// Names the version.
    pub id: Uuid,
    /// Whether its document is kept here.
    pub document: bool,
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

/// What a value rests on: words, or a version of one of the school's own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueBasis {
    /// A document or decision in words.
    Words(String),
    /// A version of a rule that is kept here.
    Rule(Uuid),
}

impl From<&str> for ValueBasis {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

/// The file of a rule.
#[derive(Clone)]
pub struct RuleFile {
    /// Name it was uploaded under.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for RuleFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RuleFile({} bytes)", self.bytes.len())
    }
}

/// Largest file of a rule.
pub const MOST_RULE: usize = 16 << 20;

/// A new version of one of the school's own rules.
#[derive(Clone, Debug)]
pub struct NewRule {
    /// Title; the next version of a title that exists.
    pub title: String,
    /// Document number.
    pub number: String,
    /// First day it holds.
    pub effective_from: NaiveDate,
    /// The document.
    pub file: Option<RuleFile>,
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
        basis: impl Into<ValueBasis>,
        effective_from: NaiveDate,
        from: Option<IpAddr>,
    ) -> Result<()> {
        let (parameter, value) = accepted(key, value)?;
        let basis = basis.into();
        if parameter == Parameter::OfficeNetworks
            && from.is_some_and(|a| !Networks::read(&value).allow(actor.office(), a))
        {
            return Err(ServiceError::Invalid {
                field: "value",
                code: "locks_out",
            });
        }
        let mut unit = self.store.begin(actor).await?;
        let granted =
            actor.authorize::<policy::SetParameter>(&Target::school(actor.tenant()), unit.now())?;
        write_value(&mut unit, &granted, parameter, value, basis, effective_from).await?;
        Ok(unit.commit().await?)
    }

    /// Sets a parameter from the machine itself: the way back for a school that shut itself out. Answers the day from which
    /// it holds; nothing where value and basis are the newest already and hold by then, and no version is added.
    ///
    /// # Errors
    /// As [`Services::set_parameter`].
    pub async fn set_parameter_by_operator(
        &self,
        by: &Operator,
        tenant: TenantId,
        key: &str,
        value: &str,
        basis: &str,
        effective_from: Option<NaiveDate>,
    ) -> Result<Option<NaiveDate>> {
        let (parameter, value) = accepted(key, value)?;
        let actor = by.at(tenant);
        let mut unit = self.store.begin(&actor).await?;
        let granted =
            actor.authorize::<policy::CreateTenant>(&Target::school(tenant), unit.now())?;
        let day = effective_from.unwrap_or_else(|| unit.today());
        let set = unit.parameter_values().await?.into_iter();
        let newest = set
            .filter(|v| v.key == parameter.key())
            .max_by_key(|v| v.version);
        let same = |v: &rows::ParameterValue| {
            v.value == value && v.basis == basis.trim() && v.effective_from <= day
        };
        if newest.as_ref().is_some_and(same) {
            return Ok(None);
        }
        ensure_known(&mut unit, by).await?;
        write_value(&mut unit, &granted, parameter, value, basis.into(), day).await?;
        unit.commit().await?;
        Ok(Some(day))
    }

    /// The values of a university that hold today, by key, set or by default; for the command line.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn parameters_in_force(&self, tenant: TenantId) -> Result<Vec<(String, String)>> {
        let look = self.store.look(tenant).await?;
        let set = super::parameters(&look).await?;
        let all = Parameter::all().into_iter();
        Ok(all.map(|p| (p.key(), super::value(&set, p))).collect())
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
            id: rule.id,
            document: rule.file_id.is_some(),
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
    /// [`ServiceError::Refused`] without a fresh step-up; [`ServiceError::Invalid`] on `title`, `number` or `file`
    /// (`too_large`, `not_pdf`).
    pub async fn add_rule_version(&self, actor: &Actor, new: NewRule) -> Result<i32> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::UploadRule>(&here, self.store.now())?;
        let title = filled("title", &new.title)?;
        let number = filled("number", &new.number)?;
        let kept = match new.file {
            Some(file) => Some(self.keep_rule(actor, file).await?),
            None => None,
        };
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::UploadRule>(&here, unit.now())?;
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
            file_id: kept.as_ref().map(|f| f.id),
            added_by: actor.person(),
            added_at: unit.now(),
        };
        let subject = Subject::new("rule_document", row.id);
        if let Some(kept) = kept {
            unit.insert_file(kept).await?;
        }
        let detail = Detail::text(format!("{} {} v{version}", row.title, row.number));
        unit.insert_rule_document(row).await?;
        unit.note(&granted, subject, detail);
        unit.commit().await?;
        Ok(version)
    }

    async fn keep_rule(&self, actor: &Actor, file: RuleFile) -> Result<rows::StoredFile> {
        let invalid = |code| ServiceError::Invalid {
            field: "file",
            code,
        };
        if file.bytes.len() > MOST_RULE {
            return Err(invalid("too_large"));
        }
        if !file.bytes.starts_with(b"%PDF-") {
            return Err(invalid("not_pdf"));
        }
        let new = Contents {
            purpose: "rule",
            sealed_for: Purpose::Source,
            name: plain_name(&file.name),
            media: "application/pdf",
            bytes: file.bytes,
        };
        self.keep_sealed(actor, self.store.id(), new).await
    }

    /// The document of a version of a rule: name and PDF.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one without a document.
    pub async fn rule_file(&self, actor: &Actor, id: Uuid) -> Result<(String, Vec<u8>)> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::DownloadRule>(&Target::school(actor.tenant()), unit.now())?;
        let rules = unit.rule_documents().await?;
        let rule = rules.into_iter().find(|r| r.id == id);
        let rule = rule.ok_or(ServiceError::NotFound)?;
        let file = unit
            .stored_file(rule.file_id.ok_or(ServiceError::NotFound)?)
            .await?;
        drop(unit);
        let bytes = self
            .open_sealed(actor.tenant(), Purpose::Source, &file)
            .await?;
        let name = format!("{} v{}.pdf", rule.title, rule.version);
        Ok((name, bytes))
    }
}

/// A parameter with a value in its stored form.
fn accepted(key: &str, value: &str) -> Result<(Parameter, String)> {
    let invalid = |field, code| ServiceError::Invalid { field, code };
    let parameter = Parameter::from_key(key).map_err(|_| invalid("key", "unknown"))?;
    let value = parameter.accept(value).map_err(|error| match error {
        ParameterError::Fixed => invalid("value", "fixed"),
        ParameterError::Form | ParameterError::Unknown => invalid("value", "form"),
    })?;
    Ok((parameter, value))
}

/// Writes a value as the next version of its parameter.
async fn write_value<A: Action>(
    unit: &mut UnitOfWork,
    granted: &Granted<A>,
    parameter: Parameter,
    value: String,
    basis: ValueBasis,
    effective_from: NaiveDate,
) -> Result<()> {
    let invalid = |field, code| ServiceError::Invalid { field, code };
    let (basis, rule_id) = match basis {
        ValueBasis::Words(words) => (filled("basis", &words)?, None),
        ValueBasis::Rule(id) => (rule_words(unit, id, effective_from).await?, Some(id)),
    };
    if effective_from < unit.today() {
        return Err(invalid("effective_from", "past"));
    }
    let set = unit.parameter_values().await?;
    let last = set
        .iter()
        .filter(|v| v.key == parameter.key())
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
        rule_id,
        effective_from,
        set_by: unit.actor().person(),
        set_at: unit.now(),
    };
    let subject = Subject::new("parameter_value", row.id);
    unit.insert_parameter(row).await?;
    let detail = Detail::text(parameter.key()).values(before, value);
    unit.note(granted, subject, detail);
    Ok(())
}

/// A version of a rule as the basis of a value: it must hold when the value does.
async fn rule_words(unit: &UnitOfWork, id: Uuid, on: NaiveDate) -> Result<String> {
    let rules = unit.rule_documents().await?;
    let rule = rules.into_iter().find(|r| r.id == id);
    let invalid = |code| ServiceError::Invalid {
        field: "rule",
        code,
    };
    let rule = rule.ok_or(invalid("unknown"))?;
    if rule.effective_from > on {
        return Err(invalid("rule_later"));
    }
    Ok(format!(
        "{}（{}）第 {} 版",
        rule.title, rule.number, rule.version
    ))
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
