//! Mutated inputs from fixed seeds: nothing panics. `XJ_FUZZ_SECONDS` says for how long, one second each by default, ten
//! minutes with `XJ_LONG=1`.

use crate::xlsx_bytes::{book, repeat, text};
use formats::fuzz;
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape, ZipNames, photo};
use std::time::{Duration, Instant};

struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap()
    }
}

/// A few changes: flipped bits, interesting bytes, cuts, copies of a piece elsewhere.
fn mutate(input: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.next() % 8 {
        if bytes.is_empty() {
            break;
        }
        // Headers decide most, so they are hit more often.
        let span = if random.next().is_multiple_of(2) {
            bytes.len()
        } else {
            bytes.len().min(200)
        };
        let at = random.next() % span;
        match random.next() % 6 {
            0 => bytes[at] ^= 1 << (random.next() % 8),
            1 => {
                bytes[at] =
                    [0, 1, 0x0D, 0x1A, 0x20, 0x2A, 0x7F, 0x80, 0xFE, 0xFF][random.next() % 10];
            }
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..bytes.len().min(at + random.next() % 64))),
            4 => {
                let end = bytes.len().min(at + random.next() % 64);
                let piece = bytes[at..end].to_vec();
                let to = random.next() % bytes.len();
                bytes.splice(to..to, piece);
            }
            _ => bytes.extend_from_within(at..bytes.len().min(at + 32)),
        }
    }
    bytes
}

fn seconds() -> f64 {
    let long = std::env::var_os("XJ_LONG").is_some_and(|value| value == "1");
    std::env::var_os("XJ_FUZZ_SECONDS")
        .and_then(|text| text.to_str()?.parse().ok())
        .unwrap_or(if long { 600.0 } else { 1.0 })
}

fn run(name: &str, seeds: &[Vec<u8>], target: fn(&[u8])) {
    let until = Instant::now() + Duration::from_secs_f64(seconds());
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut runs = 0;
    while Instant::now() < until {
        for seed in seeds {
            target(&mutate(seed, &mut random));
            runs += 1;
        }
    }
    println!("fuzz {name}: {runs} inputs");
    assert!(runs > 0);
}

fn small_package() -> formats::sample::SamplePackage {
    PackageSpec::demonstration(11, 2026, 100).generate()
}

#[test]
fn dbf() {
    let seeds: Vec<Vec<u8>> = small_package()
        .files
        .into_iter()
        .map(|(_, bytes)| bytes)
        .take(8)
        .collect();
    run("dbf", &seeds, fuzz::dbf);
}

#[test]
fn admission() {
    let province = ProvinceSpec {
        code: "31".to_owned(),
        rows: 20,
        shape: Shape {
            with_bmk: false,
            ..Shape::default()
        },
        defects: Defect::ALL.into_iter().map(|defect| (defect, 1)).collect(),
    };
    let sample = PackageSpec {
        seed: 1,
        year: 2026,
        provinces: vec![province],
    }
    .generate();
    let seeds: Vec<Vec<u8>> = sample
        .files
        .into_iter()
        .map(|(_, bytes)| bytes)
        .take(1)
        .collect();
    run("admission", &seeds, fuzz::admission);
}

#[test]
fn package_zip() {
    run(
        "package_zip",
        &[
            small_package().zip(ZipNames::Gbk),
            small_package().zip(ZipNames::Utf8),
        ],
        fuzz::package_zip,
    );
}

#[test]
fn table() {
    let rows = repeat(1..20, |row| {
        let name = text(&format!("A{row}"), "文");
        format!("<row r=\"{row}\">{name}<c r=\"B{row}\"><v>{row}</v></c></row>")
    });
    let strings = r#"<sst count="2" uniqueCount="2"><si><t>a</t></si><si><t>b</t></si></sst>"#;
    let xlsx = book(
        &format!("<sheetData>{rows}</sheetData>"),
        &[("xl/sharedStrings.xml", strings)],
    );
    let csv = "考生号,姓名\n1,\"张,三\"\n2;李四\n".repeat(20).into_bytes();
    run("table", &[xlsx, csv], fuzz::table);
}

#[test]
fn photos() {
    let zip = crate::zip_bytes::zip(&[crate::zip_bytes::entry(
        b"1.jpg",
        &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xD9],
    )]);
    run(
        "photos",
        &[
            zip,
            vec![
                0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 1, 0, 1, 0, 1, 1, 0x11, 0, 0xFF, 0xD9,
            ],
        ],
        fuzz::photos,
    );
}

#[test]
fn shown_photo() {
    let seeds = [photo(64, 80, 3, 0), photo(61, 60, 1, 0)];
    run("shown_photo", &seeds, fuzz::shown_photo);
}

#[test]
fn answer() {
    let seeds = [
        b"{\"notices\":[]}\n\"end\"\n".to_vec(),
        b"{\"error\":{\"zh\":\"a\",\"en\":\"b\"}}\n".to_vec(),
    ];
    run("answer", &seeds, fuzz::answer);
}
