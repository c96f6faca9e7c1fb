//! Imports of admission data and photos as their pages show them.

use super::Words;
use crate::admission::check::Division;
use crate::admission::finding::{FindingKind, Severity};
use crate::admission::import::ImportState;
use crate::admission::path::AdmissionPath;
use crate::admission::source::{ColumnMapping, SourceField};
use crate::text::{Label, Lang, Text, Tone};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What an upload holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    /// Candidates.
    Admission,
    /// Photos of candidates.
    Photos,
}

impl UploadKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Admission, Self::Photos];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::Photos => "photos",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

impl Label for UploadKind {
    fn label(&self) -> Text {
        match self {
            Self::Admission => Text::new("录取数据", "Admission data"),
            Self::Photos => Text::new("录取照片", "Admission photos"),
        }
    }
}

/// What became of a row of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Nothing found: goes in when the import is confirmed.
    Good,
    /// Goes in once its warnings are accepted.
    Warned,
    /// Waits for its repair.
    Bad,
    /// The candidate is in with the same values.
    Unchanged,
    /// The candidate is in with other values.
    Changed,
    /// In.
    Confirmed,
    /// Was in and was taken back.
    Waiting,
}

impl RowState {
    /// Every state, in the order in which totals are shown.
    pub const ALL: [Self; 7] = [
        Self::Good,
        Self::Warned,
        Self::Bad,
        Self::Unchanged,
        Self::Changed,
        Self::Confirmed,
        Self::Waiting,
    ];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warned => "warned",
            Self::Bad => "bad",
            Self::Unchanged => "unchanged",
            Self::Changed => "changed",
            Self::Confirmed => "confirmed",
            Self::Waiting => "waiting",
        }
    }

    /// The state with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

impl Label for RowState {
    fn label(&self) -> Text {
        match self {
            Self::Good => Text::new("可入库", "Ready"),
            Self::Warned => Text::new("有提示", "With warnings"),
            Self::Bad => Text::new("有错误，待改正", "With errors, to be repaired"),
            Self::Unchanged => Text::new("已入库且相同", "In already, the same"),
            Self::Changed => Text::new("已入库但不同", "In already, different"),
            Self::Confirmed => Text::new("已入库", "In"),
            Self::Waiting => Text::new("已撤回", "Taken back"),
        }
    }
}

/// Totals of one import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// What the source holds: `rows`, `deleted`, `withdrawn`, for photos `photos`, `kept`, `unchanged`; and findings by
    /// kind.
    pub source: BTreeMap<String, u64>,
    /// How the records of persons divide.
    #[serde(default)]
    pub division: Division,
    /// Rows by state.
    pub rows: BTreeMap<RowState, u64>,
}

impl ImportCounts {
    /// Rows in a state.
    pub fn in_state(&self, state: RowState) -> u64 {
        self.rows.get(&state).copied().unwrap_or_default()
    }
}

/// One line of the list of imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLine {
    /// The import.
    pub id: Uuid,
    /// What was uploaded.
    pub kind: UploadKind,
    /// Admission year.
    pub year: i32,
    /// The way of admission.
    pub path: AdmissionPath,
    /// Name of the file as it was uploaded.
    pub file_name: String,
    /// Its state.
    pub state: ImportState,
    /// Totals.
    pub counts: ImportCounts,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// Whether it was ever confirmed, or its photos kept.
    pub confirmed: bool,
}

/// How many of an upload there are, how many of them are in, and how many are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Records of the source, or photos.
    pub all: u64,
    /// Of them in.
    pub inside: u64,
    /// Of them to be repaired; none once nothing is left to do about them.
    pub wrong: u64,
}

impl ImportLine {
    /// Its figures in a list.
    pub fn tally(&self) -> Tally {
        let source = |key: &str| self.counts.source.get(key).copied().unwrap_or_default();
        let over = self.state == ImportState::Undone;
        let (all, inside, wrong) = match self.kind {
            UploadKind::Admission => (
                source("rows"),
                self.counts.in_state(RowState::Confirmed),
                self.counts.in_state(RowState::Bad),
            ),
            UploadKind::Photos => {
                let wrong = [FindingKind::PhotoUnusable, FindingKind::PhotoShared];
                let wrong = wrong.map(|kind| source(kind.key()));
                (source("photos"), source("kept"), wrong.iter().sum())
            }
        };
        Tally {
            all,
            inside: if over { 0 } else { inside },
            wrong: if over { 0 } else { wrong },
        }
    }

    /// Whether it was confirmed and nothing went in: another import had brought in its rows meanwhile, or its photos were
    /// there before.
    pub fn is_empty_handed(&self) -> bool {
        self.state == ImportState::Confirmed && self.tally().inside == 0
    }

