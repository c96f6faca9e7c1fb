//! A client that hangs up in the middle of a write: what had begun is done, and whole (security, F1).

use crate::house::{House, post};
use domain::institution::Office;
use services::Services;
use services::parser::InProcess;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::Store;
use store::testkit::{Bed, Hooks, on_both};
use tokio::sync::Notify;
use tower::ServiceExt as _;

/// Told when the first parameter is about to be written after the test began to listen.
#[derive(Clone, Default)]
struct Ear {
    listens: Arc<AtomicBool>,
    heard: Arc<Notify>,
}

impl Ear {
    fn hear(&self, sql: &str) {
        if sql.starts_with("INSERT INTO \"parameter_value\"")
            && self.listens.swap(false, Ordering::SeqCst)
        {
            self.heard.notify_one();
        }
    }
}

async fn house(bed: Bed, ear: Ear) -> House {
    let hooks = Hooks {
        statement: Some(Arc::new(move |sql: &str| ear.hear(sql))),
        ..Hooks::default()
    };
    let store = Store::hooked(&bed.settings(), bed.folder(), bed.source().clone(), hooks).await;
    House::with(bed, Services::new(store, Arc::new(InProcess)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_cancels_nothing() {
    on_both(|bed| async move {
        let ear = Ear::default();
        let house = house(bed, ear.clone()).await;
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let day = domain::calendar::local_date(house.bed.store().now());
        let form =
            format!("tenant=shou&key=admission.undo_days&value=20&basis=test&effective_from={day}");
        let request = post(
            "/api/institution/set-parameter",
            Some(&cookie),
            &form,
            "text/html",
        );
        ear.listens.store(true, Ordering::SeqCst);
        tokio::select! {
            biased;
            () = ear.heard.notified() => {}
            answer = house.router().oneshot(request) => {
                panic!("answered before it wrote: {:?}", answer.map(|a| a.status()))
            }
        }
        let set = async || {
            let look = house.bed.store().look(tenant).await.unwrap();
            let values = look.parameter_values().await.unwrap();
            values
                .iter()
                .any(|value| value.key == "admission.undo_days")
        };
        for _ in 0..100 {
            if set().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the write was cancelled");
    })
    .await;
}
