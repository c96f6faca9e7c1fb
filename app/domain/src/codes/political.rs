//! Political status (GB/T 4762).

use super::table;
use crate::text::{Label, Text};
use std::sync::LazyLock;

static TABLE: LazyLock<Vec<PoliticalStatus>> = LazyLock::new(|| {
    table::rows(include_str!("../../codes/political.csv"))
        .map(
            |[code, name, short_name, english, aliases]| PoliticalStatus {
                code,
                name,
                short_name,
                english,
                aliases: table::list(aliases).collect(),
            },
        )
        .collect()
});

/// 政治面貌.
#[derive(Debug, PartialEq, Eq)]
pub struct PoliticalStatus {
    /// Two digits.
    pub code: &'static str,
    /// The name of the standard.
    pub name: &'static str,
    /// The short name; the platform's field holds 16 bytes, which the full name exceeds.
    pub short_name: &'static str,
    /// English.
    pub english: &'static str,
    aliases: Vec<&'static str>,
}

impl PoliticalStatus {
    /// Every status, in the order of the codes.
    pub fn all() -> &'static [Self] {
        &TABLE
    }

    /// The status with this code of two digits.
    pub fn from_code(code: &str) -> Option<&'static Self> {
        TABLE.iter().find(|status| status.code == code)
    }

    /// The status with this name, short name or a known variant (党员, 团员).
    pub fn from_name(name: &str) -> Option<&'static Self> {
        let name = name.trim();
        TABLE.iter().find(|status| {
            status.name == name || status.short_name == name || status.aliases.contains(&name)
        })
    }
}

impl Label for PoliticalStatus {
    fn label(&self) -> Text {
        Text::new(self.short_name, self.english)
    }
}
