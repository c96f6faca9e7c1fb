//! Hand-overs: offering a cohort, receiving it, and class and student number.

mod people;

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::admission::handover::{LONGEST_REASONS, Receipt};
use domain::institution::policy;
use domain::text::{Lang, Tone as Shade};
use domain::view::handover::{
    HandoverLine, HandoverPreview, HandoverView, ReceiptView, UnitCount, WholeAnswer,
};
use leptos::prelude::*;
use ui::prelude::*;

/// The list of hand-overs; for Admissions with what would be handed over now.
#[component]
pub fn HandoversPage() -> impl IntoView {
    page(list)
}

/// One hand-over.
#[component]
pub fn HandoverPage() -> impl IntoView {
    page(one)
}

async fn list(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let offers = actor.may::<policy::OfferHandover>();
    let reader = actor.clone();
    let lines = cx
        .services()
        .run(|services| async move { services.handovers(&reader).await })
        .await?;
    let preview = if offers {
        let year = cx.query("year").and_then(|y| y.parse().ok());
        Some(
            cx.services()
                .run(|services| async move { services.handover_preview(&actor, year).await })
                .await?,
        )
    } else {
        None
    };
    let columns = vec![
        Column::new(cx.pick("移交", "Hand-over")).title(),
        Column::new(cx.pick("人数", "People")).numeric(),
        Column::new(cx.pick("移交人", "Offered by")),
        Column::new(cx.pick("移交时间", "When")).numeric(),
        Column::new(cx.pick("接收", "Receipts")).width(Width::Wide),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let href = cx.href(&format!("handovers/{}", line.id));
            let name = format!("{} · {}", title(cx, line), say::label(cx, &line.kind));
            Row::new()
                .cell(view! { <a class="xj-link" href=href>{name}</a> })
                .cell(say::number(line.total))
                .cell(line.offered_by.clone())
                .cell(say::time(line.offered_at))
                .cell(answered(cx, &line.receipts))
        })
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有移交", "No hand-over yet")
            text=cx.pick("招生办公室把录取信息移交学生处和学院后，会出现在这里。", "What Admissions hands over to Student Affairs and the colleges appears here.")
        />
    };
    let body = view! {
        {preview.as_ref().map(|preview| view! { {years(cx, preview)} {offer(cx, preview)} })}
        <DataTable caption=cx.pick("移交记录", "Hand-overs") columns=columns rows=rows empty=empty/>
    };
    Ok(office(
        cx,
        Head::new(cx.pick("录取信息移交", "Hand-overs")),
        body,
    ))
}

/// 2026 级第 2 次移交
fn title(cx: Cx, line: &HandoverLine) -> String {
    match cx.lang {
        Lang::Zh => format!("{} 级第 {} 次移交", line.year, line.number),
        Lang::En => format!("{} cohort, hand-over no. {}", line.year, line.number),
    }
}

/// The answers of all receivers: how many have received, and who has not by name. Of a single receipt its state alone.
fn answered(cx: Cx, receipts: &[ReceiptView]) -> AnyView {
    if let [only] = receipts {
        let (chip, who) = (say::chip(cx, &only.state), say::pair(cx, &only.receiver));
        return view! { {chip} " " <span class="xj-muted">{who}</span> }.into_any();
    }
    let of = |answer: Receipt| receipts.iter().filter(move |one| one.answer == answer);
    let accepted = of(Receipt::Accepted).count();
    let shade = if accepted == receipts.len() {
        Shade::Success
    } else {
        Shade::Neutral
    };
    let chip = say::word_chip(say::label(cx, &Receipt::Accepted), shade);
    let count = format!("{accepted}/{}", receipts.len());
    let others = [Receipt::Offered, Receipt::Returned, Receipt::Replaced]
        .into_iter()
        .filter_map(|answer| {
            let first = of(answer).next()?;
            let names = of(answer).map(|one| say::pair(cx, &one.receiver));
            let names = names.collect::<Vec<_>>().join(cx.pick("、", ", "));
            let chip = say::chip(cx, &first.state);
            Some(view! { <div>{chip} " " <span class="xj-muted">{names}</span></div> })
        })
        .collect::<Vec<_>>();
    view! {
        <div>{chip} " " <span class="xj-num">{count}</span></div>
        {others}
    }
    .into_any()
}

