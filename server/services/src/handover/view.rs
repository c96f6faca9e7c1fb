//! Hand-overs as each side sees them: the whole for the offices of the school, the own part for a college.

use super::given_back;
use super::people::listed;
use super::preview::tree;
use super::receipt::answers_for;
use crate::admission::from_json;
use crate::students::places::{Part, Places};
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::admission::handover::Receipt;
use domain::audit::hex;
use domain::calendar::local_time;
use domain::institution::{Actor, Office, Step, policy};
use domain::text::Label as _;
use domain::view::handover::{
    HandoverKind, HandoverLine, HandoverView, ReceiptView, UnitCount, WholeAnswer,
};
use domain::view::{Chip, Words, same, words};
use std::collections::HashMap;
use store::{Scope, rows};
use uuid::Uuid;

/// Hand-overs in the list: the newest.
const SHOWN: u64 = 100;

/// Persons and units by id.
struct Names<'a> {
    people: HashMap<Uuid, String>,
    places: &'a Places,
}

impl<'a> Names<'a> {
    async fn of(
        scope: &Scope,
        places: &'a Places,
        handovers: &[rows::Handover],
        receipts: &[rows::HandoverReceipt],
    ) -> Result<Self> {
        let offered = handovers.iter().map(|h| h.offered_by);
        let people: Vec<Uuid> = offered
            .chain(receipts.iter().filter_map(|r| r.person_id))
            .collect();
        Ok(Self {
            people: scope.person_names(&people).await?,
            places,
        })
    }

    fn person(&self, id: Uuid) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    /// Who answers, or who has answered.
    fn receiver(&self, actor: &Actor, receipt: &rows::HandoverReceipt) -> Words {
        match receipt.college_id {
            Some(college) => same(self.places.named(Some(college))),
            None if receipt.person_id.is_none() => {
                words(actor.office_of(Step::ReceiveCohort).label())
            }
            None => Office::from_key(&receipt.office)
                .map_or_else(Words::default, |office| words(office.label())),
        }
    }

    /// Beside a college's receipt, the answer for the whole school.
    fn whole(
        &self,
        actor: &Actor,
        receipt: &rows::HandoverReceipt,
        all: &[&rows::HandoverReceipt],
    ) -> Result<Option<WholeAnswer>> {
        match all.iter().find(|one| one.college_id.is_none()) {
            Some(whole) if receipt.college_id.is_some() => Ok(Some(WholeAnswer {
                receiver: self.receiver(actor, whole),
                answer: state(&whole.state)?,
            })),
            Some(_) | None => Ok(None),
        }
    }

    /// A receipt among all those of its hand-over.
    fn receipt(
        &self,
        actor: &Actor,
        handover: &rows::Handover,
        receipt: &rows::HandoverReceipt,
        all: &[&rows::HandoverReceipt],
    ) -> Result<ReceiptView> {
        let machine: Receipt = state(&receipt.state)?;
        let may = actor.may::<policy::AcceptHandover>() && answers_for(actor, receipt);
        Ok(ReceiptView {
            id: receipt.id,
            handover: handover.id,
            receiver: self.receiver(actor, receipt),
            college: receipt.college_id.is_some(),
            answer: machine,
            state: Chip::plain(&machine, machine.tone()),
            whole: self.whole(actor, receipt, all)?,
            total: u64::try_from(receipt.total).unwrap_or_default(),
            given_back: match receipt.college_id {
                Some(_) => 0,
                None => given_back(all.iter().copied())?,
            },
            hash: hex::encode(&receipt.hash_total),
            person: receipt.person_id.map(|id| self.person(id)),
            at: receipt.at.map(local_time),
            reason: receipt.reason.clone(),
            can_answer: may && machine == Receipt::Offered,
            own_offer: handover.offered_by == actor.person(),
        })
    }

