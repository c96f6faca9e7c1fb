//! Private-use characters of GBK and their standard ones, and the length of a name in GB18030.

use crate::codes::table;
use std::collections::BTreeMap;
use std::sync::LazyLock;

struct Glyph {
    private_use: char,
    standard: char,
    bytes: usize,
}

static TABLE: LazyLock<Vec<Glyph>> = LazyLock::new(|| {
    table::rows(include_str!("../../../codes/glyphs.csv"))
        .filter_map(|[private_use, standard, bytes]| {
            Some(Glyph {
                private_use: character(private_use)?,
                standard: character(standard)?,
                bytes: bytes.parse().ok()?,
            })
        })
        .collect()
});

static STANDARD: LazyLock<BTreeMap<char, char>> =
    LazyLock::new(|| TABLE.iter().map(|g| (g.private_use, g.standard)).collect());

static LENGTHS: LazyLock<BTreeMap<char, usize>> =
    LazyLock::new(|| TABLE.iter().map(|g| (g.standard, g.bytes)).collect());

/// Compatibility ideographs that have two bytes in GBK (FD9C to FDA0, FE40 to FE4F).
const COMPATIBILITY: [char; 21] = [
    '\u{f92c}', '\u{f979}', '\u{f995}', '\u{f9e7}', '\u{f9f1}', '\u{fa0c}', '\u{fa0d}', '\u{fa0e}',
    '\u{fa0f}', '\u{fa11}', '\u{fa13}', '\u{fa14}', '\u{fa18}', '\u{fa1f}', '\u{fa20}', '\u{fa21}',
    '\u{fa23}', '\u{fa24}', '\u{fa27}', '\u{fa28}', '\u{fa29}',
];

fn character(hex: &str) -> Option<char> {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
}

/// The standard character of a private-use one of the block FE50 to FEA0; every other character itself.
pub(super) fn standard(c: char) -> char {
    STANDARD.get(&c).copied().unwrap_or(c)
}

/// Bytes of a name in GB18030: exact for ASCII, Han and the dot, an upper bound (4 for each) for other characters.
pub fn gb18030_len(text: &str) -> usize {
    text.chars().map(char_len).sum()
}

fn char_len(c: char) -> usize {
    match c {
        '\0'..='\u{7f}' => 1,
        '\u{b7}' | '\u{3005}' | '\u{3007}' | '\u{4e00}'..='\u{9fa5}' => 2,
        _ if COMPATIBILITY.contains(&c) => 2,
        _ => LENGTHS.get(&c).copied().unwrap_or(4),
    }
}
