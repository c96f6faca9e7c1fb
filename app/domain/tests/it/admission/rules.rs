//! Rules on one candidate.

use super::{
    ID, candidate, checked, context, errors, folder, found, kinds, package, table, warnings,
};
use domain::admission::check::{CandidateStatus, CheckReport, check};
use domain::admission::finding::{FindingKind as Kind, Severity};
use domain::admission::source::Notice;
use domain::codes::Sex;
use domain::person::id_number::IdType;

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

/// A province's code means what its own table says: what the table lacks is told even where the standard knows it, and a
/// name that nobody knows is not replaced by what the standard has under that number.
#[test]
fn a_kind_of_document_is_not_guessed_past_the_folders_table() {
    assert_eq!(
        warnings(&[("ZJLXDM", "A"), ("ZJHM", "E12345678")]),
        [Kind::UnknownCode],
        "a passport by the standard, and not in this table"
    );
    let mut folder = folder("上海市", &[candidate(&[("ZJLXDM", "1")])]);
    folder.dictionaries.insert(
        "TD_ZJLXDM".to_owned(),
        [("1".to_owned(), "某种新证件".to_owned())].into(),
    );
    let report = check(&package(vec![folder]), &context());
    let kinds: Vec<Kind> = report.findings.iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&Kind::BadIdType), "{kinds:?}");
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
        [(Kind::SpacedName, Severity::Warning)],
        "the stored form has none: somebody must have looked"
    );
    assert_eq!(found(&[("XM", " 张三 ")]), [], "around the name they go");
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
    assert_eq!(warnings(&[("KSH", "2026ZSB0001")]), [Kind::OtherPath]);
    assert_eq!(
        errors(&[("KSH", "26990000150001")]),
        [Kind::UnknownProvince]
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

/// The check of one changed candidate in a folder that has further code tables.
fn with_tables(changes: &[(&'static str, &str)], tables: &[(&str, &str, &str)]) -> CheckReport {
    let mut folder = folder("上海市", &[candidate(changes)]);
    for (table, code, text) in tables {
        let codes = folder.dictionaries.entry((*table).to_owned()).or_default();
        codes.insert((*code).to_owned(), (*text).to_owned());
    }
    check(&package(vec![folder]), &context())
}

/// Rule V7 holds for every `TD_` table of the folder, not only for those of columns that are used here.
#[test]
fn codes_of_every_column_resolve_in_the_folders_own_table() {
    let table = [("TD_JHLBDM", "1", "非定向")];
    for known in ["1", "非定向", "", " 1 "] {
        let report = with_tables(&[("JHLBDM", known)], &table);
        assert_eq!(report.findings, [], "{known:?}");
    }
    let report = with_tables(&[("JHLBDM", "7")], &table);
    let [finding] = report.findings.as_slice() else {
        panic!("{report:?}");
    };
    let weighed = (finding.kind, finding.severity, finding.field.as_str());
    assert_eq!(weighed, (Kind::UnknownCode, Severity::Warning, "JHLBDM"));
    assert_eq!((finding.row, finding.ksh.as_str()), (1, "26310000150001"));
    assert!(finding.message.contains("JHLBDM=7"), "{}", finding.message);
    assert_eq!(report.candidates[0].status, CandidateStatus::Warned);
    // Without its table a column that is not used says nothing.
    assert_eq!(found(&[("JHLBDM", "7")]), []);
}

/// Rule V7: what the row names itself does not stand for a code that the folder lacks.
#[test]
fn the_offer_resolves_in_the_table_of_majors_also_where_the_major_is_named() {
    let named = [("LQZY", "99"), ("ZYMC", "海洋技术")];
    assert_eq!(warnings(&named), [Kind::UnknownCode]);
    let facts = with_tables(&named, &[]).candidates.remove(0).facts;
    assert_eq!(facts.major.name.as_deref(), Some("海洋技术"));
    assert_eq!(facts.major.offer_code.as_deref(), Some("99"));
    // Some provinces write the name where the code belongs.
    assert_eq!(found(&[("LQZY", "海洋科学")]), []);
}

#[test]
fn codes_in_the_table_of_majors_resolve_too() {
    let told = |row: &[(&'static str, &str)], tables: &[(&str, &str, &str)]| {
        let mut folder = folder("上海市", &[candidate(row)]);
        for (table, code, text) in tables {
            let codes = folder.dictionaries.entry((*table).to_owned()).or_default();
            codes.insert((*code).to_owned(), (*text).to_owned());
        }
        "7".clone_into(&mut folder.majors[0].level_code);
        "4".clone_into(&mut folder.majors[0].length_code);
        let report = check(&package(vec![folder]), &context());
        let messages = report.findings.iter().map(|f| (f.kind, f.message.clone()));
        messages.collect::<Vec<_>>()
    };
    let both = [("TD_CCDM", "1", "本科"), ("TD_XZDM", "4", "四年")];
    let found = told(&[], &both);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Kind::UnknownCode);
    assert!(found[0].1.contains("TD_ZYDH.CCDM=7"), "{found:?}");
    // Without a table nothing can be looked up; what the row says itself is what counts.
    assert_eq!(told(&[], &both[1..]), []);
    assert_eq!(told(&[("CCDM", "1")], &both), []);
}

#[test]
fn the_reason_of_a_withdrawal_is_told_by_name_and_its_code_resolves() {
    let table = [("TD_TDYYDM", "05", "考生申请退档")];
    let told = |code: &str| {
        let report = with_tables(&[("TDYYDM", code)], &table);
        let findings = report.findings.into_iter();
        let said: Vec<(Kind, String)> = findings.map(|f| (f.kind, f.message)).collect();
        (said, report.candidates.len())
    };
    let (known, candidates) = told("05");
    assert_eq!((known.len(), candidates), (1, 0));
    assert!(known[0].1.contains("05 考生申请退档"), "{known:?}");
    let (unknown, _) = told("66");
    let kinds: Vec<Kind> = unknown.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [Kind::Withdrawn, Kind::UnknownCode]);
    assert!(unknown[1].1.contains("TDYYDM=66"), "{unknown:?}");
}

#[test]
fn a_column_of_codes_whose_table_is_absent_is_named_once() {
    let absent = |changes: &[(&'static str, &str)]| {
        let notices = with_tables(changes, &[]).notices.into_iter();
        let tables = notices.filter_map(|notice| match notice {
            Notice::DictionaryAbsent { table, .. } => Some(table),
            _ => None,
        });
        tables.collect::<Vec<String>>()
    };
    assert_eq!(absent(&[]), [""; 0]);
    assert_eq!(absent(&[("XXXS", "1")]), ["TD_XXXS"]);
    assert_eq!(absent(&[("XXXS", "普通全日制")]), [""; 0]);
    assert_eq!(absent(&[("BYXXDM", "3101001")]), ["TD_BYXXDM"]);
    // A school that is named needs no table.
    let named = [("BYXXDM", "3101001"), ("BYXXMC", "第一中学")];
    assert_eq!(absent(&named), [""; 0]);
}

/// A worksheet has no place for a code table: that it has none is no news.
#[test]
fn no_code_table_is_asked_of_a_worksheet() {
    let told = |file: &str| {
        let mut folder = folder("上海市", &[candidate(&[("XXXS", "1")])]);
        for table in folder.bmk.iter_mut().chain(&mut folder.tdd) {
            file.clone_into(&mut table.file);
        }
        let notices = check(&package(vec![folder]), &context()).notices;
        let absent = |notice: &Notice| matches!(notice, Notice::DictionaryAbsent { .. });
        notices.iter().any(absent)
    };
    assert!(told("上海市/T_TDD.DBF"));
    assert!(!told("名单.csv") && !told("名单.XLSX"));
}

#[test]
fn a_code_that_both_tables_carry_is_told_once() {
    let person = candidate(&[("HJLBDM", "9")]);
    let mut folder = folder("上海市", std::slice::from_ref(&person));
    folder.bmk = Some(table("上海市/T_BMK.DBF", &[person]));
    let urban = [("1".to_owned(), "城镇".to_owned())];
    folder
        .dictionaries
        .insert("TD_HJLBDM".to_owned(), urban.into());
    let report = check(&package(vec![folder]), &context());
    let places: Vec<(Kind, &str)> = report
        .findings
        .iter()
        .map(|finding| (finding.kind, finding.file.as_str()))
        .collect();
    assert_eq!(places, [(Kind::UnknownCode, "上海市/T_BMK.DBF")]);
}

#[test]
fn the_previous_school_is_told_by_its_code_where_the_folder_names_it() {
    let table = [("TD_BYXXDM", "3101001", "市一中")];
    let school = |changes: &[(&'static str, &str)]| {
        let mut report = with_tables(changes, &table);
        (
            report.candidates.remove(0).facts.previous_school,
            report.findings,
        )
    };
    assert_eq!(
        school(&[("BYXXDM", "3101001")]),
        (Some("市一中".to_owned()), vec![])
    );
    let both = school(&[("BYXXDM", "3101001"), ("BYXXMC", "第一中学")]);
    assert_eq!(both, (Some("第一中学".to_owned()), vec![]));
    let (kept, findings) = school(&[("BYXXDM", "3101002")]);
    assert_eq!(kept.as_deref(), Some("3101002"), "the raw code is kept");
    let told: Vec<(Kind, &str)> = findings
        .iter()
        .map(|finding| (finding.kind, finding.field.as_str()))
        .collect();
    assert_eq!(told, [(Kind::UnknownCode, "BYXXDM")]);
    // The table of an older package is named after its older column.
    let older = [("TD_ZXDM", "3101001", "市一中")];
    let report = with_tables(&[("ZXDM", "3101001")], &older);
    let facts = &report.candidates[0].facts;
    assert_eq!(facts.previous_school.as_deref(), Some("市一中"));
}

#[test]
fn a_provinces_own_code_of_sex_is_read_in_its_table() {
    let own = [("TD_XBDM", "M", "男"), ("TD_XBDM", "F", "女")];
    let report = with_tables(&[("XBDM", "M")], &own);
    assert_eq!(report.findings, []);
    assert_eq!(report.candidates[0].facts.sex, Some(Sex::Male));
    let other = with_tables(&[("XBDM", "F")], &own);
    assert_eq!(kinds(&other), [Kind::SexMismatch]);
    // What GB/T 2261.1 fixes stands, whatever a table says of it.
    let turned = with_tables(&[("XBDM", "1")], &[("TD_XBDM", "1", "女")]);
    assert_eq!(turned.candidates[0].facts.sex, Some(Sex::Male));
    let unlisted = with_tables(&[("XBDM", "X")], &own);
    assert_eq!(kinds(&unlisted), [Kind::MissingSex]);
}
