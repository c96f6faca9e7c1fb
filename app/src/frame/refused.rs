//! Refusals: what happened, why, who helps and explains, until when, what to do now.

use super::{badge, language, page_name, this_page};
use crate::cx::Cx;
use crate::op;
use crate::pages::{factor, say, words};
use crate::told::Told;
use domain::clause::Clause;
use domain::decision::Reason;
use domain::institution::Office;
use domain::text::{Label as _, Lang};
use domain::view::admission::BuiltOn;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use services::ServiceError;
use services::institution::post::OwnCollege;
use std::collections::BTreeMap;
use ui::prelude::*;

/// The offices that explain the regulation (办法 五).
const EXPLAIN: [Office; 2] = [Office::AcademicAffairs, Office::StudentAffairs];

/// Operations whose refusal sends whoever is nobody yet to the college, beside the IT Centre that knows the service.
const AT_THE_COLLEGE: [&str; 3] = [
    "institution/sign-in",
    "institution/activate",
    "institution/activate-by-code",
];

pub(super) fn failed(cx: Cx, response: Option<&ResponseOptions>, error: &ServiceError) -> AnyView {
    let (status, code, _) = op::code_of(error);
    if let Some(response) = response {
        response.set_status(status);
    }
    if status.is_server_error() {
        tracing::error!(error = error as &dyn std::error::Error, code, "page failed");
    }
    explained(cx, &Told::of_error(&cx.known(), error))
}

/// A page that is not shown: what happened, why, who helps, what to do now.
pub fn refusal(cx: Cx, reason: Reason) -> AnyView {
    let code = match reason {
        Reason::WrongOffice => "wrong_office",
        Reason::NotSignedIn
        | Reason::NotVisible
        | Reason::StepUpNeeded
        | Reason::FactorNeeded
        | Reason::SamePerson
        | Reason::IllegalMove
        | Reason::Stale
        | Reason::BuiltOn
        | Reason::TooLate
        | Reason::Incomplete
        | Reason::Invalid => "not_found",
    };
    explained(cx, &Told::of_code(&cx.known(), code))
}

/// Where whoever is refused begins anew: a student at the own record.
fn start(cx: Cx) -> (String, &'static str) {
    let known = cx.known();
    let start = cx.pick("回到首页", "Back to the start");
    let office = known.present.as_ref().map(|present| present.actor.office());
    match (&known.tenant, office) {
        (None, _) => ("/".to_owned(), start),
        (Some(_), Some(Office::Student)) => (
            cx.href("me"),
            cx.pick("回到我的学籍", "Back to My registration"),
        ),
        (Some(_), _) => (cx.href("home"), start),
    }
}

fn explained(cx: Cx, told: &Told) -> AnyView {
    let (home, back) = start(cx);
    let brand = cx
        .known()
        .tenant
        .as_ref()
        .map_or_else(|| cx.pick("学籍", "Xueji").to_owned(), |t| t.name.clone());
    let title = cx
        .known()
        .rule
        .and_then(|rule| page_name(rule.op))
        .map_or(cx.pick("没有这一页", "There is no such page"), |name| {
            cx.text(name)
        });
    let shown = refusal_box(cx, told);
    view! {
        <PlainShell brand=brand badge=badge(cx) skip=cx.pick("跳到正文", "Skip to content") title=title language=language(cx)>
            {shown}
            <LinkButton label=back href=home weight=Weight::Secondary/>
        </PlainShell>
    }
    .into_any()
}

/// Name and telephone of an office. Somebody of a college has that one in mind: by its own name, and by the number of all
/// colleges where it has none of its own.
fn reached(
    lang: Lang,
    office: Office,
    contacts: &BTreeMap<Office, String>,
    college: Option<&OwnCollege>,
) -> (String, Option<String>) {
    let general = contacts.get(&office).cloned();
    match college.filter(|_| office == Office::College) {
        Some(college) => (college.name.clone(), college.phone.clone().or(general)),
        None => (office.label().in_lang(lang).to_owned(), general),
    }
}

/// An office with its telephone, where the university has entered one.
pub fn contact(cx: Cx, office: Office) -> AnyView {
    let college = cx.college();
    let (name, phone) = reached(cx.lang, office, &cx.known().contacts, college.as_ref());
    view! { <Contact office=name phone=phone/> }.into_any()
}

/// Who can help: the office, and whoever else the words send to.
fn who_helps(cx: Cx, told: &Told) -> AnyView {
    let sent = told.code == "sign_in" && told.op.is_some_and(|op| AT_THE_COLLEGE.contains(&op));
    let college = (sent && told.help != Office::College).then(|| contact(cx, Office::College));
    view! {
        {college}
        {contact(cx, told.help)}
    }
    .into_any()
}

/// The offices that explain the regulation, with their telephones.
pub fn explainers(cx: Cx) -> AnyView {
    EXPLAIN.map(|office| contact(cx, office)).into_any()
}

/// Whom to ask, for a page of a failure that the app does not draw: the clause where one refuses, the office that can help,
/// those that explain the regulation, with the telephones that the university has entered; `college` is that of whoever
/// asked.
pub fn whom_to_ask(
    lang: Lang,
    clause: Option<&Clause>,
    help: Office,
    contacts: &BTreeMap<Office, String>,
    college: Option<&OwnCollege>,
) -> String {
    let named = |office: Office| {
        let (name, phone) = reached(lang, office, contacts, college);
        view! { <Contact office=name phone=phone/> }
    };
    let clause = clause.map(|clause| {
        view! {
            <dt>{lang.pick("依据", "Clause")}</dt>
            <dd>{clause.as_str().to_owned()}</dd>
        }
    });
    view! {
        <section class="xj-refusal xj-error">
            <dl class="xj-refusal-lines">
                {clause}
                <dt>{lang.pick("谁能帮助", "Who can help")}</dt>
                <dd>{named(help)}</dd>
                <dt>{lang.pick("解释单位", "Explained by")}</dt>
                <dd>{EXPLAIN.map(named)}</dd>
            </dl>
        </section>
    }
    .to_html()
}

