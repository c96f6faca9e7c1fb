//! What an installation holds before anybody has put a person into it: no account, and so no password that somebody knows.

use super::installation::{Installation, SLUG};
use domain::institution::TenantId;
use store::{Holding, PoolSettings, Store};

#[tokio::test]
async fn a_new_university_has_nobody_who_could_sign_in() {
    let at = Installation::new();
    at.xj(["migrate"]).well();
    let database = at.data().join("xueji.sqlite");
    let owner = PoolSettings::new(format!("sqlite:{}", database.display()));
    let holding = Store::holding(&owner).await.unwrap();
    assert_eq!(holding, Holding::Nothing, "no operator either");
    let named = ["--slug", SLUG, "--code", "10264", "--name", "海洋大学"];
    let made = at.xj(["tenant", "create"].into_iter().chain(named)).well();
    let told = format!("{}{}", made.out, made.err).to_lowercase();
    assert!(
        !told.contains("password") && !told.contains("密码"),
        "{told}"
    );
    let store = at.store().await;
    let tenant = store.control().tenant_by_slug(SLUG).await.unwrap();
    let look = store.look(TenantId(tenant.unwrap().id)).await.unwrap();
    assert_eq!(look.count_accounts().await.unwrap(), 0);
    assert!(look.posts().await.unwrap().is_empty());
    drop(look);
    store.close().await.unwrap();
    // Whoever is hired is counted: the look goes into the right table.
    at.hire("t100", "quiet-harbour-lantern-62").well();
    let store = at.store().await;
    let tenant = store.control().tenant_by_slug(SLUG).await.unwrap();
    let look = store.look(TenantId(tenant.unwrap().id)).await.unwrap();
    assert_eq!(look.count_accounts().await.unwrap(), 1);
    drop(look);
    store.close().await.unwrap();
}
