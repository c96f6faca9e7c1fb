//! The shared sample package, when it is there: its expected counts come out through the job.

use crate::admission::ground::Ground;
use domain::admission::path::AdmissionPath;
use domain::view::admission::RowState;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use store::testkit::on_both;

fn samples() -> Option<PathBuf> {
    let named = std::env::var_os("XJ_SAMPLES").map(PathBuf::from);
    let must = named.is_some();
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let path = named.unwrap_or(beside).join("admission-2026");
    assert!(
        path.is_dir() || !must,
        "XJ_SAMPLES names a folder without {}",
        path.display()
    );
    Some(path).filter(|path| path.is_dir())
}

#[tokio::test]
async fn the_expected_counts_come_out_and_exactly_the_good_rows_go_in() {
    let Some(path) = samples() else {
        println!("sample: absent");
        return;
    };
    println!("sample: ran");
    let expected: Value =
        serde_json::from_slice(&std::fs::read(path.join("expected.json")).unwrap()).unwrap();
    let counts: BTreeMap<String, u64> = serde_json::from_value(expected["counts"].clone()).unwrap();
    let touched: BTreeSet<&str> = expected["defects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|defect| defect["ksh"].as_str().unwrap())
        .collect();
    // A repeated 考生号 is one finding and two records.
    let good = counts["rows"] - touched.len() as u64 - counts["duplicate_ksh"];
    let (path, counts) = (&path, &counts);
    on_both(|bed| async move {
        let ground = Ground::of_school(bed, "10264").await;
        let summary = ground
            .services
            .import_path(&ground.officer, path, 2026, AdmissionPath::Ordinary, &[])
            .await
            .unwrap();
        assert!(!summary.already);
        assert_eq!(&summary.view.line.counts.source, counts);
        assert_eq!(summary.view.line.counts.in_state(RowState::Confirmed), good);
        assert_eq!(ground.candidates().await, good);
        let again = ground
            .services
            .import_path(&ground.officer, path, 2026, AdmissionPath::Ordinary, &[])
            .await
            .unwrap();
        assert!(again.already);
        ground.assert_sound().await;
    })
    .await;
}
