//! An intake of 20,000 by the command line, beside parsing alone and a bare insert of the same rows; and its memory, by
//! the command line and through the page of a running service.

use crate::ground::{Ground, OFFICER, ROUNDS, Size};
use crate::memory::Watch;
use crate::report::{Figure, Goal, median};
use crate::upload;
use formats::package::{PackageLimits, read_path};
use formats::sample::{PackageSpec, ZipNames};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use store::floors::Copied;

const CANDIDATES: u32 = 20_000;

/// How many candidates this run takes.
pub fn candidates() -> Size {
    Size::of("XJ_BENCH_CANDIDATES", CANDIDATES)
}

/// Writes the package of an intake: so many candidates from every province in every shape, all of them good, so that
/// none is left behind.
pub fn package(ground: &Ground, seed: u64, candidates: u32) -> PathBuf {
    let mut spec = PackageSpec::demonstration(seed, 2026, candidates);
    let mut left = candidates;
    for province in &mut spec.provinces {
        province.defects.clear();
        left -= province.rows;
    }
    if let Some(first) = spec.provinces.first_mut() {
        first.rows += left;
    }
    let sample = spec.generate();
    assert_eq!(sample.counts.get("rows"), Some(&u64::from(candidates)));
    assert!(sample.defects.is_empty());
    let path = ground.bed.folder().join(format!("intake-{seed}.zip"));
    std::fs::write(&path, sample.zip(ZipNames::Gbk)).expect("a package");
    path
}

fn command(ground: &Ground, path: &Path, slug: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xj"));
    ground.settle(&mut command);
    command
        .args(["admission", "import"])
        .arg(path)
        .args(["--tenant", slug, "--year", "2026", "--as", OFFICER])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Nothing is left out: whoever was in the package is a candidate and a student.
fn whole(copied: &Copied, candidates: u32) {
    let wanted = usize::try_from(candidates).unwrap_or(usize::MAX);
    for table in ["import_row", "candidate", "student"] {
        assert_eq!(copied.rows_in(table), wanted, "rows of {table}");
    }
}

/// One import of the product: seconds, peak in KiB, and the rows it wrote.
async fn own(ground: &Ground, round: usize, path: &Path) -> (f64, u64, Copied) {
    let slug = format!("own{round}");
    let tenant = ground.university(&slug).await;
    ground.officer(tenant).await;
    let mut command = command(ground, path, &slug);
    let begun = Instant::now();
    let mut running = command.spawn().expect("xj");
    let watch = Watch::on(running.id());
    let ended = tokio::task::spawn_blocking(move || running.wait()).await;
    let took = begun.elapsed().as_secs_f64();
    let status = ended.expect("the wait").expect("the program");
    assert!(status.success(), "the import of the bench");
    let copied = ground.floors.copied(tenant.0).await.expect("the rows");
    (took, watch.end(), copied)
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
    let size = candidates();
    let path = package(&ground, 41, size.number);
    let (mut memory, by_page) = upload::peak(&ground, &path).await;
    let copied = ground.floors.copied(by_page.0).await.expect("the rows");
    whole(&copied, size.number);
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (took, peak, copied) = own(&ground, round, &path).await;
        whole(&copied, size.number);
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
            reduced: size.reduced,
        },
        Figure {
            name: "import_memory",
            value: kib / 1_024.0,
            unit: "MiB",
            goal: Goal::AtMost(300.0),
            floor: None,
            reduced: size.reduced,
        },
    ]
}
