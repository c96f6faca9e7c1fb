//! Taking an assignment back, while nothing was built on it.

use super::counsellor::{Given, take};
use super::{Placing, refused};
use crate::admission::from_json;
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::admission::import::{ImportEvent, ImportState};
use domain::calendar::local_time;
use domain::clause::Clause;
use domain::decision::{Machine as _, Read, Reason, decide};
use domain::institution::{Actor, policy};
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::view::assign::UndoLook;
use std::collections::{HashMap, HashSet};
use store::{Detail, Scope, StoreError, Subject, rows};
use uuid::Uuid;

/// A record of an assignment: as it is, as it was, as the assignment left it.
struct Change {
    student: rows::Student,
    before: Placing,
    after: Placing,
}

/// The changes of an assignment whose students are all within reach.
async fn assignment_seen(
    scope: &Scope,
    actor: &Actor,
    batch: Uuid,
) -> Result<Vec<rows::Assignment>> {
    let kept = scope.assignments(batch).await?;
    let ids: Vec<Uuid> = kept.iter().map(|line| line.student_id).collect();
    let seen = scope.students_seen(&actor.visible(), &ids).await?;
    if kept.is_empty() || seen.len() != kept.len() {
        return Err(ServiceError::NotFound);
    }
    Ok(kept)
}

impl Services {
    /// What taking an assignment back would do, and what stands against it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for no assignment, for one that was undone, and for one with students of others.
    pub async fn assignment_undo_look(&self, actor: &Actor, batch: Uuid) -> Result<UndoLook> {
        let unit = self.store.read(actor).await?;
        admit::<policy::AssignPage>(actor, unit.now())?;
        let kept = assignment_seen(&unit, actor, batch).await?;
        let Some(first) = kept.first().filter(|first| !first.undone) else {
            return Err(ServiceError::NotFound);
        };
        let changes = changes(&unit, &kept).await?;
        let given = match first.import_id {
            Some(list) => Given::of(&unit.import(list).await?)?,
            None => Given::default(),
        };
        Ok(UndoLook {
            counsellors: given.posts.len() as u64,
            id: batch,
            at: local_time(first.at),
            total: changes.len() as u64,
            numbers: changes
                .iter()
                .filter(|change| change.before.number != change.after.number)
                .count() as u64,
            built_on: built_on(&unit, &changes, first.at).await?,
        })
    }

    /// Takes an assignment back: every record gets the class and number it had before.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for no assignment and for one with students of others, [`ServiceError::Refused`] with [`Reason::IllegalMove`] for one that
    /// was undone before; [`ServiceError::BuiltOn`] with what was built on it and how often: `slips`, `accounts`,
    /// `status`, `registered`, `changed`.
    pub async fn undo_assignment(&self, actor: &Actor, batch: Uuid) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::UndoAssignment>(actor, unit.now())?;
        let kept = assignment_seen(&unit, actor, batch).await?;
        let Some(first) = kept.first().filter(|first| !first.undone) else {
            return Err(refused(Reason::IllegalMove));
        };
        let since = first.at;
        let changes = changes(&unit, &kept).await?;
        let built = built_on(&unit, &changes, since).await?;
        if !built.is_empty() {
            return Err(ServiceError::BuiltOn(built));
        }
        let placed: Vec<(&rows::Student, rows::Student)> = changes
            .iter()
            .map(|change| (&change.student, change.before.put(&change.student)))
            .collect();
        match unit.place_students(&placed).await {
            Err(StoreError::Taken | StoreError::Stale) => return Err(refused(Reason::Stale)),
            other => other?,
        }
        unit.set_assignments_undone(batch).await?;
        let mut posts = Vec::new();
        let mut told = Detail::text(kept.len().to_string());
        if let Some(list) = first.import_id {
            let list = unit.import(list).await?;
            let read = Read {
                id: list.id,
                state: state::<ImportState>(&list.state)?,
                version: list.version,
            };
            let undo = decide(&granted, read, ImportEvent::Undo, Clause::HANDOVER)?;
            told = unit.apply_within(&granted, undo, told).await?;
            posts = take(&mut unit, &Given::of(&list)?.posts).await?;
        }
        let moved =
            |line: &rows::Assignment| (line.student_id, line.after.clone(), line.before.clone());
        unit.note(
            &granted,
            Subject::new("assignment", batch),
            told.over_values("student", kept.iter().map(moved))
                .over_values("post", posts),
        );
        Ok(unit.commit().await?)
    }
}

async fn changes(scope: &Scope, kept: &[rows::Assignment]) -> Result<Vec<Change>> {
    let ids: Vec<Uuid> = kept.iter().map(|line| line.student_id).collect();
    let found = scope.students_by_id(&ids).await?;
    let mut students: HashMap<Uuid, rows::Student> = found.into_iter().map(|s| (s.id, s)).collect();
    kept.iter()
        .map(|line| {
            Ok(Change {
                student: students
                    .remove(&line.student_id)
                    .ok_or_else(|| refused(Reason::Stale))?,
                before: from_json(&line.before, "an assignment")?,
                after: from_json(&line.after, "an assignment")?,
            })
        })
        .collect()
}

/// What was built on an assignment, empty when nothing was: activation slips that were issued and accounts that were
/// activated since, records whose student status has begun or that were given to the platform, records that were placed
/// otherwise since.
async fn built_on(
    scope: &Scope,
    changes: &[Change],
    since: chrono::DateTime<chrono::Utc>,
) -> Result<String> {
    let touched = changes
        .iter()
        .filter(|change| Placing::of(&change.student) != change.after)
        .count();
    let persons: Vec<Uuid> = changes.iter().filter_map(|c| c.student.person_id).collect();
    let accounts = scope.accounts_of_persons(&persons).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let activations = scope.activations_since(&ids, since).await?;
    let accounts_of = |fits: &dyn Fn(&rows::Activation) -> bool| {
        let own = activations.iter().filter(|own| fits(own));
        own.map(|own| own.account_id).collect::<HashSet<Uuid>>()
    };
    let slips = accounts_of(&|own| own.issued_at >= since);
    let used = accounts_of(&|own| own.used_at.is_some_and(|at| at >= since));
    let of =
        |stands: fn(&rows::Student) -> bool| changes.iter().filter(|c| stands(&c.student)).count();
    let built = [
        ("slips", slips.len()),
        ("accounts", used.len()),
        ("status", of(has_status)),
        ("registered", of(is_registered)),
        ("changed", touched),
    ];
    let named: Vec<String> = built
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    Ok(named.join(", "))
}

/// Whether a student status has begun: class and number then change by a change of status.
pub(super) fn has_status(student: &rows::Student) -> bool {
    student.status != StudentStatus::None.key()
}

/// Whether the record was given to the platform for registration, with its number.
pub(super) fn is_registered(student: &rows::Student) -> bool {
    let open = [PlatformAnswer::NotDue, PlatformAnswer::Queued].map(PlatformAnswer::key);
    !open.contains(&student.registration.as_str())
}
