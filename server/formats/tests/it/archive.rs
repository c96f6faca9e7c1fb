//! Zip files that no honest packer makes, and some that honest packers make in China.

use crate::zip_bytes::{RawEntry, entry, zip};
use formats::archive::{Archive, ArchiveError, ArchiveLimits};
use formats::message::UserMessage as _;
use std::io::Cursor;

const LIMITS: ArchiveLimits = ArchiveLimits {
    entries: 10,
    entry_bytes: 1000,
    total_bytes: 3000,
};

fn open(entries: &[RawEntry]) -> Result<Archive<Cursor<Vec<u8>>>, ArchiveError> {
    Archive::open(Cursor::new(zip(entries)), LIMITS)
}

fn refused(entries: &[RawEntry]) -> ArchiveError {
    let error = open(entries).unwrap_err();
    assert!(!error.zh().is_empty());
    error
}

fn refused_bytes(bytes: Vec<u8>) -> ArchiveError {
    Archive::open(Cursor::new(bytes), LIMITS).unwrap_err()
}

#[test]
fn plain_files_are_read() {
    let mut archive = open(&[entry(b"a/b.dbf", b"content"), entry(b"c/", b"")]).unwrap();
    let entries = archive.entries().to_vec();
    assert_eq!(entries.len(), 1);
    assert_eq!(archive.read(&entries[0]).unwrap(), b"content");
}

#[test]
fn names_in_gbk_and_utf8_are_understood() {
    let (gbk, _, _) = encoding_rs::GBK.encode("上海市 本科批/T_BMK.DBF");
    let unflagged = open(&[entry(&gbk, b"x")]).unwrap();
    assert_eq!(unflagged.entries()[0].path, "上海市 本科批/T_BMK.DBF");
    let utf8 = open(&[entry("上海市\\T_BMK.DBF".as_bytes(), b"x")]).unwrap();
    assert_eq!(utf8.entries()[0].path, "上海市/T_BMK.DBF");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in [
        "../x", "a/../x", "/etc/x", "C:/x", "C:\\x", "\\x", "a/./x", "a//x", "a\0b", "a\nb", "..",
        "a/..",
    ] {
        let error = refused(&[entry(b"ok", b"1"), entry(name.as_bytes(), b"x")]);
        assert_eq!(error, ArchiveError::BadName { index: 2 }, "{name:?}");
    }
    assert_eq!(
        refused(&[entry(&[0xFF, 0xFF], b"x")]),
        ArchiveError::BadName { index: 1 }
    );
    assert_eq!(
        refused(&[entry(&[b'a'; 2000], b"x")]),
        ArchiveError::BadName { index: 1 }
    );
}

#[test]
fn names_that_occur_twice_are_refused() {
    assert_eq!(
        refused(&[entry(b"a", b"1"), entry(b"a", b"2")]),
        ArchiveError::RepeatedName
    );
    assert_eq!(
        refused(&[entry(b"A.DBF", b"1"), entry(b"a.dbf", b"2")]),
        ArchiveError::RepeatedName
    );
}

#[test]
fn links_and_passwords_are_refused() {
    let link = RawEntry {
        mode: 0o120_777,
        ..entry(b"l", b"/etc/passwd")
    };
    assert_eq!(
        refused(&[link]),
        ArchiveError::Link {
            entry: "l".to_owned()
        }
    );
    let locked = RawEntry {
        flags: 1,
        ..entry(b"e", b"secret-secret-secret")
    };
    assert_eq!(
        refused(&[locked]),
        ArchiveError::Encrypted {
            entry: "e".to_owned()
        }
    );
}

#[test]
fn sizes_and_counts_are_limited_before_inflating() {
    let large = vec![b'x'; 1001];
    assert!(matches!(
        refused(&[entry(b"a", &large)]),
        ArchiveError::EntryTooLarge { limit: 1000, .. }
    ));
    let block = vec![b'x'; 900];
    let four: Vec<RawEntry> = (0..4)
        .map(|n| entry(format!("{n}").as_bytes(), &block))
        .collect();
    assert_eq!(refused(&four), ArchiveError::TooLarge { limit: 3000 });
    let many: Vec<RawEntry> = (0..11)
        .map(|n| entry(format!("{n}").as_bytes(), b""))
        .collect();
    assert_eq!(refused(&many), ArchiveError::TooManyEntries { limit: 10 });
    let very_many: Vec<RawEntry> = (0..5000)
        .map(|n| entry(format!("{n}").as_bytes(), b""))
        .collect();
    assert_eq!(
        refused(&very_many),
        ArchiveError::TooManyEntries { limit: 10 }
    );
}

