//! Defects that are planted on purpose, and what a check must say about each.

use super::dictionaries::{is_absent, is_rare_major};
use super::person::{Address, Candidate, Maker};
use super::rng::Rng;
use super::shape::{Beside, ColumnNames, Shape};
use super::tables::{FolderRow, FolderRows, spread_long_majors};
use super::{ProvinceSpec, names};
use chrono::{Datelike as _, NaiveDate};
use domain::admission::finding::FindingKind as Kind;
use domain::codes::{Division, Sex};
use std::collections::BTreeMap;

/// What can be planted. Each spoils one candidate of its own, [`Defect::DuplicateId`] two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// A record flagged `*`, beside the live ones.
    Deleted,
    /// 退档.
    Withdrawn,
    /// Withdrawn from one offer, admitted by another.
    WithdrawnBeside,
    /// Last character of the ID number.
    BadChecksum,
    /// 29 February of a year without one, check character right.
    BadDate,
    /// 性别 turned round.
    SexMismatch,
    /// 出生日期 a day off.
    BirthMismatch,
    /// `??` in the name.
    MissingGlyph,
    /// `&#183118;` in the name.
    EntityInName,
    /// The name ends in the middle of a character.
    HalfCharacter,
    /// One of the eight look-alike dots in the name; GBK has two of them.
    DotVariant,
    /// Two candidates, one number.
    DuplicateId,
    /// A record written twice.
    DuplicateKsh,
    /// 民族 77.
    UnknownEthnic,
    /// Bytes that are no text.
    Undecodable,
    /// The same in a column that nothing is read from; nothing where the shape has no such column.
    UndecodableElsewhere,
    /// A private-use character in the name.
    PrivateUseGlyph,
    /// A digit in the name.
    BadNameCharacter,
    /// 47 bytes of name.
    NameTooLong,
    /// No name.
    MissingName,
    /// 性别 0.
    MissingSex,
    /// No ID number.
    MissingIdNumber,
    /// 17 characters.
    ShortIdNumber,
    /// A kind of document that nobody knows.
    BadIdType,
    /// An area code that never was.
    UnknownArea,
    /// Twelve years old.
    UnusualAge,
    /// 政治面貌 88, which the folder's table lacks.
    UnknownCode,
    /// 13 digits.
    ShortKsh,
    /// A number of five years before.
    WrongYear,
    /// Province 99.
    UnknownProvince,
    /// `T_TDD` without `T_BMK`; nothing where a folder has no `T_BMK`.
    OrphanTdd,
    /// The same without a number in `T_TDD`, so that nothing tells several of them apart.
    OrphanWithoutKsh,
    /// `T_BMK` without `T_TDD`; nothing where a folder has no `T_BMK`.
    OrphanBmk,
    /// The record stands in the next province too; nothing where there is none.
    TwoProvinces,
    /// 院校代码 of another university; nothing where the shape has no such column.
    ForeignSchool,
    /// An ID number that a worksheet keeps as a number; nothing in a folder of tables.
    NumericId,
}

impl Defect {
    /// Every defect.
    pub const ALL: [Self; 36] = [
        Self::Deleted,
        Self::Withdrawn,
        Self::WithdrawnBeside,
        Self::BadChecksum,
        Self::BadDate,
        Self::SexMismatch,
        Self::BirthMismatch,
        Self::MissingGlyph,
        Self::EntityInName,
        Self::HalfCharacter,
        Self::DotVariant,
        Self::DuplicateId,
        Self::DuplicateKsh,
        Self::UnknownEthnic,
        Self::Undecodable,
        Self::UndecodableElsewhere,
        Self::PrivateUseGlyph,
        Self::BadNameCharacter,
        Self::NameTooLong,
        Self::MissingName,
        Self::MissingSex,
        Self::MissingIdNumber,
        Self::ShortIdNumber,
        Self::BadIdType,
        Self::UnknownArea,
        Self::UnusualAge,
        Self::UnknownCode,
        Self::ShortKsh,
        Self::WrongYear,
        Self::UnknownProvince,
        Self::OrphanTdd,
        Self::OrphanWithoutKsh,
        Self::OrphanBmk,
        Self::TwoProvinces,
        Self::ForeignSchool,
        Self::NumericId,
    ];

