//! Rows together: joins, repetitions, whole sources.

use super::{ID, Row, candidate, checked, context, errors, folder, found, kinds, package, table};
use domain::admission::check::{CandidateStatus, CheckContext, CheckReport, check};
use domain::admission::finding::{FindingKind as Kind, Severity};
use domain::admission::online::{OnlineField, due};
use domain::admission::path::AdmissionPath;
use domain::admission::repair::{RepairRow, merge};
use domain::admission::source::{AdmissionPackage, Notice, SourceField};
use domain::text::Lang;
use std::collections::BTreeMap;

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
fn every_code_of_the_school_is_ours() {
    let mut ours = context();
    ours.school_codes
        .push(domain::institution::SchoolCode::parse("13264").unwrap());
    let rows: Vec<Row> = [("26310000150001", "10264"), ("26310000150002", "13264")]
        .map(|(ksh, code)| {
            candidate(&[("KSH", ksh), ("YXDM", code), ("ZJLXDM", "3"), ("ZJHM", ksh)])
        })
        .to_vec();
    let wrong = |report: &CheckReport| {
        let foreign = report
            .findings
            .iter()
            .filter(|f| f.kind == Kind::WrongSchool);
        foreign.map(|f| f.message.clone()).collect::<Vec<_>>()
    };
    let at = |context: &CheckContext| check(&package(vec![folder("上海市", &rows)]), context);
    assert_eq!(wrong(&at(&ours)), Vec::<String>::new());
    assert_eq!(wrong(&at(&context())).len(), 1);
    let foreign = candidate(&[("YXDM", "10247")]);
    let report = check(&package(vec![folder("上海市", &[foreign])]), &ours);
    assert!(
        wrong(&report)[0].contains("10247 ≠ 10264 / 13264"),
        "{report:?}"
    );
}

#[test]
fn a_column_that_a_source_lacks_is_due_and_no_row_is_wrong() {
    let without = |absent: &[&str]| {
        let mut row = candidate(&[]);
        row.retain(|column, _| !absent.contains(column));
        let mut folder = folder("上海市", &[row]);
        folder.majors.clear();
        check(&package(vec![folder]), &context())
    };
    let absent = |field| Notice::ColumnAbsent {
        folder: "上海市".to_owned(),
        field,
    };
    let report = without(&["MZDM", "LQZY"]);
    assert_eq!(report.findings, []);
    assert_eq!(report.candidates[0].status, CandidateStatus::Good);
    assert_eq!(
        report.notices,
        [absent(OnlineField::Ethnic), absent(OnlineField::Major)]
    );
    let due = due(&report.candidates[0].facts);
    assert!(due.contains(&OnlineField::Ethnic) && due.contains(&OnlineField::Major));
    for (field, step) in [
        (OnlineField::Ethnic, "信息核对签名"),
        (OnlineField::Major, "录取专业对应"),
    ] {
        let text = absent(field).text(Lang::Zh);
        assert!(text.contains("待补") && text.contains(step), "{text}");
    }
    // With the column there, an empty cell is a row to be mended as before.
    let empty = checked(&[candidate(&[("MZDM", ""), ("LQZY", "")])]);
    assert_eq!(empty.counts["missing_field"], 2);
    assert!(!empty.notices.contains(&absent(OnlineField::Ethnic)));
}

