//! Organisation and staff: the tree as it is, and the import of units and people with preview and undo.

use super::activation::identity_fields;
use super::paged::Paged;
use super::say;
use crate::cx::Cx;
use crate::draft::Filled;
use crate::frame::{Head, Page, office, page};
use domain::admission::finding::Severity;
use domain::admission::import::ImportState;
use domain::institution::organisation::{OrganisationFile, TELEPHONE};
use domain::text::Tone as TextTone;
use leptos::prelude::*;
use services::institution::organisation::{
    OrganisationImport, OrganisationPreview, RowState, StaffMember, StaffPost, Standing, UnitView,
};
use ui::prelude::*;

/// Rows of a preview.
const SHOWN: usize = 200;
/// The one act about an account that hands something over to the person.
const REISSUE: &str = "institution/reissue-staff-slip";

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
    let mut all = cx
        .services()
        .run(|services| async move { services.unit_list(&reader).await })
        .await?;
    // Colleges first, then their majors, then the classes, as the file lists them.
    all.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
    let names: std::collections::HashMap<_, _> =
        all.iter().map(|u| (u.id, u.name.clone())).collect();
    let columns = vec![
        Column::new(cx.pick("类别", "Kind")).width(Width::Narrow),
        Column::new(cx.pick("代码", "Code")).width(Width::Narrow),
        Column::new(cx.pick("名称", "Name")).title(),
        Column::new(cx.pick("上级", "Above")),
        Column::new(cx.pick("国标代码", "National code")).width(Width::Narrow),
        Column::new(cx.pick("学制", "Years")).numeric(),
        Column::new(cx.pick("年级", "Intake")).numeric(),
        Column::new(cx.pick("电话", "Phone")),
        Column::new(cx.pick("平台简称（批准人）", "Short names (approved by)")),
        Column::new(cx.pick("起止", "From and until")),
        Column::new(cx.pick("曾用名", "Former names")),
    ];
    let paged = Paged::of(cx, &all, |_| false);
    let rows = paged
        .lines
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
                .cell(unit.phone.clone().map(say::phone))
                .text(short_names(cx, unit))
                .cell(span(cx, unit.valid_from, unit.valid_to))
                .text(former(cx, unit))
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
        <DataTable caption=cx.pick("组织机构", "Units") columns=columns rows=rows empty=empty footer=paged.footer(cx, &listed(cx, OrganisationFile::Units))/>
    };
    Ok(office(
        cx,
        head(cx, cx.pick("组织机构", "Organisation"), "units"),
        body,
    ))
}

/// Short names by layout, each with who approved it and when.
fn short_names(cx: Cx, unit: &UnitView) -> String {
    let one = |name: &services::institution::organisation::ApprovedName| {
        let layout = say::label(cx, &name.layout);
        format!("{layout} {}（{} {}）", name.name, name.by, name.on)
    };
    let all: Vec<String> = unit.short_names.iter().map(one).collect();
    all.join(cx.pick("；", "; "))
}

fn span(cx: Cx, from: chrono::NaiveDate, to: Option<chrono::NaiveDate>) -> String {
    match to {
        Some(last) => format!("{from} {} {last}", cx.pick("至", "to")),
        None => from.to_string(),
    }
}

