//! What findings and headings say.

use super::{candidate, checked};
use domain::admission::finding::FindingKind as Kind;
use domain::admission::online::OnlineField;
use domain::admission::source::{ColumnMapping, Notice, SourceField, suggest_mapping};
use domain::text::{Label as _, Lang};
use std::collections::BTreeSet;

#[test]
fn every_kind_has_words_in_both_languages() {
    let mut keys = BTreeSet::new();
    for kind in Kind::ALL {
        assert!(keys.insert(kind.key()));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        assert!(!kind.rule().is_empty());
        for text in [kind.label(), kind.sentence(), kind.suggestion()] {
            for words in [text.zh, text.en] {
                assert!(
                    !words.is_empty() && !words.contains(['!', '！']),
                    "{kind:?}: {words}"
                );
                assert!(!words.ends_with(['.', '。']), "{kind:?}: {words}");
            }
            assert!(
                text.en.is_ascii() || text.en.contains("办法"),
                "{kind:?}: {}",
                text.en
            );
        }
    }
}

#[test]
fn a_finding_serialises_as_the_command_line_prints_it() {
    let report = checked(&[candidate(&[("CSRQ", "20080314")])]);
    let json = serde_json::to_value(report.printable(Lang::Zh)).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "counts": {"rows": 1, "deleted": 0, "withdrawn": 0, "birth_mismatch": 1},
            "notices": [],
            "findings": [{
                "ksh": "26310000150001",
                "file": "上海市/T_TDD.DBF",
                "row": 1,
                "kind": "birth_mismatch",
                "rule": "V8 GB 11643",
                "field": "CSRQ",
                "severity": "error",
                "message": "出生日期与身份证号第 7–14 位不一致（2008-03-14 ≠ 2008-03-15）",
                "suggestion": Kind::BirthMismatch.suggestion().zh,
            }]
        })
    );
    let english = report.findings[0].message_in(Lang::En);
    assert_eq!(
        english,
        "The birth date differs from digits 7 to 14 of the ID number (2008-03-14 ≠ 2008-03-15)"
    );
}

#[test]
fn headings_are_recognised_by_any_of_their_names() {
    let headings = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    for field in SourceField::ALL {
        for name in field.columns().chain(field.headings().iter().copied()) {
            for heading in [
                name.to_owned(),
                format!(" {name}* "),
                format!("{name}（必填）"),
                name.to_lowercase(),
            ] {
                let mapping = suggest_mapping(std::slice::from_ref(&heading));
                assert_eq!(mapping.0.get(&heading), Some(&field), "{heading}");
            }
        }
        assert!(!field.label().zh.is_empty() && !field.label().en.is_empty());
    }
    let mapping = suggest_mapping(&headings(&["身份证号", "证件号码", "姓名", "备注"]));
    assert_eq!(mapping.0.len(), 2, "one column a field, none for a remark");
    let complete = headings(&["考生号", "姓名", "性别", "证件号码"]);
    let fields = suggest_mapping(&complete).resolve(&complete).unwrap();
    assert_eq!(fields, ColumnMapping::REQUIRED.map(Some));
}

/// A package of thirty provinces says once what all its folders lack.
#[test]
fn what_many_folders_lack_is_one_line() {
    let table = |folder: &str, table: &str| Notice::DictionaryAbsent {
        folder: folder.to_owned(),
        table: format!("TD_{table}"),
        field: table.to_owned(),
    };
    let column = |folder: &str| Notice::ColumnAbsent {
        folder: folder.to_owned(),
        field: OnlineField::Ethnic,
    };
    let notices = [
        table("上海", "PCDM"),
        table("上海", "KLDM"),
        column("上海"),
        table("江苏", "PCDM"),
        Notice::CheckedAnew,
        table("安徽", "PCDM"),
        table("安徽", "KLDM"),
        column("安徽"),
    ];
    let all: Vec<&Notice> = notices.iter().collect();
    let lines = Notice::lines(&all, Lang::Zh);
    assert_eq!(lines[0], Notice::CheckedAnew.text(Lang::Zh));
    assert_eq!(
        lines[1],
        "“上海”、“安徽”缺少代码表 TD_PCDM、TD_KLDM，PCDM、KLDM 保留原代码，不逐行提示"
    );
    assert!(lines[2].starts_with("“上海”、“安徽”没有"), "{}", lines[2]);
    assert_eq!(
        lines[3],
        "“江苏”缺少代码表 TD_PCDM，PCDM 保留原代码，不逐行提示"
    );
    assert_eq!(lines.len(), 4);
    assert_eq!(Notice::lines(&all, Lang::En).len(), 4);
}
