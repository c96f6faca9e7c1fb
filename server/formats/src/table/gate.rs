//! Refuses workbooks whose claims would make the reader allocate without bound, before the reader sees them.

use super::{TableError, TableLimits};
use crate::archive::{Archive, ArchiveLimits, Entry};
use std::io::Cursor;

const LIMITS: ArchiveLimits = ArchiveLimits {
    entries: 512,
    entry_bytes: 64 << 20,
    total_bytes: 128 << 20,
};
/// Parts that are read whole, with the bytes they may have.
const STYLES_BYTES: u64 = 4 << 20;
const BOOK_BYTES: u64 = 1 << 20;
const MAX_SHEETS: usize = 64;
/// Where a document type can stand: before the first element.
const PROLOGUE: usize = 1 << 20;

/// Looks at every part of the container.
pub(super) fn check(bytes: &[u8], limits: &TableLimits) -> Result<(), TableError> {
    let mut archive = Archive::open(Cursor::new(bytes), LIMITS).map_err(TableError::Container)?;
    let entries: Vec<Entry> = archive.entries().to_vec();
    for entry in &entries {
        let path = entry.path.to_lowercase();
        if path.ends_with("vbaproject.bin")
            || path.contains("externallinks/")
            || path.contains("activex/")
        {
            return Err(TableError::Active);
        }
        let file = path.rsplit('/').next().unwrap_or_default();
        let ending = file.rsplit('.').next().unwrap_or_default();
        if !["xml", "rels", "vml"].contains(&ending) {
            continue;
        }
        let small = match file {
            "styles.xml" | "theme1.xml" => Some(STYLES_BYTES),
            "workbook.xml" | "[content_types].xml" => Some(BOOK_BYTES),
            _ if ending == "rels" => Some(BOOK_BYTES),
            _ => None,
        };
        if small.is_some_and(|limit| entry.bytes > limit) {
            return Err(TableError::Suspicious);
        }
        let content = archive.read(entry).map_err(TableError::Container)?;
        check_part(file, &content, limits)?;
    }
    Ok(())
}

fn check_part(file: &str, content: &[u8], limits: &TableLimits) -> Result<(), TableError> {
    // Markup in UTF-16 would hide everything that is searched for below; no spreadsheet program writes it.
    let head = content.get(..PROLOGUE).unwrap_or(content);
    let utf16 = content.starts_with(&[0xFE, 0xFF])
        || content.starts_with(&[0xFF, 0xFE])
        || content.contains(&0);
    if utf16 || contains(head, b"<!DOCTYPE") || contains(head, b"<!ENTITY") {
        return Err(TableError::Suspicious);
    }
    match file {
        "sharedstrings.xml" if !counts_are_possible(content, limits.cells) => {
            Err(TableError::Suspicious)
        }
        "workbook.xml" if count(content, b"sheetId") > MAX_SHEETS => {
            Err(TableError::TooManySheets { limit: MAX_SHEETS })
        }
        "[content_types].xml" if contains(content, b"macroEnabled") => Err(TableError::Active),
        _ => Ok(()),
    }
}

/// Every `uniqueCount` is at most the cells allowed, and the strings themselves are not more either.
fn counts_are_possible(content: &[u8], cells: usize) -> bool {
    const KEY: &[u8] = b"uniqueCount";
    let claimed = content
        .windows(KEY.len())
        .enumerate()
        .filter(|(_, window)| *window == KEY)
        .map(|(at, _)| {
            let rest = content.get(at + KEY.len()..).unwrap_or_default();
            let digits = rest.iter().skip_while(|byte| {
                matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n')
            });
            digits
                .take_while(|byte| byte.is_ascii_digit())
                .try_fold(0_usize, |number, digit| {
                    number
                        .checked_mul(10)?
                        .checked_add(usize::from(digit - b'0'))
                })
        });
    claimed
        .into_iter()
        .all(|number| number.is_some_and(|number| number <= cells))
        && count(content, b"<si") <= cells
}

fn contains(content: &[u8], part: &[u8]) -> bool {
    content
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part))
}

fn count(content: &[u8], part: &[u8]) -> usize {
    content
        .windows(part.len())
        .filter(|window| *window == part)
        .count()
}
