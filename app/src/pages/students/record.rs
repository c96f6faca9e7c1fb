//! One record: facts left, what happened at the right, each state with the document it rests on.

mod compared;
mod correction;

use crate::cx::{Cx, revealed, take_once};
use crate::frame::{Head, Page, office};
use crate::pages::{activation, say};
use domain::view::record::{Document, FactView, RecordView, ReissueView, RevealField, SectionView};
use leptos::prelude::*;
use ui::prelude::*;

/// The operation that shows a masked value.
const REVEAL: &str = "disclosure/reveal";

/// How the holder of a slip or code was checked before it was issued anew, and whether that is worth a second look.
fn reissued(cx: Cx, reissue: &ReissueView) -> AnyView {
    let identity = reissue.identity.map(|way| {
        let label = cx.pick("核验方式", "Identity check:");
        view! { <div>{label} " " {activation::checked(cx, way)}</div> }
    });
    let note = reissue.note.clone().map(|note| {
        let label = cx.pick("说明", "Note:");
        view! { <div>{format!("{label} {note}")}</div> }
    });
    let flag = reissue.after_signature.then(|| {
        view! { <div>{activation::after_signature(cx)}</div> }
    });
    view! { {identity} {note} {flag} }.into_any()
}

pub(super) async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let id = cx
        .path()
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .ok_or(services::ServiceError::NotFound)?;
    let view = cx
        .services()
        .run(|services| async move { services.student_record(&actor, id).await })
        .await?;
    let asked = Asked::of(cx, &view).await;
    let sections = view
        .sections
        .iter()
        .map(|s| section(cx, &view, s, &asked))
        .collect::<Vec<_>>();
    let events = view
        .timeline
        .iter()
        .map(|event| {
            let checker = event
                .checker
                .as_ref()
                .map(|c| format!(" · {} {c}", cx.pick("复核", "checked by")))
                .unwrap_or_default();
            let who = format!(
                "{} · {} {}{checker}",
                say::pair(cx, &event.lead),
                cx.pick("经办", "handled by"),
                event.handler
            );
            let source = event.source.as_ref().map(|s| document(cx, s));
            let basis = format!("{} {}", cx.pick("依据", "Basis:"), event.clause);
            let reissue = event.reissue.as_ref().map(|own| reissued(cx, own));
            TimelineEntry::new(say::time(event.at), say::pair(cx, &event.what))
                .text(view! { {basis} {reissue} }.into_any())
                .who(who)
                .source(source.unwrap_or_default())
        })
        .collect::<Vec<_>>();
    let states = view
        .states
        .iter()
        .map(|s| {
            let since = s.since.map(|d| say::date(cx, d));
            let source = s.source.as_ref().map(|s| document(cx, s).into_inner());
            let both = since.is_some() && source.is_some();
            let fact = Fact::new(say::pair(cx, &s.question), say::chip(cx, &s.chip));
            if since.is_none() && source.is_none() {
                return fact;
            }
            fact.source(view! { {since} {both.then_some(" · ")} {source} })
        })
        .collect::<Vec<_>>();
    let other_years = view.other_years.iter().map(|other| {
        let label = if other.later {
            cx.pick("新年级记录（返校后）", "Later record, after coming back")
        } else {
            cx.pick(
                "原年级记录（保留入学资格前）",
                "Earlier record, before the deferral",
            )
        };
        let href = cx.href(&format!("students/{}", other.student));
        let year = other.year.to_string();
        Fact::new(label, view! { <a class="xj-link" href=href>{year}</a> })
    });
    let states = states.into_iter().chain(other_years).collect::<Vec<_>>();
    let side = view! { <Timeline label=cx.pick("经过", "What happened") events=events/> };
    let (photo, missing) = (photo(cx, &view), missing(cx, &view));
    let compared = compared::section(cx, &view);
    let (correction, correcting) = correction::section(cx, &view);
    // A phone opens one section: what was asked for, else the states.
    let at_states = !correcting && !view.sections.iter().any(|s| asked.is_in(cx, s));
    let body = view! {
        <Record side=side>
            <RecordSection title=cx.pick("状态", "States") facts=states open=at_states/>
            {compared}
            {photo}
            {sections}
            {missing}
            {correction}
        </Record>
    };
    let place = view
        .place
        .iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" / ");
    let mut head = Head::new(format!(
        "{} {}",
        view.name,
        view.student_no.clone().unwrap_or_default()
    ));
    head.crumbs = vec![
        Crumb::new(
            cx.pick("考生与学生", "Candidates and students"),
            cx.href("students"),
        ),
        Crumb::here(view.name.clone()),
    ];
    head.aside = format!("{} · {place}", view.year).into_any();
    head.personal = true;
    Ok(office(cx, head, body))
}

