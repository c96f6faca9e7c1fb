//! Majors, the list of a hand-over, and the funnel.

use domain::admission::funnel::{Funnel, Standing};
use domain::admission::majors::{SchoolMajor, is_broad, suggest, suggest_college};
use domain::admission::qualification::Qualification;
use domain::admission::roster::{RosterLine, canonical_roster};
use domain::decision::Machine;
use domain::registration::PlatformAnswer;
use proptest::prelude::*;
use uuid::Uuid;

fn majors(codes: &[(&str, &str)]) -> Vec<SchoolMajor> {
    codes
        .iter()
        .zip(1..)
        .map(|((code, name), number)| SchoolMajor {
            id: Uuid::from_u128(number),
            college: Some(Uuid::from_u128(100 + number / 3)),
            class: match *code {
                "090601" | "090602" => Some("水产类".to_owned()),
                "080901" | "080902" => Some("计算机类".to_owned()),
                _ => None,
            },
            national_code: (!code.is_empty()).then(|| (*code).to_owned()),
            name: (*name).to_owned(),
        })
        .collect()
}

#[test]
fn a_major_is_suggested_by_its_code() {
    let school = majors(&[
        ("080901", "计算机科学与技术"),
        ("080910T", "数据科学与大数据技术"),
        ("", "海洋科学"),
    ]);
    let found = |code: &str| suggest(code, "", &school).map(|id| id.as_u128());
    assert_eq!(found("080901"), Some(1));
    assert_eq!(found("080910T"), Some(2));
    assert_eq!(found("080910"), Some(2), "provinces leave out the suffix");
    assert_eq!(found("080902"), None);
    assert_eq!(found(""), None);
}

/// A sheet without codes: the only major of that name is suggested, and nothing where two bear it.
#[test]
fn without_a_code_a_major_is_suggested_by_its_name() {
    let school = majors(&[
        ("050201", "英语"),
        ("070701", "海洋科学"),
        ("070701", "海洋科学"),
    ]);
    let found = |name: &str| suggest(" ", name, &school).map(|id| id.as_u128());
    assert_eq!(found("英语 "), Some(1));
    assert_eq!(found("海洋科学"), None);
    assert_eq!(found("日语"), None);
    assert_eq!(found(""), None);
}

#[test]
fn two_majors_with_one_code_need_the_name() {
    let school = majors(&[
        ("080901", "计算机科学与技术"),
        ("080901", "计算机科学与技术（中外合作）"),
    ]);
    let found = |name: &str| suggest("080901", name, &school).map(|id| id.as_u128());
    assert_eq!(found("计算机科学与技术（中外合作）"), Some(2));
    assert_eq!(found("计算机"), None);
}

#[test]
fn broad_admission_is_known_by_its_name() {
    for name in ["计算机类", "工科试验班", "理科实验班（含海洋科学）"] {
        assert!(is_broad(name), "{name}");
    }
    for name in ["计算机科学与技术", "人类学", ""] {
        assert!(!is_broad(name), "{name}");
    }
}

#[test]
fn the_college_of_a_broad_intake_is_suggested() {
    // Majors 1 and 2 in one college, 3 to 5 in another.
    let school = majors(&[
        ("090601", "水产养殖学"),
        ("090602", "海洋渔业科学与技术"),
        ("080901", "计算机科学与技术"),
        ("080902", "软件工程"),
        ("071002", "生物技术"),
    ]);
    let found = |code: &str, name: &str| {
        suggest_college(code, name, &school).map(|college| college.as_u128())
    };
    assert_eq!(found("0906", "水产类"), Some(100));
    assert_eq!(found("090600", "水产类（含两个专业）"), Some(100));
    assert_eq!(found("", "计算机类"), Some(101), "by the name alone");
    assert_eq!(found("", "工科试验班"), None);
    let two = majors(&[
        ("080901", "计算机科学与技术"),
        ("", ""),
        ("080902", "软件工程"),
    ]);
    assert_eq!(
        suggest_college("0809", "计算机类", &two),
        None,
        "two colleges have majors of the class"
    );
}

fn line(ksh: &str, digest: u8) -> RosterLine {
    RosterLine {
        ksh: ksh.to_owned(),
        digest: vec![digest; 2],
        college: "01".to_owned(),
        major: "0102".to_owned(),
    }
}

/// A released form is never changed: receipts of earlier years are checked with it.
#[test]
fn the_canonical_form_of_a_list() {
    let bytes = canonical_roster(
        2026,
        &[line("26310115000002", 0xab), line("26310115000001", 1)],
    )
    .unwrap();
    let expected = r#"{"$schema":"xueji.handover/1","members":[["26310115000001","0101","01","0102"],["26310115000002","abab","01","0102"]],"year":2026}"#;
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

fn states() -> impl Strategy<Value = (Qualification, PlatformAnswer, u64)> {
    (
        prop::sample::select(Qualification::STATES.to_vec()),
        prop::sample::select(PlatformAnswer::STATES.to_vec()),
        0..10_000_u64,
    )
}

proptest! {
    #[test]
    fn the_list_does_not_depend_on_the_order(
        (lines, shuffled) in prop::collection::vec((0..50_u32, any::<u8>()), 0..20)
            .prop_map(|v| v.into_iter().map(|(k, d)| line(&format!("{k:014}"), d)).collect::<Vec<_>>())
            .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
    ) {
        prop_assert_eq!(canonical_roster(2026, &lines), canonical_roster(2026, &shuffled));
    }

    #[test]
    fn another_list_has_another_form(
        lines in prop::collection::btree_map(0..50_u32, any::<u8>(), 1..20), flipped in any::<prop::sample::Index>()
    ) {
        let one: Vec<RosterLine> = lines.iter().map(|(k, d)| line(&format!("{k:014}"), *d)).collect();
        let mut other = one.clone();
        let at = flipped.index(other.len());
        match at % 3 {
            0 => other[at].digest[0] ^= 1,
            1 => other[at].college = "02".to_owned(),
            _ => other[at].major.clear(),
        }
        prop_assert_ne!(canonical_roster(2026, &one), canonical_roster(2026, &other));
        prop_assert_ne!(canonical_roster(2026, &one), canonical_roster(2025, &one));
        prop_assert_ne!(canonical_roster(2026, &one), canonical_roster(2026, &one[1..]));
    }

    /// domain.md §15, 1: admitted = registered + forgone + deferred + cancelled + under way.
    #[test]
    fn the_funnel_balances(counts in prop::collection::vec(states(), 0..40)) {
        let funnel = Funnel::of(counts.clone());
        prop_assert_eq!(funnel.admitted, counts.iter().map(|c| c.2).sum::<u64>());
        prop_assert_eq!(funnel.admitted, funnel.parts.iter().map(|p| p.1).sum::<u64>());
        let cancelled: u64 = counts.iter().filter(|c| c.0 == Qualification::Cancelled).map(|c| c.2).sum();
        prop_assert_eq!(funnel.count(Standing::Cancelled), cancelled, "whatever the platform showed");
    }
}
