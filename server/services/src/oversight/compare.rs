//! The database against its own chain: does each record still come to what the newest leaf about it binds?
//!
//! The offline verifier shows that chain and leaves are as they were written; this shows that the rows are. It compares
//! candidates, units, people and posts, and the class and number of students, where an act has bound their values.

use super::bound::{CANDIDATE, PERSON, POST, Record, STUDENT, UNIT, values_of};
use crate::{Result, Services};
use domain::audit::{AuditEvent, BulkLeaf, Mark};
use domain::institution::TenantId;
use std::collections::BTreeMap;
use store::seal::{Place, commit};
use store::{Scope, StoreError};
use uuid::Uuid;

/// Links read at a time.
const STEP: u64 = 1_000;
/// Records whose values are held at a time.
const CHUNK: usize = 1_000;

/// A record that does not come to what the chain binds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Differing {
    /// Kind of record.
    pub kind: &'static str,
    /// Which one.
    pub id: Uuid,
    /// The link whose leaf binds it.
    pub seq: i64,
}

/// What a comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Records whose values a leaf binds.
    pub compared: usize,
    /// Those that are not as it says, or gone.
    pub differing: Vec<Differing>,
}

/// The kinds that are compared; the name of a place in the database is one of the program's own.
const KINDS: [&str; 5] = [CANDIDATE, UNIT, PERSON, POST, STUDENT];

/// What gives a student class and number.
const PLACES: [&str; 4] = [
    "admission/assign",
    "admission/assign-confirm",
    "admission/correct-class",
    "admission/correct-number",
];

/// The link whose leaf binds a record, and what it binds.
type Bound = (i64, Mark);
/// The newest leaf about each record.
type Newest = BTreeMap<Record, Bound>;

impl Services {
    /// Compares the rows of a university with the leaves of its chain, both as they are at one moment. For the command line:
    /// it reads all of both.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn audit_compare(&self, tenant: TenantId) -> Result<Comparison> {
        let scope = self.store.snapshot(tenant).await?;
        let newest: Vec<(Record, Bound)> = newest(&scope).await?.into_iter().collect();
        let mut found = Comparison {
            compared: newest.len(),
            differing: Vec::new(),
        };
        for records in newest.chunks(CHUNK) {
            found.differing.extend(differing(&scope, records).await?);
        }
        Ok(found)
    }
}

/// The records among these that are not as their leaves say.
async fn differing(scope: &Scope, records: &[(Record, Bound)]) -> Result<Vec<Differing>> {
    let values = values_of(scope, records.iter().map(|(record, _)| *record)).await?;
    let mut differing = Vec::new();
    for (record, (seq, mark)) in records {
        let (kind, id) = *record;
        let value = values.get(record).map_or("", String::as_str);
        let place = Place::new(kind, store::LEAF_AFTER, id);
        let now = commit(scope.keys(), &place, value.as_bytes());
        if now.map_err(StoreError::from)? != *mark {
            let seq = *seq;
            differing.push(Differing { kind, id, seq });
        }
    }
    Ok(differing)
}

async fn newest(scope: &Scope) -> Result<Newest> {
    let (mut newest, mut last) = (Newest::new(), 0);
    loop {
        let links = scope.audit_after(last, STEP).await?;
        let Some(end) = links.last() else {
            return Ok(newest);
        };
        last = end.seq;
        for link in links {
            let damaged = || StoreError::Form("audit entry");
            let event = AuditEvent::from_canonical(link.body.as_bytes()).map_err(|_| damaged())?;
            if event.act().leaves.is_none() {
                continue;
            }
            let op = event.act().op.as_str().to_owned();
            for leaf in scope.audit_leaves(link.seq).await? {
                let leaf: BulkLeaf = serde_json::from_slice(&leaf).map_err(|_| damaged())?;
                take(&mut newest, &op, link.seq, leaf);
            }
        }
    }
}

/// Whole values are bound by the act that brings a record in: candidates by a confirmation, units, people and posts by a
/// file of them, class and number of students by an assignment or the correction of one. What another act did to a record is its own to show.
fn take(newest: &mut Newest, op: &str, seq: i64, leaf: BulkLeaf) {
    let kind = KINDS.into_iter().find(|k| *k == leaf.subject.kind.as_str());
    let Some(kind) = kind else { return };
    let places = PLACES.contains(&op);
    if kind == STUDENT && !places && !op.starts_with("admission/assign") {
        return;
    }
    let binds = match kind {
        STUDENT => places,
        CANDIDATE => op == "admission/confirm",
        _ => op.starts_with("institution/import-"),
    };
    let key = (kind, leaf.subject.id);
    match leaf.after.filter(|_| binds) {
        Some(after) => newest.insert(key, (seq, after)),
        None => newest.remove(&key),
    };
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.differing {
            writeln!(
                f,
                "{} {}: not as link {} binds it",
                line.kind, line.id, line.seq
            )?;
        }
        let differing = self.differing.len();
        write!(f, "{} records compared, {differing} differ", self.compared)
    }
}
