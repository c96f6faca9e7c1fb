//! The job that checks an upload: parse, judge, compare with what is in, write rows and findings in chunks.
//!
//! A check that was interrupted begins anew: rows and findings that no candidate came from are removed first, in a
//! transaction of their own, and the rest of the job is the same as the first time.

use super::confirm::queue;
use super::judged::{Accepted, Built, Chunk, Destination, Judged, Placing, Plan};
use super::source::{Fault, Reading, SourceFiles};
use super::{CHECK_JOB, ImportJob, blocking, count, counts_of, json, read_of, state_of};
use crate::job::Running;
use crate::{Result, ServiceError, Services};
use domain::admission::check::{CheckContext, Division};
use domain::admission::import::{ImportEvent, ImportState};
use domain::admission::source::{AdmissionPackage, ColumnMapping, Notice};
use domain::clause::Clause;
use domain::decision::{Read, decide};
use domain::institution::policy::UploadAdmission;
use domain::institution::{Granted, Moves, TenantId};
use domain::view::admission::{ImportCounts, RowState, Unreadable};
use formats::child::AnswerError;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Claimed, Detail, JobRun, Scope, Subject, UnitOfWork, rows};
use uuid::Uuid;

impl Services {
    /// Runs [`CHECK_JOB`](super::CHECK_JOB).
    pub(crate) async fn run_admission_check(&self, claimed: &Claimed) -> Result<()> {
        let run = self.running(claimed).await?;
        let job: ImportJob = run.payload()?;
        let (import, files) = begin::<UploadAdmission>(&run, job).await?;
        let tenant = run.actor().tenant();
        match self.read_source(tenant, &files).await? {
            // A parser that stopped once may have been ended with its server; twice, the file is to blame.
            Err(Fault::Broken) if claimed.attempt < 2 => Err(AnswerError::Broken.into()),
            Err(fault) => fail(&run, &import, &fault.into()).await,
            Ok(source) => {
                let look = self.store.read(run.actor()).await?;
                let others_at = look
                    .others_at(&import.purpose, import.year, import.id)
                    .await?;
                drop(look);
                let (headings, columns) = source.columns.clone().unzip();
                let plan = self.plan(&run, &import, source.package).await?;
                let (counts, notices) = (plan.counts().clone(), plan.notices().to_vec());
                let division = plan.division();
                self.write_plan(&run, &import, plan).await?;
                let found = Found {
                    counts,
                    division,
                    notices,
                    others_at,
                    headings: headings.unwrap_or_default(),
                    columns,
                };
                finish(&run, &import, found).await
            }
        }
    }

    /// What the rules are told about an import. Ages count to the day of the upload, so that a later look gives the
    /// same findings.
    pub(crate) async fn check_context(&self, import: &rows::ImportBatch) -> Result<CheckContext> {
        let today = domain::calendar::local_date(import.created_at);
        Ok(CheckContext {
            year: u16::try_from(import.year).unwrap_or_default(),
            school_codes: self.school_codes(TenantId(import.tenant_id), today).await?,
            today,
            path: Reading::of(import)?.path,
        })
    }

    async fn plan(
        &self,
        run: &Running<'_>,
        import: &rows::ImportBatch,
        package: AdmissionPackage,
    ) -> Result<Plan> {
        let context = self.check_context(import).await?;
        let keys = self.tenant_keys(run.actor().tenant())?;
        let judged = blocking(move || Judged::of(package, &context, &keys)).await?;
        let judged = Arc::new(judged);
        let placings: Vec<Placing> = self
            .compare(run.actor(), import, Arc::clone(&judged))
            .await?;
        blocking(move || {
            let judged =
                Arc::into_inner(judged).ok_or(ServiceError::Internal("a source in use"))?;
            Ok(Plan::new(judged, &placings))
        })
        .await
    }

