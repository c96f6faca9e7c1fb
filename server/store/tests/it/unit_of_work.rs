//! The one way to write: audited, compared and swapped, whole or not at all.

use crate::school::{self, School, act, move_photo, noted, photo, plant};
use domain::audit::{Mark, Origin, SessionMark};
use domain::clause::Clause;
use domain::decision::{Machine as _, decide};
use domain::institution::{Granted, Office, policy};
use domain::photo::PhotoEvent;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::sync::Arc;
use store::keys::Purpose;
use store::seal::{Place, Sealed, open};
use store::testkit::{Bed, on_both, on_postgres, seated};
use store::{Detail, Provenance, Store, StoreError, Subject, UnitOfWork, rows};
use tokio::sync::Barrier;
use uuid::Uuid;

pub fn person(unit: &UnitOfWork, school: &School) -> rows::Person {
    rows::Person {
        tenant_id: school.tenant.0,
        id: unit.id(),
        name: "new".to_owned(),
        contact: None,
        created_at: unit.now(),
    }
}

pub async fn add(unit: &mut UnitOfWork, school: &School) -> Uuid {
    let row = person(unit, school);
    let id = row.id;
    unit.insert_people(vec![row], Vec::new(), Vec::new())
        .await
        .unwrap();
    id
}

pub async fn is_there(bed: &Bed, school: &School, person: Uuid) -> bool {
    let unit = bed.store().read(&school.admin).await.unwrap();
    unit.person(person).await.is_ok()
}

/// Numbers of the chain's entries.
pub async fn numbers(bed: &Bed, school: &School) -> Vec<i64> {
    let unit = bed.store().read(&school.admin).await.unwrap();
    let entries = unit.audit_after(0, 100_000).await.unwrap();
    entries.into_iter().map(|entry| entry.seq).collect()
}

#[tokio::test]
async fn a_change_without_a_note_is_refused_and_not_written() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let before = numbers(&bed, &school).await;
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let id = add(&mut unit, &school).await;
        assert!(matches!(unit.commit().await, Err(StoreError::Unaudited)));
        assert!(!is_there(&bed, &school, id).await);
        assert_eq!(numbers(&bed, &school).await, before);
    })
    .await;
}

/// A right is worth something in the hands of whoever has it: not in a colleague's unit, not in another school's.
#[tokio::test]
async fn the_right_of_another_actor_writes_nothing() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let twin = plant(&bed, "school-b").await;
        let before = numbers(&bed, &school).await;
        let read = photo(bed.store(), &school.academic, school.student).await;
        let colleague = bed.officer(school.tenant, Office::AcademicAffairs).await;
        let mut same_person = colleague.seat().clone();
        same_person.tenant = twin.tenant;
        let elsewhere = seated(same_person);
        for other in [&elsewhere, &school.academic] {
            let granted: Granted<policy::OrganisePhotos> =
                school::granted(other, bed.store().now());
            let decided = || decide(&granted, read, PhotoEvent::ObtainCode, Clause::PHOTO).unwrap();
            let mut unit = bed.store().begin(&colleague).await.unwrap();
            let applied = unit.apply(&granted, decided(), Detail::none()).await;
            assert!(matches!(applied, Err(StoreError::Form(_))), "{applied:?}");
            assert!(matches!(unit.commit().await, Err(StoreError::Form(_))));
            let mut unit = bed.store().begin(&colleague).await.unwrap();
            let subject = Subject::new("student", school.student);
            let applied = unit
                .apply_many(&granted, subject, &[decided()], Detail::none())
                .await;
            assert!(matches!(applied, Err(StoreError::Form(_))), "{applied:?}");
            drop(unit);
            let mut unit = bed.store().begin(&colleague).await.unwrap();
            add(&mut unit, &school).await;
            unit.note(&granted, subject, Detail::none());
            assert!(matches!(unit.commit().await, Err(StoreError::Form(_))));
        }
        assert_eq!(numbers(&bed, &school).await, before);
        let now = photo(bed.store(), &school.academic, school.student).await;
        assert_eq!(now, read);
    })
    .await;
}

