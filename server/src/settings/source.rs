//! Where settings come from: the environment, and the file that `XJ_CONFIG` names.

use super::{NAMES, SettingsError, wrong};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// Names that begin like a setting and are none of the program's: they are read by its tests and its bench.
const OF_TESTS: [&str; 8] = [
    "XJ_BENCH_",
    "XJ_E2E_",
    "XJ_FUZZ_SECONDS",
    "XJ_KILLS",
    "XJ_LONG",
    "XJ_REQUIRE_PG",
    "XJ_SAMPLES",
    "XJ_TEST_",
];
const FILE: &str = "XJ_CONFIG";

/// What was set, by name; the environment wins.
pub(super) fn gather(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<&'static str, String>, SettingsError> {
    let mut found = BTreeMap::new();
    let mut file = None;
    for (name, value) in environment {
        let Some(name) = name.to_str() else {
            continue;
        };
        let value = || value.into_string().map_err(|_| not_text(name));
        if name == FILE {
            file = Some(value()?);
        } else if let Some(known) = known(name) {
            found.insert(known, value()?);
        } else if name.starts_with("XJ_") && !OF_TESTS.iter().any(|start| name.starts_with(start)) {
            return Err(SettingsError::Unknown {
                name: name.to_owned(),
            });
        }
    }
    // An empty variable is one that is not set.
    found.retain(|_, value| !value.trim().is_empty());
    if let Some(path) = file.filter(|path| !path.trim().is_empty()) {
        for (name, value) in read_file(Path::new(path.trim()))? {
            found.entry(name).or_insert(value);
        }
    }
    Ok(found)
}

fn known(name: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|known| *known == name)
}

fn not_text(name: &str) -> SettingsError {
    known(name).map_or_else(
        || SettingsError::Unknown {
            name: name.to_owned(),
        },
        |name| wrong(name, "text in UTF-8"),
    )
}

fn read_file(path: &Path) -> Result<BTreeMap<&'static str, String>, SettingsError> {
    let fault = |cause: String| SettingsError::File {
        path: path.to_owned(),
        cause,
    };
    let text = std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| fault(e.message().to_owned()))?;
    let mut found = BTreeMap::new();
    for (name, value) in table {
        let known = known(&name).ok_or_else(|| fault(format!("there is no setting {name}")))?;
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            _ => {
                return Err(fault(format!(
                    "{name}: a text in quotes or a whole number is needed"
                )));
            }
        };
        found.insert(known, value);
    }
    Ok(found)
}
