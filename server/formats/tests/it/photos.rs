//! Admission photos: names, sizes, formats.

use crate::zip_bytes::{entry, zip};
use formats::message::UserMessage as _;
use formats::photos::{
    PhotoArchive, PhotoFault, PhotoInfo, PhotoLimits, PhotoRules, inspect, shown,
};
use formats::sample::photo;
use std::io::Cursor;

fn jpeg(width: u16, height: u16, components: u8) -> Vec<u8> {
    photo(width, height, components, 0)
}

fn look(bytes: &[u8]) -> Result<PhotoInfo, PhotoFault> {
    inspect(bytes, &PhotoRules::default())
}

#[test]
fn photos_of_a_sane_size_pass() {
    assert_eq!(
        look(&jpeg(480, 640, 3)),
        Ok(PhotoInfo {
            width: 480,
            height: 640
        })
    );
    assert_eq!(
        look(&jpeg(90, 120, 1)),
        Ok(PhotoInfo {
            width: 90,
            height: 120
        })
    );
}

#[test]
fn everything_else_is_refused_with_its_reason() {
    let cases = [
        (b"\x89PNG\r\n\x1a\n".to_vec(), PhotoFault::NotJpeg),
        (b"<svg/>".to_vec(), PhotoFault::NotJpeg),
        (Vec::new(), PhotoFault::NotJpeg),
        (
            jpeg(65_500, 65_500, 3),
            PhotoFault::Size {
                width: 65_500,
                height: 65_500,
            },
        ),
        (
            jpeg(10, 10, 3),
            PhotoFault::Size {
                width: 10,
                height: 10,
            },
        ),
        (jpeg(480, 640, 4), PhotoFault::Colour { components: 4 }),
    ];
    for (bytes, fault) in cases {
        assert_eq!(look(&bytes), Err(fault));
        assert!(!fault.zh().is_empty());
    }
    let large = [jpeg(480, 640, 3), vec![0; 1 << 20]].concat();
    assert!(matches!(look(&large), Err(PhotoFault::TooLarge { .. })));
    let whole = jpeg(480, 640, 3);
    assert_eq!(look(&whole[..whole.len() - 2]), Err(PhotoFault::Truncated));
    assert_eq!(look(&whole[..30]), Err(PhotoFault::Damaged));
}

#[test]
fn names_give_the_key_whatever_folder_and_case() {
    let photo = jpeg(480, 640, 3);
    let other = jpeg(300, 400, 3);
    let entries = [
        entry(b"2026/a/26310000150001.jpg", &photo),
        entry(b"2026/b/31011520080315001x.JPG", &other),
        entry(b"2026/b/26310000150001.jpeg", &other),
        entry(b"2026/readme.txt", b"x"),
        entry(b"2026/26310000150003.jpg", b"no picture"),
        entry(b"2026/Thumbs.db", b"x"),
        entry(b"__MACOSX/2026/._26310000150001.jpg", b"x"),
        // 上海 in GBK, as the admission system names folders.
        entry(b"2026/\xC9\xCF\xBA\xA3/26310000150009.jpg", &photo),
    ];
    let mut archive =
        PhotoArchive::open(Cursor::new(zip(&entries)), &PhotoLimits::default()).unwrap();
    assert_eq!(archive.len(), 6);
    let (good, bad): (Vec<_>, Vec<_>) = archive.photos().partition(Result::is_ok);
    let good: Vec<_> = good.into_iter().map(Result::unwrap).collect();
    let stems: Vec<&str> = good.iter().map(|photo| photo.stem.as_str()).collect();
    assert_eq!(
        stems,
        ["26310000150001", "31011520080315001X", "26310000150009"]
    );
    assert_eq!(good[2].path, "2026/上海/26310000150009.jpg");
    let faults: Vec<PhotoFault> = bad
        .into_iter()
        .map(|photo| photo.unwrap_err().fault)
        .collect();
    assert_eq!(
        faults,
        [
            PhotoFault::Repeated,
            PhotoFault::NotJpeg,
            PhotoFault::NotJpeg
        ]
    );
}

/// Width and height of a PNG.
fn sides(png: &[u8]) -> (u32, u32) {
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

#[test]
fn a_page_shows_a_photo_small_and_marked() {
    let photo = jpeg(480, 640, 3);
    let one = shown(&photo, "xsc01 2026-10-16 09:30").unwrap();
    assert!(one.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(sides(&one), (240, 320));
    // Another reader or another minute makes another picture.
    assert_ne!(one, shown(&photo, "xsc02 2026-10-16 09:30").unwrap());
    assert_ne!(one, shown(&photo, "xsc01 2026-10-16 09:31").unwrap());
    assert_ne!(one, shown(&photo, "").unwrap());
    // A small one is not blown up; a wide one keeps its proportions.
    assert_eq!(sides(&shown(&jpeg(90, 120, 1), "a").unwrap()), (90, 120));
    assert_eq!(sides(&shown(&jpeg(640, 480, 3), "a").unwrap()), (240, 180));
    assert_eq!(shown(b"<svg/>", "a"), Err(PhotoFault::NotJpeg));
}