/// A unit that began first and ends last: its links come after those of the other, and are no older. (On SQLite there is
/// one writer at a time.)
#[tokio::test]
async fn a_unit_that_waited_does_not_set_back_the_clock_of_the_chain() {
    on_postgres(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut first = bed.store().begin(&school.admin).await.unwrap();
        let id = add(&mut first, &school).await;
        noted::<policy::ImportOrganisation>(&mut first, "person", id);
        bed.advance(chrono::TimeDelta::seconds(5));
        act(bed.store(), &school.admin).await.unwrap();
        first.commit().await.unwrap();
        let report = school::verified(&bed, &school).await;
        assert_eq!((report.clock_back, report.first_clock_back), (0, None));
        // The ledger says the same times as the chain.
        let unit = bed.store().read(&school.admin).await.unwrap();
        let line = unit
            .ledger_about(&[("person", id)])
            .await
            .unwrap()
            .remove(0);
        let entries = unit.audit_after(line.seq - 2, 2).await.unwrap();
        assert_eq!(entries[0].at, entries[1].at);
        assert_eq!(line.at, entries[1].at);
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_is_let_go_leaves_neither_row_nor_entry() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let before = numbers(&bed, &school).await;
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let id = add(&mut unit, &school).await;
        noted::<policy::ImportOrganisation>(&mut unit, "person", id);
        drop(unit);
        assert!(!is_there(&bed, &school, id).await);
        assert_eq!(numbers(&bed, &school).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_committed_unit_has_its_row_and_exactly_its_entries() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let before = numbers(&bed, &school).await.len();
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let id = add(&mut unit, &school).await;
        noted::<policy::ImportOrganisation>(&mut unit, "person", id);
        noted::<policy::SwitchPost>(&mut unit, "post", id);
        unit.commit().await.unwrap();
        assert!(is_there(&bed, &school, id).await);
        assert_eq!(numbers(&bed, &school).await.len(), before + 2);
        let unit = bed.store().read(&school.admin).await.unwrap();
        let ledger = unit.ledger_about(&[("person", id)]).await.unwrap();
        assert_eq!(ledger.len(), 1);
        assert_eq!(ledger[0].handler, school.admin.person());
        assert_eq!(ledger[0].lead, Office::TenantAdmin.key());
    })
    .await;
}

#[tokio::test]
async fn a_commit_after_a_failed_statement_never_says_it_is_done() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let door = bed.store().door(school.tenant).await.unwrap();
        door.security_event("refused", None, "127.0.0.0/24", "first")
            .await
            .unwrap();
        let foreign = door.set_recovery_codes(Uuid::nil(), vec![[1; 32]]).await;
        assert!(foreign.is_err());
        let said = door.commit().await.is_ok();
        let unit = bed.store().read(&school.admin).await.unwrap();
        let newest = store::EventFilter {
            limit: 10,
            ..store::EventFilter::default()
        };
        let events = unit.security_events(&newest).await.unwrap();
        let kept = events.iter().any(|event| event.detail == "first");
        assert_eq!(said, kept);
    })
    .await;
}

#[tokio::test]
async fn who_read_before_another_wrote_is_told() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let actor = &school.academic;
        let read = photo(bed.store(), actor, school.student).await;
        move_photo(bed.store(), actor, read, PhotoEvent::ObtainCode)
            .await
            .unwrap();
        let before = numbers(&bed, &school).await;
        let late = move_photo(bed.store(), actor, read, PhotoEvent::Submit).await;
        assert!(matches!(late, Err(StoreError::Stale)));
        let now = photo(bed.store(), actor, school.student).await;
        assert_eq!(now.version, read.version + 1);
        assert_eq!(numbers(&bed, &school).await, before);
    })
    .await;
}

/// Two editors who each read, then write, in any order: every write that was accepted is there, and no other.
#[tokio::test]
async fn no_update_is_lost_between_two_editors() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut runner = TestRunner::new(Config {
            cases: 48,
            failure_persistence: None,
            ..Config::default()
        });
        let steps = proptest::collection::vec((0..2_usize, any::<bool>()), 1..8);
        let handle = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            runner
                .run(&steps, |steps| {
                    handle.block_on(editors(&bed, &school, &steps))
                })
                .unwrap();
        })
        .await
        .unwrap();
    })
    .await;
}

