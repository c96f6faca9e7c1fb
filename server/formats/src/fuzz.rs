//! Entry points for fuzzing: any bytes, no panic, bounded memory.

use crate::child::lines;
use crate::dbf::{DbfLimits, DbfReader};
use crate::package::{PackageLimits, read_files, read_zip};
use crate::photos::{PhotoArchive, PhotoLimits, PhotoRules, inspect, shown};
use crate::table::{self, TableLimits};
use chrono::NaiveDate;
use domain::admission::check::{CheckContext, check};
use domain::admission::path::AdmissionPath;
use std::io::Cursor;

/// A DBF table, every record decoded.
pub fn dbf(data: &[u8]) {
    if let Ok(reader) = DbfReader::parse(data, &DbfLimits::default()) {
        let cells: usize = reader.records().map(|record| record.values.len()).sum();
        debug_assert!(cells <= data.len());
    }
}

/// An admission package as a zip file.
pub fn package_zip(data: &[u8]) {
    let _ = read_zip(Cursor::new(data), "fuzz", &PackageLimits::default());
}

/// A table of admission data, read and checked.
pub fn admission(data: &[u8]) {
    let files = vec![("a/T_TDD.DBF".to_owned(), data.to_vec())];
    let context = CheckContext {
        year: 2026,
        school_codes: Vec::new(),
        today: NaiveDate::default(),
        path: AdmissionPath::Ordinary,
    };
    if let Ok(package) = read_files(files, "fuzz", &PackageLimits::default()) {
        let report = check(&package, &context);
        debug_assert!(report.candidates.len() <= data.len());
    }
}

/// A worksheet or csv file.
pub fn table(data: &[u8]) {
    let _ = table::read(data, &TableLimits::default());
}

/// A photo, and the same bytes as a zip file of photos.
pub fn photos(data: &[u8]) {
    let _ = inspect(data, &PhotoRules::default());
    if let Ok(mut archive) = PhotoArchive::open(Cursor::new(data), &PhotoLimits::default()) {
        archive.photos().for_each(drop);
    }
}

/// A photo as a page shows it: every pixel decoded.
pub fn shown_photo(data: &[u8]) {
    let _ = shown(data, "fuzz 2026-10-16 09:30");
}

/// The answer of a child that was taken over.
pub fn answer(data: &[u8]) {
    lines(data).for_each(drop);
}
