//! The check of admission data, rule by rule. The generator of whole packages lives with the file formats.

use chrono::NaiveDate;
use domain::admission::check::{CandidateStatus, CheckContext, CheckReport, check};
use domain::admission::finding::{Finding, FindingKind as Kind, Severity};
use domain::admission::path::AdmissionPath;
use domain::admission::source::{
    AdmissionPackage, ColumnMapping, Notice, OfferedMajor, ProvinceFolder, SourceField, SourceRow,
    Table, TableField, suggest_mapping,
};
use domain::institution::SchoolCode;
use domain::person::id_number::IdType;
use domain::text::{Label as _, Lang};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const ID: &str = "310115200803150010";

fn context() -> CheckContext {
    CheckContext {
        year: 2026,
        school_code: Some(SchoolCode::parse("10264").unwrap()),
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

#[test]
fn a_sound_candidate_is_good_and_complete() {
    let report = checked(&[candidate(&[("PCDM", "1")])]);
    assert_eq!(report.findings, []);
    assert_eq!(report.notices, []);
    let candidate = &report.candidates[0];
    assert_eq!(candidate.status, CandidateStatus::Good);
    assert_eq!(candidate.facts.ethnic_name.as_deref(), Some("汉族"));
    assert_eq!(candidate.facts.political_code.as_deref(), Some("03"));
    assert_eq!(candidate.facts.batch.as_deref(), Some("本科批"));
    assert_eq!(candidate.facts.major.name.as_deref(), Some("海洋科学"));
    assert_eq!(candidate.facts.id_type, IdType::ResidentIdCard);
    assert_eq!(candidate.facts.id_number.as_deref(), Some(ID));
    assert_eq!(
        (candidate.provenance.file.as_str(), candidate.provenance.row),
        ("上海市/T_TDD.DBF", 1)
    );
}

#[test]
fn identity_rules() {
    assert_eq!(
        errors(&[("ZJHM", "310115200803150017")]),
        [Kind::BadChecksum]
    );
    assert_eq!(
        errors(&[("ZJHM", "31011520080315001")]),
        [Kind::BadIdNumber]
    );
    assert_eq!(
        errors(&[("ZJHM", "31011520080315O018")]),
        [Kind::BadIdNumber]
    );
    assert_eq!(errors(&[("ZJHM", "")]), [Kind::MissingField]);
    assert_eq!(errors(&[("XBDM", "2")]), [Kind::SexMismatch]);
    assert_eq!(errors(&[("XBDM", "")]), [Kind::MissingSex]);
    assert_eq!(errors(&[("XBDM", "9")]), [Kind::MissingSex]);
    assert_eq!(errors(&[("CSRQ", "20080314")]), [Kind::BirthMismatch]);
    assert_eq!(errors(&[("CSRQ", "20080230")]), [Kind::BadDate]);
    // The date in the number is wrong: the field cannot be compared with it.
    assert_eq!(
        errors(&[("ZJHM", "310115200702290014"), ("CSRQ", "20070228")]),
        [Kind::BadDate]
    );
    assert_eq!(
        errors(&[("ZJHM", "310115200702290014"), ("CSRQ", "20070229")]),
        [Kind::BadDate]
    );
    // A wrong check character says nothing about the birth date, but the sex digit is read.
    assert_eq!(
        errors(&[("ZJHM", "310115200803150017"), ("CSRQ", "20080101")]),
        [Kind::BadChecksum]
    );
    assert_eq!(
        errors(&[("ZJHM", "310115200803150017"), ("XBDM", "2")]),
        [Kind::BadChecksum, Kind::SexMismatch]
    );
}

#[test]
fn numbers_are_normalised_before_they_are_judged() {
    for text in [
        " 310115200803150010 ",
        "３１０１１５２００８０３１５００１０",
    ] {
        assert_eq!(found(&[("ZJHM", text)]), [], "{text}");
    }
    assert_eq!(found(&[("KSH", " 26310000150001 ")]), []);
}

#[test]
fn birth_dates_are_read_as_sources_write_them() {
    for text in [
        "20080315",
        "2008-03-15",
        "2008/3/15",
        "2008.3.15",
        "2008年3月15日",
        "2008-03-15 00:00:00",
        "200803",
        "",
    ] {
        assert_eq!(found(&[("CSRQ", text)]), [], "{text}");
    }
    for text in [
        "2008",
        "08-03-15",
        "15032008",
        "2008-13-01",
        "abc",
        "2008-03-15-01",
    ] {
        assert_eq!(errors(&[("CSRQ", text)]), [Kind::BadDate], "{text}");
    }
    assert_eq!(errors(&[("CSRQ", "200804")]), [Kind::BirthMismatch]);
}

#[test]
fn kinds_of_document_follow_the_folders_table() {
    let passport = [("ZJLXDM", "3"), ("ZJHM", "E12345678")];
    assert_eq!(found(&passport), []);
    assert_eq!(
        errors(&[("ZJLXDM", "3"), ("ZJHM", "E12345678"), ("CSRQ", "")]),
        [Kind::MissingField]
    );
    assert_eq!(warnings(&[("ZJLXDM", "Q")]), [Kind::BadIdType]);
    assert_eq!(
        found(&[("ZJLXDM", "")]),
        [],
        "nothing said is a resident card"
    );
    assert_eq!(
        errors(&[("ZJLXDM", ""), ("ZJHM", "E12345678")]),
        [Kind::BadIdNumber]
    );
}

#[test]
fn name_rules() {
    for name in ["张??", "张？", "张□", "张〓", "张*", "张san", "&#12345;三"] {
        assert_eq!(errors(&[("XM", name)]), [Kind::MissingGlyph], "{name}");
    }
    assert_eq!(errors(&[("XM", "")]), [Kind::MissingName]);
    assert_eq!(errors(&[("XM", "张\u{e000}")]), [Kind::PrivateUseGlyph]);
    assert_eq!(errors(&[("XM", "张3")]), [Kind::BadNameCharacter]);
    for dot in ['•', '‧', '・', '･', '∙', '⋅', '．'] {
        assert_eq!(
            found(&[("XM", &format!("阿力木{dot}吐尔逊"))]),
            [(Kind::DotVariant, Severity::Warning)],
            "{dot}"
        );
    }
    assert_eq!(found(&[("XM", "阿力木·吐尔逊")]), []);
    assert_eq!(
        found(&[("XM", "张　三")]),
        [],
        "blanks inside are settled by the stored form"
    );
    assert_eq!(
        warnings(&[("XM", &format!("阿{}·乙", "甲".repeat(20)))]),
        [Kind::NameTooLong]
    );
    assert_eq!(errors(&[("XM", &"甲".repeat(26))]), [Kind::NameTooLong]);
    let report = checked(&[candidate(&[("XM", "阿力木．吐尔逊")])]);
    assert_eq!(report.candidates[0].facts.name, "阿力木·吐尔逊");
    assert_eq!(report.candidates[0].facts.name_raw, "阿力木．吐尔逊");
    assert_eq!(report.candidates[0].status, CandidateStatus::Warned);
}

#[test]
fn candidate_number_rules() {
    assert_eq!(errors(&[("KSH", "")]), [Kind::MissingField]);
    assert_eq!(errors(&[("KSH", "2631000015000")]), [Kind::BadKsh]);
    assert_eq!(errors(&[("KSH", "26310000字0001")]), [Kind::BadKsh]);
    assert_eq!(warnings(&[("KSH", "2026ZSB0001")]), [Kind::BadKsh]);
    assert_eq!(
        errors(&[("KSH", "26990000150001")]),
        [Kind::UnknownProvince]
    );
}

#[test]
fn an_old_number_is_a_deferred_student_unless_all_are_old() {
    let old = candidate(&[("KSH", "24310000150002"), ("ZJHM", "310115200803150037")]);
    let report = checked(&[candidate(&[]), old.clone()]);
    let weights: Vec<(Kind, Severity)> = report
        .findings
        .iter()
        .map(|f| (f.kind, f.severity))
        .collect();
    assert_eq!(weights, [(Kind::WrongYear, Severity::Warning)]);
    assert_eq!(report.notices, []);
    let report = checked(&[old]);
    assert_eq!(report.findings[0].severity, Severity::Error);
    assert_eq!(
        report.notices,
        [Notice::ForeignYear {
            expected: 2026,
            rows: 1
        }]
    );
    assert_eq!(report.candidates[0].status, CandidateStatus::Bad);
    let older = candidate(&[("KSH", "21310000150002"), ("ZJHM", "310115200803150037")]);
    assert_eq!(
        checked(&[candidate(&[]), older]).findings[0].severity,
        Severity::Error
    );
}

#[test]
fn rows_of_another_school_are_errors_where_the_national_code_is_given() {
    assert_eq!(errors(&[("YXDM", "10247")]), [Kind::WrongSchool]);
    assert_eq!(found(&[("YXDM", "10264")]), []);
    assert_eq!(
        found(&[("YXDM", "0123")]),
        [],
        "a province's own code says nothing"
    );
    let report = checked(&[candidate(&[("YXDM", "10247")])]);
    assert_eq!(
        report.notices,
        [Notice::ForeignSchool {
            expected: "10264".to_owned(),
            rows: 1
        }]
    );
}

#[test]
fn codes_resolve_in_the_folder_or_in_the_standard() {
    assert_eq!(errors(&[("MZDM", "77")]), [Kind::UnknownEthnic]);
    assert_eq!(errors(&[("MZDM", "")]), [Kind::MissingField]);
    assert_eq!(
        warnings(&[("MZDM", "03")]),
        [Kind::UnknownCode],
        "in GB/T 3304 but not in the folder"
    );
    assert_eq!(warnings(&[("ZZMMDM", "88")]), [Kind::UnknownCode]);
    assert_eq!(found(&[("ZZMMDM", "")]), []);
    assert_eq!(warnings(&[("PCDM", "9")]), [Kind::UnknownCode]);
    assert_eq!(warnings(&[("LQZY", "99")]), [Kind::UnknownCode]);
    assert_eq!(errors(&[("LQZY", "")]), [Kind::MissingField]);
}

#[test]
fn an_absent_dictionary_is_one_line_and_no_finding() {
    let rows: Vec<Row> = (0..20)
        .map(|n| {
            candidate(&[
                ("KSH", &format!("2631000015{n:04}")),
                ("ZJHM", &format!("3101152008031500{n:02}")),
            ])
        })
        .collect();
    let with = check(&package(vec![folder("上海市", &rows)]), &context());
    for table in ["TD_MZDM", "TD_ZZMMDM", "TD_ZJLXDM", "TD_ZYDH"] {
        let mut bare = folder("上海市", &rows);
        bare.dictionaries.remove(table);
        if table == "TD_ZYDH" {
            bare.majors.clear();
        }
        let without = check(&package(vec![bare]), &context());
        assert_eq!(without.notices.len(), 1, "{table}");
        assert!(
            without.notices[0].text(Lang::Zh).contains(table)
                && without.notices[0].text(Lang::En).contains(table)
        );
        assert_eq!(without.findings, with.findings, "{table}");
    }
}

#[test]
fn withdrawn_rows_are_counted_and_take_no_part() {
    let withdrawn = candidate(&[("TDYYDM", "05"), ("XM", "??")]);
    let report = checked(std::slice::from_ref(&withdrawn));
    assert_eq!(
        (kinds(&report), report.candidates.len(), report.is_clean()),
        (vec![Kind::Withdrawn], 0, true)
    );
    assert_eq!((report.counts["withdrawn"], report.counts["rows"]), (1, 1));
    // Withdrawn from one offer, admitted by another.
    let report = checked(&[withdrawn, candidate(&[])]);
    assert_eq!((kinds(&report), report.candidates.len()), (vec![], 1));
}

#[test]
fn two_tables_are_joined_and_orphans_named() {
    let person = |ksh: &str, id: &str| {
        let mut row = candidate(&[("KSH", ksh), ("ZJHM", id)]);
        row.retain(|field, _| !["LQZY", "TDYYDM", "PCDM"].contains(field));
        row
    };
    let offer = |ksh: &str| {
        Row::from([
            ("KSH", ksh.to_owned()),
            ("LQZY", "01".to_owned()),
            ("TDYYDM", String::new()),
        ])
    };
    let (a, b, c) = ("26310000150001", "26310000150002", "26310000150003");
    let mut folder = folder("上海市", &[]);
    folder.bmk = Some(table(
        "x/T_BMK.DBF",
        &[person(a, ID), person(b, "310115200803150037")],
    ));
    folder.tdd = Some(table("x/T_TDD.DBF", &[offer(c), offer(a)]));
    let report = check(&package(vec![folder]), &context());
    let places: Vec<(Kind, &str, &str, u32)> = report
        .findings
        .iter()
        .map(|f| (f.kind, f.ksh.as_str(), f.file.as_str(), f.row))
        .collect();
    assert_eq!(
        places,
        [
            (Kind::OrphanBmk, b, "x/T_BMK.DBF", 2),
            (Kind::OrphanTdd, c, "x/T_TDD.DBF", 1)
        ]
    );
    assert_eq!(report.candidates.len(), 1);
    assert_eq!(report.candidates[0].provenance.offer_row, Some(2));
    assert_eq!(
        report.candidates[0].facts.major.name.as_deref(),
        Some("海洋科学")
    );
}

#[test]
fn repetitions_are_found_within_and_across_provinces() {
    let twice = checked(&[candidate(&[]), candidate(&[])]);
    assert_eq!(
        kinds(&twice),
        [Kind::DuplicateKsh],
        "once for the group, and no repeated document"
    );
    assert_eq!((twice.findings[0].row, twice.candidates.len()), (2, 1));
    let other = candidate(&[("KSH", "26310000150002"), ("XM", "李四")]);
    assert_eq!(
        kinds(&checked(&[candidate(&[]), other.clone()])),
        [Kind::DuplicateId, Kind::DuplicateId]
    );

    let two = |second: &[Row]| {
        check(
            &package(vec![
                folder("上海市", &[candidate(&[])]),
                folder("江苏省", second),
            ]),
            &context(),
        )
    };
    let same_number = two(&[candidate(&[])]);
    assert_eq!(kinds(&same_number), [Kind::ConflictingProvince]);
    assert!(
        same_number
            .candidates
            .iter()
            .all(|candidate| candidate.status == CandidateStatus::Bad)
    );
    let same_person = two(&[candidate(&[("KSH", "26320000150001")])]);
    assert_eq!(
        kinds(&same_person),
        [
            Kind::DuplicateId,
            Kind::ConflictingProvince,
            Kind::DuplicateId
        ]
    );
    assert_eq!(
        kinds(&two(&[other])),
        [Kind::DuplicateId, Kind::DuplicateId]
    );
}

#[test]
fn damaged_text_and_number_cells_are_errors() {
    let mut damaged = folder("上海市", &[candidate(&[("XM", "张\u{fffd}")])]);
    damaged.tdd.as_mut().unwrap().rows[0].undecodable = true;
    let report = check(&package(vec![damaged]), &context());
    assert_eq!(kinds(&report), [Kind::Undecodable]);
    assert_eq!(report.findings[0].field, "XM");
    let mut numeric = folder("上海市", &[candidate(&[])]);
    let table = numeric.tdd.as_mut().unwrap();
    let column = table.column_of(SourceField::Zjhm).unwrap();
    table.rows[0].numeric = vec![u16::try_from(column).unwrap()];
    assert_eq!(
        kinds(&check(&package(vec![numeric]), &context())),
        [Kind::NumericIdCell]
    );
}

#[test]
fn ages_are_judged_on_the_day_of_the_check() {
    let aged = |birth: &str, id: &str| found(&[("CSRQ", birth), ("ZJHM", id)]);
    let with_check = |body: &str| {
        format!(
            "{body}{}",
            domain::person::id_number::check_digit(body).unwrap()
        )
    };
    assert_eq!(
        aged("20140101", &with_check("31011520140101001")),
        [(Kind::UnusualAge, Severity::Warning)]
    );
    assert_eq!(
        aged("20200101", &with_check("31011520200101001")),
        [(Kind::UnusualAge, Severity::Error)]
    );
    assert_eq!(
        aged("20270101", &with_check("31011520270101001")),
        [(Kind::UnusualAge, Severity::Error)]
    );
    assert_eq!(aged("19900101", &with_check("31011519900101001")), []);
}

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

fn any_row() -> impl Strategy<Value = Row> {
    let pick = |values: &'static [&'static str]| proptest::sample::select(values);
    (
        pick(&[
            "26310000150001",
            "26310000150002",
            "26310000150003",
            "25310000150001",
            "",
            "x",
        ]),
        pick(&["张三", "李四", "张??", "阿力木．吐尔逊", ""]),
        pick(&["1", "2", "", "男"]),
        pick(&["20080315", "20080314", "20070229", "200803", ""]),
        pick(&[
            ID,
            "310115200803150017",
            "310115200702290014",
            "310115200803150037",
            "",
            "31011520080315",
        ]),
        pick(&["01", "77", "", "03"]),
        pick(&["", "05"]),
    )
        .prop_map(|(ksh, name, sex, birth, id, ethnic, withdrawn)| {
            candidate(&[
                ("KSH", ksh),
                ("XM", name),
                ("XBDM", sex),
                ("CSRQ", birth),
                ("ZJHM", id),
                ("MZDM", ethnic),
                ("TDYYDM", withdrawn),
            ])
        })
}

fn sorted(report: &CheckReport) -> Vec<(String, Kind)> {
    let mut pairs: Vec<(String, Kind)> = report
        .findings
        .iter()
        .map(|f| (f.ksh.clone(), f.kind))
        .collect();
    pairs.sort();
    pairs
}

proptest! {
    #[test]
    fn no_finding_repeats_an_id_number(rows in proptest::collection::vec(any_row(), 1..8)) {
        let report = checked(&rows);
        let ids: BTreeSet<&String> = rows.iter().map(|row| &row["ZJHM"]).filter(|id| id.len() > 8).collect();
        for finding in &report.findings {
            for text in [finding.message.clone(), finding.suggestion.clone(), finding.message_in(Lang::En)] {
                prop_assert!(ids.iter().all(|id| !text.contains(id.as_str())));
            }
        }
    }

    #[test]
    fn every_live_row_is_a_candidate_or_accounted_for(rows in proptest::collection::vec(any_row(), 1..12)) {
        let report = checked(&rows);
        let total: u64 = report.counts.iter().filter(|(key, _)| *key != "rows").map(|(_, count)| count).sum();
        prop_assert_eq!(total, report.findings.len() as u64);
        prop_assert_eq!(report.counts["rows"], rows.len() as u64);
        for candidate in &report.candidates {
            let from = &candidate.provenance;
            let own = |finding: &&Finding| finding.row == from.row && finding.kind != Kind::Withdrawn;
            let bad = report.findings.iter().filter(own).any(|finding| finding.severity == Severity::Error);
            prop_assert!(!bad || candidate.status == CandidateStatus::Bad);
        }
        let seen: BTreeSet<&str> = report.candidates.iter().map(|c| c.facts.ksh.as_str()).filter(|ksh| !ksh.is_empty()).collect();
        let withdrawn: BTreeSet<&str> =
            report.findings.iter().filter(|f| f.kind == Kind::Withdrawn).map(|f| f.ksh.as_str()).collect();
        for row in rows.iter().filter(|row| !row["KSH"].is_empty()) {
            let ksh = row["KSH"].to_uppercase();
            prop_assert!(seen.contains(ksh.as_str()) || withdrawn.contains(ksh.as_str()));
        }
    }

    #[test]
    fn rows_without_repetition_are_judged_alike_in_any_order(rows in proptest::collection::vec(any_row(), 1..8)) {
        let mut seen = BTreeSet::new();
        let rows: Vec<Row> = rows.into_iter().filter(|row| row["KSH"].is_empty() || seen.insert(row["KSH"].clone())).collect();
        let backwards: Vec<Row> = rows.iter().rev().cloned().collect();
        prop_assert_eq!(sorted(&checked(&rows)), sorted(&checked(&backwards)));
    }

    #[test]
    fn bytes_of_a_row_survive_json(raw in proptest::collection::vec(any::<u8>(), 0..40), cut in 1_usize..4) {
        let row = SourceRow { row: 7, raw: raw.clone(), ..SourceRow::default() };
        let json = serde_json::to_string(&row).unwrap();
        prop_assert_eq!(&serde_json::from_str::<SourceRow>(&json).unwrap().raw, &raw);
        // Text that was cut is no base64 any more.
        let encoded = serde_json::to_value(&row).unwrap()["raw"].as_str().unwrap().to_owned();
        if encoded.len() > cut {
            let short = json.replace(&encoded, &encoded[..encoded.len() - cut]);
            prop_assert!(serde_json::from_str::<SourceRow>(&short).is_err());
        }
    }
}
