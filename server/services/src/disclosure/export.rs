//! Exports: all rows of the list on the screen, in its order; made by a job, sealed, for one owner, for seven days.

use super::columns::{Line, Opened, cell, heading, needs_snapshot};
use super::lines::Lines;
use super::payload::{Made, Payload, Wanted};
use super::reason as check_reason;
use crate::admission::snapshot::ListedSnapshots;
use crate::admission::{count, from_json, json};
use crate::institution::{actor_of, parameters};
use crate::sealed_file::{Contents, object_key};
use crate::students::places::Places;
use crate::students::{admit, sort_of, store_filter};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::{local_date, local_time};
use domain::clause::Clause;
use domain::decision::{Reason, Refusal};
use domain::institution::{Actor, Granted, Office, TenantId, policy};
use domain::text::Label as _;
use domain::view::access::AccessKind;
use domain::view::export::{ExportLine, ExportState};
use domain::view::list::{Column, ListQuery};
use domain::view::words;
use formats::workbook::{self, TableWriter, WorkbookError};
use futures_util::TryStreamExt as _;
use futures_util::stream::FuturesOrdered;
use std::sync::Arc;
use store::keys::Purpose;
use store::{Claimed, Detail, ExportedStudent, JobRun, NewJob, Scope, StoreError, Subject, rows};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

/// Kind of the job that writes an export.
pub const EXPORT_JOB: &str = "export";
/// How long the file of an export is kept.
pub const KEPT: TimeDelta = TimeDelta::days(7);

/// Rows read under the owner's rights as they are then, until these are looked up anew and the progress is told.
const CHUNK: usize = 5_000;
/// Rows read at once. Who reads is at most three such pieces ahead of who writes: all want a processor, and the writing
/// takes longest.
const PIECE: usize = 500;
/// Exports shown to their owner.
const SHOWN: u64 = 50;
/// Purpose of the file.
const FILE: &str = "export";
const MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Heading of the column that says in each row who took it out, when and what for.
const MARK: &str = "导出标记";

/// A finished export.
pub struct ExportFile {
    /// Name for the browser.
    pub name: String,
    /// Media type.
    pub media: &'static str,
    /// The workbook.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for ExportFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExportFile({} bytes)", self.bytes.len())
    }
}

