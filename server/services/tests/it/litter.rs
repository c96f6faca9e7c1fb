//! Files that no row names: what a process leaves that was killed between file and commit, or between commit and removal.

use crate::admission::ground::{Ground, package};
use crate::admission::photos::{jpeg, send, students};
use chrono::{DateTime, TimeDelta, Utc};
use formats::sample::ZipNames;
use services::Upkeep;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use store::testkit::on_both;
use uuid::Uuid;

fn folder(ground: &Ground) -> PathBuf {
    let files = ground.bed.folder().join("files");
    files.join(ground.tenant.to_string())
}

/// Lets a file have been put at a time.
fn put_at(file: &Path, time: DateTime<Utc>) {
    let file = std::fs::File::options().write(true).open(file).unwrap();
    file.set_modified(SystemTime::from(time)).unwrap();
}

fn orphan(ground: &Ground, time: DateTime<Utc>) -> PathBuf {
    let file = folder(ground).join(ground.bed.store().id().to_string());
    std::fs::write(&file, "sealed").unwrap();
    put_at(&file, time);
    file
}

/// Everything that lies in the file store of the school.
fn all(ground: &Ground) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(ground)).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// What sealing adds to a file: a header, a nonce and a tag.
const SEALED_WITH: u64 = 6 + 12 + 16;

/// What the operator is told of the bytes of the school's files.
async fn told(ground: &Ground) -> u64 {
    ground.services.statistics(ground.tenant).await.unwrap();
    let tenants = ground.bed.store().control().tenants().await.unwrap();
    let told = tenants
        .into_iter()
        .find(|(row, _)| row.id == ground.tenant.0);
    u64::try_from(told.unwrap().1.unwrap().file_bytes).unwrap()
}

/// How many files lie in the file store of the school, and the bytes that were sealed in them.
fn lying(ground: &Ground) -> (usize, u64) {
    let files = all(ground);
    let sealed = |file: &PathBuf| std::fs::metadata(file).unwrap().len() - SEALED_WITH;
    (files.len(), files.iter().map(sealed).sum())
}

/// Files come, photos among them, and go again: what the operator is told follows.
#[tokio::test]
async fn the_operator_is_told_the_bytes_of_the_files() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        assert_eq!(told(&ground).await, 0);
        let sample = package(94, 4, &[]);
        let zip = sample.zip(ZipNames::Gbk).len();
        let import = ground.confirmed(&sample).await;
        assert_eq!(told(&ground).await, u64::try_from(zip).unwrap());
        assert_eq!((1, told(&ground).await), lying(&ground));
        let photos: Vec<(String, Vec<u8>)> = (1..)
            .zip(students(&ground).await)
            .take(3)
            .map(|(mark, student)| (format!("{}.jpg", student.ksh), jpeg(mark)))
            .collect();
        let pictures: usize = photos.iter().map(|(_, bytes)| bytes.len()).sum();
        let sent = send(&ground, &photos).await.line.id;
        let full = told(&ground).await;
        assert!(full > u64::try_from(zip + pictures).unwrap());
        assert_eq!((5, full), lying(&ground));
        ground.undo(sent).await.unwrap();
        let without = told(&ground).await;
        assert_eq!(without, full - u64::try_from(pictures).unwrap());
        assert_eq!((2, without), lying(&ground));
        ground.undo(import).await.unwrap();
        assert_eq!(told(&ground).await, lying(&ground).1);
    })
    .await;
}

/// The first attempt at a job may be long ago: the next one writes over what it left.
async fn of_open_job(ground: &Ground, time: DateTime<Utc>) -> PathBuf {
    let upload = ground.upload(package(98, 2, &[]).zip(ZipNames::Gbk));
    let import = upload.await.import();
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let job: Uuid = unit.import(import).await.unwrap().job_id.unwrap();
    let file = folder(ground).join(job.to_string());
    std::fs::write(&file, "sealed").unwrap();
    put_at(&file, time);
    file
}

#[tokio::test]
async fn what_no_row_names_goes_after_a_day() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let _import = ground.confirmed(&package(97, 2, &[])).await;
        let now = ground.bed.store().now();
        let old = now - TimeDelta::hours(25);
        let named = all(&ground);
        assert_eq!(named.len(), 1);
        put_at(&named[0], old);
        let young = orphan(&ground, now - TimeDelta::hours(23));
        let litter = [orphan(&ground, old), orphan(&ground, old)];
        let job = of_open_job(&ground, old).await;
        let before = all(&ground).len();
        Upkeep::new(ground.services.clone()).round().await.unwrap();
        assert!(litter.iter().all(|file| !file.exists()), "{litter:?}");
        assert!(named[0].exists() && young.exists() && job.exists());
        assert_eq!(all(&ground).len(), before - 2);
        // The job comes to its end without that file: now nobody will write it any more.
        ground.work().await;
        let again = ground.services.remove_litter(ground.tenant).await;
        assert_eq!(again.unwrap(), 1);
        assert!(!job.exists());
    })
    .await;
}

/// A round may come late, and the service may start in any minute: no hour is left out.
#[tokio::test]
async fn files_are_swept_at_the_start_and_whenever_an_hour_has_passed() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let _import = ground.confirmed(&package(95, 2, &[])).await;
        ground.bed.advance(TimeDelta::minutes(17));
        let mut upkeep = Upkeep::new(ground.services.clone());
        let (mut swept, mut passed) = (Vec::new(), 0);
        for minutes in [0, 30, 59, 61, 119, 122] {
            ground.bed.advance(TimeDelta::minutes(minutes - passed));
            passed = minutes;
            let litter = orphan(&ground, ground.bed.store().now() - TimeDelta::hours(25));
            upkeep.round().await.unwrap();
            if !litter.exists() {
                swept.push(minutes);
            }
        }
        assert_eq!(swept, [0, 61, 122]);
    })
    .await;
}

/// A process that is killed while it writes a file leaves it under another name.
#[tokio::test]
async fn what_was_half_written_goes_after_a_day() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let _import = ground.confirmed(&package(96, 2, &[])).await;
        let now = ground.bed.store().now();
        let half = |time: DateTime<Utc>| {
            let whole = orphan(&ground, time);
            let half = whole.with_file_name(format!("{}#1", ground.bed.store().id()));
            std::fs::rename(whole, &half).unwrap();
            half
        };
        let (old, young) = (
            half(now - TimeDelta::hours(25)),
            half(now - TimeDelta::hours(23)),
        );
        let removed = ground.services.remove_litter(ground.tenant).await;
        assert_eq!(removed.unwrap(), 1);
        assert!(!old.exists() && young.exists());
    })
    .await;
}
