//! One record: its flag, its bytes and its cells as text.

use super::header::{DbfField, FieldKind};
use crate::gb18030;

/// One physical record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbfRecord<'a> {
    /// Position in the file, from 1, deleted records counted.
    pub number: u32,
    /// Flagged with `*`: skipped by ordinary programs, reported by this one (rule V3).
    pub deleted: bool,
    /// The bytes of the whole record, flag included (rule V9).
    pub raw: &'a [u8],
    /// Cells in column order; trailing blanks and NUL removed, interior kept (rule V4).
    pub values: Vec<String>,
    /// Whether some byte of some cell was not understood (rule V2).
    pub undecodable: bool,
}

/// How the text of a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellEncoding {
    Gb18030,
    Utf8,
}

impl<'a> DbfRecord<'a> {
    pub(super) fn decode(
        number: u32,
        raw: &'a [u8],
        fields: &[DbfField],
        encoding: CellEncoding,
    ) -> Self {
        let mut undecodable = false;
        let mut values = Vec::with_capacity(fields.len());
        for (cell, kind) in cells(raw, fields) {
            let (value, exact) = decode_cell(cell, kind, encoding);
            undecodable |= !exact;
            values.push(value);
        }
        Self {
            number,
            deleted: raw.first() == Some(&b'*'),
            raw,
            values,
            undecodable,
        }
    }
}

/// The cells of a record, trimmed at their ends, with their kinds.
pub(super) fn cells<'a>(
    raw: &'a [u8],
    fields: &[DbfField],
) -> impl Iterator<Item = (&'a [u8], FieldKind)> {
    let mut rest = raw.get(1..).unwrap_or_default();
    fields.iter().map(move |field| {
        let (cell, tail) = rest.split_at_checked(field.width).unwrap_or((rest, &[]));
        rest = tail;
        (
            if field.kind == FieldKind::Text {
                trim_end(cell)
            } else {
                cell
            },
            field.kind,
        )
    })
}

fn decode_cell(cell: &[u8], kind: FieldKind, encoding: CellEncoding) -> (String, bool) {
    match (kind, encoding) {
        (FieldKind::Text, CellEncoding::Gb18030) => {
            let decoded = gb18030::decode(cell);
            (decoded.text.into_owned(), decoded.exact)
        }
        (FieldKind::Text, CellEncoding::Utf8) => (
            String::from_utf8_lossy(cell).into_owned(),
            std::str::from_utf8(cell).is_ok(),
        ),
        (FieldKind::Integer, _) => (
            cell.try_into()
                .map(i32::from_le_bytes)
                .map(|number| number.to_string())
                .unwrap_or_default(),
            true,
        ),
        (FieldKind::Double, _) => (
            cell.try_into()
                .map(f64::from_le_bytes)
                .map(|number| number.to_string())
                .unwrap_or_default(),
            true,
        ),
        (FieldKind::Opaque, _) => (String::new(), true),
    }
}

/// Cuts trailing blanks and NUL. No second byte of a GB 18030 character is a blank or NUL, so cutting bytes is safe.
fn trim_end(cell: &[u8]) -> &[u8] {
    let end = cell
        .iter()
        .rposition(|byte| !matches!(byte, 0 | b' '))
        .map_or(0, |last| last + 1);
    cell.get(..end).unwrap_or_default()
}
