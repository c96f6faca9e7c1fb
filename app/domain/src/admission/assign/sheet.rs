//! The check of an assignment list (考生号, 学号, 学院, 专业, 班级, 辅导员): every row becomes a line or a finding.

use super::pattern::LONGEST;
use super::{AssignedLine, SheetFindingKind};
use crate::admission::finding::Severity;
use crate::status::StudentStatus;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One row of the list, cells without blanks at their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Row as shown at the left edge, from 1.
    pub row: u32,
    /// 考生号
    pub ksh: String,
    /// The cell of the 考生号 was a number, which may have lost digits.
    #[serde(default)]
    pub ksh_numeric: bool,
    /// 学号, empty to leave it as it is.
    pub number: String,
    /// The cell of the 学号 was a number: zeros in front are lost.
    #[serde(default)]
    pub number_numeric: bool,
    /// 学院, by name or code; empty to leave it unchecked.
    pub college: String,
    /// 专业, by name or code; empty to leave it unchecked.
    pub major: String,
    /// 班级, by name or code.
    pub class: String,
    /// 辅导员, by name or login, who gets the class; empty to leave it as it is.
    pub counsellor: String,
}

/// A student as the records have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownStudent {
    /// The record.
    pub student: Uuid,
    /// The college.
    pub college: Option<Uuid>,
    /// The school's major; `None` for somebody of a broad intake.
    pub major: Option<Uuid>,
    /// The class.
    pub class: Option<Uuid>,
    /// The student number.
    pub number: Option<String>,
    /// Received by Student Affairs and the college.
    pub handed_over: bool,
    /// Neither deferred, forgone nor cancelled.
    pub comes: bool,
    /// The student status: once it has begun, what stands changes by a change of status alone (办法 三（二）).
    pub status: StudentStatus,
}

/// A class with the names of its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownClass {
    /// The class.
    pub class: Uuid,
    /// Its college.
    pub college: Option<Uuid>,
    /// Its major; `None` for a class of a broad intake, which stands under the college.
    pub major: Option<Uuid>,
    /// Code and name of the class.
    pub names: [String; 2],
    /// Code and name of its major; empty where it has none.
    pub major_names: [String; 2],
    /// Code and name of its college.
    pub college_names: [String; 2],
    /// Names and logins of its counsellors.
    pub counsellors: BTreeSet<String>,
}

/// What a list is checked against.
#[derive(Clone, Debug, Default)]
pub struct SheetInput {
    /// Students of the cohort by candidate number.
    pub students: BTreeMap<String, KnownStudent>,
    /// Classes of the cohort.
    pub classes: Vec<KnownClass>,
    /// Student numbers in use, with the record that has them.
    pub numbers: BTreeMap<String, Uuid>,
    /// 工号 of the staff.
    pub logins: BTreeSet<String>,
    /// Counsellors by name and by login.
    pub counsellors: BTreeMap<String, Vec<Counsellor>>,
}

/// The post of a counsellor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counsellor {
    /// The post.
    pub post: Uuid,
    /// The college it lies in.
    pub college: Uuid,
}

/// One finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SheetFinding {
    /// Row of the list.
    pub row: u32,
    /// What was found.
    pub kind: SheetFindingKind,
    /// The change of class that it is about.
    pub moves: Option<Move>,
}

/// A change of class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Move {
    /// The class of now.
    pub from: Uuid,
    /// The class of the row.
    pub to: Uuid,
}

impl Move {
    fn of(student: &KnownStudent, class: &KnownClass) -> Option<Self> {
        let from = student.class.filter(|own| *own != class.class)?;
        let to = class.class;
        Some(Self { from, to })
    }
}

