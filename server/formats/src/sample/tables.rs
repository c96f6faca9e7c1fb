//! Folders as bytes: `T_BMK`, `T_TDD` and what lies with them.

use super::ProvinceSpec;
use super::careless::{ColumnSpec, write};
use super::dictionaries::{self, BROAD, LONG_MAJORS, MAJORS};
use super::person::{Address, Candidate};
use super::rng::Rng;
use super::shape::{Beside, ColumnNames, ColumnOrder, ColumnTypes, Folders, MajorTable, Shape};
use domain::codes::Province;

/// The rows of one folder; where personal data and offer stand in one table, only `both` is used.
#[derive(Default)]
pub(super) struct FolderRows {
    pub(super) with_bmk: bool,
    pub(super) rows: Vec<FolderRow>,
}

/// One record in one or both tables.
pub(super) struct FolderRow {
    pub(super) candidate: Candidate,
    pub(super) deleted: bool,
    pub(super) in_persons: bool,
    pub(super) in_offers: bool,
}

impl FolderRow {
    pub(super) fn live(candidate: Candidate) -> Self {
        Self {
            candidate,
            deleted: false,
            in_persons: true,
            in_offers: true,
        }
    }
}

impl FolderRows {
    /// Physical records of the table with personal data.
    pub(super) fn person_rows(&self) -> u64 {
        self.rows
            .iter()
            .filter(|row| row.in_persons || !self.with_bmk)
            .count() as u64
    }
}

pub(super) fn major_code(rng: &mut Rng) -> String {
    rng.pick(&MAJORS)
        .map(|(code, _, _)| (*code).to_owned())
        .unwrap_or_default()
}

/// Gives every fifth candidate of a folder with long codes one of those majors.
pub(super) fn spread_long_majors(shape: &Shape, folder: &mut FolderRows) {
    if shape.majors != MajorTable::LongCodes {
        return;
    }
    let long = LONG_MAJORS.iter().cycle();
    for (row, (code, _, _)) in folder.rows.iter_mut().step_by(5).zip(long) {
        (*code).clone_into(&mut row.candidate.major);
    }
}

/// Admits one of `share` candidates of a folder to a group of majors; who it is depends on the number alone, so that two
/// records of one candidate agree.
pub(super) fn broaden(folder: &mut FolderRows, share: u32) {
    for row in &mut folder.rows {
        let tail: String = row.candidate.ksh.chars().rev().take(4).collect();
        let number = tail.chars().rev().collect::<String>().parse::<u32>();
        if number.is_ok_and(|number| number % share.max(1) == 5) {
            BROAD.0.clone_into(&mut row.candidate.major);
        }
    }
}

/// A column, the name it had in 2012, and how its value is taken from a candidate.
struct Column {
    name: &'static str,
    older: Option<&'static str>,
    kind: u8,
    width: u8,
    cell: fn(&Candidate) -> Vec<u8>,
}

const fn column(
    name: &'static str,
    older: Option<&'static str>,
    width: u8,
    cell: fn(&Candidate) -> Vec<u8>,
) -> Column {
    Column {
        name,
        older,
        kind: b'C',
        width,
        cell,
    }
}

/// What a province writes where a column did not exist in 2012.
const NEVER: Option<&str> = Some("");
const SAME: Option<&str> = None;

const KSH: Column = column("KSH", SAME, 14, |c| encode(&c.ksh));
const PERSON: [Column; 14] = [
    column("ZKZH", SAME, 14, |c| encode(&c.permit)),
    column("XM", SAME, 64, |c| {
        let mut name = encode(&c.name);
        // The first byte of a character whose second one did not fit.
        name.extend(c.name_is_cut.then_some(0xCD));
        name
    }),
    column("XBDM", SAME, 1, |c| encode(c.sex)),
    Column {
        kind: b'D',
        ..column("CSRQ", Some("CSNY"), 8, |c| encode(&c.birth))
    },
    column("ZZMMDM", SAME, 2, |c| encode(&c.political)),
    column("MZDM", SAME, 2, |c| encode(&c.ethnic)),
    column("KSLBDM", SAME, 1, |_| encode("1")),
    column("ZJLXDM", NEVER, 1, |c| encode(&c.id_type)),
    column("ZJHM", Some("SFZH"), 18, |c| encode(&c.id_number)),
    column("DQDM", SAME, 6, |c| encode(&c.area)),
    column("TXDZ", Some("JTDZ"), 60, |c| match &c.address {
        Address::Text(text) => encode(text),
        Address::Garbled => vec![0xFF, 0xFF],
    }),
    column("YZBM", SAME, 6, |_| encode("200000")),
    column("LXSJ", SAME, 20, |c| encode(&c.mobile)),
    column("BYXXMC", Some("ZXMC"), 40, |c| encode(&c.school)),
];
const OFFER: [Column; 5] = [
    column("LQZY", SAME, 4, |c| encode(&c.major)),
    column("PCDM", SAME, 2, |_| encode("1")),
    column("KLDM", SAME, 2, |_| encode("1")),
    Column {
        kind: b'N',
        ..column("CJ", SAME, 6, |c| encode(&c.score))
    },
    column("TDYYDM", SAME, 2, |c| encode(c.withdrawal)),
];
const ADMISSION: Column = column("LQFSDM", Some("LQLXDM"), 1, |_| encode("1"));
/// A column that nothing here uses; its codes stand in a table of the export.
const KIND_OF_PLAN: Column = column("JHLBDM", SAME, 2, |c| {
    if c.plan_is_garbled {
        vec![0xFF, 0xFF]
    } else {
        encode("1")
    }
});
const SCHOOL: Column = column("YXDM", Some("XXDM"), 5, |c| encode(&c.university));

