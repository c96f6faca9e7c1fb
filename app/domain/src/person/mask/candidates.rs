//! Counts the ID numbers that fit what a response shows. The tests of whole responses use it.

use crate::codes::Sex;
use chrono::NaiveDate;
use std::ops::RangeInclusive;

const MODULUS: usize = 11;
const CHECK: &str = "10X98765432";

/// What somebody knows who sees a response.
#[derive(Clone, Debug)]
pub struct Observer<'a> {
    /// The area codes considered possible; one when the response shows the area.
    pub areas: &'a [&'a str],
    /// The possible days of birth; one when the response shows the birth date.
    pub born: RangeInclusive<NaiveDate>,
    /// The sex, where shown.
    pub sex: Option<Sex>,
}

/// How many valid resident numbers agree with a masked one (`*` for a hidden character) and with what the observer
/// knows. Exact, check character included. A text that is not 18 characters long leaves 0.
pub fn candidates_left(masked: &str, observer: &Observer<'_>) -> u64 {
    let mask: Vec<char> = masked.chars().collect();
    let (Some(area), Some(date), Some(serial), Some(check), 18) = (
        mask.get(..6),
        mask.get(6..14),
        mask.get(14..17),
        mask.get(17),
        mask.len(),
    ) else {
        return 0;
    };
    let areas = remainders(
        observer.areas.iter().map(|area| (*area).to_owned()),
        area,
        17,
    );
    let serials = (0..1000)
        .filter(|serial| fits_sex(*serial, observer.sex))
        .map(|serial| format!("{serial:03}"));
    let serials = remainders(serials, serial, 3);
    let days = observer
        .born
        .start()
        .iter_days()
        .take_while(|day| day <= observer.born.end());
    let days = remainders(days.map(|day| day.format("%Y%m%d").to_string()), date, 11);
    let sums = combine(&combine(&areas, &days), &serials);
    CHECK
        .chars()
        .zip(sums)
        .filter(|(expected, _)| *check == '*' || check == expected)
        .map(|(_, count)| count)
        .sum()
}

fn fits_sex(serial: u32, sex: Option<Sex>) -> bool {
    match sex {
        Some(Sex::Male) => serial % 2 == 1,
        Some(Sex::Female) => serial.is_multiple_of(2),
        Some(Sex::Unknown | Sex::Unspecified) | None => true,
    }
}

/// For each remainder modulo 11: how many of the texts that fit the mask have it. `power` is the exponent of two that
/// weighs the first character (GB 11643 weighs place n from the right with 2^(n-1)).
fn remainders(texts: impl Iterator<Item = String>, mask: &[char], power: u32) -> [u64; MODULUS] {
    let mut counts = [0; MODULUS];
    for text in texts.filter(|text| fits(text, mask)) {
        let digits = text.chars().zip((0..=power).rev());
        let sum: usize = digits
            .map(|(c, n)| c.to_digit(10).unwrap_or(0) as usize * (1 << n))
            .sum();
        if let Some(count) = counts.get_mut(sum % MODULUS) {
            *count += 1;
        }
    }
    counts
}

fn fits(text: &str, mask: &[char]) -> bool {
    text.chars().count() == mask.len()
        && text
            .chars()
            .zip(mask)
            .all(|(c, shown)| *shown == '*' || *shown == c)
}

/// Adds remainders.
fn combine(left: &[u64; MODULUS], right: &[u64; MODULUS]) -> [u64; MODULUS] {
    let mut out = [0; MODULUS];
    for (a, left_count) in left.iter().enumerate() {
        for (b, right_count) in right.iter().enumerate() {
            if let Some(count) = out.get_mut((a + b) % MODULUS) {
                *count += left_count * right_count;
            }
        }
    }
    out
}
