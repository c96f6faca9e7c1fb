//! Photos: matched by 考生号, sealed, logged; what fits nobody is told both ways.

use crate::admission::ground::{Ground, YEAR, package};
use chrono::TimeDelta;
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::institution::{Office, PersonalScope, PostKind};
use domain::view::admission::ImportView;
use formats::child::ParseRequest;
use formats::sample::{SamplePackage, ZipNames, photo};
use services::parser::{InProcess, Lines, Parser, channel};
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::testkit::{Bed, on_both};
use store::{StudentFilter, StudentPage, StudentSort, rows};

/// A photo that is another one for every mark.
pub fn jpeg(mark: u8) -> Vec<u8> {
    photo(480, 640, 3, mark)
}

pub fn zip(photos: &[(String, Vec<u8>)]) -> Vec<u8> {
    let limits = formats::photos::PhotoLimits::default().files;
    formats::archive::pack(photos.to_vec(), &limits).unwrap()
}

pub async fn students(ground: &Ground) -> Vec<rows::Student> {
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let page = StudentPage {
        sort: StudentSort::CandidateNumber,
        descending: false,
        offset: 0,
        limit: 100,
    };
    unit.students(&ground.officer.visible(), &StudentFilter::default(), page)
        .await
        .unwrap()
}

/// A school of whose candidates so many are in, and their records.
async fn with_students(bed: Bed, seed: u64, rows: u32) -> (Ground, Vec<rows::Student>) {
    let ground = Ground::new(bed).await;
    ground.confirmed(&package(seed, rows, &[])).await;
    let all = students(&ground).await;
    (ground, all)
}

/// A photo that is named by the number of a candidate.
fn photo_of(student: &rows::Student, mark: u8) -> (String, Vec<u8>) {
    (format!("{}.jpg", student.ksh), jpeg(mark))
}

pub async fn send(ground: &Ground, photos: &[(String, Vec<u8>)]) -> ImportView {
    send_for(ground, i32::from(YEAR), photos).await
}

pub async fn send_for(ground: &Ground, year: i32, photos: &[(String, Vec<u8>)]) -> ImportView {
    let outcome = ground
        .services
        .upload_photos(&ground.officer, year, "照片.zip", zip(photos))
        .await
        .unwrap();
    ground.work().await;
    ground.view(outcome.import()).await
}

pub fn totals(view: &ImportView) -> BTreeMap<FindingKind, u64> {
    view.totals
        .iter()
        .map(|total| (total.kind, total.total))
        .collect()
}

#[tokio::test]
async fn photos_find_their_candidates_and_the_rest_is_told() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 51, 6).await;
        let named = |at: usize| format!("26/{}.JPG", all[at].ksh);
        let photos = vec![
            (named(0), jpeg(1)),
            (named(1), jpeg(2)),
            (named(2), jpeg(1)),
            (named(3), b"\x89PNG no photo".to_vec()),
            ("26/26319999999999.jpg".to_owned(), jpeg(4)),
            ("26/Thumbs.db".to_owned(), vec![0; 10]),
        ];
        let view = send(&ground, &photos).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.source["kept"], 2);
        assert_eq!(view.line.counts.source["photos"], 5);
        let expected = BTreeMap::from([
            (FindingKind::PhotoUnmatched, 1),
            (FindingKind::PhotoAbsent, 4),
            (FindingKind::PhotoUnusable, 1),
            (FindingKind::PhotoShared, 1),
        ]);
        assert_eq!(totals(&view), expected);
        let photo = ground
            .services
            .photo(&ground.officer, all[0].id)
            .await
            .unwrap();
        // Shown reduced and marked, never as the file that came.
        assert!(photo.bytes.starts_with(b"\x89PNG") && photo.media == "image/png");
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let log = unit.access_to(all[0].id, 10).await.unwrap();
        assert_eq!((log.len(), log[0].kind.as_str()), (1, "photo"));
        let kept = unit
            .admission_photo(all[0].candidate_id)
            .await
            .unwrap()
            .unwrap();
        let sealed = ground
            .bed
            .store()
            .files()
            .get(&kept.object_key)
            .await
            .unwrap();
        assert!(
            !sealed
                .windows(20)
                .any(|part| jpeg(1).windows(20).any(|plain| plain == part))
        );
        drop(unit);
        // Again with one photo changed and one more: what is kept stays.
        let photos = vec![
            (named(0), jpeg(9)),
            (named(1), jpeg(2)),
            (named(4), jpeg(5)),
        ];
        let view = send(&ground, &photos).await;
        assert_eq!(view.line.counts.source["kept"], 1);
        assert_eq!(view.line.counts.source["unchanged"], 1);
        assert_eq!(totals(&view)[&FindingKind::PhotoReplaced], 1);
        let photo = ground
            .services
            .photo(&ground.officer, all[0].id)
            .await
            .unwrap();
        // Shown reduced and marked, never as the file that came.
        assert!(photo.bytes.starts_with(b"\x89PNG") && photo.media == "image/png");
    })
    .await;
}

