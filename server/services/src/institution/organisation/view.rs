//! What the pages of organisation and staff show, and the templates to fill in.

use super::super::post::{college_among, label_of, read_post};
use super::undo::undo_days;
use super::{MOST_ROWS, OrganisationCounts, RowState, file_of, from_json, opened_row, plan};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::admission::finding::Severity;
use domain::admission::import::ImportState;
use domain::decision::Machine as _;
use domain::institution::organisation::{
    Heading, Issue, OrganisationFile, OrganisationFinding, PlatformLayout, UnitKind,
};
use domain::institution::{Actor, PersonalScope, Target, policy};
use domain::text::{Label as _, Lang};
use formats::workbook::{TemplateColumn, write_template};
use std::collections::{HashMap, HashSet};
use store::{FindingFilter, ReadUnit, rows};
use uuid::Uuid;

/// An import of units or staff.
#[derive(Clone, Debug)]
pub struct OrganisationImport {
    /// The import.
    pub id: Uuid,
    /// Units or staff.
    pub file: OrganisationFile,
    /// Name of the file.
    pub file_name: String,
    /// State.
    pub state: ImportState,
    /// What the file came to.
    pub counts: OrganisationCounts,
    /// Why it cannot be read, in Chinese and English.
    pub unreadable: Option<(String, String)>,
    /// Name of who uploaded it.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Whether the school's days of undo are not over.
    pub undo_in_time: bool,
}

/// An import with its rows and findings.
#[derive(Clone, Debug)]
pub struct OrganisationPreview {
    /// The import.
    pub import: OrganisationImport,
    /// Headings of the cells.
    pub headings: Vec<&'static str>,
    /// Rows in order of the file.
    pub rows: Vec<PreviewRow>,
    /// Findings in order of the rows.
    pub findings: Vec<PreviewFinding>,
    /// What confirms exactly this, and nothing that came in since.
    pub seen: String,
}

/// One row of a file.
#[derive(Clone, Debug)]
pub struct PreviewRow {
    /// Row as a person sees it.
    pub row: u32,
    /// Cells, in the order of the headings.
    pub cells: Vec<String>,
    /// State.
    pub state: RowState,
}

/// One finding with its weight.
#[derive(Clone, Debug)]
pub struct PreviewFinding {
    /// The finding.
    pub finding: OrganisationFinding,
    /// Its weight.
    pub severity: Severity,
}

/// A unit as the page of the organisation shows it.
#[derive(Clone, Debug)]
pub struct UnitView {
    /// The unit.
    pub id: Uuid,
    /// Kind.
    pub kind: UnitKind,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The unit above.
    pub parent: Option<Uuid>,
    /// National code of a major.
    pub national_code: Option<String>,
    /// Years of study of a major.
    pub duration: Option<String>,
    /// Intake of a class.
    pub grade: Option<i32>,
    /// Telephone.
    pub phone: Option<String>,
    /// Short names on the platforms, with who approved each and when.
    pub short_names: Vec<ApprovedName>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// Names it bore before, each with the day it ended.
    pub former: Vec<(String, NaiveDate)>,
}

/// A short name that was approved for a platform's files.
#[derive(Clone, Debug)]
pub struct ApprovedName {
    /// The layout.
    pub layout: PlatformLayout,
    /// The name.
    pub name: String,
    /// Name of who approved it.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

/// How far an account of the staff has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Waits for its first password.
    Waiting,
    /// The first password was set.
    Active,
    /// Disabled.
    Disabled,
}

impl Standing {
    pub(super) fn of(account: &rows::Account) -> Self {
        match account.state.as_str() {
            "active" => Self::Active,
            "disabled" => Self::Disabled,
            _ => Self::Waiting,
        }
    }
}

/// A member of the staff.
#[derive(Clone, Debug)]
pub struct StaffMember {
    /// The account.
    pub account: Uuid,
    /// 工号.
    pub login: String,
    /// Name.
    pub name: String,
    /// How far the account has come.
    pub standing: Standing,
    /// Whether a slip is open.
    pub slip_open: bool,
    /// Whether a second factor is enrolled.
    pub second_factor: bool,
    /// Posts that are not over.
    pub posts: Vec<StaffPost>,
}

/// A post of a member of the staff, as the list shows it.
#[derive(Clone, Debug)]
pub struct StaffPost {
    /// Office or college, and kind, in Chinese and English.
    pub label: (String, String),
    /// Names of the classes or majors that it reaches; empty for a whole college or school.
    pub units: Vec<String>,
    /// Last day.
    pub until: Option<NaiveDate>,
}

