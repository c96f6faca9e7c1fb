//! The frozen admission snapshot of a candidate: what stands in clear for lists and search, what is sealed, and how it is
//! read again. A snapshot is never changed (办法 三（五）1（2）).

mod listed;

pub(crate) use listed::{Inside, ListedDetails, ListedIdentity, ListedSnapshots};

use crate::{Result, ServiceError};
use chrono::NaiveDate;
use domain::admission::check::{CandidateFacts, Contact, StatedMajor};
use domain::admission::online::OnlineField;
use domain::codes::Sex;
use domain::person::id_number::IdType;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::keys::{Purpose, TenantKeys};
use store::seal::Place;
use store::{StoreError, rows};
use uuid::Uuid;

const TABLE: &str = "candidate";

/// What identifies a person. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// 姓名 as the source has it.
    pub name_raw: String,
    /// 证件号码
    pub id_number: Option<String>,
    /// 出生日期
    pub birth_date: Option<NaiveDate>,
    /// 高考准考证号
    pub zkzh: Option<String>,
}

/// The other values of the snapshot, as text and as code. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// 民族 by GB/T 3304, or the source's code.
    pub ethnic_code: Option<String>,
    /// 民族 as text.
    pub ethnic_name: Option<String>,
    /// 政治面貌 by GB/T 4762, or the source's code.
    pub political_code: Option<String>,
    /// 政治面貌 as text.
    pub political_name: Option<String>,
    /// 录取专业 as the source states it.
    pub major: StatedMajor,
    /// 毕业中学
    pub previous_school: Option<String>,
    /// 地区代码
    pub area_code: Option<String>,
    /// 考生类别
    pub candidate_kind: Option<String>,
    /// 批次
    pub batch: Option<String>,
    /// 科类
    pub category: Option<String>,
    /// 计划性质
    pub plan_kind: Option<String>,
    /// 录取方式
    pub admission_kind: Option<String>,
    /// 成绩
    pub score: Option<String>,
    /// 学号, where the school made the table
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub student_no: Option<String>,
    /// 入学日期, likewise
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled_on: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(..)")
    }
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details(..)")
    }
}

/// The three sealed columns of a candidate.
pub(crate) struct SealedParts {
    pub(crate) identity: Vec<u8>,
    pub(crate) contact: Vec<u8>,
    pub(crate) details: Vec<u8>,
}

fn close<T: Serialize>(
    keys: &TenantKeys,
    purpose: Purpose,
    (column, row): (&'static str, Uuid),
    value: &T,
) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| ServiceError::Internal("a snapshot"))?;
    let sealed = store::seal::seal(keys, purpose, &Place::new(TABLE, column, row), &plain)
        .map_err(StoreError::from)?;
    Ok(sealed.into_bytes())
}

fn parsed<'a, T: Deserialize<'a>>(plain: &'a [u8]) -> Result<T> {
    serde_json::from_slice(plain).map_err(|_| ServiceError::Internal("a snapshot"))
}

fn read<T: DeserializeOwned>(
    keys: &TenantKeys,
    purpose: Purpose,
    (column, row): (&'static str, Uuid),
    sealed: &[u8],
) -> Result<T> {
    let place = Place::new(TABLE, column, row);
    let plain = store::seal::open(keys, purpose, &place, sealed).map_err(StoreError::from)?;
    parsed(&plain)
}

/// Seals what may not stand in clear.
pub(crate) fn seal(keys: &TenantKeys, id: Uuid, facts: &CandidateFacts) -> Result<SealedParts> {
    let identity = Identity {
        name_raw: facts.name_raw.clone(),
        id_number: facts.id_number.clone(),
        birth_date: facts.birth_date,
        zkzh: facts.zkzh.clone(),
    };
    let details = Details {
        ethnic_code: facts.ethnic_code.clone(),
        ethnic_name: facts.ethnic_name.clone(),
        political_code: facts.political_code.clone(),
        political_name: facts.political_name.clone(),
        major: facts.major.clone(),
        previous_school: facts.previous_school.clone(),
        area_code: facts.area_code.clone(),
        candidate_kind: facts.candidate_kind.clone(),
        batch: facts.batch.clone(),
        category: facts.category.clone(),
        plan_kind: facts.plan_kind.clone(),
        admission_kind: facts.admission_kind.clone(),
        score: facts.score.clone(),
        student_no: facts.student_no.clone(),
        enrolled_on: facts.enrolled_on.clone(),
    };
    Ok(SealedParts {
        identity: close(keys, Purpose::Identity, ("identity", id), &identity)?,
        contact: close(keys, Purpose::Contact, ("contact", id), &facts.contact)?,
        details: close(keys, Purpose::Source, ("details", id), &details)?,
    })
}

/// What identifies the person.
///
/// # Errors
/// [`ServiceError::Store`] when the university's keys are gone.
pub fn identity(keys: &TenantKeys, candidate: &rows::Candidate) -> Result<Identity> {
    let at = ("identity", candidate.id);
    read(keys, Purpose::Identity, at, &candidate.identity)
}

/// How the person can be reached.
///
/// # Errors
/// As [`identity`].
pub fn contact(keys: &TenantKeys, candidate: &rows::Candidate) -> Result<Contact> {
    let at = ("contact", candidate.id);
    read(keys, Purpose::Contact, at, &candidate.contact)
}

/// The other values.
///
/// # Errors
/// As [`identity`].
pub fn details(keys: &TenantKeys, candidate: &rows::Candidate) -> Result<Details> {
    let at = ("details", candidate.id);
    read(keys, Purpose::Source, at, &candidate.details)
}

/// The whole snapshot.
///
/// # Errors
/// As [`identity`].
pub fn facts(keys: &TenantKeys, candidate: &rows::Candidate) -> Result<CandidateFacts> {
    let identity = identity(keys, candidate)?;
    let details = details(keys, candidate)?;
    Ok(CandidateFacts {
        ksh: candidate.ksh.clone(),
        zkzh: identity.zkzh,
        name_raw: identity.name_raw,
        name: candidate.name.clone(),
        sex: Sex::from_code(&candidate.sex),
        birth_date: identity.birth_date,
        ethnic_code: details.ethnic_code,
        ethnic_name: details.ethnic_name,
        political_code: details.political_code,
        political_name: details.political_name,
        id_type: IdType::from_code(&candidate.id_type).unwrap_or(IdType::Other),
        id_number: identity.id_number,
        major: details.major,
        contact: contact(keys, candidate)?,
        previous_school: details.previous_school,
        area_code: details.area_code,
        candidate_kind: details.candidate_kind,
        batch: details.batch,
        category: details.category,
        plan_kind: details.plan_kind,
        admission_kind: details.admission_kind,
        score: details.score,
        student_no: details.student_no,
        enrolled_on: details.enrolled_on,
    })
}

/// Fields of 办法 三（五）1（3） that the source of a candidate lacks.
///
/// # Errors
/// [`ServiceError::Internal`] for a value that the program did not write.
pub fn due(candidate: &rows::Candidate) -> Result<Vec<OnlineField>> {
    super::from_json(&candidate.due, "fields that are due")
}
