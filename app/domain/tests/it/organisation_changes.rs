//! Organisation files over time: one login, one unit for a name, changes of what is there, widths of the platforms.

use super::organisation::{dated, day, issues, known, rows, school, staff, units, vice_dean};
use chrono::NaiveDate;
use domain::institution::organisation::{
    Issue, KnownUnit, PlatformLayout, UnitFacts, UnitKind, UnitPlan, check_staff,
};
use domain::institution::{PersonalScope, PostKind};
use std::collections::BTreeSet;
use uuid::Uuid;

#[test]
fn a_login_is_one_login_however_it_is_typed() {
    let typed = ["zhang01", " ZHANG01 ", "ｚｈａｎｇ０１"];
    for text in typed {
        let plan = staff(&[&[text, "张三", "08", "教学秘书"]], &[]);
        assert_eq!(plan.staff[0].login, "ZHANG01", "{text}");
    }
    let plan = staff(
        &[
            &["t1", "王小明", "08", "教学秘书"],
            &["T1", "王小明", "", "教务处"],
        ],
        &[vice_dean()],
    );
    assert_eq!(plan.staff.len(), 1, "one number is one person");
    assert_eq!(plan.staff[0].person, Some(Uuid::from_u128(100)));
    assert_eq!(plan.staff[0].posts.len(), 2);
}

#[test]
fn a_name_that_several_classes_bear_names_none() {
    let mut units = school();
    units.push(known(6, UnitKind::Class, "K3", "机自2601", Some(2)));
    let line = |class: &'static str| [["T1", "王小明", "08", "辅导员", class]];
    let check = |class| {
        let [cells] = line(class);
        check_staff(&rows(&[&cells]), &units, &[], &BTreeSet::new(), day())
    };
    let plan = check("机自2601");
    let found: Vec<_> = plan
        .findings
        .iter()
        .map(|f| (f.field.as_str(), f.issue))
        .collect();
    assert_eq!(found, [("班级", Issue::Ambiguous)]);
    assert!(plan.staff.is_empty());
    let plan = check("K3");
    let PersonalScope::Classes { classes, .. } = &plan.staff[0].posts[0].post.scope else {
        panic!("a counsellor has classes")
    };
    assert_eq!(classes, &[Uuid::from_u128(6)], "the code tells them apart");
    // The same name in another college does not stand in the way, and does not reach over.
    let mut units = school();
    units.push(known(6, UnitKind::Class, "K8", "机自2601", Some(4)));
    let [cells] = line("机自2601");
    let plan = check_staff(&rows(&[&cells]), &units, &[], &BTreeSet::new(), day());
    let PersonalScope::Classes { classes, .. } = &plan.staff[0].posts[0].post.scope else {
        panic!("a counsellor has classes")
    };
    assert_eq!(classes, &[Uuid::from_u128(3)]);
}

#[test]
fn a_head_of_majors_reaches_majors_of_the_own_college() {
    let cells = ["T1", "王小明", "08", "专业负责人", "", "", "0802"];
    let plan = staff(&[&cells], &[]);
    let post = &plan.staff[0].posts[0].post;
    assert_eq!(post.kind, PostKind::MajorHead);
    assert_eq!(post.scope, PersonalScope::Majors(vec![Uuid::from_u128(2)]));
    let found = |cells: &[&str]| staff(&[cells], &[]).findings[0].issue;
    assert_eq!(found(&["T1", "王小明", "08", "专业负责人"]), Issue::Empty);
    let elsewhere = ["T1", "王小明", "09", "专业负责人", "", "", "0802"];
    assert_eq!(found(&elsewhere), Issue::ClassElsewhere);
    let none = ["T1", "王小明", "08", "专业负责人", "", "", "0899"];
    assert_eq!(found(&none), Issue::NoMajor);
}