fn former(cx: Cx, unit: &UnitView) -> String {
    let names = unit.former.iter().filter(|(name, _)| *name != unit.name);
    let all: Vec<String> = names
        .map(|(name, until)| format!("{name}（{} {until}）", cx.pick("至", "until")))
        .collect();
    all.join(cx.pick("；", "; "))
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
        Column::new(cx.pick("办理", "Act")),
    ];
    let waiting = all
        .iter()
        .filter(|m| m.standing == Standing::Waiting && !m.slip_open)
        .count();
    let open = all.iter().filter(|m| m.slip_open).count();
    let own = cx.known().present.as_ref().map(|p| p.login.clone());
    // Whoever is led back to a form finds its line, whichever page it is on.
    let refused = cx.refused_form();
    let paged = Paged::of(cx, &all, |member| {
        let account = member.account.to_string();
        refused
            .as_ref()
            .is_some_and(|mark| mark.ends_with(&account))
    });
    let rows = paged
        .lines
        .iter()
        .map(|member| {
            let posts = posts(cx, member);
            let active = match (member.standing, member.slip_open) {
                (Standing::Active, _) => (cx.pick("已激活", "Active"), TextTone::Success),
                (Standing::Disabled, _) => (cx.pick("已停用", "Disabled"), TextTone::Error),
                (Standing::Waiting, true) => (cx.pick("已发激活单", "Slip open"), TextTone::Info),
                (Standing::Waiting, false) => (cx.pick("未激活", "Not active"), TextTone::Neutral),
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
                .cell((own.as_ref() != Some(&member.login)).then(|| acts(cx, member)))
        })
        .collect::<Vec<_>>();
    let empty = view! { <EmptyState title=cx.pick("还没有人员", "No staff yet")/> };
    let body = view! {
        {imports(cx, &actor, OrganisationFile::Staff).await?}
        <DataTable caption=cx.pick("人员与岗位", "Staff and posts") columns=columns rows=rows empty=empty footer=paged.footer(cx, &listed(cx, OrganisationFile::Staff))/>
    };
    let mut head = head(cx, cx.pick("人员与岗位", "Staff and posts"), "staff");
    head.actions = view! { {staff_slips(cx, waiting, open)} {head.actions} }.into_any();
    Ok(office(cx, head, body))
}

/// The posts of a member of the staff, one a line: what it reaches, and its last day where it has one.
fn posts(cx: Cx, member: &StaffMember) -> AnyView {
    if member.posts.is_empty() {
        let none = cx.pick("没有在任岗位", "No post now");
        return view! { <span class="xj-muted">{none}</span> }.into_any();
    }
    let line = |post: &StaffPost| {
        let label = say::pair(cx, &post.label);
        let units = post.units.join(cx.pick("、", ", "));
        let units = match (post.units.is_empty(), cx.lang) {
            (true, _) => units,
            (false, domain::text::Lang::Zh) => format!("（{units}）"),
            (false, domain::text::Lang::En) => format!(" ({units})"),
        };
        let until = post.until.map(|day| {
            let text = format!("{} {day}", cx.pick("至", "until"));
            view! { " " {say::word_chip(text, TextTone::Warning)} }
        });
        view! { <div>{label}{units}{until}</div> }
    };
    member.posts.iter().map(line).collect::<Vec<_>>().into_any()
}

/// Slips of the staff: issue what is missing, print what is open.
fn staff_slips(cx: Cx, waiting: usize, open: usize) -> AnyView {
    let label = match cx.lang {
        domain::text::Lang::Zh => format!("签发激活单 {waiting} 人"),
        domain::text::Lang::En => format!("Issue {waiting} slips"),
    };
    let issue = (waiting > 0).then(|| {
        view! {
            <PostForm action="/api/institution/issue-staff-slips" tenant=cx.slug()>
                <SubmitButton label=label weight=Weight::Secondary/>
            </PostForm>
        }
    });
    let href = cx.href("files/slips/staff");
    let print = (open > 0).then(
        || view! { <LinkButton label=cx.pick("打印激活单", "Print slips") href=href weight=Weight::Quiet/> },
    );
    view! { {issue} {print} }.into_any()
}

/// Why an account is disabled, enabled, or without its second factor.
fn why(cx: Cx, form: &Filled) -> AnyView {
    let (id, error) = (form.id("reason"), form.error("reason"));
    let reason = form.value("reason", "");
    view! { <TextInput name="reason" id=id label=cx.pick("原因", "Why") value=reason required=true maxlength=100 error=error/> }.into_any()
}

