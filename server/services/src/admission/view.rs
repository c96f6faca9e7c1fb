//! What the pages of imports show.

use super::judged::severity_key;
use super::source::Reading;
use super::undo::undo_until;
use super::{counts_of, from_json, state_of};
use crate::{Result, ServiceError, Services};
use domain::admission::finding::{Finding, FindingKind, Severity};
use domain::admission::import::ImportState;
use domain::admission::source::Notice;
use domain::institution::policy::{ImportPage, ImportsPage};
use domain::institution::{Actor, Target};
use domain::text::Lang;
use domain::view::admission::{
    FindingLine, FindingPage, ImportLine, ImportSteps, ImportView, JobProgress, JobState,
    KindTotal, Unreadable, UploadKind,
};
use std::collections::HashMap;
use store::{FindingFilter, FindingTotal, ReadUnit, rows};
use uuid::Uuid;

/// Imports in the list.
const LISTED: u64 = 100;
/// Most findings on a page.
pub const FINDINGS_PER_PAGE: u64 = 500;

impl Services {
    /// Imports of admission data and photos, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for another office.
    pub async fn imports(&self, actor: &Actor) -> Result<Vec<ImportLine>> {
        actor.authorize::<ImportsPage>(&Target::school(actor.tenant()), self.store.now())?;
        let unit = self.store.read(actor).await?;
        let mut imports = Vec::new();
        for kind in UploadKind::ALL {
            imports.extend(unit.imports(kind.key(), LISTED).await?);
        }
        imports.sort_by_key(|import| std::cmp::Reverse(import.created_at));
        let people: Vec<Uuid> = imports.iter().map(|import| import.created_by).collect();
        let names = unit.person_names(&people).await?;
        imports.iter().map(|import| line(import, &names)).collect()
    }

    /// One import: state, progress, totals, notices, and what can be done next.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also for an import of another kind.
    pub async fn import_view(&self, actor: &Actor, import: Uuid) -> Result<ImportView> {
        actor.authorize::<ImportPage>(&Target::school(actor.tenant()), self.store.now())?;
        let unit = self.store.read(actor).await?;
        let row = unit.import(import).await?;
        let people: Vec<Uuid> = [Some(row.created_by), row.confirmed_by]
            .into_iter()
            .flatten()
            .collect();
        let names = unit.person_names(&people).await?;
        let job = match row.job_id {
            Some(id) => Some(unit.job(id).await?),
            None => None,
        };
        let totals: Vec<KindTotal> = unit
            .finding_totals(import)
            .await?
            .iter()
            .filter_map(total)
            .collect();
        let notices: Vec<Notice> = from_json(&row.notices, "notices of an import")?;
        let unreadable = row
            .error
            .as_deref()
            .map(|error| from_json::<Unreadable>(error, "why a file cannot be read"))
            .transpose()?;
        let confirmed = row
            .confirmed_by
            .zip(row.confirmed_at)
            .map(|(by, at)| (names.get(&by).cloned().unwrap_or_default(), at));
        Ok(ImportView {
            line: line(&row, &names)?,
            progress: job.as_ref().map(progress),
            steps: steps(&unit, &row, job.as_ref(), &totals).await?,
            totals,
            notices: notices.iter().map(both).collect(),
            unreadable,
            confirmed,
        })
    }

    /// Findings of an import, one page of them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn findings(
        &self,
        actor: &Actor,
        import: Uuid,
        filter: FindingFilter,
    ) -> Result<FindingPage> {
        actor.authorize::<ImportPage>(&Target::school(actor.tenant()), self.store.now())?;
        let unit = self.store.read(actor).await?;
        unit.import(import).await?;
        let filter = FindingFilter {
            limit: filter.limit.clamp(1, FINDINGS_PER_PAGE),
            ..filter
        };
        let wanted = |total: &&FindingTotal| {
            filter.kind.as_deref().is_none_or(|kind| kind == total.kind)
                && filter
                    .severity
                    .as_deref()
                    .is_none_or(|severity| severity == total.severity)
        };
        let totals = unit.finding_totals(import).await?;
        let total = totals
            .iter()
            .filter(wanted)
            .map(|total| total.total.unsigned_abs())
            .sum();
        let found = unit.findings(import, &filter).await?;
        Ok(FindingPage {
            lines: found.into_iter().filter_map(finding_line).collect(),
            total,
        })
    }
}

