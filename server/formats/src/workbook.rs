//! Worksheets and csv files for people: every cell text unless a column says otherwise, header frozen, nothing that a
//! program could run.

mod annotate;
mod comma;
mod listing;
mod template;

pub(crate) use annotate::{Annotated, remarks, write_annotated};
pub use annotate::{AnnotatedRow, RESULT_HEADING, Remark, annotate, annotate_sheet};
pub use comma::write_csv;
pub(crate) use listing::{LISTING_SHEET, write_listing};
pub use listing::{ListedFinding, write_findings};
pub(crate) use template::NOTES_SHEET;
pub use template::{TemplateColumn, write_template};

use crate::guard;
use crate::message::UserMessage;
use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook,
    Worksheet, XlsxError,
};

/// Rows of a worksheet, the header included.
const MAX_ROWS: u32 = 1_048_576;
/// Width of a column that asks for none, in characters.
const DEFAULT_WIDTH: f64 = 14.0;

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, long numbers included.
    #[default]
    Text,
    /// Amounts to calculate with: scores, counts. Text that is no number stays text.
    Number,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Heading.
    pub heading: String,
    /// Width in characters of the standard font.
    pub width: f64,
    /// What it holds.
    pub kind: ColumnKind,
    /// The one value that may be chosen in it, and what that does, as a comment on the heading.
    pub offer: Option<(&'static str, String)>,
}

impl Column {
    /// A text column of a usual width.
    pub fn text(heading: &str) -> Self {
        Self {
            heading: heading.to_owned(),
            width: DEFAULT_WIDTH,
            kind: ColumnKind::Text,
            offer: None,
        }
    }

    /// The same column with one value to choose.
    #[must_use]
    pub fn offering(self, value: &'static str, note: String) -> Self {
        Self {
            offer: Some((value, note)),
            ..self
        }
    }

    /// The same column in another width.
    #[must_use]
    pub fn wide(self, width: f64) -> Self {
        Self { width, ..self }
    }

    /// The same column for amounts.
    #[must_use]
    pub fn number(self) -> Self {
        Self {
            kind: ColumnKind::Number,
            ..self
        }
    }
}

/// Why a workbook was not made. Values are never quoted.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// More rows than a worksheet holds.
    #[error("more rows than a worksheet holds ({MAX_ROWS})")]
    TooManyRows,
    /// The name of a worksheet, or a cell longer than 32,767 characters.
    #[error("the workbook cannot be written: {0}")]
    Format(#[from] XlsxError),
    /// A csv file could not be written.
    #[error("the csv file cannot be written")]
    Csv,
}

impl UserMessage for WorkbookError {
    fn zh(&self) -> String {
        match self {
            Self::TooManyRows => format!("超过一个工作表的 {MAX_ROWS} 行"),
            Self::Format(_) => "工作簿不能生成（工作表名不合规或单元格过长）".to_owned(),
            Self::Csv => "csv 文件不能生成".to_owned(),
        }
    }
}

/// A table with a frozen header and a filter, row by row; memory does not grow with them.
pub struct TableWriter {
    book: Workbook,
    kinds: Vec<ColumnKind>,
    styles: Styles,
    last: u32,
}

impl TableWriter {
    /// Begins with the header.
    ///
    /// # Errors
    /// [`WorkbookError::Format`] for the name of the sheet or a heading.
    pub fn new(sheet: &str, columns: &[Column], made_on: NaiveDate) -> Result<Self, WorkbookError> {
        let mut book = new_book(made_on)?;
        let styles = Styles::new();
        let page = book.add_worksheet_with_constant_memory()?;
        page.set_name(sheet)?;
        write_header(page, columns, &styles)?;
        Ok(Self {
            book,
            kinds: columns.iter().map(|column| column.kind).collect(),
            styles,
            last: 0,
        })
    }

