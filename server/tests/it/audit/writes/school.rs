//! The school itself: its names, calendar, rules, units, and the accounts of its staff.

use super::{Ask, Story, YEAR};
use crate::house::Answer;
use domain::institution::{Actor, Office, PersonalScope, PostKind};
use uuid::Uuid;

/// National codes and names of the majors that the packages of the tests offer.
const MAJORS: [(&str, &str); 16] = [
    ("090601", "水产养殖学"),
    ("090602", "海洋渔业科学与技术"),
    ("082701", "食品科学与工程"),
    ("080901", "计算机科学与技术"),
    ("080902", "软件工程"),
    ("120203K", "会计学"),
    ("020301K", "金融学"),
    ("050201", "英语"),
    ("050207", "日语"),
    ("070701", "海洋科学"),
    ("070702", "海洋技术"),
    ("082503", "环境科学"),
    ("071002", "生物技术"),
    ("080202", "机械设计制造及其自动化"),
    ("120601", "物流管理"),
    ("080910T", "数据科学与大数据技术"),
];
/// A member of the staff with two posts.
pub const SECRETARY: &str = "T9002";
const COUNSELLOR: &str = "T9001";
const STAFF: &str = "\
工号,姓名,学院,岗位,班级,电话
T9001,周一,01,辅导员,2600,13800000000
T9002,吴二,01,教学秘书,,
T9002,吴二,,教务处,,
";

/// One college; of each major a class, and of each a second one.
fn unit_file() -> String {
    let mut lines = vec![
        "类别,代码,名称,上级代码,国家专业代码,目录年份,学制,年级".to_owned(),
        "学院,01,海洋学院,,,,,".to_owned(),
    ];
    for (at, (national, name)) in MAJORS.iter().enumerate() {
        lines.push(format!("专业,M{at:02},{name},01,{national},2026,4,"));
        for class in [format!("26{at:02}"), format!("27{at:02}")] {
            lines.push(format!("班级,{class},班{class},M{at:02},,,,{YEAR}"));
        }
    }
    lines.join("\n")
}

/// Everything that is set once; answers the secretary of the college.
pub async fn is_set_up(story: &mut Story) -> Actor {
    sets_values(story).await;
    let (units, staff) = (("units", "organisation"), ("staff", "staff"));
    comes_goes_and_comes(story, units, &unit_file()).await;
    comes_goes_and_comes(story, staff, STAFF).await;
    let admin = story.admin.clone();
    let slips = "institution/issue-staff-slips";
    story.does(slips, &admin, &Ask::nothing()).await;
    let units = story.house.services.unit_list(&admin).await.unwrap();
    let college = units.iter().find(|unit| unit.code == "01").unwrap().id;
    let (kind, scope) = (PostKind::TeachingSecretary, PersonalScope::College(college));
    let bed = &story.house.bed;
    bed.person_in(story.tenant, Office::College, kind, scope)
        .await
}

async fn sets_values(story: &mut Story) {
    let admin = story.admin.clone();
    let today = domain::calendar::local_date(story.house.bed.store().now());
    let value = Ask::nothing()
        .with("key", "admission.undo_days")
        .with("value", 20)
        .with("basis", "校长办公会")
        .with("effective_from", today);
    let parameter = "institution/set-parameter";
    story.does(parameter, &admin, &value).await;
    let name = Ask::nothing()
        .with("name", "东海海洋大学")
        .with("code", "10001")
        .with("valid_from", today);
    story
        .does("institution/set-school-name", &admin, &name)
        .await;
    let term = Ask::nothing()
        .with("year", YEAR)
        .with("semester", "autumn")
        .with("starts_on", "2026-09-07")
        .with("ends_on", "2027-01-15")
        .with("arrival_on", "2026-09-05")
        .with("verify_until", "2026-09-20")
        .with("self_check_until", "2026-12-31")
        .with("photo_until", "2029-06-30");
    story.does("institution/set-term", &admin, &term).await;
    let branding = Ask::nothing()
        .with("province", "31")
        .with("colour", "#14507a");
    let set = "institution/set-branding";
    story.does(set, &admin, &branding).await;
    let logo = Ask::nothing().file(
        "校徽.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40",
    );
    story.does("files/logo", &admin, &logo).await;
    let rule = Ask::nothing()
        .with("title", "学籍管理细则")
        .with("number", "海大〔2026〕1号")
        .with("effective_from", today)
        .file("细则.pdf", b"%PDF-1.7");
    story.does("files/rule", &admin, &rule).await;
}

/// A file of units or staff is confirmed, taken back, and confirmed again.
async fn comes_goes_and_comes(story: &mut Story, (kind, page): (&str, &str), text: &str) {
    let admin = story.admin.clone();
    let upload = Ask::nothing().with("kind", kind).file("名单.csv", text);
    let confirm = "institution/import-confirm";
    for last in [false, true] {
        let sent = story.does("files/organisation", &admin, &upload).await;
        let services = &story.house.services;
        let preview = services.organisation_preview(&admin, named(&sent)).await;
        let import = Ask::nothing()
            .with("import", named(&sent))
            .with("page", page)
            .with("seen", preview.unwrap().seen);
        story.does(confirm, &admin, &import).await;
        if !last {
            story.does("institution/import-undo", &admin, &import).await;
        }
    }
}

/// The import at the end of an address.
fn named(answer: &Answer) -> Uuid {
    let led = answer.header("location");
    let id = led.rsplit("import=").next().unwrap();
    id.parse().unwrap_or_else(|_| panic!("{led}"))
}

/// An account of the staff.
pub async fn account(story: &Story, login: &str) -> store::rows::Account {
    let unit = story.house.bed.store().read(&story.admin).await.unwrap();
    unit.account_by_login(login).await.unwrap().unwrap()
}

/// Accounts of the staff, after their people have used them.
pub async fn keeps_accounts(story: &mut Story) {
    let admin = story.admin.clone();
    for (op, login) in [
        ("institution/reissue-staff-slip", COUNSELLOR),
        ("institution/disable-account", COUNSELLOR),
        ("institution/enable-account", COUNSELLOR),
        ("institution/reset-totp", SECRETARY),
    ] {
        let account = Ask::nothing()
            .with("account", account(story, login).await.id)
            .with("identity", "school_card")
            .with("reason", "当面核对");
        story.does(op, &admin, &account).await;
        if op == "institution/reissue-staff-slip" {
            let slips = story.house.services.open_staff_slips(&admin, "").await;
            story.keeps_slips(&slips.unwrap());
        }
    }
}
