//! The student's own page.

use super::student::{NextStep, StageView, StudentStates};
use super::{Chip, OfficeContact, Words};
use crate::person::mask::Masked;
use serde::{Deserialize, Serialize};

/// One fact about the own identity, masked where the whole page would otherwise tell too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFact {
    /// What it is.
    pub label: Words,
    /// The value to show; empty where there is none.
    pub value: Words,
    /// Whether characters are hidden.
    pub masked: bool,
}

/// Everything on the student's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRecordView {
    /// 张*
    pub name: Masked,
    /// Cohort.
    pub year: i32,
    /// The college's own name.
    pub college: Option<String>,
    /// Major at the school.
    pub major: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// `26****17`
    pub student_no: Option<Masked>,
    /// The states themselves.
    pub states: StudentStates,
    /// Admission qualification, student status, platform, photo.
    pub chips: Vec<Chip>,
    /// The vertical progress.
    pub stages: Vec<StageView>,
    /// The one thing to do now, if any.
    pub next: Option<NextStep>,
    /// Identity facts.
    pub facts: Vec<OwnFact>,
    /// Where the facts come from.
    pub source: Words,
    /// Who explains the regulation (办法 五).
    pub explained_by: Vec<OfficeContact>,
}
