//! Who looked at me: what a student sees of the reads of the own record (办法 三（三）).

use super::Words;
use crate::text::{Label, Text};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// How personal data were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// Shown on a page of a list; a line for each record on it.
    List,
    /// The record was opened.
    Record,
    /// One masked value was shown in full.
    Reveal,
    /// Looked up by the whole document number.
    Find,
    /// Part of an export.
    Export,
    /// A finished export was downloaded.
    Download,
    /// The admission photo was shown.
    Photo,
    /// An activation slip was printed.
    Slips,
    /// A row of an import was shown.
    Import,
    /// The findings of an import were downloaded with the row.
    Findings,
}

impl AccessKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::List,
        Self::Record,
        Self::Reveal,
        Self::Find,
        Self::Export,
        Self::Download,
        Self::Photo,
        Self::Slips,
        Self::Import,
        Self::Findings,
    ];

    /// Stable name in the access log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Record => "record",
            Self::Reveal => "reveal",
            Self::Find => "find",
            Self::Export => "export",
            Self::Download => "download",
            Self::Photo => "photo",
            Self::Slips => "slips",
            Self::Import => "import",
            Self::Findings => "findings",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

impl Label for AccessKind {
    fn label(&self) -> Text {
        match self {
            Self::List => Text::new("查看名单", "List shown"),
            Self::Record => Text::new("查看学籍信息", "Record opened"),
            Self::Reveal => Text::new("查看完整信息", "Full value shown"),
            Self::Find => Text::new("按证件号码查询", "Looked up by document number"),
            Self::Export => Text::new("导出名单", "Exported"),
            Self::Download => Text::new("下载导出文件", "Export downloaded"),
            Self::Photo => Text::new("查看录取照片", "Admission photo shown"),
            Self::Slips => Text::new("打印激活单", "Activation slip printed"),
            Self::Import => Text::new("查看导入数据", "Imported rows shown"),
            Self::Findings => Text::new("下载导入检查结果", "Findings of an import downloaded"),
        }
    }
}

/// One read of the own record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessLine {
    /// When, in China.
    pub at: NaiveDateTime,
    /// The office of the post that was used.
    pub office: Words,
    /// The person.
    pub person: String,
    /// How.
    pub kind: Words,
    /// What was seen.
    pub fields: Vec<Words>,
    /// The reason that was given, empty where none is asked for.
    pub reason: String,
    /// Records read with the same act; more than one for an export.
    pub count: u32,
}