/// Whom to ask, at the end of every page.
pub(super) fn helpers(cx: Cx) -> Option<AnyView> {
    let known = cx.known();
    known.tenant.as_ref()?;
    Some(
        view! {
            <div class="xj-row">
                <span>{cx.pick("系统使用问题请联系", "About this service, ask")}</span>
                {contact(cx, Office::ItCentre)}
            </div>
            <div class="xj-row">
                <span>{cx.pick("办法的解释单位", "The regulation is explained by")}</span>
                {explainers(cx)}
            </div>
        }
        .into_any(),
    )
}

/// The box that explains a refusal.
fn refusal_box(cx: Cx, told: &Told) -> AnyView {
    let words = told.words(cx.lang);
    let until = told
        .until
        .map(|day| Line::new(cx.pick("截止", "Until"), say::date(cx, day)));
    let what = told.field.as_deref().and_then(|field| {
        let name = cx.text(words::field(field, told.op)?);
        let place = Told::place(field, told.form.as_deref());
        let href = format!("#{}", field_id(&place));
        let link = view! { <a class="xj-link" href=href>{name}</a> };
        Some(Line::new(cx.pick("哪一项", "Which"), link))
    });
    // Of how a form is filled in no clause speaks.
    let clause = told.field.is_none();
    let clause = clause.then(|| told.clause.as_str().to_owned());
    // The platform is no university: none of these offices is there.
    let (who, explained) = cx
        .known()
        .tenant
        .as_ref()
        .map(|_| {
            (
                Line::new(cx.pick("谁能帮助", "Who can help"), who_helps(cx, told)),
                Line::new(cx.pick("解释单位", "Explained by"), explainers(cx)),
            )
        })
        .unzip();
    let waits = told.code == "step_up";
    let actions = [stands(cx), step_up(cx, told)];
    let actions: Vec<AnyView> = actions.into_iter().flatten().collect();
    view! {
        <Refusal
            tone=if waits { Tone::Warning } else { Tone::Error }
            what=words.what
            why=Line::new(cx.pick("原因", "Why"), words.why)
            clause=clause
            field=what
            who=who
            explained=explained
            until=until
            now=Line::new(cx.pick("现在可以", "What to do"), words.now)
            actions=(!actions.is_empty()).then(|| actions.into_any())
        />
    }
    .into_any()
}

/// What stands on the thing that was to be undone.
fn stands(cx: Cx) -> Option<AnyView> {
    let text = cx.built_on()?;
    let mut lines: Vec<String> = BuiltOn::list(&text)
        .iter()
        .map(|built| built.text(cx.lang))
        .collect();
    if lines.is_empty() {
        lines = stands_in_words(cx, &text);
    }
    let items: Vec<_> = lines
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="xj-list">{items}</ul> }.into_any())
}

/// Everything that stands on something, `slips 3, accounts 1`, in words.
pub fn stands_in_words(cx: Cx, text: &str) -> Vec<String> {
    text.split(',')
        .filter_map(|part| counted(cx, part.trim()))
        .collect()
}

/// `students:12` or `slips 3` in words; `candidate 0123` names one of them.
fn counted(cx: Cx, part: &str) -> Option<String> {
    let (kind, count) = part.split_once([':', ' '])?;
    if kind == "candidate" {
        let named = cx.pick("考生号末四位 ", "Candidate number ending in ");
        return Some(format!("{named}{count}"));
    }
    let (name, count) = (words::stands(kind)?, count.trim().parse().ok()?);
    Some(match cx.lang {
        Lang::Zh => format!("{} {}", name.zh, say::number(count)),
        Lang::En => format!("{} {}", say::number(count), name.en),
    })
}

/// The password again, in the place where it is needed; it leads back to this page as it is.
fn step_up(cx: Cx, told: &Told) -> Option<AnyView> {
    let again = told.op == Some("institution/step-up");
    if !(told.code == "step_up" || again) || cx.path() == "account" {
        return None;
    }
    let factor = cx.known().present.as_ref()?.second_factor;
    let code = factor.then(|| factor::field(cx, "again-code"));
    let hidden = vec![Hidden::new("back", this_page(cx))];
    Some(
        view! {
            <PostForm action="/api/institution/step-up" tenant=cx.slug() hidden=hidden>
                <PasswordInput name="password" id="f-password" label=cx.pick("再次输入密码", "Your password again")/>
                {code}
                <FormActions><SubmitButton label=cx.pick("确认身份", "Confirm that it is me")/></FormActions>
            </PostForm>
        }
        .into_any(),
    )
}

/// The notice an operation left in the address: done, or refused with its code.
pub fn left_behind(cx: Cx) -> AnyView {
    if let Some(told) = Told::of_address(cx) {
        return refusal_box(cx, &told);
    }
    if let Some(done) = cx.query("done") {
        let rows = cx.query("rows").and_then(|rows| rows.parse().ok());
        let words = match rows.filter(|_| done == "written") {
            Some(rows) => words::written(rows, cx.lang),
            None => words::done(&done, cx.lang),
        };
        return view! { <Notice tone=Tone::Success title=words announce=true/> }.into_any();
    }
    ().into_any()
}
