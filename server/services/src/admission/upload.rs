//! Uploads: the file is sealed and kept, the import stands in the list, its check is queued; all of it or nothing.

use super::files::plain_name;
use super::photos::{KEPT, UNCHANGED};
use super::source::{Form, Reading};
use super::{CHECK_JOB, ImportJob, PHOTOS_JOB, blocking, counts_of, json, state_of};
use crate::sealed_file::{Contents, sha256};
use crate::{Result, ServiceError, Services};
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::admission::path::AdmissionPath;
use domain::admission::source::ColumnMapping;
use domain::decision::Machine as _;
use domain::institution::policy::{UploadAdmission, UploadPhotos};
use domain::institution::{Action, Actor, Target};
use domain::view::admission::{ImportCounts, UploadKind, UploadOutcome};
use formats::archive::{ArchiveError, pack};
use formats::package::PackageLimits;
use formats::table::TableLimits;
use store::keys::Purpose;
use store::{Detail, NewJob, Scope, Subject, rows};

/// Most bytes of one upload: a larger set of photos comes in parts.
pub const MAX_UPLOAD: usize = 200 << 20;
/// Bytes in a megabyte as pages write it.
const MEGABYTE: u64 = 1 << 20;

/// How large admission data may be, in megabytes, as the form says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// One xlsx or csv file.
    pub sheet: u64,
    /// One table of a package.
    pub table: u64,
    /// A package when it is unpacked.
    pub package: u64,
}

impl UploadLimits {
    /// The limits of the readers.
    pub fn of_readers() -> Self {
        let (sheet, files) = (TableLimits::default().bytes, PackageLimits::default().files);
        Self {
            sheet: sheet as u64 / MEGABYTE,
            table: files.entry_bytes / MEGABYTE,
            package: files.total_bytes / MEGABYTE,
        }
    }
}

/// First year an import may be for.
const FIRST_YEAR: i32 = 1977;

/// An upload of admission data.
#[derive(Clone, Debug)]
pub struct AdmissionUpload {
    /// Admission year, four digits.
    pub year: i32,
    /// The way of admission.
    pub path: AdmissionPath,
    /// Name of the file, or of the folder.
    pub file_name: String,
    /// What was sent.
    pub content: Content,
    /// Which column of a worksheet is which field, where somebody has said so.
    pub columns: Option<ColumnMapping>,
}

/// What was sent. `Debug` shows sizes only.
#[derive(Clone)]
pub enum Content {
    /// One file: a zip file of province folders, an xlsx or a csv file.
    File(Vec<u8>),
    /// The files of a folder, with their paths in it.
    Folder(Vec<(String, Vec<u8>)>),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(bytes) => write!(f, "File({} bytes)", bytes.len()),
            Self::Folder(files) => write!(f, "Folder({} files)", files.len()),
        }
    }
}

/// A new import before its file is kept.
struct NewImport {
    kind: UploadKind,
    year: i32,
    name: String,
    reading: Reading,
    bytes: Vec<u8>,
}

impl Services {
    /// Keeps an upload of admission data and queues its check. The same file for the same year is not taken twice.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for another office, [`ServiceError::Invalid`] for a year, a size or a folder that
    /// cannot be.
    pub async fn upload_admission(
        &self,
        actor: &Actor,
        upload: AdmissionUpload,
    ) -> Result<UploadOutcome> {
        let AdmissionUpload {
            year,
            path,
            file_name,
            content,
            columns,
        } = upload;
        actor.authorize::<UploadAdmission>(&Target::school(actor.tenant()), self.store.now())?;
        let (name, form, bytes) = match content {
            Content::File(bytes) if is_table(&file_name) => {
                let (name, bytes) = package_of_table(&file_name, bytes).await?;
                (name, Form::Package, bytes)
            }
            Content::File(bytes) => {
                let name = plain_name(&file_name);
                let form = Form::of_name(&name);
                (name, form, bytes)
            }
            Content::Folder(files) => {
                let bytes = blocking(move || packed(files)).await?;
                (
                    format!("{}.zip", plain_name(&file_name)),
                    Form::Package,
                    bytes,
                )
            }
        };
        let new = NewImport {
            kind: UploadKind::Admission,
            year,
            name,
            reading: Reading {
                path,
                form,
                columns,
                ..Reading::default()
            },
            bytes,
        };
        self.keep_import::<UploadAdmission>(actor, new, CHECK_JOB)
            .await
    }

