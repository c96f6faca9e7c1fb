//! Names: the form that is stored, the key that decides equality, and what is wrong with a name.
//!
//! Sources: 民委发〔2016〕33号 (the dot U+00B7 is the only one; at least 50 bytes), GB 18030-2022.

mod glyph;

use super::id_number::is_invisible;
use unicode_normalization::UnicodeNormalization;

pub use glyph::gb18030_len;

/// 间隔号, the only dot of a name.
pub const DOT: char = '\u{b7}';
/// Bytes in GB18030 that the platform's field XM holds.
pub const PLATFORM_BYTES: usize = 40;
/// Characters of a name written in Han.
pub const MAX_HAN: usize = 25;
/// Characters of a name in other scripts.
pub const MAX_OTHER: usize = 50;

/// Characters that stand for the dot in real lists. Compatibility normalisation does not unify them.
const DOT_VARIANTS: [char; 10] = [
    '\u{2022}', '\u{2027}', '\u{30fb}', '\u{ff65}', '\u{2219}', '\u{22c5}', '\u{2d9}', '\u{ff0e}',
    '\u{387}', '.',
];
/// Signs that stand for a character somebody could not type.
const SUBSTITUTES: [char; 8] = ['?', '？', '□', '■', '〓', '*', '※', '\u{fffd}'];

/// What is wrong with a name. Places count from 1 in the stored form; the name is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing is left after trimming.
    Empty,
    /// A sign stands for a missing character (`??`, `□`, `&#12345;`): 待补字, never guessed.
    MissingGlyph,
    /// A private-use code point, shown differently by every font: 待补字.
    PrivateUse,
    /// Latin letters inside a Han name, usually pinyin for a missing character: 待补字.
    MixedLatin,
    /// A dot other than U+00B7; stored as U+00B7 once accepted.
    DotVariant,
    /// A character that no name holds.
    ForbiddenCharacter {
        /// Place, from 1.
        position: usize,
    },
    /// More than 25 characters in Han or 50 otherwise.
    TooManyCharacters {
        /// Characters found.
        found: usize,
    },
    /// Does not fit the platform's field of 40 bytes: to be entered there by hand.
    TooLong {
        /// Bytes in GB18030.
        bytes: usize,
    },
}

impl NameProblem {
    /// Whether the name waits for a character (待补字).
    pub const fn waits_for_glyph(self) -> bool {
        matches!(
            self,
            Self::MissingGlyph | Self::PrivateUse | Self::MixedLatin
        )
    }

    /// Whether the name may be registered once somebody has accepted it.
    pub const fn is_warning(self) -> bool {
        matches!(self, Self::DotVariant | Self::TooLong { .. })
    }
}

/// The form that is stored, beside the text as it came. Applying it again changes nothing.
///
/// Zero-width characters and space around the name go, Latin letters become half-width, dot variants between two Han
/// characters become one U+00B7, and spaces inside go when all the rest is Han (`张　三`).
pub fn store_name(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|&c| !is_invisible(c))
        .map(half_width_latin)
        .collect();
    let trimmed = visible.trim();
    let han_only = trimmed
        .chars()
        .all(|c| is_han(c) || is_dot(c) || c.is_whitespace());
    let chars: Vec<char> = trimmed
        .chars()
        .filter(|c| !(han_only && c.is_whitespace()))
        .collect();
    unify_dots(&chars)
}

