//! Hand-overs: four eyes, parts, returns, supplements, and hashes that must agree.

use super::campus::{Campus, YEAR, reason_of};
use domain::admission::handover::Receipt;
use domain::decision::Reason;
use domain::institution::{Actor, Office, Step};
use domain::view::handover::{HandoverKind, ReceiptView, UnitCount};
use services::ServiceError;
use store::testkit::on_both;
use uuid::Uuid;

async fn receipt(campus: &Campus, receiver: &Actor, handover: Uuid) -> ReceiptView {
    let view = campus.services.handover(receiver, handover).await.unwrap();
    view.line
        .receipts
        .into_iter()
        .find(|r| r.can_answer)
        .unwrap()
}

async fn give_back(campus: &Campus, receiver: &Actor, handover: Uuid) {
    let receipt = receipt(campus, receiver, handover).await;
    campus
        .services
        .return_receipt(receiver, receipt.id, "名单与纸质名册不符")
        .await
        .unwrap();
}

async fn handed_over(campus: &Campus) -> Vec<usize> {
    let all = campus.all().await;
    let places = campus.people.iter().enumerate();
    places
        .filter(|(_, p)| {
            all.iter()
                .any(|s| s.id == p.student && s.handed_over_on.is_some())
        })
        .map(|(place, _)| place)
        .collect()
}

/// What the first college reads beside its own receipt, which it has accepted: the answer for the whole school.
async fn beside_own(campus: &Campus, handover: Uuid) -> Receipt {
    let view = campus.services.handover(&campus.secretaries[0], handover);
    let [own] = <[ReceiptView; 1]>::try_from(view.await.unwrap().line.receipts).unwrap();
    assert_eq!(own.answer, Receipt::Accepted);
    let whole = own.whole.unwrap();
    assert_eq!(whole.receiver.0, "学生处");
    whole.answer
}

fn adds_up(units: &[UnitCount]) {
    for unit in units.iter().filter(|unit| !unit.parts.is_empty()) {
        assert_eq!(
            unit.total,
            unit.parts.iter().map(|part| part.total).sum::<u64>(),
            "{}",
            unit.name
        );
        adds_up(&unit.parts);
    }
}

/// Students of the first college are those of the first two majors.
const FIRST: [usize; 8] = [0, 1, 4, 5, 8, 9, 12, 13];

#[tokio::test]
async fn both_sides_sign_and_the_students_are_handed_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let preview = campus
            .services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        assert_eq!((preview.year, preview.total, preview.number), (YEAR, 16, 1));
        assert_eq!((preview.kind, preview.ready), (HandoverKind::Main, true));
        adds_up(&preview.colleges);
        assert_eq!(
            preview.colleges.iter().map(|c| c.total).collect::<Vec<_>>(),
            [8, 8]
        );
        let handover = campus.offer().await;
        // Nobody is handed over by an offer, nor by one of the two receivers alone.
        assert!(handed_over(&campus).await.is_empty());
        campus
            .accept(&campus.secretaries[0], handover)
            .await
            .unwrap();
        assert!(handed_over(&campus).await.is_empty());
        // The college is told for whom its students wait.
        assert_eq!(beside_own(&campus, handover).await, Receipt::Offered);
        campus.accept(&campus.affairs, handover).await.unwrap();
        assert_eq!(beside_own(&campus, handover).await, Receipt::Accepted);
        assert_eq!(handed_over(&campus).await, FIRST);
        campus
            .accept(&campus.secretaries[1], handover)
            .await
            .unwrap();
        assert_eq!(handed_over(&campus).await.len(), 16);
        // Named persons on both sides, totals that add up.
        let view = campus
            .services
            .handover(&campus.admissions, handover)
            .await
            .unwrap();
        assert_eq!(view.line.receipts.len(), 3);
        assert!(
            view.line
                .receipts
                .iter()
                .all(|r| r.person.is_some() && r.at.is_some())
        );
        assert!(!view.line.offered_by.is_empty());
        adds_up(&view.colleges);
        let parts: u64 = view
            .line
            .receipts
            .iter()
            .filter(|r| r.college)
            .map(|r| r.total)
            .sum();
        assert_eq!(parts, view.line.total);
        assert_eq!(view.hash, preview.hash);
    })
    .await;
}

