//! Undo: what an import brought in is taken back, as long as nothing was built on it.

use super::check::{self, row_totals};
use super::returning::take_back;
use super::{as_seen, counts_of, json, read_of, refused};
use crate::institution::{number, parameters};
use crate::{Result, ServiceError, Services};
use chrono::{NaiveDate, TimeDelta};
use domain::admission::import::ImportEvent;
use domain::calendar::local_date;
use domain::clause::Clause;
use domain::decision::{Reason, Refusal, decide};
use domain::institution::parameter::Parameter;
use domain::institution::policy::{DiscardImport, UndoImport};
use domain::institution::{Actor, Office, Target};
use domain::view::admission::{BuiltOn, ImportCounts};
use store::{Detail, Foundation, Scope, rows};
use uuid::Uuid;

impl Services {
    /// Takes back the candidates, student records and photos that an import brought in; its rows wait again.
    ///
    /// # Errors
    /// [`ServiceError::BuiltOn`] with [`BuiltOn`] as JSON, [`ServiceError::Refused`] when the time for it is over or
    /// the password was given too long ago, or the import is not as it was seen.
    pub async fn undo_import(&self, actor: &Actor, import: Uuid, version: i32) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<UndoImport>(&Target::school(actor.tenant()), unit.now())?;
        let year = unit.import(import).await?.year;
        unit.hold_cohort(year).await?;
        let row = unit.import(import).await?;
        as_seen(&row, version)?;
        let decision = decide(
            &granted,
            read_of(&row)?,
            ImportEvent::Undo,
            Clause::HANDOVER,
        )?;
        let last = undo_until(&unit, &row).await?;
        if let Some(last) = last.filter(|last| unit.today() > *last) {
            let refusal = Refusal::new(Reason::TooLate, Clause::HANDOVER, Office::Admissions);
            return Err(refusal.until(last).into());
        }
        unit.hold_students_of(import).await?;
        let built = built_on(&unit.built_on(import).await?);
        if !built.is_empty() {
            return Err(ServiceError::BuiltOn(json(&built)?));
        }
        let candidates = unit.candidate_ids_of(import).await?;
        let photos = unit.photos_of_import(import).await?;
        let mut detail = Detail::text(candidates.len().to_string())
            .over("candidate", candidates)
            .over("admission_photo", photos.iter().map(|photo| photo.id));
        let compared = unit.compared_with(import, &row.purpose, row.year).await?;
        for other in compared {
            detail = check::anew(&mut unit, &granted, &other, detail).await?;
        }
        let detail = take_back(&mut unit, &granted, import, detail).await?;
        unit.delete_photos_of(import).await?;
        unit.forget_undone_assignments(import).await?;
        unit.delete_candidates_of(import).await?;
        unit.release_rows(import).await?;
        let counts = ImportCounts {
            rows: row_totals(&unit, import).await?,
            ..counts_of(&row)?
        };
        unit.set_import_result(import, &json(&counts)?, &row.notices, None)
            .await?;
        unit.apply(&granted, decision, detail).await?;
        unit.commit().await?;
        for photo in photos {
            self.discard_file(&photo.object_key).await;
        }
        Ok(())
    }

    /// Puts aside an upload of which nothing went in: a wrong file, or rows that nobody will mend.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when something of it is in, or it is not as it was seen.
    pub async fn discard_import(&self, actor: &Actor, import: Uuid, version: i32) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let target = Target::school(actor.tenant());
        let granted = actor.authorize::<DiscardImport>(&target, unit.now())?;
        let row = unit.import(import).await?;
        as_seen(&row, version)?;
        if row.confirmed_at.is_some() {
            return Err(refused(Reason::IllegalMove));
        }
        let read = read_of(&row)?;
        let decision = decide(&granted, read, ImportEvent::Undo, Clause::HANDOVER)?;
        unit.apply(&granted, decision, Detail::none()).await?;
        unit.commit().await?;
        Ok(())
    }
}

/// The last day on which a confirmed import can be undone; `None` when nothing of it is in.
pub(super) async fn undo_until(
    scope: &Scope,
    import: &rows::ImportBatch,
) -> Result<Option<NaiveDate>> {
    let Some(at) = import.confirmed_at else {
        return Ok(None);
    };
    let days = number(&parameters(scope).await?, Parameter::ImportUndoDays);
    Ok(local_date(at).checked_add_signed(TimeDelta::days(days)))
}

pub(super) fn built_on(foundation: &Foundation) -> Vec<BuiltOn> {
    let handovers = foundation
        .handovers
        .iter()
        .map(|handover| BuiltOn::Handover {
            number: handover.number,
            on: local_date(handover.offered_at),
        });
    let accounts = (foundation.accounts > 0).then_some(BuiltOn::Accounts {
        count: foundation.accounts,
    });
    let assignments = (foundation.assignments > 0).then_some(BuiltOn::Assignments {
        count: foundation.assignments,
    });
    let returned = (foundation.returned > 0).then_some(BuiltOn::Returned {
        count: foundation.returned,
    });
    let continued = (foundation.continued > 0).then_some(BuiltOn::Continued {
        count: foundation.continued,
    });
    handovers
        .chain(accounts)
        .chain(assignments)
        .chain(returned)
        .chain(continued)
        .collect()
}
