//! A DBF table as careless exporters write it: deleted records and undecodable bytes included, which
//! [`crate::dbf::write`] refuses.

use super::shape::{EndMark, Shape};

/// Name, type and width of a column.
#[derive(Clone, Copy)]
pub(super) struct ColumnSpec {
    pub(super) name: &'static str,
    pub(super) kind: u8,
    pub(super) width: u8,
}

impl ColumnSpec {
    pub(super) const fn text(name: &'static str, width: u8) -> Self {
        Self {
            name,
            kind: b'C',
            width,
        }
    }
}

/// Whether a record is deleted, and its cells.
pub(super) type Record = (bool, Vec<Vec<u8>>);

/// The table as bytes. Cells are cut at their width.
pub(super) fn write(columns: &[ColumnSpec], rows: Vec<Record>, shape: &Shape) -> Vec<u8> {
    let record = 1 + columns
        .iter()
        .map(|column| usize::from(column.width))
        .sum::<usize>();
    let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
    let mut out = vec![0x03, 126, 8, 1];
    out.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(small(32 + 32 * columns.len() + 1));
    out.extend(small(record));
    out.extend([0; 17]);
    out.push(shape.language);
    out.extend([0; 2]);
    for column in columns {
        let mut descriptor = [0_u8; 32];
        for (slot, byte) in descriptor.iter_mut().zip(column.name.bytes()) {
            *slot = byte;
        }
        descriptor[11] = column.kind;
        descriptor[16] = column.width;
        out.extend(descriptor);
    }
    out.push(0x0D);
    for (deleted, cells) in rows {
        out.push(if deleted { b'*' } else { b' ' });
        for (cell, column) in cells.iter().zip(columns) {
            out.extend(padded(cell, column));
        }
    }
    if shape.end == EndMark::Present {
        out.push(0x1A);
    }
    out
}

/// Text stands at the left of its cell, a number at the right.
fn padded(cell: &[u8], column: &ColumnSpec) -> Vec<u8> {
    let width = usize::from(column.width);
    let blank = width.saturating_sub(cell.len());
    let space = std::iter::repeat_n(b' ', blank);
    if column.kind == b'N' {
        space.chain(cell.iter().copied()).take(width).collect()
    } else {
        cell.iter().copied().chain(space).take(width).collect()
    }
}
