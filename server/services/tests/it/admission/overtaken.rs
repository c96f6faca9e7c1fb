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
        let told = &line.message.0;
        assert!(told.contains("姓名 ") && told.contains(" → 赵六"), "{told}");
    })
    .await;
}

/// All fields are named, however many they are: whoever decides must know what else has changed.
#[tokio::test]
async fn a_row_that_changed_in_many_fields_names_them_all() {
    const FIELDS: [&str; 11] = [
        "政治面貌",
        "录取专业",
        "批次",
        "科类",
        "考生类别",
        "毕业中学",
        "通讯地址",
        "邮政编码",
        "联系手机",
        "联系电话",
        "收件人",
    ];
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sheet = |values: [&str; 11]| {
            let head = HEAD.replace(",录取专业\n", &format!(",{}\n", FIELDS.join(",")));
            let person = row(0, "26310115150001", true);
            let person = person.replace(",会计学\n", &format!(",{}\n", values.join(",")));
            format!("{head}{person}").into_bytes()
        };
        let before = [
            "群众",
            "会计学",
            "本科批",
            "物理类",
            "城镇应届",
            "一中",
            "甲路",
            "200000",
            "13800000001",
            "02100000001",
            "王五",
        ];
        let after = [
            "中共党员",
            "英语",
            "提前批",
            "历史类",
            "农村应届",
            "二中",
            "乙路",
            "200001",
            "13900000002",
            "02200000002",
            "王六",
        ];
        let first = ground.sent(upload_of("甲.csv", sheet(before))).await;
        ground.confirm(first).await;
        let second = ground.sent(upload_of("乙.csv", sheet(after))).await;
        assert_eq!(ground.rows(second).await[&RowState::Changed], 1);
        let filter = FindingFilter {
            limit: 5,
            ..FindingFilter::default()
        };
        let found = ground.services.findings(&ground.officer, second, filter);
        let lines = found.await.unwrap().lines;
        let changed = lines.iter().find(|line| line.kind == FindingKind::Changed);
        let (zh, en) = &changed.unwrap().message;
        for field in FIELDS {
            assert!(zh.contains(field), "{field}: {zh}");
        }
        assert!(!zh.contains("；+"), "{zh}");
        assert!(zh.contains("通讯地址 ***（已变，隐藏部分不同）"), "{zh}");
        let (_, listed) = en.split_once(" (").unwrap();
        assert_eq!(listed.split("; ").count(), FIELDS.len(), "{en}");
    })
    .await;
}