    /// Keeps a zip file of admission photos and queues its job. A photo is named after its candidate: `考生号.jpg`.
    ///
    /// # Errors
    /// As [`Services::upload_admission`].
    pub async fn upload_photos(
        &self,
        actor: &Actor,
        year: i32,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<UploadOutcome> {
        let new = NewImport {
            kind: UploadKind::Photos,
            year,
            name: plain_name(file_name),
            reading: Reading {
                form: Form::Photos,
                ..Reading::default()
            },
            bytes,
        };
        self.keep_import::<UploadPhotos>(actor, new, PHOTOS_JOB)
            .await
    }

    async fn keep_import<A: Action>(
        &self,
        actor: &Actor,
        new: NewImport,
        job: &'static str,
    ) -> Result<UploadOutcome> {
        let target = Target::school(actor.tenant());
        actor.authorize::<A>(&target, self.store.now())?;
        check_form(&new)?;
        let same = SameFile {
            kind: new.kind,
            year: new.year,
            path: new.reading.path,
            sha256: sha256(&new.bytes),
        };
        if let Some(already) = same.import(&*self.store.read(actor).await?).await? {
            return Ok(already);
        }
        let file = Contents {
            purpose: "source",
            sealed_for: Purpose::Source,
            name: new.name.clone(),
            media: "application/octet-stream",
            bytes: new.bytes,
        };
        let file = self.keep_sealed(actor, self.store.id(), file).await?;
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<A>(&target, unit.now())?;
        // Two clicks: the second waits, and finds here what the first has written meanwhile.
        unit.hold_cohort(new.year).await?;
        if let Some(already) = same.import(&unit).await? {
            drop(unit);
            self.discard_file(&file.object_key).await;
            return Ok(already);
        }
        let import = rows::ImportBatch {
            tenant_id: actor.tenant().0,
            id: unit.id(),
            purpose: new.kind.key().to_owned(),
            year: new.year,
            file_id: file.id,
            file_name: new.name,
            sha256: same.sha256,
            state: ImportState::Uploaded.key().to_owned(),
            version: 1,
            counts: json(&ImportCounts::default())?,
            notices: "[]".to_owned(),
            mapping: json(&new.reading)?,
            error: None,
            job_id: None,
            created_by: actor.person(),
            created_at: unit.now(),
            confirmed_by: None,
            confirmed_at: None,
        };
        let id = import.id;
        unit.insert_file(file).await?;
        unit.insert_import(import).await?;
        let queued = unit
            .enqueue(NewJob {
                kind: job,
                payload: json(&ImportJob { import: id })?,
                idem_key: id.to_string(),
            })
            .await?;
        unit.set_import_job(id, queued).await?;
        unit.note(
            &granted,
            Subject::new("import_batch", id),
            Detail::text(new.year.to_string()),
        );
        unit.commit().await?;
        Ok(UploadOutcome::Started { import: id })
    }
}

/// What makes two uploads the same.
struct SameFile {
    kind: UploadKind,
    year: i32,
    path: AdmissionPath,
    sha256: Vec<u8>,
}

impl SameFile {
    /// The import that this file came with before. A file that could not be read may be sent again.
    async fn import(&self, scope: &Scope) -> Result<Option<UploadOutcome>> {
        let earlier = scope
            .imports_of_file(self.kind.key(), self.year, &self.sha256)
            .await?;
        for import in earlier {
            let state = state_of(&import)?;
            let done = state != ImportState::Unreadable && !leaves_photos(scope, &import).await?;
            if done && Reading::of(&import)?.path == self.path {
                return Ok(Some(UploadOutcome::Already {
                    import: import.id,
                    state,
                    uploaded_at: import.created_at,
                }));
            }
        }
        Ok(None)
    }
}

/// Whether photos of an import have no place: they fitted nobody, whose candidates may be in by now, or they went with
/// candidates that were taken back. Then the same file may come again.
async fn leaves_photos(scope: &Scope, import: &rows::ImportBatch) -> Result<bool> {
    if import.purpose != UploadKind::Photos.key() {
        return Ok(false);
    }
    let counts = counts_of(import)?.source;
    let of = |what: &str| counts.get(what).copied().unwrap_or_default();
    if of(FindingKind::PhotoUnmatched.key()) > 0 {
        return Ok(true);
    }
    if scope.count_photos_of(import.id).await? < of(KEPT) {
        return Ok(true);
    }
    // What an earlier file had brought, or stood against a photo of this one, may have gone with it.
    let given_way =
        of(UNCHANGED) + of(FindingKind::PhotoReplaced.key()) + of(FindingKind::PhotoShared.key());
    let absent = || scope.candidates_without_photo(import.year);
    Ok(given_way > 0 && !absent().await?.is_empty())
}

fn check_form(new: &NewImport) -> Result<()> {
    let invalid = |field, code| Err(ServiceError::Invalid { field, code });
    if !(FIRST_YEAR..=2099).contains(&new.year) {
        return invalid("year", "out_of_range");
    }
    match new.bytes.len() {
        0 => invalid("file", "empty"),
        1..=MAX_UPLOAD => Ok(()),
        _ => invalid("file", "too_large"),
    }
}

pub(super) fn is_table(name: &str) -> bool {
    name.to_lowercase().ends_with(".dbf")
}

/// A province may send its one table without any folder: the package with that table alone, and its name.
pub(super) async fn package_of_table(file_name: &str, bytes: Vec<u8>) -> Result<(String, Vec<u8>)> {
    let name = plain_name(file_name);
    let stem = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem);
    let package = format!("{stem}.zip");
    let bytes = blocking(move || packed(vec![(name, bytes)])).await?;
    Ok((package, bytes))
}

fn packed(files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>> {
    let invalid = |code| ServiceError::Invalid {
        field: "file",
        code,
    };
    let tables = || files.iter().filter(|(name, _)| is_table(name));
    if files.is_empty() {
        return Err(invalid("empty"));
    }
    if tables().next().is_none() {
        return Err(invalid("no_tables"));
    }
    pack(files, &PackageLimits::default().files).map_err(|error| match error {
        ArchiveError::TooManyEntries { .. } => invalid("too_many_files"),
        ArchiveError::TooLarge { .. } => invalid("too_large"),
        _ => invalid("repeated_name"),
    })
}