#[tokio::test]
async fn photos_whose_folders_are_named_in_gbk_find_their_candidates() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 58, 3).await;
        let photo = |at: usize| {
            let path = format!("录取照片/上海市/{}.jpg", all[at].ksh);
            (path, jpeg(u8::try_from(at).unwrap()))
        };
        let packed = SamplePackage {
            files: vec![photo(0), photo(1), photo(2)],
            counts: BTreeMap::new(),
            defects: Vec::new(),
        };
        let named = "照片.zip";
        let sent = ground.services.upload_photos(
            &ground.officer,
            i32::from(YEAR),
            named,
            packed.zip(ZipNames::Gbk),
        );
        let import = sent.await.unwrap().import();
        ground.work().await;
        let view = ground.view(import).await;
        assert_eq!(view.line.counts.source["kept"], 3);
        assert_eq!(totals(&view), BTreeMap::new());
    })
    .await;
}

#[tokio::test]
async fn the_same_photos_come_again_once_their_candidates_are_in() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(53, 3, &[]);
        let import = ground.checked(&sample).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let rows = unit.import_rows(import, 0, 10).await.unwrap();
        drop(unit);
        let photos: Vec<(String, Vec<u8>)> = (1_u8..)
            .zip(&rows)
            .map(|(mark, row)| (format!("上海 本科批/{}.jpg", row.ksh), jpeg(mark)))
            .collect();
        let early = send(&ground, &photos).await;
        assert_eq!(totals(&early)[&FindingKind::PhotoUnmatched], 3);
        let book = ground
            .services
            .findings_workbook(&ground.officer, early.line.id, domain::text::Lang::Zh)
            .await
            .unwrap();
        let sheet = formats::table::read(&book, &formats::table::TableLimits::default()).unwrap();
        assert_eq!(sheet.rows.len(), 3);
        ground.confirm(import).await;
        let late = send(&ground, &photos).await;
        assert_ne!(late.line.id, early.line.id);
        assert_eq!(late.line.counts.source["kept"], 3);
        assert_eq!(totals(&late), BTreeMap::new());
        let again = send(&ground, &photos).await;
        assert_eq!(
            again.line.id, late.line.id,
            "now there is nothing left to do"
        );
    })
    .await;
}

#[tokio::test]
async fn a_photo_import_is_undone_with_its_files_and_goes_with_its_candidates() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground.confirmed(&package(52, 3, &[])).await;
        let all = students(&ground).await;
        let first = send(&ground, &[photo_of(&all[0], 1)]).await;
        let key = {
            let unit = ground.bed.store().read(&ground.officer).await.unwrap();
            unit.admission_photo(all[0].candidate_id)
                .await
                .unwrap()
                .unwrap()
                .object_key
        };
        ground.undo(first.line.id).await.unwrap();
        assert!(matches!(
            ground.services.photo(&ground.officer, all[0].id).await,
            Err(ServiceError::NotFound)
        ));
        assert!(ground.bed.store().files().get(&key).await.is_err());
        assert_eq!(ground.candidates().await, 3);
        send(&ground, &[photo_of(&all[1], 2)]).await;
        ground.undo(import).await.unwrap();
        assert_eq!(ground.candidates().await, 0);
    })
    .await;
}