    /// Writes a plan chunk by chunk; while one is written, the next is made.
    async fn write_plan(
        &self,
        run: &Running<'_>,
        import: &rows::ImportBatch,
        plan: Plan,
    ) -> Result<()> {
        let total = plan.len();
        let mut chunks = plan.chunks().into_iter();
        let to = self.destination(run, import).await?;
        let plan = Arc::new(plan);
        let make = |chunk: Option<Chunk>| {
            let (plan, to) = (Arc::clone(&plan), to.clone());
            async move {
                let Some(chunk) = chunk else { return Ok(None) };
                blocking(move || Ok(Some((chunk.rows_done(total), plan.build(&chunk, &to)?)))).await
            }
        };
        let mut next = make(chunks.next()).await?;
        while let Some((done, built)) = next {
            let written = write_chunk(run, import, built, progress(done, total));
            let (written, built) = tokio::join!(written, make(chunks.next()));
            written?;
            next = built?;
        }
        Ok(())
    }

    async fn destination(
        &self,
        run: &Running<'_>,
        import: &rows::ImportBatch,
    ) -> Result<Destination> {
        let unit = self.store.read(run.actor()).await?;
        let (row, finding) = unit.last_ordinals(import.id).await?;
        Ok(Destination {
            store: self.store.clone(),
            keys: unit.keys().clone(),
            import: import.id,
            first_row: row + 1,
            first_finding: finding + 1,
            accepted: Arc::new(Accepted::of(unit.accepted_before(import.id).await?)),
        })
    }
}

async fn write_chunk(
    run: &Running<'_>,
    import: &rows::ImportBatch,
    built: Built,
    progress: JobRun,
) -> Result<()> {
    let (mut unit, granted) = run.begin::<UploadAdmission>().await?;
    unit.insert_checked(built.checked, built.findings).await?;
    unit.checkpoint(run.claimed(), &progress).await?;
    unit.note(
        &granted,
        Subject::new("import_batch", import.id),
        Detail::text(format!("{}/{}", progress.done, progress.total)).step("checking"),
    );
    unit.commit().await?;
    Ok(())
}

fn progress(done: usize, total: usize) -> JobRun {
    JobRun {
        checkpoint: String::new(),
        done: count(done),
        total: count(total),
    }
}

/// Moves the import to the check and clears what an earlier check left.
pub(super) async fn begin<A: Moves<ImportState>>(
    run: &Running<'_>,
    job: ImportJob,
) -> Result<(rows::ImportBatch, SourceFiles)> {
    let (mut unit, granted) = run.begin::<A>().await?;
    let mut import = unit.import(job.import).await?;
    let files = SourceFiles::of(&unit, &import).await?;
    if state_of(&import)? == ImportState::Checking {
        unit.note(
            &granted,
            Subject::new("import_batch", import.id),
            Detail::none(),
        );
    } else {
        let decision = decide(
            &granted,
            read_of(&import)?,
            ImportEvent::Begin,
            Clause::HANDOVER,
        )?;
        unit.apply(&granted, decision, Detail::none()).await?;
        import = unit.import(job.import).await?;
    }
    unit.clear_checked(import.id).await?;
    unit.checkpoint(run.claimed(), &progress(0, 0)).await?;
    unit.commit().await?;
    Ok((import, files))
}

/// Rows of an import by state, as they stand in the database.
pub(super) async fn row_totals(scope: &Scope, import: Uuid) -> Result<BTreeMap<RowState, u64>> {
    let states = scope.import_row_states(import).await?;
    let known =
        |(key, total): (String, i64)| Some((RowState::from_key(&key)?, total.unsigned_abs()));
    Ok(states.into_iter().filter_map(known).collect())
}