fn counts(cx: Cx, caption: &'static str, units: &[UnitCount]) -> AnyView {
    fn lines(cx: Cx, units: &[UnitCount], depth: usize, rows: &mut Vec<Row>) {
        for unit in units {
            let name = match (unit.unit, depth) {
                (Some(_), _) => unit.name.clone(),
                (None, 0) => cx
                    .pick("录取专业未对应", "Admitted major not mapped")
                    .to_owned(),
                (None, 1) => cx
                    .pick("大类招生（专业待定）", "Broad intake, major open")
                    .to_owned(),
                (None, _) => cx.pick("未编班", "No class yet").to_owned(),
            };
            let name = format!("{}{name}", "　".repeat(depth));
            rows.push(Row::new().cell(name).cell(say::number(unit.total)));
            // A line that says no more than the one above it is left out; who has no college has nothing below it.
            let broad = depth == 0 && unit.unit.is_some();
            if unit.parts.iter().any(|part| part.unit.is_some() || broad) {
                lines(cx, &unit.parts, depth + 1, rows);
            }
        }
    }
    let mut rows = Vec::new();
    lines(cx, units, 0, &mut rows);
    let columns = vec![
        Column::new(cx.pick("学院 / 专业 / 班级", "College, major, class")),
        Column::new(cx.pick("人数", "People")).numeric(),
    ];
    view! { <DataTable caption=caption columns=columns rows=rows always_table=true/> }.into_any()
}

/// The cohorts to choose from: a late candidate of an earlier one is handed over too.
fn years(cx: Cx, preview: &HandoverPreview) -> Option<AnyView> {
    let choices = preview
        .years
        .iter()
        .map(|year| Choice::new(year.to_string(), year.to_string()).checked(*year == preview.year))
        .collect::<Vec<_>>();
    let several = choices.iter().any(|choice| !choice.checked);
    several.then(|| {
        let years = FilterSelect::new("year", cx.pick("年级", "Cohort"), choices);
        view! { <FilterBar label=cx.pick("年级", "Cohort") submit=cx.pick("查看", "Show") selects=vec![years]/> }
            .into_any()
    })
}

fn offer(cx: Cx, preview: &HandoverPreview) -> AnyView {
    let title = match cx.lang {
        Lang::Zh => format!(
            "{} 级{}：{} 人待移交",
            preview.year,
            say::label(cx, &preview.kind),
            say::number(preview.total)
        ),
        Lang::En => format!(
            "Cohort {}, {}: {} people to hand over",
            preview.year,
            say::label(cx, &preview.kind),
            say::number(preview.total)
        ),
    };
    let unmapped = (!preview.unmapped.is_empty()).then(|| {
        let majors = cx.href(&format!("admission/majors?year={}", preview.year));
        let lines = preview
            .unmapped
            .iter()
            .map(|u| { let text = format!("{} · {} {}（{}）", u.folder, u.admitted_code, u.name, u.students); view! { <li>{text}</li> } })
            .collect::<Vec<_>>();
        view! {
            <Notice tone=Tone::Warning title=cx.pick("有录取专业未对应，暂不能移交", "Some majors are not mapped: the hand-over waits")>
                <ul class="xj-list">{lines}</ul>
                <a class="xj-link" href=majors>{cx.pick("去对应专业", "Map them")}</a>
            </Notice>
        }
    });
    let returned = (!preview.returned.is_empty()).then(|| receipts(cx, &preview.returned));
    let hidden = vec![
        Hidden::new("year", preview.year.to_string()),
        Hidden::new("total", preview.total.to_string()),
        Hidden::new("hash", preview.hash.clone()),
    ];
    let filled = cx.form("admission/offer");
    let (note, error) = (filled.value("note", ""), filled.error("note"));
    let form = preview.ready.then(|| {
        view! {
            <PostForm action="/api/admission/offer" tenant=cx.slug() hidden=hidden>
                <TextInput name="note" label=cx.pick("说明", "Note") value=note error=error maxlength=200 mark=cx.pick("可不填", "optional")/>
                <FormActions><SubmitButton label=cx.pick("移交学生处和学院", "Hand over to Student Affairs and the colleges")/></FormActions>
            </PostForm>
        }
    });
    let hash = (preview.total > 0).then(|| {
        let value = preview.hash.clone();
        view! { <Copyable label=cx.pick("校验值", "Hash total") value=value/> }
    });
    let counted = (!preview.colleges.is_empty())
        .then(|| counts(cx, cx.pick("人数", "Counts"), &preview.colleges));
    view! {
        <Panel title=title>
            {unmapped}
            {returned}
            {counted}
            {hash}
            {form}
        </Panel>
    }
    .into_any()
}