    /// Whether it was put aside before anything went in.
    pub fn is_discarded(&self) -> bool {
        self.state == ImportState::Undone && !self.confirmed
    }

    /// What its state means for whoever looks at it: a checked import of which no row can go in waits for nobody's
    /// confirmation.
    pub fn standing(&self) -> (Text, Tone) {
        if self.is_discarded() {
            return (Text::new("已放弃", "Put aside"), Tone::Neutral);
        }
        if self.is_empty_handed() {
            return (
                Text::new("没有新入库", "Nothing new went in"),
                Tone::Neutral,
            );
        }
        if self.kind == UploadKind::Photos && self.state == ImportState::Confirmed {
            return (Text::new("已入库", "In"), Tone::Success);
        }
        let rows = |state| self.counts.in_state(state) > 0;
        let ready = rows(RowState::Good) || rows(RowState::Warned);
        let tone = match self.state {
            ImportState::Uploaded | ImportState::Checking | ImportState::Confirming => Tone::Info,
            ImportState::Checked if ready => Tone::Warning,
            ImportState::Checked if rows(RowState::Bad) => {
                return (Text::new("待改正", "To be repaired"), Tone::Warning);
            }
            ImportState::Checked => {
                return (
                    Text::new("无可入库的行", "Nothing to bring in"),
                    Tone::Neutral,
                );
            }
            ImportState::Unreadable => Tone::Error,
            ImportState::Confirmed => Tone::Success,
            ImportState::Undone => Tone::Neutral,
        };
        (self.state.label(), tone)
    }
}

/// How far the job of an import is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobProgress {
    /// Waiting, running, done or failed.
    pub state: JobState,
    /// Rows done.
    pub done: i32,
    /// Of how many; 0 while the file is being read.
    pub total: i32,
}

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Not begun.
    Waiting,
    /// Under way.
    Running,
    /// Finished.
    Done,
    /// Stopped for good: it can be started again.
    Failed,
}

impl JobState {
    /// The state with this key; an unknown one counts as waiting.
    pub fn from_key(key: &str) -> Self {
        match key {
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }
}

/// Findings of one kind, for a total that leads to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindTotal {
    /// The kind.
    pub kind: FindingKind,
    /// Its weight.
    pub severity: Severity,
    /// How many.
    pub total: u64,
    /// How many of them were accepted with a reason.
    pub accepted: u64,
}

/// What can be done with an import now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSteps {
    /// Rows that confirming would bring in; 0 when it cannot be confirmed.
    pub confirm: u64,
    /// Warnings that nobody has accepted; accepting them lets their rows in.
    pub open_warnings: u64,
    /// Whether repaired rows can be uploaded.
    pub repair: bool,
    /// Last day on which it can be undone, `None` when it cannot.
    pub undo_until: Option<NaiveDate>,
    /// What stands on it, so that it cannot be undone although the time for it is not over.
    pub built_on: Vec<BuiltOn>,
    /// Whether nothing of it went in and it can be put aside.
    pub discard: bool,
    /// Whether its job has failed, or its file could not be read, and the job can be started again.
    pub resume: bool,
}

/// Why a file could not be read, and how its columns may be assigned where that is what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// The reason, zh and en.
    pub reason: Words,
    /// Headings of a worksheet whose columns could not be assigned.
    #[serde(default)]
    pub headings: Vec<String>,
    /// What was proposed for them.
    #[serde(default)]
    pub mapping: ColumnMapping,
}

/// Rows of one folder or one major by state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsOf {
    /// The folder (province), or the major as admitted.
    pub name: String,
    /// Rows by state.
    pub rows: BTreeMap<RowState, u64>,
}

impl RowsOf {
    /// Rows in a state.
    pub fn in_state(&self, state: RowState) -> u64 {
        self.rows.get(&state).copied().unwrap_or_default()
    }

    /// Rows in any state.
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// The columns of a worksheet, for somebody to say which is which field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumns {
    /// Headings in column order, and the field that each is or is proposed to be.
    pub columns: Vec<(String, Option<SourceField>)>,
    /// Whether somebody has said so, for this sheet or an earlier one.
    pub assigned: bool,
}

