//! T-ISO over HTTP: somebody of one university, or of one college, holds the real ids of another and gets nothing with
//! them. What is answered is what an id that names nothing is answered, word for word.

mod inside;
mod twins;

pub use twins::fresh;

use crate::house::House;
use crate::uploads;
use axum::body::Body;
use domain::institution::Office;
use domain::institution::policy::Kind;
use http::{Request, StatusCode, header};
use std::collections::BTreeMap;
use twins::{ADMIN, ADMISSIONS, AFFAIRS, OTHER, OWN, Twins, knock, names_records, plain};
use uuid::Uuid;

/// T-ISO-01 and T-ISO-02: every post of one university with every kind of id of the other, in addresses and in forms.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_01_and_02_ids_of_another_university_name_nothing() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let house = &twins.house;
        let foreign = twins.ids(OTHER).await;
        let numbers: Vec<String> = twins
            .students(OTHER)
            .await
            .into_iter()
            .map(|s| s.ksh)
            .collect();
        let before = twins.mark(OTHER).await;
        let mut asked = 0;
        for actor in twins.people(OWN).await {
            for rule in names_records().filter(|rule| rule.allows(&actor)) {
                let nothing = house.bed.store().id();
                // Each has a session of its own: some calls end it.
                let cookie = house.cookie(&actor).await;
                let missing = knock(house, rule, &cookie, OWN, nothing).await;
                let missing = plain(&missing, nothing);
                let place = format!("{:?} {}: {}", actor.office(), rule.op, missing.1);
                // A file that is not there may lead back to the page that names it.
                let led_back = rule.kind == Kind::File && missing.0 == StatusCode::SEE_OTHER;
                assert!(missing.0 == StatusCode::NOT_FOUND || led_back, "{place}");
                for id in &foreign {
                    let cookie = house.cookie(&actor).await;
                    let answer = knock(house, rule, &cookie, OWN, *id).await;
                    let place = format!("{:?} {} {id}", actor.office(), rule.op);
                    assert_eq!(plain(&answer, *id), missing, "{place}");
                    asked += 1;
                    let told = numbers.iter().find(|number| answer.body.contains(*number));
                    assert_eq!(told, None, "{place}");
                }
            }
        }
        assert!(asked > 500, "{asked}");
        assert_eq!(twins.mark(OTHER).await, before, "nothing was written there");
    })
    .await;
}

/// Operations that answer with what was asked for, and change nothing that later calls depend on.
const ASKS: [&str; 3] = [
    "admission/progress",
    "disclosure/reveal",
    "institution/issue-slips",
];

/// Addresses that name a record behind the path, who opens them, and forms that name one among other things.
const QUERIES: [(&str, &str); 9] = [
    (AFFAIRS, "assign?year=2026&college="),
    (AFFAIRS, "assign?sheet="),
    (AFFAIRS, "assign?undo="),
    (AFFAIRS, "students?college="),
    (AFFAIRS, "students?major="),
    (AFFAIRS, "students?class="),
    (ADMIN, "organisation?import="),
    (ADMIN, "staff?import="),
    (ADMISSIONS, "admission/majors?year=2026&line="),
];

/// T-ISO-01: an id of the other university behind the question mark shows what an id that names nothing shows.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_01_ids_in_queries_of_another_university_name_nothing() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let house = &twins.house;
        let foreign = twins.ids(OTHER).await;
        let before = twins.mark(OTHER).await;
        for (login, query) in QUERIES {
            let actor = twins.actor(OWN, login).await;
            let cookie = house.cookie(&actor).await;
            let open = async |id: Uuid| {
                let address = format!("/{OWN}/{query}{id}");
                plain(&house.get(&address, Some(&cookie)).await, id)
            };
            let missing = open(house.bed.store().id()).await;
            for id in &foreign {
                assert_eq!(open(*id).await, missing, "{query}{id}");
            }
        }
        let reader = twins.reader(OWN).await;
        let cookie = house.cookie(&reader).await;
        let assign = async |id: Uuid| {
            let form = format!("tenant={OWN}&year=2026&college={id}&hash=00");
            let path = "/api/admission/assign";
            plain(&house.call(path, Some(&cookie), &form).await, id)
        };
        let missing = assign(house.bed.store().id()).await;
        for id in &foreign {
            assert_eq!(assign(*id).await, missing, "{id}");
        }
        assert_eq!(twins.mark(OTHER).await, before, "nothing was written there");
    })
    .await;
}

