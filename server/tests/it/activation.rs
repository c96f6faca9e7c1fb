//! Activating an account, as the students meet it: on the page for one-time codes, and on the paper of a slip.

use crate::forms::{Form, encode, form};
use crate::house::{House, PASSWORD};
use crate::isolation::fresh;
use crate::personal::{Known, known};
use crate::ways::demonstration;
use chrono::TimeDelta;
use domain::institution::activation::IdentityCheck;
use domain::institution::{Actor, TenantId};
use services::institution::activation::{ClassSlips, IssuedCode};

const BY_CODE: &str = "/api/institution/activate-by-code";

fn claim(ksh: &str, name: &str, number: &str, code: &str, password: &str) -> String {
    let pairs = [
        ("tenant", "shou"),
        ("ksh", ksh),
        ("name", name),
        ("id_number", number),
        ("code", code),
        ("password", password),
    ];
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.join("&")
}

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    let found = form.fields.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("no {name}")).1
}

/// A student of a college who is told a one-time code.
async fn coded(house: &House, tenant: TenantId, secretary: &Actor) -> (Known, IssuedCode) {
    let affairs = house
        .services
        .actor_by_login(tenant, "xsc01")
        .await
        .unwrap();
    for (student, known) in known(house, &affairs).await {
        let (services, card) = (&house.services, IdentityCheck::IdCard);
        if let Ok(code) = services.issue_code(secretary, student, card, "").await {
            return (known, code);
        }
    }
    panic!("nobody of the college can be told a code");
}

/// What is wrong is told where it was typed: with who somebody is, once, and with nothing that is secret.
#[tokio::test]
async fn a_refused_code_is_told_on_its_own_page() {
    House::on_each(|house| async move {
        house.school("shou").await;
        let (ksh, name, number) = ("26310115150001", "张三丰", "310115200803150010");
        let typed = claim(ksh, name, number, "ABCDE-FGHJK", PASSWORD);
        let answer = house.submit(BY_CODE, None, &typed).await;
        let to = answer.header("location").to_owned();
        assert!(to.starts_with("/shou/activate?refused=sign_in&"), "{to}");
        for text in [ksh, name, &encode(name), number, "ABCDE", PASSWORD] {
            assert!(!to.contains(text), "{text} in {to}");
        }
        let cookie = answer.cookie();
        let page = house.get(&to, Some(&cookie)).await.body;
        assert!(page.contains("没有激活成功"), "{page}");
        let shown = form(&page, BY_CODE);
        assert_eq!((field(&shown, "ksh"), field(&shown, "name")), (ksh, name));
        for secret in ["id_number", "code", "password"] {
            assert_eq!(field(&shown, secret), "", "{secret}");
        }
        for text in [number, "ABCDE", PASSWORD] {
            assert!(!page.contains(text), "{text}");
        }
        // Whoever comes to the same browser next finds an empty form.
        let again = house.get(&to, Some(&cookie)).await.body;
        assert_eq!(field(&form(&again, BY_CODE), "name"), "");
        // Other universities have nothing of it.
        let answer = house.submit(BY_CODE, None, &typed).await;
        house.school("jsut").await;
        let elsewhere = answer.header("location").replace("/shou/", "/jsut/");
        let page = house.get(&elsewhere, Some(&answer.cookie())).await.body;
        assert_eq!(field(&form(&page, BY_CODE), "name"), "");
    })
    .await;
}

/// The form of a page as it is written, with what is said beside its fields.
fn written<'a>(page: &'a str, action: &str) -> &'a str {
    let begins = format!("action=\"{action}\"");
    let (_, rest) = page.split_once(&begins).unwrap();
    rest.split("</form>").next().unwrap()
}

/// A password that is too weak is told beside its field, uses nothing up, and costs no more than itself.
#[tokio::test]
async fn a_weak_password_is_told_beside_its_field() {
    House::on_each(|house| async move {
        let (tenant, secretary) = demonstration(&house, "xy01").await;
        let (known, code) = coded(&house, tenant, &secretary).await;
        let typed =
            |password: &str| claim(&known.ksh, &known.name, &known.number, &code.code, password);
        let answer = house.submit(BY_CODE, None, &typed("short")).await;
        let to = answer.header("location").to_owned();
        let told = "/shou/activate?refused=too_short&field=password";
        assert!(to.starts_with(told), "{to}");
        let page = house.get(&to, Some(&answer.cookie())).await.body;
        let written = written(&page, BY_CODE);
        assert!(written.contains("密码至少需要 12 个字符。"), "{written}");
        assert_eq!(written.matches("aria-invalid=\"true\"").count(), 1);
        assert_eq!(field(&form(&page, BY_CODE), "ksh"), known.ksh);
        // Whoever does not hold the code learns nothing of the password.
        let other = claim(
            &known.ksh,
            &known.name,
            &known.number,
            "00000-00000",
            "short",
        );
        let answer = house.submit(BY_CODE, None, &other).await;
        assert!(answer.header("location").contains("refused=sign_in"));
        let done = house.submit(BY_CODE, None, &typed(PASSWORD)).await;
        assert_eq!(done.header("location"), "/shou/me?done=activated");
        let cookie = done.cookie();
        let own = house.get("/shou/me?done=activated", Some(&cookie));
        let own = own.await.body;
        assert!(own.contains("账号已激活，下次用学号或考生号登录"), "{own}");
    })
    .await;
}

