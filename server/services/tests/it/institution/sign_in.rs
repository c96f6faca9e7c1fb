//! T-AUTH-01, 02, 05, 06, 07: hashes, limits, one answer for everything that is wrong.

use super::school::{OTHER, PASSWORD, School, address, candidate_number, done, services_on};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::TimeDelta;
use domain::institution::{Incident, Office, PersonalScope, PostKind, policy};
use proptest::prelude::*;
use services::ServiceError;
use services::institution::lock::{FIRST_LOCK, LONGEST_LOCK, lock_after};
use services::institution::security::{EVENTS_ON_A_PAGE, SecurityQuery};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::testkit::{Hooks, on_both};
use store::{Detail, Store, Subject, rows};

/// Nobody of the school was ever seen there.
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));

fn refused<T>(result: &services::Result<T>) -> bool {
    matches!(result, Err(ServiceError::SignIn))
}

#[tokio::test]
async fn a_sign_in_gives_a_seat_and_is_in_the_audit_log() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let signed_in = school.signed_in(" Ｔ100 ").await;
        let present = school.services.present(signed_in).await.unwrap();
        assert_eq!(present.actor.office(), Office::Admissions);
        assert_eq!(present.login, "T100");
        assert!(present.must_enrol);
        assert_eq!(present.idle_minutes, 15);
        let acts = school.acts().await;
        assert!(acts.last().unwrap().contains("institution/sign-in"));
        assert!(!acts.concat().contains("10.8.0.1"));
        assert!(acts.last().unwrap().contains("10.8.0.0/24"));
    })
    .await;
}

#[tokio::test]
async fn passwords_are_stored_as_argon2id_with_a_salt_of_sixteen_bytes() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let hash = school.stored("T100").await.password_hash.unwrap();
        let parts: Vec<&str> = hash.split('$').collect();
        assert_eq!(parts[1..4], ["argon2id", "v=19", "m=19456,t=2,p=1"]);
        // Sixteen bytes in base 64 without padding.
        assert_eq!(parts[4].len(), 22);
        assert!(!hash.contains(PASSWORD));
    })
    .await;
}

#[tokio::test]
async fn a_hash_of_lower_cost_is_made_anew_at_sign_in() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let before = school.signed_in("T100").await;
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8_192, 1, 1, None).unwrap(),
        );
        let weak = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
        let door = school.services.store().door(school.tenant).await.unwrap();
        let account = door.account_by_login("T100").await.unwrap().unwrap();
        door.renew_hash(&account, &weak).await.unwrap();
        door.commit().await.unwrap();
        school.signed_in("T100").await;
        let hash = school.stored("T100").await.password_hash.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        school.signed_in("T100").await;
        // It is the same password: nobody is signed out.
        assert!(school.services.present(before).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn passwords_are_taken_as_they_are_up_to_128_characters() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let mut actor = school.officer("T100", Office::Admissions).await;
        let long = |n| (0..n).map(|i| char::from(b'a' + u8::try_from(i * 7 % 26).unwrap()));
        let mut old = PASSWORD.to_owned();
        for new in [
            "q7 h2\0k9 x4 m8".to_owned(),
            " 🐟🦀🐚 spaces at both ends ".to_owned(),
            "Ｆｕｌｌｗｉｄｔｈ海水潮汐月".to_owned(),
            long(128).collect::<String>(),
        ] {
            school
                .services
                .change_password(&actor, &old, new.clone(), None, address(1))
                .await
                .unwrap();
            let signed_in = done(school.sign_in("T100", &new, address(1)).await.unwrap());
            assert!(
                refused(&school.sign_in("T100", new.trim(), address(2)).await) || new.trim() == new
            );
            actor = school.services.present(signed_in).await.unwrap().actor;
            old = new;
        }
        let runs = school.services.passwords().runs();
        let endless = "x".repeat(1_000_000);
        assert!(refused(&school.sign_in("T100", &endless, address(3)).await));
        assert_eq!(school.services.passwords().runs(), runs);
    })
    .await;
}

