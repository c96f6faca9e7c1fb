//! Class and number end where the student status begins: what a list may say then, and what its undo takes back.

use super::workbook;
use crate::records::campus::{Campus, REASON, YEAR, reason_of};
use domain::admission::assign::{Gap, SheetFindingKind as K};
use domain::admission::finding::Severity;
use domain::admission::qualification::{Qualification, QualificationEvent};
use domain::clause::Clause;
use domain::decision::{Machine as _, Read, Reason, decide, decide_on};
use domain::institution::{Actor, Moves, PersonalScope, Target, policy};
use domain::status::{StatusEvent, StudentStatus};
use domain::text::Label as _;
use domain::view::words;
use services::assign::{Correction, RuleChoice};
use services::parser::InProcess;
use services::{ServiceError, Services};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::testkit::{Hooks, on_both, on_postgres};
use store::{Detail, Store, StoreError, rows};
use uuid::Uuid;

async fn stored(store: &Store, actor: &Actor, student: Uuid) -> rows::Student {
    let unit = store.read(actor).await.unwrap();
    unit.student(student).await.unwrap()
}

/// Moves the student status of a record.
async fn go<A: Moves<StudentStatus>>(
    store: &Store,
    actor: &Actor,
    student: Uuid,
    event: StatusEvent,
) {
    let student = stored(store, actor, student).await;
    let mut unit = store.begin(actor).await.unwrap();
    let school = Target::school(actor.tenant());
    let granted = actor.authorize::<A>(&school, unit.now()).unwrap();
    let read = Read {
        id: student.id,
        state: StudentStatus::from_key(&student.status).unwrap(),
        version: student.version,
    };
    let ground = Qualification::from_key(&student.qualification).unwrap();
    let decision = decide_on(&granted, read, ground, event, Clause::DAILY).unwrap();
    unit.apply(&granted, decision, Detail::none())
        .await
        .unwrap();
    unit.commit().await.unwrap();
}

async fn begin(store: &Store, affairs: &Actor, student: Uuid) {
    go::<policy::BeginStatus>(store, affairs, student, StatusEvent::Begin).await;
}

/// The college finds somebody qualified, so that a status may begin.
async fn qualify(campus: &Campus, place: usize) {
    campus.arrive(place, "沪海洋学〔2026〕12号").await;
    let student = campus.stored(campus.people[place].student).await;
    let college = PersonalScope::College(student.college_id.unwrap());
    let secretary = campus
        .secretaries
        .iter()
        .find(|own| own.seat().scope == college);
    let secretary = secretary.unwrap();
    let mut unit = campus.bed.store().begin(secretary).await.unwrap();
    let school = Target::school(campus.tenant);
    let granted = secretary
        .authorize::<policy::RecordArrival>(&school, unit.now())
        .unwrap();
    let read = Read {
        id: student.id,
        state: Qualification::from_key(&student.qualification).unwrap(),
        version: student.version,
    };
    let passed = decide(&granted, read, QualificationEvent::Pass, Clause::HANDOVER).unwrap();
    unit.apply(&granted, passed, Detail::none()).await.unwrap();
    unit.commit().await.unwrap();
}

/// Somebody whose status has begun, and has moved on since.
async fn enrolled(campus: &Campus, place: usize, then: Option<StatusEvent>) {
    qualify(campus, place).await;
    let (store, student) = (campus.bed.store(), campus.people[place].student);
    begin(store, &campus.affairs, student).await;
    if let Some(event) = then {
        go::<policy::ChangeStatus>(store, &campus.academic, student, event).await;
    }
}

/// The name of the class of somebody, and of the other class of the same major.
async fn classes(campus: &Campus, place: usize) -> [String; 2] {
    let person = &campus.people[place];
    let own = campus.stored(person.student).await.class_id;
    let [first, second] = [person.major * 2, person.major * 2 + 1];
    let names = [format!("班级{first}"), format!("班级{second}")];
    if own == Some(campus.classes[first]) {
        return names;
    }
    let [first, second] = names;
    [second, first]
}

fn without_version(students: Vec<rows::Student>) -> Vec<rows::Student> {
    let bare = |student: rows::Student| rows::Student {
        version: 0,
        ..student
    };
    students.into_iter().map(bare).collect()
}

async fn chain_is_whole(campus: &Campus) {
    let compared = campus.services.audit_compare(campus.tenant).await.unwrap();
    assert!(compared.compared > 0);
    assert_eq!(compared.differing, []);
}