/// A document with the way to it, where it is kept here and the post may open it.
fn document(cx: Cx, document: &Document) -> Slot {
    let name = say::pair(cx, &document.name);
    match &document.path {
        Some(path) => {
            let href = cx.href(path);
            view! { <a class="xj-link" href=href>{name}</a> }.into()
        }
        None => name.into(),
    }
}

/// Values of this record that are shown in full this once.
struct Asked {
    shown: Vec<(RevealField, String)>,
}

impl Asked {
    async fn of(cx: Cx, view: &RecordView) -> Self {
        let known = cx.known();
        let mut shown = Vec::new();
        for field in RevealField::ALL {
            if let Some(value) = take_once(&known, &revealed(view.id, field)).await {
                shown.push((field, value));
            }
        }
        Self { shown }
    }

    /// Whether something of a section was just asked for: it is shown, or its form was refused.
    fn is_in(&self, cx: Cx, section: &SectionView) -> bool {
        let mut fields = section.facts.iter().filter_map(|fact| fact.reveal);
        fields.any(|field| self.value(field).is_some() || cx.form_of(REVEAL, field.key()).open())
    }

    fn value(&self, field: RevealField) -> Option<String> {
        let found = self.shown.iter().find(|(shown, _)| *shown == field);
        found.map(|(_, value)| value.clone())
    }
}

fn section(cx: Cx, view: &RecordView, section: &SectionView, asked: &Asked) -> AnyView {
    let facts = section
        .facts
        .iter()
        .map(|fact| fact_line(cx, view, fact, asked))
        .collect::<Vec<_>>();
    let (title, note) = (say::pair(cx, &section.title), say::pair(cx, &section.note));
    let open = asked.is_in(cx, section);
    view! { <RecordSection title=title facts=facts open=open><p class="xj-muted">{note}</p></RecordSection> }.into_any()
}

fn fact_line(cx: Cx, view: &RecordView, fact: &FactView, asked: &Asked) -> Fact {
    let shown = fact.reveal.and_then(|field| asked.value(field));
    let hidden = shown.is_none();
    let value = shown.unwrap_or_else(|| say::pair(cx, &fact.value));
    let value = if value.is_empty() {
        "—".to_owned()
    } else {
        value
    };
    let value = match fact.reveal {
        Some(RevealField::Mobile | RevealField::Telephone) => say::phone(value),
        _ => lines(&value),
    };
    let made = Fact::new(say::pair(cx, &fact.label), value);
    match fact.reveal.filter(|_| view.may_reveal && hidden) {
        Some(field) => made.action(show(cx, view, field)),
        None => made,
    }
}

/// A value of several lines, such as the records of a province, one below the other.
fn lines(value: &str) -> AnyView {
    if !value.contains('\n') {
        return value.to_owned().into_any();
    }
    let items = value
        .lines()
        .map(|line| {
            let line = line.to_owned();
            view! { <li>{line}</li> }
        })
        .collect::<Vec<_>>();
    view! { <ul class="xj-list">{items}</ul> }.into_any()
}

/// The form that shows one value in full; open where a reason was typed before.
fn show(cx: Cx, view: &RecordView, field: RevealField) -> AnyView {
    let form = cx.form_of(REVEAL, field.key());
    let hidden = form.hidden(vec![
        Hidden::new("student", view.id.to_string()),
        Hidden::new("field", field.key()),
    ]);
    let (id, error) = (form.id("reason"), form.error("reason"));
    let reason = form.value("reason", "");
    view! {
        <Fold summary=cx.pick("显示", "Show") open=form.open()>
            <PostForm action="/api/disclosure/reveal" tenant=cx.slug() hidden=hidden>
                <TextInput name="reason" id=id value=reason label=cx.pick("理由（学生本人可见）", "Reason (the student sees it)") required=true maxlength=100 error=error/>
                <FormActions><SubmitButton label=cx.pick("显示完整内容", "Show in full") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn photo(cx: Cx, view: &RecordView) -> AnyView {
    if view.photo.is_none() {
        return ().into_any();
    }
    let href = cx.href(&format!("files/photo/{}", view.id));
    view! {
        <RecordSection title=cx.pick("录取照片", "Admission photo")>
            <img class="xj-photo" src=href alt=cx.pick("录取照片", "Admission photo") width="120" height="160" loading="lazy"/>
        </RecordSection>
    }
    .into_any()
}

fn missing(cx: Cx, view: &RecordView) -> AnyView {
    if view.missing.is_empty() {
        return ().into_any();
    }
    let facts = view
        .missing
        .iter()
        .map(|(what, step)| Fact::new(say::pair(cx, what), say::pair(cx, step)))
        .collect::<Vec<_>>();
    view! { <RecordSection title=cx.pick("尚缺的注册信息", "Still missing for registration") facts=facts/> }.into_any()
}
