//! The hand-over of a cohort (办法 二（一）3（1）): Admissions offers a list under a hash total, Student Affairs and every
//! college answer for their part. What was accepted by both is with the college from that day.

mod majors;
mod offer;
mod people;
mod preview;
mod receipt;
mod view;

use crate::sealed_file::sha256;
use crate::students::places::Places;
use crate::{Result, ServiceError};
use domain::admission::handover::Receipt;
use domain::admission::roster::{RosterLine, canonical_roster};
use domain::clause::Clause;
use domain::decision::{Read, Reason, Refusal};
use domain::institution::Office;
use store::{Scope, rows};
use uuid::Uuid;

/// The hash total of a list: SHA-256 over its canonical form.
pub(crate) fn hash_total(year: i32, lines: &[RosterLine]) -> Result<Vec<u8>> {
    let bytes = canonical_roster(year, lines).ok_or(ServiceError::Internal("a list"))?;
    Ok(sha256(&bytes))
}

fn refused(reason: Reason) -> ServiceError {
    Refusal::new(reason, Clause::HANDOVER, Office::Admissions).into()
}

/// The list of students as their records are: frozen values, and where they go.
async fn list_of(
    scope: &Scope,
    students: &[rows::Student],
    places: &Places,
) -> Result<Vec<RosterLine>> {
    let candidates: Vec<Uuid> = students.iter().map(|s| s.candidate_id).collect();
    let mut digests = scope.digests_of(&candidates).await?;
    students
        .iter()
        .map(|student| {
            Ok(RosterLine {
                ksh: student.ksh.clone(),
                digest: digests
                    .remove(&student.candidate_id)
                    .ok_or_else(|| refused(Reason::Stale))?,
                college: places.code(student.college_id).to_owned(),
                major: places.code(student.major_id).to_owned(),
            })
        })
        .collect()
}

/// The list as it was offered.
fn offered(members: &[rows::HandoverMember]) -> Vec<RosterLine> {
    members
        .iter()
        .map(|member| RosterLine {
            ksh: member.ksh.clone(),
            digest: member.digest.clone(),
            college: member.college_code.clone(),
            major: member.major_code.clone(),
        })
        .collect()
}

/// Students of the parts of a hand-over that colleges have returned.
fn given_back<'r>(receipts: impl Iterator<Item = &'r rows::HandoverReceipt>) -> Result<u64> {
    let mut students = 0;
    for part in receipts.filter(|part| part.college_id.is_some()) {
        if !crate::students::state::<Receipt>(&part.state)?.holds() {
            students += u64::try_from(part.total).unwrap_or_default();
        }
    }
    Ok(students)
}

/// Students whom an answer now reaches: that for the whole school not those whose college has returned its part.
pub(crate) fn reached(
    receipt: &rows::HandoverReceipt,
    all: &[rows::HandoverReceipt],
) -> Result<u64> {
    let beside = all
        .iter()
        .filter(|one| one.handover_id == receipt.handover_id);
    let back = match receipt.college_id {
        Some(_) => 0,
        None => given_back(beside)?,
    };
    let total = u64::try_from(receipt.total).unwrap_or_default();
    Ok(total.saturating_sub(back))
}

/// A receipt as its machine sees it.
fn read_of(receipt: &rows::HandoverReceipt) -> Result<Read<Receipt>> {
    Ok(Read {
        id: receipt.id,
        state: crate::students::state(&receipt.state)?,
        version: receipt.version,
    })
}
