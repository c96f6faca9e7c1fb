//! The first page, and the operator's: universities, sizes, health. No student data.

mod account;

pub use account::OperatorAccountPage;

use super::{factor, say};
use crate::cx::Cx;
use crate::frame::{Page, language, left_behind, page};
use crate::session::{self, FirstLogin};
use domain::codes::School;
use domain::institution::OperatorAct;
use domain::text::{Lang, size};
use leptos::prelude::*;
use services::Health;
use services::institution::operator::{Operator, OperatorEvent, OperatorTotal};
use services::institution::tenant::{TenantLine, TenantSizes};
use ui::prelude::*;

/// The page, or the operator's sign-in.
#[component]
pub fn TenantsPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let known = cx.known();
    let (body, left) = match session::operator(&known).await {
        Ok(operator) => (tenants(cx, &operator).await?, left(cx)),
        Err(services::ServiceError::Refused(_)) => (sign_in(cx).await, Some(left_behind(cx))),
        Err(error) => return Err(error),
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
            {left}
            {body}
        </PlainShell>
    }
    .into_any())
}

/// What an operation left in the address. The pages have the password form themselves: it is shown where it is needed,
/// not explained.
fn left(cx: Cx) -> Option<AnyView> {
    let asked = cx.query("refused").as_deref() == Some("step_up");
    (!asked).then(|| left_behind(cx))
}

/// The password, or the second factor that a sign-in waits for.
async fn sign_in(cx: Cx) -> AnyView {
    let waits = session::waiting_operator(&cx.known()).await.is_some();
    if waits && cx.query("step").as_deref() == Some("code") {
        return factor::asked(cx);
    }
    view! {
        <PostForm action="/api/operator/sign-in">
            <TextInput name="login" label=cx.pick("账号", "Login") required=true autocomplete="username" maxlength=40/>
            <PasswordInput name="password" label=cx.pick("密码", "Password")/>
            <FormActions><SubmitButton label=cx.pick("登录", "Sign in") wide=true/></FormActions>
        </PostForm>
        {demo(cx)}
    }
    .into_any()
}

fn demo(cx: Cx) -> Option<AnyView> {
    cx.known().demo.then(|| {
        view! {
            <Notice tone=Tone::Info title=cx.pick("这是演示系统", "This is a demonstration")>
                {cx.pick(
                    "演示中运维人员不要求动态口令；正式使用时必须启用。账号印在启动窗口里。",
                    "Here operators need no second factor; in earnest they do. The login is printed where the service was started.",
                )}
            </Notice>
        }
        .into_any()
    })
}

/// Who works here, and the ways to the other page and out.
fn identity(cx: Cx, operator: &Operator, (href, label): (&'static str, &'static str)) -> AnyView {
    let name = operator.name().to_owned();
    view! {
        <div class="xj-row">
            <span class="xj-muted">{name}</span>
            <a class="xj-link" href=href>{label}</a>
            <PostForm action="/api/operator/sign-out">
                <SubmitButton label=cx.pick("退出", "Sign out") weight=Weight::Link/>
            </PostForm>
        </div>
    }
    .into_any()
}

/// The first page of the service: the universities on it, whose names are public.
#[component]
pub fn EntrancePage() -> impl IntoView {
    page(entrance)
}

async fn entrance(cx: Cx) -> Page {
    let schools = cx.services().entrances().await?;
    let links = schools
        .into_iter()
        .map(|school| {
            let href = format!("/{}/sign-in", school.slug);
            view! { <li><a class="xj-choice-link" href=href><span>{school.name}</span> <span class="xj-muted">{cx.pick("进入", "Enter")}</span></a></li> }
        })
        .collect::<Vec<_>>();
    let none = links.is_empty().then(|| {
        view! { <p class="xj-muted">{cx.pick("还没有开通的学校。", "There is no university yet.")}</p> }
    });
    Ok(view! {
        <PlainShell
            brand=cx.pick("学籍", "Xueji")
            skip=cx.pick("跳到正文", "Skip to content")
            title=cx.pick("请选择你的学校", "Choose your university")
            lead=cx.pick("本科学生学籍学历电子注册。学生、教职工都从本校入口登录。", "Electronic registration of undergraduates. Students and staff sign in at their own university.")
            language=language(cx)
            footer=view! { <a class="xj-link" href="/operator/tenants">{cx.pick("平台运营入口", "For the operator of this service")}</a> }
        >
            {(!links.is_empty()).then(|| view! { <ul class="xj-ways">{links}</ul> })}
            {none}
        </PlainShell>
    }
    .into_any())
}

