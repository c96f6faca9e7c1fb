//! Names and sizes of files.

use super::checkout::{offenders, read, root, sources};

const SAYING_NOTHING: [&str; 8] = [
    "common", "helper", "helpers", "manager", "misc", "mod", "util", "utils",
];

/// Lines; a file that grows beyond is two things.
const LONGEST: usize = 600;

fn says_nothing(path: &str) -> bool {
    path.trim_end_matches(".rs")
        .split('/')
        .any(|part| SAYING_NOTHING.contains(&part))
}

#[test]
fn no_file_or_folder_has_a_name_that_says_nothing() {
    let sources = sources(&["app", "frontend", "migrations", "server", "xtask"]);
    let found = offenders(&sources, |source| says_nothing(&source.path));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn no_file_is_longer_than_one_thing() {
    let sources = sources(&["app", "server"]);
    let found = offenders(&sources, |source| source.text.lines().count() > LONGEST);
    assert!(found.is_empty(), "more than {LONGEST} lines: {found:?}");
}

#[test]
fn the_guard_sees_such_names() {
    assert!(says_nothing("app/src/utils.rs"));
    assert!(says_nothing("server/store/src/photo/mod.rs"));
    assert!(says_nothing("server/common/src/lib.rs"));
    assert!(!says_nothing("app/src/model.rs"));
}

/// Pictures and other files that the README shows or leads to.
#[test]
fn what_the_readme_leads_to_is_there() {
    let readme = read("README.md");
    let links = readme.split("](").skip(1);
    let own: Vec<&str> = links
        .filter_map(|rest| rest.split(')').next())
        .filter(|link| !link.contains("://") && !link.starts_with('#'))
        .collect();
    assert!(own.iter().any(|link| link.contains(".png")), "{own:?}");
    let missing: Vec<&&str> = own
        .iter()
        .filter(|link| !root().join(link).is_file())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
