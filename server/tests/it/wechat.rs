//! Pages in the browser inside WeChat: where a file is downloaded or picked, they say how to go on in another one.

use crate::forms::seats;
use crate::house::{Answer, House};
use axum::body::Body;
use domain::institution::POLICY;
use domain::institution::policy::{Kind, Who};
use http::{Request, header};
use std::collections::BTreeSet;

const WECHAT: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 \
    MicroMessenger/8.0.50.2701(0x28003253) WeChat/arm64 Language/zh_CN";
const CHROME: &str =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36";

async fn look(house: &House, path: &str, cookie: &str, browser: &str) -> Answer {
    let request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .header(header::USER_AGENT, browser);
    house.send(request.body(Body::empty()).unwrap()).await
}

fn has_files(page: &str) -> bool {
    page.contains("type=\"file\"") || page.contains(" download=") || page.contains(" download>")
}

#[tokio::test]
async fn a_page_with_files_leads_out_of_wechat() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let (zh, en) = ("在浏览器打开", "Open in browser");
    let (mut with, mut without) = (BTreeSet::new(), BTreeSet::new());
    for actor in seats(&house, tenant).await {
        let cookie = house.cookie(&actor).await;
        for rule in POLICY
            .iter()
            .filter(|r| r.kind == Kind::Page && r.allows(&actor))
        {
            let other = rule.op.contains(':') || rule.op.starts_with("operator/");
            if other || rule.who == Who::Anyone {
                continue;
            }
            let path = format!("/shou/{}", rule.op);
            let page = look(&house, &path, &cookie, WECHAT).await.body;
            let hint = page.contains(zh);
            assert!(hint || !has_files(&page), "{path}");
            if hint {
                with.insert(rule.op);
                let english = format!("{path}?lang=en");
                let english = look(&house, &english, &cookie, WECHAT).await.body;
                assert!(english.contains(en), "{path}");
                let elsewhere = look(&house, &path, &cookie, CHROME).await.body;
                assert!(
                    !elsewhere.contains(zh) && elsewhere.contains("<h1"),
                    "{path}"
                );
            } else {
                without.insert(rule.op);
            }
        }
    }
    for op in [
        "admission/imports",
        "assign",
        "organisation",
        "staff",
        "school",
        "parameters",
    ] {
        assert!(with.contains(op), "{op}: {with:?}");
    }
    for op in ["home", "students"] {
        assert!(without.contains(op), "{op}: {without:?}");
    }
}