/// Characters of a hash total that two people compare on the telephone.
const SPOKEN: usize = 8;

/// A hash total: what is compared aloud, and the whole behind it.
fn hash_cell(hash: &str) -> AnyView {
    let spoken: String = hash.chars().take(SPOKEN).collect();
    let (spoken, whole) = (view! { <code>{spoken}</code> }.into_any(), hash.to_owned());
    view! { <Fold summary=spoken><code class="xj-copy">{whole}</code></Fold> }.into_any()
}

/// The people whom an answer is about; those beside whose college has returned them.
fn people_cell(cx: Cx, receipt: &ReceiptView) -> AnyView {
    let people = say::number(receipt.people());
    let note = (receipt.people() < receipt.total).then(|| {
        let (total, back) = (say::number(receipt.total), say::number(receipt.given_back));
        let note = match cx.lang {
            Lang::Zh => format!("移交 {total}，学院退回 {back}"),
            Lang::En => format!("{total} offered, {back} returned by colleges"),
        };
        view! { <p class="xj-note">{note}</p> }
    });
    view! { {people} {note} }.into_any()
}

fn receipt_row(cx: Cx, receipt: &ReceiptView) -> Row {
    let who = say::pair(cx, &receipt.receiver);
    let reason = receipt.reason.clone();
    Row::new()
        .cell(who)
        .cell(say::chip(cx, &receipt.state))
        .cell(people_cell(cx, receipt))
        .cell(hash_cell(&receipt.hash))
        .text(receipt.person.clone())
        .text(receipt.at.map(say::time))
        .cell(reason.map(|r| view! { <span class="xj-tone xj-error">{r}</span> }))
}

fn receipts(cx: Cx, receipts: &[ReceiptView]) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("接收方", "Receiver")).title(),
        Column::new(cx.pick("状态", "State")),
        Column::new(cx.pick("人数", "People")).numeric(),
        Column::new(cx.pick("校验值（前 8 位）", "Hash total (first 8)")),
        Column::new(cx.pick("接收人", "Received by")),
        Column::new(cx.pick("时间", "When")),
        Column::new(cx.pick("退回原因", "Why it was returned")),
    ];
    let rows = receipts
        .iter()
        .map(|r| receipt_row(cx, r))
        .collect::<Vec<_>>();
    view! { <DataTable caption=cx.pick("接收", "Receipts") columns=columns rows=rows/> }.into_any()
}

/// That two accept before anybody is in a college's lists: for a college what it and the office of the whole have
/// answered, for the others in general while somebody has not.
fn both_sides(cx: Cx, receipts: &[ReceiptView]) -> Option<AnyView> {
    let note = match receipts {
        [
            ReceiptView {
                answer,
                whole: Some(whole),
                ..
            },
        ] => own_side(cx, *answer, whole)?,
        several => {
            let open = several.iter().any(|one| one.answer == Receipt::Offered);
            let whole = several.iter().find(|one| !one.college).filter(|_| open)?;
            let office = say::pair(cx, &whole.receiver);
            match cx.lang {
                Lang::Zh => {
                    format!("{office}和学生所在学院都接收后，学生才算已接收，并进入学院的名单。")
                }
                Lang::En => format!(
                    "Students are received, and appear in their college's lists, once {office} and the college have both accepted."
                ),
            }
        }
    };
    Some(view! { <p class="xj-muted">{note}</p> }.into_any())
}