/// An account that was disabled.
async fn disabled(school: &School, login: &str) {
    let store = school.services.store();
    let active = school.stored("T100").await;
    let mut unit = store.begin(&school.admin).await.unwrap();
    let account = rows::Account {
        id: unit.id(),
        login: login.to_owned(),
        state: "disabled".to_owned(),
        ..active
    };
    let subject = Subject::new("account", account.id);
    unit.insert_people(Vec::new(), vec![account], Vec::new())
        .await
        .unwrap();
    let here = domain::institution::Target::school(school.tenant);
    let granted = school
        .admin
        .authorize::<policy::ImportOrganisation>(&here, unit.now())
        .unwrap();
    unit.note(&granted, subject, Detail::none());
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn unknown_wrong_locked_and_disabled_are_one_answer_for_the_same_work() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        school.officer("T200", Office::Admissions).await;
        disabled(&school, "T300").await;
        for _ in 0..5 {
            assert!(refused(&school.sign_in("T200", OTHER, address(2)).await));
        }
        let tries = [
            ("nobody", PASSWORD),
            ("T100", OTHER),
            ("T200", PASSWORD),
            ("T300", PASSWORD),
            ("a\0b", PASSWORD),
            ("' OR 1=1 --", PASSWORD),
            (candidate_number(1).as_str(), PASSWORD),
        ]
        .map(|(login, password)| (login.to_owned(), password));
        for (login, password) in tries {
            let before = school.services.passwords().runs();
            let answer = school.sign_in(&login, password, address(3)).await;
            assert!(refused(&answer), "{login}");
            assert_eq!(school.services.passwords().runs(), before + 1, "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn five_failures_lock_an_account_across_a_restart() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        for _ in 0..5 {
            assert!(refused(&school.sign_in("T100", OTHER, address(2)).await));
        }
        let restarted = services_on(bed.second().await);
        let again = |from| restarted.sign_in(school.tenant, "T100", PASSWORD.to_owned(), from);
        assert!(refused(&again(address(9)).await));
        bed.advance(FIRST_LOCK - TimeDelta::seconds(1));
        assert!(refused(&again(address(9)).await));
        bed.advance(TimeDelta::seconds(1));
        done(again(address(9)).await.unwrap());
        // The success forgot the failures: four more do not lock.
        for _ in 0..4 {
            assert!(refused(&school.sign_in("T100", OTHER, address(2)).await));
        }
        done(again(address(9)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn locks_double_and_failures_during_a_lock_do_not_count() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        for minutes in [15, 30, 60] {
            for _ in 0..8 {
                assert!(refused(&school.sign_in("T100", OTHER, address(2)).await));
            }
            bed.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
            assert!(refused(&school.sign_in("T100", PASSWORD, address(3)).await));
            bed.advance(TimeDelta::seconds(1));
        }
        school.signed_in("T100").await;
    })
    .await;
}

/// Who only knows a login keeps nobody out: its owner goes through the lock from a network of hers, and with another
/// device; strangers wait, and so does whoever guesses from that very network.
#[tokio::test]
async fn a_stranger_who_goes_on_for_a_day_does_not_keep_the_owner_out() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let home = address(7);
        done(school.sign_in("T100", PASSWORD, home).await.unwrap());
        let guess = async || {
            for _ in 0..5 {
                assert!(refused(&school.sign_in("T100", OTHER, STRANGER).await));
            }
        };
        for hour in 0..24 {
            bed.advance(TimeDelta::hours(1));
            guess().await;
            assert!(school.stored("T100").await.locked_until.is_some());
            // The right password of somebody who was never seen there is no key to a locked door.
            assert!(refused(&school.sign_in("T100", PASSWORD, STRANGER).await));
            if hour % 4 == 0 {
                done(school.sign_in("T100", PASSWORD, home).await.unwrap());
            }
        }
        // From the owner's network too no more than five tries go through a lock in four hours.
        bed.advance(TimeDelta::hours(4));
        guess().await;
        for _ in 0..5 {
            assert!(refused(&school.sign_in("T100", OTHER, home).await));
        }
        assert!(refused(&school.sign_in("T100", PASSWORD, home).await));
    })
    .await;
}

