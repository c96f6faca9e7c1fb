//! Writing an assignment: every record against the version that was read, with what was there before.

use super::by_rule::Planned;
use super::counsellor::{Given, Reach, give};
use super::{Before, Placing, begun, refused};
use crate::Result;
use crate::admission::json;
use domain::decision::Reason;
use domain::institution::{Action, Granted};
use std::collections::HashMap;
use store::{Detail, StoreError, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// An assignment that was written.
pub(super) struct Written {
    pub(super) batch: Uuid,
    /// Record, class and number before, and after.
    changes: Vec<(Uuid, String, String)>,
    /// Posts of counsellors, with their reach before and after.
    posts: Vec<Reach>,
}

/// Writes the lines; a number that somebody else got meanwhile makes the whole assignment stale, and a student status that
/// moved meanwhile stops it. A list that gives counsellors their classes alone is an assignment under its own name, because
/// no record says that there was one.
pub(super) async fn write(
    unit: &mut UnitOfWork,
    planned: &Planned,
    import: Option<Uuid>,
) -> Result<Written> {
    let alone = planned.lines.is_empty();
    let batch = import.filter(|_| alone).unwrap_or_else(|| unit.id());
    let students: HashMap<Uuid, &rows::Student> =
        planned.students.iter().map(|s| (s.id, s)).collect();
    let mut kept = Vec::with_capacity(planned.lines.len());
    let mut placed = Vec::with_capacity(planned.lines.len());
    let mut changes = Vec::with_capacity(planned.lines.len());
    for line in &planned.lines {
        let read = students
            .get(&line.student)
            .ok_or_else(|| refused(Reason::Stale))?;
        // College and major stay as they were handed over.
        let after = Placing {
            college: read.college_id,
            major: read.major_id,
            class: Some(line.class),
            number: line.number.clone(),
        };
        placed.push((*read, after.put(read)));
        let after = json(&after)?;
        changes.push((read.id, json(&Placing::of(read))?, after.clone()));
        kept.push(rows::Assignment {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            import_id: import,
            batch_id: batch,
            student_id: read.id,
            before: json(&Before::of(read))?,
            after,
            undone: false,
            at: unit.now(),
        });
    }
    match unit.place_students(&placed).await {
        Err(StoreError::Taken | StoreError::Stale) => return Err(refused(Reason::Stale)),
        Err(StoreError::StatusMoved(moved)) => {
            return Err(begun(
                moved.iter().filter_map(|id| students.get(id).copied()),
            ));
        }
        other => other?,
    }
    unit.insert_assignments(kept).await?;
    let posts = give(unit, &planned.posts).await?;
    if let Some(list) = import.filter(|_| !posts.is_empty()) {
        let given = Given {
            posts: planned.posts.clone(),
            alone,
        };
        unit.set_import_mapping(list, &json(&given)?).await?;
    }
    Ok(Written {
        batch,
        changes,
        posts,
    })
}

/// What is told of an assignment.
pub(super) fn told(written: &Written) -> Detail {
    Detail::text(written.changes.len().to_string())
}

/// One audit entry over all records.
pub(super) fn note<A: Action>(
    unit: &mut UnitOfWork,
    granted: &Granted<A>,
    written: Written,
    told: Detail,
) {
    unit.note(
        granted,
        Subject::new("assignment", written.batch),
        told.over_values("student", written.changes)
            .over_values("post", written.posts),
    );
}
