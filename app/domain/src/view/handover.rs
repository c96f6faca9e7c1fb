//! Hand-overs: the preview, the list, one hand-over with counts and receipts.

use super::{Chip, Words};
use crate::admission::handover::Receipt;
use crate::person::mask::Masked;
use crate::text::{Label, Text};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether it is the first hand-over of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverKind {
    /// The first of the year.
    Main,
    /// Every later one: candidates admitted later, and parts that were returned.
    Supplementary,
}

impl HandoverKind {
    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Supplementary => "supplementary",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Main, Self::Supplementary]
            .into_iter()
            .find(|kind| kind.key() == key)
    }
}

impl Label for HandoverKind {
    fn label(&self) -> Text {
        match self {
            Self::Main => Text::new("首次移交", "Main hand-over"),
            Self::Supplementary => Text::new("补充移交", "Supplementary hand-over"),
        }
    }
}

/// How many students a unit has, with the units below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCount {
    /// The unit; `None` where the records have none: the major of a broad intake, a class that is not given yet.
    pub unit: Option<Uuid>,
    /// Name of the unit; empty where there is none.
    pub name: String,
    /// Students; the sum of `parts` where there are any.
    pub total: u64,
    /// The units below.
    pub parts: Vec<UnitCount>,
}

/// An admitted major without a major of the school: it blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmapped {
    /// Folder of the admission data.
    pub folder: String,
    /// 专业代号
    pub admitted_code: String,
    /// 专业名称
    pub name: String,
    /// Students.
    pub students: u64,
}

/// What would be handed over now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverPreview {
    /// Cohort.
    pub year: i32,
    /// Years with admission data, newest first.
    pub years: Vec<i32>,
    /// First of the year, or a later one.
    pub kind: HandoverKind,
    /// Its number within the year.
    pub number: u32,
    /// Students.
    pub total: u64,
    /// SHA-256 over the canonical list, in hexadecimal digits.
    pub hash: String,
    /// College → major → class.
    pub colleges: Vec<UnitCount>,
    /// What blocks it.
    pub unmapped: Vec<Unmapped>,
    /// Whether it can be offered: there is somebody, and nothing blocks.
    pub ready: bool,
    /// Receipts returned and not yet offered again.
    pub returned: Vec<ReceiptView>,
}

/// The answer for the whole school: a college's students are received once both it and their college have accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeAnswer {
    /// The office that receives cohorts.
    pub receiver: Words,
    /// What it has answered.
    pub answer: Receipt,
}

/// One receipt: one receiver of one hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptView {
    /// The receipt, for its forms.
    pub id: Uuid,
    /// The hand-over it belongs to.
    pub handover: Uuid,
    /// The receiver: the office of the step, or a college by its own name.
    pub receiver: Words,
    /// Whether it is that of a college.
    pub college: bool,
    /// What the receiver has answered.
    pub answer: Receipt,
    /// The same as a chip: 待接收, 已接收, 已退回, 已重新移交.
    pub state: Chip,
    /// Beside the receipt of a college, the answer for the whole school.
    pub whole: Option<WholeAnswer>,
    /// Students of this receipt, as they were offered.
    pub total: u64,
    /// Students among them whose college has returned its part: an answer for the whole school does not reach them.
    pub given_back: u64,
    /// Hash total of this receipt's students.
    pub hash: String,
    /// Who answered.
    pub person: Option<String>,
    /// When, in China.
    pub at: Option<NaiveDateTime>,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Whether this post can answer it now.
    pub can_answer: bool,
    /// Whether this person offered it and therefore cannot accept it.
    pub own_offer: bool,
}

impl ReceiptView {
    /// Students whom the answer is about: an acceptance does not reach those whose college has returned its part. What
    /// was returned was returned as it had been offered.
    pub const fn people(&self) -> u64 {
        if self.answer.holds() {
            self.total.saturating_sub(self.given_back)
        } else {
            self.total
        }
    }
}

/// Somebody of a hand-over, as the receiver compares the list with the admission data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverPerson {
    /// The record.
    pub student: Uuid,
    /// Name.
    pub name: String,
    /// Candidate number, hidden in the middle.
    pub ksh: Masked,
    /// College.
    pub college: Option<String>,
    /// Major; of a broad intake that it is still open.
    pub major: Option<String>,
}

/// One page of the people of a hand-over: of the parts that nobody has returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverPeople {
    /// By candidate number.
    pub people: Vec<HandoverPerson>,
    /// All of them.
    pub total: u64,
    /// Page, from 1.
    pub page: u32,
    /// Pages.
    pub pages: u32,
}

/// A hand-over in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverLine {
    /// The hand-over.
    pub id: Uuid,
    /// Cohort.
    pub year: i32,
    /// Number within the year.
    pub number: u32,
    /// 首次移交 or 补充移交.
    pub kind: HandoverKind,
    /// Students; of the own part for a college.
    pub total: u64,
    /// When it was offered, in China.
    pub offered_at: NaiveDateTime,
    /// Who offered it.
    pub offered_by: String,
    /// Receipts; the own one only for a college.
    pub receipts: Vec<ReceiptView>,
}

/// One hand-over: named persons on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverView {
    /// The line of the list.
    pub line: HandoverLine,
    /// What the offering person wrote.
    pub note: String,
    /// SHA-256 over the canonical list; of the own part for a college.
    pub hash: String,
    /// College → major → class, as it was offered and signed.
    pub colleges: Vec<UnitCount>,
    /// The same as the records are now, where it differs: classes were given, somebody changed the major.
    pub now: Option<Vec<UnitCount>>,
    /// How many people this post may look through; none for a post that neither offers nor receives.
    pub listed: u64,
}
