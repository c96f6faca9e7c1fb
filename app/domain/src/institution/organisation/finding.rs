//! What is wrong or odd in an organisation file, and what to do about it.

use super::OrganisationFile;
use crate::admission::finding::Severity;
use crate::text::{Lang, Text};
use serde::{Deserialize, Serialize};

/// Kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issue {
    /// A required cell is empty.
    Empty,
    /// The cell has not the form it needs.
    Form,
    /// None of the values allowed.
    UnknownChoice,
    /// The code stands twice in the file.
    Repeated,
    /// The code belongs to a unit, or the 工号 to a person, of another name.
    OtherName,
    /// What the row says is there already; nothing is changed.
    Unchanged,
    /// The unit above is neither in the file nor there already.
    NoParent,
    /// The unit above has an error itself.
    ParentOut,
    /// Not in the national catalogue of that year.
    NotInCatalogue,
    /// The short name does not fit the platform's field.
    ShortNameTooLong,
    /// The name does not fit the platform's field and there is no short name.
    ShortNameMissing,
    /// The name of a person has a character that no name holds, or one is missing.
    PersonName,
    /// There is no such college.
    NoCollege,
    /// There is no such class.
    NoClass,
    /// The class or major belongs to another college.
    ClassElsewhere,
    /// Several units have this name.
    Ambiguous,
    /// A cell differs from what is there: it is changed.
    Changed,
    /// The unit above differs from the one that is there.
    OtherParent,
    /// A change with a day that has not come.
    NotYet,
    /// A unit below is still in use on the last day.
    StillUsed,
    /// It would go on longer than the unit that it stands under.
    OutlivesParent,
    /// There is no such major.
    NoMajor,
    /// The 工号 is the 学号 or 考生号 of a student.
    StudentNumber,
    /// In none of the catalogues that are kept here, of which that year's is none.
    InNoCatalogue,
    /// The last day lies before the first one.
    EndBeforeStart,
    /// The change is dated before the unit was there.
    BeforeUnit,
    /// A new post would be over before it begins.
    AlreadyOver,
    /// A number outside what is allowed.
    OutOfRange,
    /// After that day the university would have no administrator.
    LastAdministrator,
}