    /// One of each of these is planted in a demonstration.
    pub const DEMONSTRATED: [Self; 29] = [
        Self::Deleted,
        Self::Withdrawn,
        Self::BadChecksum,
        Self::BadDate,
        Self::SexMismatch,
        Self::BirthMismatch,
        Self::MissingGlyph,
        Self::DotVariant,
        Self::DuplicateId,
        Self::DuplicateKsh,
        Self::UnknownEthnic,
        Self::Undecodable,
        Self::PrivateUseGlyph,
        Self::BadNameCharacter,
        Self::NameTooLong,
        Self::MissingName,
        Self::MissingSex,
        Self::MissingIdNumber,
        Self::ShortIdNumber,
        Self::BadIdType,
        Self::UnknownArea,
        Self::UnusualAge,
        Self::UnknownCode,
        Self::ShortKsh,
        Self::WrongYear,
        Self::UnknownProvince,
        Self::OrphanTdd,
        Self::OrphanBmk,
        Self::TwoProvinces,
    ];

    /// What a check says about it.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Deleted => Kind::Deleted,
            Self::Withdrawn | Self::WithdrawnBeside => Kind::Withdrawn,
            Self::BadChecksum => Kind::BadChecksum,
            Self::BadDate => Kind::BadDate,
            Self::SexMismatch => Kind::SexMismatch,
            Self::BirthMismatch => Kind::BirthMismatch,
            Self::MissingGlyph | Self::EntityInName => Kind::MissingGlyph,
            Self::DotVariant => Kind::DotVariant,
            Self::DuplicateId => Kind::DuplicateId,
            Self::DuplicateKsh => Kind::DuplicateKsh,
            Self::UnknownEthnic => Kind::UnknownEthnic,
            Self::Undecodable | Self::UndecodableElsewhere | Self::HalfCharacter => {
                Kind::Undecodable
            }
            Self::PrivateUseGlyph => Kind::PrivateUseGlyph,
            Self::BadNameCharacter => Kind::BadNameCharacter,
            Self::NameTooLong => Kind::NameTooLong,
            Self::MissingName => Kind::MissingName,
            Self::MissingSex => Kind::MissingSex,
            Self::MissingIdNumber => Kind::MissingField,
            Self::ShortIdNumber => Kind::BadIdNumber,
            Self::BadIdType => Kind::BadIdType,
            Self::UnknownArea => Kind::UnknownArea,
            Self::UnusualAge => Kind::UnusualAge,
            Self::UnknownCode => Kind::UnknownCode,
            Self::ShortKsh => Kind::BadKsh,
            Self::WrongYear => Kind::WrongYear,
            Self::UnknownProvince => Kind::UnknownProvince,
            Self::OrphanTdd | Self::OrphanWithoutKsh => Kind::OrphanTdd,
            Self::OrphanBmk => Kind::OrphanBmk,
            Self::TwoProvinces => Kind::ConflictingProvince,
            Self::ForeignSchool => Kind::WrongSchool,
            Self::NumericId => Kind::NumericIdCell,
        }
    }
}

/// Dots that stand for U+00B7 in real lists (formats.md §5); the first six are not in GBK.
const DOTS: [char; 8] = ['•', '‧', '・', '･', '∙', '⋅', '˙', '．'];

/// One of each that a plain folder knows, for a demonstration.
pub(super) fn some_of_each(with_bmk: bool) -> BTreeMap<Defect, u32> {
    let shape = Shape {
        with_bmk,
        ..Shape::default()
    };
    Defect::ALL
        .into_iter()
        .filter(|defect| *defect == Defect::TwoProvinces || defect.is_known_to(&shape))
        .map(|defect| (defect, 1))
        .collect()
}

/// What the check of a package must say.
#[derive(Default)]
pub(super) struct Expected {
    rows: u64,
    defects: Vec<(String, Kind)>,
}

impl Expected {
    pub(super) fn rows(&mut self, rows: u64) {
        self.rows += rows;
    }

    fn add(&mut self, ksh: &str, kind: Kind) {
        self.defects.push((ksh.to_owned(), kind));
    }

