//! Files that cannot be read: the import says why, in both languages, and nothing is lost.

use crate::admission::ground::{Ground, YEAR, package, services, upload_of};
use domain::admission::import::ImportState;
use domain::admission::source::{ColumnMapping, SourceField};
use domain::text::Lang;
use domain::view::admission::{RowState, UploadOutcome};
use formats::child::{AnswerError, ParseLine, ParseRequest};
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape, ZipNames};
use services::parser::{Lines, Parser, channel};
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::testkit::on_both;

#[tokio::test]
async fn a_file_of_no_kind_is_unreadable_and_may_be_sent_again() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(41, 5, &[]);
        let mut cut = sample.zip(ZipNames::Gbk);
        cut.truncate(cut.len() / 2);
        let mut table = sample.files.clone();
        for (path, bytes) in &mut table {
            if path.to_uppercase().ends_with("T_TDD.DBF") {
                bytes.truncate(40);
            }
        }
        let broken_table =
            formats::archive::pack(table, &formats::package::PackageLimits::default().files)
                .unwrap();
        for bytes in [cut, b"no zip at all".to_vec(), bomb(), broken_table] {
            let first = ground.upload(bytes.clone()).await;
            ground.work().await;
            let view = ground.view(first.import()).await;
            assert_eq!(view.line.state, ImportState::Unreadable);
            let reason = view.unreadable.unwrap().reason;
            assert!(!reason.0.is_empty() && !reason.1.is_empty());
            assert_ne!(reason.0, reason.1);
            let again = ground.upload(bytes).await;
            assert!(matches!(again, UploadOutcome::Started { .. }));
            ground.work().await;
        }
        assert_eq!(ground.candidates().await, 0);
    })
    .await;
}

#[tokio::test]
async fn one_broken_folder_waits_alone_and_comes_later() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let province = |code: &str| ProvinceSpec {
            code: code.to_owned(),
            rows: 6,
            shape: Shape::default(),
            defects: BTreeMap::new(),
        };
        let sample = PackageSpec {
            seed: 43,
            year: YEAR,
            provinces: vec![province("31"), province("32")],
        }
        .generate();
        let limits = formats::package::PackageLimits::default().files;
        let mut broken = sample.files.clone();
        let table = |path: &str| path.to_uppercase().ends_with("T_TDD.DBF");
        let (path, bytes) = broken.iter_mut().rfind(|(path, _)| table(path)).unwrap();
        let (folder, _) = path.split_once('/').unwrap();
        let (path, folder) = (path.clone(), folder.to_owned());
        bytes.truncate(bytes.len() / 2);
        let first = ground
            .upload(formats::archive::pack(broken, &limits).unwrap())
            .await
            .import();
        ground.work().await;
        let view = ground.view(first).await;
        assert_eq!(view.line.state, ImportState::Checked);
        assert_eq!(view.steps.confirm, 6, "the sound province can go in");
        assert!(!view.steps.repair, "no row of it can be repaired");
        let [unread] = view.unread.as_slice() else {
            panic!("{view:?}");
        };
        assert!(unread.0.contains(&path) && unread.1.contains(&path));
        assert_eq!(view.line.counts.source["unread_folder"], 1);
        ground.confirm(first).await;
        assert_eq!(ground.candidates().await, 6);
        // The folder comes again alone, and the import that lacked it stays as it was.
        let mended = sample.files.into_iter();
        let mended: Vec<_> = mended.filter(|(p, _)| p.starts_with(&folder)).collect();
        let second = ground
            .upload(formats::archive::pack(mended, &limits).unwrap())
            .await
            .import();
        ground.work().await;
        ground.confirm(second).await;
        assert_eq!(ground.candidates().await, 12);
        assert_eq!(ground.view(first).await.unread.len(), 1);
        ground.assert_sound().await;
    })
    .await;
}

/// Ninety-seven mebibytes of nothing in a small zip file.
fn bomb() -> Vec<u8> {
    let limits = formats::archive::ArchiveLimits {
        entries: 10,
        entry_bytes: u64::MAX,
        total_bytes: u64::MAX,
    };
    let files = (0..4)
        .map(|n| (format!("上海 本科批 综合改革/T_{n}.DBF"), vec![0; 25 << 20]))
        .collect();
    formats::archive::pack(files, &limits).unwrap()
}

#[tokio::test]
async fn a_worksheet_with_unknown_columns_asks_for_them() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let csv = "号,名,男女,证件\n26310115150001,张三,男,310101200803010037\n";
        let mut upload = upload_of("新生.csv", csv.as_bytes().to_vec());
        let import = ground.sent(upload.clone()).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Unreadable);
        let unreadable = view.unreadable.unwrap();
        assert_eq!(unreadable.headings, ["号", "名", "男女", "证件"]);
        assert!(unreadable.reason.0.contains("考生号"));
        let columns = [
            ("号", SourceField::Ksh),
            ("名", SourceField::Xm),
            ("男女", SourceField::Xbdm),
            ("证件", SourceField::Zjhm),
        ];
        upload.columns = Some(ColumnMapping(
            columns
                .into_iter()
                .map(|(heading, field)| (heading.to_owned(), field))
                .collect::<BTreeMap<_, _>>(),
        ));
        let import = ground.sent(upload).await;
        assert_eq!(ground.view(import).await.line.state, ImportState::Checked);
    })
    .await;
}

