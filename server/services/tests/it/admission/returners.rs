//! 保留入学资格 and back: one person, the earlier record returns through its machine, the later one is the one to sign in to.

use super::ground::{Ground, upload_of};
use super::paths::{HEAD, with_digits};
use super::photos::{jpeg, send_for, totals};
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::admission::qualification::{Qualification, QualificationEvent};
use domain::audit::AuditEvent;
use domain::decision::Machine as _;
use domain::institution::{Actor, Office, PersonalScope, PostKind, Target, policy};
use domain::view::admission::{BuiltOn, FindingLine, RowState};
use services::ServiceError;
use store::testkit::on_both;
use store::{Detail, Subject, UnitOfWork, rows};
use uuid::Uuid;

const KSH: &str = "24310115150001";
const ROW: &str = "24310115150001,王五,男,居民身份证,{31010120060301003},20060301,汉族,会计学\n";
const OTHER: &str = "24310115150001,王五,男,居民身份证,{31010120060301011},20060301,汉族,会计学\n";

async fn check(ground: &Ground, path: AdmissionPath, year: i32, row: &str) -> Uuid {
    let text = format!("{HEAD}{}", with_digits(row));
    let mut upload = upload_of("名单.csv", text.into_bytes());
    (upload.path, upload.year) = (path, year);
    ground.sent(upload).await
}

/// An import of 2024 that is in, and the record that it brought.
async fn first(ground: &Ground) -> (Uuid, rows::Student) {
    let import = check(ground, AdmissionPath::Ordinary, 2024, ROW).await;
    ground.confirm(import).await;
    (import, record(ground, 2024).await)
}

/// What was found in an import.
async fn kinds(ground: &Ground, import: Uuid) -> Vec<FindingKind> {
    let totals = ground.view(import).await.totals;
    totals.into_iter().map(|total| total.kind).collect()
}

async fn record(ground: &Ground, year: i32) -> rows::Student {
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let all = store::StudentFilter {
        year: Some(year),
        ..store::StudentFilter::default()
    };
    let page = store::StudentPage {
        sort: store::StudentSort::Number,
        descending: false,
        offset: 0,
        limit: 10,
    };
    let found = unit.students(&ground.officer.visible(), &all, page).await;
    let [student] = found.unwrap().try_into().unwrap();
    student
}

async fn qualify(ground: &Ground, student: &rows::Student, event: QualificationEvent) {
    crate::records::campus::qualify(ground.bed.store(), &ground.officer, student, event).await;
}

/// Gives a record the person, the account and the post that an activation slip makes.
async fn with_account(ground: &Ground, student: &rows::Student) -> Uuid {
    let mut unit = ground.bed.store().begin(&ground.officer).await.unwrap();
    let (tenant_id, person, now) = (ground.tenant.0, unit.id(), unit.now());
    let people = vec![rows::Person {
        tenant_id,
        id: person,
        name: student.name.clone(),
        contact: None,
        created_at: now,
    }];
    let accounts = vec![rows::Account {
        tenant_id,
        id: unit.id(),
        person_id: person,
        kind: "student".to_owned(),
        login: student.ksh.clone(),
        password_hash: None,
        totp: None,
        totp_confirmed: false,
        totp_step: 0,
        state: "active".to_owned(),
        fails: 0,
        locked_until: None,
        import_id: None,
        created_at: now,
        version: 1,
    }];
    let posts = vec![rows::Post {
        tenant_id,
        id: unit.id(),
        person_id: person,
        office: Office::Student.key().to_owned(),
        kind: PostKind::Student.key().to_owned(),
        scope: serde_json::to_string(&PersonalScope::Own(student.id)).unwrap(),
        valid_from: unit.today(),
        valid_to: None,
        import_id: None,
    }];
    unit.insert_people(people, accounts, posts).await.unwrap();
    unit.set_student_person(student.id, person).await.unwrap();
    note(ground, &mut unit, student);
    unit.commit().await.unwrap();
    person
}