    pub(super) fn finish(mut self) -> (BTreeMap<String, u64>, Vec<(String, Kind)>) {
        self.defects.sort();
        let mut counts = BTreeMap::from([
            ("rows".to_owned(), self.rows),
            ("deleted".to_owned(), 0),
            ("withdrawn".to_owned(), 0),
        ]);
        for (_, kind) in &self.defects {
            *counts.entry(kind.key().to_owned()).or_default() += 1;
        }
        (counts, self.defects)
    }
}

/// What the candidates are written into.
#[derive(Clone, Copy)]
pub(super) enum Medium {
    /// A folder of DBF tables.
    Tables,
    /// One table of rows.
    Sheet,
}

/// Makes a folder: spoilt candidates at every few places among sound ones.
pub(super) fn folder(
    spec: &ProvinceSpec,
    medium: Medium,
    people: &mut Maker,
    rng: &mut Rng,
    expected: &mut Expected,
) -> FolderRows {
    let areas = Maker::areas(&spec.code);
    let mut folder = FolderRows {
        with_bmk: spec.shape.with_bmk,
        rows: Vec::new(),
    };
    let planted = plan(spec, medium);
    let each = spec
        .rows
        .checked_div(u32::try_from(planted.len()).unwrap_or(u32::MAX))
        .unwrap_or_default();
    for defect in &planted {
        for _ in 1..each {
            folder.rows.push(FolderRow::live(people.candidate(
                rng,
                &spec.code,
                &areas,
                spec.shape.rare_names,
            )));
        }
        let candidate = people.candidate(rng, &spec.code, &areas, spec.shape.rare_names);
        plant(
            *defect,
            candidate,
            &mut Place {
                spec,
                areas: &areas,
                people,
                rng,
                expected,
            },
            &mut folder,
        );
    }
    while folder.rows.len() < usize::try_from(spec.rows).unwrap_or(usize::MAX) {
        folder.rows.push(FolderRow::live(people.candidate(
            rng,
            &spec.code,
            &areas,
            spec.shape.rare_names,
        )));
    }
    let university = spec.shape.school.clone().unwrap_or_default();
    for row in &mut folder.rows {
        if row.candidate.university.is_empty() {
            row.candidate.university.clone_from(&university);
        }
    }
    spread_long_majors(&spec.shape, &mut folder);
    folder
}

/// The defects of a folder one after another, those left out that its shape does not know.
fn plan(spec: &ProvinceSpec, medium: Medium) -> Vec<Defect> {
    spec.defects
        .iter()
        .filter(|(defect, _)| match medium {
            Medium::Tables => defect.is_known_to(&spec.shape),
            Medium::Sheet => defect.fits_a_sheet(),
        })
        .flat_map(|(defect, count)| {
            std::iter::repeat_n(*defect, usize::try_from(*count).unwrap_or_default())
        })
        .collect()
}

impl Defect {
    /// Whether a table without code tables, deletion flags and a second table can have it.
    pub fn fits_a_sheet(self) -> bool {
        !matches!(
            self,
            Self::Deleted
                | Self::Undecodable
                | Self::UndecodableElsewhere
                | Self::HalfCharacter
                | Self::UnknownCode
                | Self::OrphanTdd
                | Self::OrphanWithoutKsh
                | Self::OrphanBmk
                | Self::TwoProvinces
                | Self::ForeignSchool
        )
    }

    /// Whether a folder of this shape can have it. [`Defect::TwoProvinces`] needs two folders, [`Defect::NumericId`] a
    /// worksheet.
    pub fn is_known_to(self, shape: &Shape) -> bool {
        match self {
            Self::OrphanTdd | Self::OrphanWithoutKsh | Self::OrphanBmk => shape.with_bmk,
            Self::UnknownCode => !is_absent(shape, "TD_ZZMMDM"),
            Self::BadIdType => shape.names == ColumnNames::Current,
            Self::ForeignSchool => shape.school.is_some(),
            Self::UndecodableElsewhere => shape.beside == Beside::Everything,
            Self::TwoProvinces | Self::NumericId => false,
            Self::Deleted
            | Self::Withdrawn
            | Self::WithdrawnBeside
            | Self::BadChecksum
            | Self::BadDate
            | Self::SexMismatch
            | Self::BirthMismatch
            | Self::MissingGlyph
            | Self::EntityInName
            | Self::HalfCharacter
            | Self::DotVariant
            | Self::DuplicateId
            | Self::DuplicateKsh
            | Self::UnknownEthnic
            | Self::Undecodable
            | Self::PrivateUseGlyph
            | Self::BadNameCharacter
            | Self::NameTooLong
            | Self::MissingName
            | Self::MissingSex
            | Self::MissingIdNumber
            | Self::ShortIdNumber
            | Self::UnknownArea
            | Self::UnusualAge
            | Self::ShortKsh
            | Self::WrongYear
            | Self::UnknownProvince => true,
        }
    }
}

