//! The operator's page: universities, sizes, health. No student data.

use super::say;
use crate::cx::Cx;
use crate::frame::{Page, language, left_behind, page};
use crate::session;
use leptos::prelude::*;
use ui::prelude::*;

/// The page, or the operator's sign-in.
#[component]
pub fn TenantsPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let body = match session::operator(&cx.known()).await {
        Ok(operator) => tenants(cx, operator.name()).await?,
        Err(_) => sign_in(cx),
    };
    Ok(view! {
        <PlainShell
            brand=cx.pick("学籍", "Xueji")
            skip=cx.pick("跳到正文", "Skip to content")
            title=cx.pick("平台运营", "Platform")
            lead=cx.pick("管理各校租户；这里没有任何学生数据。", "Universities on this platform; there are no student data here.")
            language=language(cx)
            measure=Measure::Wide
        >
            {left_behind(cx)}
            {body}
        </PlainShell>
    }
    .into_any())
}

fn sign_in(cx: Cx) -> AnyView {
    view! {
        <PostForm action="/api/operator/sign-in">
            <TextInput name="login" label=cx.pick("账号", "Login") required=true autocomplete="username" maxlength=40/>
            <PasswordInput name="password" label=cx.pick("密码", "Password")/>
            <FormActions><SubmitButton label=cx.pick("登录", "Sign in") wide=true/></FormActions>
        </PostForm>
        <Schools/>
    }
    .into_any()
}

/// Where the universities' own pages are: the names are public.
#[component]
fn Schools() -> impl IntoView {
    page(|cx: Cx| async move {
        let schools = cx.services().store().control().tenants().await?;
        let links = schools
            .into_iter()
            .filter(|(school, _)| school.state == "active")
            .map(|(school, _)| {
                let href = format!("/{}/sign-in", school.slug);
                view! { <li><a class="xj-link" href=href>{school.name}</a></li> }
            })
            .collect::<Vec<_>>();
        Ok(view! { <Panel title=cx.pick("学校入口", "Universities")><ul class="xj-list">{links}</ul></Panel> }.into_any())
    })
}

async fn tenants(cx: Cx, name: &str) -> Result<AnyView, services::ServiceError> {
    let services = cx.services();
    let store = services.store();
    let schools = store.control().tenants().await?;
    let (waiting, dead) = (
        store.control().tickets("waiting").await?,
        store.control().tickets("dead").await?,
    );
    let columns = vec![
        Column::new(cx.pick("学校", "University")).title(),
        Column::new(cx.pick("地址", "Address")),
        Column::new(cx.pick("学校代码", "Code")),
        Column::new(cx.pick("考生", "Candidates")).numeric(),
        Column::new(cx.pick("学生", "Students")).numeric(),
        Column::new(cx.pick("账号", "Accounts")).numeric(),
        Column::new(cx.pick("状态", "State")),
    ];
    let count = |n: i64| say::number(u64::try_from(n).unwrap_or_default());
    let rows = schools
        .into_iter()
        .map(|(school, stat)| {
            let (candidates, students, accounts) =
                stat.map_or((0, 0, 0), |s| (s.candidates, s.students, s.accounts));
            Row::new()
                .cell(school.name)
                .cell(format!("/{}", school.slug))
                .cell(school.school_code)
                .cell(count(candidates))
                .cell(count(students))
                .cell(count(accounts))
                .cell(say::word_chip(
                    if school.state == "active" {
                        cx.pick("使用中", "Active").to_owned()
                    } else {
                        school.state
                    },
                    domain::text::Tone::Success,
                ))
        })
        .collect::<Vec<_>>();
    let health =
        vec![
            Figure::new(
                cx.pick("数据库", "Database"),
                if store.ping().await.is_ok() {
                    cx.pick("正常", "Up")
                } else {
                    cx.pick("无法连接", "Down")
                },
            ),
            Figure::new(cx.pick("等待的任务", "Jobs waiting"), say::number(waiting)),
            Figure::new(cx.pick("搁置的任务", "Jobs put aside"), say::number(dead))
                .tone(if dead > 0 { Tone::Error } else { Tone::Neutral }),
        ];
    let name = name.to_owned();
    Ok(view! {
        <p class="xj-muted">{name}</p>
        <Figures label=cx.pick("运行状况", "Health") items=health/>
        <DataTable caption=cx.pick("学校", "Universities") columns=columns rows=rows/>
        <Panel title=cx.pick("开通一所学校", "Add a university")>
            <PostForm action="/api/operator/create-tenant">
                <FieldRow>
                    <TextInput name="slug" label=cx.pick("地址（小写字母）", "Address (lower-case letters)") required=true maxlength=20/>
                    <TextInput name="school_code" label=cx.pick("学校国标代码", "National code") typed=Typed::Digits required=true maxlength=5/>
                    <TextInput name="name" label=cx.pick("校名", "Name") required=true maxlength=60/>
                    <TextInput name="province" label=cx.pick("省级代码", "Province code") typed=Typed::Digits required=true maxlength=2/>
                </FieldRow>
                <FormActions><SubmitButton label=cx.pick("开通", "Add")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any())
}
