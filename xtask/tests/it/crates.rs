//! The arrows between the crates.

use std::collections::BTreeMap;

use serde_json::Value;

use super::checkout::{cargo, code_names, metadata, offenders, read, sources};

/// Who may know whom:
/// `domain ← ui ← app ← frontend, server` and `domain ← formats, store ← services ← app` (on the server only).
const ARROWS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("migrations", &[]),
    ("xtask", &[]),
    ("ui", &["domain"]),
    ("formats", &["domain"]),
    ("store", &["domain", "migrations"]),
    ("services", &["domain", "formats", "store"]),
    ("app", &["domain", "services", "ui"]),
    ("frontend", &["app"]),
    (
        "server",
        &[
            "app",
            "domain",
            "formats",
            "migrations",
            "services",
            "store",
        ],
    ),
];

/// The crates that may name the database's libraries.
const AT_THE_DATABASE: [&str; 2] = ["migrations", "store"];

/// What must never reach a browser.
const ON_THE_SERVER: [&str; 12] = [
    "axum",
    "calamine",
    "formats",
    "hyper",
    "jsonwebtoken",
    "migrations",
    "sea-orm",
    "services",
    "sqlx",
    "sqlx-core",
    "store",
    "tokio",
];

struct Dependency {
    name: String,
    optional: bool,
    own: bool,
}

fn packages() -> BTreeMap<String, Vec<Dependency>> {
    let metadata = metadata(&["--no-deps"]);
    let list = metadata["packages"].as_array().unwrap();
    list.iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap();
            (
                text(&package["name"]),
                dependencies.iter().map(dependency).collect(),
            )
        })
        .collect()
}

fn dependency(value: &Value) -> Dependency {
    Dependency {
        name: text(&value["name"]),
        optional: value["optional"].as_bool().unwrap(),
        own: value["path"].is_string(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn every_crate_has_its_arrows_and_no_other() {
    let allowed = BTreeMap::from(ARROWS);
    for (name, dependencies) in packages() {
        let known = allowed.get(name.as_str()).unwrap_or_else(|| {
            panic!("the crate {name} has no place in the house yet: add it to ARROWS")
        });
        let others = dependencies
            .iter()
            .filter(|dependency| dependency.name != name);
        for dependency in others.filter(|dependency| dependency.own) {
            assert!(
                known.contains(&dependency.name.as_str()),
                "{name} must not know {}",
                dependency.name
            );
        }
    }
}

#[test]
fn app_knows_the_services_on_the_server_only() {
    let packages = packages();
    let services = packages["app"]
        .iter()
        .find(|dependency| dependency.name == "services");
    assert!(services.is_none_or(|services| services.optional));

    let metadata = metadata(&["--no-deps"]);
    let list = metadata["packages"].as_array().unwrap();
    let app = list
        .iter()
        .find(|package| package["name"] == "app")
        .unwrap();
    for (feature, needs) in app["features"].as_object().unwrap() {
        let turns_on = needs
            .as_array()
            .unwrap()
            .iter()
            .any(|need| text(need).starts_with("dep:services"));
        assert!(
            !turns_on || feature == "ssr",
            "feature {feature} brings the services"
        );
    }
}

#[test]
fn no_server_code_reaches_a_browser() {
    let tree = cargo(&[
        "tree",
        "--package",
        "frontend",
        "--target",
        "wasm32-unknown-unknown",
        "--features",
        "student,staff",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    for line in tree.lines() {
        let name = line.split(' ').next().unwrap();
        assert!(!ON_THE_SERVER.contains(&name), "{name} is in the client");
    }
}

#[test]
fn only_the_store_and_the_migrations_depend_on_the_database() {
    for (name, dependencies) in packages() {
        for dependency in dependencies {
            let database = ["sea-orm", "sea-query", "sqlx", "libsqlite3-sys", "rusqlite"]
                .iter()
                .any(|start| dependency.name.starts_with(start));
            assert!(
                !database || AT_THE_DATABASE.contains(&name.as_str()),
                "{name} must not depend on {}",
                dependency.name
            );
        }
    }
}

#[test]
fn only_the_store_and_the_migrations_name_the_database() {
    let sources = sources(&["app", "frontend", "migrations", "server"]);
    let found = offenders(&sources, |source| {
        let home =
            source.path.starts_with("server/store/") || source.path.starts_with("migrations/");
        !home && names_the_database(&source.text)
    });
    assert!(found.is_empty(), "the database is named in {found:?}");
}

/// The pages reach the store through use cases alone: none of them asks the services for the store beneath.
#[test]
fn the_pages_do_not_reach_through_the_services() {
    let sources = sources(&["app", "frontend"]);
    let found = offenders(&sources, |source| {
        ["store()", "store::", "use store"]
            .iter()
            .any(|words| code_names(&source.text, words))
    });
    assert!(found.is_empty(), "the store is named in {found:?}");
}

/// Control tables have no wall of row-level security: one room writes them, and nothing personal goes in.
#[test]
fn only_one_room_of_the_store_touches_the_control_tables() {
    let list = read("migrations/src/lib.rs");
    let (_, list) = list.split_once("CONTROL_TABLES").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let tables: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(
        tables.contains(&"job_ticket") && tables.len() <= 8,
        "{tables:?}"
    );
    let home = |path: &str| {
        path.starts_with("server/store/src/control")
            || ["entity.rs", "rows.rs", "dialect.rs"]
                .iter()
                .any(|file| path == format!("server/store/src/{file}"))
    };
    let sources = sources(&["server/store/src", "server/services/src", "server/src"]);
    let found = offenders(&sources, |source| {
        let names = |table: &&str| {
            [
                format!("entity::{table}"),
                format!("{table}::Entity"),
                format!("{table}::Column"),
                format!("{table}::Model"),
                format!("Alias::new(\"{table}\")"),
                format!("FROM {table} "),
                format!("INTO {table} "),
                format!("UPDATE {table} "),
            ]
            .iter()
            .any(|words| code_names(&source.text, words))
        };
        !home(&source.path) && tables.iter().any(names)
    });
    assert!(found.is_empty(), "control tables are touched in {found:?}");
}

fn names_the_database(text: &str) -> bool {
    ["sea_orm::", "sqlx::", "use sea_orm", "use sqlx"]
        .iter()
        .any(|words| code_names(text, words))
}

#[test]
fn the_guard_sees_the_database_named() {
    assert!(names_the_database("use sea_orm::EntityTrait;"));
    assert!(names_the_database("async fn f(pool: &sqlx::PgPool) {}"));
    assert!(!names_the_database(
        "const QUIET: &str = \"info,sqlx=warn\";"
    ));
}

/// Words of one database's own SQL. One file of `store` has them, so that the other database is never forgotten.
const DIALECT: [&str; 8] = [
    "PRAGMA ",
    "RESET ALL",
    "SKIP LOCKED",
    "VACUUM",
    "pg_advisory",
    "pg_roles",
    "set_config(",
    "sqlite_version",
];

#[test]
fn the_sql_of_one_database_is_in_one_file() {
    let sources = sources(&["server/store/src"]);
    let found = offenders(&sources, |source| {
        source.path != "server/store/src/dialect.rs"
            && !source.path.starts_with("server/store/src/testkit")
            && DIALECT.iter().any(|words| code_names(&source.text, words))
    });
    assert!(found.is_empty(), "SQL of one database is in {found:?}");
    let home = read("server/store/src/dialect.rs");
    for words in DIALECT {
        assert!(home.contains(words), "{words} is nowhere: mend the guard");
    }
}
