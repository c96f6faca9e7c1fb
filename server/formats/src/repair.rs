//! The workbook of findings for an admission package, and the repaired rows that come back in it.
//!
//! A package has many tables; the workbook shows one row a candidate with the place it came from, so that a row finds
//! its way back whatever else was changed, sorted or deleted.

use crate::table::{Cell, Sheet, SheetRow};
use crate::workbook::{
    Annotated, AnnotatedRow, Column, ListedFinding, WorkbookError, new_book, remarks,
    write_annotated, write_listing,
};
use chrono::NaiveDate;
use domain::admission::check::CheckReport;
use domain::admission::repair::{RepairRow, rows_to_repair};
use domain::admission::source::{AdmissionPackage, ColumnMapping, SourceField, suggest_mapping};
use domain::text::{Label as _, Lang};
use std::collections::{BTreeMap, BTreeSet};

/// Column with the table a row came from.
pub const FILE_HEADING: &str = "来源文件";
/// Column with its physical record.
pub const ROW_HEADING: &str = "来源行";
/// Column in which [`DROP_WORD`] leaves a row out.
pub const ACTION_HEADING: &str = "处理";
/// What to write there.
pub const DROP_WORD: &str = "删除";

const FIXED: usize = 3;
const SHEET: &str = "问题清单";
const FILE_WIDTH: f64 = 30.0;

/// Writes the rows about which something was found, one a candidate, with colours, comments and 校验结果; a second
/// worksheet lists every finding.
///
/// # Errors
/// See [`WorkbookError`].
pub fn write(
    package: &AdmissionPackage,
    report: &CheckReport,
    findings: &[ListedFinding],
    lang: Lang,
    made_on: NaiveDate,
) -> Result<Vec<u8>, WorkbookError> {
    let rows = rows_to_repair(package, report);
    let used: BTreeSet<SourceField> = rows
        .iter()
        .flat_map(|row| row.values.keys().copied())
        .collect();
    let fields: Vec<SourceField> = SourceField::ALL
        .into_iter()
        .filter(|field| used.contains(field))
        .collect();
    let fixed = [
        Column::text(FILE_HEADING).wide(FILE_WIDTH),
        Column::text(ROW_HEADING),
        Column::text(ACTION_HEADING).offering(DROP_WORD, action_note(lang)),
    ];
    let columns: Vec<Column> = fixed
        .into_iter()
        .chain(
            fields
                .iter()
                .map(|field| Column::text(field.label().zh).wide(18.0)),
        )
        .collect();
    let homes = homes(report);
    let mut by_place: BTreeMap<(&str, u32), Vec<&ListedFinding>> = BTreeMap::new();
    for listed in findings {
        for record in listed.finding.records() {
            let place = (listed.finding.file.as_str(), record);
            by_place
                .entry(homes.get(&place).copied().unwrap_or(place))
                .or_default()
                .push(listed);
        }
    }
    let place_of = |column: &str| {
        fields
            .iter()
            .position(|field| field.columns().any(|name| name == column))
            .map(|at| at + FIXED)
    };
    let annotated = (2_u32..).zip(&rows).map(|(number, row)| {
        let found = by_place
            .get(&(row.file.as_str(), row.row))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let fixed = [row.file.clone(), row.row.to_string(), String::new()];
        let value = |field: &SourceField| row.values.get(field).cloned().unwrap_or_default();
        AnnotatedRow {
            row: number,
            cells: fixed.into_iter().chain(fields.iter().map(value)).collect(),
            remarks: found
                .iter()
                .flat_map(|listed| remarks(listed, place_of, lang))
                .collect(),
        }
    });
    let mut book = new_book(made_on)?;
    let sheet = Annotated {
        sheet: SHEET,
        columns: &columns,
        lang,
    };
    write_annotated(&mut book, &sheet, annotated)?;
    write_listing(&mut book, findings, lang)?;
    Ok(book.save_to_buffer()?)
}

fn action_note(lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("不要的行在这里填“{DROP_WORD}”，上传后该行不入库；其余的行留空"),
        Lang::En => format!(
            "Enter {DROP_WORD} for a row to be left out: it will not go in. Leave it empty for the others"
        ),
    }
}

/// Offer rows by the row of personal data that they belong to.
fn homes(report: &CheckReport) -> BTreeMap<(&str, u32), (&str, u32)> {
    report
        .candidates
        .iter()
        .filter_map(|candidate| {
            let from = &candidate.provenance;
            let offer = (from.offer_file.as_deref()?, from.offer_row?);
            Some((offer, (from.file.as_str(), from.row)))
        })
        .collect()
}

/// Reads repaired rows from a sheet: the workbook of [`write`], or the same file with 校验结果. Rows without a place
/// are found by 考生号. `default_file` is the table of a source that had only one, `assigned` says which of its columns
/// is which field where somebody has said so.
pub fn read(
    sheet: &Sheet,
    default_file: Option<&str>,
    assigned: Option<&ColumnMapping>,
) -> Vec<RepairRow> {
    let mapping = assigned
        .cloned()
        .unwrap_or_else(|| suggest_mapping(&sheet.headings));
    let fields: Vec<(usize, SourceField)> = mapping
        .fields(&sheet.headings)
        .into_iter()
        .enumerate()
        .filter_map(|(at, field)| field.map(|field| (at, field)))
        .collect();
    let at = |heading| sheet.column(heading);
    let (file_at, row_at, action_at) = (at(FILE_HEADING), at(ROW_HEADING), at(ACTION_HEADING));
    let row = |row: &SheetRow| {
        let text = |column: Option<usize>| column.map_or("", |column| row.text(column)).trim();
        let number = text(row_at).parse().ok();
        let file = if file_at.is_some() {
            text(file_at)
        } else {
            default_file.unwrap_or_default()
        };
        RepairRow {
            file: number.map_or_else(String::new, |_: u32| file.to_owned()),
            row: number.unwrap_or_default(),
            dropped: text(action_at) == DROP_WORD,
            values: fields
                .iter()
                .map(|(at, field)| (*field, row.text(*at).trim().to_owned()))
                .collect(),
            numeric: fields
                .iter()
                .filter(|(at, _)| is_number(row, *at))
                .map(|(_, field)| *field)
                .collect(),
        }
    };
    sheet.rows.iter().map(row).collect()
}

fn is_number(row: &SheetRow, column: usize) -> bool {
    matches!(row.cells.get(column), Some(Cell::Number { .. }))
}
