//! What the pages of imports show.

use super::source::Reading;
use super::undo::{built_on, undo_until};
use super::{counts_of, from_json, state_of};
use crate::{Result, ServiceError, Services};
use domain::admission::finding::{Finding, FindingKind, RecordKey, Severity};
use domain::admission::import::ImportState;
use domain::admission::source::{Notice, suggest_mapping};
use domain::institution::policy::{ImportPage, ImportsPage};
use domain::institution::{Actor, Target};
use domain::text::Lang;
use domain::view::access::AccessKind;
use domain::view::admission::{
    FindingLine, FindingPage, ImportColumns, ImportLine, ImportRowLine, ImportSteps, ImportView,
    JobProgress, JobState, KindTotal, RowState, RowsOf, Unreadable, UploadKind,
};
use std::collections::{BTreeMap, HashMap};
use store::{FindingFilter, FindingTotal, ReadUnit, RowGroup, RowLine, UnitOfWork, rows};
use uuid::Uuid;

/// Most rows on a page.
pub const ROWS_PER_PAGE: u64 = 100;
/// Most findings on a page.
pub const FINDINGS_PER_PAGE: u64 = 500;

impl Services {
    /// One page of the imports of admission data and photos, newest first, and how many there are.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for another office.
    pub async fn imports(
        &self,
        actor: &Actor,
        offset: u64,
        limit: u64,
    ) -> Result<(Vec<ImportLine>, u64)> {
        actor.authorize::<ImportsPage>(&Target::school(actor.tenant()), self.store.now())?;
        let unit = self.store.read(actor).await?;
        let kinds = UploadKind::ALL.map(UploadKind::key);
        let imports = unit.imports_page(&kinds, offset, limit).await?;
        let total = unit.count_imports(&kinds).await?;
        let people: Vec<Uuid> = imports.iter().map(|import| import.created_by).collect();
        let names = unit.person_names(&people).await?;
        let lines: Result<Vec<ImportLine>> =
            imports.iter().map(|import| line(import, &names)).collect();
        Ok((lines?, total))
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
        let groups = unit.import_row_groups(import).await?;
        let (unread, notices): (Vec<&Notice>, Vec<&Notice>) = notices
            .iter()
            .partition(|notice| matches!(notice, Notice::FolderUnread { .. }));
        let line = line(&row, &names)?;
        let steps = steps(&unit, (&row, &line), job.as_ref(), &totals).await?;
        Ok(ImportView {
            line,
            version: row.version,
            folders: rows_of(&groups, |group| &group.folder),
            majors: rows_of(&groups, |group| &group.major),
            columns: columns(&row)?,
            progress: job.as_ref().map(progress),
            steps,
            totals,
            unread: unread.into_iter().map(both).collect(),
            notices: lines(&notices),
            unreadable,
            confirmed,
        })
    }

    /// Rows of an import in one state, one page of them; the look is logged.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn import_rows(
        &self,
        actor: &Actor,
        import: Uuid,
        state: RowState,
        offset: u64,
    ) -> Result<Vec<ImportRowLine>> {
        let mut unit = self.store.begin(actor).await?;
        actor.authorize::<ImportPage>(&Target::school(actor.tenant()), unit.now())?;
        let year = unit.import(import).await?.year;
        let found = unit
            .import_rows_in(import, state.key(), offset, ROWS_PER_PAGE)
            .await?;
        let numbers: Vec<String> = found.iter().map(|row| row.ksh.clone()).collect();
        log_look(&mut unit, AccessKind::Import, year, &numbers, numbers.len()).await?;
        unit.commit().await?;
        let line = |row: RowLine| ImportRowLine {
            folder: row.folder,
            file: row.file,
            row: row.row,
            ksh: row.ksh,
            name: row.name,
            major: row.major,
        };
        Ok(found.into_iter().map(line).collect())
    }

    /// Findings of an import, one page of them: they name people, so the look is logged.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn findings(
        &self,
        actor: &Actor,
        import: Uuid,
        filter: FindingFilter,
    ) -> Result<FindingPage> {
        let mut unit = self.store.begin(actor).await?;
        actor.authorize::<ImportPage>(&Target::school(actor.tenant()), unit.now())?;
        let year = unit.import(import).await?.year;
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
        if !found.is_empty() {
            let numbers: Vec<String> = found.iter().map(|finding| finding.ksh.clone()).collect();
            log_look(&mut unit, AccessKind::Import, year, &numbers, numbers.len()).await?;
        }
        unit.commit().await?;
        Ok(FindingPage {
            lines: found.into_iter().filter_map(finding_line).collect(),
            total,
        })
    }
}

