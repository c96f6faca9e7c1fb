//! Single values shown with a reason (T-PII-06).

use super::campus::{Campus, REASON, reason_of};
use chrono::TimeDelta;
use domain::decision::Reason;
use domain::institution::Office;
use domain::view::record::RevealField;
use services::ServiceError;
use store::testkit::on_both;

#[tokio::test]
async fn a_value_is_shown_once_for_a_reason_and_leaves_a_trace() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let person = campus.people[0].clone();
        let show = async |field| {
            campus
                .services
                .reveal(&campus.affairs, person.student, field, REASON)
                .await
        };
        assert_eq!(show(RevealField::IdNumber).await.unwrap(), person.number);
        assert_eq!(
            show(RevealField::CandidateNumber).await.unwrap(),
            person.ksh
        );
        assert_eq!(show(RevealField::ExamPermit).await.unwrap(), person.permit);
        assert_eq!(show(RevealField::Mobile).await.unwrap(), person.mobile);
        assert_eq!(show(RevealField::Address).await.unwrap(), person.address);
        assert!(
            matches!(
                show(RevealField::Addressee).await,
                Err(ServiceError::NotFound)
            ),
            "there is none"
        );
        let student = campus.student(0).await;
        let lines = campus.looks(&student).await;
        assert_eq!(
            lines.len(),
            5,
            "one line for each value, none for the one that is not there"
        );
        // In the chain stands which value, never the value or the reason.
        let unit = campus.bed.store().read(&campus.affairs).await.unwrap();
        let chain: String = unit
            .audit_after(0, 1_000)
            .await
            .unwrap()
            .into_iter()
            .map(|e| e.body)
            .collect();
        assert_eq!(chain.matches("disclosure/reveal").count(), 5);
        for secret in person.canaries().into_iter().chain([REASON]) {
            assert!(!chain.contains(secret));
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_shown_without_reason_step_up_and_sight() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let person = campus.people[0].student;
        let field = RevealField::IdNumber;
        let services = &campus.services;
        for reason in ["", "   ", "看看", " 看 看 "] {
            let refused = services
                .reveal(&campus.affairs, person, field, reason)
                .await;
            assert!(
                matches!(
                    refused,
                    Err(ServiceError::Invalid {
                        field: "reason",
                        ..
                    })
                ),
                "{reason}"
            );
        }
        let long = "很".repeat(201);
        assert!(
            services
                .reveal(&campus.affairs, person, field, &long)
                .await
                .is_err()
        );
        let late = campus.late(&campus.affairs);
        let refused = services
            .reveal(&late, person, field, REASON)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::StepUpNeeded));
        let foreign = services
            .reveal(&campus.secretaries[1], person, field, REASON)
            .await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)));
        for office in [Office::ItCentre, Office::TenantAdmin] {
            let actor = campus.bed.officer(campus.tenant, office).await;
            let refused = services
                .reveal(&actor, person, field, REASON)
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
        }
        let student = campus.student(0).await;
        assert!(
            services
                .reveal(&student, person, field, REASON)
                .await
                .is_err()
        );
        assert!(
            campus.looks(&student).await.is_empty(),
            "refusals show nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn thirty_values_an_hour() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 31).await;
        let field = RevealField::IdNumber;
        for person in &campus.people[..30] {
            campus
                .services
                .reveal(&campus.affairs, person.student, field, REASON)
                .await
                .unwrap();
        }
        let last = campus.people[30].student;
        let refused = campus
            .services
            .reveal(&campus.affairs, last, field, REASON)
            .await;
        assert!(matches!(refused, Err(ServiceError::TooMany)));
        // Somebody else has an hour of the own.
        campus
            .services
            .reveal(&campus.academic, last, field, REASON)
            .await
            .unwrap();
        campus.bed.advance(TimeDelta::minutes(61));
        let fresh = campus.fresh(&campus.affairs);
        campus
            .services
            .reveal(&fresh, last, field, REASON)
            .await
            .unwrap();
    })
    .await;
}
