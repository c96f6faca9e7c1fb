//! Packages as they come: any case, prefixes, one folder for all, and what is refused.

use chrono::NaiveDate;
use domain::admission::source::Notice;
use formats::archive::{ArchiveError, pack};
use formats::dbf::{ColumnSpec, DbfError, DbfLayout, LANGUAGE_GBK, write};
use formats::gb18030::Charset;
use formats::message::UserMessage as _;
use formats::package::{FileFault, PackageError, PackageLimits, read_files, read_path, read_zip};
use formats::sample::{PackageSpec, ProvinceSpec, Shape, ZipNames};
use std::collections::BTreeMap;
use std::io::Cursor;

fn table(columns: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let layout = DbfLayout {
        columns: columns
            .iter()
            .map(|name| ColumnSpec::new(name, 40))
            .collect(),
        charset: Charset::Gb18030,
        language: LANGUAGE_GBK,
        changed: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
    };
    let rows = rows.iter().map(|row| {
        row.iter()
            .map(|cell| (*cell).to_owned())
            .collect::<Vec<String>>()
    });
    write(&layout, rows).unwrap()
}

fn whole() -> Vec<u8> {
    table(
        &["KSH", "XM", "XBDM", "SFZH", "LQZY"],
        &[&["26310000150001", "张三", "1", "310115200803150014", "01"]],
    )
}

fn file(path: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (path.to_owned(), bytes.to_vec())
}

fn names(files: Vec<(String, Vec<u8>)>) -> Vec<String> {
    let package = read_files(files, "root", &PackageLimits::default()).unwrap();
    package
        .folders
        .into_iter()
        .map(|folder| folder.name)
        .collect()
}

#[test]
fn folders_are_found_at_any_depth_and_named_after_themselves() {
    assert_eq!(names(vec![file("T_TDD.DBF", &whole())]), ["root"]);
    assert_eq!(
        names(vec![
            file("2026/上海/t_tdd.dbf", &whole()),
            file("2026/江苏/T_Tdd.Dbf", &whole())
        ]),
        ["上海", "江苏"]
    );
    assert_eq!(
        names(vec![
            file("a/上海/t_tdd.dbf", &whole()),
            file("b/上海/t_tdd.dbf", &whole())
        ]),
        ["a/上海", "b/上海"]
    );
    assert_eq!(
        names(vec![
            file("沪_T_TDD.dbf", &whole()),
            file("苏_T_TDD.dbf", &whole())
        ]),
        ["root 沪", "root 苏"]
    );
}

#[test]
fn dictionaries_follow_their_folder_and_serve_all_prefixes_in_it() {
    let dictionary = table(&["PCDM", "PCMC"], &[&["1", "本科批"]]);
    let files = vec![
        file("x/沪_T_TDD.dbf", &whole()),
        file("x/苏_T_TDD.dbf", &whole()),
        file("x/TD_PCDM.DBF", &dictionary),
        file(
            "x/苏_td_kldm.dbf",
            &table(&["KLDM", "KLMC"], &[&["1", "综合"]]),
        ),
    ];
    let package = read_files(files, "root", &PackageLimits::default()).unwrap();
    assert!(
        package
            .folders
            .iter()
            .all(|folder| folder.dictionaries["TD_PCDM"]["1"] == "本科批")
    );
    assert!(!package.folders[0].dictionaries.contains_key("TD_KLDM"));
    assert_eq!(package.folders[1].dictionaries["TD_KLDM"]["1"], "综合");
}

#[test]
fn every_missing_column_of_every_table_is_named() {
    let files = vec![
        file("a/T_BMK.DBF", &table(&["KSH", "XM"], &[])),
        file("a/T_TDD.DBF", &table(&["KSH"], &[])),
        file("b/T_TDD.DBF", &whole()[..120]),
        file("c/T_BMK.DBF", &table(&["KSH", "XM", "XBDM", "ZJHM"], &[])),
    ];
    let error = read_files(files, "root", &PackageLimits::default()).unwrap_err();
    let PackageError::Tables(problems) = &error else {
        panic!("{error}")
    };
    let faults: BTreeMap<&str, &FileFault> = problems
        .iter()
        .map(|p| (p.file.as_str(), &p.fault))
        .collect();
    assert_eq!(
        faults["a/T_BMK.DBF"],
        &FileFault::MissingColumns(vec!["XBDM", "ZJHM"])
    );
    assert!(
        !faults.contains_key("a/T_TDD.DBF"),
        "V1 asks an offer for its number alone"
    );
    assert_eq!(faults["b/T_TDD.DBF"], &FileFault::Dbf(DbfError::BadHeader));
    assert_eq!(faults["c"], &FileFault::NoOffers);
    assert!(error.zh().contains("a/T_BMK.DBF：缺少字段 XBDM、ZJHM"));
}