async fn editors(bed: &Bed, school: &School, steps: &[(usize, bool)]) -> Result<(), TestCaseError> {
    let actor = &school.academic;
    let mut truth = photo(bed.store(), actor, school.student).await;
    let mut held = [truth, truth];
    for (editor, write) in steps {
        if !write {
            held[*editor] = photo(bed.store(), actor, school.student).await;
            prop_assert_eq!(held[*editor], truth);
            continue;
        }
        let read = held[*editor];
        let event = match read.state.key() {
            "submitted" => PhotoEvent::Reject,
            _ => PhotoEvent::Submit,
        };
        let written = move_photo(bed.store(), actor, read, event).await;
        if read == truth {
            prop_assert!(written.is_ok());
            truth.state = truth.state.next(event).unwrap();
            truth.version += 1;
        } else {
            prop_assert!(matches!(written, Err(StoreError::Stale)));
        }
        prop_assert_eq!(photo(bed.store(), actor, school.student).await, truth);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_of_one_chain_all_succeed() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        write_at_once(&bed, &school, 8, 20).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_writers_of_a_new_chain_all_succeed() {
    on_both(|bed| async move {
        let tenant = bed.tenant("school-a").await;
        let school = School {
            tenant,
            admin: bed.officer(tenant, Office::TenantAdmin).await,
            ..plant(&bed, "school-b").await
        };
        write_at_once(&bed, &school, 8, 1).await;
    })
    .await;
}

async fn write_at_once(bed: &Bed, school: &School, writers: usize, each: usize) {
    let before = numbers(bed, school).await.len();
    let servers = [bed.store().clone(), bed.second().await];
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let (store, actor) = (servers[writer % 2].clone(), school.admin.clone());
            tokio::spawn(async move {
                for _ in 0..each {
                    act(&store, &actor).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let numbers = numbers(bed, school).await;
    let total = i64::try_from(before + writers * each).unwrap();
    assert_eq!(numbers, (1..=total).collect::<Vec<_>>());
    let report = school::verified(bed, school).await;
    assert_eq!(report.events, total.unsigned_abs());
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_writers_wait_for_each_other() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        write_at_once(&bed, &school, 50, 1).await;
    })
    .await;
}

/// Two units that change the same two records in opposite order (T-JOB-17): each holds what the other one needs.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_units_that_lock_each_other_out_one_is_told_and_both_finish() {
    on_postgres(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let both_hold_one = Arc::new(Barrier::new(2));
        let tasks = [false, true].map(|receipt_first| {
            let (store, school) = (bed.store().clone(), school.clone());
            let barrier = both_hold_one.clone();
            tokio::spawn(async move {
                let mut between = Some(&*barrier);
                // Whoever was told and is quick takes its first record again before the other has woken up.
                for told in 0..10 {
                    match touch(&store, &school, receipt_first, between.take()).await {
                        Ok(()) => return told,
                        Err(StoreError::Stale) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
                panic!("told again and again")
            })
        });
        let mut told = 0;
        for task in tasks {
            told += task.await.unwrap();
        }
        assert_ne!(told, 0);
        school::verified(&bed, &school).await;
    })
    .await;
}

/// Writes a receipt and an import, in one order or the other.
async fn touch(
    store: &Store,
    school: &School,
    receipt_first: bool,
    between: Option<&Barrier>,
) -> store::Result<()> {
    let mut unit = store.begin(&school.admissions).await?;
    for receipt in [receipt_first, !receipt_first] {
        if receipt {
            unit.sign_receipt(school.receipt, Some("again")).await?;
        } else {
            unit.set_import_result(school.import, "{}", "[]", None)
                .await?;
        }
        if let Some(barrier) = between
            && receipt == receipt_first
        {
            barrier.wait().await;
        }
    }
    noted::<policy::ConfirmImport>(&mut unit, "import_batch", school.import);
    unit.commit().await
}

#[tokio::test]
async fn an_act_says_which_request_and_session_asked_for_it_and_what_moved() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let request = bed.store().id();
        let store = bed.store().asked(Provenance {
            origin: Origin::of([192, 0, 2, 77].into()),
            request: Some(request),
            session: Some(SessionMark([7; 16])),
        });
        let mut unit = store.begin(&school.admin).await.unwrap();
        let granted = school::granted::<policy::SetParameter>(unit.actor(), unit.now());
        let id = add(&mut unit, &school).await;
        unit.note(
            &granted,
            Subject::new("person", id),
            Detail::none().values("old value", "new value"),
        );
        unit.commit().await.unwrap();
        let unit = store.read(&school.admin).await.unwrap();
        let body = unit
            .audit_after(0, 10_000)
            .await
            .unwrap()
            .pop()
            .unwrap()
            .body;
        let event: serde_json::Value = serde_json::from_str(&body).unwrap();
        let act = &event["act"];
        assert_eq!(act["request"], request.to_string());
        assert_eq!(act["session"], "07".repeat(16));
        assert_eq!(act["origin"], "192.0.2.0/24");
        assert!(!body.contains("value"));
        for (mark, column, plain) in [
            ("before", "audit before", "old value"),
            ("after", "audit after", "new value"),
        ] {
            let sealed = match Mark::parse(act[mark].as_str().unwrap()).unwrap() {
                Mark::Sealed(bytes) => Sealed::stored(bytes),
                Mark::Commitment(_) => panic!("a commitment"),
            };
            let place = Place::new("person", column, id);
            let opened = open(unit.keys(), Purpose::Audit, &place, &sealed).unwrap();
            assert_eq!(opened.as_slice(), plain.as_bytes());
        }
    })
    .await;
}
