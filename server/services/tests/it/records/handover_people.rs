//! Who is handed over: whoever accepts people sees who they are, and each of them sees who looked.

use super::campus::Campus;
use domain::institution::Actor;
use domain::view::handover::HandoverPeople;
use services::ServiceError;
use store::testkit::on_both;
use uuid::Uuid;

async fn people(
    campus: &Campus,
    actor: &Actor,
    handover: Uuid,
) -> Result<HandoverPeople, ServiceError> {
    campus.services.handover_people(actor, handover, 1).await
}

/// Places of the persons of a list among those of the campus.
async fn places(campus: &Campus, actor: &Actor, handover: Uuid) -> Vec<usize> {
    let list = people(campus, actor, handover).await.unwrap();
    assert_eq!(list.total, list.people.len() as u64);
    let place = |id| campus.people.iter().position(|one| one.student == id);
    let mut places: Vec<usize> = list
        .people
        .iter()
        .map(|one| place(one.student).unwrap())
        .collect();
    places.sort_unstable();
    places
}

/// How often a person has looked at a student in a list.
async fn looks(campus: &Campus, actor: &Actor, student: Uuid) -> usize {
    let unit = campus.bed.store().read(actor).await.unwrap();
    let lines = unit.access_to(student, 1_000).await.unwrap();
    let own = |line: &&store::rows::AccessLog| line.person_id == actor.person();
    lines.iter().filter(own).count()
}

#[tokio::test]
async fn whoever_accepts_sees_the_own_people_and_they_see_who_looked() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let handover = campus.offer().await;
        let [first, second] = [vec![0, 1, 4, 5], vec![2, 3, 6, 7]];
        assert_eq!(
            places(&campus, &campus.secretaries[0], handover).await,
            first
        );
        assert_eq!(
            places(&campus, &campus.secretaries[1], handover).await,
            second
        );
        for whole in [&campus.affairs, &campus.admissions] {
            let all = places(&campus, whole, handover).await;
            assert_eq!(all, (0..8).collect::<Vec<_>>());
        }
        // Each on the list finds the look, and nobody else does.
        let secretary = &campus.secretaries[0];
        for (place, person) in campus.people.iter().enumerate() {
            let seen = looks(&campus, secretary, person.student).await;
            assert_eq!(seen, usize::from(first.contains(&place)), "{place}");
        }
        let list = people(&campus, secretary, handover).await.unwrap();
        let told = serde_json::to_string(&list).unwrap();
        for person in &campus.people {
            for secret in person.canaries() {
                assert!(!told.contains(secret), "{secret}");
            }
        }
        let one = list
            .people
            .iter()
            .find(|one| one.student == campus.people[0].student);
        let one = one.unwrap();
        assert_eq!(one.name, campus.people[0].name);
        assert_eq!(one.college.as_deref(), Some("第1学院"));
        assert!(one.major.is_some());
    })
    .await;
}

/// Who neither offers nor answers is shown nobody, and is not offered the list.
#[tokio::test]
async fn others_look_through_no_list() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let handover = campus.services.handovers(&campus.affairs).await.unwrap()[0].id;
        let listed = async |actor: &Actor| {
            let view = campus.services.handover(actor, handover).await;
            view.unwrap().listed
        };
        let counsellor = campus.counsellor(&campus.classes[..1]).await;
        for actor in [&campus.academic, &counsellor] {
            assert_eq!(listed(actor).await, 0);
            let refused = people(&campus, actor, handover).await;
            assert!(matches!(refused, Err(ServiceError::NotFound)));
        }
        assert_eq!(listed(&campus.affairs).await, 8);
        assert_eq!(listed(&campus.secretaries[0]).await, 4);
    })
    .await;
}

/// Parts that were returned are in no list: their students may be gone, or in another hand-over.
#[tokio::test]
async fn a_part_that_was_returned_is_in_no_list() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let handover = campus.offer().await;
        let back = async |actor: &Actor| {
            let view = campus.services.handover(actor, handover).await.unwrap();
            let own = view.line.receipts.iter().find(|r| r.can_answer).unwrap().id;
            let reasons = "名单与纸质名册不符";
            let returned = campus.services.return_receipt(actor, own, reasons);
            returned.await.unwrap();
        };
        back(&campus.secretaries[1]).await;
        assert_eq!(
            places(&campus, &campus.affairs, handover).await,
            [0, 1, 4, 5]
        );
        let gone = people(&campus, &campus.secretaries[1], handover).await;
        assert!(matches!(gone, Err(ServiceError::NotFound)));
        back(&campus.affairs).await;
        for actor in [&campus.admissions, &campus.affairs, &campus.secretaries[0]] {
            let gone = people(&campus, actor, handover).await;
            assert!(matches!(gone, Err(ServiceError::NotFound)));
        }
    })
    .await;
}
