//! Parts of a hand-over that colleges return while the rest of it stands, and what moves at the moment of an offer.

use super::campus::{Campus, YEAR, reason_of};
use domain::admission::handover::Receipt;
use domain::decision::Reason;
use domain::institution::Actor;
use domain::view::handover::{HandoverKind, ReceiptView};
use services::ServiceError;
use store::testkit::{on_both, on_postgres};
use uuid::Uuid;

/// The receipt that a receiver can answer.
async fn open(campus: &Campus, receiver: &Actor, handover: Uuid) -> ReceiptView {
    let view = campus.services.handover(receiver, handover).await.unwrap();
    let mut receipts = view.line.receipts.into_iter();
    receipts.find(|receipt| receipt.can_answer).unwrap()
}

async fn give_back(campus: &Campus, receiver: &Actor, handover: Uuid) {
    let receipt = open(campus, receiver, handover).await;
    campus
        .services
        .return_receipt(receiver, receipt.id, "专业对应有误")
        .await
        .unwrap();
}

async fn handed_over(campus: &Campus) -> usize {
    let all = campus.all().await;
    all.iter().filter(|s| s.handed_over_on.is_some()).count()
}

/// How many Student Affairs are asked to receive.
async fn waits(campus: &Campus) -> u64 {
    let home = campus.services.office_home(&campus.affairs).await.unwrap();
    let items = home.todo.iter().flat_map(|group| &group.items);
    let receive = items.filter(|item| item.title.0 == "接收录取信息");
    receive.map(|item| item.count).sum()
}

/// How many Student Affairs have received, as the page says it and as the ledger was told.
async fn accepted(campus: &Campus, handover: Uuid) -> (u64, String) {
    let view = campus.services.handover(&campus.affairs, handover).await;
    let receipts = view.unwrap().line.receipts;
    let whole = receipts.iter().find(|receipt| !receipt.college).unwrap();
    assert_eq!(whole.answer, Receipt::Accepted);
    let unit = campus.bed.store().read(&campus.affairs).await.unwrap();
    let told = unit.ledger_about(&[("handover_receipt", whole.id)]).await;
    let told = told.unwrap();
    let act = told.iter().find(|line| line.op == "admission/accept");
    (whole.people(), act.unwrap().detail.clone())
}

/// The students of one major go to another one.
async fn move_major(campus: &Campus, from: usize, to: usize) -> u64 {
    let services = &campus.services;
    let view = services.major_map_view(&campus.admissions, YEAR).await;
    let lines = view.unwrap().lines;
    let code = format!("0{from}");
    let line = lines.iter().find(|line| line.admitted_code == code);
    services
        .map_major(
            &campus.admissions,
            line.unwrap().id,
            campus.majors[to],
            false,
        )
        .await
        .unwrap()
}

#[tokio::test]
async fn a_part_that_was_returned_before_does_not_hold_up_the_whole() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        let signed = open(&campus, &campus.affairs, first).await;
        assert_eq!((signed.total, signed.given_back), (16, 0));
        give_back(&campus, &campus.secretaries[1], first).await;
        assert_eq!(
            move_major(&campus, 2, 3).await,
            4,
            "what was wrong is mended"
        );
        let whole = open(&campus, &campus.affairs, first).await;
        assert_eq!((whole.total, whole.given_back), (16, 8));
        assert_eq!(whole.hash, signed.hash, "the list stays as it was signed");
        assert_eq!(waits(&campus).await, 8);
        campus.accept(&campus.affairs, first).await.unwrap();
        assert_eq!(accepted(&campus, first).await, (8, "8".to_owned()));
        campus.accept(&campus.secretaries[0], first).await.unwrap();
        assert_eq!(handed_over(&campus).await, 8);
        // The part comes again, and the slip of the first one says so.
        let second = campus.offer().await;
        campus.accept(&campus.secretaries[1], second).await.unwrap();
        campus.accept(&campus.affairs, second).await.unwrap();
        assert_eq!(handed_over(&campus).await, 16);
    })
    .await;
}

