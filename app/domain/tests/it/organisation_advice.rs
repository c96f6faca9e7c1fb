//! Organisation files: what is said about a mistake names its reason and what the column takes, and no list of staff ends the
//! post of the last administrator.

use super::organisation::{dated, issues, school, staff, units};
use chrono::NaiveDate;
use domain::institution::organisation::{
    HeldPost, Issue, KnownAccount, KnownPost, OrganisationFile, StaffPlan, administered_until,
};
use domain::institution::{Office, PersonalScope, PostKind};
use domain::text::Lang;
use uuid::Uuid;

#[test]
fn a_value_that_makes_no_sense_is_not_said_to_have_the_wrong_form() {
    let ends = dated(["学院", "01", "甲"], "2026-09-01", "2026-08-01");
    let early = dated(["学院", "08", "新名"], "2019-09-01", "");
    let short = ["专业", "0801", "乙", "08", "080202", "2024", "0"];
    let class = ["班级", "K7", "丙", "0802", "", "", "", "1890"];
    let typed = ["专业", "0803", "丁", "08", "080202", "2024", "四年"];
    let plan = units(&[&ends, &early, &short, &class, &typed], &school());
    assert_eq!(
        issues(&plan),
        [
            (2, "截止日期", Issue::EndBeforeStart),
            (3, "起始日期", Issue::BeforeUnit),
            (4, "学制", Issue::OutOfRange),
            (5, "年级", Issue::OutOfRange),
            (6, "学制", Issue::Form),
        ]
    );
    let over = ["T7", "李四", "08", "教学秘书", "", "", "", "", "2026-08-19"];
    let plan = staff(&[&over], &[]);
    assert_eq!(plan.findings[0].issue, Issue::AlreadyOver);
}

#[test]
fn what_to_do_about_a_value_says_what_the_column_takes() {
    let plan = units(&[&["系", "01", "甲"], &["学院", "a b", "乙"]], &[]);
    let said = |at: usize, lang| plan.findings[at].advice(OrganisationFile::Units, lang);
    for kind in ["学院", "专业", "班级", "部门"] {
        assert!(said(0, Lang::Zh).contains(kind) && said(0, Lang::En).contains(kind));
    }
    assert!(said(1, Lang::Zh).contains("最多 20 位"));
    assert!(said(1, Lang::En).contains("at most 20"));
    let plan = staff(&[&["T1", "王小明", "08", "校长"]], &[]);
    let said = plan.findings[0].advice(OrganisationFile::Staff, Lang::Zh);
    assert!(
        said.contains("分管院领导") && said.contains("教务处"),
        "{said}"
    );
}

#[test]
fn every_column_has_its_rule_in_both_languages() {
    for file in OrganisationFile::ALL {
        for heading in file.headings() {
            let (zh, en) = (heading.line(Lang::Zh), heading.line(Lang::En));
            assert!(zh.starts_with(heading.name) && en.starts_with(heading.name));
            assert!(heading.note.zh != heading.note.en && !heading.note.en.is_empty());
            assert_eq!(heading.required, zh.contains("（必填）"), "{zh}");
            assert!(heading.choices.iter().all(|choice| zh.contains(choice)));
        }
    }
}

fn on(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, date).unwrap()
}

/// An administrator; `T1` is the first of them.
fn administrator(number: u128, active: bool, valid_to: Option<NaiveDate>) -> KnownAccount {
    KnownAccount {
        login: format!("T{number}"),
        person: Uuid::from_u128(100 + number),
        name: "王小明".to_owned(),
        phone: None,
        active,
        posts: vec![HeldPost {
            id: Uuid::from_u128(200 + number),
            post: KnownPost {
                office: Office::TenantAdmin,
                kind: PostKind::Officer,
                scope: PersonalScope::School,
            },
            valid_from: on(1, 1),
            valid_to,
        }],
    }
}

fn ended(lines: &[[&str; 2]], accounts: &[KnownAccount]) -> StaffPlan {
    let lines: Vec<[&str; 9]> = lines
        .iter()
        .map(|[login, until]| [*login, "王小明", "", "本校管理员", "", "", "", "", *until])
        .collect();
    let lines: Vec<&[&str]> = lines.iter().map(<[&str; 9]>::as_slice).collect();
    staff(&lines, accounts)
}

fn kept(plan: &StaffPlan) -> Vec<(u32, Issue)> {
    plan.findings.iter().map(|f| (f.row, f.issue)).collect()
}

#[test]
fn the_last_administrator_is_not_ended_yesterday_or_later() {
    let alone = [administrator(1, true, None)];
    for until in ["2026-08-19", "2026-08-20", "2027-07-31"] {
        let plan = ended(&[["T1", until]], &alone);
        assert_eq!(kept(&plan), [(2, Issue::LastAdministrator)], "{until}");
        assert!(plan.changes.is_empty() && plan.staff.is_empty());
    }
    // Who has not activated the account, or is disabled, cannot take over.
    let waiting = [administrator(1, true, None), administrator(2, false, None)];
    let plan = ended(&[["T1", "2026-08-19"]], &waiting);
    assert_eq!(kept(&plan), [(2, Issue::LastAdministrator)]);
    // Nor does a new account of the same list, which nobody could give its slip.
    let plan = ended(&[["T1", "2026-08-19"], ["T9", ""]], &alone);
    assert_eq!(kept(&plan), [(2, Issue::LastAdministrator)]);
    assert_eq!(plan.staff.len(), 1, "the new one is made all the same");
}

#[test]
fn one_of_two_administrators_is_ended_and_not_both() {
    let two = [administrator(1, true, None), administrator(2, true, None)];
    let plan = ended(&[["T1", "2026-08-19"]], &two);
    assert_eq!(kept(&plan), [(2, Issue::Changed)]);
    assert_eq!(plan.changes[0].end, Some((Uuid::from_u128(201), on(8, 19))));
    let plan = ended(&[["T1", "2026-08-19"], ["T2", "2026-12-31"]], &two);
    let both = [(2, Issue::LastAdministrator), (3, Issue::LastAdministrator)];
    assert_eq!(kept(&plan), both);
    assert!(plan.changes.is_empty());
    // One whose post ends is no successor of one whose post does not; the other way round is.
    let last = [
        administrator(1, true, None),
        administrator(2, true, Some(on(12, 31))),
    ];
    let plan = ended(&[["T1", "2026-08-19"]], &last);
    assert_eq!(kept(&plan), [(2, Issue::LastAdministrator)]);
    let plan = ended(&[["T2", "2026-08-19"]], &last);
    assert_eq!(kept(&plan), [(2, Issue::Changed)]);
}

#[test]
fn somebody_in_use_may_take_over_in_the_same_list() {
    let mut accounts = vec![administrator(1, true, None)];
    let mut other = administrator(2, true, None);
    other.posts[0].post.office = Office::AcademicAffairs;
    accounts.push(other);
    assert_eq!(administered_until(&accounts), Some(NaiveDate::MAX));
    let plan = ended(&[["T1", "2026-08-20"], ["T2", ""]], &accounts);
    assert_eq!(kept(&plan), [(2, Issue::Changed)]);
    assert_eq!((plan.changes.len(), plan.staff.len()), (1, 1));
    assert!(administered_until(&accounts[1..]).is_none());
}