/// Logs a look at lines of an import about these candidates, and a line for each of them who is in.
pub(super) async fn log_look(
    unit: &mut UnitOfWork,
    kind: AccessKind,
    year: i32,
    numbers: &[String],
    lines: usize,
) -> Result<()> {
    let (key, fields) = (kind.key(), "admission_row");
    unit.log_access(None, key, fields, "", lines).await?;
    let students = unit.records_by_number(year, numbers).await?;
    if !students.is_empty() {
        unit.log_accesses(&students, key, fields, "").await?;
    }
    Ok(())
}

/// Groups of rows gathered under a name, in the order of the names.
fn rows_of(groups: &[RowGroup], name: impl Fn(&RowGroup) -> &String) -> Vec<RowsOf> {
    let mut gathered: BTreeMap<&String, BTreeMap<RowState, u64>> = BTreeMap::new();
    for group in groups {
        if let Some(state) = RowState::from_key(&group.state) {
            let rows = gathered.entry(name(group)).or_default();
            *rows.entry(state).or_default() += group.total.unsigned_abs();
        }
    }
    gathered
        .into_iter()
        .map(|(name, rows)| RowsOf {
            name: name.clone(),
            rows,
        })
        .collect()
}

/// The columns of a worksheet of which nothing is in.
fn columns(import: &rows::ImportBatch) -> Result<Option<ImportColumns>> {
    let reading = Reading::of(import)?;
    let open = import.confirmed_at.is_none()
        && matches!(
            state_of(import)?,
            ImportState::Checked | ImportState::Unreadable
        );
    if !open || reading.headings.is_empty() {
        return Ok(None);
    }
    let assigned = reading.columns.is_some();
    let mapping = reading
        .columns
        .unwrap_or_else(|| suggest_mapping(&reading.headings));
    let fields = mapping.fields(&reading.headings);
    Ok(Some(ImportColumns {
        columns: reading.headings.into_iter().zip(fields).collect(),
        assigned,
    }))
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
        confirmed: import.confirmed_at.is_some(),
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
    Severity::from_key(key).unwrap_or(Severity::Warning)
}

async fn steps(
    unit: &ReadUnit,
    (import, line): (&rows::ImportBatch, &ImportLine),
    job: Option<&rows::Job>,
    totals: &[KindTotal],
) -> Result<ImportSteps> {
    let state = line.state;
    let settled = matches!(state, ImportState::Checked | ImportState::Confirmed);
    let admission = import.purpose == UploadKind::Admission.key();
    // A folder that was not read has no rows that could be repaired, and of what is only counted nothing is asked.
    let asked = || totals.iter().filter(|total| !total.kind.is_counted_only());
    let waits = asked()
        .filter(|total| total.kind != FindingKind::UnreadFolder)
        .any(|total| total.severity == Severity::Error || total.accepted < total.total);
    let warnings = asked()
        .filter(|total| total.severity == Severity::Warning)
        .map(|total| total.total - total.accepted)
        .sum();
    // A repair that cannot be read leaves what is in where it is: that can still be taken back. Of nothing there is none.
    let inside = line.tally().inside > 0;
    let undo_until = if inside && (settled || state == ImportState::Unreadable) {
        undo_until(unit, import)
            .await?
            .filter(|last| unit.today() <= *last)
    } else {
        None
    };
    let built_on = if undo_until.is_some() {
        built_on(&unit.built_on(import.id).await?)
    } else {
        Vec::new()
    };
    Ok(ImportSteps {
        confirm: if settled && admission {
            unit.count_confirmable(import.id).await?
        } else {
            0
        },
        open_warnings: if settled && admission { warnings } else { 0 },
        repair: settled && admission && waits,
        undo_until: undo_until.filter(|_| built_on.is_empty()),
        built_on,
        discard: import.confirmed_at.is_none()
            && matches!(state, ImportState::Checked | ImportState::Unreadable),
        resume: state.stands_still(job.is_some_and(|job| job.state == "failed")),
    })
}

fn lines(notices: &[&Notice]) -> Vec<(String, String)> {
    let chinese = Notice::lines(notices, Lang::Zh);
    chinese
        .into_iter()
        .zip(Notice::lines(notices, Lang::En))
        .collect()
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
        record: row
            .about_year
            .zip(row.about_ksh.clone())
            .map(|(year, ksh)| RecordKey { year, ksh }),
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
