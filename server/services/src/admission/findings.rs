//! The workbook comes back mended: the rows about which something was found, coloured, with what to do.

use super::source::{Source, SourceFiles};
use super::view::finding_of;
use super::{blocking, state_of};
use crate::{Result, ServiceError, Services};
use domain::admission::check::{CandidateStatus, check};
use domain::admission::finding::Finding;
use domain::admission::import::ImportState;
use domain::institution::policy::DownloadFindings;
use domain::institution::{Actor, Target};
use domain::text::Lang;
use domain::view::admission::RowState;
use formats::repair;
use formats::workbook::{WorkbookError, annotate_sheet};
use std::collections::HashSet;
use store::{FindingFilter, rows};
use uuid::Uuid;

/// What the workbook shows of a person, for the access log.
const SHOWN: &str = "admission_row";

impl Services {
    /// The findings of an import as a workbook: a worksheet comes back as it was with its findings in it, province
    /// folders as one row a candidate. Repaired rows alone may be uploaded again.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] before the check is complete, [`ServiceError::NotFound`].
    pub async fn findings_workbook(
        &self,
        actor: &Actor,
        import: Uuid,
        lang: Lang,
    ) -> Result<Vec<u8>> {
        let target = Target::school(actor.tenant());
        actor.authorize::<DownloadFindings>(&target, self.store.now())?;
        let unit = self.store.read(actor).await?;
        let row = unit.import(import).await?;
        ready(&row)?;
        let all = FindingFilter {
            limit: i64::MAX.unsigned_abs(),
            ..FindingFilter::default()
        };
        let findings: Vec<Finding> = unit
            .findings(import, &all)
            .await?
            .iter()
            .filter_map(finding_of)
            .collect();
        let files = SourceFiles::of(&unit, &row).await?;
        let open = open_places(unit.import_row_places(import).await?);
        let made_on = unit.today();
        drop(unit);
        let source = self.read_source(actor.tenant(), &files).await?;
        let source = source.map_err(|_| ServiceError::Internal("a source that was read before"))?;
        let context = self.check_context(&row).await?;
        self.log_workbook(actor, findings.len()).await?;
        blocking(move || {
            let Source { package, sheet } = source;
            let written = if let Some((sheet, mapping)) = sheet {
                annotate_sheet(&sheet, &mapping, &findings, lang, made_on)
            } else {
                let mut report = check(&package, &context);
                report.findings = findings;
                for candidate in &mut report.candidates {
                    let from = (candidate.provenance.file.clone(), candidate.provenance.row);
                    if !open.contains(&from) {
                        candidate.status = CandidateStatus::Good;
                    }
                }
                repair::write(&package, &report, lang, made_on)
            };
            written.map_err(|error| match error {
                WorkbookError::TooManyRows => ServiceError::Invalid {
                    field: "rows",
                    code: "too_many",
                },
                WorkbookError::Format(_) | WorkbookError::Csv => {
                    ServiceError::Internal("a workbook")
                }
            })
        })
        .await
    }

    async fn log_workbook(&self, actor: &Actor, rows: usize) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        unit.log_access(None, "findings", SHOWN, "", rows).await?;
        unit.commit().await?;
        Ok(())
    }
}

/// Places of rows that are not in yet, by this import or another one: only they are there to be repaired.
fn open_places(places: Vec<(String, i32, String)>) -> HashSet<(String, u32)> {
    let done = [RowState::Confirmed.key(), RowState::Unchanged.key()];
    places
        .into_iter()
        .filter(|(_, _, state)| !done.contains(&state.as_str()))
        .map(|(file, row, _)| (file, row.unsigned_abs()))
        .collect()
}

fn ready(import: &rows::ImportBatch) -> Result<()> {
    if import.purpose != "admission" {
        return Err(ServiceError::NotFound);
    }
    match state_of(import)? {
        ImportState::Checked
        | ImportState::Confirming
        | ImportState::Confirmed
        | ImportState::Undone => Ok(()),
        ImportState::Uploaded | ImportState::Checking | ImportState::Unreadable => {
            Err(super::refused(domain::decision::Reason::IllegalMove))
        }
    }
}
