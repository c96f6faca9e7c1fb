//! What is written for people: text stays text, nothing runs, nothing is lost.

use chrono::NaiveDate;
use domain::admission::check::{CheckContext, CheckReport, check};
use domain::admission::finding::{FindingKind, Severity};
use domain::admission::path::AdmissionPath;
use domain::admission::repair::merge;
use domain::admission::source::{AdmissionPackage, suggest_mapping};
use domain::text::Lang;
use formats::package::{PackageLimits, read_files};
use formats::repair;
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape};
use formats::table::{Cell, Sheet, TableLimits, read, to_package};
use formats::workbook::{
    AnnotatedRow, Column, RESULT_HEADING, Remark, TemplateColumn, annotate, annotate_sheet,
    write_csv, write_table, write_template,
};
use proptest::prelude::*;
use std::io::{Cursor, Read as _};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 1).unwrap()
}

fn parse(bytes: &[u8]) -> Sheet {
    read(bytes, &TableLimits::default()).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\u{4e00}-\u{9fa5}a-zA-Z䶮𬭎·' ,;\"\n]{0,10}",
        "[0-9X]{0,20}",
        "[=+@'＝＋－＠-][A-Z0-9()!|' ]{0,10}",
    ]
    .prop_map(|text: String| text.trim().to_owned())
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    // The first cell is never empty, so that no row is blank.
    proptest::collection::vec(
        (
            ("[a-z]{1,5}", cell(), cell()).prop_map(|(a, b, c)| vec![a, b, c]),
            0..1,
        ),
        0..30,
    )
    .prop_map(|rows| rows.into_iter().map(|(row, _)| row).collect())
}

fn columns() -> Vec<Column> {
    ["键", "甲", "乙"].into_iter().map(Column::text).collect()
}

fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
    sheet
        .rows
        .iter()
        .map(|row| (0..3).map(|at| row.text(at).to_owned()).collect())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_workbook_reads_back_as_text(rows in rows()) {
        let bytes = write_table("表", &columns(), &rows, day()).unwrap();
        let sheet = parse(&bytes);
        prop_assert_eq!(texts(&sheet), rows);
        let only_text = sheet.rows.iter().flat_map(|row| &row.cells).all(|cell| matches!(cell, Cell::Text(_)));
        prop_assert!(only_text);
    }

    #[test]
    fn a_written_csv_reads_back_and_holds_no_formula(rows in rows()) {
        let bytes = write_csv(&columns(), &rows).unwrap();
        prop_assert!(bytes.starts_with(&[0xEF, 0xBB, 0xBF]));
        let mut raw = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[3..]);
        for record in raw.records() {
            let dangerous = record.unwrap().iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
            prop_assert!(!dangerous);
        }
        prop_assert_eq!(texts(&parse(&bytes)), rows);
    }
}

#[test]
fn the_same_rows_make_the_same_bytes() {
    let rows = [vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]];
    assert_eq!(
        write_table("表", &columns(), &rows, day()).unwrap(),
        write_table("表", &columns(), &rows, day()).unwrap()
    );
}

#[test]
fn formulas_are_text_and_numbers_only_where_asked_for() {
    let rows = [vec![
        "=1+1".to_owned(),
        "-1".to_owned(),
        "310115200803150010".to_owned(),
    ]];
    let columns = [
        Column::text("a"),
        Column::text("b").number(),
        Column::text("c").number(),
    ];
    let bytes = write_table("表", &columns, &rows, day()).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>"));
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
    assert!(xml.contains("<pane ySplit=\"1\"") && xml.contains("<autoFilter"));
    let sheet = parse(&bytes);
    assert_eq!(
        sheet.rows[0].cells[1],
        Cell::Number {
            number: "-1".to_owned()
        }
    );
    assert_eq!(
        sheet.rows[0].cells[2],
        Cell::Text("310115200803150010".to_owned())
    );
    let csv = String::from_utf8(write_csv(&columns, &rows).unwrap()).unwrap();
    assert!(csv.contains("'=1+1,-1,\t310115200803150010"));
}

