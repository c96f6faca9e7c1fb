//! One record as the offices see it: facts left, timeline right.

mod comparison;

pub use comparison::{Agreement, ComparedView};

use super::assign::CorrectionView;
use super::{Chip, Words};
use crate::institution::activation::IdentityCheck;
use crate::text::{Label, Text};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A masked value that can be shown in full, one at a time, with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealField {
    /// 身份证号
    IdNumber,
    /// 考生号
    CandidateNumber,
    /// 准考证号
    ExamPermit,
    /// 联系手机
    Mobile,
    /// 联系电话
    Telephone,
    /// 通讯地址
    Address,
    /// 收件人
    Addressee,
    /// The records of the province, byte for byte, and what a repair has put in their place (rule V9).
    SourceRecord,
}

impl RevealField {
    /// Every field.
    pub const ALL: [Self; 8] = [
        Self::IdNumber,
        Self::CandidateNumber,
        Self::ExamPermit,
        Self::Mobile,
        Self::Telephone,
        Self::Address,
        Self::Addressee,
        Self::SourceRecord,
    ];

    /// Stable name in forms and in the access log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::IdNumber => "id_number",
            Self::CandidateNumber => "ksh",
            Self::ExamPermit => "exam_permit",
            Self::Mobile => "mobile",
            Self::Telephone => "telephone",
            Self::Address => "address",
            Self::Addressee => "addressee",
            Self::SourceRecord => "source_record",
        }
    }

    /// The field with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}

impl Label for RevealField {
    fn label(&self) -> Text {
        match self {
            Self::IdNumber => Text::new("身份证号", "ID number"),
            Self::CandidateNumber => Text::new("考生号", "Candidate number"),
            Self::ExamPermit => Text::new("准考证号", "Examination permit number"),
            Self::Mobile => Text::new("联系手机", "Mobile telephone"),
            Self::Telephone => Text::new("联系电话", "Telephone"),
            Self::Address => Text::new("通讯地址", "Postal address"),
            Self::Addressee => Text::new("收件人", "Addressee"),
            Self::SourceRecord => Text::new("省级原始记录", "Record of the province"),
        }
    }
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactView {
    /// Stable name.
    pub key: String,
    /// What it is.
    pub label: Words,
    /// The value; empty where the record has none.
    pub value: Words,
    /// The value can be shown in full with a reason.
    pub reveal: Option<RevealField>,
}

/// Facts of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionView {
    /// Stable name.
    pub key: String,
    /// Title.
    pub title: Words,
    /// Where the facts come from and whether they can change.
    pub note: Words,
    /// The facts.
    pub facts: Vec<FactView>,
}

/// A document that something rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// How it is cited.
    pub name: Words,
    /// Where it is kept, as a path below the university's address; a document on paper has none.
    pub path: Option<String>,
}

impl Document {
    /// A document that is kept here.
    pub const fn at(name: Words, path: String) -> Self {
        Self {
            name,
            path: Some(path),
        }
    }

    /// A document cited by its number (发文字号).
    pub fn number(number: &str) -> Self {
        Self {
            name: super::same(number),
            path: None,
        }
    }
}

/// One step of the record's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineView {
    /// When, in China.
    pub at: NaiveDateTime,
    /// What was done.
    pub what: Words,
    /// The clause it rests on.
    pub clause: String,
    /// The office that leads the step (谁牵头).
    pub lead: Words,
    /// Who handled it (谁经办).
    pub handler: String,
    /// Who checked it, where a second person is required.
    pub checker: Option<String>,
    /// The document behind it.
    pub source: Option<Document>,
    /// Which of the record's states it moved.
    pub part: Option<String>,
    /// What there is to know of a slip or code that was issued anew.
    pub reissue: Option<ReissueView>,
}

/// A slip or code issued anew: whoever holds it sets the password of the record's holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReissueView {
    /// How the holder was checked; nothing where a whole class got new slips, which are handed out after the check.
    pub identity: Option<IdentityCheck>,
    /// What else was noted; for the posts that hand out slips, nothing for others.
    pub note: Option<String>,
    /// Whether the holder had signed the verification sheet before.
    pub after_signature: bool,
}

/// One of the record's states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateView {
    /// The question: admission, status, registration, photo.
    pub question: Words,
    /// The answer.
    pub chip: Chip,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// The document behind it.
    pub source: Option<Document>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// The record.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Cohort.
    pub year: i32,
    /// Student number.
    pub student_no: Option<String>,
    /// College, major and class.
    pub place: [Option<String>; 3],
    /// The four states.
    pub states: Vec<StateView>,
    /// Fields that both the admission data and the school have, side by side.
    pub compared: Vec<ComparedView>,
    /// Facts by source.
    pub sections: Vec<SectionView>,
    /// Fields shown on line (办法 三（五）1（3）) that are still missing, with the step that fills each.
    pub missing: Vec<(Words, Words)>,
    /// The record's life, newest first.
    pub timeline: Vec<TimelineView>,
    /// The candidate, where there is an admission photo.
    pub photo: Option<Uuid>,
    /// Whether this post may show a masked value in full.
    pub may_reveal: bool,
    /// What this post may correct of class and number.
    pub correction: Option<CorrectionView>,
    /// The records of the same person that this one continues, or that continue it (保留入学资格后返校).
    pub other_years: Vec<OtherYear>,
}

/// Another record of the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherYear {
    /// The record.
    pub student: Uuid,
    /// Its cohort.
    pub year: i32,
    /// Whether it is the later of the two, in which the person enrols.
    pub later: bool,
}
