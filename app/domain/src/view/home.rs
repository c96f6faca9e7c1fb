//! The home of an office: 待办 grouped by what it blocks, the deadlines board, figures by stage.

use super::Words;
use crate::admission::funnel::Funnel;
use crate::institution::Visible;
use crate::text::{Label, Text, Tone};
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

/// What the completion of a cohort is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For whoever sees the whole school.
    College,
    /// For a college, and for whoever sees majors.
    Major,
    /// For whoever looks after classes.
    Class,
}

impl Level {
    /// Every level, from above.
    pub const ALL: [Self; 3] = [Self::College, Self::Major, Self::Class];

    /// The places into which what a post sees is divided.
    pub const fn of(seen: &Visible) -> Self {
        match seen {
            Visible::School => Self::College,
            Visible::Classes(_) => Self::Class,
            Visible::College(_) | Visible::Majors(_) | Visible::Own(_) | Visible::Nothing => {
                Self::Major
            }
        }
    }

    /// Name of the filter that narrows a list to one of them.
    pub const fn key(self) -> &'static str {
        match self {
            Self::College => "college",
            Self::Major => "major",
            Self::Class => "class",
        }
    }

    /// The level with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.key() == key)
    }

    /// What records without such a place are called.
    pub const fn without(self) -> Text {
        match self {
            Self::College => Text::new("未定学院", "No college yet"),
            Self::Major => Text::new("未定专业", "Major open"),
            Self::Class => Text::new("未编班", "No class yet"),
        }
    }
}

impl Label for Level {
    fn label(&self) -> Text {
        match self {
            Self::College => Text::new("学院", "College"),
            Self::Major => Text::new("专业", "Major"),
            Self::Class => Text::new("班级", "Class"),
        }
    }
}

/// How far the cohort is in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionView {
    /// Its name; of those without a place what they lack.
    pub name: Words,
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
    /// What the lines of `completion` are.
    pub by: Level,
    /// How far the cohort is, place by place.
    pub completion: Vec<CompletionView>,
}
