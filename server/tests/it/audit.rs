//! The audit chain as the door leaves it: one entry for what was done, none for what was refused.

mod writes;

use crate::entrances::{knock, seats};
use crate::house::House;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY};

async fn length(house: &House, reader: &Actor) -> usize {
    let unit = house.bed.store().read(reader).await.unwrap();
    unit.audit_after(0, 10_000).await.unwrap().len()
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