/// The undo is committed before the file goes: it is done, whatever becomes of the file.
#[tokio::test]
async fn an_undo_is_done_where_its_file_cannot_be_removed() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 56, 1).await;
        let photo = send(&ground, &[photo_of(&all[0], 1)]).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let kept = unit.photos_of_import(photo.line.id).await.unwrap();
        drop(unit);
        let file = ground.bed.folder().join("files").join(&kept[0].object_key);
        // What is no file cannot be removed as one, whoever runs the test.
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        ground.undo(photo.line.id).await.unwrap();
        let view = ground.view(photo.line.id).await;
        assert_eq!(view.line.state, ImportState::Undone);
        assert!(file.exists());
    })
    .await;
}

#[tokio::test]
async fn photos_that_went_with_their_candidates_come_again_with_the_same_file() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(55, 3, &[]);
        let import = ground.confirmed(&sample).await;
        let photos: Vec<(String, Vec<u8>)> = (1_u8..)
            .zip(&students(&ground).await)
            .map(|(mark, student)| photo_of(student, mark))
            .collect();
        let whole = send(&ground, &photos).await;
        let part = send(&ground, &photos[..1]).await;
        assert_eq!(part.line.counts.source["unchanged"], 1);
        ground.undo(import).await.unwrap();
        ground.confirmed(&sample).await;
        let part_again = send(&ground, &photos[..1]).await;
        assert_ne!(part_again.line.id, part.line.id);
        assert_eq!(part_again.line.counts.source["kept"], 1);
        let again = send(&ground, &photos).await;
        assert_ne!(again.line.id, whole.line.id);
        assert_eq!(again.line.counts.source["kept"], 2);
        assert_eq!(again.line.counts.source["unchanged"], 1);
        let done = send(&ground, &photos).await;
        assert!(
            [whole.line.id, again.line.id].contains(&done.line.id),
            "nothing is left to do"
        );
    })
    .await;
}

/// What the suggestion says: the wrong photo is taken back, and the file with the right one comes again.
#[tokio::test]
async fn a_photo_that_another_one_stood_against_comes_again_with_the_same_file() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 56, 3).await;
        let named = |at: usize, mark| photo_of(&all[at], mark);
        let wrong = send(&ground, &[named(0, 9)]).await;
        let right = [named(0, 1), named(1, 2), named(2, 3)];
        let first = send(&ground, &right).await;
        assert_eq!(totals(&first)[&FindingKind::PhotoReplaced], 1);
        ground.undo(wrong.line.id).await.unwrap();
        let again = send(&ground, &right).await;
        assert_ne!(again.line.id, first.line.id);
        assert_eq!(again.line.counts.source["kept"], 1);
        assert_eq!(totals(&again), BTreeMap::new());
        let done = send(&ground, &right).await;
        assert!([first.line.id, again.line.id].contains(&done.line.id));
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_another_candidate_had_comes_again_with_the_same_file() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 57, 2).await;
        let named = |at: usize, mark| photo_of(&all[at], mark);
        let wrong = send(&ground, &[named(1, 1)]).await;
        let first = send(&ground, &[named(0, 1)]).await;
        assert_eq!(totals(&first)[&FindingKind::PhotoShared], 1);
        ground.undo(wrong.line.id).await.unwrap();
        let again = send(&ground, &[named(0, 1)]).await;
        assert_eq!(again.line.counts.source.get("kept"), Some(&1));
    })
    .await;
}

