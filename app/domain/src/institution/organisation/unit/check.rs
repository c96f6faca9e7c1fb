//! The check of a file of units: each row makes a unit, changes one, says what is there already, or has an error.

use super::read::{
    CATALOGUE, CODE, DURATION, FROM, GRADE, KIND, NAME, NATIONAL, PARENT, PHONE, PROVINCE_SHORT,
    Reading, SHORT, UNTIL, code_form, date_form, duration_form, heading, name_form, phone_form,
    year_form,
};
use super::{
    CatalogueAnswer, KnownUnit, Parent, PlannedUnit, UnitChange, UnitFacts, UnitKind, UnitPlan,
};
use crate::institution::organisation::OrganisationRow;
use crate::institution::organisation::finding::{Issue, OrganisationFinding};
use crate::institution::organisation::layout::PlatformLayout;
use crate::person::name::gb18030_len;
use crate::text::Label as _;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What one row comes to.
enum RowReading {
    /// It has an error.
    Wrong,
    /// The unit is there already.
    Unchanged,
    /// The unit is there and is to be changed.
    Change(Box<UnitChange>),
    /// The unit is to be made, once its parent is found.
    Planned(Box<PlannedUnit>),
}

/// What a row says, cell by cell, before it is known whether the unit is there.
struct Cells {
    kind: UnitKind,
    code: String,
    name: String,
    from: Option<NaiveDate>,
    facts: UnitFacts,
}

/// Checks a file of units. `catalogue` answers for a year and a code. Units that are there and not over are known, also
/// those that begin later.
pub fn check_units(
    rows: &[OrganisationRow],
    known: &[KnownUnit],
    catalogue: impl Fn(i32, &str) -> CatalogueAnswer,
    today: NaiveDate,
) -> UnitPlan {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut read: Vec<(PlannedUnit, String)> = Vec::new();
    let mut changes = Vec::new();
    let mut failed: BTreeSet<(UnitKind, String)> = BTreeSet::new();
    for row in rows {
        let mut reading = Reading {
            row,
            findings: &mut findings,
            failed: false,
        };
        match read_unit(&mut reading, known, &mut seen, &catalogue, today) {
            RowReading::Planned(unit) => read.push((*unit, row.cell(PARENT).to_owned())),
            RowReading::Change(change) => changes.push(*change),
            RowReading::Unchanged => {}
            RowReading::Wrong => {
                let code = row.cell(CODE).to_owned();
                failed.extend(kind_of(row.cell(KIND)).map(|kind| (kind, code)));
            }
        }
    }
    let ends = ends_after(known, &changes);
    let units = place_under_parents(read, (known, &ends), &failed, &mut findings);
    let changes = ended_after_their_children(changes, &units, known, &mut findings);
    findings.sort_by_key(|f| f.row);
    UnitPlan {
        units,
        changes,
        findings,
    }
}

fn kind_of(text: &str) -> Option<UnitKind> {
    UnitKind::ALL.into_iter().find(|k| k.label().zh == text)
}

/// Reads one row.
fn read_unit(
    reading: &mut Reading<'_>,
    known: &[KnownUnit],
    seen: &mut BTreeSet<(UnitKind, String)>,
    catalogue: &impl Fn(i32, &str) -> CatalogueAnswer,
    today: NaiveDate,
) -> RowReading {
    let kind = kind_of(reading.cell(KIND));
    if kind.is_none() {
        let empty = reading.cell(KIND).is_empty();
        reading.say(
            KIND,
            if empty {
                Issue::Empty
            } else {
                Issue::UnknownChoice
            },
        );
    }
    let code = reading.cell(CODE);
    let there = known
        .iter()
        .find(|k| Some(k.kind) == kind && k.code == code);
    let Some(cells) = read_cells(reading, kind, there.is_some(), catalogue) else {
        return RowReading::Wrong;
    };
    if !seen.insert((cells.kind, cells.code.clone())) {
        reading.say(CODE, Issue::Repeated);
    }
    match there {
        Some(unit) => against(reading, unit, known, cells, today),
        None => planned(reading, cells, today),
    }
}

