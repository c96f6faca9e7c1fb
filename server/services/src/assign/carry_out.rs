//! Writing an assignment: every record against the version that was read, with what was there before.

use super::by_rule::Planned;
use super::counsellor::{Given, Reach, give};
use super::{Placing, refused};
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

/// Writes the lines; a number that somebody else got meanwhile makes the whole assignment stale.
pub(super) async fn write(
    unit: &mut UnitOfWork,
    planned: &Planned,
    import: Option<Uuid>,
) -> Result<Written> {
    let batch = unit.id();
    let students: HashMap<Uuid, &rows::Student> =
        planned.students.iter().map(|s| (s.id, s)).collect();
    let mut kept = Vec::with_capacity(planned.lines.len());
    let mut placed = Vec::with_capacity(planned.lines.len());
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
        kept.push(rows::Assignment {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            import_id: import,
            batch_id: batch,
            student_id: read.id,
            before: json(&Placing::of(read))?,
            after: json(&after)?,
            undone: false,
            at: unit.now(),
        });
    }
    match unit.place_students(&placed).await {
        Err(StoreError::Taken | StoreError::Stale) => return Err(refused(Reason::Stale)),
        other => other?,
    }
    let changes = kept
        .iter()
        .map(|row| (row.student_id, row.before.clone(), row.after.clone()))
        .collect();
    unit.insert_assignments(kept).await?;
    let posts = give(unit, &planned.posts).await?;
    if let Some(list) = import.filter(|_| !posts.is_empty()) {
        let given = Given {
            posts: planned.posts.clone(),
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
