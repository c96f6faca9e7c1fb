//! What may be named in a few places only.

use super::checkout::{Source, code_names, offenders, read, root, sources};
use std::fs;

/// The calls that put an address on a router.
const ROUTING: [&str; 7] = [
    ".route(",
    ".route_service(",
    ".nest(",
    ".nest_service(",
    ".fallback(",
    ".fallback_service(",
    ".method_not_allowed_fallback(",
];

/// Every address that is put on a router by hand: pages, operations and files come from lists that the policy table is
/// compared with, and what stands here beside them is open to everybody.
const ROUTES: [(&str, &str); 13] = [
    ("server/src/http/api.rs", "route \"/api/{*operation}\", any"),
    (
        "server/src/http/files.rs",
        "route &format!(\"/{{tenant}}/{path}\"), answer(&uploads)",
    ),
    ("server/src/http/fonts.rs", "route STYLE, style"),
    (
        "server/src/http/fonts.rs",
        "route_service &address(place, font), ServeFile::new(&font.file)",
    ),
    ("server/src/http/metrics.rs", "route \"/metrics\", get"),
    (
        "server/src/http/router.rs",
        "nest_service \"/pkg\", ServeDir",
    ),
    (
        "server/src/http/router.rs",
        "route \"/healthz\", get(health::alive)",
    ),
    (
        "server/src/http/router.rs",
        "route \"/readyz\", get(health::ready)",
    ),
    (
        "server/src/http/router.rs",
        "route \"/{tenant}\", get(school)",
    ),
    (
        "server/src/http/router.rs",
        "route \"/{tenant}/\", get(school)",
    ),
    (
        "server/src/http/router.rs",
        "route_service \"/favicon.svg\", public(\"favicon.svg\")",
    ),
    (
        "server/src/http/router.rs",
        "route_service \"/islands.js\", public(\"islands.js\")",
    ),
    (
        "server/src/http/router.rs",
        "route_service \"/robots.txt\", public(\"robots.txt\")",
    ),
];

/// The routes that a source puts on a router: the call, and the beginning of what it is given.
fn routes(source: &Source) -> Vec<String> {
    let code: Vec<&str> = source
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(str::split_whitespace)
        .collect();
    let code = code.join(" ").replace("( ", "(");
    let mut found = Vec::new();
    for call in ROUTING {
        for (_, given) in code.match_indices(call).map(|(at, _)| code.split_at(at)) {
            let given = given.strip_prefix(call).unwrap();
            let name = call.trim_matches(['.', '(']);
            found.push(format!("{name} {given}"));
        }
    }
    found
}

#[test]
fn every_address_beside_the_policy_table_is_known() {
    let mut left: Vec<(&str, &str)> = ROUTES.to_vec();
    for source in sources(&["server/src", "app/src"]) {
        for route in routes(&source) {
            let known =
                |(path, begins): &(&str, &str)| *path == source.path && route.starts_with(begins);
            let Some(place) = left.iter().position(known) else {
                let route: String = route.chars().take(80).collect();
                panic!(
                    "{}: {route} is not among those that were reviewed",
                    source.path
                );
            };
            left.remove(place);
        }
    }
    assert!(left.is_empty(), "these are gone: {left:?}");
}

/// The functions that clippy.toml keeps for one place, and that place. clippy says nothing of a path that it cannot find.
const KEPT: [(&str, &str, &[&str]); 8] = [
    (
        "chrono::Utc::now",
        "Utc::now",
        &["server/services/src/clock.rs"],
    ),
    ("chrono::Local::now", "Local::now", &[]),
    ("std::time::SystemTime::now", "SystemTime::now", &[]),
    (
        "uuid::Uuid::now_v7",
        "now_v7",
        &["server/services/src/clock.rs"],
    ),
    ("uuid::Uuid::new_v4", "new_v4", &[]),
    (
        "std::env::var",
        "env::var(",
        &["server/store/src/testkit/database.rs"],
    ),
    (
        "domain::institution::Actor::seated",
        "Actor::seated",
        &[
            "server/services/src/institution.rs",
            "server/services/src/institution/operator.rs",
            "server/store/src/testkit.rs",
        ],
    ),
    ("leptos::prelude::expect_context", "expect_context", &[]),
];

