//! Sessions as a browser has them: made, moved, ended, and never brought back.

use crate::house::{House, PASSWORD};
use axum::extract::ConnectInfo;
use chrono::TimeDelta;
use domain::audit::hex;
use domain::institution::policy::ImportOrganisation;
use domain::institution::{Actor, Office, PersonalScope, PostKind, Target, TenantId};
use http::{Request, StatusCode, header};
use services::Services;
use services::institution::security::SecurityQuery;
use services::parser::InProcess;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use store::testkit::on_both;
use store::{Detail, Subject, rows};
use tower_sessions_core::session::Id;
use uuid::Uuid;

#[cfg(test)]
mod own;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod servers;

async fn opens(house: &House, page: &str, cookie: &str) -> bool {
    let answer = house.get(page, Some(cookie)).await;
    assert!(
        [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::NOT_FOUND].contains(&answer.status),
        "{page}: {}",
        answer.status
    );
    answer.status == StatusCode::OK
}

#[tokio::test]
async fn the_cookie_is_what_browsers_demand() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let form = format!("tenant=shou&login=t100&password={PASSWORD}");
        let answer = house.submit("/api/institution/sign-in", None, &form).await;
        let line = answer.header("set-cookie");
        assert!(line.starts_with("__Host-xj="), "{line}");
        let parts: Vec<&str> = line.split("; ").skip(1).collect();
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(parts.contains(&part), "{line}");
        }
        assert!(!line.contains("Domain"), "{line}");
        let raw = answer.cookie();
        let raw = raw.split_once('=').unwrap().1;
        assert!(raw.len() >= 22, "128 bits: {raw}");
    })
    .await;
}

/// Whoever reads the database, its log, its files or a backup holds nobody's session: of the id, only the hash is kept.
#[tokio::test]
async fn the_id_of_a_session_is_kept_nowhere() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let first = house.sign_in("shou", "t100").await;
        assert!(opens(&house, "/shou/home", &first).await);
        let form = format!("tenant=shou&password={PASSWORD}&code=");
        let path = "/api/institution/step-up";
        let second = house.submit(path, Some(&first), &form).await.cookie();
        assert!(opens(&house, "/shou/home", &second).await);
        let kept = house.bed.everything_kept().await;
        let is_kept = |part: &[u8]| {
            let mut found = kept.iter().map(|(_, bytes)| bytes.windows(part.len()));
            found.any(|mut parts| parts.any(|other| other == part))
        };
        for cookie in [first, second] {
            let written = cookie.split_once('=').unwrap().1;
            let id: Id = written.parse().unwrap();
            let (bytes, backwards) = (id.0.to_be_bytes(), id.0.to_le_bytes());
            assert!(!is_kept(&bytes), "as the bytes it is written from");
            for form in [
                written.to_owned(),
                hex::encode(&bytes),
                hex::encode(&backwards),
                id.0.to_string(),
            ] {
                assert!(!is_kept(form.as_bytes()), "as text of {}", form.len());
            }
            assert!(!is_kept(&backwards), "as bytes from the end");
        }
        let held = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let account = held.seat().account;
        let control = house.bed.store().control();
        let sessions = control.sessions_of(tenant, account).await.unwrap();
        let hash = sessions[0].id_hash;
        assert!(is_kept(&hash), "the search finds what is there");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_changes_at_sign_in_step_up_and_switch() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let planted = "__Host-xj=AAAAAAAAAAAAAAAAAAAAAA";
        let form = format!("tenant=shou&login=t100&password={PASSWORD}");
        let answer = house
            .submit("/api/institution/sign-in", Some(planted), &form)
            .await;
        let first = answer.cookie();
        assert_ne!(first, planted);
        assert!(!opens(&house, "/shou/home", planted).await);
        assert!(opens(&house, "/shou/home", &first).await);
        let form = format!("tenant=shou&password={PASSWORD}&code=");
        let answer = house
            .submit("/api/institution/step-up", Some(&first), &form)
            .await;
        assert_eq!(answer.header("location"), "/shou/account?done=stepped_up");
        let second = answer.cookie();
        assert_ne!(second, first);
        assert!(!opens(&house, "/shou/home", &first).await);
        assert!(opens(&house, "/shou/home", &second).await);
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let post = second_post(&house, &actor).await;
        let form = format!("tenant=shou&post={post}");
        let answer = house
            .submit("/api/institution/switch-post", Some(&second), &form)
            .await;
        assert_eq!(answer.header("location"), "/shou/home");
        let third = answer.cookie();
        assert_ne!(third, second);
        assert!(!opens(&house, "/shou/home", &second).await);
        assert!(opens(&house, "/shou/home", &third).await);
        assert!(
            opens(&house, "/shou/assign", &third).await,
            "the other post"
        );
    })
    .await;
}

