//! The audit chain as the door leaves it: one entry for what was done, none for what was refused.

use crate::entrances::{knock, seats};
use crate::house::{House, PASSWORD};
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY, TenantId};

async fn length(house: &House, reader: &Actor) -> usize {
    let unit = house.bed.store().read(reader).await.unwrap();
    unit.audit_after(0, 10_000).await.unwrap().len()
}

async fn account(house: &House, tenant: TenantId, login: &str) -> Actor {
    let actor = house.services.actor_by_login(tenant, login).await;
    actor.unwrap()
}

/// What somebody does with the own account, one after the other, each in one entry under its own name.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_at_the_door_is_one_entry_each() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let login = house.staff(tenant, "t100", Office::TenantAdmin).await;
        let actor = account(&house, tenant, &login).await;
        let mut length_before = length(&house, &actor).await;
        let mut cookie = house.sign_in("shou", "t100").await;
        let other = house.sign_in("shou", "t100").await;
        assert_eq!(length(&house, &actor).await, length_before + 2);
        length_before += 2;
        let sessions = house.services.sessions(&actor, None).await.unwrap();
        assert_eq!(sessions.len(), 2);
        let today = domain::calendar::local_date(house.bed.store().now());
        let new = "harbour-of-quiet-lanterns-71";
        let steps = [
            ("step-up", format!("password={PASSWORD}&code=")),
            (
                "set-parameter",
                format!("key=admission.undo_days&value=20&basis=test&effective_from={today}"),
            ),
            ("totp-enrol", String::new()),
            ("change-password", format!("old={PASSWORD}&new={new}")),
            ("sign-out", String::new()),
        ];
        for (op, rest) in steps {
            let path = format!("/api/institution/{op}");
            let form = format!("tenant=shou&{rest}");
            let answer = house.submit(&path, Some(&cookie), &form).await;
            let led = answer.header("location");
            assert!(
                led.starts_with("/shou/") && !led.contains("refused"),
                "{op}: {led}"
            );
            if answer.sets_session() && op != "sign-out" {
                cookie = answer.cookie();
            }
            let unit = house.bed.store().read(&actor).await.unwrap();
            let acts = unit.audit_after(0, 10_000).await.unwrap();
            drop(unit);
            assert_eq!(acts.len(), length_before + 1, "{op}");
            let last = &acts.last().unwrap().body;
            assert!(last.contains(&format!("institution/{op}")), "{op}: {last}");
            length_before += 1;
        }
        assert_ne!(cookie, other);
    })
    .await;
}

/// Whatever a post without the right asks for leaves nothing in the chain.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_leaves_no_entry() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let seats = seats(&house, tenant).await;
        let reader = house.bed.officer(tenant, Office::ItCentre).await;
        let before = length(&house, &reader).await;
        for actor in &seats {
            let refused = POLICY.iter().filter(|r| {
                r.who != Who::Anyone
                    && r.kind != Kind::Internal
                    && !r.op.starts_with("operator/")
                    && !r.allows(actor)
            });
            for rule in refused {
                let cookie = house.cookie(actor).await;
                knock(&house, rule, Some(&cookie), "shou").await;
                knock(&house, rule, Some(&cookie), "jsut").await;
                knock(&house, rule, None, "shou").await;
            }
        }
        assert_eq!(length(&house, &reader).await, before);
    })
    .await;
}
