//! Offices of the regulation, posts inside them, and the steps whose office a tenant may change.

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// An office named by the regulation, or one of the three seats the service itself needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// 招生办公室
    Admissions,
    /// 学生处
    StudentAffairs,
    /// 教务处
    AcademicAffairs,
    /// 学院
    College,
    /// 现代信息与教育技术中心
    ItCentre,
    /// 学校办公室
    UniversityOffice,
    /// 党委办公室
    PartyOffice,
    /// 保卫处
    Security,
    /// 纪委
    Discipline,
    /// 学生本人
    Student,
    /// The tenant's own administrator.
    TenantAdmin,
    /// The operator of the platform, who sees no student data.
    Operator,
}

impl Office {
    /// Every office, in the order of the regulation.
    pub const ALL: [Self; 12] = [
        Self::Admissions,
        Self::StudentAffairs,
        Self::AcademicAffairs,
        Self::College,
        Self::ItCentre,
        Self::UniversityOffice,
        Self::PartyOffice,
        Self::Security,
        Self::Discipline,
        Self::Student,
        Self::TenantAdmin,
        Self::Operator,
    ];

    /// Stable name in settings, files and the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Admissions => "admissions",
            Self::StudentAffairs => "student-affairs",
            Self::AcademicAffairs => "academic-affairs",
            Self::College => "college",
            Self::ItCentre => "it-centre",
            Self::UniversityOffice => "university-office",
            Self::PartyOffice => "party-office",
            Self::Security => "security",
            Self::Discipline => "discipline",
            Self::Student => "student",
            Self::TenantAdmin => "tenant-admin",
            Self::Operator => "operator",
        }
    }

    /// The office with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }

    /// Whether a second factor is required once the tenant parameter says so: every seat but the student's.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Student)
    }
}

impl Label for Office {
    fn label(&self) -> Text {
        match self {
            Self::Admissions => Text::new("招生办公室", "Admissions Office"),
            Self::StudentAffairs => Text::new("学生处", "Student Affairs Office"),
            Self::AcademicAffairs => Text::new("教务处", "Academic Affairs Office"),
            Self::College => Text::new("学院", "College"),
            Self::ItCentre => Text::new("现代信息与教育技术中心", "IT Centre"),
            Self::UniversityOffice => Text::new("学校办公室", "University Office"),
            Self::PartyOffice => Text::new("党委办公室", "Party Committee Office"),
            Self::Security => Text::new("保卫处", "Security Office"),
            Self::Discipline => Text::new("纪委", "Discipline Inspection"),
            Self::Student => Text::new("学生", "Student"),
            Self::TenantAdmin => Text::new("本校管理员", "School administrator"),
            Self::Operator => Text::new("平台运营", "Platform operator"),
        }
    }
}

/// A post inside an office. Posts of a college carry the practice of domain.md §5.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// An officer of an office outside the colleges.
    Officer,
    /// 辅导员: acts for own classes only.
    Counsellor,
    /// 教学秘书
    TeachingSecretary,
    /// 分管院领导
    ViceDean,
    /// 学院党委书记
    PartySecretary,
    /// 专业负责人: sees the own majors only.
    MajorHead,
    /// The student in person.
    Student,
}

impl PostKind {
    /// Every kind of post.
    pub const ALL: [Self; 7] = [
        Self::Officer,
        Self::Counsellor,
        Self::TeachingSecretary,
        Self::ViceDean,
        Self::PartySecretary,
        Self::MajorHead,
        Self::Student,
    ];

    /// Stable name in files and the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Counsellor => "counsellor",
            Self::TeachingSecretary => "teaching-secretary",
            Self::ViceDean => "vice-dean",
            Self::PartySecretary => "party-secretary",
            Self::MajorHead => "major-head",
            Self::Student => "student",
        }
    }

    /// The post with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.key() == key)
    }

    /// The post by its Chinese name in a staff workbook.
    pub fn from_chinese(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.label().zh == name)
    }

    /// Whether this post belongs inside a college.
    pub const fn in_college(self) -> bool {
        matches!(
            self,
            Self::Counsellor
                | Self::TeachingSecretary
                | Self::ViceDean
                | Self::PartySecretary
                | Self::MajorHead
        )
    }
}

impl Label for PostKind {
    fn label(&self) -> Text {
        match self {
            Self::Officer => Text::new("工作人员", "Officer"),
            Self::Counsellor => Text::new("辅导员", "Counsellor"),
            Self::TeachingSecretary => Text::new("教学秘书", "Teaching secretary"),
            Self::ViceDean => Text::new("分管院领导", "Vice-dean"),
            Self::PartySecretary => Text::new("党委书记", "Party secretary"),
            Self::MajorHead => Text::new("专业负责人", "Head of a major"),
            Self::Student => Text::new("学生", "Student"),
        }
    }
}

/// A step of the regulation whose performing office a tenant may change (domain.md C3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Import of admission data and its hand-over.
    AdmissionHandover,
    /// Receipt of the cohort for the whole school.
    ReceiveCohort,
    /// Student number and class.
    AssignClass,
    /// New-student registration on the platform.
    RegisterFreshmen,
    /// Upkeep of the status records.
    KeepStatusRecords,
    /// Decisions about data use and answers to outside queries.
    AnswerQueries,
    /// Annual registration and everything after it.
    AnnualRegistration,
}

impl Step {
    /// Every step, in the order of the regulation.
    pub const ALL: [Self; 7] = [
        Self::AdmissionHandover,
        Self::ReceiveCohort,
        Self::AssignClass,
        Self::RegisterFreshmen,
        Self::KeepStatusRecords,
        Self::AnswerQueries,
        Self::AnnualRegistration,
    ];

    /// The office that the regulation names.
    pub const fn default_office(self) -> Office {
        match self {
            Self::AdmissionHandover | Self::RegisterFreshmen => Office::Admissions,
            Self::ReceiveCohort
            | Self::AssignClass
            | Self::KeepStatusRecords
            | Self::AnswerQueries => Office::StudentAffairs,
            Self::AnnualRegistration => Office::AcademicAffairs,
        }
    }

    /// Stable name in parameters.
    pub const fn key(self) -> &'static str {
        match self {
            Self::AdmissionHandover => "step.admission_handover",
            Self::ReceiveCohort => "step.receive_cohort",
            Self::AssignClass => "step.assign_class",
            Self::RegisterFreshmen => "step.register_freshmen",
            Self::KeepStatusRecords => "step.keep_status_records",
            Self::AnswerQueries => "step.answer_queries",
            Self::AnnualRegistration => "step.annual_registration",
        }
    }
}

impl Label for Step {
    fn label(&self) -> Text {
        match self {
            Self::AdmissionHandover => Text::new("录取信息移交", "Hand-over of admission data"),
            Self::ReceiveCohort => Text::new("接收新生名册", "Receipt of the cohort"),
            Self::AssignClass => Text::new("编班编学号", "Class and student number"),
            Self::RegisterFreshmen => Text::new("新生学籍电子注册", "New-student registration"),
            Self::KeepStatusRecords => Text::new("学籍信息维护", "Upkeep of status records"),
            Self::AnswerQueries => Text::new("数据使用与校外查询", "Data use and outside queries"),
            Self::AnnualRegistration => Text::new("学年电子注册", "Academic-year registration"),
        }
    }
}