/// Puts rows of a university beside those that are there.
async fn plant(house: &House, tenant: TenantId, (people, accounts, posts): Rows) {
    let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
    let mut unit = house.bed.store().begin(&admin).await.unwrap();
    unit.insert_people(people, accounts, posts).await.unwrap();
    let here = Target::school(tenant);
    let granted = admin
        .authorize::<ImportOrganisation>(&here, unit.now())
        .unwrap();
    let subject = Subject::new("person", admin.person());
    unit.note(&granted, subject, Detail::none());
    unit.commit().await.unwrap();
}

type Rows = (Vec<rows::Person>, Vec<rows::Account>, Vec<rows::Post>);

fn post(
    house: &House,
    of: &Actor,
    office: Office,
    kind: PostKind,
    scope: &PersonalScope,
) -> rows::Post {
    let store = house.bed.store();
    rows::Post {
        tenant_id: of.tenant().0,
        id: store.id(),
        person_id: of.person(),
        office: office.key().to_owned(),
        kind: kind.key().to_owned(),
        scope: serde_json::to_string(scope).unwrap(),
        valid_from: domain::calendar::local_date(store.now()),
        valid_to: None,
        import_id: None,
    }
}

/// Another post of somebody.
async fn second_post(house: &House, of: &Actor) -> Uuid {
    let kind = PostKind::Officer;
    let post = post(
        house,
        of,
        Office::StudentAffairs,
        kind,
        &PersonalScope::School,
    );
    let id = post.id;
    plant(house, of.tenant(), (Vec::new(), Vec::new(), vec![post])).await;
    id
}

/// A student with the password of somebody of the staff; the login.
async fn student_like(house: &House, of: &Actor) -> &'static str {
    const LOGIN: &str = "26080001";
    let look = house.bed.store().look(of.tenant()).await.unwrap();
    let (account, person) = (
        look.account(of.seat().account).await.unwrap(),
        look.person(of.person()).await.unwrap(),
    );
    drop(look);
    let id = house.bed.store().id();
    let own = PersonalScope::Own(house.bed.store().id());
    let post = rows::Post {
        person_id: id,
        ..post(house, of, Office::Student, PostKind::Student, &own)
    };
    let account = rows::Account {
        id: house.bed.store().id(),
        person_id: id,
        kind: "student".to_owned(),
        login: LOGIN.to_owned(),
        ..account
    };
    let person = rows::Person { id, ..person };
    plant(
        house,
        of.tenant(),
        (vec![person], vec![account], vec![post]),
    )
    .await;
    LOGIN
}