/// The outcome: every row is a line, unchanged, or has an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedSheet {
    /// Changes of the rows without errors, in the order of the list.
    pub lines: Vec<AssignedLine>,
    /// Rows whose class and number are in the records already; they may give the class to a counsellor all the same.
    pub unchanged: usize,
    /// Rows with at least one error.
    pub refused: usize,
    /// Posts of counsellors, each with a class that it gets.
    pub posts: BTreeSet<(Uuid, Uuid)>,
    /// Records whose status forbids what their row says.
    pub stopped: BTreeSet<Uuid>,
    /// What was found, by row.
    pub findings: Vec<SheetFinding>,
}

/// Checks a list.
pub fn check_sheet(rows: &[SheetRow], input: &SheetInput) -> CheckedSheet {
    let candidates = counts(rows.iter().map(|row| row.ksh.as_str()));
    let numbers = counts(rows.iter().map(|row| row.number.as_str()));
    let mut checked = CheckedSheet::default();
    for row in rows {
        let mut found = BTreeSet::new();
        if candidates.get(row.ksh.as_str()).is_some_and(|n| *n > 1) {
            found.insert(SheetFindingKind::RepeatedCandidate);
        }
        if numbers.get(row.number.as_str()).is_some_and(|n| *n > 1) {
            found.insert(SheetFindingKind::RepeatedNumber);
        }
        let student = student_of(row, input, &mut found);
        let class = class_of(row, input, &mut found);
        let moves = student
            .zip(class)
            .and_then(|(student, class)| Move::of(student, class));
        if let (Some(student), Some(class)) = (student, class) {
            found.extend(placed(student, class, moves));
        }
        let counsellor = class.and_then(|class| counsellor(row, class, input, &mut found));
        let bad = found.iter().any(|k| k.severity() == Severity::Error);
        let stops = found.iter().any(|kind| kind.is_of_status());
        let stopped = student.filter(|_| stops).map(|student| student.student);
        checked.stopped.extend(stopped);
        let row_findings = found.into_iter().map(|kind| SheetFinding {
            row: row.row,
            kind,
            moves: moves.filter(|_| kind.is_of_move()),
        });
        checked.findings.extend(row_findings);
        match (bad, student, class) {
            (false, Some(student), Some(class)) => checked.take(row, student, class, counsellor),
            _ => checked.refused += 1,
        }
    }
    checked
}

impl CheckedSheet {
    fn take(
        &mut self,
        row: &SheetRow,
        student: &KnownStudent,
        class: &KnownClass,
        counsellor: Option<Uuid>,
    ) {
        let number = Some(row.number.clone())
            .filter(|number| !number.is_empty())
            .or_else(|| student.number.clone());
        self.posts
            .extend(counsellor.map(|post| (post, class.class)));
        let same = student.class == Some(class.class) && student.number == number;
        if same {
            self.unchanged += 1;
            return;
        }
        self.lines.push(AssignedLine {
            student: student.student,
            class: class.class,
            number,
        });
    }
}

/// What the class of a row is to a record. What stands already is never questioned; after the status has begun another
/// class is a change of status, whatever major it belongs to. Of an ended status the record itself says so.
fn placed(
    student: &KnownStudent,
    class: &KnownClass,
    moves: Option<Move>,
) -> Option<SheetFindingKind> {
    match moves {
        None if student.class.is_some() => None,
        _ if student.status.has_ended() => None,
        Some(_) if student.status.has_begun() => Some(SheetFindingKind::ClassOfBegun),
        _ if !belongs(student, class) => Some(SheetFindingKind::ClassOfOtherMajor),
        Some(_) => Some(SheetFindingKind::ClassMoves),
        None => None,
    }
}

/// Whether the class is one of the student's major or, without one, of the broad intake of the student's college. Who
/// is not mapped yet has another finding.
fn belongs(student: &KnownStudent, class: &KnownClass) -> bool {
    match (student.major, student.college) {
        (Some(major), _) => class.major == Some(major),
        (None, Some(college)) => class.major.is_none() && class.college == Some(college),
        (None, None) => true,
    }
}

fn counts<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for value in values.filter(|value| !value.is_empty()) {
        *counts.entry(value).or_insert(0) += 1;
    }
    counts
}

