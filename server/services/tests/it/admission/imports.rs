//! Upload, check, accept, confirm; the same file twice; what changed since.

use crate::admission::ground::{Ground, YEAR, good_rows, package, upload_of};
use domain::admission::finding::{FindingKind, Severity};
use domain::admission::import::ImportState;
use domain::admission::online::OnlineField;
use domain::admission::source::SourceField;
use domain::decision::Reason;
use domain::institution::Office;
use domain::view::admission::{JobState, RowState, UploadOutcome};
use formats::sample::{Defect, SamplePackage, ZipNames};
use services::ServiceError;
use services::admission::snapshot;
use store::testkit::{on_both, on_postgres};
use store::{FindingFilter, StudentFilter, StudentPage, StudentSort};

const DEFECTS: &[(Defect, u32)] = &[
    (Defect::BadChecksum, 2),
    (Defect::DotVariant, 3),
    (Defect::UnknownArea, 1),
    (Defect::DuplicateId, 1),
    (Defect::Withdrawn, 2),
    (Defect::Deleted, 1),
    (Defect::MissingGlyph, 1),
];

fn page() -> StudentPage {
    StudentPage {
        sort: StudentSort::CandidateNumber,
        descending: false,
        offset: 0,
        limit: 1_000,
    }
}

#[tokio::test]
async fn a_package_is_checked_and_its_good_rows_go_in() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(1, 40, DEFECTS);
        let import = ground.checked(&sample).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Checked);
        assert_eq!(view.line.counts.source, sample.counts);
        assert_eq!(view.progress.unwrap().state, JobState::Done);
        let found: u64 = view.totals.iter().map(|total| total.total).sum();
        assert_eq!(found, sample.defects.len() as u64);
        assert_eq!(
            ground.candidates().await,
            0,
            "nothing real before the confirmation"
        );
        let good = good_rows(&sample);
        assert_eq!(view.line.counts.in_state(RowState::Good), good);
        assert_eq!(view.line.counts.in_state(RowState::Warned), 4);
        assert_eq!(view.steps.confirm, good);
        assert_eq!(
            view.steps.open_warnings, 4,
            "three rows that are no candidates are told, and nobody is asked about them"
        );
        ground.confirm(import).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.in_state(RowState::Confirmed), good);
        assert!(view.confirmed.is_some());
        assert_eq!(ground.candidates().await, good);
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn the_record_holds_what_the_province_said_and_what_is_due() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(2, 5, &[]);
        ground.confirmed(&sample).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let seen = ground.officer.visible();
        let students = unit
            .students(&seen, &StudentFilter::default(), page())
            .await
            .unwrap();
        assert_eq!(students.len(), 5);
        for student in students {
            assert_eq!(student.qualification, "awaiting_arrival");
            assert_eq!(student.status, "none");
            assert_eq!(student.registration, "not_due");
            assert_eq!(student.photo, "not_captured");
            assert_eq!(student.year, i32::from(YEAR));
            assert!(student.ksh.ends_with(&student.ksh_tail));
            let candidate = unit.candidate(student.candidate_id).await.unwrap();
            let facts = snapshot::facts(unit.keys(), &candidate).unwrap();
            assert_eq!(facts.ksh, candidate.ksh);
            assert_eq!(facts.id_number.as_deref().map(str::len), Some(18));
            assert!(
                !candidate
                    .identity
                    .windows(6)
                    .any(|part| part == &facts.id_number.as_ref().unwrap().as_bytes()[..6])
            );
            let due = snapshot::due(&candidate).unwrap();
            assert!(due.contains(&OnlineField::StudentNumber));
            assert!(due.contains(&OnlineField::EnrolmentDate));
            assert!(due.contains(&OnlineField::Image));
            assert!(!due.contains(&OnlineField::IdNumber));
            assert_eq!(candidate.digest.len(), 32);
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_is_kept_byte_for_byte_and_sealed() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(3, 3, &[]);
        let import = ground.checked(&sample).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        for row in unit.import_rows(import, 0, 10).await.unwrap() {
            let plain = store::seal::open(
                unit.keys(),
                store::keys::Purpose::Source,
                &store::seal::Place::new("import_row", "sealed", row.id),
                store::seal::Sealed::stored(row.sealed),
            )
            .unwrap();
            let kept: serde_json::Value = serde_json::from_slice(&plain).unwrap();
            assert_eq!(
                kept["records"].as_array().unwrap().len(),
                2,
                "personal data and offer"
            );
            assert_eq!(kept["records"][0]["values"]["KSH"], row.ksh);
            assert_eq!(kept["candidate"]["facts"]["name"], row.name);
            let records = kept["records"].as_array().unwrap();
            for record in records {
                let (file, row) = (record["file"].as_str().unwrap(), record["row"].as_u64());
                let (_, table) = sample.files.iter().find(|(path, _)| path == file).unwrap();
                let limits = formats::dbf::DbfLimits::default();
                let reader = formats::dbf::DbfReader::parse(table, &limits).unwrap();
                let source = reader
                    .records()
                    .find(|record| Some(u64::from(record.number)) == row);
                let raw: Raw = serde_json::from_value(record.clone()).unwrap();
                assert_eq!(raw.raw, source.unwrap().raw, "{file}");
            }
        }
    })
    .await;
}