/// ADR 0084: the own session goes on under another id; what was open elsewhere is over, and so is what a server keeps or
/// moves too late to be ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_moves_the_own_session_on_and_ends_the_others() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let (own, other) = (
            house.sign_in("shou", "t100").await,
            house.sign_in("shou", "t100").await,
        );
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let control = || house.bed.store().control();
        let before = control().sessions_of(tenant, actor.seat().account).await;
        let before = before.unwrap();
        assert_eq!(before.len(), 2);
        let form = format!("tenant=shou&old={PASSWORD}&new=harbour-of-quiet-lanterns-71");
        let path = "/api/institution/change-password";
        let answer = house.submit(path, Some(&own), &form).await;
        let to = "/shou/account?done=password_changed";
        assert_eq!(answer.header("location"), to);
        let fresh = answer.cookie();
        assert_ne!(fresh, own);
        let told = house.get(to, Some(&fresh)).await.body;
        assert!(told.contains("密码已更改，其他设备已退出"), "{told}");
        assert!(opens(&house, "/shou/home", &fresh).await);
        for late in [false, true] {
            for old in [&own, &other] {
                assert!(!opens(&house, "/shou/home", old).await, "{late}");
            }
            for row in before.iter().filter(|_| !late) {
                assert!(control().create_session(row.clone()).await.unwrap());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_elsewhere_ends_the_first_session() {
    House::on_each(|house| async move {
        let (shou, jsut) = (house.school("shou").await, house.school("jsut").await);
        house.staff(shou, "t100", Office::Admissions).await;
        house.staff(jsut, "t200", Office::Admissions).await;
        let first = house.sign_in("shou", "t100").await;
        let form = format!("tenant=jsut&login=t200&password={PASSWORD}");
        let answer = house
            .submit("/api/institution/sign-in", Some(&first), &form)
            .await;
        let second = answer.cookie();
        assert!(opens(&house, "/jsut/home", &second).await);
        assert!(!opens(&house, "/jsut/home", &first).await);
        assert!(!opens(&house, "/shou/home", &first).await);
        assert!(!opens(&house, "/shou/home", &second).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_stays_ended() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let office = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&office).await;
        assert!(opens(&house, "/shou/home", &cookie).await);
        let elsewhere = house
            .submit("/api/institution/sign-out", Some(&cookie), "tenant=jsut")
            .await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
        assert!(opens(&house, "/shou/home", &cookie).await);
        let unit = house.bed.store().read(&office).await.unwrap();
        let before = unit.audit_after(0, 100).await.unwrap().len();
        drop(unit);
        let left = house
            .submit("/api/institution/sign-out", Some(&cookie), "tenant=shou")
            .await;
        assert_eq!(left.header("location"), "/shou/sign-in?done=signed_out");
        // A browser takes no cookie of this name back without these words, as it takes none.
        let taken = left.header("set-cookie");
        assert!(taken.contains("Max-Age=0"), "{taken}");
        for word in ["Path=/", "; Secure", "; HttpOnly"] {
            assert!(taken.contains(word), "{taken}");
        }
        assert!(!opens(&house, "/shou/home", &cookie).await);
        let unit = house.bed.store().read(&office).await.unwrap();
        let acts = unit.audit_after(0, 100).await.unwrap();
        assert_eq!(acts.len(), before + 1);
        let last = &acts.last().unwrap().body;
        assert!(last.contains("institution/sign-out"), "{last}");
        drop(unit);
        // Once more is no error, and leaves nothing.
        let again = house
            .submit("/api/institution/sign-out", Some(&cookie), "tenant=shou")
            .await;
        assert_eq!(again.header("location"), "/shou/sign-in?done=signed_out");
    })
    .await;
}

/// The password takes its time; whoever signs out meanwhile is out.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_step_up_does_not_revive_a_signed_out_session() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let cookie = house.sign_in("shou", "t100").await;
        // Forty others wait for the two turns of the password check: the step-up stands behind them.
        let busy: Vec<_> = (0..40)
            .map(|_| {
                let passwords = house.services.passwords().clone();
                tokio::spawn(async move { passwords.matches("x".to_owned(), None).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let form = format!("tenant=shou&password={PASSWORD}&code=");
        let slow = house.submit("/api/institution/step-up", Some(&cookie), &form);
        let quick = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            house
                .submit("/api/institution/sign-out", Some(&cookie), "tenant=shou")
                .await
        };
        let (slow, quick) = tokio::join!(slow, quick);
        for task in busy {
            task.await.unwrap().unwrap();
        }
        assert_eq!(quick.header("location"), "/shou/sign-in?done=signed_out");
        assert!(
            slow.header("location").contains("refused=sign_in"),
            "{}",
            slow.header("location")
        );
        assert!(!slow.sets_session());
        assert!(!opens(&house, "/shou/home", &cookie).await);
        let left = house.bed.store().control();
        let account = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let left = left.sessions_of(tenant, account.seat().account).await;
        assert_eq!(left.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_idle_session_ends() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let student = student_like(&house, &actor).await;
        for (login, idle) in [("t100", 15), (student, 30)] {
            let cookie = house.sign_in("shou", login).await;
            house.bed.advance(TimeDelta::minutes(idle - 1));
            assert!(opens(&house, "/shou/account", &cookie).await, "{login}");
            house.bed.advance(TimeDelta::minutes(idle));
            assert!(opens(&house, "/shou/account", &cookie).await, "{login}");
            house.bed.advance(TimeDelta::minutes(idle + 1));
            assert!(!opens(&house, "/shou/account", &cookie).await, "{login}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_that_asks_for_progress_keeps_nobody_signed_in() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let cookie = house
            .cookie(&house.bed.officer(tenant, Office::Admissions).await)
            .await;
        let form = "tenant=shou&import=01900000-0000-7000-8000-000000000000";
        for _ in 0..7 {
            house.bed.advance(TimeDelta::minutes(2));
            let answer = house
                .call("/api/admission/progress", Some(&cookie), form)
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        }
        house.bed.advance(TimeDelta::minutes(2));
        assert!(!opens(&house, "/shou/home", &cookie).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_use_of_a_session_makes_it_longer() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let student = student_like(&house, &actor).await;
        for (login, hours) in [("t100", 8), (student, 12)] {
            let mut cookie = house.sign_in("shou", login).await;
            for minutes in (10..hours * 60).step_by(10) {
                house.bed.advance(TimeDelta::minutes(10));
                let place = format!("{login} {minutes}");
                assert!(opens(&house, "/shou/account", &cookie).await, "{place}");
                if minutes == 240 {
                    // A new id is not a new life.
                    let form = format!("tenant=shou&password={PASSWORD}&code=");
                    let path = "/api/institution/step-up";
                    cookie = house.submit(path, Some(&cookie), &form).await.cookie();
                }
            }
            house.bed.advance(TimeDelta::minutes(10));
            assert!(!opens(&house, "/shou/account", &cookie).await, "{login}");
        }
    })
    .await;
}

fn asked(from: &str, forwarded: &[&str], cookie: &str) -> Request<axum::body::Body> {
    let peer: IpAddr = from.parse().unwrap();
    let mut request = Request::get("/shou/home")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .extension(ConnectInfo(SocketAddr::new(peer, 40_000)));
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    request.body(axum::body::Body::empty()).unwrap()
}

/// A database that is away for a moment signs nobody out, and asks nobody to sign in who is.
#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_the_database_is_no_sign_out() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let form = "tenant=shou&key=admission.undo_days&value=20&basis=x&effective_from=2026-01-01";
        for table in ["session", "tenant", "post", "account", "parameter_value"] {
            house.bed.rename_table(table, "away").await;
            let page = house.get("/shou/home", Some(&cookie)).await;
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{table}");
            assert_eq!(page.header("retry-after"), "5", "{table}");
            for whom in ["现代信息与教育技术中心", "解释单位", "教务处", "学生处"]
            {
                assert!(page.body.contains(whom), "{table}: {whom}");
            }
            for op in ["institution/set-parameter", "institution/step-up"] {
                let path = format!("/api/{op}");
                let answer = house.submit(&path, Some(&cookie), form).await;
                let place = format!("{op} without {table}: {}", answer.header("location"));
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{place}");
            }
            house.bed.rename_table("away", table).await;
            let page = house.get("/shou/home", Some(&cookie)).await;
            assert_eq!(page.status, StatusCode::OK, "{table}");
        }
    })
    .await;
}

/// The address counts that the nearest proxy of the school saw; what a client writes itself counts nothing.
#[tokio::test]
async fn an_office_session_from_elsewhere_is_not_seated() {
    on_both(|bed| async move {
        let services = Services::new(bed.store().clone(), Arc::new(InProcess));
        let house = House::set_up(bed, services, |state| {
            state.trusted_proxies = vec!["192.0.2.1".parse().unwrap()].into();
        });
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let today = domain::calendar::local_date(house.bed.store().now());
        let set = house
            .services
            .set_parameter(
                &admin,
                "security.office_networks",
                "10.1.0.0/16",
                "测试",
                today,
                Some("10.1.0.9".parse().unwrap()),
            )
            .await;
        set.unwrap();
        let office = house.bed.officer(tenant, Office::Admissions).await;
        let mut refused = 0;
        for (peer, forwarded, seated) in [
            ("10.1.2.3", &[][..], true),
            ("192.0.2.1", &["10.1.2.3"], true),
            ("192.0.2.1", &["203.0.113.5, 10.1.2.3"], true),
            ("192.0.2.1", &["10.1.2.3, 203.0.113.5"], false),
            ("192.0.2.1", &[], false),
            ("203.0.113.5", &[], false),
            // Not a proxy of the school: what it says about others is not believed.
            ("203.0.113.5", &["10.1.2.3"], false),
            // A proxy that writes a line of its own leaves the client's line before it.
            ("192.0.2.1", &["10.1.2.3", "203.0.113.5"], false),
            ("192.0.2.1", &["203.0.113.5", "10.1.2.3"], true),
            ("192.0.2.1", &["10.1.2.3", "203.0.113.5, 192.0.2.1"], false),
            // With the port, or not to be understood: then nothing before it is believed either.
            ("192.0.2.1", &["10.1.2.3, 203.0.113.5:4711"], false),
            ("192.0.2.1", &["203.0.113.5, 10.1.2.3:4711"], true),
            ("192.0.2.1", &["10.1.2.3, unknown"], false),
            // The same addresses as a socket for both families of addresses tells them.
            ("::ffff:192.0.2.1", &["10.1.2.3"], true),
            ("::ffff:10.1.2.3", &[], true),
            ("::ffff:192.0.2.1", &["::ffff:203.0.113.5"], false),
        ] {
            refused += usize::from(!seated);
            let cookie = house.cookie(&office).await;
            let answer = house.send(asked(peer, forwarded, &cookie)).await;
            assert_eq!(
                answer.status == StatusCode::OK,
                seated,
                "{peer} {forwarded:?}: {}",
                answer.status
            );
            let after = house.send(asked("10.1.2.3", &[], &cookie)).await;
            assert_eq!(
                after.status == StatusCode::OK,
                seated,
                "{peer} {forwarded:?}"
            );
        }
        let it = house.bed.officer(tenant, Office::ItCentre).await;
        let view = house
            .services
            .security_view(&it, &SecurityQuery::default())
            .await
            .unwrap();
        assert_eq!(view.events.len(), refused);
        let student = house
            .bed
            .person_in(
                tenant,
                Office::Student,
                PostKind::Student,
                PersonalScope::Own(house.bed.store().id()),
            )
            .await;
        let cookie = house.cookie(&student).await;
        let answer = house.send(asked("203.0.113.5", &[], &cookie)).await;
        assert_ne!(answer.status, StatusCode::SEE_OTHER);
    })
    .await;
}
