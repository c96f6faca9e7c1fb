//! Between the check of an import and its confirmation another one may have brought the same people in.

use crate::admission::ground::{Ground, upload_of};
use crate::admission::paths::HEAD;
use chrono::TimeDelta;
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::person::id_number::check_digit;
use domain::view::admission::RowState;
use store::FindingFilter;
use store::testkit::on_both;

/// Three people by the first 17 characters of their documents.
const PEOPLE: [(&str, &str); 3] = [
    ("王五", "31010120060301003"),
    ("赵六", "31010120060301011"),
    ("钱七", "31010120060301015"),
];

/// The row of a person under a number, with the check character of the document or with a wrong one.
pub fn row(person: usize, ksh: &str, good: bool) -> String {
    let (name, body) = PEOPLE[person];
    let digit = check_digit(body).unwrap();
    let digit = match (good, digit) {
        (true, digit) => digit,
        (false, '0') => '1',
        (false, _) => '0',
    };
    format!("{ksh},{name},男,居民身份证,{body}{digit},20060301,汉族,会计学\n")
}

pub fn sheet(rows: &[String]) -> Vec<u8> {
    format!("{HEAD}{}", rows.concat()).into_bytes()
}

#[tokio::test]
async fn a_second_confirmation_of_another_import_is_seen() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let [wang, zhao, qian] = ["26310115150001", "26310115150002", "26310115150003"];
        let rows = [row(0, wang, true), row(1, zhao, false), row(2, qian, false)];
        let first = ground.sent(upload_of("甲.csv", sheet(&rows))).await;
        ground.confirm(first).await;
        assert_eq!(ground.candidates().await, 1, "two rows wait for a repair");
        ground.bed.advance(TimeDelta::days(1));
        // One of them under the same number, the other one's document under another number: neither is in yet.
        let rows = [row(1, zhao, true), row(2, "26310115150009", true)];
        let second = ground.sent(upload_of("乙.csv", sheet(&rows))).await;
        assert_eq!(ground.view(second).await.steps.confirm, 2);
        let repaired = sheet(&[row(1, zhao, true), row(2, qian, true)]);
        ground
            .services
            .repair(&ground.officer, first, "改正.csv", repaired)
            .await
            .unwrap();
        ground.work().await;
        ground.confirm(first).await;
        assert_eq!(ground.candidates().await, 3);
        ground.confirm(second).await;
        let view = ground.view(second).await;
        assert_eq!(view.line.state, ImportState::Confirmed);
        assert_eq!(view.line.counts.in_state(RowState::Unchanged), 1);
        assert_eq!(view.line.counts.in_state(RowState::Bad), 1);
        let kinds: Vec<FindingKind> = view.totals.iter().map(|total| total.kind).collect();
        assert_eq!(kinds, [FindingKind::EarlierDocument]);
        assert_eq!(ground.candidates().await, 3, "nobody is in twice");
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_document_that_an_undone_import_had_brought_in_is_free_again() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let rows = [row(0, "26310115150001", true)];
        let first = ground.sent(upload_of("甲.csv", sheet(&rows))).await;
        ground.confirm(first).await;
        let rows = [row(1, "26310115150002", true)];
        let beside = ground.sent(upload_of("丙.csv", sheet(&rows))).await;
        ground.confirm(beside).await;
        let rows = [row(0, "26310115150009", true)];
        let second = ground.sent(upload_of("乙.csv", sheet(&rows))).await;
        assert_eq!(ground.rows(second).await[&RowState::Bad], 1);
        let checked = ground.view(second).await.version;
        ground.undo(beside).await.unwrap();
        assert_eq!(
            ground.view(second).await.version,
            checked,
            "what goes is not what stands against it"
        );
        ground.undo(first).await.unwrap();
        ground.work().await;
        assert_eq!(ground.rows(second).await[&RowState::Good], 1);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_overtaken_says_what_differs() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let number = "26310115150001";
        let first = ground
            .sent(upload_of("甲.csv", sheet(&[row(0, number, true)])))
            .await;
        let second = ground
            .sent(upload_of("乙.csv", sheet(&[row(1, number, true)])))
            .await;
        ground.confirm(first).await;
        ground.confirm(second).await;
        assert_eq!(ground.rows(second).await[&RowState::Changed], 1);
        let filter = FindingFilter {
            limit: 5,
            ..FindingFilter::default()
        };
        let found = ground.services.findings(&ground.officer, second, filter);
        let [line] = found.await.unwrap().lines.try_into().unwrap();
        assert_eq!(line.kind, FindingKind::Changed);
        assert!(line.message.0.contains("姓名"), "{}", line.message.0);
        assert!(!line.message.0.contains("赵六"), "{}", line.message.0);
    })
    .await;
}
