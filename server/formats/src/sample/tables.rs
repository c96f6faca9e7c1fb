//! Folders as bytes: `T_BMK`, `T_TDD` and the code tables.

use super::ProvinceSpec;
use super::person::{Address, Candidate};
use super::rng::Rng;
use domain::codes::{EthnicGroup, PoliticalStatus};

/// Majors on offer: 专业代号, national code (catalogue 2026), name.
const MAJORS: [(&str, &str, &str); 16] = [
    ("01", "090601", "水产养殖学"),
    ("02", "090602", "海洋渔业科学与技术"),
    ("03", "082701", "食品科学与工程"),
    ("04", "080901", "计算机科学与技术"),
    ("05", "080902", "软件工程"),
    ("06", "120203K", "会计学"),
    ("07", "020301K", "金融学"),
    ("08", "050201", "英语"),
    ("09", "050207", "日语"),
    ("10", "070701", "海洋科学"),
    ("11", "070702", "海洋技术"),
    ("12", "082503", "环境科学"),
    ("13", "071002", "生物技术"),
    ("14", "080202", "机械设计制造及其自动化"),
    ("15", "120601", "物流管理"),
    ("16", "080910T", "数据科学与大数据技术"),
];

/// The group of majors of a broad intake: code of the offer, class of the catalogue, name.
const BROAD: (&str, &str, &str) = ("17", "0906", "水产类");
/// Admits one of so many candidates of a folder to a group of majors; who it is depends on the number alone, so that two
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

