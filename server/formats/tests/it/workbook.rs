//! What is written for people: text stays text, nothing runs, nothing is lost.

use chrono::NaiveDate;
use domain::admission::check::{CheckContext, CheckReport, Replaced, check};
use domain::admission::finding::{Finding, FindingKind, Place, Severity};
use domain::admission::path::AdmissionPath;
use domain::admission::repair::merge;
use domain::admission::source::{AdmissionPackage, SourceField, suggest_mapping};
use domain::text::Lang;
use formats::package::{PackageLimits, read_files};
use formats::repair;
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape};
use formats::table::{Cell, Sheet, TableLimits, read, to_package};
use formats::workbook::{
    AnnotatedRow, Column, ListedFinding, RESULT_HEADING, Remark, TemplateColumn, annotate,
    annotate_sheet, write_csv, write_findings, write_table, write_template,
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
    let bytes = annotate("表", &columns()[..2], rows, Lang::Zh, day()).unwrap();
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
    assert!(annotate("表", &columns(), backwards, Lang::Zh, day()).is_err());
}

fn context() -> CheckContext {
    CheckContext {
        year: 2026,
        school_codes: Vec::new(),
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

fn listed(report: &CheckReport) -> Vec<ListedFinding> {
    let listed = |finding: &Finding| ListedFinding {
        finding: finding.clone(),
        accepted: None,
        replaced: Vec::new(),
    };
    report.findings.iter().map(listed).collect()
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
    let mut sheet =
        parse(&repair::write(package, &report, &listed(&report), Lang::Zh, day()).unwrap());
    let headings = sheet.headings.clone();
    for (number, row) in sheet.rows.iter_mut().enumerate() {
        row.cells.resize(headings.len(), Cell::EMPTY);
        for (cell, heading) in row.cells.iter_mut().zip(&headings) {
            if let Some(text) = change(number, heading, cell.text()) {
                *cell = Cell::Text(text);
            }
        }
    }
    let merged = merge(package, &repair::read(&sheet, None, None));
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
        let report = check(&package, &context());
        let book = repair::write(&package, &report, &listed(&report), Lang::Zh, day()).unwrap();
        let sheet = parse(&book);
        let result = sheet.column(RESULT_HEADING).unwrap();
        let told: Vec<&str> = sheet.rows.iter().map(|row| row.text(result)).collect();
        assert_eq!(told.len(), 2);
        assert!(
            told.iter().all(|told| told.contains("同一考生号")),
            "{told:?}"
        );
        let page = part(&book, "xl/worksheets/sheet1.xml");
        let offered = page.split("<formula1>").nth(1).unwrap();
        let offered = offered.split("</formula1>").next().unwrap();
        assert!(offered.contains("删除"), "{offered}");
        assert!(part(&book, "xl/comments1.xml").contains("填“删除”"));
        let (mended, _) = mend(&package, |number, heading, _| {
            (number == 1 && heading == "处理").then(|| "删除".to_owned())
        });
        let report = check(&mended, &context());
        assert_eq!(
            report.candidates.len(),
            check(&package, &context()).candidates.len()
        );
        assert_eq!(kinds(&report), [], "the offer goes with its record");
        assert_eq!(report.counts["deleted"], 0, "the file flags nothing");
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
    let bytes = annotate_sheet(&sheet, &mapping, &listed(&report), Lang::Zh, day()).unwrap();
    let mut back = parse(&bytes);
    let result = back.column(RESULT_HEADING).unwrap();
    assert!(back.rows[0].text(result).contains("待补字"));
    back.rows.truncate(1);
    back.rows[0].cells[1] = Cell::Text("张䶮".to_owned());
    let merged = merge(
        &package,
        &repair::read(&back, Some("名单.csv"), Some(&mapping)),
    );
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

/// The cell that has changed says what is in; the number, which has not, is no longer marked.
#[test]
fn a_changed_cell_is_marked_with_what_is_in() {
    let csv = "考生号,姓名,性别,民族,身份证号,录取专业\n26310000150001,李四,男,汉族,310115200803150010,海洋科学\n";
    let sheet = parse(csv.as_bytes());
    let mapping = suggest_mapping(&sheet.headings);
    let place = Place {
        ksh: "26310000150001",
        file: "名单.csv",
        row: 2,
        field: "KSH",
    };
    let changed = ListedFinding {
        finding: Finding::new(FindingKind::Changed, place, "姓名 张三 → 李四"),
        accepted: None,
        replaced: vec![Replaced {
            field: SourceField::Xm,
            before: "张三".to_owned(),
        }],
    };
    let book = annotate_sheet(&sheet, &mapping, &[changed], Lang::Zh, day()).unwrap();
    let comments = part(&book, "xl/comments1.xml");
    assert!(comments.contains("ref=\"B2\"") && !comments.contains("ref=\"A2\""));
    assert!(comments.contains("姓名已入库的值：张三"), "{comments}");
}

/// Cells of a sheet as a workbook keeps them.
fn sheet(headings: &[&str], row: Vec<Cell>) -> Sheet {
    Sheet {
        name: String::new(),
        heading_row: 1,
        headings: headings.iter().map(|text| (*text).to_owned()).collect(),
        rows: vec![formats::table::SheetRow { row: 2, cells: row }],
        others: Vec::new(),
    }
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

#[test]
fn an_untouched_number_cell_stays_an_error() {
    let number = |value: &str| Cell::Number {
        number: value.to_owned(),
    };
    let cells = vec![
        number("26310000150001"),
        text("张三"),
        text("男"),
        text("汉族"),
        number("310115200803150000"),
        text("海洋科学"),
        number("580"),
    ];
    let headings = [
        "考生号",
        "姓名",
        "性别",
        "民族",
        "身份证号",
        "录取专业",
        "成绩",
    ];
    let source = sheet(&headings, cells);
    let mapping = suggest_mapping(&source.headings);
    let package = to_package(&source, "名单.xlsx", &mapping).unwrap();
    let report = check(&package, &context());
    let lost = |report: &CheckReport| {
        let of = |kind| move |finding: &&Finding| finding.kind == kind;
        let number_cells = report
            .findings
            .iter()
            .filter(of(FindingKind::NumericIdCell));
        number_cells.count()
    };
    assert_eq!(lost(&report), 2);
    let back =
        parse(&annotate_sheet(&source, &mapping, &listed(&report), Lang::Zh, day()).unwrap());
    assert_eq!((back.rows[0].text(0), back.rows[0].text(4)), ("", ""));
    let rows = repair::read(&back, Some("名单.xlsx"), Some(&mapping));
    let merged = merge(&package, &rows);
    assert_eq!((merged.changes.len(), merged.unmatched.len()), (0, 0));
    assert_eq!(lost(&check(&merged.package, &context())), 2);
    // The second round, from the workbook of rows to repair.
    let second =
        parse(&repair::write(&merged.package, &report, &listed(&report), Lang::Zh, day()).unwrap());
    let again = merge(&merged.package, &repair::read(&second, None, None));
    assert_eq!((again.changes.len(), again.unmatched.len()), (0, 0));
    assert_eq!(lost(&check(&again.package, &context())), 2);
    // Typed in as text it is repaired.
    let mut typed = back;
    typed.rows[0].cells[0] = text("26310000150001");
    typed.rows[0].cells[4] = text("310115200803150010");
    let rows = repair::read(&typed, Some("名单.xlsx"), Some(&mapping));
    let mended = merge(&package, &rows);
    assert_eq!(mended.changes.len(), 2);
    assert_eq!(lost(&check(&mended.package, &context())), 0);
    let row = &mended.package.folders[0].tdd.as_ref().unwrap().rows[0];
    assert_eq!(row.original(4), "310115200803150000", "the source stays");
}

#[test]
fn what_the_offer_says_is_shown_and_stays_the_offers() {
    let mut package = package(&[Defect::MissingGlyph], true);
    let folder = &mut package.folders[0];
    let (bmk, tdd) = (folder.bmk.as_mut().unwrap(), folder.tdd.as_mut().unwrap());
    let column = |table: &mut domain::admission::source::Table, value: &str| {
        let at = table
            .column_of(domain::admission::source::SourceField::Kldm)
            .unwrap_or_else(|| {
                table.fields.push(domain::admission::source::TableField {
                    name: "KLDM".to_owned(),
                    width: 2,
                });
                table.fields.len() - 1
            });
        for row in &mut table.rows {
            row.values
                .resize(row.values.len().max(at + 1), String::new());
            row.values[at] = value.to_owned();
        }
    };
    column(bmk, "9");
    column(tdd, "5");
    let report = check(&package, &context());
    assert!(
        report
            .candidates
            .iter()
            .all(|candidate| candidate.facts.category.as_deref() == Some("5")),
        "the category of the offer is the one that counts"
    );
    let (same, changes) = mend(&package, |_, _, _| None);
    assert_eq!((changes, same == package), (0, true));
    let (mended, changes) = mend(&package, |_, heading, _| {
        (heading == "科类").then(|| "6".to_owned())
    });
    assert_eq!(changes, 1);
    let folder = &mended.folders[0];
    let values = |table: &domain::admission::source::Table| {
        let at = table
            .column_of(domain::admission::source::SourceField::Kldm)
            .unwrap();
        let values = table.rows.iter().map(|row| row.value(at).to_owned());
        values.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(
        values(folder.bmk.as_ref().unwrap()).len(),
        1,
        "the application stays"
    );
    assert_eq!(values(folder.tdd.as_ref().unwrap()).len(), 2);
}

#[test]
fn every_finding_is_listed_beside_the_rows_to_repair() {
    let package = package(
        &[Defect::Deleted, Defect::Withdrawn, Defect::DotVariant],
        true,
    );
    let report = check(&package, &context());
    let mut listed = listed(&report);
    for line in &mut listed {
        if line.finding.kind == FindingKind::DotVariant {
            line.accepted = Some("与身份证一致".to_owned());
        }
    }
    let bytes = repair::write(&package, &report, &listed, Lang::Zh, day()).unwrap();
    let first = parse(&bytes);
    assert_eq!((first.rows.len(), first.others.len()), (1, 0));
    let texts = part(&bytes, "xl/worksheets/sheet2.xml");
    for said in ["已删除行", "退档", "与身份证一致"] {
        assert!(
            texts.contains(said) || part(&bytes, "xl/sharedStrings.xml").contains(said),
            "{said}"
        );
    }
    let alone = write_findings(&listed, Lang::En, day()).unwrap();
    assert_eq!(parse(&alone).rows.len(), 3);
}
