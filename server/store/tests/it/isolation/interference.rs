//! T-ISO-16: what a university observes is the same, byte for byte, whether another one is busy beside it or not.

use crate::school::{self, NUMBER, School, move_photo, photo, plant_in};
use domain::institution::policy;
use domain::photo::PhotoEvent;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use std::sync::Arc;
use store::testkit::{Bed, TestSource, long};
use store::{NewJob, Store, rows};

/// What a university may do in this test.
#[derive(Clone, Debug)]
enum Op {
    /// Adds a person with a login that may be taken.
    AddPerson(u8),
    /// Sets a parameter as a version that may be there already.
    SetParameter(u8),
    /// Moves the photo of its student.
    MovePhoto,
    /// Enqueues a job under a key that may be in use.
    Enqueue(u8),
    /// Looks at its student.
    LogAccess,
    /// Refuses a sign-in.
    Refuse,
    /// Begins and gives up.
    GiveUp(u8),
    /// Looks for the number that both have.
    Search,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        (0..20_u8).prop_map(Op::AddPerson),
        (0..20_u8).prop_map(Op::SetParameter),
        Just(Op::MovePhoto),
        (0..20_u8).prop_map(Op::Enqueue),
        Just(Op::LogAccess),
        Just(Op::Refuse),
        (0..20_u8).prop_map(Op::GiveUp),
        Just(Op::Search),
    ]
}

/// One database with two universities, each with a server, a clock and ids of its own.
struct World {
    bed: Bed,
    a: (Store, School),
    b: (Store, School),
}

impl World {
    async fn new(bed: Bed) -> Self {
        let first = bed.second_with(Arc::new(TestSource::seeded(1))).await;
        let second = bed.second_with(Arc::new(TestSource::seeded(2))).await;
        let (a, b) = (bed.tenant("school-a").await, bed.tenant("school-b").await);
        let a = plant_in(&bed, &first, a, "canary").await;
        let b = plant_in(&bed, &second, b, "canary").await;
        Self {
            bed,
            a: (first, a),
            b: (second, b),
        }
    }
}

/// Does one thing and tells what was seen of it.
async fn step(store: &Store, school: &School, op: &Op) -> String {
    let done = match op {
        Op::AddPerson(n) => add_person(store, school, *n, true).await,
        Op::GiveUp(n) => add_person(store, school, *n, false).await,
        Op::SetParameter(n) => set_parameter(store, school, *n).await,
        Op::MovePhoto => {
            let read = photo(store, &school.academic, school.student).await;
            let event = next_event(read.state.key());
            move_photo(store, &school.academic, read, event).await
        }
        Op::Enqueue(n) => enqueue(store, school, *n).await,
        Op::LogAccess => log_access(store, school).await,
        Op::Refuse => refuse(store, school).await,
        Op::Search => Ok(()),
    };
    let unit = store.read(&school.admin).await.unwrap();
    let head = unit.chain_head().await.unwrap().unwrap();
    let found = unit.student_by_number(NUMBER).await.unwrap();
    let jobs = unit
        .jobs_of("check", school.admissions.seat().account, 3)
        .await
        .unwrap();
    let newest = store::EventFilter {
        limit: 1,
        ..store::EventFilter::default()
    };
    let events = unit.security_events(&newest).await.unwrap();
    let accesses = unit.access_to(school.student, 1).await.unwrap();
    let accounts = unit.count_accounts().await.unwrap();
    let size = i64::try_from(head.size()).unwrap();
    let last = unit.audit_after(size - 1, 1).await.unwrap();
    let act = last.first().map(|entry| act_without_marks(&entry.body));
    format!("{op:?} {done:?} {size} {act:?} {found:?} {jobs:?} {events:?} {accesses:?} {accounts}")
}

/// An act as it stands in the chain, but for the marks, which are made with each world's own keys.
fn act_without_marks(body: &str) -> serde_json::Value {
    let mut event: serde_json::Value = serde_json::from_str(body).unwrap();
    let act = event["act"].as_object_mut().unwrap();
    act.remove("before");
    act.remove("after");
    event
}

use domain::decision::Machine as _;

/// An event that leads on, round and round.
fn next_event(state: &str) -> PhotoEvent {
    match state {
        "submitted" => PhotoEvent::Reject,
        _ => PhotoEvent::Submit,
    }
}

