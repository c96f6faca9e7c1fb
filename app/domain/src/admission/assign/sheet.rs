//! The check of an assignment list (考生号, 学号, 学院, 专业, 班级, 辅导员): every row becomes a line or a finding.

use super::AssignedLine;
use super::pattern::LONGEST;
use crate::admission::finding::Severity;
use crate::text::{Label, Text};
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

/// What is wrong or odd with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetFindingKind {
    /// No candidate number.
    MissingCandidate,
    /// No student of the cohort has this candidate number.
    UnknownCandidate,
    /// The cell of the candidate number is a number.
    NumericCandidate,
    /// The candidate stands in several rows.
    RepeatedCandidate,
    /// The student was not handed over yet.
    NotHandedOver,
    /// The student will not come: deferred, forgone or cancelled.
    NotComing,
    /// The cell of the student number is a number.
    NumericNumber,
    /// The student number has other characters than letters and digits, or a wrong length.
    BadNumber,
    /// The student number stands in several rows.
    RepeatedNumber,
    /// Another student has this number.
    NumberTaken,
    /// A member of the staff signs in with this number.
    NumberIsLogin,
    /// The student has another number already.
    NumberChanges,
    /// No class.
    MissingClass,
    /// The cohort has no such class.
    UnknownClass,
    /// Several classes have this name; major or college must tell them apart.
    AmbiguousClass,
    /// The class belongs to another major than the student.
    ClassOfOtherMajor,
    /// 专业 or 学院 of the row is not that of the class.
    PlaceDiffers,
    /// Nobody with this name or login is a counsellor.
    UnknownCounsellor,
    /// Several counsellors have this name; the login must tell them apart.
    AmbiguousCounsellor,
    /// The counsellor belongs to another college than the class.
    CounsellorOfOtherCollege,
}

impl SheetFindingKind {
    /// Every kind, in the order in which totals are shown.
    pub const ALL: [Self; 20] = [
        Self::MissingCandidate,
        Self::UnknownCandidate,
        Self::NumericCandidate,
        Self::RepeatedCandidate,
        Self::NotHandedOver,
        Self::NotComing,
        Self::NumericNumber,
        Self::BadNumber,
        Self::RepeatedNumber,
        Self::NumberTaken,
        Self::NumberIsLogin,
        Self::NumberChanges,
        Self::MissingClass,
        Self::UnknownClass,
        Self::AmbiguousClass,
        Self::ClassOfOtherMajor,
        Self::PlaceDiffers,
        Self::UnknownCounsellor,
        Self::AmbiguousCounsellor,
        Self::CounsellorOfOtherCollege,
    ];

    /// How much it weighs: a wrong counsellor gets no class and stops nobody's number.
    pub const fn severity(self) -> Severity {
        match self {
            Self::UnknownCounsellor
            | Self::AmbiguousCounsellor
            | Self::CounsellorOfOtherCollege => Severity::Warning,
            Self::MissingCandidate
            | Self::UnknownCandidate
            | Self::NumericCandidate
            | Self::RepeatedCandidate
            | Self::NotHandedOver
            | Self::NotComing
            | Self::NumericNumber
            | Self::BadNumber
            | Self::RepeatedNumber
            | Self::NumberTaken
            | Self::NumberIsLogin
            | Self::NumberChanges
            | Self::MissingClass
            | Self::UnknownClass
            | Self::AmbiguousClass
            | Self::ClassOfOtherMajor
            | Self::PlaceDiffers => Severity::Error,
        }
    }

