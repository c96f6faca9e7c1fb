//! Sign-in: for students by candidate or student number, for staff by staff number.

use super::{account, factor};
use crate::cx::Cx;
use crate::frame::{Page, page, plain};
use crate::wish::{ENDED, Wish};
use domain::text::Lang;
use leptos::prelude::*;
use services::institution::Present;
use ui::prelude::*;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let (wish, known) = (Wish::of_address(cx), cx.known());
    let notice = match &known.present {
        Some(present) => Some(seated(cx, present, &wish)),
        None => why(cx, &wish),
    };
    let form = if cx.query("step").as_deref() == Some("code") {
        factor::asked(cx)
    } else {
        password(cx, &wish)
    };
    let activate = cx.href("activate");
    let body = view! {
        {notice}
        {form}
        <p class="xj-muted">
            {cx.pick("第一次使用？", "First time here?")} " "
            <a class="xj-link" href=activate>{cx.pick("用激活单或一次性代码激活账号", "Activate your account with your slip or one-time code")}</a>
        </p>
        {demo(cx)}
    };
    Ok(plain(
        cx,
        cx.pick("登录", "Sign in"),
        cx.pick(
            "学生用学号或考生号，教职工用工号。",
            "Students: student or candidate number. Staff: staff number.",
        ),
        body,
    ))
}

/// Why the sign-in is shown instead of the page that was asked for. A refusal says it by itself.
fn why(cx: Cx, wish: &Wish) -> Option<AnyView> {
    if cx.query("refused").is_some() || cx.query("step").is_some() {
        return None;
    }
    let title = match (cx.query(ENDED).is_some(), wish.page().is_some()) {
        (true, true) => cx.pick(
            "登录已结束，请重新登录，登录后回到刚才的页面",
            "Your session has ended; sign in again to go back to the page you asked for",
        ),
        (true, false) => cx.pick(
            "登录已结束，请重新登录",
            "Your session has ended; please sign in again",
        ),
        (false, true) => cx.pick(
            "请先登录，登录后回到刚才的页面",
            "Please sign in first; you will be taken to the page you asked for",
        ),
        (false, false) => return None,
    };
    Some(view! { <Notice tone=Tone::Info title=title announce=true/> }.into_any())
}

/// Somebody is signed in here already: who, the way on, and what signing in below would do.
fn seated(cx: Cx, present: &Present, wish: &Wish) -> AnyView {
    let who = account::signed_in(present);
    let title = match cx.lang {
        Lang::Zh => format!("已登录：{who}"),
        Lang::En => format!("Signed in: {who}"),
    };
    let on = cx.href(&wish.landing(&present.actor));
    view! {
        <Notice tone=Tone::Info title=title>
            <a class="xj-link" href=on>{cx.pick("继续", "Continue")}</a>
            " "
            {cx.pick("在下面用另一个账号登录，会结束现在的登录。", "Signing in below with another account ends this session.")}
        </Notice>
    }
    .into_any()
}

/// The form. A wrong password does not cost the login: it is kept in the session for this once, and not in the address.
fn password(cx: Cx, wish: &Wish) -> AnyView {
    let login = cx.form("institution/sign-in").value("login", "");
    view! {
        <PostForm action="/api/institution/sign-in" tenant=cx.slug() hidden=wish.hidden()>
            <TextInput name="login" value=login label=cx.pick("账号", "Login") autocomplete="username" required=true maxlength=40/>
            <PasswordInput name="password" label=cx.pick("密码", "Password")/>
            <FormActions>
                <SubmitButton label=cx.pick("登录", "Sign in") wide=true/>
            </FormActions>
        </PostForm>
    }
    .into_any()
}

/// Said of the universities that were made with the demonstration: one that the operator adds asks for a second factor.
fn demo(cx: Cx) -> Option<AnyView> {
    (cx.known().demo && services::demo::is_made_up(&cx.slug())).then(|| {
        view! {
            <Notice tone=Tone::Info title=cx.pick("这是演示系统", "This is a demonstration")>
                {cx.pick(
                    "人员与数据都是虚构的，日期从生成演示的那一天推算：新生总在约半个月后报到。演示中办公岗位不要求动态口令；正式使用时默认要求。账号印在启动窗口里。",
                    "People and data are made up, and dates are counted from the day the demonstration was made: freshmen always arrive about two weeks later. Here offices need no second factor; in earnest they do. Logins are printed where the service was started.",
                )}
            </Notice>
        }
        .into_any()
    })
}
