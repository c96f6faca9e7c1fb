//! The command line: check without a database's help, import with the same steps as the pages.

use crate::admission::ground::{Ground, YEAR, good_rows, package};
use domain::admission::check::CheckContext;
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::admission::path::AdmissionPath;
use formats::message::UserMessage as _;
use formats::sample::{Defect, SamplePackage, ZipNames};
use services::ServiceError;
use services::admission::Accept;
use std::path::Path;
use store::testkit::on_both;

fn lay_out(sample: &SamplePackage, folder: &Path) {
    for (path, bytes) in &sample.files {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

fn context() -> CheckContext {
    CheckContext {
        year: YEAR,
        school_codes: Vec::new(),
        today: chrono::NaiveDate::from_ymd_opt(2026, 8, 20).unwrap(),
        path: AdmissionPath::Ordinary,
    }
}

#[tokio::test]
async fn a_folder_a_zip_file_and_a_worksheet_are_checked_where_they_lie() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let folder = tempfile::tempdir().unwrap();
        let sample = package(61, 15, &[(Defect::BadChecksum, 2)]);
        lay_out(&sample, &folder.path().join("录取"));
        let report = ground
            .services
            .check_path(ground.tenant, &folder.path().join("录取"), context())
            .await
            .unwrap();
        assert_eq!(report.counts, sample.counts);
        let zip = folder.path().join("录取.zip");
        std::fs::write(&zip, sample.zip(ZipNames::Gbk)).unwrap();
        assert_eq!(
            ground
                .services
                .check_path(ground.tenant, &zip, context())
                .await
                .unwrap()
                .counts,
            sample.counts
        );
        assert!(zip.exists(), "the file of the caller stays");
        let csv = folder.path().join("名单.csv");
        std::fs::write(&csv, "考生号,姓名,性别,身份证号\n").unwrap();
        assert_eq!(
            ground
                .services
                .check_path(ground.tenant, &csv, context())
                .await
                .unwrap()
                .counts["rows"],
            0
        );
        let missing = ground
            .services
            .check_path(ground.tenant, &folder.path().join("没有.zip"), context())
            .await;
        assert!(matches!(missing, Err(ServiceError::File(_))));
    })
    .await;
}

#[tokio::test]
async fn an_import_that_was_interrupted_is_finished_by_the_same_line() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let folder = tempfile::tempdir().unwrap();
        let sample = package(63, 20, &[(Defect::BadChecksum, 2), (Defect::DotVariant, 2)]);
        let zip = folder.path().join("录取数据.zip");
        std::fs::write(&zip, sample.zip(ZipNames::Gbk)).unwrap();
        let run = async |accept: &[Accept]| {
            let year = i32::from(YEAR);
            ground
                .services
                .import_path(&ground.officer, &zip, year, AdmissionPath::Ordinary, accept)
                .await
                .unwrap()
        };
        // The first line was killed after its upload: somebody finds it, unchecked.
        ground.upload(sample.zip(ZipNames::Gbk)).await;
        let summary = run(&[]).await;
        assert!(!summary.already);
        assert_eq!(summary.view.line.state, ImportState::Confirmed);
        assert_eq!(ground.candidates().await, good_rows(&sample));
        let again = run(&[]).await;
        assert!(again.already, "nothing is left to do");
        // What was not accepted then can be accepted now.
        let accept = [Accept {
            kind: FindingKind::DotVariant,
            reason: "已核对身份证件".to_owned(),
        }];
        let summary = run(&accept).await;
        assert_eq!((summary.already, summary.accepted), (false, 2));
        assert_eq!(ground.candidates().await, good_rows(&sample) + 2);
        let last = run(&accept).await;
        assert_eq!((last.already, last.accepted), (true, 0));
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn one_table_without_a_folder_is_a_package() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let folder = tempfile::tempdir().unwrap();
        let mut sample = package(64, 5, &[]);
        sample
            .files
            .retain(|(path, _)| path.to_uppercase().ends_with("T_TDD.DBF"));
        let file = folder.path().join("T_TDD.DBF");
        std::fs::write(&file, &sample.files[0].1).unwrap();
        let year = i32::from(YEAR);
        let outcome = ground
            .services
            .import_path(&ground.officer, &file, year, AdmissionPath::Ordinary, &[])
            .await
            .unwrap();
        let view = outcome.view;
        // The offers of a province with T_BMK have no names: the parser says so, not "this is no zip file".
        let reason = view.unreadable.unwrap().reason.0;
        assert!(
            reason.contains("T_TDD.DBF") && reason.contains("缺少字段"),
            "{reason}"
        );
        let check = ground.services.check_path(ground.tenant, &file, context());
        let Err(ServiceError::File(why)) = check.await else {
            panic!("a table without its fields");
        };
        assert!(why.zh().contains(&reason), "{} / {reason}", why.zh());
    })
    .await;
}

#[tokio::test]
async fn an_import_runs_to_its_end_and_accepts_what_it_was_told() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let folder = tempfile::tempdir().unwrap();
        let sample = package(62, 20, &[(Defect::BadChecksum, 2), (Defect::DotVariant, 2)]);
        lay_out(&sample, folder.path());
        let accept = [Accept {
            kind: FindingKind::DotVariant,
            reason: "已核对身份证件".to_owned(),
        }];
        let year = i32::from(YEAR);
        let summary = ground
            .services
            .import_path(
                &ground.officer,
                folder.path(),
                year,
                AdmissionPath::Ordinary,
                &accept,
            )
            .await
            .unwrap();
        assert_eq!(summary.accepted, 2);
        assert_eq!(summary.view.line.state, ImportState::Confirmed);
        assert_eq!(ground.candidates().await, good_rows(&sample) + 2);
        ground.assert_sound().await;
    })
    .await;
}
