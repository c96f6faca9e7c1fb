//! Writing a table: every cell is encoded and measured before a byte is written, and read back afterwards.

use super::{DbfError, DbfLimits, DbfReader, DbfWriteError};
use crate::gb18030::{self, Charset};
use chrono::{Datelike as _, NaiveDate};

/// Language byte for code page 936, which readers of the platform's files expect.
pub const LANGUAGE_GBK: u8 = 0x4D;

const VERSION: u8 = 0x03;
const MAX_COLUMNS: usize = 255;
const MAX_WIDTH: u8 = 254;

/// One character column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// 1–10 of `A-Z 0-9 _`.
    pub name: String,
    /// Bytes, 1–254.
    pub width: u8,
}

impl ColumnSpec {
    /// A column of a given name and width in bytes.
    pub fn new(name: &str, width: u8) -> Self {
        Self {
            name: name.to_owned(),
            width,
        }
    }
}

/// What a table looks like before its rows.
#[derive(Clone, Debug)]
pub struct DbfLayout {
    /// Columns in file order.
    pub columns: Vec<ColumnSpec>,
    /// Characters the reader of the file understands.
    pub charset: Charset,
    /// Byte 29 of the header, [`LANGUAGE_GBK`] unless a receiver asks for another.
    pub language: u8,
    /// Day of the last change, part of the header.
    pub changed: NaiveDate,
}

/// Writes a table of character columns.
///
/// # Errors
/// Refuses the whole table at the first cell that does not fit, cannot be encoded or does not read back: an exported
/// list is exact or it is not made.
pub fn write<Row>(
    layout: &DbfLayout,
    rows: impl IntoIterator<Item = Row>,
) -> Result<Vec<u8>, DbfWriteError>
where
    Row: AsRef<[String]>,
{
    let mut out = header(layout)?;
    let mut written: Vec<Row> = Vec::new();
    for row in rows {
        let number = u32::try_from(written.len() + 1).map_err(|_| DbfWriteError::TooManyRows)?;
        out.push(b' ');
        push_row(&mut out, layout, row.as_ref(), number)?;
        written.push(row);
    }
    let count = u32::try_from(written.len()).map_err(|_| DbfWriteError::TooManyRows)?;
    if let Some(slot) = out.get_mut(4..8) {
        slot.copy_from_slice(&count.to_le_bytes());
    }
    out.push(0x1A);
    read_back(&out, layout, &written)?;
    Ok(out)
}

fn header(layout: &DbfLayout) -> Result<Vec<u8>, DbfWriteError> {
    let columns = layout.columns.len();
    if columns == 0 || columns > MAX_COLUMNS {
        return Err(DbfWriteError::BadLayout);
    }
    let record = 1 + layout
        .columns
        .iter()
        .map(|column| usize::from(column.width))
        .sum::<usize>();
    let header = 32 + 32 * columns + 1;
    let (Ok(record), Ok(header)) = (u16::try_from(record), u16::try_from(header)) else {
        return Err(DbfWriteError::BadLayout);
    };
    let mut out = vec![VERSION];
    out.extend(date_bytes(layout.changed));
    out.extend(0_u32.to_le_bytes());
    out.extend(header.to_le_bytes());
    out.extend(record.to_le_bytes());
    out.extend([0; 17]);
    out.push(layout.language);
    out.extend([0; 2]);
    for (index, column) in layout.columns.iter().enumerate() {
        let repeated = layout
            .columns
            .iter()
            .take(index)
            .any(|known| known.name == column.name);
        if repeated || !valid_column(column) {
            return Err(DbfWriteError::BadColumn {
                column: column.name.clone(),
            });
        }
        let mut descriptor = [0_u8; 32];
        for (slot, byte) in descriptor.iter_mut().zip(column.name.bytes()) {
            *slot = byte;
        }
        descriptor[11] = b'C';
        descriptor[16] = column.width;
        out.extend(descriptor);
    }
    out.push(0x0D);
    Ok(out)
}

fn valid_column(column: &ColumnSpec) -> bool {
    let name_ok = (1..=10).contains(&column.name.len())
        && column
            .name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    name_ok && (1..=MAX_WIDTH).contains(&column.width)
}

fn date_bytes(date: NaiveDate) -> [u8; 3] {
    let part = |value: u32| u8::try_from(value).unwrap_or_default();
    [
        u8::try_from(date.year() - 1900).unwrap_or_default(),
        part(date.month()),
        part(date.day()),
    ]
}

fn push_row(
    out: &mut Vec<u8>,
    layout: &DbfLayout,
    row: &[String],
    number: u32,
) -> Result<(), DbfWriteError> {
    if row.len() != layout.columns.len() {
        return Err(DbfWriteError::RowWidth {
            row: number,
            found: row.len(),
            expected: layout.columns.len(),
        });
    }
    for (value, column) in row.iter().zip(&layout.columns) {
        let bytes =
            gb18030::encode(value, layout.charset).map_err(|_| DbfWriteError::NotEncodable {
                row: number,
                column: column.name.clone(),
            })?;
        let Some(padding) = usize::from(column.width).checked_sub(bytes.len()) else {
            return Err(DbfWriteError::TooLong {
                row: number,
                column: column.name.clone(),
                bytes: bytes.len(),
                width: column.width,
            });
        };
        out.extend(bytes);
        out.extend(std::iter::repeat_n(b' ', padding));
    }
    Ok(())
}

fn read_back<Row: AsRef<[String]>>(
    bytes: &[u8],
    layout: &DbfLayout,
    rows: &[Row],
) -> Result<(), DbfWriteError> {
    let limits = DbfLimits {
        bytes: usize::MAX,
        records: u32::MAX,
    };
    let reader =
        DbfReader::parse(bytes, &limits).map_err(|_: DbfError| DbfWriteError::BadLayout)?;
    for (record, row) in reader.records().zip(rows) {
        for ((read, value), column) in record.values.iter().zip(row.as_ref()).zip(&layout.columns) {
            if read != value {
                return Err(DbfWriteError::ReadBack {
                    row: record.number,
                    column: column.name.clone(),
                });
            }
        }
    }
    Ok(())
}
