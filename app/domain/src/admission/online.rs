//! The fields shown on line (办法 三（五）1（3）): which of them admission data hold, and which step fills the others.

use super::check::CandidateFacts;
use crate::registration::PlatformAnswer;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// A field of 办法 三（五）1（3）, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnlineField {
    /// 姓名
    Name,
    /// 性别
    Sex,
    /// 出生日期
    BirthDate,
    /// 民族
    Ethnic,
    /// 政治面貌
    Political,
    /// 身份证号
    IdNumber,
    /// 高考准考证号
    ExamPermit,
    /// 入学日期
    EnrolmentDate,
    /// 学号
    StudentNumber,
    /// 专业
    Major,
    /// 层次
    Level,
    /// 学习形式
    StudyForm,
    /// 学制
    Length,
    /// 电子图像
    Image,
}

/// The step that fills a field which admission data lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilledBy {
    /// The student's check of the own data, 办法 二（一）3（2）.
    Verification,
    /// Mapping of admitted majors to the majors of the school.
    MajorMapping,
    /// Class and student number.
    ClassAndNumber,
    /// New-student registration, 办法 二（一）3（4）.
    FreshmanRegistration,
    /// Photos: at admission from the provinces, for the certificate 办法 三（五）3.
    Photos,
}

impl OnlineField {
    /// Every field, in the order of the clause.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Sex,
        Self::BirthDate,
        Self::Ethnic,
        Self::Political,
        Self::IdNumber,
        Self::ExamPermit,
        Self::EnrolmentDate,
        Self::StudentNumber,
        Self::Major,
        Self::Level,
        Self::StudyForm,
        Self::Length,
        Self::Image,
    ];

    /// The step that fills the field when admission data lack it.
    pub const fn filled_by(self) -> FilledBy {
        match self {
            Self::Name
            | Self::Sex
            | Self::BirthDate
            | Self::Ethnic
            | Self::Political
            | Self::IdNumber
            | Self::ExamPermit => FilledBy::Verification,
            Self::Major | Self::Level | Self::StudyForm | Self::Length => FilledBy::MajorMapping,
            Self::StudentNumber => FilledBy::ClassAndNumber,
            Self::EnrolmentDate => FilledBy::FreshmanRegistration,
            Self::Image => FilledBy::Photos,
        }
    }

    fn is_in(self, facts: &CandidateFacts) -> bool {
        match self {
            Self::Name => !facts.name.is_empty(),
            Self::Sex => facts.sex.is_some(),
            Self::BirthDate => facts.birth_date.is_some(),
            Self::Ethnic => facts.ethnic_name.is_some(),
            Self::Political => facts.political_name.is_some(),
            Self::IdNumber => facts.id_number.is_some(),
            Self::ExamPermit => facts.zkzh.is_some(),
            Self::Major => facts.major.name.is_some(),
            Self::Level => facts.major.level.is_some(),
            Self::StudyForm => facts.major.study_form.is_some(),
            Self::Length => facts.major.length.is_some(),
            Self::EnrolmentDate => facts.enrolled_on.is_some(),
            // A stated number does not count until the school has assigned it.
            Self::StudentNumber | Self::Image => false,
        }
    }
}

/// The fields of the clause that the source of a candidate lacks.
pub fn due(facts: &CandidateFacts) -> Vec<OnlineField> {
    OnlineField::ALL
        .into_iter()
        .filter(|field| !field.is_in(facts))
        .collect()
}

impl FilledBy {
    /// Whether the step is over for a record whose registration stands so: a field that it fills is missing no more then.
    /// Mapping, numbering and photos leave their traces in the record itself.
    pub const fn is_past(self, registration: PlatformAnswer) -> bool {
        match self {
            // What was checked and signed is listed; what the platform returned is checked once more.
            Self::Verification => matches!(
                registration,
                PlatformAnswer::Queued | PlatformAnswer::Requested | PlatformAnswer::Accepted
            ),
            Self::FreshmanRegistration => matches!(registration, PlatformAnswer::Accepted),
            Self::MajorMapping | Self::ClassAndNumber | Self::Photos => false,
        }
    }
}

impl Label for FilledBy {
    fn label(&self) -> Text {
        match self {
            Self::Verification => Text::new("信息核对签名", "Check and signature"),
            Self::MajorMapping => Text::new("录取专业对应", "Mapping of majors"),
            Self::ClassAndNumber => Text::new("编班编学号", "Class and student number"),
            Self::FreshmanRegistration => Text::new("新生学籍电子注册", "New-student registration"),
            Self::Photos => Text::new("照片导入与图像采集", "Photos and image capture"),
        }
    }
}

impl Label for OnlineField {
    fn label(&self) -> Text {
        match self {
            Self::Name => Text::new("姓名", "Name"),
            Self::Sex => Text::new("性别", "Sex"),
            Self::BirthDate => Text::new("出生日期", "Date of birth"),
            Self::Ethnic => Text::new("民族", "Ethnicity"),
            Self::Political => Text::new("政治面貌", "Political status"),
            Self::IdNumber => Text::new("身份证号", "ID number"),
            Self::ExamPermit => Text::new("高考准考证号", "Examination permit number"),
            Self::EnrolmentDate => Text::new("入学日期", "Date of enrolment"),
            Self::StudentNumber => Text::new("学号", "Student number"),
            Self::Major => Text::new("专业", "Major"),
            Self::Level => Text::new("层次", "Level"),
            Self::StudyForm => Text::new("学习形式", "Form of study"),
            Self::Length => Text::new("学制", "Length of study"),
            Self::Image => Text::new("电子图像", "Digital image"),
        }
    }
}
