//! Upload of units or staff: the file is sealed and kept, read by the parser, checked, and shown; nothing real is touched.

use super::{MOST_ROWS, OrganisationCounts, Plan, json, plan, sealed_row};
use crate::admission::files::plain_name;
use crate::sealed_file::{Contents, sha256};
use crate::{Result, ServiceError, Services, parser};
use domain::admission::finding::Severity;
use domain::admission::import::ImportState;
use domain::decision::Machine as _;
use domain::institution::organisation::{OrganisationFile, OrganisationFinding, OrganisationRow};
use domain::institution::{Actor, Target, policy};
use domain::text::Lang;
use formats::child::{AnswerError, Refused};
use formats::message::UserMessage as _;
use formats::table::Sheet;
use std::collections::BTreeMap;
use store::keys::Purpose;
use store::{Detail, Scope, Subject, rows};
use uuid::Uuid;

/// Where the check of an uploaded file is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganisationUpload {
    /// The import.
    pub import: Uuid,
    /// Whether the same file was confirmed before and everything it says still stands: nothing was made anew.
    pub already: bool,
}

/// Largest file of units or staff.
const MOST_BYTES: usize = 16 << 20;

impl Services {
    /// Keeps a file of units or staff and checks it; gives the import to look at. The same file again is the same
    /// import for as long as what it says has not been changed.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts, [`ServiceError::Invalid`] on `file` (`empty`, `too_large`). A file
    /// that cannot be read is kept as an import that says why.
    pub async fn upload_organisation(
        &self,
        actor: &Actor,
        file: OrganisationFile,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<OrganisationUpload> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::UploadOrganisation>(&here, self.store.now())?;
        let invalid = |code| ServiceError::Invalid {
            field: "file",
            code,
        };
        match bytes.len() {
            0 => return Err(invalid("empty")),
            1..=MOST_BYTES => {}
            _ => return Err(invalid("too_large")),
        }
        let digest = sha256(&bytes);
        let (kept, sheet) = self.keep_and_read(actor, file_name, bytes).await?;
        let rows = sheet.and_then(|sheet| rows_of(file, &sheet));
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::UploadOrganisation>(&here, unit.now())?;
        let mut import = rows::ImportBatch {
            tenant_id: actor.tenant().0,
            id: unit.id(),
            purpose: file.key().to_owned(),
            year: chrono::Datelike::year(&unit.today()),
            file_id: kept.id,
            file_name: kept.name.clone(),
            sha256: digest,
            state: ImportState::Unreadable.key().to_owned(),
            version: 1,
            counts: json(&OrganisationCounts::default())?,
            notices: "[]".to_owned(),
            mapping: "{}".to_owned(),
            error: None,
            job_id: None,
            created_by: actor.person(),
            created_at: unit.now(),
            confirmed_by: None,
            confirmed_at: None,
        };
        let (id, mut checked, mut findings) = (import.id, Vec::new(), Vec::new());
        match rows {
            Err(refused) => import.error = Some(json(&(refused.zh, refused.en))?),
            Ok(rows) => {
                let planned = plan(&unit, file, &rows).await?;
                let counts = planned.states(&rows).0;
                // What it says may have been changed since: only while all of it stands is there nothing to do.
                if counts.unchanged == counts.rows
                    && let Some(import) = earlier(&unit, &import).await?
                {
                    drop(unit);
                    self.discard_file(&kept.object_key).await;
                    return Ok(OrganisationUpload {
                        import,
                        already: true,
                    });
                }
                ImportState::Checked.key().clone_into(&mut import.state);
                import.counts = json(&counts)?;
                (checked, findings) = checked_rows(&unit, id, &kept.name, &rows, &planned)?;
            }
        }
        unit.insert_file(kept).await?;
        unit.insert_import(import).await?;
        unit.insert_checked(checked, findings).await?;
        let subject = Subject::new("import_batch", id);
        unit.note(&granted, subject, Detail::text(file.key()));
        unit.commit().await?;
        Ok(OrganisationUpload {
            import: id,
            already: false,
        })
    }

