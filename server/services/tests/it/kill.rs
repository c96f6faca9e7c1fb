//! Kill -9 anywhere while a lease is held, and a successor that finishes: nothing lost, nothing doubled. And the proof
//! that the fence is what keeps it so.
//!
//! The child is this test binary again with `XJ_KILL_CHILD`; it counts statements and ends itself at the one it was
//! told. `XJ_KILLS` says how often (10; 50 with `XJ_LONG=1`), on each database. `XJ_TEST_NO_FENCE=1` runs everything
//! here without the comparison of the fence: the suite must then fail, and one test sees to it that it does.

mod requests;

use crate::admission::ground::{Ground, good_rows, package, services};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::institution::TenantId;
use domain::view::admission::RowState;
use formats::sample::{Defect, SamplePackage, ZipNames};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};
use services::admission::Seen;
use services::clock::System;
use services::institution::SignedIn;
use services::worker::{Ran, Worker};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use store::testkit::{Bed, Hooks, OnStatement, long, on_both, postgres_takes_part};
use store::{FindingFilter, PoolSettings, Source as _, Store};
use uuid::Uuid;

/// Rows of the package: three chunks.
const ROWS: u32 = 1_100;

fn sample() -> SamplePackage {
    package(
        91,
        ROWS,
        &[
            (Defect::BadChecksum, 3),
            (Defect::DotVariant, 2),
            (Defect::Withdrawn, 2),
        ],
    )
}

/// What the child is told.
#[derive(Debug, Serialize, Deserialize)]
struct Orders {
    url: String,
    folder: PathBuf,
    tenant: TenantId,
    account: Uuid,
    post: Uuid,
    import: Uuid,
    /// End at this statement; 0: never.
    at: u64,
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Whether the fence is compared in this run.
fn fenced() -> bool {
    std::env::var_os("XJ_TEST_NO_FENCE").is_none_or(|asked| asked != "1")
}

/// A worker's sign of life. It comes by the clock and not by the work, so it is no place to count.
fn is_heartbeat(sql: &str) -> bool {
    sql.starts_with("UPDATE \"job_ticket\" SET \"lease_until\"")
        && sql.contains("WHERE \"state\" = ")
}

/// Tells of every commit, counts statements while a lease is held, and ends the process at one of them. A commit that
/// ends the lease is told and not counted: after it none is held.
fn executioner(at: u64, counted: Arc<AtomicU64>) -> OnStatement {
    let (held, ending) = (AtomicBool::new(false), AtomicBool::new(false));
    Arc::new(move |sql: &str| {
        if sql == "COMMITTED" {
            say("ack");
            if ending.swap(false, Ordering::SeqCst) {
                held.store(false, Ordering::SeqCst);
            }
        }
        if sql.starts_with("UPDATE job_ticket SET state = 'running'") {
            held.store(true, Ordering::SeqCst);
        }
        if !held.load(Ordering::SeqCst) || is_heartbeat(sql) {
            return;
        }
        if sql.starts_with("UPDATE \"job_ticket\" SET \"state\"") {
            ending.store(true, Ordering::SeqCst);
        }
        if counted.fetch_add(1, Ordering::SeqCst) + 1 == at {
            kill_process(getpid(), Signal::KILL).unwrap();
        }
    })
}

#[tokio::test]
async fn kill_child() {
    let Some(orders) = std::env::var_os("XJ_KILL_CHILD") else {
        return;
    };
    let orders: Orders = serde_json::from_str(orders.to_str().unwrap()).unwrap();
    let counted = Arc::new(AtomicU64::new(0));
    let hooks = Hooks {
        statement: Some(executioner(orders.at, Arc::clone(&counted))),
        fenced: fenced(),
    };
    let settings = PoolSettings::new(&orders.url);
    let store = Store::hooked(&settings, &orders.folder, Arc::new(System), hooks).await;
    let services = services(store);
    let signed_in = SignedIn {
        tenant: orders.tenant,
        account: orders.account,
        post: orders.post,
        stepped_up: None,
        version: 1,
    };
    let actor = services.present(signed_in).await.unwrap().actor;
    let worker = Worker::new(services.clone(), "child");
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Done));
    let view = services.import_view(&actor, orders.import).await.unwrap();
    let seen = Seen {
        version: view.version,
        rows: view.steps.confirm,
    };
    services
        .confirm_import(&actor, orders.import, seen)
        .await
        .unwrap();
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Done));
    say(&format!("counted {}", counted.load(Ordering::SeqCst)));
}

