//! The code tables of a folder, the plan, and what an export has beside them.

use super::careless::{ColumnSpec, Record, write};
use super::shape::{Beside, Folders, MajorTable, Shape};
use super::tables::encode;
use domain::codes::{EthnicGroup, PoliticalStatus};

/// A major on offer: 专业代号, national code, name.
pub(super) type Offer = (&'static str, &'static str, &'static str);

/// Majors on offer, catalogue 2026.
pub(super) const MAJORS: [Offer; 16] = [
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
pub(super) const BROAD: Offer = ("17", "0906", "水产类");

/// Codes that fit no field of six or eight characters, and one that was renumbered in 2026.
pub(super) const LONG_MAJORS: [Offer; 4] = [
    ("21", "0502104TK", "区域国别学"),
    ("22", "0502100T", "语言学"),
    ("23", "140001TK", "未来机器人"),
    ("24", "083201TK", "未来机器人"),
];

/// Whether not every folder offers a major.
pub(super) fn is_rare_major(offer: &str) -> bool {
    LONG_MAJORS
        .iter()
        .chain([&BROAD])
        .any(|(code, _, _)| *code == offer)
}

/// 层次 and 学制 of a major on offer, as an export has them: code and text of `TD_CCDM` and `TD_XZDM`.
const LEVEL: (&str, &str) = ("1", "本科");
const LENGTH: (&str, &str) = ("4", "四年");

/// Code tables that an export has beside those that every folder has: name, one code, its text.
const FURTHER: [(&str, &str, &str); 18] = [
    ("TD_PCDM", "1", "本科批"),
    ("TD_KLDM", "1", "综合改革"),
    ("TD_KSLBDM", "1", "城镇应届"),
    ("TD_LQFSDM", "1", "统招"),
    ("TD_ZJLXDM", "1", "居民身份证"),
    ("TD_CJXDM", "01", "语文"),
    ("TD_XBDM", "1", "男"),
    ("TD_BYLBDM", "1", "普通高中毕业"),
    ("TD_CZLBDM", "0", "非残障"),
    ("TD_HJLBDM", "1", "城镇"),
    ("TD_JHLBDM", "1", "非定向"),
    ("TD_KMDM", "01", "语文"),
    ("TD_TDLXDM", "1", "正常投档"),
    ("TD_TJJLDM", "1", "合格"),
    ("TD_WYYZDM", "1", "英语"),
    ("TD_ZKLXDM", "1", "普通高考"),
    ("TD_CCDM", LEVEL.0, LEVEL.1),
    ("TD_XZDM", LENGTH.0, LENGTH.1),
];

/// Tables that an export has and nothing here reads.
const UNUSED: [&str; 4] = ["T_ZYKMX", "T_TDDW", "T_KSJL", "T_TJXX"];

/// Names of the tables that several provinces share when they lie in one folder.
pub(super) fn is_shared(table: &str) -> bool {
    table.starts_with("TD_") || table == "T_JHK"
}

/// Whether the shape leaves a table out.
pub(super) fn is_absent(shape: &Shape, table: &str) -> bool {
    shape.folders != Folders::Shared && shape.absent.contains(table)
}

fn pairs(table: &'static str, rows: &[(&str, &str)], shape: &Shape) -> Vec<u8> {
    let key = table.trim_start_matches("TD_");
    let text = match key {
        "MZDM" => "MZMC",
        "ZZMMDM" => "ZZMMMC",
        "TDYYDM" => "TDYYMC",
        "ZJLXDM" => "ZJLXMC",
        "CCDM" => "CCMC",
        "XZDM" => "XZMC",
        _ => "MC",
    };
    let cells = rows
        .iter()
        .map(|(code, name)| (false, vec![encode(code), encode(name)]))
        .collect();
    let columns = [ColumnSpec::text(key, 2), ColumnSpec::text(text, 40)];
    write(&columns, cells, shape)
}

/// Every table of the folder that holds no persons.
pub(super) fn tables(shape: &Shape) -> Vec<(&'static str, Vec<u8>)> {
    let ethnic: Vec<_> = EthnicGroup::all()
        .iter()
        .map(|group| (group.code, group.name))
        .collect();
    let political: Vec<_> = PoliticalStatus::all()
        .iter()
        .map(|status| (status.code, status.name))
        .collect();
    let withdrawal = [("05", "考生申请退档")];
    let mut tables = vec![
        ("TD_MZDM", pairs("TD_MZDM", &ethnic, shape)),
        ("TD_ZZMMDM", pairs("TD_ZZMMDM", &political, shape)),
        ("TD_TDYYDM", pairs("TD_TDYYDM", &withdrawal, shape)),
        majors(shape),
    ];
    if shape.beside == Beside::Everything {
        for (table, code, text) in FURTHER {
            tables.push((table, pairs(table, &[(code, text)], shape)));
        }
        for table in UNUSED {
            let columns = [ColumnSpec::text("KSH", 14), ColumnSpec::text("XH", 4)];
            tables.push((table, write(&columns, Vec::new(), shape)));
        }
    }
    tables.retain(|(table, _)| !is_absent(shape, table));
    tables
}

fn majors(shape: &Shape) -> (&'static str, Vec<u8>) {
    let mut columns = vec![
        ColumnSpec::text("ZYDH", 4),
        ColumnSpec::text("ZYDM", 10),
        ColumnSpec::text("ZYMC", 50),
    ];
    // Level and length stand with the majors of an export alone, by the codes of its own tables.
    let coded = shape.beside == Beside::Everything;
    if coded {
        columns.extend([ColumnSpec::text("CCDM", 1), ColumnSpec::text("XZDM", 2)]);
    }
    let offer = |(offer, code, name): &Offer| -> Record {
        let levels = coded.then_some([LEVEL.0, LENGTH.0]).into_iter().flatten();
        let cells = [*offer, *code, *name].into_iter().chain(levels);
        (false, cells.map(encode).collect())
    };
    // A table that several provinces share has every major that one of them may name.
    let shared = shape.folders == Folders::Shared;
    let usual = || {
        MAJORS
            .iter()
            .chain((shape.broad.is_some() || shared).then_some(&BROAD))
    };
    match shape.majors {
        MajorTable::Dictionary if !shared => (
            "TD_ZYDH",
            write(&columns, usual().map(offer).collect(), shape),
        ),
        MajorTable::Dictionary | MajorTable::LongCodes => {
            let all = usual().chain(&LONG_MAJORS);
            ("TD_ZYDH", write(&columns, all.map(offer).collect(), shape))
        }
        MajorTable::Plan => {
            let columns = [
                ColumnSpec::text("PCDM", 2),
                ColumnSpec::text("KLDM", 2),
                ColumnSpec::text("ZYDH", 4),
                ColumnSpec::text("ZYDM", 10),
                ColumnSpec::text("ZYMC", 50),
            ];
            let line = |(offer, code, name): &Offer| -> Record {
                let cells = ["1", "1", *offer, *code, *name];
                (false, cells.into_iter().map(encode).collect())
            };
            ("T_JHK", write(&columns, usual().map(line).collect(), shape))
        }
    }
}
