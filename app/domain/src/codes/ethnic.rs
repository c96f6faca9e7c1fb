//! Ethnic groups (GB/T 3304), with 97 and 98 for what the standard does not name.

use super::table;
use crate::text::{Label, Text};
use std::sync::LazyLock;

static TABLE: LazyLock<Vec<EthnicGroup>> = LazyLock::new(|| {
    table::rows(include_str!("../../codes/ethnic.csv"))
        .map(|[code, name, english, aliases]| EthnicGroup {
            code,
            name,
            english,
            aliases: table::list(aliases).collect(),
        })
        .collect()
});

/// 民族.
#[derive(Debug, PartialEq, Eq)]
pub struct EthnicGroup {
    /// Two digits; the leading zero belongs to it.
    pub code: &'static str,
    /// 汉族.
    pub name: &'static str,
    /// The romanised name of the standard.
    pub english: &'static str,
    aliases: Vec<&'static str>,
}

impl EthnicGroup {
    /// Every group, in the order of the codes.
    pub fn all() -> &'static [Self] {
        &TABLE
    }

    /// The group with this code of two digits.
    pub fn from_code(code: &str) -> Option<&'static Self> {
        TABLE.iter().find(|group| group.code == code)
    }

    /// The group with this name or a known variant (维吾尔, 毛难族, 其它).
    pub fn from_name(name: &str) -> Option<&'static Self> {
        let name = name.trim();
        TABLE
            .iter()
            .find(|group| group.name == name || group.aliases.contains(&name))
    }
}

impl Label for EthnicGroup {
    fn label(&self) -> Text {
        Text::new(self.name, self.english)
    }
}
