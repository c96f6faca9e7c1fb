//! DBF tables: exact writing, suspicious reading.

use chrono::NaiveDate;
use formats::dbf::{
    ColumnSpec, DbfError, DbfLayout, DbfLimits, DbfReader, DbfWriteError, LANGUAGE_GBK, write,
};
use formats::gb18030::Charset;
use formats::message::UserMessage as _;
use proptest::prelude::*;

fn layout(columns: &[(&str, u8)], charset: Charset) -> DbfLayout {
    DbfLayout {
        columns: columns
            .iter()
            .map(|(name, width)| ColumnSpec::new(name, *width))
            .collect(),
        charset,
        language: LANGUAGE_GBK,
        changed: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
    }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, DbfError> {
    let reader = DbfReader::parse(bytes, &DbfLimits::default())?;
    Ok(reader.records().map(|record| record.values).collect())
}

/// A table with raw cells, any header, any flags.
fn raw(columns: &[(&str, u8, u8)], records: &[(u8, &[u8])]) -> Vec<u8> {
    let width: usize = columns.iter().map(|column| usize::from(column.2)).sum();
    let mut out = vec![0x03, 126, 1, 1];
    out.extend(u32::try_from(records.len()).unwrap().to_le_bytes());
    out.extend(
        u16::try_from(33 + 32 * columns.len())
            .unwrap()
            .to_le_bytes(),
    );
    out.extend(u16::try_from(width + 1).unwrap().to_le_bytes());
    out.extend([0; 20]);
    for (name, kind, width) in columns {
        let mut descriptor = [0_u8; 32];
        descriptor[..name.len()].copy_from_slice(name.as_bytes());
        descriptor[11] = *kind;
        descriptor[16] = *width;
        out.extend(descriptor);
    }
    out.push(0x0D);
    for (flag, bytes) in records {
        out.push(*flag);
        out.extend(*bytes);
        out.extend(vec![b' '; width - bytes.len()]);
    }
    out.push(0x1A);
    out
}

fn value() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[ -~]{0,12}",
        "[\u{4e00}-\u{9fa5}·]{0,8}",
        "[䶮㛃𬭎𠅤一丁]{0,5}",
        "[\u{e000}-\u{e100}\u{e863}]{0,4}",
    ];
    word.prop_map(|text: String| text.trim_end_matches([' ', '\0']).to_owned())
}

