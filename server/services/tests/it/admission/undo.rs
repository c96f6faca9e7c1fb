//! Undo: everything goes back, unless something stands on it or the time is over.

use crate::admission::ground::{Ground, good_rows, package};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::decision::Reason;
use domain::institution::{Target, policy};
use domain::view::admission::{BuiltOn, RowState, UploadOutcome};
use formats::sample::{Defect, ZipNames};
use services::ServiceError;
use store::testkit::on_both;
use store::{Detail, StudentFilter, StudentPage, StudentSort, Subject, rows};

#[tokio::test]
async fn an_import_is_taken_back_whole_and_may_come_again() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(21, 30, &[(Defect::BadChecksum, 2)]);
        let import = ground.confirmed(&sample).await;
        let good = good_rows(&sample);
        assert_eq!(ground.candidates().await, good);
        ground
            .services
            .undo_import(&ground.officer, import)
            .await
            .unwrap();
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Undone);
        assert_eq!(view.line.counts.in_state(RowState::Waiting), good);
        assert_eq!(view.steps.undo_until, None);
        assert_eq!(ground.candidates().await, 0);
        let again = ground.upload(sample.zip(ZipNames::Gbk)).await;
        assert!(matches!(again, UploadOutcome::Started { .. }));
        ground.work().await;
        ground.confirm(again.import()).await;
        assert_eq!(ground.candidates().await, good);
    })
    .await;
}

#[tokio::test]
async fn a_hand_over_stands_against_it_and_is_named() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground.confirmed(&package(22, 6, &[])).await;
        hand_over(&ground).await;
        let undone = ground.services.undo_import(&ground.officer, import).await;
        let Err(ServiceError::BuiltOn(text)) = undone else {
            panic!("{undone:?}");
        };
        let built = BuiltOn::list(&text);
        assert!(
            matches!(built[..], [BuiltOn::Handover { number: 7, .. }]),
            "{built:?}"
        );
        assert!(
            built[0]
                .text(domain::text::Lang::Zh)
                .contains("第 7 号（2026-08-20）")
        );
        assert_eq!(ground.candidates().await, 6);
        assert_eq!(ground.view(import).await.line.state, ImportState::Confirmed);
    })
    .await;
}

#[tokio::test]
async fn it_is_too_late_after_the_days_of_the_school_and_not_without_the_password() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground.confirmed(&package(23, 3, &[])).await;
        let until = ground.view(import).await.steps.undo_until.unwrap();
        assert_eq!(until.to_string(), "2026-09-19");
        ground.bed.advance(TimeDelta::minutes(10));
        let stale = ground.services.undo_import(&ground.officer, import).await;
        assert!(matches!(stale, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::StepUpNeeded));
        ground.bed.advance(TimeDelta::days(31));
        let fresh = ground.bed.officer(ground.tenant, domain::institution::Office::Admissions).await;
        let late = ground.services.undo_import(&fresh, import).await;
        assert!(matches!(late, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::TooLate));
        assert_eq!(ground.candidates().await, 3);
    })
    .await;
}

/// The first student of the school in hand-over no. 7.
async fn hand_over(ground: &Ground) {
    let store = ground.bed.store();
    let mut unit = store.begin(&ground.officer).await.unwrap();
    let page = StudentPage {
        sort: StudentSort::Number,
        descending: false,
        offset: 0,
        limit: 1,
    };
    let filter = StudentFilter::default();
    let students = unit
        .students(&ground.officer.visible(), &filter, page)
        .await
        .unwrap();
    let granted = ground
        .officer
        .authorize::<policy::OfferHandover>(&Target::school(ground.tenant), unit.now())
        .unwrap();
    let (id, now) = (unit.id(), unit.now());
    let handover = rows::Handover {
        tenant_id: ground.tenant.0,
        id,
        year: 2026,
        number: 7,
        kind: "cohort".to_owned(),
        counts: "{}".to_owned(),
        total: 1,
        hash_total: vec![0; 32],
        note: String::new(),
        offered_by: ground.officer.person(),
        offered_at: now,
    };
    let member = rows::HandoverMember {
        tenant_id: ground.tenant.0,
        id: unit.id(),
        handover_id: id,
        student_id: students[0].id,
        college_id: None,
    };
    unit.insert_handover(handover, vec![member], Vec::new())
        .await
        .unwrap();
    unit.note(&granted, Subject::new("handover", id), Detail::none());
    unit.commit().await.unwrap();
}
