//! Staff: one account for every office, and the posts of every college.

use super::school::{School, college_code, major_code};
use super::{DemoAccount, Ground};
use crate::Result;
use crate::institution::tenant::NewAccount;
use domain::institution::{Office, PostKind};
use domain::text::Label as _;

/// Login of the school's own administrator.
pub(super) const ADMIN: &str = "admin";
/// Login of the Admissions Office.
pub(super) const ADMISSIONS: &str = "zb01";
/// Login of Student Affairs.
pub(super) const AFFAIRS: &str = "xsc01";

/// Login of Academic Affairs.
pub(super) const ACADEMIC: &str = "jwc01";

/// Offices outside the colleges: login and password.
const OFFICES: [(Office, &str, &str); 9] = [
    (Office::Admissions, ADMISSIONS, "admissions-maple-29"),
    (Office::StudentAffairs, AFFAIRS, "affairs-maple-29"),
    (Office::AcademicAffairs, ACADEMIC, "academic-maple-29"),
    (Office::ItCentre, "it01", "machine-maple-29"),
    (Office::UniversityOffice, "xb01", "headoffice-maple-29"),
    (Office::PartyOffice, "db01", "committee-maple-29"),
    (Office::Security, "bwc01", "gatehouse-maple-29"),
    (Office::Discipline, "jw01", "conduct-maple-29"),
    (Office::TenantAdmin, ADMIN, "keeper-maple-29"),
];

/// Posts of a college: beginning of the login, password, and whether every college has one here or only the first.
const POSTS: [(PostKind, &str, &str, bool); 5] = [
    (
        PostKind::TeachingSecretary,
        "xy",
        "secretary-maple-29",
        true,
    ),
    (PostKind::Counsellor, "fdy", "counsellor-maple-29", true),
    (PostKind::ViceDean, "fgyz", "vicedean-maple-29", false),
    (PostKind::PartySecretary, "dwsj", "branch-maple-29", false),
    (PostKind::MajorHead, "zyfz", "majorhead-maple-29", false),
];

const SURNAMES: [&str; 24] = [
    "沈", "陆", "顾", "钱", "周", "徐", "许", "朱", "吴", "陈", "戴", "施", "俞", "姚", "潘", "杜",
    "严", "唐", "华", "金", "魏", "陶", "姜", "谢",
];
const GIVEN: [&str; 25] = [
    "明远", "静怡", "建平", "晓岚", "文彬", "丽华", "志强", "雅琴", "国栋", "思源", "敏", "海涛",
    "慧珍", "永年", "佩芬", "立群", "春晖", "若水", "振华", "秋白", "一鸣", "芳", "继先", "宁",
    "卓然",
];

/// One account of the staff.
struct Member {
    login: String,
    password: &'static str,
    office: Office,
    kind: PostKind,
    /// Place of the college, from 0.
    college: Option<usize>,
}

/// Login of the teaching secretary of a college, by its place.
pub(super) fn secretary(place: usize) -> String {
    format!("xy{}", college_code(place))
}

fn members(school: &School) -> Vec<Member> {
    let offices = OFFICES.iter().map(|(office, login, password)| Member {
        login: (*login).to_owned(),
        password,
        office: *office,
        kind: PostKind::Officer,
        college: None,
    });
    let colleges = 0..school.colleges.len();
    let posts = colleges.flat_map(|place| {
        POSTS
            .iter()
            .filter(move |(_, _, _, everywhere)| *everywhere || place == 0)
            .map(move |(kind, login, password, _)| Member {
                login: format!("{login}{}", college_code(place)),
                password,
                office: Office::College,
                kind: *kind,
                college: Some(place),
            })
    });
    offices.chain(posts).collect()
}

/// The accounts of the staff of a school, as they are printed.
pub(super) fn accounts(school: &School) -> Vec<DemoAccount> {
    let account = |member: Member| {
        let college = member.college.and_then(|place| school.colleges.get(place));
        let (role_zh, role_en) = college.map_or_else(
            || {
                let office = member.office.label();
                (office.zh.to_owned(), office.en.to_owned())
            },
            |college| {
                let kind = member.kind.label();
                (
                    format!("{} {}", college.name, kind.zh),
                    format!("{}, {}", kind.en, college.name),
                )
            },
        );
        DemoAccount {
            tenant: school.slug.to_owned(),
            role_zh,
            role_en,
            login: member.login,
            password: member.password.to_owned(),
        }
    };
    members(school).into_iter().map(account).collect()
}

/// A name that nobody need have; the same for the same login.
fn name(school: &School, login: &str) -> String {
    let mark = school
        .slug
        .bytes()
        .chain(login.bytes())
        .fold(7_usize, |mark, byte| {
            (mark * 31 + usize::from(byte)) % 9_973
        });
    let pick = |list: &[&'static str], at: usize| list.get(at % list.len()).copied();
    let surname = pick(&SURNAMES, mark).unwrap_or_default();
    let given = pick(&GIVEN, mark / SURNAMES.len()).unwrap_or_default();
    format!("{surname}{given}")
}

async fn make(ground: &Ground, member: Member, within: &[String]) -> Result<()> {
    let services = &ground.services;
    let college = member.college.map(college_code);
    let scope = services
        .scope_of(ground.tenant, member.kind, college.as_deref(), within)
        .await?;
    let new = NewAccount {
        name: name(ground.school, &member.login),
        login: member.login,
        office: member.office,
        kind: member.kind,
        scope,
        password: Some(member.password.to_owned()),
    };
    let operator = services.console();
    services
        .create_account(&operator, ground.tenant, new)
        .await?;
    Ok(())
}

/// The administrator, who sets up everything else.
pub(super) async fn hire_administrator(ground: &Ground) -> Result<()> {
    for member in members(ground.school) {
        if member.login == ADMIN {
            make(ground, member, &[]).await?;
        }
    }
    Ok(())
}

/// Everybody who needs no classes.
pub(super) async fn hire(ground: &Ground) -> Result<()> {
    for member in members(ground.school) {
        if member.login == ADMIN || member.kind == PostKind::Counsellor {
            continue;
        }
        // The head of a major has the first one of the college.
        let own = member
            .college
            .filter(|_| member.kind == PostKind::MajorHead);
        let majors: Vec<String> = own.map(|place| major_code(place, 0)).into_iter().collect();
        make(ground, member, &majors).await?;
    }
    Ok(())
}

/// Counsellors: each with the freshmen and the third-year classes of the college.
pub(super) async fn hire_counsellors(ground: &Ground) -> Result<()> {
    let (years, share) = (ground.years, ground.share);
    let mut classes = ground.school.classes(years, years.this, share);
    classes.extend(ground.school.classes(years, years.this - 2, share));
    for member in members(ground.school) {
        if member.kind == PostKind::Counsellor {
            let own: Vec<String> = classes
                .iter()
                .filter(|class| Some(class.college) == member.college)
                .map(|class| class.code.clone())
                .collect();
            make(ground, member, &own).await?;
        }
    }
    Ok(())
}
