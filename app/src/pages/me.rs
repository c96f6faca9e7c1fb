//! 我的学籍: the student's own page on a phone, and who looked at it.

use super::say;
use crate::cx::Cx;
use crate::frame::{Page, badge, language, left_behind, page};
use crate::islands::student::CopyPhone;
use chrono::NaiveDate;
use domain::text::Lang;
use domain::view::own::{MyRecordView, OwnFact};
use domain::view::student::{NextStep, Planned, Progress, Stage, StageView, Turn, Until};
use leptos::prelude::*;
use ui::prelude::*;

/// The student's own record.
#[component]
pub fn MyRecordPage() -> impl IntoView {
    page(record)
}

/// Who looked at me.
#[component]
pub fn MyAccessPage() -> impl IntoView {
    page(access)
}

fn school(cx: Cx) -> String {
    cx.school()
}

async fn record(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let view = cx
        .services()
        .run(|services| async move { services.my_record(&actor).await })
        .await?;
    let heading = match cx.lang {
        Lang::Zh => format!("{}，你好", view.name),
        Lang::En => format!("Hello, {}", view.name),
    };
    let bottom = view.next.as_ref().and_then(|next| bottom(cx, &view, next));
    let next = view
        .next
        .as_ref()
        .map_or_else(|| nothing_to_do(cx), |next| top_card(cx, &view, next));
    let steps = view
        .stages
        .iter()
        .map(|stage| stage_step(cx, stage))
        .collect::<Vec<_>>();
    Ok(view! {
        <PhoneShell
            school=school(cx)
            badge=badge(cx)
            home=cx.href("me")
            title=cx.pick("我的学籍", "My registration")
            skip=cx.pick("跳到正文", "Skip to content")
            heading=heading
            subline=subline(cx, &view)
            language=language(cx)
            raised=true
            bottom=bottom
            footer=footer(cx, &view)
        >
            {left_behind(cx)}
            {next}
            <ProgressSteps title=cx.pick("学籍注册进度", "Registration, step by step") steps=steps/>
            {states(cx, &view)}
            {facts(cx, &view)}
        </PhoneShell>
    }
    .into_any())
}

/// The parts of the line under the name: a narrow phone breaks it between them, never within one.
fn subline(cx: Cx, view: &MyRecordView) -> Vec<String> {
    let year = match cx.lang {
        Lang::Zh => format!("{}\u{a0}级", view.year),
        Lang::En => format!("Cohort\u{a0}{}", view.year),
    };
    let number = view
        .student_no
        .as_ref()
        .map(|n| format!("{}\u{a0}{n}", cx.pick("学号", "No.")));
    [Some(year), view.major.clone(), view.class.clone(), number]
        .into_iter()
        .flatten()
        .collect()
}

fn top_card(cx: Cx, view: &MyRecordView, next: &NextStep) -> AnyView {
    match next.turn {
        Turn::Act(until) => now_card(cx, view, next, until),
        Turn::Coming(planned) => coming_card(cx, next, planned),
        Turn::Ask => ask_card(cx, view, next),
    }
}

fn days_to(cx: Cx, day: NaiveDate) -> i64 {
    (day - domain::calendar::local_date(cx.services().now())).num_days()
}

fn now_card(cx: Cx, view: &MyRecordView, next: &NextStep, until: Until) -> AnyView {
    let day = until.day();
    let left = day.map(|day| say::remaining(cx, days_to(cx, day)));
    let eyebrow = match &left {
        Some(left) => format!("{} · {left}", cx.pick("现在要做", "To do now")),
        None => cx.pick("现在要做", "To do now").to_owned(),
    };
    let iso = day.map(|day| day.to_string());
    view! {
        <NowCard
            eyebrow=eyebrow
            title=say::pair(cx, &next.title)
            text=say::pair(cx, &next.text)
            deadline_label=cx.pick("截止", "By")
            deadline=until_when(cx, view, next, until)
            deadline_iso=iso
        />
    }
    .into_any()
}

/// Nothing has to be done today: the nearest day to keep.
fn coming_card(cx: Cx, next: &NextStep, planned: Planned) -> AnyView {
    let day = planned.day();
    let left = match (planned, days_to(cx, day)) {
        (Planned::On(_), 0) => cx.pick("就在今天", "today").to_owned(),
        (Planned::On(_) | Planned::Until(_), days) => say::remaining(cx, days),
    };
    view! {
        <NowCard
            tone=Tone::Info
            eyebrow=format!("{} · {left}", cx.pick("接下来", "Coming up"))
            title=say::pair(cx, &next.title)
            text=say::pair(cx, &next.text)
            deadline_label=day_label(cx, planned)
            deadline=say::date(cx, day)
            deadline_iso=day.to_string()
        />
    }
    .into_any()
}

