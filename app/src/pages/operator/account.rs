//! The operator's own account: the second factor, and the password again.

use super::{identity, left, step_up};
use crate::cx::{self, Cx};
use crate::frame::{Page, language, page};
use crate::pages::factor;
use crate::session;
use leptos::prelude::*;
use services::institution::operator::Operator;
use ui::prelude::*;

/// The page.
#[component]
pub fn OperatorAccountPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let known = cx.known();
    let operator = session::operator(&known).await?;
    let codes = cx::take_once(&known, "recovery").await;
    let once = codes.map(|value| factor::recovery(cx, &value));
    let begun = cx::enrolment(&known).await;
    let begun = begun
        .map(|begun| factor::enrolling(cx, begun))
        .transpose()?;
    let on = operator.second_factor();
    // Whoever is setting the factor up needs no second way to begin, and whoever gave the password just now not to give it
    // again.
    let offered = begun.is_none().then(|| factor::offered(cx, on));
    let fresh = operator.stepped_up(cx.services().now());
    let universities = ("/operator/tenants", cx.pick("学校", "Universities"));
    Ok(view! {
        <PlainShell
            brand=cx.pick("学籍", "Xueji")
            skip=cx.pick("跳到正文", "Skip to content")
            title=cx.pick("平台运营账号", "Operator's account")
            lead=cx.pick("动态口令与密码一起证明是你本人。", "The second factor proves, with the password, that it is you.")
            language=language(cx)
        >
            {left(cx)}
            {identity(cx, &operator, universities)}
            {must(cx, &operator)}
            {once}
            {begun}
            {(!fresh).then(|| step_up(cx, on, cx.pick("启用或更换动态口令前，请再次输入密码", "Give your password again before you set up or replace the second factor"), vec![Hidden::new("back", "account")]))}
            {offered}
        </PlainShell>
    }
    .into_any())
}

fn must(cx: Cx, operator: &Operator) -> Option<AnyView> {
    operator.must_enrol().then(|| {
        view! {
            <Notice tone=Tone::Warning title=cx.pick("平台运维人员须先启用动态口令", "An operator needs a second factor first")>
                {cx.pick("启用之前只能使用本页。", "Until then only this page can be used.")}
            </Notice>
        }
        .into_any()
    })
}