impl Services {
    /// Asks for the list as a workbook: the same filter and order, every row. Answers the job.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a reason of fewer than four characters, for no column, and for a column that the
    /// office may not have; [`ServiceError::Refused`] without a step-up.
    pub async fn request_export(
        &self,
        actor: &Actor,
        query: ListQuery,
        columns: &[Column],
        reason: &str,
    ) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::RequestExport>(actor, unit.now())?;
        let reason = check_reason(reason)?;
        let columns = chosen(actor, columns)?;
        let export = unit.id();
        let wanted = Wanted { query, reason };
        let payload = Payload::new(unit.keys(), export, columns, &wanted)?;
        let job = unit
            .enqueue(NewJob {
                kind: EXPORT_JOB,
                payload: json(&payload)?,
                idem_key: export.to_string(),
            })
            .await?;
        let names: Vec<&str> = payload.columns.iter().map(|c| c.key()).collect();
        unit.note(
            &granted,
            Subject::new("job", job),
            Detail::text(names.join(",")),
        );
        unit.commit().await?;
        Ok(job)
    }

    /// Writes an export: freezes the list, reads it in chunks under the owner's rights as they are at each of them,
    /// and keeps the sealed file. The file, the lines of the access log and the end of the job are one transaction, so
    /// a worker that dies before leaves nothing that anybody is offered, and its successor begins anew and writes over it.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] or [`ServiceError::NotFound`] when the owner has lost the right or the post;
    /// [`StoreError::Stale`] when records left the list meanwhile: the next attempt freezes it again.
    pub async fn run_export(&self, claimed: &Claimed) -> Result<()> {
        let owner = self.export_owner(claimed).await?;
        let unit = self.store.read(&owner.actor).await?;
        let payload = Payload::read(&owner.job.payload)?;
        let wanted = payload.wanted(unit.keys())?;
        let query = &wanted.query;
        let ids = unit
            .student_ids(
                &owner.actor.visible(),
                &store_filter(&query.filter),
                sort_of(query.sort),
                query.descending,
            )
            .await?;
        let ids: Arc<[Uuid]> = ids.into();
        let places = Places::load(&unit).await?;
        let mark = mark(&owner, &wanted, unit.now());
        drop(unit);
        let (lines, book) = self.begin_workbook(&payload, mark);
        let reading = Reading {
            claimed: claimed.clone(),
            snapshot: payload.columns.iter().any(|c| needs_snapshot(*c)),
            columns: payload.columns.clone(),
            places,
            ids: Arc::clone(&ids),
        };
        let (told, mut read) = mpsc::channel(1);
        let mut reader = JoinSet::new();
        reader.spawn(self.clone().read_all(reading, lines, told));
        let mut done = 0;
        while let Some((owner, rows)) = read.recv().await {
            done += rows;
            let mut unit = self.store.begin(&owner.actor).await?;
            let run = JobRun {
                checkpoint: String::new(),
                done: count(done),
                total: count(ids.len()),
            };
            unit.checkpoint(claimed, &run).await?;
            unit.commit().await?;
        }
        let ended = reader.join_next().await;
        ended
            .ok_or(ServiceError::Interrupted)?
            .map_err(|_| ServiceError::Interrupted)??;
        let owner = self.export_owner(claimed).await?;
        self.finish_export(claimed, &owner, &payload, &wanted, book, &ids)
            .await
    }

    /// Reads the list, chunk by chunk, for the one who writes it, and tells of each chunk under whose rights it was read.
    async fn read_all(
        self,
        reading: Reading,
        lines: mpsc::Sender<Lines>,
        told: mpsc::Sender<(Owner, usize)>,
    ) -> Result<()> {
        for chunk in reading.ids.chunks(CHUNK) {
            let owner = self.export_owner(&reading.claimed).await?;
            let taken = self
                .read_chunk(&reading, &owner.actor, chunk, &lines)
                .await?;
            // The workbook broke, or nobody asks any more; who waits for it hears why.
            if !taken || told.send((owner, chunk.len())).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads a chunk, two pieces at a time: the database looks the next one up while this one is opened here. Whether the
    /// one who writes took them all.
    async fn read_chunk(
        &self,
        reading: &Reading,
        actor: &Actor,
        chunk: &[Uuid],
        lines: &mpsc::Sender<Lines>,
    ) -> Result<bool> {
        let mut units = Vec::with_capacity(2);
        for _ in chunk.chunks(PIECE).take(2) {
            units.push(self.store.read(actor).await?);
        }
        let mut ahead = chunk.chunks(PIECE).zip(units.iter().cycle());
        let mut pieces = FuturesOrdered::new();
        loop {
            while pieces.len() < units.len()
                && let Some((piece, unit)) = ahead.next()
            {
                pieces.push_back(export_rows(unit, actor, reading, piece));
            }
            let Some(piece) = pieces.try_next().await? else {
                return Ok(true);
            };
            if lines.send(piece).await.is_err() {
                return Ok(false);
            }
        }
    }

    /// The person and post that asked, as they are now. The step-up is that of the request.
    async fn export_owner(&self, claimed: &Claimed) -> Result<Owner> {
        self.ensure_active(claimed.tenant).await?;
        let look = self.store.look(claimed.tenant).await?;
        let job = look.job(claimed.id).await?;
        let seat = look.seat(job.account_id, job.post_id).await?;
        let asked = job.created_at;
        let parameters = parameters(&look).await?;
        let actor = actor_of(claimed.tenant, &seat, Some(asked), &parameters)?;
        let granted = admit::<policy::RequestExport>(&actor, asked)?;
        let payload = Payload::read(&job.payload)?;
        chosen(&actor, &payload.columns)?;
        Ok(Owner {
            name: format!("{}（{}）", seat.person.name, seat.account.login),
            actor,
            granted,
            job,
        })
    }

    /// Begins the workbook; it is written as its lines come, and ends when their sender is gone.
    fn begin_workbook(&self, payload: &Payload, mark: String) -> (mpsc::Sender<Lines>, Book) {
        let made_on = local_date(self.store.now());
        let mut columns: Vec<workbook::Column> =
            payload.columns.iter().map(|c| heading(*c)).collect();
        columns.push(workbook::Column::text(MARK).wide(40.0));
        let (to, mut from) = mpsc::channel::<Lines>(1);
        let book = tokio::task::spawn_blocking(move || {
            write_lines(&mut from, &columns, &mark, made_on)
                .map_err(|_| ServiceError::Internal("a workbook"))
        });
        (to, book)
    }

    async fn finish_export(
        &self,
        claimed: &Claimed,
        owner: &Owner,
        payload: &Payload,
        wanted: &Wanted,
        book: Book,
        ids: &[Uuid],
    ) -> Result<()> {
        let fields: Vec<&str> = payload.columns.iter().map(|c| c.key()).collect();
        let mut unit = self.store.begin(&owner.actor).await?;
        unit.note(
            &owner.granted,
            Subject::new("job", claimed.id),
            Detail::text(format!("{}", ids.len()))
                .over("student", ids.iter().copied())
                .read_as(AccessKind::Export.key(), &fields.join(","), &wanted.reason),
        );
        // The records are entered while the file is being packed.
        unit.write_notes().await?;
        let bytes = book.await.map_err(|_| ServiceError::Interrupted)??;
        let now = local_time(self.store.now());
        let contents = Contents {
            purpose: FILE,
            sealed_for: Purpose::Identity,
            name: format!("学生名单-{}.xlsx", now.format("%Y%m%d-%H%M")),
            media: MEDIA,
            bytes,
        };
        let made = Made {
            file: claimed.id,
            rows: ids.len(),
        };
        // From here until this unit ends nobody else can claim the job, so nobody else puts its file. The file has the id
        // of the job: an attempt that dies before the commit leaves what the next one writes over.
        unit.finish_job(claimed, Ok(json(&made)?)).await?;
        let file = self.keep_sealed(&owner.actor, claimed.id, contents).await?;
        unit.insert_file(file).await?;
        Ok(unit.commit().await?)
    }

    /// Removes what attempts at an export may have left in the file store, when it is given up.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(crate) async fn discard_export(&self, claimed: &Claimed) -> Result<()> {
        let key = object_key(claimed.tenant, claimed.id);
        Ok(self.store.files().remove(&key).await?)
    }

    /// The own exports of the post in use, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a post that has no exports.
    pub async fn exports(&self, actor: &Actor) -> Result<Vec<ExportLine>> {
        let unit = self.store.read(actor).await?;
        admit::<policy::ExportsPage>(actor, unit.now())?;
        let jobs = unit
            .jobs_of(EXPORT_JOB, actor.seat().account, SHOWN)
            .await?;
        let now = unit.now();
        jobs.into_iter()
            .filter(|job| job.post_id == actor.seat().post)
            .map(|job| {
                let payload = Payload::read(&job.payload)?;
                let wanted = payload.wanted(unit.keys())?;
                let end = job.finished_at.map(|at| at + KEPT);
                Ok(ExportLine {
                    id: job.id,
                    asked_at: local_time(job.created_at),
                    state: state_of(&job, now),
                    done: u64::try_from(job.done).unwrap_or_default(),
                    total: u64::try_from(job.total).unwrap_or_default(),
                    reason: wanted.reason,
                    columns: payload.columns.iter().map(|c| words(c.label())).collect(),
                    expires_on: end.filter(|_| job.state == "done").map(local_date),
                    error: job.error,
                })
            })
            .collect()
    }

    /// A finished export, for the post that asked for it. The download is logged.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for the export of somebody else; [`ServiceError::Refused`] before it is finished and
    /// after seven days.
    pub async fn download_export(&self, actor: &Actor, job: Uuid) -> Result<ExportFile> {
        let unit = self.store.read(actor).await?;
        admit::<policy::DownloadExport>(actor, unit.now())?;
        let job = unit.job(job).await?;
        let seat = actor.seat();
        if job.kind != EXPORT_JOB || job.account_id != seat.account || job.post_id != seat.post {
            return Err(ServiceError::NotFound);
        }
        match state_of(&job, unit.now()) {
            ExportState::Ready => {}
            ExportState::Expired => return Err(too_late(&job).into()),
            ExportState::Waiting | ExportState::Running | ExportState::Failed => {
                return Err(refusal(Reason::Incomplete).into());
            }
        }
        let payload = Payload::read(&job.payload)?;
        chosen(actor, &payload.columns)?;
        let made: Made = from_json(job.result.as_deref().unwrap_or_default(), "an export")?;
        let file = unit.stored_file(made.file).await?;
        let acts = unit.bulk_acts("job", job.id).await?;
        let reason = payload.wanted(unit.keys())?.reason;
        drop(unit);
        let bytes = self
            .open_sealed(actor.tenant(), Purpose::Identity, &file)
            .await?;
        let fields: Vec<&str> = payload.columns.iter().map(|c| c.key()).collect();
        let kind = AccessKind::Download;
        let mut unit = self.store.begin(actor).await?;
        unit.log_accesses_of(&acts, kind.key(), &fields.join(","), &reason)
            .await?;
        unit.commit().await?;
        Ok(ExportFile {
            name: file.name,
            media: MEDIA,
            bytes,
        })
    }

    /// Removes the files of exports whose time is over, each of them once; answers how many.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn remove_expired_exports(&self, tenant: TenantId) -> Result<usize> {
        let scope = self.store.look(tenant).await?;
        let end = scope.now() - KEPT;
        let files = scope.stored_files_before(FILE, end).await?;
        drop(scope);
        if files.is_empty() {
            return Ok(0);
        }
        // The rows first: a backup that is made meanwhile names no file that it cannot hold.
        let door = self.store.door(tenant).await?;
        let ids: Vec<Uuid> = files.iter().map(|file| file.id).collect();
        door.forget_files(&ids).await?;
        door.commit().await?;
        for file in &files {
            self.discard_file(&file.object_key).await;
        }
        Ok(files.len())
    }
}