/// T-ISO-02: repaired rows for an import of the other university are taken for none, word for word as for an id that names
/// nothing; for the own import they are heard.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_02_repaired_rows_reach_no_import_of_another_university() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let house = &twins.house;
        let number = twins.students(OTHER).await.swap_remove(0).ksh;
        let rows = format!("考生号,姓名\n{number},王五\n");
        let files = [("改正.csv".to_owned(), rows.into_bytes())];
        let cookie = house.cookie(&twins.actor(OWN, ADMISSIONS).await).await;
        let repair = async |id: Uuid| {
            let fields = [("tenant", OWN), ("repair", &id.to_string())];
            let path = format!("/{OWN}/files/admission");
            let request = uploads::upload(&path, Some(&cookie), &fields, &files);
            plain(&house.send(request).await, id)
        };
        let before = twins.mark(OTHER).await;
        let missing = repair(house.bed.store().id()).await;
        assert!(!missing.1.contains("done="), "{missing:?}");
        for id in twins.ids(OTHER).await {
            assert_eq!(repair(id).await, missing, "{id}");
        }
        assert_eq!(twins.mark(OTHER).await, before, "nothing was written there");
        let own = twins.ids(OWN).await;
        let mut heard = 0;
        for id in own {
            heard += usize::from(repair(id).await != missing);
        }
        assert!(heard > 0, "the own import is not found either");
    })
    .await;
}

/// T-ISO-07: what somebody of the other university searched for stands sealed in the address (ADR 0050), and opens for
/// nobody here.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_07_a_sealed_search_of_another_university_opens_nothing() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let house = &twins.house;
        let theirs = house.cookie(&twins.reader(OTHER).await).await;
        let sought = twins.students(OTHER).await.swap_remove(0).ksh;
        let form = format!("tenant={OTHER}&filter[q]={sought}");
        let path = "/api/disclosure/search";
        let found = house.submit(path, Some(&theirs), &form).await;
        let address = found.header("location").to_owned();
        assert!(address.contains("s="), "{address}");
        let own = house.get(&address, Some(&theirs)).await;
        assert!(own.body.contains(&sought), "it opens for whoever searched");
        let cookie = house.cookie(&twins.reader(OWN).await).await;
        let here = address.replace(&format!("/{OTHER}/"), &format!("/{OWN}/"));
        let page = house.get(&here, Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains(&sought), "{}", page.body);
        let there = house.get(&address, Some(&cookie)).await;
        assert_eq!(there.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// The other side of it: with the own ids the same calls are heard, so the test above does not pass for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_own_ids_are_found() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let own = twins.ids(OWN).await;
        let mut found = BTreeMap::new();
        for actor in twins.people(OWN).await {
            let asked =
                names_records().filter(|r| r.kind != Kind::Operation || ASKS.contains(&r.op));
            for rule in asked.filter(|r| r.allows(&actor)) {
                for id in &own {
                    let cookie = twins.house.cookie(&actor).await;
                    let answer = knock(&twins.house, rule, &cookie, OWN, *id).await;
                    *found.entry(rule.op).or_insert(0) +=
                        i32::from(answer.status == StatusCode::OK);
                }
            }
        }
        for op in [
            "students/:id",
            "handovers/:id",
            "admission/imports/:id",
            "files/findings/:id",
            "files/exports/:id",
            "files/photo/:id",
            "files/organisation/:id",
            "files/rules/:id",
            "files/slips/one/:id",
            "files/slips/:class",
        ]
        .into_iter()
        .chain(ASKS)
        {
            assert!(found[op] > 0, "{op}: {found:?}");
        }
    })
    .await;
}