/// The bytes of a kept record.
#[derive(serde::Deserialize)]
struct Raw {
    #[serde(with = "domain::admission::source::bytes")]
    raw: Vec<u8>,
}

#[tokio::test]
async fn no_plain_hash_of_a_person_is_kept() {
    use aws_lc_rs::digest::{SHA256, digest};
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(10, 6, &[(Defect::BadChecksum, 1)]);
        ground.confirmed(&sample).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let students = unit
            .students(&ground.officer.visible(), &StudentFilter::default(), page())
            .await
            .unwrap();
        let kept = ground.bed.everything_kept().await;
        let is_kept = |hash: &[u8]| {
            kept.iter()
                .any(|(_, bytes)| bytes.windows(hash.len()).any(|part| part == hash))
        };
        let mut keyed = 0;
        for student in students {
            let candidate = unit.candidate(student.candidate_id).await.unwrap();
            let facts = snapshot::facts(unit.keys(), &candidate).unwrap();
            let number = facts.id_number.clone().unwrap();
            for plain in [facts.canonical().unwrap(), number.into_bytes()] {
                let hash = digest(&SHA256, &plain);
                assert!(!is_kept(hash.as_ref()), "a plain hash can be reversed");
                assert_ne!(candidate.digest, hash.as_ref());
            }
            keyed += usize::from(is_kept(&candidate.digest));
        }
        assert_eq!(keyed, 5, "the search finds what is there");
    })
    .await;
}

#[tokio::test]
async fn what_was_not_seen_is_not_decided() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(13, 12, &[(Defect::DotVariant, 1)]);
        let import = ground.checked(&sample).await;
        let seen = ground.seen(import).await;
        // A colleague accepts a warning meanwhile: other rows would go in than those that were looked at.
        ground
            .accept(import, FindingKind::DotVariant, "与身份证件一致")
            .await
            .unwrap();
        let (services, officer) = (&ground.services, &ground.officer);
        let stale = |outcome: Result<(), ServiceError>| {
            matches!(outcome, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::Stale)
        };
        let confirmed = services.confirm_import(officer, import, seen).await;
        assert!(stale(confirmed.map(drop)));
        ground.confirm(import).await;
        let said = (FindingKind::DotVariant, "与身份证件一致");
        let accepted = services
            .accept_warnings(officer, import, seen.version, said)
            .await;
        assert!(stale(accepted.map(drop)));
        assert!(stale(services.undo_import(officer, import, seen.version).await));
        assert_eq!(ground.candidates().await, 12);
    })
    .await;
}

