//! The look before the confirmation: totals, rows by province and major, the rows themselves, findings.

use super::say;
use crate::cx::Cx;
use crate::pages::paged::{last_page, page_number, page_of, pager};
use domain::admission::finding::{FindingKind, Severity};
use domain::admission::import::ImportState;
use domain::admission::source::SourceField;
use domain::institution::Actor;
use domain::text::{Lang, Tone as TextTone};
use domain::view::admission::{ImportView, KindTotal, RowState, RowsOf, UploadKind};
use leptos::prelude::*;
use ui::prelude::*;

/// Findings on one page of an import.
const FINDINGS_PER_PAGE: u64 = 50;

/// Year, way of admission, who uploaded it, who confirmed it (谁经办).
pub(super) fn facts(cx: Cx, view: &ImportView) -> AnyView {
    let line = &view.line;
    let uploaded = format!(
        "{} {} {}",
        cx.pick("上传", "uploaded by"),
        line.uploaded_by,
        say::moment(line.uploaded_at)
    );
    let confirmed = view
        .confirmed
        .as_ref()
        .filter(|_| line.kind == UploadKind::Admission);
    let confirmed = confirmed.map(|(by, at)| {
        format!(
            "{} {by} {}",
            cx.pick("最近确认", "last confirmed by"),
            say::moment(*at)
        )
    });
    let mut parts = vec![line.year.to_string(), say::label(cx, &line.kind)];
    if line.kind == UploadKind::Admission {
        parts.push(say::label(cx, &line.path));
    }
    parts.push(uploaded);
    parts.extend(confirmed);
    view! { <p class="xj-muted" data-own="">{parts.join(" · ")}</p> }.into_any()
}

/// The findings of one kind and weight: what one figure counts.
type Shown = (FindingKind, Severity);

/// What is asked for in the address.
fn shown(cx: Cx) -> Option<Shown> {
    let of = |name: &str| cx.query(name).unwrap_or_default();
    FindingKind::from_key(&of("kind")).zip(Severity::from_key(&of("severity")))
}

fn here(cx: Cx, view: &ImportView, shown: Option<Shown>) -> String {
    let path = cx.href(&format!("admission/imports/{}", view.line.id));
    shown.map_or_else(
        || path.clone(),
        |(kind, severity)| format!("{path}?kind={}&severity={}", kind.key(), severity.key()),
    )
}

pub(super) fn totals(cx: Cx, view: &ImportView) -> AnyView {
    let kinds = view
        .totals
        .iter()
        .map(|total| kind_figure(cx, view, total))
        .collect::<Vec<_>>();
    let kinds = (!kinds.is_empty()).then(
        || view! { <Figures label=cx.pick("按问题种类", "By kind of finding") items=kinds/> },
    );
    if view.line.kind == UploadKind::Photos {
        let photos = photo_totals(cx, view);
        return view! { {photos} {kinds} }.into_any();
    }
    if view.line.counts.rows.is_empty() && view.totals.is_empty() {
        return ().into_any();
    }
    let rows = told_states(view)
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
            .href(state_href(cx, view, state))
            .selected(cx.query("state").as_deref() == Some(state.key()))
            .note(
                (state == RowState::Warned)
                    .then(|| accepted(cx, view))
                    .flatten(),
            )
        })
        .collect::<Vec<_>>();
    let aside = division(cx, view);
    view! {
        <Figures label=cx.pick("按处理结果", "By result") items=rows aside=aside/>
        {kinds}
    }
    .into_any()
}

/// The states of rows that a total is shown of. Of an import that is over nothing waits for anybody.
fn told_states(view: &ImportView) -> impl Iterator<Item = RowState> {
    let over = view.line.state == ImportState::Undone;
    RowState::ALL.into_iter().filter(move |state| {
        let open = match state {
            RowState::Good | RowState::Warned | RowState::Bad | RowState::Changed => true,
            RowState::Unchanged | RowState::Confirmed | RowState::Waiting => false,
        };
        view.line.counts.in_state(*state) > 0 && !(over && open)
    })
}

/// How many of the rows with warnings can go in, because somebody has accepted them.
fn accepted(cx: Cx, view: &ImportView) -> Option<String> {
    let count = view.accepted_rows();
    (count > 0).then(|| format!("{} {}", cx.pick("已接受", "accepted"), say::number(count)))
}

