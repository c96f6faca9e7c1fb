//! Numbers of identity documents: kinds, forms, check characters, plausibility of age.
//!
//! A number that does not parse is not thrown away: the admission snapshot keeps the text as it came, and the finding
//! names the [`IdNumberError`].

mod document;
mod id_type;
mod resident;

use crate::codes::Sex;
use chrono::{Datelike, NaiveDate};

pub use id_type::IdType;
pub use resident::{ResidentId, check_digit, expand_15};

/// Why a number is refused. Positions count from 1; no part of the number is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Not 18 characters (15 for [`expand_15`]).
    #[error("the number has {found} characters")]
    WrongLength {
        /// Characters found after normalising.
        found: usize,
    },
    /// A character that cannot stand at this place.
    #[error("character {position} cannot stand there")]
    WrongCharacter {
        /// Place, from 1.
        position: usize,
    },
    /// The birth date does not exist. Reported before the check character, which may be wrong too.
    #[error("the birth date does not exist")]
    BadDate,
    /// The check character does not agree with the rest.
    #[error("the check character does not agree")]
    BadChecksum,
    /// Not a form that this kind of document has.
    #[error("not a number of this kind of document")]
    UnknownFormat,
}

/// A number that has the form its document requires. `Debug` prints the kind only; it is never serialised: what leaves
/// is a mask, or the plain text by [`IdNumber::expose`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber {
    kind: IdType,
    text: String,
    resident: Option<ResidentId>,
}

impl IdNumber {
    /// Normalises and checks a number.
    ///
    /// # Errors
    /// See [`IdNumberError`]; for resident numbers the first of length, characters, date, check character.
    pub fn parse(kind: IdType, text: &str) -> Result<Self, IdNumberError> {
        let text = normalise(text);
        let resident = if kind.is_resident_number() {
            Some(resident_of(kind, &text)?)
        } else {
            document::check(kind, &text)?;
            None
        };
        Ok(Self {
            kind,
            text,
            resident,
        })
    }

    /// The kind of document.
    pub const fn kind(&self) -> IdType {
        self.kind
    }

    /// The plain number, normalised. Only for sealing, blind indexing and permitted reveals.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Area, birth date and sex, for kinds that carry them.
    pub const fn resident(&self) -> Option<&ResidentId> {
        self.resident.as_ref()
    }

    /// The birth date the number carries.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        self.resident().map(ResidentId::birth_date)
    }

    /// The sex the number carries.
    pub fn sex(&self) -> Option<Sex> {
        self.resident().map(ResidentId::sex)
    }
}

impl std::fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdNumber")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

fn resident_of(kind: IdType, text: &str) -> Result<ResidentId, IdNumberError> {
    let resident = ResidentId::parse(text)?;
    let wrong_range = (kind == IdType::HongKongMacaoResidencePermit
        && !matches!(resident.area(), "810000" | "820000"))
        || (kind == IdType::TaiwanResidencePermit && resident.area() != "830000");
    if wrong_range {
        Err(IdNumberError::UnknownFormat)
    } else {
        Ok(resident)
    }
}

/// Trims, turns full-width into half-width characters, `（）` into `()` and letters into upper case.
pub fn normalise(text: &str) -> String {
    // Nearly all of them are as they should be.
    if text
        .bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    {
        return text.to_owned();
    }
    let half: String = text.chars().map(half_width).collect();
    half.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
        .to_ascii_uppercase()
}

/// The half-width form of a full-width character; any other one as it is.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Zero-width characters that copying from a page leaves behind.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// What is odd about an age. Only [`AgeFinding::InFuture`] and [`AgeFinding::Implausible`] stop a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeFinding {
    /// Born after the day of the check.
    InFuture,
    /// Younger than 10 or older than 80 years.
    Implausible {
        /// Completed years.
        age: i32,
    },
    /// Younger than 14 or older than 45 years: correct, but worth a look.
    Unusual {
        /// Completed years.
        age: i32,
    },
}

/// Judges an age on a day, `None` when nothing is odd.
pub fn age_finding(birth_date: NaiveDate, today: NaiveDate) -> Option<AgeFinding> {
    if birth_date > today {
        return Some(AgeFinding::InFuture);
    }
    match age_on(birth_date, today) {
        14..=45 => None,
        age @ 10..=80 => Some(AgeFinding::Unusual { age }),
        age => Some(AgeFinding::Implausible { age }),
    }
}

/// Completed years of age on a day; negative before birth.
pub fn age_on(birth_date: NaiveDate, today: NaiveDate) -> i32 {
    let not_yet = (today.month(), today.day()) < (birth_date.month(), birth_date.day());
    today.year() - birth_date.year() - i32::from(not_yet)
}
