//! The workbook of findings: the same rows, with what was found in them; every look is logged.

use crate::admission::ground::{Ground, package, upload_of};
use domain::admission::finding::FindingKind;
use domain::decision::Reason;
use domain::text::Lang;
use formats::repair::{FILE_HEADING, ROW_HEADING};
use formats::sample::{Defect, ZipNames};
use formats::table::{TableLimits, read};
use formats::workbook::RESULT_HEADING;
use services::ServiceError;
use store::testkit::on_both;
use store::{FindingFilter, StudentFilter, StudentPage, StudentSort};

#[tokio::test]
async fn province_folders_come_back_as_one_row_a_candidate() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(
            31,
            20,
            &[
                (Defect::BadChecksum, 2),
                (Defect::DotVariant, 1),
                (Defect::Withdrawn, 1),
            ],
        );
        let import = ground.checked(&sample).await;
        let book = ground
            .services
            .findings_workbook(&ground.officer, import, Lang::Zh)
            .await
            .unwrap();
        let sheet = read(&book, &TableLimits::default()).unwrap();
        assert_eq!(
            sheet.rows.len(),
            3,
            "nothing is repaired in a withdrawn row"
        );
        for heading in [
            FILE_HEADING,
            ROW_HEADING,
            "考生号",
            "身份证号",
            "姓名",
            RESULT_HEADING,
        ] {
            assert!(sheet.column(heading).is_some(), "{heading}");
        }
        let result = sheet.column(RESULT_HEADING).unwrap();
        assert!(sheet.rows.iter().all(|row| !row.text(result).is_empty()));
    })
    .await;
}

#[tokio::test]
async fn a_worksheet_comes_back_as_it_was() {
    on_both(|bed| async move {
    let ground = Ground::new(bed).await;
    let csv = "备注,考生号,姓名,性别,身份证号,民族,录取专业\n甲,26310115150001,张三,男,310101200803010030,汉族,会计学\n乙,26310115150002,李四,男,,汉族,会计学\n";
    let upload = upload_of("新生.csv", csv.as_bytes().to_vec());
    let import = ground.sent(upload).await;
    let book = ground
        .services
        .findings_workbook(&ground.officer, import, Lang::En)
        .await
        .unwrap();
    let sheet = read(&book, &TableLimits::default()).unwrap();
    assert_eq!(
        &sheet.headings[..7],
        [
            "备注",
            "考生号",
            "姓名",
            "性别",
            "身份证号",
            "民族",
            "录取专业"
        ]
    );
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(sheet.rows[1].text(0), "乙");
    let result = sheet.column(RESULT_HEADING).unwrap();
    // What is wrong, what to do, and by which rule: in the language that was asked for.
    let found = [
        (FindingKind::BadChecksum, "Error: The check character does not agree"),
        (FindingKind::MissingField, "Error: A field that registration requires is empty"),
    ];
    for (row, (kind, begins)) in sheet.rows.iter().zip(found) {
        let told = row.text(result);
        let ends = format!(". {} ({})", kind.suggestion().en, kind.rule());
        assert!(told.starts_with(begins) && told.ends_with(&ends), "{told}");
    }
    }).await;
}

