//! Special admissions: the school's own numbers, the document first, the year of an earlier admission.

use crate::admission::ground::{Ground, upload_of};
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::person::id_number::{IdType, check_digit};
use domain::view::admission::{ImportView, RowState, UploadOutcome};
use domain::view::record::RecordView;
use services::admission::AdmissionUpload;
use store::rows;
use store::testkit::on_both;
use uuid::Uuid;

pub const HEAD: &str = "考生号,姓名,性别,证件类型,身份证号,出生日期,民族,录取专业\n";

const LATER: &str = "SB20300001,赵七,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n";

/// Puts the check digit behind every number in braces.
pub fn with_digits(rows: &str) -> String {
    let mut out = String::new();
    for (at, part) in rows.split(['{', '}']).enumerate() {
        out.push_str(part);
        if at % 2 == 1 {
            out.push(check_digit(part).unwrap());
        }
    }
    out
}

/// A list of these rows with further columns behind the usual ones.
fn wider(columns: &str, rows: &str) -> AdmissionUpload {
    let head = HEAD.replace('\n', &format!("{columns}\n"));
    let bytes = format!("{head}{}", with_digits(rows)).into_bytes();
    upload_of("名单.csv", bytes)
}

/// A list of these rows, sent as what a way of admission sends.
fn list(path: AdmissionPath, rows: &str) -> AdmissionUpload {
    AdmissionUpload {
        path,
        ..wider("", rows)
    }
}

/// The candidate of a number, once it is in.
async fn candidate(ground: &Ground, number: &str) -> rows::Candidate {
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let student = unit.student_by_number(number).await.unwrap();
    unit.candidate(student.unwrap().candidate_id).await.unwrap()
}

async fn check(ground: &Ground, path: AdmissionPath, rows: &str) -> (Uuid, ImportView) {
    let upload = list(path, rows);
    let outcome = ground
        .services
        .upload_admission(&ground.officer, upload)
        .await
        .unwrap();
    assert!(matches!(outcome, UploadOutcome::Started { .. }));
    ground.work().await;
    (outcome.import(), ground.view(outcome.import()).await)
}

fn kinds(view: &ImportView) -> Vec<FindingKind> {
    view.totals.iter().map(|total| total.kind).collect()
}

#[tokio::test]
async fn numbers_of_the_school_pass_where_they_belong() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let row = "ZSB2026010001,张三,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n";
        let (import, view) = check(&ground, AdmissionPath::TopUp, row).await;
        assert_eq!(kinds(&view), []);
        ground.confirm(import).await;
        let candidate = candidate(&ground, "ZSB2026010001").await;
        assert_eq!(candidate.path, "top_up");
        let (_, ordinary) = check(&ground, AdmissionPath::Ordinary, row).await;
        assert_eq!(ordinary.line.counts.in_state(RowState::Unchanged), 1);
        let short = "2601,李四,女,居民身份证,{31010120040301004},20040301,汉族,会计学\n";
        let (_, short) = check(&ground, AdmissionPath::SecondBachelor, short).await;
        assert_eq!(kinds(&short), [FindingKind::BadKsh]);
    })
    .await;
}

#[tokio::test]
async fn the_kind_of_document_comes_first_for_hong_kong_macao_and_taiwan() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let stated = "GAT202600001,陈一,男,香港特区护照/身份证明,M427772(A),20040301,其他,会计学\n";
        let (import, view) = check(&ground, AdmissionPath::Hmt, stated).await;
        assert_eq!(kinds(&view), []);
        assert_eq!(view.line.counts.in_state(RowState::Good), 1);
        ground.confirm(import).await;
        let candidate = candidate(&ground, "GAT202600001").await;
        assert_eq!(
            (candidate.path.as_str(), candidate.id_type.as_str()),
            ("hmt", IdType::HongKong.code())
        );
        let silent = "GAT202600002,陈二,男,,M427772(A),20040301,其他,会计学\n";
        let (_, view) = check(&ground, AdmissionPath::Hmt, silent).await;
        assert!(kinds(&view).contains(&FindingKind::MissingField));
    })
    .await;
}