fn stopped<T: std::fmt::Debug>(done: Result<T, ServiceError>) -> Vec<String> {
    match done {
        Err(ServiceError::StatusBegun(tails)) => tails,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_list_changes_nothing_of_a_status_that_has_begun_and_its_undo_takes_back_all_it_said() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 12).await;
        let services = &campus.services;
        enrolled(&campus, 0, Some(StatusEvent::Suspend)).await;
        enrolled(&campus, 4, Some(StatusEvent::Withdraw)).await;
        enrolled(&campus, 8, None).await;
        let ksh = |place: usize| campus.people[place].ksh.as_str();
        let [own, other] = classes(&campus, 0).await;
        let [withdrawn, _] = classes(&campus, 4).await;
        let [early, later] = classes(&campus, 1).await;
        let [same, _] = classes(&campus, 5).await;
        let [led, _] = classes(&campus, 8).await;
        let counsellor = campus.counsellor(&[]).await;
        let unit = campus.bed.store().read(&counsellor).await.unwrap();
        let accounts = unit.accounts_of_persons(&[counsellor.person()]).await;
        let login = accounts.unwrap()[0].login.clone();
        drop(unit);
        let bytes = workbook(
            &campus,
            &[
                [ksh(0), "", "", "", &other, ""],
                [ksh(4), "", "", "", &withdrawn, &login],
                [ksh(1), "", "", "", &later, ""],
                [ksh(5), "", "", "", &same, ""],
                [ksh(8), "", "", "", &led, &login],
                [ksh(0), "2609999", "", "", &own, ""],
            ],
        );
        let (_, view) = campus.listed("重复.xlsx", bytes).await;
        let of = |row: u32| view.findings.iter().filter(move |f| f.row == row);
        let kinds = |row: u32| of(row).map(|f| f.kind).collect::<Vec<_>>();
        assert_eq!(kinds(2), [K::RepeatedCandidate, K::ClassOfBegun]);
        assert_eq!(kinds(7), [K::RepeatedCandidate, K::NumberOfBegun]);
        assert_eq!(kinds(3), [K::StatusEnded]);
        assert_eq!(kinds(4), [K::ClassMoves]);
        assert_eq!((kinds(5), kinds(6)), (vec![], vec![]));
        let refused = of(2).next_back().unwrap();
        assert_eq!(refused.severity, Severity::Error);
        assert_eq!(refused.clause, Some(Clause::STATUS_CHANGE));
        assert!(refused.message.0.ends_with(&format!("：{own} → {other}")));
        let moved = of(4).next().unwrap();
        assert_eq!(moved.severity, Severity::Warning);
        assert!(moved.message.1.ends_with(&format!(": {early} → {later}")));
        assert_eq!(
            (view.rows, view.refused, view.unchanged, view.preview.total),
            (6, 3, 2, 1)
        );
        assert_eq!(view.counsellors.len(), 1);
        let before = campus.all().await;
        let confirmed = services.confirm_assignment(&campus.affairs, view.id, &view.preview.hash);
        let batch = confirmed.await.unwrap();
        // The one that was said has moved; of nobody else is there as much as a new version.
        for (was, is) in before.iter().zip(campus.all().await) {
            let said = is.id == campus.people[1].student;
            assert_eq!(*was != is, said);
            assert_eq!(was.class_id != is.class_id, said);
        }
        let look = services.assignment_undo_look(&campus.affairs, batch).await;
        let look = look.unwrap();
        assert_eq!(
            (look.total, look.counsellors, look.built_on.as_str()),
            (view.preview.total, 1, "")
        );
        let affairs = campus.fresh(&campus.affairs);
        services.undo_assignment(&affairs, batch).await.unwrap();
        let after = campus.all().await;
        assert_eq!(without_version(before), without_version(after));
        chain_is_whole(&campus).await;
    })
    .await;
}

#[tokio::test]
async fn a_first_class_of_somebody_on_the_roll_is_taken_back_as_it_was_given() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let services = &campus.services;
        enrolled(&campus, 0, None).await;
        enrolled(&campus, 4, Some(StatusEvent::Withdraw)).await;
        qualify(&campus, 1).await;
        let before = campus.all().await;
        let choice = RuleChoice::cohort(YEAR);
        let preview = services.assign_preview_by_rule(&campus.affairs, choice);
        let preview = preview.await.unwrap();
        let ended = words(Gap::StatusEnded.label());
        assert_eq!((preview.total, preview.gaps), (7, vec![(ended, 1)]));
        let view = services.assign_view(&campus.affairs, None).await.unwrap();
        assert_eq!(view.unassigned, 7, "who left the roll waits for nothing");
        let batch = campus.number().await;
        let built = async |batch: Uuid| {
            let look = services.assignment_undo_look(&campus.affairs, batch);
            look.await.unwrap().built_on
        };
        assert_eq!(built(batch).await, "");
        let affairs = campus.fresh(&campus.affairs);
        services.undo_assignment(&affairs, batch).await.unwrap();
        let after = campus.all().await;
        assert_eq!(without_version(before), without_version(after));
        // A status that begins afterwards was built on it.
        let batch = campus.number().await;
        chain_is_whole(&campus).await;
        begin(
            campus.bed.store(),
            &campus.affairs,
            campus.people[1].student,
        )
        .await;
        assert_eq!(built(batch).await, "status 1");
        let undone = services.undo_assignment(&affairs, batch).await;
        assert!(matches!(undone, Err(ServiceError::BuiltOn(what)) if what == "status 1"));
    })
    .await;
}

