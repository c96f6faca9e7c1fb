//! Pages, operations and files are exactly the policy table, and the matrix role × operation is a reviewed file.

use domain::institution::POLICY;
use domain::institution::policy::Kind;
use domain::institution::{Actor, Office, PersonalScope, PostKind, Rule, Seat, TenantId};
use leptos_axum::{AxumRouteListing, generate_route_list};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use uuid::Uuid;

fn ops(kind: Kind) -> BTreeSet<String> {
    POLICY
        .iter()
        .filter(|r| r.kind == kind)
        .map(|r| r.op.to_owned())
        .collect()
}

#[test]
fn every_page_is_in_the_policy_table_and_every_row_has_its_page() {
    let paths: BTreeSet<String> = server::http::pages::paths().into_iter().collect();
    let printed: BTreeSet<String> = paths
        .iter()
        .filter(|p| p.starts_with("files/"))
        .cloned()
        .collect();
    let pages: BTreeSet<String> = paths.difference(&printed).cloned().collect();
    assert_eq!(pages, ops(Kind::Page));
    let files: BTreeSet<String> = server::http::files::paths().chain(printed).collect();
    assert_eq!(files, ops(Kind::File));
}

/// A page is whole before its first byte leaves: without scripts nobody puts a later part in its place.
#[test]
fn every_page_is_rendered_whole() {
    let routes = generate_route_list(app::routes::App);
    let mut other = routes.iter();
    let other = other.find(|route| format!("{:?}", route.mode()) != "Async");
    assert_eq!(other.map(AxumRouteListing::path), None);
    assert!(routes.len() > 12, "{}", routes.len());
}

#[test]
fn every_server_function_is_in_the_policy_table_and_every_row_has_its_function() {
    let mut seen = BTreeMap::<String, usize>::new();
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(
            method,
            http::Method::POST,
            "{path} can be reached without a form"
        );
        *seen
            .entry(path.trim_start_matches("/api/").to_owned())
            .or_default() += 1;
    }
    assert!(
        seen.values().all(|count| *count == 1),
        "an address is taken twice: {seen:?}"
    );
    assert_eq!(
        seen.into_keys().collect::<BTreeSet<_>>(),
        ops(Kind::Operation)
    );
}

fn seats() -> Vec<(String, Actor)> {
    let seat = |office: Office, kind: PostKind| {
        let scope = match (office, kind) {
            (Office::Student, _) => PersonalScope::Own(Uuid::nil()),
            (_, PostKind::MajorHead) => PersonalScope::Majors(vec![Uuid::nil()]),
            (_, PostKind::Counsellor) => PersonalScope::Classes {
                college: Uuid::nil(),
                classes: vec![Uuid::nil()],
            },
            (Office::College, _) => PersonalScope::College(Uuid::nil()),
            _ => PersonalScope::School,
        };
        let name = if kind.in_college() {
            format!("{}/{}", office.key(), kind.key())
        } else {
            office.key().to_owned()
        };
        let actor = store::testkit::seated(Seat {
            tenant: TenantId(1),
            person: Uuid::nil(),
            account: Uuid::nil(),
            post: Uuid::nil(),
            office,
            kind,
            scope,
            stepped_up: None,
            duties: BTreeMap::new(),
        });
        (name, actor)
    };
    let mut all: Vec<_> = Office::ALL
        .into_iter()
        .filter(|o| !matches!(o, Office::College | Office::Student))
        .map(|office| seat(office, PostKind::Officer))
        .collect();
    all.extend(
        PostKind::ALL
            .into_iter()
            .filter(|k| k.in_college())
            .map(|kind| seat(Office::College, kind)),
    );
    all.push(seat(Office::Student, PostKind::Student));
    all
}

fn line(rule: &Rule, seats: &[(String, Actor)]) -> String {
    let marks: String = seats
        .iter()
        .map(|(_, actor)| if rule.allows(actor) { '+' } else { '.' })
        .collect();
    let step_up = if rule.step_up { " step-up" } else { "" };
    format!(
        "{marks}  {:?} {:?}{step_up}  {}",
        rule.kind,
        rule.effect,
        if rule.op.is_empty() { "/" } else { rule.op }
    )
}

#[test]
fn the_matrix_of_roles_and_operations_is_the_reviewed_one() {
    let seats = seats();
    let mut table = String::new();
    for (number, (name, _)) in seats.iter().enumerate() {
        writeln!(table, "{number:>2} {name}").unwrap();
    }
    table.push('\n');
    for rule in POLICY {
        writeln!(table, "{}", line(rule, &seats)).unwrap();
    }
    insta::assert_snapshot!("matrix", table);
}
