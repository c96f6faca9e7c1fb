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
            .map(|finding| (finding.file.as_str(), finding.row))
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

/// Every value of a row and, for a row of `T_BMK`, of the offer that belongs to it.
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
        let own = text(table, row, field);
        let stated = own
            .filter(|text| !text.is_empty())
            .or_else(|| offer.and_then(|(tdd, row)| text(tdd, row, field)))
            .or(own);
        stated.map(|text| (field, text.to_owned()))
    };
    SourceField::ALL.into_iter().filter_map(value).collect()
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
        let changes = folders.iter_mut().find_map(|folder| apply(folder, repair));
        match changes {
            Some(changes) => merged.changes.extend(changes),
            None => merged.unmatched.push(place),
        }
    }
    merged
}

/// Changes one folder; `None` when the row is not in it.
fn apply(folder: &mut ProvinceFolder, repair: &RepairRow) -> Option<Vec<Change>> {
    let ProvinceFolder { bmk, tdd, .. } = folder;
    let in_bmk = bmk
        .as_mut()
        .and_then(|table| place_of(table, repair).map(|at| (table, at)));
    let mut changes = Vec::new();
    if let Some((table, at)) = in_bmk {
        let ksh = table
            .rows
            .get(at)
            .and_then(|row| text(table, row, SourceField::Ksh))
            .unwrap_or_default()
            .to_owned();
        let others = table
            .rows
            .iter()
            .filter(|row| !row.deleted && text(table, row, SourceField::Ksh) == Some(&ksh))
            .count();
        change(table, at, repair, &mut changes);
        // An offer belongs to the record that stays when one of two records with the same number is left out.
        if let Some(tdd) = tdd.as_mut().filter(|_| !repair.dropped || others < 2) {
            let offers: Vec<usize> = places(tdd, &ksh).collect();
            for at in offers {
                change(tdd, at, repair, &mut changes);
            }
        }
        return Some(changes);
    }
    let table = tdd.as_mut()?;
    let at = place_of(table, repair)?;
    change(table, at, repair, &mut changes);
    Some(changes)
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

fn change(table: &mut Table, at: usize, repair: &RepairRow, changes: &mut Vec<Change>) {
    let columns: Vec<(SourceField, usize, &String)> = repair
        .values
        .iter()
        .filter_map(|(field, value)| {
            table
                .column_of(*field)
                .map(|column| (*field, column, value))
        })
        .collect();
    let Table { file, rows, .. } = table;
    let Some(row) = rows.get_mut(at) else { return };
    let number = row.row;
    let mut note = |field| {
        changes.push(Change {
            file: file.clone(),
            row: number,
            field,
        });
    };
    if repair.dropped {
        row.deleted = true;
        note(None);
        return;
    }
    for (field, column, value) in columns {
        let numeric = repair.numeric.contains(&field);
        if row.value(column).trim() != value.trim() || row.is_numeric(column) != numeric {
            row.replace(column, value.trim(), numeric);
            note(Some(field));
        }
    }
    row.undecodable = row.undecodable && row.values.iter().any(|value| value.contains('\u{fffd}'));
}