/// The workbook that is being written.
type Book = JoinHandle<Result<Vec<u8>>>;

/// What is read, and with what.
struct Reading {
    claimed: Claimed,
    columns: Vec<Column>,
    /// Whether a column needs the sealed snapshot.
    snapshot: bool,
    places: Places,
    ids: Arc<[Uuid]>,
}

/// Whose export it is.
struct Owner {
    /// Name and login.
    name: String,
    actor: Actor,
    granted: Granted<policy::RequestExport>,
    job: rows::Job,
}

/// The lines of some records, in this order.
async fn export_rows(
    unit: &Scope,
    actor: &Actor,
    reading: &Reading,
    ids: &[Uuid],
) -> Result<Lines> {
    let (columns, places) = (&reading.columns, &reading.places);
    let mut places_of: Vec<(Uuid, usize)> = ids.iter().copied().zip(0..).collect();
    places_of.sort_unstable();
    let mut lines = Lines::awaited(ids.len());
    let mut snapshots = ListedSnapshots::new(unit.keys());
    let each = |student: ExportedStudent<'_>| -> Result<()> {
        let found = places_of.binary_search_by_key(&student.id, |(id, _)| *id);
        let Some((_, place)) = found.ok().and_then(|at| places_of.get(at)) else {
            return Ok(());
        };
        let sealed = student.snapshot.as_ref();
        let opened = sealed.map(|s| Opened::of(&mut snapshots, s)).transpose()?;
        let line = Line {
            student: &student,
            opened,
            places,
        };
        lines.put(*place, |cells| -> Result<()> {
            for column in columns {
                cells.cell(&cell(*column, &line)?);
            }
            Ok(())
        })
    };
    unit.each_student_exported(&actor.visible(), ids, reading.snapshot, each)
        .await?;
    // Who has left the list since it was frozen is missed.
    lines
        .whole()
        .then_some(lines)
        .ok_or_else(|| StoreError::Stale.into())
}

