//! The cells of an export.

use crate::Result;
use crate::admission::snapshot::{Inside, ListedDetails, ListedIdentity, ListedSnapshots};
use crate::students::places::Places;
use crate::students::{mask_document, state};
use domain::admission::qualification::Qualification;
use domain::codes::{PoliticalStatus, Sex};
use domain::person::id_number::IdType;
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
    pub(super) student: &'a ExportedStudent<'a>,
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
        sealed: &SealedSnapshot<'_>,
    ) -> Result<Self> {
        let (identity, details) = snapshots.open(sealed)?;
        Ok(Self {
            id_type: IdType::from_code(sealed.id_type).unwrap_or(IdType::Other),
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

/// The cell of a column, in the words of the lists.
pub(super) fn cell<'l>(column: Column, line: &'l Line<'_>) -> Result<Cow<'l, str>> {
    let (student, places) = (line.student, line.places);
    Ok(match column {
        Column::StudentNumber => borrowed(student.student_no),
        Column::Name => Cow::Borrowed(student.name),
        Column::Sex => Sex::from_code(student.sex).map_or_else(Cow::default, |sex| label(&sex)),
        Column::CandidateNumber => Cow::Owned(mask::candidate_number(student.ksh).into()),
        Column::CandidateNumberFull => Cow::Borrowed(student.ksh),
        Column::Year => Cow::Owned(student.year.to_string()),
        Column::College => borrowed(places.name_of(student.college)),
        Column::Major => borrowed(places.major_name(student.college, student.major)),
        Column::Class => borrowed(places.name_of(student.class)),
        Column::Qualification => label(&state::<Qualification>(student.qualification)?),
        Column::Status => label(&state::<StudentStatus>(student.status)?),
        Column::Registration => label(&state::<PlatformAnswer>(student.registration)?),
        Column::Photo => label(&state::<PhotoState>(student.photo)?),
        Column::HandedOver => {
            let day = student.handed_over_on;
            day.map_or_else(Cow::default, |day| Cow::Owned(day.to_string()))
        }
        Column::BirthDate
        | Column::Ethnic
        | Column::Political
        | Column::IdType
        | Column::IdNumberMasked
        | Column::IdNumber
        | Column::AdmittedMajor => line
            .opened
            .as_ref()
            .map_or_else(Cow::default, |opened| sealed(column, opened)),
    })
}

fn label(value: &impl domain::text::Label) -> Cow<'static, str> {
    Cow::Borrowed(value.label().zh)
}

fn borrowed(text: Option<&str>) -> Cow<'_, str> {
    text.map_or_else(Cow::default, Cow::Borrowed)
}

/// In the words of the record's page, which are those that the platform's field has room for.
fn political(stated: Option<&str>) -> Cow<'_, str> {
    match stated.and_then(PoliticalStatus::from_name) {
        Some(known) => label(known),
        None => borrowed(stated),
    }
}

fn sealed<'o>(column: Column, opened: &'o Opened<'_>) -> Cow<'o, str> {
    let (identity, details) = (&opened.identity, &opened.details);
    if column == Column::Political {
        return political(details.political_name.as_ref().map(Inside::as_str));
    }
    let text = match column {
        Column::BirthDate => &identity.birth_date,
        Column::Ethnic => &details.ethnic_name,
        Column::IdNumber => &identity.id_number,
        Column::IdNumberMasked => {
            let number = identity.id_number.as_ref();
            return number.map_or_else(Cow::default, |number| {
                Cow::Owned(mask_document(opened.id_type, number.as_str()).into())
            });
        }
        Column::AdmittedMajor => &details.major.name,
        Column::IdType => return label(&opened.id_type),
        _ => &None,
    };
    borrowed(text.as_ref().map(Inside::as_str))
}
