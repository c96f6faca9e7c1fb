//! T-ISO over HTTP: somebody of one university, or of one college, holds the real ids of another and gets nothing with
//! them. What is answered is what an id that names nothing is answered, word for word.

use crate::entrances::{ID, address, form, upload};
use crate::house::{Answer, House};
use axum::body::Body;
use chrono::{DateTime, Utc};
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY, PersonalScope, Rule, TenantId, Visible};
use http::{Request, StatusCode, header};
use services::demo::DemoAccount;
use std::collections::BTreeMap;
use store::{StudentFilter, StudentPage, StudentSort, rows};
use uuid::Uuid;

/// Two universities with students, hand-overs, imports and classes.
struct Twins {
    house: House,
    accounts: Vec<DemoAccount>,
}

const OWN: &str = "shou";
const OTHER: &str = "jsut";
/// Who leads a university's records: reads everything of it.
const AFFAIRS: &str = "xsc01";

/// The same post just after a step-up.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
pub fn fresh(actor: &Actor, now: DateTime<Utc>) -> Actor {
    let mut seat = actor.seat().clone();
    seat.stepped_up = Some(now);
    Actor::seated(seat)
}

impl Twins {
    async fn in_house(house: House) -> Self {
        let seeded = services::demo::seed(&house.services, 7, 96).await;
        let accounts = seeded.unwrap();
        Self { house, accounts }
    }

    async fn tenant(&self, slug: &str) -> TenantId {
        let control = self.house.bed.store().control();
        TenantId(control.tenant_by_slug(slug).await.unwrap().unwrap().id)
    }

    /// Everybody of a university who can sign in, once for each kind of post.
    async fn people(&self, slug: &str) -> Vec<Actor> {
        let tenant = self.tenant(slug).await;
        let mut people = BTreeMap::new();
        for account in self.accounts.iter().filter(|a| a.tenant == slug) {
            let login = &account.login;
            let actor = self.house.services.actor_by_login(tenant, login).await;
            let fresh = fresh(&actor.unwrap(), self.house.bed.store().now());
            let post = (fresh.office(), fresh.seat().kind);
            people.entry(post).or_insert(fresh);
        }
        people.into_values().collect()
    }

    async fn reader(&self, slug: &str) -> Actor {
        let tenant = self.tenant(slug).await;
        let actor = self.house.services.actor_by_login(tenant, AFFAIRS).await;
        actor.unwrap()
    }

    async fn students(&self, slug: &str) -> Vec<rows::Student> {
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let page = StudentPage {
            sort: StudentSort::CandidateNumber,
            descending: false,
            offset: 0,
            limit: 5_000,
        };
        let all = StudentFilter::default();
        unit.students(&Visible::School, &all, page).await.unwrap()
    }

    /// One id of each kind of record that an address or a form can name.
    async fn ids(&self, slug: &str) -> Vec<Uuid> {
        let student = self.students(slug).await.swap_remove(0);
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let handover = unit.handovers(20).await.unwrap().swap_remove(0).id;
        let receipt = unit.receipts(&[handover]).await.unwrap().swap_remove(0).id;
        let units = unit.units().await.unwrap();
        let first = |kind: &str| units.iter().find(|u| u.kind == kind).unwrap().id;
        let batch = unit.assignments_of_student(student.id).await.unwrap();
        let import = unit.candidate(student.candidate_id).await.unwrap();
        let import = import.import_id;
        let post = unit.posts().await.unwrap().swap_remove(0).id;
        let maps = unit.major_maps(2026).await.unwrap();
        let mut ids = vec![
            student.id,
            student.candidate_id,
            import,
            handover,
            receipt,
            first("college"),
            first("class"),
            first("major"),
            post,
            maps[0].id,
        ];
        ids.extend(student.person_id);
        ids.extend(batch.first().map(|b| b.batch_id));
        ids
    }

    /// Everything that a write would change: the length of the audit chain, and the head of it.
    async fn mark(&self, slug: &str) -> Option<Vec<u8>> {
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let mut last = None;
        let mut from = 0;
        loop {
            let links = unit.audit_after(from, 1_000).await.unwrap();
            let Some(link) = links.last() else {
                return last;
            };
            from = link.seq;
            last = Some(link.hash.clone());
        }
    }
}

/// Calls what a rule is about with an id in place of the one that names nothing.
async fn knock(house: &House, rule: &Rule, cookie: &str, slug: &str, id: Uuid) -> Answer {
    let id = id.to_string();
    match rule.kind {
        Kind::Operation => {
            let path = format!("/api/{}", rule.op);
            let form = form(rule.op, slug).replace(ID, &id);
            house.call(&path, Some(cookie), &form).await
        }
        Kind::File if rule.writes() => {
            let path = address(rule.op, slug);
            house.send(upload(&path, Some(cookie), slug)).await
        }
        Kind::File | Kind::Page => {
            let path = address(rule.op, slug).replace(ID, &id);
            house.get(&path, Some(cookie)).await
        }
        Kind::Internal => panic!("{}: no entrance leads there", rule.op),
    }
}

