//! What holds for any rows.

use super::{ID, Row, candidate, checked};
use domain::admission::check::{CandidateStatus, CheckReport, check};
use domain::admission::finding::{Finding, FindingKind as Kind, Severity};
use domain::admission::source::SourceRow;
use domain::text::Lang;
use proptest::prelude::*;
use std::collections::BTreeSet;

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
        prop_assert_eq!(report.division.total(), rows.len() as u64);
        prop_assert_eq!(report.division.candidates, report.candidates.len() as u64);
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

    /// Persons and offers in two tables, with records that are flagged, left out, repeated or without their other half.
    #[test]
    fn the_parts_of_a_source_add_up(
        people in proptest::collection::vec((any_row(), 0_u8..4), 0..12),
        offers in proptest::collection::vec((any_row(), 0_u8..4), 0..12),
    ) {
        let table = |name: &str, rows: &[(Row, u8)]| {
            let plain: Vec<Row> = rows.iter().map(|(row, _)| row.clone()).collect();
            let mut table = super::table(name, &plain);
            for (row, (_, flag)) in table.rows.iter_mut().zip(rows) {
                row.deleted = *flag > 1;
                row.left_out = *flag > 2;
            }
            table
        };
        let mut both = super::folder("上海市", &[]);
        both.bmk = Some(table("上海市/T_BMK.DBF", &people));
        both.tdd = Some(table("上海市/T_TDD.DBF", &offers));
        let mut single = super::folder("北京市", &[]);
        single.tdd = Some(table("北京市/T_TDD.DBF", &offers));
        let report = check(&super::package(vec![both, single]), &super::context());
        let rows = (people.len() + offers.len()) as u64;
        prop_assert_eq!(report.counts["rows"], rows);
        prop_assert_eq!(report.division.total(), rows);
        prop_assert_eq!(report.division.candidates, report.candidates.len() as u64);
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