/// A post with what it reaches, among units.
fn staff_post(units: &[rows::Unit], post: &rows::Post) -> Result<StaffPost> {
    let (office, kind, reach) = read_post(post)?;
    let own: &[Uuid] = match &reach {
        PersonalScope::Classes { classes, .. } => classes,
        PersonalScope::Majors(majors) => majors,
        PersonalScope::School | PersonalScope::College(_) | PersonalScope::Own(_) => &[],
    };
    let mut reached: Vec<&rows::Unit> = units.iter().filter(|u| own.contains(&u.id)).collect();
    reached.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(StaffPost {
        label: label_of(office, kind, college_among(units, &reach)),
        units: reached.into_iter().map(|u| u.name.clone()).collect(),
        until: post.valid_to,
    })
}

impl Services {
    /// Imports of units and staff, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn organisation_imports(&self, actor: &Actor) -> Result<Vec<OrganisationImport>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::UnitsPage>(&Target::school(actor.tenant()), unit.now())?;
        let purposes = OrganisationFile::ALL.map(OrganisationFile::key);
        let imports = unit.imports_of(&purposes).await?;
        let by: Vec<Uuid> = imports.iter().map(|i| i.created_by).collect();
        let names = unit.person_names(&by).await?;
        let days = undo_days(&unit).await?;
        imports
            .into_iter()
            .map(|i| import_view(i, &names, in_time(&unit, days)))
            .collect()
    }

    /// One import of units or staff with its rows and findings: before it is confirmed, as they are against what is there
    /// now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn organisation_preview(
        &self,
        actor: &Actor,
        import: Uuid,
    ) -> Result<OrganisationPreview> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::UnitsPage>(&Target::school(actor.tenant()), unit.now())?;
        let batch = unit.import(import).await?;
        let file = file_of(&batch)?;
        let names = unit.person_names(&[batch.created_by]).await?;
        let days = undo_days(&unit).await?;
        let mut view = import_view(batch, &names, in_time(&unit, days))?;
        let stored = unit.import_rows(import, -1, MOST_ROWS).await?;
        let opened = stored.iter().map(|row| opened_row(&unit, row));
        let opened = opened.collect::<Result<Vec<_>>>()?;
        let mut states = stored
            .iter()
            .map(|row| RowState::from_key(&row.state))
            .collect::<Result<Vec<_>>>()?;
        let (mut found, mut seen) = (findings(&unit, import).await?, String::new());
        if view.state == ImportState::Checked {
            let planned = plan(&unit, file, &opened).await?;
            let (counts, by_row) = planned.states(&opened);
            states = opened
                .iter()
                .filter_map(|row| by_row.get(&row.row).copied())
                .collect();
            seen = planned.digest(&by_row)?;
            let weighed = planned.findings().iter().map(|finding| PreviewFinding {
                finding: finding.clone(),
                severity: finding.issue.severity(),
            });
            found = weighed.collect();
            view.counts = counts;
        }
        let rows = opened.into_iter().zip(states);
        let rows = rows.map(|(row, state)| PreviewRow {
            row: row.row,
            cells: row.cells,
            state,
        });
        Ok(OrganisationPreview {
            import: view,
            headings: file.headings().iter().map(|h| h.name).collect(),
            rows: rows.collect(),
            findings: found,
            seen,
        })
    }

    /// Units that are not over, also those that begin later.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn unit_list(&self, actor: &Actor) -> Result<Vec<UnitView>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::UnitsPage>(&Target::school(actor.tenant()), unit.now())?;
        let mut short = super::short_names(&unit).await?;
        let mut former = super::change::former_names(&unit).await?;
        let approvers = short.values().flat_map(|s| s.values());
        let approvers: Vec<Uuid> = approvers.map(|s| s.approved_by).collect();
        let people = unit.person_names(&approvers).await?;
        let approved = |(layout, row): (PlatformLayout, rows::UnitShortName)| ApprovedName {
            layout,
            name: row.short_name,
            by: people.get(&row.approved_by).cloned().unwrap_or_default(),
            on: row.approved_on,
        };
        let view = |row: rows::Unit| {
            let names = short.remove(&row.id).unwrap_or_default();
            Ok(UnitView {
                valid_to: row.valid_to,
                former: former.remove(&row.id).unwrap_or_default(),
                kind: UnitKind::from_key(&row.kind).ok_or(ServiceError::Internal("unit"))?,
                short_names: names.into_iter().map(&approved).collect(),
                id: row.id,
                code: row.code,
                name: row.name,
                parent: row.parent_id,
                national_code: row.national_code,
                duration: row.duration,
                grade: row.grade,
                phone: row.phone,
                valid_from: row.valid_from,
            })
        };
        let units = unit.units_not_over().await?;
        units.into_iter().map(view).collect()
    }

    /// The staff with their posts, by 工号.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn staff_list(&self, actor: &Actor) -> Result<Vec<StaffMember>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::StaffPage>(&Target::school(actor.tenant()), unit.now())?;
        let units = unit.units_not_over().await?;
        let today = unit.today();
        let mut members = Vec::new();
        let staff = unit.staff().await?;
        let ids: Vec<Uuid> = staff.iter().map(|(account, ..)| account.id).collect();
        let open: HashSet<Uuid> = unit
            .open_slips(&ids)
            .await?
            .into_iter()
            .map(|a| a.account_id)
            .collect();
        for (account, person, posts) in staff {
            let posts = posts
                .iter()
                .filter(|p| p.valid_to.is_none_or(|end| end >= today))
                .map(|post| staff_post(&units, post))
                .collect::<Result<Vec<_>>>()?;
            members.push(StaffMember {
                standing: Standing::of(&account),
                slip_open: open.contains(&account.id),
                account: account.id,
                login: account.login,
                name: person.name,
                second_factor: account.totp_confirmed,
                posts,
            });
        }
        Ok(members)
    }

    /// A workbook to fill in.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub fn organisation_template(&self, actor: &Actor, file: OrganisationFile) -> Result<Vec<u8>> {
        let now = self.store.now();
        actor.authorize::<policy::DownloadTemplate>(&Target::school(actor.tenant()), now)?;
        let columns: Vec<TemplateColumn> = file.headings().iter().map(template_column).collect();
        let general = [
            "有底色的列必填。以“示例”开头的行不导入。",
            "上传后先检查，确认后才写入；有错误的行不写入。",
        ];
        let general = general.into_iter().map(str::to_owned);
        let each = file.headings().iter().map(|heading| heading.line(Lang::Zh));
        let notes: Vec<String> = general.chain(each).collect();
        let made_on = domain::calendar::local_date(now);
        write_template(file.label().zh, &columns, &notes, made_on)
            .map_err(|_| ServiceError::Internal("a template"))
    }
}

