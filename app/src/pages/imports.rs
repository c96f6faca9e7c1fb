//! The import wizard: upload → check → look → confirm; and the mapping of majors.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use crate::islands::staff::ImportProgress;
use domain::admission::finding::Severity;
use domain::admission::import::ImportState;
use domain::admission::path::AdmissionPath;
use domain::text::Tone as TextTone;
use domain::view::admission::{ImportLine, ImportView, JobState, KindTotal, RowState};
use leptos::prelude::*;
use ui::prelude::*;

/// The list of imports with the upload form.
#[component]
pub fn ImportsPage() -> impl IntoView {
    page(list)
}

/// One import.
#[component]
pub fn ImportPage() -> impl IntoView {
    page(one)
}

/// The mapping of majors.
#[component]
pub fn MajorsPage() -> impl IntoView {
    page(majors)
}

/// Findings on one page of an import.
const FINDINGS_PER_PAGE: u64 = 50;

fn this_year(cx: Cx) -> i32 {
    use chrono::Datelike;
    cx.query("year")
        .and_then(|y| y.parse().ok())
        .unwrap_or_else(|| domain::calendar::local_date(cx.services().store().now()).year())
}

const fn tone(state: ImportState) -> TextTone {
    match state {
        ImportState::Uploaded | ImportState::Checking | ImportState::Confirming => TextTone::Info,
        ImportState::Checked => TextTone::Warning,
        ImportState::Unreadable => TextTone::Error,
        ImportState::Confirmed => TextTone::Success,
        ImportState::Undone => TextTone::Neutral,
    }
}

async fn list(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let lines = cx
        .services()
        .run(|services| async move { services.imports(&actor).await })
        .await?;
    let columns = vec![
        Column::new(cx.pick("文件", "File")).title(),
        Column::new(cx.pick("内容", "Content")),
        Column::new(cx.pick("年份", "Year")).numeric(),
        Column::new(cx.pick("状态", "State")),
        Column::new(cx.pick("行数", "Rows")).numeric(),
        Column::new(cx.pick("已入库", "In")).numeric(),
        Column::new(cx.pick("有错误", "With errors")).numeric(),
        Column::new(cx.pick("上传人", "Uploaded by")),
        Column::new(cx.pick("时间", "When")).numeric(),
    ];
    let rows = lines
        .iter()
        .map(|line| import_row(cx, line))
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有导入录取数据", "No admission data yet")
            text=cx.pick("上传各省录取数据文件夹的压缩包，或一张 Excel / CSV 表。检查完成之前不会写入任何内容。", "Upload a zip of the provinces' folders, or one Excel or CSV sheet. Nothing is written before the check is done.")
        />
    };
    let body = view! {
        {upload(cx)}
        <DataTable caption=cx.pick("导入记录", "Imports") columns=columns rows=rows empty=empty/>
        {photos(cx)}
    };
    let mut head = Head::new(cx.pick("录取数据导入", "Admission imports"));
    let template = cx.href("files/templates/candidates");
    head.actions = view! { <LinkButton label=cx.pick("模板", "Template") href=template weight=Weight::Quiet download=true/> }.into_any();
    Ok(office(cx, head, body))
}

fn import_row(cx: Cx, line: &ImportLine) -> Row {
    let href = cx.href(&format!("admission/imports/{}", line.id));
    let name = line.file_name.clone();
    let rows = line.counts.source.get("rows").copied().unwrap_or_default();
    Row::new()
        .cell(view! { <a class="xj-link" href=href>{name}</a> })
        .cell(say::label(cx, &line.kind))
        .cell(line.year.to_string())
        .cell(say::word_chip(
            say::label(cx, &line.state),
            tone(line.state),
        ))
        .cell(say::number(rows))
        .cell(say::number(line.counts.in_state(RowState::Confirmed)))
        .cell(say::number(line.counts.in_state(RowState::Bad)))
        .cell(line.uploaded_by.clone())
        .cell(say::moment(line.uploaded_at))
}