/// One row of an import in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRowLine {
    /// Folder (province).
    pub folder: String,
    /// Table in the upload.
    pub file: String,
    /// Physical record, from 1.
    pub row: i32,
    /// 考生号
    pub ksh: String,
    /// 姓名
    pub name: String,
    /// The major as admitted.
    pub major: String,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// What the list shows of it.
    pub line: ImportLine,
    /// Its version: decisions are about what was shown.
    pub version: i32,
    /// Rows by folder.
    pub folders: Vec<RowsOf>,
    /// Rows by admitted major.
    pub majors: Vec<RowsOf>,
    /// Columns that can be assigned.
    pub columns: Option<ImportColumns>,
    /// Its job.
    pub progress: Option<JobProgress>,
    /// Findings by kind, errors first.
    pub totals: Vec<KindTotal>,
    /// What is said once about the source, zh and en.
    pub notices: Vec<Words>,
    /// Folders of which nothing was read, each with the reason, zh and en.
    pub unread: Vec<Words>,
    /// Why the file could not be read.
    pub unreadable: Option<Unreadable>,
    /// Who confirmed it last and when.
    pub confirmed: Option<(String, DateTime<Utc>)>,
    /// What can be done now.
    pub steps: ImportSteps,
}

impl ImportView {
    /// Rows with warnings that confirming would bring in: somebody has accepted all of them.
    pub fn accepted_rows(&self) -> u64 {
        let good = self.line.counts.in_state(RowState::Good);
        self.steps.confirm.saturating_sub(good)
    }
}

/// One finding as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingLine {
    /// 考生号 as the source has it.
    pub ksh: String,
    /// Table in the upload.
    pub file: String,
    /// Physical record, from 1; 0 for the file as a whole.
    pub row: i32,
    /// The kind.
    pub kind: FindingKind,
    /// Its weight.
    pub severity: Severity,
    /// Import rule and standard.
    pub rule: String,
    /// Column.
    pub field: String,
    /// What and why.
    pub message: Words,
    /// What to do.
    pub suggestion: Words,
    /// The reason with which it was accepted.
    pub accepted: Option<String>,
}

/// One page of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPage {
    /// The findings.
    pub lines: Vec<FindingLine>,
    /// How many the filter has.
    pub total: u64,
}

/// What an upload led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadOutcome {
    /// A new import whose check is queued.
    Started {
        /// The import.
        import: Uuid,
    },
    /// The same file is here already; nothing was changed.
    Already {
        /// The import it came with.
        import: Uuid,
        /// How far that is.
        state: ImportState,
        /// When it was uploaded.
        uploaded_at: DateTime<Utc>,
    },
}

impl UploadOutcome {
    /// The import to look at.
    pub const fn import(&self) -> Uuid {
        match self {
            Self::Started { import } | Self::Already { import, .. } => *import,
        }
    }
}

/// What stands on a confirmed import, so that it cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltOn {
    /// A hand-over that holds students of the import.
    Handover {
        /// Its number in the year.
        number: i32,
        /// The day it was offered.
        on: NaiveDate,
    },
    /// Accounts of its students.
    Accounts {
        /// How many.
        count: u64,
    },
    /// Classes and student numbers of its students.
    Assignments {
        /// How many.
        count: u64,
    },
    /// Earlier records of those who came back, which have moved on since.
    Returned {
        /// How many.
        count: u64,
    },
    /// Records of a later year that continue those of its students.
    Continued {
        /// How many.
        count: u64,
    },
}

impl BuiltOn {
    /// One line, in one language.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Handover { number, on }, Lang::Zh) => {
                format!("录取信息移交第 {number} 号（{on}）已含本次导入的学生")
            }
            (Self::Handover { number, on }, Lang::En) => {
                format!("hand-over no. {number} of {on} holds students of this import")
            }
            (Self::Accounts { count }, Lang::Zh) => format!("已为其中 {count} 名学生建立账号"),
            (Self::Accounts { count }, Lang::En) => {
                format!("{count} of its students have accounts")
            }
            (Self::Assignments { count }, Lang::Zh) => format!("已为其中 {count} 名学生编班编学号"),
            (Self::Assignments { count }, Lang::En) => {
                format!("{count} of its students have a class or a student number")
            }
            (Self::Returned { count }, Lang::Zh) => {
                format!("其中 {count} 名返校学生的原记录已继续办理")
            }
            (Self::Returned { count }, Lang::En) => {
                format!("the earlier records of {count} who came back have moved on")
            }
            (Self::Continued { count }, Lang::Zh) => {
                format!("其中 {count} 名学生已有接续的新年级记录，请先撤销新年级的导入")
            }
            (Self::Continued { count }, Lang::En) => {
                format!("records of a later year continue those of {count}: undo that import first")
            }
        }
    }

    /// Reads what `ServiceError::BuiltOn` carries: the list as JSON.
    pub fn list(text: &str) -> Vec<Self> {
        serde_json::from_str(text).unwrap_or_default()
    }
}
