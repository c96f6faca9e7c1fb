//! Rows together: joins, repetitions, whole sources.

use super::{ID, Row, candidate, checked, context, errors, folder, found, kinds, package, table};
use domain::admission::check::{CandidateStatus, check};
use domain::admission::finding::{FindingKind as Kind, Severity};
use domain::admission::source::{Notice, SourceField};
use domain::text::Lang;

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
