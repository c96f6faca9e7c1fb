//! Finding a unit by what people write: its code, or its name where only one has it.

use super::unit::{KnownUnit, UnitKind};
use uuid::Uuid;

/// Why a unit is not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfound {
    /// No unit has this code or name.
    #[error("there is no unit with this code or name")]
    Missing,
    /// It lies in another college.
    #[error("the unit belongs to another college")]
    Elsewhere,
    /// Several have this name: only the code tells them apart.
    #[error("several units have this name; the code tells them apart")]
    Ambiguous,
}

/// The unit of a kind with a code or name, within a college where one is given. A post reaches what it names, so a name
/// that two units bear names neither.
///
/// # Errors
/// [`Unfound`].
pub fn find_unit<'u>(
    units: &'u [KnownUnit],
    kind: UnitKind,
    text: &str,
    college: Option<Uuid>,
) -> Result<&'u KnownUnit, Unfound> {
    let inside = |unit: &&KnownUnit| college.is_none_or(|id| lies_in(units, unit, id));
    let of_kind = || units.iter().filter(move |u| u.kind == kind);
    if let Some(unit) = of_kind().find(|u| u.code == text) {
        return Some(unit).filter(inside).ok_or(Unfound::Elsewhere);
    }
    let bearers: Vec<&KnownUnit> = of_kind().filter(|u| u.name == text).collect();
    let here: Vec<&KnownUnit> = bearers.iter().copied().filter(inside).collect();
    match here.as_slice() {
        [unit] => Ok(unit),
        [] if bearers.is_empty() => Err(Unfound::Missing),
        [] => Err(Unfound::Elsewhere),
        _ => Err(Unfound::Ambiguous),
    }
}

/// Whether a class or major stands under a college, directly or through its major.
fn lies_in(units: &[KnownUnit], unit: &KnownUnit, college: Uuid) -> bool {
    let above = |id: Uuid| units.iter().find(|u| u.id == id).and_then(|u| u.parent);
    let first = unit.parent;
    first == Some(college) || first.and_then(above) == Some(college)
}
