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
            let words = app::pages::words::of(code, None, lang);
            for text in [words.what, words.why, words.now] {
                assert!(
                    !text.is_empty() && !text.contains(['！', '!']),
                    "{code}: {text}"
                );
            }
        }
    }
}