#[test]
fn a_size_that_is_a_lie_is_found_while_reading() {
    for claimed in [3, 900] {
        let opened = open(&[RawEntry {
            claimed: Some(claimed),
            ..entry(b"a", b"content")
        }]);
        let Ok(mut archive) = opened else { continue };
        let entries = archive.entries().to_vec();
        assert_eq!(
            archive.read(&entries[0]),
            Err(ArchiveError::DamagedEntry {
                entry: "a".to_owned()
            })
        );
    }
}

#[test]
fn a_bomb_inflates_no_further_than_it_says() {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file("bomb", zip::write::SimpleFileOptions::default())
        .unwrap();
    writer.write_all(&vec![0; 20 << 20]).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 40_000);
    assert!(matches!(
        Archive::open(Cursor::new(bytes.clone()), LIMITS),
        Err(ArchiveError::EntryTooLarge { .. })
    ));
    // The directory now claims 500 bytes.
    let mut liar = bytes;
    let at = liar.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    liar[at + 24..at + 28].copy_from_slice(&500_u32.to_le_bytes());
    if let Ok(mut archive) = Archive::open(Cursor::new(liar), LIMITS) {
        let entries = archive.entries().to_vec();
        assert!(archive.read(&entries[0]).is_err());
    }
}

#[test]
fn overlapping_entries_are_refused() {
    let twin = RawEntry {
        overlaps: Some(0),
        ..entry(b"a", b"content")
    };
    let twin = RawEntry {
        name: b"b".to_vec(),
        ..twin
    };
    assert!(open(&[entry(b"a", b"content"), twin]).is_err());
}

#[test]
fn damage_is_found_by_the_checksum() {
    let mut bytes = zip(&[entry(b"a", b"content")]);
    let at = bytes.windows(7).position(|w| w == b"content").unwrap();
    bytes[at] = b'C';
    let mut archive = Archive::open(Cursor::new(bytes), LIMITS).unwrap();
    let entries = archive.entries().to_vec();
    assert_eq!(
        archive.read(&entries[0]),
        Err(ArchiveError::DamagedEntry {
            entry: "a".to_owned()
        })
    );
}

#[test]
fn archives_in_archives_are_refused() {
    let archive = open(&[entry(b"x/inner.ZIP", b"")]).unwrap();
    assert!(matches!(
        archive.refuse_nested(),
        Err(ArchiveError::Nested { .. })
    ));
    let inner = zip(&[entry(b"a", b"1")]);
    let mut disguised = open(&[entry(b"t_bmk.dbf", &inner)]).unwrap();
    let entries = disguised.entries().to_vec();
    assert!(matches!(
        disguised.read(&entries[0]),
        Err(ArchiveError::Nested { .. })
    ));
}

#[test]
fn false_end_records_are_refused() {
    let good = zip(&[entry(b"a", b"content")]);
    let end = good.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
    let mut claims = good.clone();
    claims[end + 8..end + 12].copy_from_slice(&[0xFF; 4]);
    assert!(Archive::open(Cursor::new(claims), LIMITS).is_err());
    let mut elsewhere = good.clone();
    elsewhere[end + 16..end + 20].copy_from_slice(&[0xFF; 4]);
    assert_eq!(
        refused_bytes(elsewhere),
        ArchiveError::TooManyEntries { limit: 10 }
    );
    // A locator that nothing needs, as Java programs write it into every workbook.
    let mut unneeded = good[..end].to_vec();
    unneeded.extend(b"PK\x06\x07");
    unneeded.extend([0; 16]);
    unneeded.extend(&good[end..]);
    assert_eq!(
        Archive::open(Cursor::new(unneeded), LIMITS)
            .unwrap()
            .entries()
            .len(),
        1
    );
    for kept in 0..good.len() {
        assert!(
            Archive::open(Cursor::new(good[..kept].to_vec()), LIMITS).is_err(),
            "{kept}"
        );
    }
}