/// Column, bytes, and how its value is taken from a candidate.
type Column = (&'static str, u8, fn(&Candidate) -> Vec<u8>);

const KSH: Column = ("KSH", 14, |c| encode(&c.ksh));
const PERSON: [Column; 14] = [
    ("ZKZH", 14, |c| encode(&c.permit)),
    ("XM", 64, |c| encode(&c.name)),
    ("XBDM", 1, |c| encode(c.sex)),
    ("CSRQ", 8, |c| encode(&c.birth)),
    ("ZZMMDM", 2, |c| encode(&c.political)),
    ("MZDM", 2, |c| encode(&c.ethnic)),
    ("KSLBDM", 1, |_| encode("1")),
    ("ZJLXDM", 1, |c| encode(&c.id_type)),
    ("ZJHM", 18, |c| encode(&c.id_number)),
    ("DQDM", 6, |c| encode(&c.area)),
    ("TXDZ", 60, |c| match &c.address {
        Address::Text(text) => encode(text),
        Address::Garbled => vec![0xFF, 0xFF],
    }),
    ("YZBM", 6, |_| encode("200000")),
    ("LXSJ", 20, |c| encode(&c.mobile)),
    ("BYXXMC", 40, |c| encode(&c.school)),
];
const OFFER: [Column; 5] = [
    ("LQZY", 4, |c| encode(&c.major)),
    ("PCDM", 2, |_| encode("1")),
    ("KLDM", 2, |_| encode("1")),
    ("CJ", 6, |c| encode(&c.score)),
    ("TDYYDM", 2, |c| encode(c.withdrawal)),
];

fn encode(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// Every file of a folder, with its path.
pub(super) fn files(
    spec: &ProvinceSpec,
    folder: &FolderRows,
    name: &str,
) -> Vec<(String, Vec<u8>)> {
    let path = |table: &str| {
        let file = format!("{}{table}.DBF", spec.shape.prefix);
        format!(
            "{name}/{}",
            if spec.shape.lower_case {
                file.to_lowercase()
            } else {
                file
            }
        )
    };
    let language = spec.shape.language;
    let mut files = Vec::new();
    let all = |rows: &dyn Fn(&&FolderRow) -> bool| -> Vec<(bool, &Candidate)> {
        folder
            .rows
            .iter()
            .filter(|row| rows(row))
            .map(|row| (row.deleted, &row.candidate))
            .collect()
    };
    if spec.shape.with_bmk {
        let persons: Vec<Column> = std::iter::once(KSH).chain(PERSON).collect();
        let offers: Vec<Column> = std::iter::once(KSH).chain(OFFER).collect();
        files.push((
            path("T_BMK"),
            table(&persons, &all(&|row| row.in_persons), language),
        ));
        files.push((
            path("T_TDD"),
            table(&offers, &all(&|row| row.in_offers), language),
        ));
    } else {
        let columns: Vec<Column> = std::iter::once(KSH).chain(PERSON).chain(OFFER).collect();
        files.push((path("T_TDD"), table(&columns, &all(&|_| true), language)));
    }
    for (table, bytes) in dictionaries(language, spec.shape.broad.is_some()) {
        if !spec.shape.absent.contains(table) {
            files.push((path(table), bytes));
        }
    }
    files
}

fn table(columns: &[Column], rows: &[(bool, &Candidate)], language: u8) -> Vec<u8> {
    let layout: Vec<(&str, u8)> = columns
        .iter()
        .map(|(name, width, _)| (*name, *width))
        .collect();
    let cells = rows.iter().map(|(deleted, row)| {
        (
            *deleted,
            columns.iter().map(|(_, _, cell)| cell(row)).collect(),
        )
    });
    dbf(&layout, cells.collect(), language)
}

fn dictionaries(language: u8, broad: bool) -> Vec<(&'static str, Vec<u8>)> {
    let pairs = |key: &'static str, text: &'static str, rows: Vec<(&str, &str)>| {
        let cells = rows
            .into_iter()
            .map(|(code, name)| (false, vec![encode(code), encode(name)]))
            .collect();
        dbf(&[(key, 2), (text, 40)], cells, language)
    };
    let ethnic = EthnicGroup::all()
        .iter()
        .map(|group| (group.code, group.name))
        .collect();
    let political = PoliticalStatus::all()
        .iter()
        .map(|status| (status.code, status.name))
        .collect();
    let group = broad.then_some(&BROAD);
    let majors = MAJORS
        .iter()
        .chain(group)
        .map(|(offer, code, name)| (false, vec![encode(offer), encode(code), encode(name)]));
    vec![
        ("TD_MZDM", pairs("MZDM", "MZMC", ethnic)),
        ("TD_ZZMMDM", pairs("ZZMMDM", "ZZMMMC", political)),
        (
            "TD_TDYYDM",
            pairs("TDYYDM", "TDYYMC", vec![("05", "考生申请退档")]),
        ),
        (
            "TD_ZYDH",
            dbf(
                &[("ZYDH", 4), ("ZYDM", 10), ("ZYMC", 50)],
                majors.collect(),
                language,
            ),
        ),
    ]
}

/// A table as careless exporters write it: deleted records and undecodable bytes included, which [`crate::dbf::write`]
/// refuses. Cells are cut at their width.
fn dbf(columns: &[(&str, u8)], rows: Vec<(bool, Vec<Vec<u8>>)>, language: u8) -> Vec<u8> {
    let record = 1 + columns
        .iter()
        .map(|(_, width)| usize::from(*width))
        .sum::<usize>();
    let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
    let mut out = vec![0x03, 126, 8, 1];
    out.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(small(32 + 32 * columns.len() + 1));
    out.extend(small(record));
    out.extend([0; 17]);
    out.push(language);
    out.extend([0; 2]);
    for (name, width) in columns {
        let mut descriptor = [0_u8; 32];
        for (slot, byte) in descriptor.iter_mut().zip(name.bytes()) {
            *slot = byte;
        }
        descriptor[11] = b'C';
        descriptor[16] = *width;
        out.extend(descriptor);
    }
    out.push(0x0D);
    for (deleted, cells) in rows {
        out.push(if deleted { b'*' } else { b' ' });
        for (cell, (_, width)) in cells.iter().zip(columns) {
            let padded = cell.iter().copied().chain(std::iter::repeat(b' '));
            out.extend(padded.take(usize::from(*width)));
        }
    }
    out.push(0x1A);
    out
}