fn template_column(heading: &Heading) -> TemplateColumn {
    TemplateColumn {
        heading: heading.name.to_owned(),
        width: 18.0,
        required: heading.required,
        note: Some(heading.rule(Lang::Zh)),
        choices: heading.choices.iter().map(|c| (*c).to_owned()).collect(),
        example: heading.sample.to_owned(),
    }
}

async fn findings(unit: &ReadUnit, import: Uuid) -> Result<Vec<PreviewFinding>> {
    let filter = FindingFilter {
        limit: MOST_ROWS,
        ..FindingFilter::default()
    };
    let view = |row: rows::Finding| {
        let issue = Issue::from_key(&row.kind).ok_or(ServiceError::Internal("finding"))?;
        let number = u32::try_from(row.row).unwrap_or_default();
        let mut finding = OrganisationFinding::new(number, &row.field, issue);
        if issue == Issue::Changed && row.message != issue.sentence().zh {
            finding.detail = row.message;
        }
        Ok(PreviewFinding {
            severity: issue.severity(),
            finding,
        })
    };
    let rows = unit.findings(import, &filter).await?;
    rows.into_iter().map(view).collect()
}

/// Whether what was confirmed at a moment can still be taken back.
fn in_time(unit: &ReadUnit, days: TimeDelta) -> impl Fn(DateTime<Utc>) -> bool + use<> {
    let now = unit.now();
    move |confirmed_at| now <= confirmed_at + days
}

fn import_view(
    row: rows::ImportBatch,
    names: &HashMap<Uuid, String>,
    in_time: impl Fn(DateTime<Utc>) -> bool,
) -> Result<OrganisationImport> {
    Ok(OrganisationImport {
        undo_in_time: row.confirmed_at.is_none_or(in_time),
        file: file_of(&row)?,
        state: ImportState::from_key(&row.state)
            .ok_or(ServiceError::Internal("state of an import"))?,
        counts: from_json(&row.counts, "counts of an import")?,
        unreadable: row
            .error
            .as_deref()
            .map(|text| from_json(text, "error of an import"))
            .transpose()?,
        uploaded_by: names.get(&row.created_by).cloned().unwrap_or_default(),
        id: row.id,
        file_name: row.file_name,
        uploaded_at: row.created_at,
        confirmed_at: row.confirmed_at,
    })
}
