//! Taking an assignment back, while nothing was built on it.

use super::counsellor::{Given, take};
use super::sheet::{PURPOSE, is_own};
use super::{Before, Placing, refused};
use crate::admission::{from_json, json};
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
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
    before: Before,
    after: Placing,
}

impl Change {
    /// The record with its values before and after it is taken back.
    fn back(&self) -> Result<(Uuid, String, String)> {
        let values = (json(&self.after)?, json(&self.before.placing)?);
        Ok((self.student.id, values.0, values.1))
    }
}

/// An assignment that was carried out: the records it changed, and the list it came from.
struct Assigned {
    kept: Vec<rows::Assignment>,
    list: Option<rows::ImportBatch>,
    given: Given,
    at: DateTime<Utc>,
    undone: bool,
}

/// An assignment whose students are all within reach; of a list that gave counsellors their classes alone, one that the
/// post has to do with.
async fn assignment_seen(scope: &Scope, actor: &Actor, batch: Uuid) -> Result<Assigned> {
    let kept = scope.assignments(batch).await?;
    let Some((import, at, undone)) = kept.first().map(|own| (own.import_id, own.at, own.undone))
    else {
        return list_alone(scope, actor, batch).await;
    };
    let ids: Vec<Uuid> = kept.iter().map(|line| line.student_id).collect();
    let seen = scope.students_seen(&actor.visible(), &ids).await?;
    if seen.len() != kept.len() {
        return Err(ServiceError::NotFound);
    }
    let list = match import {
        Some(list) => Some(scope.import(list).await?),
        None => None,
    };
    let given = list.as_ref().map(Given::of).transpose()?;
    Ok(Assigned {
        kept,
        list,
        given: given.unwrap_or_default(),
        at,
        undone,
    })
}

/// The assignment of a list that changed no record.
async fn list_alone(scope: &Scope, actor: &Actor, list: Uuid) -> Result<Assigned> {
    let list = scope.import(list).await?;
    if list.purpose != PURPOSE || !is_own(actor, &list) {
        return Err(ServiceError::NotFound);
    }
    let given = Given::of(&list)?;
    let at = list.confirmed_at.filter(|_| given.alone);
    Ok(Assigned {
        kept: Vec::new(),
        at: at.ok_or(ServiceError::NotFound)?,
        undone: state::<ImportState>(&list.state)? == ImportState::Undone,
        given,
        list: Some(list),
    })
}

impl Services {
    /// What taking an assignment back would do, and what stands against it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for no assignment, for one that was undone, and for one with students of others.
    pub async fn assignment_undo_look(&self, actor: &Actor, batch: Uuid) -> Result<UndoLook> {
        let unit = self.store.read(actor).await?;
        admit::<policy::AssignPage>(actor, unit.now())?;
        let assigned = assignment_seen(&unit, actor, batch).await?;
        if assigned.undone {
            return Err(ServiceError::NotFound);
        }
        let changes = changes(&unit, &assigned.kept).await?;
        Ok(UndoLook {
            counsellors: assigned.given.posts.len() as u64,
            id: batch,
            at: local_time(assigned.at),
            total: changes.len() as u64,
            numbers: changes
                .iter()
                .filter(|change| change.before.placing.number != change.after.number)
                .count() as u64,
            built_on: built_on(&unit, &changes, assigned.at).await?,
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
        let assigned = assignment_seen(&unit, actor, batch).await?;
        if assigned.undone {
            return Err(refused(Reason::IllegalMove));
        }
        let changes = changes(&unit, &assigned.kept).await?;
        let built = built_on(&unit, &changes, assigned.at).await?;
        if !built.is_empty() {
            return Err(ServiceError::BuiltOn(built));
        }
        let placed: Vec<(&rows::Student, rows::Student)> = changes
            .iter()
            .map(|change| (&change.student, change.before.placing.put(&change.student)))
            .collect();
        match unit.place_students(&placed).await {
            Err(StoreError::Taken | StoreError::Stale) => return Err(refused(Reason::Stale)),
            Err(StoreError::StatusMoved(moved)) => {
                return Err(ServiceError::BuiltOn(format!("status {}", moved.len())));
            }
            other => other?,
        }
        unit.set_assignments_undone(batch).await?;
        let mut posts = Vec::new();
        let mut told = Detail::text(changes.len().to_string());
        if let Some(list) = &assigned.list {
            let read = Read {
                id: list.id,
                state: state::<ImportState>(&list.state)?,
                version: list.version,
            };
            let undo = decide(&granted, read, ImportEvent::Undo, Clause::HANDOVER)?;
            told = unit.apply_within(&granted, undo, told).await?;
            posts = take(&mut unit, &assigned.given.posts).await?;
        }
        let moved = changes
            .iter()
            .map(Change::back)
            .collect::<Result<Vec<_>>>()?;
        unit.note(
            &granted,
            Subject::new("assignment", batch),
            told.over_values("student", moved)
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
/// activated since, records whose student status has begun or that were given to the platform since, records that were
/// placed otherwise since.
async fn built_on(scope: &Scope, changes: &[Change], at: DateTime<Utc>) -> Result<String> {
    let touched = changes
        .iter()
        .filter(|change| Placing::of(&change.student) != change.after)
        .count();
    let persons: Vec<Uuid> = changes.iter().filter_map(|c| c.student.person_id).collect();
    let accounts = scope.accounts_of_persons(&persons).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let activations = scope.activations_since(&ids, at).await?;
    let accounts_of = |fits: &dyn Fn(&rows::Activation) -> bool| {
        let own = activations.iter().filter(|own| fits(own));
        own.map(|own| own.account_id).collect::<HashSet<Uuid>>()
    };
    let slips = accounts_of(&|own| own.issued_at >= at);
    let used = accounts_of(&|own| own.used_at.is_some_and(|used| used >= at));
    let since = |stands: fn(&Change) -> bool| changes.iter().filter(|own| stands(own)).count();
    let built = [
        ("slips", slips.len()),
        ("accounts", used.len()),
        (
            "status",
            since(|own| has_status(&own.student) && !own.before.begun),
        ),
        (
            "registered",
            since(|own| is_registered(&own.student) && !own.before.registered),
        ),
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