#[tokio::test]
async fn whoever_offers_can_neither_accept_nor_return() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        // One person with a post in both offices, as small schools have it.
        let mut seat = campus.admissions.seat().clone();
        seat.office = Office::StudentAffairs;
        let both = store::testkit::seated(seat);
        let handover = campus.offer().await;
        let own = receipt(&campus, &both, handover).await;
        assert!(own.own_offer);
        let refused = campus
            .services
            .accept_receipt(&both, own.id, &own.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::SamePerson));
        let refused = campus
            .services
            .return_receipt(&both, own.id, "名单与纸质名册不符")
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::SamePerson));
        assert!(handed_over(&campus).await.is_empty());
        campus.accept(&campus.affairs, handover).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_changed_list_is_not_offered_and_a_wrong_hash_not_accepted() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let services = &campus.services;
        let preview = services
            .handover_preview(&campus.admissions, Some(YEAR))
            .await
            .unwrap();
        for (total, hash) in [
            (preview.total + 1, preview.hash.as_str()),
            (preview.total, "00"),
            (0, ""),
        ] {
            let refused = services
                .offer_handover(&campus.admissions, YEAR, total, hash, "")
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::Stale));
        }
        let handover = campus.offer().await;
        // The same preview a second time: everybody is held now.
        let again = services
            .offer_handover(&campus.admissions, YEAR, preview.total, &preview.hash, "")
            .await;
        assert_eq!(reason_of(&again.unwrap_err()), Some(Reason::Stale));
        let receipt = receipt(&campus, &campus.affairs, handover).await;
        for hash in ["", "00", &preview.hash[1..]] {
            let refused = services
                .accept_receipt(&campus.affairs, receipt.id, hash)
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::Stale), "{hash}");
        }
        // A college signs its own part, not the whole.
        let own = self::receipt(&campus, &campus.secretaries[0], handover).await;
        assert_ne!(own.hash, preview.hash);
        let refused = services
            .accept_receipt(&campus.secretaries[0], own.id, &preview.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Stale));
    })
    .await;
}

#[tokio::test]
async fn an_empty_or_unmapped_list_waits() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        let preview = campus
            .services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        assert!(!preview.ready);
        assert_eq!(preview.unmapped.len(), 4);
        assert_eq!(preview.unmapped.iter().map(|u| u.students).sum::<u64>(), 8);
        let offer = async |total, hash: &str| {
            campus
                .services
                .offer_handover(&campus.admissions, YEAR, total, hash, "")
                .await
        };
        let refused = offer(preview.total, &preview.hash).await.unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Incomplete));
        campus.map_majors().await;
        campus.offer().await;
        let nobody = campus
            .services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        assert!(!nobody.ready);
        let refused = offer(0, &nobody.hash).await.unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Incomplete));
    })
    .await;
}

