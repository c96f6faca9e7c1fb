//! What the page of an import says: a refused form keeps its choices, totals add up, and each word fits what happened.

use crate::forms::form;
use crate::house::House;
use crate::look::{Desk, HEAD, PEOPLE};
use uuid::Uuid;

const ASSIGN: &str = "/api/admission/assign-columns";

async fn page(desk: &Desk, import: Uuid) -> String {
    let path = format!("/shou/admission/imports/{import}");
    desk.house.get(&path, Some(&desk.cookie)).await.body
}

fn sheet(rows: &[&str]) -> Vec<u8> {
    format!("{HEAD}{}", rows.concat()).into_bytes()
}

/// Two columns for one field: what was chosen stands in the form again, and the word stands beside just these two.
#[tokio::test]
async fn a_refused_assignment_keeps_what_was_chosen() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let import = desk.checked("名单.csv", sheet(&PEOPLE[..1])).await;
        let sent = form(&page(&desk, import).await, ASSIGN)
            .with("columns[6]", "ZYMC")
            .with("columns[5]", "");
        let answer = desk
            .house
            .submit(ASSIGN, Some(&desk.cookie), &sent.body())
            .await;
        let to = answer.header("location").to_owned();
        assert!(
            to.contains("refused=columns_repeated&field=columns"),
            "{to}"
        );
        let again = desk.house.get(&to, Some(&desk.cookie)).await.body;
        assert_eq!(form(&again, ASSIGN).fields, sent.fields);
        assert_eq!(again.matches("xj-field-error").count(), 2);
        assert!(crate::kept::open_at(&again, "f-columns"));
        let select = again.split("id=\"f-columns\"").nth(1).unwrap();
        let select = select.split('>').next().unwrap();
        assert!(select.contains("name=\"columns[6]\""), "{select}");
        assert!(select.contains("aria-invalid=\"true\""), "{select}");
        // No clause speaks of columns, and who works at the admissions office is not sent to its own desk.
        let refusal = again.split("<section class=\"xj-refusal").nth(1).unwrap();
        let refusal = refusal.split("</section>").next().unwrap();
        assert!(!refusal.contains("xj-clause"), "{refusal}");
        assert!(!refusal.contains("招生办公室"), "{refusal}");
    })
    .await;
}

/// What was put aside was never confirmed: neither its page nor the list calls it undone.
#[tokio::test]
async fn an_upload_that_was_put_aside_is_called_so() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let import = desk.checked("名单.csv", sheet(&PEOPLE[2..3])).await;
        let before = page(&desk, import).await;
        assert!(before.contains("有错误，待改正"));
        let discard = form(&before, "/api/admission/discard");
        let sent = desk
            .house
            .submit(&discard.action, Some(&desk.cookie), &discard.body())
            .await;
        assert!(sent.header("location").contains("done=discarded"));
        let list = "/shou/admission/imports";
        let list = desk.house.get(list, Some(&desk.cookie)).await.body;
        for shown in [page(&desk, import).await, list] {
            assert!(shown.contains("已放弃") && !shown.contains("已撤销"));
            assert!(!shown.contains("待改正"), "nothing is left to do");
        }
    })
    .await;
}

/// Two imports of the same people: by the second confirmation nobody goes in, and its page says so.
#[tokio::test]
async fn a_confirmation_that_brought_in_nobody_says_so() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let first = desk.checked("甲.csv", sheet(&PEOPLE[..1])).await;
        let again = format!("{HEAD}{}\n", PEOPLE[0]).into_bytes();
        let second = desk.checked("乙.csv", again).await;
        desk.confirm(first).await;
        desk.confirm(second).await;
        let shown = page(&desk, second).await;
        assert!(shown.contains("没有考生由本次导入入库"));
        assert!(shown.contains("没有新入库"));
        assert!(!shown.contains("/api/admission/undo"));
        let shown = page(&desk, first).await;
        assert!(!shown.contains("没有考生由本次导入入库"));
        assert!(shown.contains("/api/admission/undo"));
    })
    .await;
}

/// The button counts rows with accepted warnings too; the page says how many those are.
#[tokio::test]
async fn accepted_warnings_are_counted_where_the_button_counts_them() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let rows = [PEOPLE[0], PEOPLE[3]];
        let import = desk.checked("名单.csv", sheet(&rows)).await;
        let open = page(&desk, import).await;
        assert!(open.contains("确认入库 1 人") && !open.contains("人有提示，已接受"));
        let accept = form(&open, "/api/admission/accept-warnings").with("reason", "与身份证件一致");
        desk.house
            .submit(&accept.action, Some(&desk.cookie), &accept.body())
            .await;
        let shown = page(&desk, import).await;
        assert!(shown.contains("确认入库 2 人") && shown.contains("其中 1 人有提示，已接受。"));
        assert!(shown.contains("已接受 1"));
    })
    .await;
}

/// Every source record stands in one part of the line below the totals.
#[tokio::test]
async fn the_line_of_source_records_adds_up() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let rows = [PEOPLE[0], PEOPLE[1], PEOPLE[1]];
        let import = desk.checked("名单.csv", sheet(&rows)).await;
        let shown = page(&desk, import).await;
        let line = "原始记录 3 行：考生 2 行、同一考生号的其余行 1 行";
        assert!(shown.contains(line), "{shown}");
    })
    .await;
}
