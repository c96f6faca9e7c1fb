//! Worksheets and csv files from users, hostile ones first.

use crate::xlsx_bytes::{book, repeat, text};
use chrono::NaiveDate;
use domain::admission::check::{CheckContext, check};
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::admission::source::{ColumnMapping, MappingError, SourceField, suggest_mapping};
use encoding_rs::GB18030;
use formats::archive::ArchiveError;
use formats::message::UserMessage as _;
use formats::table::{Cell, Sheet, TableError, TableLimits, read, to_package};
use proptest::prelude::*;

fn parse(bytes: &[u8]) -> Result<Sheet, TableError> {
    read(bytes, &TableLimits::default())
}

fn refused(bytes: &[u8]) -> TableError {
    let error = parse(bytes).unwrap_err();
    assert!(!error.zh().is_empty());
    error
}

#[test]
fn a_sparse_sheet_is_refused_without_allocating_its_rectangle() {
    let data = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>",
        text("A1", "a"),
        text("XFD1048576", "b")
    );
    let bytes = book(&data, &[]);
    assert!(bytes.len() < 2500);
    assert_eq!(
        refused(&bytes),
        TableError::TooManyColumns {
            row: 1_048_576,
            limit: 200
        }
    );
    let tall = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>",
        text("A1", "a"),
        text("A1048576", "b")
    );
    let sheet = parse(&book(&tall, &[])).unwrap();
    assert_eq!(
        sheet.rows.iter().map(|row| row.row).collect::<Vec<_>>(),
        [1_048_576]
    );
}

#[test]
fn a_huge_dimension_means_nothing() {
    let data = format!(
        "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row></sheetData>",
        text("A1", "a"),
        text("A2", "b")
    );
    assert_eq!(parse(&book(&data, &[])).unwrap().rows.len(), 1);
}

#[test]
fn a_huge_string_table_is_refused_before_the_reader_reserves_it() {
    for claim in ["4000000000", "99999999999999999999999999"] {
        let strings = format!(
            r#"<?xml version="1.0"?><sst xmlns="x" count="1" uniqueCount="{claim}"><si><t>a</t></si></sst>"#
        );
        assert_eq!(
            refused(&book("<sheetData/>", &[("xl/sharedStrings.xml", &strings)])),
            TableError::Suspicious
        );
        let spaced = strings.replace("uniqueCount=", "uniqueCount =\n ");
        assert_eq!(
            refused(&book("<sheetData/>", &[("xl/SHAREDstrings.xml", &spaced)])),
            TableError::Suspicious
        );
    }
}

#[test]
fn long_cells_and_many_cells_are_refused() {
    let long = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData>",
        text("A1", &"x".repeat(40_000))
    );
    assert_eq!(
        refused(&book(&long, &[])),
        TableError::CellTooLong {
            row: 1,
            limit: 32_767
        }
    );
    let huge = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData>",
        text("A1", &"x".repeat(70 << 20))
    );
    assert!(matches!(
        refused(&book(&huge, &[])),
        TableError::Container(ArchiveError::EntryTooLarge { .. })
    ));
    let limits = TableLimits {
        cells: 1000,
        ..TableLimits::default()
    };
    let again = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>".repeat(1001);
    let bytes = book(&format!("<sheetData>{again}</sheetData>"), &[]);
    assert_eq!(
        read(&bytes, &limits).unwrap_err(),
        TableError::TooManyCells { limit: 1000 }
    );
}

#[test]
fn rows_beyond_the_limit_are_refused_with_the_limit() {
    let limits = TableLimits {
        rows: 50,
        ..TableLimits::default()
    };
    let rows = repeat(1..61, |row| {
        format!("<row r=\"{row}\"><c r=\"A{row}\"><v>{row}</v></c></row>")
    });
    let error = read(
        &book(&format!("<sheetData>{rows}</sheetData>"), &[]),
        &limits,
    )
    .unwrap_err();
    assert!(error.zh().contains("50"));
    let csv = repeat(1..61, |row| format!("{row}\n"));
    assert_eq!(
        read(csv.as_bytes(), &limits).unwrap_err(),
        TableError::TooManyRows { limit: 50 }
    );
}