/// How the records of the source divide: the parts add up.
fn division(cx: Cx, view: &ImportView) -> String {
    let parts = &view.line.counts.division;
    let named = [
        (parts.candidates, cx.pick("考生", "candidates")),
        (parts.deleted, cx.pick("删除标记", "marked deleted")),
        (
            parts.left_out,
            cx.pick("改正时删除", "left out by a repair"),
        ),
        (parts.withdrawn, cx.pick("退档", "withdrawn")),
        (
            parts.repeated,
            cx.pick("同一考生号的其余行", "further records of a number"),
        ),
        (
            parts.without_offer,
            cx.pick("没有录取信息", "without an offer"),
        ),
    ];
    let listed: Vec<String> = named
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| match cx.lang {
            Lang::Zh => format!("{name} {} 行", say::number(count)),
            Lang::En => format!("{} {name}", say::number(count)),
        })
        .collect();
    let total = say::number(parts.total());
    match cx.lang {
        Lang::Zh if listed.is_empty() => format!("原始记录 {total} 行"),
        Lang::Zh => format!("原始记录 {total} 行：{}", listed.join("、")),
        Lang::En if listed.is_empty() => format!("{total} source records"),
        Lang::En => format!("{total} source records: {}", listed.join(", ")),
    }
}

fn kind_figure(cx: Cx, view: &ImportView, total: &KindTotal) -> Figure {
    let tone = if total.severity == Severity::Error {
        Tone::Error
    } else {
        Tone::Warning
    };
    let own = (total.kind, total.severity);
    let selected = shown(cx) == Some(own);
    let note = (total.accepted > 0)
        .then(|| format!("{} {}", cx.pick("已接受", "accepted"), total.accepted));
    Figure::new(kind_label(cx, view, total), say::number(total.total))
        .href(here(cx, view, (!selected).then_some(own)))
        .tone(tone)
        .selected(selected)
        .note(note)
}

/// A kind that weighs differently from row to row has two figures: each says which it is.
fn kind_label(cx: Cx, view: &ImportView, total: &KindTotal) -> String {
    let label = say::label(cx, &total.kind);
    let of_kind = view.totals.iter().filter(|other| other.kind == total.kind);
    if of_kind.count() < 2 {
        return label;
    }
    let weight = say::label(cx, &total.severity);
    match cx.lang {
        Lang::Zh => format!("{label}（{weight}）"),
        Lang::En => format!("{label} ({weight})"),
    }
}

/// Photos that were looked at, kept, and known before.
fn photo_totals(cx: Cx, view: &ImportView) -> AnyView {
    let source = &view.line.counts.source;
    if source.is_empty() {
        return ().into_any();
    }
    let figure = |key: &str, label: &'static str, tone| {
        let count = source.get(key).copied().unwrap_or_default();
        Figure::new(label, say::number(count)).tone(tone)
    };
    let items = vec![
        figure("photos", cx.pick("照片", "Photos"), Tone::Neutral),
        if view.line.state == ImportState::Undone {
            figure("kept", cx.pick("已撤回", "Taken back"), Tone::Neutral)
        } else {
            let kept = cx.pick("已匹配入库", "Matched and kept");
            figure("kept", kept, Tone::Success)
        },
        figure(
            "unchanged",
            cx.pick("先前已有", "There before"),
            Tone::Neutral,
        ),
    ];
    view! { <Figures label=cx.pick("按处理结果", "By result") items=items/> }.into_any()
}

fn state_href(cx: Cx, view: &ImportView, state: RowState) -> String {
    let shown = cx.query("state").as_deref() == Some(state.key());
    let path = cx.href(&format!("admission/imports/{}", view.line.id));
    if shown {
        path
    } else {
        format!("{path}?state={}", state.key())
    }
}

/// Rows by province and by major, so that a missing province is seen before the confirmation and not after it.
pub(super) fn groups(cx: Cx, view: &ImportView) -> AnyView {
    if view.folders.is_empty() {
        return ().into_any();
    }
    let told: Vec<RowState> = told_states(view).collect();
    let folders = group_table(
        cx,
        cx.pick("按省份和批次", "By province and batch"),
        cx.pick("省份与批次", "Province and batch"),
        (view.folders.as_slice(), told.as_slice()),
    );
    let majors = group_table(
        cx,
        cx.pick("按录取专业", "By admitted major"),
        cx.pick("录取专业", "Admitted major"),
        (view.majors.as_slice(), told.as_slice()),
    );
    let summary = match cx.lang {
        domain::text::Lang::Zh => format!(
            "各省各专业人数（{} 个文件夹，{} 个专业）",
            view.folders.len(),
            view.majors.len()
        ),
        domain::text::Lang::En => format!(
            "People by province and major ({} folders, {} majors)",
            view.folders.len(),
            view.majors.len()
        ),
    };
    view! { <Fold summary=summary>{folders}{majors}</Fold> }.into_any()
}

