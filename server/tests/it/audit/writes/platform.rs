//! The operator of the platform. Comings and goings belong to no university: they are noted in the control tables. What is
//! done to a university is an entry of its own chain.

use super::{Ask, Story, assert_is_one, is_refused, rule};
use crate::house::PASSWORD;
use chrono::TimeDelta;
use domain::audit::AuditEvent;
use domain::institution::{Actor, Office, OperatorAct, TenantId};
use uuid::Uuid;

const NEW: &str = "nanhu";

pub async fn opens_and_suspends(story: &mut Story) {
    let services = &story.house.services;
    let made = services.create_operator("op1", "李丙", Some(PASSWORD.to_owned()));
    let id = made.await.unwrap().id;
    let password = Ask::nothing().with("password", PASSWORD);
    let login = password.clone().with("login", "op1");
    let sign_in = ("operator/sign-in", OperatorAct::SignedIn);
    let cookie = passes(story, sign_in, None, (id, &login)).await.unwrap();
    let created = is_created(story, &cookie, id).await;
    story.house.bed.advance(TimeDelta::minutes(6));
    let reader = story.house.bed.officer(created, Office::ItCentre).await;
    let slug = Ask::nothing().with("slug", NEW);
    let before = chain(story, &reader).await.len();
    for nobody in [None, Some(cookie.as_str())] {
        story
            .refuses("operator/suspend-tenant", nobody, &slug)
            .await;
        assert_eq!(chain(story, &reader).await.len(), before);
    }
    let step_up = ("operator/step-up", OperatorAct::SteppedUp);
    let cookie = passes(story, step_up, Some(&cookie), (id, &password)).await;
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
    let sign_out = ("operator/sign-out", OperatorAct::SignedOut);
    let nothing = Ask::nothing();
    passes(story, sign_out, Some(&cookie), (id, &nothing)).await;
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
    let done = led.starts_with("/operator/tenants") && !is_refused(&answer);
    assert!(done, "{op}: {} {led}", answer.status);
    story.done.insert(rule(op).op);
    answer.sets_session().then(|| answer.cookie())
}

async fn is_created(story: &mut Story, cookie: &str, operator: Uuid) -> TenantId {
    let op = "operator/create-tenant";
    let new = |slug: &str| {
        Ask::nothing()
            .with("slug", slug)
            .with("school_code", "10999")
            .with("name", "南湖大学")
            .with("province", "31")
            .with("admin_login", "g001")
            .with("admin_name", "孙乙")
    };
    story.refuses(op, None, &new(NEW)).await;
    story.refuses(op, Some(cookie), &new(super::SLUG)).await;
    is_done(story, op, Some(cookie), &new(NEW)).await;
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
