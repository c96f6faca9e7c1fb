//! Provinces (first two digits of GB/T 2260).

use super::table;
use crate::text::{Label, Text};
use std::sync::LazyLock;

static TABLE: LazyLock<Vec<Province>> = LazyLock::new(|| {
    table::rows(include_str!("../../codes/province.csv"))
        .map(|[code, name, short_name, english]| Province {
            code,
            name,
            short_name,
            english,
        })
        .collect()
});

/// A province, autonomous region, municipality or special administrative region.
#[derive(Debug, PartialEq, Eq)]
pub struct Province {
    /// Two digits.
    pub code: &'static str,
    /// 上海市.
    pub name: &'static str,
    /// 上海.
    pub short_name: &'static str,
    /// Shanghai.
    pub english: &'static str,
}

impl Province {
    /// Every province, in the order of the codes.
    pub fn all() -> &'static [Self] {
        &TABLE
    }

    /// The province with this code of two digits.
    pub fn from_code(code: &str) -> Option<&'static Self> {
        TABLE.iter().find(|province| province.code == code)
    }

    /// The province with this full or short name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        let name = name.trim();
        TABLE
            .iter()
            .find(|province| province.name == name || province.short_name == name)
    }
}

impl Label for Province {
    fn label(&self) -> Text {
        Text::new(self.name, self.english)
    }
}
