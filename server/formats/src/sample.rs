//! Synthetic admission packages: no real person, the same bytes for the same specification, defects with known counts.
//!
//! ID numbers use the serial block 000–009, which makes them recognisable. Candidates are 17 to 19 years old on
//! 1 September of the admission year.

mod careless;
mod defect;
mod dictionaries;
mod names;
mod person;
mod photo;
mod rng;
mod shape;
mod sheet;
mod tables;

pub use defect::Defect;
pub use photo::photo;
pub use shape::{
    Beside, ColumnNames, ColumnOrder, ColumnTypes, EndMark, Folders, MajorTable, NameCase, Shape,
};
pub use sheet::SampleSheet;

use defect::Medium;
use domain::admission::finding::FindingKind;
use rng::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use tables::FolderRows;

/// What to make.
#[derive(Clone, Debug)]
pub struct PackageSpec {
    /// Same seed, same bytes.
    pub seed: u64,
    /// Admission year, four digits, 2000–2099.
    pub year: u16,
    /// One folder each.
    pub provinces: Vec<ProvinceSpec>,
}

/// One province of a package.
#[derive(Clone, Debug)]
pub struct ProvinceSpec {
    /// Two digits of GB/T 2260.
    pub code: String,
    /// Candidates; raised to what the defects need.
    pub rows: u32,
    /// How the folder looks.
    pub shape: Shape,
    /// How many of each defect.
    pub defects: BTreeMap<Defect, u32>,
}

/// ID numbers that were given to somebody.
#[derive(Clone, Default)]
pub struct Documents(BTreeSet<String>);

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Documents({})", self.0.len())
    }
}

/// A package and what its check must say.
#[derive(Clone, Debug)]
pub struct SamplePackage {
    /// Path and bytes of every file.
    pub files: Vec<(String, Vec<u8>)>,
    /// Number of findings per kind, with `rows`, `deleted` and `withdrawn`.
    pub counts: BTreeMap<String, u64>,
    /// 考生号 and kind of every finding, sorted.
    pub defects: Vec<(String, FindingKind)>,
}

/// How names in a zip file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZipNames {
    /// As Windows packers in China do, without saying so.
    Gbk,
    /// With the UTF-8 flag.
    Utf8,
}

impl PackageSpec {
    /// A package for a demonstration: `students` candidates from every province by rough weight, every shape of folder,
    /// some of every defect in the larger ones.
    pub fn demonstration(seed: u64, year: u16, students: u32) -> Self {
        const WEIGHTS: [(&str, u32); 12] = [
            ("31", 28),
            ("32", 9),
            ("33", 8),
            ("34", 9),
            ("35", 5),
            ("36", 6),
            ("37", 7),
            ("41", 10),
            ("43", 6),
            ("51", 5),
            ("62", 4),
            ("65", 3),
        ];
        let province = |(at, (code, weight)): (usize, (&str, u32))| ProvinceSpec {
            code: code.to_owned(),
            rows: students * weight / 100,
            shape: Shape {
                with_bmk: at % 4 != 3,
                case: if at % 3 == 1 {
                    NameCase::Lower
                } else {
                    NameCase::Upper
                },
                language: [0x4D, 0x00, 0x03].get(at % 3).copied().unwrap_or_default(),
                ..Shape::default()
            },
            defects: if students * weight / 100 >= 200 {
                defect::some_of_each(at % 4 != 3)
            } else {
                BTreeMap::new()
            },
        };
        Self {
            seed,
            year,
            provinces: WEIGHTS.into_iter().enumerate().map(province).collect(),
        }
    }

    /// Makes the package.
    pub fn generate(&self) -> SamplePackage {
        self.generate_beside(&mut Documents::default())
    }

    /// Makes the package beside others: no document of theirs is given to anybody again.
    pub fn generate_beside(&self, given: &mut Documents) -> SamplePackage {
        let mut rng = Rng::new(self.seed ^ u64::from(self.year));
        let mut people = person::Maker::new(self.year, std::mem::take(&mut given.0));
        let mut folders: Vec<FolderRows> = Vec::new();
        let mut expected = defect::Expected::default();
        for province in &self.provinces {
            let mut folder = defect::folder(
                province,
                Medium::Tables,
                &mut people,
                &mut rng,
                &mut expected,
            );
            if let Some(share) = province.shape.broad {
                tables::broaden(&mut folder, share);
            }
            folders.push(folder);
        }
        defect::place_in_two_provinces(&self.provinces, &mut folders, &mut expected);
        let mut files = Vec::new();
        let mut earlier: BTreeMap<&str, usize> = BTreeMap::new();
        for (province, folder) in self.provinces.iter().zip(&folders) {
            expected.rows(folder.person_rows());
            let number = earlier.entry(&province.code).or_default();
            files.extend(tables::files(province, folder, self.year, *number));
            *number += 1;
        }
        // Code tables that several provinces share are written once.
        let mut paths = BTreeSet::new();
        files.retain(|(path, _)| paths.insert(path.to_lowercase()));
        let (counts, defects) = expected.finish();
        given.0 = people.into_documents();
        SamplePackage {
            files,
            counts,
            defects,
        }
    }
}

impl SamplePackage {
    /// The package as a zip file, byte for byte the same each time.
    pub fn zip(&self, names: ZipNames) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (path, bytes) in &self.files {
            let name = match names {
                ZipNames::Utf8 => path.clone().into_bytes(),
                ZipNames::Gbk => encoding_rs::GBK.encode(path).0.into_owned(),
            };
            let options = zip::write::SimpleFileOptions::default().name(&name);
            // Writing into memory fails only beyond the limits of the format, which no sample reaches.
            let written =
                writer.start_file_with_options(options).is_ok() && writer.write_all(bytes).is_ok();
            debug_assert!(written, "a sample fits into a zip file");
        }
        writer
            .finish()
            .map(std::io::Cursor::into_inner)
            .unwrap_or_default()
    }
}
