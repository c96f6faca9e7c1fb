//! The operator of the platform. Comings and goings belong to no university: they are noted in the control tables. What is
//! done to a university is an entry of its own chain.

use super::{Ask, Story, assert_is_one, is_refused, rule};
use crate::forms::{copied, recovery_codes};
use crate::house::PASSWORD;
use chrono::TimeDelta;
use domain::audit::AuditEvent;
use domain::institution::{Actor, Office, OperatorAct, TenantId};
use services::institution::authenticator::Authenticator;
use services::institution::totp::RECOVERY_CODES;
use uuid::Uuid;

const NEW: &str = "nanhu";

pub async fn opens_and_suspends(story: &mut Story) {
    let services = &story.house.services;
    let made = services.create_operator("op1", "李丙", Some(PASSWORD.to_owned()));
    let id = made.await.unwrap().id;
    let password = Ask::nothing().with("password", PASSWORD);
    let login = password.clone().with("login", "op1");
    let (cookie, app) = sets_a_factor_up(story, &login, id).await;
    let out = ("operator/sign-out", OperatorAct::SignedOut);
    passes(story, out, Some(&cookie), (id, &Ask::nothing())).await;
    let before = events(story).await.len();
    let half = is_done(story, "operator/sign-in", None, &login).await;
    assert_eq!(events(story).await.len(), before, "nobody has come in yet");
    let factor = ("operator/second-factor", OperatorAct::SecondFactor);
    let code = with_code(story, Ask::nothing(), &app);
    let cookie = passes(story, factor, half.as_deref(), (id, &code)).await;
    let cookie = cookie.unwrap();
    let created = is_created(story, &cookie, id).await;
    story.house.bed.advance(TimeDelta::minutes(6));
    let reader = story.house.bed.officer(created, Office::ItCentre).await;
    let slug = Ask::nothing().with("slug", NEW).with("confirmed", "1");
    let before = chain(story, &reader).await.len();
    for nobody in [None, Some(cookie.as_str())] {
        story
            .refuses("operator/suspend-tenant", nobody, &slug)
            .await;
        assert_eq!(chain(story, &reader).await.len(), before);
    }
    let step_up = ("operator/step-up", OperatorAct::SteppedUp);
    let fresh = with_code(story, password, &app);
    let cookie = passes(story, step_up, Some(&cookie), (id, &fresh)).await;
    let cookie = cookie.unwrap();
    for op in ["operator/suspend-tenant", "operator/resume-tenant"] {
        let before = chain(story, &reader).await.len();
        is_done(story, op, Some(&cookie), &slug).await;
        let news = chain(story, &reader).await.split_off(before);
        assert_is_one(op, id, &news);
        story.left_nothing(op).await;
        // It is so already.
        story.refuses(op, Some(&cookie), &slug).await;
        assert_eq!(chain(story, &reader).await.len(), before + 1);
    }
    passes(story, out, Some(&cookie), (id, &Ask::nothing())).await;
}

/// Who comes for the first time can do nothing but set a second factor up.
async fn sets_a_factor_up(story: &mut Story, login: &Ask, id: Uuid) -> (String, Authenticator) {
    let sign_in = ("operator/sign-in", OperatorAct::SignedIn);
    let cookie = passes(story, sign_in, None, (id, login)).await.unwrap();
    let new = a_university(NEW);
    story
        .refuses("operator/create-tenant", Some(&cookie), &new)
        .await;
    let enrol = ("operator/totp-enrol", OperatorAct::Enrolled);
    let moved = passes(story, enrol, Some(&cookie), (id, &Ask::nothing())).await;
    let cookie = moved.unwrap_or(cookie);
    let page = story.looks("/operator/account", &cookie).await;
    let app = Authenticator::typed(copied(&page).next().unwrap()).unwrap();
    let wrong = Ask::nothing().with("code", "000000");
    let before = events(story).await.len();
    story
        .refuses("operator/totp-confirm", Some(&cookie), &wrong)
        .await;
    assert_eq!(events(story).await.len(), before);
    let confirm = ("operator/totp-confirm", OperatorAct::Confirmed);
    let code = with_code(story, Ask::nothing(), &app);
    let cookie = passes(story, confirm, Some(&cookie), (id, &code)).await;
    let cookie = cookie.unwrap();
    let page = story.looks("/operator/account", &cookie).await;
    assert_eq!(recovery_codes(&page).count(), RECOVERY_CODES);
    (cookie, app)
}

/// A code counts once: each is that of a later time.
fn with_code(story: &Story, ask: Ask, app: &Authenticator) -> Ask {
    story.house.bed.advance(TimeDelta::seconds(30));
    ask.with("code", story.house.code(app))
}

/// Comes or goes: one event of the platform's door, and nothing in a chain. Answers the new cookie, where there is one.
async fn passes(
    story: &mut Story,
    (op, act): (&str, OperatorAct),
    cookie: Option<&str>,
    (operator, ask): (Uuid, &Ask),
) -> Option<String> {
    let before = events(story).await.len();
    let answer = is_done(story, op, cookie, ask).await;
    let mut events = events(story).await;
    let news = events.split_off(before);
    assert_eq!(news, [(act.key().to_owned(), Some(operator))], "{op}");
    story.left_nothing(op).await;
    answer
}

/// The comings and goings of operators, in order.
async fn events(story: &Story) -> Vec<(String, Option<Uuid>)> {
    let control = story.house.bed.store().control();
    let events = control.operator_events(100).await.unwrap();
    let events = events.into_iter().rev();
    events
        .map(|(event, _)| (event.kind, event.operator_id))
        .collect()
}

async fn is_done(story: &mut Story, op: &str, cookie: Option<&str>, ask: &Ask) -> Option<String> {
    let answer = story.asks(op, cookie, ask).await;
    let led = answer.header("location");
    let done = led.starts_with("/operator/") && !is_refused(&answer);
    assert!(done, "{op}: {} {led}", answer.status);
    story.done.insert(rule(op).op);
    answer.sets_session().then(|| answer.cookie())
}

fn a_university(slug: &str) -> Ask {
    Ask::nothing()
        .with("slug", slug)
        .with("school_code", "10999")
        .with("name", "南湖大学")
        .with("province", "31")
        .with("admin_login", "g001")
        .with("admin_name", "孙乙")
}

async fn is_created(story: &mut Story, cookie: &str, operator: Uuid) -> TenantId {
    let op = "operator/create-tenant";
    story.refuses(op, None, &a_university(NEW)).await;
    let taken = a_university(super::SLUG);
    story.refuses(op, Some(cookie), &taken).await;
    is_done(story, op, Some(cookie), &a_university(NEW)).await;
    let page = story.looks("/operator/tenants", cookie).await;
    assert_eq!(copied(&page).count(), 2, "login and first password");
    let control = story.house.bed.store().control();
    let row = control.tenant_by_slug(NEW).await.unwrap().unwrap();
    let tenant = TenantId(row.id);
    let reader = story.house.bed.officer(tenant, Office::ItCentre).await;
    assert_is_one(op, operator, &chain(story, &reader).await);
    story.left_nothing(op).await;
    tenant
}

async fn chain(story: &Story, reader: &Actor) -> Vec<AuditEvent> {
    let unit = story.house.bed.store().read(reader).await.unwrap();
    let entries = unit.audit_after(0, 100).await.unwrap();
    let read = |body: &String| AuditEvent::from_canonical(body.as_bytes()).unwrap();
    entries.iter().map(|entry| read(&entry.body)).collect()
}
