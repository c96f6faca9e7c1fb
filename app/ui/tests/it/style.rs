//! Rules for the source: no inline style, no script, one home for `textarea`, colours that can be read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found
}

fn sources() -> Vec<(PathBuf, String)> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "rs")
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn no_component_writes_a_style_or_a_script() {
    for (path, source) in sources() {
        for word in [
            " style=",
            "style:",
            "<style",
            "<script",
            "inner_html",
            " onclick",
        ] {
            assert!(!source.contains(word), "{word} in {}", path.display());
        }
    }
}

#[test]
fn only_one_file_writes_a_text_area() {
    let homes: Vec<_> = sources()
        .into_iter()
        .filter(|(_, source)| source.contains("<textarea"))
        .map(|(path, _)| path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(homes, ["text_area.rs"]);
}

#[test]
fn every_class_that_is_written_has_a_rule() {
    let sheet: String = files(&root().join("frontend/style/components"), "css")
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut missing = Vec::new();
    let pages = files(&root().join("app/src"), "rs")
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()));
    for (path, source) in sources().into_iter().chain(pages) {
        for line in source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for (at, _) in line.match_indices("xj-") {
                if at > 0 && !line[..at].ends_with(['"', ' ']) {
                    continue;
                }
                let class: String = line[at..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                    .collect();
                let rule = format!(".{class}");
                let known = sheet.match_indices(&rule).any(|(at, _)| {
                    !sheet[at + rule.len()..]
                        .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
                });
                if !known {
                    missing.push(format!("{class} in {}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Classes that a rule names, without those inside of longer names.
fn ruled(sheet: &str) -> Vec<String> {
    sheet
        .match_indices(".xj-")
        .map(|(at, _)| {
            let name = &sheet[at + 1..];
            name.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect()
        })
        .collect()
}

#[test]
fn every_rule_is_for_a_class_that_is_written() {
    let written: String = ["app/ui/src", "app/src", "server/src"]
        .iter()
        .flat_map(|folder| files(&root().join(folder), "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut unused: Vec<String> = files(&root().join("frontend/style/components"), "css")
        .into_iter()
        .flat_map(|path| ruled(&fs::read_to_string(path).unwrap()))
        .filter(|class| {
            !written.match_indices(class.as_str()).any(|(at, _)| {
                !written[at + class.len()..]
                    .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
            })
        })
        .collect();
    unused.sort();
    unused.dedup();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn every_component_is_on_a_page() {
    let pages: String = files(&root().join("app"), "rs")
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let code: String = pages
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut unused = Vec::new();
    for (_, source) in sources() {
        for part in source.split("#[component]\npub fn ").skip(1) {
            let name = part.split('(').next().unwrap();
            let drawn = [' ', '/', '>', '\n'].map(|end| format!("<{name}{end}"));
            let drawn =
                drawn.iter().any(|tag| code.contains(tag)) || code.contains(&format!("::{name} "));
            if !drawn {
                unused.push(name.to_owned());
            }
        }
    }
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_style_sheet_needs_no_data_address_and_no_remote_file() {
    for path in files(&root().join("frontend/style/components"), "css") {
        let sheet = fs::read_to_string(&path).unwrap();
        assert!(!sheet.contains("url("), "{}", path.display());
        assert!(!sheet.contains("!important"), "{}", path.display());
    }
}

/// The variables of every block of `sheet` that begins with `head`.
fn variables(sheet: &str, head: &str) -> BTreeMap<String, String> {
    let at = sheet
        .find(head)
        .unwrap_or_else(|| panic!("{head} in the sheet"));
    let block = &sheet[at..];
    let block = &block[..block.find("\n}").unwrap()];
    block
        .lines()
        .filter_map(|line| line.trim().strip_suffix(';')?.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn luminance(colour: &str) -> f64 {
    let value = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap();
    let channel = |shift: u32| {
        let part = f64::from((value >> shift) & 0xff) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn themes() -> [(&'static str, BTreeMap<String, String>); 2] {
    let themes = fs::read_to_string(root().join("frontend/style/xueji.css")).unwrap();
    let tokens = fs::read_to_string(root().join("frontend/style/components/tokens.css")).unwrap();
    let light_tokens = variables(&tokens, ":root {");
    let mut light = variables(&themes, "name: \"xueji\";");
    light.extend(light_tokens.clone());
    let mut dark = variables(&themes, "name: \"xueji-dark\";");
    dark.extend(light_tokens);
    dark.extend(variables(&tokens, ":root:not([data-theme]) {"));
    [("light", light), ("dark", dark)]
}

#[test]
fn text_can_be_read_in_both_themes() {
    let pairs = [
        ("--color-base-content", "--color-base-100"),
        ("--color-base-content", "--color-base-200"),
        ("--color-secondary", "--color-base-100"),
        ("--color-secondary", "--color-base-200"),
        ("--color-primary", "--color-base-100"),
        ("--color-primary", "--color-base-200"),
        ("--color-primary-content", "--color-primary"),
        ("--color-success", "--color-base-100"),
        ("--color-warning", "--color-base-100"),
        ("--color-error", "--color-base-100"),
        ("--color-error", "--color-base-200"),
        ("--color-error-content", "--color-error"),
        ("--color-info", "--color-base-100"),
        ("--xj-on-side", "--xj-side"),
        ("--xj-on-side", "--xj-side-on"),
        ("--xj-on-side-muted", "--xj-side"),
        ("--xj-on-side-muted", "--xj-side-on"),
        ("--xj-on-badge", "--xj-badge"),
    ];
    for (name, theme) in themes() {
        for (text, ground) in pairs {
            let found = contrast(&theme[text], &theme[ground]);
            assert!(found >= 4.5, "{name}: {text} on {ground} is {found:.2}");
        }
    }
}

#[test]
fn edges_of_fields_can_be_seen_in_both_themes() {
    for (name, theme) in themes() {
        for ground in ["--color-base-100", "--color-base-200"] {
            let found = contrast(&theme["--xj-edge"], &theme[ground]);
            assert!(found >= 3.0, "{name}: edge on {ground} is {found:.2}");
        }
    }
}