#[tokio::test]
async fn a_photo_named_by_a_document_number_gives_it_to_nobody() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let body = "31010120060301003";
        let number = format!(
            "{body}{}",
            domain::person::id_number::check_digit(body).unwrap()
        );
        let photos = [
            (format!("26/{number}.jpg"), jpeg(1)),
            (format!("王五{number}/photo.jpg"), b"no photo".to_vec()),
            ("26/01234567.jpg".to_owned(), jpeg(2)),
            ("赵六M01234567/photo.jpg".to_owned(), b"no photo".to_vec()),
            ("26/26310115150009.jpg".to_owned(), jpeg(3)),
        ];
        let view = send(&ground, &photos).await;
        let expected = BTreeMap::from([
            (FindingKind::PhotoUnmatched, 3),
            (FindingKind::PhotoUnusable, 2),
        ]);
        assert_eq!(totals(&view), expected);
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let all = store::FindingFilter {
            limit: 10,
            ..store::FindingFilter::default()
        };
        let found = unit.findings(view.line.id, &all).await.unwrap();
        let kept: Vec<String> = found
            .into_iter()
            .map(|finding| format!("{} {} {}", finding.ksh, finding.file, finding.message))
            .collect();
        for kept in &kept {
            let plain = kept.contains("20060301") || kept.contains("1234567");
            assert!(!plain, "{kept}");
        }
        let told = |mask: &str| kept.iter().filter(|kept| kept.contains(mask)).count();
        assert_eq!(
            (told("310****"), told("26/0*******.jpg"), told("M********")),
            (2, 1, 1)
        );
        // A candidate number is what the staff looks for.
        assert_eq!(told("26310115150009"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_college_sees_a_photo_only_once_the_cohort_is_handed_over() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 53, 2).await;
        send(&ground, &[photo_of(&all[0], 1)]).await;
        let college = ground.bed.store().id();
        let secretary = ground
            .bed
            .person_in(
                ground.tenant,
                Office::College,
                PostKind::TeachingSecretary,
                PersonalScope::College(college),
            )
            .await;
        let photo = ground.services.photo(&secretary, all[0].id).await;
        assert!(matches!(photo, Err(ServiceError::NotFound)));
        let affairs = ground
            .bed
            .officer(ground.tenant, Office::StudentAffairs)
            .await;
        assert!(ground.services.photo(&affairs, all[0].id).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_zip_that_is_none_is_unreadable() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let outcome = ground
            .services
            .upload_photos(
                &ground.officer,
                i32::from(YEAR),
                "照片.zip",
                b"nothing".to_vec(),
            )
            .await
            .unwrap();
        ground.work().await;
        assert_eq!(
            ground.view(outcome.import()).await.line.state,
            ImportState::Unreadable
        );
    })
    .await;
}

/// A parser that dies behind its hundredth photo, the first time.
#[derive(Debug, Default)]
struct DiesOnce(AtomicBool);

impl Parser for DiesOnce {
    fn parse(&self, request: ParseRequest) -> Lines {
        let mut whole = InProcess.parse(request);
        if self.0.swap(true, Ordering::SeqCst) {
            return whole;
        }
        let (to, lines) = channel();
        tokio::spawn(async move {
            for _ in 0..100 {
                let Some(line) = whole.recv().await else {
                    return;
                };
                let _ = to.send(line).await;
            }
        });
        lines
    }
}

#[tokio::test]
async fn photos_that_are_kept_when_the_parser_dies_are_not_kept_twice() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        ground.confirmed(&package(54, 120, &[])).await;
        let photos: Vec<(String, Vec<u8>)> = (0_u8..)
            .zip(&students(&ground).await)
            .map(|(mark, student)| photo_of(student, mark))
            .collect();
        let outcome = ground
            .services
            .upload_photos(&ground.officer, i32::from(YEAR), "照片.zip", zip(&photos))
            .await
            .unwrap();
        let fragile = Services::new(ground.bed.store().clone(), Arc::new(DiesOnce::default()));
        let worker = Worker::new(fragile, "fragile");
        assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Retried));
        ground.bed.advance(TimeDelta::seconds(5));
        assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Done));
        let view = ground.view(outcome.import()).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.source["kept"], photos.len() as u64);
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let kept = unit.photos_of_import(outcome.import()).await.unwrap();
        assert_eq!(kept.len(), photos.len());
    })
    .await;
}

/// A parser that was killed at every photo for a page.
#[derive(Debug)]
struct ShowsNone;

impl Parser for ShowsNone {
    fn parse(&self, request: ParseRequest) -> Lines {
        if matches!(request, ParseRequest::ShownPhoto(_)) {
            return channel().1;
        }
        InProcess.parse(request)
    }
}

#[tokio::test]
async fn a_photo_is_decoded_by_the_parser_alone() {
    on_both(|bed| async move {
        let (ground, all) = with_students(bed, 55, 1).await;
        send(&ground, &[photo_of(&all[0], 1)]).await;
        let fragile = Services::new(ground.bed.store().clone(), Arc::new(ShowsNone));
        let killed = fragile.photo(&ground.officer, all[0].id).await;
        assert!(matches!(killed, Err(ServiceError::File(_))), "{killed:?}");
        // The next one who looks is served, and so is whoever waits for a turn.
        let looks = (0..5).map(|_| ground.services.photo(&ground.officer, all[0].id));
        for shown in futures_util::future::join_all(looks).await {
            assert!(shown.unwrap().bytes.starts_with(b"\x89PNG"));
        }
    })
    .await;
}