#[test]
fn a_folder_that_was_not_read_is_an_error_of_its_own() {
    let unread = Notice::FolderUnread {
        folder: "江苏省".to_owned(),
        file: "江苏省/T_TDD.DBF".to_owned(),
        zh: "文件不完整".to_owned(),
        en: "the file is cut off".to_owned(),
    };
    let package = AdmissionPackage {
        folders: vec![folder("上海市", &[candidate(&[])])],
        notices: vec![unread.clone()],
    };
    let report = check(&package, &context());
    assert!(!report.is_clean());
    assert_eq!(report.counts["unread_folder"], 1);
    assert_eq!(report.notices, [unread]);
    let [finding] = report.findings.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(
        (finding.kind, finding.row, finding.file.as_str()),
        (Kind::UnreadFolder, 0, "江苏省/T_TDD.DBF")
    );
    assert!(finding.message.contains("江苏省"));
    assert_eq!(report.candidates[0].status, CandidateStatus::Good);
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
    // Withdrawn from two offers, admitted by another: each withdrawal is told with its reason (rule V6).
    let again = candidate(&[("TDYYDM", "07")]);
    let report = checked(&[withdrawn, candidate(&[]), again]);
    assert_eq!(kinds(&report), [Kind::Withdrawn, Kind::Withdrawn]);
    let told = report.findings.iter().map(|f| (f.row, f.severity));
    assert!(told.eq([(1, Severity::Warning), (3, Severity::Warning)]));
    assert_eq!(
        (report.counts["withdrawn"], report.candidates.len()),
        (2, 1)
    );
    assert_eq!(report.candidates[0].status, CandidateStatus::Good);
}