/// Whether a text can be a student number: letters and digits, as many as the platform's field takes.
pub fn is_number(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
    plain && (4..=LONGEST).contains(&text.len())
}

fn student_of<'a>(
    row: &SheetRow,
    input: &'a SheetInput,
    found: &mut BTreeSet<SheetFindingKind>,
) -> Option<&'a KnownStudent> {
    if row.ksh.is_empty() {
        found.insert(SheetFindingKind::MissingCandidate);
        return None;
    }
    if row.ksh_numeric {
        found.insert(SheetFindingKind::NumericCandidate);
    }
    let Some(student) = input.students.get(&row.ksh) else {
        found.insert(SheetFindingKind::UnknownCandidate);
        return None;
    };
    if !student.comes {
        found.insert(SheetFindingKind::NotComing);
    } else if !student.handed_over {
        found.insert(SheetFindingKind::NotHandedOver);
    }
    if student.status.has_ended() {
        found.insert(SheetFindingKind::StatusEnded);
    }
    if !row.number.is_empty() {
        if row.number_numeric {
            found.insert(SheetFindingKind::NumericNumber);
        }
        if !is_number(&row.number) {
            found.insert(SheetFindingKind::BadNumber);
        }
        let owner = input.numbers.get(&row.number);
        if owner.is_some_and(|owner| *owner != student.student) {
            found.insert(SheetFindingKind::NumberTaken);
        }
        let own = student.number.as_ref() == Some(&row.number);
        if !own && input.logins.contains(&row.number) {
            found.insert(SheetFindingKind::NumberIsLogin);
        }
        let changes = student
            .number
            .as_ref()
            .is_some_and(|now| *now != row.number);
        if changes && student.status.on_roll() {
            found.insert(SheetFindingKind::NumberOfBegun);
        } else if changes && !student.status.has_begun() {
            found.insert(SheetFindingKind::NumberChanges);
        }
    }
    Some(student)
}

fn class_of<'a>(
    row: &SheetRow,
    input: &'a SheetInput,
    found: &mut BTreeSet<SheetFindingKind>,
) -> Option<&'a KnownClass> {
    if row.class.is_empty() {
        found.insert(SheetFindingKind::MissingClass);
        return None;
    }
    let named: Vec<&KnownClass> = input
        .classes
        .iter()
        .filter(|class| class.names.contains(&row.class))
        .collect();
    let fits = |class: &&&KnownClass| {
        (row.major.is_empty() || class.major_names.contains(&row.major))
            && (row.college.is_empty() || class.college_names.contains(&row.college))
    };
    let fitting: Vec<&KnownClass> = named.iter().filter(fits).copied().collect();
    let class = match (named.as_slice(), fitting.as_slice()) {
        ([], _) => Err(SheetFindingKind::UnknownClass),
        (_, []) => Err(SheetFindingKind::PlaceDiffers),
        (_, [class]) => Ok(*class),
        _ => Err(SheetFindingKind::AmbiguousClass),
    };
    match class {
        Ok(class) => Some(class),
        Err(kind) => {
            found.insert(kind);
            None
        }
    }
}

/// The post that gets the class, where the row names one that does not have it.
fn counsellor(
    row: &SheetRow,
    class: &KnownClass,
    input: &SheetInput,
    found: &mut BTreeSet<SheetFindingKind>,
) -> Option<Uuid> {
    if row.counsellor.is_empty() || class.counsellors.contains(&row.counsellor) {
        return None;
    }
    let named = input.counsellors.get(&row.counsellor);
    let fitting: Vec<&Counsellor> = named
        .into_iter()
        .flatten()
        .filter(|own| Some(own.college) == class.college)
        .collect();
    let wrong = match (named, fitting.as_slice()) {
        (None, _) => SheetFindingKind::UnknownCounsellor,
        (_, []) => SheetFindingKind::CounsellorOfOtherCollege,
        (_, [one]) => return Some(one.post),
        _ => SheetFindingKind::AmbiguousCounsellor,
    };
    found.insert(wrong);
    None
}
