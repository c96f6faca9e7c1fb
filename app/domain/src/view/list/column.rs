//! The columns of lists and exports, and who may have them.

use crate::institution::{Actor, Office, Step};
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// A column of a list or of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 学号
    StudentNumber,
    /// 姓名
    Name,
    /// 性别
    Sex,
    /// 考生号, hidden in the middle.
    CandidateNumber,
    /// 年级
    Year,
    /// 学院
    College,
    /// 专业
    Major,
    /// 班级
    Class,
    /// 入学资格
    Qualification,
    /// 学籍状态
    Status,
    /// 学信网注册
    Registration,
    /// 照片
    Photo,
    /// 接收日期: the day from which Student Affairs and the college both have the record
    HandedOver,
    /// 出生日期
    BirthDate,
    /// 民族
    Ethnic,
    /// 政治面貌
    Political,
    /// 证件类型
    IdType,
    /// 身份证号, hidden characters
    IdNumberMasked,
    /// 身份证号
    IdNumber,
    /// 考生号, in full: what other lists are joined by.
    CandidateNumberFull,
    /// 录取专业, as the admission data have it
    AdmittedMajor,
}

/// Steps that are done with the numbers of the documents themselves.
const REGISTERING: [Step; 4] = [
    Step::AdmissionHandover,
    Step::RegisterFreshmen,
    Step::KeepStatusRecords,
    Step::AnnualRegistration,
];

/// How sensitive a column is (办法 三（三）).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// What the work of every record office needs.
    Ordinary,
    /// Personal data beyond name and place.
    Personal,
    /// The numbers that identify a person: offices that register on the platform only.
    Identity,
}

impl Sensitivity {
    /// Whether a post may have such columns at all. Numbers that identify go to the offices that register with them at
    /// this university; a college works with masked ones and reveals single values.
    pub fn open_to(self, actor: &Actor) -> bool {
        match self {
            Self::Ordinary | Self::Personal => true,
            Self::Identity => {
                actor.office() != Office::College
                    && REGISTERING
                        .iter()
                        .any(|step| actor.office_of(*step) == actor.office())
            }
        }
    }
}

impl Column {
    /// Every column, in the order in which it is shown and exported.
    pub const ALL: [Self; 21] = [
        Self::StudentNumber,
        Self::Name,
        Self::Sex,
        Self::CandidateNumber,
        Self::Year,
        Self::College,
        Self::Major,
        Self::Class,
        Self::Qualification,
        Self::Status,
        Self::Registration,
        Self::Photo,
        Self::HandedOver,
        Self::BirthDate,
        Self::Ethnic,
        Self::Political,
        Self::IdType,
        Self::IdNumberMasked,
        Self::IdNumber,
        Self::CandidateNumberFull,
        Self::AdmittedMajor,
    ];

    /// Stable name in addresses and forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::StudentNumber => "student_no",
            Self::Name => "name",
            Self::Sex => "sex",
            Self::CandidateNumber => "ksh",
            Self::Year => "year",
            Self::College => "college",
            Self::Major => "major",
            Self::Class => "class",
            Self::Qualification => "qualification",
            Self::Status => "status",
            Self::Registration => "registration",
            Self::Photo => "photo",
            Self::HandedOver => "handed_over",
            Self::BirthDate => "birth_date",
            Self::Ethnic => "ethnic",
            Self::Political => "political",
            Self::IdType => "id_type",
            Self::IdNumberMasked => "id_number_masked",
            Self::IdNumber => "id_number",
            Self::CandidateNumberFull => "ksh_full",
            Self::AdmittedMajor => "admitted_major",
        }
    }

    /// The column with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.key() == key)
    }

    /// How sensitive it is.
    pub const fn sensitivity(self) -> Sensitivity {
        match self {
            Self::StudentNumber
            | Self::Name
            | Self::Sex
            | Self::CandidateNumber
            | Self::Year
            | Self::College
            | Self::Major
            | Self::Class
            | Self::Qualification
            | Self::Status
            | Self::Registration
            | Self::Photo
            | Self::HandedOver
            | Self::AdmittedMajor => Sensitivity::Ordinary,
            Self::BirthDate
            | Self::Ethnic
            | Self::Political
            | Self::IdType
            | Self::IdNumberMasked => Sensitivity::Personal,
            Self::IdNumber | Self::CandidateNumberFull => Sensitivity::Identity,
        }
    }

    /// Whether a list shows it; the others are for exports.
    pub const fn on_screen(self) -> bool {
        matches!(self.sensitivity(), Sensitivity::Ordinary) && !matches!(self, Self::AdmittedMajor)
    }

    /// Whether a list shows it unless somebody chooses otherwise.
    pub const fn by_default(self) -> bool {
        matches!(
            self,
            Self::StudentNumber
                | Self::Name
                | Self::CandidateNumber
                | Self::College
                | Self::Major
                | Self::Class
                | Self::Qualification
                | Self::Registration
        )
    }
}

impl Label for Column {
    fn label(&self) -> Text {
        match self {
            Self::StudentNumber => Text::new("学号", "Student number"),
            Self::Name => Text::new("姓名", "Name"),
            Self::Sex => Text::new("性别", "Sex"),
            Self::CandidateNumber => Text::new("考生号（部分隐藏）", "Candidate number (masked)"),
            Self::Year => Text::new("年级", "Cohort"),
            Self::College => Text::new("学院", "College"),
            Self::Major => Text::new("专业", "Major"),
            Self::Class => Text::new("班级", "Class"),
            Self::Qualification => Text::new("入学资格", "Admission"),
            Self::Status => Text::new("学籍状态", "Status"),
            Self::Registration => Text::new("学信网注册", "Registration on CHSI"),
            Self::Photo => Text::new("照片", "Photo"),
            Self::HandedOver => Text::new("接收日期", "Received on"),
            Self::BirthDate => Text::new("出生日期", "Date of birth"),
            Self::Ethnic => Text::new("民族", "Ethnicity"),
            Self::Political => Text::new("政治面貌", "Political status"),
            Self::IdType => Text::new("证件类型", "Kind of document"),
            Self::IdNumberMasked => Text::new("身份证号（部分隐藏）", "ID number (masked)"),
            Self::IdNumber => Text::new("身份证号", "ID number"),
            Self::CandidateNumberFull => Text::new("考生号（完整）", "Candidate number (in full)"),
            Self::AdmittedMajor => Text::new("录取专业", "Admitted major"),
        }
    }
}
