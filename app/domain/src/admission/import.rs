//! The life of one import: upload → check → look → confirm, repair, undo.

use crate::clause::Clause;
use crate::decision::{Machine, Reason, Refusal};
use crate::institution::Office;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// State of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The file is kept; the check is queued.
    Uploaded,
    /// The check runs.
    Checking,
    /// Findings are there to look at; nothing real is touched yet.
    Checked,
    /// The file cannot be read at all.
    Unreadable,
    /// Good rows are being written.
    Confirming,
    /// Good rows are in; rows with errors may still wait.
    Confirmed,
    /// The confirmed rows were taken back.
    Undone,
}

impl ImportState {
    /// Whether an import stands still until somebody starts its job again: the job that it waits for has failed for good,
    /// or its file could not be read.
    pub const fn stands_still(self, job_failed: bool) -> bool {
        match self {
            Self::Unreadable => true,
            Self::Uploaded | Self::Checking | Self::Confirming => job_failed,
            Self::Checked | Self::Confirmed | Self::Undone => false,
        }
    }
}

/// What may happen to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportEvent {
    /// A worker begins the check.
    Begin,
    /// The check is complete.
    Found,
    /// Another check of an import of which rows are in is complete, and no other row can go in.
    FoundNothing,
    /// The file cannot be read.
    Fail,
    /// Repaired rows were uploaded.
    Repair,
    /// Another import, which its rows were compared with, was undone.
    CheckAnew,
    /// Somebody said which column of the worksheet is which field.
    Assign,
    /// Somebody lets a file that could not be read be read once more: it may have been the reader.
    Retry,
    /// Somebody confirms the good rows.
    Confirm,
    /// All good rows are written.
    Written,
    /// Somebody confirms the good rows, and they are written in the same act: small files need no second one.
    ConfirmAtOnce,
    /// Somebody undoes it.
    Undo,
}

impl Machine for ImportState {
    type Event = ImportEvent;
    type Ground = ();
    const NAME: &'static str = "import";
    const STATES: &'static [Self] = &[
        Self::Uploaded,
        Self::Checking,
        Self::Checked,
        Self::Unreadable,
        Self::Confirming,
        Self::Confirmed,
        Self::Undone,
    ];
    const EVENTS: &'static [ImportEvent] = &[
        ImportEvent::Begin,
        ImportEvent::Found,
        ImportEvent::FoundNothing,
        ImportEvent::Fail,
        ImportEvent::Repair,
        ImportEvent::CheckAnew,
        ImportEvent::Assign,
        ImportEvent::Retry,
        ImportEvent::Confirm,
        ImportEvent::Written,
        ImportEvent::ConfirmAtOnce,
        ImportEvent::Undo,
    ];

    fn next(self, event: ImportEvent) -> Result<Self, Refusal> {
        use ImportEvent as E;
        match (self, event) {
            (Self::Uploaded, E::Begin)
            | (Self::Checked | Self::Confirmed, E::Repair | E::CheckAnew)
            | (Self::Checked | Self::Unreadable, E::Assign)
            | (Self::Unreadable, E::Retry) => Ok(Self::Checking),
            (Self::Checking, E::Found) => Ok(Self::Checked),
            (Self::Uploaded | Self::Checking, E::Fail) => Ok(Self::Unreadable),
            (Self::Checked | Self::Confirmed, E::Confirm) => Ok(Self::Confirming),
            (Self::Confirming, E::Written)
            | (Self::Checking, E::FoundNothing)
            | (Self::Checked | Self::Confirmed, E::ConfirmAtOnce) => Ok(Self::Confirmed),
            // A file that cannot be read is put aside; after a repair, rows of it may be in already.
            (Self::Checked | Self::Confirmed | Self::Unreadable, E::Undo) => Ok(Self::Undone),
            (
                _state,
                E::Begin
                | E::Found
                | E::FoundNothing
                | E::Fail
                | E::Repair
                | E::CheckAnew
                | E::Assign
                | E::Retry
                | E::Confirm
                | E::Written
                | E::ConfirmAtOnce
                | E::Undo,
            ) => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::HANDOVER,
                Office::Admissions,
            )),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Unreadable => "unreadable",
            Self::Confirming => "confirming",
            Self::Confirmed => "confirmed",
            Self::Undone => "undone",
        }
    }

    fn event_key(event: ImportEvent) -> &'static str {
        match event {
            ImportEvent::Begin => "begin",
            ImportEvent::Found => "found",
            ImportEvent::FoundNothing => "found_nothing",
            ImportEvent::Fail => "fail",
            ImportEvent::Repair => "repair",
            ImportEvent::CheckAnew => "check_anew",
            ImportEvent::Assign => "assign",
            ImportEvent::Retry => "retry",
            ImportEvent::Confirm => "confirm",
            ImportEvent::Written => "written",
            ImportEvent::ConfirmAtOnce => "confirm_at_once",
            ImportEvent::Undo => "undo",
        }
    }
}

impl Label for ImportState {
    fn label(&self) -> Text {
        match self {
            Self::Uploaded => Text::new("等待检查", "Waiting for the check"),
            Self::Checking => Text::new("检查中", "Being checked"),
            Self::Checked => Text::new("待确认", "To be confirmed"),
            Self::Unreadable => Text::new("无法读取", "Unreadable"),
            Self::Confirming => Text::new("写入中", "Being written"),
            Self::Confirmed => Text::new("已确认", "Confirmed"),
            Self::Undone => Text::new("已撤销", "Undone"),
        }
    }
}
