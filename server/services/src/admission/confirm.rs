//! Confirmation: somebody says that the good rows are right, and a job writes them, each exactly once.
//!
//! A chunk is one transaction: candidates, student records, states of rows, checkpoint, audit link. A row that is in is
//! no longer confirmable, so a job that begins again after a crash finds the rest and nothing else. A chunk is compared
//! anew with what is in where another import, of its year or of an earlier one, or a second confirmation of one, has come
//! between the check and the chunk.

use super::check::{self, row_totals};
use super::draft::{Draft, Maker};
use super::majors::Mapping;
use super::overtaken::{bar, sort};
use super::returning::Returning;
use super::source::Reading;
use super::{
    CHECK_JOB, CHUNK, CONFIRM_JOB, ImportJob, PHOTOS_JOB, as_seen, blocking, count, counts_of,
    json, read_of, refused, state_of,
};
use crate::job::Running;
use crate::oversight::bound;
use crate::{Result, ServiceError, Services};
use domain::admission::import::{ImportEvent, ImportState};
use domain::clause::Clause;
use domain::decision::{Reason, decide};
use domain::institution::policy::{ConfirmImport, ResumeImport};
use domain::institution::{Actor, Granted, Target};
use domain::view::admission::{ImportCounts, RowState, UploadKind};
use serde::{Deserialize, Serialize};
use store::{Claimed, Detail, JobRun, NewJob, Scope, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// What somebody saw of an import before confirming it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Version of the import.
    pub version: i32,
    /// Rows that confirming brings in.
    pub rows: u64,
}

/// How far a confirmation is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// Ordinal of the last row that was looked at.
    after: i32,
    /// Rows looked at.
    done: usize,
    /// Of how many.
    total: usize,
}

impl Services {
    /// Confirms the good rows of an import, and those whose warnings are all accepted: a job writes them. Rows with
    /// errors wait. What is confirmed is what was seen: after another check, or when other rows can go in, it is looked
    /// at again.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when there is nothing to confirm, the import is not in a state for it, or it is not as
    /// it was seen.
    pub async fn confirm_import(&self, actor: &Actor, import: Uuid, seen: Seen) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let granted =
            actor.authorize::<ConfirmImport>(&Target::school(actor.tenant()), unit.now())?;
        let row = unit.import(import).await?;
        if row.purpose != "admission" {
            return Err(ServiceError::NotFound);
        }
        let read = read_of(&row)?;
        let decision = decide(&granted, read, ImportEvent::Confirm, Clause::HANDOVER)?;
        let rows = unit.count_confirmable(import).await?;
        if rows == 0 {
            return Err(refused(Reason::Incomplete));
        }
        as_seen(&row, seen.version)?;
        if rows != seen.rows {
            return Err(refused(Reason::Stale));
        }
        unit.apply(&granted, decision, Detail::text(rows.to_string()))
            .await?;
        let key = format!("{import}:{}", row.version);
        let job = queue(&mut unit, CONFIRM_JOB, import, key).await?;
        unit.commit().await?;
        Ok(job)
    }

    /// Starts the job of an import again after it failed for good, or the check of a file that could not be read.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when nothing of it has failed.
    pub async fn resume_import(&self, actor: &Actor, import: Uuid) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let target = Target::school(actor.tenant());
        let granted = actor.authorize::<ResumeImport>(&target, unit.now())?;
        let row = unit.import(import).await?;
        let kind = stopped_job(&unit, &row).await?;
        let told = Detail::text(kind);
        if state_of(&row)? == ImportState::Unreadable {
            let read = read_of(&row)?;
            let decision = decide(&granted, read, ImportEvent::Retry, Clause::HANDOVER)?;
            unit.set_import_result(import, &row.counts, &row.notices, None)
                .await?;
            unit.apply(&granted, decision, told).await?;
        } else {
            unit.note(&granted, Subject::new("import_batch", import), told);
        }
        let key = format!("{import}:after:{}", row.job_id.unwrap_or_default());
        let queued = queue(&mut unit, kind, import, key).await?;
        unit.commit().await?;
        Ok(queued)
    }

    /// Runs [`CONFIRM_JOB`].
    pub(crate) async fn run_admission_confirm(&self, claimed: &Claimed) -> Result<()> {
        let run = self.running(claimed).await?;
        let job: ImportJob = run.payload()?;
        let unit = self.store.read(run.actor()).await?;
        let import = unit.import(job.import).await?;
        let mut progress = match run.checkpoint::<Progress>()? {
            Some(progress) => progress,
            None => Progress {
                total: usize::try_from(unit.count_confirmable(import.id).await?)
                    .unwrap_or(usize::MAX),
                ..Progress::default()
            },
        };
        let reading = Reading::of(&import)?;
        let maker = Maker {
            store: self.store.clone(),
            keys: unit.keys().clone(),
            import: import.id,
            year: import.year,
            path: reading.path,
            now: unit.now(),
        };
        drop(unit);
        let mut next = self.prepare(&run, &maker, progress.after).await?;
        while let Some(prepared) = next {
            let after = prepared.last;
            progress.after = after;
            progress.done += prepared.drafts.len();
            let written = write_chunk(&run, &maker, reading.others_at, prepared.drafts, progress);
            // While one chunk is written, the next is opened and sealed.
            let (written, prepared) = tokio::join!(written, self.prepare(&run, &maker, after));
            written?;
            next = prepared?;
        }
        finish(&run, &import).await
    }

    /// The next rows, opened, and sealed as candidates; `None` when there are no more.
    async fn prepare(
        &self,
        run: &Running<'_>,
        maker: &Maker,
        after: i32,
    ) -> Result<Option<Prepared>> {
        let unit = self.store.read(run.actor()).await?;
        let kept = unit
            .confirmable_rows(maker.import, after, CHUNK as u64)
            .await?;
        drop(unit);
        let Some(last) = kept.last().map(|row| row.ordinal) else {
            return Ok(None);
        };
        let maker = maker.clone();
        let drafts = blocking(move || kept.iter().map(|row| maker.draft(row)).collect()).await?;
        Ok(Some(Prepared { last, drafts }))
    }
}

