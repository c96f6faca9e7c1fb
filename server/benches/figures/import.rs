//! An intake of 20,000 by the command line, beside parsing alone and a bare insert of the same rows.

use crate::ground::{Ground, OFFICER, ROUNDS, number};
use crate::report::{Figure, Goal, median};
use formats::package::{PackageLimits, read_path};
use formats::sample::{PackageSpec, ZipNames};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::floors::Copied;

const CANDIDATES: u32 = 20_000;
/// Time between two looks at the memory of the processes.
const LOOK: Duration = Duration::from_millis(2);

/// Writes the package of an intake.
pub fn package(ground: &Ground, seed: u64, candidates: u32) -> PathBuf {
    let sample = PackageSpec::demonstration(seed, 2026, candidates).generate();
    let path = ground.bed.folder().join(format!("intake-{seed}.zip"));
    std::fs::write(&path, sample.zip(ZipNames::Gbk)).expect("a package");
    path
}

/// Highest resident memory of a process so far, in KiB.
fn peak(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Process ids of the children of all threads of a process.
fn children(process: &str) -> Vec<String> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let lists = threads.filter_map(|thread| {
        let list = thread.ok()?.path().join("children");
        std::fs::read_to_string(list).ok()
    });
    let lists: Vec<String> = lists.collect();
    let ids = lists.iter().flat_map(|list| list.split_whitespace());
    ids.map(str::to_owned).collect()
}

/// Waits for a program and gives its peak with that of its largest child, in KiB.
fn watch(mut program: Child) -> u64 {
    let id = program.id().to_string();
    let (mut own, mut child) = (0, 0);
    let status = loop {
        own = peak(&id).unwrap_or(own).max(own);
        let largest = children(&id).iter().filter_map(|id| peak(id)).max();
        child = largest.unwrap_or(child).max(child);
        if let Some(status) = program.try_wait().expect("the program") {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    assert!(status.success(), "the import of the bench");
    own + child
}

fn command(ground: &Ground, path: &Path, slug: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xj"));
    command
        .args(["admission", "import"])
        .arg(path)
        .args(["--tenant", slug, "--year", "2026", "--as", OFFICER])
        .env_clear()
        .env("DATABASE_URL", ground.bed.settings().url)
        .env("XJ_KEYS", ground.bed.folder().join("keys"))
        .env("XJ_DATA", ground.bed.folder().join("data"))
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null());
    command
}

/// One import of the product: seconds, peak in KiB, and the rows it wrote.
async fn own(ground: &Ground, round: usize, path: &Path) -> (f64, u64, Copied) {
    let slug = format!("own{round}");
    let tenant = ground.university(&slug).await;
    ground.officer(tenant).await;
    let mut command = command(ground, path, &slug);
    let begun = Instant::now();
    let running = command.spawn().expect("xj");
    let watched = tokio::task::spawn_blocking(move || watch(running)).await;
    let took = begun.elapsed().as_secs_f64();
    let copied = ground.floors.copied(tenant.0).await.expect("the rows");
    (took, watched.expect("the watch"), copied)
}

/// The floor: seconds for parsing and for inserting the same rows.
async fn floor(ground: &Ground, round: usize, path: &Path, copied: &Copied) -> f64 {
    let tenant = ground.university(&format!("floor{round}")).await;
    let floors = &ground.floors;
    let prepared = floors.prepare_insert(tenant.0, copied).await;
    prepared.expect("what stands before the rows");
    let begun = Instant::now();
    let package = read_path(path, &PackageLimits::default()).expect("the package");
    let parsed = begun.elapsed().as_secs_f64();
    drop(package);
    let begun = Instant::now();
    let inserted = floors.bare_insert(tenant.0, copied).await;
    inserted.expect("the same rows");
    parsed + begun.elapsed().as_secs_f64()
}

/// Time and memory.
pub async fn figures() -> Vec<Figure> {
    let ground = Ground::new().await;
    std::fs::create_dir_all(ground.bed.folder().join("data")).expect("a folder");
    let candidates = number("XJ_BENCH_CANDIDATES", CANDIDATES);
    let path = package(&ground, 41, candidates);
    let (mut times, mut floors, mut memory) = (Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        let (took, peak, copied) = own(&ground, round, &path).await;
        assert!(copied.len() > 2 * usize::try_from(candidates).unwrap_or_default());
        times.push(took);
        memory = memory.max(peak);
        floors.push(floor(&ground, round, &path, &copied).await);
    }
    ground.end().await;
    let (time, floor) = (median(times), median(floors));
    let kib = f64::from(u32::try_from(memory).unwrap_or(u32::MAX));
    vec![
        Figure {
            name: "import_time",
            value: time / floor,
            unit: "x floor",
            goal: Goal::AtMost(3.0),
            floor: Some((time, floor, "s")),
        },
        Figure {
            name: "import_memory",
            value: kib / 1_024.0,
            unit: "MiB",
            goal: Goal::AtMost(300.0),
            floor: None,
        },
    ]
}
