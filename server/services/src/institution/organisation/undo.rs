//! Taking an import back: only while nothing was built on it, and only for the days the school allows.

use super::super::post::read_post;
use super::super::{number, parameters};
use super::{change, file_of, known_accounts, read_of, touched};
use crate::assign::counsellor;
use crate::oversight::bound;
use crate::{Result, ServiceError, Services};
use chrono::{NaiveDate, TimeDelta};
use domain::admission::import::{ImportEvent, ImportState};
use domain::calendar::local_date;
use domain::clause::Clause;
use domain::decision::{Reason, Refusal, decide};
use domain::institution::organisation::{OrganisationFile, administered_until};
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Office, PersonalScope, Target, policy};
use store::{Detail, Scope, UnitOfWork, rows};
use uuid::Uuid;

impl Services {
    /// Takes back an import of units or staff.
    ///
    /// # Errors
    /// [`ServiceError::BuiltOn`] with a list such as `students:12,posts:1` (kinds: `students`, `units`, `majors`,
    /// `receipts`, `posts`, `accounts`, `slips`, `classes` given to posts by a list, `changes`); [`ServiceError::Refused`] when the time for it is over.
    pub async fn undo_organisation(&self, actor: &Actor, import: Uuid) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = actor
            .authorize::<policy::UndoOrganisation>(&Target::school(actor.tenant()), unit.now())?;
        // One after the other with what is confirmed: both look at what the other has left.
        unit.own_tenant().await?;
        let batch = unit.import(import).await?;
        let file = file_of(&batch)?;
        let read = read_of(&batch)?;
        let undone = decide(&granted, read, ImportEvent::Undo, Clause::RESPONSIBILITY)?;
        ensure_in_time(&unit, &batch).await?;
        let stands = match file {
            OrganisationFile::Units => on_units(&unit, import).await?,
            OrganisationFile::Staff => on_staff(&unit, &batch).await?,
        };
        let changes = ("changes", change::built_on(&unit, import).await?);
        let stands: Vec<String> = stands
            .into_iter()
            .chain([changes])
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{kind}:{count}"))
            .collect();
        if !stands.is_empty() {
            return Err(ServiceError::BuiltOn(stands.join(",")));
        }
        let mut told = Detail::none();
        if read.state == ImportState::Confirmed {
            let held = administered(&unit, file).await?;
            let touched = touched(&unit, import).await?;
            let before = bound::values_of(&unit, touched.iter().copied()).await?;
            change::restore(&mut unit, import).await?;
            unit.delete_organisation_of(import).await?;
            let after = bound::values_of(&unit, touched).await?;
            told = bound::between(told, &before, &after);
            if administered(&unit, file).await? < held {
                return Err(ServiceError::Invalid {
                    field: "import",
                    code: "last_administrator",
                });
            }
        }
        unit.apply(&granted, undone, told).await?;
        Ok(unit.commit().await?)
    }
}

/// How long after it was confirmed an import can be taken back.
pub(super) async fn undo_days(scope: &Scope) -> Result<TimeDelta> {
    let days = number(&parameters(scope).await?, Parameter::ImportUndoDays);
    Ok(TimeDelta::days(days))
}

/// The last day on which somebody administers the university, where a file has to do with it.
async fn administered(scope: &Scope, file: OrganisationFile) -> Result<Option<NaiveDate>> {
    match file {
        OrganisationFile::Units => Ok(None),
        OrganisationFile::Staff => Ok(administered_until(&known_accounts(scope).await?)),
    }
}

async fn ensure_in_time(unit: &UnitOfWork, batch: &rows::ImportBatch) -> Result<()> {
    let days = undo_days(unit).await?;
    let end = batch.confirmed_at.map(|at| at + days);
    if let Some(end) = end.filter(|end| unit.now() > *end) {
        let refusal = Refusal::new(Reason::TooLate, Clause::RESPONSIBILITY, Office::TenantAdmin);
        return Err(refusal.until(local_date(end)).into());
    }
    Ok(())
}

async fn on_units(scope: &Scope, import: Uuid) -> Result<Vec<(&'static str, u64)>> {
    let units = scope.units_of_import(import).await?;
    let ids: Vec<Uuid> = units.iter().map(|u| u.id).collect();
    let built = scope.built_on_units(&ids).await?;
    let mut posts = 0;
    for post in scope.posts().await? {
        let (_, _, reach) = read_post(&post)?;
        posts += u64::from(names_any(&reach, &ids));
    }
    Ok(vec![
        ("students", built.students),
        ("units", built.units),
        ("majors", built.majors),
        ("receipts", built.receipts),
        ("posts", posts),
    ])
}

fn names_any(reach: &PersonalScope, ids: &[Uuid]) -> bool {
    match reach {
        PersonalScope::School | PersonalScope::Own(_) => false,
        PersonalScope::College(college) => ids.contains(college),
        PersonalScope::Majors(majors) => majors.iter().any(|m| ids.contains(m)),
        PersonalScope::Classes { college, classes } => {
            ids.contains(college) || classes.iter().any(|c| ids.contains(c))
        }
    }
}

async fn on_staff(scope: &Scope, batch: &rows::ImportBatch) -> Result<Vec<(&'static str, u64)>> {
    let import = batch.id;
    let given = scope.posts_of_import(import).await?;
    let classes = match batch.confirmed_at {
        Some(since) => counsellor::given_since(scope, &given, since).await?,
        None => 0,
    };
    let accounts = scope.accounts_of_import(import).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|a| a.id).collect();
    let persons: Vec<Uuid> = accounts.iter().map(|a| a.person_id).collect();
    let active = accounts.iter().filter(|a| a.state != "new").count();
    Ok(vec![
        ("accounts", u64::try_from(active).unwrap_or(u64::MAX)),
        ("slips", scope.count_activations(&ids).await?),
        ("posts", scope.count_posts_beside(&persons, import).await?),
        ("classes", classes),
    ])
}
