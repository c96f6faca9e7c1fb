//! Taking an assignment back, while nothing was built on it.

use super::{Placing, refused};
use crate::admission::from_json;
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::admission::import::{ImportEvent, ImportState};
use domain::clause::Clause;
use domain::decision::{Read, Reason, decide};
use domain::institution::{Actor, policy};
use std::collections::{HashMap, HashSet};
use store::{Detail, Scope, StoreError, Subject, rows};
use uuid::Uuid;

/// A record of an assignment: as it is, as it was, as the assignment left it.
struct Change {
    student: rows::Student,
    before: Placing,
    after: Placing,
}

impl Services {
    /// Takes an assignment back: every record gets the class and number it had before.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for no assignment and for one with students of others, [`ServiceError::Refused`] with [`Reason::IllegalMove`] for one that
    /// was undone before; [`ServiceError::BuiltOn`] with what was built on it and how often: `slips`, `accounts`,
    /// `changed`.
    pub async fn undo_assignment(&self, actor: &Actor, batch: Uuid) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::UndoAssignment>(actor, unit.now())?;
        let kept = unit.assignments(batch).await?;
        let Some(first) = kept.first() else {
            return Err(ServiceError::NotFound);
        };
        if first.undone {
            return Err(refused(Reason::IllegalMove));
        }
        let ids: Vec<Uuid> = kept.iter().map(|line| line.student_id).collect();
        let seen = unit.students_seen(&actor.visible(), &ids).await?;
        if seen.len() != kept.len() {
            return Err(ServiceError::NotFound);
        }
        let since = first.at;
        let changes = changes(&unit, &kept).await?;
        let built = built_on(&unit, &changes, since).await?;
        if !built.is_empty() {
            return Err(ServiceError::BuiltOn(built));
        }
        for change in &changes {
            let undone = change.before.put(&change.student);
            match unit.place_student(&change.student, &undone).await {
                Err(StoreError::Taken | StoreError::Stale) => return Err(refused(Reason::Stale)),
                other => other?,
            }
        }
        unit.set_assignments_undone(batch).await?;
        if let Some(list) = first.import_id {
            let list = unit.import(list).await?;
            let read = Read {
                id: list.id,
                state: state::<ImportState>(&list.state)?,
                version: list.version,
            };
            let undo = decide(&granted, read, ImportEvent::Undo, Clause::HANDOVER)?;
            unit.apply(&granted, undo, Detail::none()).await?;
        }
        let moved =
            |line: &rows::Assignment| (line.student_id, line.after.clone(), line.before.clone());
        unit.note(
            &granted,
            Subject::new("assignment", batch),
            Detail::text(kept.len().to_string()).over_values("student", kept.iter().map(moved)),
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

/// What was built on an assignment: activation slips that were issued since, accounts that were activated since, records that were changed since. Empty when nothing was.
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
    let built = [
        ("slips", slips.len()),
        ("accounts", used.len()),
        ("changed", touched),
    ];
    let named: Vec<String> = built
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    Ok(named.join(", "))
}