async fn tenants(cx: Cx, operator: &Operator) -> Result<AnyView, services::ServiceError> {
    let services = cx.services();
    let schools = services.tenant_list(operator).await?;
    let events = services.operator_events(operator).await?;
    let totals = services.operator_totals(operator).await?;
    let first = session::take_first_login(&cx.known()).await;
    let fresh = operator.stepped_up(services.now());
    let own = ("/operator/account", cx.pick("账号", "Account"));
    let again = || step_up(cx, operator.second_factor(), asked(cx), Vec::new());
    Ok(view! {
        {identity(cx, operator, own)}
        {first.map(|first| first_login(cx, first, &schools))}
        {health(cx, operator).await?}
        {school_table(cx, &schools)}
        {if fresh { changes(cx, &schools) } else { again() }}
        {total_table(cx, &totals)}
        {event_table(cx, events)}
    }
    .into_any())
}

/// Why the password is asked for: before anything is changed, or for what was just sent.
fn asked(cx: Cx) -> &'static str {
    if cx.query("refused").as_deref() == Some("step_up") {
        cx.pick(
            "请再次输入密码，然后再办理；已填写的内容保留着",
            "Give your password again and go on; what you filled in is kept",
        )
    } else {
        cx.pick(
            "开通或停用学校前，请再次输入密码",
            "Give your password again before you add or suspend a university",
        )
    }
}

/// Login and password of a new university's administrator, this once, and where to sign in.
fn first_login(cx: Cx, first: FirstLogin, schools: &[TenantLine]) -> AnyView {
    let FirstLogin {
        slug,
        login,
        password,
    } = first;
    let school = schools.iter().find(|school| school.slug == slug);
    let look = school.map(|school| [listed_otherwise(cx, school), shared(cx, school, schools)]);
    let look: Vec<String> = look.into_iter().flatten().flatten().collect();
    let entrance = format!("/{slug}/sign-in");
    let address = format!("{}{entrance}", cx.known().public_url);
    view! {
        <Notice
            tone=Tone::Success
            title=cx.pick("学校已开通。请把管理员账号与初始密码当面交给本人，只显示这一次", "The university is open. Hand login and first password to the administrator in person: they are shown once")
            announce=true
        >
            <p>{cx.pick("登录地址：", "Sign in at ")} <a class="xj-link" href=entrance>{address}</a></p>
            <Copyable label=cx.pick("账号", "Login") value=login/>
            <Copyable label=cx.pick("初始密码", "First password") value=password/>
            <p>{cx.pick("首次登录须启用动态口令，并请立即修改密码。", "The first sign-in asks for a second factor; the password should be changed at once.")}</p>
            {look.into_iter().map(|look| view! { <p>{look}</p> }).collect_view()}
        </Notice>
    }
    .into_any()
}

/// A code that the national list knows under another name may be mistyped, or the school was renamed since: the operator
/// looks again, and nothing is refused.
fn listed_otherwise(cx: Cx, school: &TenantLine) -> Option<String> {
    let listed = School::from_code(&school.school_code)?;
    let (day, code, name) = (listed.as_of, listed.code, listed.name);
    (name != school.name).then(|| match cx.lang {
        Lang::Zh => format!("请核对：在 {day} 的国家院校名单中，代码 {code} 是{name}。"),
        Lang::En => {
            format!("Look again: in the national list of {day} the code {code} is that of {name}.")
        }
    })
}

/// A university beside another one of the same code may be a rehearsal, or opened twice by mistake.
fn shared(cx: Cx, school: &TenantLine, schools: &[TenantLine]) -> Option<String> {
    let code = &school.school_code;
    let mut all = schools.iter().filter(|other| other.slug != school.slug);
    let other = all.find(|other| other.school_code == *code)?;
    let (name, slug) = (&other.name, &other.slug);
    Some(match cx.lang {
        Lang::Zh => {
            format!("请核对：已有学校使用代码 {code}：{name}（/{slug}）。用于演练的可以相同。")
        }
        Lang::En => {
            format!(
                "Look again: {name} (/{slug}) has the code {code} too. For a rehearsal they may be the same."
            )
        }
    })
}

async fn health(cx: Cx, by: &Operator) -> Result<AnyView, services::ServiceError> {
    let Health {
        database,
        waiting,
        dead,
    } = cx.services().health(by).await?;
    let database = if database {
        cx.pick("正常", "Up")
    } else {
        cx.pick("无法连接", "Down")
    };
    let items =
        vec![
            Figure::new(cx.pick("数据库", "Database"), database),
            Figure::new(cx.pick("等待的任务", "Jobs waiting"), say::number(waiting)),
            Figure::new(cx.pick("搁置的任务", "Jobs put aside"), say::number(dead))
                .tone(if dead > 0 { Tone::Error } else { Tone::Neutral }),
        ];
    Ok(view! { <Figures label=cx.pick("运行状况", "Health") items=items/> }.into_any())
}

