//! Class and student number: by the school's pattern, or by workbook.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::view::assign::{AssignPreview, AssignView, SheetView};
use leptos::prelude::*;
use ui::prelude::*;

/// The page.
#[component]
pub fn AssignPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let year = cx.query("year").and_then(|y| y.parse().ok());
    let college = cx.query("college").and_then(|c| c.parse().ok());
    let sheet = cx.query("sheet").and_then(|s| s.parse().ok());
    let (reader, planner) = (actor.clone(), actor.clone());
    let view = cx
        .services()
        .run(move |services| async move { services.assign_view(&reader, year).await })
        .await?;
    let rule_year = view.year;
    let preview = cx
        .services()
        .run(move |services| async move {
            services
                .assign_preview_by_rule(&planner, rule_year, college)
                .await
        })
        .await?;
    let checked = match sheet {
        Some(id) => Some(
            cx.services()
                .run(move |services| async move { services.assignment_sheet(&actor, id).await })
                .await?,
        ),
        None => None,
    };
    let body = view! {
        {checked.as_ref().map(|sheet| sheet_panel(cx, sheet))}
        {rule_panel(cx, &view, &preview, college)}
        {upload_panel(cx, &view)}
        {history(cx, &view)}
    };
    let mut head = Head::new(format!(
        "{} {}",
        view.year,
        cx.pick("级编班编学号", "cohort: class and number")
    ));
    let template = cx.href("files/templates/assignment");
    head.actions = view! { <LinkButton label=cx.pick("模板", "Template") href=template weight=Weight::Quiet download=true/> }.into_any();
    head.personal = true;
    Ok(office(cx, head, body))
}

fn plan(cx: Cx, preview: &AssignPreview) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("班级", "Class")).title(),
        Column::new(cx.pick("专业", "Major")),
        Column::new(cx.pick("学院", "College")),
        Column::new(cx.pick("原有", "Before")).numeric(),
        Column::new(cx.pick("新增", "Added")).numeric(),
        Column::new(cx.pick("学号", "Numbers")),
    ];
    let rows = preview
        .classes
        .iter()
        .map(|class| {
            let numbers = class
                .numbers
                .as_ref()
                .map(|(first, last)| format!("{first} – {last}"))
                .unwrap_or_default();
            Row::new()
                .cell(class.class.clone())
                .cell(class.major.clone())
                .cell(class.college.clone())
                .cell(say::number(class.before))
                .cell(say::number(class.added))
                .cell(numbers)
        })
        .collect::<Vec<_>>();
    let gaps = preview
        .gaps
        .iter()
        .map(|(why, count)| {
            let text = format!("{}：{}", say::pair(cx, why), say::number(*count));
            view! { <li>{text}</li> }
        })
        .collect::<Vec<_>>();
    let left_out = (!gaps.is_empty()).then(|| view! { <Notice tone=Tone::Warning title=cx.pick("未编入的学生", "Left out")><ul class="xj-list">{gaps}</ul></Notice> });
    view! {
        {left_out}
        <DataTable caption=cx.pick("分班方案", "Plan") columns=columns rows=rows/>
    }
    .into_any()
}

fn rule_panel(
    cx: Cx,
    view: &AssignView,
    preview: &AssignPreview,
    college: Option<uuid::Uuid>,
) -> AnyView {
    if view.unassigned == 0 {
        return view! {
            <EmptyState
                title=cx.pick("没有待编班的学生", "Nobody waits for a class")
                text=cx.pick("学生处接收新生名册之后，未编班的学生会列在这里。", "Students without a class appear here once the cohort was received.")
            />
        }
        .into_any();
    }
    let mut choices =
        vec![Choice::new("", cx.pick("全部学院", "All colleges")).checked(college.is_none())];
    choices.extend(
        view.colleges.iter().map(|(id, name)| {
            Choice::new(id.to_string(), name.clone()).checked(Some(*id) == college)
        }),
    );
    let selects = vec![FilterSelect::new(
        "college",
        cx.pick("学院", "College"),
        choices,
    )];
    let title = match cx.lang {
        domain::text::Lang::Zh => format!(
            "按规则编班：{} 人，学号规则 {}",
            say::number(preview.total),
            preview.pattern
        ),
        domain::text::Lang::En => format!(
            "By rule: {} students, pattern {}",
            say::number(preview.total),
            preview.pattern
        ),
    };
    let hidden = vec![
        Hidden::new("year", view.year.to_string()),
        Hidden::new(
            "college",
            college.map(|c| c.to_string()).unwrap_or_default(),
        ),
        Hidden::new("hash", preview.hash.clone()),
    ];
    let form = (preview.total > 0).then(|| {
        let label = match cx.lang {
            domain::text::Lang::Zh => format!("编入 {} 人", say::number(preview.total)),
            domain::text::Lang::En => format!("Assign {} students", say::number(preview.total)),
        };
        view! {
            <PostForm action="/api/admission/assign" tenant=cx.slug() hidden=hidden>
                <FormActions><SubmitButton label=label/></FormActions>
            </PostForm>
        }
    });
    let plan = plan(cx, preview);
    view! {
        <Panel title=title>
            <FilterBar label=cx.pick("范围", "Scope") submit=cx.pick("查看", "Show") selects=selects/>
            {plan}
            {form}
        </Panel>
    }
    .into_any()
}

