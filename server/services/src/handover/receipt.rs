//! The answers: a receiver accepts its part under its own hash total, or returns it with reasons.

use super::{hash_total, list_of, offered, reached, read_of, refused};
use crate::students::places::Places;
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::admission::handover::{LONGEST_REASONS, Receipt, ReceiptEvent, SHORTEST_REASONS};
use domain::audit::hex;
use domain::clause::Clause;
use domain::decision::{Machine as _, Reason, decide};
use domain::institution::{Actor, Office, PersonalScope, Step, policy};
use std::collections::BTreeSet;
use store::{Detail, Scope, UnitOfWork, rows};
use uuid::Uuid;

/// What colleges are told when the whole hand-over was returned.
const WHOLE_RETURNED: &str = "整份移交已被退回";

/// Whether a post answers for a receipt: the office of the step for the whole school, a college's own post (not that of
/// a class or a major) for the college.
pub(super) fn answers_for(actor: &Actor, receipt: &rows::HandoverReceipt) -> bool {
    match receipt.college_id {
        None => {
            // Whoever receives cohorts now, also when the duty has moved since the offer.
            actor.office() == actor.office_of(Step::ReceiveCohort)
                && actor.seat().scope == PersonalScope::School
        }
        Some(college) => {
            actor.office() == Office::College
                && actor.seat().scope == PersonalScope::College(college)
        }
    }
}

impl Services {
    /// Accepts a receipt. Total and hash are those on the page; the list is hashed anew, and whoever offered it cannot
    /// accept it. When both the college and the office of the cohort have accepted, the college's students are handed
    /// over from today.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a receipt of somebody else; [`ServiceError::Refused`] with [`Reason::SamePerson`],
    /// [`Reason::Stale`] when the hash differs, [`Reason::IllegalMove`] when it was answered before.
    pub async fn accept_receipt(
        &self,
        actor: &Actor,
        receipt: Uuid,
        expected_hash: &str,
    ) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::AcceptHandover>(actor, unit.now())?;
        let (receipt, all) = own(&mut unit, actor, receipt).await?;
        let handover = unit.handover(receipt.handover_id).await?;
        let granted = granted.checked_by(handover.offered_by, Clause::HANDOVER)?;
        let hash = hash_now(&unit, &handover, receipt.college_id, &all).await?;
        if hash != receipt.hash_total || hex::encode(&hash) != expected_hash.trim() {
            return Err(refused(Reason::Stale));
        }
        let read = read_of(&receipt)?;
        let decision = decide(&granted, read, ReceiptEvent::Accept, Clause::HANDOVER)?;
        let received = received_with(&unit, &all, &receipt).await?;
        let told = Detail::text(reached(&receipt, &all)?.to_string());
        let today = format!("handed_over_on={}", unit.today());
        let moved = received
            .iter()
            .map(|id| (*id, "handed_over_on=".to_owned(), today.clone()));
        let told = told.over_values("student", moved);
        unit.apply(&granted, decision, told).await?;
        unit.sign_receipt(receipt.id, None).await?;
        unit.set_handed_over(&received).await?;
        Ok(unit.commit().await?)
    }

    /// Returns a receipt with reasons: whoever offered it handled the step, whoever returns it checked it, and nobody is
    /// both. Its students can then be offered again, as a new hand-over. When the whole
    /// hand-over is returned, the parts that colleges have not answered yet are returned with it.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for reasons of fewer than four characters, else as [`Services::accept_receipt`].
    pub async fn return_receipt(&self, actor: &Actor, receipt: Uuid, reasons: &str) -> Result<()> {
        let reasons = reasons.trim();
        let code = match u32::try_from(reasons.chars().count()) {
            Ok(0..SHORTEST_REASONS) => Some("too_short"),
            Ok(SHORTEST_REASONS..=LONGEST_REASONS) => None,
            Ok(_) | Err(_) => Some("too_long"),
        };
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::ReturnHandover>(actor, unit.now())?;
        let (receipt, all) = own(&mut unit, actor, receipt).await?;
        if let Some(code) = code {
            return Err(ServiceError::Invalid {
                field: "reasons",
                code,
            });
        }
        let handover = unit.handover(receipt.handover_id).await?;
        let granted = granted.checked_by(handover.offered_by, Clause::HANDOVER)?;
        let reached = reached(&receipt, &all)?;
        let mut returned = vec![(receipt.clone(), reasons)];
        if receipt.college_id.is_none() {
            let open = all
                .into_iter()
                .filter(|part| part.college_id.is_some())
                .filter(|part| part.state == Receipt::Offered.key());
            returned.extend(open.map(|part| (part, WHOLE_RETURNED)));
        }
        // One act, whatever goes back with it: the parts are its leaves.
        let mut told = Detail::text(reached.to_string());
        let (mut parts, mut whole) = (Vec::new(), None);
        for (part, reasons) in &returned {
            let decision = decide(
                &granted,
                read_of(part)?,
                ReceiptEvent::Return,
                Clause::HANDOVER,
            )?;
            if part.id == receipt.id {
                whole = Some(decision);
            } else {
                parts.push(decision);
            }
            unit.sign_receipt(part.id, Some(reasons)).await?;
        }
        for decision in parts {
            told = unit.apply_within(&granted, decision, told).await?;
        }
        let whole = whole.ok_or(ServiceError::NotFound)?;
        unit.apply(&granted, whole, told).await?;
        Ok(unit.commit().await?)
    }
}

