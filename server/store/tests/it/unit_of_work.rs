//! The one way to write: audited, compared and swapped, whole or not at all.

use crate::school::{self, School, act, move_photo, noted, photo, plant};
use crate::work::{number, owner};
use domain::audit::{Mark, Origin, SessionMark};
use domain::clause::Clause;
use domain::decision::{Decision, Machine as _, Read, decide};
use domain::institution::{Granted, Office, policy};
use domain::photo::{PhotoEvent, PhotoState};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ConnectionTrait, DbBackend};
use std::sync::Arc;
use store::keys::Purpose;
use store::seal::{Place, Sealed, open};
use store::testkit::{Bed, keeps_its_log, on_both, on_postgres, seated};
use store::{
    Detail, Provenance, Store, StoreError, StudentFilter, StudentPage, StudentSort, Subject,
    UnitOfWork, rows,
};
use tokio::sync::Barrier;
use uuid::Uuid;

fn person(unit: &UnitOfWork, school: &School) -> rows::Person {
    rows::Person {
        tenant_id: school.tenant.0,
        id: unit.id(),
        name: "new".to_owned(),
        contact: None,
        created_at: unit.now(),
    }
}

async fn add(unit: &mut UnitOfWork, school: &School) -> Uuid {
    let row = person(unit, school);
    let id = row.id;
    unit.insert_people(vec![row], Vec::new(), Vec::new())
        .await
        .unwrap();
    id
}

async fn is_there(bed: &Bed, school: &School, person: Uuid) -> bool {
    let unit = bed.store().read(&school.admin).await.unwrap();
    unit.person(person).await.is_ok()
}

/// Numbers of the chain's entries.
async fn numbers(bed: &Bed, school: &School) -> Vec<i64> {
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
        let ledger = unit.ledger_of("person", id).await.unwrap();
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
                match touch(&store, &school, receipt_first, Some(&barrier)).await {
                    Ok(()) => 0,
                    Err(StoreError::Stale) => {
                        touch(&store, &school, receipt_first, None).await.unwrap();
                        1
                    }
                    Err(error) => panic!("{error:?}"),
                }
            })
        });
        let mut told = 0;
        for task in tasks {
            told += task.await.unwrap();
        }
        assert_eq!(told, 1);
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
async fn a_bulk_act_is_one_link_with_a_leaf_for_each_record() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        let ids: Vec<Uuid> = (0..1_000).map(|_| unit.id()).collect();
        let granted = school::granted::<policy::ConfirmImport>(unit.actor(), unit.now());
        unit.note(
            &granted,
            Subject::new("import_batch", school.import),
            Detail::text("1000").over("candidate", ids.iter().copied()),
        );
        let before = unit.chain_head().await.unwrap().unwrap().size();
        unit.commit().await.unwrap();
        let unit = bed.store().read(&school.admin).await.unwrap();
        assert_eq!(unit.chain_head().await.unwrap().unwrap().size(), before + 1);
        let seq = i64::try_from(before).unwrap() + 1;
        let leaves = unit.audit_leaves(seq).await.unwrap();
        assert_eq!(leaves.len(), ids.len());
        for (leaf, id) in leaves.iter().zip(&ids) {
            assert!(String::from_utf8_lossy(leaf).contains(&id.to_string()));
        }
        drop(unit);
        let report = school::verified(&bed, &school).await;
        assert_eq!((report.bulk, report.rows), (2, 1_001));
    })
    .await;
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

/// The decisions that obtain the capture codes of all students of a school.
async fn codes_for_all(
    bed: &Bed,
    school: &School,
    granted: &Granted<policy::OrganisePhotos>,
) -> Vec<Decision<PhotoState, policy::OrganisePhotos>> {
    let unit = bed.store().read(&school.academic).await.unwrap();
    let page = StudentPage {
        sort: StudentSort::Number,
        descending: false,
        offset: 0,
        limit: 10,
    };
    let rows = unit
        .students(&School::all(), &StudentFilter::default(), page)
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            let read = Read {
                id: row.id,
                state: PhotoState::from_key(&row.photo).unwrap(),
                version: row.version,
            };
            decide(granted, read, PhotoEvent::ObtainCode, Clause::ONLINE_FIELDS).unwrap()
        })
        .collect()
}