/// The lock ends together with the sign-in that goes through it, or not at all: a server that dies in between leaves a
/// stranger no more guesses than before.
#[tokio::test]
async fn a_sign_in_that_does_not_come_to_its_end_leaves_the_lock() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let home = address(7);
        done(school.sign_in("T100", PASSWORD, home).await.unwrap());
        for _ in 0..5 {
            assert!(refused(&school.sign_in("T100", OTHER, STRANGER).await));
        }
        let locked = school.stored("T100").await;
        assert!(locked.locked_until.is_some() && locked.fails == 5);
        for last in [
            "UPDATE \"account\" SET \"fails\"",
            "INSERT INTO \"audit_entry\"",
        ] {
            let died = AtomicBool::new(false);
            let hooks = Hooks {
                statement: Some(Arc::new(move |sql: &str| {
                    let first = sql.starts_with(last) && !died.swap(true, Ordering::SeqCst);
                    assert!(!first, "the end of the server");
                })),
                fenced: true,
            };
            let (settings, source) = (bed.settings(), bed.source().clone());
            let store = Store::hooked(&settings, bed.folder(), source, hooks).await;
            let (services, tenant) = (services_on(store), school.tenant);
            let sign_in = tokio::spawn(async move {
                let password = PASSWORD.to_owned();
                services.sign_in(tenant, "T100", password, home).await
            });
            assert!(sign_in.await.unwrap_err().is_panic(), "{last}");
            assert_eq!(school.stored("T100").await, locked, "{last}");
        }
        done(school.sign_in("T100", PASSWORD, home).await.unwrap());
        let open = school.stored("T100").await;
        assert!(open.locked_until.is_none() && open.fails == 0);
    })
    .await;
}

#[tokio::test]
async fn guesses_at_the_same_time_are_all_counted() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let mut tries = Vec::new();
        for _ in 0..12 {
            let (services, tenant) = (school.services.clone(), school.tenant);
            tries.push(tokio::spawn(async move {
                services
                    .sign_in(tenant, "T100", OTHER.to_owned(), address(2))
                    .await
            }));
        }
        for answer in tries {
            assert!(refused(&answer.await.unwrap()));
        }
        let account = school.stored("T100").await;
        assert!(account.locked_until.is_some());
        assert_eq!(account.fails, 5);
    })
    .await;
}

#[tokio::test]
async fn many_sign_in_at_the_same_time() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        for n in 0..8 {
            let login = format!("T10{n}");
            school
                .account(
                    &login,
                    Office::Admissions,
                    PostKind::Officer,
                    PersonalScope::School,
                )
                .await;
        }
        let before = school.acts().await.len();
        let mut tries = Vec::new();
        for n in 0..8 {
            let (services, tenant) = (school.services.clone(), school.tenant);
            tries.push(tokio::spawn(async move {
                let login = format!("T10{n}");
                services
                    .sign_in(tenant, &login, PASSWORD.to_owned(), address(2))
                    .await
            }));
        }
        for answer in tries {
            done(answer.await.unwrap().unwrap());
        }
        assert_eq!(school.acts().await.len(), before + 8);
    })
    .await;
}

#[tokio::test]
async fn the_it_centre_sees_refusals_and_locks_and_no_login() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T2026001", Office::Admissions).await;
        let it = school.officer("IT2026002", Office::ItCentre).await;
        for _ in 0..5 {
            assert!(refused(
                &school.sign_in("T2026001", OTHER, address(2)).await
            ));
        }
        let view = school
            .services
            .security_view(&it, &SecurityQuery::default())
            .await
            .unwrap();
        let kinds: Vec<Incident> = view.events.iter().map(|e| e.incident).collect();
        assert!(kinds.contains(&Incident::Locked));
        assert_eq!(
            kinds
                .iter()
                .filter(|k| **k == Incident::SignInRefused)
                .count(),
            5
        );
        assert!(view.events.iter().all(|e| e.origin == "10.8.0.0/24"));
        assert_eq!(view.locks.len(), 1);
        assert_eq!(view.locks[0].login.as_str(), "T2****01");
        let admissions = school.officer("T300", Office::Admissions).await;
        let other = school
            .services
            .security_view(&admissions, &SecurityQuery::default())
            .await;
        assert!(matches!(other, Err(ServiceError::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn office_posts_come_from_the_networks_of_the_school() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let today = domain::calendar::local_date(bed.store().now());
        let set = |value: &'static str, from| {
            let (services, admin) = (school.services.clone(), school.admin.clone());
            async move {
                services
                    .set_parameter(
                        &admin,
                        "security.office_networks",
                        value,
                        "校信〔2026〕3号",
                        today,
                        Some(from),
                    )
                    .await
            }
        };
        let locked_out = set("192.0.2.0/24", address(1)).await;
        assert!(matches!(
            locked_out,
            Err(ServiceError::Invalid {
                code: "locks_out",
                ..
            })
        ));
        set("10.8.0.0/16, 2001:db8::/32", address(1)).await.unwrap();
        let outside = std::net::IpAddr::from([203, 0, 113, 9]);
        assert!(refused(&school.sign_in("T100", PASSWORD, outside).await));
        let signed_in = school.signed_in("T100").await;
        let present = school.services.present(signed_in).await.unwrap();
        assert!(present.allowed_from(address(200)));
        assert!(!present.allowed_from(outside));
        let view = school
            .services
            .security_view(&school.admin, &SecurityQuery::default())
            .await
            .unwrap();
        assert_eq!(view.events[0].incident, Incident::ForeignNetwork);
        assert_eq!(school.stored("T100").await.fails, 0);
    })
    .await;
}

