//! Rule V9: the source stays as it was sent, with the rows that became nobody, and lies sealed.

use crate::admission::ground::{Ground, package};
use domain::admission::finding::FindingKind;
use domain::admission::source::SourceRow;
use formats::package::{PackageLimits, read_zip};
use formats::sample::{Defect, ZipNames};
use std::collections::BTreeSet;
use std::io::Cursor;
use store::keys::Purpose;
use store::seal::{Place, Sealed, open};
use store::testkit::on_both;
use uuid::Uuid;

/// Defects whose rows become no candidate.
const NOBODY: [Defect; 4] = [
    Defect::Deleted,
    Defect::Withdrawn,
    Defect::OrphanTdd,
    Defect::OrphanBmk,
];

/// Length of what must not be found in a sealed file.
const PIECE: usize = 16;

fn shares_a_piece(one: &[u8], other: &[u8]) -> bool {
    let pieces: BTreeSet<&[u8]> = one.windows(PIECE).collect();
    other.windows(PIECE).any(|piece| pieces.contains(piece))
}

/// The kept file of an import: as it lies there, and opened.
async fn kept(ground: &Ground, import: Uuid) -> (Vec<u8>, Vec<u8>) {
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let import = unit.import(import).await.unwrap();
    let file = unit.stored_file(import.file_id).await.unwrap();
    let at_rest = ground.bed.store().files().get(&file.object_key).await;
    let at_rest = at_rest.unwrap();
    let sealed = Sealed::stored(at_rest.clone());
    let opened_at = |id: Uuid| {
        let place = Place::new("stored_file", "object", id);
        open(unit.keys(), Purpose::Source, &place, &sealed)
    };
    assert!(opened_at(ground.bed.store().id()).is_err());
    let opened = opened_at(file.id).unwrap();
    (at_rest, opened.to_vec())
}

#[tokio::test]
async fn rows_that_become_nobody_stay_in_the_sealed_source() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let defects = NOBODY.map(|defect| (defect, 2));
        let sample = package(71, 20, &defects);
        let sent = sample.zip(ZipNames::Gbk);
        let import = ground.confirmed(&sample).await;
        let (at_rest, opened) = kept(&ground, import).await;
        assert_eq!(opened, sent, "byte for byte");
        assert!(!shares_a_piece(&sent, &at_rest));
        let limits = PackageLimits::default();
        let source = read_zip(Cursor::new(opened), "录取数据", &limits).unwrap();
        let tables = source
            .folders
            .iter()
            .flat_map(|f| f.bmk.iter().chain(&f.tdd));
        let rows: Vec<(String, &SourceRow)> = tables
            .flat_map(|table| {
                let at = table.fields.iter().position(|f| f.name == "KSH").unwrap();
                let number = move |row: &SourceRow| row.value(at).trim().to_owned();
                table.rows.iter().map(move |row| (number(row), row))
            })
            .collect();
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        for kind in NOBODY.map(Defect::kind) {
            let told = sample.defects.iter().filter(|(_, k)| *k == kind);
            let numbers: Vec<&String> = told.map(|(ksh, _)| ksh).collect();
            assert_eq!(numbers.len(), 2, "{kind:?}");
            for ksh in numbers {
                let deleted = kind == FindingKind::Deleted;
                let is_kept = rows
                    .iter()
                    .any(|(n, row)| n == ksh && row.deleted == deleted);
                assert!(is_kept, "{kind:?} {ksh}");
                let student = unit.student_by_number(ksh).await.unwrap();
                assert!(student.is_none(), "{kind:?} {ksh} is nobody");
            }
        }
    })
    .await;
}