/// Every cell in its form; a unit that is there need not be described again.
fn read_cells(
    reading: &mut Reading<'_>,
    kind: Option<UnitKind>,
    there: bool,
    catalogue: &impl Fn(i32, &str) -> CatalogueAnswer,
) -> Option<Cells> {
    let code = reading.read(CODE, true, code_form);
    let name = reading.read(NAME, true, name_form);
    let major = kind == Some(UnitKind::Major) && !there;
    let catalogue_year = reading.read(CATALOGUE, major, year_form);
    let answer = |code: &str| catalogue(catalogue_year.unwrap_or_default(), code);
    let national_code = reading.read(NATIONAL, major, |text| {
        (answer(text) != CatalogueAnswer::NoCode).then(|| text.to_owned())
    });
    let duration = reading.read(DURATION, major, duration_form);
    let grade = reading.read(GRADE, kind == Some(UnitKind::Class) && !there, year_form);
    let phone = reading.read(PHONE, false, phone_form);
    let short = [
        (PlatformLayout::Chsi, SHORT),
        (PlatformLayout::ProvinceSpecial, PROVINCE_SHORT),
    ];
    let short_names = short
        .into_iter()
        .filter_map(|(layout, column)| Some((layout, reading.read(column, false, name_form)?)))
        .collect();
    let from = reading.read(FROM, false, date_form);
    let valid_to = reading.read(UNTIL, false, date_form);
    match national_code.as_deref().map(answer) {
        Some(CatalogueAnswer::NotListed) => reading.say(NATIONAL, Issue::NotInCatalogue),
        Some(CatalogueAnswer::ListedNowhere) => reading.say(NATIONAL, Issue::InNoCatalogue),
        Some(CatalogueAnswer::NoCode | CatalogueAnswer::Listed | CatalogueAnswer::NoCatalogue)
        | None => {}
    }
    let cells = Cells {
        kind: kind?,
        code: code?,
        name: name?,
        from,
        facts: UnitFacts {
            national_code,
            catalogue_year,
            duration,
            grade,
            phone,
            short_names,
            valid_to,
        },
    };
    Some(cells)
}

fn planned(reading: &mut Reading<'_>, cells: Cells, today: NaiveDate) -> RowReading {
    let valid_from = cells.from.unwrap_or(today);
    check_widths(reading, cells.kind, &cells.name, &cells.facts);
    if cells.facts.valid_to.is_some_and(|end| end < valid_from) {
        reading.say(UNTIL, Issue::EndBeforeStart);
    }
    if !cells.kind.parents().is_empty() && reading.cell(PARENT).is_empty() {
        reading.say(PARENT, Issue::Empty);
    }
    if reading.failed {
        return RowReading::Wrong;
    }
    RowReading::Planned(Box::new(PlannedUnit {
        row: reading.row.row,
        kind: cells.kind,
        code: cells.code,
        name: cells.name,
        parent: Parent::None,
        facts: cells.facts,
        valid_from,
    }))
}

/// A row about a unit that is there: what its filled cells say otherwise is a change.
fn against(
    reading: &mut Reading<'_>,
    unit: &KnownUnit,
    known: &[KnownUnit],
    cells: Cells,
    today: NaiveDate,
) -> RowReading {
    let from = cells.from.filter(|day| *day != unit.valid_from);
    // A code typed wrongly must not rename another unit: the day of the new name is asked for.
    if cells.name != unit.name && from.is_none() {
        reading.say(CODE, Issue::OtherName);
    }
    if from.is_some_and(|day| day > today) {
        reading.say(FROM, Issue::NotYet);
    }
    if from.is_some_and(|day| day < unit.valid_from) {
        reading.say(FROM, Issue::BeforeUnit);
    }
    let above = reading.cell(PARENT);
    let parent = known.iter().find(|k| Some(k.id) == unit.parent);
    if !above.is_empty() && parent.is_none_or(|p| p.code != above) {
        reading.say(PARENT, Issue::OtherParent);
    }
    let facts = merged(&unit.facts, cells.facts);
    if facts.valid_to.is_some_and(|end| end < unit.valid_from) {
        reading.say(UNTIL, Issue::EndBeforeStart);
    }
    let differences = differences(unit, &cells.name, &facts);
    if !differences.is_empty() {
        check_widths(reading, unit.kind, &cells.name, &facts);
    }
    if reading.failed {
        return RowReading::Wrong;
    }
    if differences.is_empty() {
        reading.say(CODE, Issue::Unchanged);
        return RowReading::Unchanged;
    }
    let row = reading.row.row;
    for (column, before, after) in differences {
        let change = OrganisationFinding::change(row, heading(column), &before, &after);
        reading.findings.push(change);
    }
    RowReading::Change(Box::new(UnitChange {
        row,
        unit: unit.id,
        on: from.unwrap_or(today),
        name: cells.name,
        facts,
    }))
}