#[tokio::test]
async fn a_bulk_move_is_for_all_of_them_or_for_none() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let granted = school::granted(&school.academic, bed.store().now());
        let decisions = codes_for_all(&bed, &school, &granted).await;
        assert_eq!(decisions.len(), 3);
        let faster = photo(bed.store(), &school.academic, school.student).await;
        move_photo(bed.store(), &school.academic, faster, PhotoEvent::Submit)
            .await
            .unwrap();
        let before = numbers(&bed, &school).await;

        let subject = Subject::new("import_batch", school.import);
        let mut unit = bed.store().begin(&school.academic).await.unwrap();
        let moved = unit
            .apply_many(&granted, subject, &decisions, Detail::none())
            .await;
        assert!(matches!(moved, Err(StoreError::Stale)));
        noted::<policy::SwitchPost>(&mut unit, "post", school.post);
        assert!(matches!(unit.commit().await, Err(StoreError::Stale)));
        assert_eq!(numbers(&bed, &school).await, before);

        let mut unit = bed.store().begin(&school.academic).await.unwrap();
        let rest: Vec<_> = decisions
            .into_iter()
            .filter(|d| d.read().id != school.student)
            .collect();
        unit.apply_many(&granted, subject, &rest, Detail::none())
            .await
            .unwrap();
        unit.commit().await.unwrap();
        assert_eq!(numbers(&bed, &school).await.len(), before.len() + 1);
        let unit = bed.store().read(&school.academic).await.unwrap();
        let lines = unit.ledger_over(rest[0].read().id).await.unwrap();
        let line = lines.first().unwrap();
        assert_eq!(line.part.as_deref(), Some("photo"));
        assert_eq!(line.state.as_deref(), Some(rest[0].to().key()));
        let leaves = unit.audit_leaves(line.seq).await.unwrap();
        assert!(leaves.iter().all(|leaf| {
            let leaf = String::from_utf8_lossy(leaf);
            leaf.contains("\"before\":\"hmac-sha256:") && leaf.contains("\"after\":\"hmac-sha256:")
        }));
        assert!(unit.ledger_over(school.student).await.unwrap().is_empty());
        drop(unit);
        let report = school::verified(&bed, &school).await;
        assert_eq!((report.bulk, report.rows), (2, 3));
    })
    .await;
}

#[tokio::test]
async fn records_without_a_number_come_last_on_both_databases() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let unit = bed.store().read(&school.academic).await.unwrap();
        for descending in [false, true] {
            let page = StudentPage {
                sort: StudentSort::Number,
                descending,
                offset: 0,
                limit: 10,
            };
            let rows = unit
                .students(&School::all(), &StudentFilter::default(), page)
                .await
                .unwrap();
            let numbered: Vec<_> = rows.iter().map(|row| row.student_no.is_some()).collect();
            assert_eq!(numbered, [true, false, false]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_frozen_record_and_the_chain_cannot_be_changed_by_the_service() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let db = crate::work::service(&bed).await;
        let attempts = [
            "UPDATE audit_entry SET body = ''",
            "DELETE FROM audit_entry",
            "UPDATE audit_leaf SET leaf = ''",
            "DELETE FROM audit_leaf",
            "UPDATE audit_checkpoint SET note = ''",
            "DELETE FROM audit_checkpoint",
            "UPDATE ledger SET detail = ''",
            "DELETE FROM ledger",
            "UPDATE access_log SET reason = ''",
            "DELETE FROM access_log",
            "UPDATE security_event SET detail = ''",
            "DELETE FROM security_event",
            "UPDATE parameter_value SET value = ''",
            "DELETE FROM parameter_value",
            "UPDATE rule_document SET title = ''",
            "UPDATE handover SET total = 2",
            "UPDATE handover_member SET college_id = NULL",
            "UPDATE candidate SET name = ''",
            "UPDATE admission_photo SET size = 2",
        ];
        for attempt in attempts {
            db.execute_unprepared("BEGIN").await.unwrap();
            if bed.backend() == DbBackend::Postgres {
                let set = format!("SELECT set_config('app.tenant', '{}', true)", school.tenant);
                db.execute_unprepared(&set).await.unwrap();
            }
            assert!(db.execute_unprepared(attempt).await.is_err(), "{attempt}");
            db.execute_unprepared("ROLLBACK").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn sqlite_is_one_that_keeps_its_log_whole() {
    let bed = Bed::sqlite().await;
    let db = owner(&bed).await;
    let version = crate::work::texts(&db, "SELECT sqlite_version()").await;
    assert!(keeps_its_log(&version[0]), "SQLite {version:?}");
    let pool = bed.pool().await;
    let mode = crate::work::texts(&pool, "PRAGMA journal_mode").await;
    assert_eq!(mode, ["wal"]);
    assert_eq!(number(&pool, "PRAGMA synchronous").await, 2);
    assert_eq!(number(&pool, "PRAGMA foreign_keys").await, 1);
    assert_eq!(number(&pool, "PRAGMA secure_delete").await, 1);
    assert_eq!(number(&pool, "PRAGMA mmap_size").await, 0);
    assert!(number(&pool, "PRAGMA busy_timeout").await >= 5_000);
}

#[test]
fn an_sqlite_with_the_defect_in_its_log_is_refused() {
    for refused in ["3.51.2", "3.50.9", "3.7.17", "2.99.99", "", "three"] {
        assert!(!keeps_its_log(refused), "{refused}");
    }
    for taken in ["3.51.3", "3.51.10", "3.52.0", "3.100.0", "4.0.0"] {
        assert!(keeps_its_log(taken), "{taken}");
    }
}

/// A unit that reads has no method that writes; on PostgreSQL its transaction refuses to, too. On SQLite ten of them go
/// on beside a writer, each with what was there when it began.
#[tokio::test]
async fn a_read_unit_cannot_write_and_waits_for_nobody() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut writer = bed.store().begin(&school.admin).await.unwrap();
        let added = add(&mut writer, &school).await;
        let mut readers = Vec::new();
        for _ in 0..8 {
            let unit = bed.store().read(&school.admin).await.unwrap();
            assert!(matches!(
                unit.person(added).await,
                Err(StoreError::NotFound)
            ));
            readers.push(unit);
        }
        noted::<policy::ImportOrganisation>(&mut writer, "person", added);
        writer.commit().await.unwrap();
        for unit in readers {
            assert_eq!(unit.count_accounts().await.unwrap(), 4);
        }
        if bed.backend() == DbBackend::Postgres {
            let unit = bed.store().read(&school.admin).await.unwrap();
            let wrote = unit.attempt("UPDATE person SET name = 'x'").await;
            let Err(StoreError::Database(error)) = wrote else {
                panic!("a read unit wrote: {wrote:?}");
            };
            assert!(error.to_string().contains("read-only"), "{error}");
        }
        assert!(is_there(&bed, &school, added).await);
    })
    .await;
}

