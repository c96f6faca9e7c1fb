//! One student's class or number is put right without taking back everybody's.

use super::{redeem, slip};
use crate::records::campus::{Campus, reason_of};
use domain::decision::Reason;
use domain::institution::{Actor, Office};
use services::assign::Correction;
use services::parser::InProcess;
use services::{ServiceError, Services};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::testkit::{Hooks, on_both};
use store::{Store, rows};
use uuid::Uuid;

const REASON: &str = "与同名学生分错班";

fn about(student: &rows::Student) -> Correction {
    Correction {
        student: student.id,
        version: student.version,
        reason: REASON.to_owned(),
    }
}

async fn chain_length(campus: &Campus) -> usize {
    let unit = campus.bed.store().read(&campus.admissions).await.unwrap();
    unit.audit_after(0, 100_000).await.unwrap().len()
}

async fn first(campus: &Campus) -> rows::Student {
    campus.stored(campus.people[0].student).await
}

/// The class of the same major that the student is not in.
async fn other_class(campus: &Campus, actor: &Actor) -> Uuid {
    let student = first(campus).await;
    let page = campus.services.student_record(actor, student.id).await;
    let correction = page.unwrap().correction.unwrap();
    assert_eq!(correction.version, student.version);
    let others = correction.classes.iter().filter(|(.., own)| !own);
    let [(other, ..)] = others.collect::<Vec<_>>().try_into().unwrap();
    *other
}

fn invalid(done: Result<(), ServiceError>) -> (&'static str, &'static str) {
    match done {
        Err(ServiceError::Invalid { field, code }) => (field, code),
        other => panic!("{other:?}"),
    }
}

fn built_on(done: Result<(), ServiceError>) -> String {
    match done {
        Err(ServiceError::BuiltOn(what)) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_class_is_corrected_with_the_reason_and_nobody_else_moves() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let (before, all) = (first(&campus).await, campus.all().await);
        let class = other_class(&campus, &campus.affairs).await;
        let correct = async |correction: Correction, class: Uuid| {
            let services = &campus.services;
            services
                .correct_class(&campus.affairs, &correction, class)
                .await
        };
        let elsewhere = campus.classes[4];
        let foreign = correct(about(&before), elsewhere).await;
        assert_eq!(invalid(foreign), ("class", "unknown"));
        let silent = Correction {
            reason: "错".to_owned(),
            ..about(&before)
        };
        assert_eq!(
            invalid(correct(silent, class).await),
            ("reason", "reason_too_short")
        );
        let chain = chain_length(&campus).await;
        correct(about(&before), class).await.unwrap();
        assert_eq!(chain_length(&campus).await, chain + 1);
        let after = first(&campus).await;
        assert_eq!(after.class_id, Some(class));
        assert_eq!(after.student_no, before.student_no);
        // The chain binds what the record is now.
        let compared = campus.services.audit_compare(campus.tenant).await.unwrap();
        assert!(compared.compared > 0);
        assert_eq!(compared.differing, []);
        let stale = correct(about(&before), before.class_id.unwrap()).await;
        assert_eq!(reason_of(&stale.unwrap_err()), Some(Reason::Stale));
        for (was, is) in all.iter().zip(campus.all().await) {
            if is.id != before.id {
                assert_eq!(*was, is);
            }
        }
        let page = campus.services.student_record(&campus.affairs, before.id);
        let page = page.await.unwrap();
        assert_eq!(page.timeline[0].what.0, "班级更正");
        let other = campus
            .bed
            .officer(campus.tenant, Office::AcademicAffairs)
            .await;
        let refused = campus
            .services
            .correct_class(&other, &about(&after), before.class_id.unwrap())
            .await;
        assert!(matches!(refused, Err(ServiceError::Refused(_))));
        let page = campus.services.student_record(&other, before.id).await;
        assert_eq!(page.unwrap().correction, None);
    })
    .await;
}

/// A class is corrected between the comparison's reading of the chain and its reading of the rows: it sees neither, and
/// accuses nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_correction_during_a_comparison_is_no_difference() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let before = first(&campus).await;
        let class = other_class(&campus, &campus.affairs).await;
        let (services, affairs) = (campus.services.clone(), campus.affairs.clone());
        let (correction, reads) = (about(&before), AtomicU64::new(0));
        let at = move |sql: &str| {
            // The second read of links finds no more of them.
            let links = sql.starts_with("SELECT") && sql.contains("FROM \"audit_entry\"");
            if links && reads.fetch_add(1, Ordering::SeqCst) == 1 {
                tokio::task::block_in_place(|| {
                    let done = services.correct_class(&affairs, &correction, class);
                    tokio::runtime::Handle::current().block_on(done).unwrap();
                });
            }
        };
        let hooks = Hooks {
            statement: Some(Arc::new(at)),
            fenced: true,
        };
        let (settings, source) = (campus.bed.settings(), campus.bed.source().clone());
        let store = Store::hooked(&settings, campus.bed.folder(), source, hooks).await;
        let beside = Services::new(store, Arc::new(InProcess));
        for _ in 0..2 {
            let compared = beside.audit_compare(campus.tenant).await.unwrap();
            assert!(compared.compared > 0);
            assert_eq!(compared.differing, []);
            assert_eq!(first(&campus).await.class_id, Some(class));
        }
    })
    .await;
}

#[tokio::test]
async fn one_number_is_corrected_after_the_password_and_until_something_stands_on_it() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let before = first(&campus).await;
        let correct = async |actor: &Actor, number: &str| {
            let student = first(&campus).await;
            campus
                .services
                .correct_number(actor, &about(&student), number)
                .await
        };
        let fresh = campus.fresh(&campus.affairs);
        let late = correct(&campus.late(&campus.affairs), "2609999").await;
        assert!(matches!(late, Err(ServiceError::Refused(_))), "{late:?}");
        let taken = campus.stored(campus.people[1].student).await.student_no;
        let taken = correct(&fresh, taken.as_deref().unwrap()).await;
        assert_eq!(invalid(taken), ("number", "taken"));
        assert_eq!(invalid(correct(&fresh, "学号").await), ("number", "form"));
        correct(&fresh, "２６０９９９９").await.unwrap();
        let after = first(&campus).await;
        assert_eq!(after.student_no.as_deref(), Some("2609999"));
        assert_eq!(after.no_tail.as_deref(), Some("9999"));
        assert_eq!(after.class_id, before.class_id);
        // What was built on a number stands against another one, and the page says so before anybody tries.
        campus.bed.advance(chrono::TimeDelta::minutes(1));
        redeem(&campus, slip(&campus, 0).await).await;
        let fresh = campus.fresh(&campus.affairs);
        let built = built_on(correct(&fresh, "2608888").await);
        assert_eq!(built, "slips 1, accounts 1");
        let page = campus.services.student_record(&fresh, before.id).await;
        let correction = page.unwrap().correction.unwrap();
        assert_eq!(correction.against_number, built);
        assert_eq!(correction.against_class, "");
        assert_eq!(first(&campus).await.student_no, after.student_no);
    })
    .await;
}