struct Place<'a> {
    spec: &'a ProvinceSpec,
    areas: &'a [&'a str],
    people: &'a mut Maker,
    rng: &'a mut Rng,
    expected: &'a mut Expected,
}

fn plant(defect: Defect, mut candidate: Candidate, place: &mut Place<'_>, folder: &mut FolderRows) {
    spoil(defect, &mut candidate, place);
    place.expected.add(&candidate.ksh, defect.kind());
    let mut row = FolderRow::live(candidate);
    match defect {
        Defect::Deleted => row.deleted = true,
        Defect::OrphanTdd | Defect::OrphanWithoutKsh => row.in_persons = false,
        Defect::OrphanBmk => row.in_offers = false,
        Defect::WithdrawnBeside => {
            let mut stands = row.candidate.clone();
            stands.withdrawal = "";
            folder.rows.push(FolderRow {
                in_persons: false,
                ..FolderRow::live(stands)
            });
        }
        Defect::DuplicateKsh => folder.rows.push(FolderRow::live(row.candidate.clone())),
        Defect::DuplicateId => {
            let mut twin = place
                .people
                .candidate(place.rng, &place.spec.code, place.areas, false);
            twin.id_number.clone_from(&row.candidate.id_number);
            twin.birth.clone_from(&row.candidate.birth);
            twin.sex = row.candidate.sex;
            place.expected.add(&twin.ksh, defect.kind());
            folder.rows.push(FolderRow::live(twin));
        }
        _ => {}
    }
    folder.rows.push(row);
}

/// Changes the cells of one candidate.
fn spoil(defect: Defect, candidate: &mut Candidate, place: &mut Place<'_>) {
    let year = i32::from(place.people.year());
    let serial = candidate
        .id_number
        .get(14..17)
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let areas = place.areas.iter().map(|area| (*area).to_owned());
    let surname: String = candidate.name.chars().take(1).collect();
    match defect {
        Defect::Withdrawn | Defect::WithdrawnBeside => candidate.withdrawal = "05",
        Defect::BadChecksum => candidate.id_number = with_wrong_check(&candidate.id_number),
        Defect::BadDate => {
            let leapless = if NaiveDate::from_ymd_opt(year - 18, 2, 29).is_some() {
                year - 19
            } else {
                year - 18
            };
            candidate.id_number =
                place
                    .people
                    .document_of(areas, &format!("{leapless}0229"), serial);
        }
        Defect::SexMismatch => {
            candidate.sex = if candidate.sex == Sex::Male.code() {
                Sex::Female.code()
            } else {
                Sex::Male.code()
            };
        }
        Defect::BirthMismatch => candidate.birth = day_before(&candidate.birth),
        Defect::MissingGlyph => candidate.name = format!("{surname}??"),
        Defect::EntityInName => candidate.name = format!("{surname}&#183118;"),
        Defect::HalfCharacter => candidate.name_is_cut = true,
        Defect::DotVariant => {
            let at = usize::try_from(serial).unwrap_or_default() % DOTS.len();
            let dot = DOTS.get(at).copied().unwrap_or('．');
            candidate.name = format!("阿力木{dot}吐尔逊");
        }
        Defect::UnknownEthnic => "77".clone_into(&mut candidate.ethnic),
        Defect::Undecodable => candidate.address = Address::Garbled,
        Defect::UndecodableElsewhere => candidate.plan_is_garbled = true,
        Defect::PrivateUseGlyph => candidate.name = format!("{surname}\u{e000}"),
        Defect::BadNameCharacter => candidate.name = format!("{surname}1"),
        Defect::NameTooLong => {
            candidate.name = names::long(&mut Rng::new(u64::from(serial)));
            names::UYGHUR.clone_into(&mut candidate.ethnic);
        }
        Defect::MissingName => candidate.name.clear(),
        Defect::MissingSex => candidate.sex = Sex::Unknown.code(),
        Defect::MissingIdNumber => candidate.id_number.clear(),
        Defect::ShortIdNumber => {
            candidate.id_number.pop();
        }
        Defect::BadIdType => "Q".clone_into(&mut candidate.id_type),
        Defect::UnknownArea => {
            candidate.id_number = place.people.document_of(
                unlisted_areas(&place.spec.code),
                &candidate.birth,
                serial,
            );
        }
        Defect::UnusualAge => {
            candidate.birth = format!("{}0101", year - 13);
            candidate.id_number = place.people.document_of(areas, &candidate.birth, serial);
        }
        Defect::UnknownCode => "88".clone_into(&mut candidate.political),
        Defect::OrphanWithoutKsh => candidate.ksh.clear(),
        Defect::ShortKsh => {
            candidate.ksh.pop();
        }
        Defect::WrongYear => replace(
            &mut candidate.ksh,
            0,
            &format!("{:02}", (year - 5).rem_euclid(100)),
        ),
        Defect::UnknownProvince => replace(&mut candidate.ksh, 2, "99"),
        Defect::ForeignSchool => "10001".clone_into(&mut candidate.university),
        Defect::NumericId => {
            candidate.number_is_lost = true;
            // A number that ends in X stays text in every worksheet.
            while candidate.id_number.ends_with('X') {
                candidate.id_number =
                    place
                        .people
                        .document_of(areas.clone(), &candidate.birth, serial);
            }
        }
        Defect::Deleted
        | Defect::DuplicateId
        | Defect::DuplicateKsh
        | Defect::OrphanTdd
        | Defect::OrphanBmk
        | Defect::TwoProvinces => {}
    }
}