/// What the administrator can do about an account; each act asks why, or how the person was checked, and leaves a trace.
fn acts(cx: Cx, member: &StaffMember) -> AnyView {
    let mut open = false;
    let mut act = |op: &'static str, label: &'static str| {
        let form = cx.form_of(op, format!("{}-{}", op.replace('/', "-"), member.account));
        let hidden = form.hidden(vec![Hidden::new("account", member.account.to_string())]);
        let action = format!("/api/{op}");
        let fields = if op == REISSUE {
            identity_fields(cx, &form)
        } else {
            why(cx, &form)
        };
        open |= form.open();
        view! {
            <PostForm action=action tenant=cx.slug() hidden=hidden>
                {fields}
                <FormActions><SubmitButton label=label weight=Weight::Secondary/></FormActions>
            </PostForm>
        }
        .into_any()
    };
    let forms: Vec<AnyView> = if member.standing == Standing::Disabled {
        vec![act(
            "institution/enable-account",
            cx.pick("恢复使用", "Let it be used again"),
        )]
    } else {
        let slip = act(REISSUE, cx.pick("重新签发激活单", "Issue a new slip"));
        let factor = member.second_factor.then(|| {
            act(
                "institution/reset-totp",
                cx.pick("重置动态口令", "Reset the second factor"),
            )
        });
        let stop = act(
            "institution/disable-account",
            cx.pick("停用账号", "Disable the account"),
        );
        [Some(slip), factor, Some(stop)]
            .into_iter()
            .flatten()
            .collect()
    };
    view! { <Fold summary=cx.pick("办理", "Act") open=open>{forms}</Fold> }.into_any()
}

fn head(cx: Cx, title: &'static str, template: &str) -> Head {
    let mut head = Head::new(title).with_files();
    let href = cx.href(&format!("files/templates/{template}"));
    let comma = format!("{href}.csv");
    head.actions = view! {
        <LinkButton label=cx.pick("模板 xlsx", "Template xlsx") href=href weight=Weight::Quiet download=true/>
        <LinkButton label=cx.pick("模板 csv", "Template csv") href=comma weight=Weight::Quiet download=true/>
    }
    .into_any();
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
    let upload = cx.form("files/organisation");
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
        <Fold summary=cx.pick("上传 xlsx / csv", "Upload xlsx or csv") open=upload.open()>
            <PostForm action=action tenant=cx.slug() multipart=true hidden=vec![Hidden::new("kind", file.key())]>
                <FileInput name="file" error=upload.error("file") label=cx.pick("文件", "File") accept=".xlsx,.csv" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传并检查", "Upload and check") weight=Weight::Secondary/></FormActions>
            </PostForm>
            {history}
        </Fold>
    }
    .into_any())
}