#[tokio::test]
async fn rows_are_counted_by_province_and_major_before_anything_is_in() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(14, 20, &[(Defect::BadChecksum, 2)]);
        let import = ground.checked(&sample).await;
        let view = ground.view(import).await;
        assert_eq!(view.folders.len(), 1);
        assert_eq!(view.folders[0].total(), 20);
        assert_eq!(view.folders[0].in_state(RowState::Bad), 2);
        assert!(view.majors.len() > 1);
        let people: u64 = view
            .majors
            .iter()
            .map(domain::view::admission::RowsOf::total)
            .sum();
        assert_eq!(people, 20);
        let good = ground
            .services
            .import_rows(&ground.officer, import, RowState::Good, 0)
            .await
            .unwrap();
        assert_eq!(good.len(), 18);
        assert!(
            good.iter()
                .all(|row| !row.name.is_empty() && !row.major.is_empty())
        );
        let other = ground
            .bed
            .officer(ground.tenant, Office::AcademicAffairs)
            .await;
        let refused = ground
            .services
            .import_rows(&other, import, RowState::Good, 0)
            .await;
        assert!(matches!(refused, Err(ServiceError::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn the_records_of_the_province_are_shown_with_a_reason() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(15, 4, &[]);
        ground.confirmed(&sample).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let students = unit
            .students(&ground.officer.visible(), &StudentFilter::default(), page())
            .await
            .unwrap();
        drop(unit);
        let field = domain::view::record::RevealField::SourceRecord;
        let shown = ground
            .services
            .reveal(&ground.officer, students[0].id, field, "核对录取信息")
            .await
            .unwrap();
        assert!(
            shown.contains("T_BMK") && shown.contains("T_TDD"),
            "{shown}"
        );
        assert!(shown.contains(&format!("KSH={}", students[0].ksh)));
        let hex = shown
            .lines()
            .find_map(|line| line.strip_prefix("HEX "))
            .unwrap();
        assert!(hex.len() > 100 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let log = unit.access_to(students[0].id, 10).await.unwrap();
        assert_eq!(log.len(), 1, "the student sees the look");
    })
    .await;
}

#[tokio::test]
async fn warnings_let_their_rows_in_once_they_are_accepted_with_a_reason() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(4, 30, DEFECTS);
        let import = ground.checked(&sample).await;
        let (services, officer) = (&ground.services, &ground.officer);
        let short = ground.accept(import, FindingKind::DotVariant, " 好 ").await;
        assert!(matches!(
            short,
            Err(ServiceError::Invalid {
                field: "reason",
                ..
            })
        ));
        let accepted = ground
            .accept(import, FindingKind::DotVariant, "已核对身份证件")
            .await
            .unwrap();
        assert_eq!(accepted, 3);
        let errors = ground
            .accept(import, FindingKind::BadChecksum, "已核对身份证件")
            .await
            .unwrap();
        assert_eq!(errors, 0, "an error is repaired, not accepted");
        let good = good_rows(&sample);
        assert_eq!(ground.view(import).await.steps.confirm, good + 3);
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, good + 3);
        // The rest of the warnings may follow later.
        ground
            .accept(import, FindingKind::UnknownArea, "已核对身份证件")
            .await
            .unwrap();
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, good + 4);
        let filter = FindingFilter {
            kind: Some("dot_variant".to_owned()),
            limit: 10,
            ..FindingFilter::default()
        };
        let page = services.findings(officer, import, filter).await.unwrap();
        assert_eq!(page.total, 3);
        assert!(
            page.lines
                .iter()
                .all(|line| line.accepted.as_deref() == Some("已核对身份证件"))
        );
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_says_so() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(5, 20, &[]);
        let import = ground.confirmed(&sample).await;
        let again = ground.upload(sample.zip(ZipNames::Gbk)).await;
        assert!(matches!(again, UploadOutcome::Already { import: same, state: ImportState::Confirmed, .. } if same == import));
        // The same tables in another zip file: every row is known.
        let other = ground.upload(sample.zip(ZipNames::Utf8)).await;
        assert!(matches!(other, UploadOutcome::Started { .. }));
        ground.work().await;
        let view = ground.view(other.import()).await;
        assert_eq!(view.line.counts.in_state(RowState::Unchanged), 20);
        assert_eq!(view.steps.confirm, 0);
        let nothing = ground.services.confirm_import(&ground.officer, other.import(), ground.seen(other.import()).await).await;
        assert!(matches!(nothing, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::Incomplete));
        assert_eq!(ground.candidates().await, 20);
        ground.assert_sound().await;
    })
    .await;
}

/// The same package with another name for its first candidate.
fn renamed(sample: &SamplePackage) -> (SamplePackage, String) {
    let mut changed = sample.clone();
    let (path, bytes) = changed
        .files
        .iter_mut()
        .find(|(path, _)| path.to_uppercase().ends_with("T_BMK.DBF"))
        .unwrap();
    let reader =
        formats::dbf::DbfReader::parse(bytes, &formats::dbf::DbfLimits::default()).unwrap();
    let at = |name: &str| {
        reader
            .fields()
            .iter()
            .position(|field| field.name == name)
            .unwrap()
    };
    let (ksh, name) = (at("KSH"), at("XM"));
    let record = reader.records().next().unwrap();
    let (old, number) = (record.values[name].clone(), record.values[ksh].clone());
    let old = encode(old.trim());
    let place = bytes
        .windows(old.len())
        .position(|part| part == old)
        .unwrap();
    let new = encode("欧阳明");
    for (offset, byte) in new
        .iter()
        .chain(std::iter::repeat(&b' '))
        .take(old.len().max(new.len()))
        .enumerate()
    {
        bytes[place + offset] = *byte;
    }
    let _ = path;
    (changed, number.trim().to_owned())
}

