//! The cells of an export.

use crate::Result;
use crate::admission::snapshot::{Details, Identity, details_of, identity_of};
use crate::students::places::Places;
use crate::students::{SEEN_BESIDE, state};
use domain::admission::qualification::Qualification;
use domain::codes::Sex;
use domain::person::id_number::{IdNumber, IdType};
use domain::person::mask;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::text::Label as _;
use domain::view::list::{Column, Sensitivity};
use formats::workbook;
use store::keys::TenantKeys;
use store::{SealedCandidate, rows};

/// One record on its way into a file.
pub(super) struct Line<'a> {
    pub(super) student: &'a rows::Student,
    /// The snapshot, where a column needs it.
    pub(super) opened: Option<&'a Opened>,
    pub(super) places: &'a Places,
}

/// What the columns of a file need of a snapshot, opened.
pub(super) struct Opened {
    ksh: String,
    id_type: IdType,
    identity: Identity,
    details: Details,
}

impl Opened {
    pub(super) fn of(keys: &TenantKeys, candidate: SealedCandidate) -> Result<Self> {
        Ok(Self {
            identity: identity_of(keys, candidate.id, &candidate.identity)?,
            details: details_of(keys, candidate.id, &candidate.details)?,
            id_type: IdType::from_code(&candidate.id_type).unwrap_or(IdType::Other),
            ksh: candidate.ksh,
        })
    }
}

/// Whether a column needs the sealed snapshot.
pub(super) fn needs_snapshot(column: Column) -> bool {
    column.sensitivity() != Sensitivity::Ordinary || column == Column::AdmittedMajor
}

/// The heading and width of a column.
pub(super) fn heading(column: Column) -> workbook::Column {
    let width = match column {
        Column::Name | Column::Sex | Column::Year => 10.0,
        Column::IdNumber
        | Column::IdNumberMasked
        | Column::CandidateNumber
        | Column::CandidateNumberFull => 22.0,
        Column::College | Column::Major | Column::AdmittedMajor => 24.0,
        _ => 16.0,
    };
    workbook::Column::text(column.label().zh).wide(width)
}

/// The cell of a column, in the words of the lists.
pub(super) fn cell(column: Column, line: &Line<'_>) -> Result<String> {
    let student = line.student;
    let of_unit = |id| line.places.name(id).unwrap_or_default();
    let day = |day: Option<chrono::NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
    Ok(match column {
        Column::StudentNumber => student.student_no.clone().unwrap_or_default(),
        Column::Name => student.name.clone(),
        Column::Sex => Sex::from_code(&student.sex)
            .map(|sex| sex.label().zh.to_owned())
            .unwrap_or_default(),
        Column::CandidateNumber => mask::candidate_number(&student.ksh).to_string(),
        Column::Year => student.year.to_string(),
        Column::College => of_unit(student.college_id),
        Column::Major => line.places.major_name(student).unwrap_or_default(),
        Column::Class => of_unit(student.class_id),
        Column::Qualification => label(&state::<Qualification>(&student.qualification)?),
        Column::Status => label(&state::<StudentStatus>(&student.status)?),
        Column::Registration => label(&state::<PlatformAnswer>(&student.registration)?),
        Column::Photo => label(&state::<PhotoState>(&student.photo)?),
        Column::HandedOver => day(student.handed_over_on),
        Column::BirthDate
        | Column::Ethnic
        | Column::Political
        | Column::IdType
        | Column::IdNumberMasked
        | Column::IdNumber
        | Column::CandidateNumberFull
        | Column::AdmittedMajor => line.opened.map(|s| sealed(column, s)).unwrap_or_default(),
    })
}

fn label(state: &impl domain::text::Label) -> String {
    state.label().zh.to_owned()
}

fn sealed(column: Column, opened: &Opened) -> String {
    let (identity, details) = (&opened.identity, &opened.details);
    let number = identity.id_number.as_deref();
    match column {
        Column::BirthDate => identity.birth_date.map(|d| d.to_string()),
        Column::Ethnic => details.ethnic_name.clone(),
        Column::Political => details.political_name.clone(),
        Column::IdType => Some(opened.id_type.label().zh.to_owned()),
        Column::IdNumberMasked => number.map(|text| {
            IdNumber::parse(opened.id_type, text)
                .map_or_else(
                    |_| mask::id_text(text),
                    |number| mask::id_number(&number, SEEN_BESIDE),
                )
                .to_string()
        }),
        Column::IdNumber => number.map(str::to_owned),
        Column::CandidateNumberFull => Some(opened.ksh.clone()),
        Column::AdmittedMajor => details.major.name.clone(),
        _ => None,
    }
    .unwrap_or_default()
}
