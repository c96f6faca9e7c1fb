//! Repaired rows: what leaves in the workbook of findings comes back and replaces values of the source, nothing else.
//!
//! The bytes of a row stay those of the province (rule V9); what was changed is listed, so that it can be shown beside
//! the frozen original.

use super::check::{CandidateStatus, CheckReport};
use super::finding::FindingKind;
use super::source::{AdmissionPackage, ProvinceFolder, SourceField, SourceRow, Table};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A row that needs attention, flat: personal data and offer side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairRow {
    /// Table in which the row stands; empty to find it by 考生号.
    pub file: String,
    /// Its physical record.
    pub row: u32,
    /// The row is to be left out (one of two records with the same 考生号).
    pub dropped: bool,
    /// Values by field. A field that is not there is not changed.
    pub values: BTreeMap<SourceField, String>,
    /// Fields whose cell came back as a number: still no text, still to be repaired.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub numeric: BTreeSet<SourceField>,
}

/// One changed value. What it was and is can be read from the row before and after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// Table.
    pub file: String,
    /// Physical record.
    pub row: u32,
    /// Changed field; `None` when the row was left out.
    pub field: Option<SourceField>,
}

/// A package with repaired rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The package to check again.
    pub package: AdmissionPackage,
    /// What was changed.
    pub changes: Vec<Change>,
    /// Places (from 0) of the repaired rows that fit no row of the source.
    pub unmatched: Vec<usize>,
}

/// The rows of a package about which something was found, in the order of the findings. Deleted and withdrawn records
/// need no repair.
pub fn rows_to_repair(package: &AdmissionPackage, report: &CheckReport) -> Vec<RepairRow> {
    let mut places: BTreeSet<(&str, u32)> = BTreeSet::new();
    let mut offers: BTreeSet<(&str, u32)> = BTreeSet::new();
    for candidate in &report.candidates {
        let from = &candidate.provenance;
        offers.extend(from.offer_file.as_deref().zip(from.offer_row));
        if candidate.status != CandidateStatus::Good {
            places.insert((&from.file, from.row));
        }
    }
    let counted = [FindingKind::Deleted, FindingKind::Withdrawn];
    let loose = report
        .findings
        .iter()
        .filter(|finding| !counted.contains(&finding.kind));
    places.extend(
        loose
            .flat_map(|finding| {
                let records = finding.records().into_iter();
                records.map(move |row| (finding.file.as_str(), row))
            })
            .filter(|place| !offers.contains(place)),
    );
    let row = |(file, row): (&str, u32)| {
        let (folder, table, source) = find(package, file, row)?;
        Some(RepairRow {
            file: file.to_owned(),
            row,
            values: values(folder, table, source),
            ..RepairRow::default()
        })
    };
    places.into_iter().filter_map(row).collect()
}

fn find<'a>(
    package: &'a AdmissionPackage,
    file: &str,
    row: u32,
) -> Option<(&'a ProvinceFolder, &'a Table, &'a SourceRow)> {
    let tables = package.folders.iter().flat_map(|folder| {
        folder
            .bmk
            .iter()
            .chain(&folder.tdd)
            .map(move |table| (folder, table))
    });
    let (folder, table) = tables.into_iter().find(|(_, table)| table.file == file)?;
    table
        .rows
        .iter()
        .find(|source| source.row == row)
        .map(|source| (folder, table, source))
}