#[test]
fn what_has_one_home_is_named_nowhere_else() {
    let clippy = read("clippy.toml");
    let listed = clippy.matches("path = \"").count();
    assert_eq!(listed, KEPT.len(), "clippy.toml and this list differ");
    let mut all = sources(&["app", "frontend", "migrations", "server"]);
    all.retain(|source| !source.path.contains("/tests/") && !source.path.contains("/benches/"));
    for (path, words, homes) in KEPT {
        assert!(clippy.contains(&format!("path = \"{path}\"")), "{path}");
        let mut named: Vec<&str> = all
            .iter()
            .filter(|source| code_names(&source.text, words))
            .map(|source| source.path.as_str())
            .collect();
        named.sort_unstable();
        assert_eq!(named, homes, "{words}");
    }
}

/// JavaScript has two homes, each with its lock file: a third would be installed by nobody.
#[test]
fn packages_of_javascript_are_wanted_in_two_folders_only() {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let made = ["node_modules", "target", "dist", "data", ".git"];
            if path.is_dir() && !made.iter().any(|name| path.ends_with(name)) {
                open.push(path);
            } else if path.ends_with("package.json") {
                let inner = path.strip_prefix(root()).unwrap();
                found.push(inner.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    assert_eq!(found, ["end2end/package.json", "frontend/package.json"]);
}

/// The libraries of the product are not built a second time for tests of their own (`test = false`): one that stood among
/// their sources would never run.
#[test]
fn no_test_stands_where_none_is_run() {
    let mut all = sources(&["app", "frontend", "migrations", "server"]);
    all.retain(|source| !source.path.contains("/tests/") && !source.path.contains("/benches/"));
    let found = offenders(&all, |source| {
        ["cfg(test)", "#[test]", "#[tokio::test"]
            .iter()
            .any(|mark| code_names(&source.text, mark))
    });
    assert!(found.is_empty(), "{found:?}");
}

/// Where something changes that lives in a process and not in the database: by what it is named, where, and why another
/// server on the same database misses nothing of it.
const IN_MEMORY: [(&str, &[&str]); 8] = [
    // The clock and the ids of a demonstration that is being made.
    ("server/services/src/demo/calendar.rs", &["Atomic"]),
    // Turns at hashing: each machine has its own memory to spare. Their counts are for tests.
    (
        "server/services/src/institution/password.rs",
        &["Atomic", "Semaphore"],
    ),
    // Photos that are decoded at once: as above.
    ("server/services/src/lib.rs", &["Semaphore"]),
    // One child, between whoever reads it and its clock.
    ("server/src/child.rs", &["Mutex"]),
    // Connections of this machine.
    ("server/src/http/accept.rs", &["Semaphore"]),
    // What this process counted: whoever collects adds the processes up.
    ("server/src/http/metrics.rs", &["OnceLock"]),
    // Texts of statements, the same in every process of this program.
    ("server/store/src/fixed.rs", &["LazyLock", "RwLock"]),
    // Keys that were read, each held against the stamp of its file at every use.
    ("server/store/src/keys.rs", &["Mutex"]),
];

/// Types that can be changed through a shared reference.
const CHANGING: [&str; 13] = [
    "ArcSwap",
    "Atomic",
    "DashMap",
    "LazyLock",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "RefCell",
    "RwLock",
    "Semaphore",
    "UnsafeCell",
    "static mut ",
    "thread_local!",
];

/// Many servers may share one database (rule 13): what one of them remembers, another does not know.
#[test]
fn what_a_process_remembers_is_known() {
    let mut all = sources(&[
        "app/src",
        "app/ui/src",
        "server/formats/src",
        "server/services/src",
        "server/src",
        "server/store/src",
    ]);
    // What tests stand on.
    all.retain(|source| !source.path.starts_with("server/store/src/testkit"));
    let mut found: Vec<(&str, Vec<&str>)> = all
        .iter()
        .map(|source| {
            let named = CHANGING.into_iter();
            let named = named.filter(|word| code_names(&source.text, word));
            (source.path.as_str(), named.collect::<Vec<_>>())
        })
        .filter(|(_, named)| !named.is_empty())
        .collect();
    found.sort_unstable();
    let known: Vec<(&str, Vec<&str>)> = IN_MEMORY
        .iter()
        .map(|(path, named)| (*path, named.to_vec()))
        .collect();
    assert_eq!(found, known);
}
