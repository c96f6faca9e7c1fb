//! dBASE tables as provinces and the platform use them.
//!
//! Own code because the usual crate drops records flagged as deleted, believes the language byte and writes cells that
//! do not fit or cannot be encoded without a word (a certificate would carry the result).

mod error;
mod header;
mod record;
mod write;

pub use error::{DbfError, DbfWriteError};
pub use header::{DbfField, DbfLimits, FieldKind};
pub use record::DbfRecord;
pub use write::{ColumnSpec, DbfLayout, LANGUAGE_GBK, write};

use crate::gb18030;
use header::Header;
use record::CellEncoding;

/// A parsed table over borrowed bytes; records are decoded one at a time.
#[derive(Debug)]
pub struct DbfReader<'a> {
    header: Header,
    body: &'a [u8],
    encoding: CellEncoding,
}

impl<'a> DbfReader<'a> {
    /// Checks the header and that every declared record is present.
    ///
    /// # Errors
    /// Everything in [`DbfError`]; a file that is cut short names how many whole records it still holds.
    pub fn parse(bytes: &'a [u8], limits: &DbfLimits) -> Result<Self, DbfError> {
        let header = Header::parse(bytes, limits)?;
        let body = header.body(bytes)?;
        let mut reader = Self {
            header,
            body,
            encoding: CellEncoding::Gb18030,
        };
        reader.check_flags()?;
        if reader.is_utf8_throughout() {
            reader.encoding = CellEncoding::Utf8;
        }
        Ok(reader)
    }

    /// Columns in file order.
    pub fn fields(&self) -> &[DbfField] {
        &self.header.fields
    }

    /// Physical records, deleted ones included.
    pub fn record_count(&self) -> u32 {
        self.header.records
    }

    /// The language byte as found; kept for the protocol of an import, never used for decoding.
    pub fn language_byte(&self) -> u8 {
        self.header.language
    }

    /// Whether the text turned out to be UTF-8, which no dBASE version knows but some exporters write.
    pub fn is_utf8(&self) -> bool {
        self.encoding == CellEncoding::Utf8
    }

    /// Every physical record in file order, numbered from 1.
    pub fn records(&self) -> impl Iterator<Item = DbfRecord<'a>> + '_ {
        (1_u32..)
            .zip(self.body.chunks_exact(self.header.record_bytes))
            .map(|(number, raw)| DbfRecord::decode(number, raw, &self.header.fields, self.encoding))
    }

    /// UTF-8 only when every cell beyond ASCII is valid UTF-8 and some cell is not valid GB 18030.
    fn is_utf8_throughout(&self) -> bool {
        let cells = || {
            self.body
                .chunks_exact(self.header.record_bytes)
                .flat_map(|raw| record::cells(raw, &self.header.fields))
        };
        let beyond_ascii =
            || cells().filter(|(cell, kind)| *kind == FieldKind::Text && !cell.is_ascii());
        beyond_ascii().all(|(cell, _)| std::str::from_utf8(cell).is_ok())
            && beyond_ascii().any(|(cell, _)| !gb18030::decode(cell).exact)
    }

    fn check_flags(&self) -> Result<(), DbfError> {
        for (number, raw) in (1_u32..).zip(self.body.chunks_exact(self.header.record_bytes)) {
            match raw.first() {
                Some(b' ' | b'*') => {}
                // An end mark inside the declared records: the rest of the file is padding.
                Some(0x1A) => {
                    return Err(DbfError::Truncated {
                        declared: self.header.records,
                        whole: number - 1,
                    });
                }
                other => {
                    return Err(DbfError::RecordFlag {
                        record: number,
                        flag: other.copied().unwrap_or_default(),
                    });
                }
            }
        }
        Ok(())
    }
}
