//! The first visible worksheet of a workbook, cell by cell.

use crate::workbook::{LISTING_SHEET, NOTES_SHEET};

use super::{Cell, Collector, Sheet, TableError, TableLimits, gate};
use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};
use std::io::Cursor;

/// Worksheets that this program writes beside the data: nothing is lost with them.
const OWN_SHEETS: [&str; 2] = [NOTES_SHEET, LISTING_SHEET];

pub(super) fn read(bytes: &[u8], limits: &TableLimits) -> Result<Sheet, TableError> {
    gate::check(bytes, limits)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| TableError::Damaged)?;
    let mut shown = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect::<Vec<_>>()
        .into_iter();
    let name = shown.next().ok_or(TableError::Empty)?;
    let others = shown
        .filter(|name| !OWN_SHEETS.contains(&name.as_str()))
        .collect();
    let mut collector = Collector::new(limits);
    let mut cells = book
        .worksheet_cells_reader(&name)
        .map_err(|_| TableError::Damaged)?;
    while let Some(cell) = cells.next_cell().map_err(|_| TableError::Damaged)? {
        let (row, column) = cell.get_position();
        collector.add(row.saturating_add(1), column, value(cell.get_value()))?;
    }
    let sheet = collector.finish(name)?;
    Ok(Sheet { others, ..sheet })
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::EMPTY,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::Text(text.clone())
        }
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(truth) => Cell::Text(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::Int(number) => Cell::Number {
            number: number.to_string(),
        },
        DataRef::Float(number) => Cell::Number {
            number: number.to_string(),
        },
        DataRef::DateTime(moment) => date(moment),
        DataRef::Error(error) => Cell::Error {
            error: error.to_string(),
        },
    }
}

fn date(moment: &ExcelDateTime) -> Cell {
    if moment.is_duration() {
        return Cell::Number {
            number: moment.as_f64().to_string(),
        };
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let midnight = (hour, minute, second) == (0, 0, 0);
    Cell::Date {
        date: if midnight {
            date
        } else {
            format!("{date} {hour:02}:{minute:02}:{second:02}")
        },
    }
}