/// Answers for what a unit did to a record.
fn note(ground: &Ground, unit: &mut UnitOfWork, student: &rows::Student) {
    let school = Target::school(ground.tenant);
    let granted = ground
        .officer
        .authorize::<policy::AnnotateAdmission>(&school, unit.now())
        .unwrap();
    let subject = Subject::new("student", student.id);
    unit.note(&granted, subject, Detail::none());
}

async fn signed_in(ground: &Ground) -> Actor {
    let by_number = ground.services.actor_by_login(ground.tenant, KSH).await;
    by_number.unwrap()
}

/// A record of 2024 with an account, whose admission is deferred.
async fn deferred(ground: &Ground) -> rows::Student {
    let (_, student) = first(ground).await;
    with_account(ground, &student).await;
    qualify(ground, &student, QualificationEvent::Defer).await;
    ground.bed.advance(chrono::TimeDelta::days(2));
    record(ground, 2024).await
}

async fn accepted(ground: &Ground, kind: FindingKind) -> Uuid {
    let import = check(ground, AdmissionPath::Returner, 2026, ROW).await;
    assert_eq!(kinds(ground, import).await, [kind]);
    assert_eq!(ground.rows(import).await[&RowState::Warned], 1);
    let filter = store::FindingFilter {
        limit: 5,
        ..store::FindingFilter::default()
    };
    let found = ground.services.findings(&ground.officer, import, filter);
    let message = found.await.unwrap().lines.remove(0).message;
    assert!(message.0.contains("2024 24310115150001"), "{message:?}");
    assert!(message.1.contains("2024 24310115150001"), "{message:?}");
    ground.accept(import, kind, "已核对入学申请").await.unwrap();
    ground.confirm(import).await;
    import
}

/// With the password given just now.
async fn undo(ground: &Ground, import: Uuid) -> Result<(), ServiceError> {
    let mut seat = ground.officer.seat().clone();
    seat.stepped_up = Some(ground.bed.store().now());
    let version = ground.view(import).await.version;
    let officer = store::testkit::seated(seat);
    ground.services.undo_import(&officer, import, version).await
}

/// How many entries of the chain stand under the name of an operation.
async fn entries(ground: &Ground, op: &str) -> usize {
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let chain = unit.audit_after(0, 1_000).await.unwrap();
    let own = chain.iter().filter(|entry| {
        let event = AuditEvent::from_canonical(entry.body.as_bytes()).unwrap();
        event.act().op.as_str() == op
    });
    own.count()
}

/// What the page of a record says that was done to it, newest first.
async fn timeline(ground: &Ground, student: Uuid) -> Vec<String> {
    let page = ground.services.student_record(&ground.officer, student);
    let lines = page.await.unwrap().timeline;
    lines.into_iter().map(|line| line.what.0).collect()
}

/// A confirmation: the act itself, one portion, and its end.
const CONFIRMATION: usize = 3;

