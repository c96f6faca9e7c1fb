//! The second factor on pages, of the staff and of the platform's operator: the same words, the same steps. The forms post
//! to the operations of whoever is signed in.

use super::say;
use crate::cx::Cx;
use crate::wish::Wish;
use leptos::prelude::*;
use services::ServiceError;
use services::institution::totp::{self, TotpEnrolment};
use ui::prelude::*;

/// An operation of the university's people, or of the platform's operator where there is no university.
fn action(cx: Cx, op: &str) -> String {
    let area = if cx.known().tenant.is_some() {
        "institution"
    } else {
        "operator"
    };
    format!("/api/{area}/{op}")
}

/// The code after the password, at sign-in; the page that was asked for goes along.
pub fn asked(cx: Cx) -> AnyView {
    let hidden = Wish::of_address(cx).hidden();
    view! {
        <PostForm action=action(cx, "second-factor") tenant=cx.slug() hidden=hidden>
            {field(cx, "f-code")}
            <FormActions>
                <SubmitButton label=cx.pick("确认", "Confirm") wide=true/>
            </FormActions>
        </PostForm>
    }
    .into_any()
}

/// The code beside a password that is given again, where a second factor is on.
pub fn beside_password(cx: Cx, on: bool) -> Option<AnyView> {
    on.then(|| field(cx, "step-up-code"))
}

/// The field for the second factor: six digits, or a recovery code with its letters, wherever it is asked for.
pub fn field(cx: Cx, id: &'static str) -> AnyView {
    view! {
        <TextInput
            name="code"
            id=id
            label=cx.pick("动态口令或恢复码", "Code of your second factor, or a recovery code")
            autocomplete="one-time-code"
            required=true
            maxlength=20
            error=cx.error("code")
        />
    }
    .into_any()
}

/// Whether it is on, and the button that begins a new one.
pub fn offered(cx: Cx, on: bool) -> AnyView {
    let state = if on {
        say::word_chip(
            cx.pick("已启用", "On").to_owned(),
            domain::text::Tone::Success,
        )
    } else {
        say::word_chip(
            cx.pick("未启用", "Off").to_owned(),
            domain::text::Tone::Warning,
        )
    };
    let label = if on {
        cx.pick("更换动态口令", "Replace the second factor")
    } else {
        cx.pick("启用动态口令", "Set up the second factor")
    };
    view! {
        <Panel title=cx.pick("动态口令", "Second factor")>
            <p>{state}</p>
            <PostForm action=action(cx, "totp-enrol") tenant=cx.slug()>
                <FormActions><SubmitButton label=label weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

/// A second factor that is being set up: scan or type the key, then the first code. It stays until the code is right.
///
/// # Errors
/// [`ServiceError::Internal`] for an address that no code holds.
pub fn enrolling(cx: Cx, begun: TotpEnrolment) -> Result<AnyView, ServiceError> {
    let TotpEnrolment { secret, url } = begun;
    let code = say::qr(
        &totp::qr(&url)?,
        cx.pick("动态口令二维码", "Code of the second factor"),
    );
    Ok(view! {
        <Panel title=cx.pick("启用动态口令", "Set up the second factor")>
            <p>{cx.pick("用手机的动态口令应用扫描二维码，或手工输入密钥，再填应用显示的六位数字。五分钟内有效。", "Scan the code with the authenticator on your phone, or type the key, then enter the six digits it shows. It counts for five minutes.")}</p>
            {code}
            <Copyable label=cx.pick("密钥", "Key") value=secret/>
            <p><a class="xj-link" href=url>{cx.pick("在本机的应用中打开", "Open in the app on this device")}</a></p>
            <PostForm action=action(cx, "totp-confirm") tenant=cx.slug()>
                <TextInput name="code" label=cx.pick("六位数字", "Six digits") typed=Typed::Digits autocomplete="one-time-code" required=true maxlength=6 error=cx.error("code")/>
                <FormActions><SubmitButton label=cx.pick("启用", "Switch on")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any())
}

/// The recovery codes, shown this once.
pub fn recovery(cx: Cx, value: &str) -> AnyView {
    let codes = value
        .lines()
        .map(|code| {
            let code = code.to_owned();
            view! { <li class="xj-num">{code}</li> }
        })
        .collect::<Vec<_>>();
    view! {
        <Notice tone=Tone::Success title=cx.pick("动态口令已启用。请抄下恢复码，只显示这一次", "The second factor is on. Write these recovery codes down: they are shown once")>
            <ul class="xj-list">{codes}</ul>
        </Notice>
    }
    .into_any()
}
