//! Organisation files: every row ends as good, unchanged or wrong, and what is planned can be written.

use chrono::NaiveDate;
use domain::admission::finding::Severity;
use domain::institution::organisation::{
    CatalogueAnswer, HeadingError, HeldPost, Issue, KnownAccount, KnownPost, KnownUnit,
    OrganisationFile, OrganisationRow, Parent, StaffPlan, UnitFacts, UnitKind, UnitPlan,
    check_staff, check_units,
};
use domain::institution::{Office, PersonalScope, PostKind};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 20).unwrap()
}

fn listed(year: i32, code: &str) -> CatalogueAnswer {
    match (year, code) {
        (2024, "080202") => CatalogueAnswer::Listed,
        (2024, _) if code.len() == 6 => CatalogueAnswer::NotListed,
        (_, _) if code.len() == 6 => CatalogueAnswer::NoCatalogue,
        _ => CatalogueAnswer::NoCode,
    }
}

pub fn rows(lines: &[&[&str]]) -> Vec<OrganisationRow> {
    let row = |(row, cells): (u32, &&[&str])| OrganisationRow {
        row,
        cells: cells.iter().map(|c| (*c).to_owned()).collect(),
    };
    (2..).zip(lines).map(row).collect()
}

/// A line of units with days, between which nothing is said of them.
pub fn dated<'a>(unit: [&'a str; 3], from: &'a str, until: &'a str) -> [&'a str; 12] {
    let [kind, code, name] = unit;
    [kind, code, name, "", "", "", "", "", "", "", from, until]
}

pub fn units(lines: &[&[&str]], known: &[KnownUnit]) -> UnitPlan {
    check_units(&rows(lines), known, listed, day())
}

pub fn issues(plan: &UnitPlan) -> Vec<(u32, &str, Issue)> {
    plan.findings
        .iter()
        .map(|f| (f.row, f.field.as_str(), f.issue))
        .collect()
}

pub fn known(
    number: u128,
    kind: UnitKind,
    code: &str,
    name: &str,
    parent: Option<u128>,
) -> KnownUnit {
    KnownUnit {
        id: Uuid::from_u128(number),
        kind,
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.map(Uuid::from_u128),
        valid_from: NaiveDate::from_ymd_opt(2020, 9, 1).unwrap(),
        facts: UnitFacts::default(),
    }
}

pub fn school() -> Vec<KnownUnit> {
    vec![
        known(1, UnitKind::College, "08", "机械学院", None),
        known(2, UnitKind::Major, "0802", "机械", Some(1)),
        known(3, UnitKind::Class, "K1", "机自2601", Some(2)),
        known(4, UnitKind::College, "09", "船舶学院", None),
        known(5, UnitKind::Class, "K9", "船舶2601", Some(4)),
    ]
}

#[test]
fn children_may_stand_before_their_parents_in_the_file() {
    let plan = units(
        &[
            &["班级", "K2", "机自2602", "0801", "", "", "", "2026"],
            &["专业", "0801", "机械工程", "07", "080202", "2024", "4"],
            &["学院", "07", "能源学院"],
        ],
        &school(),
    );
    assert!(plan.findings.is_empty());
    let order: Vec<&str> = plan.units.iter().map(|u| u.code.as_str()).collect();
    assert_eq!(order, ["07", "0801", "K2"]);
    assert_eq!(plan.units[2].parent, Parent::Planned(1));
    assert_eq!(plan.units[0].valid_from, day());
}

#[test]
fn a_class_of_a_broad_intake_stands_under_its_college() {
    let plan = units(
        &[&["班级", "K2", "机械大类2601", "08", "", "", "", "2026"]],
        &school(),
    );
    assert_eq!(plan.units[0].parent, Parent::Known(Uuid::from_u128(1)));
}

