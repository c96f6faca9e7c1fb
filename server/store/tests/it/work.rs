//! Things that several tests do to a bed.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use store::testkit::Bed;
use store::{JobRun, NewJob};

use crate::school::{self, School};
use domain::institution::policy;

/// A connection of the owner of the tables, past the store.
pub async fn owner(bed: &Bed) -> DatabaseConnection {
    connect(&bed.owner().url).await
}

/// A connection of the service, past the store.
pub async fn service(bed: &Bed) -> DatabaseConnection {
    connect(&bed.settings().url).await
}

/// One connection, as a stranger would open it.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// One column of texts.
pub async fn texts(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

/// One number.
pub async fn number(db: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

/// Every table that is not of the control plane.
pub async fn tenant_tables(bed: &Bed) -> Vec<String> {
    let db = owner(bed).await;
    let sql = match bed.backend() {
        DbBackend::Postgres => {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        }
        _ => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
    };
    texts(&db, sql)
        .await
        .into_iter()
        .filter(|t| !migrations::CONTROL_TABLES.contains(&t.as_str()) && t != "seaql_migrations")
        .collect()
}

/// Enqueues a job in a transaction of its own.
pub async fn enqueue(bed: &Bed, school: &School, key: &str) -> uuid::Uuid {
    let mut unit = bed.store().begin(&school.admissions).await.unwrap();
    let job = unit
        .enqueue(NewJob {
            kind: "check",
            payload: school.mark.clone(),
            idem_key: key.to_owned(),
        })
        .await
        .unwrap();
    school::noted::<policy::UploadAdmission>(&mut unit, "job", job);
    unit.commit().await.unwrap();
    job
}

/// Claims the next job, makes one checkpoint and ends it.
pub async fn run_one_job(bed: &Bed) {
    let control = bed.store().control();
    let claimed = control.claim_job("worker").await.unwrap().unwrap();
    let door = bed.store().door(claimed.tenant).await.unwrap();
    let job = door.job(claimed.id).await.unwrap();
    let rows = door.seat(job.account_id, job.post_id).await.unwrap();
    drop(door);
    let actor = school::seated(claimed.tenant, &rows);
    let mut unit = bed.store().begin(&actor).await.unwrap();
    let run = JobRun {
        checkpoint: "half".to_owned(),
        done: 1,
        total: 2,
    };
    unit.checkpoint(&claimed, &run).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = bed.store().begin(&actor).await.unwrap();
    unit.finish_job(&claimed, Ok("done".to_owned()))
        .await
        .unwrap();
    unit.commit().await.unwrap();
}