    /// Heading of the column it is about.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::MissingCandidate
            | Self::UnknownCandidate
            | Self::NumericCandidate
            | Self::RepeatedCandidate
            | Self::NotHandedOver
            | Self::NotComing => "考生号",
            Self::NumericNumber
            | Self::BadNumber
            | Self::RepeatedNumber
            | Self::NumberTaken
            | Self::NumberIsLogin
            | Self::NumberChanges => "学号",
            Self::MissingClass
            | Self::UnknownClass
            | Self::AmbiguousClass
            | Self::ClassOfOtherMajor => "班级",
            Self::PlaceDiffers => "专业",
            Self::UnknownCounsellor
            | Self::AmbiguousCounsellor
            | Self::CounsellorOfOtherCollege => "辅导员",
        }
    }

    /// What to do.
    pub const fn suggestion(self) -> Text {
        match self {
            Self::MissingCandidate => Text::new("填写考生号", "Enter the candidate number"),
            Self::UnknownCandidate => Text::new(
                "核对考生号与录取年份；未导入的考生先由招生办公室导入",
                "Check the number and the year; Admissions imports candidates that are missing",
            ),
            Self::RepeatedCandidate => {
                Text::new("每名考生只保留一行", "Keep one row for each candidate")
            }
            Self::NumericCandidate | Self::NumericNumber => Text::new(
                "把这一列设为文本格式后重新填写：数字格式会丢失前面的 0 和末几位",
                "Set the column to text and type it again: as a number it loses zeros in front and digits at the end",
            ),
            Self::NotHandedOver => Text::new(
                "学生处与学院接收移交后再编班",
                "Wait until Student Affairs and the college have received the hand-over",
            ),
            Self::NotComing => Text::new(
                "删去该行：保留、放弃或取消入学资格的学生不编班",
                "Leave the row out: deferred, forgone and cancelled admissions get no class",
            ),
            Self::BadNumber => Text::new(
                "学号为 4 至 15 位字母或数字：学信网的学号字段最多 15 位",
                "A student number has 4 to 15 letters and digits: the platform's field takes no more than 15",
            ),
            Self::RepeatedNumber | Self::NumberTaken => {
                Text::new("换一个未使用的学号", "Use a number that is free")
            }
            Self::NumberIsLogin => Text::new(
                "换一个学号：以工号登录的是教职工，学生用这个学号登录不了",
                "Use another number: with this one the member of the staff signs in, and the student cannot",
            ),
            Self::NumberChanges => Text::new(
                "先撤销原编号再重新编号",
                "Undo the earlier assignment before giving another number",
            ),
            Self::MissingClass => Text::new("填写班级", "Enter the class"),
            Self::UnknownClass => Text::new(
                "核对班级名称，或请本校管理员先建立班级",
                "Check the name, or have the administrator add the class",
            ),
            Self::AmbiguousClass => Text::new(
                "填写专业和学院，或改用班级代码",
                "Enter major and college, or use the code of the class",
            ),
            Self::ClassOfOtherMajor => Text::new(
                "改为学生录取专业的班级；大类招生的学生编入学院的大类班",
                "Use a class of the student's own major; of a broad intake, one of the college's broad classes",
            ),
            Self::PlaceDiffers => Text::new(
                "使专业、学院与班级一致",
                "Make major and college agree with the class",
            ),
            Self::UnknownCounsellor => Text::new(
                "核对姓名或工号；人员名单中还没有的辅导员先登记，本行的班级和学号照常写入",
                "Check the name or login; add the counsellor to the staff list first. Class and number of this row are written all the same",
            ),
            Self::AmbiguousCounsellor => Text::new(
                "改填工号；本行的班级和学号照常写入",
                "Use the login instead; class and number of this row are written all the same",
            ),
            Self::CounsellorOfOtherCollege => Text::new(
                "改填本学院的辅导员；本行的班级和学号照常写入",
                "Use a counsellor of the class's college; class and number of this row are written all the same",
            ),
        }
    }
}

impl Label for SheetFindingKind {
    fn label(&self) -> Text {
        match self {
            Self::MissingCandidate => Text::new("缺少考生号", "No candidate number"),
            Self::UnknownCandidate => Text::new("考生号不存在", "Unknown candidate number"),
            Self::NumericCandidate => {
                Text::new("考生号是数字格式", "Candidate number is a number cell")
            }
            Self::RepeatedCandidate => Text::new("考生重复", "Candidate in several rows"),
            Self::NotHandedOver => Text::new("学生尚未移交", "Student not handed over yet"),
            Self::NotComing => Text::new("学生不入学", "Student does not enrol"),
            Self::NumericNumber => Text::new("学号是数字格式", "Student number is a number cell"),
            Self::BadNumber => Text::new("学号格式不符", "Malformed student number"),
            Self::RepeatedNumber => Text::new("学号重复", "Number in several rows"),
            Self::NumberTaken => Text::new("学号已被使用", "Number in use"),
            Self::NumberIsLogin => {
                Text::new("学号与教职工工号相同", "Number is a login of the staff")
            }
            Self::NumberChanges => Text::new("学生已有其他学号", "Student has another number"),
            Self::MissingClass => Text::new("缺少班级", "No class"),
            Self::UnknownClass => Text::new("班级不存在", "Unknown class"),
            Self::AmbiguousClass => Text::new("班级名称不唯一", "Ambiguous class"),
            Self::ClassOfOtherMajor => Text::new("班级不属于录取专业", "Class of another major"),
            Self::PlaceDiffers => Text::new(
                "专业或学院与班级不一致",
                "Major or college differs from the class",
            ),
            Self::UnknownCounsellor => Text::new("辅导员不存在", "Unknown counsellor"),
            Self::AmbiguousCounsellor => {
                Text::new("辅导员重名", "Several counsellors of this name")
            }
            Self::CounsellorOfOtherCollege => {
                Text::new("辅导员属于其他学院", "Counsellor of another college")
            }
        }
    }
}

/// One finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SheetFinding {
    /// Row of the list.
    pub row: u32,
    /// What was found.
    pub kind: SheetFindingKind,
}

/// The outcome: every row is a line, unchanged, or has an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedSheet {
    /// Changes of the rows without errors, in the order of the list.
    pub lines: Vec<AssignedLine>,
    /// Rows whose class and number are in the records already.
    pub unchanged: usize,
    /// Rows with at least one error.
    pub refused: usize,
    /// Posts of counsellors, each with a class that it gets.
    pub posts: BTreeSet<(Uuid, Uuid)>,
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
        if let (Some(student), Some(class)) = (student, class)
            && !belongs(student, class)
        {
            found.insert(SheetFindingKind::ClassOfOtherMajor);
        }
        let counsellor = class.and_then(|class| counsellor(row, class, input, &mut found));
        let bad = found.iter().any(|k| k.severity() == Severity::Error);
        let row_findings = found
            .into_iter()
            .map(|kind| SheetFinding { row: row.row, kind });
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
        if same && counsellor.is_none() {
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
        if student
            .number
            .as_ref()
            .is_some_and(|own| *own != row.number)
        {
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