#[tokio::test]
async fn a_person_without_a_post_today_cannot_sign_in() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let yesterday = unit.today().pred_opt().unwrap();
        unit.end_posts(&[actor.seat().post], yesterday)
            .await
            .unwrap();
        let here = domain::institution::Target::school(school.tenant);
        let granted = school
            .admin
            .authorize::<policy::ImportOrganisation>(&here, unit.now())
            .unwrap();
        unit.note(
            &granted,
            Subject::new("post", actor.seat().post),
            Detail::none(),
        );
        unit.commit().await.unwrap();
        assert!(refused(&school.sign_in("T100", PASSWORD, address(1)).await));
    })
    .await;
}

#[tokio::test]
async fn a_login_of_one_university_is_nothing_at_another() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let other = School::named(&bed, "beihai").await;
        school
            .account(
                "T100",
                Office::Admissions,
                PostKind::Officer,
                PersonalScope::School,
            )
            .await;
        assert!(refused(&other.sign_in("T100", PASSWORD, address(1)).await));
    })
    .await;
}

proptest! {
    #[test]
    fn locks_come_every_fifth_failure_and_stay_within_bounds(failures in 0_i32..10_000) {
        match lock_after(failures) {
            Some(span) => {
                prop_assert_eq!(failures % 5, 0);
                prop_assert!((FIRST_LOCK..=LONGEST_LOCK).contains(&span));
                prop_assert!(lock_after(failures + 5).is_some_and(|next| next >= span));
            }
            None => prop_assert!(failures % 5 != 0 || failures == 0),
        }
    }
}

/// Under attack nothing is cut without a word: totals, a filter, and every page.
#[tokio::test]
async fn the_it_centre_counts_filters_and_turns_pages() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let it = school.officer("I100", Office::ItCentre).await;
        let account = it.seat().account;
        let note = async |times: u64, incident| {
            for _ in 0..times {
                school
                    .services
                    .note_incident(school.tenant, Some(account), address(9), incident)
                    .await
                    .unwrap();
            }
        };
        note(2, Incident::ForeignNetwork).await;
        bed.advance(TimeDelta::days(2));
        note(EVENTS_ON_A_PAGE + 1, Incident::OtherUniversity).await;
        let look =
            async |query: SecurityQuery| school.services.security_view(&it, &query).await.unwrap();
        let all = look(SecurityQuery::default()).await;
        assert_eq!(
            (all.found, all.page, all.last),
            (EVENTS_ON_A_PAGE + 3, 1, 2)
        );
        let of = |incident| all.totals.iter().find(|t| t.incident == incident).unwrap();
        let probes = of(Incident::OtherUniversity);
        let n = i64::try_from(EVENTS_ON_A_PAGE + 1).unwrap();
        assert_eq!((probes.day, probes.week), (n, n));
        assert_eq!(of(Incident::ForeignNetwork).day, 0);
        assert_eq!(all.networks[0].1, n + 2);
        let foreign = look(SecurityQuery {
            incident: Some(Incident::ForeignNetwork),
            ..SecurityQuery::default()
        })
        .await;
        assert_eq!((foreign.found, foreign.events.len()), (2, 2));
        let second = look(SecurityQuery {
            page: 2,
            ..SecurityQuery::default()
        })
        .await;
        assert_eq!(second.events.len(), 3);
    })
    .await;
}
