//! The pages of the school's administrator say what was done and what comes.

use crate::forms::{form, plain};
use crate::house::{Answer, House};
use domain::institution::organisation::OrganisationFile;
use domain::institution::{Actor, Office};
use uuid::Uuid;

const CONFIRM: &str = "/api/institution/import-confirm";
const UNDO: &str = "/api/institution/import-undo";
const UNITS: &str = "类别,代码,名称\n学院,77,海洋学院\n学院,78,船舶学院\n系,79,航海系\n";

async fn administrator(house: &House) -> (Actor, String) {
    let tenant = house.school("shou").await;
    let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
    let cookie = house.cookie(&admin).await;
    (admin, cookie)
}

async fn uploaded(house: &House, admin: &Actor, text: &str) -> Uuid {
    let (kind, bytes) = (OrganisationFile::Units, text.as_bytes().to_vec());
    let services = &house.services;
    let sent = services.upload_organisation(admin, kind, "院系.csv", bytes);
    sent.await.unwrap().import
}

async fn look(house: &House, import: Uuid, cookie: &str) -> String {
    let path = format!("/shou/organisation?import={import}");
    house.get(&path, Some(cookie)).await.body
}

/// What is to be written becomes what was written, and the notice counts it.
#[tokio::test]
async fn an_import_says_how_many_rows_were_written() {
    House::on_each(|house| async move {
        let (admin, cookie) = administrator(&house).await;
        let import = uploaded(&house, &admin, UNITS).await;
        let page = look(&house, import, &cookie).await;
        assert!(page.contains("将写入") && page.contains("可填：学院、专业、班级、部门"));
        let filled = form(&page, CONFIRM);
        let done: Answer = house.submit(CONFIRM, Some(&cookie), &filled.body()).await;
        let to = done.header("location");
        assert_eq!(to, "/shou/organisation?done=written&rows=2");
        let told = house.get(to, Some(&cookie)).await;
        assert!(told.body.contains("已写入 2 行"));
        let english = house.get(&format!("{to}&lang=en"), Some(&cookie)).await;
        assert!(english.body.contains("2 rows were written"));
        let page = look(&house, import, &cookie).await;
        assert!(page.contains("已写入") && !page.contains("将写入"));
        // Sent twice, nothing is written and nothing is claimed.
        let again = house.submit(CONFIRM, Some(&cookie), &filled.body()).await;
        assert_eq!(again.header("location"), "/shou/organisation?done=already");
    })
    .await;
}

#[tokio::test]
async fn an_undo_is_not_offered_when_its_days_are_over() {
    House::on_each(|house| async move {
        let (admin, cookie) = administrator(&house).await;
        let import = uploaded(&house, &admin, UNITS).await;
        let services = &house.services;
        let confirmed = services.confirm_organisation(&admin, import, None).await;
        confirmed.unwrap();
        let page = look(&house, import, &cookie).await;
        assert!(page.contains(UNDO));
        house.bed.advance(chrono::TimeDelta::days(31));
        let cookie = house.cookie(&admin).await;
        let page = look(&house, import, &cookie).await;
        assert!(page.contains("院系.csv") && !page.contains(UNDO));
    })
    .await;
}

/// A file with nothing but the sample, and one that is no table of this page.
#[tokio::test]
async fn a_file_without_rows_says_what_is_missing() {
    House::on_each(|house| async move {
        let (admin, cookie) = administrator(&house).await;
        let empty = "类别,代码,名称\n示例 学院,01,示例学院\n";
        let import = uploaded(&house, &admin, empty).await;
        let page = look(&house, import, &cookie).await;
        assert!(page.contains("文件里没有要导入的行") && !page.contains(CONFIRM));
        let staff = "工号,姓名,岗位\nT1,王小明,教务处\n";
        let import = uploaded(&house, &admin, staff).await;
        let page = look(&house, import, &cookie).await;
        assert!(page.contains("这是人员与岗位的表格"));
        let other = "考生号,成绩\n1,2\n";
        let import = uploaded(&house, &admin, other).await;
        let page = look(&house, import, &cookie).await;
        assert!(page.contains("不是本页的模板"));
    })
    .await;
}

/// A value of a later day stands beside the one that holds.
#[tokio::test]
async fn a_value_that_comes_later_is_seen_before() {
    House::on_each(|house| async move {
        let (admin, cookie) = administrator(&house).await;
        let today = domain::calendar::local_date(house.bed.store().now());
        let later = today + chrono::Days::new(400);
        let (key, basis) = ("account.activation_days", "教务处 2026-8 号");
        let services = &house.services;
        let set = services.set_parameter(&admin, key, "29", basis, later, None);
        set.await.unwrap();
        let page = house.get("/shou/parameters", Some(&cookie)).await.body;
        let day = later.format("%Y年%-m月%-d日");
        let line = page.split("激活单有效天数").nth(1).unwrap();
        let line = plain(line.split("</tr>").next().unwrap());
        assert!(line.contains(&format!("自 {day} 起：")), "{line}");
        assert!(line.contains("第 1 版：") && line.contains("29"), "{line}");
        // What the field takes stands below it, in its own words.
        assert!(line.contains("1 至 60 的整数，单位：天，如 14"), "{line}");
    })
    .await;
}

/// The logo on the page is the one that was uploaded last, whatever the browser has kept.
#[tokio::test]
async fn the_logo_of_the_page_has_an_address_of_its_own() {
    House::on_each(|house| async move {
        let (admin, cookie) = administrator(&house).await;
        let png = [
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec(),
            [0, 0, 0, 64, 0, 0, 0, 64].to_vec(),
        ]
        .concat();
        let mut seen = Vec::new();
        for _ in 0..2 {
            let sent = house.services.upload_logo(&admin, "校徽.png", png.clone());
            sent.await.unwrap();
            let page = house.get("/shou/school", Some(&cookie)).await.body;
            let places = page.split("files/brand/logo").skip(1);
            let versions = places.map(|rest| rest.split('"').next().unwrap().to_owned());
            seen.push(versions.collect::<Vec<_>>());
        }
        // In the menu and in its own panel.
        let [before, after] = seen.as_slice() else {
            panic!("{seen:?}")
        };
        assert!(
            before.len() >= 2 && before.iter().all(|v| v == &before[0]),
            "{seen:?}"
        );
        assert!(
            before[0].starts_with("?v=") && before[0] != after[0],
            "{seen:?}"
        );
        assert!(after.iter().all(|v| v == &after[0]), "{seen:?}");
    })
    .await;
}
