//! The shared sample package gives exactly the findings that it promises.

use chrono::NaiveDate;
use domain::admission::check::{CandidateStatus, CheckContext, check};
use domain::admission::finding::Severity;
use domain::admission::path::AdmissionPath;
use domain::institution::SchoolCode;
use formats::package::{PackageLimits, read_path};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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

#[test]
fn sample_package_gives_exactly_the_expected_findings() {
    let Some(path) = samples() else {
        println!("sample: absent");
        return;
    };
    println!("sample: ran");
    let expected: Value =
        serde_json::from_slice(&std::fs::read(path.join("expected.json")).unwrap()).unwrap();
    let package = read_path(&path, &PackageLimits::default()).unwrap();
    let context = CheckContext {
        year: 2026,
        school_codes: vec![SchoolCode::parse("10264").unwrap()],
        today: NaiveDate::from_ymd_opt(2026, 8, 20).unwrap(),
        path: AdmissionPath::Ordinary,
    };
    let report = check(&package, &context);
    let counts: BTreeMap<String, u64> = serde_json::from_value(expected["counts"].clone()).unwrap();
    assert_eq!(report.counts, counts);
    let pair = |ksh: &str, kind: &str| (ksh.to_owned(), kind.to_owned());
    let wanted: BTreeSet<(String, String)> = expected["defects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|defect| {
            pair(
                defect["ksh"].as_str().unwrap(),
                defect["kind"].as_str().unwrap(),
            )
        })
        .collect();
    let found: BTreeSet<(String, String)> = report
        .findings
        .iter()
        .map(|f| pair(&f.ksh, f.kind.key()))
        .collect();
    assert_eq!(found, wanted);
    for finding in &report.findings {
        let counted_only = ["deleted", "withdrawn", "dot_variant"].contains(&finding.kind.key());
        assert_eq!(finding.severity == Severity::Warning, counted_only);
    }
    let good = report
        .candidates
        .iter()
        .filter(|candidate| candidate.status == CandidateStatus::Good)
        .count();
    assert_eq!(good, 27, "the rows that the platform's sample list answers");
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.text(domain::text::Lang::Zh).contains("TD_PCDM"))
    );
}