/// The kind of the job that an import stands still without.
async fn stopped_job(scope: &Scope, import: &rows::ImportBatch) -> Result<&'static str> {
    let kind = UploadKind::from_key(&import.purpose).ok_or(ServiceError::NotFound)?;
    let state = state_of(import)?;
    let failed = match import.job_id {
        Some(job) => scope.job(job).await?.state == "failed",
        None => false,
    };
    if !state.stands_still(failed) {
        return Err(refused(Reason::IllegalMove));
    }
    Ok(match kind {
        _ if state == ImportState::Confirming => CONFIRM_JOB,
        UploadKind::Admission => CHECK_JOB,
        UploadKind::Photos => PHOTOS_JOB,
    })
}

/// Rows on their way in, before they are written.
struct Prepared {
    /// Ordinal of the last one.
    last: i32,
    drafts: Vec<Draft>,
}

/// Writes one chunk: one transaction, or none of it.
async fn write_chunk(
    run: &Running<'_>,
    maker: &Maker,
    others_at: Option<i64>,
    drafts: Vec<Draft>,
    progress: Progress,
) -> Result<()> {
    let (mut unit, granted) = run.begin::<ConfirmImport>().await?;
    unit.hold_cohort(maker.year).await?;
    let now = unit
        .others_at(UploadKind::Admission.key(), maker.year, maker.import)
        .await?;
    let (fresh, barred) = if now.is_some() && now == others_at {
        (drafts, Vec::new())
    } else {
        sort(&unit, maker, drafts).await?
    };
    bar(&mut unit, maker, barred).await?;
    bring_in(&mut unit, &granted, maker, fresh).await?;
    let run_so_far = JobRun {
        checkpoint: json(&progress)?,
        done: count(progress.done),
        total: count(progress.total),
    };
    unit.checkpoint(run.claimed(), &run_so_far).await?;
    unit.commit().await?;
    Ok(())
}

/// Queues a job of an import and names it there.
pub(super) async fn queue(
    unit: &mut UnitOfWork,
    kind: &'static str,
    import: Uuid,
    idem_key: String,
) -> Result<Uuid> {
    let job = unit
        .enqueue(NewJob {
            kind,
            payload: json(&ImportJob { import })?,
            idem_key,
        })
        .await?;
    unit.set_import_job(import, job).await?;
    Ok(job)
}

/// Writes candidates and students, with college and major where the offer is mapped, and one audit link over them.
async fn bring_in(
    unit: &mut UnitOfWork,
    granted: &Granted<ConfirmImport>,
    maker: &Maker,
    fresh: Vec<Draft>,
) -> Result<()> {
    let mut mapping = Mapping::of(unit, maker.year).await?;
    let tenant = maker.keys.tenant().0;
    let (mut candidates, mut students) = (
        Vec::with_capacity(fresh.len()),
        Vec::with_capacity(fresh.len()),
    );
    let mut lines = Vec::new();
    let mut returning = Returning::of(unit, maker, &fresh).await?;
    for draft in fresh {
        let belongs = mapping.belongs(&draft.offer);
        lines.extend(mapping.line(&maker.store, tenant, maker.year, &draft.offer));
        students.push(rows::Student {
            college_id: belongs.college,
            major_id: belongs.major,
            person_id: returning.person(&draft),
            ..draft.student
        });
        candidates.push(draft.candidate);
    }
    let rows: Vec<Uuid> = candidates
        .iter()
        .map(|candidate| candidate.row_id)
        .collect();
    let bound = candidates
        .iter()
        .map(|candidate| Ok((candidate.id, String::new(), bound::candidate(candidate)?)))
        .collect::<Result<Vec<_>>>()?;
    let detail = Detail::text(candidates.len().to_string()).over_values(bound::CANDIDATE, bound);
    unit.insert_major_maps(lines).await?;
    unit.insert_candidates(candidates, students).await?;
    let detail = returning.move_on(unit, granted, detail).await?;
    unit.set_row_states(&rows, RowState::Confirmed.key())
        .await?;
    unit.note(granted, Subject::new("import_batch", maker.import), detail);
    Ok(())
}

async fn finish(run: &Running<'_>, import: &rows::ImportBatch) -> Result<()> {
    let (mut unit, granted) = run.begin::<ConfirmImport>().await?;
    unit.hold_cohort(import.year).await?;
    let decision = decide(
        &granted,
        read_of(import)?,
        ImportEvent::Written,
        Clause::HANDOVER,
    )?;
    let mut told = Detail::none();
    // While it was written, another import was undone that its other rows had been compared with.
    if check::is_misplaced(&unit, import).await? {
        told = unit.apply_within(&granted, decision, told).await?;
        let written = unit.import(import.id).await?;
        told = check::anew(&mut unit, &granted, &written, told).await?;
        unit.note(&granted, Subject::new("import_batch", import.id), told);
    } else {
        unit.apply(&granted, decision, told).await?;
    }
    let counts = ImportCounts {
        rows: row_totals(&unit, import.id).await?,
        ..counts_of(import)?
    };
    unit.set_import_result(import.id, &json(&counts)?, &import.notices, None)
        .await?;
    unit.set_import_confirmed(import.id).await?;
    unit.finish_job(run.claimed(), Ok("confirmed".to_owned()))
        .await?;
    unit.commit().await?;
    Ok(())
}
