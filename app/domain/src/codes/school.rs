//! Regular institutions of higher education. A school's name changes, its five-digit code does not.

use super::table;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TABLE: LazyLock<BTreeMap<&'static str, School>> = LazyLock::new(|| {
    table::rows(include_str!("../../codes/schools.csv"))
        .map(|[code, name, province, level, as_of]| {
            (
                code,
                School {
                    code,
                    name,
                    province,
                    level,
                    as_of,
                },
            )
        })
        .collect()
});

/// A school as the ministry's list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Five digits.
    pub code: &'static str,
    /// 上海海洋大学.
    pub name: &'static str,
    /// 上海市.
    pub province: &'static str,
    /// 本科 or 专科.
    pub level: &'static str,
    /// Date of the list the row is from.
    pub as_of: &'static str,
}

impl School {
    /// The school with this five-digit code.
    pub fn from_code(code: &str) -> Option<&'static Self> {
        TABLE.get(code)
    }

    /// The school with exactly this name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        let name = name.trim();
        TABLE.values().find(|school| school.name == name)
    }

    /// Every school, in the order of the codes.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLE.values()
    }
}
