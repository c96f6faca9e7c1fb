//! One DBF of a package as a table, a dictionary or the list of majors.

use super::FileFault;
use crate::dbf::{DbfLimits, DbfReader};
use domain::admission::source::{
    Notice, OfferedMajor, ProvinceFolder, SourceField, SourceRow, Table, TableField,
};
use std::collections::BTreeMap;

/// Reads `T_BMK` or `T_TDD` and checks that it has the columns nobody can do without (rule V1).
pub(super) fn main(
    bytes: &[u8],
    path: &str,
    required: &[SourceField],
    limits: &DbfLimits,
    notices: &mut Vec<Notice>,
) -> Result<Table, FileFault> {
    let reader = DbfReader::parse(bytes, limits).map_err(FileFault::Dbf)?;
    let field = |field: &crate::dbf::DbfField| TableField {
        name: field.name.clone(),
        width: u16::try_from(field.width).unwrap_or(u16::MAX),
    };
    let mut table = Table {
        file: path.to_owned(),
        fields: reader.fields().iter().map(field).collect(),
        rows: Vec::new(),
    };
    let missing: Vec<&str> = required
        .iter()
        .filter(|field| table.column_of(**field).is_none())
        .map(|field| field.column())
        .collect();
    if !missing.is_empty() {
        return Err(FileFault::MissingColumns(missing));
    }
    if reader.is_utf8() {
        notices.push(Notice::Utf8Table {
            file: path.to_owned(),
        });
    }
    table.rows = reader
        .records()
        .map(|record| SourceRow {
            row: record.number,
            deleted: record.deleted,
            left_out: false,
            before: Vec::new(),
            undecodable: record.undecodable,
            values: record.values,
            numeric: Vec::new(),
            raw: record.raw.to_vec(),
        })
        .collect();
    Ok(table)
}

/// Reads the plan of majors into its folder. Not every plan names the 专业代号: one that does not is of no use, and no
/// harm.
pub(super) fn plan(
    bytes: &[u8],
    limits: &DbfLimits,
    folder: &mut ProvinceFolder,
) -> Result<(), FileFault> {
    let reader = DbfReader::parse(bytes, limits).map_err(FileFault::Dbf)?;
    folder.majors = majors(&reader).unwrap_or_default();
    Ok(())
}

/// Reads a `TD_*` table into its folder.
pub(super) fn dictionary(
    bytes: &[u8],
    table: &str,
    limits: &DbfLimits,
    folder: &mut ProvinceFolder,
    notices: &mut Vec<Notice>,
) -> Result<(), FileFault> {
    let reader = DbfReader::parse(bytes, limits).map_err(FileFault::Dbf)?;
    let damaged = reader
        .records()
        .filter(|record| !record.deleted && record.undecodable)
        .count();
    if damaged > 0 {
        notices.push(Notice::DictionaryDamaged {
            folder: folder.name.clone(),
            table: table.to_owned(),
            rows: damaged as u64,
        });
    }
    if table == "TD_ZYDH" {
        folder.majors = majors(&reader)?;
        return Ok(());
    }
    let key = table.strip_prefix("TD_").unwrap_or(table);
    let text = key
        .strip_suffix("DM")
        .map(|stem| format!("{stem}MC"))
        .unwrap_or_default();
    let key_at = position(&reader, key).unwrap_or(0);
    let text_at = position(&reader, &text).unwrap_or(1);
    let rows = reader.records().filter(|record| !record.deleted);
    let pair = |values: Vec<String>| {
        let cell = |at: usize| {
            values
                .get(at)
                .map(|text| text.trim().to_owned())
                .unwrap_or_default()
        };
        (cell(key_at), cell(text_at))
    };
    let codes: BTreeMap<String, String> = rows
        .map(|record| pair(record.values))
        .filter(|(code, _)| !code.is_empty())
        .collect();
    folder.dictionaries.insert(table.to_owned(), codes);
    Ok(())
}

fn majors(reader: &DbfReader<'_>) -> Result<Vec<OfferedMajor>, FileFault> {
    let code_at = position(reader, "ZYDH").ok_or(FileFault::MissingColumns(vec!["ZYDH"]))?;
    let columns = ["KLDM", "ZYDM", "ZYMC", "CCDM", "XZDM"].map(|name| position(reader, name));
    let rows = reader.records().filter(|record| !record.deleted);
    let majors = rows.map(|record| {
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.values.get(at))
                .map(|text| text.trim().to_owned())
                .unwrap_or_default()
        };
        let [category_code, national_code, name, level_code, length_code] = columns.map(cell);
        OfferedMajor {
            offer_code: cell(Some(code_at)),
            category_code,
            national_code,
            name,
            level_code,
            length_code,
        }
    });
    Ok(majors
        .filter(|major| !major.offer_code.is_empty())
        .collect())
}

fn position(reader: &DbfReader<'_>, name: &str) -> Option<usize> {
    reader.fields().iter().position(|field| field.name == name)
}
