//! The own account: who one is, with what one is signed in, and a page of before that belongs to somebody else.

use super::student_like;
use crate::forms::{form, forms};
use crate::house::{Answer, House, PASSWORD, post};
use domain::institution::Office;
use http::{HeaderValue, StatusCode, header};

const ACCOUNT: &str = "/shou/account";
const WECHAT: &str =
    "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50";
const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36";
const CHANGE: &str = "/api/institution/change-password";

/// Signs in with a browser that calls itself so; the value of the cookie.
async fn with(house: &House, login: &str, browser: &'static str) -> String {
    let form = format!("tenant=shou&login={login}&password={PASSWORD}");
    let mut request = post("/api/institution/sign-in", None, &form, "text/html");
    let browser = HeaderValue::from_static(browser);
    request.headers_mut().insert(header::USER_AGENT, browser);
    let answer = house.send(request).await;
    assert_eq!(answer.header("location"), "/shou/home");
    answer.cookie()
}

/// Posts the form of the page that ends another session of the account.
async fn end_other(house: &House, page: &str, cookie: &str) -> Answer {
    let end = form(page, "/api/institution/end-session");
    house.submit(&end.action, Some(cookie), &end.body()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_devices_are_told_apart() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        with(&house, "t100", WECHAT).await;
        let first = with(&house, "t100", WINDOWS).await;
        // A new id is the same device.
        let form = format!("tenant=shou&password={PASSWORD}&code=");
        let step_up = "/api/institution/step-up";
        let own = house.submit(step_up, Some(&first), &form).await.cookie();
        let page = house.get(ACCOUNT, Some(&own)).await.body;
        assert!(page.contains("王丙 · T100"), "{page}");
        for device in ["微信 · Android", "Chrome · Windows", "本次登录"] {
            assert_eq!(page.matches(device).count(), 1, "{device}: {page}");
        }
        // It is about somebody: the table of sessions has it sealed, and nothing else of what the browser said.
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let control = house.bed.store().control();
        let rows = control.sessions_of(tenant, actor.seat().account).await;
        for row in rows.unwrap() {
            let data = row.data.to_lowercase();
            assert!(data.contains("device"), "{data}");
            for said in [
                "wechat",
                "android",
                "messenger",
                "chrome",
                "windows",
                "mozilla",
            ] {
                assert!(!data.contains(said), "{data}");
            }
        }
        let ended = end_other(&house, &page, &own).await;
        assert_eq!(ended.header("location"), "/shou/account?done=session_ended");
        let left = house.get(ended.header("location"), Some(&own)).await.body;
        assert!(left.contains("该设备已退出"), "{left}");
        assert!(left.contains("Chrome · Windows") && !left.contains("微信 · Android"));
        // The same once more: there is none.
        let again = end_other(&house, &page, &own).await;
        let told = house.get(again.header("location"), Some(&own)).await.body;
        assert!(told.contains("没有这个登录"), "{told}");
    })
    .await;
}

/// Another tab has signed somebody else in: the form of the first is not taken for that account.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_sign_in_changes_nobodys_password() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let student = student_like(&house, &actor).await;
        let first = house.sign_in("shou", student).await;
        let page = house.get(ACCOUNT, Some(&first)).await.body;
        assert!(page.contains("王* · 26****01"), "{page}");
        let typed = form(&page, CHANGE)
            .with("old", PASSWORD)
            .with("new", "harbour-of-quiet-lanterns-71");
        let login = format!("tenant=shou&login=t100&password={PASSWORD}");
        let second = house.submit("/api/institution/sign-in", Some(&first), &login);
        let second = second.await.cookie();
        let answer = house.submit(CHANGE, Some(&second), &typed.body()).await;
        let told = house.get(answer.header("location"), Some(&second)).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(
            told.body.contains("刚才那一页属于另一个账号"),
            "{}",
            told.body
        );
        assert!(told.body.contains("王丙 · T100"));
        // Nobody's password is another one.
        for login in ["t100", student] {
            house.sign_in("shou", login).await;
        }
    })
    .await;
}

/// One word for the present password, and one hint wherever a new one is chosen.
#[tokio::test(flavor = "multi_thread")]
async fn the_words_about_passwords_agree() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let cookie = house.sign_in("shou", "t100").await;
        let page = house.get(ACCOUNT, Some(&cookie)).await.body;
        let activate = house.get("/shou/activate", None).await.body;
        let hint = "至少 12 个字符，不限字符种类；不要含姓名、学号、证件号或生日";
        assert!(page.contains(hint) && activate.contains(hint));
        for (old, new, said) in [
            (PASSWORD, PASSWORD, "新密码与现在的密码相同"),
            (
                "nothing-of-the-kind",
                "harbour-of-quiet-lanterns-71",
                "现在的密码不对",
            ),
        ] {
            let typed = form(&page, CHANGE).with("old", old).with("new", new);
            let answer = house.submit(CHANGE, Some(&cookie), &typed.body()).await;
            let told = house.get(answer.header("location"), Some(&cookie)).await;
            assert!(told.body.contains(said), "{said}: {}", told.body);
            assert!(!told.body.contains("原密码"));
            assert!(!forms(&told.body).is_empty());
        }
    })
    .await;
}
