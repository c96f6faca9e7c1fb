//! A candidate after the check: the values as they would be stored, and where they came from.

use crate::audit::AuditError;
use crate::codes::Sex;
use crate::person::id_number::IdType;
use crate::text::{Label, Text, Tone};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Whether a candidate can be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateStatus {
    /// Nothing found.
    Good,
    /// Warnings only: goes in once they are accepted with a reason.
    Warned,
    /// At least one error: stays out until repaired.
    Bad,
}

impl CandidateStatus {
    /// Colour of its chip.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Good => Tone::Success,
            Self::Warned => Tone::Warning,
            Self::Bad => Tone::Error,
        }
    }
}

impl Label for CandidateStatus {
    fn label(&self) -> Text {
        match self {
            Self::Good => Text::new("无问题", "Good"),
            Self::Warned => Text::new("有提示", "With warnings"),
            Self::Bad => Text::new("有错误", "With errors"),
        }
    }
}

/// One admitted candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedCandidate {
    /// The values.
    pub facts: CandidateFacts,
    /// Where they stand in the source.
    pub provenance: Provenance,
    /// Whether the candidate can be confirmed.
    pub status: CandidateStatus,
}

/// Where a candidate stands in the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Folder (province).
    pub folder: String,
    /// Table with the personal data.
    pub file: String,
    /// Its physical record, from 1.
    pub row: u32,
    /// Table with the offer, where it is another one.
    pub offer_file: Option<String>,
    /// Its physical record.
    pub offer_row: Option<u32>,
}

/// Every value of a candidate that the snapshot freezes: the fields of 办法 三（五）1（3） that admission data hold, and
/// what registration needs beside them. Serialises canonically (fixed names, empty values as null); `Debug` shows
/// nothing personal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateFacts {
    /// 考生号, normalised.
    pub ksh: String,
    /// 高考准考证号.
    pub zkzh: Option<String>,
    /// 姓名 as the source has it.
    pub name_raw: String,
    /// 姓名 in its stored form.
    pub name: String,
    /// 性别, male or female only.
    pub sex: Option<Sex>,
    /// 出生日期: its own field, else that of the ID number.
    pub birth_date: Option<NaiveDate>,
    /// 民族, two digits of GB/T 3304; the source's code where it is in no list.
    pub ethnic_code: Option<String>,
    /// 民族 as text.
    pub ethnic_name: Option<String>,
    /// 政治面貌, two digits of GB/T 4762, or the source's code.
    pub political_code: Option<String>,
    /// 政治面貌 as text.
    pub political_name: Option<String>,
    /// 证件类型.
    pub id_type: IdType,
    /// 身份证号, normalised, also when it is wrong.
    pub id_number: Option<String>,
    /// 录取专业.
    pub major: StatedMajor,
    /// Contacts.
    pub contact: Contact,
    /// 毕业中学.
    pub previous_school: Option<String>,
    /// 地区代码.
    pub area_code: Option<String>,
    /// 考生类别 as text, or its code.
    pub candidate_kind: Option<String>,
    /// 批次 as text, or its code.
    pub batch: Option<String>,
    /// 科类 as text, or its code.
    pub category: Option<String>,
    /// 计划性质 as text, or its code.
    pub plan_kind: Option<String>,
    /// 录取方式 as text, or its code.
    pub admission_kind: Option<String>,
    /// 成绩 as the source has it.
    pub score: Option<String>,
    /// 学号 as the source has it, on the ways whose tables the school makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student_no: Option<String>,
    /// 入学日期, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_on: Option<String>,
}

/// The major as admission data state it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedMajor {
    /// 专业代号, the province's own.
    pub offer_code: Option<String>,
    /// 专业国标代码.
    pub national_code: Option<String>,
    /// 专业名称.
    pub name: Option<String>,
    /// 层次 as text, or its code.
    pub level: Option<String>,
    /// 学习形式.
    pub study_form: Option<String>,
    /// 学制 as text, or its code.
    pub length: Option<String>,
}

/// How a candidate can be reached. Sensitive (办法 三（三）).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// 通讯地址.
    pub address: Option<String>,
    /// 邮政编码.
    pub postcode: Option<String>,
    /// 联系手机.
    pub mobile: Option<String>,
    /// 联系电话.
    pub telephone: Option<String>,
    /// 收件人.
    pub addressee: Option<String>,
}

/// Name and version of the canonical form of a candidate; a released form is never changed.
const SCHEMA: &str = "xueji.candidate/1";
/// The form of a candidate whose source has 学号 or 入学日期 too.
const SCHEMA_OF_SCHOOL: &str = "xueji.candidate/2";

#[derive(Serialize)]
struct Canonical<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    facts: &'a CandidateFacts,
}

impl CandidateFacts {
    /// The bytes whose hash says whether two candidates are the same: JSON after RFC 8785, the schema name first.
    ///
    /// # Errors
    /// [`AuditError::Canonical`].
    pub fn canonical(&self) -> Result<Vec<u8>, AuditError> {
        let first = self.student_no.is_none() && self.enrolled_on.is_none();
        let form = Canonical {
            schema: if first { SCHEMA } else { SCHEMA_OF_SCHOOL },
            facts: self,
        };
        serde_jcs::to_vec(&form).map_err(|_| AuditError::Canonical)
    }
}

impl std::fmt::Debug for CandidateFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CandidateFacts")
            .field("ksh", &self.ksh.get(..4).unwrap_or_default())
            .field("major", &self.major)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(..)")
    }
}