#[tokio::test]
async fn somebody_who_comes_back_is_one_person_and_an_undo_restores_it() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let before = deferred(&ground).await;
        assert_eq!(
            signed_in(&ground).await.seat().scope,
            PersonalScope::Own(before.id)
        );
        let confirmed = entries(&ground, "admission/confirm").await;
        let import = accepted(&ground, FindingKind::EarlierRecord).await;
        assert_eq!(
            entries(&ground, "admission/confirm").await,
            confirmed + CONFIRMATION
        );
        let (earlier, later) = (record(&ground, 2024).await, record(&ground, 2026).await);
        assert_eq!(later.person_id, before.person_id);
        assert_eq!(earlier.continued_by, Some(later.id));
        assert_eq!(earlier.qualification, Qualification::InitialCheck.key());
        assert_eq!(later.qualification, Qualification::AwaitingArrival.key());
        let own = signed_in(&ground).await;
        assert_eq!(own.seat().scope, PersonalScope::Own(later.id));
        assert_eq!(ground.services.my_record(&own).await.unwrap().year, 2026);
        // Both pages lead to the other record, and the earlier one says what happened.
        let page = ground.services.student_record(&ground.officer, earlier.id);
        let page = page.await.unwrap();
        let other = &page.other_years[0];
        assert_eq!(
            (other.student, other.year, other.later),
            (later.id, 2026, true)
        );
        assert!(
            page.timeline[0].what.0.contains("报到初审"),
            "{:?}",
            page.timeline
        );
        let page = ground.services.student_record(&ground.officer, later.id);
        let other = page.await.unwrap().other_years.remove(0);
        assert_eq!((other.student, other.later), (earlier.id, false));
        ground.assert_sound().await;
        undo(&ground, import).await.unwrap();
        assert_eq!(entries(&ground, "admission/undo").await, 1);
        let restored = record(&ground, 2024).await;
        assert_eq!(restored.qualification, Qualification::Deferred.key());
        assert_eq!(restored.qualification_on, before.qualification_on);
        assert_eq!((restored.continued_by, restored.deferred_on), (None, None));
        assert_eq!(
            signed_in(&ground).await.seat().scope,
            PersonalScope::Own(before.id)
        );
        assert_eq!(ground.candidates().await, 1);
        // And it can come again.
        accepted(&ground, FindingKind::EarlierRecord).await;
        assert_eq!(ground.candidates().await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_earlier_record_that_has_moved_on_stands_against_the_undo() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        deferred(&ground).await;
        let import = accepted(&ground, FindingKind::EarlierRecord).await;
        let earlier = record(&ground, 2024).await;
        qualify(&ground, &earlier, QualificationEvent::Cancel).await;
        match undo(&ground, import).await {
            Err(ServiceError::BuiltOn(text)) => {
                assert_eq!(BuiltOn::list(&text), [BuiltOn::Returned { count: 1 }]);
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn a_record_that_was_never_deferred_stays_as_it_is() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let (first, before) = first(&ground).await;
        let built = async || match undo(&ground, first).await {
            Err(ServiceError::BuiltOn(text)) => BuiltOn::list(&text),
            other => panic!("{other:?}"),
        };
        let confirmed = entries(&ground, "admission/confirm").await;
        let import = accepted(&ground, FindingKind::EarlierNotDeferred).await;
        assert_eq!(
            entries(&ground, "admission/confirm").await,
            confirmed + CONFIRMATION
        );
        let earlier = record(&ground, 2024).await;
        assert_eq!(earlier.qualification, before.qualification);
        assert_eq!(earlier.continued_by, Some(record(&ground, 2026).await.id));
        assert_eq!(
            timeline(&ground, earlier.id).await[0],
            "转入新年级记录",
            "the act that brought the later one in tells it of the earlier one"
        );
        assert_eq!(built().await, [BuiltOn::Continued { count: 1 }]);
        undo(&ground, import).await.unwrap();
        assert_eq!(entries(&ground, "admission/undo").await, 1);
        let restored = record(&ground, 2024).await;
        assert_eq!(restored.continued_by, None);
        assert_eq!(restored.qualification_on, before.qualification_on);
        assert_eq!(
            timeline(&ground, earlier.id).await[..2],
            ["新年级记录已撤销", "转入新年级记录"]
        );
    })
    .await;
}

#[tokio::test]
async fn the_number_alone_makes_nobody_the_same_person() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let before = deferred(&ground).await;
        let import = check(&ground, AdmissionPath::Returner, 2026, OTHER).await;
        assert_eq!(ground.view(import).await.totals, []);
        ground.confirm(import).await;
        assert_eq!(record(&ground, 2026).await.person_id, None);
        assert_eq!(
            record(&ground, 2024).await.qualification,
            before.qualification
        );
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_may_have_the_same_picture_and_nobody_else_may() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        deferred(&ground).await;
        let photo = |ksh: &str| [(format!("{ksh}.jpg"), jpeg(1))];
        let first = send_for(&ground, 2024, &photo(KSH)).await;
        assert_eq!(first.line.counts.source["kept"], 1);
        accepted(&ground, FindingKind::EarlierRecord).await;
        let later = send_for(&ground, 2026, &photo(KSH)).await;
        assert_eq!(later.line.counts.source.get("kept"), Some(&1), "{later:?}");
        assert_eq!(totals(&later).len(), 0);
        let student = record(&ground, 2026).await;
        ground
            .services
            .photo(&ground.officer, student.id)
            .await
            .unwrap();
        let other = "26310115150002";
        let row =
            format!("{other},赵六,男,居民身份证,{{31010120060301015}},20060301,汉族,会计学\n");
        let import = check(&ground, AdmissionPath::Ordinary, 2026, &row).await;
        ground.confirm(import).await;
        let foreign = send_for(&ground, 2026, &photo(other)).await;
        assert_eq!(totals(&foreign)[&FindingKind::PhotoShared], 1);
    })
    .await;
}

