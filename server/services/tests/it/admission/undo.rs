//! Undo: everything goes back, unless something stands on it or the time is over.

use crate::admission::ground::{Ground, good_rows, package, services, upload_of};
use crate::admission::overtaken::{row, sheet};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::decision::Reason;
use domain::institution::{Target, policy};
use domain::view::admission::{BuiltOn, ImportView, RowState, UploadOutcome};
use formats::sample::{Defect, ZipNames};
use services::ServiceError;
use services::worker::{Ran, Worker};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use store::testkit::{Hooks, OnStatement, on_both};
use store::{Detail, Store, StudentFilter, StudentPage, StudentSort, Subject, UnitOfWork, rows};
use uuid::Uuid;

#[tokio::test]
async fn an_import_is_taken_back_whole_and_may_come_again() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(21, 30, &[(Defect::BadChecksum, 2)]);
        let import = ground.confirmed(&sample).await;
        let good = good_rows(&sample);
        assert_eq!(ground.candidates().await, good);
        ground.undo(import).await.unwrap();
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
        let undone = ground.undo(import).await;
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
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(
            view.steps.built_on, built,
            "the page says it before anybody tries"
        );
        assert_eq!(view.steps.undo_until, None);
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
        let stale = ground.undo(import).await;
        assert!(matches!(stale, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::StepUpNeeded));
        ground.bed.advance(TimeDelta::days(31));
        let fresh = ground.bed.officer(ground.tenant, domain::institution::Office::Admissions).await;
        let late = ground.services.undo_import(&fresh, import, ground.view(import).await.version).await;
        assert!(matches!(late, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::TooLate));
        assert_eq!(ground.candidates().await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_upload_of_which_nothing_is_in_is_put_aside() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(24, 5, &[(Defect::BadChecksum, 1)]);
        let import = ground.checked(&sample).await;
        let view = ground.view(import).await;
        assert!(view.steps.discard);
        let discard = |version| {
            ground
                .services
                .discard_import(&ground.officer, import, version)
        };
        let stale = discard(view.version - 1).await;
        assert!(matches!(stale, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::Stale));
        discard(view.version).await.unwrap();
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Undone);
        assert!(!view.steps.discard && view.steps.confirm == 0 && !view.steps.repair);
        assert_eq!(view.line.standing().0.zh, "已放弃");
        assert_eq!((view.line.tally().all, view.line.tally().wrong), (5, 0));
        // The same file may come again; what is in is undone, not put aside.
        let again = ground.confirmed(&sample).await;
        let view = ground.view(again).await;
        assert!(!view.steps.discard && view.steps.undo_until.is_some());
        let late = ground
            .services
            .discard_import(&ground.officer, again, view.version)
            .await;
        assert!(matches!(late, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::IllegalMove));
        assert_eq!(ground.candidates().await, 4);
    })
    .await;
}

#[tokio::test]
async fn what_was_compared_with_an_undone_import_is_checked_anew() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(25, 6, &[]);
        let import = ground.confirmed(&sample).await;
        let other = ground.upload(sample.zip(ZipNames::Utf8)).await.import();
        let apart = ground.checked(&package(26, 3, &[])).await;
        let before = ground.view(apart).await;
        ground.work().await;
        let view = ground.view(other).await;
        assert_eq!(view.line.counts.in_state(RowState::Unchanged), 6);
        assert_eq!(view.steps.confirm, 0);
        ground.undo(import).await.unwrap();
        assert_eq!(ground.view(other).await.line.state, ImportState::Checking);
        ground.work().await;
        let view = ground.view(other).await;
        assert_eq!(view.line.state, ImportState::Checked);
        assert_eq!(view.line.counts.in_state(RowState::Good), 6);
        assert_eq!(view.steps.confirm, 6);
        let said = |view: &ImportView| view.notices.iter().any(|n| n.0.contains("已撤销"));
        assert!(said(&view), "{:?}", view.notices);
        assert_eq!(
            ground.view(apart).await,
            before,
            "it has to do with nobody of them"
        );
        ground.confirm(other).await;
        assert_eq!(ground.candidates().await, 6);
    })
    .await;
}

/// Undoes an import while the next check that is due is between its comparison and its end.
async fn undone_within_a_check(ground: &Ground, import: Uuid) {
    let version = ground.view(import).await.version;
    let open = |hooks| {
        let (settings, source) = (ground.bed.settings(), ground.bed.source().clone());
        let folder = ground.bed.folder().to_owned();
        async move { Store::hooked(&settings, &folder, source, hooks).await }
    };
    let (undoing, officer) = (open(Hooks::default()), ground.officer.clone());
    let undo = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let services = services(undoing.await);
            services
                .undo_import(&officer, import, version)
                .await
                .unwrap();
        });
    };
    // The first commit begins the check, the second one writes what was compared.
    let (commits, undo) = (AtomicU32::new(0), Mutex::new(Some(undo)));
    let statement: OnStatement = Arc::new(move |step: &str| {
        if step == "COMMITTED" && commits.fetch_add(1, Ordering::SeqCst) == 1 {
            let undo = undo.lock().unwrap().take().unwrap();
            std::thread::spawn(undo).join().unwrap();
        }
    });
    let hooked = open(Hooks {
        statement: Some(statement),
        ..Hooks::default()
    });
    let worker = Worker::new(services(hooked.await), "checking");
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Retried));
    assert_eq!(ground.candidates().await, 0);
    ground.bed.advance(TimeDelta::seconds(5));
    ground.work().await;
}

