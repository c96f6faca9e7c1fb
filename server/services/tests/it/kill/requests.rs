//! Kill -9 in the middle of a request that writes much at once: an undo, an assignment. It is one transaction, so it is
//! done or it is not; either way it can be asked for again.

use super::{draw, kills, note, on_both_many, run_child};
use crate::admission::ground::{Ground, good_rows, package, services};
use crate::records::campus::{Campus, YEAR};
use domain::admission::import::ImportState;
use domain::institution::{Actor, TenantId};
use formats::sample::Defect;
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};
use services::assign::RuleChoice;
use services::clock::System;
use services::institution::SignedIn;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::testkit::{Bed, Hooks};
use store::{PoolSettings, Source as _, Store};
use uuid::Uuid;

/// What a request does.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Act {
    Undo { import: Uuid, version: i32 },
    Assign { hash: String },
}

/// What the child is told.
#[derive(Debug, Serialize, Deserialize)]
struct Orders {
    url: String,
    folder: PathBuf,
    tenant: TenantId,
    account: Uuid,
    post: Uuid,
    act: Act,
    /// End at this statement; 0: never.
    at: u64,
}

impl Orders {
    fn of(bed: &Bed, actor: &Actor, act: Act) -> Self {
        let seat = actor.seat();
        Self {
            url: bed.settings().url,
            folder: bed.folder().to_owned(),
            tenant: seat.tenant,
            account: seat.account,
            post: seat.post,
            act,
            at: 0,
        }
    }
}

#[tokio::test]
async fn child() {
    let Some(orders) = std::env::var_os("XJ_KILL_REQUEST") else {
        return;
    };
    let orders: Orders = serde_json::from_str(orders.to_str().unwrap()).unwrap();
    let sent = Arc::new(AtomicU64::new(0));
    let (counter, at) = (Arc::clone(&sent), orders.at);
    let hooks = Hooks {
        statement: Some(Arc::new(move |_sql: &str| {
            if counter.fetch_add(1, Ordering::SeqCst) + 1 == at {
                kill_process(getpid(), Signal::KILL).unwrap();
            }
        })),
        fenced: true,
    };
    let settings = PoolSettings::new(&orders.url);
    let store = Store::hooked(&settings, &orders.folder, Arc::new(System), hooks).await;
    let services = services(store);
    let signed_in = SignedIn {
        tenant: orders.tenant,
        account: orders.account,
        post: orders.post,
        stepped_up: Some(System.now()),
        version: 1,
    };
    let actor = services.present(signed_in).await.unwrap().actor;
    match orders.act {
        Act::Undo { import, version } => {
            let done = services.undo_import(&actor, import, version).await;
            done.unwrap();
        }
        Act::Assign { hash } => {
            let done = services
                .assign_by_rule(&actor, RuleChoice::cohort(YEAR), &hash)
                .await;
            done.map(drop).unwrap();
        }
    }
    super::say(&format!("counted {}", sent.load(Ordering::SeqCst)));
}

fn run(orders: &Orders) -> super::Said {
    let told = serde_json::to_string(orders).unwrap();
    run_child("kill::requests::child", "XJ_KILL_REQUEST", &told)
}

async fn links(bed: &Bed, actor: &Actor) -> usize {
    let unit = bed.store().read(actor).await.unwrap();
    unit.audit_after(0, 100_000).await.unwrap().len()
}

/// An import that is in, and may be taken back.
async fn imported(bed: Bed) -> (Ground, Uuid, u64) {
    bed.source().set(System.now());
    let sample = package(92, 120, &[(Defect::BadChecksum, 2)]);
    let ground = Ground::new(bed).await;
    let import = ground.confirmed(&sample).await;
    (ground, import, good_rows(&sample))
}

/// The undo of an import as its page shows it.
async fn undo(ground: &Ground, import: Uuid) -> Act {
    Act::Undo {
        import,
        version: ground.view(import).await.version,
    }
}

#[tokio::test]
async fn an_undo_that_is_killed_is_done_or_not() {
    on_both_many(|bed| async move {
        let mut seed = 0x2545_F491_4F6C_DD1D;
        let (ground, import, _) = imported(bed().await).await;
        let whole = run(&Orders::of(
            &ground.bed,
            &ground.officer,
            undo(&ground, import).await,
        ));
        let statements = whole.counted.unwrap();
        assert_eq!(ground.candidates().await, 0);
        let mut undone = 0;
        for _ in 0..kills() {
            let (ground, import, good) = imported(bed().await).await;
            let before = links(&ground.bed, &ground.officer).await;
            let mut orders = Orders::of(&ground.bed, &ground.officer, undo(&ground, import).await);
            orders.at = draw(&mut seed, statements);
            assert!(run(&orders).killed, "statement {} never came", orders.at);
            let state = ground.view(import).await.line.state;
            if state == ImportState::Undone {
                undone += 1;
            } else {
                assert_eq!(state, ImportState::Confirmed);
                assert_eq!(ground.candidates().await, good);
                assert_eq!(links(&ground.bed, &ground.officer).await, before);
                let again = {
                    let version = ground.view(import).await.version;
                    let services = &ground.services;
                    services.undo_import(&ground.officer, import, version).await
                };
                again.unwrap();
            }
            assert_eq!(ground.candidates().await, 0);
            assert_eq!(links(&ground.bed, &ground.officer).await, before + 1);
        }
        note(&format!(
            "an undo at statements 1 to {statements}: {undone} of {} were done",
            kills()
        ));
    })
    .await;
}

#[tokio::test]
async fn an_assignment_that_is_killed_is_done_or_not() {
    on_both_many(|bed| async move {
        let mut seed = 0x8538_ECB5_BD45_6EA3;
        let ready = async || {
            let bed = bed().await;
            bed.source().set(System.now());
            let campus = Campus::mapped(bed, 24).await;
            campus.hand_over().await;
            campus
        };
        let hash = async |campus: &Campus| {
            let preview = campus
                .services
                .assign_preview_by_rule(&campus.affairs, RuleChoice::cohort(YEAR))
                .await;
            preview.unwrap().hash
        };
        let campus = ready().await;
        let act = Act::Assign {
            hash: hash(&campus).await,
        };
        let statements = run(&Orders::of(&campus.bed, &campus.affairs, act))
            .counted
            .unwrap();
        let mut done = 0;
        for _ in 0..kills() {
            let campus = ready().await;
            let before = links(&campus.bed, &campus.affairs).await;
            let act = Act::Assign {
                hash: hash(&campus).await,
            };
            let mut orders = Orders::of(&campus.bed, &campus.affairs, act);
            orders.at = draw(&mut seed, statements);
            assert!(run(&orders).killed, "statement {} never came", orders.at);
            let placed = campus.all().await;
            let placed = placed.iter().filter(|s| s.class_id.is_some()).count();
            if placed == 0 {
                assert_eq!(links(&campus.bed, &campus.affairs).await, before);
                campus.number().await;
            } else {
                assert_eq!(placed, 24, "some have a class and some have none");
                done += 1;
            }
            let all = campus.all().await;
            assert!(
                all.iter()
                    .all(|s| s.class_id.is_some() && s.student_no.is_some())
            );
            assert_eq!(links(&campus.bed, &campus.affairs).await, before + 1);
        }
        note(&format!(
            "an assignment at statements 1 to {statements}: {done} of {} were done",
            kills()
        ));
    })
    .await;
}