fn line(import: &rows::ImportBatch, names: &HashMap<Uuid, String>) -> Result<ImportLine> {
    Ok(ImportLine {
        id: import.id,
        kind: UploadKind::from_key(&import.purpose).ok_or(ServiceError::NotFound)?,
        year: import.year,
        path: Reading::of(import)?.path,
        file_name: import.file_name.clone(),
        state: state_of(import)?,
        counts: counts_of(import)?,
        uploaded_by: names.get(&import.created_by).cloned().unwrap_or_default(),
        uploaded_at: import.created_at,
    })
}

fn progress(job: &rows::Job) -> JobProgress {
    JobProgress {
        state: JobState::from_key(&job.state),
        done: job.done,
        total: job.total,
    }
}

fn total(total: &FindingTotal) -> Option<KindTotal> {
    Some(KindTotal {
        kind: FindingKind::from_key(&total.kind)?,
        severity: severity(&total.severity),
        total: total.total.unsigned_abs(),
        accepted: total.accepted.unsigned_abs(),
    })
}

fn severity(key: &str) -> Severity {
    if key == severity_key(Severity::Error) {
        Severity::Error
    } else {
        Severity::Warning
    }
}

async fn steps(
    unit: &ReadUnit,
    import: &rows::ImportBatch,
    job: Option<&rows::Job>,
    totals: &[KindTotal],
) -> Result<ImportSteps> {
    let state = state_of(import)?;
    let settled = matches!(state, ImportState::Checked | ImportState::Confirmed);
    let admission = import.purpose == UploadKind::Admission.key();
    let waits = totals
        .iter()
        .any(|total| total.severity == Severity::Error || total.accepted < total.total);
    let warnings = totals
        .iter()
        .filter(|total| total.severity == Severity::Warning)
        .map(|total| total.total - total.accepted)
        .sum();
    let undo_until = if settled {
        undo_until(unit, import)
            .await?
            .filter(|last| unit.today() <= *last)
    } else {
        None
    };
    Ok(ImportSteps {
        confirm: if settled && admission {
            unit.count_confirmable(import.id).await?
        } else {
            0
        },
        open_warnings: if settled && admission { warnings } else { 0 },
        repair: settled && admission && waits,
        undo_until,
        resume: job.is_some_and(|job| job.state == "failed")
            && matches!(
                state,
                ImportState::Uploaded | ImportState::Checking | ImportState::Confirming
            ),
    })
}

fn both(notice: &Notice) -> (String, String) {
    (notice.text(Lang::Zh), notice.text(Lang::En))
}

/// A finding as the domain knows it.
pub(super) fn finding_of(row: &rows::Finding) -> Option<Finding> {
    Some(Finding {
        ksh: row.ksh.clone(),
        file: row.file.clone(),
        row: row.row.unsigned_abs(),
        kind: FindingKind::from_key(&row.kind)?,
        rule: row.rule.clone(),
        field: row.field.clone(),
        severity: severity(&row.severity),
        message: row.message.clone(),
        suggestion: row.suggestion.clone(),
    })
}

fn finding_line(row: rows::Finding) -> Option<FindingLine> {
    let finding = finding_of(&row)?;
    let words =
        |text: fn(&Finding, Lang) -> String| (text(&finding, Lang::Zh), text(&finding, Lang::En));
    Some(FindingLine {
        message: words(Finding::message_in),
        suggestion: words(|finding, lang| finding.suggestion_in(lang).to_owned()),
        ksh: finding.ksh,
        file: finding.file,
        row: row.row,
        kind: finding.kind,
        severity: finding.severity,
        rule: finding.rule,
        field: finding.field,
        accepted: row.accepted_reason,
    })
}
