//! The home of an office: 待办 grouped by what it blocks, the deadlines board, figures by stage.

use super::Words;
use crate::admission::funnel::Funnel;
use crate::text::Tone;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoView {
    /// What to do, as a verb.
    pub title: Words,
    /// How many.
    pub count: u64,
    /// What they are.
    pub text: Words,
    /// Where, as a path below the university's address.
    pub path: String,
}

/// Things that block the same step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoGroupView {
    /// The step that waits.
    pub blocks: Words,
    /// What is to be done.
    pub items: Vec<TodoView>,
}

/// One line of the deadlines board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineView {
    /// What is due.
    pub label: Words,
    /// Until when.
    pub on: NaiveDate,
    /// 2026年10月16日 星期五; Friday, 16 October 2026.
    pub date: Words,
    /// Calendar days left: 0 on the last day, negative afterwards.
    pub remaining: i64,
    /// The calendar it was counted with may still change.
    pub provisional: bool,
    /// What it rests on.
    pub basis: String,
    /// Red when it is over, amber within two weeks.
    pub tone: Tone,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureView {
    /// What is counted.
    pub label: Words,
    /// How many.
    pub count: u64,
    /// The list behind it, as a path below the university's address.
    pub path: String,
}

/// How far the cohort is in one college, or in one major of the own college.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionView {
    /// Its name.
    pub name: String,
    /// The list behind it, as a path below the university's address.
    pub path: String,
    /// All of its records.
    pub total: u64,
    /// Received by Student Affairs and the college.
    pub handed_over: u64,
    /// With class and student number.
    pub assigned: u64,
}

/// The home of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHomeView {
    /// The cohort the figures are about.
    pub year: i32,
    /// The office's own name: the college's for a college.
    pub office: Words,
    /// 待办
    pub todo: Vec<TodoGroupView>,
    /// Deadlines, nearest first.
    pub deadlines: Vec<DeadlineView>,
    /// Figures by stage.
    pub figures: Vec<FigureView>,
    /// The cohort's funnel, of the records this post may see.
    pub funnel: Funnel,
    /// By college for the whole school, by major within one.
    pub completion: Vec<CompletionView>,
}
