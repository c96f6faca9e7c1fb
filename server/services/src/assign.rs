//! Class and student number, by rule or by a list: preview, confirmation of exactly that preview, undo.

mod by_rule;
mod carry_out;
pub(crate) mod correct;
pub(crate) mod counsellor;
mod sheet;
mod undo;
mod view;

pub use by_rule::RuleChoice;
pub use correct::Correction;

use crate::admission::json;
use crate::sealed_file::sha256;
use crate::{Result, ServiceError};
use domain::admission::assign::{AssignedLine, canonical_lines};
use domain::audit::hex;
use domain::clause::Clause;
use domain::decision::{Reason, Refusal};
use domain::institution::Office;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{TAIL, rows};
use uuid::Uuid;

/// Class and number of a record before or after an assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Placing {
    college: Option<Uuid>,
    major: Option<Uuid>,
    class: Option<Uuid>,
    number: Option<String>,
}

/// What a record had before an assignment, and what was so already: it was not built on the assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    #[serde(flatten)]
    placing: Placing,
    /// The student status had begun. Assignments from before this was kept were made of records without one.
    #[serde(default)]
    begun: bool,
    /// The record had been given to the platform.
    #[serde(default)]
    registered: bool,
}

impl Before {
    fn of(student: &rows::Student) -> Self {
        Self {
            placing: Placing::of(student),
            begun: undo::has_status(student),
            registered: undo::is_registered(student),
        }
    }
}

/// Class and number of a record with their places, as acts that assign them bind it.
pub(crate) fn placing_text(student: &rows::Student) -> Result<String> {
    serde_json::to_string(&Placing::of(student))
        .map_err(|_| ServiceError::Internal("a value without JSON"))
}

impl Placing {
    fn of(student: &rows::Student) -> Self {
        Self {
            college: student.college_id,
            major: student.major_id,
            class: student.class_id,
            number: student.student_no.clone(),
        }
    }

    /// The record with this placing.
    fn put(&self, student: &rows::Student) -> rows::Student {
        rows::Student {
            college_id: self.college,
            major_id: self.major,
            class_id: self.class,
            no_tail: self.number.as_deref().map(tail),
            student_no: self.number.clone(),
            ..student.clone()
        }
    }
}

/// The last four characters of a number: what people remember and search by.
fn tail(number: &str) -> String {
    let skip = number.chars().count().saturating_sub(TAIL);
    number.chars().skip(skip).collect()
}

/// The hash of what would be assigned, students and counsellors: what a preview shows and a confirmation repeats.
fn hash_of(lines: &[AssignedLine], posts: &BTreeSet<(Uuid, Uuid)>) -> Result<String> {
    let mut bytes = canonical_lines(lines).ok_or(ServiceError::Internal("an assignment"))?;
    if !posts.is_empty() {
        bytes.extend(json(posts)?.into_bytes());
    }
    Ok(hex::encode(&sha256(&bytes)))
}

/// Most records named in one refusal.
const NAMED: usize = 20;

/// The refusal that names the records whose student status stands against a class or a number.
fn begun<'s>(students: impl IntoIterator<Item = &'s rows::Student>) -> ServiceError {
    let tails = students.into_iter().map(|student| student.ksh_tail.clone());
    ServiceError::StatusBegun(tails.take(NAMED).collect())
}

fn refused(reason: Reason) -> ServiceError {
    Refusal::new(reason, Clause::HANDOVER, Office::StudentAffairs).into()
}
