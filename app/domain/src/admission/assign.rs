//! Class and student number (编班编学号): the school's pattern, the plan by rule, and the check of a list that a person
//! filled in. Both ways give the same lines; nothing is written here.

mod pattern;
mod plan;
mod sheet;
mod sheet_finding;

pub use pattern::{LONGEST as LONGEST_NUMBER, NumberPattern, PatternError};
pub use plan::{ClassSeat, Gap, Order, Plan, PlanInput, Pupil, plan};
pub use sheet::{
    CheckedSheet, Counsellor, KnownClass, KnownStudent, Move, SheetFinding, SheetInput, SheetRow,
    check_sheet, is_number,
};
pub use sheet_finding::SheetFindingKind;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What one student gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedLine {
    /// The student record.
    pub student: Uuid,
    /// The class.
    pub class: Uuid,
    /// The student number; `None` leaves the record without one.
    pub number: Option<String>,
}

/// Name and version of the canonical form of a list of lines.
const SCHEMA: &str = "xueji.assignment/1";

#[derive(Serialize)]
struct Canonical<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    lines: Vec<(Uuid, Uuid, Option<&'a str>)>,
}

/// The bytes whose hash a person confirms: the lines in the order of the records, JSON after RFC 8785.
/// `None` only if JSON cannot be written, which these values never cause.
pub fn canonical_lines(lines: &[AssignedLine]) -> Option<Vec<u8>> {
    let mut sorted: Vec<_> = lines
        .iter()
        .map(|line| (line.student, line.class, line.number.as_deref()))
        .collect();
    sorted.sort_unstable();
    serde_jcs::to_vec(&Canonical {
        schema: SCHEMA,
        lines: sorted,
    })
    .ok()
}
