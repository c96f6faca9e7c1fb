//! Checkpoints, the chain as files, counts for the operator.

use super::campus::Campus;
use domain::admission::qualification::QualificationEvent;
use services::ServiceError;
use store::testkit::on_both;

#[tokio::test]
async fn a_chain_that_grew_is_signed_once() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 4).await;
        let first = campus
            .services
            .checkpoint(campus.tenant)
            .await
            .unwrap()
            .unwrap();
        assert!(first.starts_with(&format!("xueji/tenant/{}\n", campus.tenant)));
        assert_eq!(
            campus.services.checkpoint(campus.tenant).await.unwrap(),
            None
        );
        campus.offer().await;
        let second = campus
            .services
            .checkpoint(campus.tenant)
            .await
            .unwrap()
            .unwrap();
        assert_ne!(first, second);
        let empty = campus.bed.tenant("beihai").await;
        assert_eq!(
            campus.services.checkpoint(empty).await.unwrap(),
            None,
            "there is nothing to sign"
        );
    })
    .await;
}

#[tokio::test]
async fn an_export_of_the_chain_is_verified_without_the_database() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 12).await;
        let kept = campus
            .services
            .checkpoint(campus.tenant)
            .await
            .unwrap()
            .unwrap();
        campus.bed.advance(chrono::TimeDelta::hours(1));
        campus
            .services
            .student_record(&campus.affairs, campus.people[0].student)
            .await
            .unwrap();
        let dir = campus.bed.folder().join("audit-1");
        let export = campus
            .services
            .audit_export(campus.tenant, &dir)
            .await
            .unwrap();
        let key = std::fs::read_to_string(&export.key_file).unwrap();
        let report = store::chain::verify(&dir, &kept, &key).unwrap();
        assert_eq!(
            (report.events, report.proven),
            (export.meta.events, export.meta.events)
        );
        assert!(
            report.bulk >= 3 && report.rows >= 36,
            "offer, assignment and mapping name each student"
        );
        assert!(export.to_string().contains("events"));
        // A folder is used once.
        let again = campus.services.audit_export(campus.tenant, &dir).await;
        assert!(matches!(
            again,
            Err(ServiceError::Invalid { field: "out", .. })
        ));
    })
    .await;
}

#[tokio::test]
async fn the_operator_gets_counts() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 7).await;
        campus.services.statistics(campus.tenant).await.unwrap();
        campus.services.statistics(campus.tenant).await.unwrap();
        let tenants = campus.bed.store().control().tenants().await.unwrap();
        let stat = tenants[0].1.as_ref().unwrap();
        assert_eq!((stat.candidates, stat.students, stat.accounts), (7, 7, 5));
    })
    .await;
}

/// The leaf of a record binds class and number before and after: other numbers, other leaves.
#[tokio::test]
async fn the_chain_binds_the_numbers_that_were_given() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let leaves = async || {
            let unit = campus.bed.store().read(&campus.admissions).await.unwrap();
            let entries = unit.audit_after(0, 1_000).await.unwrap();
            let given = entries
                .iter()
                .rfind(|entry| entry.body.contains("\"admission/assign\""))
                .unwrap();
            let mut leaves = unit.audit_leaves(given.seq).await.unwrap();
            leaves.sort();
            leaves
        };
        let take_back = async |batch| {
            let affairs = campus.fresh(&campus.affairs);
            campus
                .services
                .undo_assignment(&affairs, batch)
                .await
                .unwrap();
        };
        let batch = campus.number().await;
        let first = leaves().await;
        assert_eq!(first.len(), 8);
        take_back(batch).await;
        let batch = campus.number().await;
        assert_eq!(leaves().await, first, "the same numbers to the same people");
        take_back(batch).await;
        campus.qualify(0, QualificationEvent::Defer).await;
        campus.number().await;
        let other = leaves().await;
        assert_eq!(other.len(), 7);
        assert!(
            other.iter().any(|leaf| !first.contains(leaf)),
            "whoever moved up has another number and another leaf"
        );
    })
    .await;
}
