//! The mapping of admitted majors of a year.

use super::{say, this_year};
use crate::cx::Cx;
use crate::frame::{Head, Page, office};
use crate::pages::paged::Paged;
use domain::text::Tone as TextTone;
use domain::view::majors::{MajorLine, MajorMapView, MajorOption};
use leptos::prelude::*;
use ui::prelude::*;

/// The year that was asked for; else this one, or the newest that has admission data.
async fn shown(cx: Cx) -> Result<MajorMapView, services::ServiceError> {
    let (actor, year, asked) = (cx.actor()?, this_year(cx), cx.query("year").is_some());
    cx.services()
        .run(move |services| async move {
            let view = services.major_map_view(&actor, year).await?;
            match view.years.first() {
                Some(newest) if view.lines.is_empty() && !asked && *newest != year => {
                    services.major_map_view(&actor, *newest).await
                }
                Some(_) | None => Ok(view),
            }
        })
        .await
}

fn years(cx: Cx, view: &MajorMapView) -> AnyView {
    if view.years.len() < 2 {
        return ().into_any();
    }
    let years = view
        .years
        .iter()
        .map(|year| Choice::new(year.to_string(), year.to_string()).checked(*year == view.year))
        .collect();
    let years = FilterSelect::new("year", cx.pick("年级", "Cohort"), years);
    view! { <FilterBar label=cx.pick("年级", "Cohort") submit=cx.pick("查看", "Show") selects=vec![years]/> }
        .into_any()
}

/// One button for all suggestions: thirty provinces with sixty majors each are no work for one form a line.
fn follow(cx: Cx, view: &MajorMapView) -> AnyView {
    if view.suggested == 0 {
        return ().into_any();
    }
    let hidden = vec![
        Hidden::new("year", view.year.to_string()),
        Hidden::new("lines", view.suggested.to_string()),
    ];
    let label = match cx.lang {
        domain::text::Lang::Zh => format!("按建议对应 {} 个专业", say::number(view.suggested)),
        domain::text::Lang::En => {
            format!("Follow the {} suggestions", say::number(view.suggested))
        }
    };
    view! {
        <PostForm action="/api/admission/map-suggested" tenant=cx.slug() hidden=hidden>
            <p class="xj-muted">{cx.pick("建议依次来自：今年其他省份同一专业已定的对应、上一年的对应、国标代码相同的本校专业；没有代码的，取名称相同的本校专业。请先看过下表。", "Suggestions follow this year's decisions for other provinces, last year's, then the national code, or the name where there is no code. Look at the table first.")}</p>
            <FormActions><SubmitButton label=label/></FormActions>
        </PostForm>
    }
    .into_any()
}

fn href(cx: Cx, view: &MajorMapView) -> String {
    cx.href(&format!("admission/majors?year={}", view.year))
}

/// The decision about one line. An open one offers every major of the school; one that is only suggested offers that; any
/// other says what stands. Both have the way to open it.
fn decide(cx: Cx, view: &MajorMapView, line: &MajorLine, page: u32, open: bool) -> AnyView {
    let form = cx.form_of("admission/map-major", line.id.to_string());
    let known = line.major.as_ref().or(line.suggestion.as_ref());
    let now = form.value("major", known.map(|m| m.id.to_string()).unwrap_or_default());
    let offered: Vec<&MajorOption> = if open {
        view.majors.iter().collect()
    } else {
        known.into_iter().collect()
    };
    let none = Choice::new("", cx.pick("未对应", "Not mapped")).checked(now.is_empty());
    let choices: Vec<Choice> = std::iter::once(none)
        .chain(offered.into_iter().map(|major| {
            let id = major.id.to_string();
            let chosen = id == now;
            Choice::new(id, major.name.clone()).checked(chosen)
        }))
        .collect();
    let hidden = form.hidden(vec![
        Hidden::new("map", line.id.to_string()),
        Hidden::new("year", view.year.to_string()),
    ]);
    let (select, broad, error) = (form.id("major"), form.id("broad"), form.error("major"));
    let ticked = form
        .all("broad")
        .map_or(line.broad, |mut ticked| ticked.next().is_some());
    let settled = line.major.as_ref().filter(|_| !open);
    let stands = settled.map(|major| {
        let broad = line
            .broad
            .then(|| format!(" · {}", cx.pick("大类招生", "Broad category")));
        format!("{}{}", major.name, broad.unwrap_or_default())
    });
    let another = (!open).then(|| {
        let label = if settled.is_some() {
            cx.pick("更改", "Change")
        } else if known.is_some() {
            cx.pick("选择其他专业", "Choose another")
        } else {
            cx.pick("选择本校专业", "Choose a major")
        };
        let href = format!("{}&page={page}&line={}#{select}", href(cx, view), line.id);
        view! { <LinkButton label=label href=href weight=Weight::Quiet/> }
    });
    let decides = (open || (known.is_some() && settled.is_none())).then(|| {
        view! {
            <PostForm action="/api/admission/map-major" tenant=cx.slug() hidden=hidden class="xj-row">
                <SelectInput name="major" id=select label=cx.pick("本校专业", "The school's major") choices=choices required=true error=error/>
                <Checkbox name="broad" id=broad label=cx.pick("大类招生", "Broad category") checked=ticked/>
                <SubmitButton label=cx.pick("保存", "Save") weight=Weight::Secondary/>
            </PostForm>
        }
    });
    view! { <div class="xj-row">{stands.map(|line| view! { <span>{line}</span> })} {decides} {another}</div> }.into_any()
}