/// What holds once the filled cells are taken over; empty cells leave what is there.
fn merged(before: &UnitFacts, said: UnitFacts) -> UnitFacts {
    let mut short_names = before.short_names.clone();
    short_names.extend(said.short_names);
    UnitFacts {
        national_code: said.national_code.or_else(|| before.national_code.clone()),
        catalogue_year: said.catalogue_year.or(before.catalogue_year),
        duration: said.duration.or_else(|| before.duration.clone()),
        grade: said.grade.or(before.grade),
        phone: said.phone.or_else(|| before.phone.clone()),
        short_names,
        valid_to: said.valid_to.or(before.valid_to),
    }
}

/// Columns that differ, with what was there and what will be.
fn differences(unit: &KnownUnit, name: &str, after: &UnitFacts) -> Vec<(usize, String, String)> {
    let before = &unit.facts;
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let number = |value: Option<i32>| value.map(|n| n.to_string()).unwrap_or_default();
    let day = |value: Option<NaiveDate>| value.map(|d| d.to_string()).unwrap_or_default();
    let short = |facts: &UnitFacts, layout| text(facts.short_names.get(&layout));
    let (chsi, province) = (PlatformLayout::Chsi, PlatformLayout::ProvinceSpecial);
    let pairs = [
        (NAME, unit.name.clone(), name.to_owned()),
        (
            NATIONAL,
            text(before.national_code.as_ref()),
            text(after.national_code.as_ref()),
        ),
        (
            CATALOGUE,
            number(before.catalogue_year),
            number(after.catalogue_year),
        ),
        (
            DURATION,
            text(before.duration.as_ref()),
            text(after.duration.as_ref()),
        ),
        (GRADE, number(before.grade), number(after.grade)),
        (
            PHONE,
            text(before.phone.as_ref()),
            text(after.phone.as_ref()),
        ),
        (SHORT, short(before, chsi), short(after, chsi)),
        (
            PROVINCE_SHORT,
            short(before, province),
            short(after, province),
        ),
        (UNTIL, day(before.valid_to), day(after.valid_to)),
    ];
    pairs
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// Names go into the fields of the platforms' files: each needs a form that fits, and one form may serve both.
fn check_widths(reading: &mut Reading<'_>, kind: UnitKind, name: &str, facts: &UnitFacts) {
    let short = |layout| facts.short_names.get(&layout).map(String::as_str);
    let chsi = short(PlatformLayout::Chsi);
    for (layout, column) in [
        (PlatformLayout::Chsi, SHORT),
        (PlatformLayout::ProvinceSpecial, PROVINCE_SHORT),
    ] {
        let Some(width) = layout.width(kind) else {
            continue;
        };
        let own = short(layout);
        if own.is_some_and(|text| gb18030_len(text) > width) {
            reading.say(column, Issue::ShortNameTooLong);
            return;
        }
        if gb18030_len(own.or(chsi).unwrap_or(name)) > width {
            // What is wrong for one layout is not said again for the next.
            reading.say(column, Issue::ShortNameMissing);
            return;
        }
    }
}

/// Puts every unit under its parent, kind by kind, so that parents come before children.
fn place_under_parents(
    mut read: Vec<(PlannedUnit, String)>,
    (known, ends): (&[KnownUnit], &BTreeMap<Uuid, Option<NaiveDate>>),
    failed: &BTreeSet<(UnitKind, String)>,
    findings: &mut Vec<OrganisationFinding>,
) -> Vec<PlannedUnit> {
    read.sort_by_key(|(unit, _)| unit.kind);
    let mut out = failed.clone();
    let mut planned: Vec<PlannedUnit> = Vec::with_capacity(read.len());
    let mut places: BTreeMap<(UnitKind, String), usize> = BTreeMap::new();
    for (mut unit, above) in read {
        let kinds = unit.kind.parents();
        let found = kinds.iter().find_map(|kind| {
            let in_file = places.get(&(*kind, above.clone()));
            let there = known.iter().find(|k| k.kind == *kind && k.code == above);
            in_file
                .map(|at| Parent::Planned(*at))
                .or_else(|| there.map(|k| Parent::Known(k.id)))
        });
        let key = (unit.kind, unit.code.clone());
        match found {
            None if !kinds.is_empty() => {
                let wrong = kinds.iter().any(|k| out.contains(&(*k, above.clone())));
                let issue = if wrong {
                    Issue::ParentOut
                } else {
                    Issue::NoParent
                };
                findings.push(OrganisationFinding::new(unit.row, heading(PARENT), issue));
                out.insert(key);
            }
            Some(parent) if outlives(unit.facts.valid_to, last_day(&parent, ends, &planned)) => {
                let issue = Issue::OutlivesParent;
                findings.push(OrganisationFinding::new(unit.row, heading(UNTIL), issue));
                out.insert(key);
            }
            parent => {
                unit.parent = parent.unwrap_or(Parent::None);
                places.insert(key, planned.len());
                planned.push(unit);
            }
        }
    }
    planned
}

/// The last day of a parent.
fn last_day(
    parent: &Parent,
    ends: &BTreeMap<Uuid, Option<NaiveDate>>,
    planned: &[PlannedUnit],
) -> Option<NaiveDate> {
    match parent {
        Parent::None => None,
        Parent::Known(id) => ends.get(id).copied().flatten(),
        Parent::Planned(at) => planned.get(*at).and_then(|unit| unit.facts.valid_to),
    }
}

/// Last days of the units that are there, as they will be.
fn ends_after(known: &[KnownUnit], changes: &[UnitChange]) -> BTreeMap<Uuid, Option<NaiveDate>> {
    let there = known.iter().map(|k| (k.id, k.facts.valid_to));
    let renewed = changes.iter().map(|c| (c.unit, c.facts.valid_to));
    there.chain(renewed).collect()
}

fn outlives(end: Option<NaiveDate>, last: Option<NaiveDate>) -> bool {
    last.is_some_and(|last| end.is_none_or(|day| day > last))
}

/// Refuses to end a unit while something below it would go on, and to let one go on longer than what it stands under
/// (ADR 0020). A unit that is not ended after all may be what keeps the one above it in use: so until nothing more is
/// refused.
fn ended_after_their_children(
    mut changes: Vec<UnitChange>,
    units: &[PlannedUnit],
    known: &[KnownUnit],
    findings: &mut Vec<OrganisationFinding>,
) -> Vec<UnitChange> {
    let above: BTreeMap<Uuid, Uuid> = known
        .iter()
        .filter_map(|k| Some((k.id, k.parent?)))
        .collect();
    loop {
        let ends = ends_after(known, &changes);
        let end_of = |id: Uuid| ends.get(&id).copied().flatten();
        let there = above.iter().map(|(unit, parent)| (*parent, end_of(*unit)));
        let new = units.iter().filter_map(|unit| match unit.parent {
            Parent::Known(id) => Some((id, unit.facts.valid_to)),
            Parent::None | Parent::Planned(_) => None,
        });
        let used: BTreeSet<Uuid> = there
            .chain(new)
            .filter(|(parent, end)| outlives(*end, end_of(*parent)))
            .map(|(parent, _)| parent)
            .collect();
        let issue = |change: &UnitChange| {
            let parent = above.get(&change.unit).copied();
            if used.contains(&change.unit) {
                Some(Issue::StillUsed)
            } else {
                outlives(change.facts.valid_to, parent.and_then(end_of))
                    .then_some(Issue::OutlivesParent)
            }
        };
        let before = changes.len();
        changes.retain(|change| {
            let issue = issue(change);
            let found = issue.map(|i| OrganisationFinding::new(change.row, heading(UNTIL), i));
            findings.extend(found);
            issue.is_none()
        });
        if changes.len() == before {
            return changes;
        }
    }
}