#[test]
fn changed_cells_of_a_person_are_a_change_and_a_name_asks_for_the_former_one() {
    let plan = staff(
        &[
            &[
                "T1",
                "王大明",
                "08",
                "分管院领导",
                "",
                "13900000000",
                "",
                "王小明",
                "2026-12-31",
            ],
            &["T1", "王大明", "08", "分管院领导"],
        ],
        &[vice_dean()],
    );
    let [change] = plan.changes.as_slice() else {
        panic!("{:?}", plan.changes)
    };
    assert_eq!(change.name.as_deref(), Some("王大明"));
    assert_eq!(change.phone.as_deref(), Some("13900000000"));
    let last = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
    assert_eq!(change.end, Some((Uuid::from_u128(200), last)));
    let found: Vec<_> = plan
        .findings
        .iter()
        .map(|f| (f.row, f.field.as_str(), f.issue, f.detail.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (2, "姓名", Issue::Changed, "王小明 → 王大明"),
            // A telephone is never written beside a finding.
            (2, "电话", Issue::Changed, ""),
            (2, "截止日期", Issue::Changed, "— → 2026-12-31"),
            (3, "岗位", Issue::Unchanged, ""),
        ]
    );
    let early = staff(
        &[&[
            "T1",
            "王小明",
            "08",
            "分管院领导",
            "",
            "",
            "",
            "",
            "2020-01-01",
        ]],
        &[vice_dean()],
    );
    assert!(early.changes.is_empty());
    assert_eq!(early.findings[0].issue, Issue::EndBeforeStart);
}

fn facts_of(number: u128, change: impl FnOnce(&mut UnitFacts)) -> Vec<KnownUnit> {
    let mut units = school();
    let unit = units.iter_mut().find(|u| u.id == Uuid::from_u128(number));
    change(&mut unit.unwrap().facts);
    units
}

#[test]
fn changed_cells_of_a_unit_are_a_change_and_a_new_name_asks_for_its_day() {
    let known = facts_of(1, |facts| facts.phone = Some("1".to_owned()));
    let renamed: &[&str] = &[
        "学院",
        "08",
        "机械与能源学院",
        "",
        "",
        "",
        "",
        "",
        "2",
        "",
        "2026-08-01",
    ];
    let plan = units(&[renamed], &known);
    let [change] = plan.changes.as_slice() else {
        panic!("{plan:?}")
    };
    assert_eq!(change.unit, Uuid::from_u128(1));
    assert_eq!(change.name, "机械与能源学院");
    assert_eq!(change.on.to_string(), "2026-08-01");
    assert_eq!(change.facts.phone.as_deref(), Some("2"));
    let details: Vec<&str> = plan.findings.iter().map(|f| f.detail.as_str()).collect();
    assert_eq!(details, ["机械学院 → 机械与能源学院", "1 → 2"]);
    let same: &[&str] = &["学院", "08", "机械学院", "", "", "", "", "", "1"];
    let plan = units(&[same], &known);
    assert!(plan.changes.is_empty());
    assert_eq!(issues(&plan), [(2, "代码", Issue::Unchanged)]);
    let later = dated(["学院", "08", "新名"], "2027-01-01", "");
    assert_eq!(
        issues(&units(&[&later], &known)),
        [(2, "起始日期", Issue::NotYet)]
    );
    let moved: &[&str] = &["班级", "K1", "机自2601", "09"];
    assert_eq!(
        issues(&units(&[moved], &known)),
        [(2, "上级代码", Issue::OtherParent)]
    );
}

#[test]
fn a_unit_ends_after_what_is_below_it() {
    let end = |kind, code, name| dated([kind, code, name], "", "2026-12-31");
    let (college, class) = (end("学院", "09", "船舶学院"), end("班级", "K9", "船舶2601"));
    let alone = units(&[&college], &school());
    assert!(alone.changes.is_empty());
    assert!(issues(&alone).contains(&(2, "截止日期", Issue::StillUsed)));
    let together = units(&[&college, &class], &school());
    assert_eq!(together.changes.len(), 2, "{:?}", together.findings);
}

