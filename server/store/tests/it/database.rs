//! What the database itself keeps to: frozen rows, a version without defects, reads that only read, errors without rows.

use crate::school::{self, noted, plant};
use crate::unit_of_work::{add, is_there, numbers, person};
use crate::work::{number, owner};
use domain::institution::policy;
use sea_orm::{ConnectionTrait, DbBackend};
use store::testkit::{Bed, keeps_its_log, on_both};
use store::{Holding, PoolSettings, Store, StoreError};

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
            "UPDATE import_row SET sealed = sealed",
            "UPDATE import_row SET state = 'confirmed', ksh = '1'",
            "UPDATE stored_file SET sha256 = sha256",
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

/// A step of the schema that fails after some of its statements leaves nothing of them behind, so that the next start goes
/// on where this one was. What is in its way here is a table of somebody else.
#[tokio::test]
async fn a_step_that_was_cut_off_is_applied_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("new.db").display()
    );
    let settings = PoolSettings::new(&url);
    let db = crate::work::connect(&url).await;
    db.execute_unprepared("CREATE TABLE student (id INTEGER)")
        .await
        .unwrap();
    let done = Store::migrate(&settings).await;
    assert!(matches!(done, Err(StoreError::Database(_))), "{done:?}");
    let tables = async || {
        let all = "SELECT name FROM sqlite_master WHERE type = 'table'";
        crate::work::texts(&db, all).await
    };
    let left = tables().await;
    for (table, there) in [
        ("person", true),
        ("import_row", false),
        ("candidate", false),
    ] {
        assert_eq!(left.iter().any(|name| name == table), there, "{table}");
    }
    db.execute_unprepared("DROP TABLE student").await.unwrap();
    Store::migrate(&settings).await.unwrap();
    assert!(tables().await.iter().any(|name| name == "ledger"));
}

/// The same before the first step: the list of steps is there, and nothing else.
#[tokio::test]
async fn a_first_start_that_was_cut_off_at_once_left_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("new.db").display()
    );
    let settings = PoolSettings::new(&url);
    let db = crate::work::connect(&url).await;
    db.execute_unprepared("CREATE TABLE tenant (id INTEGER)")
        .await
        .unwrap();
    Store::migrate(&settings).await.unwrap_err();
    assert_eq!(Store::holding(&settings).await.unwrap(), Holding::Other);
    db.execute_unprepared("DROP TABLE tenant").await.unwrap();
    assert_eq!(Store::holding(&settings).await.unwrap(), Holding::Nothing);
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

/// A unit that reads has no method that writes, and the database refuses it too: on PostgreSQL to the transaction, on SQLite
/// to the connection, which writes again afterwards. Eight of them go on beside a writer, each with what was there when
/// it began.
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
            assert_eq!(unit.count_accounts().await.unwrap(), 5);
        }
        let unit = bed.store().read(&school.admin).await.unwrap();
        let wrote = unit.attempt("UPDATE person SET name = 'x'").await;
        drop(unit);
        let Err(StoreError::Database(error)) = wrote else {
            panic!("a read unit wrote: {wrote:?}");
        };
        let why = match bed.backend() {
            DbBackend::Postgres => "read-only",
            _ => "readonly",
        };
        assert!(error.to_string().contains(why), "{error}");
        assert!(is_there(&bed, &school, added).await);
        // Every connection that was lent to a reader writes again.
        for _ in 0..20 {
            let mut writer = bed.store().begin(&school.admin).await.unwrap();
            let added = add(&mut writer, &school).await;
            noted::<policy::ImportOrganisation>(&mut writer, "person", added);
            writer.commit().await.unwrap();
        }
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

/// What an error says, and each of its causes: those go to the log.
fn chain(error: &dyn std::error::Error) -> Vec<String> {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect()
}

/// T-ISO-24: what the database says of a row ("Key (id)=(…) already exists") is neither shown nor logged; and of a
/// statement that failed, nothing is shown.
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
        assert!(chain(&missing).len() > 1, "{missing:?}");
        for error in [taken, missing] {
            let shown = error.to_string();
            for word in ["constraint", "UNIQUE", "FOREIGN"] {
                assert!(!shown.contains(word), "{shown}");
            }
            for said in chain(&error) {
                for word in ["Key (", "=(", "nobody", "another"] {
                    assert!(!said.contains(word), "{said}");
                }
            }
        }
    })
    .await;
}