fn school_table(cx: Cx, schools: &[TenantLine]) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("学校", "University")).title(),
        Column::new(cx.pick("地址", "Address")),
        Column::new(cx.pick("学校代码", "Code")),
        Column::new(cx.pick("考生", "Candidates")).numeric(),
        Column::new(cx.pick("学生", "Students")).numeric(),
        Column::new(cx.pick("账号", "Accounts")).numeric(),
        Column::new(cx.pick("文件", "Files")).numeric(),
        Column::new(cx.pick("统计于", "Counted at")),
        Column::new(cx.pick("状态", "State")),
    ];
    let amount = |n: i64| u64::try_from(n).unwrap_or_default();
    let rows = schools
        .iter()
        .map(|school| {
            let sizes = school.sizes;
            let told = |text: &dyn Fn(&TenantSizes) -> String| {
                sizes.as_ref().map_or_else(|| "—".to_owned(), text)
            };
            let number = |of: fn(&TenantSizes) -> i64| told(&|s| say::number(amount(of(s))));
            let (word, tone) = if school.active {
                (cx.pick("使用中", "Active"), domain::text::Tone::Success)
            } else {
                (cx.pick("已停用", "Suspended"), domain::text::Tone::Warning)
            };
            Row::new()
                .cell(school.name.clone())
                .cell(format!("/{}", school.slug))
                .cell(school.school_code.clone())
                .cell(number(|s| s.candidates))
                .cell(number(|s| s.students))
                .cell(number(|s| s.accounts))
                .cell(told(&|s| size(cx.lang, amount(s.file_bytes))))
                .text(sizes.map(|s| say::moment(s.counted_at)))
                .cell(say::word_chip(word.to_owned(), tone))
        })
        .collect::<Vec<_>>();
    let title = cx.pick("学校", "Universities");
    view! { <Panel title=title><DataTable caption=title columns=columns rows=rows/></Panel> }
        .into_any()
}

