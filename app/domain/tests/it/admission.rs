//! The check of admission data. Whole packages are generated and checked with the file formats.

mod properties;
mod rows;
mod rules;
mod snapshot;
mod words;

use chrono::NaiveDate;
use domain::admission::check::{CheckContext, CheckReport, check};
use domain::admission::finding::{FindingKind as Kind, Severity};
use domain::admission::path::AdmissionPath;
use domain::admission::source::{
    AdmissionPackage, OfferedMajor, ProvinceFolder, SourceRow, Table, TableField,
};
use domain::institution::SchoolCode;
use std::collections::{BTreeMap, BTreeSet};

const ID: &str = "310115200803150010";

fn context() -> CheckContext {
    CheckContext {
        year: 2026,
        school_codes: vec![SchoolCode::parse("10264").unwrap()],
        today: NaiveDate::from_ymd_opt(2026, 8, 20).unwrap(),
        path: AdmissionPath::Ordinary,
    }
}

type Row = BTreeMap<&'static str, String>;

/// A sound candidate with some cells changed.
fn candidate(changes: &[(&'static str, &str)]) -> Row {
    let sound = [
        ("KSH", "26310000150001"),
        ("XM", "张三"),
        ("XBDM", "1"),
        ("CSRQ", "20080315"),
        ("MZDM", "01"),
        ("ZZMMDM", "03"),
        ("ZJLXDM", "1"),
        ("ZJHM", ID),
        ("LQZY", "01"),
        ("TDYYDM", ""),
        ("YXDM", ""),
        ("PCDM", ""),
    ];
    sound
        .iter()
        .chain(changes)
        .map(|(field, value)| (*field, (*value).to_owned()))
        .collect()
}

fn table(file: &str, rows: &[Row]) -> Table {
    let names: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    let source = |(number, row): (u32, &Row)| SourceRow {
        row: number,
        values: names
            .iter()
            .map(|name| row.get(name).cloned().unwrap_or_default())
            .collect(),
        ..SourceRow::default()
    };
    Table {
        file: file.to_owned(),
        fields: names
            .iter()
            .map(|name| TableField {
                name: (*name).to_owned(),
                width: 60,
            })
            .collect(),
        rows: (1..).zip(rows).map(source).collect(),
    }
}

fn folder(name: &str, rows: &[Row]) -> ProvinceFolder {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(code, text)| ((*code).to_owned(), (*text).to_owned()))
            .collect()
    };
    ProvinceFolder {
        name: name.to_owned(),
        bmk: None,
        tdd: Some(table(&format!("{name}/T_TDD.DBF"), rows)),
        dictionaries: BTreeMap::from([
            (
                "TD_MZDM".to_owned(),
                pairs(&[("01", "汉族"), ("05", "维吾尔族")]),
            ),
            (
                "TD_ZZMMDM".to_owned(),
                pairs(&[("03", "中国共产主义青年团团员")]),
            ),
            (
                "TD_ZJLXDM".to_owned(),
                pairs(&[("1", "居民身份证"), ("3", "护照")]),
            ),
            ("TD_PCDM".to_owned(), pairs(&[("1", "本科批")])),
        ]),
        majors: vec![OfferedMajor {
            offer_code: "01".to_owned(),
            name: "海洋科学".to_owned(),
            ..OfferedMajor::default()
        }],
    }
}

fn package(folders: Vec<ProvinceFolder>) -> AdmissionPackage {
    AdmissionPackage {
        folders,
        notices: Vec::new(),
    }
}

fn checked(rows: &[Row]) -> CheckReport {
    check(&package(vec![folder("上海市", rows)]), &context())
}

/// Kinds and weights found in one changed candidate.
fn found(changes: &[(&'static str, &str)]) -> Vec<(Kind, Severity)> {
    checked(&[candidate(changes)])
        .findings
        .iter()
        .map(|finding| (finding.kind, finding.severity))
        .collect()
}

fn errors(changes: &[(&'static str, &str)]) -> Vec<Kind> {
    found(changes)
        .into_iter()
        .filter(|(_, severity)| *severity == Severity::Error)
        .map(|(kind, _)| kind)
        .collect()
}

fn warnings(changes: &[(&'static str, &str)]) -> Vec<Kind> {
    found(changes)
        .into_iter()
        .filter(|(_, severity)| *severity == Severity::Warning)
        .map(|(kind, _)| kind)
        .collect()
}

fn kinds(report: &CheckReport) -> Vec<Kind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

/// 学制 is one length however it is written; half years and codes are read as none.
#[test]
fn a_length_of_study_is_read_however_it_is_written() {
    for written in ["4", " 4 ", "4年", "4 年", "四年", "四年制", "4年制", "四"] {
        assert_eq!(domain::admission::years(written), Some(4), "{written}");
    }
    assert_eq!(domain::admission::years("五年"), Some(5));
    for none in ["", "年", "04", "2.5", "二点五年", "四十", "年制", "1"] {
        assert_eq!(domain::admission::years(none), None, "{none}");
    }
}