fn group_table(
    cx: Cx,
    caption: &'static str,
    first: &'static str,
    (groups, told): (&[RowsOf], &[RowState]),
) -> AnyView {
    let shown: Vec<RowState> = told
        .iter()
        .copied()
        .filter(|state| groups.iter().any(|group| group.in_state(*state) > 0))
        .collect();
    let mut columns = vec![
        Column::new(first).title(),
        Column::new(cx.pick("人数", "People")).numeric(),
    ];
    columns.extend(
        shown
            .iter()
            .map(|state| Column::new(say::label(cx, state)).numeric()),
    );
    let rows = groups
        .iter()
        .map(|group| {
            let row = Row::new()
                .cell(if group.name.is_empty() {
                    "—".to_owned()
                } else {
                    group.name.clone()
                })
                .cell(say::number(group.total()));
            shown.iter().fold(row, |row, state| {
                row.cell(say::number(group.in_state(*state)))
            })
        })
        .collect::<Vec<_>>();
    view! { <DataTable caption=caption columns=columns rows=rows/> }.into_any()
}

/// The rows in one state, when somebody asks for them.
pub(super) async fn rows(
    cx: Cx,
    actor: &Actor,
    view: &ImportView,
) -> Result<AnyView, services::ServiceError> {
    let asked = cx.query("state");
    let Some(state) = asked.as_deref().and_then(RowState::from_key) else {
        return Ok(().into_any());
    };
    let (reader, id, page) = (actor.clone(), view.line.id, page_number(cx));
    let per_page = services::admission::ROWS_PER_PAGE;
    let found = cx
        .services()
        .run(move |services| async move {
            let offset = u64::from(page - 1) * per_page;
            services.import_rows(&reader, id, state, offset).await
        })
        .await?;
    let columns = vec![
        Column::new(cx.pick("考生号", "Candidate number"))
            .title()
            .nowrap(),
        Column::new(cx.pick("姓名", "Name")),
        Column::new(cx.pick("录取专业", "Admitted major")),
        Column::new(cx.pick("省份与批次", "Province and batch")),
        Column::new(cx.pick("文件", "File")),
        Column::new(cx.pick("行", "Row")).numeric(),
    ];
    let rows = found
        .into_iter()
        .map(|line| {
            Row::new()
                .cell(line.ksh)
                .cell(line.name)
                .cell(line.major)
                .cell(line.folder)
                .cell(line.file)
                .cell(line.row.to_string())
        })
        .collect::<Vec<_>>();
    let total = view.line.counts.in_state(state);
    let path = cx.href(&format!("admission/imports/{id}?state={}", state.key()));
    let summary = format!("{} {}", say::number(total), cx.pick("人", "people"));
    let footer = pager(cx, (page, last_page(total, per_page)), summary, |n| {
        page_of(&path, n)
    });
    let caption = format!(
        "{}{}",
        cx.pick("考生：", "Candidates: "),
        say::label(cx, &state)
    );
    Ok(view! { <DataTable caption=caption columns=columns rows=rows footer=footer/> }.into_any())
}

/// A column with what it is called in words: 证件号码 ZJHM.
fn field(cx: Cx, column: &str) -> String {
    SourceField::from_column(column).map_or_else(
        || column.to_owned(),
        |known| format!("{} {column}", say::label(cx, &known)),
    )
}

pub(super) async fn findings(
    cx: Cx,
    actor: &Actor,
    view: &ImportView,
) -> Result<AnyView, services::ServiceError> {
    if view.totals.is_empty() || cx.query("state").is_some() {
        return Ok(().into_any());
    }
    let shown = shown(cx);
    let page = page_number(cx);
    let filter = services::FindingFilter {
        kind: shown.map(|(kind, _)| kind.key().to_owned()),
        severity: shown.map(|(_, severity)| severity.key().to_owned()),
        offset: u64::from(page - 1) * FINDINGS_PER_PAGE,
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
            let accepted = line.accepted.as_ref().map(|r| format!("{}{r}", cx.pick("已接受：", "accepted: ")));
            let (chip, message) = (say::word_chip(say::label(cx, &line.kind), tone), say::pair(cx, &line.message));
            Row::new()
                .cell(line.ksh.clone())
                .cell(line.file.clone())
                .cell(if line.row == 0 { "—".to_owned() } else { line.row.to_string() })
                .cell(field(cx, &line.field))
                .cell(view! { <div>{chip} " " {message} {accepted.map(|a| view! { <p class="xj-muted">{a}</p> })}</div> })
                .cell(line.rule.clone())
                .cell(say::pair(cx, &line.suggestion))
        })
        .collect::<Vec<_>>();
    let last = last_page(found.total, FINDINGS_PER_PAGE);
    let base = here(cx, view, shown);
    let summary = format!("{} {}", say::number(found.total), cx.pick("条", "findings"));
    let footer = pager(cx, (page, last), summary, |n| page_of(&base, n));
    Ok(view! { <DataTable caption=cx.pick("检查发现", "Findings") columns=columns rows=rows footer=footer/> }.into_any())
}