/// The password again, where the last time is more than five minutes ago.
fn step_up(cx: Cx, on: bool, title: &'static str, hidden: Vec<Hidden>) -> AnyView {
    view! {
        <Panel title=title>
            <PostForm action="/api/operator/step-up" hidden=hidden>
                <PasswordInput name="password" label=cx.pick("密码", "Password")/>
                {factor::beside_password(cx, on)}
                <FormActions><SubmitButton label=cx.pick("确认（五分钟内有效）", "Confirm (for five minutes)")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn changes(cx: Cx, schools: &[TenantLine]) -> AnyView {
    view! {
        {opening(cx)}
        {switch(cx, schools, true)}
        {switch(cx, schools, false)}
    }
    .into_any()
}

/// The form of a new university, as it was left when it was refused.
fn opening(cx: Cx) -> AnyView {
    let form = cx.form("operator/create-tenant");
    let input = |name: &'static str, label: &'static str, typed: Typed, most: u32| {
        let (value, error) = (form.value(name, ""), form.error(name));
        view! { <TextInput name=name label=label typed=typed value=value error=error required=true maxlength=most/> }
    };
    let name = input("name", cx.pick("校名", "Name"), Typed::Words, 60);
    let slug = cx.pick("地址（小写字母）", "Address (lower-case letters)");
    let slug = input("slug", slug, Typed::Words, 20);
    let code = cx.pick("学校国标代码", "National code");
    let code = input("school_code", code, Typed::Digits, 5);
    let chosen = form.value("province", "");
    let mut choices = vec![Choice::new("", cx.pick("请选择", "Choose"))];
    choices.extend(say::provinces(cx, &chosen));
    let label = cx.pick("省份", "Province");
    let error = form.error("province");
    let province = view! { <SelectInput name="province" label=label choices=choices error=error required=true/> };
    let login = cx.pick(
        "首个管理员的工号",
        "Staff number of the first administrator",
    );
    let login = input("admin_login", login, Typed::Words, 32);
    let admin = cx.pick("首个管理员的姓名", "Name of the first administrator");
    let admin = input("admin_name", admin, Typed::Words, 60);
    view! {
        <Panel title=cx.pick("开通一所学校", "Add a university")>
            <PostForm action="/api/operator/create-tenant">
                <FieldRow>{name} {slug}</FieldRow>
                <FieldRow>{code} {province}</FieldRow>
                <FieldRow>{login} {admin}</FieldRow>
                <FormActions><SubmitButton label=cx.pick("开通", "Add")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

/// Suspends one of the universities that work, or resumes one of those that do not.
fn switch(cx: Cx, schools: &[TenantLine], active: bool) -> Option<AnyView> {
    let (id, title, note, op, verb) = if active {
        (
            "suspend-slug",
            cx.pick("停用一所学校", "Suspend a university"),
            cx.pick(
                "停用后该校所有人立即退出，任务停在原处，数据不变。",
                "Its people are signed out at once and its jobs wait; no data change.",
            ),
            "operator/suspend-tenant",
            cx.pick("停用", "Suspend"),
        )
    } else {
        (
            "resume-slug",
            cx.pick("恢复一所学校", "Resume a university"),
            cx.pick(
                "恢复后该校人员可以重新登录，任务继续。",
                "Its people may sign in again and its jobs go on.",
            ),
            "operator/resume-tenant",
            cx.pick("恢复", "Resume"),
        )
    };
    let form = cx.form(op);
    let mut here = schools
        .iter()
        .filter(|school| school.active == active)
        .peekable();
    here.peek()?;
    // None is chosen before the operator chooses one.
    let mut choices = vec![Choice::new("", cx.pick("请选择", "Choose"))];
    choices.extend(here.map(|school| {
        let chosen = form.typed("slug") == Some(school.slug.as_str());
        Choice::new(school.slug.clone(), school.name.clone()).checked(chosen)
    }));
    let error = form.error("slug");
    let sure = active.then(|| {
        let label = cx.pick(
            "确认停用所选学校，该校所有人将立即退出",
            "Suspend this university: all its people are signed out at once",
        );
        let error = form.error("confirmed");
        view! { <Checkbox name="confirmed" label=label error=error required=true/> }
    });
    let action = format!("/api/{op}");
    Some(
        view! {
            <Panel title=title>
                <p class="xj-muted">{note}</p>
                <PostForm action=action>
                    <SelectInput name="slug" id=id label=cx.pick("学校", "University") choices=choices error=error required=true/>
                    {sure}
                    <FormActions><SubmitButton label=verb weight=Weight::Secondary/></FormActions>
                </PostForm>
            </Panel>
        }
        .into_any(),
    )
}

/// How often strangers were refused; nothing where nobody was.
fn total_table(cx: Cx, totals: &[OperatorTotal]) -> Option<AnyView> {
    if totals.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(cx.pick("被拒绝与攻击", "Refusals and attacks")).title(),
        Column::new(cx.pick("24 小时", "24 hours")).numeric(),
        Column::new(cx.pick("7 天", "7 days")).numeric(),
    ];
    let rows = totals
        .iter()
        .map(|total| {
            Row::new()
                .cell(say::label(cx, &total.act))
                .cell(total.day.to_string())
                .cell(total.week.to_string())
        })
        .collect::<Vec<_>>();
    let caption = cx.pick("平台入口的拒绝与攻击", "Refusals at the platform's door");
    Some(view! { <DataTable caption=caption columns=columns rows=rows/> }.into_any())
}

/// Who it was, where no operator is named.
const fn nobody(cx: Cx, act: OperatorAct) -> &'static str {
    match act {
        OperatorAct::BackedUp => cx.pick("命令行", "Command line"),
        OperatorAct::CrossSite => "—",
        OperatorAct::SignedIn
        | OperatorAct::SecondFactor
        | OperatorAct::SignedOut
        | OperatorAct::SteppedUp
        | OperatorAct::Enrolled
        | OperatorAct::Confirmed
        | OperatorAct::FactorReset
        | OperatorAct::PasswordReset
        | OperatorAct::Refused
        | OperatorAct::FactorRefused
        | OperatorAct::Locked => cx.pick("未知账号", "Unknown login"),
    }
}

fn event_table(cx: Cx, events: Vec<OperatorEvent>) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("时间", "Time")),
        Column::new(cx.pick("事项", "What")).title(),
        Column::new(cx.pick("运维人员", "Operator")),
        Column::new(cx.pick("来源网络", "Network")),
    ];
    let rows = events
        .into_iter()
        .map(|event| {
            let unknown = nobody(cx, event.act).to_owned();
            Row::new()
                .cell(say::moment(event.at))
                .cell(say::label(cx, &event.act))
                .cell(event.name.unwrap_or(unknown))
                .cell(event.origin)
        })
        .collect::<Vec<_>>();
    let title = cx.pick("最近的登录与退出", "Recent sign-ins");
    view! { <Panel title=title><DataTable caption=title columns=columns rows=rows/></Panel> }
        .into_any()
}
