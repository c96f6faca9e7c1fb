//! What can be done with an import: columns, acceptance, confirmation, repair, undo.

use super::say;
use crate::cx::Cx;
use domain::admission::finding::Severity;
use domain::admission::source::{ColumnMapping, SourceField};
use domain::text::Label as _;
use domain::view::admission::ImportView;
use leptos::prelude::*;
use ui::prelude::*;

/// Every decision is about what the page shows: the import at its version.
fn decided(view: &ImportView) -> Vec<Hidden> {
    vec![
        Hidden::new("import", view.line.id.to_string()),
        Hidden::new("version", view.version.to_string()),
    ]
}

/// One select a heading of a worksheet; what was assigned or is proposed stands in it.
pub(super) fn columns(cx: Cx, view: &ImportView) -> AnyView {
    let Some(columns) = &view.columns else {
        return ().into_any();
    };
    let selects = columns
        .columns
        .iter()
        .enumerate()
        .map(|(at, (heading, field))| {
            let label = if heading.is_empty() {
                format!("{} {}", cx.pick("第", "Column"), at + 1)
            } else {
                heading.clone()
            };
            let name = format!("columns[{at}]");
            let id = format!("column-{at}");
            view! { <SelectInput name=name id=id label=label choices=fields(cx, *field)/> }
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
    view! { <Fold summary=summary>{form}</Fold> }.into_any()
}

fn fields(cx: Cx, chosen: Option<SourceField>) -> Vec<Choice> {
    let none = Choice::new("", cx.pick("不使用", "Not used")).checked(chosen.is_none());
    let field = |field: SourceField| {
        let label = format!("{}（{}）", cx.text(field.label()), field.column());
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
            Choice::new(
                t.kind.key(),
                format!("{}（{}）", say::label(cx, &t.kind), t.total - t.accepted),
            )
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
    view! {
        <PostForm action="/api/admission/confirm" tenant=cx.slug() hidden=hidden>
            <p class="xj-muted">{cx.pick("有错误的行不会写入，改正后可再次上传这些行。", "Rows with errors stay out; upload them again once they are mended.")}</p>
            <FormActions><SubmitButton label=label/></FormActions>
        </PostForm>
    }
    .into_any()
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
    let text = match cx.lang {
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
