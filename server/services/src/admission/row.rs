//! One row of an import as it is kept: the values as they would go in, and the records they came from, byte for byte
//! (rule V9). Sealed, because it holds everything the province says about a person.

use crate::{Result, ServiceError};
use domain::admission::check::{CandidateFacts, CheckedCandidate};
use domain::admission::source::{AdmissionPackage, SourceRow, Table, bytes};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};
use store::keys::{Purpose, TenantKeys};
use store::seal::{Place, Sealed};
use store::{StoreError, rows};
use uuid::Uuid;

const fn place(id: Uuid) -> Place {
    Place::new("import_row", "sealed", id)
}

/// Tables of a package by name; their records stand in ascending order.
pub(crate) struct Records<'a>(HashMap<&'a str, &'a Table>);

impl<'a> Records<'a> {
    pub(crate) fn of(package: &'a AdmissionPackage) -> Self {
        let tables = package
            .folders
            .iter()
            .flat_map(|folder| folder.bmk.iter().chain(&folder.tdd));
        Self(tables.map(|table| (table.file.as_str(), table)).collect())
    }

    fn get(&self, file: &str, row: u32) -> Option<RecordOut<'a>> {
        let table = self.0.get(file)?;
        let at = table.rows.binary_search_by_key(&row, |own| own.row).ok()?;
        let row = table.rows.get(at)?;
        Some(RecordOut {
            file: &table.file,
            row: row.row,
            values: Values(table, row),
            repaired: Repaired(table, row),
            raw: &row.raw,
        })
    }
}

#[derive(Serialize)]
struct RowOut<'a> {
    candidate: &'a CheckedCandidate,
    records: Vec<RecordOut<'a>>,
}

#[derive(Serialize)]
struct RecordOut<'a> {
    file: &'a str,
    row: u32,
    /// What the source says.
    values: Values<'a>,
    /// What a repair has put in its place.
    #[serde(skip_serializing_if = "Repaired::is_empty")]
    repaired: Repaired<'a>,
    #[serde(with = "bytes")]
    raw: &'a [u8],
}

/// Cells of the source that are not empty, by column.
struct Values<'a>(&'a Table, &'a SourceRow);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(table, row) = self;
        let mut map = serializer.serialize_map(None)?;
        for (at, field) in table.fields.iter().enumerate() {
            let value = row.original(at);
            if !value.is_empty() {
                map.serialize_entry(&field.name, value)?;
            }
        }
        map.end()
    }
}

/// Cells that a repair replaced, by column.
struct Repaired<'a>(&'a Table, &'a SourceRow);

impl Repaired<'_> {
    const fn is_empty(&self) -> bool {
        self.1.before.is_empty()
    }
}

impl Serialize for Repaired<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(table, row) = self;
        let mut map = serializer.serialize_map(None)?;
        for (at, _) in &row.before {
            let at = usize::from(*at);
            if let Some(field) = table.fields.get(at) {
                map.serialize_entry(&field.name, row.value(at))?;
            }
        }
        map.end()
    }
}

#[derive(Deserialize)]
struct RowIn {
    candidate: CheckedCandidate,
}

/// A record of the source as it was kept.
#[derive(Deserialize)]
pub(crate) struct KeptRecord {
    /// Table in the upload.
    pub(crate) file: String,
    /// Physical record.
    pub(crate) row: u32,
    /// What the source says, by column.
    pub(crate) values: BTreeMap<String, String>,
    /// What a repair has put in its place.
    #[serde(default)]
    pub(crate) repaired: BTreeMap<String, String>,
    /// The bytes as they came.
    #[serde(with = "bytes")]
    pub(crate) raw: Vec<u8>,
}

#[derive(Deserialize)]
struct RecordsIn {
    records: Vec<KeptRecord>,
}

fn unsealed(
    keys: &TenantKeys,
    row: &rows::ImportRow,
) -> Result<impl std::ops::Deref<Target = Vec<u8>>> {
    let sealed = Sealed::stored(row.sealed.clone());
    Ok(
        store::seal::open(keys, Purpose::Source, &place(row.id), &sealed)
            .map_err(StoreError::from)?,
    )
}

/// The records of the source that a row was made of: personal data, and the offer where it stands in a table of its own.
pub(crate) fn records(keys: &TenantKeys, row: &rows::ImportRow) -> Result<Vec<KeptRecord>> {
    let plain = unsealed(keys, row)?;
    let kept: RecordsIn =
        serde_json::from_slice(&plain).map_err(|_| ServiceError::Internal("a row"))?;
    Ok(kept.records)
}

/// Seals a row with its records.
pub(crate) fn seal(
    keys: &TenantKeys,
    id: Uuid,
    candidate: &CheckedCandidate,
    records: &Records<'_>,
) -> Result<Vec<u8>> {
    let from = &candidate.provenance;
    let offer = from.offer_file.as_deref().zip(from.offer_row);
    let places = std::iter::once((from.file.as_str(), from.row)).chain(offer);
    let row = RowOut {
        candidate,
        records: places
            .filter_map(|(file, row)| records.get(file, row))
            .collect(),
    };
    let plain = serde_json::to_vec(&row).map_err(|_| ServiceError::Internal("a row"))?;
    let sealed =
        store::seal::seal(keys, Purpose::Source, &place(id), &plain).map_err(StoreError::from)?;
    Ok(sealed.into_bytes())
}

/// The candidate of a kept row.
pub(crate) fn open(keys: &TenantKeys, row: &rows::ImportRow) -> Result<CheckedCandidate> {
    let plain = unsealed(keys, row)?;
    let row: RowIn = serde_json::from_slice(&plain).map_err(|_| ServiceError::Internal("a row"))?;
    Ok(row.candidate)
}

/// The hash by which a second import knows a candidate, under a key of the university.
pub(crate) fn digest(keys: &TenantKeys, facts: &CandidateFacts) -> Result<Vec<u8>> {
    let form = facts
        .canonical()
        .map_err(|_| ServiceError::Internal("a candidate"))?;
    Ok(store::blind::digest(keys, &form))
}