/// The same for a college, beside the answer for the whole school.
fn own_side(cx: Cx, own: Receipt, whole: &WholeAnswer) -> Option<String> {
    let office = say::pair(cx, &whole.receiver);
    Some(match (own, whole.answer, cx.lang) {
        (Receipt::Offered, Receipt::Offered, Lang::Zh) => {
            format!("{office}也须接收；双方都接收后，学生才进入学院的名单。")
        }
        (Receipt::Offered, Receipt::Offered, Lang::En) => format!(
            "{office} must accept too: students appear in the college's lists once both have accepted."
        ),
        (Receipt::Accepted, Receipt::Offered, Lang::Zh) => {
            format!("学院已接收，等待{office}接收；此后学生才进入学院的名单。")
        }
        (Receipt::Accepted, Receipt::Offered, Lang::En) => format!(
            "The college has accepted; students appear in its lists once {office} has accepted too."
        ),
        (Receipt::Accepted, Receipt::Returned | Receipt::Replaced, Lang::Zh) => {
            format!("{office}已退回整份移交，学生不进入学院的名单；重新移交后再接收。")
        }
        (Receipt::Accepted, Receipt::Returned | Receipt::Replaced, Lang::En) => format!(
            "{office} has returned the whole hand-over: nobody of it is in the college's lists until it is handed over again."
        ),
        (Receipt::Offered, Receipt::Accepted, Lang::Zh) => {
            format!("{office}已接收；学院接收后，学生即进入学院的名单。")
        }
        (Receipt::Offered, Receipt::Accepted, Lang::En) => {
            format!(
                "{office} has accepted: students appear in the college's lists once it accepts."
            )
        }
        (Receipt::Accepted, Receipt::Accepted, _)
        | (Receipt::Offered, Receipt::Returned | Receipt::Replaced, _)
        | (Receipt::Returned | Receipt::Replaced, _, _) => return None,
    })
}

async fn one(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let id = cx
        .path()
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .ok_or(services::ServiceError::NotFound)?;
    let view = cx
        .services()
        .run(|services| async move { services.handover(&actor, id).await })
        .await?;
    let people = people::asked(cx, &view).await?;
    let lines = receipts(cx, &view.line.receipts);
    let answers = view
        .line
        .receipts
        .iter()
        .map(|r| answer(cx, r))
        .collect::<Vec<_>>();
    let own = view.line.receipts.iter().any(|receipt| receipt.own_offer);
    let own = own.then(|| view! { <p class="xj-muted">{cx.pick("移交由你发起，须由另一人接收。", "You offered it; another person must receive it.")}</p> });
    let title = title(cx, &view.line);
    let both = both_sides(cx, &view.line.receipts);
    let from = format!(
        "{} · {}",
        view.line.offered_by,
        say::time(view.line.offered_at)
    );
    let note = view.note.clone();
    let facts = vec![
        Fact::new(cx.pick("移交方", "From"), from),
        Fact::new(cx.pick("类别", "Kind"), say::label(cx, &view.line.kind)),
        Fact::new(cx.pick("人数", "People"), say::number(view.line.total)),
        Fact::new(
            cx.pick("说明", "Note"),
            if note.is_empty() {
                "—".to_owned()
            } else {
                note
            },
        ),
    ];
    let counted = then_and_now(cx, &view);
    let hash = view.hash.clone();
    // A college has the hash total of its own part.
    let hashed = match view.line.receipts.as_slice() {
        [own] if own.college => cx.pick("本学院部分的校验值", "Hash total of the college's part"),
        _ => cx.pick("整份名单的校验值", "Hash total of the whole list"),
    };
    let list = people::panel(cx, &view, people.as_ref());
    let body = view! {
        <Panel title=cx.pick("移交内容", "What is handed over")>
            <Facts facts=facts/>
            <Copyable label=hashed value=hash/>
        </Panel>
        <Panel title=cx.pick("接收", "Receipts")>{lines}{own}{both}{answers}</Panel>
        {list}
        {counted}
        {paper(cx)}
    };
    let mut head = Head::new(title.clone());
    head.crumbs = vec![
        Crumb::new(cx.pick("录取信息移交", "Hand-overs"), cx.href("handovers")),
        Crumb::here(title),
    ];
    head.personal = people.is_some();
    Ok(office(cx, head, body))
}