/// What a child said.
struct Said {
    killed: bool,
    acks: usize,
    counted: Option<u64>,
}

/// Runs one test of this binary in a process of its own, with its orders in a variable.
fn run_child(test: &str, variable: &str, orders: &str) -> Said {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(variable, orders)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let counted = said
        .lines()
        .find_map(|line| line.strip_prefix("counted ")?.parse().ok());
    let killed = std::os::unix::process::ExitStatusExt::signal(&output.status) == Some(9);
    assert!(
        killed || output.status.success(),
        "the child failed by itself: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Said {
        killed,
        acks: said.lines().filter(|line| *line == "ack").count(),
        counted,
    }
}

fn run_worker(orders: &Orders) -> Said {
    let told = serde_json::to_string(orders).unwrap();
    run_child("kill::kill_child", "XJ_KILL_CHILD", &told)
}

struct Scene {
    ground: Ground,
    orders: Orders,
    links: usize,
}

impl Scene {
    /// A school whose officer has uploaded a package.
    async fn set(bed: Bed, sample: &SamplePackage) -> Self {
        let ground = Ground::new(bed).await;
        let import = ground.upload(sample.zip(ZipNames::Gbk)).await.import();
        let seat = ground.officer.seat().clone();
        let orders = Orders {
            url: ground.bed.settings().url,
            folder: ground.bed.folder().to_owned(),
            tenant: ground.tenant,
            account: seat.account,
            post: seat.post,
            import,
            at: 0,
        };
        let links = links(&ground).await;
        Self {
            ground,
            orders,
            links,
        }
    }

    /// Where the child was when it died.
    async fn phase(&self) -> String {
        let unit = self
            .ground
            .bed
            .store()
            .read(&self.ground.officer)
            .await
            .unwrap();
        let row = unit.import(self.orders.import).await.unwrap();
        let job = unit.job(row.job_id.unwrap()).await.unwrap();
        let rows = if job.done > 0 { "rows" } else { "none yet" };
        format!("{} {}, {rows}", job.kind, row.state)
    }

    /// Whether the lease of the job that the child was at is held by somebody still.
    async fn lease_is_held(&self) -> bool {
        let control = self.ground.bed.store().control();
        control.tickets("running").await.unwrap() == 1
    }

    /// A second worker, its clock past the lease, brings everything to its end.
    async fn finish(&self, sample: &SamplePackage) -> Outcome {
        let ground = &self.ground;
        ground
            .bed
            .source()
            .set(System.now() + TimeDelta::minutes(2));
        ground.work().await;
        let import = self.orders.import;
        if ground.view(import).await.line.state == ImportState::Checked {
            ground.confirm(import).await;
        }
        let view = ground.view(import).await;
        let good = good_rows(sample);
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.source, sample.counts);
        assert_eq!(view.line.counts.in_state(RowState::Confirmed), good);
        assert_eq!(ground.candidates().await, good);
        ground.assert_sound().await;
        let control = ground.bed.store().control();
        for open in ["waiting", "running", "dead"] {
            assert_eq!(control.tickets(open).await.unwrap(), 0, "{open} tickets");
        }
        self.outcome().await
    }

    /// What stands in the tables of the import in the end, row by row and finding by finding.
    async fn outcome(&self) -> Outcome {
        let unit = self
            .ground
            .bed
            .store()
            .read(&self.ground.officer)
            .await
            .unwrap();
        let import = self.orders.import;
        let all = FindingFilter {
            kind: None,
            severity: None,
            offset: 0,
            limit: 100_000,
        };
        let mut rows: Vec<String> = unit
            .import_rows(import, 0, 100_000)
            .await
            .unwrap()
            .into_iter()
            .map(|row| format!("{} {} {} {}", row.ordinal, row.file, row.row, row.state))
            .collect();
        let mut findings: Vec<String> = unit
            .findings(import, &all)
            .await
            .unwrap()
            .into_iter()
            .map(|f| format!("{} {} {} {}", f.file, f.row, f.kind, f.field))
            .collect();
        rows.sort();
        findings.sort();
        Outcome { rows, findings }
    }
}

