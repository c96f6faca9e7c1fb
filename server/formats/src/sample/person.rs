//! Candidates without defects.

use super::names;
use super::rng::Rng;
use chrono::{Days, NaiveDate};
use domain::codes::{Division, Sex};
use domain::person::id_number::check_digit;
use std::collections::BTreeSet;

/// The cells of one candidate as a province would write them.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) ksh: String,
    pub(super) permit: String,
    pub(super) name: String,
    pub(super) sex: &'static str,
    pub(super) birth: String,
    pub(super) political: String,
    pub(super) ethnic: String,
    pub(super) id_type: String,
    pub(super) id_number: String,
    pub(super) area: String,
    pub(super) address: Address,
    pub(super) mobile: String,
    pub(super) school: String,
    pub(super) major: String,
    pub(super) score: String,
    pub(super) withdrawal: &'static str,
    /// 院校代码; written only where the shape has the column.
    pub(super) university: String,
    /// The name ends in the middle of a character.
    pub(super) name_is_cut: bool,
    /// The kind of plan is bytes that are no text.
    pub(super) plan_is_garbled: bool,
    /// The document number became a number cell in a worksheet.
    pub(super) number_is_lost: bool,
}

/// An address, or bytes that are none.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Text(String),
    Garbled,
}

/// Makes candidates with names, numbers and documents that never repeat.
pub(super) struct Maker {
    year: u16,
    names: BTreeSet<String>,
    documents: BTreeSet<String>,
    serial: u32,
}

/// Years of birth before the admission year.
const OLDEST: i32 = 19;
/// Days of birth drawn from.
const COHORT_DAYS: u32 = 730;
/// Serial numbers per area and day that are set apart for samples.
const RESERVED: u32 = 10;
const TRIES: u32 = 64;

impl Maker {
    /// Candidates of a year; nobody gets a document that was given before.
    pub(super) fn new(year: u16, documents: BTreeSet<String>) -> Self {
        Self {
            year,
            names: BTreeSet::new(),
            documents,
            serial: 0,
        }
    }

    /// Every document that was given.
    pub(super) fn into_documents(self) -> BTreeSet<String> {
        self.documents
    }

    pub(super) fn year(&self) -> u16 {
        self.year
    }

    /// A candidate number that was not given before.
    pub(super) fn ksh(&mut self, rng: &mut Rng, province: &str) -> String {
        let serial = self.serial;
        self.serial += 1;
        let year = self.year % 100;
        // The serial part never repeats within a package, whatever the province's own digits are.
        format!(
            "{year:02}{province}{:04}{:02}{:04}",
            rng.below(10_000),
            15 + serial / 10_000,
            serial % 10_000
        )
    }

    /// A county of the province, for ID numbers.
    pub(super) fn areas(province: &str) -> Vec<&'static str> {
        Division::current_codes()
            .filter(|code| code.starts_with(province) && !code.ends_with("00"))
            .collect()
    }

    pub(super) fn candidate(
        &mut self,
        rng: &mut Rng,
        province: &str,
        areas: &[&str],
        rare: bool,
    ) -> Candidate {
        let sex = if rng.chance(500) {
            Sex::Male
        } else {
            Sex::Female
        };
        let ethnic = if rng.chance(90) {
            rng.pick(&names::MINORITIES).copied().unwrap_or("01")
        } else {
            "01"
        };
        let area = rng.pick(areas).copied().unwrap_or("310115").to_owned();
        let (birth, id_number) = self.document(rng, &area, sex);
        Candidate {
            ksh: self.ksh(rng, province),
            permit: format!("{}", 100_000_000 + rng.below(900_000_000)),
            name: self.name(rng, ethnic, rare),
            sex: sex.code(),
            birth: birth.format("%Y%m%d").to_string(),
            political: if rng.chance(60) {
                "01"
            } else if rng.chance(150) {
                "13"
            } else {
                "03"
            }
            .to_owned(),
            ethnic: ethnic.to_owned(),
            id_type: "1".to_owned(),
            id_number,
            area,
            address: Address::Text(format!("示例路{}号", 1 + rng.below(999))),
            mobile: format!("138{:08}", rng.below(100_000_000)),
            school: format!("示例第{}中学", 1 + rng.below(99)),
            major: super::tables::major_code(rng),
            score: (460 + rng.below(200)).to_string(),
            withdrawal: "",
            university: String::new(),
            name_is_cut: false,
            plan_is_garbled: false,
            number_is_lost: false,
        }
    }

    /// Birth date and ID number.
    pub(super) fn document(&mut self, rng: &mut Rng, area: &str, sex: Sex) -> (NaiveDate, String) {
        let mut drawn = (NaiveDate::default(), String::new());
        for _ in 0..TRIES {
            let birth = self.birth(rng);
            let serial = 2 * rng.below(RESERVED / 2) + u32::from(sex == Sex::Male);
            drawn = (
                birth,
                number(area, &birth.format("%Y%m%d").to_string(), serial),
            );
            if self.documents.insert(drawn.1.clone()) {
                break;
            }
        }
        drawn
    }

    /// A number of a given birth date, real or not, that nobody has yet: the serial as it is or another of the same sex
    /// in the first of the areas, then in the next.
    pub(super) fn document_of(
        &mut self,
        areas: impl Iterator<Item = String>,
        birth: &str,
        serial: u32,
    ) -> String {
        let mut drawn = String::new();
        for area in areas {
            for step in 0..RESERVED / 2 {
                drawn = number(&area, birth, (serial + 2 * step) % RESERVED);
                if self.documents.insert(drawn.clone()) {
                    return drawn;
                }
            }
        }
        drawn
    }

    fn birth(&self, rng: &mut Rng) -> NaiveDate {
        let first =
            NaiveDate::from_ymd_opt(i32::from(self.year) - OLDEST, 9, 1).unwrap_or_default();
        first
            .checked_add_days(Days::new(u64::from(rng.below(COHORT_DAYS))))
            .unwrap_or(first)
    }

    fn name(&mut self, rng: &mut Rng, ethnic: &str, rare: bool) -> String {
        let mut name = String::new();
        for _ in 0..TRIES {
            let dotted = matches!(ethnic, "05" | "17");
            name = if dotted {
                names::dotted(rng, '·')
            } else {
                names::han(rng, rare)
            };
            if self.names.insert(name.clone()) {
                return name;
            }
        }
        name
    }
}

/// A number with the right check character; `birth` need not be a real date.
fn number(area: &str, birth: &str, serial: u32) -> String {
    let body = format!("{area}{birth}{serial:03}");
    let check = check_digit(&body);
    body.chars().chain(check).collect()
}
