//! What can be done with an import: columns, acceptance, confirmation, repair, undo.

use super::say;
use crate::cx::Cx;
use crate::draft::Filled;
use domain::admission::finding::Severity;
use domain::admission::source::{ColumnMapping, SourceField};
use domain::text::Label as _;
use domain::view::admission::{ImportColumns, ImportView, KindTotal, UploadKind};
use leptos::prelude::*;
use ui::prelude::*;

/// Every decision is about what the page shows: the import at its version.
fn decided(view: &ImportView) -> Vec<Hidden> {
    vec![
        Hidden::new("import", view.line.id.to_string()),
        Hidden::new("version", view.version.to_string()),
    ]
}

/// One select a heading of a worksheet; what was sent and refused, assigned or proposed stands in it.
pub(super) fn columns(cx: Cx, view: &ImportView) -> AnyView {
    let Some(columns) = &view.columns else {
        return ().into_any();
    };
    let sent = cx.form("admission/assign-columns");
    let chosen = chosen(&sent, columns);
    let wrong = sent.error("columns");
    let fault = wrong.as_ref().map(|_| at_fault(&chosen));
    let first = fault.as_ref().and_then(|fault| fault.first().copied());
    let selects = columns
        .columns
        .iter()
        .zip(&chosen)
        .enumerate()
        .map(|(at, ((heading, _), field))| {
            let label = if heading.is_empty() {
                format!("{} {}", cx.pick("第", "Column"), at + 1)
            } else {
                heading.clone()
            };
            let name = format!("columns[{at}]");
            // Where a refusal leads to is the first column that it is about.
            let id = if first == Some(at) {
                sent.id("columns")
            } else {
                format!("column-{at}")
            };
            let here = fault.as_ref().is_some_and(|fault| fault.contains(&at));
            let error = wrong.clone().filter(|_| here);
            view! { <SelectInput name=name id=id label=label error=error choices=fields(cx, *field)/> }
        })
        .collect::<Vec<_>>();
    let required = ColumnMapping::REQUIRED
        .map(|field| cx.text(field.label()))
        .join(cx.pick("、", ", "));
    let note = match cx.lang {
        domain::text::Lang::Zh => {
            format!("必须指定：{required}。对应关系会保存，下次表头相同的文件自动照此读取。")
        }
        domain::text::Lang::En => format!(
            "Needed: {required}. The assignment is kept and used for the next file with the same headings."
        ),
    };
    let form = view! {
        <PostForm action="/api/admission/assign-columns" tenant=cx.slug() hidden=decided(view)>
            <p class="xj-muted">{note}</p>
            <FieldRow>{selects}</FieldRow>
            <FormActions><SubmitButton label=cx.pick("保存对应关系并重新检查", "Keep the columns and check again")/></FormActions>
        </PostForm>
    };
    if view.unreadable.is_some() {
        return view! { <Panel title=cx.pick("指定各列的含义", "Say which column is which field")>{form}</Panel> }
            .into_any();
    }
    let summary = if columns.assigned {
        cx.pick("列的对应关系（已保存）", "Columns (as assigned)")
    } else {
        cx.pick(
            "列的对应关系（按表头识别）",
            "Columns (recognised by their headings)",
        )
    };
    view! { <Fold open=sent.open() summary=summary>{form}</Fold> }.into_any()
}

/// What each column is: as it was sent where that was refused, else as the import has it.
fn chosen(sent: &Filled, columns: &ImportColumns) -> Vec<Option<SourceField>> {
    let fields = columns.columns.iter().enumerate();
    fields
        .map(|(at, (_, field))| {
            sent.typed(&format!("columns[{at}]"))
                .map_or(*field, SourceField::from_column)
        })
        .collect()
}

