//! Repaired rows come back in the workbook of findings; rows that are in stay as they are.

use crate::admission::ground::{Ground, good_rows, package};
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::text::Lang;
use domain::view::admission::RowState;
use formats::repair::{FILE_HEADING, ROW_HEADING};
use formats::sample::{Defect, ZipNames};
use formats::table::{Sheet, TableLimits, read};
use formats::workbook::{Column, write_table};
use services::ServiceError;
use store::FindingFilter;
use store::testkit::on_both;
use uuid::Uuid;

/// The rows of a workbook whose 身份证号 can be mended by its check character, and only those.
fn mended(book: &[u8]) -> (Vec<u8>, usize) {
    let sheet: Sheet = read(book, &TableLimits::default()).unwrap();
    let at = sheet.column("身份证号").unwrap();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &sheet.rows {
        let mut cells: Vec<String> = (0..sheet.headings.len())
            .map(|place| row.text(place).to_owned())
            .collect();
        let number = &cells[at];
        if number.len() == 18 {
            let digit = domain::person::id_number::check_digit(&number[..17]).unwrap();
            if !number.ends_with(digit) {
                cells[at] = format!("{}{digit}", &number[..17]);
                rows.push(cells);
            }
        }
    }
    let columns: Vec<Column> = sheet
        .headings
        .iter()
        .map(|heading| Column::text(heading))
        .collect();
    let count = rows.len();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 8, 20).unwrap();
    (write_table("改正", &columns, rows, day).unwrap(), count)
}

/// The workbook of what was found in an import, as it is downloaded.
async fn workbook(ground: &Ground, import: Uuid) -> Vec<u8> {
    let (services, officer) = (&ground.services, &ground.officer);
    let book = services.findings_workbook(officer, import, Lang::Zh);
    book.await.unwrap()
}

/// Sends repaired rows of an import and lets it be checked again.
async fn repair(ground: &Ground, import: Uuid, book: Vec<u8>) {
    let (services, officer) = (&ground.services, &ground.officer);
    let sent = services.repair(officer, import, "改正.xlsx", book);
    sent.await.unwrap();
    ground.work().await;
}

#[tokio::test]
async fn only_repaired_rows_are_uploaded_and_only_they_change() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(
            11,
            30,
            &[(Defect::BadChecksum, 3), (Defect::MissingGlyph, 2)],
        );
        let import = ground.confirmed(&sample).await;
        let good = good_rows(&sample);
        assert_eq!(ground.candidates().await, good);
        let book = workbook(&ground, import).await;
        let (repaired, count) = mended(&book);
        assert_eq!(count, 3);
        repair(&ground, import, repaired).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Checked);
        assert_eq!(
            view.line.counts.in_state(RowState::Confirmed),
            good,
            "rows that are in stay in"
        );
        assert_eq!(view.line.counts.in_state(RowState::Good), 3);
        assert_eq!(view.line.counts.in_state(RowState::Bad), 2);
        assert_eq!(view.steps.confirm, 3);
        assert!(
            view.notices
                .iter()
                .any(|(zh, _)| zh.contains("改正行替换 3 处")),
            "{:?}",
            view.notices
        );
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, good + 3);
        assert_eq!(ground.view(import).await.line.state, ImportState::Confirmed);
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_accepted_stays_accepted_after_a_repair() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(
            13,
            20,
            &[
                (Defect::BadChecksum, 2),
                (Defect::DotVariant, 2),
                (Defect::UnknownArea, 1),
            ],
        );
        let import = ground.checked(&sample).await;
        ground
            .accept(import, FindingKind::DotVariant, "与身份证件一致")
            .await
            .unwrap();
        let before = ground.seen(import).await.rows;
        let book = workbook(&ground, import).await;
        let (repaired, count) = mended(&book);
        repair(&ground, import, repaired).await;
        let view = ground.view(import).await;
        let accepted = |kind| {
            let total = view.totals.iter().find(|total| total.kind == kind).unwrap();
            (total.total, total.accepted)
        };
        assert_eq!(accepted(FindingKind::DotVariant), (2, 2));
        assert_eq!(accepted(FindingKind::UnknownArea), (1, 0));
        assert_eq!(view.steps.confirm, before + count as u64);
        let filter = FindingFilter {
            kind: Some("dot_variant".to_owned()),
            limit: 10,
            ..FindingFilter::default()
        };
        let page = ground.services.findings(&ground.officer, import, filter);
        let page = page.await.unwrap();
        assert_eq!(page.total, 2);
        assert!(
            page.lines
                .iter()
                .all(|line| line.accepted.as_deref() == Some("与身份证件一致"))
        );
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, before + count as u64);
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_repair_that_fits_no_row_is_told_and_a_file_that_is_none_changes_nothing() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(12, 10, &[(Defect::BadChecksum, 1)]);
        let import = ground.checked(&sample).await;
        let broken = ground
            .services
            .repair(
                &ground.officer,
                import,
                "改正.xlsx",
                b"PK\x03\x04 no workbook".to_vec(),
            )
            .await;
        assert!(matches!(broken, Err(ServiceError::File(_))));
        assert_eq!(ground.view(import).await.line.state, ImportState::Checked);
        let columns = [FILE_HEADING, ROW_HEADING, "考生号", "姓名"].map(Column::text);
        let row = ["没有的表.DBF", "7", "26310000000000", "张三"]
            .map(str::to_owned)
            .to_vec();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 8, 20).unwrap();
        let book = write_table("改正", &columns, [row], day).unwrap();
        repair(&ground, import, book).await;
        let view = ground.view(import).await;
        assert!(
            view.notices
                .iter()
                .any(|(zh, _)| zh.contains("没有对应的行"))
        );
        assert_eq!(view.line.counts.in_state(RowState::Bad), 1);
    })
    .await;
}

/// What somebody has to do, by the page it is done on.
async fn todo(ground: &Ground) -> Vec<(String, u64)> {
    let home = ground.services.office_home(&ground.officer).await.unwrap();
    let items = home.todo.into_iter().flat_map(|group| group.items);
    items
        .filter(|item| item.path == "admission/imports")
        .map(|item| (item.title.0, item.count))
        .collect()
}

#[tokio::test]
async fn a_repair_that_mends_nothing_leaves_nothing_to_confirm() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(15, 10, &[(Defect::BadChecksum, 1)]);
        let import = ground.checked(&sample).await;
        let open = [("处理有问题的记录".to_owned(), 1)];
        assert_eq!(
            todo(&ground).await,
            [("确认录取数据".to_owned(), 1), open[0].clone()]
        );
        ground.confirm(import).await;
        assert_eq!(todo(&ground).await, open);
        let before = ground.rows(import).await;
        let book = workbook(&ground, import).await;
        repair(&ground, import, book).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.rows, before);
        assert!(view.steps.repair && view.steps.undo_until.is_some());
        assert_eq!(todo(&ground).await, open);
    })
    .await;
}

#[tokio::test]
async fn a_file_whose_rows_are_all_in_waits_for_nobody() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sample = package(16, 5, &[]);
        ground.confirmed(&sample).await;
        let other = ground.upload(sample.zip(ZipNames::Utf8)).await.import();
        ground.work().await;
        let line = ground.view(other).await.line;
        assert_eq!(line.state, ImportState::Checked);
        assert_eq!(line.standing().0.zh, "无可入库的行");
        assert!(todo(&ground).await.is_empty());
    })
    .await;
}