#[test]
fn many_sheets_and_large_styles_are_refused() {
    let sheets = repeat(0..100_000, |n| {
        format!("<sheet name=\"{n}\" sheetId=\"{n}\" r:id=\"rId1\"/>")
    });
    let workbook = format!("<workbook xmlns:r=\"r\"><sheets>{sheets}</sheets></workbook>");
    assert_eq!(
        refused(&book("<sheetData/>", &[("xl/workbook.xml", &workbook)])),
        TableError::Suspicious
    );
    let sheets = repeat(0..100, |n| {
        format!("<sheet name=\"{n}\" sheetId=\"{n}\" r:id=\"rId1\"/>")
    });
    let workbook = format!("<workbook xmlns:r=\"r\"><sheets>{sheets}</sheets></workbook>");
    assert_eq!(
        refused(&book("<sheetData/>", &[("xl/workbook.xml", &workbook)])),
        TableError::TooManySheets { limit: 64 }
    );
    let styles = "<styleSheet>".to_owned() + &"<xf/>".repeat(1 << 20);
    assert_eq!(
        refused(&book("<sheetData/>", &[("xl/styles.xml", &styles)])),
        TableError::Suspicious
    );
}

#[test]
fn macros_links_entities_and_nested_archives_are_refused() {
    let with = |name: &str, content: &str| refused(&book("<sheetData/>", &[(name, content)]));
    assert_eq!(with("xl/vbaProject.bin", "x"), TableError::Active);
    assert_eq!(
        with("xl/externalLinks/externalLink1.xml", "<x/>"),
        TableError::Active
    );
    assert_eq!(
        with(
            "[Content_Types].xml",
            "<Types a=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/>"
        ),
        TableError::Active
    );
    let entity = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>"#;
    assert_eq!(with("xl/sharedStrings.xml", entity), TableError::Suspicious);
    let utf16: String = "\u{feff}<sst/>".to_owned() + "\0";
    assert_eq!(with("xl/sharedStrings.xml", &utf16), TableError::Suspicious);
    assert!(matches!(
        with("xl/x.xml", "PK\u{3}\u{4}"),
        TableError::Container(ArchiveError::Nested { .. })
    ));
}

#[test]
fn wrong_formats_are_told_apart() {
    assert_eq!(
        refused(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]),
        TableError::OldOrEncrypted
    );
    assert_eq!(refused(b"%PDF-1.7\nx"), TableError::NotATable);
    assert_eq!(refused(b"<html><table>"), TableError::NotATable);
    assert_eq!(
        refused(&[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        TableError::NotATable
    );
    assert_eq!(refused(&[0xFF, 0xFF, 0xFF]), TableError::Undecodable);
    assert_eq!(refused(b"a\0b,c"), TableError::NotATable);
    assert_eq!(refused(b""), TableError::Empty);
    assert_eq!(refused(b"\n\n,,\n"), TableError::Empty);
    assert!(matches!(refused(b"PK\x03\x04"), TableError::Container(_)));
}

#[test]
fn a_workbook_cut_anywhere_is_an_error() {
    let data = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData>",
        text("A1", &"长文本".repeat(2000))
    );
    let bytes = book(&data, &[]);
    for kept in (0..bytes.len()).step_by(64) {
        assert!(parse(&bytes[..kept]).is_err(), "{kept}");
    }
}

#[test]
fn numbers_dates_and_blank_rows_keep_what_they_are() {
    let styles = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let data = format!(
        "<sheetData><row r=\"2\">{}{}</row><row r=\"5\"><c r=\"A5\"><v>310115200603150016</v></c><c r=\"B5\" s=\"1\"><v>39730</v></c><c r=\"C5\" t=\"b\"><v>1</v></c><c r=\"D5\" t=\"e\"><v>#N/A</v></c></row></sheetData>",
        text("A2", "身份证号 "),
        text("B2", "出生日期")
    );
    let sheet = parse(&book(&data, &[("xl/styles.xml", styles)])).unwrap();
    assert_eq!(
        (sheet.heading_row, sheet.headings.as_slice()),
        (2, ["身份证号".to_owned(), "出生日期".to_owned()].as_slice())
    );
    let row = &sheet.rows[0];
    assert_eq!(row.row, 5);
    assert!(
        matches!(&row.cells[0], Cell::Number { number } if number.starts_with("3101152006031500") && !number.contains('e'))
    );
    assert_eq!(
        row.cells[1],
        Cell::Date {
            date: "2008-10-09".to_owned()
        }
    );
    assert_eq!(row.text(2), "TRUE");
    assert!(matches!(&row.cells[3], Cell::Error { .. }));
    assert_eq!(row.text(9), "");
}