fn replace(text: &mut String, from: usize, part: &str) {
    if text.get(from..from + part.len()).is_some() {
        text.replace_range(from..from + part.len(), part);
    }
}

fn with_wrong_check(number: &str) -> String {
    let body = number.get(..17).unwrap_or_default();
    let wrong = if number.ends_with('7') { '3' } else { '7' };
    body.chars().chain([wrong]).collect()
}

fn day_before(birth: &str) -> String {
    let date = NaiveDate::parse_from_str(birth, "%Y%m%d").unwrap_or_default();
    let before = date.pred_opt().unwrap_or(date);
    format!(
        "{:04}{:02}{:02}",
        before.year(),
        before.month(),
        before.day()
    )
}

/// The codes of the province that no list knows, the highest first.
fn unlisted_areas(province: &str) -> impl Iterator<Item = String> {
    (0..10_000)
        .rev()
        .map(move |code| format!("{province}{code:04}"))
        .filter(|code| Division::history(code).is_empty())
}

/// Copies sound records into the next province's folder.
pub(super) fn place_in_two_provinces(
    specs: &[ProvinceSpec],
    folders: &mut [FolderRows],
    expected: &mut Expected,
) {
    for (at, spec) in specs.iter().enumerate() {
        let wanted = spec
            .defects
            .get(&Defect::TwoProvinces)
            .copied()
            .unwrap_or_default();
        let known: Vec<&str> = expected
            .defects
            .iter()
            .map(|(ksh, _)| ksh.as_str())
            .collect();
        // A long code may be one that the next province does not offer: that would be another finding.
        let sound = |row: &&FolderRow| {
            !known.contains(&row.candidate.ksh.as_str()) && !is_rare_major(&row.candidate.major)
        };
        let copies: Vec<Candidate> = folders
            .get(at)
            .into_iter()
            .flat_map(|folder| folder.rows.iter().filter(sound))
            .map(|row| row.candidate.clone())
            .take(usize::try_from(wanted).unwrap_or_default())
            .collect();
        let Some(next) = folders.get_mut(at + 1) else {
            continue;
        };
        for candidate in copies {
            expected.add(&candidate.ksh, Kind::ConflictingProvince);
            next.rows.push(FolderRow::live(candidate));
        }
    }
}
