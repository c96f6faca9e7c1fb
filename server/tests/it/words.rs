//! Every code that the services answer has words.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The literals of a piece of source.
fn literals(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Codes with the field they are about, as a source names them.
fn codes(source: &str) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    let mut add = |field: Option<&str>, code: &str| {
        if is_code(code) {
            found.push((field.map(ToOwned::to_owned), code.to_owned()));
        }
    };
    // ServiceError::Invalid { field: "…", code: "…" }
    for part in source.split("code: \"").skip(1) {
        add(None, part.split('"').next().unwrap());
    }
    for part in source.split("Invalid {").skip(1) {
        let named = literals(part.split('}').next().unwrap());
        if let [field, code, ..] = named.as_slice() {
            add(Some(field), code);
        }
    }
    // invalid("field", "code") and invalid("code")
    for part in source.split("invalid(").skip(1) {
        match literals(part.split(')').next().unwrap()).as_slice() {
            [code] => add(None, code),
            [field, code] => add(Some(field), code),
            _ => {}
        }
    }
    // let code = match … { … => "code" }; and Some("code") of a judgement on passwords
    for part in source.split("let code = match").skip(1) {
        for code in literals(part.split("};").next().unwrap()) {
            add(None, code);
        }
    }
    if source.contains("Why a new password is not accepted") {
        for part in source
            .split(".then_some(\"")
            .chain(source.split("Some(\""))
            .skip(1)
        {
            add(Some("password"), part.split('"').next().unwrap());
        }
    }
    found
}

#[test]
fn every_code_of_the_services_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for folder in ["server/services/src", "server/src/http", "app/src/ops"] {
        files(&root.join(folder), &mut sources);
    }
    let mut all = Vec::new();
    for path in sources {
        // The data of a demonstration are no codes.
        if path.components().any(|part| part.as_os_str() == "demo") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        all.extend(codes(&text).into_iter().map(|code| (path.clone(), code)));
    }
    assert!(all.len() > 30, "{}", all.len());
    let silent: Vec<_> = all
        .iter()
        .filter(|(_, (field, code))| !app::pages::words::known(code, field.as_deref()))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

/// Two entries for the same would leave one of them unsaid.
#[test]
fn no_words_are_hidden_behind_others() {
    let mut met = std::collections::BTreeSet::new();
    for one in app::pages::words::listed() {
        assert!(met.insert(one), "{one:?} stands twice");
    }
}

/// Words for a code that nothing answers are never read.
#[test]
fn every_code_with_words_is_answered_by_something() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = vec![
        root.join("app/src/op.rs"),
        root.join("app/src/told.rs"),
        root.join("app/src/frame/refused.rs"),
    ];
    for folder in ["server/services/src", "server/src/http", "app/src/ops"] {
        files(&root.join(folder), &mut sources);
    }
    let said: String = sources
        .iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "demo"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    // `refused=no_match` is written into an address.
    let answers = |code: &str| {
        said.contains(&format!("\"{code}\"")) || said.contains(&format!("refused={code}"))
    };
    let dead: Vec<_> = app::pages::words::listed()
        .filter(|(code, _)| !answers(code))
        .collect();
    assert!(dead.is_empty(), "{dead:?}");
    // What words are about is an operation, a part of the service, or a field that can be named.
    let about = |name: &str| {
        let mut rules = domain::institution::POLICY.iter();
        rules.any(|rule| rule.op == name || rule.op.split('/').next() == Some(name))
            || app::pages::words::field(name, None).is_some()
    };
    let lost: Vec<_> = app::pages::words::listed()
        .filter_map(|(_, name)| name)
        .filter(|name| !about(name))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// What stands on something is named by kind and count: `("slips", 3)` in the sources, each kind with a word.
#[test]
fn everything_that_stands_on_something_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/services/src");
    let mut kinds = Vec::new();
    for file in [
        "institution/organisation/undo.rs",
        "assign/undo.rs",
        "assign/correct.rs",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let mut before = ' ';
        for part in text.split("(\"") {
            let found = part.split_once("\", ");
            if let Some((kind, after)) = found
                && !before.is_alphanumeric()
                && is_code(kind)
                && !after.starts_with('"')
            {
                kinds.push(kind.to_owned());
            }
            before = part.chars().last().unwrap_or(' ');
        }
    }
    assert!(kinds.len() > 12, "{kinds:?}");
    for kind in kinds {
        assert!(app::pages::words::stands(&kind).is_some(), "{kind}");
    }
    // A status begins with the registration and may have been given back since: the count is not of those registered.
    let begun = app::pages::words::stands("status").unwrap();
    assert!(!begun.zh.contains("已注册"), "{}", begun.zh);
}

#[test]
fn every_field_of_the_services_has_a_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for folder in ["server/services/src", "server/src/http", "app/src/ops"] {
        files(&root.join(folder), &mut sources);
    }
    let sources = sources.iter();
    let read = sources.filter(|path| !path.components().any(|part| part.as_os_str() == "demo"));
    let fields: std::collections::BTreeSet<String> = read
        .flat_map(|path| codes(&fs::read_to_string(path).unwrap()))
        .filter_map(|(field, _)| field)
        .collect();
    assert!(fields.len() > 10, "{fields:?}");
    let nameless: Vec<_> = fields
        .iter()
        // Arguments of the command line stand in no form.
        .filter(|field| !matches!(field.as_str(), "out" | "path"))
        .filter(|field| app::pages::words::field(field, None).is_none())
        .collect();
    assert!(nameless.is_empty(), "{nameless:?}");
    let said = |field, op| app::pages::words::field(field, Some(op)).unwrap().zh;
    assert_eq!(said("number", "files/rule"), "文号");
    assert_eq!(said("code", "institution/set-school-name"), "国标代码");
}

#[test]
fn the_guard_finds_a_code_however_it_is_written() {
    let found = |source: &str| {
        codes(source)
            .into_iter()
            .map(|(_, code)| code)
            .collect::<Vec<_>>()
    };
    assert!(found("Invalid { field: \"a\", code: \"silent\" }").contains(&"silent".to_owned()));
    assert!(found("return Err(invalid(\"silent\"));").contains(&"silent".to_owned()));
    assert!(found("invalid(\"name\", \"silent\")").contains(&"silent".to_owned()));
    assert!(
        found("let code = match n { 0 => \"silent\", _ => \"b\" };").contains(&"silent".to_owned())
    );
    assert!(!app::pages::words::known("silent", None));
}

#[test]
fn every_refusal_by_right_or_state_has_words() {
    for code in [
        "not_found",
        "not_signed_in",
        "wrong_office",
        "offices_only",
        "step_up",
        "same_person",
        "illegal_move",
        "stale",
        "built_on",
        "too_late",
        "incomplete",
        "invalid",
        "sign_in",
        "too_many",
        "taken",
        "unreachable",
        "interrupted",
        "file",
        "malformed",
        "no_match",
    ] {
        assert!(app::pages::words::known(code, None), "{code}");
        for lang in [domain::text::Lang::Zh, domain::text::Lang::En] {
            let words = app::pages::words::of(code, &[], lang);
            for text in [words.what, words.why, words.now] {
                assert!(
                    !text.is_empty() && !text.contains(['！', '!']),
                    "{code}: {text}"
                );
            }
        }
    }
}