/// T-ISO-03: headers, hosts and fields said twice move nobody to another university.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_03_no_header_host_or_second_field_leads_elsewhere() {
    House::on_each(|house| async move {
        let (own, other) = (house.school(OWN).await, house.school(OTHER).await);
        let actor = house.bed.officer(own, Office::TenantAdmin).await;
        let stranger = house.bed.officer(other, Office::TenantAdmin).await;
        let cookie = house.cookie(&actor).await;
        let theirs = house.cookie(&stranger).await;
        let plain = house.get("/shou/parameters", Some(&cookie)).await;
        assert_eq!(plain.status, StatusCode::OK);
        let number = other.0.to_string();
        for (name, value) in [
            ("x-tenant-id", number.as_str()),
            ("x-tenant", OTHER),
            ("x-forwarded-host", "jsut.example.edu.cn"),
            ("host", "jsut.example.edu.cn"),
            ("x-original-url", "/jsut/parameters"),
            ("x-rewrite-url", "/jsut/parameters"),
            ("x-http-method-override", "POST"),
        ] {
            for (path, status) in [
                ("/shou/parameters", StatusCode::OK),
                ("/jsut/parameters", StatusCode::NOT_FOUND),
            ] {
                let request = Request::get(path)
                    .header(header::ACCEPT, "text/html")
                    .header(header::COOKIE, &cookie)
                    .header(name, value)
                    .body(Body::empty())
                    .unwrap();
                let answer = house.send(request).await;
                assert_eq!(answer.status, status, "{name}: {value} {path}");
                assert!(!answer.body.contains("jsut 大学"), "{name}: {value} {path}");
            }
        }
        for form in [
            "tenant=shou&tenant=jsut&mark=00",
            "tenant=jsut&tenant=shou&mark=00",
            "tenant[]=shou&tenant[]=jsut&mark=00",
            "tenant=shou%00jsut&mark=00",
            "tenant=SHOU&mark=00",
        ] {
            let path = "/api/institution/end-session";
            let answer = house.call(path, Some(&cookie), form).await;
            assert!(
                [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&answer.status),
                "{form}: {}",
                answer.status
            );
        }
        // Two cookies of one name are one session at most, and never a mixture.
        let both = format!("{cookie}; {theirs}");
        let mut opened = Vec::new();
        for path in ["/shou/parameters", "/jsut/parameters"] {
            let answer = house.get(path, Some(&both)).await;
            opened.push(answer.status == StatusCode::OK);
        }
        assert_eq!(opened.iter().filter(|o| **o).count(), 1, "{opened:?}");
    })
    .await;
}

/// T-ISO-07 and T-ISO-08: addresses that try to climb out of the own university.
#[tokio::test]
async fn t_iso_07_and_08_no_address_climbs_out() {
    House::on_each(|house| async move {
        let (own, other) = (house.school(OWN).await, house.school(OTHER).await);
        let actor = house.bed.officer(own, Office::Admissions).await;
        let cookie = house.cookie(&actor).await;
        assert_ne!(own, other);
        for path in [
            "/shou/../jsut/home",
            "/shou/%2e%2e/jsut/home",
            "/shou/..%2fjsut/home",
            "/shou%2f..%2fjsut/home",
            "/shou//jsut/home",
            "//jsut/home",
            "/jsut%00/home",
            "/shou/files/templates/..%2f..%2fkeys",
            "/shou/files/templates/%2e%2e",
            "/shou/files/templates/units%00.csv",
            "/shou/files/photo/..%2f..%2f..%2fetc%2fpasswd",
            "/pkg/../../xueji.sqlite",
            "/pkg/%2e%2e/%2e%2e/xueji.sqlite",
            "/pkg/..%2f..%2fkeys%2froot",
        ] {
            let answer = house.get(path, Some(&cookie)).await;
            assert!(
                answer.status.is_client_error() || answer.status.is_redirection(),
                "{path}: {}",
                answer.status
            );
            assert!(!answer.body.contains("jsut 大学"), "{path}");
            let led = answer.header("location");
            assert!(!led.starts_with("//"), "{path}: {led}");
        }
    })
    .await;
}