proptest! {
    #[test]
    fn what_is_written_reads_back(rows in proptest::collection::vec((value(), value()), 0..20)) {
        let rows: Vec<Vec<String>> = rows.into_iter().map(|(a, b)| vec![a, b]).collect();
        let layout = layout(&[("XM", 60), ("ZJHM", 60)], Charset::Gb18030);
        let bytes = write(&layout, &rows).unwrap();
        prop_assert_eq!(bytes[29], 0x4D);
        prop_assert_eq!(read(&bytes).unwrap(), rows);
    }

    #[test]
    fn a_cell_is_written_whole_or_not_at_all(text in value(), width in 1_u8..30, gbk in any::<bool>()) {
        let charset = if gbk { Charset::Gbk } else { Charset::Gb18030 };
        match write(&layout(&[("XM", width)], charset), [row(&[&text])]) {
            Ok(bytes) => prop_assert_eq!(read(&bytes).unwrap(), vec![row(&[&text])]),
            Err(DbfWriteError::TooLong { row, .. } | DbfWriteError::NotEncodable { row, .. }) => prop_assert_eq!(row, 1),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_truncated_table_is_an_error_that_counts_what_is_there(rows in 1_usize..50, cut in 1_usize..600) {
        let rows: Vec<Vec<String>> = (0..rows).map(|number| row(&[&number.to_string(), "张三"])).collect();
        let bytes = write(&layout(&[("KSH", 14), ("XM", 20)], Charset::Gb18030), &rows).unwrap();
        let (header, record) = (32 + 64 + 1, 35);
        let kept = bytes.len().saturating_sub(1 + cut).max(header);
        let error = read(&bytes[..kept]).unwrap_err();
        let whole = u32::try_from((kept - header) / record).unwrap();
        prop_assert_eq!(error.clone(), DbfError::Truncated { declared: u32::try_from(rows.len()).unwrap(), whole });
        let said = error.zh().contains(&format!("完整可读 {whole} 行"));
        prop_assert!(said);
    }
}

#[test]
fn traps_of_the_usual_writer_are_refused() {
    let gbk = layout(&[("KSH", 14), ("XM", 10)], Charset::Gbk);
    let refused = |cells: &[&str]| write(&gbk, [row(&["1", "张三"]), row(cells)]).unwrap_err();
    assert_eq!(
        refused(&["2", "王𬭎"]),
        DbfWriteError::NotEncodable {
            row: 2,
            column: "XM".to_owned()
        }
    );
    assert_eq!(
        refused(&["2", "王\u{fffd}"]),
        DbfWriteError::NotEncodable {
            row: 2,
            column: "XM".to_owned()
        }
    );
    assert_eq!(
        refused(&["2", "阿卜杜拉·买买提"]),
        DbfWriteError::TooLong {
            row: 2,
            column: "XM".to_owned(),
            bytes: 16,
            width: 10
        }
    );
    assert_eq!(
        refused(&["2", "张三 "]),
        DbfWriteError::ReadBack {
            row: 2,
            column: "XM".to_owned()
        }
    );
    assert!(matches!(
        refused(&["2"]),
        DbfWriteError::RowWidth { row: 2, .. }
    ));
    for name in ["", "lower", "ELEVENCHARS", "A-B", "字"] {
        let error = write::<Vec<String>>(&layout(&[(name, 5)], Charset::Gbk), []).unwrap_err();
        assert!(matches!(error, DbfWriteError::BadColumn { .. }), "{name}");
    }
    assert!(write::<Vec<String>>(&layout(&[("A", 5), ("A", 5)], Charset::Gbk), []).is_err());
    assert!(write::<Vec<String>>(&layout(&[], Charset::Gbk), []).is_err());
}

#[test]
fn the_language_byte_is_never_believed() {
    for language in [0x00, 0x03, 0x4D, 0x57, 0xF0] {
        let mut layout = layout(&[("XM", 20)], Charset::Gb18030);
        layout.language = language;
        let bytes = write(&layout, [row(&["王𬭎䶮"])]).unwrap();
        assert_eq!(read(&bytes).unwrap(), [row(&["王𬭎䶮"])]);
    }
}

#[test]
fn deleted_records_keep_their_place_and_bytes() {
    let bytes = raw(
        &[("KSH", b'C', 4)],
        &[(b' ', b"1"), (b'*', b"2"), (b' ', b"3")],
    );
    let reader = DbfReader::parse(&bytes, &DbfLimits::default()).unwrap();
    let records: Vec<_> = reader.records().collect();
    assert_eq!(
        records
            .iter()
            .map(|r| (r.number, r.deleted))
            .collect::<Vec<_>>(),
        [(1, false), (2, true), (3, false)]
    );
    assert_eq!(records[1].raw, b"*2   ");
}

#[test]
fn cells_are_trimmed_at_their_end_only() {
    let bytes = raw(
        &[("XM", b'C', 10)],
        &[(b' ', b" a b\0 \0"), (b' ', b"\0\0")],
    );
    assert_eq!(read(&bytes).unwrap(), [row(&[" a b"]), row(&[""])]);
}

#[test]
fn undecodable_bytes_are_flagged_not_guessed() {
    let half = [0xD5, 0xC5, 0xC8];
    let bytes = raw(
        &[("XM", b'C', 3), ("A", b'C', 2)],
        &[(b' ', &half), (b' ', &[0xD5, 0xC5, b' ', b'o', b'k'])],
    );
    let reader = DbfReader::parse(&bytes, &DbfLimits::default()).unwrap();
    let records: Vec<_> = reader.records().collect();
    assert!(records[0].undecodable && records[0].values[0].contains('\u{fffd}'));
    assert!(!records[1].undecodable);
    assert_eq!(records[1].values, ["张", "ok"]);
}

#[test]
fn a_second_byte_may_be_a_backslash() {
    let bytes = raw(&[("XM", b'C', 4)], &[(b' ', &[0x81, 0x5C, 0xBF, 0x5C])]);
    let reader = DbfReader::parse(&bytes, &DbfLimits::default()).unwrap();
    let record = reader.records().next().unwrap();
    assert!(!record.undecodable);
    assert_eq!(record.values[0].chars().count(), 2);
}

#[test]
fn utf8_tables_are_recognised() {
    let bytes = raw(
        &[("XM", b'C', 20)],
        &[
            (b' ', "张三".as_bytes()),
            (b' ', "李四丰".as_bytes()),
            (b' ', b"ascii"),
        ],
    );
    let reader = DbfReader::parse(&bytes, &DbfLimits::default()).unwrap();
    assert!(reader.is_utf8());
    assert_eq!(
        reader
            .records()
            .map(|r| r.values[0].clone())
            .collect::<Vec<_>>(),
        ["张三", "李四丰", "ascii"]
    );
}

#[test]
fn impossible_headers_are_refused() {
    let good = raw(
        &[("KSH", b'C', 4), ("XM", b'C', 6)],
        &[(b' ', b"1"), (b' ', b"2")],
    );
    assert!(read(&good).is_ok());
    let changed = |at: usize, bytes: &[u8]| {
        let mut copy = good.clone();
        copy[at..at + bytes.len()].copy_from_slice(bytes);
        read(&copy).unwrap_err()
    };
    assert!(matches!(
        changed(0, b"P"),
        DbfError::NotDbf { version: b'P' }
    ));
    assert!(matches!(
        changed(4, &u32::MAX.to_le_bytes()),
        DbfError::TooManyRecords { .. }
    ));
    assert!(matches!(
        changed(4, &3_u32.to_le_bytes()),
        DbfError::Truncated {
            declared: 3,
            whole: 2
        }
    ));
    assert!(matches!(
        changed(4, &1_u32.to_le_bytes()),
        DbfError::MoreRecords {
            declared: 1,
            found: 2
        }
    ));
    for length in [0_u16, 32, 64, u16::MAX] {
        assert!(
            matches!(changed(8, &length.to_le_bytes()), DbfError::BadHeader),
            "{length}"
        );
    }
    assert!(matches!(changed(10, &[0, 0]), DbfError::BadHeader));
    assert!(matches!(
        changed(10, &[12, 0]),
        DbfError::LengthMismatch {
            declared: 12,
            columns: 11
        }
    ));
    assert!(matches!(
        changed(32 + 11, b"?"),
        DbfError::BadField { index: 1, .. }
    ));
    assert!(matches!(
        changed(64, b"KSH"),
        DbfError::BadField { index: 2, .. }
    ));
    assert!(matches!(
        changed(32 + 16, &[0]),
        DbfError::BadField { index: 1, .. }
    ));
    assert!(matches!(
        changed(97, &[7]),
        DbfError::RecordFlag { record: 1, flag: 7 }
    ));
    assert!(matches!(
        changed(97 + 11, &[0x1A]),
        DbfError::Truncated {
            declared: 2,
            whole: 1
        }
    ));
    for kept in 0..97 {
        assert!(read(&good[..kept]).is_err());
    }
}

#[test]
fn the_end_mark_and_the_date_do_not_matter() {
    let mut bytes = raw(&[("KSH", b'C', 4)], &[(b' ', b"1")]);
    bytes[1..4].copy_from_slice(&[255, 99, 99]);
    bytes.pop();
    assert_eq!(read(&bytes).unwrap(), [row(&["1"])]);
    bytes.extend([0x1A, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(read(&bytes).unwrap(), [row(&["1"])]);
}

#[test]
fn memo_and_binary_columns_do_not_shift_the_others() {
    let mut record = b"ab  ".to_vec();
    record.extend(b"         1");
    record.extend(7_i32.to_le_bytes());
    record.extend(1.5_f64.to_le_bytes());
    record.extend(b"xy  ");
    let columns = [
        ("A", b'C', 4),
        ("KSTC", b'M', 10),
        ("N", b'I', 4),
        ("D", b'B', 8),
        ("Z", b'C', 4),
    ];
    let bytes = raw(&columns, &[(b' ', &record)]);
    assert_eq!(read(&bytes).unwrap(), [row(&["ab", "", "7", "1.5", "xy"])]);
}
