//! T-ISO-13: a request that goes away while its transaction begins leaves nothing behind for the next one.

use crate::school::{self, act, plant};
use crate::work::{number, service};
use aws_lc_rs::rand;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use std::time::Duration;
use store::testkit::{Bed, long, on_both, on_postgres};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Borrowers at once; more than there are connections, so that some wait.
const BORROWERS: usize = 16;

fn cancels() -> usize {
    if long() { 2_000 } else { 300 }
}

/// A number below a limit, another one in every run.
fn random(limit: u32) -> u32 {
    let mut bytes = [0; 4];
    rand::fill(&mut bytes).unwrap();
    u32::from_le_bytes(bytes) % limit
}

/// Lets go of work after a random time: up to 20 ms, or after so many steps of it, which finds the narrow places. An
/// answer of the database takes a few steps or, on a busy machine, hundreds.
async fn let_go(work: impl Future) {
    let work = Box::pin(work);
    if random(2) == 0 {
        let after = Duration::from_micros(u64::from(random(20_000)));
        let _gone = tokio::time::timeout(after, work).await;
    } else {
        let steps = random(2 << random(10));
        let stepping = async {
            for _ in 0..steps {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! { biased; _ = work => {}, () = stepping => {} }
    }
}

/// Borrows and lets go of connections at random, as requests of many universities would.
async fn trouble(db: &DatabaseConnection) {
    let each = cancels() / BORROWERS + 1;
    let borrowers = (0..BORROWERS).map(|borrower| {
        let db = db.clone();
        async move {
            for turn in 0..each {
                let tenant = 1_000 + borrower * each + turn;
                let_go(async {
                    let tx = db.begin().await.unwrap();
                    let set = format!("SELECT set_config('app.tenant', '{tenant}', true)");
                    tx.execute_unprepared(&set).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(1)).await;
                })
                .await;
            }
        }
    });
    futures(borrowers).await;
}

/// Waits for all of them at once.
async fn futures<F: Future<Output = ()>>(all: impl Iterator<Item = F>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        all.retain_mut(|one| one.as_mut().poll(cx).is_pending());
        if all.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

/// What the next borrowers of a pool find: open transactions and tenants that they did not set.
async fn left_behind(db: &DatabaseConnection, connections: u32) -> Vec<String> {
    tokio::time::sleep(Duration::from_millis(200)).await;
    let pool = db.get_postgres_connection_pool();
    let mut held = Vec::new();
    for _ in 0..connections {
        held.push(pool.acquire().await.unwrap());
    }
    let mut found = Vec::new();
    for connection in &mut held {
        let tenant: Option<String> =
            sqlx::query_scalar("SELECT nullif(current_setting('app.tenant', true), '')")
                .fetch_one(&mut **connection)
                .await
                .unwrap();
        found.extend(tenant.map(|tenant| format!("tenant {tenant}")));
        let mut numbers = [0_i64; 2];
        for number in &mut numbers {
            *number = sqlx::query_scalar("SELECT pg_current_xact_id()::text::bigint")
                .fetch_one(&mut **connection)
                .await
                .unwrap();
        }
        if numbers[0] == numbers[1] {
            found.push("an open transaction".to_owned());
        }
    }
    found
}

/// Connections of the service that are inside a transaction and do nothing.
async fn idle_in_transaction(bed: &Bed) -> i64 {
    let db = service(bed).await;
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
               AND usename = current_user AND state LIKE 'idle in transaction%'";
    number(&db, sql).await
}

#[tokio::test]
async fn t_iso_13_cancelled_transactions_leave_nothing_in_the_pool() {
    on_postgres(|bed| async move {
        let db = bed.pool().await;
        trouble(&db).await;
        let connections = bed.settings().max_connections;
        assert_eq!(left_behind(&db, connections).await, Vec::<String>::new());
        assert_eq!(idle_in_transaction(&bed).await, 0);
        db.close().await.unwrap();
    })
    .await;
}

/// A line to the database whose answers can be held back.
struct Line {
    url: String,
    held: watch::Sender<bool>,
}

impl Line {
    async fn to(url: &str) -> Self {
        let direct: PgConnectOptions = url.parse().unwrap();
        let far = (direct.get_host().to_owned(), direct.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (held, holding) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&far).await.unwrap();
                let (mut asks, mut hears) = client.into_split();
                let (mut answers, mut told) = server.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut asks, &mut told).await });
                let mut holding = holding.clone();
                tokio::spawn(async move {
                    let mut bytes = [0; 4096];
                    while let Ok(n @ 1..) = answers.read(&mut bytes).await {
                        let over = holding.wait_for(|held| !held).await.is_err();
                        if over || hears.write_all(&bytes[..n]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        let url = direct.host("127.0.0.1").port(port).to_url_lossy().into();
        Self { url, held }
    }
}

/// The same cut in a pool without our care, while the answer to BEGIN is on its way. When this fails because nothing
/// is left behind, sqlx has been mended, and the care in `pool.rs` may go.
#[tokio::test]
async fn t_iso_13_the_test_sees_what_an_ordinary_pool_leaves_behind() {
    on_postgres(|bed| async move {
        let line = Line::to(&bed.settings().url).await;
        let mut options = sea_orm::ConnectOptions::new(line.url);
        options
            .min_connections(1)
            .max_connections(1)
            .test_before_acquire(false)
            .sqlx_logging(false);
        let db = sea_orm::Database::connect(options).await.unwrap();
        line.held.send(true).unwrap();
        let cut = tokio::time::timeout(Duration::from_millis(200), db.begin()).await;
        assert!(cut.is_err(), "BEGIN was answered although the line is held");
        line.held.send(false).unwrap();
        assert_eq!(left_behind(&db, 1).await, ["an open transaction"]);
    })
    .await;
}

#[tokio::test]
async fn cancelled_units_are_whole_or_not_there() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let turns = cancels() / 4;
        for _ in 0..turns {
            let_go(async { act(bed.store(), &school.admin).await.unwrap() }).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let report = school::verified(&bed, &school).await;
        let unit = bed.store().read(&school.admin).await.unwrap();
        let entries = unit.audit_after(0, 100_000).await.unwrap();
        assert_eq!(entries.len() as u64, report.events);
        drop(unit);
        if bed.backend() == sea_orm::DbBackend::Postgres {
            assert_eq!(idle_in_transaction(&bed).await, 0);
        }
        act(bed.store(), &school.admin).await.unwrap();
    })
    .await;
}