#[test]
fn each_mistake_has_its_row_its_column_and_its_kind() {
    let plan = units(
        &[
            &["系", "01", "甲"],
            &["学院", "", "乙"],
            &["学院", "a b", "丙"],
            &["专业", "0801", "丁", "08", "abc", "24", "9"],
            &["班级", "K2", "戊", "none", "", "", "", "2026"],
            &["班级", "K3", "己", "", "", "", "", ""],
            &["学院", "06", "庚"],
            &["学院", "06", "庚"],
            &["专业", "0601", "辛", "a b", "080202", "2024", "4"],
            &["班级", "K4", "壬", "0601", "", "", "", "2026"],
            &["学院", "08", "别的名称"],
            &["学院", "09", "船舶学院"],
            &[
                "学院",
                "05",
                "癸",
                "",
                "",
                "",
                "",
                "",
                "phone",
                "",
                "2026-13-01",
            ],
        ],
        &school(),
    );
    let found = issues(&plan);
    for expected in [
        (2, "类别", Issue::UnknownChoice),
        (3, "代码", Issue::Empty),
        (4, "代码", Issue::Form),
        (5, "国家专业代码", Issue::Form),
        (5, "目录年份", Issue::Form),
        (5, "学制", Issue::OutOfRange),
        (6, "上级代码", Issue::NoParent),
        (7, "上级代码", Issue::Empty),
        (7, "年级", Issue::Empty),
        (9, "代码", Issue::Repeated),
        (10, "上级代码", Issue::ParentOut),
        (11, "上级代码", Issue::ParentOut),
        (12, "代码", Issue::OtherName),
        (13, "代码", Issue::Unchanged),
        (14, "电话", Issue::Form),
        (14, "起始日期", Issue::Form),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    assert_eq!(found.len(), 16);
    assert_eq!(
        plan.units
            .iter()
            .map(|u| u.code.as_str())
            .collect::<Vec<_>>(),
        ["06"]
    );
}

#[test]
fn a_major_that_no_catalogue_lists_is_a_warning() {
    let line: &[&str] = &["专业", "0801", "机械", "08", "089999", "2024", "4"];
    let plan = units(&[line], &school());
    assert_eq!(issues(&plan), [(2, "国家专业代码", Issue::NotInCatalogue)]);
    assert_eq!(plan.units.len(), 1);
    // Of a year whose catalogue is not known, a code that is in none at all is odd too.
    let line: &[&str] = &["专业", "0801", "机械", "08", "999999", "2020", "4"];
    let nowhere = |_: i32, _: &str| CatalogueAnswer::ListedNowhere;
    let plan = check_units(&rows(&[line]), &school(), nowhere, day());
    assert_eq!(issues(&plan), [(2, "国家专业代码", Issue::InNoCatalogue)]);
    assert_eq!(plan.units.len(), 1);
}

#[test]
fn names_beyond_24_bytes_need_a_short_name_that_fits() {
    let long = "马克思主义学院与思想政治教育";
    let plan = units(
        &[
            &["学院", "01", long],
            &["学院", "02", long, "", "", "", "", "", "", "马克思主义学院"],
            &[
                "学院",
                "03",
                long,
                "",
                "",
                "",
                "",
                "",
                "",
                "马克思主义学院思政教育部",
            ],
            &[
                "学院",
                "04",
                long,
                "",
                "",
                "",
                "",
                "",
                "",
                "马克思主义学院思想政治教育",
            ],
        ],
        &[],
    );
    assert_eq!(
        issues(&plan),
        [
            (2, "学信网简称", Issue::ShortNameMissing),
            (5, "学信网简称", Issue::ShortNameTooLong),
        ]
    );
}

#[test]
fn dates_are_read_as_people_and_worksheets_write_them() {
    for text in [
        "2026-09-01",
        "2026/9/1",
        "2026年9月1日",
        "2026.9.1",
        "2026-09-01 00:00:00",
    ] {
        let line = ["学院", "01", "甲", "", "", "", "", "", "", "", text];
        let plan = units(&[&line], &[]);
        assert_eq!(plan.units[0].valid_from.to_string(), "2026-09-01", "{text}");
    }
}

pub fn staff(lines: &[&[&str]], accounts: &[KnownAccount]) -> StaffPlan {
    check_staff(&rows(lines), &school(), accounts, &BTreeSet::new(), day())
}

#[test]
fn a_person_with_two_posts_is_one_account() {
    let plan = staff(
        &[
            &["T1", "王小明", "08", "辅导员", "K1", "13800000000"],
            &["T1", "王小明", "", "教务处"],
            &["T1", "王小明", "机械学院", "辅导员", "机自2601"],
        ],
        &[],
    );
    assert_eq!(plan.staff.len(), 1);
    let member = &plan.staff[0];
    assert_eq!(member.posts.len(), 2);
    assert_eq!(member.phone.as_deref(), Some("13800000000"));
    assert_eq!(
        member.posts[0].post.scope,
        PersonalScope::Classes {
            college: Uuid::from_u128(1),
            classes: vec![Uuid::from_u128(3)],
        }
    );
    assert_eq!(member.posts[1].post.office, Office::AcademicAffairs);
    assert_eq!(plan.findings.len(), 1);
    assert_eq!(plan.findings[0].issue, Issue::Unchanged);
}

/// 王小明, vice-dean of the first college.
pub fn vice_dean() -> KnownAccount {
    KnownAccount {
        login: "T1".to_owned(),
        person: Uuid::from_u128(100),
        name: "王小明".to_owned(),
        phone: Some("13800000000".to_owned()),
        active: true,
        posts: vec![HeldPost {
            id: Uuid::from_u128(200),
            post: KnownPost {
                office: Office::College,
                kind: PostKind::ViceDean,
                scope: PersonalScope::College(Uuid::from_u128(1)),
            },
            valid_from: NaiveDate::from_ymd_opt(2024, 9, 1).unwrap(),
            valid_to: None,
        }],
    }
}

#[test]
fn known_staff_get_new_posts_only_and_keep_their_name() {
    let account = vice_dean();
    let plan = staff(
        &[
            &["T1", "王小明", "08", "分管院领导"],
            &["T1", "王小明", "08", "党委书记"],
            &["T1", "王大明", "08", "教学秘书"],
        ],
        &[account],
    );
    assert_eq!(plan.staff.len(), 1);
    assert_eq!(plan.staff[0].person, Some(Uuid::from_u128(100)));
    assert_eq!(plan.staff[0].posts.len(), 1);
    let found: Vec<Issue> = plan.findings.iter().map(|f| f.issue).collect();
    assert_eq!(found, [Issue::Unchanged, Issue::OtherName]);
}

#[test]
fn mistakes_in_staff_are_named() {
    let plan = staff(
        &[
            &["", "王小明", "08", "教学秘书"],
            &["T 1", "王小明", "08", "教学秘书"],
            &["T1", "王小?", "08", "教学秘书"],
            &["T1", "王小明", "77", "教学秘书"],
            &["T1", "王小明", "", "教学秘书"],
            &["T1", "王小明", "08", "校长"],
            &["T1", "王小明", "08", "学生"],
            &["T1", "王小明", "08", "平台运营"],
            &["T1", "王小明", "08", "辅导员"],
            &["T1", "王小明", "08", "辅导员", "K7"],
            &["T1", "王小明", "08", "辅导员", "K1、K9"],
            &["T1", "王小明", "08", "教学秘书", "", "phone"],
        ],
        &[],
    );
    let found: Vec<(u32, &str, Issue)> = plan
        .findings
        .iter()
        .map(|f| (f.row, f.field.as_str(), f.issue))
        .collect();
    assert_eq!(
        found,
        [
            (2, "工号", Issue::Empty),
            (3, "工号", Issue::Form),
            (4, "姓名", Issue::PersonName),
            (5, "学院", Issue::NoCollege),
            (6, "学院", Issue::Empty),
            (7, "岗位", Issue::UnknownChoice),
            (8, "岗位", Issue::UnknownChoice),
            (9, "岗位", Issue::UnknownChoice),
            (10, "班级", Issue::Empty),
            (11, "班级", Issue::NoClass),
            (12, "班级", Issue::ClassElsewhere),
            (13, "电话", Issue::Form),
        ]
    );
    assert!(plan.staff.is_empty());
}

#[test]
fn headings_are_found_in_any_order_and_with_their_asterisks() {
    let headings = ["岗位*", "备注", "姓名 *", "工号＊"].map(str::to_owned);
    let columns = OrganisationFile::Staff.columns(&headings).unwrap();
    let none = [None; 5];
    assert_eq!(columns[..4], [Some(3), Some(2), None, Some(0)]);
    assert_eq!(columns[4..], none);
}

#[test]
fn a_sheet_that_is_not_the_file_is_told_apart() {
    let units = |headings: &[&str]| {
        let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        OrganisationFile::Units.columns(&headings).unwrap_err()
    };
    let other = units(&["工号*", "姓名*", "岗位*"]);
    assert_eq!(other, HeadingError::Other(OrganisationFile::Staff));
    assert!(other.zh().contains("人员与岗位") && other.to_string().contains("staff"));
    let none = units(&["\u{fffd}PNG", ""]);
    assert_eq!(none, HeadingError::NoTemplate);
    assert!(none.zh().contains("模板") && none.to_string().contains("template"));
    let missing = units(&["名称", "电话"]);
    assert_eq!(missing, HeadingError::Missing(vec!["类别", "代码"]));
    assert_eq!(missing.zh(), "缺少列：类别、代码");
    assert_eq!(missing.to_string(), "missing columns: 类别、代码");
}

#[test]
fn the_samples_and_choices_of_the_templates_are_accepted() {
    for file in OrganisationFile::ALL {
        let keys: BTreeSet<&str> = file.headings().iter().map(|h| h.name).collect();
        assert_eq!(keys.len(), file.headings().len());
    }
    let posts = OrganisationFile::Staff.headings()[3].choices;
    for post in posts {
        let line = ["T1", "王小明", "08", post, "K1", "", "0802"];
        let plan = staff(&[&line], &[]);
        assert!(plan.findings.is_empty(), "{post}");
    }
    for kind in UnitKind::ALL {
        let choices = OrganisationFile::Units.headings()[0].choices;
        assert!(choices.contains(&domain::text::Label::label(&kind).zh));
    }
}

#[test]
fn issues_have_one_key_each() {
    let keys: BTreeSet<&str> = Issue::ALL.iter().map(|i| i.key()).collect();
    assert_eq!(keys.len(), Issue::ALL.len());
    assert!(
        Issue::ALL
            .iter()
            .all(|i| Issue::from_key(i.key()) == Some(*i))
    );
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("学院".to_owned()),
        Just("专业".to_owned()),
        Just("班级".to_owned()),
        Just("部门".to_owned()),
        "[0-9]{1,2}",
        Just("080202".to_owned()),
        Just("2024".to_owned()),
        Just("4".to_owned()),
        Just("机械".to_owned()),
        "\\PC{0,12}",
    ]
}

