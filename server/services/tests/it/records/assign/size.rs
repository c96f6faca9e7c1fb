//! An assignment of many: how many statements it takes. A cohort of 7,600 with `XJ_LONG=1`.

use crate::counting::counting;
use crate::records::campus::{Campus, YEAR};
use domain::institution::Actor;
use services::Services;
use services::assign::RuleChoice;
use std::sync::atomic::Ordering;
use store::testkit::on_both;
use uuid::Uuid;

async fn assign(services: &Services, actor: &Actor) -> Uuid {
    let choice = RuleChoice::cohort(YEAR);
    let preview = services
        .assign_preview_by_rule(actor, choice)
        .await
        .unwrap();
    services
        .assign_by_rule(actor, choice, &preview.hash)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_assignment_takes_a_statement_for_hundreds_and_not_for_each() {
    let long = std::env::var_os("XJ_LONG").is_some_and(|value| value == "1");
    // More than one statement holds, and fewer than 999 in each of the eight classes.
    let students = if long { 7_600_u64 } else { 480 };
    on_both(|bed| async move {
        let campus = Campus::received(bed, usize::try_from(students).unwrap()).await;
        let (services, sent) = counting(&campus.bed).await;
        let bound = students / 100 + 60;
        let begun = std::time::Instant::now();
        let batch = assign(&services, &campus.affairs).await;
        println!("assignment of {students}: {:?}", begun.elapsed());
        let took = sent.swap(0, Ordering::SeqCst);
        assert!(took <= bound, "{took} statements for {students} students");
        assert!(campus.all().await.iter().all(|s| s.student_no.is_some()));
        services
            .undo_assignment(&campus.fresh(&campus.affairs), batch)
            .await
            .unwrap();
        let took = sent.swap(0, Ordering::SeqCst);
        assert!(took <= bound, "{took} statements for the undo");
        let all = campus.all().await;
        assert!(
            all.iter()
                .all(|s| s.student_no.is_none() && s.class_id.is_none())
        );
    })
    .await;
}
