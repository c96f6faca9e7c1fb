//! Organisation and staff: the tree as it is, and the import of units and people with preview and undo.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::admission::finding::Severity;
use domain::admission::import::ImportState;
use domain::institution::organisation::OrganisationFile;
use domain::text::Tone as TextTone;
use leptos::prelude::*;
use services::institution::organisation::{OrganisationImport, OrganisationPreview};
use ui::prelude::*;

/// Colleges, majors, classes, offices.
#[component]
pub fn UnitsPage() -> impl IntoView {
    page(units)
}

/// Staff with their posts.
#[component]
pub fn StaffPage() -> impl IntoView {
    page(staff)
}

async fn units(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let reader = actor.clone();
    let all = cx
        .services()
        .run(|services| async move { services.unit_list(&reader).await })
        .await?;
    let names: std::collections::HashMap<_, _> =
        all.iter().map(|u| (u.id, u.name.clone())).collect();
    let columns = vec![
        Column::new(cx.pick("类别", "Kind")),
        Column::new(cx.pick("代码", "Code")),
        Column::new(cx.pick("名称", "Name")).title(),
        Column::new(cx.pick("上级", "Above")),
        Column::new(cx.pick("国标代码", "National code")),
        Column::new(cx.pick("学制", "Years")).numeric(),
        Column::new(cx.pick("年级", "Intake")).numeric(),
        Column::new(cx.pick("电话", "Phone")),
        Column::new(cx.pick("学信网简称", "Short name on CHSI")),
        Column::new(cx.pick("起始", "From")),
    ];
    let rows = all
        .iter()
        .map(|unit| {
            let above = unit.parent.and_then(|p| names.get(&p).cloned());
            Row::new()
                .cell(say::label(cx, &unit.kind))
                .cell(unit.code.clone())
                .cell(unit.name.clone())
                .text(above)
                .text(unit.national_code.clone())
                .text(unit.duration.clone())
                .text(unit.grade.map(|g| g.to_string()))
                .text(unit.phone.clone())
                .text(unit.short_name.clone())
                .cell(unit.valid_from.to_string())
        })
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有组织机构", "No units yet")
            text=cx.pick("先下载模板，填好学院、专业、班级后上传。", "Fetch the template, fill in colleges, majors and classes, and upload it.")
        />
    };
    let body = view! {
        {imports(cx, &actor, OrganisationFile::Units).await?}
        <DataTable caption=cx.pick("组织机构", "Units") columns=columns rows=rows empty=empty/>
    };
    Ok(office(
        cx,
        head(cx, cx.pick("组织机构", "Organisation"), "units"),
        body,
    ))
}

async fn staff(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let reader = actor.clone();
    let all = cx
        .services()
        .run(|services| async move { services.staff_list(&reader).await })
        .await?;
    let columns = vec![
        Column::new(cx.pick("工号", "Staff number")),
        Column::new(cx.pick("姓名", "Name")).title(),
        Column::new(cx.pick("岗位", "Posts")).width(Width::Wide),
        Column::new(cx.pick("账号", "Account")),
        Column::new(cx.pick("动态口令", "Second factor")),
    ];
    let rows = all
        .iter()
        .map(|member| {
            let posts = member
                .posts
                .iter()
                .map(|p| say::pair(cx, p))
                .collect::<Vec<_>>()
                .join(cx.pick("；", "; "));
            let active = if member.active {
                (cx.pick("已激活", "Active"), TextTone::Success)
            } else {
                (cx.pick("未激活", "Not active"), TextTone::Neutral)
            };
            let factor = if member.second_factor {
                (cx.pick("已启用", "On"), TextTone::Success)
            } else {
                (cx.pick("未启用", "Off"), TextTone::Warning)
            };
            Row::new()
                .cell(member.login.clone())
                .cell(member.name.clone())
                .cell(posts)
                .cell(say::word_chip(active.0.to_owned(), active.1))
                .cell(say::word_chip(factor.0.to_owned(), factor.1))
        })
        .collect::<Vec<_>>();
    let empty = view! { <EmptyState title=cx.pick("还没有人员", "No staff yet")/> };
    let body = view! {
        {imports(cx, &actor, OrganisationFile::Staff).await?}
        <DataTable caption=cx.pick("人员与岗位", "Staff and posts") columns=columns rows=rows empty=empty/>
    };
    Ok(office(
        cx,
        head(cx, cx.pick("人员与岗位", "Staff and posts"), "staff"),
        body,
    ))
}

fn head(cx: Cx, title: &'static str, template: &str) -> Head {
    let mut head = Head::new(title);
    let href = cx.href(&format!("files/templates/{template}"));
    head.actions = view! { <LinkButton label=cx.pick("模板", "Template") href=href weight=Weight::Quiet download=true/> }.into_any();
    head
}