/// The address of a list, with the import that is looked at.
fn listed(cx: Cx, file: OrganisationFile) -> String {
    let path = cx.href(page_of(file));
    match cx
        .query("import")
        .and_then(|id| id.parse::<uuid::Uuid>().ok())
    {
        Some(import) => format!("{path}?import={import}"),
        None => path,
    }
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
    let possible = import.state == ImportState::Confirmed && import.undo_in_time;
    let undo = possible.then(|| {
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
    let (written, changed) = written_words(cx, import);
    let items = vec![
        Figure::new(cx.pick("行数", "Rows"), import.counts.rows.to_string()),
        Figure::new(written, import.counts.good.to_string()).tone(Tone::Success),
        Figure::new(changed, import.counts.changed.to_string()),
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
    let result = cx.href(&format!("files/organisation/{}", import.id));
    let hidden = vec![
        Hidden::new("import", import.id.to_string()),
        Hidden::new("page", page_of(import.file)),
    ];
    let writes = import.counts.good + import.counts.changed;
    let confirm = (import.state == ImportState::Checked && writes > 0).then(|| {
        let label = match cx.lang {
            domain::text::Lang::Zh => format!("确认写入 {writes} 行"),
            domain::text::Lang::En => format!("Write {writes} rows"),
        };
        let mut hidden = hidden;
        hidden.push(Hidden::new("seen", preview.seen.clone()));
        view! {
            <PostForm action="/api/institution/import-confirm" tenant=cx.slug() hidden=hidden>
                <FormActions><SubmitButton label=label/></FormActions>
            </PostForm>
        }
    });
    let title = import.file_name.clone();
    if import.unreadable.is_some() {
        return view! { <Panel title=title>{unreadable}</Panel> }.into_any();
    }
    if preview.rows.is_empty() && import.state == ImportState::Checked {
        return view! { <Panel title=title>{nothing_in_it(cx)}</Panel> }.into_any();
    }
    let (findings, rows) = (findings_table(cx, preview), rows_table(cx, preview));
    view! {
        <Panel title=title>
            <Figures label=cx.pick("检查结果", "Result") items=items/>
            {findings}
            <p><LinkButton label=cx.pick("下载检查结果", "Download the result") href=result weight=Weight::Quiet download=true/></p>
            {rows}
            {confirm}
        </Panel>
    }
    .into_any()
}

/// A file that has headings and nothing below them but the sample.
fn nothing_in_it(cx: Cx) -> AnyView {
    view! {
        <Notice tone=Tone::Warning title=cx.pick("文件里没有要导入的行", "The file holds no rows to import")>
            <p>{cx.pick("以“示例”开头的行是示例，不导入。请在它下面逐行填写后重新上传。", "A row that begins with 示例 is the sample and is not imported. Fill in the rows below it and upload the file again.")}</p>
        </Notice>
    }
    .into_any()
}

/// What is said of the rows that write and of those that change: before they are confirmed, and after.
fn written_words(cx: Cx, import: &OrganisationImport) -> (&'static str, &'static str) {
    match (import.state, import.confirmed_at) {
        (ImportState::Confirmed, _) => (cx.pick("已写入", "Written"), cx.pick("已更改", "Changed")),
        (ImportState::Undone, Some(_)) => (
            cx.pick("写入后已撤销", "Written and taken back"),
            cx.pick("更改后已撤销", "Changed and taken back"),
        ),
        _ => (
            cx.pick("将写入", "To be written"),
            cx.pick("将更改", "To be changed"),
        ),
    }
}

/// What was found, row by row.
fn findings_table(cx: Cx, preview: &OrganisationPreview) -> Option<AnyView> {
    let columns = vec![
        Column::new(cx.pick("行", "Row")).numeric(),
        Column::new(cx.pick("列", "Column")),
        Column::new(cx.pick("问题", "Finding")).title(),
        Column::new(cx.pick("怎么办", "What to do")),
    ];
    let rows = preview
        .findings
        .iter()
        .map(|f| {
            let tone = if f.severity == Severity::Error {
                TextTone::Error
            } else {
                TextTone::Warning
            };
            let words = f.finding.message_in(cx.lang);
            let chip = if f.severity == Severity::Error {
                cx.pick("错误", "Error")
            } else {
                cx.pick("提示", "Note")
            };
            let detail = f.finding.detail.clone();
            Row::new()
                .cell(f.finding.row.to_string())
                .cell(f.finding.field.clone())
                .cell(view! { {say::word_chip(chip.to_owned(), tone)} " " {words} " " {detail} })
                .cell(f.finding.advice(preview.import.file, cx.lang))
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! { <DataTable caption=cx.pick("检查发现", "Findings") columns=columns rows=rows/> }
            .into_any()
    })
}

/// Rows of the file, those that need a decision first.
fn rows_table(cx: Cx, preview: &OrganisationPreview) -> AnyView {
    let columns = [cx.pick("行", "Row"), cx.pick("状态", "State")]
        .into_iter()
        .chain(preview.headings.iter().copied())
        .map(Column::new)
        .collect::<Vec<_>>();
    // What needs a decision comes first, whichever row of the file it is.
    let weight = |state: RowState| match state {
        RowState::Error => 0,
        RowState::Change => 1,
        RowState::Good => 2,
        RowState::Unchanged | RowState::Confirmed => 3,
    };
    let mut shown: Vec<_> = preview.rows.iter().collect();
    shown.sort_by_key(|row| (weight(row.state), row.row));
    let rows = shown
        .into_iter()
        .take(SHOWN)
        .map(|row| {
            let made = Row::new()
                .cell(row.row.to_string())
                .cell(say::label(cx, &row.state));
            let cells = preview.headings.iter().zip(&row.cells);
            cells.fold(made, |made, (heading, cell)| {
                let phone = *heading == TELEPHONE && !cell.is_empty();
                if phone {
                    made.cell(say::phone(cell.clone()))
                } else {
                    made.text(cell.clone())
                }
            })
        })
        .collect::<Vec<_>>();
    let caption = match cx.lang {
        domain::text::Lang::Zh => format!(
            "预览：{} 行中的前 {} 行，有错误和将更改的在前",
            preview.rows.len(),
            rows.len()
        ),
        domain::text::Lang::En => format!(
            "Preview: {} of {} rows, errors and changes first",
            rows.len(),
            preview.rows.len()
        ),
    };
    view! { <DataTable caption=caption columns=columns rows=rows/> }.into_any()
}
