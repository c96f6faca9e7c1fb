//! One import: where it stands, what its file says, what can be done with it.

use super::look::{facts, findings, groups, rows, totals};
use super::steps::{columns, next};
use super::{say, standing};
use crate::cx::Cx;
use crate::frame::{Head, Page, contact, explainers, office};
use crate::islands::staff::ImportProgress;
use domain::admission::import::ImportState;
use domain::institution::Office;
use domain::view::admission::{ImportView, JobState, RowState, UploadKind};
use leptos::prelude::*;
use ui::prelude::*;

/// Key of the sentence that a refused file leaves for this page.
const REFUSED_FILE: &str = "refused_file";

fn id_of(cx: Cx) -> Result<uuid::Uuid, services::ServiceError> {
    cx.path()
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .ok_or(services::ServiceError::NotFound)
}

pub(super) async fn one(cx: Cx) -> Page {
    let (actor, id) = (cx.actor()?, id_of(cx)?);
    let reader = actor.clone();
    let view = cx
        .services()
        .run(move |services| async move { services.import_view(&reader, id).await })
        .await?;
    let running = matches!(
        view.line.state,
        ImportState::Uploaded | ImportState::Checking | ImportState::Confirming
    );
    let (steps, step) = wizard(cx, &view);
    let findings = findings(cx, &actor, &view).await?;
    let rows = rows(cx, &actor, &view).await?;
    let refused = refused_file(cx).await;
    let body = view! {
        <WizardSteps label=cx.pick("导入步骤", "Steps") done=cx.pick("已完成", "done") steps=steps current=step/>
        {facts(cx, &view)}
        {refused}
        {running.then(|| progress(cx, &view))}
        {unreadable(cx, &view)}
        {empty_handed(cx, &view)}
        {columns(cx, &view)}
        {unread(cx, &view)}
        {notices(cx, &view)}
        {totals(cx, &view)}
        {groups(cx, &view)}
        {rows}
        {findings}
        {next(cx, &view)}
    };
    let mut head = Head::new(view.line.file_name.clone()).with_files();
    head.crumbs = vec![
        Crumb::new(
            cx.pick("录取数据导入", "Admission imports"),
            cx.href("admission/imports"),
        ),
        Crumb::here(view.line.file_name.clone()),
    ];
    head.aside = standing(cx, &view.line);
    head.personal = true;
    if !view.totals.is_empty() && !running && view.line.state != ImportState::Unreadable {
        let href = cx.href(&format!("files/findings/{id}"));
        head.actions = view! { <LinkButton label=cx.pick("下载检查结果", "Download the findings") href=href weight=Weight::Secondary download=true/> }.into_any();
    }
    Ok(office(cx, head, body))
}

/// The steps of an import, and how many of them are behind it. Photos are kept by their check; nobody confirms them.
fn wizard(cx: Cx, view: &ImportView) -> (Vec<String>, usize) {
    let photos = view.line.kind == UploadKind::Photos;
    let names: &[(&'static str, &'static str)] = if photos {
        &[("上传", "Upload"), ("匹配并入库", "Match and keep")]
    } else {
        &[
            ("上传", "Upload"),
            ("检查", "Check"),
            ("查看", "Look"),
            ("确认", "Confirm"),
        ]
    };
    let step = match view.line.state {
        ImportState::Uploaded | ImportState::Checking | ImportState::Unreadable => 1,
        ImportState::Checked => 2,
        ImportState::Undone if view.line.is_discarded() && !photos => 2,
        ImportState::Undone if view.line.is_discarded() => 1,
        ImportState::Confirming => 3,
        ImportState::Confirmed | ImportState::Undone => names.len(),
    };
    let names = names.iter().map(|&(zh, en)| cx.pick(zh, en).to_owned());
    (names.collect(), step)
}

/// A confirmation by which nothing went in: another import had brought in the same people meanwhile.
fn empty_handed(cx: Cx, view: &ImportView) -> AnyView {
    if view.line.kind != UploadKind::Admission || !view.line.is_empty_handed() {
        return ().into_any();
    }
    view! {
        <Notice tone=Tone::Warning title=cx.pick("没有考生由本次导入入库", "Nobody went in by this import")>
            {cx.pick("确认之后、写入之前，另一次导入已写入这些考生，或写入了与之冲突的考生；各行的情况见下方。本次导入没有写入任何内容，不需要撤销。", "Between the confirmation and the writing another import brought in the same people, or somebody who stands against them; see the rows below. This import wrote nothing, so there is nothing to undo.")}
        </Notice>
    }
    .into_any()
}

/// What the parser says of a file with repaired rows that it could not read.
async fn refused_file(cx: Cx) -> AnyView {
    if cx.query("refused").as_deref() != Some("file") {
        return ().into_any();
    }
    let Some(sentence) = crate::cx::take_once(&cx.known(), REFUSED_FILE).await else {
        return ().into_any();
    };
    view! { <Notice tone=Tone::Error title=cx.pick("文件里的问题", "What is wrong with the file")>{sentence}</Notice> }.into_any()
}

