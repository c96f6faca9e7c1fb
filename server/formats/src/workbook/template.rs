//! Templates to fill in: frozen header, notes, drop-downs, an example row that the reader passes over.

use super::{ColumnKind, Styles, WorkbookError, new_book};
use crate::table::EXAMPLE_MARK;
use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, Formula, Note, Workbook, Worksheet,
};

/// Rows that the drop-downs cover.
const CHOICE_ROWS: u32 = 5_000;
const CHOICES_SHEET: &str = "选项";
/// The worksheet that says how to fill in a template.
pub(crate) const NOTES_SHEET: &str = "填写说明";
const NOTES_WIDTH: f64 = 100.0;
/// Colour of required headings.
const REQUIRED: Color = Color::RGB(0x00FF_E2A8);

/// One column of a template.
#[derive(Clone, Debug, Default)]
pub struct TemplateColumn {
    /// Heading.
    pub heading: String,
    /// Width in characters.
    pub width: f64,
    /// Whether it must be filled in; shown by colour and an asterisk.
    pub required: bool,
    /// What to enter, as a comment on the heading.
    pub note: Option<String>,
    /// Allowed values, offered as a drop-down; empty for free text.
    pub choices: Vec<String>,
    /// Value in the example row.
    pub example: String,
}

/// Writes a template. `notes` become a second worksheet, one line each.
///
/// # Errors
/// See [`WorkbookError`].
pub fn write_template(
    sheet: &str,
    columns: &[TemplateColumn],
    notes: &[String],
    made_on: NaiveDate,
) -> Result<Vec<u8>, WorkbookError> {
    let mut book = new_book(made_on)?;
    let styles = Styles::new();
    let page = book.add_worksheet();
    page.set_name(sheet)?;
    for (at, column) in (0_u16..).zip(columns) {
        write_column(page, at, column, &styles)?;
    }
    page.set_freeze_panes(1, 0)?;
    write_notes(&mut book, notes, &styles)?;
    write_choices(&mut book, columns)?;
    Ok(book.save_to_buffer()?)
}

fn write_column(
    page: &mut Worksheet,
    at: u16,
    column: &TemplateColumn,
    styles: &Styles,
) -> Result<(), WorkbookError> {
    page.set_column_width(at, column.width)?;
    page.set_column_format(at, &styles.text)?;
    let (heading, style) = if column.required {
        (
            format!("{}*", column.heading),
            styles.heading.clone().set_background_color(REQUIRED),
        )
    } else {
        (column.heading.clone(), styles.heading.clone())
    };
    page.write_string_with_format(0, at, heading, &style)?;
    if let Some(text) = &column.note {
        page.insert_note(0, at, &Note::new(text).add_author_prefix(false))?;
    }
    let example = if at == 0 {
        format!("{EXAMPLE_MARK}{}", column.example)
    } else {
        column.example.clone()
    };
    let grey: Format = styles.text.clone().set_font_color(Color::Gray).set_italic();
    page.write_string_with_format(1, at, example, &grey)?;
    if !column.choices.is_empty() {
        let letter = rust_xlsxwriter::column_number_to_name(at);
        let range = format!(
            "={CHOICES_SHEET}!${letter}$1:${letter}${}",
            column.choices.len()
        );
        let rule = DataValidation::new()
            .allow_list_formula(Formula::new(range))
            .set_error_style(DataValidationErrorStyle::Warning);
        page.add_data_validation(1, at, CHOICE_ROWS, at, &rule)?;
    }
    Ok(())
}

fn write_notes(
    book: &mut Workbook,
    notes: &[String],
    styles: &Styles,
) -> Result<(), WorkbookError> {
    let page = book.add_worksheet();
    page.set_name(NOTES_SHEET)?;
    page.set_column_width(0, NOTES_WIDTH)?;
    for (row, note) in (0_u32..).zip(notes) {
        page.write_string_with_format(row, 0, note.as_str(), &styles.text.clone().set_text_wrap())?;
    }
    Ok(())
}

/// Drop-downs longer than 255 characters must stand in cells: a hidden worksheet.
fn write_choices(book: &mut Workbook, columns: &[TemplateColumn]) -> Result<(), WorkbookError> {
    if columns.iter().all(|column| column.choices.is_empty()) {
        return Ok(());
    }
    let styles = Styles::new();
    let page = book.add_worksheet();
    page.set_name(CHOICES_SHEET)?;
    page.set_hidden(true);
    for (at, column) in (0_u16..).zip(columns) {
        for (row, choice) in (0_u32..).zip(&column.choices) {
            super::write_cell(page, (row, at), choice, ColumnKind::Text, &styles)?;
        }
    }
    Ok(())
}