/// A member of the staff is told the own login.
#[tokio::test]
async fn staff_are_told_what_to_sign_in_with() {
    House::on_each(|house| async move {
        let (tenant, admin) = demonstration(&house, "admin").await;
        let admin = fresh(&admin, house.bed.store().now());
        let secretary = house.services.actor_by_login(tenant, "xy01").await.unwrap();
        let slip = house
            .services
            .reissue_staff_slip(
                &admin,
                secretary.seat().account,
                IdentityCheck::IdCard,
                "",
                "http://127.0.0.1:3000",
            )
            .await
            .unwrap();
        let token = slip.url.split_once("?t=").unwrap().1;
        let typed = format!("tenant=shou&token={token}&password={PASSWORD}");
        let path = "/api/institution/activate";
        let done = house.submit(path, None, &typed).await;
        let to = done.header("location").to_owned();
        assert_eq!(to, "/shou/home?done=activated_staff");
        let page = house.get(&to, Some(&done.cookie())).await.body;
        assert!(page.contains("账号已激活，下次用工号登录"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn the_page_says_that_a_slip_is_scanned() {
    House::on_each(|house| async move {
        house.school("shou").await;
        let page = house.get("/shou/activate", None).await.body;
        assert!(
            page.contains("有激活单的，用手机扫描单上的二维码"),
            "{page}"
        );
        let english = house.get("/shou/activate?lang=en", None).await.body;
        assert!(english.contains("scan its code with your phone"));
    })
    .await;
}

/// How many slips a sheet holds.
fn slips(sheet: &str) -> u64 {
    u64::try_from(sheet.matches("<li class=\"xj-slip\">").count()).unwrap()
}

/// After an issue the sheet holds what was issued; what was printed before is one step away. Whoever calls finds the
/// college's number on the slip, and whoever cannot scan the address.
#[tokio::test]
async fn the_sheet_after_an_issue_holds_what_was_issued() {
    House::on_each(|house| async move {
        let (_, secretary) = demonstration(&house, "xy01").await;
        let cookie = house.cookie(&secretary).await;
        let issue = async |form: &str| {
            let path = "/api/institution/issue-slips";
            let answer = house.submit(path, Some(&cookie), form).await;
            answer.header("location").to_owned()
        };
        let classes = house.services.slip_classes(&secretary).await.unwrap();
        let missing: u64 = classes.iter().map(ClassSlips::without).sum();
        let line = classes.iter().find(|class| class.without() > 0).unwrap();
        let own = line.without();
        assert!(own < missing, "there is another class");
        let to = issue(&format!("tenant=shou&class={}", line.class)).await;
        let path = format!("/shou/files/slips/{}?issued=", line.class);
        assert!(to.starts_with(&path), "{to}");
        let sheet = house.get(&to, Some(&cookie)).await.body;
        assert_eq!(slips(&sheet), own);
        for told in ["学院电话", "021-61900401", "127.0.0.1:3000/shou/activate"] {
            assert!(sheet.contains(told), "{told}: {sheet}");
        }
        house.bed.advance(TimeDelta::minutes(1));
        let to = issue("tenant=shou").await;
        assert!(to.starts_with("/shou/files/slips/all?issued="), "{to}");
        let sheet = house.get(&to, Some(&cookie)).await.body;
        assert_eq!(slips(&sheet), missing - own);
        assert!(sheet.contains("本页只有刚才签发的激活单"));
        assert!(sheet.contains("href=\"/shou/files/slips/all\""));
        let all = house.get("/shou/files/slips/all", Some(&cookie)).await.body;
        assert!(slips(&all) >= missing, "{missing}");
        assert!(!all.contains("本页只有刚才签发的激活单"));
    })
    .await;
}
