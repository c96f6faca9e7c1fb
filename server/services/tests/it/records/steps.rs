//! Steps that a school gave to other offices are walked there, from the offer to the number, and pages name them.

use super::campus::{Campus, YEAR, reason_of};
use domain::decision::Reason;
use domain::institution::{Actor, Office, Step};
use domain::text::Label as _;
use domain::view::student::Stage;
use services::ServiceError;
use services::institution::SignedIn;
use store::testkit::on_both;

/// The actor as it is seated now, with the duties of today.
async fn seated(campus: &Campus, actor: &Actor) -> Actor {
    let seat = actor.seat();
    let session = SignedIn {
        tenant: seat.tenant,
        account: seat.account,
        post: seat.post,
        stepped_up: seat.stepped_up,
        version: 1,
    };
    campus.services.present(session).await.unwrap().actor
}

#[tokio::test]
async fn a_cohort_is_handed_over_and_numbered_by_the_offices_the_school_named() {
    on_both(|bed| async move {
        let mut campus = Campus::new(bed, 8).await;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let today = domain::calendar::local_date(campus.bed.store().now());
        for (step, office) in [
            (Step::AdmissionHandover, "it-centre"),
            (Step::ReceiveCohort, "university-office"),
            (Step::AssignClass, "university-office"),
            (Step::RegisterFreshmen, "discipline"),
        ] {
            campus
                .services
                .set_parameter(&admin, step.key(), office, "校办发〔2026〕3号", today, None)
                .await
                .unwrap();
        }
        let former = seated(&campus, &campus.admissions).await;
        let affairs = seated(&campus, &campus.affairs).await;
        let it = campus.bed.officer(campus.tenant, Office::ItCentre).await;
        let head = campus
            .bed
            .officer(campus.tenant, Office::UniversityOffice)
            .await;
        campus.admissions = seated(&campus, &it).await;
        campus.affairs = seated(&campus, &head).await;
        // The regulation's own office is refused, and told who does it here.
        let refused = campus
            .services
            .offer_handover(&former, YEAR, 8, "", "")
            .await;
        let refused = refused.unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
        assert!(matches!(refused, ServiceError::Refused(r) if r.help == Office::ItCentre));
        campus.map_majors().await;
        let handover = campus.offer().await;
        assert!(campus.accept(&affairs, handover).await.is_err());
        for receiver in [
            &campus.affairs,
            &campus.secretaries[0],
            &campus.secretaries[1],
        ] {
            campus.accept(receiver, handover).await.unwrap();
        }
        campus.number().await;
        assert!(campus.all().await.iter().all(|s| s.student_no.is_some()));
        // The student reads the office that registers here, not the regulation's.
        let student = campus.student(0).await;
        let own = campus.services.my_record(&student).await.unwrap();
        let office = |stage: Stage| {
            let line = own.stages.iter().find(|line| line.stage == stage).unwrap();
            (line.office, line.office_name.clone())
        };
        let named = |office: Office| (office, domain::view::words(office.label()));
        assert_eq!(office(Stage::Handover), named(Office::ItCentre));
        assert_eq!(office(Stage::Registration), named(Office::Discipline));
    })
    .await;
}
