//! Resident ID numbers (GB 11643): area, birth date, serial number, check character.

use super::IdNumberError;
use crate::codes::Sex;
use chrono::NaiveDate;

/// Length of a number in force since 1999.
const LENGTH: usize = 18;
/// Length of the first generation, found in history before 2001 only.
const LEGACY_LENGTH: usize = 15;
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// What a valid 18-character resident number says. Its `Debug` output says nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId {
    area: String,
    birth_date: NaiveDate,
    serial: u16,
}

impl ResidentId {
    /// Reads a normalised number.
    ///
    /// # Errors
    /// In this order: length, characters (a first digit 0 or 9 is one), birth date, check character.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let found = text.chars().count();
        if found != LENGTH {
            return Err(IdNumberError::WrongLength { found });
        }
        check_characters(text)?;
        let (body, last) = text
            .split_at_checked(LENGTH - 1)
            .ok_or(IdNumberError::UnknownFormat)?;
        let area = part(body, 0, 6)?;
        let birth_date = date(part(body, 6, 14)?)?;
        let serial = part(body, 14, 17)?
            .parse()
            .map_err(|_| IdNumberError::UnknownFormat)?;
        if !check_digit(body).is_some_and(|expected| last.starts_with(expected)) {
            return Err(IdNumberError::BadChecksum);
        }
        Ok(Self {
            area: area.to_owned(),
            birth_date,
            serial,
        })
    }

    /// The birth date. A real calendar date; whether it is plausible is [`super::age_finding`]'s question.
    pub const fn birth_date(&self) -> NaiveDate {
        self.birth_date
    }

    /// The sex: an odd serial number is male, an even one female.
    pub const fn sex(&self) -> Sex {
        if self.serial % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// The six-digit division code (GB/T 2260) where the number was first issued.
    pub fn area(&self) -> &str {
        &self.area
    }

    /// Whether the number lies in the range of residence permits (81, 82, 83 followed by 0000).
    pub fn is_residence_permit(&self) -> bool {
        matches!(self.area.as_str(), "810000" | "820000" | "830000")
    }
}

impl std::fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResidentId(..)")
    }
}

/// The check character of the first 17 digits (MOD 11-2 of GB 11643), `None` when they are not 17 digits.
pub fn check_digit(first17: &str) -> Option<char> {
    if first17.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (digit, weight) in first17.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10)? * weight;
    }
    CHECK_CHARACTERS
        .get(sum as usize % CHECK_CHARACTERS.len())
        .copied()
}

/// Rewrites a 15-digit number of the first generation as 18 characters: century 19, check character computed.
/// For history before 2001 only; [`super::IdNumber::parse`] refuses 15 digits.
///
/// # Errors
/// As [`ResidentId::parse`].
pub fn expand_15(text: &str) -> Result<String, IdNumberError> {
    let text = super::normalise(text);
    let found = text.chars().count();
    if found != LEGACY_LENGTH {
        return Err(IdNumberError::WrongLength { found });
    }
    if let Some(at) = text.chars().position(|c| !c.is_ascii_digit()) {
        return Err(IdNumberError::WrongCharacter { position: at + 1 });
    }
    let (area, rest) = text
        .split_at_checked(6)
        .ok_or(IdNumberError::UnknownFormat)?;
    let mut number = format!("{area}19{rest}");
    number.extend(check_digit(&number));
    ResidentId::parse(&number)?;
    Ok(number)
}

fn check_characters(text: &str) -> Result<(), IdNumberError> {
    let wrong = text.chars().enumerate().find(|&(at, c)| match at {
        0 => !('1'..='8').contains(&c),
        17 => !(c.is_ascii_digit() || c == 'X'),
        _ => !c.is_ascii_digit(),
    });
    match wrong {
        Some((at, _)) => Err(IdNumberError::WrongCharacter { position: at + 1 }),
        None => Ok(()),
    }
}

fn part(text: &str, from: usize, to: usize) -> Result<&str, IdNumberError> {
    text.get(from..to).ok_or(IdNumberError::UnknownFormat)
}

/// `YYYYMMDD` as a real date of the years 1800 to 2099.
fn date(digits: &str) -> Result<NaiveDate, IdNumberError> {
    let number = |from, to| {
        digits
            .get(from..to)
            .and_then(|d: &str| d.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(4, 6), number(6, 8)) else {
        return Err(IdNumberError::BadDate);
    };
    i32::try_from(year)
        .ok()
        .filter(|year| (1800..2100).contains(year))
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(IdNumberError::BadDate)
}
