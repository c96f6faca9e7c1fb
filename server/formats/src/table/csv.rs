//! Comma, tab or semicolon separated text in UTF-8, UTF-16 or GB 18030.

use super::{Cell, Collector, LONGEST_CELL, Sheet, TableError, TableLimits};
use crate::gb18030;
use encoding_rs::{UTF_16BE, UTF_16LE};
use std::borrow::Cow;

pub(super) fn read(bytes: &[u8], limits: &TableLimits) -> Result<Sheet, TableError> {
    let text = decode(bytes)?;
    if text.contains('\0') || has_controls(&text) {
        return Err(TableError::NotATable);
    }
    if text.len() > limits.text_bytes {
        return Err(TableError::TooManyCells {
            limit: limits.cells,
        });
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut collector = Collector::new(limits);
    let mut record = ::csv::StringRecord::new();
    let mut lines = Lines {
        text: &text,
        at: 0,
        line: 1,
    };
    while reader
        .read_record(&mut record)
        .map_err(|_| TableError::Damaged)?
    {
        let row = lines.number_at(record.position().map_or(0, ::csv::Position::byte));
        for (column, cell) in (0_u32..).zip(&record) {
            collector.add(row, column, Cell::Text(unguarded(cell).to_owned()))?;
        }
    }
    collector.finish(String::new())
}

/// Counts lines along the text. The reader of records counts them too, but stands before the second half of a CR LF.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line, from 1, of the first record at or after a place. Places only move forward.
    fn number_at(&mut self, byte: u64) -> u32 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let bytes = self.text.as_bytes();
        while let Some(current) = bytes.get(self.at) {
            let is_break = matches!(current, b'\r' | b'\n');
            if self.at >= byte && !is_break {
                break;
            }
            let first_half = *current == b'\r' && bytes.get(self.at + 1) == Some(&b'\n');
            self.line = self.line.saturating_add(u32::from(is_break && !first_half));
            self.at += 1;
        }
        self.line
    }
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return std::str::from_utf8(rest)
            .map(Cow::Borrowed)
            .map_err(|_| TableError::Undecodable);
    }
    for (mark, encoding) in [([0xFF, 0xFE], UTF_16LE), ([0xFE, 0xFF], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(&mark) {
            let (text, had_errors) = encoding.decode_without_bom_handling(rest);
            return if had_errors {
                Err(TableError::Undecodable)
            } else {
                Ok(text)
            };
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let decoded = gb18030::decode(bytes);
    if decoded.exact {
        Ok(decoded.text)
    } else {
        Err(TableError::Undecodable)
    }
}

/// Control characters at the beginning: a picture, a PDF, a program.
fn has_controls(text: &str) -> bool {
    text.chars()
        .take(4096)
        .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || text.starts_with("%PDF")
        || text.starts_with('<')
}

/// The separator that occurs most in the first line.
fn delimiter(text: &str) -> u8 {
    let line: &str = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let line: String = line.chars().take(LONGEST_CELL).collect();
    let times = |separator: u8| line.bytes().filter(|byte| *byte == separator).count();
    [b',', b'\t', b';']
        .into_iter()
        .rev()
        .max_by_key(|separator| times(*separator))
        .unwrap_or(b',')
}

/// Takes back what [`crate::workbook`] puts before a cell of a csv file so that no program runs or rounds it.
fn unguarded(cell: &str) -> &str {
    let digits = cell
        .strip_prefix('\t')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let formula = cell
        .strip_prefix('\'')
        .filter(|rest| crate::guard::is_guarded_formula(rest));
    digits.or(formula).unwrap_or(cell)
}
