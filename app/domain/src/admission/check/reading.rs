//! The values of one candidate as they are understood, read once and judged by every rule.

use super::coded;
use super::row::Entry;
use crate::admission::source::SourceField;
use crate::codes::Sex;
use crate::person::id_number::{self, IdNumber, IdNumberError, IdType};
use chrono::NaiveDate;

/// What a birth date field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Birth {
    Absent,
    /// Not a date, or one that does not exist.
    Wrong,
    /// Year and month only (CSNY of older systems).
    Month(i32, u32),
    Day(NaiveDate),
}

/// The document number.
pub(super) struct Document {
    pub(super) kind: IdType,
    /// Whether the source's kind of document was understood.
    pub(super) kind_known: bool,
    /// Normalised.
    pub(super) text: String,
    pub(super) parsed: Result<IdNumber, IdNumberError>,
}

/// One candidate, read.
pub(super) struct Reading<'c, 'a> {
    pub(super) entry: Entry<'c, 'a>,
    pub(super) ksh: String,
    pub(super) sex: Option<Sex>,
    pub(super) birth: Birth,
    /// `None` when the number is empty or was a number cell.
    pub(super) document: Option<Document>,
}

impl<'c, 'a> Reading<'c, 'a> {
    pub(super) fn new(entry: Entry<'c, 'a>) -> Self {
        Self {
            entry,
            ksh: id_number::normalise(entry.value(SourceField::Ksh)),
            sex: coded::sex(entry),
            birth: read_birth(entry.value(SourceField::Csrq)),
            document: read_document(entry),
        }
    }

    /// The birth date that is stored: the field's, else the ID number's.
    pub(super) fn birth_date(&self) -> Option<NaiveDate> {
        match self.birth {
            Birth::Day(date) => Some(date),
            Birth::Absent | Birth::Wrong | Birth::Month(..) => self.document_birth(),
        }
    }

    /// The birth date in a number that parsed.
    pub(super) fn document_birth(&self) -> Option<NaiveDate> {
        self.document
            .as_ref()
            .and_then(|document| document.parsed.as_ref().ok())
            .and_then(IdNumber::birth_date)
    }
}

fn read_document(entry: Entry<'_, '_>) -> Option<Document> {
    let text = id_number::normalise(entry.value(SourceField::Zjhm));
    if text.is_empty() || entry.is_numeric(SourceField::Zjhm) {
        return None;
    }
    let kind = document_kind(entry, &text);
    let parsed = IdNumber::parse(kind.unwrap_or(IdType::Other), &text);
    Some(Document {
        kind: kind.unwrap_or(IdType::Other),
        kind_known: kind.is_some(),
        text,
        parsed,
    })
}

/// The kind of document: by the folder's table; by the standard where that has no such code, and then it is told; a resident
/// card where nothing is said.
pub(super) fn document_kind(entry: Entry<'_, '_>, number: &str) -> Option<IdType> {
    let code = entry.value(SourceField::Zjlxdm);
    if code.is_empty() {
        return Some(IdType::ResidentIdCard);
    }
    let named = entry
        .folder
        .dictionary(SourceField::Zjlxdm)
        .and_then(|table| table.get(code));
    match named {
        // A province's code means what its table says, known to us or not.
        Some(name) => IdType::from_name(name, number),
        None => IdType::from_name(code, number).or_else(|| standard_kind(code)),
    }
}

fn standard_kind(code: &str) -> Option<IdType> {
    IdType::from_code(code).or_else(|| IdType::from_code(code.trim_start_matches('0')))
}

/// Reads `20081009`, `2008-10-09`, `2008/10/9`, `2008年10月9日` and `200810`.
pub(super) fn read_birth(text: &str) -> Birth {
    if text.is_empty() {
        return Birth::Absent;
    }
    let text = id_number::normalise(text);
    let compact = text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = if compact {
        [text.get(..4), text.get(4..6), text.get(6..)]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect()
    } else {
        // A time of day may follow the date in a worksheet.
        let date = text.split([' ', 'T']).next().unwrap_or_default();
        date.split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect()
    };
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let year_ok = parts.first().is_some_and(|year| year.len() == 4);
    match numbers.as_slice() {
        [year, month, day] if year_ok => day_of(*year, *month, *day),
        [year, month] if year_ok && (1..=12).contains(month) => {
            i32::try_from(*year).map_or(Birth::Wrong, |year| Birth::Month(year, *month))
        }
        _ => Birth::Wrong,
    }
}

fn day_of(year: u32, month: u32, day: u32) -> Birth {
    let date = i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    date.map_or(Birth::Wrong, Birth::Day)
}