/// As it was signed at the left, as it is now at the right: the eye finds what moved.
fn then_and_now(cx: Cx, view: &HandoverView) -> AnyView {
    let signed = cx.pick("移交时的人数", "Counts as handed over");
    let counted = counts(cx, signed, &view.colleges);
    let counted = view! { <Panel title=signed>{counted}</Panel> };
    match &view.now {
        Some(now) => {
            let title = cx.pick(
                "现在的人数（编班、异动之后）",
                "Counts now, after classes and changes",
            );
            let now = counts(cx, title, now);
            view! { <div class="xj-columns">{counted}<Panel title=title>{now}</Panel></div> }
                .into_any()
        }
        None => counted.into_any(),
    }
}

/// What the printed hand-over ends with: both sides sign by hand and seal it.
fn paper(cx: Cx) -> AnyView {
    let sign = [
        ("移交人", "Handed over by"),
        ("接收人", "Received by"),
        ("负责人", "Head of office"),
    ]
    .map(|(zh, en)| cx.pick(zh, en).to_owned())
    .to_vec();
    view! {
        <div class="xj-print-only">
            <SignatureLine labels=sign/>
            <SealBox text=cx.pick("（公章）", "(Seal)") date=cx.pick("年　　月　　日", "Date")/>
        </div>
    }
    .into_any()
}

/// What the reader may answer for one receiver.
fn answer(cx: Cx, receipt: &ReceiptView) -> AnyView {
    let hidden = || {
        vec![
            Hidden::new("receipt", receipt.id.to_string()),
            Hidden::new("handover", receipt.handover.to_string()),
            Hidden::new("hash", receipt.hash.clone()),
        ]
    };
    let answer = (receipt.can_answer && !receipt.own_offer).then(|| {
        let received = say::number(receipt.people());
        let back = say::number(receipt.given_back);
        let label = match (cx.lang, receipt.given_back) {
            (Lang::Zh, 0) => format!("核对无误，接收 {received} 人"),
            (Lang::En, 0) => format!("Checked: receive {received} people"),
            (Lang::Zh, _) => format!("核对无误，接收 {received} 人（学院已退回 {back} 人，不在内）"),
            (Lang::En, _) => {
                format!("Checked: receive {received} people, without {back} returned by colleges")
            }
        };
        let form = cx.form_of("admission/return", receipt.id.to_string());
        let (accepting, returning) = (hidden(), form.hidden(hidden()));
        let (reasons, id, error) = (
            form.value("reasons", ""),
            form.id("reasons"),
            form.error("reasons"),
        );
        view! {
            <PostForm action="/api/admission/accept" tenant=cx.slug() hidden=accepting>
                <FormActions><SubmitButton label=label/></FormActions>
            </PostForm>
            <Fold summary=cx.pick("退回", "Return") open=form.open()>
                <PostForm action="/api/admission/return" tenant=cx.slug() hidden=returning>
                    <TextArea name="reasons" id=id label=cx.pick("退回原因", "Why") value=reasons rows=3 required=true maxlength=LONGEST_REASONS error=error/>
                    <FormActions><SubmitButton label=cx.pick("退回招生办公室", "Return to Admissions") weight=Weight::Danger/></FormActions>
                </PostForm>
            </Fold>
        }
    });
    answer.into_any()
}