/// The receipt with all receipts of its hand-over, held until the unit ends.
async fn own(
    unit: &mut UnitOfWork,
    actor: &Actor,
    id: Uuid,
) -> Result<(rows::HandoverReceipt, Vec<rows::HandoverReceipt>)> {
    let found = unit.receipt(id).await?;
    if !answers_for(actor, &found) {
        return Err(ServiceError::NotFound);
    }
    let all = unit.hold_receipts(found.handover_id).await?;
    let held = all.iter().find(|receipt| receipt.id == id).cloned();
    Ok((held.ok_or(ServiceError::NotFound)?, all))
}

/// The hash total of the list as it was offered, if the records still say the same. Of a part that its college has
/// returned they may say something else by now, or be gone: it stays in the list as it was signed, and nobody receives it.
async fn hash_now(
    scope: &Scope,
    handover: &rows::Handover,
    college: Option<Uuid>,
    receipts: &[rows::HandoverReceipt],
) -> Result<Vec<u8>> {
    let members = scope.handover_members(handover.id, college).await?;
    let mut held = BTreeSet::new();
    for part in receipts {
        if state::<Receipt>(&part.state)?.holds() {
            held.extend(part.college_id);
        }
    }
    let standing: Vec<rows::HandoverMember> = members
        .iter()
        .filter(|member| member.college_id.is_some_and(|own| held.contains(&own)))
        .cloned()
        .collect();
    let ids: Vec<Uuid> = standing.iter().map(|member| member.student_id).collect();
    let students = scope.students_by_id(&ids).await?;
    let mut was = offered(&standing);
    let mut now = list_of(scope, &students, &Places::load(scope).await?).await?;
    was.sort();
    now.sort();
    if was == now {
        let mut list = offered(&members);
        list.sort();
        hash_total(handover.year, &list)
    } else {
        Err(refused(Reason::Stale))
    }
}

/// Whom an acceptance hands over: the students of every college whose part both sides have accepted with it, and who are
/// not handed over yet.
async fn received_with(
    scope: &Scope,
    receipts: &[rows::HandoverReceipt],
    accepting: &rows::HandoverReceipt,
) -> Result<Vec<Uuid>> {
    let accepted = |receipt: &&rows::HandoverReceipt| {
        receipt.id == accepting.id || receipt.state == Receipt::Accepted.key()
    };
    let mut standing = receipts.iter().filter(accepted);
    if standing.all(|receipt| receipt.college_id.is_some()) {
        return Ok(Vec::new());
    }
    let mut received = Vec::new();
    for college in receipts
        .iter()
        .filter(accepted)
        .filter_map(|r| r.college_id)
    {
        let members = scope
            .handover_members(accepting.handover_id, Some(college))
            .await?;
        let ids: Vec<Uuid> = members.iter().map(|member| member.student_id).collect();
        let students = scope.students_by_id(&ids).await?;
        let waiting = students.iter().filter(|s| s.handed_over_on.is_none());
        received.extend(waiting.map(|student| student.id));
    }
    Ok(received)
}
