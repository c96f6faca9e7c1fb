//! Any generated package gives exactly the findings that were planted in it.

use chrono::NaiveDate;
use domain::admission::check::{CheckContext, CheckReport, check};
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use formats::package::{PackageLimits, read_files, read_zip};
use formats::sample::{Defect, PackageSpec, ProvinceSpec, SamplePackage, Shape, ZipNames};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

fn context(year: u16) -> CheckContext {
    CheckContext {
        year,
        school_code: None,
        today: NaiveDate::from_ymd_opt(i32::from(year), 8, 20).unwrap(),
        path: AdmissionPath::Ordinary,
    }
}

fn pairs(report: &CheckReport) -> Vec<(String, FindingKind)> {
    let mut pairs: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (finding.ksh.clone(), finding.kind))
        .collect();
    pairs.sort();
    pairs
}

fn assert_as_planted(sample: &SamplePackage, report: &CheckReport) {
    assert_eq!(pairs(report), sample.defects);
    assert_eq!(report.counts, sample.counts);
}

fn shape() -> impl Strategy<Value = Shape> {
    let prefix = prop_oneof![
        Just(String::new()),
        Just("SH_".to_owned()),
        Just("上海-".to_owned())
    ];
    let language = prop_oneof![Just(0x00), Just(0x03), Just(0x4D), any::<u8>()];
    let absent =
        proptest::sample::subsequence(vec!["TD_MZDM", "TD_ZZMMDM", "TD_TDYYDM", "TD_ZYDH"], 0..=4);
    (
        any::<bool>(),
        any::<bool>(),
        prefix,
        language,
        any::<bool>(),
        absent,
    )
        .prop_map(
            |(with_bmk, lower_case, prefix, language, rare_names, absent)| Shape {
                with_bmk,
                lower_case,
                prefix,
                language,
                rare_names,
                absent: absent.into_iter().collect(),
                broad: lower_case.then_some(16),
            },
        )
}

fn province(code: &'static str) -> impl Strategy<Value = ProvinceSpec> {
    let defects = proptest::collection::btree_map(
        proptest::sample::select(Defect::ALL.to_vec()),
        0_u32..3,
        0..12,
    );
    (0_u32..40, shape(), defects).prop_map(move |(rows, shape, defects)| ProvinceSpec {
        code: code.to_owned(),
        rows,
        shape,
        defects,
    })
}

fn spec() -> impl Strategy<Value = PackageSpec> {
    (
        any::<u64>(),
        2020_u16..2032,
        province("31"),
        province("65"),
        province("43"),
    )
        .prop_map(|(seed, year, a, b, c)| PackageSpec {
            seed,
            year,
            provinces: vec![a, b, c],
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn check_finds_what_was_planted_and_nothing_else(spec in spec()) {
        let sample = spec.generate();
        let package = read_files(sample.files.clone(), "x", &PackageLimits::default()).unwrap();
        let report = check(&package, &context(spec.year));
        assert_as_planted(&sample, &report);
    }

    #[test]
    fn zip_with_any_names_reads_the_same(spec in spec(), gbk in any::<bool>()) {
        let sample = spec.generate();
        let names = if gbk { ZipNames::Gbk } else { ZipNames::Utf8 };
        let limits = PackageLimits::default();
        let zipped = read_zip(Cursor::new(sample.zip(names)), "x", &limits).unwrap();
        prop_assert_eq!(&zipped, &read_files(sample.files.clone(), "x", &limits).unwrap());
        let json = serde_json::to_string(&zipped).unwrap();
        prop_assert_eq!(serde_json::from_str::<domain::admission::source::AdmissionPackage>(&json).unwrap(), zipped);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes(spec in spec()) {
        prop_assert_eq!(spec.generate().files, spec.generate().files);
    }
}

#[test]
fn every_defect_is_found_in_every_shape() {
    for with_bmk in [true, false] {
        let shape = Shape {
            with_bmk,
            ..Shape::default()
        };
        let defects: BTreeMap<Defect, u32> =
            Defect::ALL.into_iter().map(|defect| (defect, 2)).collect();
        let province = |code: &str| ProvinceSpec {
            code: code.to_owned(),
            rows: 80,
            shape: shape.clone(),
            defects: defects.clone(),
        };
        let spec = PackageSpec {
            seed: 1,
            year: 2026,
            provinces: vec![province("31"), province("32")],
        };
        let sample = spec.generate();
        let package = read_files(sample.files.clone(), "x", &PackageLimits::default()).unwrap();
        let report = check(&package, &context(2026));
        assert_as_planted(&sample, &report);
        let kinds: BTreeSet<FindingKind> =
            report.findings.iter().map(|finding| finding.kind).collect();
        let orphans = [FindingKind::OrphanBmk, FindingKind::OrphanTdd];
        let all: BTreeSet<FindingKind> = Defect::ALL
            .map(Defect::kind)
            .into_iter()
            .filter(|kind| with_bmk || !orphans.contains(kind))
            .collect();
        assert_eq!(kinds, all);
    }
}

/// Spoilt documents are drawn from few dates and few serials: they must not become somebody else's by chance.
#[test]
fn spoilt_documents_are_as_distinct_as_the_sound_ones() {
    for defect in [Defect::UnusualAge, Defect::BadDate, Defect::UnknownArea] {
        let spec = PackageSpec {
            seed: 3,
            year: 2026,
            provinces: vec![ProvinceSpec {
                code: "65".to_owned(),
                rows: 200,
                shape: Shape::default(),
                defects: BTreeMap::from([(defect, 200)]),
            }],
        };
        let sample = spec.generate();
        let package = read_files(sample.files.clone(), "x", &PackageLimits::default()).unwrap();
        assert_as_planted(&sample, &check(&package, &context(2026)));
    }
}

#[test]
fn a_demonstration_has_distinct_people() {
    let sample = PackageSpec::demonstration(7, 2026, 20_000).generate();
    let package = read_files(sample.files.clone(), "x", &PackageLimits::default()).unwrap();
    let report = check(&package, &context(2026));
    assert_as_planted(&sample, &report);
    let names: BTreeSet<&str> = report
        .candidates
        .iter()
        .map(|c| c.facts.name.as_str())
        .collect();
    assert!(report.candidates.len() > 19_900);
    assert!(
        names.len() > report.candidates.len() * 97 / 100,
        "{} of {}",
        names.len(),
        report.candidates.len()
    );
    // The reserved block that makes made-up numbers recognisable.
    let numbers = report.candidates.iter().filter_map(|c| {
        let number = c.facts.id_number.as_deref()?;
        (number.len() == 18).then(|| &number[14..17])
    });
    let serials: BTreeSet<&str> = numbers.collect();
    assert!(serials.iter().all(|serial| *serial <= "009"), "{serials:?}");
    let minority = report
        .candidates
        .iter()
        .filter(|c| c.facts.ethnic_code.as_deref() != Some("01"))
        .count();
    assert!((6..12).contains(&(minority * 100 / report.candidates.len())));
    let rare = report
        .candidates
        .iter()
        .filter(|c| c.facts.name.contains(['䶮', '㛃', '𬭎', '𠅤']))
        .count();
    assert!(rare > 20);
}