#[test]
fn csv_is_read_in_every_usual_encoding() {
    let text = "考生号,姓名\r\n26310000150001,王䶮\r\n\r\n26310000150002,\"李,四\"\n";
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let utf16_be: Vec<u8> = [0xFE, 0xFF]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let encodings: [Vec<u8>; 5] = [
        text.into(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        GB18030.encode(text).0.into_owned(),
        utf16,
        utf16_be,
    ];
    for bytes in encodings {
        let sheet = parse(&bytes).unwrap();
        assert_eq!(sheet.headings, ["考生号", "姓名"]);
        let rows: Vec<(u32, &str, &str)> = sheet
            .rows
            .iter()
            .map(|row| (row.row, row.text(0), row.text(1)))
            .collect();
        assert_eq!(
            rows,
            [
                (2, "26310000150001", "王䶮"),
                (4, "26310000150002", "李,四")
            ]
        );
    }
    for separator in ["\t", ";"] {
        let sheet = parse(
            text.replace("李,四", "李四")
                .replace(',', separator)
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(sheet.headings, ["考生号", "姓名"]);
    }
}

#[test]
fn titles_above_the_headings_are_passed_over() {
    let table = "考生号,姓名,性别\n26310000150001,张三,男\n";
    for (titles, row) in [
        ("", 1),
        ("2026年本科新生名单,,\n", 2),
        ("2026年本科新生名单\n\n招生办公室,,\n", 4),
        // What stands alone in a title is read by nobody.
        ("报送人：张三（11010519491231002X）\n", 2),
    ] {
        let sheet = parse(format!("{titles}{table}").as_bytes()).unwrap();
        assert_eq!(sheet.heading_row, row, "{titles}");
        assert_eq!(sheet.headings, ["考生号", "姓名", "性别"]);
        assert_eq!(sheet.rows.len(), 1);
    }
    let narrow = parse("名单\n考生号,学号\n26310000150001,1\n".as_bytes()).unwrap();
    assert_eq!(
        narrow.headings,
        ["名单"],
        "two columns may be a table under one heading"
    );
    let alone = parse("考生号\n26310000150001\n".as_bytes()).unwrap();
    assert_eq!((alone.heading_row, alone.rows.len()), (1, 1));
}

#[test]
fn a_first_row_of_a_person_is_no_row_of_headings() {
    for row in [
        "26310115150001,张三,男",
        "张三,11010519491231002X,男",
        "张三,11010519491231002Ｘ,男",
        "张三,２６３１０１１５１５０００１,男",
        "张三,110105491231002,男",
        "张三,H12345678,男",
        "张三,E12345678,男",
        "t20260001,张三,13800138000",
        "20261234,1班,张三",
    ] {
        let second = "26310115150002,李四,女";
        let error = refused(format!("{row}\n{second}\n").as_bytes());
        assert_eq!(error, TableError::NoHeadings { row: 1 }, "{row}");
        assert!(error.zh().contains("第 1 行") && error.to_string().contains("row 1"));
        // Under a title it is the same.
        let error = refused(format!("名单,,\n{row}\n{second}\n").as_bytes());
        assert_eq!(error, TableError::NoHeadings { row: 2 }, "{row}");
    }
}

#[test]
fn csv_limits_name_the_row() {
    let unclosed = format!("a,b\n1,\"{}\n", "x\n".repeat(40_000));
    assert_eq!(
        refused(unclosed.as_bytes()),
        TableError::CellTooLong {
            row: 2,
            limit: 32_767
        }
    );
    let wide = format!("a\n{}x\n", ",".repeat(10_000));
    assert_eq!(
        refused(wide.as_bytes()),
        TableError::TooManyColumns { row: 2, limit: 200 }
    );
    let limits = TableLimits {
        bytes: 100,
        ..TableLimits::default()
    };
    assert_eq!(
        read(&[b'x'; 101], &limits).unwrap_err(),
        TableError::TooLarge { limit: 100 }
    );
    assert_eq!(parse(b"a,b\rc,d\r\ne,f\n").unwrap().rows.len(), 2);
}

fn context() -> CheckContext {
    CheckContext {
        year: 2026,
        school_codes: Vec::new(),
        today: NaiveDate::from_ymd_opt(2026, 8, 20).unwrap(),
        path: AdmissionPath::Ordinary,
    }
}

#[test]
fn a_sheet_becomes_an_admission_source_with_its_row_numbers() {
    let csv = "考生号,姓名,性别,出生日期,民族,身份证件号,录取专业,政治面貌,通讯地址（家庭）\n\
        26310000150001,张三,男,2008-03-15,汉族,310115200803150010,海洋科学,共青团员,示例路1号\n\
        \n\
        26310000150002,李四,女,2008-03-15,汉族,310115200803150010,海洋科学,,\n";
    let sheet = parse(csv.as_bytes()).unwrap();
    let mapping = suggest_mapping(&sheet.headings);
    assert_eq!(mapping.0["身份证件号"], SourceField::Zjhm);
    assert_eq!(mapping.0["通讯地址（家庭）"], SourceField::Txdz);
    let package = to_package(&sheet, "名单.csv", &mapping).unwrap();
    let report = check(&package, &context());
    let facts = &report.candidates[0].facts;
    assert_eq!(facts.ethnic_code.as_deref(), Some("01"));
    assert_eq!(facts.political_code.as_deref(), Some("03"));
    assert_eq!(facts.major.name.as_deref(), Some("海洋科学"));
    assert_eq!(report.candidates[1].provenance.row, 4);
    assert!(report.notices.is_empty(), "{:?}", report.notices);
    let kinds: Vec<FindingKind> = report.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == FindingKind::DuplicateId)
            .count(),
        2
    );
}