/// Every value of a row and, for a row of `T_BMK`, of the offer that belongs to it. A long number that the source keeps
/// as a number is left out: written as text it would pass for one that has all its digits.
fn values(
    folder: &ProvinceFolder,
    table: &Table,
    row: &SourceRow,
) -> BTreeMap<SourceField, String> {
    let is_bmk = folder
        .bmk
        .as_ref()
        .is_some_and(|bmk| bmk.file == table.file);
    let offer = folder.tdd.as_ref().filter(|_| is_bmk).and_then(|tdd| {
        let ksh = text(table, row, SourceField::Ksh)?;
        tdd.rows
            .iter()
            .find(|row| !row.deleted && text(tdd, row, SourceField::Ksh) == Some(ksh))
            .map(|row| (tdd, row))
    });
    let value = |field: SourceField| {
        let (table, row) = match offer {
            Some(offer) if stands_in_offer(field, (table, row), offer) => offer,
            Some(_) | None => (table, row),
        };
        let column = table.column_of(field)?;
        let lost = field.is_long_number() && row.is_numeric(column);
        let shown = if lost { "" } else { row.value(column).trim() };
        Some((field, shown.to_owned()))
    };
    SourceField::ALL.into_iter().filter_map(value).collect()
}

/// Whether the value of a field that is shown, and so repaired, is that of the offer rather than that of the personal
/// data: the table the field belongs to, or the other one where that one says nothing.
fn stands_in_offer(
    field: SourceField,
    (bmk, person): (&Table, &SourceRow),
    (tdd, offer): (&Table, &SourceRow),
) -> bool {
    let filled = |value: Option<&str>| value.is_some_and(|text| !text.is_empty());
    let (own, offered) = (text(bmk, person, field), text(tdd, offer, field));
    if field.of_offer() {
        filled(offered) || (offered.is_some() && !filled(own))
    } else {
        !filled(own) && (filled(offered) || own.is_none())
    }
}

fn text<'a>(table: &Table, row: &'a SourceRow, field: SourceField) -> Option<&'a str> {
    table
        .column_of(field)
        .map(|column| row.value(column).trim())
}

/// Puts repaired values into a copy of the package.
pub fn merge(package: &AdmissionPackage, repaired: &[RepairRow]) -> Merged {
    let mut merged = Merged {
        package: package.clone(),
        changes: Vec::new(),
        unmatched: Vec::new(),
    };
    for (place, repair) in repaired.iter().enumerate() {
        let folders = &mut merged.package.folders;
        let one = !repair.file.is_empty() || is_in_one(folders, repair);
        let mut found = folders.iter_mut().filter(|_| one);
        match found.find_map(|folder| apply(folder, repair)) {
            Some(changes) => merged.changes.extend(changes),
            None => merged.unmatched.push(place),
        }
    }
    merged
}

/// Whether exactly one folder has the 考生号 of a repaired row: of several nobody knows which is meant.
fn is_in_one(folders: &[ProvinceFolder], repair: &RepairRow) -> bool {
    let Some(ksh) = repair.values.get(&SourceField::Ksh) else {
        return false;
    };
    let has = |folder: &&ProvinceFolder| {
        let mut tables = folder.bmk.iter().chain(&folder.tdd);
        tables.any(|table| places(table, ksh.trim()).next().is_some())
    };
    folders.iter().filter(has).count() == 1
}

/// Changes one folder; `None` when the row is not in it.
fn apply(folder: &mut ProvinceFolder, repair: &RepairRow) -> Option<Vec<Change>> {
    let ProvinceFolder { bmk, tdd, .. } = folder;
    let in_bmk = bmk
        .as_mut()
        .and_then(|table| place_of(table, repair).map(|at| (table, at)));
    let mut changes = Vec::new();
    let Some((table, at)) = in_bmk else {
        let table = tdd.as_mut()?;
        let at = place_of(table, repair)?;
        change(table, at, repair, |_| true, &mut changes);
        return Some(changes);
    };
    let person = table.rows.get(at).cloned().unwrap_or_default();
    let ksh = text(table, &person, SourceField::Ksh)
        .unwrap_or_default()
        .to_owned();
    let offers: Vec<usize> = tdd
        .as_ref()
        .map(|tdd| places(tdd, &ksh).collect())
        .unwrap_or_default();
    if repair.dropped {
        let twins: Vec<usize> = places(table, &ksh).collect();
        leave_out(table, at, &mut changes);
        if let Some(tdd) = tdd.as_mut() {
            for offer in offers_of(at, &twins, &offers) {
                leave_out(tdd, offer, &mut changes);
            }
        }
        return Some(changes);
    }
    let shown = offers.first().and_then(|first| {
        let tdd = tdd.as_ref()?;
        Some((tdd, tdd.rows.get(*first)?))
    });
    let offered: BTreeSet<SourceField> = shown
        .map(|offer| {
            SourceField::ALL
                .into_iter()
                .filter(|field| stands_in_offer(*field, (table, &person), offer))
                .collect()
        })
        .unwrap_or_default();
    let both = |field: SourceField| field == SourceField::Ksh;
    change(
        table,
        at,
        repair,
        |field| both(field) || !offered.contains(&field),
        &mut changes,
    );
    if let Some(tdd) = tdd.as_mut() {
        for offer in offers {
            change(
                tdd,
                offer,
                repair,
                |field| both(field) || offered.contains(&field),
                &mut changes,
            );
        }
    }
    Some(changes)
}

