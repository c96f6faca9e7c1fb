//! The home of an office: 待办 first, deadlines, figures by stage. A student is led to the own record.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::admission::funnel::Standing;
use domain::institution::Office;
use domain::view::home::{CompletionView, DeadlineView, Level, OfficeHomeView, TodoGroupView};
use leptos::prelude::*;
use ui::prelude::*;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    if actor.office() == Office::Student {
        leptos_axum::redirect(&cx.href("me"));
        return Ok(().into_any());
    }
    let view = cx
        .services()
        .run(|services| async move { services.office_home(&actor).await })
        .await?;
    let groups = view
        .todo
        .iter()
        .map(|group| todo_group(cx, group))
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("没有待办", "Nothing to do")
            text=cx.pick("别的部门移交或退回时，会出现在这里。", "What other offices hand over or return appears here.")
        />
    };
    let (deadlines, funnel) = (deadlines(cx, &view.deadlines), funnel(cx, &view));
    let bars = completion(cx, view.by, &view.completion);
    let waiting = view.todo.iter().map(|group| group.items.len() as u64).sum();
    let body = view! {
        <Figures label=cx.pick("各阶段人数", "People by stage") items=figures(cx, &view)/>
        <div class="xj-columns">
            <Panel title=cx.pick("按影响的环节", "By what they hold up")>
                <TodoList groups=groups empty=empty/>
            </Panel>
            <Panel title=cx.pick("期限", "Deadlines")>{deadlines}</Panel>
        </div>
        {bars}
        {funnel}
    };
    let mut head = Head::new(cx.pick("待办", "To do"));
    head.todo = Some(waiting);
    Ok(office(cx, head, body))
}

fn todo_group(cx: Cx, group: &TodoGroupView) -> TodoGroup {
    let items = group
        .items
        .iter()
        .map(|item| {
            Todo::new(say::pair(cx, &item.title), cx.href(&item.path))
                .count(say::number(item.count))
                .text(say::pair(cx, &item.text))
        })
        .collect();
    TodoGroup::new(say::pair(cx, &group.blocks), items)
}

fn figures(cx: Cx, view: &OfficeHomeView) -> Vec<Figure> {
    view.figures
        .iter()
        .map(|f| Figure::new(say::pair(cx, &f.label), say::number(f.count)).href(cx.href(&f.path)))
        .collect()
}

fn deadlines(cx: Cx, lines: &[DeadlineView]) -> AnyView {
    if lines.is_empty() {
        return view! { <EmptyState title=cx.pick("近期没有期限", "No deadline is near")/> }
            .into_any();
    }
    let columns = vec![
        Column::new(cx.pick("事项", "What")).title(),
        Column::new(cx.pick("截止", "By")).nowrap(),
        Column::new(cx.pick("剩余", "Left")),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let provisional = if line.provisional {
                cx.pick("（暂定）", " (provisional)")
            } else {
                ""
            };
            let (what, basis) = (say::pair(cx, &line.label), line.basis.clone());
            Row::new()
                .cell(view! { {what} <p class="xj-note">{basis}</p> })
                .cell(format!("{}{provisional}", say::pair(cx, &line.date)))
                .cell(say::word_chip(
                    say::remaining(cx, line.remaining),
                    line.tone,
                ))
        })
        .collect::<Vec<_>>();
    view! { <DataTable caption=cx.pick("期限", "Deadlines") columns=columns rows=rows/> }.into_any()
}

/// The funnel balances by itself: every record stands in exactly one place (domain.md §15, 1).
fn funnel(cx: Cx, view: &OfficeHomeView) -> AnyView {
    let funnel = &view.funnel;
    if funnel.admitted == 0 {
        return ().into_any();
    }
    let (registered, arrived) = (
        funnel.count(Standing::Registered),
        funnel.count(Standing::Arrived),
    );
    let list = |filter: &str| cx.href(&format!("students?year={}{filter}", view.year));
    let of = |standing: Standing| list(&format!("&standing={}", standing.key()));
    let left = |stage: Stage, standing: Standing| {
        stage.leaving(
            say::label(cx, &standing),
            funnel.count(standing),
            of(standing),
        )
    };
    let admitted = Stage::new(cx.pick("录取", "Admitted"), funnel.admitted).href(list(""));
    let admitted = [
        Standing::Awaited,
        Standing::Deferred,
        Standing::Forgone,
        Standing::Cancelled,
    ]
    .into_iter()
    .fold(admitted, left);
    let both = [Standing::Registered, Standing::Arrived].map(Standing::key);
    let present = Stage::new(cx.pick("已报到", "Arrived"), registered + arrived)
        .href(list(&format!("&standing={}", both.join(","))));
    let present = left(present, Standing::Arrived);
    let seen = Stage::new(say::label(cx, &Standing::Registered), registered)
        .href(of(Standing::Registered));
    let title = format!(
        "{} {}",
        view.year,
        cx.pick("级新生去向", "cohort: where everybody is")
    );
    view! {
        <Panel title=title>
            <Funnel
                caption=cx.pick("新生去向", "Where everybody is")
                stage_head=cx.pick("阶段", "Stage")
                count_head=cx.pick("人数", "People")
                leaving_head=cx.pick("未进入下一阶段", "Not in the next stage")
                unexplained=cx.pick("差额", "Unexplained")
                stages=vec![admitted, present, seen]
            />
        </Panel>
    }
    .into_any()
}

/// Bars by college, by major within one, or by class.
fn completion(cx: Cx, by: Level, lines: &[CompletionView]) -> AnyView {
    if lines.is_empty() {
        return ().into_any();
    }
    let (numbered, received) = (
        cx.pick("已编班编学号", "Class and number"),
        cx.pick("已接收未编班", "Received, no class yet"),
    );
    let columns = vec![
        Column::new(say::label(cx, &by)).title(),
        Column::new(cx.pick("完成情况", "How far")).width(Width::Wide),
        Column::new(numbered).numeric(),
        Column::new(cx.pick("已接收", "Received")).numeric(),
        Column::new(cx.pick("录取", "Admitted")).numeric(),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let parts = vec![
                Part::new(numbered, line.assigned, Tone::Success),
                Part::new(
                    received,
                    line.handed_over.saturating_sub(line.assigned),
                    Tone::Info,
                ),
            ];
            let (name, href, total) = (say::pair(cx, &line.name), cx.href(&line.path), line.total);
            let bar = view! {
                <CompletionBar
                    caption=name.clone()
                    parts=parts
                    total=total
                    part_head=cx.pick("阶段", "Stage")
                    count_head=cx.pick("人数", "People")
                    compact=true
                />
            };
            Row::new()
                .cell(view! { <a class="xj-link" href=href>{name}</a> })
                .cell(bar)
                .cell(say::number(line.assigned))
                .cell(say::number(line.handed_over))
                .cell(say::number(line.total))
        })
        .collect::<Vec<_>>();
    let caption = match by {
        Level::College => cx.pick("各学院完成情况", "How far each college is"),
        Level::Major => cx.pick("各专业完成情况", "How far each major is"),
        Level::Class => cx.pick("各班级完成情况", "How far each class is"),
    };
    view! { <Panel title=caption><DataTable caption=caption columns=columns rows=rows/></Panel> }
        .into_any()
}
