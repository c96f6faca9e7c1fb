//! What the leaves of the chain bind of a record: every value of its row, in one order, as text. Whoever changes a row
//! behind the program's back changes what the row comes to, and it no longer fits its leaf.

use crate::assign::placing_text;
use crate::{Result, ServiceError};
use domain::audit::hex;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{Detail, Scope, rows};
use uuid::Uuid;

/// Kinds of records whose whole value can be bound, as the database names their tables.
pub const CANDIDATE: &str = "candidate";
/// Units.
pub const UNIT: &str = "unit";
/// People.
pub const PERSON: &str = "person";
/// Posts.
pub const POST: &str = "post";
/// Students: class and number.
pub const STUDENT: &str = "student";

/// A record by kind and id.
pub type Record = (&'static str, Uuid);
/// Records with what they come to; those that are not there are not among them.
pub type Values = BTreeMap<Record, String>;

/// Records read in one statement.
const CHUNK: usize = 1_000;

fn text<T: Serialize>(values: &T) -> Result<String> {
    serde_json::to_string(values).map_err(|_| ServiceError::Internal("a value without JSON"))
}

/// What a candidate comes to: the frozen row with its sealed parts.
pub fn candidate(row: &rows::Candidate) -> Result<String> {
    let plain = [
        &row.ksh,
        &row.name,
        &row.name_key,
        &row.sex,
        &row.ethnic,
        &row.political,
        &row.folder,
        &row.admitted_code,
        &row.national_code,
        &row.national_name,
        &row.path,
        &row.id_type,
        &row.due,
    ];
    let sealed = [
        &row.id_index,
        &row.identity,
        &row.contact,
        &row.details,
        &row.digest,
    ];
    let sealed = sealed.map(|bytes| hex::encode(bytes));
    text(&(row.import_id, row.row_id, row.year, plain, sealed))
}

/// What a unit comes to, with its short names.
pub fn unit(row: &rows::Unit, short_names: &[rows::UnitShortName]) -> Result<String> {
    let own = short_names.iter().filter(|name| name.unit_id == row.id);
    let names: BTreeMap<&str, &str> = own
        .map(|name| (name.layout.as_str(), name.short_name.as_str()))
        .collect();
    let codes = (&row.kind, row.parent_id, &row.code, &row.name);
    let facts = (
        row.catalogue_year,
        &row.national_code,
        &row.duration,
        row.grade,
        &row.phone,
    );
    text(&(codes, facts, row.valid_from, row.valid_to, names))
}

/// What a person comes to; the telephone as it is sealed.
pub fn person(row: &rows::Person) -> Result<String> {
    let contact = row.contact.as_deref().map(hex::encode);
    text(&(&row.name, contact))
}

/// What a post comes to.
pub fn post(row: &rows::Post) -> Result<String> {
    let of = (row.person_id, &row.office, &row.kind, &row.scope);
    text(&(of, row.valid_from, row.valid_to))
}

/// What records come to now.
pub async fn values_of(scope: &Scope, records: impl IntoIterator<Item = Record>) -> Result<Values> {
    let mut by_kind: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for (kind, id) in records {
        by_kind.entry(kind).or_default().push(id);
    }
    let mut values = Values::new();
    for (kind, ids) in by_kind {
        for ids in ids.chunks(CHUNK) {
            read(scope, kind, ids, &mut values).await?;
        }
    }
    Ok(values)
}

async fn read(scope: &Scope, kind: &'static str, ids: &[Uuid], to: &mut Values) -> Result<()> {
    match kind {
        CANDIDATE => {
            for (id, row) in scope.candidates_by_id(ids).await? {
                to.insert((kind, id), candidate(&row)?);
            }
        }
        UNIT => {
            let names = scope.unit_short_names().await?;
            for row in scope.units_by_id(ids).await? {
                to.insert((kind, row.id), unit(&row, &names)?);
            }
        }
        PERSON => {
            for row in scope.people_by_id(ids).await? {
                to.insert((kind, row.id), person(&row)?);
            }
        }
        POST => {
            for row in scope.posts_by_id(ids).await? {
                to.insert((kind, row.id), post(&row)?);
            }
        }
        STUDENT => {
            for row in scope.students_by_id(ids).await? {
                to.insert((kind, row.id), placing_text(&row)?);
            }
        }
        _ => return Err(ServiceError::Internal("a kind of leaf")),
    }
    Ok(())
}

/// Puts what records were and became into the leaves of an act; what was or is not there is empty.
pub fn between(detail: Detail, before: &Values, after: &Values) -> Detail {
    let records: BTreeSet<Record> = before.keys().chain(after.keys()).copied().collect();
    records.into_iter().fold(detail, |detail, record| {
        let of = |values: &Values| values.get(&record).cloned().unwrap_or_default();
        let (kind, id) = record;
        detail.over_values(kind, [(id, of(before), of(after))])
    })
}
