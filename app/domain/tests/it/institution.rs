//! Steps that a school gives to another office, and the flag of an issue after a signature.

use chrono::{TimeDelta, TimeZone as _, Utc};
use domain::institution::activation::comes_after_signature;
use domain::institution::parameter::Parameter;
use domain::institution::policy;
use domain::institution::{
    Action, Actor, Office, PersonalScope, PostKind, Seat, Step, Target, TenantId,
};
use std::collections::BTreeMap;
use uuid::Uuid;

fn officer(office: Office, duties: &[(Step, Office)]) -> Actor {
    let now = Utc.with_ymd_and_hms(2026, 9, 1, 8, 0, 0).unwrap();
    Actor::seated(Seat {
        tenant: TenantId(1),
        person: Uuid::nil(),
        account: Uuid::nil(),
        post: Uuid::nil(),
        office,
        kind: PostKind::Officer,
        scope: PersonalScope::School,
        stepped_up: Some(now),
        duties: duties.iter().copied().collect::<BTreeMap<_, _>>(),
    })
}

/// Every office that the parameter of a step offers does the step, its pages and what they need; the regulation's
/// office is refused then and named the new one.
#[test]
fn a_step_moves_with_its_pages_its_lead_and_its_help() {
    let now = Utc.with_ymd_and_hms(2026, 9, 1, 8, 0, 0).unwrap();
    let here = Target::school(TenantId(1));
    for step in Step::ALL {
        let parameter = Parameter::Duty(step);
        let offered = Office::ALL
            .into_iter()
            .filter(|office| parameter.accept(office.key()).is_ok());
        for office in offered.filter(|o| *o != step.default_office()) {
            let moved = [(step, office)];
            let (new, old) = (
                officer(office, &moved),
                officer(step.default_office(), &moved),
            );
            assert!(new.may::<policy::StudentsPage>(), "{step:?} {office:?}");
            assert!(new.may::<policy::StudentPage>(), "{step:?} {office:?}");
            match step {
                Step::AdmissionHandover => {
                    assert!(new.may::<policy::ImportsPage>());
                    assert!(new.may::<policy::HandoversPage>());
                    let granted = new.authorize::<policy::OfferHandover>(&here, now).unwrap();
                    assert_eq!(granted.responsibility().lead, office);
                    let refused = old.authorize::<policy::OfferHandover>(&here, now);
                    assert_eq!(refused.unwrap_err().help, office);
                }
                Step::ReceiveCohort => {
                    assert!(new.may::<policy::HandoverPage>());
                    assert!(new.may::<policy::AcceptHandover>());
                    let college = officer(Office::College, &moved);
                    let granted = college
                        .authorize::<policy::AcceptHandover>(&here, now)
                        .unwrap();
                    assert_eq!(granted.responsibility().lead, office, "the step leads");
                    assert!(!old.may::<policy::AcceptHandover>());
                }
                Step::AssignClass => {
                    assert!(new.may::<policy::AssignPage>());
                    assert!(new.may::<policy::HandoversPage>());
                    let refused = old.authorize::<policy::AssignByRule>(&here, now);
                    assert_eq!(refused.unwrap_err().help, office);
                }
                Step::KeepStatusRecords => {
                    assert_eq!(policy::StudentPage::rule().help(&old), office);
                }
                Step::RegisterFreshmen | Step::AnswerQueries | Step::AnnualRegistration => {
                    assert!(new.may::<policy::ExportsPage>());
                }
            }
        }
    }
}

#[test]
fn no_seat_of_the_service_and_no_student_performs_a_step() {
    for step in Step::ALL {
        for office in [Office::Student, Office::TenantAdmin, Office::Operator] {
            let refused = Parameter::Duty(step).accept(office.key());
            assert!(refused.is_err(), "{step:?} {office:?}");
        }
    }
    assert!(
        Parameter::Duty(Step::AdmissionHandover)
            .accept("college")
            .is_err()
    );
    assert!(Parameter::Duty(Step::AssignClass).accept("college").is_ok());
}

#[test]
fn an_issue_after_a_signature_is_flagged() {
    let signed = Utc.with_ymd_and_hms(2026, 9, 10, 9, 0, 0).unwrap();
    let minute = TimeDelta::minutes(1);
    assert!(!comes_after_signature(None, signed));
    assert!(!comes_after_signature(Some(signed), signed - minute));
    assert!(comes_after_signature(Some(signed), signed));
    assert!(comes_after_signature(Some(signed), signed + minute));
}
