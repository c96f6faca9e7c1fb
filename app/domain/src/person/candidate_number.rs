//! Candidate numbers (考生号), the key of admission.
//!
//! Only the first four digits have a national meaning (year, province); the rest differs by province and is never read.

use super::id_number;
use crate::codes::Province;
use serde::{Deserialize, Serialize};

const ORDINARY_LENGTH: usize = 14;

/// A candidate number. `Debug` shows year and province only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CandidateNumber(String);

/// Why a candidate number is refused. The number is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CandidateNumberError {
    /// Not 14 characters (10 to 18 for special admissions).
    #[error("the candidate number has {found} characters")]
    WrongLength {
        /// Characters found.
        found: usize,
    },
    /// An ordinary number holds digits only, a special one digits and capital letters.
    #[error("character {position} cannot stand in a candidate number")]
    WrongCharacter {
        /// Place, from 1.
        position: usize,
    },
    /// The first two digits are not the admission year.
    #[error("the candidate number is of the year {found:02}, not {expected}")]
    YearMismatch {
        /// The two digits found.
        found: u16,
        /// The admission year, four digits.
        expected: u16,
    },
    /// Digits 3 and 4 are no province of GB/T 2260.
    #[error("the candidate number names no province")]
    UnknownProvince,
}

impl CandidateNumber {
    /// Reads the number of an ordinary admission: 14 digits, two for the year, two for the province.
    /// A deferred student keeps the number of the original year: pass that year.
    ///
    /// # Errors
    /// See [`CandidateNumberError`].
    pub fn parse_ordinary(text: &str, year: u16) -> Result<Self, CandidateNumberError> {
        let text = id_number::normalise(text);
        let found = text.chars().count();
        if found != ORDINARY_LENGTH {
            return Err(CandidateNumberError::WrongLength { found });
        }
        require(&text, |c| c.is_ascii_digit())?;
        let found = text
            .get(..2)
            .and_then(|yy| yy.parse().ok())
            .unwrap_or_default();
        if found != year % 100 {
            return Err(CandidateNumberError::YearMismatch {
                found,
                expected: year,
            });
        }
        let number = Self(text);
        if number.province().is_none() {
            return Err(CandidateNumberError::UnknownProvince);
        }
        Ok(number)
    }

    /// Reads the number of a special admission (专升本, 第二学士学位, 港澳台 …), made by the school:
    /// 10 to 18 digits or capital letters.
    ///
    /// # Errors
    /// See [`CandidateNumberError`].
    pub fn parse_special(text: &str) -> Result<Self, CandidateNumberError> {
        let text = id_number::normalise(text);
        let found = text.chars().count();
        if !(10..=18).contains(&found) {
            return Err(CandidateNumberError::WrongLength { found });
        }
        require(&text, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
        Ok(Self(text))
    }

    /// The number as it is written in files.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The province of origin: digits 3 and 4 of a number of 14 digits.
    pub fn province(&self) -> Option<&'static Province> {
        let ordinary =
            self.0.len() == ORDINARY_LENGTH && self.0.bytes().all(|b| b.is_ascii_digit());
        self.0
            .get(2..4)
            .filter(|_| ordinary)
            .and_then(Province::from_code)
    }
}

fn require(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), CandidateNumberError> {
    match text.chars().position(|c| !allowed(c)) {
        Some(at) => Err(CandidateNumberError::WrongCharacter { position: at + 1 }),
        None => Ok(()),
    }
}

impl TryFrom<String> for CandidateNumber {
    type Error = CandidateNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse_special(&text)
    }
}

impl From<CandidateNumber> for String {
    fn from(number: CandidateNumber) -> Self {
        number.0
    }
}

impl std::fmt::Display for CandidateNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for CandidateNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "CandidateNumber({}..)",
            self.0.get(..4).unwrap_or_default()
        )
    }
}
