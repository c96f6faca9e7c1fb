//! The home of an office: 待办 first, deadlines, figures by stage. A student is led to the own record.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::institution::Office;
use domain::view::home::{DeadlineView, OfficeHomeView, TodoGroupView};
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
    let body = view! {
        <Figures label=cx.pick("各阶段人数", "People by stage") items=figures(cx, &view)/>
        <div class="xj-columns">
            <Panel title=cx.pick("待办", "To do")>
                <TodoList groups=groups empty=empty/>
            </Panel>
            <Panel title=cx.pick("期限", "Deadlines")>{deadlines}</Panel>
        </div>
        {funnel}
    };
    Ok(office(cx, Head::new(cx.pick("待办", "To do")), body))
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
        Column::new(cx.pick("截止", "By")),
        Column::new(cx.pick("剩余", "Left")),
        Column::new(cx.pick("依据", "Basis")),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let provisional = if line.provisional {
                cx.pick("（暂定）", " (provisional)")
            } else {
                ""
            };
            Row::new()
                .cell(say::pair(cx, &line.label))
                .cell(format!("{}{provisional}", say::pair(cx, &line.date)))
                .cell(say::word_chip(
                    say::remaining(cx, line.remaining),
                    line.tone,
                ))
                .cell(line.basis.clone())
        })
        .collect::<Vec<_>>();
    view! { <DataTable caption=cx.pick("期限", "Deadlines") columns=columns rows=rows/> }.into_any()
}

fn funnel(cx: Cx, view: &OfficeHomeView) -> AnyView {
    if view.funnel.admitted == 0 {
        return ().into_any();
    }
    let columns = vec![
        Column::new(cx.pick("去向", "Standing")).title(),
        Column::new(cx.pick("人数", "People")).numeric(),
    ];
    let mut rows: Vec<Row> = view
        .funnel
        .parts
        .iter()
        .map(|(standing, count)| {
            Row::new()
                .cell(say::label(cx, standing))
                .cell(say::number(*count))
        })
        .collect();
    rows.push(
        Row::new()
            .cell(cx.pick("录取合计", "Admitted in all"))
            .cell(say::number(view.funnel.admitted)),
    );
    let title = format!(
        "{} {}",
        view.year,
        cx.pick("级新生去向", "cohort: where everybody is")
    );
    view! {
        <Panel title=title>
            <DataTable caption=cx.pick("新生去向", "Where everybody is") columns=columns rows=rows/>
        </Panel>
    }
    .into_any()
}