#[tokio::test]
async fn a_returned_part_is_offered_again() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        campus.accept(&campus.affairs, first).await.unwrap();
        campus.accept(&campus.secretaries[0], first).await.unwrap();
        give_back(&campus, &campus.secretaries[1], first).await;
        assert_eq!(handed_over(&campus).await, FIRST);
        // The other college's students, and only they, can be offered again.
        let preview = campus
            .services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        assert_eq!(
            (preview.total, preview.kind, preview.number),
            (8, HandoverKind::Supplementary, 2)
        );
        assert_eq!(preview.returned.len(), 1);
        assert_eq!(
            preview.returned[0].reason.as_deref(),
            Some("名单与纸质名册不符")
        );
        let second = campus.offer().await;
        let old = campus
            .services
            .handover(&campus.admissions, first)
            .await
            .unwrap();
        let states: Vec<&str> = old
            .line
            .receipts
            .iter()
            .map(|r| r.state.label.0.as_str())
            .collect();
        assert!(states.contains(&"已重新移交"), "{states:?}");
        // The old receipt cannot be answered any more; the new ones can.
        let returned = old
            .line
            .receipts
            .iter()
            .find(|r| r.state.label.0 == "已重新移交")
            .unwrap();
        let refused = campus
            .services
            .accept_receipt(&campus.secretaries[1], returned.id, &returned.hash)
            .await;
        assert_eq!(reason_of(&refused.unwrap_err()), Some(Reason::IllegalMove));
        campus.accept(&campus.secretaries[1], second).await.unwrap();
        assert_eq!(
            handed_over(&campus).await,
            FIRST,
            "the office of the cohort has not answered the second one"
        );
        campus.accept(&campus.affairs, second).await.unwrap();
        assert_eq!(handed_over(&campus).await.len(), 16);
        assert_eq!(
            campus
                .services
                .handovers(&campus.admissions)
                .await
                .unwrap()
                .len(),
            2
        );
        assert_eq!(
            campus
                .services
                .handovers(&campus.secretaries[0])
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_hand_over_that_was_returned_as_a_whole_holds_nobody() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        campus.accept(&campus.secretaries[0], first).await.unwrap();
        give_back(&campus, &campus.affairs, first).await;
        // The part that was open is returned with it; the accepted one stays as history.
        let view = campus
            .services
            .handover(&campus.admissions, first)
            .await
            .unwrap();
        let states: Vec<(bool, &str)> = view
            .line
            .receipts
            .iter()
            .map(|r| (r.college, r.state.label.0.as_str()))
            .collect();
        assert_eq!(
            states.iter().filter(|s| s.1 == "已退回").count(),
            2,
            "{states:?}"
        );
        assert!(campus.accept(&campus.secretaries[1], first).await.is_err());
        assert!(handed_over(&campus).await.is_empty());
        // Everybody can be offered again, the students of the college that had accepted too.
        let preview = campus
            .services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        assert_eq!(preview.total, 16);
        campus.hand_over().await;
        assert_eq!(handed_over(&campus).await.len(), 16);
    })
    .await;
}

#[tokio::test]
async fn receipts_belong_to_their_receivers() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let before = campus.services.handovers(&campus.admissions).await.unwrap();
        let receipts = &before[0].receipts;
        let counsellor = campus.counsellor(&campus.classes[..1]).await;
        for receipt in receipts {
            for actor in [
                &campus.secretaries[0],
                &campus.secretaries[1],
                &campus.affairs,
                &counsellor,
            ] {
                let answered = campus
                    .services
                    .return_receipt(actor, receipt.id, "不是我的单子")
                    .await
                    .unwrap_err();
                // The own one was answered before; any other does not exist.
                let own = reason_of(&answered) == Some(Reason::IllegalMove);
                assert!(own || matches!(answered, ServiceError::NotFound));
            }
            for actor in [&campus.admissions, &campus.academic] {
                let answered = campus
                    .services
                    .return_receipt(actor, receipt.id, "不是我的单子")
                    .await
                    .unwrap_err();
                assert_eq!(reason_of(&answered), Some(Reason::WrongOffice));
            }
        }
        // A college sees its own part and no other.
        let view = campus
            .services
            .handover(&campus.secretaries[0], before[0].id)
            .await
            .unwrap();
        assert_eq!((view.line.total, view.line.receipts.len()), (4, 1));
        assert_eq!(view.colleges.len(), 1);
        assert_eq!(view.hash, view.line.receipts[0].hash);
    })
    .await;
}

/// Two receivers at the same moment: whoever is second sees the answer of the first.
#[tokio::test]
async fn two_answers_at_once_hand_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let handover = campus.offer().await;
        let (a, b) = (
            receipt(&campus, &campus.affairs, handover).await,
            receipt(&campus, &campus.secretaries[0], handover).await,
        );
        let (one, two) = tokio::join!(
            campus
                .services
                .accept_receipt(&campus.affairs, a.id, &a.hash),
            campus
                .services
                .accept_receipt(&campus.secretaries[0], b.id, &b.hash),
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(handed_over(&campus).await, [0, 1, 4, 5]);
    })
    .await;
}

/// T-JOB-02: a double click offers once.
#[tokio::test]
async fn two_offers_at_once_make_one_hand_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let preview = campus
            .services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        let offer = || {
            campus.services.offer_handover(
                &campus.admissions,
                YEAR,
                preview.total,
                &preview.hash,
                "",
            )
        };
        let (one, two) = tokio::join!(offer(), offer());
        let refused = if one.is_ok() { two } else { one };
        assert_eq!(reason_of(&refused.unwrap_err()), Some(Reason::Stale));
        assert_eq!(
            campus
                .services
                .handovers(&campus.admissions)
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn another_office_offers_nothing() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 4).await;
        for actor in [&campus.affairs, &campus.academic, &campus.secretaries[0]] {
            let refused = campus
                .services
                .handover_preview(actor, None)
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
            assert!(
                campus
                    .services
                    .offer_handover(actor, YEAR, 4, "", "")
                    .await
                    .is_err()
            );
        }
    })
    .await;
}

