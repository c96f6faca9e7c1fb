//! Administrative divisions with their history, to judge the first six digits of an ID number.

use super::table;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TABLE: LazyLock<BTreeMap<&'static str, Vec<Division>>> = LazyLock::new(|| {
    let mut table = BTreeMap::<_, Vec<Division>>::new();
    for [code, name, from, to, current] in table::rows(include_str!("../../codes/divisions.csv")) {
        table.entry(code).or_default().push(Division {
            code,
            name,
            from: from.parse().ok(),
            to: to.parse().ok(),
            current: current == "1",
        });
    }
    table
});

/// One name that a code of GB/T 2260 had over a time. The years are known for some only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Six digits.
    pub code: &'static str,
    /// 浦东新区.
    pub name: &'static str,
    /// First year, where known.
    pub from: Option<u16>,
    /// Last year, where known.
    pub to: Option<u16>,
    /// Whether it stands in the list of June 2023.
    pub current: bool,
}

impl Division {
    /// Every name a code had; empty for an unknown code. An unknown code in an ID number is a warning, never an error:
    /// the history is not complete.
    pub fn history(code: &str) -> &'static [Self] {
        TABLE.get(code).map(Vec::as_slice).unwrap_or_default()
    }

    /// The division with the six digits that an ID number begins with, the current name first.
    pub fn of_id_number(number: &str) -> Option<&'static Self> {
        let history = Self::history(number.get(..6)?);
        history
            .iter()
            .find(|division| division.current)
            .or_else(|| history.last())
    }

    /// Codes in the list of June 2023.
    pub fn current_codes() -> impl Iterator<Item = &'static str> {
        TABLE
            .iter()
            .filter(|(_, history)| history.iter().any(|d| d.current))
            .map(|(code, _)| *code)
    }
}
