//! What an admission source says, as plain data: `formats` produces it from files, [`super::check`] judges it.
//!
//! Nothing is repaired here. Every physical record is kept with its number and its bytes (rule V9), because the
//! provinces' data is the reference when a value is disputed years later (办法 三（五）1（2）).

pub mod bytes;
mod field;
mod mapping;
mod notice;

pub use field::SourceField;
pub use mapping::{ColumnMapping, MappingError, suggest_mapping};
pub use notice::Notice;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything one upload contained.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionPackage {
    /// One per province (and batch), in the order of their names.
    pub folders: Vec<ProvinceFolder>,
    /// What the reader noticed about the upload as a whole.
    pub notices: Vec<Notice>,
}

/// The tables of one province.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvinceFolder {
    /// The folder's name as it came, usually 生源地 批次 科类.
    pub name: String,
    /// 报名库 `T_BMK`, absent where the province puts personal data into `T_TDD`.
    pub bmk: Option<Table>,
    /// 投档单 `T_TDD`.
    pub tdd: Option<Table>,
    /// `TD_*` tables by upper-case name, each a map from code to text.
    pub dictionaries: BTreeMap<String, BTreeMap<String, String>>,
    /// `TD_ZYDH`: the majors on offer. Empty when the table is absent.
    pub majors: Vec<OfferedMajor>,
}

/// One line of `TD_ZYDH`: what a province calls a major, and what it is nationally.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedMajor {
    /// 专业代号 `ZYDH`, the value of `LQZY`.
    pub offer_code: String,
    /// 科类 `KLDM` the line applies to, empty for all.
    pub category_code: String,
    /// 专业国标代码 `ZYDM`, empty where the province does not give it.
    pub national_code: String,
    /// 专业名称 `ZYMC`.
    pub name: String,
    /// 层次代码 `CCDM`.
    pub level_code: String,
    /// 学制代码 `XZDM`.
    pub length_code: String,
}

/// One table with all its physical records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Path inside the upload.
    pub file: String,
    /// Columns in file order.
    pub fields: Vec<TableField>,
    /// Physical records in file order, deleted ones included.
    pub rows: Vec<SourceRow>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableField {
    /// Name in upper case.
    pub name: String,
    /// Bytes in the record; 0 where the source has no widths (a worksheet).
    pub width: u16,
}

/// One physical record. `Debug` shows its number only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Position in the file, from 1 (in a worksheet: the row shown at its left edge).
    pub row: u32,
    /// Flagged as deleted in the file, or left out by a repair.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Left out by a repair: the file itself does not flag it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
    /// Some byte was not understood; U+FFFD stands there (rule V2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecodable: bool,
    /// Cells in column order, without trailing blanks.
    pub values: Vec<String>,
    /// Columns (from 0) whose cell was a number in a worksheet: long ones have lost digits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numeric: Vec<u16>,
    /// Cells (from 0) that a repair replaced, with what the source says there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<(u16, String)>,
    /// The bytes of the record as they came.
    #[serde(with = "bytes")]
    pub raw: Vec<u8>,
}

impl Table {
    /// Whether it is a worksheet, which comes without code tables beside it.
    pub fn is_worksheet(&self) -> bool {
        let ending = self.file.rsplit_once('.').map_or("", |(_, ending)| ending);
        ["xlsx", "csv"]
            .iter()
            .any(|kind| ending.eq_ignore_ascii_case(kind))
    }

    /// Position of a column by its name or one of the older names of the same column.
    pub fn column_of(&self, field: SourceField) -> Option<usize> {
        field
            .columns()
            .find_map(|name| self.fields.iter().position(|own| own.name == name))
    }
}

impl std::fmt::Debug for SourceRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceRow")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

impl SourceRow {
    /// A cell; empty when the row is shorter than the header.
    pub fn value(&self, column: usize) -> &str {
        self.values.get(column).map_or("", String::as_str)
    }

    /// A cell as the source has it, whatever a repair has put there since.
    pub fn original(&self, column: usize) -> &str {
        self.before
            .iter()
            .find(|(at, _)| usize::from(*at) == column)
            .map_or_else(|| self.value(column), |(_, text)| text)
    }

    /// Puts a value into a cell; what the source says there stays beside it.
    pub(super) fn replace(&mut self, column: usize, text: &str, numeric: bool) {
        if self.values.len() <= column {
            self.values.resize(column + 1, String::new());
        }
        if let Some(slot) = self.values.get_mut(column) {
            let first = self.before.iter().all(|(at, _)| usize::from(*at) != column);
            if slot != text && first {
                let at = u16::try_from(column).ok();
                self.before.extend(at.map(|at| (at, slot.clone())));
            }
            text.clone_into(slot);
        }
        self.numeric.retain(|known| usize::from(*known) != column);
        self.numeric
            .extend(u16::try_from(column).ok().filter(|_| numeric));
    }

    /// Whether a cell was a number in a worksheet.
    pub fn is_numeric(&self, column: usize) -> bool {
        self.numeric
            .iter()
            .any(|known| usize::from(*known) == column)
    }
}

impl ProvinceFolder {
    /// The folder's code table for a column: a table is named after the column whose codes it lists.
    pub fn codes_of(&self, column: &str) -> Option<&BTreeMap<String, String>> {
        let named = |table: &str| table.strip_prefix("TD_") == Some(column);
        let mut tables = self.dictionaries.iter();
        tables
            .find(|(table, _)| named(table))
            .map(|(_, codes)| codes)
    }

    /// The folder's code table for a field, by the usual name or by that of one of its columns.
    pub fn dictionary(&self, field: SourceField) -> Option<&BTreeMap<String, String>> {
        let usual = field.dictionary();
        usual
            .and_then(|table| self.dictionaries.get(table))
            .or_else(|| field.columns().find_map(|column| self.codes_of(column)))
    }

    /// The line of `TD_ZYDH` for an offer: the one of the candidate's 科类 where a code is used for several, else one
    /// that names none, else the only one there is. Between lines for others nobody can choose.
    pub fn major(&self, offer_code: &str, category_code: &str) -> Option<&OfferedMajor> {
        let of_code = || self.majors.iter().filter(|m| m.offer_code == offer_code);
        let of = |category: &str| of_code().find(|major| major.category_code == category);
        let only = || of_code().next().filter(|_| of_code().nth(1).is_none());
        of(category_code).or_else(|| of("")).or_else(only)
    }
}