#[test]
fn twenty_thousand_rows_are_all_there() {
    let row = |n: u32| vec![n.to_string(), format!("26310000{n:06}"), "张三".to_owned()];
    let bytes = write_table("表", &columns(), (0..20_001).map(row), day()).unwrap();
    let sheet = parse(&bytes);
    assert_eq!(sheet.rows.len(), 20_001);
    assert_eq!(sheet.rows[20_000].row, 20_002);
}

#[test]
fn a_template_offers_choices_and_its_example_is_no_data() {
    let column = |heading: &str, choices: &[&str], example: &str| TemplateColumn {
        heading: heading.to_owned(),
        width: 16.0,
        required: heading != "民族",
        note: Some("14 位数字".to_owned()),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        example: example.to_owned(),
    };
    let columns = [
        column("考生号", &[], "26310000150001"),
        column("姓名", &[], "张三"),
        column("性别", &["男", "女"], "男"),
        column("身份证号", &[], "310115200803150010"),
        column("民族", &["汉族", "蒙古族"], "汉族"),
    ];
    let bytes = write_template("新生", &columns, &["一行一人".to_owned()], day()).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("选项!$C$1:$C$2") && xml.contains("<pane ySplit=\"1\""));
    assert!(part(&bytes, "xl/comments1.xml").contains("14 位数字"));
    let sheet = parse(&bytes);
    assert_eq!(sheet.headings[0], "考生号*");
    assert!(sheet.rows.is_empty());
    assert!(
        suggest_mapping(&sheet.headings)
            .resolve(&sheet.headings)
            .is_ok()
    );
}

#[test]
fn remarks_are_colour_comment_and_words() {
    let remark = |column, severity, text: &str| Remark {
        column,
        severity,
        text: text.to_owned(),
    };
    let rows = [
        AnnotatedRow {
            row: 2,
            cells: vec!["1".to_owned()],
            remarks: vec![],
        },
        AnnotatedRow {
            row: 4,
            cells: vec!["2".to_owned(), "=x".to_owned()],
            remarks: vec![
                remark(Some(1), Severity::Error, "错在这里"),
                remark(None, Severity::Warning, "整行"),
            ],
        },
    ];
    let bytes = annotate("表", &columns()[..2], rows, day()).unwrap();
    let sheet = parse(&bytes);
    assert_eq!(sheet.headings, ["键", "甲", RESULT_HEADING]);
    assert_eq!(sheet.rows[1].row, 4);
    assert_eq!(sheet.rows[1].text(2), "错误：错在这里\n提示：整行");
    assert!(part(&bytes, "xl/comments1.xml").contains("错在这里"));
    assert!(part(&bytes, "xl/styles.xml").contains("FFC7CE"));
    let backwards = [AnnotatedRow {
        row: 0,
        cells: vec![],
        remarks: vec![],
    }];
    assert!(annotate("表", &columns(), backwards, day()).is_err());
}

fn context() -> CheckContext {
    CheckContext {
        year: 2026,
        school_code: None,
        today: day(),
        path: AdmissionPath::Ordinary,
    }
}

fn package(defects: &[Defect], with_bmk: bool) -> AdmissionPackage {
    let province = ProvinceSpec {
        code: "31".to_owned(),
        rows: 40,
        shape: Shape {
            with_bmk,
            ..Shape::default()
        },
        defects: defects.iter().map(|defect| (*defect, 1)).collect(),
    };
    let sample = PackageSpec {
        seed: 9,
        year: 2026,
        provinces: vec![province],
    }
    .generate();
    read_files(sample.files, "x", &PackageLimits::default()).unwrap()
}

fn kinds(report: &CheckReport) -> Vec<FindingKind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

/// Writes the workbook of findings, changes cells by heading in every row, reads it back and checks the merged package.
fn mend(
    package: &AdmissionPackage,
    change: impl Fn(usize, &str, &str) -> Option<String>,
) -> (AdmissionPackage, usize) {
    let report = check(package, &context());
    let mut sheet = parse(&repair::write(package, &report, Lang::Zh, day()).unwrap());
    let headings = sheet.headings.clone();
    for (number, row) in sheet.rows.iter_mut().enumerate() {
        row.cells.resize(headings.len(), Cell::EMPTY);
        for (cell, heading) in row.cells.iter_mut().zip(&headings) {
            if let Some(text) = change(number, heading, cell.text()) {
                *cell = Cell::Text(text);
            }
        }
    }
    let merged = merge(package, &repair::read(&sheet, None));
    assert!(merged.unmatched.is_empty());
    (merged.package, merged.changes.len())
}

