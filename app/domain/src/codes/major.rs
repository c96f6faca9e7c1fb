//! The national catalogue of undergraduate majors. Codes are renumbered from year to year: the key is catalogue and code.

use super::table;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TABLE: LazyLock<BTreeMap<u16, BTreeMap<&'static str, Major>>> = LazyLock::new(|| {
    let mut table = BTreeMap::<_, BTreeMap<_, _>>::new();
    for [
        year,
        code,
        name,
        discipline,
        class,
        special,
        controlled,
        old,
    ] in table::rows(include_str!("../../codes/majors.csv"))
    {
        let catalogue = year.parse().unwrap_or_default();
        let major = Major {
            catalogue,
            code,
            name,
            discipline,
            class,
            special: special == "1",
            controlled: controlled == "1",
            former_code: table::optional(old),
        };
        table.entry(catalogue).or_default().insert(code, major);
    }
    table
});

/// A major of the national catalogue (普通高等学校本科专业目录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Major {
    /// Year of the catalogue.
    pub catalogue: u16,
    /// Six or seven digits, then T, K or TK.
    pub code: &'static str,
    /// 计算机科学与技术.
    pub name: &'static str,
    /// 门类: 工学.
    pub discipline: &'static str,
    /// 专业类: 计算机类.
    pub class: &'static str,
    /// T: 特设专业.
    pub special: bool,
    /// K: 国家控制布点专业.
    pub controlled: bool,
    /// The code in the catalogue of the year before, where it moved.
    pub former_code: Option<&'static str>,
}

impl Major {
    /// The major with this code in the catalogue of this year.
    pub fn find(catalogue: u16, code: &str) -> Option<&'static Self> {
        TABLE.get(&catalogue)?.get(code)
    }

    /// 专业类 of a code, from the newest catalogue that has it.
    pub fn class_of(code: &str) -> Option<&'static str> {
        let found = TABLE.values().rev().find_map(|majors| majors.get(code));
        found.map(|major| major.class)
    }

    /// Whether any embedded catalogue has this code, now or as a former one; the letters behind the digits do not count.
    pub fn is_known(code: &str) -> bool {
        let own = digits(code);
        let mut all = TABLE.values().flat_map(BTreeMap::values);
        all.any(|major| {
            digits(major.code) == own || major.former_code.is_some_and(|old| digits(old) == own)
        })
    }

    /// Every major of a catalogue, in the order of the codes; empty for a catalogue that is not embedded.
    pub fn of_catalogue(catalogue: u16) -> impl Iterator<Item = &'static Self> {
        TABLE.get(&catalogue).into_iter().flat_map(BTreeMap::values)
    }
}

/// A code without the letters behind it.
fn digits(code: &str) -> &str {
    code.trim_end_matches(['T', 'K'])
}

/// Whether a text has the form of a major code: six or seven digits, then nothing, T, K or TK.
pub fn is_major_code(text: &str) -> bool {
    let suffix = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (6..=7).contains(&(text.len() - suffix.len())) && matches!(suffix, "" | "T" | "K" | "TK")
}