fn upload_panel(cx: Cx, view: &AssignView) -> AnyView {
    let action = cx.href("files/assignment");
    let hidden = vec![Hidden::new("year", view.year.to_string())];
    view! {
        <Panel title=cx.pick("按名单编班（xlsx / csv）", "By workbook (xlsx, csv)")>
            <PostForm action=action tenant=cx.slug() multipart=true hidden=hidden>
                <FileInput name="file" label=cx.pick("考生号、学号、学院、专业、班级、辅导员", "Candidate number, student number, college, major, class, counsellor") accept=".xlsx,.csv" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传并检查", "Upload and check") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn sheet_panel(cx: Cx, sheet: &SheetView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("行", "Row")).numeric(),
        Column::new(cx.pick("列", "Column")),
        Column::new(cx.pick("问题", "Finding")).title(),
        Column::new(cx.pick("怎么办", "What to do")),
    ];
    let rows = sheet
        .findings
        .iter()
        .map(|f| {
            Row::new()
                .cell(f.row.to_string())
                .cell(f.field.clone())
                .cell(say::pair(cx, &f.message))
                .cell(say::pair(cx, &f.suggestion))
        })
        .collect::<Vec<_>>();
    let items = vec![
        Figure::new(cx.pick("行数", "Rows"), say::number(sheet.rows)),
        Figure::new(
            cx.pick("将编入", "To assign"),
            say::number(sheet.preview.total),
        )
        .tone(Tone::Success),
        Figure::new(cx.pick("无变化", "Unchanged"), say::number(sheet.unchanged)),
        Figure::new(cx.pick("有错误", "With errors"), say::number(sheet.refused)).tone(Tone::Error),
    ];
    let hidden = vec![
        Hidden::new("sheet", sheet.id.to_string()),
        Hidden::new("hash", sheet.preview.hash.clone()),
    ];
    let form = (!sheet.confirmed && sheet.preview.total > 0).then(|| {
        view! {
            <PostForm action="/api/admission/assign-confirm" tenant=cx.slug() hidden=hidden>
                <FormActions><SubmitButton label=cx.pick("确认编班", "Confirm")/></FormActions>
            </PostForm>
        }
    });
    let title = sheet.file_name.clone();
    let plan = plan(cx, &sheet.preview);
    view! {
        <Panel title=title>
            <Figures label=cx.pick("检查结果", "Result") items=items/>
            {(!rows.is_empty()).then(|| view! { <DataTable caption=cx.pick("检查发现", "Findings") columns=columns rows=rows/> })}
            {plan}
            {form}
        </Panel>
    }
    .into_any()
}

fn history(cx: Cx, view: &AssignView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("时间", "When")).title(),
        Column::new(cx.pick("方式", "How")),
        Column::new(cx.pick("人数", "People")).numeric(),
        Column::new(cx.pick("操作", "Action")),
    ];
    let rows = view
        .assignments
        .iter()
        .map(|line| {
            let how = line.file_name.clone().unwrap_or_else(|| cx.pick("按规则", "By rule").to_owned());
            let action = if line.undone {
                say::word_chip(cx.pick("已撤销", "Undone").to_owned(), domain::text::Tone::Neutral)
            } else {
                view! {
                    <PostForm action="/api/admission/assign-undo" tenant=cx.slug() hidden=vec![Hidden::new("batch", line.id.to_string())]>
                        <SubmitButton label=cx.pick("撤销", "Undo") weight=Weight::Link/>
                    </PostForm>
                }
                .into_any()
            };
            Row::new().cell(say::time(line.at)).cell(how).cell(say::number(line.total)).cell(action)
        })
        .collect::<Vec<_>>();
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <DataTable caption=cx.pick("编班记录", "Assignments") columns=columns rows=rows/> }
        .into_any()
}