/// Name of the document in the list, number without its check digit in braces, kind that is kept.
const FROM_OUTSIDE: [(&str, &str, IdType); 10] = [
    ("香港特区护照/身份证明", "M427772(A)", IdType::HongKong),
    ("港澳居民来往内地通行证", "H12345678", IdType::HongKong),
    ("港澳居民来往内地通行证", "M24681357", IdType::Macao),
    ("澳门特区护照/身份证明", "1234567(8)", IdType::Macao),
    ("台湾居民来往大陆通行证", "97531086", IdType::TaiwanPass),
    ("台胞证", "A123456789", IdType::TaiwanPass),
    (
        "港澳台居民居住证",
        "{81000020040301001}",
        IdType::HongKongMacaoResidencePermit,
    ),
    (
        "港澳居民居住证",
        "{82000020040301359}",
        IdType::HongKongMacaoResidencePermit,
    ),
    (
        "港澳台居民居住证",
        "{83000020040301001}",
        IdType::TaiwanResidencePermit,
    ),
    ("C2", "{83000020040301247}", IdType::TaiwanResidencePermit),
];

#[tokio::test]
async fn every_document_of_hong_kong_macao_and_taiwan_is_kept_as_its_kind() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let rows: Vec<String> = (1..)
            .zip(FROM_OUTSIDE)
            .map(|(at, (name, number, _))| {
                format!("GAT2026{at:05},陈一,男,{name},{number},20040301,其他,会计学")
            })
            .collect();
        let rows = rows.join("\n");
        let (import, view) = check(&ground, AdmissionPath::Hmt, &rows).await;
        assert_eq!(kinds(&view), []);
        ground.confirm(import).await;
        for (at, (name, number, kind)) in (1..).zip(FROM_OUTSIDE) {
            let candidate = candidate(&ground, &format!("GAT2026{at:05}")).await;
            assert_eq!(candidate.id_type, kind.code(), "{name} {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_document_of_another_kind_than_the_list_says_is_an_error() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        for (name, number, found) in [
            ("台胞证", "H12345678", FindingKind::BadIdNumber),
            (
                "港澳居民居住证",
                "{83000020040301001}",
                FindingKind::BadIdNumber,
            ),
            (
                "香港特区护照/身份证明",
                "M427772(1)",
                FindingKind::BadChecksum,
            ),
            ("驾驶证", "M427772(A)", FindingKind::BadIdType),
        ] {
            let row = format!("GAT202600001,陈一,男,{name},{number},20040301,其他,会计学\n");
            let (_, view) = check(&ground, AdmissionPath::Hmt, &row).await;
            assert_eq!(kinds(&view), [found], "{name} {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_of_the_school_has_ten_to_eighteen_characters() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        for (length, expected) in [
            (9, vec![FindingKind::BadKsh]),
            (10, vec![]),
            (18, vec![]),
            (19, vec![FindingKind::BadKsh]),
        ] {
            let number = format!("Z{:01$}", 1, length - 1);
            let row =
                format!("{number},张三,男,居民身份证,{{31010120040301003}},20040301,汉族,会计学\n");
            let (_, view) = check(&ground, AdmissionPath::TopUp, &row).await;
            assert_eq!(kinds(&view), expected, "{length} characters");
        }
    })
    .await;
}

#[tokio::test]
async fn a_returner_keeps_the_number_of_the_year_of_admission() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let row = "22310115150001,王五,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n";
        let (_, view) = check(&ground, AdmissionPath::Returner, row).await;
        assert_eq!(kinds(&view), []);
        assert_eq!(view.line.counts.in_state(RowState::Good), 1);
        let other = "27310115150001,王六,男,居民身份证,{31010120040301011},20040301,汉族,会计学\n";
        let (_, view) = check(&ground, AdmissionPath::Returner, other).await;
        assert!(kinds(&view).contains(&FindingKind::WrongYear));
    })
    .await;
}