/// Says that the file cannot be read, in the words of its format. Rows that an earlier check let in stay in, and stay
/// counted.
async fn fail(
    run: &Running<'_>,
    import: &rows::ImportBatch,
    unreadable: &Unreadable,
) -> Result<()> {
    let (mut unit, granted) = run.begin::<UploadAdmission>().await?;
    let read = read_of(import)?;
    let decision = decide(&granted, read, ImportEvent::Fail, Clause::HANDOVER)?;
    unit.apply(&granted, decision, Detail::none()).await?;
    let (counts, notices) = if import.confirmed_at.is_some() {
        let rows = row_totals(&unit, import.id).await?;
        let counts = ImportCounts {
            rows,
            ..counts_of(import)?
        };
        (counts, import.notices.as_str())
    } else {
        (ImportCounts::default(), "[]")
    };
    let error = json(unreadable)?;
    unit.set_import_result(import.id, &json(&counts)?, notices, Some(&error))
        .await?;
    let mut reading = Reading::of(import)?;
    if !unreadable.headings.is_empty() {
        reading.headings.clone_from(&unreadable.headings);
    }
    unit.set_import_mapping(import.id, &json(&reading)?).await?;
    unit.finish_job(run.claimed(), Ok("unreadable".to_owned()))
        .await?;
    unit.commit().await?;
    Ok(())
}

/// What a check found out about an import as a whole.
struct Found {
    counts: BTreeMap<String, u64>,
    division: Division,
    notices: Vec<Notice>,
    others_at: Option<i64>,
    /// Headings of a worksheet, and which field each was read as.
    headings: Vec<String>,
    columns: Option<ColumnMapping>,
}

/// An import of which another one, that its rows were compared with, was undone waits for its check again.
pub(super) async fn anew<A: Moves<ImportState>>(
    unit: &mut UnitOfWork,
    granted: &Granted<A>,
    import: &rows::ImportBatch,
    told: Detail,
) -> Result<Detail> {
    let read = read_of(import)?;
    let decision = decide(granted, read, ImportEvent::CheckAnew, Clause::HANDOVER)?;
    let reading = Reading {
        anew: true,
        ..Reading::of(import)?
    };
    unit.set_import_mapping(import.id, &json(&reading)?).await?;
    let key = format!("{}:{}", import.id, import.version);
    queue(unit, CHECK_JOB, import.id, key).await?;
    Ok(unit.apply_within(granted, decision, told).await?)
}

/// Whether something is gone that rows of an import were compared with: what they were found to be, or to differ from, or
/// what stands against them.
pub(super) async fn is_misplaced(scope: &Scope, import: &rows::ImportBatch) -> Result<bool> {
    Ok(scope.count_misplaced(import.id, import.year).await? > 0
        || scope.count_lost_records(import.id).await? > 0)
}

async fn finish(run: &Running<'_>, import: &rows::ImportBatch, found: Found) -> Result<()> {
    let (mut unit, granted) = run.begin::<UploadAdmission>().await?;
    unit.hold_cohort(import.year).await?;
    // An undo came between the comparison and its end: the check begins again.
    if is_misplaced(&unit, import).await? {
        return Err(ServiceError::Interrupted);
    }
    let read: Read<ImportState> = read_of(import)?;
    let event = if import.confirmed_at.is_some() && unit.count_confirmable(import.id).await? == 0 {
        ImportEvent::FoundNothing
    } else {
        ImportEvent::Found
    };
    let decision = decide(&granted, read, event, Clause::HANDOVER)?;
    unit.apply(&granted, decision, Detail::none()).await?;
    let counts = ImportCounts {
        source: found.counts,
        division: found.division,
        rows: row_totals(&unit, import.id).await?,
    };
    let before = Reading::of(import)?;
    let mut notices = found.notices;
    notices.extend(before.anew.then_some(Notice::CheckedAnew));
    let reading = Reading {
        anew: false,
        others_at: found.others_at,
        headings: found.headings,
        // A proposal stays one: only what somebody said is kept for the next sheet.
        columns: found.columns.filter(|_| before.is_assigned(&notices)),
        ..before
    };
    unit.forget_accepted_before(import.id).await?;
    unit.set_import_result(import.id, &json(&counts)?, &json(&notices)?, None)
        .await?;
    unit.set_import_mapping(import.id, &json(&reading)?).await?;
    unit.finish_job(run.claimed(), Ok("checked".to_owned()))
        .await?;
    unit.commit().await?;
    Ok(())
}
