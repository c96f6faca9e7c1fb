//! A university that is suspended: whoever asks for anything of it reads so. And what the operator gives once: the address
//! and the national code of a university, and the word that it is to stand still.

use crate::house::{House, PASSWORD};
use domain::institution::Office;
use http::StatusCode;

const CREATE: &str = "/api/operator/create-tenant";
const SUSPEND: &str = "/api/operator/suspend-tenant";
const PAGE: &str = "/operator/tenants";

/// The form of a new university at an address.
fn new(slug: &str) -> String {
    format!(
        "slug={slug}&school_code=10999&name=%E5%8D%97%E6%B9%96%E5%A4%A7%E5%AD%A6&province=31&admin_login=g001&admin_name=%E5%AD%99%E4%B9%99"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_suspended_university_read_that_it_is() {
    House::on_each(|house| async move {
        let shou = house.school("shou").await;
        house.staff(shou, "t100", Office::Admissions).await;
        let console = house.services.console();
        let suspended = house.services.set_tenant_active(&console, "shou", false);
        suspended.await.unwrap();
        let form = format!("tenant=shou&login=t100&password={PASSWORD}");
        let sent = house.submit("/api/institution/sign-in", None, &form).await;
        let led = sent.header("location").to_owned();
        assert!(led.starts_with("/shou/sign-in?"), "{led}");
        let own = ["/shou/sign-in", "/shou/home", "/shou/files/logo", "/shou/x"];
        for path in own.into_iter().chain([led.as_str()]) {
            let page = house.get(path, None).await;
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            for said in ["本校服务已暂停", "数据不受影响", "本校管理员或平台运营"]
            {
                assert!(page.body.contains(said), "{path}: {said}");
            }
            // Its telephones are not read, and no office can help.
            assert!(!page.body.contains("解释单位"), "{path}");
        }
        let english = house.get("/shou/sign-in?lang=en", None).await.body;
        assert!(english.contains("is suspended"), "{english}");
        // What never was looks as before.
        let unknown = house.get("/nowhere/sign-in", None).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(unknown.body.contains("没有这一页"), "{}", unknown.body);
    })
    .await;
}

#[tokio::test]
async fn a_university_is_suspended_only_when_it_was_chosen_and_confirmed() {
    let house = House::sqlite().await;
    house.school("shou").await;
    let cookie = house.operator().await;
    let page = house.get(PAGE, Some(&cookie)).await.body;
    let choices = page.split("id=\"suspend-slug\"").nth(1).unwrap();
    let choices = choices.split("</select>").next().unwrap();
    assert!(choices.contains("请选择"), "{choices}");
    assert!(!choices.contains("selected"), "{choices}");
    for (body, field) in [("slug=&confirmed=1", "slug"), ("slug=shou", "confirmed")] {
        let refused = house.submit(SUSPEND, Some(&cookie), body).await;
        let led = refused.header("location");
        let told = format!("refused=missing&field={field}&");
        assert!(led.contains(&told), "{body}: {led}");
        let open = house.get("/shou/sign-in", None).await;
        assert_eq!(open.status, StatusCode::OK, "{body}");
    }
    let body = "slug=shou&confirmed=1";
    let done = house.submit(SUSPEND, Some(&cookie), body).await;
    assert_eq!(done.header("location"), "/operator/tenants?done=saved");
    let shut = house.get("/shou/sign-in", None).await;
    assert_eq!(shut.status, StatusCode::SERVICE_UNAVAILABLE);
}

/// A second university with the same 学校国标代码 may be a rehearsal, or a mistake: the operator is told, and decides.
#[tokio::test(flavor = "multi_thread")]
async fn a_national_code_that_is_there_already_is_said() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        for (slug, told) in [("nanhu", false), ("beihu", true)] {
            let made = house.submit(CREATE, Some(&cookie), &new(slug)).await;
            assert_eq!(made.header("location"), "/operator/tenants?done=saved");
            let page = house.get(PAGE, Some(&cookie)).await.body;
            assert_eq!(page.contains("已有学校使用代码 10999"), told, "{page}");
            assert_eq!(page.contains("（/nanhu）"), told, "{page}");
        }
    })
    .await;
}

/// The platform has no office of a university; and a university that was just opened has an address.
#[tokio::test]
async fn the_platform_names_no_office_and_the_address_of_what_it_opened() {
    let house = House::sqlite().await;
    let form = "login=nobody&password=quiet-harbour-lantern-62";
    let refused = house.submit("/api/operator/sign-in", None, form).await;
    let page = house.get(refused.header("location"), None).await.body;
    assert!(page.contains("没有登录成功"), "{page}");
    for office in ["解释单位", "谁能帮助", "现代信息与教育技术中心", "教务处"]
    {
        assert!(!page.contains(office), "{office}: {page}");
    }
    let cookie = house.operator().await;
    // The national list knows the code under another name: a word, and no refusal.
    let form = new("nanhu").replace("10999", "10248");
    house.submit(CREATE, Some(&cookie), &form).await;
    let page = house.get(PAGE, Some(&cookie)).await.body;
    let notice = page.split("学校已开通").nth(1).unwrap();
    let notice = notice.split("</section>").next().unwrap();
    assert!(notice.contains("href=\"/nanhu/sign-in\""), "{notice}");
    let listed = domain::codes::School::from_code("10248").unwrap();
    assert!(notice.contains(listed.name), "{notice}");
}