    /// Has a file read, seals it and keeps it.
    async fn keep_and_read(
        &self,
        actor: &Actor,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(rows::StoredFile, std::result::Result<Sheet, Refused>)> {
        let name = plain_name(name);
        let plain = self.plain.write(&name, &bytes)?;
        let sheet = parser::sheet(self.parser.as_ref(), plain.path()).await;
        drop(plain);
        let new = Contents {
            purpose: "organisation",
            sealed_for: Purpose::Source,
            name,
            media: "application/octet-stream",
            bytes,
        };
        let kept = self.keep_sealed(actor, self.store.id(), new).await?;
        Ok((kept, sheet.map_err(refused)))
    }
}

/// The confirmed import of the same file, if there is one.
async fn earlier(scope: &Scope, import: &rows::ImportBatch) -> Result<Option<Uuid>> {
    let same = scope.imports_of_file(&import.purpose, import.year, &import.sha256);
    let confirmed = |same: &rows::ImportBatch| same.state == ImportState::Confirmed.key();
    Ok(same.await?.into_iter().find(confirmed).map(|same| same.id))
}

/// Rows of a sheet in the order of the file's own columns.
fn rows_of(
    file: OrganisationFile,
    sheet: &Sheet,
) -> std::result::Result<Vec<OrganisationRow>, Refused> {
    let columns = file.columns(&sheet.headings).map_err(|error| Refused {
        zh: error.zh(),
        en: error.to_string(),
    })?;
    if u64::try_from(sheet.rows.len()).unwrap_or(u64::MAX) > MOST_ROWS {
        return Err(Refused {
            zh: format!("超过 {MOST_ROWS} 行，请分成几个文件"),
            en: format!("more than {MOST_ROWS} rows; split the file"),
        });
    }
    let read = |row: &formats::table::SheetRow| OrganisationRow {
        row: row.row,
        cells: columns
            .iter()
            .map(|at| at.map_or_else(String::new, |at| row.text(at).trim().to_owned()))
            .collect(),
    };
    Ok(sheet.rows.iter().map(read).collect())
}

pub(super) fn checked_rows(
    scope: &Scope,
    import: Uuid,
    file_name: &str,
    rows: &[OrganisationRow],
    planned: &Plan,
) -> Result<(Vec<rows::ImportRow>, Vec<rows::Finding>)> {
    let (_, states) = planned.states(rows);
    let mut ids: BTreeMap<u32, Uuid> = BTreeMap::new();
    let mut checked = Vec::with_capacity(rows.len());
    for (ordinal, row) in (0_i32..).zip(rows) {
        let id = scope.id();
        ids.insert(row.row, id);
        let state = states
            .get(&row.row)
            .ok_or(ServiceError::Internal("state of a row"))?;
        checked.push(rows::ImportRow {
            tenant_id: scope.tenant().0,
            id,
            import_id: import,
            ordinal,
            folder: String::new(),
            file: file_name.to_owned(),
            row: number(row.row),
            ksh: String::new(),
            name: String::new(),
            major: String::new(),
            state: state.key().to_owned(),
            digest: store::blind::digest(scope.keys(), json(row)?.as_bytes()),
            sealed: sealed_row(scope, id, row)?,
        });
    }
    let found = (0_i32..).zip(planned.findings()).map(|(ordinal, finding)| {
        let place = (file_name, ordinal);
        finding_row(scope, import, place, (planned.file(), finding), &ids)
    });
    Ok((checked, found.collect()))
}

fn finding_row(
    scope: &Scope,
    import: Uuid,
    (file_name, ordinal): (&str, i32),
    (kind, finding): (OrganisationFile, &OrganisationFinding),
    ids: &BTreeMap<u32, Uuid>,
) -> rows::Finding {
    let severity = match finding.issue.severity() {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    rows::Finding {
        tenant_id: scope.tenant().0,
        id: scope.id(),
        import_id: import,
        row_id: ids.get(&finding.row).copied(),
        ordinal,
        ksh: String::new(),
        file: file_name.to_owned(),
        row: number(finding.row),
        kind: finding.issue.key().to_owned(),
        rule: String::new(),
        field: finding.field.clone(),
        severity: severity.to_owned(),
        message: if finding.detail.is_empty() {
            finding.issue.sentence().zh.to_owned()
        } else {
            finding.detail.clone()
        },
        suggestion: finding.advice(kind, Lang::Zh),
        about_year: None,
        about_ksh: None,
        accepted_reason: None,
        accepted_by: None,
        accepted_at: None,
    }
}

fn number(row: u32) -> i32 {
    i32::try_from(row).unwrap_or(i32::MAX)
}

/// Why a file cannot be read, in both languages.
fn refused(error: AnswerError) -> Refused {
    match error {
        AnswerError::Refused(refused) => refused,
        AnswerError::Broken => Refused {
            zh: AnswerError::Broken.zh(),
            en: AnswerError::Broken.to_string(),
        },
    }
}