/// Rows and findings of an import that has come to its end.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    rows: Vec<String>,
    findings: Vec<String>,
}

async fn links(ground: &Ground) -> usize {
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    unit.audit_after(0, 100_000).await.unwrap().len()
}

/// The same sequence in every run: places are spread over the whole, and nobody chose them.
fn draw(seed: &mut u64, among: u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed % among + 1
}

fn kills() -> u32 {
    let asked = std::env::var_os("XJ_KILLS").and_then(|kills| kills.to_str()?.parse().ok());
    asked.unwrap_or(if long() { 50 } else { 10 })
}

/// Every acknowledged commit is one link of the chain, and no link is there without one: at most the one that was
/// committed when the child had no time left to say so.
async fn assert_nothing_lost(scene: &Scene, said: &Said) {
    let grown = links(&scene.ground).await - scene.links;
    let told = said.acks;
    let exact = grown == told || said.killed && grown == told + 1;
    assert!(exact, "{told} units were acknowledged, {grown} are there");
}

#[tokio::test]
async fn a_worker_killed_anywhere_loses_nothing_and_doubles_nothing() {
    let sample = sample();
    let sample = &sample;
    on_both_many(|bed| async move {
        let mut seed = 0x9E37_79B9_7F4A_7C15;
        let scene = Scene::set(bed().await, sample).await;
        let whole = run_worker(&scene.orders);
        let statements = whole.counted.unwrap();
        assert_nothing_lost(&scene, &whole).await;
        let undisturbed = scene.finish(sample).await;
        assert_eq!(undisturbed.findings.len(), sample.defects.len());
        let mut phases: BTreeMap<String, u32> = BTreeMap::new();
        for _ in 0..kills() {
            let mut scene = Scene::set(bed().await, sample).await;
            scene.orders.at = draw(&mut seed, statements);
            let said = run_worker(&scene.orders);
            assert!(
                said.killed,
                "statement {} of {statements} never came",
                scene.orders.at
            );
            assert!(
                scene.lease_is_held().await,
                "killed at {} with no lease held",
                scene.orders.at
            );
            *phases.entry(scene.phase().await).or_default() += 1;
            assert_nothing_lost(&scene, &said).await;
            assert_eq!(scene.finish(sample).await, undisturbed);
        }
        let histogram: Vec<String> = phases
            .into_iter()
            .map(|(phase, times)| format!("{times} x {phase}"))
            .collect();
        note(&format!(
            "a worker at statements drawn from 1 to {statements}: {}",
            histogram.join("; ")
        ));
    })
    .await;
}

/// A line for whoever reads the run: it stands among the closing lines although the test passes.
fn note(line: &str) {
    say(&format!("killed: {line}"));
}

/// As `on_both`, for a test that needs many beds.
async fn on_both_many<F, T>(body: F)
where
    F: Fn(fn() -> BedFuture) -> T,
    T: Future<Output = ()>,
{
    body(|| Box::pin(Bed::sqlite())).await;
    if postgres_takes_part() {
        body(|| Box::pin(async { Bed::postgres().await.unwrap() })).await;
    }
}

type BedFuture = std::pin::Pin<Box<dyn Future<Output = Bed> + Send>>;