fn encode(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[tokio::test]
async fn a_changed_row_names_its_fields_and_changes_nothing() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(6, 12, &[]);
        ground.confirmed(&sample).await;
        let (changed, ksh) = renamed(&sample);
        let import = ground.checked(&changed).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.counts.in_state(RowState::Changed), 1);
        assert_eq!(view.line.counts.in_state(RowState::Unchanged), 11);
        assert_eq!(view.steps.confirm, 0);
        let filter = FindingFilter {
            limit: 10,
            ..FindingFilter::default()
        };
        let page = ground
            .services
            .findings(&ground.officer, import, filter)
            .await
            .unwrap();
        let line = &page.lines[0];
        assert_eq!(
            (line.kind, line.severity),
            (FindingKind::Changed, Severity::Error)
        );
        assert_eq!(line.ksh, ksh);
        assert!(line.message.0.contains("姓名"), "{}", line.message.0);
        assert!(line.message.0.contains("→ 欧阳明"), "{}", line.message.0);
        assert_eq!(line.field, SourceField::Ksh.column());
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_folder_of_files_is_the_same_upload_in_any_order() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(7, 8, &[]);
        let upload = |files: Vec<(String, Vec<u8>)>| {
            let mut upload = upload_of("录取数据", Vec::new());
            upload.content = services::admission::Content::Folder(files);
            upload
        };
        let first = ground.sent(upload(sample.files.clone())).await;
        assert_eq!(ground.view(first).await.line.counts.source, sample.counts);
        let mut turned = sample.files.clone();
        turned.reverse();
        let second = ground
            .services
            .upload_admission(&ground.officer, upload(turned))
            .await
            .unwrap();
        assert!(matches!(second, UploadOutcome::Already { .. }));
    })
    .await;
}

#[tokio::test]
async fn two_imports_of_one_intake_never_bring_a_candidate_in_twice() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(8, 25, &[]);
        let first = ground.checked(&sample).await;
        let second = ground.upload(sample.zip(ZipNames::Utf8)).await.import();
        ground.work().await;
        assert_eq!(
            ground.view(second).await.steps.confirm,
            25,
            "checked before the first went in"
        );
        ground.confirm(first).await;
        ground.confirm(second).await;
        assert_eq!(ground.candidates().await, 25);
        assert_eq!(ground.rows(second).await[&RowState::Unchanged], 25);
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn other_offices_and_other_schools_reach_nothing() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground.checked(&package(9, 4, &[])).await;
        let other = ground.bed.officer(ground.tenant, Office::AcademicAffairs).await;
        let view = ground.services.import_view(&other, import).await;
        assert!(matches!(view, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::WrongOffice));
        let upload = upload_of("x.zip", vec![1]);
        let sent = ground.services.upload_admission(&other, upload).await;
        assert!(matches!(sent, Err(ServiceError::Refused(_))));
        let elsewhere = ground.bed.tenant("jiangnan").await;
        let stranger = ground.bed.officer(elsewhere, Office::Admissions).await;
        let view = ground.services.import_view(&stranger, import).await;
        assert!(matches!(view, Err(ServiceError::NotFound)));
        let confirm = ground.services.confirm_import(&stranger, import, ground.seen(import).await).await;
        assert!(matches!(confirm, Err(ServiceError::NotFound)));
        assert_eq!(ground.services.imports(&stranger, 0, 10).await.unwrap().0, []);
        assert_eq!(ground.services.imports(&ground.officer, 0, 10).await.unwrap().1, 1);
    })
    .await;
}

#[tokio::test]
async fn rows_that_are_only_counted_ask_nothing_of_anybody() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(91, 12, &[(Defect::Deleted, 2), (Defect::Withdrawn, 1)]);
        let import = ground.checked(&sample).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.counts.source["deleted"], 2);
        assert_eq!(view.totals.len(), 2, "they are shown");
        assert_eq!((view.steps.open_warnings, view.steps.repair), (0, false));
        assert!(view.steps.confirm > 0);
    })
    .await;
}

#[tokio::test]
async fn one_file_sent_twice_at_the_same_moment_is_one_import() {
    on_postgres(|bed| async move {
        let ground = Ground::new(bed).await;
        let bytes = package(92, 5, &[]).zip(ZipNames::Gbk);
        let (one, other) = tokio::join!(ground.upload(bytes.clone()), ground.upload(bytes));
        assert_eq!(one.import(), other.import());
        let started = |outcome: &UploadOutcome| matches!(outcome, UploadOutcome::Started { .. });
        assert!(started(&one) != started(&other));
        let all = ground.services.imports(&ground.officer, 0, 10).await;
        assert_eq!(all.unwrap().1, 1);
    })
    .await;
}
