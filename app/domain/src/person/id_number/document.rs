//! The forms of numbers that are not resident numbers. They are lenient: few issuers publish a rule.

use super::{IdNumberError, IdType, resident};

const MAX_UNKNOWN: usize = 30;

/// Checks a normalised number of a kind that does not follow GB 11643.
///
/// # Errors
/// [`IdNumberError::UnknownFormat`], or [`IdNumberError::BadChecksum`] where the issuer publishes a check rule.
pub(super) fn check(kind: IdType, text: &str) -> Result<(), IdNumberError> {
    match kind {
        IdType::HongKong => hong_kong(text),
        IdType::Macao => known(macao_card(text) || travel_permit(text, 'M')),
        IdType::TaiwanPass => known(taiwan(text)),
        IdType::ForeignPermanentResidence => permanent_residence(text),
        IdType::Passport => known((5..=17).contains(&text.len()) && alphanumeric(text)),
        IdType::OfficerCard
        | IdType::SoldierCard
        | IdType::CivilianCadreCard
        | IdType::RetiredMilitaryCard
        | IdType::HouseholdRegister
        | IdType::Other
        | IdType::ResidentIdCard
        | IdType::HongKongMacaoResidencePermit
        | IdType::TaiwanResidencePermit => unpublished(text),
    }
}

fn known(matches: bool) -> Result<(), IdNumberError> {
    if matches {
        Ok(())
    } else {
        Err(IdNumberError::UnknownFormat)
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

fn alphanumeric(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// `H12345678`, formerly with two digits for the times of renewal.
fn travel_permit(text: &str, letter: char) -> bool {
    text.strip_prefix(letter)
        .is_some_and(|rest| digits(rest, 8) || digits(rest, 10))
}

/// `1234567(8)`, first digit 1, 5 or 7.
fn macao_card(text: &str) -> bool {
    bracketed(text).is_some_and(|(body, check)| {
        digits(body, 7) && body.starts_with(['1', '5', '7']) && check.is_ascii_digit()
    })
}

fn taiwan(text: &str) -> bool {
    let identity = text
        .strip_prefix(|c: char| c.is_ascii_uppercase())
        .is_some_and(|rest| digits(rest, 9));
    identity || digits(text, 8) || digits(text, 10)
}

fn hong_kong(text: &str) -> Result<(), IdNumberError> {
    if travel_permit(text, 'H') {
        return Ok(());
    }
    let (body, check) = bracketed(text).ok_or(IdNumberError::UnknownFormat)?;
    let number = body.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = body.len() - number.len();
    if !digits(number, 6)
        || !(1..=2).contains(&letters)
        || !(check.is_ascii_digit() || check == 'A')
    {
        return Err(IdNumberError::UnknownFormat);
    }
    if check.to_digit(11) == Some(hong_kong_check(body)) {
        Ok(())
    } else {
        Err(IdNumberError::BadChecksum)
    }
}

/// Weights 9 to 2 over eight places (a missing first letter counts 36), complement to 11, 10 is written A.
fn hong_kong_check(body: &str) -> u32 {
    let blank = if body.len() == 7 { 9 * 36 } else { 0 };
    let values = body
        .chars()
        .rev()
        .zip(2..)
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight);
    (11 - (blank + values.sum::<u32>()) % 11) % 11
}

/// Splits `body(c)`.
fn bracketed(text: &str) -> Option<(&str, char)> {
    let (body, rest) = text.split_once('(')?;
    let mut inside = rest.strip_suffix(')')?.chars();
    let check = inside.next()?;
    inside.next().is_none().then_some((body, check))
}

/// 2017 card: three letters and twelve digits. Since 1 December 2023: 18 characters from 9, MOD 11-2.
fn permanent_residence(text: &str) -> Result<(), IdNumberError> {
    let old = text.split_at_checked(3).is_some_and(|(country, rest)| {
        country.bytes().all(|b| b.is_ascii_uppercase()) && digits(rest, 12)
    });
    if old {
        return Ok(());
    }
    let (body, last) = text
        .split_at_checked(17)
        .ok_or(IdNumberError::UnknownFormat)?;
    known(body.starts_with('9') && digits(body, 17) && last.len() == 1)?;
    if resident::check_digit(body).is_some_and(|expected| last.starts_with(expected)) {
        Ok(())
    } else {
        Err(IdNumberError::BadChecksum)
    }
}

/// No rule is published: letters, digits, Han and the signs that such numbers are written with.
fn unpublished(text: &str) -> Result<(), IdNumberError> {
    let count = text.chars().count();
    known(
        (1..=MAX_UNKNOWN).contains(&count)
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || "()-/〔〕.#".contains(c)),
    )
}
