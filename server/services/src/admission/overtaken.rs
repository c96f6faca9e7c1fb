//! Rows that another import overtook between their check and their confirmation: they wait with what the check would have
//! said about them.

use super::compare::{earlier_record, is_deferred, named, returner, same_document};
use super::draft::{Draft, Maker};
use super::judged::{Destination, Placing};
use super::snapshot;
use crate::{Result, ServiceError};
use domain::admission::check::differences;
use domain::admission::finding::{Finding, RecordKey};
use domain::admission::path::AdmissionPath;
use domain::view::admission::RowState;
use std::collections::HashMap;
use std::sync::Arc;
use store::{EarlierRecord, PlacedCandidate, Scope, UnitOfWork, rows};
use uuid::Uuid;

/// A row that another import overtook.
pub(super) struct Barred {
    row: Uuid,
    state: RowState,
    finding: Option<Finding>,
}

/// What is in by now about the candidates of some drafts.
struct Known {
    placed: HashMap<String, PlacedCandidate>,
    by_index: HashMap<Vec<u8>, Vec<(String, i32)>>,
    /// Snapshots of those that differ.
    snapshots: HashMap<Uuid, rows::Candidate>,
    /// Records that those who come back would continue.
    returning: HashMap<String, EarlierRecord>,
    /// By row, the records that the check named: somebody has accepted them.
    told: HashMap<Uuid, Vec<(i32, String)>>,
}

/// Drafts that can go in, and those that another import overtook meanwhile: same number, or same document, in this year
/// or in an earlier one.
pub(super) async fn sort(
    scope: &Scope,
    maker: &Maker,
    drafts: Vec<Draft>,
) -> Result<(Vec<Draft>, Vec<Barred>)> {
    let known = Known::of(scope, maker, &drafts).await?;
    let (mut fresh, mut barred) = (Vec::with_capacity(drafts.len()), Vec::new());
    for draft in drafts {
        let placing = known.placing(maker, &draft)?;
        if placing == Placing::New {
            fresh.push(draft);
            continue;
        }
        let from = (draft.origin.0.as_str(), draft.origin.1);
        barred.push(Barred {
            row: draft.candidate.row_id,
            state: placing.state(RowState::Good),
            finding: placing.finding(&draft.candidate.ksh, from),
        });
    }
    Ok((fresh, barred))
}

impl Known {
    async fn of(scope: &Scope, maker: &Maker, drafts: &[Draft]) -> Result<Self> {
        let candidates = || drafts.iter().map(|draft| &draft.candidate);
        let numbers: Vec<String> = candidates().map(|own| own.ksh.clone()).collect();
        let indexes: Vec<Vec<u8>> = candidates()
            .map(|own| own.id_index.clone())
            .filter(|index| !index.is_empty())
            .collect();
        let placed = scope.placed_candidates(maker.year, &numbers).await?;
        let differing: Vec<Uuid> = candidates()
            .filter_map(|own| {
                placed
                    .get(&own.ksh)
                    .filter(|other| other.digest != own.digest)
            })
            .map(|other| other.id)
            .collect();
        let by_index = scope.candidates_by_index(&indexes).await?;
        let mut returning = HashMap::new();
        if maker.path == AdmissionPath::Returner {
            returning = scope.earlier_records(maker.year, &numbers).await?;
        }
        let known_before = |own: &&rows::Candidate| {
            returning.contains_key(&own.ksh) || by_index.contains_key(&own.id_index)
        };
        let rows: Vec<Uuid> = candidates()
            .filter(known_before)
            .map(|own| own.row_id)
            .collect();
        let told = scope.records_told(&rows).await?;
        Ok(Self {
            by_index,
            snapshots: scope.candidates_by_id(&differing).await?,
            placed,
            returning,
            told,
        })
    }

    /// How a draft stands to what is in. Who comes back to a record that somebody has accepted is new.
    fn placing(&self, maker: &Maker, draft: &Draft) -> Result<Placing> {
        let own = &draft.candidate;
        if let Some(other) = self.placed.get(&own.ksh) {
            return self.same_number(maker, own, other);
        }
        let same = self.by_index.get(&own.id_index).map(Vec::as_slice);
        let same = same.unwrap_or_default();
        if maker.path == AdmissionPath::Returner {
            if let Some(placing) = self.returns(own) {
                return Ok(placing);
            }
        } else if let Some(record) = earlier_record(same, &own.ksh, maker.year) {
            return Ok(Placing::Elsewhere { record });
        }
        let other = same_document(same, &own.ksh, maker.year)
            .filter(|record| record.year == maker.year || !self.is_told(own.row_id, record));
        Ok(other.map_or(Placing::New, |record| {
            Placing::document_in(record, maker.year)
        }))
    }

    /// Whether the check named this record at the row.
    fn is_told(&self, row: Uuid, record: &RecordKey) -> bool {
        let named =
            |(year, ksh): &(i32, String)| (*year, ksh.as_str()) == (record.year, &*record.ksh);
        self.told
            .get(&row)
            .is_some_and(|told| told.iter().any(named))
    }

    /// Somebody who is in by now: with the same values, or with others, which are named.
    fn same_number(
        &self,
        maker: &Maker,
        own: &rows::Candidate,
        other: &PlacedCandidate,
    ) -> Result<Placing> {
        if other.digest == own.digest {
            return Ok(Placing::Same);
        }
        let before = self
            .snapshots
            .get(&other.id)
            .ok_or(ServiceError::Internal("a candidate that is in"))?;
        let before = snapshot::facts(&maker.keys, before)?;
        let after = snapshot::facts(&maker.keys, own)?;
        Ok(Placing::Differs(named(&differences(&before, &after))))
    }

    /// An earlier record of the same person that the check did not name.
    fn returns(&self, own: &rows::Candidate) -> Option<Placing> {
        let found = self.returning.get(&own.ksh)?;
        let record = RecordKey {
            year: found.student.year,
            ksh: found.student.ksh.clone(),
        };
        let untold = returner(found, &own.id_index) && !self.is_told(own.row_id, &record);
        untold.then(|| Placing::Returns {
            record,
            deferred: is_deferred(&found.student),
        })
    }
}

/// Leaves rows waiting, with what is said about them.
pub(super) async fn bar(unit: &mut UnitOfWork, maker: &Maker, barred: Vec<Barred>) -> Result<()> {
    if barred.is_empty() {
        return Ok(());
    }
    let (_, mut ordinal) = unit.last_ordinals(maker.import).await?;
    let to = Destination {
        store: maker.store.clone(),
        keys: maker.keys.clone(),
        import: maker.import,
        first_row: 0,
        first_finding: 0,
        accepted: Arc::default(),
    };
    let mut by_state: HashMap<RowState, Vec<Uuid>> = HashMap::new();
    let mut findings = Vec::new();
    for row in barred {
        by_state.entry(row.state).or_default().push(row.row);
        if let Some(finding) = row.finding {
            ordinal += 1;
            findings.push(to.finding(&finding, Some(row.row), ordinal));
        }
    }
    for (state, rows) in by_state {
        unit.set_row_states(&rows, state.key()).await?;
    }
    unit.insert_findings(findings).await?;
    Ok(())
}