#[tokio::test]
async fn one_document_under_two_numbers_is_an_error_in_one_year_and_a_warning_across_years() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let first = "26310115150001,赵七,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n";
        let (import, _) = check(&ground, AdmissionPath::Ordinary, first).await;
        ground.confirm(import).await;
        let second = "26310115150002,赵七,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n";
        let (_, view) = check(&ground, AdmissionPath::Ordinary, second).await;
        assert_eq!(kinds(&view), [FindingKind::EarlierDocument]);
        assert_eq!(view.line.counts.in_state(RowState::Bad), 1);
        let later = AdmissionUpload {
            year: 2030,
            ..list(AdmissionPath::SecondBachelor, LATER)
        };
        let later = ground.sent(later).await;
        let view = ground.view(later).await;
        assert_eq!(kinds(&view), [FindingKind::EarlierDocument]);
        assert_eq!(view.line.counts.in_state(RowState::Warned), 1);
        ground
            .accept(later, FindingKind::EarlierDocument, "第二学士学位")
            .await
            .unwrap();
        ground.confirm(later).await;
        assert_eq!(ground.candidates().await, 2);
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_file_of_another_school_is_told_row_by_row_and_once() {
    on_both(|bed| async move {
        let ground = Ground::of_school(bed, "10264").await;
        let rows = |school: &str| {
            let row = "26310115150001,赵七,男,居民身份证,{31010120040301003},20040301,汉族,会计学";
            wider(",院校代码", &format!("{row},{school}\n"))
        };
        let foreign = ground.sent(rows("10247")).await;
        let view = ground.view(foreign).await;
        assert_eq!(kinds(&view), [FindingKind::WrongSchool]);
        assert_eq!(view.line.counts.in_state(RowState::Bad), 1);
        let said = |view: &ImportView| view.notices.iter().any(|notice| notice.0.contains("10264"));
        assert!(said(&view), "{:?}", view.notices);
        let own = ground.sent(rows("10264")).await;
        let view = ground.view(own).await;
        assert_eq!((kinds(&view), view.steps.confirm), (vec![], 1));
        assert!(!said(&view), "{:?}", view.notices);
    })
    .await;
}

#[tokio::test]
async fn a_number_of_last_year_goes_in_once_somebody_says_why() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let rows = "26310115150001,赵七,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n\
            25310115150001,王六,男,居民身份证,{31010120040301011},20040301,汉族,会计学\n";
        let (import, view) = check(&ground, AdmissionPath::Ordinary, rows).await;
        assert_eq!(kinds(&view), [FindingKind::WrongYear]);
        assert_eq!((view.steps.confirm, view.steps.open_warnings), (1, 1));
        ground
            .accept(import, FindingKind::WrongYear, "原记录不在本系统中")
            .await
            .unwrap();
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, 2);
        ground.assert_sound().await;
    })
    .await;
}

/// The layout of special admissions has 学号 and 入学日期: they are kept, and shown as what the source says.
#[tokio::test]
async fn what_the_table_of_a_special_admission_says_is_in_the_record() {
    on_both(|bed| async move {
    let ground = Ground::new(bed).await;
    let row = "ZSB2026010001,张三,男,居民身份证,{31010120040301003},20040301,汉族,会计学,2605010101,20260901\n";
    let upload = AdmissionUpload {
        path: AdmissionPath::TopUp,
        ..wider(",学号,入学日期", row)
    };
    let import = ground.sent(upload).await;
    ground.confirm(import).await;
    let unit = ground.bed.store().read(&ground.officer).await.unwrap();
    let student = unit.student_by_number("ZSB2026010001").await.unwrap();
    drop(unit);
    let id = student.unwrap().id;
    let record = async || {
        let record = ground.services.student_record(&ground.officer, id).await;
        record.unwrap()
    };
    let shown = record().await;
    let facts = shown.sections.iter().flat_map(|section| &section.facts);
    let stated: Vec<(&str, &str)> = facts
        .filter(|fact| fact.key.starts_with("stated_"))
        .map(|fact| (fact.key.as_str(), fact.value.0.as_str()))
        .collect();
    assert_eq!(
        stated,
        [
            ("stated_student_no", "2605010101"),
            ("stated_enrolment", "20260901")
        ]
    );
    // The number that counts is the one that the school assigns.
    let lacks = |record: &RecordView, field: &str| record.missing.iter().any(|m| m.0.0 == field);
    assert!(!lacks(&shown, "入学日期"));
    assert!(lacks(&shown, "学号"), "{:?}", shown.missing);
    let assigned = "student_no = '2610010101'";
    let rows = ground.bed.tamper(ground.tenant, "student", assigned).await;
    assert_eq!(rows, 1);
    assert!(!lacks(&record().await, "学号"));
    }).await;
}