#[tokio::test]
async fn a_part_that_is_offered_again_does_not_hold_up_the_first_hand_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        give_back(&campus, &campus.secretaries[1], first).await;
        move_major(&campus, 2, 3).await;
        let second = campus.offer().await;
        let whole = campus.services.handover(&campus.affairs, first).await;
        let whole = whole.unwrap().line.receipts.into_iter();
        let back: Vec<u64> = whole.map(|receipt| receipt.given_back).collect();
        assert_eq!(
            back.iter().sum::<u64>(),
            8,
            "returned, and offered again since"
        );
        campus.accept(&campus.affairs, second).await.unwrap();
        campus.accept(&campus.affairs, first).await.unwrap();
        campus.accept(&campus.secretaries[0], first).await.unwrap();
        assert_eq!(handed_over(&campus).await, 8);
        campus.accept(&campus.secretaries[1], second).await.unwrap();
        assert_eq!(handed_over(&campus).await, 16);
    })
    .await;
}

#[tokio::test]
async fn a_part_may_be_returned_after_the_whole_was_accepted() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        campus.accept(&campus.affairs, first).await.unwrap();
        give_back(&campus, &campus.secretaries[1], first).await;
        move_major(&campus, 2, 3).await;
        campus.accept(&campus.secretaries[0], first).await.unwrap();
        assert_eq!(handed_over(&campus).await, 8);
        let second = campus.offer().await;
        campus.accept(&campus.affairs, second).await.unwrap();
        campus.accept(&campus.secretaries[1], second).await.unwrap();
        assert_eq!(handed_over(&campus).await, 16);
    })
    .await;
}

#[tokio::test]
async fn what_moved_in_a_part_that_stands_still_holds_up_the_whole() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        give_back(&campus, &campus.secretaries[1], first).await;
        let nowhere = "major_id = NULL";
        campus.bed.tamper(campus.tenant, "student", nowhere).await;
        let refused = campus.accept(&campus.affairs, first).await.unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Stale));
    })
    .await;
}

/// An offer and a decision about a major at the same moment: what is offered can be accepted.
#[tokio::test]
async fn a_major_that_moves_at_the_moment_of_the_offer() {
    on_postgres(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        for round in 0..8 {
            let services = &campus.services;
            let preview = services
                .handover_preview(&campus.admissions, Some(YEAR))
                .await
                .unwrap();
            let note = "";
            let (hash, total) = (preview.hash.as_str(), preview.total);
            let offer = services.offer_handover(&campus.admissions, YEAR, total, hash, note);
            let (offered, _moved) = tokio::join!(
                offer,
                move_major(&campus, 2, 2 + usize::from(round % 2 == 0))
            );
            match offered {
                Ok(handover) => {
                    campus.accept(&campus.affairs, handover).await.unwrap();
                    give_back(&campus, &campus.secretaries[0], handover).await;
                    give_back(&campus, &campus.secretaries[1], handover).await;
                }
                Err(refused) => assert_eq!(reason_of(&refused), Some(Reason::Stale)),
            }
        }
    })
    .await;
}

/// The whole goes back, and the open part with it: one act in the life of a record, and no hand-over has happened yet.
#[tokio::test]
async fn a_whole_that_was_returned_is_told_once_and_offered_as_the_first() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let first = campus.offer().await;
        give_back(&campus, &campus.affairs, first).await;
        let told = async |what: &str| {
            let student = campus.people[0].student;
            let record = campus.services.student_record(&campus.admissions, student);
            let lines = record.await.unwrap().timeline;
            lines.into_iter().filter(|line| line.what.0 == what).count()
        };
        assert_eq!(told("退回录取信息").await, 1);
        let kind = async || {
            let preview = campus.services.handover_preview(&campus.admissions, None);
            let preview = preview.await.unwrap();
            (preview.kind, preview.number)
        };
        assert_eq!(kind().await, (HandoverKind::Main, 2));
        campus.offer().await;
        assert_eq!(told("重新移交").await, 1);
        assert_eq!(kind().await.0, HandoverKind::Supplementary);
    })
    .await;
}

#[tokio::test]
async fn reasons_must_say_something() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let handover = campus.offer().await;
        let receipt = open(&campus, &campus.affairs, handover).await;
        for reasons in ["", "不行", &"长".repeat(501)] {
            let refused = campus
                .services
                .return_receipt(&campus.affairs, receipt.id, reasons)
                .await;
            assert!(matches!(
                refused,
                Err(ServiceError::Invalid {
                    field: "reasons",
                    ..
                })
            ));
        }
    })
    .await;
}
