//! What can be wrong or odd with a row of an assignment list, with its weight, clause and words.

use crate::admission::finding::Severity;
use crate::clause::Clause;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

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
    /// The student status has ended.
    StatusEnded,
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
    /// The student status has begun, and the row has another number than the student.
    NumberOfBegun,
    /// No class.
    MissingClass,
    /// The cohort has no such class.
    UnknownClass,
    /// Several classes have this name; major or college must tell them apart.
    AmbiguousClass,
    /// The class belongs to another major than the student.
    ClassOfOtherMajor,
    /// The student status has begun, and the row has another class than the student's.
    ClassOfBegun,
    /// The student has another class; there is no status yet, so the row moves the student.
    ClassMoves,
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
    pub const ALL: [Self; 24] = [
        Self::MissingCandidate,
        Self::UnknownCandidate,
        Self::NumericCandidate,
        Self::RepeatedCandidate,
        Self::NotHandedOver,
        Self::NotComing,
        Self::StatusEnded,
        Self::NumericNumber,
        Self::BadNumber,
        Self::RepeatedNumber,
        Self::NumberTaken,
        Self::NumberIsLogin,
        Self::NumberChanges,
        Self::NumberOfBegun,
        Self::MissingClass,
        Self::UnknownClass,
        Self::AmbiguousClass,
        Self::ClassOfOtherMajor,
        Self::ClassOfBegun,
        Self::ClassMoves,
        Self::PlaceDiffers,
        Self::UnknownCounsellor,
        Self::AmbiguousCounsellor,
        Self::CounsellorOfOtherCollege,
    ];

    /// How much it weighs: a wrong counsellor gets no class and stops nobody's number; a move before there is a status is
    /// allowed, and seen.
    pub const fn severity(self) -> Severity {
        match self {
            Self::ClassMoves
            | Self::UnknownCounsellor
            | Self::AmbiguousCounsellor
            | Self::CounsellorOfOtherCollege => Severity::Warning,
            Self::MissingCandidate
            | Self::UnknownCandidate
            | Self::NumericCandidate
            | Self::RepeatedCandidate
            | Self::NotHandedOver
            | Self::NotComing
            | Self::StatusEnded
            | Self::NumericNumber
            | Self::BadNumber
            | Self::RepeatedNumber
            | Self::NumberTaken
            | Self::NumberIsLogin
            | Self::NumberChanges
            | Self::NumberOfBegun
            | Self::MissingClass
            | Self::UnknownClass
            | Self::AmbiguousClass
            | Self::ClassOfOtherMajor
            | Self::ClassOfBegun
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
            | Self::NotComing
            | Self::StatusEnded => "考生号",
            Self::NumericNumber
            | Self::BadNumber
            | Self::RepeatedNumber
            | Self::NumberTaken
            | Self::NumberIsLogin
            | Self::NumberChanges
            | Self::NumberOfBegun => "学号",
            Self::MissingClass
            | Self::UnknownClass
            | Self::AmbiguousClass
            | Self::ClassOfOtherMajor
            | Self::ClassOfBegun
            | Self::ClassMoves => "班级",
            Self::PlaceDiffers => "专业",
            Self::UnknownCounsellor
            | Self::AmbiguousCounsellor
            | Self::CounsellorOfOtherCollege => "辅导员",
        }
    }

    /// Whether it is the student status that stands against the row.
    pub const fn is_of_status(self) -> bool {
        matches!(
            self,
            Self::StatusEnded | Self::NumberOfBegun | Self::ClassOfBegun
        )
    }

    /// Whether it is about a change from one class to another.
    pub const fn is_of_move(self) -> bool {
        matches!(self, Self::ClassOfBegun | Self::ClassMoves)
    }

    /// The clause it rests on: of the status the one on changes of status, of an admission that ended its annotation, of
    /// who was not received yet the hand-over. Of how a list is filled in no clause speaks.
    pub const fn clause(self) -> Option<Clause> {
        match self {
            Self::StatusEnded | Self::NumberOfBegun | Self::ClassOfBegun => {
                Some(Clause::STATUS_CHANGE)
            }
            Self::NotComing => Some(Clause::ANNOTATION),
            Self::NotHandedOver => Some(Clause::HANDOVER),
            Self::MissingCandidate
            | Self::UnknownCandidate
            | Self::NumericCandidate
            | Self::RepeatedCandidate
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
            | Self::ClassMoves
            | Self::PlaceDiffers
            | Self::UnknownCounsellor
            | Self::AmbiguousCounsellor
            | Self::CounsellorOfOtherCollege => None,
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
                "学生处和学院都接收后再编班",
                "Wait until Student Affairs and the college have both received the student",
            ),
            Self::NotComing => Text::new(
                "删去该行：保留、放弃或取消入学资格的学生不编班",
                "Leave the row out: deferred, forgone and cancelled admissions get no class",
            ),
            Self::StatusEnded => Text::new(
                "删去该行：退学、转出、毕业等学籍已终止的学生不再编班编学号",
                "Leave the row out: who has withdrawn, moved away, graduated or left the roll otherwise gets neither class nor number",
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
            Self::NumberOfBegun => Text::new(
                "留空或填写现在的学号：学籍开始后学号只随学籍异动变更，由教务处按学籍管理条例办理",
                "Leave it empty or enter the number of now: once the status has begun, it changes with a change of status alone, which Academic Affairs handles",
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
            Self::ClassOfBegun => Text::new(
                "填写现在的班级或删去该行：学籍开始后转班、转专业属于学籍异动，由教务处按学籍管理条例办理",
                "Enter the class of now or leave the row out: once the status has begun, another class or major is a change of status, which Academic Affairs handles",
            ),
            Self::ClassMoves => Text::new(
                "确认后即改入新班级；不应改班的，删去该行",
                "Confirming moves the student; leave the row out where the class should stay",
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
            Self::NotHandedOver => Text::new("学生尚未接收", "Student not received yet"),
            Self::NotComing => Text::new("学生不入学", "Student does not enrol"),
            Self::StatusEnded => Text::new("学籍已终止", "Student status has ended"),
            Self::NumericNumber => Text::new("学号是数字格式", "Student number is a number cell"),
            Self::BadNumber => Text::new("学号格式不符", "Malformed student number"),
            Self::RepeatedNumber => Text::new("学号重复", "Number in several rows"),
            Self::NumberTaken => Text::new("学号已被使用", "Number in use"),
            Self::NumberIsLogin => {
                Text::new("学号与教职工工号相同", "Number is a login of the staff")
            }
            Self::NumberChanges => Text::new("学生已有其他学号", "Student has another number"),
            Self::NumberOfBegun => Text::new(
                "学籍已开始，不能改学号",
                "Another number after the status has begun",
            ),
            Self::MissingClass => Text::new("缺少班级", "No class"),
            Self::UnknownClass => Text::new("班级不存在", "Unknown class"),
            Self::AmbiguousClass => Text::new("班级名称不唯一", "Ambiguous class"),
            Self::ClassOfOtherMajor => Text::new("班级不属于录取专业", "Class of another major"),
            Self::ClassOfBegun => Text::new(
                "学籍已开始，不能改班级",
                "Another class after the status has begun",
            ),
            Self::ClassMoves => Text::new("改入另一班级", "Moves to another class"),
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