/// An office has it in hand, or it is over: what happened, and whom to ask.
fn ask_card(cx: Cx, view: &MyRecordView, next: &NextStep) -> AnyView {
    let stage = stage_of(view, next);
    let stopped = stage.is_some_and(|stage| stage.progress == Progress::Stopped);
    let tone = if stopped { Tone::Error } else { Tone::Neutral };
    let action = stage.map(|stage| {
        let office = say::pair(cx, &stage.office_name);
        let office = format!("{}{office}", cx.pick("如有疑问，请联系", "Questions: "));
        view! { <Contact office=office phone=stage.phone.clone()/> }.into_any()
    });
    view! {
        <NowCard
            tone=tone
            eyebrow=cx.pick("请留意", "Please note")
            title=say::pair(cx, &next.title)
            text=say::pair(cx, &next.text)
            action=action
        />
    }
    .into_any()
}

fn stage_of<'a>(view: &'a MyRecordView, next: &NextStep) -> Option<&'a StageView> {
    view.stages.iter().find(|stage| stage.stage == next.stage)
}

/// The day with its weekday; where there is none, why, and whom to ask.
fn until_when(cx: Cx, view: &MyRecordView, next: &NextStep, until: Until) -> String {
    let why = match until {
        Until::Day(day) => return say::date(cx, day),
        Until::Unset => cx.pick(
            "学校没有在本系统设定日期",
            "the university has set no day in this system",
        ),
        Until::Notice => cx.pick("请以学院通知为准", "see your college's notice"),
    };
    let Some(stage) = stage_of(view, next) else {
        return why.to_owned();
    };
    let office = say::pair(cx, &stage.office_name);
    let phone = stage.phone.as_deref();
    match (cx.lang, phone) {
        (Lang::Zh, Some(phone)) => format!("{why}，请询问{office}（{phone}）"),
        (Lang::Zh, None) => format!("{why}，请询问{office}"),
        (Lang::En, Some(phone)) => format!("{why}; ask {office} ({phone})"),
        (Lang::En, None) => format!("{why}; ask {office}"),
    }
}

fn nothing_to_do(cx: Cx) -> AnyView {
    view! {
        <NowCard
            tone=Tone::Success
            eyebrow=cx.pick("现在", "Now")
            title=cx.pick("没有需要你办理的事", "There is nothing for you to do")
            text=cx.pick("进度有变化时，这里会告诉你下一步做什么；学校设定了截止日期的，一并写明。", "When something changes, this is where the next step appears, with its date where the university has set one.")
        />
    }
    .into_any()
}

/// The way from the card to its stage, where that says more: in other words, or whom to call.
fn bottom(cx: Cx, view: &MyRecordView, next: &NextStep) -> Option<AnyView> {
    let Turn::Act(until) = next.turn else {
        return None;
    };
    let stage = stage_of(view, next)?;
    let says_whom = stage.phone.is_some() && until.day().is_some();
    let says_more = says_whom || stage.explanation != next.text;
    says_more.then(|| {
        let label = cx.pick("查看怎么办理", "See how to do it");
        let href = format!("#{}", place(next.stage));
        view! { <LinkButton label=label href=href wide=true/> }.into_any()
    })
}

/// The id of a stage on the page.
fn place(stage: Stage) -> String {
    format!("stage-{}", stage as u8)
}

fn stage_step(cx: Cx, stage: &StageView) -> Step {
    let reached = match stage.progress {
        Progress::Done => StepState::Done,
        Progress::Current | Progress::Yours => StepState::Current,
        Progress::Ahead | Progress::Unrecorded | Progress::Lapsed => StepState::Waiting,
        Progress::Stopped => StepState::Failed,
    };
    let word = if stage.progress == Progress::Yours {
        cx.pick("待你完成", "Yours to do").to_owned()
    } else {
        say::pair(cx, &stage.state)
    };
    // Beside what is to be done, the day of the state would read like a deadline.
    let dated = stage.date.filter(|_| stage.progress != Progress::Yours);
    let aside = match dated {
        Some(date) => format!("{word} · {}", say::short_date(cx, date)),
        None => word.clone(),
    };
    let step = Step::new(reached, word, say::label(cx, &stage.stage))
        .id(place(stage.stage))
        .aside(aside);
    let text = say::pair(cx, &stage.explanation);
    if text.is_empty() {
        return step;
    }
    let (office, phone) = (say::pair(cx, &stage.office_name), stage.phone.clone());
    let planned = stage.planned;
    step.text(view! { <span>{text}</span> })
        .day(planned.map(|planned| planned_day(cx, stage.stage, planned)))
        .contact(view! { <Contact office=office phone=phone/> })
}

/// The day of a stage that waits, with its weekday; the last day of the school's own work is said to be that.
fn planned_day(cx: Cx, stage: Stage, planned: Planned) -> String {
    let day = say::date(cx, planned.day());
    let label = if stage.is_the_students() {
        day_label(cx, planned)
    } else {
        cx.pick("学校完成期限", "To be completed by the university by")
    };
    match cx.lang {
        Lang::Zh => format!("{label}：{day}"),
        Lang::En => format!("{label} {day}"),
    }
}

