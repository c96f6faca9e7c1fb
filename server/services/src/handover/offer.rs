//! The offer: exactly the list that was looked at, or nothing.

use super::preview::Draft;
use super::{hash_total, read_of, refused};
use crate::admission::{count, json};
use crate::students::admit;
use crate::students::places::Places;
use crate::{Result, ServiceError, Services};
use domain::admission::handover::{Receipt, ReceiptEvent};
use domain::audit::hex;
use domain::clause::Clause;
use domain::decision::{Machine as _, Reason, decide};
use domain::institution::{Actor, Office, Step, policy};
use store::{Detail, StoreError, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// Longest note of an offer, in characters.
const LONGEST_NOTE: usize = 200;

impl Services {
    /// Offers everybody of a year whom no hand-over holds: one receipt for the office that receives the cohort, one for
    /// each college. Total and hash are those of the preview; if the list has changed since, nothing is offered.
    /// Receipts that were returned are replaced by the new ones.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with [`Reason::Stale`] when the list has changed, [`Reason::Incomplete`] when it is
    /// empty or majors are not mapped.
    pub async fn offer_handover(
        &self,
        actor: &Actor,
        year: i32,
        expected_total: u64,
        expected_hash: &str,
        note: &str,
    ) -> Result<Uuid> {
        let note = note.trim();
        if note.chars().count() > LONGEST_NOTE {
            return Err(ServiceError::Invalid {
                field: "note",
                code: "too_long",
            });
        }
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::OfferHandover>(actor, unit.now())?;
        unit.hold_cohort(year).await?;
        // Before the list is made: a part that is returned meanwhile is neither in it nor replaced by it.
        let returned = unit.receipts_in(year, Receipt::Returned).await?;
        let places = Places::load(&unit).await?;
        let draft = Draft::of(&unit, year, &places).await?;
        let same = draft.members.len() as u64 == expected_total
            && hex::encode(&draft.hash) == expected_hash.trim();
        if !same {
            return Err(refused(Reason::Stale));
        }
        if !draft.is_ready() {
            return Err(refused(Reason::Incomplete));
        }
        let handover = rows::Handover {
            tenant_id: actor.tenant().0,
            id: unit.id(),
            year,
            number: draft.number,
            kind: draft.kind.key().to_owned(),
            // As they are signed: a later change of major does not change them.
            counts: json(&draft.counts(&places))?,
            total: count(draft.members.len()),
            hash_total: draft.hash.clone(),
            note: note.to_owned(),
            offered_by: actor.person(),
            offered_at: unit.now(),
        };
        let id = handover.id;
        let receipts = receipts(&unit, actor, &handover, &draft)?;
        let members = draft
            .members
            .iter()
            .zip(&draft.lines)
            .map(|(student, line)| rows::HandoverMember {
                tenant_id: actor.tenant().0,
                id: unit.id(),
                handover_id: id,
                student_id: student.id,
                ksh: line.ksh.clone(),
                digest: line.digest.clone(),
                college_id: student.college_id,
                college_code: line.college.clone(),
                major_code: line.major.clone(),
            })
            .collect();
        let students = draft.members.iter().map(|student| student.id);
        let told = format!("{year}-{} {}", draft.number, draft.members.len());
        let mut told = Detail::text(told).over("student", students);
        // One act, whatever it takes the place of.
        for receipt in &returned {
            let read = read_of(receipt)?;
            let decision = decide(&granted, read, ReceiptEvent::Replace, Clause::HANDOVER)?;
            told = unit.apply_within(&granted, decision, told).await?;
        }
        match unit.insert_handover(handover, members, receipts).await {
            // Somebody offered the same list at the same time.
            Err(StoreError::Taken) => return Err(refused(Reason::Stale)),
            other => other?,
        }
        unit.note(&granted, Subject::new("handover", id), told);
        unit.commit().await?;
        Ok(id)
    }
}

/// One receipt for the whole school, one for each college; each with the hash total of its own part.
fn receipts(
    unit: &UnitOfWork,
    actor: &Actor,
    handover: &rows::Handover,
    draft: &Draft,
) -> Result<Vec<rows::HandoverReceipt>> {
    let receipt = |office: Office, college, total, hash_total| rows::HandoverReceipt {
        tenant_id: handover.tenant_id,
        id: unit.id(),
        handover_id: handover.id,
        office: office.key().to_owned(),
        college_id: college,
        state: Receipt::Offered.key().to_owned(),
        version: 1,
        total,
        hash_total,
        person_id: None,
        reason: None,
        at: None,
    };
    let school_wide = actor.office_of(Step::ReceiveCohort);
    let hash = handover.hash_total.clone();
    let mut receipts = vec![receipt(school_wide, None, handover.total, hash)];
    for (college, lines) in draft.by_college() {
        let hash = hash_total(handover.year, &lines)?;
        let total = count(lines.len());
        receipts.push(receipt(Office::College, Some(college), total, hash));
    }
    Ok(receipts)
}