/// The columns that a refusal is about: those that share a field, else the first that is not used.
fn at_fault(chosen: &[Option<SourceField>]) -> Vec<usize> {
    let bearers = |field: SourceField| chosen.iter().filter(|other| **other == Some(field)).count();
    let places = |wrong: fn(usize) -> bool| {
        let counts = chosen.iter().map(|field| field.map_or(0, bearers));
        let counted = counts.enumerate().filter(|(_, count)| wrong(*count));
        counted.map(|(at, _)| at).collect::<Vec<usize>>()
    };
    let shared = places(|count| count > 1);
    if shared.is_empty() {
        places(|count| count == 0).into_iter().take(1).collect()
    } else {
        shared
    }
}

fn fields(cx: Cx, chosen: Option<SourceField>) -> Vec<Choice> {
    let none = Choice::new("", cx.pick("不使用", "Not used")).checked(chosen.is_none());
    let field = |field: SourceField| {
        let name = cx.text(field.label());
        let label = format!("{name} {}", field.column());
        Choice::new(field.column(), label).checked(chosen == Some(field))
    };
    std::iter::once(none)
        .chain(SourceField::ALL.into_iter().map(field))
        .collect()
}

pub(super) fn next(cx: Cx, view: &ImportView) -> AnyView {
    view! {
        {accept(cx, view)}
        {confirm(cx, view)}
        {repair(cx, view)}
        {discard(cx, view)}
        {undo(cx, view)}
    }
    .into_any()
}