/// The findings of an import about people who come back by a path that is not theirs.
async fn elsewhere(ground: &Ground, import: Uuid) -> Vec<FindingLine> {
    let filter = store::FindingFilter {
        kind: Some(FindingKind::ReturnsElsewhere.key().to_owned()),
        limit: 5,
        ..store::FindingFilter::default()
    };
    let found = ground.services.findings(&ground.officer, import, filter);
    found.await.unwrap().lines
}

#[tokio::test]
async fn who_comes_back_by_another_path_is_sent_to_the_right_one() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let (first, _) = first(&ground).await;
        let [ordinary, other] = [AdmissionPath::Ordinary, AdmissionPath::TopUp]
            .map(|path| check(&ground, path, 2026, ROW));
        let (ordinary, other) = (ordinary.await, other.await);
        for import in [ordinary, other] {
            let [line] = elsewhere(&ground, import).await.try_into().unwrap();
            assert!(line.message.0.contains("2024"), "{:?}", line.message);
            let view = ground.view(import).await;
            assert_eq!(view.line.counts.in_state(RowState::Bad), 1);
            assert_eq!(view.steps.confirm, 0);
        }
        let right = accepted(&ground, FindingKind::EarlierNotDeferred).await;
        assert_eq!(
            record(&ground, 2024).await.continued_by,
            Some(record(&ground, 2026).await.id)
        );
        undo(&ground, right).await.unwrap();
        // Once the earlier record is gone, nobody comes back.
        undo(&ground, first).await.unwrap();
        ground.work().await;
        assert!(elsewhere(&ground, other).await.is_empty());
        assert_eq!(ground.view(other).await.steps.confirm, 1);
    })
    .await;
}

#[tokio::test]
async fn an_earlier_record_that_came_in_since_the_check_is_seen() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let later = check(&ground, AdmissionPath::TopUp, 2026, ROW).await;
        assert_eq!(ground.view(later).await.steps.confirm, 1);
        let (first, _) = first(&ground).await;
        ground.confirm(later).await;
        assert_eq!(ground.candidates().await, 1, "nobody is in twice");
        let [line] = elsewhere(&ground, later).await.try_into().unwrap();
        assert!(line.message.0.contains("2024"), "{:?}", line.message);
        let view = ground.view(later).await;
        assert_eq!(view.line.counts.in_state(RowState::Bad), 1);
        assert_eq!(view.steps.confirm, 0);
        ground.assert_sound().await;
        // Once the earlier record is gone, nobody comes back.
        undo(&ground, first).await.unwrap();
        ground.work().await;
        assert_eq!(ground.view(later).await.steps.confirm, 1);
    })
    .await;
}

/// Who has studied here before under another number is a warning of the check, and of the confirmation too.
#[tokio::test]
async fn a_document_of_an_earlier_year_that_came_in_since_the_check_waits_for_a_reason() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let again = ROW.replacen(KSH, "26310115150099", 1);
        let later = check(&ground, AdmissionPath::TopUp, 2026, &again).await;
        assert_eq!(ground.view(later).await.totals, []);
        first(&ground).await;
        ground.confirm(later).await;
        assert_eq!(ground.candidates().await, 1, "it waits");
        assert_eq!(kinds(&ground, later).await, [FindingKind::EarlierDocument]);
        assert_eq!(ground.rows(later).await[&RowState::Warned], 1);
        ground
            .accept(later, FindingKind::EarlierDocument, "已毕业后再次录取")
            .await
            .unwrap();
        ground.confirm(later).await;
        assert_eq!(ground.candidates().await, 2, "what was accepted goes in");
        ground.assert_sound().await;
    })
    .await;
}

