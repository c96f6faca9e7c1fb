//! The page of class and student number.

use super::by_rule::pattern;
use super::counsellor::Given;
use super::sheet::{PURPOSE, is_own, reaches};
use crate::students::places::{COLLEGE, Places};
use crate::students::{admit, cohort_year};
use crate::{Result, Services};
use domain::admission::import::ImportState;
use domain::calendar::local_time;
use domain::decision::Machine as _;
use domain::institution::{Actor, policy};
use domain::view::assign::{AssignView, AssignmentLine};
use std::cmp::Reverse;
use std::collections::HashMap;
use store::{StudentFilter, rows};
use uuid::Uuid;

/// Assignments and lists shown: the newest.
const SHOWN: usize = 20;

impl Services {
    /// What waits for class and number in a cohort (the newest unless a year is asked for), and what was assigned.
    ///
    /// # Errors
    /// [`crate::ServiceError::Refused`] for another office than the one of the step.
    pub async fn assign_view(&self, actor: &Actor, year: Option<i32>) -> Result<AssignView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::AssignPage>(actor, unit.now())?;
        let seen = actor.visible();
        let year = cohort_year(&unit, &seen, year).await?;
        let places = Places::load(&unit).await?;
        let filter = StudentFilter {
            year: Some(year),
            unassigned: true,
            ..StudentFilter::default()
        };
        let unassigned = unit.count_students(&seen, &filter).await?;
        let mut lists = unit.imports(PURPOSE, SHOWN as u64).await?;
        lists.retain(|list| is_own(actor, list));
        let names: HashMap<Uuid, String> = lists
            .iter()
            .map(|list| (list.id, list.file_name.clone()))
            .collect();
        let mut assignments = lists_alone(&lists)?;
        let batches = unit.assignment_batches(&seen, SHOWN as u64).await?;
        assignments.extend(batches.into_iter().map(|batch| AssignmentLine {
            id: batch.batch_id,
            at: local_time(batch.at),
            total: u64::try_from(batch.total).unwrap_or_default(),
            undone: batch.undone,
            can_undo: !batch.undone && batch.within == batch.total,
            by_list: batch.import_id.is_some(),
            file_name: batch.import_id.and_then(|id| names.get(&id).cloned()),
        }));
        assignments.sort_by_key(|line| Reverse(line.at));
        assignments.truncate(SHOWN);
        let today = unit.today();
        let colleges = places
            .of_kind(COLLEGE)
            .into_iter()
            .filter(|college| college.valid_to.is_none_or(|end| end >= today))
            .filter(|college| reaches(actor, Some(college.id)));
        Ok(AssignView {
            year,
            years: unit.student_years(&seen).await?,
            pattern: pattern(&unit).await?,
            unassigned,
            colleges: colleges.map(|c| (c.id, c.name.clone())).collect(),
            assignments,
            waiting: lists
                .into_iter()
                .filter(|list| list.year == year && list.state == ImportState::Checked.key())
                .map(|list| (list.id, list.file_name, local_time(list.created_at)))
                .collect(),
        })
    }
}

/// Assignments of lists that gave counsellors their classes and changed no record.
fn lists_alone(lists: &[rows::ImportBatch]) -> Result<Vec<AssignmentLine>> {
    let mut alone = Vec::new();
    for list in lists {
        let Some(at) = list.confirmed_at else {
            continue;
        };
        if Given::of(list)?.alone {
            let undone = list.state == ImportState::Undone.key();
            alone.push(AssignmentLine {
                id: list.id,
                at: local_time(at),
                total: 0,
                undone,
                can_undo: !undone,
                by_list: true,
                file_name: Some(list.file_name.clone()),
            });
        }
    }
    Ok(alone)
}
