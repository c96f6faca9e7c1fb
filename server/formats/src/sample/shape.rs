//! How a folder looks: every shape that formats.md §1.1 and §1.2 name.

use std::collections::BTreeSet;

/// How a folder looks.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Personal data in a table of their own.
    pub with_bmk: bool,
    /// Case of file names.
    pub case: NameCase,
    /// What stands before every table name.
    pub prefix: String,
    /// The language byte, which readers must not believe.
    pub language: u8,
    /// Names with characters of four bytes.
    pub rare_names: bool,
    /// One of so many candidates is admitted to a group of majors (大类招生).
    pub broad: Option<u32>,
    /// `TD_*` tables left out.
    pub absent: BTreeSet<&'static str>,
    /// Names of the columns.
    pub names: ColumnNames,
    /// Types of the columns.
    pub types: ColumnTypes,
    /// Order and widths of the columns.
    pub order: ColumnOrder,
    /// Where the majors on offer are told.
    pub majors: MajorTable,
    /// What lies beside the tables that are needed.
    pub beside: Beside,
    /// How the tables of the province lie in the package.
    pub folders: Folders,
    /// Whether the tables end with 0x1A.
    pub end: EndMark,
    /// 院校代码 as the offers state it; no such column when there is none.
    pub school: Option<String>,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            with_bmk: true,
            case: NameCase::Upper,
            prefix: String::new(),
            language: 0x4D,
            rare_names: true,
            broad: None,
            absent: BTreeSet::new(),
            names: ColumnNames::Current,
            types: ColumnTypes::Text,
            order: ColumnOrder::Usual,
            majors: MajorTable::Dictionary,
            beside: Beside::Nothing,
            folders: Folders::One,
            end: EndMark::Present,
            school: None,
        }
    }
}

/// Case of file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameCase {
    /// `T_TDD.DBF`
    Upper,
    /// `t_tdd.dbf`
    Lower,
    /// `T_tDd.dBf`
    Mixed,
}

impl NameCase {
    /// Every case.
    pub const ALL: [Self; 3] = [Self::Upper, Self::Lower, Self::Mixed];

    pub(super) fn write(self, name: &str) -> String {
        match self {
            Self::Upper => name.to_uppercase(),
            Self::Lower => name.to_lowercase(),
            Self::Mixed => {
                let turned = name.chars().enumerate().map(|(at, c)| {
                    if at % 2 == 0 {
                        c.to_ascii_uppercase()
                    } else {
                        c.to_ascii_lowercase()
                    }
                });
                turned.collect()
            }
        }
    }
}

/// Names of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnNames {
    /// ZJHM, CSRQ, BYXXMC, TXDZ, LQFSDM, YXDM; with a kind of document.
    Current,
    /// SFZH, CSNY, ZXMC, JTDZ, LQLXDM, XXDM, as in 2012; without one.
    Older,
}

impl ColumnNames {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Current, Self::Older];
}

/// Types of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnTypes {
    /// Everything is text.
    Text,
    /// Birth dates are dates, scores are numbers.
    Typed,
}

impl ColumnTypes {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Text, Self::Typed];
}

/// Order and widths of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnOrder {
    /// As the guides list them.
    Usual,
    /// The other way round, and each a little wider.
    Turned,
}

impl ColumnOrder {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Usual, Self::Turned];
}

/// Where the majors on offer are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MajorTable {
    /// `TD_ZYDH`
    Dictionary,
    /// `T_JHK`, the plan
    Plan,
    /// `TD_ZYDH` with codes of nine characters, of seven digits, and one of an older catalogue.
    LongCodes,
}

impl MajorTable {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Dictionary, Self::Plan, Self::LongCodes];
}

/// What lies beside the tables that are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// The other tables of an export, every dictionary, and the sheet for people.
    Everything,
}

impl Beside {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Nothing, Self::Everything];
}

/// How the tables of a province lie in the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folders {
    /// One folder.
    One,
    /// One folder per batch.
    PerBatch,
    /// One folder, below two others.
    Nested,
    /// All provinces in one folder, told apart by prefixes; the dictionaries serve them all, none is left out.
    Shared,
}

impl Folders {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::One, Self::PerBatch, Self::Nested, Self::Shared];
}

/// Whether the tables end with 0x1A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndMark {
    /// They do.
    Present,
    /// They end with the last record.
    Absent,
}

impl EndMark {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Present, Self::Absent];
}
