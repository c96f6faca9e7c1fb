//! What the candidates of a source are to those that are in already.

use super::judged::{Judged, Placing};
use super::source::Reading;
use super::{blocking, snapshot};
use crate::{Result, ServiceError, Services};
use domain::admission::check::{BETWEEN, Difference, differences};
use domain::admission::finding::RecordKey;
use domain::admission::path::AdmissionPath;
use domain::admission::qualification::Qualification;
use domain::decision::Machine as _;
use domain::institution::Actor;
use std::collections::HashMap;
use std::sync::Arc;
use store::{EarlierRecord, PlacedCandidate, rows};
use uuid::Uuid;

/// What the database knows about the candidates of a source.
struct Known {
    placed: HashMap<String, PlacedCandidate>,
    by_index: HashMap<Vec<u8>, Vec<(String, i32)>>,
    /// Snapshots of those that differ.
    earlier: HashMap<Uuid, rows::Candidate>,
    /// Records of earlier years that those who come back may continue; `None` where nobody comes back.
    returning: Option<HashMap<String, EarlierRecord>>,
}

impl Services {
    /// The placing of every candidate of a source, in its order.
    pub(crate) async fn compare(
        &self,
        actor: &Actor,
        import: &rows::ImportBatch,
        judged: Arc<Judged>,
    ) -> Result<Vec<Placing>> {
        let known = self.known(actor, import, &judged).await?;
        let keys = self.tenant_keys(actor.tenant())?;
        let (import, year) = (import.id, import.year);
        blocking(move || {
            let mut placings = Vec::with_capacity(judged.report.candidates.len());
            for (at, candidate) in judged.report.candidates.iter().enumerate() {
                let digest = judged
                    .digests
                    .get(at)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let index = judged
                    .indexes
                    .get(at)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let placing = match known.placed.get(&candidate.facts.ksh) {
                    None => known
                        .returns(index, &candidate.facts.ksh)
                        .or_else(|| known.elsewhere(index, &candidate.facts.ksh, year))
                        .unwrap_or_else(|| known.by_document(index, &candidate.facts.ksh, year)),
                    Some(own) if own.digest == digest && own.import_id == import => Placing::Own,
                    Some(same) if same.digest == digest => Placing::Same,
                    Some(other) => {
                        let earlier = known
                            .earlier
                            .get(&other.id)
                            .ok_or(ServiceError::Internal("a candidate that is in"))?;
                        let before = snapshot::facts(&keys, earlier)?;
                        Placing::Differs(named(&differences(&before, &candidate.facts)))
                    }
                };
                placings.push(placing);
            }
            Ok(placings)
        })
        .await
    }

    async fn known(
        &self,
        actor: &Actor,
        import: &rows::ImportBatch,
        judged: &Judged,
    ) -> Result<Known> {
        let year = import.year;
        let numbers: Vec<String> = judged
            .report
            .candidates
            .iter()
            .map(|candidate| candidate.facts.ksh.clone())
            .filter(|ksh| !ksh.is_empty())
            .collect();
        let indexes: Vec<Vec<u8>> = judged
            .indexes
            .iter()
            .filter(|index| !index.is_empty())
            .cloned()
            .collect();
        let unit = self.store.read(actor).await?;
        let placed = unit.placed_candidates(year, &numbers).await?;
        let by_index = unit.candidates_by_index(&indexes).await?;
        let differing: Vec<Uuid> = judged
            .report
            .candidates
            .iter()
            .zip(&judged.digests)
            .filter_map(|(candidate, digest)| {
                let other = placed.get(&candidate.facts.ksh)?;
                (other.digest != *digest).then_some(other.id)
            })
            .collect();
        let earlier = unit.candidates_by_id(&differing).await?;
        let returning = match Reading::of(import)?.path {
            AdmissionPath::Returner => Some(unit.earlier_records(year, &numbers).await?),
            _ => None,
        };
        Ok(Known {
            placed,
            by_index,
            earlier,
            returning,
        })
    }
}

impl Known {
    /// An earlier record under the same number and with the same document.
    fn returns(&self, index: &[u8], ksh: &str) -> Option<Placing> {
        let record = self.returning.as_ref()?.get(ksh)?;
        returner(record, index).then(|| Placing::Returns {
            record: RecordKey {
                year: record.student.year,
                ksh: record.student.ksh.clone(),
            },
            deferred: is_deferred(&record.student),
        })
    }

    /// The same number and document in an earlier year, on a way that nobody comes back by.
    fn elsewhere(&self, index: &[u8], ksh: &str, year: i32) -> Option<Placing> {
        if self.returning.is_some() {
            return None;
        }
        let record = earlier_record(self.by_index.get(index)?, ksh, year)?;
        Some(Placing::Elsewhere { record })
    }

    /// The same document under another number: worst in the same year.
    fn by_document(&self, index: &[u8], ksh: &str, year: i32) -> Placing {
        let others = self
            .by_index
            .get(index)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let record = same_document(others, ksh, year);
        record.map_or(Placing::New, |record| Placing::document_in(record, year))
    }
}

/// The record of the same document under another number that weighs most: one of this year, else the newest.
pub(super) fn same_document(own: &[(String, i32)], ksh: &str, year: i32) -> Option<RecordKey> {
    own.iter()
        .filter(|(number, _)| number != ksh)
        .max_by_key(|(number, other)| (*other == year, *other, number))
        .map(|(number, other)| RecordKey {
            year: *other,
            ksh: number.clone(),
        })
}

/// The newest record before this year of the same document under the same number.
pub(super) fn earlier_record(own: &[(String, i32)], ksh: &str, year: i32) -> Option<RecordKey> {
    own.iter()
        .filter(|(number, earlier)| number == ksh && *earlier < year)
        .max_by_key(|(_, earlier)| *earlier)
        .map(|(number, earlier)| RecordKey {
            year: *earlier,
            ksh: number.clone(),
        })
}

/// Whether an earlier record is of the person with this document: a number alone proves nobody.
pub(super) fn returner(record: &EarlierRecord, index: &[u8]) -> bool {
    !index.is_empty() && record.id_index == index
}

/// Whether the admission of a record is deferred.
pub(super) fn is_deferred(student: &rows::Student) -> bool {
    student.qualification == Qualification::Deferred.key()
}

/// All differences in one line.
pub(super) fn named(found: &[Difference]) -> String {
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    shown.join(&BETWEEN.to_string())
}