/// Starts the work on the import again.
fn again(cx: Cx, view: &ImportView, label: &'static str) -> AnyView {
    if !view.steps.resume {
        return ().into_any();
    }
    let hidden = vec![Hidden::new("import", view.line.id.to_string())];
    view! {
        <PostForm action="/api/admission/resume" tenant=cx.slug() hidden=hidden>
            <FormActions><SubmitButton label=label weight=Weight::Secondary/></FormActions>
        </PostForm>
    }
    .into_any()
}

fn progress(cx: Cx, view: &ImportView) -> AnyView {
    let (done, total) = view.progress.as_ref().map_or((0, 0), |p| (p.done, p.total));
    let failed = view
        .progress
        .as_ref()
        .is_some_and(|p| p.state == JobState::Failed);
    if failed {
        return view! {
            <Notice tone=Tone::Error title=cx.pick("后台任务没有完成", "The background work did not finish")>
                {cx.pick("没有写入一半的内容。请重新开始；仍然不行请联系现代信息与教育技术中心。", "Nothing was half written. Start it again, or tell the IT Centre.")}
            </Notice>
            {again(cx, view, cx.pick("重新开始", "Start again"))}
        }
        .into_any();
    }
    view! {
        <ImportProgress
            tenant=cx.slug()
            import=view.line.id.to_string()
            label=cx.pick("进度", "Progress").to_owned()
            done=done
            total=total
            english=cx.lang == domain::text::Lang::En
        />
    }
    .into_any()
}

fn unreadable(cx: Cx, view: &ImportView) -> AnyView {
    let Some(unreadable) = &view.unreadable else {
        return ().into_any();
    };
    let why = say::pair(cx, &unreadable.reason);
    let inside = view.line.counts.in_state(RowState::Confirmed);
    let (what, now) = if inside > 0 {
        (
            still_in(cx, inside),
            cx.pick(
                "先重新检查；仍然无法读取时请现代信息与教育技术中心查明原因。已入库的行在期限内可以撤销。",
                "Check it again first; if it still cannot be read, let the IT Centre find out why. What is in can be undone in time.",
            ),
        )
    } else {
        let nothing = cx.pick(
            "文件无法读取，没有写入任何内容",
            "The file cannot be read; nothing was written",
        );
        let now = if view.columns.is_some() {
            cx.pick(
                "在下面指定各列的含义后重新检查；不必重新上传。",
                "Say below which column is which field and check again; the file need not be sent again.",
            )
        } else {
            cx.pick(
                "重新导出该文件并再次上传；文件没有问题时可以重新检查。",
                "Export the file again and upload it; if nothing is wrong with the file, check it again.",
            )
        };
        (nothing.to_owned(), now)
    };
    let who = view! {
        {cx.pick("提供数据的省级招生部门；系统问题请找", "The province that sent the data; for the system")}
        {contact(cx, Office::ItCentre)}
    };
    let again = if view.columns.is_some() {
        ().into_any()
    } else {
        again(cx, view, cx.pick("重新检查", "Check again"))
    };
    view! {
        <Refusal
            what=what
            why=Line::new(cx.pick("原因", "Why"), why)
            clause="录取数据格式 V1、V2"
            who=Line::new(cx.pick("谁能帮助", "Who can help"), who)
            explained=Line::new(cx.pick("解释单位", "Explained by"), explainers(cx))
            now=Line::new(cx.pick("现在可以", "What to do"), now)
        />
        {again}
    }
    .into_any()
}

/// Rows went in before, and this reading of the file changes nothing about them.
fn still_in(cx: Cx, rows: u64) -> String {
    let count = say::number(rows);
    match cx.lang {
        domain::text::Lang::Zh => {
            format!("再次检查时文件无法读取；此前入库的 {count} 行不受影响")
        }
        domain::text::Lang::En => {
            format!(
                "The file could not be read again; the {count} rows that are in stay as they are"
            )
        }
    }
}

/// Folders of which nothing was read: the others are confirmed without them, and nobody must take that for the whole.
fn unread(cx: Cx, view: &ImportView) -> AnyView {
    if view.unread.is_empty() {
        return ().into_any();
    }
    let count = say::number(view.unread.len() as u64);
    let title = match cx.lang {
        domain::text::Lang::Zh => format!("{count} 个文件夹没有读入，其余文件夹可以照常确认"),
        domain::text::Lang::En => {
            format!("{count} folders were not read; the others can be confirmed")
        }
    };
    let lines = view
        .unread
        .iter()
        .map(|folder| {
            let text = say::pair(cx, folder);
            view! { <li>{text}</li> }
        })
        .collect::<Vec<_>>();
    view! { <Notice tone=Tone::Error title=title><ul class="xj-list">{lines}</ul></Notice> }
        .into_any()
}

fn notices(cx: Cx, view: &ImportView) -> AnyView {
    if view.notices.is_empty() {
        return ().into_any();
    }
    let lines = view
        .notices
        .iter()
        .map(|n| {
            let text = say::pair(cx, n);
            view! { <li>{text}</li> }
        })
        .collect::<Vec<_>>();
    view! { <Notice tone=Tone::Info title=cx.pick("说明", "Notices")><ul class="xj-list">{lines}</ul></Notice> }.into_any()
}