fn upload(cx: Cx) -> AnyView {
    let year = this_year(cx);
    let years = (year - 1..=year + 1)
        .map(|y| Choice::new(y.to_string(), y.to_string()).checked(y == year))
        .collect::<Vec<_>>();
    let paths = AdmissionPath::ALL
        .into_iter()
        .map(|path| {
            Choice::new(path.key(), say::label(cx, &path)).checked(path == AdmissionPath::Ordinary)
        })
        .collect::<Vec<_>>();
    let action = cx.href("files/admission");
    view! {
        <Panel title=cx.pick("上传录取数据", "Upload admission data")>
            <PostForm action=action tenant=cx.slug() multipart=true>
                <FieldRow>
                    <SelectInput name="year" label=cx.pick("录取年份", "Admission year") choices=years/>
                    <SelectInput name="path" label=cx.pick("类别", "Path") choices=paths/>
                </FieldRow>
                <FileInput
                    name="file"
                    label=cx.pick("文件", "File")
                    accept=".zip,.xlsx,.csv,.dbf"
                    multiple=true
                    required=true
                    hint=cx.pick("各省文件夹的 zip（T_BMK、T_TDD、TD_*），或一张 xlsx / csv 表；最大 200 MB", "A zip of province folders (T_BMK, T_TDD, TD_*), or one xlsx or csv sheet; at most 200 MB")
                />
                <FormActions><SubmitButton label=cx.pick("上传并检查", "Upload and check")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn photos(cx: Cx) -> AnyView {
    let action = cx.href("files/photos");
    let hidden = vec![Hidden::new("year", this_year(cx).to_string())];
    view! {
        <Fold summary=cx.pick("上传录取照片（zip，文件名为考生号）", "Upload admission photos (zip, named by candidate number)")>
            <PostForm action=action tenant=cx.slug() multipart=true hidden=hidden>
                <FileInput name="file" id="photos-file" label=cx.pick("照片压缩包", "Zip of photos") accept=".zip" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传照片", "Upload photos") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn id_of(cx: Cx) -> Result<uuid::Uuid, services::ServiceError> {
    cx.path()
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .ok_or(services::ServiceError::NotFound)
}

async fn one(cx: Cx) -> Page {
    let (actor, id) = (cx.actor()?, id_of(cx)?);
    let reader = actor.clone();
    let view = cx
        .services()
        .run(|services| async move { services.import_view(&reader, id).await })
        .await?;
    let running = matches!(
        view.line.state,
        ImportState::Uploaded | ImportState::Checking | ImportState::Confirming
    );
    let step = match view.line.state {
        ImportState::Uploaded | ImportState::Checking | ImportState::Unreadable => 1,
        ImportState::Checked => 2,
        ImportState::Confirming => 3,
        ImportState::Confirmed | ImportState::Undone => 4,
    };
    let steps = [
        ("上传", "Upload"),
        ("检查", "Check"),
        ("查看", "Look"),
        ("确认", "Confirm"),
    ]
    .map(|(zh, en)| cx.pick(zh, en).to_owned())
    .to_vec();
    let findings = findings(cx, &actor, &view).await?;
    let body = view! {
        <WizardSteps label=cx.pick("导入步骤", "Steps") done=cx.pick("已完成", "done") steps=steps current=step/>
        {running.then(|| progress(cx, &view))}
        {unreadable(cx, &view)}
        {notices(cx, &view)}
        {totals(cx, &view)}
        {findings}
        {next(cx, &view)}
    };
    let mut head = Head::new(view.line.file_name.clone());
    head.crumbs = vec![
        Crumb::new(
            cx.pick("录取数据导入", "Admission imports"),
            cx.href("admission/imports"),
        ),
        Crumb::here(view.line.file_name.clone()),
    ];
    head.aside = say::word_chip(say::label(cx, &view.line.state), tone(view.line.state));
    head.personal = true;
    if !view.totals.is_empty() {
        let href = cx.href(&format!("files/findings/{id}"));
        head.actions = view! { <LinkButton label=cx.pick("下载检查结果", "Download the findings") href=href weight=Weight::Secondary download=true/> }.into_any();
    }
    Ok(office(cx, head, body))
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
    let what = say::pair(cx, &unreadable.reason);
    let headings = unreadable.headings.join(" · ");
    view! {
        <Refusal
            what=cx.pick("文件无法读取，没有写入任何内容", "The file cannot be read; nothing was written")
            why=Line::new(cx.pick("原因", "Why"), what)
            clause="录取数据格式 V1、V2"
            who=Line::new(cx.pick("谁能帮助", "Who can help"), cx.pick("提供数据的省级招生部门；系统问题请找现代信息与教育技术中心", "The province that sent the data; for the system, the IT Centre"))
            now=Line::new(cx.pick("现在可以", "What to do"), cx.pick("重新导出该文件并再次上传。", "Export the file again and upload it."))
        />
        {(!headings.is_empty()).then(|| view! { <p class="xj-muted">{cx.pick("表头：", "Headings: ")}{headings}</p> })}
    }
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

fn here(cx: Cx, view: &ImportView, kind: Option<&str>) -> String {
    let path = cx.href(&format!("admission/imports/{}", view.line.id));
    kind.map_or_else(|| path.clone(), |kind| format!("{path}?kind={kind}"))
}

fn totals(cx: Cx, view: &ImportView) -> AnyView {
    if view.line.counts.rows.is_empty() && view.totals.is_empty() {
        return ().into_any();
    }
    let rows = RowState::ALL
        .into_iter()
        .filter(|state| view.line.counts.in_state(*state) > 0)
        .map(|state| {
            let tone = match state {
                RowState::Good | RowState::Confirmed => Tone::Success,
                RowState::Warned | RowState::Changed => Tone::Warning,
                RowState::Bad => Tone::Error,
                RowState::Unchanged | RowState::Waiting => Tone::Neutral,
            };
            Figure::new(
                say::label(cx, &state),
                say::number(view.line.counts.in_state(state)),
            )
            .tone(tone)
        })
        .collect::<Vec<_>>();
    let source = ["rows", "deleted", "withdrawn"].map(|key| {
        view.line
            .counts
            .source
            .get(key)
            .copied()
            .unwrap_or_default()
    });
    let aside = match cx.lang {
        domain::text::Lang::Zh => format!(
            "原始记录 {} 行，其中删除标记 {} 行、退档 {} 行",
            source[0], source[1], source[2]
        ),
        domain::text::Lang::En => format!(
            "{} source records, {} marked deleted, {} withdrawn",
            source[0], source[1], source[2]
        ),
    };
    let kinds = view
        .totals
        .iter()
        .map(|total| kind_figure(cx, view, total))
        .collect::<Vec<_>>();
    view! {
        <Figures label=cx.pick("按处理结果", "By result") items=rows aside=aside/>
        {(!kinds.is_empty()).then(|| view! { <Figures label=cx.pick("按问题种类", "By kind of finding") items=kinds/> })}
    }
    .into_any()
}

fn kind_figure(cx: Cx, view: &ImportView, total: &KindTotal) -> Figure {
    let tone = if total.severity == Severity::Error {
        Tone::Error
    } else {
        Tone::Warning
    };
    let key = total.kind.key();
    let selected = cx.query("kind").as_deref() == Some(key);
    let note = (total.accepted > 0)
        .then(|| format!("{} {}", cx.pick("已接受", "accepted"), total.accepted));
    Figure::new(say::label(cx, &total.kind), say::number(total.total))
        .href(here(cx, view, (!selected).then_some(key)))
        .tone(tone)
        .selected(selected)
        .note(note)
}

async fn findings(
    cx: Cx,
    actor: &domain::institution::Actor,
    view: &ImportView,
) -> Result<AnyView, services::ServiceError> {
    if view.totals.is_empty() {
        return Ok(().into_any());
    }
    let kind = cx.query("kind");
    let page: u64 = cx
        .query("page")
        .and_then(|p| p.parse().ok())
        .unwrap_or(1)
        .max(1);
    let filter = services::FindingFilter {
        kind,
        severity: None,
        offset: (page - 1) * FINDINGS_PER_PAGE,
        limit: FINDINGS_PER_PAGE,
    };
    let (reader, id) = (actor.clone(), view.line.id);
    let found = cx
        .services()
        .run(|services| async move { services.findings(&reader, id, filter).await })
        .await?;
    let columns = vec![
        Column::new(cx.pick("考生号", "Candidate number"))
            .title()
            .nowrap(),
        Column::new(cx.pick("文件", "File")),
        Column::new(cx.pick("行", "Row")).numeric(),
        Column::new(cx.pick("字段", "Field")),
        Column::new(cx.pick("问题", "Finding")).width(Width::Wide),
        Column::new(cx.pick("规则", "Rule")),
        Column::new(cx.pick("怎么办", "What to do")).width(Width::Wide),
    ];
    let rows = found
        .lines
        .iter()
        .map(|line| {
            let tone = if line.severity == Severity::Error { TextTone::Error } else { TextTone::Warning };
            let accepted = line.accepted.as_ref().map(|r| format!("{}：{r}", cx.pick("已接受", "accepted")));
            let (chip, message) = (say::word_chip(say::label(cx, &line.kind), tone), say::pair(cx, &line.message));
            Row::new()
                .cell(line.ksh.clone())
                .cell(line.file.clone())
                .cell(line.row.to_string())
                .cell(line.field.clone())
                .cell(view! { <div>{chip} " " {message} {accepted.map(|a| view! { <p class="xj-muted">{a}</p> })}</div> })
                .cell(line.rule.clone())
                .cell(say::pair(cx, &line.suggestion))
        })
        .collect::<Vec<_>>();
    let last = u32::try_from(found.total.div_ceil(FINDINGS_PER_PAGE).max(1)).unwrap_or(1);
    let base = here(cx, view, cx.query("kind").as_deref());
    let join = if base.contains('?') { '&' } else { '?' };
    let pages = Pages::new(u32::try_from(page).unwrap_or(1), last, |n| {
        format!("{base}{join}page={n}")
    });
    let summary = format!("{} {}", say::number(found.total), cx.pick("条", "findings"));
    let footer = view! { <Pagination label=cx.pick("翻页", "Pages") summary=summary previous=cx.pick("上一页", "Previous") next=cx.pick("下一页", "Next") pages=pages/> };
    Ok(view! { <DataTable caption=cx.pick("检查发现", "Findings") columns=columns rows=rows footer=footer/> }.into_any())
}

fn next(cx: Cx, view: &ImportView) -> AnyView {
    let id = || vec![Hidden::new("import", view.line.id.to_string())];
    let accept = (view.steps.open_warnings > 0).then(|| {
        let kinds = view
            .totals
            .iter()
            .filter(|t| t.severity == Severity::Warning && t.accepted < t.total)
            .map(|t| Choice::new(t.kind.key(), format!("{}（{}）", say::label(cx, &t.kind), t.total - t.accepted)))
            .collect::<Vec<_>>();
        let hidden = id();
        view! {
            <Panel title=cx.pick("接受提示", "Accept warnings")>
                <PostForm action="/api/admission/accept-warnings" tenant=cx.slug() hidden=hidden>
                    <SelectInput name="kind" label=cx.pick("种类", "Kind") choices=kinds/>
                    <TextInput name="reason" label=cx.pick("理由", "Reason") required=true maxlength=200/>
                    <FormActions><SubmitButton label=cx.pick("接受并记录理由", "Accept with this reason") weight=Weight::Secondary/></FormActions>
                </PostForm>
            </Panel>
        }
    });
    let confirm = (view.steps.confirm > 0).then(|| {
        let label = match cx.lang {
            domain::text::Lang::Zh => format!("确认入库 {} 人", say::number(view.steps.confirm)),
            domain::text::Lang::En => format!("Confirm {} candidates", say::number(view.steps.confirm)),
        };
        view! {
            <PostForm action="/api/admission/confirm" tenant=cx.slug() hidden=id()>
                <p class="xj-muted">{cx.pick("有错误的行不会写入，改正后可再次上传这些行。", "Rows with errors stay out; upload them again once they are mended.")}</p>
                <FormActions><SubmitButton label=label/></FormActions>
            </PostForm>
        }
    });
    let repair = view.steps.repair.then(|| {
        let action = cx.href("files/admission");
        let hidden = vec![Hidden::new("repair", view.line.id.to_string()), Hidden::new("year", view.line.year.to_string())];
        view! {
            <Fold summary=cx.pick("上传改正后的行", "Upload mended rows")>
                <PostForm action=action tenant=cx.slug() multipart=true hidden=hidden>
                    <FileInput name="file" label=cx.pick("改正后的检查结果文件（只需留下改过的行）", "The mended findings file (only the rows you changed)") accept=".xlsx,.csv,.zip" required=true/>
                    <FormActions><SubmitButton label=cx.pick("上传", "Upload") weight=Weight::Secondary/></FormActions>
                </PostForm>
            </Fold>
        }
    });
    let undo = view.steps.undo_until.map(|until| {
        let text = format!("{} {}", cx.pick("可撤销至", "Can be undone until"), say::date(cx, until));
        let hidden = id();
        view! {
            <Fold summary=cx.pick("撤销这次导入", "Undo this import")>
                <PostForm action="/api/admission/undo" tenant=cx.slug() hidden=hidden>
                    <p class="xj-muted">{text}</p>
                    <FormActions><SubmitButton label=cx.pick("撤销", "Undo") weight=Weight::Danger/></FormActions>
                </PostForm>
            </Fold>
        }
    });
    view! { {accept} {confirm} {repair} {undo} }.into_any()
}

async fn majors(cx: Cx) -> Page {
    let (actor, year) = (cx.actor()?, this_year(cx));
    let view = cx
        .services()
        .run(|services| async move { services.major_map_view(&actor, year).await })
        .await?;
    let columns = vec![
        Column::new(cx.pick("专业名称", "Major as admitted")).title(),
        Column::new(cx.pick("省份与批次", "Province and batch")),
        Column::new(cx.pick("代号", "Code")),
        Column::new(cx.pick("国标代码", "National code")),
        Column::new(cx.pick("人数", "People")).numeric(),
        Column::new(cx.pick("本校专业", "The school's major")).width(Width::Wide),
    ];
    let rows = view
        .lines
        .iter()
        .map(|line| {
            let now = line.major.as_ref().or(line.suggestion.as_ref()).map(|m| m.id);
            let mut choices = vec![Choice::new("", cx.pick("未对应", "Not mapped")).checked(now.is_none())];
            choices.extend(view.majors.iter().map(|m| Choice::new(m.id.to_string(), m.name.clone()).checked(Some(m.id) == now)));
            let hidden = vec![Hidden::new("map", line.id.to_string()), Hidden::new("year", view.year.to_string())];
            let state = match (&line.major, &line.suggestion) {
                (Some(_), _) => say::word_chip(cx.pick("已对应", "Mapped").to_owned(), TextTone::Success),
                (None, Some(_)) => say::word_chip(cx.pick("建议，待确认", "Suggested").to_owned(), TextTone::Warning),
                (None, None) => say::word_chip(cx.pick("未对应", "Not mapped").to_owned(), TextTone::Error),
            };
            let (select, broad, is_broad) = (format!("major-{}", line.id), format!("broad-{}", line.id), line.broad);
            Row::new()
                .cell(line.national_name.clone())
                .cell(line.folder.clone())
                .cell(line.admitted_code.clone())
                .cell(line.national_code.clone())
                .cell(say::number(line.students))
                .cell(view! {
                    <PostForm action="/api/admission/map-major" tenant=cx.slug() hidden=hidden class="xj-row">
                        {state}
                        <SelectInput name="major" id=select label=cx.pick("本校专业", "The school's major") choices=choices/>
                        <Checkbox name="broad" id=broad label=cx.pick("大类招生", "Broad category") checked=is_broad/>
                        <SubmitButton label=cx.pick("保存", "Save") weight=Weight::Secondary/>
                    </PostForm>
                })
        })
        .collect::<Vec<_>>();
    let empty = view! { <EmptyState title=cx.pick("这一年还没有录取专业", "No majors for this year yet")/> };
    let blocked = (view.unmapped > 0).then(|| {
        let title = match cx.lang {
            domain::text::Lang::Zh => format!(
                "{} 个录取专业未对应，涉及 {} 人：不影响导入，但不能移交",
                view.unmapped, view.blocked_students
            ),
            domain::text::Lang::En => format!(
                "{} majors not mapped, {} people: imports go on, the hand-over waits",
                view.unmapped, view.blocked_students
            ),
        };
        view! { <Notice tone=Tone::Warning title=title/> }
    });
    let note = say::pair(cx, &view.note);
    let body = view! {
        {blocked}
        <p class="xj-muted">{note}</p>
        <DataTable caption=cx.pick("专业对应", "Majors") columns=columns rows=rows empty=empty/>
    };
    Ok(office(
        cx,
        Head::new(format!("{} {}", view.year, cx.pick("级专业对应", "majors"))),
        body,
    ))
}
