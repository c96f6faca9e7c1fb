//! Findings: what is wrong or odd in an admission source, row by row and field by field, and what to do about it.

mod kind;
mod words;

pub use kind::FindingKind;

use super::check::Difference;
use crate::text::{Label, Lang, Text};
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row goes in once somebody has accepted the finding with a reason, or it concerns no admitted candidate.
    Warning,
    /// The row stays out until it is repaired.
    Error,
}

impl Severity {
    /// The key in the database and in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The weight with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Warning, Self::Error]
            .into_iter()
            .find(|severity| severity.key() == key)
    }
}

impl Label for Severity {
    fn label(&self) -> Text {
        match self {
            Self::Warning => Text::new("提示", "Warning"),
            Self::Error => Text::new("错误", "Error"),
        }
    }
}

/// One finding. Serialises as a line of `xj admission check --json`.
///
/// ID numbers are never part of it; a birth date or a name is, where it is the point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// 考生号 as the source has it, empty when it has none.
    pub ksh: String,
    /// Path of the table inside the upload.
    pub file: String,
    /// Physical record, from 1; 0 for the file as a whole.
    pub row: u32,
    /// What was found.
    pub kind: FindingKind,
    /// The import rule (V1–V9) and the standard or clause behind it.
    pub rule: String,
    /// Column, as the source names it where it has it.
    pub field: String,
    /// Error or warning.
    pub severity: Severity,
    /// What and why, in zh-CN: the sentence of the kind and, in brackets, the particulars.
    pub message: String,
    /// What to do, in zh-CN.
    pub suggestion: String,
    /// The record that it is about, where it is one that is in already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordKey>,
}

/// What the record of a candidate is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordKey {
    /// The cohort.
    pub year: i32,
    /// 考生号.
    pub ksh: String,
}

/// Where a finding belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// 考生号.
    pub ksh: &'a str,
    /// Path of the table inside the upload.
    pub file: &'a str,
    /// Physical record, from 1.
    pub row: u32,
    /// Name of the column.
    pub field: &'a str,
}

impl Finding {
    /// A finding with the usual severity of its kind. `particulars` are language-neutral (`2007-02-29`, `1 ≠ 2`) and
    /// may be empty.
    pub fn new(kind: FindingKind, place: Place<'_>, particulars: &str) -> Self {
        Self::with_severity(kind, kind.severity(), place, particulars)
    }

    /// A finding whose weight depends on the case.
    pub fn with_severity(
        kind: FindingKind,
        severity: Severity,
        place: Place<'_>,
        particulars: &str,
    ) -> Self {
        Self {
            ksh: place.ksh.to_owned(),
            file: place.file.to_owned(),
            row: place.row,
            kind,
            rule: kind.rule().to_owned(),
            field: place.field.to_owned(),
            severity,
            message: bracketed(kind.sentence().zh, particulars),
            suggestion: kind.suggestion().zh.to_owned(),
            record: None,
        }
    }

    /// The same finding, about a record that is in already.
    #[must_use]
    pub fn about(self, record: RecordKey) -> Self {
        Self {
            record: Some(record),
            ..self
        }
    }

    /// What the message adds to the sentence of its kind, as it was given to [`Finding::new`].
    pub fn particulars(&self) -> &str {
        self.message
            .strip_prefix(self.kind.sentence().zh)
            .and_then(|rest| rest.strip_prefix('（'))
            .and_then(|rest| rest.strip_suffix('）'))
            .unwrap_or_default()
    }

    /// The records of its table that it is about: its own, and every other one that bears the repeated number.
    pub fn records(&self) -> Vec<u32> {
        let mut records = vec![self.row];
        if self.kind == FindingKind::DuplicateKsh {
            let named = self.particulars().split(", ");
            records.extend(named.filter_map(|row| row.parse::<u32>().ok()));
            records.sort_unstable();
            records.dedup();
        }
        records
    }

    /// The message in one language; the particulars are those of the stored message.
    pub fn message_in(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.message.clone(),
            Lang::En => {
                let particulars = self.particulars();
                let differences;
                let particulars = if self.kind == FindingKind::Changed {
                    differences = Difference::list_in_english(particulars);
                    differences.as_str()
                } else {
                    particulars
                };
                match particulars {
                    "" => self.kind.sentence().en.to_owned(),
                    particulars => format!("{} ({particulars})", self.kind.sentence().en),
                }
            }
        }
    }

    /// The suggestion in one language.
    pub fn suggestion_in(&self, lang: Lang) -> &'static str {
        self.kind.suggestion().in_lang(lang)
    }
}

fn bracketed(sentence: &str, particulars: &str) -> String {
    if particulars.is_empty() {
        sentence.to_owned()
    } else {
        format!("{sentence}（{particulars}）")
    }
}