/// What both sides sign is also where everybody goes: a mapping that changes after the look makes the list another one.
#[tokio::test]
async fn a_major_that_moves_after_the_look_makes_the_list_stale() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let services = &campus.services;
        let look = async || {
            services
                .handover_preview(&campus.admissions, None)
                .await
                .unwrap()
        };
        let before = look().await;
        let map = services
            .major_map_view(&campus.admissions, YEAR)
            .await
            .unwrap();
        let line = map.lines.iter().find(|l| l.admitted_code == "00").unwrap();
        services
            .map_major(&campus.admissions, line.id, campus.majors[2], false)
            .await
            .unwrap();
        let after = look().await;
        assert_eq!(before.total, after.total);
        assert_ne!(before.hash, after.hash);
        let refused = services
            .offer_handover(&campus.admissions, YEAR, before.total, &before.hash, "")
            .await;
        assert_eq!(reason_of(&refused.unwrap_err()), Some(Reason::Stale));
    })
    .await;
}

/// Counts under a signed hand-over stay what was signed.
#[tokio::test]
async fn counts_stay_as_they_were_signed() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let handover = campus.services.handovers(&campus.affairs).await.unwrap()[0].id;
        let view = async |actor| campus.services.handover(actor, handover).await.unwrap();
        let signed = view(&campus.affairs).await;
        assert_eq!(signed.now, None, "nothing has changed yet");
        adds_up(&signed.colleges);
        campus.number().await;
        let later = view(&campus.affairs).await;
        assert_eq!(later.colleges, signed.colleges);
        let now = later.now.unwrap();
        adds_up(&now);
        let classes = now[0].parts[0].parts.iter().filter(|c| c.unit.is_some());
        assert_eq!(classes.count(), 2, "now there are classes");
        let own = view(&campus.secretaries[1]).await;
        assert_eq!(own.colleges, signed.colleges[1..]);
    })
    .await;
}

/// The same post at a school whose Academic Affairs receive.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
fn moved(actor: &Actor) -> Actor {
    let mut seat = actor.seat().clone();
    seat.duties
        .insert(Step::ReceiveCohort, Office::AcademicAffairs);
    Actor::seated(seat)
}

/// The duty of the step may move to another office while a receipt is open.
#[tokio::test]
async fn whoever_receives_cohorts_now_answers_an_open_receipt() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let handover = campus.offer().await;
        let (affairs, academic) = (moved(&campus.affairs), moved(&campus.academic));
        let own = receipt(&campus, &academic, handover).await;
        assert_eq!(own.receiver.0, "教务处");
        let refused = campus
            .services
            .accept_receipt(&affairs, own.id, &own.hash)
            .await;
        assert_eq!(reason_of(&refused.unwrap_err()), Some(Reason::WrongOffice));
        let waits = campus.services.office_home(&academic).await.unwrap();
        let titles: Vec<_> = waits.todo.iter().flat_map(|g| &g.items).collect();
        assert!(titles.iter().any(|item| item.title.0 == "接收录取信息"));
        campus.accept(&academic, handover).await.unwrap();
        let view = campus.services.handover(&academic, handover).await.unwrap();
        let signed = view.line.receipts.iter().find(|r| !r.college).unwrap();
        assert_eq!(signed.receiver.0, "教务处", "the office that has signed");
    })
    .await;
}

/// The act that hands over names every student in the audit chain.
#[tokio::test]
async fn handing_over_names_each_student_in_the_chain() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let unit = campus.bed.store().read(&campus.admissions).await.unwrap();
        let mut named = std::collections::BTreeSet::new();
        for entry in unit.audit_after(0, 1_000).await.unwrap() {
            if entry.body.contains("\"admission/accept\"") {
                named.extend(unit.audit_leaves(entry.seq).await.unwrap());
            }
        }
        assert_eq!(named.len(), 8);
    })
    .await;
}