/// An answer without what is new in each: the id itself and the nonce.
fn plain(answer: &Answer, id: Uuid) -> (StatusCode, String) {
    let body = answer.body.replace(&id.to_string(), "ID");
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap_or_default();
    let nonce = nonce.split('\'').next().unwrap_or_default();
    let body = if nonce.is_empty() {
        body
    } else {
        body.replace(nonce, "NONCE")
    };
    (answer.status, body)
}

fn names_records() -> impl Iterator<Item = &'static Rule> {
    POLICY.iter().filter(|rule| {
        let named = match rule.kind {
            Kind::Operation => form(rule.op, OWN).contains(ID),
            Kind::File | Kind::Page => rule.op.contains(":id") || rule.op.contains(":class"),
            Kind::Internal => false,
        };
        named && rule.who != Who::Anyone && !rule.op.starts_with("operator/")
    })
}

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
                for id in &foreign {
                    let cookie = house.cookie(&actor).await;
                    let answer = knock(house, rule, &cookie, OWN, *id).await;
                    let place = format!("{:?} {} {id}", actor.office(), rule.op);
                    assert_eq!(plain(&answer, *id), missing, "{place}");
                    assert!(!answer.status.is_success(), "{place}");
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

/// The other side of it: with the own ids the same calls are heard, so the test above does not pass for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_own_ids_are_found() {
    let house = House::sqlite().await;
    let twins = Twins::in_house(house).await;
    let own = twins.ids(OWN).await;
    let mut found = BTreeMap::new();
    for actor in twins.people(OWN).await {
        for rule in names_records().filter(|r| r.kind != Kind::Operation && r.allows(&actor)) {
            for id in &own {
                let cookie = twins.house.cookie(&actor).await;
                let answer = knock(&twins.house, rule, &cookie, OWN, *id).await;
                *found.entry(rule.op).or_insert(0) += i32::from(answer.status == StatusCode::OK);
            }
        }
    }
    for op in [
        "students/:id",
        "handovers/:id",
        "admission/imports/:id",
        "files/findings/:id",
    ] {
        assert!(found[op] > 0, "{op}: {found:?}");
    }
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

/// A post of a college, with the real ids of another college of the same university.
#[tokio::test(flavor = "multi_thread")]
async fn a_college_finds_nobody_of_another_college() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let house = &twins.house;
        let students = twins.students(OWN).await;
        let reader = twins.reader(OWN).await;
        let unit = house.bed.store().read(&reader).await.unwrap();
        let mut receipts = Vec::new();
        for handover in unit.handovers(20).await.unwrap() {
            receipts.extend(unit.receipts(&[handover.id]).await.unwrap());
        }
        drop(unit);
        let mut seen = 0;
        for actor in twins.people(OWN).await {
            let (college, classes) = match &actor.seat().scope {
                PersonalScope::College(college) => (*college, None),
                PersonalScope::Classes { college, classes } => (*college, Some(classes.clone())),
                PersonalScope::School | PersonalScope::Majors(_) | PersonalScope::Own(_) => {
                    continue;
                }
            };
            let hidden = students.iter().find(|s| match &classes {
                Some(classes) => !s.class_id.is_some_and(|c| classes.contains(&c)),
                None => s.college_id != Some(college),
            });
            let receipt = receipts
                .iter()
                .find(|r| r.college_id.is_some_and(|c| c != college));
            let hidden = [hidden.unwrap().id, receipt.unwrap().id];
            let before = twins.mark(OWN).await;
            for rule in names_records().filter(|rule| rule.allows(&actor)) {
                let nothing = house.bed.store().id();
                let cookie = house.cookie(&actor).await;
                let missing = knock(house, rule, &cookie, OWN, nothing).await;
                let missing = plain(&missing, nothing);
                for id in hidden {
                    let cookie = house.cookie(&actor).await;
                    let answer = knock(house, rule, &cookie, OWN, id).await;
                    let place = format!("{:?} {} {id}", actor.seat().kind, rule.op);
                    assert_eq!(plain(&answer, id), missing, "{place}");
                    seen += 1;
                }
            }
            assert_eq!(twins.mark(OWN).await, before, "{:?}", actor.seat().kind);
        }
        assert!(seen > 20, "{seen}");
    })
    .await;
}

/// T-ISO-07 and T-ISO-08: addresses that try to climb out of the own university.
#[tokio::test]
async fn t_iso_07_and_08_no_address_climbs_out() {
    let house = House::sqlite().await;
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
}

/// T-ISO-22: a university that is suspended is not there for its people, at once; the others do not notice.
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
        assert_eq!(page.status, StatusCode::NOT_FOUND);
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
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
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