/// A unit, its code, name and parent, until a day.
fn until([kind, code, name, parent]: [&'static str; 4], last: &'static str) -> [&'static str; 12] {
    [kind, code, name, parent, "", "", "", "", "", "", "", last]
}

/// What was found but that something changes.
fn wrong(plan: &UnitPlan) -> Vec<(u32, &str, Issue)> {
    let mut found = issues(plan);
    found.retain(|(_, _, issue)| *issue != Issue::Changed);
    found
}

#[test]
fn what_is_not_ended_after_all_keeps_everything_above_it() {
    const LAST: &str = "2026-12-31";
    let college = until(["学院", "08", "机械学院", ""], LAST);
    let major = until(["专业", "0802", "机械", ""], LAST);
    let class = until(["班级", "K1", "机自2601", ""], LAST);
    let plan = units(&[&college, &major], &school());
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
    let told = [
        (2, "截止日期", Issue::StillUsed),
        (3, "截止日期", Issue::StillUsed),
    ];
    assert_eq!(wrong(&plan), told);
    let plan = units(&[&college, &major, &class], &school());
    assert_eq!((plan.changes.len(), wrong(&plan)), (3, vec![]));
}

#[test]
fn nothing_goes_on_longer_than_what_it_stands_under() {
    let mut there = school();
    let ended = NaiveDate::from_ymd_opt(2026, 12, 31);
    for unit in there.iter_mut().filter(|unit| unit.code != "K9") {
        unit.facts.valid_to = ended;
    }
    let refused = [(2, "截止日期", Issue::OutlivesParent)];
    let later = until(["班级", "K1", "机自2601", ""], "2027-06-30");
    let plan = units(&[&later], &there);
    assert_eq!((plan.changes.len(), wrong(&plan)), (0, refused.to_vec()));
    // A new unit too, with a later day or with none.
    for last in ["2027-06-30", ""] {
        let mut new = until(["班级", "K7", "机自2607", "0802"], last);
        new[7] = "2026";
        let plan = units(&[&new], &there);
        assert_eq!((plan.units.len(), wrong(&plan)), (0, refused.to_vec()));
    }
    let mut new = until(["班级", "K7", "机自2607", "0802"], "2026-12-31");
    new[7] = "2026";
    assert_eq!(units(&[&new], &there).units.len(), 1);
    // Extended together.
    let college = until(["学院", "08", "机械学院", ""], "2027-06-30");
    let major = until(["专业", "0802", "机械", ""], "2027-06-30");
    let plan = units(&[&college, &major, &later], &there);
    assert_eq!((plan.changes.len(), wrong(&plan)), (3, vec![]));
}

#[test]
fn each_layout_has_a_width_of_its_own() {
    let long = "智能制造与海洋工程装备技术专业方向";
    assert!((31..=50).contains(&domain::person::name::gb18030_len(long)));
    let line: &[&str] = &["专业", "0801", long, "08", "080202", "2024", "4"];
    let plan = units(&[line], &school());
    assert_eq!(issues(&plan), [(2, "省报简称", Issue::ShortNameMissing)]);
    assert_eq!(plan.units, [], "it waits for a name that fits");
    let mut short = line.to_vec();
    short.extend(["", "", "", "", "", "海洋装备"]);
    let plan = units(&[&short], &school());
    assert!(plan.findings.is_empty());
    assert_eq!(
        plan.units[0]
            .facts
            .short_names
            .get(&PlatformLayout::ProvinceSpecial),
        Some(&"海洋装备".to_owned())
    );
}

#[test]
fn a_new_login_is_no_number_of_a_student() {
    let numbers = BTreeSet::from(["260100001".to_owned(), "T1".to_owned()]);
    let lines: [&[&str]; 2] = [
        &["260100001", "张三", "08", "教学秘书"],
        &["t1", "王小明", "", "教务处"],
    ];
    let plan = check_staff(&rows(&lines), &school(), &[vice_dean()], &numbers, day());
    let found: Vec<_> = plan
        .findings
        .iter()
        .map(|f| (f.field.as_str(), f.issue))
        .collect();
    assert_eq!(found, [("工号", Issue::StudentNumber)]);
    assert_eq!(plan.staff.len(), 1, "who is there already keeps the login");
}
