//! The header of a table: what it declares, checked before a single record is looked at.

use super::error::{DbfError, FieldFault};
use crate::gb18030;

const FIXED_BYTES: usize = 32;
const DESCRIPTOR_BYTES: usize = 32;
const TERMINATOR: u8 = 0x0D;
const END_OF_FILE: u8 = 0x1A;
/// dBASE III to VII, FoxPro and Visual FoxPro, with and without memo file.
const VERSIONS: [u8; 13] = [
    0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5,
];

/// How large a table may be.
#[derive(Clone, Copy, Debug)]
pub struct DbfLimits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Records declared.
    pub records: u32,
}

impl Default for DbfLimits {
    /// 32 MiB and 100,000 records: the largest province of the largest university several times over.
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            records: 100_000,
        }
    }
}

/// The type of a column, as far as reading differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Character, date, number, float and logical: text in the record.
    Text,
    /// A four byte integer (Visual `FoxPro`).
    Integer,
    /// An eight byte IEEE number (Visual `FoxPro`).
    Double,
    /// Memo, picture, timestamp and the like: the record holds only a pointer or binary data. Read as empty.
    Opaque,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbfField {
    /// Name in upper case.
    pub name: String,
    /// How its bytes are read.
    pub kind: FieldKind,
    /// Bytes in the record.
    pub width: usize,
}

#[derive(Debug)]
pub(super) struct Header {
    pub(super) records: u32,
    pub(super) record_bytes: usize,
    pub(super) language: u8,
    pub(super) fields: Vec<DbfField>,
    body_at: usize,
}

impl Header {
    pub(super) fn parse(bytes: &[u8], limits: &DbfLimits) -> Result<Self, DbfError> {
        let version = bytes.first().copied().unwrap_or_default();
        if !VERSIONS.contains(&version) || bytes.len() <= FIXED_BYTES {
            return Err(DbfError::NotDbf { version });
        }
        if bytes.len() > limits.bytes {
            return Err(DbfError::TooLarge {
                bytes: bytes.len(),
                limit: limits.bytes,
            });
        }
        let records = u32_at(bytes, 4).ok_or(DbfError::BadHeader)?;
        let header_bytes = u16_at(bytes, 8)
            .map(usize::from)
            .ok_or(DbfError::BadHeader)?;
        let record_bytes = u16_at(bytes, 10)
            .map(usize::from)
            .ok_or(DbfError::BadHeader)?;
        if header_bytes <= FIXED_BYTES || header_bytes > bytes.len() || record_bytes < 2 {
            return Err(DbfError::BadHeader);
        }
        if records > limits.records {
            return Err(DbfError::TooManyRecords {
                declared: records,
                limit: limits.records,
            });
        }
        let descriptors = bytes
            .get(FIXED_BYTES..header_bytes)
            .ok_or(DbfError::BadHeader)?;
        let fields = parse_fields(descriptors, record_bytes)?;
        let language = bytes.get(29).copied().unwrap_or_default();
        Ok(Self {
            records,
            record_bytes,
            language,
            fields,
            body_at: header_bytes,
        })
    }

    /// The bytes of the declared records, all of them present.
    pub(super) fn body<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], DbfError> {
        let rest = bytes.get(self.body_at..).unwrap_or_default();
        let declared = usize::try_from(self.records)
            .unwrap_or(usize::MAX)
            .saturating_mul(self.record_bytes);
        let Some(body) = rest.get(..declared) else {
            let whole = u32::try_from(rest.len() / self.record_bytes).unwrap_or(u32::MAX);
            return Err(DbfError::Truncated {
                declared: self.records,
                whole,
            });
        };
        let surplus = rest.get(declared..).unwrap_or_default();
        let extra = surplus
            .chunks_exact(self.record_bytes)
            .take_while(|chunk| looks_live(chunk))
            .count();
        if extra > 0 {
            return Err(DbfError::MoreRecords {
                declared: self.records,
                found: u64::from(self.records) + extra as u64,
            });
        }
        Ok(body)
    }
}