/// A changed row shows the difference: on the page what may stand there, in the workbook both values in full.
#[tokio::test]
async fn a_changed_row_shows_what_is_in_beside_what_is_new() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sheet = |name: &str, address: &str| {
            let head = "考生号,姓名,性别,身份证号,民族,录取专业,通讯地址";
            let id = "310101200803010030";
            let digit = domain::person::id_number::check_digit(&id[..17]).unwrap();
            let id = format!("{}{digit}", &id[..17]);
            let row = format!("26310115150001,{name},男,{id},汉族,会计学,{address}");
            format!("{head}\n{row}\n").into_bytes()
        };
        let first = upload_of("甲.csv", sheet("张三", "甲路 1 号"));
        let first = ground.sent(first).await;
        ground.confirm(first).await;
        let second = upload_of("乙.csv", sheet("张山", "乙路 2 号"));
        let second = ground.sent(second).await;
        let (services, officer) = (&ground.services, &ground.officer);
        let all = FindingFilter {
            limit: 100,
            ..FindingFilter::default()
        };
        let [line] =
            <[_; 1]>::try_from(services.findings(officer, second, all).await.unwrap().lines)
                .unwrap();
        let shown = &line.message.0;
        assert!(shown.contains("姓名 张三 → 张山"), "{shown}");
        assert!(
            shown.contains("通讯地址 ***（已变，隐藏部分不同）"),
            "{shown}"
        );
        let book = services
            .findings_workbook(officer, second, Lang::Zh)
            .await
            .unwrap();
        let sheet = read(&book, &TableLimits::default()).unwrap();
        let result = sheet.column(RESULT_HEADING).unwrap();
        let told = sheet.rows[0].text(result);
        for was in ["姓名已入库的值：张三", "通讯地址已入库的值：甲路 1 号"]
        {
            assert!(told.contains(was), "{was}: {told}");
        }
    })
    .await;
}

/// 办法 三（三）: the workbook shows the data of those who are in already; each of them reads that.
#[tokio::test]
async fn whoever_is_in_the_workbook_reads_that_it_was_downloaded() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(33, 20, &[(Defect::DotVariant, 2), (Defect::BadChecksum, 1)]);
        let import = ground.checked(&sample).await;
        let reason = "与身份证件一致";
        let kind = FindingKind::DotVariant;
        ground.accept(import, kind, reason).await.unwrap();
        ground.confirm(import).await;
        let (services, officer) = (&ground.services, &ground.officer);
        services
            .findings_workbook(officer, import, Lang::Zh)
            .await
            .unwrap();
        let all = FindingFilter {
            limit: 100,
            ..FindingFilter::default()
        };
        let found = services.findings(officer, import, all).await.unwrap();
        let listed: Vec<String> = found.lines.into_iter().map(|line| line.ksh).collect();
        let unit = ground.bed.store().read(officer).await.unwrap();
        let page = StudentPage {
            offset: 0,
            limit: 1_000,
            sort: StudentSort::CandidateNumber,
            descending: false,
        };
        let seen = unit
            .students(&officer.visible(), &StudentFilter::default(), page)
            .await
            .unwrap();
        let mut told = 0;
        for student in seen {
            let lines = unit.access_to(student.id, 10).await.unwrap();
            let told_of = |kind: &str| lines.iter().filter(|line| line.kind == kind).count();
            let downloads = told_of("findings");
            let expected = usize::from(listed.contains(&student.ksh));
            assert_eq!(downloads, expected, "{}", student.ksh);
            assert_eq!(
                told_of("import"),
                expected,
                "the page of findings is a look too"
            );
            told += downloads;
        }
        assert_eq!(told, 2, "the accepted rows are in, the wrong one is not");
    })
    .await;
}

#[tokio::test]
async fn there_is_none_before_the_check_and_findings_come_in_pages() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(32, 40, &[(Defect::BadChecksum, 5), (Defect::Withdrawn, 4)]);
        let import = ground.upload(sample.zip(ZipNames::Gbk)).await.import();
        let early = ground.services.findings_workbook(&ground.officer, import, Lang::Zh).await;
        assert!(matches!(early, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::IllegalMove));
        ground.work().await;
        let page = |offset, severity: Option<&str>| FindingFilter {
            severity: severity.map(str::to_owned),
            offset,
            limit: 4,
            ..FindingFilter::default()
        };
        let services = &ground.services;
        let mut seen = Vec::new();
        for offset in [0, 4, 8] {
            let found = services.findings(&ground.officer, import, page(offset, None)).await.unwrap();
            assert_eq!(found.total, 9);
            seen.extend(found.lines.into_iter().map(|line| (line.ksh, line.kind)));
        }
        seen.sort();
        assert_eq!(seen, sample.defects);
        let errors = services.findings(&ground.officer, import, page(0, Some("error"))).await.unwrap();
        assert_eq!((errors.total, errors.lines.len()), (5, 4));
    })
    .await;
}
