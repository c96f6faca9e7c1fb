//! The workbook comes back mended: the same table with coloured cells, comments and a column 校验结果.

use super::listing::{LISTING_SHEET, ListedFinding, write_listing};
use super::{Column, MAX_ROWS, Styles, WorkbookError, new_book, write_cell, write_header};
use crate::repair::ROW_HEADING;
use crate::table::{Cell, Sheet, SheetRow};
use chrono::NaiveDate;
use domain::admission::check::Replaced;
use domain::admission::finding::{Finding, Severity};
use domain::admission::source::{ColumnMapping, SourceField};
use domain::text::{Label as _, Lang};
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet};
use std::collections::BTreeMap;

/// Heading of the column that says what was found. In a file that has it already it is replaced.
pub const RESULT_HEADING: &str = "校验结果";

const RESULT_WIDTH: f64 = 60.0;
const ERROR: Color = Color::RGB(0x00FF_C7CE);
const WARNING: Color = Color::RGB(0x00FF_EB9C);
/// Longest text of a comment that programs show.
const NOTE_CHARACTERS: usize = 1_000;

/// Something to say about one cell, or about a row as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Column from 0; `None` for the row.
    pub column: Option<usize>,
    /// Colour of the cell; the text says it too.
    pub severity: Severity,
    /// What was found and what to do.
    pub text: String,
}

impl Remark {
    /// The text behind the weight of what was found.
    fn line(&self, lang: Lang) -> String {
        let weight = self.severity.label().in_lang(lang);
        match lang {
            Lang::Zh => format!("{weight}：{}", self.text),
            Lang::En => format!("{weight}: {}", self.text),
        }
    }
}

/// One row with its remarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotatedRow {
    /// Row of the worksheet, from 1. Rows come in ascending order, below the header.
    pub row: u32,
    /// Cells in column order.
    pub cells: Vec<String>,
    /// Remarks.
    pub remarks: Vec<Remark>,
}

/// Writes rows with their remarks, which are in one language. Every row keeps its number.
///
/// # Errors
/// See [`WorkbookError`]; rows that are not in ascending order cannot be written.
pub fn annotate(
    sheet: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = AnnotatedRow>,
    lang: Lang,
    made_on: NaiveDate,
) -> Result<Vec<u8>, WorkbookError> {
    let mut book = new_book(made_on)?;
    let sheet = Annotated {
        sheet,
        columns,
        lang,
    };
    write_annotated(&mut book, &sheet, rows)?;
    Ok(book.save_to_buffer()?)
}

/// Name and columns of an annotated worksheet, and the language of its remarks.
pub(crate) struct Annotated<'a> {
    pub(crate) sheet: &'a str,
    pub(crate) columns: &'a [Column],
    pub(crate) lang: Lang,
}

pub(crate) fn write_annotated(
    book: &mut Workbook,
    sheet: &Annotated<'_>,
    rows: impl IntoIterator<Item = AnnotatedRow>,
) -> Result<(), WorkbookError> {
    let styles = Styles::new();
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name(sheet.sheet)?;
    let result = Column::text(RESULT_HEADING).wide(RESULT_WIDTH);
    let all: Vec<Column> = sheet.columns.iter().cloned().chain([result]).collect();
    write_header(page, &all, &styles)?;
    for row in rows {
        write_row(page, sheet, &row, &styles)?;
    }
    Ok(())
}

fn write_row(
    page: &mut Worksheet,
    &Annotated { columns, lang, .. }: &Annotated<'_>,
    row: &AnnotatedRow,
    styles: &Styles,
) -> Result<(), WorkbookError> {
    let at = row
        .row
        .checked_sub(1)
        .filter(|at| *at < MAX_ROWS)
        .ok_or(WorkbookError::TooManyRows)?;
    for (place, column) in columns.iter().enumerate() {
        let cell = row.cells.get(place).map_or("", String::as_str);
        let number = u16::try_from(place).map_err(|_| WorkbookError::TooManyRows)?;
        let remarks: Vec<&Remark> = row
            .remarks
            .iter()
            .filter(|remark| remark.column == Some(place))
            .collect();
        match remarks.iter().map(|remark| remark.severity).max() {
            None => write_cell(page, (at, number), cell, column.kind, styles)?,
            Some(worst) => {
                page.write_string_with_format(at, number, cell, &coloured(styles, worst))?;
                let text = remarks
                    .iter()
                    .map(|remark| remark.text.as_str())
                    .collect::<Vec<_>>()
                    .join("\n");
                let shown: String = text.chars().take(NOTE_CHARACTERS).collect();
                page.insert_note(at, number, &Note::new(shown).add_author_prefix(false))?;
            }
        }
    }
    let Some(worst) = row.remarks.iter().map(|remark| remark.severity).max() else {
        return Ok(());
    };
    let lines: Vec<String> = row.remarks.iter().map(|own| own.line(lang)).collect();
    let text = lines.join("\n");
    let last = u16::try_from(columns.len()).map_err(|_| WorkbookError::TooManyRows)?;
    page.write_string_with_format(at, last, text, &coloured(styles, worst).set_text_wrap())?;
    Ok(())
}