/// Kind, candidate number, file and row of every finding.
fn places(report: &CheckReport) -> Vec<(Kind, &str, &str, u32)> {
    report
        .findings
        .iter()
        .map(|f| (f.kind, f.ksh.as_str(), f.file.as_str(), f.row))
        .collect()
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
    assert_eq!(
        places(&report),
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
fn nobody_vanishes_behind_another_row_without_a_partner() {
    let offer = |ksh: &str, withdrawn: &str| {
        Row::from([
            ("KSH", ksh.to_owned()),
            ("LQZY", "01".to_owned()),
            ("TDYYDM", withdrawn.to_owned()),
        ])
    };
    let person = |ksh: &str, id: &str| {
        let mut row = candidate(&[("KSH", ksh), ("ZJHM", id)]);
        row.retain(|field, _| !["LQZY", "TDYYDM", "PCDM"].contains(field));
        row
    };
    let (a, b, c) = ("26310000150001", "26310000150002", "26310000150003");
    let twice = person(b, "310115200803150037");
    let mut folder = folder("上海市", &[]);
    folder.bmk = Some(table("x/T_BMK.DBF", &[person(a, ID), twice.clone(), twice]));
    let offers = ["", a, "", c, c].map(|ksh| offer(ksh, ""));
    folder.tdd = Some(table(
        "x/T_TDD.DBF",
        &[&offers[..], &[offer("", "05")]].concat(),
    ));
    let report = check(&package(vec![folder]), &context());
    assert_eq!(
        places(&report),
        [
            (Kind::OrphanBmk, b, "x/T_BMK.DBF", 2),
            (Kind::OrphanBmk, b, "x/T_BMK.DBF", 3),
            (Kind::OrphanTdd, "", "x/T_TDD.DBF", 1),
            (Kind::OrphanTdd, "", "x/T_TDD.DBF", 3),
            (Kind::OrphanTdd, c, "x/T_TDD.DBF", 4),
            (Kind::OrphanTdd, c, "x/T_TDD.DBF", 5),
            (Kind::Withdrawn, "", "x/T_TDD.DBF", 6),
        ]
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

/// Nothing is read from the column: the row is as good as the others, once somebody has said that it is (ADR 0097).
#[test]
fn damage_where_nothing_is_read_from_is_a_warning() {
    let garbled = |cells: &[(&'static str, &str)]| {
        let mut folder = folder("上海市", &[candidate(cells)]);
        folder.tdd.as_mut().unwrap().rows[0].undecodable = true;
        let report = check(&package(vec![folder]), &context());
        let told = report
            .findings
            .iter()
            .map(|f| (f.kind, f.severity, f.field.clone()));
        (told.collect::<Vec<_>>(), report.candidates[0].status)
    };
    let (told, status) = garbled(&[("JTCY", "父\u{fffd}")]);
    let expected = (Kind::Undecodable, Severity::Warning, "JTCY".to_owned());
    assert_eq!((told, status), (vec![expected], CandidateStatus::Warned));
    // Beside damage in a field it is the field that counts, in whichever order the columns stand.
    for field in ["TXDZ", "BYXXMC"] {
        let (told, status) = garbled(&[("JTCY", "父\u{fffd}"), (field, "\u{fffd}路")]);
        let expected = (Kind::Undecodable, Severity::Error, field.to_owned());
        assert_eq!((told, status), (vec![expected], CandidateStatus::Bad));
    }
}

/// A 学号 is kept on the special ways, and a number cell has lost the zeros in front of it.
#[test]
fn a_student_number_in_a_number_cell_is_an_error_where_it_is_kept() {
    let on = |path| {
        let mut numeric = folder("上海市", &[candidate(&[("XH", "26010001")])]);
        for table in numeric.bmk.iter_mut().chain(&mut numeric.tdd) {
            let column = table.column_of(SourceField::Xh);
            let cells = column.map(|at| u16::try_from(at).unwrap());
            table.rows[0].numeric = cells.into_iter().collect();
        }
        let context = CheckContext { path, ..context() };
        let report = check(&package(vec![numeric]), &context);
        report
            .findings
            .iter()
            .any(|f| f.kind == Kind::NumericIdCell && f.field == "XH")
    };
    assert!(on(AdmissionPath::Returner));
    assert!(on(AdmissionPath::TopUp));
    assert!(
        !on(AdmissionPath::Ordinary),
        "the number of a line, perhaps"
    );
}

#[test]
fn one_name_with_numbers_one_digit_apart_is_worth_a_look() {
    let other = |name: &str, number: &str| {
        candidate(&[("KSH", "26310000150002"), ("XM", name), ("ZJHM", number)])
    };
    let slip = checked(&[candidate(&[]), other("张三", "310115200803150011")]);
    let near: Vec<(&str, Severity)> = slip
        .findings
        .iter()
        .filter(|finding| finding.kind == Kind::NearDocument)
        .map(|finding| (finding.ksh.as_str(), finding.severity))
        .collect();
    assert_eq!(
        near,
        [
            ("26310000150001", Severity::Warning),
            ("26310000150002", Severity::Warning)
        ]
    );
    assert!(slip.findings[0].message.contains("26310000150002"));
    let kinds_of = |rows: &[Row]| kinds(&checked(rows));
    let two_digits = other("张三", "310115200803150037");
    assert_eq!(kinds_of(&[candidate(&[]), two_digits]), []);
    let namesake = other("李四", "310115200803150011");
    assert_eq!(kinds_of(&[candidate(&[]), namesake]), [Kind::BadChecksum]);
}

#[test]
fn what_the_offer_says_counts_before_what_was_applied_for() {
    let mut folder = folder("上海市", &[]);
    folder.dictionaries.insert(
        "TD_KLDM".to_owned(),
        [("1", "物理类"), ("2", "历史类")]
            .map(|(code, text)| (code.to_owned(), text.to_owned()))
            .into(),
    );
    folder.majors = [("1", "海洋科学"), ("2", "水产养殖学")]
        .map(|(category, name)| domain::admission::source::OfferedMajor {
            offer_code: "01".to_owned(),
            category_code: category.to_owned(),
            name: name.to_owned(),
            ..domain::admission::source::OfferedMajor::default()
        })
        .into();
    let mut person = candidate(&[]);
    person.insert("KLDM", "1".to_owned());
    person.retain(|field, _| !["LQZY", "TDYYDM", "PCDM"].contains(field));
    let offer = Row::from([
        ("KSH", "26310000150001".to_owned()),
        ("LQZY", "01".to_owned()),
        ("KLDM", "2".to_owned()),
        ("TDYYDM", String::new()),
    ]);
    folder.bmk = Some(table("x/T_BMK.DBF", &[person]));
    folder.tdd = Some(table("x/T_TDD.DBF", &[offer]));
    let report = check(&package(vec![folder]), &context());
    let facts = &report.candidates[0].facts;
    assert_eq!(facts.category.as_deref(), Some("历史类"));
    assert_eq!(facts.major.name.as_deref(), Some("水产养殖学"));
}

/// Lines of the same code for other 科类 than the candidate's: none of them is taken for the right one.
#[test]
fn an_offer_of_another_category_is_not_taken() {
    let stating = |name: &'static str, lines: &[(&str, &str)]| {
        let row = candidate(&[("LQZY", "77"), ("KLDM", "5"), ("ZYMC", name)]);
        let mut folder = folder("上海市", &[row]);
        folder.majors = lines
            .iter()
            .map(|(category, name)| domain::admission::source::OfferedMajor {
                offer_code: "77".to_owned(),
                category_code: (*category).to_owned(),
                name: (*name).to_owned(),
                ..domain::admission::source::OfferedMajor::default()
            })
            .collect();
        let report = check(&package(vec![folder]), &context());
        let candidate = &report.candidates[0];
        let told = report
            .findings
            .iter()
            .any(|finding| finding.kind == Kind::UnknownCode && finding.field == "LQZY");
        (candidate.facts.major.name.clone(), told)
    };
    let major_of = |lines: &[(&str, &str)]| stating("", lines);
    let found = |name: &str| (Some(name.to_owned()), false);
    let others = [("1", "海洋科学"), ("2", "水产养殖学")];
    assert_eq!(major_of(&others), (None, true));
    assert_eq!(
        stating("海洋技术", &others),
        found("海洋技术"),
        "the row says itself which it is"
    );
    assert_eq!(
        major_of(&[others[0], others[1], ("", "动物科学")]),
        found("动物科学")
    );
    assert_eq!(
        major_of(&others[..1]),
        found("海洋科学"),
        "the only one there is"
    );
}

#[test]
fn an_area_that_the_folder_does_not_know_is_told() {
    let mut folder = folder("上海市", &[candidate(&[("DQDM", "310199")])]);
    folder.dictionaries.insert(
        "TD_DQDM".to_owned(),
        [("310115".to_owned(), "浦东新区".to_owned())].into(),
    );
    let report = check(&package(vec![folder]), &context());
    assert_eq!(kinds(&report), [Kind::UnknownCode]);
    assert_eq!(report.findings[0].field, "DQDM");
}

#[test]
fn columns_of_one_heading_count_once() {
    use domain::admission::source::ColumnMapping;
    let headings = ["号", "名", "性", "证", "名"].map(str::to_owned);
    let fields = [
        Some(SourceField::Ksh),
        Some(SourceField::Xm),
        Some(SourceField::Xbdm),
        Some(SourceField::Zjhm),
        Some(SourceField::Zymc),
    ];
    let mapping = ColumnMapping::assign(&headings, &fields);
    let resolved = mapping.resolve(&headings).unwrap();
    assert_eq!(resolved[..4], fields[..4]);
    assert_eq!(resolved[4], None);
}

/// Of two folders that have one number nobody knows which is meant: the row says it, or changes nothing.
#[test]
fn a_repaired_row_without_its_place_changes_a_number_that_stands_in_one_folder() {
    let both = [
        folder("上海市", &[candidate(&[])]),
        folder("江苏省", &[candidate(&[])]),
    ];
    let repair = |file: &str| RepairRow {
        file: file.to_owned(),
        row: 1,
        values: BTreeMap::from([
            (SourceField::Ksh, "26310000150001".to_owned()),
            (SourceField::Xm, "李四".to_owned()),
        ]),
        ..RepairRow::default()
    };
    let unsure = merge(&package(both.to_vec()), &[repair("")]);
    assert_eq!((unsure.changes.len(), unsure.unmatched), (0, vec![0]));
    let placed = merge(&package(both.to_vec()), &[repair("江苏省/T_TDD.DBF")]);
    assert_eq!(placed.changes[0].file, "江苏省/T_TDD.DBF");
    let only = merge(&package(both[..1].to_vec()), &[repair("")]);
    assert_eq!((only.changes.len(), only.unmatched), (1, vec![]));
}
