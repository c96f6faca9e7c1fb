//! Exports of the person who asks, with their progress.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::view::export::ExportState;
use leptos::prelude::*;
use ui::prelude::*;

/// The page.
#[component]
pub fn ExportsPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let lines = cx
        .services()
        .run(|services| async move { services.exports(&actor).await })
        .await?;
    let columns = vec![
        Column::new(cx.pick("时间", "When")).title(),
        Column::new(cx.pick("用途", "Purpose")),
        Column::new(cx.pick("列", "Columns")).width(Width::Wide),
        Column::new(cx.pick("行数", "Rows")).numeric(),
        Column::new(cx.pick("状态", "State")),
        Column::new(cx.pick("文件", "File")),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let names = line.columns.iter().map(|c| say::pair(cx, c)).collect::<Vec<_>>().join(cx.pick("、", ", "));
            let file = if line.state == ExportState::Ready {
                let href = cx.href(&format!("files/exports/{}", line.id));
                let until = line.expires_on.map(|d| format!("{} {}", cx.pick("保留至", "kept until"), say::date(cx, d)));
                view! { <a class="xj-link" href=href download="">{cx.pick("下载", "Download")}</a> " " <span class="xj-muted">{until}</span> }.into_any()
            } else if line.state == ExportState::Failed {
                let again = cx.href("students");
                view! {
                    <span class="xj-muted">{cx.pick("岗位或权限已变化，或数据在生成时有改动；没有留下文件。", "Post or right has changed, or records moved while it was written; no file was kept.")}</span>
                    " " <a class="xj-link" href=again>{cx.pick("重新申请", "Ask again")}</a>
                }.into_any()
            } else {
                ().into_any()
            };
            let count = if line.state == ExportState::Waiting {
                "—".to_owned()
            } else if line.total > 0 && line.done < line.total {
                format!("{} / {}", say::number(line.done), say::number(line.total))
            } else {
                say::number(line.done)
            };
            Row::new()
                .cell(say::time(line.asked_at))
                .cell(line.reason.clone())
                .cell(names)
                .cell(count)
                .cell(say::word_chip(say::label(cx, &line.state), line.state.tone()))
                .cell(file)
        })
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有导出", "No exports yet")
            text=cx.pick("在“考生与学生”列表下方填写用途后导出；文件只有本人能下载，七天后删除。", "Ask for one below the list of students; only you can fetch the file, and it is removed after seven days.")
        />
    };
    let underway = lines
        .iter()
        .any(|line| matches!(line.state, ExportState::Waiting | ExportState::Running));
    let reload = underway.then(|| {
        let href = cx.href("exports");
        view! {
            <Notice tone=Tone::Info title=cx.pick("导出正在生成，可以离开本页，完成后回来下载", "An export is being written; you may leave and come back for it")>
                <a class="xj-link" href=href>{cx.pick("刷新", "Reload")}</a>
            </Notice>
        }
    });
    let body = view! {
        {reload}
        <DataTable caption=cx.pick("导出", "Exports") columns=columns rows=rows empty=empty/>
    };
    Ok(office(
        cx,
        Head::new(cx.pick("导出", "Exports")).with_files(),
        body,
    ))
}
