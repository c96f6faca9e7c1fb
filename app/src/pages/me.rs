//! 我的学籍: the student's own page on a phone, and who looked at it.

use super::say;
use crate::cx::Cx;
use crate::frame::{Page, badge, language, left_behind, page};
use crate::islands::student::CopyPhone;
use domain::text::Lang;
use domain::view::own::{MyRecordView, OwnFact};
use domain::view::student::{NextStep, Planned, Progress, StageView, Until};
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
    let bottom = view.next.as_ref().map(|next| bottom(cx, next));
    let next = view
        .next
        .as_ref()
        .map_or_else(|| nothing_to_do(cx), |next| now_card(cx, &view, next));
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

fn subline(cx: Cx, view: &MyRecordView) -> String {
    let year = match cx.lang {
        Lang::Zh => format!("{}\u{a0}级", view.year),
        Lang::En => format!("Cohort\u{a0}{}", view.year),
    };
    // A narrow phone breaks the line between the parts, never within one, and no dot is left at the end of a line.
    let number = view
        .student_no
        .as_ref()
        .map(|n| format!("{}\u{a0}{n}", cx.pick("学号", "No.")));
    [Some(year), view.major.clone(), view.class.clone(), number]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ·\u{a0}")
}

fn now_card(cx: Cx, view: &MyRecordView, next: &NextStep) -> AnyView {
    let today = domain::calendar::local_date(cx.services().now());
    let until = next.until.day();
    let left = until.map(|until| say::remaining(cx, (until - today).num_days()));
    let eyebrow = match &left {
        Some(left) => format!("{} · {left}", cx.pick("现在要做", "To do now")),
        None => cx.pick("现在要做", "To do now").to_owned(),
    };
    let iso = until.map(|until| until.to_string());
    view! {
        <NowCard
            eyebrow=eyebrow
            title=say::pair(cx, &next.title)
            text=say::pair(cx, &next.text)
            deadline_label=cx.pick("截止", "By")
            deadline=until_when(cx, view, next)
            deadline_iso=iso
        />
    }
    .into_any()
}

/// The day with its weekday; where there is none, why, and whom to ask.
fn until_when(cx: Cx, view: &MyRecordView, next: &NextStep) -> String {
    let why = match next.until {
        Until::Day(day) => return say::date(cx, day),
        Until::Unset => cx.pick(
            "学校没有在本系统设定日期",
            "the university has set no day in this system",
        ),
        Until::Notice => cx.pick("请以学院通知为准", "see your college's notice"),
    };
    let stage = view.stages.iter().find(|stage| stage.stage == next.stage);
    let Some(stage) = stage else {
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

fn bottom(cx: Cx, next: &NextStep) -> AnyView {
    let label = cx.pick("查看怎么办理", "See how to do it");
    let href = format!("#stage-{}", next.stage as u8);
    view! { <LinkButton label=label href=href wide=true/> }.into_any()
}

fn stage_step(cx: Cx, stage: &StageView) -> Step {
    let reached = match stage.progress {
        Progress::Done => StepState::Done,
        Progress::Current | Progress::Yours => StepState::Current,
        Progress::Ahead | Progress::Unrecorded => StepState::Waiting,
        Progress::Stopped => StepState::Failed,
    };
    let word = if stage.progress == Progress::Yours {
        cx.pick("待你完成", "Yours to do").to_owned()
    } else {
        say::pair(cx, &stage.state)
    };
    let aside = match stage.date {
        Some(date) => format!("{word} · {}", say::short_date(cx, date)),
        None => word.clone(),
    };
    let (office, phone) = (say::pair(cx, &stage.office_name), stage.phone.clone());
    let id = format!("stage-{}", stage.stage as u8);
    let text = say::pair(cx, &stage.explanation);
    let planned = stage.planned.map(|planned| planned_day(cx, planned));
    Step::new(reached, word, say::label(cx, &stage.stage))
        .aside(aside)
        .text(view! { <span id=id>{text}</span> })
        .day(planned)
        .contact(view! { <Contact office=office phone=phone/> })
}

/// The day of a stage that waits, with its weekday.
fn planned_day(cx: Cx, planned: Planned) -> String {
    let day = say::date(cx, planned.day());
    match (planned, cx.lang) {
        (Planned::On(_), Lang::Zh) => format!("日期：{day}"),
        (Planned::On(_), Lang::En) => format!("On {day}"),
        (Planned::Until(_), Lang::Zh) => format!("截止：{day}"),
        (Planned::Until(_), Lang::En) => format!("By {day}"),
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
            view! { <div class="xj-row"><Contact office=name phone=phone/> {copy}</div> }
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
                .cell(line.reason.clone())
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
