//! What is shown of personal data to those without the right to the plain text.
//!
//! The mask of an ID number depends on what else the same response shows: beside a birth date the usual "first six and
//! last four" leaves one single number. A mask here leaves at least [`MIN_CANDIDATES`], whatever of the area is known.

mod candidates;
mod within;

use super::id_number::{IdNumber, IdType};
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

pub use candidates::{Observer, candidates_left};
pub use within::{document_numbers_in, holds_number};

/// Numbers that an observer must still have to choose from.
pub const MIN_CANDIDATES: u32 = 100;

/// Days of birth of one intake: three years. The grade stands on nearly every page, so more must not be counted on.
const COHORT_DAYS: u32 = 1096;
const STAR: char = '*';

/// A masked text. Only the functions of this module make one from plain data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked(String);

impl Masked {
    /// The text to show.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Masked> for String {
    fn from(masked: Masked) -> Self {
        masked.0
    }
}

impl std::fmt::Display for Masked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the viewer sees beside the number: in any part of this response and on any other page open to the same role,
/// because a list without birth dates and a detail page with them are soon laid side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskContext {
    /// The birth date or a part of it, or the age.
    pub birth_date_shown: bool,
    /// The sex.
    pub sex_shown: bool,
    /// The area that the number begins with. The mask then shows the same six digits.
    pub area_shown: bool,
}

/// The safe choice: birth date and sex are seen somewhere, the area is not to be given away.
impl Default for MaskContext {
    fn default() -> Self {
        Self {
            birth_date_shown: true,
            sex_shown: true,
            area_shown: false,
        }
    }
}

/// How many characters stay at the front and at the end.
#[derive(Clone, Copy)]
struct Shape {
    front: usize,
    tail: usize,
}

impl Shape {
    const HIDDEN: Self = Self { front: 0, tail: 0 };

    /// Numbers left when area is known: days of birth, serial numbers, and one in eleven of them per check character.
    const fn candidates(self, context: MaskContext) -> u32 {
        let days = if context.birth_date_shown {
            1
        } else {
            COHORT_DAYS
        };
        let serials = match self.tail {
            0 | 1 if context.sex_shown => 500,
            0 | 1 => 1000,
            2 => 100,
            3 => 10,
            _ => 1,
        };
        days * serials / if self.tail == 0 { 1 } else { 11 }
    }

    fn apply(self, text: &str) -> Masked {
        let count = text.chars().count();
        let shown = |at: usize| at < self.front || at + self.tail >= count;
        let mut masked = String::with_capacity(text.len());
        masked.extend(
            text.chars()
                .enumerate()
                .map(|(at, c)| if shown(at) { c } else { STAR }),
        );
        Masked(masked)
    }
}

/// Masks a number that has the form its document requires.
pub fn id_number(number: &IdNumber, context: MaskContext) -> Masked {
    if number.resident().is_none() {
        return document(number.kind(), number.expose());
    }
    let front = if context.area_shown { 6 } else { 3 };
    let shape = [4, 3, 2, 1]
        .map(|tail| Shape { front, tail })
        .into_iter()
        .find(|shape| shape.candidates(context) >= MIN_CANDIDATES)
        .unwrap_or(Shape { front, tail: 0 });
    shape.apply(number.expose())
}

/// Masks a text from an ID number column that did not parse: it may be a real number with one wrong character.
pub fn id_text(text: &str) -> Masked {
    let front = match text.chars().count() {
        15.. => 3,
        8.. => 1,
        _ => 0,
    };
    Shape {
        front,
        ..Shape::HIDDEN
    }
    .apply(text)
}

/// Other documents: the first character only. A permanent resident's number carries nationality and birth date.
fn document(kind: IdType, text: &str) -> Masked {
    let front = usize::from(kind != IdType::ForeignPermanentResidence && text.chars().count() >= 8);
    Shape {
        front,
        ..Shape::HIDDEN
    }
    .apply(text)
}

/// `138****5678`; shorter numbers show their last two digits, or nothing.
pub fn phone(text: &str) -> Masked {
    let text = text.trim();
    match text.chars().count() {
        11.. => Shape { front: 3, tail: 4 },
        7.. => Shape { front: 0, tail: 2 },
        _ => Shape::HIDDEN,
    }
    .apply(text)
}

/// Most stars in a name: how long a long one is says much of it, and fills a phone.
const NAME_STARS: usize = 3;

/// `张*`, `欧*娜`, `欧**娜`, `阿***提`: the first character and, from three on, the last; of a long name the length is
/// hidden too. A compound surname is not shown whole.
pub fn name(text: &str) -> Masked {
    let plain: String = text.trim().chars().filter(|&c| !is_mark(c)).collect();
    let count = plain.chars().count();
    let shape = match count {
        3.. => Shape { front: 1, tail: 1 },
        2 => Shape { front: 1, tail: 0 },
        _ => Shape::HIDDEN,
    };
    let surplus = count.saturating_sub(NAME_STARS + shape.front + shape.tail);
    let kept = |at: &usize| *at <= shape.front || *at > shape.front + surplus;
    let short = plain.chars().enumerate().filter(|(at, _)| kept(at));
    shape.apply(&short.map(|(_, c)| c).collect::<String>())
}

/// Marks change the character before them and are no characters of their own.
fn is_mark(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// `26****17`.
pub fn student_number(text: &str) -> Masked {
    let text = text.trim();
    match text.chars().count() {
        8.. => Shape { front: 2, tail: 2 },
        4.. => Shape { front: 2, tail: 0 },
        _ => Shape::HIDDEN,
    }
    .apply(text)
}

/// `2631********01`: year and province, and the last two of the serial number.
pub fn candidate_number(text: &str) -> Masked {
    let text = text.trim();
    match text.chars().count() {
        10.. => Shape { front: 4, tail: 2 },
        6.. => Shape { front: 2, tail: 0 },
        _ => Shape::HIDDEN,
    }
    .apply(text)
}