#[test]
fn a_mapping_without_a_required_column_is_refused() {
    let sheet = parse("考生号,姓名,出生日期\n1,2,3\n".as_bytes()).unwrap();
    let error = to_package(&sheet, "x.csv", &suggest_mapping(&sheet.headings)).unwrap_err();
    assert_eq!(
        error,
        MappingError::Missing(vec![SourceField::Xbdm, SourceField::Zjhm])
    );
    let twice = ColumnMapping(
        [
            ("考生号".to_owned(), SourceField::Ksh),
            ("姓名".to_owned(), SourceField::Ksh),
        ]
        .into(),
    );
    assert_eq!(
        to_package(&sheet, "x", &twice).unwrap_err(),
        MappingError::Repeated(vec![SourceField::Ksh])
    );
}

#[test]
fn number_cells_in_id_columns_are_findings_and_nothing_more() {
    let header = ["考生号", "姓名", "性别", "民族", "身份证号", "录取专业"];
    let headings: String = "ABCDEF"
        .chars()
        .zip(header)
        .map(|(c, heading)| text(&format!("{c}1"), heading))
        .collect();
    let data = format!(
        "<sheetData><row r=\"1\">{headings}</row><row r=\"2\">{}{}{}{}<c r=\"E2\"><v>310115200803150016</v></c>{}</row></sheetData>",
        text("A2", "26310000150001"),
        text("B2", "张三"),
        text("C2", "男"),
        text("D2", "汉族"),
        text("F2", "海洋科学")
    );
    let sheet = parse(&book(&data, &[])).unwrap();
    let package = to_package(&sheet, "x.xlsx", &suggest_mapping(&sheet.headings)).unwrap();
    let report = check(&package, &context());
    let found: Vec<(FindingKind, &str, u32)> = report
        .findings
        .iter()
        .map(|f| (f.kind, f.field.as_str(), f.row))
        .collect();
    assert_eq!(found, [(FindingKind::NumericIdCell, "ZJHM", 2)]);
    assert_eq!(report.candidates[0].facts.id_number, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_or_refused(text in "[\\PC\n\r\t\",;']{0,300}") {
        if let Ok(sheet) = parse(text.as_bytes()) {
            prop_assert!(sheet.rows.iter().all(|row| row.row > sheet.heading_row));
        }
    }
}
