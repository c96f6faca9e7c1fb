//! The workbook comes back mended: the rows about which something was found, coloured, with what to do.

use super::files::plain_name;
use super::source::{Source, SourceFiles};
use super::view::finding_of;
use super::view::log_look;
use super::{blocking, snapshot, state_of};
use crate::{Result, ServiceError, Services};
use domain::admission::check::{CandidateFacts, CandidateStatus, CheckReport, check, replaced};
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::institution::policy::DownloadFindings;
use domain::institution::{Actor, Target};
use domain::text::Lang;
use domain::view::access::AccessKind;
use domain::view::admission::{RowState, UploadKind};
use formats::repair;
use formats::workbook::{ListedFinding, WorkbookError, annotate_sheet, write_findings};
use std::collections::{HashMap, HashSet};
use store::{FindingFilter, Scope, rows};
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
        let before = changed_from(&unit, &row, &listed).await?;
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
            let mut report = check(&package, &context);
            let listed = with_replaced(listed, &report, &before);
            written(if let Some((sheet, mapping)) = sheet {
                annotate_sheet(&sheet, &mapping, &listed, lang, made_on)
            } else {
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

    /// The name under which the findings of an import are saved: that of its file, so that several are told apart.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Refused`] for another office.
    pub async fn findings_name(&self, actor: &Actor, import: Uuid, lang: Lang) -> Result<String> {
        let target = Target::school(actor.tenant());
        actor.authorize::<DownloadFindings>(&target, self.store.now())?;
        let row = self.store.read(actor).await?.import(import).await?;
        Ok(book_name(&row.file_name, lang))
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

/// Characters that file systems keep for themselves become a dash; the ending goes.
fn book_name(file_name: &str, lang: Lang) -> String {
    let last = plain_name(file_name);
    let stem = last
        .rsplit_once('.')
        .map_or(last.as_str(), |(stem, _)| stem);
    let safe: String = stem
        .chars()
        .map(|c| if r#"<>:"|?*"#.contains(c) { '-' } else { c })
        .collect();
    format!("{safe}-{}.xlsx", lang.pick("检查结果", "findings"))
}

fn listed(row: rows::Finding) -> Option<ListedFinding> {
    Some(ListedFinding {
        finding: finding_of(&row)?,
        accepted: row.accepted_reason,
        replaced: Vec::new(),
    })
}

/// What is in of the candidates whose rows have changed, by 考生号.
async fn changed_from(
    scope: &Scope,
    import: &rows::ImportBatch,
    listed: &[ListedFinding],
) -> Result<HashMap<String, CandidateFacts>> {
    let changed: Vec<String> = listed
        .iter()
        .filter(|line| line.finding.kind == FindingKind::Changed)
        .map(|line| line.finding.ksh.clone())
        .collect();
    let placed = scope.placed_candidates(import.year, &changed).await?;
    let ids: Vec<Uuid> = placed.values().map(|candidate| candidate.id).collect();
    let candidates = scope.candidates_by_id(&ids).await?;
    let facts = |candidate: &rows::Candidate| snapshot::facts(scope.keys(), candidate);
    candidates
        .values()
        .map(|candidate| Ok((candidate.ksh.clone(), facts(candidate)?)))
        .collect()
}

/// The same findings, those of changed rows with what is in of each field that differs.
fn with_replaced(
    mut listed: Vec<ListedFinding>,
    report: &CheckReport,
    before: &HashMap<String, CandidateFacts>,
) -> Vec<ListedFinding> {
    let candidates = report.candidates.iter();
    let after: HashMap<(&str, u32), &CandidateFacts> = candidates
        .map(|candidate| {
            let from = &candidate.provenance;
            ((from.file.as_str(), from.row), &candidate.facts)
        })
        .collect();
    for line in &mut listed {
        let finding = &line.finding;
        let now = after.get(&(finding.file.as_str(), finding.row));
        if finding.kind == FindingKind::Changed
            && let Some((before, now)) = before.get(&finding.ksh).zip(now)
        {
            line.replaced = replaced(before, now);
        }
    }
    listed
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