pub(super) fn encode(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// Every file of a province, with its path. `number` tells a second folder of the same name from the first.
pub(super) fn files(
    spec: &ProvinceSpec,
    folder: &FolderRows,
    year: u16,
    number: usize,
) -> Vec<(String, Vec<u8>)> {
    let shape = &spec.shape;
    let mut files = Vec::new();
    for (path, rows) in parts(spec, folder, year, number) {
        let name = |table: &str| {
            let prefix = match shape.folders {
                Folders::Shared if dictionaries::is_shared(table) => String::new(),
                Folders::Shared => format!("{}{}_{number}_", shape.prefix, spec.code),
                Folders::One | Folders::PerBatch | Folders::Nested => shape.prefix.clone(),
            };
            format!(
                "{path}/{}",
                shape.case.write(&format!("{prefix}{table}.DBF"))
            )
        };
        for (table, bytes) in main_tables(shape, rows) {
            files.push((name(table), bytes));
        }
        for (table, bytes) in dictionaries::tables(shape) {
            files.push((name(table), bytes));
        }
        if shape.beside == Beside::Everything {
            files.push((format!("{path}/t_tddxx.xls"), b"for people".to_vec()));
        }
    }
    files
}

/// The folders of a province, with the rows of each.
fn parts<'a>(
    spec: &ProvinceSpec,
    folder: &'a FolderRows,
    year: u16,
    number: usize,
) -> Vec<(String, &'a [FolderRow])> {
    let province =
        Province::from_code(&spec.code).map_or(spec.code.as_str(), |province| province.name);
    let again = if number == 0 {
        String::new()
    } else {
        format!(" {}", number + 1)
    };
    let usual = format!("{province} 本科批 综合改革{again}");
    match spec.shape.folders {
        Folders::One => vec![(usual, &folder.rows)],
        Folders::Nested => vec![(format!("{year}年录取数据/普通本科/{usual}"), &folder.rows)],
        Folders::Shared => vec![(format!("{year}年各省"), &folder.rows)],
        Folders::PerBatch => {
            let (first, second) = halves(&folder.rows);
            vec![
                (usual, first),
                (format!("{province} 提前批 艺术{again}"), second),
            ]
        }
    }
}

/// Two parts of the rows; the records of one candidate stay together.
fn halves(rows: &[FolderRow]) -> (&[FolderRow], &[FolderRow]) {
    let mut middle = rows.len() / 2;
    let ksh = |at: usize| rows.get(at).map(|row| row.candidate.ksh.as_str());
    while middle > 0 && ksh(middle).is_some() && ksh(middle) == ksh(middle - 1) {
        middle += 1;
    }
    rows.split_at_checked(middle).unwrap_or((rows, &[]))
}

/// `T_BMK` and `T_TDD`, or everything in `T_TDD`.
fn main_tables(shape: &Shape, rows: &[FolderRow]) -> Vec<(&'static str, Vec<u8>)> {
    let kind_of_admission = shape.beside == Beside::Everything || shape.names == ColumnNames::Older;
    let offers = || {
        OFFER
            .iter()
            .chain(kind_of_admission.then_some(&ADMISSION))
            .chain((shape.beside == Beside::Everything).then_some(&KIND_OF_PLAN))
            .chain(shape.school.as_ref().map(|_| &SCHOOL))
    };
    let all = |wanted: fn(&FolderRow) -> bool| -> Vec<&FolderRow> {
        rows.iter().filter(|row| wanted(row)).collect()
    };
    if shape.with_bmk {
        let persons: Vec<&Column> = std::iter::once(&KSH).chain(&PERSON).collect();
        let offers: Vec<&Column> = std::iter::once(&KSH).chain(offers()).collect();
        vec![
            ("T_BMK", table(persons, &all(|row| row.in_persons), shape)),
            ("T_TDD", table(offers, &all(|row| row.in_offers), shape)),
        ]
    } else {
        let columns: Vec<&Column> = std::iter::once(&KSH)
            .chain(&PERSON)
            .chain(offers())
            .collect();
        vec![("T_TDD", table(columns, &all(|_| true), shape))]
    }
}

fn table(mut columns: Vec<&Column>, rows: &[&FolderRow], shape: &Shape) -> Vec<u8> {
    let older = shape.names == ColumnNames::Older;
    columns.retain(|column| !(older && column.older == NEVER));
    let wider = if shape.order == ColumnOrder::Turned {
        columns.reverse();
        3
    } else {
        0
    };
    let spec = |column: &&Column| {
        let typed = shape.types == ColumnTypes::Typed;
        ColumnSpec {
            name: column.older.filter(|_| older).unwrap_or(column.name),
            kind: if typed { column.kind } else { b'C' },
            // A date is eight bytes wide, always.
            width: if typed && column.kind == b'D' {
                column.width
            } else {
                column.width + wider
            },
        }
    };
    let layout: Vec<ColumnSpec> = columns.iter().map(spec).collect();
    let cells = rows.iter().map(|row| {
        let cells = columns.iter().map(|column| (column.cell)(&row.candidate));
        (row.deleted, cells.collect())
    });
    write(&layout, cells.collect(), shape)
}