#[test]
fn repaired_rows_find_their_way_back_into_the_package() {
    for with_bmk in [true, false] {
        let package = package(
            &[
                Defect::MissingGlyph,
                Defect::UnknownEthnic,
                Defect::ShortKsh,
            ],
            with_bmk,
        );
        assert_eq!(check(&package, &context()).findings.len(), 3);
        let (mended, changes) = mend(&package, |_, heading, old| match heading {
            "姓名" if old.contains('?') => Some("王䶮".to_owned()),
            "民族" if old == "77" => Some("01".to_owned()),
            "考生号" if old.len() == 13 => Some(format!("{old}7")),
            _ => None,
        });
        let report = check(&mended, &context());
        assert_eq!(kinds(&report), []);
        assert_eq!(
            changes,
            if with_bmk { 4 } else { 3 },
            "a candidate number changes in both tables"
        );
        assert_eq!(
            report.candidates.len(),
            check(&package, &context()).candidates.len()
        );
        let raw = |package: &AdmissionPackage| {
            let folder = &package.folders[0];
            let table = folder.bmk.as_ref().or(folder.tdd.as_ref()).unwrap();
            table
                .rows
                .iter()
                .map(|row| row.raw.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(raw(&mended), raw(&package), "the province's bytes stay");
    }
}

#[test]
fn one_of_two_records_can_be_left_out() {
    for with_bmk in [true, false] {
        let package = package(&[Defect::DuplicateKsh], with_bmk);
        assert_eq!(
            kinds(&check(&package, &context())),
            [FindingKind::DuplicateKsh]
        );
        let (mended, _) = mend(&package, |number, heading, _| {
            (number == 1 && heading == "处理").then(|| "删除".to_owned())
        });
        let report = check(&mended, &context());
        assert_eq!(
            report.candidates.len(),
            check(&package, &context()).candidates.len()
        );
        let expected = if with_bmk {
            vec![FindingKind::Deleted, FindingKind::DuplicateKsh]
        } else {
            vec![FindingKind::Deleted]
        };
        assert_eq!(kinds(&report), expected);
    }
}

#[test]
fn a_workbook_that_was_not_touched_changes_nothing() {
    let package = package(&Defect::ALL, true);
    let (same, changes) = mend(&package, |_, _, _| None);
    assert_eq!(changes, 0);
    assert_eq!(same, package);
}

#[test]
fn the_uploaded_sheet_comes_back_with_its_findings() {
    let csv = "\n考生号,姓名,性别,民族,身份证号,录取专业\n26310000150001,张??,男,汉族,310115200803150010,海洋科学\n\
        26310000150002,李四,女,汉族,310115200803150026,海洋科学\n";
    let sheet = parse(csv.as_bytes());
    let mapping = suggest_mapping(&sheet.headings);
    let package = to_package(&sheet, "名单.csv", &mapping).unwrap();
    let report = check(&package, &context());
    assert!(kinds(&report).contains(&FindingKind::MissingGlyph));
    let bytes = annotate_sheet(&sheet, &mapping, &report.findings, Lang::Zh, day()).unwrap();
    let mut back = parse(&bytes);
    let result = back.column(RESULT_HEADING).unwrap();
    assert!(back.rows[0].text(result).contains("待补字"));
    back.rows.truncate(1);
    back.rows[0].cells[1] = Cell::Text("张䶮".to_owned());
    let merged = merge(&package, &repair::read(&back, Some("名单.csv")));
    assert_eq!((merged.changes.len(), merged.unmatched.len()), (1, 0));
    assert!(!kinds(&check(&merged.package, &context())).contains(&FindingKind::MissingGlyph));
    let again = annotate_sheet(&back, &mapping, &[], Lang::En, day()).unwrap();
    assert_eq!(
        parse(&again)
            .headings
            .iter()
            .filter(|heading| *heading == RESULT_HEADING)
            .count(),
        1
    );
}