#[tokio::test]
async fn what_is_being_checked_during_an_undo_ends_with_what_is_in() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(27, 6, &[]);
        let import = ground.confirmed(&sample).await;
        let other = ground.upload(sample.zip(ZipNames::Utf8)).await.import();
        undone_within_a_check(&ground, import).await;
        let view = ground.view(other).await;
        assert_eq!(view.line.state, ImportState::Checked);
        assert_eq!(view.line.counts.in_state(RowState::Good), 6);
    })
    .await;
}

#[tokio::test]
async fn a_document_that_goes_during_a_check_stands_against_nobody() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let first = upload_of("甲.csv", sheet(&[row(0, "26310115150001", true)]));
        let first = ground.sent(first).await;
        ground.confirm(first).await;
        let other = upload_of("乙.csv", sheet(&[row(0, "26310115150009", true)]));
        let sent = ground.services.upload_admission(&ground.officer, other);
        let other = sent.await.unwrap().import();
        undone_within_a_check(&ground, first).await;
        let view = ground.view(other).await;
        assert_eq!(view.totals, []);
        assert_eq!(view.line.counts.in_state(RowState::Good), 1);
    })
    .await;
}

#[tokio::test]
async fn rows_that_went_in_later_go_back_with_the_first_ones() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let [wang, zhao] = ["26310115150001", "26310115150002"];
        let rows = [row(0, wang, true), row(1, zhao, false)];
        let import = ground.sent(upload_of("甲.csv", sheet(&rows))).await;
        ground.confirm(import).await;
        let until = async || {
            let last = ground.view(import).await.steps.undo_until;
            last.map(|day| day.to_string())
        };
        assert_eq!(until().await.as_deref(), Some("2026-09-19"));
        ground.bed.advance(TimeDelta::days(40));
        assert_eq!(until().await, None);
        let mended = sheet(&[row(1, zhao, true)]);
        let (services, officer) = (&ground.services, &ground.officer);
        services
            .repair(officer, import, "改正.csv", mended)
            .await
            .unwrap();
        ground.work().await;
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, 2);
        assert_eq!(until().await.as_deref(), Some("2026-10-29"));
        ground.bed.advance(TimeDelta::days(29));
        let fresh = ground
            .bed
            .officer(ground.tenant, domain::institution::Office::Admissions)
            .await;
        let version = ground.view(import).await.version;
        services.undo_import(&fresh, import, version).await.unwrap();
        assert_eq!(ground.candidates().await, 0);
        assert_eq!(ground.rows(import).await[&RowState::Waiting], 2);
    })
    .await;
}

#[tokio::test]
async fn classes_and_numbers_stand_against_it() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let rows = [row(0, "26310115150001", true)];
        let import = ground.sent(upload_of("甲.csv", sheet(&rows))).await;
        ground.confirm(import).await;
        let numbered = "student_no = '2605010101'";
        ground.bed.tamper(ground.tenant, "student", numbered).await;
        let undone = ground.undo(import).await;
        let built = [BuiltOn::Assignments { count: 1 }];
        assert!(
            matches!(&undone, Err(ServiceError::BuiltOn(text)) if BuiltOn::list(text) == built),
            "{undone:?}"
        );
        assert_eq!(ground.view(import).await.steps.built_on, built);
    })
    .await;
}

async fn college(unit: &mut UnitOfWork) -> Uuid {
    let college = rows::Unit {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        kind: "college".to_owned(),
        parent_id: None,
        code: "05".to_owned(),
        name: "海洋学院".to_owned(),
        catalogue_year: None,
        national_code: None,
        duration: None,
        grade: None,
        phone: None,
        valid_from: unit.today(),
        valid_to: None,
        import_id: None,
    };
    let id = college.id;
    unit.insert_units(vec![college], Vec::new()).await.unwrap();
    id
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
    let college = college(&mut unit).await;
    let member = rows::HandoverMember {
        tenant_id: ground.tenant.0,
        id: unit.id(),
        handover_id: id,
        student_id: students[0].id,
        ksh: students[0].ksh.clone(),
        digest: vec![0; 32],
        college_id: Some(college),
        college_code: "05".to_owned(),
        major_code: String::new(),
    };
    let receipts = [None, Some(college)].map(|college_id| rows::HandoverReceipt {
        tenant_id: ground.tenant.0,
        id: unit.id(),
        handover_id: id,
        office: "college".to_owned(),
        college_id,
        state: "offered".to_owned(),
        version: 1,
        total: 1,
        hash_total: vec![0; 32],
        person_id: None,
        reason: None,
        at: None,
    });
    unit.insert_handover(handover, vec![member], receipts.to_vec())
        .await
        .unwrap();
    unit.note(&granted, Subject::new("handover", id), Detail::none());
    unit.commit().await.unwrap();
}
