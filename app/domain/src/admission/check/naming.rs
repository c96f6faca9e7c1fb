//! Rules on names (formats.md §5).

use super::CheckContext;
use super::reading::Reading;
use super::row::Findings;
use crate::admission::finding::{FindingKind as Kind, Severity};
use crate::admission::source::SourceField as Field;
use crate::person::name::{NameProblem, check_name, store_name};

const REPLACEMENT: char = '\u{fffd}';

/// Everything that is wrong with a name. A name that could not be decoded is the decoder's finding.
pub(super) fn name_is_sound(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let raw = reading.entry.raw_name();
    if raw.contains(REPLACEMENT) {
        return;
    }
    if is_spaced(raw) {
        out.add(Kind::SpacedName, Field::Xm, raw.trim());
    }
    let mut missing_said = false;
    for problem in check_name(raw) {
        match problem {
            NameProblem::Empty => out.add(Kind::MissingName, Field::Xm, ""),
            NameProblem::MissingGlyph | NameProblem::MixedLatin => {
                if !missing_said {
                    out.add(Kind::MissingGlyph, Field::Xm, &store_name(raw));
                }
                missing_said = true;
            }
            NameProblem::PrivateUse => out.add(Kind::PrivateUseGlyph, Field::Xm, &code_points(raw)),
            NameProblem::DotVariant => out.add(Kind::DotVariant, Field::Xm, raw.trim()),
            NameProblem::ForbiddenCharacter { position } => {
                out.add(Kind::BadNameCharacter, Field::Xm, &format!("#{position}"));
            }
            NameProblem::TooManyCharacters { found } => {
                out.weigh(
                    Kind::NameTooLong,
                    Severity::Error,
                    Field::Xm,
                    &found.to_string(),
                );
            }
            NameProblem::TooLong { bytes } => {
                out.add(Kind::NameTooLong, Field::Xm, &format!("{bytes} > 40"));
            }
        }
    }
}

/// Whether the stored form lacks blanks that the name has inside (rule V4).
fn is_spaced(raw: &str) -> bool {
    let blank = |text: &str| text.contains(char::is_whitespace);
    blank(raw.trim()) && !blank(&store_name(raw))
}

/// The private-use code points, which no font shows alike.
fn code_points(name: &str) -> String {
    let private = name
        .chars()
        .filter(|c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'));
    private
        .map(|c| format!("U+{:04X}", u32::from(c)))
        .collect::<Vec<_>>()
        .join(" ")
}