fn accept(cx: Cx, view: &ImportView) -> AnyView {
    if view.steps.open_warnings == 0 {
        return ().into_any();
    }
    let form = cx.form("admission/accept-warnings");
    let kinds = view
        .totals
        .iter()
        .filter(|t| t.severity == Severity::Warning && t.accepted < t.total)
        .filter(|t| !t.kind.is_counted_only())
        .map(|t| {
            Choice::new(t.kind.key(), counted(cx, t))
                .checked(form.typed("kind") == Some(t.kind.key()))
        })
        .collect::<Vec<_>>();
    let hidden = decided(view);
    let (reason, error) = (form.value("reason", ""), form.error("reason"));
    view! {
        <Panel title=cx.pick("接受提示", "Accept warnings")>
            <PostForm action="/api/admission/accept-warnings" tenant=cx.slug() hidden=hidden>
                <SelectInput name="kind" label=cx.pick("种类", "Kind") choices=kinds/>
                <TextInput name="reason" value=reason error=error label=cx.pick("理由", "Reason") required=true maxlength=200 hint=cx.pick("至少 4 个字，将与接受人一起记录", "At least 4 characters; kept with the name of whoever accepts")/>
                <FormActions><SubmitButton label=cx.pick("接受并记录理由", "Accept with this reason") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

/// A kind, and how many of it nobody has accepted.
fn counted(cx: Cx, total: &KindTotal) -> String {
    let (label, open) = (say::label(cx, &total.kind), total.total - total.accepted);
    let open = say::number(open);
    match cx.lang {
        domain::text::Lang::Zh => format!("{label}（{open}）"),
        domain::text::Lang::En => format!("{label} ({open})"),
    }
}

fn confirm(cx: Cx, view: &ImportView) -> AnyView {
    if view.steps.confirm == 0 {
        return ().into_any();
    }
    let label = match cx.lang {
        domain::text::Lang::Zh => format!("确认入库 {} 人", say::number(view.steps.confirm)),
        domain::text::Lang::En => format!("Confirm {} candidates", say::number(view.steps.confirm)),
    };
    let mut hidden = decided(view);
    hidden.push(Hidden::new("rows", view.steps.confirm.to_string()));
    let accepted = accepted_too(cx, view);
    view! {
        <PostForm action="/api/admission/confirm" tenant=cx.slug() hidden=hidden>
            {accepted}
            <p class="xj-muted">{cx.pick("有错误的行不会写入，改正后可再次上传这些行。", "Rows with errors stay out; upload them again once they are mended.")}</p>
            <FormActions><SubmitButton label=label/></FormActions>
        </PostForm>
    }
    .into_any()
}

/// Of which rows those are that the button counts, where some of them had warnings.
fn accepted_too(cx: Cx, view: &ImportView) -> Option<AnyView> {
    let accepted = view.accepted_rows();
    let text = match cx.lang {
        domain::text::Lang::Zh => {
            format!("其中 {} 人有提示，已接受。", say::number(accepted))
        }
        domain::text::Lang::En => format!(
            "{} of them had warnings, which were accepted.",
            say::number(accepted)
        ),
    };
    (accepted > 0).then(|| view! { <p class="xj-muted">{text}</p> }.into_any())
}

fn repair(cx: Cx, view: &ImportView) -> AnyView {
    if !view.steps.repair {
        return ().into_any();
    }
    let action = cx.href("files/admission");
    let hidden = vec![
        Hidden::new("repair", view.line.id.to_string()),
        Hidden::new("year", view.line.year.to_string()),
    ];
    view! {
        <Fold summary=cx.pick("上传改正后的行", "Upload mended rows")>
            <PostForm action=action tenant=cx.slug() multipart=true hidden=hidden>
                <p class="xj-muted">{cx.pick("在下载的检查结果里改正；不要的行（如重复的一行）在“处理”列选“删除”，上传后该行不入库。", "Mend the rows in the downloaded findings. For a row to be left out, such as one of two repeated ones, choose the entry of the drop-down list in that row: it will not go in.")}</p>
                <FileInput name="file" label=cx.pick("改正后的检查结果文件（只需留下改过的行）", "The mended findings file (only the rows you changed)") accept=".xlsx,.csv" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传", "Upload") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn discard(cx: Cx, view: &ImportView) -> AnyView {
    if !view.steps.discard {
        return ().into_any();
    }
    let hidden = decided(view);
    view! {
        <Fold summary=cx.pick("放弃这次上传", "Put this upload aside")>
            <PostForm action="/api/admission/discard" tenant=cx.slug() hidden=hidden>
                <p class="xj-muted">{cx.pick("没有任何考生入库。上传的文件和检查记录仍然保留，不再列为待办。", "Nobody is in. File and findings are kept, and nothing is left to do about them.")}</p>
                <FormActions><SubmitButton label=cx.pick("放弃", "Put aside") weight=Weight::Danger/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn undo(cx: Cx, view: &ImportView) -> AnyView {
    if !view.steps.built_on.is_empty() {
        let lines = view
            .steps
            .built_on
            .iter()
            .map(|built| {
                let line = built.text(cx.lang);
                view! { <li>{line}</li> }
            })
            .collect::<Vec<_>>();
        return view! {
            <Notice tone=Tone::Info title=cx.pick("这次导入现在不能撤销，已有后续工作以它为基础", "This import cannot be undone now: later work rests on it")>
                <ul class="xj-list">{lines}</ul>
            </Notice>
        }
        .into_any();
    }
    let Some(until) = view.steps.undo_until else {
        return ().into_any();
    };
    let date = say::date(cx, until);
    let photos = view.line.kind == UploadKind::Photos;
    let text = match cx.lang {
        domain::text::Lang::Zh if photos => {
            format!("可撤销至 {date}（从入库起算）；本次上传入库的照片全部撤回。")
        }
        domain::text::Lang::En if photos => format!(
            "Can be undone until {date}, counted from the day they were kept; all photos of this upload are taken back."
        ),
        domain::text::Lang::Zh => {
            format!("可撤销至 {date}（从最近一次确认起算）；本次导入已入库的行全部撤回。")
        }
        domain::text::Lang::En => format!(
            "Can be undone until {date}, counted from the last confirmation; all rows of it that are in are taken back."
        ),
    };
    let hidden = decided(view);
    view! {
        <Fold summary=cx.pick("撤销这次导入", "Undo this import")>
            <PostForm action="/api/admission/undo" tenant=cx.slug() hidden=hidden>
                <p class="xj-muted">{text}</p>
                <FormActions><SubmitButton label=cx.pick("撤销", "Undo") weight=Weight::Danger/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}
