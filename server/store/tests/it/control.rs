//! The control tables: sessions that stay ended, tenants with numbers of their own, attempts that are all counted.

use chrono::TimeDelta;
use domain::audit::Origin;
use domain::institution::{OperatorAct, SchoolCode, Slug, TenantId};
use store::testkit::{Bed, on_both};
use store::{EventFilter, MOST_OF_KIND, MOST_OF_NETWORK, NewTenant, SessionRow, StoreError};
use uuid::Uuid;

fn session(bed: &Bed, id: u8) -> SessionRow {
    let now = bed.store().now();
    SessionRow {
        id_hash: [id; 32],
        tenant: Some(TenantId(1)),
        account: Some(Uuid::from_u128(1)),
        data: "{}".to_owned(),
        created_at: now,
        seen_at: now,
        expires_at: now + TimeDelta::hours(8),
    }
}

#[tokio::test]
async fn saving_never_revives_an_ended_session() {
    on_both(|bed| async move {
        let control = bed.store().control();
        let row = session(&bed, 1);
        assert!(control.create_session(row.clone()).await.unwrap());
        assert!(control.save_session(row.clone()).await.unwrap());
        control.end_session(row.id_hash).await.unwrap();
        assert!(!control.save_session(row.clone()).await.unwrap());
        assert_eq!(control.session(row.id_hash).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_session_id_is_taken_once() {
    on_both(|bed| async move {
        let control = bed.store().control();
        let row = session(&bed, 1);
        assert!(control.create_session(row.clone()).await.unwrap());
        let other = SessionRow {
            account: Some(Uuid::from_u128(2)),
            ..row.clone()
        };
        assert!(!control.create_session(other).await.unwrap());
        let kept = control.session(row.id_hash).await.unwrap().unwrap();
        assert_eq!(kept, row);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_at_its_time_and_is_swept() {
    on_both(|bed| async move {
        let control = bed.store().control();
        let row = session(&bed, 1);
        control.create_session(row.clone()).await.unwrap();
        bed.advance(TimeDelta::hours(8) - TimeDelta::milliseconds(1));
        assert!(control.session(row.id_hash).await.unwrap().is_some());
        bed.advance(TimeDelta::milliseconds(1));
        assert_eq!(control.session(row.id_hash).await.unwrap(), None);
        control.sweep().await.unwrap();
        assert!(!control.save_session(row).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn all_sessions_of_an_account_end_but_one() {
    on_both(|bed| async move {
        let control = bed.store().control();
        for id in 1..=3 {
            control.create_session(session(&bed, id)).await.unwrap();
        }
        let stranger = SessionRow {
            tenant: Some(TenantId(2)),
            ..session(&bed, 4)
        };
        control.create_session(stranger).await.unwrap();
        let account = Uuid::from_u128(1);
        let ended = control
            .end_sessions_of(TenantId(1), account, Some([2; 32]))
            .await
            .unwrap();
        assert_eq!(ended, 2);
        let left = control.sessions_of(TenantId(1), account).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].id_hash, [2; 32]);
        assert!(control.session([4; 32]).await.unwrap().is_some());
    })
    .await;
}

fn named(slug: &str) -> NewTenant {
    NewTenant {
        slug: Slug::parse(slug).unwrap(),
        school_code: SchoolCode::parse("10001").unwrap(),
        name: slug.to_owned(),
        province: "31".to_owned(),
        colour: "#000000".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_made_at_once_have_numbers_and_keys_of_their_own() {
    on_both(|bed| async move {
        let servers = [bed.store().clone(), bed.second().await];
        let tasks: Vec<_> = (0..8_usize)
            .map(|n| {
                let store = servers[n % 2].clone();
                tokio::spawn(async move {
                    let new = named(&format!("school-{n}"));
                    store.control().create_tenant(&new).await.unwrap()
                })
            })
            .collect();
        let mut ids = Vec::new();
        for task in tasks {
            ids.push(task.await.unwrap());
        }
        ids.sort_unstable();
        assert_eq!(ids, (1..=8).map(TenantId).collect::<Vec<_>>());
        for id in ids {
            bed.store().keys().tenant(id).unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_slug_is_taken_once_and_costs_no_number() {
    on_both(|bed| async move {
        let control = bed.store().control();
        assert_eq!(
            control.create_tenant(&named("school")).await.unwrap(),
            TenantId(1)
        );
        let again = control.create_tenant(&named("school")).await;
        assert!(matches!(again, Err(StoreError::Taken)));
        assert_eq!(
            control.create_tenant(&named("other")).await.unwrap(),
            TenantId(2)
        );
    })
    .await;
}

/// A crash between keys and row, or a database restored from an earlier day, leaves keys of a number without a tenant.
#[tokio::test]
async fn a_number_that_ever_had_keys_is_never_given_again() {
    on_both(|bed| async move {
        let keys = bed.store().keys();
        keys.create_tenant(TenantId(1)).unwrap();
        keys.create_tenant(TenantId(2)).unwrap();
        keys.shred_tenant(TenantId(2)).unwrap();
        let made = bed.store().control().create_tenant(&named("school")).await;
        assert_eq!(made.unwrap(), TenantId(3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_at_once_are_all_counted() {
    on_both(|bed| async move {
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let store = bed.store().clone();
                tokio::spawn(async move { store.control().count_attempt([1; 32]).await.unwrap() })
            })
            .collect();
        let mut counts = Vec::new();
        for task in tasks {
            counts.push(task.await.unwrap());
        }
        counts.sort_unstable();
        assert_eq!(
            counts,
            (1..=20).collect::<Vec<u32>>(),
            "each is told its own"
        );
        let control = bed.store().control();
        assert_eq!(control.attempts([1; 32]).await.unwrap(), 20);
        bed.advance(TimeDelta::seconds(61));
        assert_eq!(control.attempts([1; 32]).await.unwrap(), 0);
        assert_eq!(control.count_attempt([1; 32]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_remembered_is_forgotten_when_its_time_is_over() {
    on_both(|bed| async move {
        let control = bed.store().control();
        let month = TimeDelta::days(30);
        control.remember([7; 32], month).await.unwrap();
        assert!(control.remembers([7; 32]).await.unwrap());
        assert!(!control.remembers([8; 32]).await.unwrap());
        bed.advance(TimeDelta::days(20));
        control.sweep().await.unwrap();
        control.remember([7; 32], month).await.unwrap();
        bed.advance(TimeDelta::days(29));
        control.sweep().await.unwrap();
        assert!(control.remembers([7; 32]).await.unwrap());
        bed.advance(TimeDelta::days(1));
        assert!(!control.remembers([7; 32]).await.unwrap());
    })
    .await;
}

/// Whoever attacks cannot fill the tables of what the attack left behind.
#[tokio::test]
async fn events_that_strangers_bring_about_are_bounded() {
    on_both(|bed| async move {
        let tenant = bed.tenant("shou").await;
        let counted = async |kind: &str| {
            let look = bed.store().look(tenant).await.unwrap();
            let filter = EventFilter {
                kind: Some(kind.to_owned()),
                limit: 1,
                ..EventFilter::default()
            };
            let last = look.security_events(&filter).await.unwrap().remove(0);
            (
                look.count_security_events(&filter).await.unwrap(),
                last.detail,
            )
        };
        let note = async |kind: &'static str, origin: &str, times: u64| {
            let door = bed.store().door(tenant).await.unwrap();
            for _ in 0..times {
                door.security_event(kind, None, origin, "").await.unwrap();
            }
            door.commit().await.unwrap();
        };
        note("refused", "192.0.2.0/24", MOST_OF_NETWORK + 40).await;
        let said = format!("≥ {MOST_OF_NETWORK} / h");
        assert_eq!(counted("refused").await, (MOST_OF_NETWORK, said));
        // Another network, another kind and another hour are noted all the same.
        note("refused", "198.51.100.0/24", 1).await;
        note("locked", "192.0.2.0/24", 1).await;
        assert_eq!(counted("refused").await.0, MOST_OF_NETWORK + 1);
        assert_eq!(counted("locked").await, (1, String::new()));
        for network in 0..30 {
            note("probe", &format!("10.0.{network}.0/24"), 40).await;
        }
        assert_eq!(counted("probe").await.0, MOST_OF_KIND);
        bed.advance(TimeDelta::minutes(61));
        note("refused", "192.0.2.0/24", 2).await;
        assert_eq!(counted("refused").await.0, MOST_OF_NETWORK + 3);
    })
    .await;
}

#[tokio::test]
async fn refusals_at_the_platforms_door_are_bounded_and_counted() {
    on_both(|bed| async move {
        let control = bed.store().control();
        let from = Origin::Local;
        for _ in 0..320 {
            let act = OperatorAct::CrossSite;
            control.operator_event(act, None, from).await.unwrap();
        }
        let act = OperatorAct::BackedUp;
        control.operator_event(act, None, from).await.unwrap();
        let since = bed.store().now() - TimeDelta::hours(1);
        let mut totals = control.operator_totals(since).await.unwrap();
        totals.sort();
        let expected = [("backed-up".to_owned(), 1), ("cross-site".to_owned(), 300)];
        assert_eq!(totals, expected);
        let last = control.last_operator_event(act).await.unwrap();
        assert_eq!(last, Some(bed.store().now()));
        let never = control.last_operator_event(OperatorAct::Locked).await;
        assert_eq!(never.unwrap(), None);
    })
    .await;
}