/// The offers that go with a record that is left out: all of them for the only one of its number, the one in the same
/// place among several.
fn offers_of(at: usize, twins: &[usize], offers: &[usize]) -> Vec<usize> {
    if twins.len() < 2 {
        return offers.to_vec();
    }
    let place = twins.iter().position(|twin| *twin == at);
    place
        .filter(|_| offers.len() == twins.len())
        .and_then(|place| offers.get(place))
        .copied()
        .into_iter()
        .collect()
}

/// By table and record, else by a 考生号 that occurs once.
fn place_of(table: &Table, repair: &RepairRow) -> Option<usize> {
    if !repair.file.is_empty() {
        return (table.file == repair.file)
            .then(|| table.rows.iter().position(|row| row.row == repair.row))
            .flatten();
    }
    let ksh = repair.values.get(&SourceField::Ksh)?.trim();
    let mut found = places(table, ksh);
    found
        .next()
        .filter(|_| !ksh.is_empty() && found.next().is_none())
}

fn places(table: &Table, ksh: &str) -> impl Iterator<Item = usize> {
    let live = |(_, row): &(usize, &SourceRow)| {
        !row.deleted && text(table, row, SourceField::Ksh) == Some(ksh)
    };
    table.rows.iter().enumerate().filter(live).map(|(at, _)| at)
}

fn leave_out(table: &mut Table, at: usize, changes: &mut Vec<Change>) {
    let Table { file, rows, .. } = table;
    let Some(row) = rows.get_mut(at) else { return };
    row.deleted = true;
    row.left_out = true;
    changes.push(Change {
        file: file.clone(),
        row: row.row,
        field: None,
    });
}

fn change(
    table: &mut Table,
    at: usize,
    repair: &RepairRow,
    here: impl Fn(SourceField) -> bool,
    changes: &mut Vec<Change>,
) {
    if repair.dropped {
        leave_out(table, at, changes);
        return;
    }
    let columns: Vec<(SourceField, usize, &String)> = repair
        .values
        .iter()
        .filter(|(field, _)| here(**field))
        .filter_map(|(field, value)| {
            table
                .column_of(*field)
                .map(|column| (*field, column, value))
        })
        .collect();
    let Table { file, rows, .. } = table;
    let Some(row) = rows.get_mut(at) else { return };
    for (field, column, value) in columns {
        let (value, numeric) = (value.trim(), repair.numeric.contains(&field));
        // A long number that was kept as a number comes back empty when nobody typed it in.
        if value.is_empty() && field.is_long_number() && row.is_numeric(column) {
            continue;
        }
        let other = row.value(column).trim() != value;
        if other || (field.is_long_number() && row.is_numeric(column) != numeric) {
            row.replace(column, value, numeric);
            changes.push(Change {
                file: file.clone(),
                row: row.row,
                field: Some(field),
            });
        }
    }
    row.undecodable = row.undecodable && row.values.iter().any(|value| value.contains('\u{fffd}'));
}
