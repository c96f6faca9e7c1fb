//! Admission photos: matched by 考生号, sealed, kept once; what fits nobody is said, both ways.

use super::judged::Destination;
use super::source::Fault;
use super::{CHUNK, ImportJob, blocking, check, count, json, read_of};
use crate::job::Running;
use crate::parser::{Lines, next, shown};
use crate::sealed_file::{object_key, sha256};
use crate::students::target;
use crate::{Result, ServiceError, Services};
use domain::admission::finding::{Finding, FindingKind, Place};
use domain::admission::import::ImportEvent;
use domain::calendar::local_time;
use domain::clause::Clause;
use domain::decision::decide;
use domain::institution::policy::{UploadPhotos, ViewPhoto};
use domain::institution::{Actor, Office};
use domain::person::mask::document_numbers_in;
use domain::view::admission::{ImportCounts, Unreadable};
use formats::child::{AnswerError, ParseLine, ParseRequest, PhotoToShow};
use formats::message::UserMessage as _;
use formats::photos::{Photo, RejectedPhoto};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use store::keys::{Purpose, TenantKeys};
use store::seal::{Place as SealPlace, Sealed, open, seal};
use store::{Claimed, Detail, JobRun, StoreError, Subject, rows};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Photos in one transaction.
const PHOTOS: usize = 100;
/// Total of the photos that an import brought.
pub(super) const KEPT: &str = "kept";
/// Total of the photos that were there already.
pub(super) const UNCHANGED: &str = "unchanged";

const fn place(id: Uuid) -> SealPlace {
    SealPlace::new("admission_photo", "object", id)
}

/// A photo for a page. `Debug` shows its size.
pub struct StudentPhoto {
    /// The picture.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media: &'static str,
}

impl std::fmt::Debug for StudentPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StudentPhoto({} bytes)", self.bytes.len())
    }
}

/// What was found out about photos so far.
struct Tally {
    to: Destination,
    year: i32,
    counts: BTreeMap<String, u64>,
    next_finding: i32,
    done: usize,
    /// Files in the zip file.
    total: usize,
}

/// A photo that is to be kept.
struct Fresh {
    row: rows::AdmissionPhoto,
    sealed: Vec<u8>,
}

