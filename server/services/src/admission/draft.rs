//! A candidate and its student record before they are written.

use super::judged::document_index;
use super::majors::Offer;
use super::{json, row, snapshot};
use crate::{Result, ServiceError};
use chrono::{DateTime, Utc};
use domain::admission::check::CandidateFacts;
use domain::admission::online;
use domain::admission::path::AdmissionPath;
use domain::admission::qualification::Qualification;
use domain::decision::Machine as _;
use domain::person::name::name_key;
use domain::person::pinyin::search_keys;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use store::keys::TenantKeys;
use store::{Store, TAIL, rows};
use uuid::Uuid;

/// One row on its way in.
pub(crate) struct Draft {
    pub(crate) candidate: rows::Candidate,
    pub(crate) student: rows::Student,
    pub(crate) offer: Offer,
    /// Table and record of the personal data.
    pub(crate) origin: (String, u32),
}

/// What every draft of an import has in common.
#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) store: Store,
    pub(crate) keys: TenantKeys,
    pub(crate) import: Uuid,
    pub(crate) year: i32,
    pub(crate) path: AdmissionPath,
    pub(crate) now: DateTime<Utc>,
}

impl Maker {
    /// Opens a kept row and makes the records of it. College and major are set later, from the mapping of majors.
    pub(crate) fn draft(&self, kept: &rows::ImportRow) -> Result<Draft> {
        let checked = row::open(&self.keys, kept)?;
        let facts = checked.facts;
        let offer = Offer::of(&checked.provenance.folder, &facts.major);
        let id = self.store.id();
        let candidate = self.candidate(id, kept, &facts, &offer)?;
        let student = self.student(&candidate)?;
        Ok(Draft {
            candidate,
            student,
            offer,
            origin: (checked.provenance.file, checked.provenance.row),
        })
    }

    fn candidate(
        &self,
        id: Uuid,
        kept: &rows::ImportRow,
        facts: &CandidateFacts,
        offer: &Offer,
    ) -> Result<rows::Candidate> {
        let sealed = snapshot::seal(&self.keys, id, facts)?;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Ok(rows::Candidate {
            tenant_id: self.keys.tenant().0,
            id,
            import_id: self.import,
            row_id: kept.id,
            year: self.year,
            ksh: facts.ksh.clone(),
            name: facts.name.clone(),
            name_key: name_key(&facts.name),
            sex: facts
                .sex
                .map(|sex| sex.code().to_owned())
                .unwrap_or_default(),
            ethnic: text(&facts.ethnic_code),
            political: text(&facts.political_code),
            folder: offer.folder.clone(),
            admitted_code: offer.code.clone(),
            national_code: offer.national_code.clone(),
            national_name: offer.national_name.clone(),
            path: self.path.key().to_owned(),
            id_type: facts.id_type.code().to_owned(),
            id_index: document_index(&self.keys, facts.id_number.as_deref())?,
            identity: sealed.identity,
            contact: sealed.contact,
            details: sealed.details,
            due: json(&online::due(facts))?,
            digest: kept.digest.clone(),
            created_at: self.now,
        })
    }

    fn student(&self, candidate: &rows::Candidate) -> Result<rows::Student> {
        let keys = search_keys(&candidate.name);
        let ksh_tail = tail(&candidate.ksh).ok_or(ServiceError::Internal("a candidate number"))?;
        Ok(rows::Student {
            tenant_id: candidate.tenant_id,
            id: self.store.id(),
            candidate_id: candidate.id,
            year: candidate.year,
            ksh: candidate.ksh.clone(),
            ksh_tail,
            name: candidate.name.clone(),
            name_key: candidate.name_key.clone(),
            pinyin: keys.full,
            initials: keys.initials,
            sex: candidate.sex.clone(),
            student_no: None,
            no_tail: None,
            college_id: None,
            major_id: None,
            class_id: None,
            qualification: Qualification::AwaitingArrival.key().to_owned(),
            qualification_on: None,
            status: StudentStatus::None.key().to_owned(),
            status_on: None,
            registration: PlatformAnswer::NotDue.key().to_owned(),
            registration_on: None,
            listed_on: None,
            photo: PhotoState::NotCaptured.key().to_owned(),
            photo_on: None,
            handed_over_on: None,
            person_id: None,
            continued_by: None,
            deferred_on: None,
            version: 1,
        })
    }
}

/// The last digits of a number, the whole of a shorter one.
fn tail(number: &str) -> Option<String> {
    let from = number.len().saturating_sub(TAIL);
    number.get(from..).map(str::to_owned)
}
