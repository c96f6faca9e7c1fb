//! Who the people of a hand-over are: whoever answers for a part compares the list with the admission data, before it is
//! accepted (ADR 0103).

use super::receipt::answers_for;
use crate::students::places::Places;
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::admission::handover::Receipt;
use domain::institution::{Actor, Visible, policy};
use domain::person::mask;
use domain::view::access::AccessKind;
use domain::view::handover::{HandoverPeople, HandoverPerson};
use store::rows;
use uuid::Uuid;

/// People of one page.
const SHOWN: u64 = 100;
/// What the list shows of a person, for the access log.
const FIELDS: &str = "name,ksh,college,major";

/// The parts whose people a post may look through.
pub(super) struct Listed {
    /// Colleges whose parts nobody has returned.
    colleges: Vec<Uuid>,
    /// Students of these parts.
    pub(super) total: u64,
}

/// What a post may look through: all parts whoever offers, and whoever receives for the whole school; a college its own.
/// Parts that were returned are left out: their students may be gone, or in another hand-over.
pub(super) fn listed(actor: &Actor, receipts: &[rows::HandoverReceipt]) -> Result<Option<Listed>> {
    let offers = actor.may::<policy::OfferHandover>() && actor.visible() == Visible::School;
    let receives = actor.may::<policy::AcceptHandover>();
    let answers = receipts
        .iter()
        .filter(|receipt| receives && answers_for(actor, receipt));
    let own: Vec<Option<Uuid>> = answers.map(|receipt| receipt.college_id).collect();
    if !offers && own.is_empty() {
        return Ok(None);
    }
    let whole = offers || own.contains(&None);
    let mut listed = Listed {
        colleges: Vec::new(),
        total: 0,
    };
    let mut stands = false;
    for receipt in receipts {
        let holds = state::<Receipt>(&receipt.state)?.holds();
        match receipt.college_id {
            None => stands = holds,
            Some(college) if holds && (whole || own.contains(&Some(college))) => {
                listed.colleges.push(college);
                listed.total += u64::try_from(receipt.total).unwrap_or_default();
            }
            Some(_) => {}
        }
    }
    // Returned as a whole, it has no part that stands.
    Ok((stands && listed.total > 0).then_some(listed))
}

fn person(student: &rows::Student, places: &Places) -> HandoverPerson {
    HandoverPerson {
        student: student.id,
        name: student.name.clone(),
        ksh: mask::candidate_number(&student.ksh),
        college: places.name(student.college_id),
        major: places
            .major_name(student.college_id, student.major_id)
            .map(str::to_owned),
    }
}

impl Services {
    /// One page of the people of a hand-over; of a college the own part. Everybody on it finds a line in the own access
    /// log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a post that answers for no part of it and does not offer, and where nothing stands.
    pub async fn handover_people(
        &self,
        actor: &Actor,
        handover: Uuid,
        page: u32,
    ) -> Result<HandoverPeople> {
        let unit = self.store.read(actor).await?;
        admit::<policy::HandoverPage>(actor, unit.now())?;
        let receipts = unit.receipts(&[handover]).await?;
        let listed = listed(actor, &receipts)?.ok_or(ServiceError::NotFound)?;
        let pages = u32::try_from(listed.total.div_ceil(SHOWN).max(1)).unwrap_or(u32::MAX);
        let page = page.clamp(1, pages);
        let offset = u64::from(page - 1) * SHOWN;
        let students = unit
            .handover_students(handover, &listed.colleges, offset, SHOWN)
            .await?;
        let places = Places::load(&unit).await?;
        drop(unit);
        let shown: Vec<Uuid> = students.iter().map(|student| student.id).collect();
        self.log_reads(actor, &shown, AccessKind::List, FIELDS, "")
            .await?;
        Ok(HandoverPeople {
            people: students.iter().map(|s| person(s, &places)).collect(),
            total: listed.total,
            page,
            pages,
        })
    }
}