impl Issue {
    /// Every kind.
    pub const ALL: [Self; 29] = [
        Self::Empty,
        Self::Form,
        Self::UnknownChoice,
        Self::Repeated,
        Self::OtherName,
        Self::Unchanged,
        Self::NoParent,
        Self::ParentOut,
        Self::NotInCatalogue,
        Self::ShortNameTooLong,
        Self::ShortNameMissing,
        Self::PersonName,
        Self::NoCollege,
        Self::NoClass,
        Self::ClassElsewhere,
        Self::Ambiguous,
        Self::Changed,
        Self::OtherParent,
        Self::NotYet,
        Self::StillUsed,
        Self::OutlivesParent,
        Self::NoMajor,
        Self::StudentNumber,
        Self::InNoCatalogue,
        Self::EndBeforeStart,
        Self::BeforeUnit,
        Self::AlreadyOver,
        Self::OutOfRange,
        Self::LastAdministrator,
    ];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Form => "form",
            Self::UnknownChoice => "unknown_choice",
            Self::Repeated => "repeated",
            Self::OtherName => "other_name",
            Self::Unchanged => "unchanged",
            Self::NoParent => "no_parent",
            Self::ParentOut => "parent_out",
            Self::NotInCatalogue => "not_in_catalogue",
            Self::ShortNameTooLong => "short_name_too_long",
            Self::ShortNameMissing => "short_name_missing",
            Self::PersonName => "person_name",
            Self::NoCollege => "no_college",
            Self::NoClass => "no_class",
            Self::ClassElsewhere => "class_elsewhere",
            Self::Ambiguous => "ambiguous",
            Self::Changed => "changed",
            Self::OtherParent => "other_parent",
            Self::NotYet => "not_yet",
            Self::StillUsed => "still_used",
            Self::OutlivesParent => "outlives_parent",
            Self::NoMajor => "no_major",
            Self::StudentNumber => "student_number",
            Self::InNoCatalogue => "in_no_catalogue",
            Self::EndBeforeStart => "end_before_start",
            Self::BeforeUnit => "before_unit",
            Self::AlreadyOver => "already_over",
            Self::OutOfRange => "out_of_range",
            Self::LastAdministrator => "last_administrator",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.key() == key)
    }

    /// How much it weighs: a row with an error stays out.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Unchanged | Self::Changed | Self::NotInCatalogue | Self::InNoCatalogue => {
                Severity::Warning
            }
            Self::Empty
            | Self::Form
            | Self::UnknownChoice
            | Self::Repeated
            | Self::OtherName
            | Self::NoParent
            | Self::ParentOut
            | Self::ShortNameTooLong
            | Self::ShortNameMissing
            | Self::PersonName
            | Self::NoCollege
            | Self::NoClass
            | Self::ClassElsewhere
            | Self::Ambiguous
            | Self::OtherParent
            | Self::NotYet
            | Self::StillUsed
            | Self::OutlivesParent
            | Self::NoMajor
            | Self::StudentNumber
            | Self::EndBeforeStart
            | Self::BeforeUnit
            | Self::AlreadyOver
            | Self::OutOfRange
            | Self::LastAdministrator => Severity::Error,
        }
    }

    /// What was found.
    pub const fn sentence(self) -> Text {
        match self {
            Self::Empty => Text::new("必填项为空", "A required cell is empty"),
            Self::Form => Text::new("格式不符", "The value does not have the form it needs"),
            Self::UnknownChoice => Text::new("不是可选的值", "None of the values allowed"),
            Self::Repeated => Text::new("代码在文件中重复", "The code stands twice in the file"),
            Self::OtherName => Text::new(
                "代码或工号已属于其他名称",
                "Code or login belongs to another name",
            ),
            Self::Unchanged => Text::new("已存在，不作改动", "There already; nothing is changed"),
            Self::NoParent => Text::new("上级不存在", "The unit above does not exist"),
            Self::ParentOut => {
                Text::new("上级所在行有错误", "The row of the unit above has an error")
            }
            Self::NotInCatalogue => Text::new(
                "该年目录中没有此专业代码",
                "Not in the catalogue of that year",
            ),
            Self::ShortNameTooLong => Text::new(
                "简称超过平台字段宽度",
                "The short name is longer than the platform's field",
            ),
            Self::ShortNameMissing => Text::new(
                "名称超过平台字段宽度且没有简称",
                "The name is longer than the platform's field and has no short name",
            ),
            Self::PersonName => Text::new("姓名有误", "The name is not a valid name"),
            Self::NoCollege => Text::new("学院不存在", "There is no such college"),
            Self::NoClass => Text::new("班级不存在", "There is no such class"),
            Self::ClassElsewhere => Text::new(
                "班级或专业不属于该学院",
                "The class or major belongs to another college",
            ),
            Self::Ambiguous => Text::new("有多个同名单位", "Several units have this name"),
            Self::Changed => Text::new("将更改", "Will be changed"),
            Self::OtherParent => Text::new(
                "上级与已有的不同",
                "The unit above is not the one that is there",
            ),
            Self::NotYet => Text::new("生效日期还没有到", "The day has not come yet"),
            Self::StillUsed => Text::new(
                "停用后仍有下级在用",
                "Units below would still be in use after the last day",
            ),
            Self::OutlivesParent => Text::new(
                "晚于上级停用的日期",
                "It would go on longer than the unit above it",
            ),
            Self::NoMajor => Text::new("专业不存在", "There is no such major"),
            Self::StudentNumber => Text::new(
                "工号与学生的学号或考生号相同",
                "The login is the number of a student",
            ),
            Self::InNoCatalogue => Text::new(
                "系统收录的目录中都没有此专业代码",
                "In none of the catalogues that are kept here",
            ),
            Self::EndBeforeStart => Text::new(
                "截止日期早于起始日期",
                "The last day lies before the first one",
            ),
            Self::BeforeUnit => Text::new(
                "更改的日期早于该单位的起始日期",
                "The change is dated before the unit was there",
            ),
            Self::AlreadyOver => Text::new(
                "新岗位的截止日期已过",
                "The last day of the new post is over already",
            ),
            Self::OutOfRange => Text::new("超出允许的范围", "Outside the range allowed"),
            Self::LastAdministrator => Text::new(
                "此后本校没有管理员",
                "After that day the university has no administrator",
            ),
        }
    }

    /// What to do; of a value, [`OrganisationFinding::advice`] also says what the column takes.
    pub const fn suggestion(self) -> Text {
        match self {
            Self::Empty => Text::new("请补填", "Fill it in"),
            Self::Form | Self::UnknownChoice | Self::OutOfRange => {
                Text::new("请更正", "Correct it")
            }
            Self::InNoCatalogue => Text::new(
                "系统没有收录所填年份的目录：请对照该年目录核对代码",
                "The catalogue of that year is not kept here: check the code against it",
            ),
            Self::EndBeforeStart => Text::new(
                "请核对两个日期；同一天可以",
                "Check both days; they may be the same",
            ),
            Self::BeforeUnit => Text::new(
                "请填写该单位起始日期当日或之后的日期",
                "Give the first day of the unit or a later one",
            ),
            Self::AlreadyOver => Text::new(
                "岗位自写入当日起任职：请填写今天或之后的日期，或不写入这一行",
                "A post begins on the day it is written: give today or a later day, or leave the row out",
            ),
            Self::LastAdministrator => Text::new(
                "请先让另一位本校管理员激活账号，其任期须不短于现在最后一位",
                "Let another administrator activate an account first, whose post holds at least as long as the present last one",
            ),
            Self::Repeated => Text::new("请保留一行", "Keep one of the rows"),
            Self::OtherName => Text::new(
                "请核对；单位更名须在“起始日期”填更名日期，人员更名须在“原姓名”填现有姓名",
                "Check it; to rename a unit enter the day in 起始日期, to rename a person enter the present name in 原姓名",
            ),
            Self::Unchanged => Text::new("无须处理", "Nothing to do"),
            Self::NoParent => Text::new(
                "请先导入上级，或更正上级代码",
                "Import the unit above first, or correct its code",
            ),
            Self::ParentOut => Text::new(
                "请先更正上级所在行",
                "Correct the row of the unit above first",
            ),
            Self::NotInCatalogue => Text::new(
                "请核对代码和目录年份",
                "Check code and year of the catalogue",
            ),
            Self::ShortNameTooLong => Text::new("请缩短简称", "Shorten the short name"),
            Self::ShortNameMissing => Text::new(
                "请补填简称：上报文件的这一栏写不下全称",
                "Fill in a short name: the full one does not fit this field of the platform's files",
            ),
            Self::PersonName => Text::new(
                "请按身份证件更正",
                "Correct it as the document of identity has it",
            ),
            Self::NoCollege | Self::NoClass | Self::NoMajor => Text::new(
                "请填已导入的代码或名称",
                "Enter a code or name that has been imported",
            ),
            Self::StudentNumber => Text::new(
                "请换一个工号：相同时该学生无法用这个号码登录",
                "Use another one: with the same, the student cannot sign in with the number",
            ),
            Self::ClassElsewhere => {
                Text::new("请核对学院、专业和班级", "Check college, major and class")
            }
            Self::Ambiguous => Text::new("请改填代码", "Enter the code instead"),
            Self::Changed => Text::new(
                "请核对更改前后的内容",
                "Check what it was and what it will be",
            ),
            Self::OtherParent => Text::new(
                "不能改上级：请停用原单位，另设新单位",
                "A unit keeps the one above it: end it and set up a new one",
            ),
            Self::NotYet => Text::new("请在当日或之后导入", "Import it on that day or later"),
            Self::OutlivesParent => Text::new(
                "请填写不晚于上级的截止日期，或先更正上级",
                "Give a last day no later than that of the unit above, or correct that unit first",
            ),
            Self::StillUsed => Text::new(
                "请先停用下级，或在同一文件中一并停用",
                "End the units below first, or in the same file",
            ),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationFinding {
    /// Row as a person sees it.
    pub row: u32,
    /// Heading of the column.
    pub field: String,
    /// What was found.
    pub issue: Issue,
    /// Of a change: what it was and what it will be; never a telephone of a person.
    pub detail: String,
}

impl OrganisationFinding {
    /// A finding.
    pub fn new(row: u32, field: &str, issue: Issue) -> Self {
        Self {
            row,
            field: field.to_owned(),
            issue,
            detail: String::new(),
        }
    }

    /// A change of a cell.
    pub fn change(row: u32, field: &str, before: &str, after: &str) -> Self {
        let shown = |text: &str| {
            if text.is_empty() {
                "—".to_owned()
            } else {
                text.to_owned()
            }
        };
        Self {
            detail: format!("{} → {}", shown(before), shown(after)),
            ..Self::new(row, field, Issue::Changed)
        }
    }

    /// What to do about it, with what the column takes where the value is at fault.
    pub fn advice(&self, file: OrganisationFile, lang: Lang) -> String {
        let said = self.issue.suggestion().in_lang(lang);
        let wrong = matches!(
            self.issue,
            Issue::Form | Issue::UnknownChoice | Issue::OutOfRange | Issue::Empty
        );
        match file.heading(&self.field).filter(|_| wrong) {
            Some(heading) => format!("{said}{}{}", lang.pick("：", ": "), heading.rule(lang)),
            None => said.to_owned(),
        }
    }

    /// The message in one language.
    pub const fn message_in(&self, lang: Lang) -> &'static str {
        self.issue.sentence().in_lang(lang)
    }
}