    /// The line of a hand-over; `None` for a college that has no part in it.
    fn line(
        &self,
        actor: &Actor,
        part: Part,
        handover: &rows::Handover,
        receipts: &[rows::HandoverReceipt],
    ) -> Result<Option<HandoverLine>> {
        let of_it = receipts.iter().filter(|r| r.handover_id == handover.id);
        let all: Vec<&rows::HandoverReceipt> = of_it.collect();
        let own = all
            .iter()
            .filter(|r| match part {
                Part::Whole => true,
                Part::College(college) => r.college_id == Some(college),
                Part::None => false,
            })
            .map(|receipt| self.receipt(actor, handover, receipt, &all))
            .collect::<Result<Vec<_>>>()?;
        if own.is_empty() {
            return Ok(None);
        }
        let total = match part {
            Part::Whole => u64::try_from(handover.total).unwrap_or_default(),
            Part::College(_) | Part::None => own.iter().map(|receipt| receipt.total).sum(),
        };
        Ok(Some(HandoverLine {
            id: handover.id,
            year: handover.year,
            number: u32::try_from(handover.number).unwrap_or_default(),
            kind: HandoverKind::from_key(&handover.kind)
                .ok_or(ServiceError::Internal("kind of a hand-over"))?,
            total,
            offered_at: local_time(handover.offered_at),
            offered_by: self.person(handover.offered_by),
            receipts: own,
        }))
    }
}

/// Receipts of a year that were returned and not offered again yet.
pub(super) async fn returned(
    scope: &Scope,
    actor: &Actor,
    places: &Places,
    year: i32,
) -> Result<Vec<ReceiptView>> {
    let receipts = scope.receipts_in(year, Receipt::Returned).await?;
    let handovers = scope.handovers_of_year(year).await?;
    let names = Names::of(scope, places, &handovers, &receipts).await?;
    receipts
        .iter()
        .filter_map(|receipt| {
            let handover = handovers.iter().find(|h| h.id == receipt.handover_id)?;
            Some(names.receipt(actor, handover, receipt, &[]))
        })
        .collect()
}

impl Services {
    /// Hand-overs, newest first; of a college those with a part of its own.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for an office without student records.
    pub async fn handovers(&self, actor: &Actor) -> Result<Vec<HandoverLine>> {
        let unit = self.store.read(actor).await?;
        admit::<policy::HandoversPage>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let part = places.part_of(actor);
        let handovers = unit.handovers(SHOWN).await?;
        let ids: Vec<Uuid> = handovers.iter().map(|h| h.id).collect();
        let receipts = unit.receipts(&ids).await?;
        let names = Names::of(&unit, &places, &handovers, &receipts).await?;
        handovers
            .iter()
            .filter_map(|handover| names.line(actor, part, handover, &receipts).transpose())
            .collect()
    }

    /// One hand-over with its counts and receipts; of a college the own part.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a college without a part in it.
    pub async fn handover(&self, actor: &Actor, id: Uuid) -> Result<HandoverView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::HandoverPage>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let part = places.part_of(actor);
        let handover = unit.handover(id).await?;
        let receipts = unit.receipts(&[id]).await?;
        let handovers = std::slice::from_ref(&handover);
        let names = Names::of(&unit, &places, handovers, &receipts).await?;
        let line = names
            .line(actor, part, &handover, &receipts)?
            .ok_or(ServiceError::NotFound)?;
        let counts = unit.handover_places(id, part.college()).await?;
        let counts = counts.into_iter().map(|(college, major, class, total)| {
            let total = u64::try_from(total).unwrap_or_default();
            (vec![college, major, class], total)
        });
        let hash = match part {
            Part::Whole => hex::encode(&handover.hash_total),
            Part::College(_) | Part::None => line
                .receipts
                .first()
                .map(|receipt| receipt.hash.clone())
                .unwrap_or_default(),
        };
        let now = tree(counts, &places);
        let mut signed: Vec<UnitCount> = from_json(&handover.counts, "counts of a hand-over")?;
        if let Part::College(college) = part {
            signed.retain(|count| count.unit == Some(college));
        }
        let listed = listed(actor, &receipts)?.map_or(0, |own| own.total);
        Ok(HandoverView {
            listed,
            note: handover.note.clone(),
            hash,
            now: (now != signed).then_some(now),
            colleges: signed,
            line,
        })
    }
}
