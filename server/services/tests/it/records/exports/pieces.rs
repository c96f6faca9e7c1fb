//! An export that is longer than what is read at once.

use super::{COLUMNS, Campus, ask, sheet};
use domain::view::list::{ListQuery, ListSort};
use store::testkit::on_both;

/// More than is read at once, so that several pieces are under way beside each other: the order of the screen stays.
#[tokio::test]
async fn the_pieces_of_a_long_list_stand_in_its_order() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 1_210).await;
        let query = |page| ListQuery {
            sort: ListSort::Name,
            descending: true,
            page,
            per_page: 500,
            ..ListQuery::default()
        };
        let job = ask(&campus, &campus.affairs, query(1), &COLUMNS).await;
        campus.work().await;
        let mut shown = Vec::new();
        for page in 1..=3 {
            let list = campus.services.students(&campus.affairs, query(page)).await;
            shown.extend(
                list.unwrap()
                    .rows
                    .into_iter()
                    .map(|r| r.student_no.unwrap()),
            );
        }
        let sheet = sheet(&campus, &campus.affairs, job).await;
        let written: Vec<&str> = sheet.rows.iter().map(|r| r.text(0)).collect();
        assert_eq!(written.len(), 1_210);
        assert_eq!(written, shown);
    })
    .await;
}
