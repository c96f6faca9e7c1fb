//! csv for spreadsheet programs: UTF-8 with byte order mark, guarded cells.

use super::{Column, ColumnKind, WorkbookError};
use crate::guard;
use std::borrow::Cow;

const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Writes a csv file. What a program would run gets an apostrophe, what it would round gets a tab before it; reading
/// the file with [`crate::table::read`] takes both away again.
///
/// # Errors
/// [`WorkbookError::Csv`].
pub fn write_csv<Row>(
    columns: &[Column],
    rows: impl IntoIterator<Item = Row>,
) -> Result<Vec<u8>, WorkbookError>
where
    Row: AsRef<[String]>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer
        .write_record(columns.iter().map(|column| column.heading.as_str()))
        .map_err(|_| WorkbookError::Csv)?;
    for row in rows {
        let cells = row
            .as_ref()
            .iter()
            .zip(columns)
            .map(|(cell, column)| guarded(cell, column.kind).into_owned());
        writer.write_record(cells).map_err(|_| WorkbookError::Csv)?;
    }
    writer.into_inner().map_err(|_| WorkbookError::Csv)
}

fn guarded(cell: &str, kind: ColumnKind) -> Cow<'_, str> {
    if kind == ColumnKind::Number && guard::is_number(cell) {
        Cow::Borrowed(cell)
    } else if guard::is_guarded_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else if guard::is_long_number(cell) {
        Cow::Owned(format!("\t{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}
