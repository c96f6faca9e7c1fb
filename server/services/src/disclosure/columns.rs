//! The cells of an export.

use crate::Result;
use crate::admission::snapshot::{Inside, ListedDetails, ListedIdentity, ListedSnapshots};
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
use store::{ExportedStudent, SealedSnapshot};

/// One record on its way into a file.
pub(super) struct Line<'a> {
    pub(super) student: &'a ExportedStudent,
    /// The snapshot, where a column needs it.
    pub(super) opened: Option<Opened<'a>>,
    pub(super) places: &'a Places,
}

/// The opened snapshot of a record.
pub(super) struct Opened<'a> {
    id_type: IdType,
    identity: ListedIdentity<'a>,
    details: ListedDetails<'a>,
}

impl<'a> Opened<'a> {
    /// Opens a snapshot; the one before it is over.
    pub(super) fn of(
        snapshots: &'a mut ListedSnapshots<'_>,
        sealed: &SealedSnapshot,
    ) -> Result<Self> {
        let (identity, details) = snapshots.open(sealed)?;
        Ok(Self {
            id_type: IdType::from_code(&sealed.id_type).unwrap_or(IdType::Other),
            identity,
            details,
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

fn sealed(column: Column, opened: &Opened<'_>) -> Cell {
    let (identity, details) = (&opened.identity, &opened.details);
    let text = match column {
        Column::BirthDate => &identity.birth_date,
        Column::Ethnic => &details.ethnic_name,
        Column::Political => &details.political_name,
        Column::IdNumber | Column::IdNumberMasked => &identity.id_number,
        Column::AdmittedMajor => &details.major.name,
        Column::IdType => return label(&opened.id_type),
        _ => &None,
    };
    let text = text.as_ref().map(Inside::as_str);
    optional(text.map(|text| {
        if column == Column::IdNumberMasked {
            masked(opened.id_type, text)
        } else {
            text.to_owned()
        }
    }))
}

fn masked(id_type: IdType, text: &str) -> String {
    IdNumber::parse(id_type, text)
        .map_or_else(
            |_| mask::id_text(text),
            |number| mask::id_number(&number, SEEN_BESIDE),
        )
        .to_string()
}
