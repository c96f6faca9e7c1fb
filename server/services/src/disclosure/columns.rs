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
use std::borrow::Cow;
use store::keys::TenantKeys;
use store::{ExportedStudent, SealedSnapshot};

/// One record on its way into a file.
pub(super) struct Line<'a> {
    pub(super) student: &'a ExportedStudent,
    /// The snapshot, where a column needs it.
    pub(super) opened: Option<Opened>,
    pub(super) places: &'a Places,
}

/// What the columns of a file need of a snapshot, opened.
pub(super) struct Opened {
    id_type: IdType,
    identity: Identity,
    details: Details,
}

impl Opened {
    pub(super) fn of(keys: &TenantKeys, snapshot: &SealedSnapshot) -> Result<Self> {
        Ok(Self {
            identity: identity_of(keys, snapshot.id, &snapshot.identity)?,
            details: details_of(keys, snapshot.id, &snapshot.details)?,
            id_type: IdType::from_code(&snapshot.id_type).unwrap_or(IdType::Other),
        })
    }
}

/// Whether a column needs the sealed snapshot.
pub(super) fn needs_snapshot(column: Column) -> bool {
    let sealed = column.sensitivity() != Sensitivity::Ordinary || column == Column::AdmittedMajor;
    sealed && column != Column::CandidateNumberFull
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

/// A cell: most hold a word that stands in the program.
pub(super) type Cell = Cow<'static, str>;

/// The cell of a column, in the words of the lists.
pub(super) fn cell(column: Column, line: &Line<'_>) -> Result<Cell> {
    let (student, places) = (line.student, line.places);
    Ok(match column {
        Column::StudentNumber => optional(student.student_no.clone()),
        Column::Name => Cow::Owned(student.name.clone()),
        Column::Sex => Sex::from_code(&student.sex).map_or_else(Cell::default, |sex| label(&sex)),
        Column::CandidateNumber => Cow::Owned(mask::candidate_number(&student.ksh).to_string()),
        Column::Year => Cow::Owned(student.year.to_string()),
        Column::College => optional(places.name(student.college)),
        Column::Major => optional(places.major_name(student.college, student.major)),
        Column::Class => optional(places.name(student.class)),
        Column::Qualification => label(&state::<Qualification>(&student.qualification)?),
        Column::Status => label(&state::<StudentStatus>(&student.status)?),
        Column::Registration => label(&state::<PlatformAnswer>(&student.registration)?),
        Column::Photo => label(&state::<PhotoState>(&student.photo)?),
        Column::HandedOver => optional(student.handed_over_on.map(|day| day.to_string())),
        Column::CandidateNumberFull => Cow::Owned(student.ksh.clone()),
        Column::BirthDate
        | Column::Ethnic
        | Column::Political
        | Column::IdType
        | Column::IdNumberMasked
        | Column::IdNumber
        | Column::AdmittedMajor => line
            .opened
            .as_ref()
            .map_or_else(Cell::default, |opened| sealed(column, opened)),
    })
}

fn label(value: &impl domain::text::Label) -> Cell {
    Cow::Borrowed(value.label().zh)
}

fn optional(text: Option<String>) -> Cell {
    text.map_or_else(Cell::default, Cow::Owned)
}

fn sealed(column: Column, opened: &Opened) -> Cell {
    let (identity, details) = (&opened.identity, &opened.details);
    let number = identity.id_number.as_deref();
    optional(match column {
        Column::BirthDate => identity.birth_date.map(|d| d.to_string()),
        Column::Ethnic => details.ethnic_name.clone(),
        Column::Political => details.political_name.clone(),
        Column::IdType => return label(&opened.id_type),
        Column::IdNumberMasked => number.map(|text| {
            IdNumber::parse(opened.id_type, text)
                .map_or_else(
                    |_| mask::id_text(text),
                    |number| mask::id_number(&number, SEEN_BESIDE),
                )
                .to_string()
        }),
        Column::IdNumber => number.map(str::to_owned),
        Column::AdmittedMajor => details.major.name.clone(),
        _ => None,
    })
}
