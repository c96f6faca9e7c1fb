//! Own account: posts, step-up, second factor, password, sessions.

use super::{factor, say};
use crate::cx::Cx;
use crate::frame::{Head, Page, badge, language, left_behind, office, page};
use domain::institution::Office;
use domain::person::mask;
use leptos::prelude::*;
use services::institution::Present;
use ui::prelude::*;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    page(build)
}

/// How a new password is chosen, wherever one is.
pub fn password_hint(cx: Cx) -> &'static str {
    cx.pick(
        "至少 12 个字符，不限字符种类；不要含姓名、学号、证件号或生日",
        "At least 12 characters of any kind; no name, student number, ID number or birthday",
    )
}

/// Who is signed in: name and login, as the person's own pages show them.
pub fn signed_in(present: &Present) -> String {
    let (name, login) = (&present.name, &present.login);
    if present.actor.office() == Office::Student {
        let (name, login) = (mask::name(name), mask::student_number(login));
        return format!("{} · {}", name.as_str(), login.as_str());
    }
    format!("{name} · {login}")
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
    let on = cx.known().present.as_ref().is_some_and(|p| p.second_factor);
    let must = cx.known().present.as_ref().is_some_and(|p| p.must_enrol);
    let must_notice = must.then(|| {
        view! {
            <Notice tone=Tone::Warning title=cx.pick("办公岗位须先启用动态口令", "Your post needs a second factor first")>
                {cx.pick("启用之前只能使用本页。", "Until then only this page can be used.")}
            </Notice>
        }
    });
    let codes = crate::cx::take_once(&cx.known(), "recovery").await;
    let once = codes.map(|value| factor::recovery(cx, &value));
    let begun = crate::cx::enrolment(&cx.known()).await;
    let begun = begun
        .map(|begun| factor::enrolling(cx, begun))
        .transpose()?;
    // Whoever is setting the factor up needs no second way to begin.
    let offered = (!student && begun.is_none()).then(|| factor::offered(cx, on));
    let who = cx.known().present.as_ref().map(signed_in);
    let account = actor.seat().account.to_string();
    let post_rows = (posts.len() > 1).then(|| post_switch(cx, &posts));
    let body = view! {
        {who.map(|who| view! { <p data-own=""><strong>{who}</strong></p> })}
        {must_notice}
        {once}
        {begun}
        {post_rows}
        {(!student).then(|| step_up(cx, on))}
        {offered}
        {password(cx, account)}
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

fn step_up(cx: Cx, on: bool) -> AnyView {
    view! {
        <Panel title=cx.pick("再次确认身份", "Confirm that it is you")>
            <p class="xj-muted">{cx.pick("查看完整信息、导出和撤销需要五分钟内输入过密码。", "Full values, exports and undo need the password within the last five minutes.")}</p>
            <PostForm action="/api/institution/step-up" tenant=cx.slug()>
                <PasswordInput name="password" label=cx.pick("密码", "Password") error=cx.error("password")/>
                {factor::beside_password(cx, on)}
                <FormActions><SubmitButton label=cx.pick("确认", "Confirm") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

/// The form names whose page it stands on: in another tab somebody else may have signed in meanwhile.
fn password(cx: Cx, account: String) -> AnyView {
    let hidden = vec![Hidden::new("account", account)];
    view! {
        <Panel title=cx.pick("更改密码", "Change the password")>
            <PostForm action="/api/institution/change-password" tenant=cx.slug() hidden=hidden>
                <PasswordInput name="old" label=cx.pick("现在的密码", "Present password") error=cx.error("old")/>
                <PasswordInput name="new" label=cx.pick("新密码", "New password") autocomplete="new-password" hint=password_hint(cx) error=cx.error("new")/>
                <FormActions><SubmitButton label=cx.pick("更改", "Change") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn session_list(cx: Cx, sessions: &[services::institution::account::OwnSession]) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("设备", "Device")).title(),
        Column::new(cx.pick("登录时间", "Signed in")),
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
            let device = session.device.label(cx.lang);
            let device = device.unwrap_or_else(|| cx.pick("没有识别的设备", "Device not recognised").to_owned());
            Row::new().cell(device).cell(say::moment(session.created_at)).cell(say::moment(session.seen_at)).cell(action)
        })
        .collect::<Vec<_>>();
    view! {
        <Panel title=cx.pick("登录中的设备", "Where you are signed in")>
            <DataTable caption=cx.pick("登录", "Sessions") columns=columns rows=rows/>
        </Panel>
    }
    .into_any()
}