/// Holds a worker back at a statement until it is let go.
#[derive(Default)]
struct Gate {
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

impl Gate {
    fn hold(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 = true;
        self.changed.notify_all();
        while !state.1 {
            state = self.changed.wait(state).unwrap();
        }
    }

    fn await_held(&self) {
        let mut state = self.state.lock().unwrap();
        while !state.0 {
            state = self.changed.wait(state).unwrap();
        }
    }

    fn let_go(&self) {
        self.state.lock().unwrap().1 = true;
        self.changed.notify_all();
    }
}

/// One worker is stopped in the middle of a confirmation. Another one finishes it, the officer takes the import back, and
/// the first one wakes up with rows in its hand. What is wrong then? Keys that must be unique do not help here: the rows
/// are gone, nothing but the fence says that they must not come again.
async fn overtaken(bed: Bed, fenced: bool) -> (Option<Ran>, Vec<String>) {
    let sample = sample();
    let ground = Ground::new(bed).await;
    let import = ground.checked(&sample).await;
    let seen = ground.seen(import).await;
    ground
        .services
        .confirm_import(&ground.officer, import, seen)
        .await
        .unwrap();
    let gate = Arc::new(Gate::default());
    let (at_gate, commits) = (Arc::clone(&gate), AtomicU64::new(0));
    let hooks = Hooks {
        // One chunk is in; the next one is prepared and not yet written.
        statement: Some(Arc::new(move |sql: &str| {
            if sql == "COMMITTED" && commits.fetch_add(1, Ordering::SeqCst) == 0 {
                // The runtime goes on without this thread.
                tokio::task::block_in_place(|| at_gate.hold());
            }
        })),
        fenced,
    };
    let slow = Store::hooked(
        &ground.bed.settings(),
        ground.bed.folder(),
        ground.bed.source().clone(),
        hooks,
    )
    .await;
    let slow = Worker::new(services(slow), "slow");
    let held = tokio::spawn(async move { slow.run_one().await.unwrap() });
    let waiting = Arc::clone(&gate);
    tokio::task::spawn_blocking(move || waiting.await_held())
        .await
        .unwrap();
    ground.bed.advance(TimeDelta::seconds(31));
    assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Done));
    assert_eq!(ground.candidates().await, good_rows(&sample));
    ground.undo(import).await.unwrap();
    gate.let_go();
    let ran = held.await.unwrap();
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let row = unit.import(import).await.unwrap();
    let job = unit.job(row.job_id.unwrap()).await.unwrap();
    let mut wrong = Vec::new();
    if job.state != "done" {
        wrong.push(format!("the finished job is {}", job.state));
    }
    let candidates = unit.count_candidates().await.unwrap();
    if candidates > 0 {
        wrong.push(format!(
            "{candidates} candidates of an import that is {}",
            row.state
        ));
    }
    let rows = unit.import_row_states(import).await.unwrap();
    if let Some(inside) = rows.get("confirmed") {
        wrong.push(format!("{inside} rows say that they are in"));
    }
    (ran, wrong)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_that_lost_its_lease_writes_nothing_more() {
    on_both(|bed| async move {
        let (ran, wrong) = overtaken(bed, fenced()).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(ran, Some(Ran::Lost));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_fence_the_same_run_does_harm() {
    on_both(|bed| async move {
        let (_, wrong) = overtaken(bed, false).await;
        assert!(
            !wrong.is_empty(),
            "the fence makes no difference: these tests would not see a defect"
        );
        say(&format!("note: without the fence: {wrong:?}"));
    })
    .await;
}

/// The suite run without the comparison of the fence is seen to fail.
#[test]
fn the_suite_without_the_fence_fails() {
    if !fenced() {
        return;
    }
    let name = "kill::a_worker_that_lost_its_lease_writes_nothing_more";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--test-threads=1"])
        .env("XJ_TEST_NO_FENCE", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "it passes without its fence");
    assert!(text.contains("candidates of an import"), "{text}");
}