fn coloured(styles: &Styles, severity: Severity) -> Format {
    let colour = match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    };
    styles.guarded.clone().set_background_color(colour)
}

/// The same sheet with the findings of its check in it, and the number that each row had, so that repaired rows alone
/// find their way back. Earlier columns of both kinds are left out, and so are long numbers that were kept as numbers:
/// written as text they would pass for numbers that have all their digits. A second worksheet lists every finding.
///
/// # Errors
/// See [`WorkbookError`].
pub fn annotate_sheet(
    sheet: &Sheet,
    mapping: &ColumnMapping,
    findings: &[ListedFinding],
    lang: Lang,
    made_on: NaiveDate,
) -> Result<Vec<u8>, WorkbookError> {
    let ours = |heading: &String| [RESULT_HEADING, ROW_HEADING].contains(&heading.as_str());
    let kept: Vec<usize> = sheet
        .headings
        .iter()
        .enumerate()
        .filter(|(_, heading)| !ours(heading))
        .map(|(at, _)| at)
        .collect();
    let heading = |at: &usize| sheet.headings.get(*at).cloned().unwrap_or_default();
    let columns: Vec<Column> = kept
        .iter()
        .map(|at| Column::text(&heading(at)))
        .chain([Column::text(ROW_HEADING)])
        .collect();
    let fields = mapping.fields(&sheet.headings);
    let field_at = |at: &usize| fields.get(*at).copied().flatten();
    let place_of = |field: &str| {
        kept.iter()
            .position(|at| field_at(at).map(SourceField::column) == Some(field))
    };
    let shown = |row: &SheetRow, at: &usize| {
        let number = matches!(row.cells.get(*at), Some(Cell::Number { .. }));
        let lost = number && field_at(at).is_some_and(SourceField::is_long_number);
        if lost { "" } else { row.text(*at) }.to_owned()
    };
    let mut by_row: BTreeMap<u32, Vec<Remark>> = BTreeMap::new();
    for listed in findings {
        for record in listed.finding.records() {
            let said = remarks(listed, place_of, lang);
            by_row.entry(record).or_default().extend(said);
        }
    }
    // The header moves to row 1; rows stay in order and keep their numbers where the header was there already.
    let shift = sheet.heading_row.saturating_sub(1);
    let annotated = |row: &SheetRow| AnnotatedRow {
        row: row.row - shift.min(row.row - 1),
        cells: kept
            .iter()
            .map(|at| shown(row, at))
            .chain([row.row.to_string()])
            .collect(),
        remarks: by_row.get(&row.row).cloned().unwrap_or_default(),
    };
    let name = if sheet.name.is_empty() || sheet.name == LISTING_SHEET {
        "Sheet1"
    } else {
        &sheet.name
    };
    let mut book = new_book(made_on)?;
    let annotated_sheet = Annotated {
        sheet: name,
        columns: &columns,
        lang,
    };
    write_annotated(
        &mut book,
        &annotated_sheet,
        sheet.rows.iter().map(annotated),
    )?;
    write_listing(&mut book, findings, lang)?;
    Ok(book.save_to_buffer()?)
}

/// What is said about a finding: in its cell, and, of a row that has changed, in each cell that has what is in. There the
/// cell of the finding is that of the number, which has not changed: the whole is said of the row.
pub(crate) fn remarks(
    listed: &ListedFinding,
    place_of: impl Fn(&str) -> Option<usize>,
    lang: Lang,
) -> Vec<Remark> {
    let finding = &listed.finding;
    let cells: Vec<Remark> = listed
        .replaced
        .iter()
        .filter_map(|replaced| {
            Some(Remark {
                column: Some(place_of(replaced.field.column())?),
                severity: finding.severity,
                text: was(replaced, lang),
            })
        })
        .collect();
    let column = place_of(&finding.field).filter(|_| cells.is_empty());
    let whole = Remark {
        column,
        severity: finding.severity,
        text: said(finding, lang),
    };
    std::iter::once(whole).chain(cells).collect()
}

fn was(replaced: &Replaced, lang: Lang) -> String {
    let label = replaced.field.label().in_lang(lang);
    let before = if replaced.before.is_empty() {
        lang.pick("（空）", "(empty)")
    } else {
        replaced.before.as_str()
    };
    match lang {
        Lang::Zh => format!("{label}已入库的值：{before}"),
        Lang::En => format!("{label}: what is in is {before}"),
    }
}

fn said(finding: &Finding, lang: Lang) -> String {
    let (message, rule) = (finding.message_in(lang), &finding.rule);
    let suggestion = finding.suggestion_in(lang);
    match lang {
        Lang::Zh => format!("{message}。{suggestion}（{rule}）"),
        Lang::En => format!("{message}. {suggestion} ({rule})"),
    }
}
