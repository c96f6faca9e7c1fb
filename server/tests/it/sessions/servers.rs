//! Many servers on one database (rule 13): what one of them is told, the other acts on with its next request.

use super::{opens, second_post};
use crate::house::{House, PASSWORD};
use domain::institution::{Office, TenantId};
use http::StatusCode;

const HOME: &str = "/shou/home";

/// Two servers, and the session of somebody who signed in at the first and was seen by both.
async fn pair(house: House) -> (House, House, TenantId, String) {
    let tenant = house.school("shou").await;
    house.staff(tenant, "t100", Office::Admissions).await;
    let other = house.another().await;
    let cookie = house.sign_in("shou", "t100").await;
    for server in [&house, &other] {
        assert!(opens(server, HOME, &cookie).await);
    }
    (house, other, tenant, cookie)
}

/// A session is worth nothing at a server: a page leads to the sign-in, a call is refused.
async fn is_over(server: &House, cookie: &str) {
    let page = server.get(HOME, Some(cookie)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.header("location"), "/shou/sign-in?ended=1");
    let path = "/api/disclosure/search";
    let form = "tenant=shou&filter[q]=x&col[]=name";
    let call = server.call(path, Some(cookie), form).await;
    assert_eq!(call.status, StatusCode::UNAUTHORIZED, "{}", call.body);
}

/// An act of the administrator at a server.
async fn is_done(server: &House, tenant: TenantId, op: &str, form: &str) {
    let admin = server.bed.officer(tenant, Office::TenantAdmin).await;
    let cookie = server.cookie(&admin).await;
    let path = format!("/api/institution/{op}");
    let form = format!("tenant=shou&{form}");
    let answer = server.submit(&path, Some(&cookie), &form).await;
    let led = answer.header("location");
    assert!(led.contains("done="), "{op}: {led}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signed_out_at_one_server_is_out_at_the_other() {
    House::on_each(|house| async move {
        let (one, other, _, cookie) = pair(house).await;
        let path = "/api/institution/sign-out";
        let left = one.submit(path, Some(&cookie), "tenant=shou").await;
        assert_eq!(left.header("location"), "/shou/sign-in?done=signed_out");
        is_over(&other, &cookie).await;
        is_over(&one, &cookie).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_account_ended_at_one_server_is_refused_at_the_other() {
    House::on_each(|house| async move {
        let (one, other, tenant, cookie) = pair(house).await;
        let actor = one.services.actor_by_login(tenant, "T100").await.unwrap();
        let form = format!("account={}&reason=left", actor.seat().account);
        is_done(&one, tenant, "disable-account", &form).await;
        is_over(&other, &cookie).await;
        let form = format!("tenant=shou&login=t100&password={PASSWORD}");
        let again = other.submit("/api/institution/sign-in", None, &form).await;
        assert!(!again.sets_session() || again.header("location") != HOME);
        assert!(again.header("location").contains("refused="));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changed_the_post_at_one_server_works_in_it_at_the_other() {
    House::on_each(|house| async move {
        let (one, other, tenant, cookie) = pair(house).await;
        let actor = one.services.actor_by_login(tenant, "T100").await.unwrap();
        let post = second_post(&one, &actor).await;
        let assign = other.get("/shou/assign", Some(&cookie)).await;
        assert_eq!(assign.status, StatusCode::FORBIDDEN);
        let form = format!("tenant=shou&post={post}");
        let path = "/api/institution/switch-post";
        let moved = one.submit(path, Some(&cookie), &form).await.cookie();
        is_over(&other, &cookie).await;
        let assign = other.get("/shou/assign", Some(&moved)).await;
        assert_eq!(assign.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_at_one_server_is_read_at_the_other() {
    House::on_each(|house| async move {
        let (one, other, tenant, cookie) = pair(house).await;
        // Both servers have read what was there before.
        let colour = async |server: &House| {
            let path = "/shou/files/brand/style";
            server.get(path, None).await.body.contains("#1a5632")
        };
        assert!(!colour(&one).await && !colour(&other).await);
        let form = "province=31&colour=%231a5632";
        is_done(&one, tenant, "set-branding", form).await;
        assert!(colour(&one).await && colour(&other).await);
        // From now on every office needs a second factor: nothing else opens before it is set up.
        let today = domain::calendar::local_date(one.bed.store().now());
        let form =
            format!("key=security.totp_required&value=true&basis=test&effective_from={today}");
        is_done(&one, tenant, "set-parameter", &form).await;
        for server in [&other, &one] {
            let page = server.get(HOME, Some(&cookie)).await;
            assert_eq!(page.header("location"), "/shou/account", "{}", page.status);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_at_one_server_counts_at_the_other() {
    House::on_each(|house| async move {
        let (one, other, _, _) = pair(house).await;
        let path = "/api/institution/sign-in";
        for server in [&one, &other, &one, &other, &one] {
            let form = "tenant=shou&login=t100&password=nothing-of-the-kind";
            let answer = server.submit(path, None, form).await;
            assert!(answer.header("location").contains("refused="));
        }
        for server in [&one, &other] {
            let form = format!("tenant=shou&login=t100&password={PASSWORD}");
            let answer = server.submit(path, None, &form).await;
            let led = answer.header("location");
            assert!(led.contains("refused="), "{led}");
        }
    })
    .await;
}
