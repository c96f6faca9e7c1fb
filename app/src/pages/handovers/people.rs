//! Who is handed over: the names that a receiver compares with the admission data before it accepts.

use crate::cx::Cx;
use crate::pages::paged::{page_number, page_of, pager};
use crate::pages::say;
use domain::text::Lang;
use domain::view::handover::{HandoverPeople, HandoverView};
use leptos::prelude::*;
use ui::prelude::*;

/// The pair of the address that opens the list.
const ASKED: &str = "list";

/// The address of the list of a hand-over.
fn address(cx: Cx, view: &HandoverView) -> String {
    cx.href(&format!("handovers/{}?{ASKED}=yes", view.line.id))
}

/// The list, where it is asked for and the post may look through it.
pub async fn asked(
    cx: Cx,
    view: &HandoverView,
) -> Result<Option<HandoverPeople>, services::ServiceError> {
    if view.listed == 0 || cx.query(ASKED).is_none() {
        return Ok(None);
    }
    let (actor, id, page) = (cx.actor()?, view.line.id, page_number(cx));
    let people = cx
        .services()
        .run(|services| async move { services.handover_people(&actor, id, page).await })
        .await?;
    Ok(Some(people))
}

/// The list, or the way to it.
pub fn panel(cx: Cx, view: &HandoverView, people: Option<&HandoverPeople>) -> Option<AnyView> {
    if view.listed == 0 {
        return None;
    }
    let title = cx.pick("名单", "Who they are");
    let inside = match people {
        Some(people) => table(cx, view, people),
        None => way(cx, view),
    };
    Some(view! { <Panel title=title>{inside}</Panel> }.into_any())
}

fn way(cx: Cx, view: &HandoverView) -> AnyView {
    let (count, href) = (say::number(view.listed), address(cx, view));
    let label = match cx.lang {
        Lang::Zh => format!("查看名单（{count} 人）"),
        Lang::En => format!("Show the list ({count} people)"),
    };
    view! {
        <p class="xj-muted">{cx.pick("可逐人核对姓名、考生号和专业；查看留下记录，本人可见。", "Compare names, candidate numbers and majors one by one. Looking leaves a record that each of them can see.")}</p>
        <FormActions><LinkButton label=label href=href weight=Weight::Secondary/></FormActions>
    }
    .into_any()
}

fn table(cx: Cx, view: &HandoverView, list: &HandoverPeople) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("姓名", "Name")).title(),
        Column::new(cx.pick("考生号", "Candidate number")).numeric(),
        Column::new(cx.pick("学院", "College")),
        Column::new(cx.pick("专业", "Major")),
    ];
    let rows = list
        .people
        .iter()
        .map(|one| {
            Row::new()
                .cell(one.name.clone())
                .cell(one.ksh.to_string())
                .text(one.college.clone())
                .text(one.major.clone())
        })
        .collect::<Vec<_>>();
    let total = say::number(list.total);
    let summary = match cx.lang {
        Lang::Zh => format!("共 {total} 人，第 {} / {} 页", list.page, list.pages),
        Lang::En => format!("{total} people, page {} of {}", list.page, list.pages),
    };
    let href = address(cx, view);
    let footer = pager(cx, (list.page, list.pages), summary, |n| page_of(&href, n));
    view! { <DataTable caption=cx.pick("移交名单", "People handed over") columns=columns rows=rows footer=footer/> }
        .into_any()
}
