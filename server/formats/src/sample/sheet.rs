//! A worksheet or a csv file of candidates, with the headings that offices use.

use super::defect::{self, Medium};
use super::person::{Address, Candidate, Maker};
use super::rng::Rng;
use super::{FindingKind, PackageSpec};
use std::collections::BTreeMap;

/// A table and what its check must say.
#[derive(Clone, Debug)]
pub struct SampleSheet {
    /// As xlsx; number cells where the number was lost.
    pub xlsx: Vec<u8>,
    /// As csv, UTF-8: text has no number cells, so it is the same without that defect.
    pub csv: Vec<u8>,
    /// Number of findings per kind, with `rows`, `deleted` and `withdrawn`.
    pub counts: BTreeMap<String, u64>,
    /// 考生号 and kind of every finding of the worksheet, sorted.
    pub defects: Vec<(String, FindingKind)>,
}

type Cell = fn(&Candidate) -> String;

const COLUMNS: [(&str, Cell); 18] = [
    ("考生号", |c| c.ksh.clone()),
    ("准考证号", |c| c.permit.clone()),
    ("姓名", |c| c.name.clone()),
    ("性别", |c| c.sex.to_owned()),
    ("出生日期", |c| c.birth.clone()),
    ("民族", |c| c.ethnic.clone()),
    ("政治面貌", |c| c.political.clone()),
    ("证件类型", |c| c.id_type.clone()),
    (NUMBER, |c| c.id_number.clone()),
    ("录取专业代号", |c| c.major.clone()),
    ("批次", |_| "本科批".to_owned()),
    ("成绩", |c| c.score.clone()),
    ("通讯地址", |c| match &c.address {
        Address::Text(text) => text.clone(),
        Address::Garbled => String::new(),
    }),
    ("联系手机", |c| c.mobile.clone()),
    ("退档原因", |c| c.withdrawal.to_owned()),
    // As the layout of special admissions has them.
    ("层次", |_| "本科".to_owned()),
    ("学习形式", |_| "普通全日制".to_owned()),
    ("学制", |_| "4".to_owned()),
];
const NUMBER: &str = "身份证号";

impl PackageSpec {
    /// The first province as one table of rows, with the defects that a table can have.
    pub fn sheet(&self) -> SampleSheet {
        let mut rng = Rng::new(self.seed ^ u64::from(self.year));
        let mut people = Maker::new(self.year, std::collections::BTreeSet::new());
        let mut expected = defect::Expected::default();
        let mut rows = Vec::new();
        if let Some(province) = self.provinces.first() {
            let sheet = Medium::Sheet;
            rows = defect::folder(province, sheet, &mut people, &mut rng, &mut expected).rows;
        }
        expected.rows(rows.len() as u64);
        let candidates: Vec<Candidate> = rows.into_iter().map(|row| row.candidate).collect();
        let (counts, defects) = expected.finish();
        SampleSheet {
            xlsx: xlsx(&candidates),
            csv: csv(&candidates),
            counts,
            defects,
        }
    }
}

/// An empty file is what a workbook that cannot be written leaves; no sample comes near the limits of the format.
fn xlsx(candidates: &[Candidate]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let mut written = Ok(());
    for (column, (heading, cell)) in (0_u16..).zip(COLUMNS) {
        written = written.and(sheet.write_string(0, column, heading).map(|_| ()));
        for (row, candidate) in (1_u32..).zip(candidates) {
            let text = cell(candidate);
            let lost = candidate.number_is_lost && heading == NUMBER;
            let number = text.parse::<f64>().ok().filter(|_| lost);
            let done = match number {
                Some(number) => sheet.write_number(row, column, number),
                None => sheet.write_string(row, column, text),
            };
            written = written.and(done.map(|_| ()));
        }
    }
    match written {
        Ok(()) => book.save_to_buffer().unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

fn csv(candidates: &[Candidate]) -> Vec<u8> {
    let mut text = COLUMNS.map(|(heading, _)| heading).join(",");
    for candidate in candidates {
        let cells = COLUMNS.map(|(_, cell)| cell(candidate));
        text.push_str("\r\n");
        text.push_str(&cells.join(","));
    }
    text.into_bytes()
}