async fn add_person(store: &Store, school: &School, n: u8, commit: bool) -> store::Result<()> {
    let mut unit = store.begin(&school.admin).await?;
    let mut account = unit.account(school.account).await?;
    let mut person = unit.person(school.person).await?;
    person.id = unit.id();
    account.id = unit.id();
    account.person_id = person.id;
    account.login = format!("login-{n}");
    let subject = person.id;
    unit.insert_people(vec![person], vec![account], Vec::new())
        .await?;
    school::noted::<policy::ImportOrganisation>(&mut unit, "person", subject);
    if commit {
        unit.commit().await?;
    }
    Ok(())
}

async fn set_parameter(store: &Store, school: &School, n: u8) -> store::Result<()> {
    let mut unit = store.begin(&school.admin).await?;
    let row = rows::ParameterValue {
        tenant_id: school.tenant.0,
        id: unit.id(),
        key: "security.student_idle_minutes".to_owned(),
        version: i32::from(n),
        value: n.to_string(),
        basis: String::new(),
        rule_id: None,
        effective_from: unit.today(),
        set_by: school.admin.person(),
        set_at: unit.now(),
    };
    let subject = row.id;
    unit.insert_parameter(row).await?;
    school::noted::<policy::ImportOrganisation>(&mut unit, "parameter_value", subject);
    unit.commit().await
}

async fn enqueue(store: &Store, school: &School, n: u8) -> store::Result<()> {
    let mut unit = store.begin(&school.admissions).await?;
    let job = unit
        .enqueue(NewJob {
            kind: "check",
            payload: String::new(),
            idem_key: format!("key-{n}"),
        })
        .await?;
    school::noted::<policy::UploadAdmission>(&mut unit, "job", job);
    unit.commit().await
}

async fn log_access(store: &Store, school: &School) -> store::Result<()> {
    let mut unit = store.begin(&school.admissions).await?;
    unit.log_access(Some(school.student), "reveal", "identity", "asked", 1)
        .await?;
    unit.commit().await
}

async fn refuse(store: &Store, school: &School) -> store::Result<()> {
    let door = store.door(school.tenant).await?;
    door.security_event("refused", Some(school.account), "127.0.0.0/24", "")
        .await?;
    door.commit().await
}

async fn compare(alone: &World, beside: &World, ops: &[(bool, Op)]) -> Result<(), TestCaseError> {
    for (of_b, op) in ops {
        if *of_b {
            step(&beside.b.0, &beside.b.1, op).await;
        } else {
            let quiet = step(&alone.a.0, &alone.a.1, op).await;
            let busy = step(&beside.a.0, &beside.a.1, op).await;
            prop_assert_eq!(quiet, busy);
        }
    }
    Ok(())
}

/// Where the seeds of failures are kept.
const SEEDS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/isolation/interference.seeds"
);

fn run(alone: Bed, beside: Bed, runtime: &tokio::runtime::Runtime) {
    let (alone, beside) = runtime.block_on(async {
        let alone = World::new(alone).await;
        (alone, World::new(beside).await)
    });
    assert_eq!(alone.a.1.ids(), beside.a.1.ids());
    let cases = if long() { 10_000 } else { 64 };
    let mut runner = TestRunner::new(Config {
        cases,
        // A case that failed once is tried first for ever after.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..Config::default()
    });
    let ops = proptest::collection::vec((any::<bool>(), op()), 1..8);
    runner
        .run(&ops, |ops| runtime.block_on(compare(&alone, &beside, &ops)))
        .unwrap();
    runtime.block_on(async {
        for world in [&alone, &beside] {
            school::verified(&world.bed, &world.a.1).await;
            school::verified(&world.bed, &world.b.1).await;
        }
    });
}

#[test]
fn t_iso_16_a_busy_neighbour_changes_nothing_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let beds = runtime.block_on(async { (Bed::sqlite().await, Bed::sqlite().await) });
    let _inside = runtime.enter();
    run(beds.0, beds.1, &runtime);
}

#[test]
fn t_iso_16_a_busy_neighbour_changes_nothing_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let beds = runtime.block_on(async { (Bed::postgres().await, Bed::postgres().await) });
    let _inside = runtime.enter();
    match beds {
        (Some(alone), Some(beside)) => run(alone, beside, &runtime),
        _ => runtime.block_on(store::testkit::on_postgres(|_bed| async {})),
    }
}