fn table() -> impl Strategy<Value = Vec<OrganisationRow>> {
    proptest::collection::vec(proptest::collection::vec(cell(), 0..12), 0..20).prop_map(|lines| {
        let row = |(row, cells)| OrganisationRow { row, cells };
        (2..).zip(lines).map(row).collect()
    })
}

/// Rows that are likely right, so that plans are not always empty.
fn likely() -> impl Strategy<Value = Vec<OrganisationRow>> {
    let line = (0_usize..4, 0_u8..6, 0_u8..6).prop_map(|(kind, code, above)| {
        let kind = ["学院", "专业", "班级", "部门"][kind];
        let cells = [
            kind,
            &format!("{code}"),
            "名称",
            &format!("{above}"),
            "080202",
            "2024",
            "4",
            "2026",
        ];
        cells.map(str::to_owned).to_vec()
    });
    proptest::collection::vec(line, 0..20).prop_map(|lines| {
        let row = |(row, cells)| OrganisationRow { row, cells };
        (2..).zip(lines).map(row).collect()
    })
}

proptest! {
    #[test]
    fn a_plan_of_units_can_be_written(rows in prop_oneof![table(), likely()]) {
        let known = school();
        let plan = check_units(&rows, &known, listed, day());
        let mut codes = BTreeSet::new();
        for (at, unit) in plan.units.iter().enumerate() {
            prop_assert!(codes.insert((unit.kind, unit.code.clone())));
            prop_assert!(!known.iter().any(|k| k.kind == unit.kind && k.code == unit.code));
            let above = match unit.parent {
                Parent::None => None,
                Parent::Known(id) => known.iter().find(|k| k.id == id).map(|k| k.kind),
                Parent::Planned(parent) => {
                    prop_assert!(parent < at);
                    Some(plan.units[parent].kind)
                }
            };
            match unit.kind {
                UnitKind::College | UnitKind::Office => prop_assert_eq!(above, None),
                UnitKind::Major => prop_assert_eq!(above, Some(UnitKind::College)),
                UnitKind::Class => prop_assert!(matches!(above, Some(UnitKind::Major | UnitKind::College))),
            }
        }
    }

    #[test]
    fn every_row_is_planned_or_has_a_finding_and_never_both_an_error_and_a_plan(rows in prop_oneof![table(), likely()]) {
        let plan = check_units(&rows, &school(), listed, day());
        let mut weights: BTreeMap<u32, Severity> = BTreeMap::new();
        for finding in &plan.findings {
            let weight = weights.entry(finding.row).or_insert(Severity::Warning);
            *weight = (*weight).max(finding.issue.severity());
        }
        let made = plan.units.iter().map(|u| u.row);
        let planned: BTreeSet<u32> = made.chain(plan.changes.iter().map(|c| c.row)).collect();
        for row in &rows {
            match weights.get(&row.row) {
                Some(Severity::Error) => prop_assert!(!planned.contains(&row.row)),
                Some(Severity::Warning) => {}
                None => prop_assert!(planned.contains(&row.row)),
            }
        }
    }

    #[test]
    fn what_was_written_is_unchanged_the_next_time(rows in likely()) {
        let mut known = school();
        let plan = check_units(&rows, &known, listed, day());
        let ids: Vec<Uuid> = (100..).take(plan.units.len()).map(Uuid::from_u128).collect();
        for (unit, id) in plan.units.iter().zip(&ids) {
            known.push(KnownUnit {
                id: *id,
                kind: unit.kind,
                code: unit.code.clone(),
                name: unit.name.clone(),
                parent: match unit.parent {
                    Parent::None => None,
                    Parent::Known(id) => Some(id),
                    Parent::Planned(at) => Some(ids[at]),
                },
                valid_from: unit.valid_from,
                facts: unit.facts.clone(),
            });
        }
        let written: BTreeSet<u32> = plan.units.iter().map(|u| u.row).collect();
        let again = check_units(&rows, &known, listed, day());
        prop_assert!(again.units.iter().all(|u| !written.contains(&u.row)));
        prop_assert!(again.changes.iter().all(|c| !written.contains(&c.row)));
    }

    #[test]
    fn staff_never_reach_beyond_their_college(rows in table()) {
        let units = school();
        for member in check_staff(&rows, &units, &[], &BTreeSet::new(), day()).staff {
            prop_assert!(!member.posts.is_empty());
            for planned in member.posts {
                match planned.post.scope {
                    PersonalScope::School => prop_assert_eq!(planned.post.kind, PostKind::Officer),
                    PersonalScope::College(id) => prop_assert!(units.iter().any(|u| u.id == id && u.kind == UnitKind::College)),
                    PersonalScope::Classes { .. } => prop_assert_eq!(planned.post.kind, PostKind::Counsellor),
                    PersonalScope::Majors(_) => prop_assert_eq!(planned.post.kind, PostKind::MajorHead),
                    PersonalScope::Own(_) => prop_assert!(false),
                }
            }
        }
    }
}
