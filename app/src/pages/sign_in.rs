//! Sign-in: for students by candidate or student number, for staff by staff number.

use crate::cx::Cx;
use crate::frame::{Page, page, plain};
use leptos::prelude::*;
use ui::prelude::*;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let form = if cx.query("step").as_deref() == Some("code") {
        code(cx)
    } else {
        password(cx)
    };
    let activate = cx.href("activate");
    let body = view! {
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

fn password(cx: Cx) -> AnyView {
    view! {
        <PostForm action="/api/institution/sign-in" tenant=cx.slug()>
            <TextInput name="login" label=cx.pick("账号", "Login") autocomplete="username" required=true maxlength=40/>
            <PasswordInput name="password" label=cx.pick("密码", "Password")/>
            <FormActions>
                <SubmitButton label=cx.pick("登录", "Sign in") wide=true/>
            </FormActions>
        </PostForm>
    }
    .into_any()
}

fn code(cx: Cx) -> AnyView {
    view! {
        <PostForm action="/api/institution/second-factor" tenant=cx.slug()>
            {factor_code(cx, "f-code")}
            <FormActions>
                <SubmitButton label=cx.pick("确认", "Confirm") wide=true/>
            </FormActions>
        </PostForm>
    }
    .into_any()
}

/// The field for the second factor: six digits, or a recovery code with its letters, wherever it is asked for.
pub fn factor_code(cx: Cx, id: &'static str) -> AnyView {
    view! {
        <TextInput
            name="code"
            id=id
            label=cx.pick("动态口令或恢复码", "Code of your second factor, or a recovery code")
            autocomplete="one-time-code"
            required=true
            maxlength=20
        />
    }
    .into_any()
}

fn demo(cx: Cx) -> Option<AnyView> {
    cx.known().demo.then(|| {
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
