//! What pages must not do.

use super::checkout::{Source, code_names, offenders, sources};

/// Places that may set raw markup: of fixed text, and of what they escape themselves, which their tests show.
const RAW_MARKUP: [&str; 1] = ["app/ui/src/tab_title.rs"];

/// Leptos 0.8.23 does not escape the dynamic content of a `textarea`: one component of `ui` does.
#[test]
fn no_page_writes_a_textarea() {
    let sources = sources(&["app"]);
    let found = offenders(&sources, |source| {
        !source.path.starts_with("app/ui/") && code_names(&source.text, "<textarea")
    });
    assert!(found.is_empty(), "use the component of `ui` in {found:?}");
}

/// `view!` ends a dynamic child with a comment, which a browser's tab shows: one function of `ui` writes the title.
#[test]
fn no_page_writes_a_title_in_a_view() {
    let sources = sources(&["app/src", "app/ui/src"]);
    let found = offenders(&sources, |source| {
        source.path != "app/ui/src/tab_title.rs" && code_names(&source.text, "<title")
    });
    assert!(found.is_empty(), "use `tab_title` in {found:?}");
}

#[test]
fn no_page_sets_raw_markup() {
    let sources = sources(&["app/domain/src", "app/src", "app/ui/src"]);
    let found = offenders(&sources, |source| {
        let raw = ["inner_html", "InertElement"];
        raw.iter().any(|name| code_names(&source.text, name))
            && !RAW_MARKUP.contains(&source.path.as_str())
    });
    assert!(found.is_empty(), "{found:?}");
}

/// The content security policy refuses both.
#[test]
fn no_page_has_inline_styles_or_handlers() {
    let sources = sources(&["app/src", "app/ui/src"]);
    let found = offenders(&sources, |source| {
        [" style=", " onclick=", " onchange=", " onsubmit="]
            .iter()
            .any(|attribute| code_names(&source.text, attribute))
    });
    assert!(found.is_empty(), "{found:?}");
}

/// Without an address of its own a server function gets one with a hash that changes with the code,
/// and a form that was open during an update posts into nothing.
#[test]
fn every_server_function_has_an_address() {
    let sources = sources(&["app/src"]);
    let found = offenders(&sources, |source| nameless_server_functions(source) > 0);
    assert!(found.is_empty(), "`endpoint` is missing in {found:?}");
}

fn nameless_server_functions(source: &Source) -> usize {
    source
        .text
        .split("#[server")
        .skip(1)
        .filter(|rest| rest.starts_with(['(', ']']))
        // On an argument the same word says that a form may leave the field out, or that it holds several.
        .filter(|rest| !rest.starts_with("(default)]") && !rest.starts_with("(flatten)]"))
        .filter(|rest| !rest.split(']').next().unwrap().contains("endpoint"))
        .count()
}

#[test]
fn the_guard_sees_a_nameless_server_function() {
    let count = |text: &str| {
        nameless_server_functions(&Source {
            path: String::new(),
            text: text.to_owned(),
        })
    };
    assert_eq!(count("#[server]\nfn a() {}"), 1);
    assert_eq!(count("#[server(prefix = \"/x\")]\nfn a() {}"), 1);
    assert_eq!(
        count("#[server(\n    endpoint = \"status/confirm\",\n)]\nfn a() {}"),
        0
    );
}

/// The islands of a source.
fn islands(source: &Source) -> Vec<String> {
    source
        .text
        .split("#[island]")
        .skip(1)
        .map(|rest| {
            let name = rest.split("fn ").nth(1).unwrap();
            name.split('(').next().unwrap().to_owned()
        })
        .collect()
}

/// A student's phone never loads the offices' code: what is an island is listed here by bundle, and is nowhere else.
#[test]
fn each_bundle_holds_its_own_islands() {
    let expected = [
        ("app/src/islands/staff.rs", vec!["ImportProgress"]),
        ("app/src/islands/student.rs", vec!["CopyPhone"]),
    ];
    let mut found: Vec<(String, Vec<String>)> = sources(&["app", "frontend", "server"])
        .iter()
        .map(|source| (source.path.clone(), islands(source)))
        .filter(|(_, islands)| !islands.is_empty())
        .collect();
    found.sort();
    let expected: Vec<(String, Vec<String>)> = expected
        .into_iter()
        .map(|(path, names)| {
            let names = names.into_iter().map(ToOwned::to_owned).collect();
            (path.to_owned(), names)
        })
        .collect();
    assert_eq!(found, expected);
    // Each file is in the bundle of its name alone, and on the server, which draws both.
    let rooms = super::checkout::read("app/src/islands.rs");
    for name in ["staff", "student"] {
        let line = format!("pub mod {name};");
        let before = rooms.split(&line).next().unwrap();
        let condition = before.rsplit("#[cfg(").next().unwrap();
        assert!(
            condition.contains(&format!("feature = \"{name}\"")),
            "{name}: {condition}"
        );
        let other = if name == "staff" { "student" } else { "staff" };
        assert!(
            !condition.contains(&format!("feature = \"{other}\"")),
            "{name}: {condition}"
        );
    }
}
