//! Exports: progress, the file, its end.

use super::Words;
use crate::text::{Label, Text, Tone};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// In the queue.
    Waiting,
    /// Rows are being written.
    Running,
    /// The file is there.
    Ready,
    /// The file was removed when its time was over.
    Expired,
    /// Not made: the right was lost meanwhile, or something went wrong.
    Failed,
}

impl ExportState {
    /// Colour of its chip.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Waiting | Self::Running => Tone::Info,
            Self::Ready => Tone::Success,
            Self::Expired => Tone::Neutral,
            Self::Failed => Tone::Error,
        }
    }
}

impl Label for ExportState {
    fn label(&self) -> Text {
        match self {
            Self::Waiting => Text::new("排队中", "Waiting"),
            Self::Running => Text::new("生成中", "Being written"),
            Self::Ready => Text::new("可下载", "Ready"),
            Self::Expired => Text::new("已过期", "Expired"),
            Self::Failed => Text::new("未生成", "Failed"),
        }
    }
}

/// One export of the person who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportLine {
    /// The job, for its link.
    pub id: Uuid,
    /// When it was asked for, in China.
    pub asked_at: NaiveDateTime,
    /// How far it is.
    pub state: ExportState,
    /// Rows written.
    pub done: u64,
    /// Rows in all; 0 until it has begun.
    pub total: u64,
    /// Why it was asked for.
    pub reason: String,
    /// Headings of its columns.
    pub columns: Vec<Words>,
    /// Last day of its file.
    pub expires_on: Option<NaiveDate>,
    /// Why it was not made, as a code.
    pub error: Option<String>,
}