#[test]
fn a_truncated_table_refuses_its_folder_with_the_rows_that_are_there() {
    let sample = PackageSpec {
        seed: 3,
        year: 2026,
        provinces: vec![ProvinceSpec {
            code: "31".to_owned(),
            rows: 30,
            shape: Shape::default(),
            defects: BTreeMap::new(),
        }],
    }
    .generate();
    let mut files = sample.files;
    let (path, bytes) = &mut files[0];
    let path = path.clone();
    bytes.truncate(bytes.len() - 500);
    let error = read_files(files, "x", &PackageLimits::default()).unwrap_err();
    assert!(
        error.zh().contains(&path) && error.zh().contains("文件头记 30 行，完整可读 28 行"),
        "{}",
        error.zh()
    );
}

#[test]
fn a_folder_that_cannot_be_read_does_not_stop_the_others() {
    let cut = &whole()[..whole().len() - 60];
    let files = vec![
        file("上海/T_TDD.DBF", &whole()),
        file("江苏/T_TDD.DBF", cut),
        file("浙江/T_TDD.DBF", &whole()),
        file("浙江/TD_PCDM.DBF", &cut[..40]),
        file("福建/T_TDD.DBF", &whole()),
        file("福建/t_tdd.dbf", &whole()),
    ];
    let package = read_files(files, "root", &PackageLimits::default()).unwrap();
    let read: Vec<&str> = package.folders.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(read, ["上海"]);
    let unread: Vec<(&str, &str)> = package
        .notices
        .iter()
        .map(|notice| match notice {
            Notice::FolderUnread {
                folder,
                file,
                zh,
                en,
            } => {
                assert!(zh.contains(file.as_str()) && en.contains(file.as_str()));
                assert_ne!(zh, en);
                (folder.as_str(), file.as_str())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        unread,
        [
            ("江苏", "江苏/T_TDD.DBF"),
            ("浙江", "浙江/TD_PCDM.DBF"),
            ("福建", "福建/t_tdd.dbf"),
        ]
    );
}

#[test]
fn a_damaged_entry_of_a_zip_file_is_a_fault_of_its_folder() {
    let files = vec![file("a/T_TDD.DBF", &whole()), file("b/T_TDD.DBF", &whole())];
    let mut zip = pack(files, &PackageLimits::default().files).unwrap();
    // The last local entry: its compressed bytes lie before the directory.
    let directory = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[directory - 12] ^= 0xff;
    let package = read_zip(Cursor::new(zip), "root", &PackageLimits::default()).unwrap();
    assert_eq!(package.folders.len(), 1);
    assert_eq!(package.folders[0].name, "a");
    assert!(matches!(
        package.notices.as_slice(),
        [Notice::FolderUnread { folder, zh, .. }] if folder == "b" && zh.contains("损坏")
    ));
}

#[test]
fn other_files_are_named_once_and_not_read() {
    let files = vec![
        file("a/T_TDD.DBF", &whole()),
        file("a/t_tddxx.xls", b"x"),
        file("a/T_ZYKMX.DBF", b"not read"),
        file("a/T_BMK.FPT", b"x"),
        file("__MACOSX/a/._T_TDD.DBF", b"x"),
        file("readme.txt", b"x"),
        file("a/11010519491231002X.jpg", b"x"),
    ];
    let package = read_files(files, "root", &PackageLimits::default()).unwrap();
    let [Notice::FilesIgnored { count, examples }] = package.notices.as_slice() else {
        panic!("{:?}", package.notices);
    };
    let [first, second, photo] = examples.as_slice() else {
        panic!("{examples:?}");
    };
    assert_eq!(*count, 3);
    assert_eq!(
        (first.as_str(), second.as_str()),
        ("a/t_tddxx.xls", "readme.txt")
    );
    assert!(photo.starts_with("a/") && photo.contains(".jpg"));
    assert!(!photo.contains("194912310"), "a document number: {photo}");
}

#[test]
fn no_tables_two_tables_and_no_zip_are_errors() {
    let limits = PackageLimits::default();
    assert_eq!(
        read_files(vec![file("x.txt", b"")], "r", &limits).unwrap_err(),
        PackageError::NoTables
    );
    let twice = vec![file("a/T_TDD.DBF", &whole()), file("a/t_tdd.dbf", &whole())];
    assert!(matches!(
        read_files(twice, "r", &limits).unwrap_err(),
        PackageError::Tables(_)
    ));
    let error = read_zip(Cursor::new(b"no zip at all".to_vec()), "r", &limits).unwrap_err();
    assert_eq!(error, PackageError::Archive(ArchiveError::Unreadable));
}

#[test]
fn a_folder_on_disk_reads_like_its_zip_file() {
    let sample = PackageSpec::demonstration(5, 2026, 300).generate();
    let root = std::env::temp_dir().join(format!("formats-package-{}", std::process::id()));
    for (path, bytes) in &sample.files {
        let path = root.join("tree").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let zip_path = root.join("tree.zip");
    std::fs::write(&zip_path, sample.zip(ZipNames::Gbk)).unwrap();
    let limits = PackageLimits::default();
    let from_folder = read_path(&root.join("tree"), &limits);
    let from_zip = read_path(&zip_path, &limits);
    std::fs::remove_dir_all(&root).unwrap();
    assert_eq!(from_folder.unwrap(), from_zip.unwrap());
    assert_eq!(read_path(&root, &limits).unwrap_err(), PackageError::Path);
}
