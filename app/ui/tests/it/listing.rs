//! The list of components for those who write pages.

use std::fs;
use std::path::Path;

#[test]
fn every_component_is_listed() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(home.join("COMPONENTS.md")).unwrap();
    let mut folders = vec![home.join("src")];
    let mut missing = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("icon.rs") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            for part in source.split("#[component]\npub fn ").skip(1) {
                let name = part.split('(').next().unwrap();
                if !list.contains(&format!("`{name}`")) {
                    missing.push(name.to_owned());
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
