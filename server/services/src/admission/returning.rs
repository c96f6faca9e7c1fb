//! Somebody comes back after 保留入学资格: the new record belongs to the person of the earlier one, which returns through
//! its own machine.

use super::compare::{is_deferred, returner};
use super::draft::{Draft, Maker};
use crate::Result;
use crate::oversight::bound::STUDENT;
use crate::students::state;
use domain::admission::path::AdmissionPath;
use domain::admission::qualification::{Qualification, QualificationEvent};
use domain::clause::Clause;
use domain::decision::{Read, decide};
use domain::institution::Granted;
use domain::institution::policy::{ConfirmImport, UndoImport};
use std::collections::HashMap;
use store::{Detail, EarlierRecord, Scope, UnitOfWork, rows};
use uuid::Uuid;

/// What the timeline of an earlier record calls it that a later one continues it, or does no more.
const CONTINUED: &str = "continued";

/// Those among the rows of a chunk who come back.
pub(super) struct Returning {
    records: HashMap<String, EarlierRecord>,
    /// Earlier records, and the later ones that continue them.
    continued: Vec<(rows::Student, Uuid)>,
}

impl Returning {
    pub(super) async fn of(scope: &Scope, maker: &Maker, drafts: &[Draft]) -> Result<Self> {
        let numbers: Vec<String> = drafts
            .iter()
            .map(|draft| draft.candidate.ksh.clone())
            .collect();
        let records = match maker.path {
            AdmissionPath::Returner => scope.earlier_records(maker.year, &numbers).await?,
            _ => HashMap::new(),
        };
        Ok(Self {
            records,
            continued: Vec::new(),
        })
    }

    /// The person of the earlier record, which the new one continues.
    pub(super) fn person(&mut self, draft: &Draft) -> Option<Uuid> {
        let record = self.records.remove(&draft.candidate.ksh)?;
        if !returner(&record, &draft.candidate.id_index) {
            return None;
        }
        let person = record.student.person_id;
        self.continued.push((record.student, draft.student.id));
        person
    }

    /// Once the new records are there, the earlier ones name them, and those with a deferred admission return: parts of
    /// the act that brings the new ones in.
    pub(super) async fn move_on(
        self,
        unit: &mut UnitOfWork,
        granted: &Granted<ConfirmImport>,
        mut told: Detail,
    ) -> Result<Detail> {
        for (earlier, by) in self.continued {
            let deferred = is_deferred(&earlier);
            let since = earlier.qualification_on.unwrap_or_else(|| unit.today());
            let version = unit
                .continue_record(&earlier, by, deferred.then_some(since))
                .await?;
            let link = (continued_by(None), continued_by(Some(by)));
            if deferred {
                let read = Read {
                    id: earlier.id,
                    state: Qualification::Deferred,
                    version,
                };
                let event = QualificationEvent::Return;
                let decision = decide(granted, read, event, Clause::ORDER41_10)?;
                told = unit.apply_within(granted, decision, told).await?;
                told = told.over_values(STUDENT, [(earlier.id, link.0, link.1)]);
            } else {
                told = told.over_step(STUDENT, earlier.id, CONTINUED, link);
            }
        }
        Ok(told)
    }
}

/// What a leaf binds of the record that continues another.
fn continued_by(record: Option<Uuid>) -> String {
    let record = record.map(|id| id.to_string()).unwrap_or_default();
    format!("continued_by={record}")
}

/// The earlier records stand as they stood before the import: deferred, and alone. Parts of the act that takes it back.
pub(super) async fn take_back(
    unit: &mut UnitOfWork,
    granted: &Granted<UndoImport>,
    import: Uuid,
    mut told: Detail,
) -> Result<Detail> {
    for earlier in unit.continued_in(import).await? {
        let link = (continued_by(earlier.continued_by), continued_by(None));
        if earlier.deferred_on.is_some() {
            let read = Read {
                id: earlier.id,
                state: state::<Qualification>(&earlier.qualification)?,
                version: earlier.version,
            };
            let event = QualificationEvent::Defer;
            let decision = decide(granted, read, event, Clause::ORDER41_10)?;
            told = unit.apply_within(granted, decision, told).await?;
            told = told.over_values(STUDENT, [(earlier.id, link.0, link.1)]);
        } else {
            told = told.over_step(STUDENT, earlier.id, CONTINUED, link);
        }
        unit.take_back_continuation(&earlier).await?;
    }
    Ok(told)
}