    /// Writes the next row.
    ///
    /// # Errors
    /// [`WorkbookError::TooManyRows`]; [`WorkbookError::Format`] for a cell that is too long.
    pub fn row<Cell>(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), WorkbookError>
    where
        Cell: AsRef<str> + Into<String>,
    {
        let row = self.last + 1;
        if row == MAX_ROWS {
            return Err(WorkbookError::TooManyRows);
        }
        let page = self.book.worksheet_from_index(0)?;
        for ((at, cell), kind) in (0_u16..).zip(cells).zip(&self.kinds) {
            let text = cell.as_ref();
            if *kind == ColumnKind::Text && !guard::is_formula(text) {
                // The column says that it is text; asking for that again with each cell takes a third of the time.
                if !text.is_empty() {
                    page.write_string(row, at, cell)?;
                }
            } else {
                write_cell(page, (row, at), text, *kind, &self.styles)?;
            }
        }
        self.last = row;
        Ok(())
    }

    /// The finished workbook.
    ///
    /// # Errors
    /// [`WorkbookError::Format`].
    pub fn finish(mut self) -> Result<Vec<u8>, WorkbookError> {
        let right = u16::try_from(self.kinds.len()).ok();
        if let Some(right) = right.and_then(|count| count.checked_sub(1)) {
            let page = self.book.worksheet_from_index(0)?;
            page.autofilter(0, 0, self.last, right)?;
        }
        Ok(self.book.save_to_buffer()?)
    }
}

/// Writes a table with a frozen header and a filter.
///
/// # Errors
/// See [`WorkbookError`].
pub fn write_table<Row>(
    sheet: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = Row>,
    made_on: NaiveDate,
) -> Result<Vec<u8>, WorkbookError>
where
    Row: IntoIterator,
    Row::Item: AsRef<str> + Into<String>,
{
    let mut table = TableWriter::new(sheet, columns, made_on)?;
    for row in rows {
        table.row(row)?;
    }
    table.finish()
}

pub(crate) fn new_book(made_on: NaiveDate) -> Result<Workbook, WorkbookError> {
    let part = |value: u32| u8::try_from(value).unwrap_or_default();
    let year = u16::try_from(made_on.year()).unwrap_or_default();
    let made = ExcelDateTime::from_ymd(year, part(made_on.month()), part(made_on.day()))?;
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(book)
}

/// Formats used more than once.
struct Styles {
    heading: Format,
    text: Format,
    guarded: Format,
    number: Format,
}

impl Styles {
    fn new() -> Self {
        let text = Format::new().set_num_format("@");
        Self {
            heading: text
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00E8_EEF7))
                .set_align(FormatAlign::VerticalCenter),
            guarded: text.clone().set_quote_prefix(),
            text,
            number: Format::new(),
        }
    }
}

fn write_header(
    page: &mut Worksheet,
    columns: &[Column],
    styles: &Styles,
) -> Result<(), WorkbookError> {
    for (at, column) in (0_u16..).zip(columns) {
        page.set_column_width(at, column.width)?;
        if column.kind == ColumnKind::Text {
            page.set_column_format(at, &styles.text)?;
        }
    }
    for (at, column) in (0_u16..).zip(columns) {
        page.write_string_with_format(0, at, column.heading.as_str(), &styles.heading)?;
        if let Some((value, note)) = &column.offer {
            page.insert_note(0, at, &Note::new(note).add_author_prefix(false))?;
            let rule = DataValidation::new().allow_list_strings(&[*value])?;
            page.add_data_validation(1, at, MAX_ROWS - 1, at, &rule)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A string cell is never a formula; the quote prefix keeps it one when somebody edits it.
fn write_cell(
    page: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &str,
    kind: ColumnKind,
    styles: &Styles,
) -> Result<(), WorkbookError> {
    if cell.is_empty() {
        return Ok(());
    }
    match cell.parse::<f64>() {
        Ok(number) if kind == ColumnKind::Number && guard::is_number(cell) => {
            page.write_number_with_format(row, at, number, &styles.number)?;
        }
        _ => {
            let style = if guard::is_formula(cell) {
                &styles.guarded
            } else {
                &styles.text
            };
            page.write_string_with_format(row, at, cell, style)?;
        }
    }
    Ok(())
}
