//! The floor of the bench sends the statements of the service, no more and no fewer.

use super::house::House;
use domain::admission::path::AdmissionPath;
use domain::institution::{Actor, Office, PersonalScope, PostKind, TenantId};
use formats::sample::{PackageSpec, ProvinceSpec, Shape, ZipNames};
use services::Services;
use services::parser::InProcess;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::Store;
use store::floors::{Floors, Visit};
use store::testkit::{Bed, Hooks, on_postgres};

/// A statement in one spelling: without quotes, table prefixes and the number of a limit.
fn plain(sql: &str) -> String {
    let words: Vec<String> = sql
        .replace('"', "")
        .replace(" LIMIT $", " LIMIT 1 $")
        .split_whitespace()
        .map(|word| {
            let (open, rest) = word.split_at(word.len() - word.trim_start_matches('(').len());
            let column = rest.split_once('.').map_or(rest, |(table, column)| {
                if table.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                    column
                } else {
                    rest
                }
            });
            format!("{open}{column}")
        })
        .collect();
    let text = words.join(" ");
    match text.split_once(" LIMIT 1 ") {
        Some((before, _)) => format!("{before} LIMIT 1"),
        None => text,
    }
}

async fn visit(bed: &Bed, tenant: TenantId) -> Visit {
    let services = Services::new(bed.store().clone(), Arc::new(InProcess));
    let officer = bed.officer(tenant, Office::Admissions).await;
    let spec = PackageSpec {
        seed: 5,
        year: 2026,
        provinces: vec![ProvinceSpec {
            code: "31".to_owned(),
            rows: 2,
            shape: Shape::default(),
            defects: BTreeMap::new(),
        }],
    };
    let path = bed.folder().join("intake.zip");
    std::fs::write(&path, spec.generate().zip(ZipNames::Gbk)).unwrap();
    services
        .import_path(&officer, &path, 2026, AdmissionPath::Ordinary, &[])
        .await
        .unwrap();
    let floors = Floors::open(&bed.settings().url).await.unwrap();
    let visits = floors.fill(tenant.0, "haiyang", 2).await.unwrap();
    floors.close().await;
    visits.into_iter().next().unwrap()
}

/// The student of a record, signed in.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
fn student(tenant: TenantId, visit: &Visit) -> Actor {
    Actor::seated(domain::institution::Seat {
        tenant,
        person: visit.person,
        account: visit.account,
        post: visit.post,
        office: Office::Student,
        kind: PostKind::Student,
        scope: PersonalScope::Own(visit.student),
        stepped_up: None,
        duties: BTreeMap::new(),
    })
}

#[tokio::test]
async fn the_floor_of_the_students_page_sends_what_the_page_sends() {
    on_postgres(|bed| async move {
        let house = House::on(bed);
        let tenant = house.school("haiyang").await;
        let visit = visit(&house.bed, tenant).await;
        let cookie = house.cookie(&student(tenant, &visit)).await;
        let sent = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&sent);
        let hooks = Hooks {
            statement: Some(Arc::new(move |sql: &str| {
                listener.lock().unwrap().push(sql.to_owned());
            })),
            ..Hooks::default()
        };
        let (settings, source) = (house.bed.settings(), house.bed.source().clone());
        let store = Store::hooked(&settings, house.bed.folder(), source, hooks).await;
        let house = House::with(house.bed, Services::new(store, Arc::new(InProcess)));
        sent.lock().unwrap().clear();
        let page = house.get("/haiyang/me", Some(&cookie)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let ours: Vec<String> = sent
            .lock()
            .unwrap()
            .iter()
            .map(|sql| plain(sql))
            .filter(|sql| !matches!(sql.as_str(), "COMMIT" | "COMMITTED" | "ROLLBACK"))
            .collect();
        let floor: Vec<String> = Floors::student_page_statements().map(plain).to_vec();
        assert_eq!(ours, floor);
    })
    .await;
}