/// Writes lines as they come, until nobody sends any more.
fn write_lines(
    from: &mut mpsc::Receiver<Lines>,
    columns: &[workbook::Column],
    mark: &str,
    made_on: NaiveDate,
) -> std::result::Result<Vec<u8>, WorkbookError> {
    let mut table = TableWriter::new("名单", columns, made_on)?;
    while let Some(lines) = from.blocking_recv() {
        for line in lines.iter() {
            table.row(line.chain([mark]))?;
        }
    }
    table.finish()
}

/// Who took a row out, when and what for: in every row, so that a row that was cut out still says it.
fn mark(owner: &Owner, wanted: &Wanted, now: DateTime<Utc>) -> String {
    let at = local_time(now).format("%Y-%m-%d %H:%M");
    format!("{} {at} {}", owner.name, wanted.reason)
}

/// The columns in their order, each once, all of them open to the office.
fn chosen(actor: &Actor, columns: &[Column]) -> Result<Vec<Column>> {
    let invalid = |code| ServiceError::Invalid {
        field: "columns",
        code,
    };
    if columns
        .iter()
        .any(|column| !column.sensitivity().open_to(actor))
    {
        return Err(invalid("not_allowed"));
    }
    let chosen: Vec<Column> = Column::ALL
        .into_iter()
        .filter(|column| columns.contains(column))
        .collect();
    if chosen.is_empty() {
        return Err(invalid("empty"));
    }
    Ok(chosen)
}

fn state_of(job: &rows::Job, now: DateTime<Utc>) -> ExportState {
    match job.state.as_str() {
        "waiting" => ExportState::Waiting,
        "running" => ExportState::Running,
        "done" if job.finished_at.is_some_and(|at| at + KEPT > now) => ExportState::Ready,
        "done" => ExportState::Expired,
        _ => ExportState::Failed,
    }
}

const fn refusal(reason: Reason) -> Refusal {
    Refusal::new(reason, Clause::CONFIDENTIALITY, Office::StudentAffairs)
}

fn too_late(job: &rows::Job) -> Refusal {
    match job.finished_at {
        Some(at) => refusal(Reason::TooLate).until(local_date(at + KEPT)),
        None => refusal(Reason::TooLate),
    }
}