/// A record after the declared ones: it has a flag and something other than padding in it.
fn looks_live(chunk: &[u8]) -> bool {
    matches!(chunk.first(), Some(b' ' | b'*'))
        && chunk
            .iter()
            .skip(1)
            .any(|byte| ![0, b' ', END_OF_FILE].contains(byte))
}

fn parse_fields(descriptors: &[u8], record_bytes: usize) -> Result<Vec<DbfField>, DbfError> {
    let mut fields: Vec<(DbfField, usize)> = Vec::new();
    let mut terminated = false;
    for (index, chunk) in (1..).zip(descriptors.chunks(DESCRIPTOR_BYTES)) {
        if chunk.first() == Some(&TERMINATOR) {
            terminated = true;
            break;
        }
        if chunk.len() < DESCRIPTOR_BYTES {
            return Err(DbfError::BadHeader);
        }
        let fault = |reason| DbfError::BadField { index, reason };
        let (field, long_width) = parse_field(chunk).map_err(fault)?;
        if fields.iter().any(|(known, _)| known.name == field.name) {
            return Err(fault(FieldFault::Repeated));
        }
        fields.push((field, long_width));
    }
    if !terminated || fields.is_empty() {
        return Err(DbfError::BadHeader);
    }
    settle_widths(fields, record_bytes)
}

fn parse_field(chunk: &[u8]) -> Result<(DbfField, usize), FieldFault> {
    let name_bytes: Vec<u8> = chunk
        .iter()
        .take(11)
        .copied()
        .take_while(|byte| *byte != 0)
        .collect();
    let name = gb18030::decode(&name_bytes).text.trim().to_uppercase();
    if name.is_empty() {
        return Err(FieldFault::NoName);
    }
    let letter = chunk.get(11).copied().unwrap_or_default();
    let low = usize::from(chunk.get(16).copied().unwrap_or_default());
    let high = usize::from(chunk.get(17).copied().unwrap_or_default());
    let kind = kind_of(letter, low).ok_or(FieldFault::UnknownType(letter))?;
    // Clipper keeps the high byte of a long character column where others keep the decimals.
    let long_width = if letter == b'C' {
        low + (high << 8)
    } else {
        low
    };
    if low == 0 && long_width == 0 {
        return Err(FieldFault::NoWidth);
    }
    Ok((
        DbfField {
            name,
            kind,
            width: low,
        },
        long_width,
    ))
}

fn kind_of(letter: u8, width: usize) -> Option<FieldKind> {
    match letter {
        b'C' | b'D' | b'N' | b'F' | b'L' => Some(FieldKind::Text),
        b'I' if width == 4 => Some(FieldKind::Integer),
        b'B' | b'O' if width == 8 => Some(FieldKind::Double),
        b'M' | b'G' | b'P' | b'B' | b'T' | b'@' | b'Y' | b'W' | b'Q' | b'V' | b'0' | b'+' => {
            Some(FieldKind::Opaque)
        }
        _ => None,
    }
}

/// The plain widths when they add up to the record length, else the Clipper widths.
fn settle_widths(
    fields: Vec<(DbfField, usize)>,
    record_bytes: usize,
) -> Result<Vec<DbfField>, DbfError> {
    let plain = 1 + fields.iter().map(|(field, _)| field.width).sum::<usize>();
    let long = 1 + fields.iter().map(|(_, width)| *width).sum::<usize>();
    let use_long = plain != record_bytes;
    if use_long && long != record_bytes {
        return Err(DbfError::LengthMismatch {
            declared: record_bytes,
            columns: plain,
        });
    }
    let settled = fields.into_iter().map(|(field, width)| DbfField {
        width: if use_long { width } else { field.width },
        ..field
    });
    let settled: Vec<DbfField> = settled.collect();
    match settled.iter().position(|field| field.width == 0) {
        Some(index) => Err(DbfError::BadField {
            index: index + 1,
            reason: FieldFault::NoWidth,
        }),
        None => Ok(settled),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at + 2)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}
