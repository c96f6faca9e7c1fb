//! The workbook comes back mended: the rows about which something was found, coloured, with what to do.

use super::source::{Source, SourceFiles};
use super::view::finding_of;
use super::view::log_look;
use super::{blocking, state_of};
use crate::{Result, ServiceError, Services};
use domain::admission::check::{CandidateStatus, check};
use domain::admission::import::ImportState;
use domain::institution::policy::DownloadFindings;
use domain::institution::{Actor, Target};
use domain::text::Lang;
use domain::view::access::AccessKind;
use domain::view::admission::{RowState, UploadKind};
use formats::repair;
use formats::workbook::{ListedFinding, WorkbookError, annotate_sheet, write_findings};
use std::collections::HashSet;
use store::{FindingFilter, rows};
use uuid::Uuid;

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
        let listed: Vec<ListedFinding> = unit
            .findings(import, &all)
            .await?
            .into_iter()
            .filter_map(listed)
            .collect();
        let made_on = unit.today();
        let found: Vec<String> = listed.iter().map(|line| line.finding.ksh.clone()).collect();
        if row.purpose == UploadKind::Photos.key() {
            drop(unit);
            self.log_workbook(actor, row.year, &found, listed.len())
                .await?;
            return blocking(move || written(write_findings(&listed, lang, made_on))).await;
        }
        let files = SourceFiles::of(&unit, &row).await?;
        let open = open_places(unit.import_row_places(import).await?);
        let all = unit.import_row_numbers(import).await?;
        drop(unit);
        let source = self.read_source(actor.tenant(), &files).await?;
        let source = source.map_err(|_| ServiceError::Internal("a source that was read before"))?;
        let context = self.check_context(&row).await?;
        // A worksheet comes back with all its rows, province folders with those about which something was found.
        let shown = if source.sheet.is_some() { all } else { found };
        self.log_workbook(actor, row.year, &shown, listed.len())
            .await?;
        blocking(move || {
            let Source { package, sheet, .. } = source;
            written(if let Some((sheet, mapping)) = sheet {
                annotate_sheet(&sheet, &mapping, &listed, lang, made_on)
            } else {
                let mut report = check(&package, &context);
                report.findings = listed.iter().map(|line| line.finding.clone()).collect();
                for candidate in &mut report.candidates {
                    let from = (candidate.provenance.file.clone(), candidate.provenance.row);
                    if !open.contains(&from) {
                        candidate.status = CandidateStatus::Good;
                    }
                }
                repair::write(&package, &report, &listed, lang, made_on)
            })
        })
        .await
    }

    async fn log_workbook(
        &self,
        actor: &Actor,
        year: i32,
        shown: &[String],
        rows: usize,
    ) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        log_look(&mut unit, AccessKind::Findings, year, shown, rows).await?;
        Ok(unit.commit().await?)
    }
}

fn listed(row: rows::Finding) -> Option<ListedFinding> {
    Some(ListedFinding {
        finding: finding_of(&row)?,
        accepted: row.accepted_reason,
    })
}

fn written(book: std::result::Result<Vec<u8>, WorkbookError>) -> Result<Vec<u8>> {
    book.map_err(|error| match error {
        WorkbookError::TooManyRows => ServiceError::Invalid {
            field: "rows",
            code: "too_many_rows",
        },
        WorkbookError::Format(_) | WorkbookError::Csv => ServiceError::Internal("a workbook"),
    })
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
    if UploadKind::from_key(&import.purpose).is_none() {
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