/// A code; where the source has none, a line is known by its name, which is no code.
fn code(code: &str, name: &str) -> String {
    let known = !code.is_empty() && code != name;
    if known { code } else { "—" }.to_owned()
}

pub(super) async fn majors(cx: Cx) -> Page {
    let view = shown(cx).await?;
    let columns = vec![
        Column::new(cx.pick("专业名称", "Major as admitted")).title(),
        Column::new(cx.pick("省份批次或文件", "Province and batch, or file")),
        Column::new(cx.pick("代号", "Code")).width(Width::Narrow),
        Column::new(cx.pick("国标代码", "National code")).width(Width::Narrow),
        Column::new(cx.pick("人数", "People")).numeric(),
        Column::new(cx.pick("状态", "State")),
        Column::new(cx.pick("本校专业", "The school's major")).width(Width::Wide),
    ];
    let refused = cx.refused_form();
    let asked = cx.query("line").or(refused);
    let sought = |line: &MajorLine| asked.as_deref() == Some(line.id.to_string().as_str());
    let paged = Paged::of(cx, &view.lines, sought);
    // Every major of the school stands in one select of the page: the line that was asked for, else the first that
    // nothing is suggested for.
    let without = |line: &&MajorLine| line.major.is_none() && line.suggestion.is_none();
    let open = paged.lines.iter().find(|line| sought(line));
    let open = open.or_else(|| paged.lines.iter().find(without));
    let open = open.map(|line| line.id);
    let rows = paged
        .lines
        .iter()
        .map(|line| {
            let state = match (&line.major, &line.suggestion) {
                (Some(_), _) => {
                    say::word_chip(cx.pick("已对应", "Mapped").to_owned(), TextTone::Success)
                }
                (None, Some(_)) => say::word_chip(
                    cx.pick("建议，待确认", "Suggested").to_owned(),
                    TextTone::Warning,
                ),
                (None, None) => {
                    say::word_chip(cx.pick("未对应", "Not mapped").to_owned(), TextTone::Error)
                }
            };
            let form = decide(cx, &view, line, paged.page, open == Some(line.id));
            Row::new()
                .cell(line.title().to_owned())
                .cell(line.folder.clone())
                .cell(code(&line.admitted_code, &line.national_name))
                .cell(code(&line.national_code, &line.national_name))
                .cell(say::number(line.students))
                .cell(state)
                .cell(form)
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
        {years(cx, &view)}
        {blocked}
        {follow(cx, &view)}
        <p class="xj-muted">{note}</p>
        <DataTable caption=cx.pick("专业对应", "Majors") columns=columns rows=rows empty=empty footer=paged.footer(cx, &href(cx, &view))/>
    };
    Ok(office(
        cx,
        Head::new(format!("{} {}", view.year, cx.pick("级专业对应", "majors"))),
        body,
    ))
}
