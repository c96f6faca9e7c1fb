//! Any generated package gives exactly the findings that were planted in it.

use chrono::NaiveDate;
use domain::admission::check::{CheckContext, CheckReport, check};
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::admission::source::suggest_mapping;
use domain::institution::SchoolCode;
use formats::package::{PackageLimits, read_files, read_zip};
use formats::sample::{
    Beside, ColumnNames, ColumnOrder, ColumnTypes, Defect, EndMark, Folders, MajorTable, NameCase,
    PackageSpec, ProvinceSpec, SamplePackage, SampleSheet, Shape, ZipNames,
};
use formats::table::{TableLimits, read, to_package};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

/// The importing school.
const OURS: &str = "10264";

fn context(year: u16) -> CheckContext {
    CheckContext {
        year,
        school_codes: vec![SchoolCode::parse(OURS).unwrap()],
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
    let names = (
        any::<bool>(),
        select(&NameCase::ALL),
        prefix,
        language,
        any::<bool>(),
        absent,
    );
    let columns = (
        select(&ColumnNames::ALL),
        select(&ColumnTypes::ALL),
        select(&ColumnOrder::ALL),
        select(&MajorTable::ALL),
        select(&Beside::ALL),
        select(&Folders::ALL),
        select(&EndMark::ALL),
        any::<bool>(),
        any::<bool>(),
    );
    (names, columns).prop_map(
        |(
            (with_bmk, case, prefix, language, rare_names, absent),
            (names, types, order, majors, beside, folders, end, school, broad),
        )| Shape {
            with_bmk,
            case,
            prefix,
            language,
            rare_names,
            absent: absent.into_iter().collect(),
            names,
            types,
            order,
            majors,
            beside,
            folders,
            end,
            school: school.then(|| OURS.to_owned()),
            broad: broad.then_some(16),
        },
    )
}

fn select<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
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

/// The export has a column that nothing here uses, and its code table: without its code there, every row is told.
#[test]
fn codes_of_an_unused_column_are_looked_up_in_the_tables_of_the_export() {
    let province = ProvinceSpec {
        code: "31".to_owned(),
        rows: 6,
        shape: Shape {
            beside: Beside::Everything,
            ..Shape::default()
        },
        defects: BTreeMap::new(),
    };
    let spec = PackageSpec {
        seed: 9,
        year: 2026,
        provinces: vec![province],
    };
    let sample = spec.generate();
    let limits = PackageLimits::default();
    let mut package = read_files(sample.files.clone(), "x", &limits).unwrap();
    assert_as_planted(&sample, &check(&package, &context(2026)));
    let folder = &mut package.folders[0];
    let codes = folder.dictionaries.get_mut("TD_JHLBDM").unwrap();
    codes.remove("1");
    let told = check(&package, &context(2026)).findings;
    assert_eq!(told.len(), 6);
    let unknown = (FindingKind::UnknownCode, "JHLBDM");
    assert!(told.iter().all(|f| (f.kind, f.field.as_str()) == unknown));
}

/// Every shape that can be told from another, each once.
fn shapes() -> Vec<Shape> {
    let mut shapes = vec![Shape {
        school: Some(OURS.to_owned()),
        ..Shape::default()
    }];
    shapes = vary(&shapes, &[true, false], |shape, with_bmk| {
        shape.with_bmk = with_bmk;
    });
    shapes = vary(&shapes, &NameCase::ALL, |shape, case| shape.case = case);
    shapes = vary(&shapes, &ColumnNames::ALL, |shape, names| {
        shape.names = names;
    });
    shapes = vary(&shapes, &ColumnTypes::ALL, |shape, types| {
        shape.types = types;
    });
    shapes = vary(&shapes, &ColumnOrder::ALL, |shape, order| {
        shape.order = order;
    });
    shapes = vary(&shapes, &MajorTable::ALL, |shape, majors| {
        shape.majors = majors;
    });
    shapes = vary(&shapes, &Beside::ALL, |shape, beside| shape.beside = beside);
    shapes = vary(&shapes, &Folders::ALL, |shape, folders| {
        shape.folders = folders;
    });
    vary(&shapes, &EndMark::ALL, |shape, end| shape.end = end)
}

fn vary<T: Copy>(shapes: &[Shape], values: &[T], set: fn(&mut Shape, T)) -> Vec<Shape> {
    let each = |shape: &Shape| {
        let shape = shape.clone();
        values.iter().map(move |value| {
            let mut shape = shape.clone();
            set(&mut shape, *value);
            shape
        })
    };
    shapes.iter().flat_map(each).collect()
}

/// Any two features of a shape as they occur together.
fn pairs_of_features(shapes: &[Shape]) -> BTreeSet<[String; 2]> {
    let features = |s: &Shape| {
        [
            format!("{:?}", s.with_bmk),
            format!("{:?}", s.case),
            format!("{:?}", s.names),
            format!("{:?}", s.types),
            format!("{:?}", s.order),
            format!("{:?}", s.majors),
            format!("{:?}", s.beside),
            format!("{:?}", s.folders),
            format!("{:?}", s.end),
        ]
    };
    let mut pairs = BTreeSet::new();
    for shape in shapes {
        let features = features(shape);
        for (at, one) in features.iter().enumerate() {
            for (other_at, other) in features.iter().enumerate().skip(at + 1) {
                pairs.insert([format!("{at} {one}"), format!("{other_at} {other}")]);
            }
        }
    }
    pairs
}

/// All shapes times all defects with `XJ_LONG=1`; else so many that any two features of a shape meet. Every kind of
/// finding that a package can have is seen in each.
#[test]
fn every_defect_is_found_in_every_shape() {
    let all = shapes();
    assert_eq!(all.len(), 2 * 3 * 2 * 2 * 2 * 3 * 2 * 4 * 2);
    let long = std::env::var_os("XJ_LONG").is_some_and(|asked| asked == "1");
    let step = if long { 1 } else { 19 };
    let shapes: Vec<Shape> = all.iter().step_by(step).cloned().collect();
    assert_eq!(pairs_of_features(&shapes), pairs_of_features(&all));
    for (seed, shape) in (0_u64..).zip(shapes) {
        let defects: BTreeMap<Defect, u32> =
            Defect::ALL.into_iter().map(|defect| (defect, 1)).collect();
        let province = |code: &str| ProvinceSpec {
            code: code.to_owned(),
            rows: 40,
            shape: shape.clone(),
            defects: defects.clone(),
        };
        // A province twice: two packages of the same name must not fall together.
        let spec = PackageSpec {
            seed,
            year: 2026,
            provinces: vec![province("31"), province("65"), province("31")],
        };
        let sample = spec.generate();
        let package = read_files(sample.files.clone(), "x", &PackageLimits::default())
            .unwrap_or_else(|error| panic!("{shape:?}: {error}"));
        let report = check(&package, &context(2026));
        assert_eq!(pairs(&report), sample.defects, "{shape:?}");
        assert_eq!(report.counts, sample.counts, "{shape:?}");
        let kinds: BTreeSet<FindingKind> =
            report.findings.iter().map(|finding| finding.kind).collect();
        let all: BTreeSet<FindingKind> = Defect::ALL
            .into_iter()
            .filter(|defect| *defect == Defect::TwoProvinces || defect.is_known_to(&shape))
            .map(Defect::kind)
            .collect();
        assert_eq!(kinds, all, "{shape:?}");
        let told = report
            .candidates
            .iter()
            .all(|c| c.facts.major.name.is_some());
        assert!(told, "{shape:?}: a major without a name");
    }
}

/// Codes of nine characters, of seven digits and of an older catalogue arrive whole.
#[test]
fn long_codes_of_majors_are_kept() {
    let spec = PackageSpec {
        seed: 5,
        year: 2026,
        provinces: vec![ProvinceSpec {
            code: "31".to_owned(),
            rows: 40,
            shape: Shape {
                majors: MajorTable::LongCodes,
                ..Shape::default()
            },
            defects: BTreeMap::new(),
        }],
    };
    let package = read_files(spec.generate().files, "x", &PackageLimits::default()).unwrap();
    let report = check(&package, &context(2026));
    let codes: BTreeSet<&str> = report
        .candidates
        .iter()
        .filter_map(|c| c.facts.major.national_code.as_deref())
        .collect();
    for code in ["0502104TK", "0502100T", "140001TK", "083201TK"] {
        assert!(codes.contains(code), "{code}");
    }
}

/// The plan tells the majors where there is no `TD_ZYDH`; where there is one, that one counts.
#[test]
fn the_plan_tells_the_majors_where_nothing_else_does() {
    let of = |majors| {
        let spec = PackageSpec {
            seed: 6,
            year: 2026,
            provinces: vec![ProvinceSpec {
                code: "31".to_owned(),
                rows: 5,
                shape: Shape {
                    majors,
                    ..Shape::default()
                },
                defects: BTreeMap::new(),
            }],
        };
        spec.generate().files
    };
    let read = |files| {
        let package = read_files(files, "x", &PackageLimits::default()).unwrap();
        package.folders[0].majors.clone()
    };
    let plan = of(MajorTable::Plan);
    assert_eq!(read(plan.clone()).len(), 16);
    let jhk = plan.iter().find(|(path, _)| path.ends_with("T_JHK.DBF"));
    let mut both = of(MajorTable::LongCodes);
    both.push(jhk.unwrap().clone());
    assert_eq!(read(both).len(), 20);
    let mut no_table: Vec<_> = plan.clone();
    no_table.retain(|(path, _)| !path.ends_with("T_JHK.DBF"));
    assert_eq!(read(no_table), Vec::new());
}

/// 办法 三（五）1（3）: 准考证号 stands with the person, 层次 and 学制 with the major on offer, by codes of the folder's tables.
#[test]
fn what_an_export_says_of_permit_level_and_length_arrives() {
    for (with_bmk, majors) in [
        (true, MajorTable::Dictionary),
        (false, MajorTable::LongCodes),
        (true, MajorTable::Plan),
    ] {
        let spec = PackageSpec {
            seed: 7,
            year: 2026,
            provinces: vec![ProvinceSpec {
                code: "31".to_owned(),
                rows: 12,
                shape: Shape {
                    with_bmk,
                    majors,
                    beside: Beside::Everything,
                    ..Shape::default()
                },
                defects: BTreeMap::new(),
            }],
        };
        let package = read_files(spec.generate().files, "x", &PackageLimits::default()).unwrap();
        let report = check(&package, &context(2026));
        assert_eq!(report.candidates.len(), 12);
        // The plan has no columns for them.
        let told = majors != MajorTable::Plan;
        for candidate in &report.candidates {
            let facts = &candidate.facts;
            assert_eq!(facts.zkzh.as_ref().map(String::len), Some(9));
            assert_eq!(facts.major.level.as_deref(), told.then_some("本科"));
            assert_eq!(facts.major.length.as_deref(), told.then_some("四年"));
        }
    }
}

fn sheet_of(defects: &[Defect]) -> SampleSheet {
    let spec = PackageSpec {
        seed: 8,
        year: 2026,
        provinces: vec![ProvinceSpec {
            code: "31".to_owned(),
            rows: 60,
            shape: Shape::default(),
            defects: defects.iter().map(|defect| (*defect, 2)).collect(),
        }],
    };
    spec.sheet()
}

fn checked_sheet(bytes: &[u8]) -> CheckReport {
    let sheet = read(bytes, &TableLimits::default()).unwrap();
    let mapping = suggest_mapping(&sheet.headings);
    let package = to_package(&sheet, "x.xlsx", &mapping).unwrap();
    check(&package, &context(2026))
}

/// Trap 4 of formats.md §0: an ID number that became a number has lost its tail.
#[test]
fn a_worksheet_gives_what_was_planted_and_its_number_cells() {
    let defects: Vec<Defect> = Defect::ALL
        .into_iter()
        .filter(|defect| defect.fits_a_sheet())
        .collect();
    let sample = sheet_of(&defects);
    let report = checked_sheet(&sample.xlsx);
    assert_eq!(pairs(&report), sample.defects);
    assert_eq!(report.counts, sample.counts);
    assert_eq!(report.counts["numeric_id_cell"], 2);
    for facts in report.candidates.iter().map(|c| &c.facts) {
        assert_eq!(facts.zkzh.as_ref().map(String::len), Some(9));
        assert_eq!(facts.major.level.as_deref(), Some("本科"));
        assert_eq!(facts.major.study_form.as_deref(), Some("普通全日制"));
        assert_eq!(facts.major.length.as_deref(), Some("4"));
    }
    let without: Vec<Defect> = defects
        .into_iter()
        .filter(|defect| *defect != Defect::NumericId)
        .collect();
    let sample = sheet_of(&without);
    for bytes in [&sample.xlsx, &sample.csv] {
        let report = checked_sheet(bytes);
        assert_eq!(pairs(&report), sample.defects);
        assert_eq!(report.counts, sample.counts);
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
