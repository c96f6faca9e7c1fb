//! The kit itself: beds are separate, start migrated, and go away.

use domain::institution::{Office, PersonalScope, PostKind};
use std::sync::Arc;
use store::Source;
use store::testkit::{Bed, TestSource, on_both};

#[tokio::test]
async fn a_bed_starts_migrated_at_the_first_morning() {
    on_both(|bed| async move {
        assert!(bed.store().migrated().await.unwrap());
        assert_eq!(bed.store().now().to_rfc3339(), "2026-08-20T01:00:00+00:00");
        let tenant = bed.tenant("jiangnan").await;
        let actor = bed
            .person_in(
                tenant,
                Office::Admissions,
                PostKind::Officer,
                PersonalScope::School,
            )
            .await;
        let seat = actor.seat();
        let unit = bed.store().read(&actor).await.unwrap();
        let rows = unit.seat(seat.account, seat.post).await.unwrap();
        assert_eq!(rows.person.id, actor.person());
        assert_eq!(rows.post.office, "admissions");
        assert!(unit.audit_after(0, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn beds_share_nothing() {
    let (one, two) = tokio::join!(Bed::sqlite(), Bed::sqlite());
    one.tenant("jiangnan").await;
    assert!(two.store().control().tenants().await.unwrap().is_empty());
}

#[test]
fn ids_are_unique_across_threads_and_in_order() {
    let source = Arc::new(TestSource::new());
    let ids = || {
        let source = source.clone();
        std::thread::spawn(move || (0..1_000).map(|_| source.id()).collect::<Vec<_>>())
    };
    let mut all = Vec::new();
    for thread in [ids(), ids(), ids()] {
        let own = thread.join().unwrap();
        assert!(own.is_sorted());
        all.extend(own);
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 3_000);
    assert!(all.iter().all(|id| id.get_version_num() == 7));
}