/// T-LOG-01: when the entry cannot be written, nothing is.
#[tokio::test]
async fn an_act_whose_entry_fails_is_not_done() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let before = numbers(&bed, &school).await;
        let db = owner(&bed).await;
        for table in ["audit_entry", "audit_head", "ledger"] {
            db.execute_unprepared(&format!("ALTER TABLE {table} RENAME TO away"))
                .await
                .unwrap();
            let mut unit = bed.store().begin(&school.admin).await.unwrap();
            let id = add(&mut unit, &school).await;
            noted::<policy::ImportOrganisation>(&mut unit, "person", id);
            assert!(unit.commit().await.is_err(), "without {table}");
            db.execute_unprepared(&format!("ALTER TABLE away RENAME TO {table}"))
                .await
                .unwrap();
            assert!(!is_there(&bed, &school, id).await, "without {table}");
        }
        assert_eq!(numbers(&bed, &school).await, before);
        school::act(bed.store(), &school.admin).await.unwrap();
        school::verified(&bed, &school).await;
    })
    .await;
}

/// T-ISO-24: what the database says stays in the log. Its text may hold a row ("Key (id)=(…) already exists").
#[tokio::test]
async fn an_error_shows_nothing_of_a_row() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let mut row = person(&unit, &school);
        row.id = school.person;
        row.name = "a name that nobody may see".to_owned();
        let taken = unit.insert_people(vec![row], Vec::new(), Vec::new()).await;
        let taken = taken.unwrap_err();
        assert!(matches!(taken, StoreError::Taken), "{taken:?}");
        drop(unit);
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let mut account = unit.account(school.account).await.unwrap();
        account.id = unit.id();
        account.login = "another".to_owned();
        account.person_id = unit.id();
        let missing = unit
            .insert_people(Vec::new(), vec![account], Vec::new())
            .await
            .unwrap_err();
        for error in [taken, missing] {
            let said = error.to_string();
            for word in [
                "Key",
                "=(",
                "constraint",
                "UNIQUE",
                "FOREIGN",
                "nobody",
                "another",
            ] {
                assert!(!said.contains(word), "{said}");
            }
        }
    })
    .await;
}