#[tokio::test]
async fn nonsense_is_refused_before_it_is_kept() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let send = |bytes: Vec<u8>, year: i32| {
            let mut upload = upload_of("x.zip", bytes);
            upload.year = year;
            ground.services.upload_admission(&ground.officer, upload)
        };
        assert!(matches!(
            send(Vec::new(), 2026).await,
            Err(ServiceError::Invalid {
                field: "file",
                code: "empty"
            })
        ));
        assert!(matches!(
            send(vec![1], 26).await,
            Err(ServiceError::Invalid { field: "year", .. })
        ));
        assert_eq!(
            std::fs::read_dir(ground.bed.folder().join("files"))
                .unwrap()
                .count(),
            0
        );
    })
    .await;
}

/// A parser that is killed after its first line.
#[derive(Debug)]
struct Killed;

impl Parser for Killed {
    fn parse(&self, _: ParseRequest) -> Lines {
        let (to, lines) = channel();
        tokio::spawn(async move {
            let _ = to.send(Ok(ParseLine::Notices(Vec::new()))).await;
        });
        lines
    }
}

/// A parser that says so itself.
#[derive(Debug)]
struct Broken;

impl Parser for Broken {
    fn parse(&self, _: ParseRequest) -> Lines {
        let (to, lines) = channel();
        tokio::spawn(async move {
            let _ = to.send(Err(AnswerError::Broken)).await;
        });
        lines
    }
}

#[tokio::test]
async fn a_parser_that_dies_is_tried_once_more_and_then_the_file_is_to_blame() {
    for parser in [Arc::new(Killed) as Arc<dyn Parser>, Arc::new(Broken)] {
        on_both(|bed| async { blamed(Ground::new(bed).await, parser.clone()).await }).await;
    }
}

/// Lets a worker whose parser dies run the job that waits, until it gives up.
async fn gives_up(ground: &Ground) {
    let fragile = Services::new(ground.bed.store().clone(), Arc::new(Broken));
    let worker = Worker::new(fragile, "fragile");
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Retried));
    ground.bed.advance(chrono::TimeDelta::seconds(3));
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Done));
}

#[tokio::test]
async fn rows_that_are_in_stay_when_the_file_cannot_be_read_again() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(44, 12, &[(Defect::BadChecksum, 2)]);
        let import = ground.confirmed(&sample).await;
        let before = ground.view(import).await;
        let book = ground
            .services
            .findings_workbook(&ground.officer, import, Lang::Zh);
        let book = book.await.unwrap();
        let sent = ground
            .services
            .repair(&ground.officer, import, "改正.xlsx", book);
        sent.await.unwrap();
        gives_up(&ground).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Unreadable);
        assert_eq!(
            view.line.counts.in_state(RowState::Confirmed),
            before.line.counts.in_state(RowState::Confirmed),
            "what is in is still counted"
        );
        assert_eq!(view.line.counts.source, before.line.counts.source);
        assert_eq!(view.notices, before.notices);
        assert!(view.steps.undo_until.is_some() && !view.steps.discard);
        assert!(view.steps.resume, "and there is a way back");
        let (services, officer) = (&ground.services, &ground.officer);
        services.resume_import(officer, import).await.unwrap();
        assert_eq!(ground.view(import).await.line.state, ImportState::Checking);
        ground.work().await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.rows, before.line.counts.rows);
        assert_eq!(view.unreadable, None);
        let again = services.resume_import(officer, import).await;
        assert!(again.is_err(), "nothing of it has failed");
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_file_whose_parser_died_is_read_when_somebody_says_so() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(45, 4, &[]);
        let import = ground.upload(sample.zip(ZipNames::Gbk)).await.import();
        gives_up(&ground).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Unreadable);
        assert!(view.steps.resume && view.line.counts.rows.is_empty());
        let (services, officer) = (&ground.services, &ground.officer);
        services.resume_import(officer, import).await.unwrap();
        ground.work().await;
        assert_eq!(ground.view(import).await.steps.confirm, 4);
    })
    .await;
}

#[tokio::test]
async fn a_list_without_headings_loses_nobody_and_keeps_no_number() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let rows = "26310115150001,张三,男,11010519491231002X\n26310115150002,李四,女,110105194912310038\n";
        let import = ground.sent(upload_of("新生.csv", rows.as_bytes().to_vec())).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Unreadable);
        let unreadable = view.unreadable.unwrap();
        assert!(unreadable.reason.0.contains("第 1 行") && unreadable.reason.1.contains("row 1"));
        assert!(unreadable.headings.is_empty() && view.columns.is_none());
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let kept = format!("{:?}", unit.import(import).await.unwrap());
        for number in ["26310115150001", "11010519491231002X"] {
            assert!(!kept.contains(number), "{kept}");
        }
    })
    .await;
}

/// A package whose parser dies twice is unreadable; the one after it is read.
async fn blamed(ground: Ground, parser: Arc<dyn Parser>) {
    let import = ground
        .upload(package(42, 3, &[]).zip(ZipNames::Gbk))
        .await
        .import();
    let fragile = Services::new(ground.bed.store().clone(), parser);
    let worker = Worker::new(fragile, "fragile");
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Retried));
    assert_eq!(worker.run_one().await.unwrap(), None, "not at once");
    ground.bed.advance(chrono::TimeDelta::seconds(3));
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Done));
    let view = ground.view(import).await;
    assert_eq!(view.line.state, ImportState::Unreadable);
    // The next job runs as if nothing had been.
    let whole = Worker::new(services(ground.bed.store().clone()), "whole");
    let again = ground
        .upload(package(42, 3, &[]).zip(ZipNames::Gbk))
        .await
        .import();
    assert_eq!(whole.run_one().await.unwrap(), Some(Ran::Done));
    assert_eq!(ground.view(again).await.line.state, ImportState::Checked);
}