async fn imports(
    cx: Cx,
    actor: &domain::institution::Actor,
    file: OrganisationFile,
) -> Result<AnyView, services::ServiceError> {
    let reader = actor.clone();
    let all = cx
        .services()
        .run(|services| async move { services.organisation_imports(&reader).await })
        .await?;
    let looked_at = cx.query("import").and_then(|i| i.parse().ok());
    let preview = match looked_at {
        Some(id) => {
            let reader = actor.clone();
            Some(cx.services().run(move |services| async move { services.organisation_preview(&reader, id).await }).await?)
        }
        None => None,
    };
    let action = cx.href("files/organisation");
    let rows = all
        .iter()
        .filter(|i| i.file == file)
        .map(|i| import_row(cx, i))
        .collect::<Vec<_>>();
    let columns = vec![
        Column::new(cx.pick("文件", "File")).title(),
        Column::new(cx.pick("状态", "State")),
        Column::new(cx.pick("行数", "Rows")).numeric(),
        Column::new(cx.pick("有错误", "With errors")).numeric(),
        Column::new(cx.pick("上传", "Uploaded")),
        Column::new(cx.pick("操作", "Action")),
    ];
    let history = (!rows.is_empty()).then(
        || view! { <DataTable caption=cx.pick("导入记录", "Imports") columns=columns rows=rows/> },
    );
    Ok(view! {
        {preview.as_ref().map(|preview| preview_panel(cx, preview))}
        <Fold summary=cx.pick("上传 xlsx / csv", "Upload xlsx or csv")>
            <PostForm action=action tenant=cx.slug() multipart=true hidden=vec![Hidden::new("kind", file.key())]>
                <FileInput name="file" label=cx.pick("文件", "File") accept=".xlsx,.csv" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传并检查", "Upload and check") weight=Weight::Secondary/></FormActions>
            </PostForm>
            {history}
        </Fold>
    }
    .into_any())
}

fn page_of(file: OrganisationFile) -> &'static str {
    match file {
        OrganisationFile::Units => "organisation",
        OrganisationFile::Staff => "staff",
    }
}

fn import_row(cx: Cx, import: &OrganisationImport) -> Row {
    let page = page_of(import.file);
    let href = format!("{}?import={}", cx.href(page), import.id);
    let name = import.file_name.clone();
    let hidden = vec![
        Hidden::new("import", import.id.to_string()),
        Hidden::new("page", page),
    ];
    let undo = (import.state == ImportState::Confirmed).then(|| {
        view! {
            <PostForm action="/api/institution/import-undo" tenant=cx.slug() hidden=hidden>
                <SubmitButton label=cx.pick("撤销", "Undo") weight=Weight::Link/>
            </PostForm>
        }
    });
    Row::new()
        .cell(view! { <a class="xj-link" href=href>{name}</a> })
        .cell(say::label(cx, &import.state))
        .cell(import.counts.rows.to_string())
        .cell(import.counts.errors.to_string())
        .cell(format!(
            "{} {}",
            import.uploaded_by,
            say::moment(import.uploaded_at)
        ))
        .cell(undo)
}

fn preview_panel(cx: Cx, preview: &OrganisationPreview) -> AnyView {
    let import = &preview.import;
    let unreadable = import.unreadable.as_ref().map(|why| {
        let why = say::pair(cx, why);
        view! { <Notice tone=Tone::Error title=why/> }
    });
    let items = vec![
        Figure::new(cx.pick("行数", "Rows"), import.counts.rows.to_string()),
        Figure::new(
            cx.pick("将写入", "To be written"),
            import.counts.good.to_string(),
        )
        .tone(Tone::Success),
        Figure::new(
            cx.pick("已有且相同", "There already"),
            import.counts.unchanged.to_string(),
        ),
        Figure::new(
            cx.pick("有错误", "With errors"),
            import.counts.errors.to_string(),
        )
        .tone(Tone::Error),
    ];
    let finding_columns = vec![
        Column::new(cx.pick("行", "Row")).numeric(),
        Column::new(cx.pick("问题", "Finding")).title(),
        Column::new(cx.pick("怎么办", "What to do")),
    ];
    let findings = preview
        .findings
        .iter()
        .map(|f| {
            let tone = if f.severity == Severity::Error { TextTone::Error } else { TextTone::Warning };
            let words = f.finding.message_in(cx.lang);
            Row::new().cell(f.finding.row.to_string()).cell(view! { {say::word_chip(cx.pick("问题", "Finding").to_owned(), tone)} " " {words} }).cell(cx.text(f.finding.issue.suggestion()))
        })
        .collect::<Vec<_>>();
    let columns = preview
        .headings
        .iter()
        .map(|h| Column::new(*h))
        .collect::<Vec<_>>();
    let rows = preview
        .rows
        .iter()
        .take(50)
        .map(|row| {
            row.cells
                .iter()
                .fold(Row::new(), |made, cell| made.text(cell.clone()))
        })
        .collect::<Vec<_>>();
    let hidden = vec![
        Hidden::new("import", import.id.to_string()),
        Hidden::new("page", page_of(import.file)),
    ];
    let confirm = (import.state == ImportState::Checked && import.counts.good > 0).then(|| {
        let label = match cx.lang {
            domain::text::Lang::Zh => format!("确认写入 {} 行", import.counts.good),
            domain::text::Lang::En => format!("Write {} rows", import.counts.good),
        };
        view! {
            <PostForm action="/api/institution/import-confirm" tenant=cx.slug() hidden=hidden>
                <FormActions><SubmitButton label=label/></FormActions>
            </PostForm>
        }
    });
    let title = import.file_name.clone();
    view! {
        <Panel title=title>
            {unreadable}
            <Figures label=cx.pick("检查结果", "Result") items=items/>
            {(!findings.is_empty()).then(|| view! { <DataTable caption=cx.pick("检查发现", "Findings") columns=finding_columns rows=findings/> })}
            <DataTable caption=cx.pick("预览（前 50 行）", "Preview (first 50 rows)") columns=columns rows=rows/>
            {confirm}
        </Panel>
    }
    .into_any()
}
