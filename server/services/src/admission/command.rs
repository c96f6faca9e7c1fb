//! What the command line does with admission data: the same checks, uploads and jobs as the pages, one after the other.

use super::blocking;
use super::confirm::Seen;
use super::source::{Form, Reading, saved_columns};
use super::upload::{AdmissionUpload, Content, is_table, package_of_table};
use crate::plain::PlainFile;
use crate::worker::{Ran, Worker};
use crate::{Result, ServiceError, Services};
use domain::admission::check::{CheckContext, CheckReport, check};
use domain::admission::finding::{FindingKind, Severity};
use domain::admission::path::AdmissionPath;
use domain::institution::{Actor, TenantId};
use domain::view::admission::{ImportView, UploadOutcome};
use formats::child::AnswerError;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// Between two looks at a job that another worker has taken.
const LOOK: Duration = Duration::from_millis(200);
/// Folders below the given one that are read.
const DEPTH: usize = 16;

/// Warnings of one kind that the command accepts, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// The kind.
    pub kind: FindingKind,
    /// The reason.
    pub reason: String,
}

/// What became of an import by the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSummary {
    /// The same file was here before, with nothing left to do; nothing was changed.
    pub already: bool,
    /// Warnings accepted.
    pub accepted: u64,
    /// The import as its page shows it.
    pub view: ImportView,
}

impl Services {
    /// Checks a package, a folder, one table or a worksheet on disk, the latter as the university has assigned the columns of an
    /// earlier one with the same headings. Nothing is kept.
    ///
    /// # Errors
    /// [`ServiceError::File`] when it cannot be read.
    pub async fn check_path(
        &self,
        tenant: TenantId,
        path: &Path,
        context: CheckContext,
    ) -> Result<CheckReport> {
        let name = name_of(path);
        let reading = Reading {
            path: context.path,
            form: if path.is_dir() {
                Form::Package
            } else {
                Form::of_name(&name)
            },
            ..Reading::default()
        };
        let saved = if reading.form == Form::Table {
            saved_columns(&*self.store.look(tenant).await?, None).await?
        } else {
            Vec::new()
        };
        let plain = self.plain_source(path, &name).await?;
        let source = self
            .parse_source(&plain, &name, &reading, &saved)
            .await
            .map_err(AnswerError::from)?;
        blocking(move || Ok(check(&source.package, &context))).await
    }

    /// What lies at a path, for the parser: as it lies there, or as the package of one table that an upload would be.
    async fn plain_source(&self, path: &Path, name: &str) -> Result<PlainFile> {
        if path.is_dir() || !is_table(name) {
            return Ok(PlainFile::link(path));
        }
        let file = path.to_owned();
        let bytes = blocking(move || bytes_of(&file)).await?;
        let (name, bytes) = package_of_table(name, bytes).await?;
        self.plain.write(&name, &bytes)
    }

    /// Uploads, checks, accepts and confirms what lies at a path, and waits for it. The rows that went in are in, the
    /// others wait as they do for a page.
    ///
    /// # Errors
    /// Those of the steps.
    pub async fn import_path(
        &self,
        actor: &Actor,
        path: &Path,
        year: i32,
        way: AdmissionPath,
        accept: &[Accept],
    ) -> Result<ImportSummary> {
        let upload = AdmissionUpload {
            year,
            path: way,
            file_name: name_of(path),
            content: content(path).await?,
            columns: None,
        };
        let outcome = self.upload_admission(actor, upload).await?;
        let import = outcome.import();
        let mut already = matches!(outcome, UploadOutcome::Already { .. });
        // The same line after an interruption goes on where that one was.
        if already && self.import_view(actor, import).await?.steps.resume {
            self.resume_import(actor, import).await?;
            already = false;
        }
        self.wait_for(actor, import).await?;
        let mut accepted = 0;
        for warnings in accept {
            accepted += self.accept_open(actor, import, warnings).await?;
        }
        let view = self.import_view(actor, import).await?;
        let confirms = view.steps.confirm > 0;
        if confirms {
            let seen = Seen {
                version: view.version,
                rows: view.steps.confirm,
            };
            self.confirm_import(actor, import, seen).await?;
            self.wait_for(actor, import).await?;
        }
        Ok(ImportSummary {
            already: already && accepted == 0 && !confirms,
            accepted,
            view: self.import_view(actor, import).await?,
        })
    }

    /// Accepts warnings of a kind, if there are any that nobody has accepted.
    async fn accept_open(&self, actor: &Actor, import: Uuid, warnings: &Accept) -> Result<u64> {
        let view = self.import_view(actor, import).await?;
        let open = view.totals.iter().any(|total| {
            let warning = total.severity == Severity::Warning && total.kind == warnings.kind;
            warning && total.accepted < total.total
        });
        if !open || view.steps.open_warnings == 0 {
            return Ok(0);
        }
        let said = (warnings.kind, warnings.reason.as_str());
        self.accept_warnings(actor, import, view.version, said)
            .await
    }

    /// Runs the job of an import here, or waits for the worker that was faster.
    async fn wait_for(&self, actor: &Actor, import: Uuid) -> Result<()> {
        let worker = Worker::new(self.clone(), "command");
        loop {
            let unit = self.store.read(actor).await?;
            let row = unit.import(import).await?;
            let id = row
                .job_id
                .ok_or(ServiceError::Internal("an import without a job"))?;
            let job = unit.job(id).await?;
            drop(unit);
            match job.state.as_str() {
                "done" => return Ok(()),
                "failed" => return Err(ServiceError::Interrupted),
                _ => {}
            }
            match self.store.control().claim_named(id, "command").await? {
                Some(claimed) => match worker.run_named(&claimed).await? {
                    Ran::Failed => return Err(ServiceError::Interrupted),
                    Ran::Done | Ran::Retried | Ran::Lost | Ran::Released => {}
                },
                None => tokio::time::sleep(LOOK).await,
            }
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

async fn content(path: &Path) -> Result<Content> {
    let path = path.to_owned();
    blocking(move || {
        if !path.is_dir() {
            return bytes_of(&path).map(Content::File);
        }
        let mut files = Vec::new();
        walk(&path, "", DEPTH, &mut files).map_err(unreadable)?;
        let tables: std::io::Result<Vec<(String, Vec<u8>)>> = files
            .into_iter()
            .map(|(name, file)| Ok((name, std::fs::read(file)?)))
            .collect();
        tables.map(Content::Folder).map_err(unreadable)
    })
    .await
}

fn bytes_of(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(unreadable)
}

fn unreadable(_: std::io::Error) -> ServiceError {
    ServiceError::Invalid {
        field: "path",
        code: "unreadable",
    }
}

/// Files below a folder, with their paths in it. Links are not followed.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    found: &mut Vec<(String, PathBuf)>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            if depth == 0 {
                return Err(std::io::ErrorKind::FileTooLarge.into());
            }
            walk(&entry.path(), &format!("{name}/"), depth - 1, found)?;
        } else if kind.is_file() && name.to_lowercase().ends_with(".dbf") {
            found.push((name, entry.path()));
        }
    }
    Ok(())
}