impl Services {
    /// The admission photo of a student as a page shows it: small, and marked with the login of whoever looks and the
    /// time. The look is logged, and the student sees the log; the own look is not.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none or the student is not visible to this post.
    pub async fn photo(&self, actor: &Actor, student: Uuid) -> Result<StudentPhoto> {
        let mut unit = self.store.begin(actor).await?;
        // Whoever is inside a college sees a student once the cohort was handed over.
        let record = unit.student_seen(&actor.visible(), student).await?;
        actor
            .authorize::<ViewPhoto>(&target(actor, &record), unit.now())
            .map_err(|_| ServiceError::NotFound)?;
        let photo = unit
            .admission_photo(record.candidate_id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let keys = unit.keys().clone();
        let login = unit.account(actor.seat().account).await?.login;
        let now = local_time(unit.now()).format("%Y-%m-%d %H:%M");
        let mark = format!("{login} {now}");
        if actor.office() == Office::Student {
            drop(unit);
        } else {
            unit.log_access(Some(student), "photo", "photo", "", 1)
                .await?;
            unit.commit().await?;
        }
        let sealed = Sealed::stored(self.store.files().get(&photo.object_key).await?);
        let id = photo.id;
        let mut jpeg = blocking(move || {
            let opened = open(&keys, Purpose::Photo, &place(id), &sealed);
            Ok(opened.map_err(StoreError::from)?)
        })
        .await?;
        let turn = self.showing.acquire().await;
        let _turn = turn.map_err(|_| ServiceError::Interrupted)?;
        let jpeg = std::mem::take(&mut *jpeg);
        let shown = shown(&*self.parser, PhotoToShow { jpeg, mark }).await?;
        Ok(StudentPhoto {
            bytes: shown.ok_or(ServiceError::NotFound)?,
            media: "image/png",
        })
    }

    /// Runs [`PHOTOS_JOB`](super::PHOTOS_JOB). Begun anew after a crash, it finds the photos that are kept already.
    pub(crate) async fn run_admission_photos(&self, claimed: &Claimed) -> Result<()> {
        let run = self.running(claimed).await?;
        let job: ImportJob = run.payload()?;
        let (import, files) = check::begin::<UploadPhotos>(&run, job).await?;
        let plain = self.open_file(run.actor().tenant(), files.file()).await?;
        let mut tally = Tally {
            to: Destination {
                store: self.store.clone(),
                keys: self.tenant_keys(run.actor().tenant())?,
                import: import.id,
                first_row: 0,
                first_finding: 0,
                accepted: Arc::default(),
            },
            year: import.year,
            counts: BTreeMap::new(),
            next_finding: 1,
            done: 0,
            total: 0,
        };
        let mut lines = self
            .parser
            .parse(ParseRequest::Photos { path: plain.path() });
        loop {
            let batch = match Batch::next(&mut lines).await {
                Ok(batch) => batch,
                Err(AnswerError::Broken) if claimed.attempt < 2 => {
                    return Err(AnswerError::Broken.into());
                }
                Err(error) => {
                    let fault = Fault::from(error);
                    return self.fail_photos(&run, &import, &fault.into()).await;
                }
            };
            let last = batch.last;
            self.take(&run, &mut tally, batch).await?;
            if last {
                break;
            }
        }
        drop(plain);
        self.name_absent(&run, &mut tally).await?;
        finish(&run, &import, tally).await
    }

    /// Takes in one transaction's photos.
    async fn take(&self, run: &Running<'_>, tally: &mut Tally, batch: Batch) -> Result<()> {
        let Batch {
            photos,
            rejected,
            files,
            ..
        } = batch;
        tally.total = files.unwrap_or(tally.total);
        let looked_at = photos.len() + rejected.len();
        let mut findings: Vec<Finding> = rejected.iter().map(unusable).collect();
        let (fresh, found) = self.match_photos(run.actor(), tally, photos).await?;
        findings.extend(found);
        let keys: Vec<(String, Vec<u8>)> = fresh
            .iter()
            .map(|photo| (photo.row.object_key.clone(), photo.sealed.clone()))
            .collect();
        self.put_all(keys).await?;
        let kept: Vec<Uuid> = fresh.iter().map(|photo| photo.row.id).collect();
        tally.done += looked_at;
        tally.count("photos", looked_at);
        tally.count(KEPT, kept.len());
        let (mut unit, granted) = run.begin::<UploadPhotos>().await?;
        unit.insert_photos(fresh.into_iter().map(|photo| photo.row).collect())
            .await?;
        unit.insert_findings(tally.rows(&findings)).await?;
        unit.checkpoint(run.claimed(), &tally.progress()).await?;
        unit.note(
            &granted,
            Subject::new("import_batch", tally.to.import),
            Detail::text(kept.len().to_string()).over("admission_photo", kept),
        );
        unit.commit().await?;
        Ok(())
    }

    /// Photos that are to be kept, sealed, and what is said about the others.
    async fn match_photos(
        &self,
        actor: &Actor,
        tally: &mut Tally,
        photos: Vec<Photo>,
    ) -> Result<(Vec<Fresh>, Vec<Finding>)> {
        let stems: Vec<String> = photos.iter().map(|photo| photo.stem.clone()).collect();
        let hashes: Vec<Vec<u8>> = photos.iter().map(|photo| sha256(&photo.bytes)).collect();
        let unit = self.store.read(actor).await?;
        let placed = unit.placed_candidates(tally.year, &stems).await?;
        let candidates: Vec<Uuid> = placed.values().map(|candidate| candidate.id).collect();
        let own = unit.photos_by_candidate(&candidates).await?;
        let mut owners = unit.photo_owners(&hashes).await?;
        let mut records: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
        for (photo, hash) in photos.iter().zip(&hashes) {
            let Some(candidate) = placed.get(&photo.stem).map(|candidate| candidate.id) else {
                continue;
            };
            let of_other = |all: &Vec<Uuid>| all.iter().any(|owner| *owner != candidate);
            if owners.get(hash).is_some_and(of_other) {
                records.insert(candidate, unit.candidates_of_one(candidate).await?);
            }
        }
        drop(unit);
        // Who came back may have the picture of the earlier record again.
        let is_own = |candidate: Uuid, owner: &Uuid| {
            *owner == candidate
                || records
                    .get(&candidate)
                    .is_some_and(|own| own.contains(owner))
        };
        let (mut wanted, mut findings) = (Vec::new(), Vec::new());
        for (photo, hash) in photos.into_iter().zip(hashes) {
            let Some(candidate) = placed.get(&photo.stem).map(|candidate| candidate.id) else {
                // Who named photos by document numbers has put them where everybody who sees findings would read them.
                let stem = document_numbers_in(&photo.stem);
                findings.push(about(FindingKind::PhotoUnmatched, &stem, &photo.path, ""));
                continue;
            };
            match (own.get(&candidate), owners.get(&hash)) {
                (Some(same), _) if same.sha256 == hash => {
                    let here = same.import_id == tally.to.import;
                    tally.count(if here { KEPT } else { UNCHANGED }, 1);
                }
                (_, Some(all)) if !all.iter().all(|owner| is_own(candidate, owner)) => {
                    findings.push(about(
                        FindingKind::PhotoShared,
                        &photo.stem,
                        &photo.path,
                        "",
                    ));
                }
                (Some(_), _) => {
                    findings.push(about(
                        FindingKind::PhotoReplaced,
                        &photo.stem,
                        &photo.path,
                        "",
                    ));
                }
                (None, _) => {
                    owners.entry(hash.clone()).or_default().push(candidate);
                    wanted.push((candidate, photo.bytes, hash));
                }
            }
        }
        let (to, year) = (tally.to.clone(), tally.year);
        let fresh = blocking(move || {
            wanted
                .into_iter()
                .map(|(candidate, bytes, hash)| fresh(&to, (candidate, year), &bytes, hash))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
        Ok((fresh, findings))
    }

    async fn put_all(&self, objects: Vec<(String, Vec<u8>)>) -> Result<()> {
        let mut puts = JoinSet::new();
        for (key, bytes) in objects {
            let files = self.store.files().clone();
            puts.spawn(async move { files.put(&key, bytes).await });
        }
        while let Some(put) = puts.join_next().await {
            put.map_err(|_| ServiceError::Interrupted)??;
        }
        Ok(())
    }

    /// Names the candidates of the year that have no photo now.
    async fn name_absent(&self, run: &Running<'_>, tally: &mut Tally) -> Result<()> {
        let unit = self.store.read(run.actor()).await?;
        let absent = unit.candidates_without_photo(tally.year).await?;
        drop(unit);
        for chunk in absent.chunks(CHUNK) {
            let findings: Vec<Finding> = chunk
                .iter()
                .map(|ksh| about(FindingKind::PhotoAbsent, ksh, "", ""))
                .collect();
            let (mut unit, granted) = run.begin::<UploadPhotos>().await?;
            unit.insert_findings(tally.rows(&findings)).await?;
            unit.checkpoint(run.claimed(), &tally.progress()).await?;
            unit.note(
                &granted,
                Subject::new("import_batch", tally.to.import),
                Detail::text(chunk.len().to_string()),
            );
            unit.commit().await?;
        }
        Ok(())
    }

    /// The file cannot be read to its end: nothing of it counts.
    async fn fail_photos(
        &self,
        run: &Running<'_>,
        import: &rows::ImportBatch,
        why: &Unreadable,
    ) -> Result<()> {
        let (mut unit, granted) = run.begin::<UploadPhotos>().await?;
        let taken = unit.photos_of_import(import.id).await?;
        unit.delete_photos_of(import.id).await?;
        unit.clear_checked(import.id).await?;
        let decision = decide(
            &granted,
            read_of(import)?,
            ImportEvent::Fail,
            Clause::ONLINE_FIELDS,
        )?;
        unit.apply(&granted, decision, Detail::none()).await?;
        let (counts, error) = (json(&ImportCounts::default())?, json(why)?);
        unit.set_import_result(import.id, &counts, "[]", Some(&error))
            .await?;
        unit.finish_job(run.claimed(), Ok("unreadable".to_owned()))
            .await?;
        unit.commit().await?;
        for photo in taken {
            self.discard_file(&photo.object_key).await;
        }
        Ok(())
    }
}

impl Tally {
    fn count(&mut self, what: &str, number: usize) {
        *self.counts.entry(what.to_owned()).or_default() += number as u64;
    }

    fn rows(&mut self, findings: &[Finding]) -> Vec<rows::Finding> {
        let mut rows = Vec::with_capacity(findings.len());
        for finding in findings {
            rows.push(self.to.finding(finding, None, self.next_finding));
            self.next_finding += 1;
            self.count(finding.kind.key(), 1);
        }
        rows
    }

    fn progress(&self) -> JobRun {
        JobRun {
            checkpoint: String::new(),
            done: count(self.done),
            total: count(self.total),
        }
    }
}

/// One transaction's photos, good ones and others.
#[derive(Default)]
struct Batch {
    photos: Vec<Photo>,
    rejected: Vec<RejectedPhoto>,
    /// How many files there are, said once.
    files: Option<usize>,
    /// The zip file has no more.
    last: bool,
}

impl Batch {
    async fn next(lines: &mut Lines) -> std::result::Result<Self, AnswerError> {
        let mut batch = Self::default();
        while batch.photos.len() + batch.rejected.len() < PHOTOS {
            match next(lines).await? {
                Some(ParseLine::Files(files)) => batch.files = usize::try_from(files).ok(),
                Some(ParseLine::Photo(photo)) => batch.photos.push(photo),
                Some(ParseLine::Rejected(file)) => batch.rejected.push(file),
                Some(_) => return Err(AnswerError::Broken),
                None => {
                    batch.last = true;
                    break;
                }
            }
        }
        Ok(batch)
    }
}

fn fresh(
    to: &Destination,
    (candidate, year): (Uuid, i32),
    bytes: &[u8],
    sha256: Vec<u8>,
) -> Result<Fresh> {
    let keys: &TenantKeys = &to.keys;
    let id = to.store.id();
    let sealed = seal(keys, Purpose::Photo, &place(id), bytes).map_err(StoreError::from)?;
    Ok(Fresh {
        row: rows::AdmissionPhoto {
            tenant_id: keys.tenant().0,
            id,
            candidate_id: candidate,
            import_id: to.import,
            year,
            object_key: object_key(keys.tenant(), id),
            sha256,
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        },
        sealed: sealed.into_bytes(),
    })
}

fn about(kind: FindingKind, ksh: &str, file: &str, particulars: &str) -> Finding {
    let file = document_numbers_in(file);
    let place = Place {
        ksh,
        file: &file,
        row: 0,
        field: "",
    };
    Finding::new(kind, place, particulars)
}

fn unusable(rejected: &RejectedPhoto) -> Finding {
    about(
        FindingKind::PhotoUnusable,
        "",
        &rejected.path,
        &rejected.fault.zh(),
    )
}

/// The photos are in: what was checked is confirmed with it, because a photo changes nothing but itself.
async fn finish(run: &Running<'_>, import: &rows::ImportBatch, tally: Tally) -> Result<()> {
    let (mut unit, granted) = run.begin::<UploadPhotos>().await?;
    let mut read = read_of(import)?;
    for event in [
        ImportEvent::Found,
        ImportEvent::Confirm,
        ImportEvent::Written,
    ] {
        let decision = decide(&granted, read, event, Clause::ONLINE_FIELDS)?;
        let (state, version) = (decision.to(), read.version + 1);
        unit.apply(&granted, decision, Detail::none()).await?;
        read.state = state;
        read.version = version;
    }
    let counts = ImportCounts {
        source: tally.counts,
        ..ImportCounts::default()
    };
    unit.set_import_result(import.id, &json(&counts)?, "[]", None)
        .await?;
    unit.set_import_confirmed(import.id).await?;
    unit.finish_job(run.claimed(), Ok("kept".to_owned()))
        .await?;
    unit.commit().await?;
    Ok(())
}
