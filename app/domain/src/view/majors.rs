//! The mapping of admitted majors of a year to majors of the school.

use super::Words;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A major of the school to map to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MajorOption {
    /// The unit.
    pub id: Uuid,
    /// Name with its college: `海洋学院 / 海洋科学`; of a college its own.
    pub name: String,
    /// 专业国标代码
    pub national_code: Option<String>,
    /// The college as a whole, for a broad intake (大类招生) whose students choose their majors later.
    pub broad: bool,
}

/// One admitted major.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MajorLine {
    /// The line, for its form.
    pub id: Uuid,
    /// Folder (province and batch) of the admission data.
    pub folder: String,
    /// 专业代号 of the province.
    pub admitted_code: String,
    /// 专业国标代码 as the data have it.
    pub national_code: String,
    /// 专业名称 as the data have it.
    pub national_name: String,
    /// Students admitted to it.
    pub students: u64,
    /// The school's major, or the college of a broad intake, once somebody has decided.
    pub major: Option<MajorOption>,
    /// What was decided for the same code and name in another province or last year, or what the national code suggests.
    pub suggestion: Option<MajorOption>,
    /// 大类招生
    pub broad: bool,
    /// Who decided.
    pub set_by: Option<String>,
}

impl MajorLine {
    /// What it is called: its name, or its code where the data have no name.
    pub fn title(&self) -> &str {
        if self.national_name.is_empty() {
            &self.admitted_code
        } else {
            &self.national_name
        }
    }
}

/// The mapping of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MajorMapView {
    /// Cohort.
    pub year: i32,
    /// Years with admission data, newest first.
    pub years: Vec<i32>,
    /// Lines without a decision come first.
    pub lines: Vec<MajorLine>,
    /// Lines without a decision.
    pub unmapped: u64,
    /// How many of them have a suggestion.
    pub suggested: u64,
    /// Students of these lines: they block the hand-over.
    pub blocked_students: u64,
    /// The school's majors, then its colleges for broad intakes.
    pub majors: Vec<MajorOption>,
    /// What happens with a decision.
    pub note: Words,
}