fn half_width_latin(c: char) -> char {
    match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Replaces each run of dots by one U+00B7 where it stands between Han characters or holds nothing else.
fn unify_dots(chars: &[char]) -> String {
    let mut out = String::with_capacity(chars.len() * 3);
    let mut runs = chars.chunk_by(|a, b| is_dot(*a) == is_dot(*b)).peekable();
    let mut after_han = false;
    while let Some(run) = runs.next() {
        let before_han = runs
            .peek()
            .and_then(|next| next.first())
            .copied()
            .is_some_and(is_han);
        if run.iter().copied().all(is_dot)
            && (after_han && before_han || run.iter().all(|&c| c == DOT))
        {
            out.push(DOT);
        } else {
            out.extend(run);
        }
        after_han = run.last().copied().is_some_and(is_han);
    }
    out
}

/// The key of equality for registration: two names are the same when their keys are. Never stored as the name,
/// because normalising replaces some characters that a person's document shows. Applying it again changes nothing.
pub fn name_key(text: &str) -> String {
    let standard: String = store_name(text)
        .chars()
        .map(glyph::standard)
        .nfc()
        .map(upper_latin)
        .collect();
    store_name(&standard)
}

/// A part of a name as it is looked for in keys of names: a dot at its end, of whatever kind, has nothing to stand
/// between there.
pub fn name_part(text: &str) -> String {
    let inner = text.trim_matches(|c| is_dot(c) || c.is_whitespace());
    name_key(if inner.is_empty() { text } else { inner })
}

/// A wider key for the search for duplicates only: dots, spaces, hyphens and apostrophes do not count.
pub fn loose_key(text: &str) -> String {
    let ignored = |c: char| is_dot(c) || c.is_whitespace() || matches!(c, '-' | '\'' | '’');
    let key: String = name_key(text).chars().filter(|&c| !ignored(c)).collect();
    name_key(&key)
}

fn upper_latin(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) if is_latin(c) => single,
        _ => c,
    }
}

/// Everything that is wrong with a name, worst first. Give the text as it came: a stored name has no dot variants left.
pub fn check_name(text: &str) -> Vec<NameProblem> {
    let stored = store_name(text);
    if stored.is_empty() {
        return vec![NameProblem::Empty];
    }
    let missing = stored.contains(SUBSTITUTES) || stored.contains("&#");
    let private = stored.chars().any(is_private_use);
    let has_han = stored.chars().any(is_han);
    let mixed = has_han && stored.chars().any(is_latin);
    let forbidden = forbidden(&stored).filter(|_| !missing);
    let count = stored.chars().count();
    let bytes = gb18030_len(&stored);
    [
        missing.then_some(NameProblem::MissingGlyph),
        private.then_some(NameProblem::PrivateUse),
        mixed.then_some(NameProblem::MixedLatin),
        forbidden.map(|position| NameProblem::ForbiddenCharacter { position }),
        (count > if has_han { MAX_HAN } else { MAX_OTHER })
            .then_some(NameProblem::TooManyCharacters { found: count }),
        has_dot_variant(text).then_some(NameProblem::DotVariant),
        (bytes > PLATFORM_BYTES).then_some(NameProblem::TooLong { bytes }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// In a name without Han the full stop is an ordinary sign (`John A. Smith`).
fn has_dot_variant(text: &str) -> bool {
    let full_stop_counts = text.chars().any(is_han);
    text.chars()
        .any(|c| DOT_VARIANTS.contains(&c) && (c != '.' || full_stop_counts))
}

/// The place of the first character that no name holds.
fn forbidden(stored: &str) -> Option<usize> {
    let has_han = stored.chars().any(is_han);
    let edge = stored.starts_with(DOT) || stored.ends_with(DOT);
    let allowed = |c: char| {
        is_han(c)
            || is_latin(c)
            || c == DOT
            || is_private_use(c)
            || (!has_han && matches!(c, ' ' | '-' | '\'' | '’' | '.'))
    };
    let dot_at_edge = edge.then(|| {
        if stored.starts_with(DOT) {
            1
        } else {
            stored.chars().count()
        }
    });
    stored
        .chars()
        .position(|c| !allowed(c))
        .map(|at| at + 1)
        .or(dot_at_edge)
}

fn is_dot(c: char) -> bool {
    c == DOT || DOT_VARIANTS.contains(&c)
}

fn is_private_use(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Latin letters with and without diacritics; half-width only.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{41}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
        || c.is_ascii_alphabetic()
}

/// Han: URO, extensions A to I, compatibility ideographs, 〇 and 々.
pub(super) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}'
        | '\u{30000}'..='\u{323af}')
}
