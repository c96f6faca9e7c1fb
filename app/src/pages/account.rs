//! Own account: posts, step-up, second factor, password, sessions.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, badge, language, left_behind, office, page};
use domain::institution::Office;
use leptos::prelude::*;
use ui::prelude::*;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let student = actor.office() == Office::Student;
    let current = cx
        .known()
        .session
        .id()
        .map(|id| crate::cx::session_hash(&id));
    let reader = actor.clone();
    let (posts, sessions) = cx
        .services()
        .run(move |services| async move {
            Ok((
                services.posts(&reader).await?,
                services.sessions(&reader, current).await?,
            ))
        })
        .await?;
    let factor = cx.known().present.as_ref().is_some_and(|p| p.second_factor);
    let must = cx.known().present.as_ref().is_some_and(|p| p.must_enrol);
    let must_notice = must.then(|| {
        view! {
            <Notice tone=Tone::Warning title=cx.pick("办公岗位须先启用动态口令", "Your post needs a second factor first")>
                {cx.pick("启用之前只能使用本页。", "Until then only this page can be used.")}
            </Notice>
        }
    });
    let codes = crate::cx::take_once(&cx.known(), "recovery").await;
    let once = codes.map(|value| recovery(cx, &value));
    let begun = crate::cx::enrolment(&cx.known()).await;
    let begun = begun.map(|value| enrolling(cx, &value)).transpose()?;
    // Whoever is setting the factor up needs no second way to begin.
    let offered = (!student && begun.is_none()).then(|| second_factor(cx, factor));
    let post_rows = (posts.len() > 1).then(|| post_switch(cx, &posts));
    let body = view! {
        {must_notice}
        {once}
        {begun}
        {post_rows}
        {(!student).then(|| step_up(cx, factor))}
        {offered}
        {password(cx)}
        {session_list(cx, &sessions)}
    };
    let title = cx.pick("账号", "Account");
    if !student {
        return Ok(office(cx, Head::new(title), body));
    }
    let school = cx.school();
    Ok(view! {
        <PhoneShell
            school=school
            badge=badge(cx)
            home=cx.href("me")
            title=title
            skip=cx.pick("跳到正文", "Skip to content")
            back=Crumb::new(cx.pick("我的学籍", "My registration"), cx.href("me"))
            language=language(cx)
        >
            {left_behind(cx)}
            {body}
        </PhoneShell>
    }
    .into_any())
}

/// A second factor that is being set up: scan or type the key, then the first code. It stays until the code is right.
fn enrolling(cx: Cx, value: &str) -> Result<AnyView, services::ServiceError> {
    let (secret, url) = value.split_once('\n').unwrap_or((value, ""));
    let code = services::institution::second_factor::qr(url)?;
    let label = cx.pick("动态口令二维码", "Code of the second factor");
    let code = say::qr(&code, label);
    let (secret, url) = (secret.to_owned(), url.to_owned());
    Ok(view! {
        <Panel title=cx.pick("启用动态口令", "Set up the second factor")>
            <p>{cx.pick("用手机的动态口令应用扫描二维码，或手工输入密钥，再填应用显示的六位数字。五分钟内有效。", "Scan the code with the authenticator on your phone, or type the key, then enter the six digits it shows. It counts for five minutes.")}</p>
            {code}
            <Copyable label=cx.pick("密钥", "Key") value=secret/>
            <p><a class="xj-link" href=url>{cx.pick("在本机的应用中打开", "Open in the app on this device")}</a></p>
            <PostForm action="/api/institution/totp-confirm" tenant=cx.slug()>
                <TextInput name="code" label=cx.pick("六位数字", "Six digits") typed=Typed::Digits autocomplete="one-time-code" required=true maxlength=6 error=cx.error("code")/>
                <FormActions><SubmitButton label=cx.pick("启用", "Switch on")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any())
}

/// The recovery codes, shown this once.
fn recovery(cx: Cx, value: &str) -> AnyView {
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

fn post_switch(cx: Cx, posts: &[services::institution::post::OwnPost]) -> AnyView {
    let choices = posts
        .iter()
        .map(|post| {
            Choice::new(
                post.id.to_string(),
                cx.pick_text(&post.label_zh, &post.label_en),
            )
            .checked(post.current)
        })
        .collect::<Vec<_>>();
    view! {
        <Panel title=cx.pick("岗位", "Posts")>
            <PostForm action="/api/institution/switch-post" tenant=cx.slug()>
                <RadioGroup name="post" label=cx.pick("现在使用的岗位", "The post you work in") choices=choices/>
                <FormActions><SubmitButton label=cx.pick("切换", "Switch") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn step_up(cx: Cx, factor: bool) -> AnyView {
    let code = factor.then(|| crate::pages::sign_in::factor_code(cx, "step-up-code"));
    view! {
        <Panel title=cx.pick("再次确认身份", "Confirm that it is you")>
            <p class="xj-muted">{cx.pick("查看完整信息、导出和撤销需要五分钟内输入过密码。", "Full values, exports and undo need the password within the last five minutes.")}</p>
            <PostForm action="/api/institution/step-up" tenant=cx.slug()>
                <PasswordInput name="password" label=cx.pick("密码", "Password") error=cx.error("password")/>
                {code}
                <FormActions><SubmitButton label=cx.pick("确认", "Confirm") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn second_factor(cx: Cx, on: bool) -> AnyView {
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
            <PostForm action="/api/institution/totp-enrol" tenant=cx.slug()>
                <FormActions><SubmitButton label=label weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn password(cx: Cx) -> AnyView {
    view! {
        <Panel title=cx.pick("更改密码", "Change the password")>
            <PostForm action="/api/institution/change-password" tenant=cx.slug()>
                <PasswordInput name="old" label=cx.pick("现在的密码", "Present password") error=cx.error("old")/>
                <PasswordInput name="new" label=cx.pick("新密码", "New password") autocomplete="new-password" hint=cx.pick("至少 12 个字符，不限字符种类", "At least 12 characters of any kind") error=cx.error("new")/>
                <FormActions><SubmitButton label=cx.pick("更改", "Change") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn session_list(cx: Cx, sessions: &[services::institution::account::OwnSession]) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("登录时间", "Signed in")).title(),
        Column::new(cx.pick("最近使用", "Last used")),
        Column::new(cx.pick("操作", "Action")),
    ];
    let rows = sessions
        .iter()
        .map(|session| {
            let action = if session.current {
                cx.pick("本次登录", "This one").into_any()
            } else {
                view! {
                    <PostForm action="/api/institution/end-session" tenant=cx.slug() hidden=vec![Hidden::new("mark", session.mark.clone())]>
                        <SubmitButton label=cx.pick("结束", "End") weight=Weight::Link/>
                    </PostForm>
                }
                .into_any()
            };
            Row::new().cell(say::moment(session.created_at)).cell(say::moment(session.seen_at)).cell(action)
        })
        .collect::<Vec<_>>();
    view! {
        <Panel title=cx.pick("登录中的设备", "Where you are signed in")>
            <DataTable caption=cx.pick("登录", "Sessions") columns=columns rows=rows/>
        </Panel>
    }
    .into_any()
}