/// By the right path too somebody has to accept that the new record continues the earlier one.
#[tokio::test]
async fn who_comes_back_to_a_record_that_came_in_since_the_check_waits() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let later = check(&ground, AdmissionPath::Returner, 2026, ROW).await;
        assert_eq!(ground.view(later).await.totals, []);
        first(&ground).await;
        ground.confirm(later).await;
        assert_eq!(ground.candidates().await, 1);
        let found = kinds(&ground, later).await;
        assert_eq!(found, [FindingKind::EarlierNotDeferred]);
        assert_eq!(ground.rows(later).await[&RowState::Warned], 1);
        ground
            .accept(later, FindingKind::EarlierNotDeferred, "已核对入学申请")
            .await
            .unwrap();
        ground.confirm(later).await;
        assert_eq!(
            record(&ground, 2024).await.continued_by,
            Some(record(&ground, 2026).await.id)
        );
    })
    .await;
}

#[tokio::test]
async fn accounts_of_its_students_stand_against_the_undo() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let (import, student) = first(&ground).await;
        with_account(&ground, &student).await;
        let built = [BuiltOn::Accounts { count: 1 }];
        assert_eq!(ground.view(import).await.steps.built_on, built);
        let undone = undo(&ground, import).await;
        assert!(
            matches!(&undone, Err(ServiceError::BuiltOn(text)) if BuiltOn::list(text) == built),
            "{undone:?}"
        );
        assert_eq!(ground.candidates().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_number_that_the_school_had_made_comes_back_too() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let row = "ZSB2024010001,王五,男,居民身份证,{31010120060301003},20060301,汉族,会计学\n";
        let first = check(&ground, AdmissionPath::TopUp, 2024, row).await;
        ground.confirm(first).await;
        let before = record(&ground, 2024).await;
        qualify(&ground, &before, QualificationEvent::Defer).await;
        let import = check(&ground, AdmissionPath::Returner, 2026, row).await;
        assert_eq!(kinds(&ground, import).await, [FindingKind::EarlierRecord]);
        ground
            .accept(import, FindingKind::EarlierRecord, "已核对入学申请")
            .await
            .unwrap();
        ground.confirm(import).await;
        assert_eq!(
            record(&ground, 2024).await.continued_by,
            Some(record(&ground, 2026).await.id)
        );
    })
    .await;
}

/// The later record goes in, and names the earlier one, while the undo of the earlier year is already on its way.
#[tokio::test]
async fn who_comes_back_during_an_undo_of_the_first_year_stands_against_it() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let (import, earlier) = first(&ground).await;
        let row = "26310115150009,赵六,男,居民身份证,{31010120080301005},20080301,汉族,会计学\n";
        let second = check(&ground, AdmissionPath::Ordinary, 2026, row).await;
        ground.confirm(second).await;
        let later = record(&ground, 2026).await.id;
        let mut unit = ground.bed.store().begin(&ground.officer).await.unwrap();
        unit.continue_record(&earlier, later, None).await.unwrap();
        note(&ground, &mut unit, &earlier);
        let coming_back = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            unit.commit().await
        };
        let (undone, came_back) = tokio::join!(undo(&ground, import), coming_back);
        came_back.unwrap();
        let Err(ServiceError::BuiltOn(built)) = undone else {
            panic!("{undone:?}");
        };
        let built: Vec<BuiltOn> = serde_json::from_str(&built).unwrap();
        assert_eq!(built, [BuiltOn::Continued { count: 1 }]);
        assert_eq!(record(&ground, 2024).await.continued_by, Some(later));
    })
    .await;
}
