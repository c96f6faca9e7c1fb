//! Every finding as a line of its own, as the page of an import lists them: also those about records that need no
//! repair, and the reasons with which warnings were accepted.

use super::{Column, MAX_ROWS, Styles, WorkbookError, new_book, write_cell, write_header};
use chrono::NaiveDate;
use domain::admission::check::Replaced;
use domain::admission::finding::Finding;
use domain::text::{Label as _, Lang};
use rust_xlsxwriter::Workbook;

/// Name of the worksheet.
pub(crate) const LISTING_SHEET: &str = "全部问题";

/// A finding, and the reason with which it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFinding {
    /// The finding.
    pub finding: Finding,
    /// Why it was accepted, where somebody has done so.
    pub accepted: Option<String>,
    /// What is in of each field that a changed row says otherwise.
    pub replaced: Vec<Replaced>,
}

/// Writes the findings alone: for photos, which have no rows to repair.
///
/// # Errors
/// See [`WorkbookError`].
pub fn write_findings(
    findings: &[ListedFinding],
    lang: Lang,
    made_on: NaiveDate,
) -> Result<Vec<u8>, WorkbookError> {
    let mut book = new_book(made_on)?;
    write_listing(&mut book, findings, lang)?;
    Ok(book.save_to_buffer()?)
}

/// Adds the worksheet to a workbook.
pub(crate) fn write_listing(
    book: &mut Workbook,
    findings: &[ListedFinding],
    lang: Lang,
) -> Result<(), WorkbookError> {
    let columns = [
        (lang.pick("考生号", "Candidate number"), 18.0),
        (lang.pick("文件", "File"), 30.0),
        (lang.pick("行", "Row"), 8.0),
        (lang.pick("字段", "Field"), 10.0),
        (lang.pick("级别", "Weight"), 8.0),
        (lang.pick("种类", "Kind"), 20.0),
        (lang.pick("问题", "Finding"), 60.0),
        (lang.pick("规则", "Rule"), 24.0),
        (lang.pick("怎么办", "What to do"), 60.0),
        (lang.pick("接受理由", "Accepted because"), 30.0),
    ]
    .map(|(heading, width)| Column::text(heading).wide(width));
    let styles = Styles::new();
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name(LISTING_SHEET)?;
    write_header(page, &columns, &styles)?;
    for (row, listed) in (1..=MAX_ROWS).zip(findings) {
        if row == MAX_ROWS {
            return Err(WorkbookError::TooManyRows);
        }
        let cells = line(listed, lang);
        for ((at, cell), column) in (0_u16..).zip(&cells).zip(&columns) {
            write_cell(page, (row, at), cell, column.kind, &styles)?;
        }
    }
    Ok(())
}

fn line(listed: &ListedFinding, lang: Lang) -> [String; 10] {
    let finding = &listed.finding;
    [
        finding.ksh.clone(),
        finding.file.clone(),
        if finding.row == 0 {
            String::new()
        } else {
            finding.row.to_string()
        },
        finding.field.clone(),
        finding.severity.label().in_lang(lang).to_owned(),
        finding.kind.label().in_lang(lang).to_owned(),
        finding.message_in(lang),
        finding.rule.clone(),
        finding.suggestion_in(lang).to_owned(),
        listed.accepted.clone().unwrap_or_default(),
    ]
}