/// T-ISO-19: what was shown to one is kept for nobody: the same address, right after it, asked by another university and
/// by nobody.
#[tokio::test]
async fn t_iso_19_a_page_that_was_served_is_not_served_again() {
    House::on_each(|house| async move {
        let (own, other) = (house.school(OWN).await, house.school(OTHER).await);
        let own = house.bed.officer(own, Office::Admissions).await;
        let other = house.bed.officer(other, Office::Admissions).await;
        let (cookie, theirs) = (house.cookie(&own).await, house.cookie(&other).await);
        for page in ["home", "students", "account"] {
            let path = format!("/{OWN}/{page}");
            let seen = house.get(&path, Some(&cookie)).await;
            let again = house.get(&path, Some(&theirs)).await;
            let nobody = house.get(&path, None).await;
            assert_eq!(seen.status, StatusCode::OK, "{path}");
            assert_eq!(again.status, StatusCode::NOT_FOUND, "{path}");
            assert!(nobody.status.is_redirection(), "{path}");
            for answer in [again, nobody] {
                assert!(!answer.body.contains("现以"), "{path}");
            }
        }
    })
    .await;
}

/// T-ISO-22: a university that is suspended lets nobody in, at once, and says so; the others do not notice.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_22_a_suspended_university_is_not_there() {
    House::on_each(|house| async move {
        let (shou, jsut) = (house.school(OWN).await, house.school(OTHER).await);
        let (own, other) = (
            house.bed.officer(shou, Office::Admissions).await,
            house.bed.officer(jsut, Office::Admissions).await,
        );
        house.staff(shou, "t100", Office::Admissions).await;
        let (cookie, theirs) = (house.cookie(&own).await, house.cookie(&other).await);
        let by = house.services.console();
        let set = async |active| house.services.set_tenant_active(&by, OWN, active).await;
        set(false).await.unwrap();
        assert!(set(false).await.is_err(), "it is suspended already");
        let page = house.get("/shou/home", Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        let call = house
            .call(
                "/api/institution/end-session",
                Some(&cookie),
                "tenant=shou&mark=00",
            )
            .await;
        assert_eq!(call.status, StatusCode::UNAUTHORIZED);
        let again = house.cookie(&own).await;
        let call = house
            .call(
                "/api/institution/end-session",
                Some(&again),
                "tenant=shou&mark=00",
            )
            .await;
        assert_eq!(call.status, StatusCode::UNAUTHORIZED);
        let form = format!("tenant=shou&login=t100&password={}", crate::house::PASSWORD);
        let answer = house.call("/api/institution/sign-in", None, &form).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        let first = house.get("/", None).await.body;
        assert!(
            !first.contains("/shou/") && first.contains("/jsut/"),
            "{first}"
        );
        let page = house.get("/jsut/home", Some(&theirs)).await;
        assert_eq!(page.status, StatusCode::OK);
        set(true).await.unwrap();
        let page = house.get("/shou/home", Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "the sessions are gone");
        house.sign_in(OWN, "t100").await;
        let admin = house.bed.officer(shou, Office::TenantAdmin).await;
        let unit = house.bed.store().read(&admin).await.unwrap();
        let acts = unit.audit_after(0, 100).await.unwrap();
        for op in ["operator/suspend-tenant", "operator/resume-tenant"] {
            assert_eq!(
                acts.iter().filter(|a| a.body.contains(op)).count(),
                1,
                "{op}"
            );
        }
    })
    .await;
}
