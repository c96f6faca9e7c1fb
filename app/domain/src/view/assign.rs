//! Class and student number: preview by rule, the check of a list, and what was assigned.

use super::Words;
use crate::admission::assign::{Order, SheetFindingKind};
use crate::admission::finding::Severity;
use crate::clause::Clause;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a class gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPlan {
    /// College.
    pub college: String,
    /// Major.
    pub major: String,
    /// Class.
    pub class: String,
    /// Students before.
    pub before: u64,
    /// Students who come in.
    pub added: u64,
    /// First and last number given.
    pub numbers: Option<(String, String)>,
}

/// One student of a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedRow {
    /// Name.
    pub name: String,
    /// The last four characters of the candidate number: enough to find the row, too little to sign in with.
    pub ksh_tail: String,
    /// Class.
    pub class: String,
    /// Student number.
    pub number: Option<String>,
}

/// What would be assigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignPreview {
    /// Cohort.
    pub year: i32,
    /// The pattern in force.
    pub pattern: String,
    /// The order.
    pub order: Order,
    /// Students who get class or number.
    pub total: u64,
    /// By class.
    pub classes: Vec<ClassPlan>,
    /// Why students are left out, and how many.
    pub gaps: Vec<(Words, u64)>,
    /// The first lines.
    pub sample: Vec<AssignedRow>,
    /// SHA-256 over the canonical lines: what is confirmed.
    pub hash: String,
}

/// One finding of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignFinding {
    /// Row of the list.
    pub row: u32,
    /// The last four characters of its candidate number.
    pub ksh_tail: String,
    /// The kind.
    pub kind: SheetFindingKind,
    /// Heading of the column.
    pub field: String,
    /// Error or warning.
    pub severity: Severity,
    /// The clause it rests on, where one speaks of it.
    pub clause: Option<Clause>,
    /// What was found.
    pub message: Words,
    /// What to do.
    pub suggestion: Words,
}

/// A list that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetView {
    /// The upload.
    pub id: Uuid,
    /// Cohort.
    pub year: i32,
    /// Name of the file.
    pub file_name: String,
    /// Whether it was carried out.
    pub confirmed: bool,
    /// Rows.
    pub rows: u64,
    /// Rows that change nothing.
    pub unchanged: u64,
    /// Rows with errors: they stay out.
    pub refused: u64,
    /// What would be assigned.
    pub preview: AssignPreview,
    /// Classes with the counsellors who get them.
    pub counsellors: Vec<(String, String)>,
    /// How often each kind was found.
    pub kinds: Vec<(Words, Severity, u64)>,
    /// The first findings by row.
    pub findings: Vec<AssignFinding>,
    /// Findings in all.
    pub found: u64,
}

/// An assignment that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentLine {
    /// The assignment, for its undo.
    pub id: Uuid,
    /// When, in China.
    pub at: NaiveDateTime,
    /// Students.
    pub total: u64,
    /// Taken back.
    pub undone: bool,
    /// Whether this post may take it back: all its students are within reach.
    pub can_undo: bool,
    /// Whether it came from a list rather than from the rule.
    pub by_list: bool,
    /// Name of the list's file, where this post may see it: a colleague's list has none.
    pub file_name: Option<String>,
}

/// An assignment before it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoLook {
    /// The assignment.
    pub id: Uuid,
    /// When it was made, in China.
    pub at: NaiveDateTime,
    /// Students.
    pub total: u64,
    /// How many of them lose a student number.
    pub numbers: u64,
    /// How many classes counsellors lose again.
    pub counsellors: u64,
    /// What stands against it, as kinds with their counts; empty when nothing does.
    pub built_on: String,
}

/// What can be corrected of one record's class and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionView {
    /// Version of the record: a correction is about what was shown.
    pub version: i32,
    /// Its student number.
    pub number: Option<String>,
    /// Classes that it may stand in: id, name, whether it does.
    pub classes: Vec<(Uuid, String, bool)>,
    /// What stands against another class, as kinds with their counts.
    pub against_class: String,
    /// What stands against another number.
    pub against_number: String,
}

/// The page of class and student number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignView {
    /// Cohort.
    pub year: i32,
    /// Years with records, newest first.
    pub years: Vec<i32>,
    /// The pattern in force.
    pub pattern: String,
    /// Students of the cohort without class or number.
    pub unassigned: u64,
    /// Colleges to choose from.
    pub colleges: Vec<(Uuid, String)>,
    /// Assignments, newest first.
    pub assignments: Vec<AssignmentLine>,
    /// Lists that were uploaded and not carried out: id, file name, when.
    pub waiting: Vec<(Uuid, String, NaiveDateTime)>,
}
