//! A client that hangs up in the middle of a write: what had begun is done, and whole (security, F1).

use crate::house::{House, post};
use domain::institution::Office;
use services::Services;
use services::parser::InProcess;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::testkit::{Bed, Hooks, on_both};
use store::{EventFilter, Store};
use tokio::sync::Notify;
use tower::ServiceExt as _;

/// Told when the first row of a table is about to be written after the test began to listen.
#[derive(Clone)]
struct Ear {
    table: &'static str,
    listens: Arc<AtomicBool>,
    heard: Arc<Notify>,
}

impl Ear {
    fn of(table: &'static str) -> Self {
        Self {
            table,
            listens: Arc::default(),
            heard: Arc::default(),
        }
    }

    fn hear(&self, sql: &str) {
        let row = sql.strip_prefix("INSERT INTO \"");
        if row.is_some_and(|rest| rest.starts_with(self.table))
            && self.listens.swap(false, Ordering::SeqCst)
        {
            self.heard.notify_one();
        }
    }
}

/// Sends a request and hangs up as soon as its row is about to be written.
async fn hang_up(house: &House, ear: &Ear, request: http::Request<axum::body::Body>) {
    ear.listens.store(true, Ordering::SeqCst);
    tokio::select! {
        biased;
        () = ear.heard.notified() => {}
        answer = house.router().oneshot(request) => {
            panic!("answered before it wrote: {:?}", answer.map(|a| a.status()))
        }
    }
}

/// Waits until something is so.
async fn soon(is_so: impl AsyncFn() -> bool, what: &str) {
    for _ in 0..100 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}");
}

async fn house(bed: Bed, ear: Ear) -> House {
    let hooks = Hooks {
        statement: Some(Arc::new(move |sql: &str| ear.hear(sql))),
        ..Hooks::default()
    };
    let store = Store::hooked(&bed.settings(), bed.folder(), bed.source().clone(), hooks).await;
    House::with(bed, Services::new(store, Arc::new(InProcess)))
}

/// The form of a school's own value.
fn setting(house: &House, cookie: &str) -> http::Request<axum::body::Body> {
    let day = domain::calendar::local_date(house.bed.store().now());
    let form =
        format!("tenant=shou&key=admission.undo_days&value=20&basis=test&effective_from={day}");
    post(
        "/api/institution/set-parameter",
        Some(cookie),
        &form,
        "text/html",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_cancels_nothing() {
    on_both(|bed| async move {
        let ear = Ear::of("parameter_value");
        let house = house(bed, ear.clone()).await;
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let request = setting(&house, &house.cookie(&admin).await);
        hang_up(&house, &ear, request).await;
        let set = async || {
            let look = house.bed.store().look(tenant).await.unwrap();
            let values = look.parameter_values().await.unwrap();
            values
                .iter()
                .any(|value| value.key == "admission.undo_days")
        };
        soon(set, "the write was cancelled").await;
    })
    .await;
}

/// Whoever tries what the post has no right to is noted, at an operation and at a page, and cannot prevent it by going away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_is_noted_all_the_same() {
    on_both(|bed| async move {
        let ear = Ear::of("security_event");
        let house = house(bed, ear.clone()).await;
        let tenant = house.school("shou").await;
        let officer = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&officer).await;
        let refused = setting(&house, &cookie);
        let page = http::Request::get("/shou/parameters")
            .header(http::header::ACCEPT, "text/html")
            .header(http::header::COOKIE, &cookie)
            .body(axum::body::Body::empty())
            .unwrap();
        for (noted, request) in [(1, refused), (2, page)] {
            hang_up(&house, &ear, request).await;
            let told = async || {
                let look = house.bed.store().look(tenant).await.unwrap();
                let events = look.count_security_events(&EventFilter::default()).await;
                events.unwrap() == noted
            };
            soon(told, "the note was cancelled").await;
        }
    })
    .await;
}