const fn day_label(cx: Cx, planned: Planned) -> &'static str {
    match planned {
        Planned::On(_) => cx.pick("日期", "On"),
        Planned::Until(_) => cx.pick("截止", "By"),
    }
}

fn states(cx: Cx, view: &MyRecordView) -> AnyView {
    let lines: Vec<_> = view
        .chips
        .iter()
        .map(|chip| {
            let (shown, text) = (say::chip(cx, chip), say::pair(cx, &chip.explanation));
            view! { <li><div>{shown}</div><p class="xj-muted">{text}</p></li> }
        })
        .collect();
    view! {
        <RecordSection title=cx.pick("我的状态", "My states")>
            <ul class="xj-stack">{lines}</ul>
        </RecordSection>
    }
    .into_any()
}

fn facts(cx: Cx, view: &MyRecordView) -> AnyView {
    let facts: Vec<Fact> = view.facts.iter().map(|fact| own_fact(cx, fact)).collect();
    let source = say::pair(cx, &view.source);
    view! {
        <RecordSection title=cx.pick("身份信息", "Identity") facts=facts>
            <p class="xj-muted">{source}</p>
        </RecordSection>
    }
    .into_any()
}

fn own_fact(cx: Cx, fact: &OwnFact) -> Fact {
    Fact::new(say::pair(cx, &fact.label), say::pair(cx, &fact.value))
}

fn footer(cx: Cx, view: &MyRecordView) -> AnyView {
    let contacts: Vec<_> = view
        .explained_by
        .iter()
        .map(|office| {
            let (name, phone) = (say::pair(cx, &office.name), office.phone.clone());
            let copy = phone.clone().map(|phone| {
                let (label, done) = (
                    cx.pick("复制号码", "Copy").to_owned(),
                    cx.pick("已复制", "Copied").to_owned(),
                );
                view! { <CopyPhone phone=phone label=label done=done/> }
            });
            view! { <div class="xj-helper"><Contact office=name phone=phone/> {copy}</div> }
        })
        .collect();
    let (access, account) = (cx.href("me/access"), cx.href("account"));
    view! {
        <nav class="xj-row" aria-label=cx.pick("更多", "More")>
            <a class="xj-link" href=access>{cx.pick("谁看过我的信息", "Who looked at me")}</a>
            <a class="xj-link" href=account>{cx.pick("账号", "Account")}</a>
            <PostForm action="/api/institution/sign-out" tenant=cx.slug()>
                <SubmitButton label=cx.pick("退出", "Sign out") weight=Weight::Link/>
            </PostForm>
        </nav>
        <p class="xj-muted">{cx.pick("本办法由教务处、学生处负责解释。", "Academic Affairs and Student Affairs explain the regulation.")}</p>
        {contacts}
    }
    .into_any()
}

async fn access(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let lines = cx
        .services()
        .run(|services| async move { services.my_access(&actor).await })
        .await?;
    let columns = vec![
        Column::new(cx.pick("时间", "When")).title().nowrap(),
        Column::new(cx.pick("部门", "Office")),
        Column::new(cx.pick("人员", "Person")),
        Column::new(cx.pick("方式", "How")),
        Column::new(cx.pick("内容", "What")),
        Column::new(cx.pick("理由", "Reason")),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let fields = line
                .fields
                .iter()
                .map(|f| say::pair(cx, f))
                .collect::<Vec<_>>()
                .join(cx.pick("、", ", "));
            Row::new()
                .cell(say::time(line.at))
                .cell(say::pair(cx, &line.office))
                .cell(line.person.clone())
                .cell(say::pair(cx, &line.kind))
                .cell(fields)
                .cell(if line.reason.is_empty() {
                    "—".to_owned()
                } else {
                    line.reason.clone()
                })
        })
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有人看过", "Nobody has looked")
            text=cx.pick("各部门在名单中看到你、打开你的学籍信息、查看完整号码、按证件号码查询、打印激活单、导出和下载，都会在这里留下记录。", "Every list that shows you, every look at your record or at a full number, every search by document number, printed slip, export and download leaves a line here.")
        />
    };
    Ok(view! {
        <PhoneShell
            school=school(cx)
            badge=badge(cx)
            home=cx.href("me")
            title=cx.pick("谁看过我的信息", "Who looked at me")
            skip=cx.pick("跳到正文", "Skip to content")
            back=Crumb::new(cx.pick("我的学籍", "My registration"), cx.href("me"))
            language=language(cx)
        >
            <p class="xj-muted">{cx.pick("最近 500 条，最新的在前。你本人的查看不计入。", "The last 500, newest first. Your own looks are not counted.")}</p>
            <DataTable caption=cx.pick("查看记录", "Accesses") columns=columns rows=rows empty=empty/>
        </PhoneShell>
    }
    .into_any())
}
