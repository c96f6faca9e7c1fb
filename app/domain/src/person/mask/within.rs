//! Document numbers that stand in a text of another kind: the name of a photo, the path of a file.

use super::id_text;
use crate::person::id_number::{
    IdNumber, IdNumberError, IdType, ResidentId, expand_15, half_width,
};
use std::ops::Range;

/// Characters of a resident number.
const RESIDENT: usize = 18;
/// Characters of a passport of most states: one or two letters, then digits. No candidate number is so short.
const PASSPORT: usize = 9;

/// Characters of a candidate number.
const CANDIDATE: usize = 14;
/// Fewest digits that are masked where nothing else tells what they are: the passes of Taiwan have eight.
const BARE: usize = 7;

/// Masks every part of a text that reads as the number of an identity document. A resident number whose check character
/// is wrong is one with a slip in it, and is masked too. Bare digits may be a pass or a passport as well as a date or a
/// student number: in doubt they are masked. Candidate numbers stay, for by them a photo is looked for.
pub fn document_numbers_in(text: &str) -> String {
    let plain: Vec<char> = text
        .chars()
        .map(|c| half_width(c).to_ascii_uppercase())
        .collect();
    let mut shown: Vec<char> = text.chars().collect();
    let bracketed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | ')');
    let numbers = runs(&plain, |c| c.is_ascii_digit() || c == 'X')
        .filter(|(_, run)| is_resident(run))
        .chain(runs(&plain, bracketed).filter(|(_, run)| is_other(run)))
        .chain(
            runs(&plain, |c| c.is_ascii_alphanumeric())
                .filter(|(_, run)| is_other(run) || is_bare(run)),
        );
    for (place, number) in numbers {
        let masked = id_text(&number);
        let places = shown.iter_mut().skip(place.start).take(place.len());
        for (own, mask) in places.zip(masked.as_str().chars()) {
            *own = mask;
        }
    }
    shown.into_iter().collect()
}

/// Whether a text holds what reads as the number of somebody: of a document, of a candidate, of a telephone. No heading of
/// a column does.
pub fn holds_number(text: &str) -> bool {
    let plain: Vec<char> = text.chars().map(half_width).collect();
    let long = |run: &[char]| run.len() >= BARE;
    plain.split(|c| !c.is_ascii_digit()).any(long) || document_numbers_in(text) != text
}

/// The longest parts that consist of such characters, with their places.
fn runs(
    text: &[char],
    belongs: impl Fn(char) -> bool,
) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut at = 0;
    text.chunk_by(move |a, b| belongs(*a) == belongs(*b))
        .map(move |chunk| {
            let from = at;
            at += chunk.len();
            (from..at, chunk.iter().collect())
        })
}

fn is_resident(run: &str) -> bool {
    let characters: Vec<char> = run.chars().collect();
    let long = characters.windows(RESIDENT).any(|part| {
        let number: String = part.iter().collect();
        matches!(
            ResidentId::parse(&number),
            Ok(_) | Err(IdNumberError::BadChecksum)
        )
    });
    long || expand_15(run).is_ok()
}

/// Digits alone, too many for a serial number and not as many as a candidate number has.
fn is_bare(run: &str) -> bool {
    run.len() >= BARE && run.len() != CANDIDATE && run.bytes().all(|digit| digit.is_ascii_digit())
}

/// Documents of Hong Kong, Macao, Taiwan and other states, as far as more than their digits tells them.
fn is_other(run: &str) -> bool {
    let kinds = [
        IdType::HongKong,
        IdType::Macao,
        IdType::TaiwanPass,
        IdType::ForeignPermanentResidence,
    ];
    let digits = run.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = run.len() - digits.len();
    let passport = run.len() == PASSPORT
        && matches!(letters, 1 | 2)
        && digits.bytes().all(|digit| digit.is_ascii_digit());
    let of_kind = kinds
        .into_iter()
        .any(|kind| IdNumber::parse(kind, run).is_ok());
    let told = letters > 0 || run.contains('(') || run.len() == RESIDENT;
    passport || (told && of_kind)
}
