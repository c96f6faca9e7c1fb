//! One table from a worksheet (xlsx) or a csv file: headings and rows of text cells, with the row numbers that a person
//! sees at the left edge.
//!
//! Number cells stay recognisable, because an 18-digit number kept as a number has lost its tail: it is reported, never
//! repaired. Blank rows are skipped. The reader of worksheets allocates what a file claims, so files are searched for
//! impossible claims before it sees them (security.md F3), and cells are streamed.

mod admission;
mod csv;
mod error;
mod gate;
mod headings;
mod xlsx;

pub use admission::to_package;
pub use error::TableError;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a table may hold.
#[derive(Clone, Copy, Debug)]
pub struct TableLimits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows that hold something.
    pub rows: usize,
    /// Columns.
    pub columns: u32,
    /// Cells that hold something, repeated ones counted.
    pub cells: usize,
    /// Bytes of text together.
    pub text_bytes: usize,
}

impl Default for TableLimits {
    /// 32 MiB, 60,000 rows, 200 columns, 2,000,000 cells, 64 MiB of text.
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            rows: 60_000,
            columns: 200,
            cells: 2_000_000,
            text_bytes: 64 << 20,
        }
    }
}

/// Longest text of one cell, which is the limit of worksheets themselves.
pub(crate) const LONGEST_CELL: usize = 32_767;

/// First cell of a row in a template that shows an example and is no data.
pub const EXAMPLE_MARK: &str = "示例 ";

/// One cell. Text is a plain JSON string, which keeps large tables small on their way out of the parser child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Text; empty for an empty cell.
    Text(String),
    /// A number, as its shortest text.
    Number {
        /// The number.
        #[serde(rename = "n")]
        number: String,
    },
    /// A date, `2008-10-09` or `2008-10-09 12:30:00`.
    Date {
        /// The date.
        #[serde(rename = "d")]
        date: String,
    },
    /// An error value such as `#N/A`.
    Error {
        /// The error.
        #[serde(rename = "e")]
        error: String,
    },
}

impl Cell {
    /// The empty cell.
    pub const EMPTY: Self = Self::Text(String::new());

    /// What a person sees, more or less.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Number { number: text }
            | Self::Date { date: text }
            | Self::Error { error: text } => text,
        }
    }

    /// Whether nothing but blanks is in it.
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }
}

/// A row that holds something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Row number as shown in the program that made the file, from 1; for csv the line on which the record begins.
    pub row: u32,
    /// Cells from the first column; missing ones at the end are empty.
    pub cells: Vec<Cell>,
}

impl SheetRow {
    /// The text of a cell, empty when the row is shorter.
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", Cell::text)
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Name of the worksheet, empty for csv.
    pub name: String,
    /// Row of the headings.
    pub heading_row: u32,
    /// Headings without blanks at their ends, in column order.
    pub headings: Vec<String>,
    /// Rows below the headings that hold something, in order.
    pub rows: Vec<SheetRow>,
    /// Names of further visible worksheets, which are not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

impl Sheet {
    /// Position of a heading.
    pub fn column(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|own| own == heading)
    }
}

/// Reads an xlsx or csv file, told apart by content.
///
/// # Errors
/// See [`TableError`].
pub fn read(bytes: &[u8], limits: &TableLimits) -> Result<Sheet, TableError> {
    if bytes.len() > limits.bytes {
        return Err(TableError::TooLarge {
            limit: limits.bytes,
        });
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(TableError::OldOrEncrypted);
    }
    if bytes.starts_with(b"PK") {
        xlsx::read(bytes, limits)
    } else {
        csv::read(bytes, limits)
    }
}

/// Collects cells under the limits and makes a sheet of them.
struct Collector<'l> {
    limits: &'l TableLimits,
    rows: BTreeMap<u32, Vec<Cell>>,
    cells: usize,
    text_bytes: usize,
}

impl<'l> Collector<'l> {
    fn new(limits: &'l TableLimits) -> Self {
        Self {
            limits,
            rows: BTreeMap::new(),
            cells: 0,
            text_bytes: 0,
        }
    }

    /// Adds a cell at a row from 1 and a column from 0. A repeated cell counts and replaces the earlier one.
    fn add(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), TableError> {
        self.cells += 1;
        if cell.text().is_empty() && self.cells <= self.limits.cells {
            return Ok(());
        }
        self.text_bytes += cell.text().len();
        if self.cells > self.limits.cells || self.text_bytes > self.limits.text_bytes {
            return Err(TableError::TooManyCells {
                limit: self.limits.cells,
            });
        }
        if column >= self.limits.columns {
            return Err(TableError::TooManyColumns {
                row,
                limit: self.limits.columns,
            });
        }
        if cell.text().len() > LONGEST_CELL * 4 || cell.text().chars().count() > LONGEST_CELL {
            return Err(TableError::CellTooLong {
                row,
                limit: LONGEST_CELL,
            });
        }
        let fresh = !self.rows.contains_key(&row);
        if fresh && self.rows.len() > self.limits.rows {
            return Err(TableError::TooManyRows {
                limit: self.limits.rows,
            });
        }
        let cells = self.rows.entry(row).or_default();
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        if cells.len() <= at {
            cells.resize(at + 1, Cell::EMPTY);
        }
        if let Some(slot) = cells.get_mut(at) {
            *slot = cell;
        }
        Ok(())
    }

    /// The headings are those that [`headings::take`] finds; example rows are no data.
    fn finish(self, name: String) -> Result<Sheet, TableError> {
        let holds_something = |cells: &Vec<Cell>| cells.iter().any(|cell| !cell.is_blank());
        let titles = headings::titles(self.rows.values().filter(|cells| holds_something(cells)));
        let rows = self.rows.into_iter();
        let mut rows = rows.filter(|(_, cells)| holds_something(cells));
        let (heading_row, headings) = headings::take(&mut rows, titles)?;
        let is_example = |cells: &[Cell]| {
            cells
                .first()
                .is_some_and(|cell| cell.text().starts_with(EXAMPLE_MARK))
        };
        let rows = rows
            .filter(|(_, cells)| !is_example(cells))
            .map(|(row, cells)| SheetRow { row, cells })
            .collect();
        Ok(Sheet {
            name,
            heading_row,
            headings,
            rows,
            others: Vec::new(),
        })
    }
}