#[tokio::test]
async fn a_status_that_begins_after_the_preview_stops_the_list_and_is_named() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let services = &campus.services;
        qualify(&campus, 0).await;
        let [[_, first], [_, second]] = [classes(&campus, 0).await, classes(&campus, 1).await];
        let ksh = |place: usize| campus.people[place].ksh.as_str();
        let lines = [
            [ksh(0), "", "", "", &first, ""],
            [ksh(1), "", "", "", &second, ""],
        ];
        let (list, view) = campus.listed("改班.xlsx", workbook(&campus, &lines)).await;
        assert_eq!((view.preview.total, view.refused), (2, 0));
        begin(
            campus.bed.store(),
            &campus.affairs,
            campus.people[0].student,
        )
        .await;
        let before = campus.all().await;
        let confirm = async |hash: &str| {
            let confirmed = services.confirm_assignment(&campus.affairs, list, hash);
            confirmed.await
        };
        let named = stopped(confirm(&view.preview.hash).await);
        assert_eq!(named, [before[0].ksh_tail.clone()]);
        assert_eq!(before, campus.all().await);
        // Seen again, the rest of the list is carried out.
        let again = services.assignment_sheet(&campus.affairs, list).await;
        let again = again.unwrap();
        assert_eq!((again.preview.total, again.refused), (1, 1));
        confirm(&again.preview.hash).await.unwrap();
        let after = campus.all().await;
        assert_eq!(after[0], before[0]);
        assert_ne!(after[1].class_id, before[1].class_id);
    })
    .await;
}

/// The status begins between the check of the confirmation and its write: on SQLite no other unit can write then.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_status_that_begins_during_the_confirmation_is_not_overrun() {
    on_postgres(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        qualify(&campus, 0).await;
        let [_, other] = classes(&campus, 0).await;
        let lines = [[campus.people[0].ksh.as_str(), "", "", "", &other, ""]];
        let (list, view) = campus.listed("改班.xlsx", workbook(&campus, &lines)).await;
        let (store, affairs) = (campus.bed.store().clone(), campus.affairs.clone());
        let (student, writes) = (campus.people[0].student, AtomicU64::new(0));
        let at = move |sql: &str| {
            // The confirmation has read and checked everything, and writes its first row.
            let confirms = sql.starts_with("UPDATE \"import_batch\"");
            if confirms && writes.fetch_add(1, Ordering::SeqCst) == 0 {
                tokio::task::block_in_place(|| {
                    let begun = begin(&store, &affairs, student);
                    tokio::runtime::Handle::current().block_on(begun);
                });
            }
        };
        let hooks = Hooks {
            statement: Some(Arc::new(at)),
            fenced: true,
        };
        let (settings, source) = (campus.bed.settings(), campus.bed.source().clone());
        let hooked = Store::hooked(&settings, campus.bed.folder(), source, hooks).await;
        let beside = Services::new(hooked, Arc::new(InProcess));
        let before = campus.stored(student).await;
        let confirmed = beside.confirm_assignment(&campus.affairs, list, &view.preview.hash);
        assert_eq!(stopped(confirmed.await), [before.ksh_tail]);
        let after = campus.stored(student).await;
        assert_eq!(after.status, StudentStatus::Registered.key());
        assert_eq!(after.class_id, before.class_id);
    })
    .await;
}

#[tokio::test]
async fn a_record_is_placed_against_the_status_that_was_read() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        enrolled(&campus, 0, None).await;
        let now = campus.stored(campus.people[0].student).await;
        let read = rows::Student {
            status: StudentStatus::None.key().to_owned(),
            ..now.clone()
        };
        let placed = rows::Student {
            class_id: None,
            ..read.clone()
        };
        let mut unit = campus.bed.store().begin(&campus.affairs).await.unwrap();
        let refused = unit.place_students(&[(&read, placed)]).await;
        assert!(matches!(refused, Err(StoreError::StatusMoved(of)) if of == [now.id]));
        assert!(unit.commit().await.is_err(), "half of an act");
        assert_eq!(campus.stored(now.id).await, now);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_counsellors_alone_is_confirmed_and_taken_back() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let services = &campus.services;
        enrolled(&campus, 0, None).await;
        let counsellor = campus.counsellor(&[]).await;
        let reach = async || {
            let unit = campus.bed.store().read(&counsellor).await.unwrap();
            let posts = unit.post_scopes(&[counsellor.seat().post]).await.unwrap();
            let login = unit.accounts_of_persons(&[counsellor.person()]).await;
            (posts[0].1.clone(), login.unwrap()[0].login.clone())
        };
        let (none, login) = reach().await;
        let [own, _] = classes(&campus, 0).await;
        let lines = [[campus.people[0].ksh.as_str(), "", "", "", &own, &login]];
        let (list, view) = campus
            .listed("辅导员.xlsx", workbook(&campus, &lines))
            .await;
        assert_eq!((view.preview.total, view.unchanged), (0, 1));
        assert_eq!((view.counsellors.len(), view.found), (1, 0));
        let before = campus.all().await;
        let confirmed = services.confirm_assignment(&campus.affairs, list, &view.preview.hash);
        let batch = confirmed.await.unwrap();
        assert_ne!(reach().await.0, none);
        assert_eq!(before, campus.all().await);
        let unit = campus.bed.store().read(&campus.affairs).await.unwrap();
        let of_student = unit.assignments_of_student(campus.people[0].student).await;
        assert_eq!(of_student.unwrap().len(), 1, "the first assignment alone");
        drop(unit);
        let page = services.assign_view(&campus.affairs, None).await.unwrap();
        let line = page.assignments.iter().find(|line| line.id == batch);
        let line = line.unwrap();
        assert_eq!(line.file_name.as_deref(), Some("辅导员.xlsx"));
        assert_eq!((line.total, line.can_undo, line.undone), (0, true, false));
        let look = services.assignment_undo_look(&campus.affairs, batch).await;
        let look = look.unwrap();
        assert_eq!((look.total, look.counsellors), (0, 1));
        assert_eq!(look.built_on, "");
        let affairs = campus.fresh(&campus.affairs);
        services.undo_assignment(&affairs, batch).await.unwrap();
        assert_eq!(reach().await.0, none);
        let again = services.undo_assignment(&affairs, batch).await;
        assert_eq!(reason_of(&again.unwrap_err()), Some(Reason::IllegalMove));
        let page = services.assign_view(&campus.affairs, None).await.unwrap();
        let line = page.assignments.iter().find(|line| line.id == batch);
        assert!(line.is_some_and(|line| line.undone && !line.can_undo));
        chain_is_whole(&campus).await;
    })
    .await;
}

/// A list that assigns students is known by its assignment alone: under its own name it cannot be half undone.
#[tokio::test]
async fn a_list_with_students_is_not_taken_back_under_its_own_name() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
        let lines = [[
            campus.people[0].ksh.as_str(),
            "2601001",
            "",
            "",
            "班级0",
            "",
        ]];
        let (list, view) = campus.listed("a.xlsx", workbook(&campus, &lines)).await;
        let affairs = campus.fresh(&campus.affairs);
        let undo = async || campus.services.undo_assignment(&affairs, list).await;
        assert!(matches!(undo().await, Err(ServiceError::NotFound)));
        let confirmed =
            campus
                .services
                .confirm_assignment(&campus.affairs, list, &view.preview.hash);
        assert_ne!(confirmed.await.unwrap(), list);
        assert!(matches!(undo().await, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn one_record_is_not_corrected_once_its_status_has_begun() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        enrolled(&campus, 0, None).await;
        let student = campus.stored(campus.people[0].student).await;
        let page = campus.services.student_record(&campus.affairs, student.id);
        let correction = page.await.unwrap().correction.unwrap();
        assert_eq!(correction.against_class, "status 1");
        let (other, ..) = correction.classes.iter().find(|(.., own)| !own).unwrap();
        let about = Correction {
            student: student.id,
            version: student.version,
            reason: REASON.to_owned(),
        };
        let affairs = campus.fresh(&campus.affairs);
        let services = &campus.services;
        let class = services.correct_class(&affairs, &about, *other).await;
        assert_eq!(stopped(class), [student.ksh_tail.as_str()]);
        let number = services.correct_number(&affairs, &about, "2609999").await;
        assert_eq!(stopped(number), [student.ksh_tail.as_str()]);
        assert_eq!(campus.stored(student.id).await, student);
    })
    .await;
}
