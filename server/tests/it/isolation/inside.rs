//! Within one university: a post of a college, and a student, with what lies outside of their reach.

use super::twins::{OWN, Twins, knock, names_records, plain};
use crate::house::House;
use domain::institution::policy::{FindByDocument, ReissueSlip};
use domain::institution::{Actor, PersonalScope};
use services::admission::snapshot;
use std::collections::BTreeSet;
use store::rows;
use uuid::Uuid;

/// What a post reaches.
fn reach(scope: &PersonalScope) -> &'static str {
    match scope {
        PersonalScope::School => "school",
        PersonalScope::College(_) => "college",
        PersonalScope::Majors(_) => "majors",
        PersonalScope::Classes { .. } => "classes",
        PersonalScope::Own(_) => "own",
    }
}

fn sees(scope: &PersonalScope, student: &rows::Student) -> bool {
    match scope {
        PersonalScope::School => true,
        PersonalScope::College(college) => student.college_id == Some(*college),
        PersonalScope::Majors(majors) => student.major_id.is_some_and(|m| majors.contains(&m)),
        PersonalScope::Classes { classes, .. } => {
            student.class_id.is_some_and(|c| classes.contains(&c))
        }
        PersonalScope::Own(own) => student.id == *own,
    }
}

/// Somebody whom a post does not see: in another college, or for a student anybody else.
fn hidden<'s>(students: &'s [rows::Student], actor: &Actor) -> Option<&'s rows::Student> {
    let scope = &actor.seat().scope;
    let own = students.iter().find(|s| sees(scope, s))?.college_id;
    let is_placed = |s: &&rows::Student| s.class_id.is_some() && s.student_no.is_some();
    let elsewhere = |s: &rows::Student| s.college_id != own || reach(scope) == "own";
    let mut placed = students.iter().filter(is_placed);
    placed.find(|s| !sees(scope, s) && elsewhere(s))
}

/// Ids of a hidden student and of what is around them: class, major, college, batch of numbers, and the receipt of the
/// college.
async fn around(twins: &Twins, student: &rows::Student) -> Vec<Uuid> {
    let reader = twins.reader(OWN).await;
    let unit = twins.house.bed.store().read(&reader).await.unwrap();
    let mut ids = vec![student.id];
    ids.extend(student.class_id);
    ids.extend(student.major_id);
    ids.extend(student.college_id);
    let batches = unit.assignments_of_student(student.id).await.unwrap();
    ids.extend(batches.iter().map(|batch| batch.batch_id));
    for handover in unit.handovers(20).await.unwrap() {
        let receipts = unit.receipts(&[handover.id]).await.unwrap();
        let theirs = receipts
            .iter()
            .find(|r| r.college_id.is_some() && r.college_id == student.college_id);
        ids.extend(theirs.map(|receipt| receipt.id));
    }
    assert!(ids.len() > 5, "{ids:?}");
    ids
}

/// A post with the real ids of what it does not reach in the same university.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_lies_outside_of_the_own_reach() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let house = &twins.house;
        let students = twins.students(OWN).await;
        let mut reaches = BTreeSet::new();
        let mut seen = 0;
        for actor in twins.people(OWN).await {
            let Some(student) = hidden(&students, &actor) else {
                continue;
            };
            let hidden = around(&twins, student).await;
            reaches.insert(reach(&actor.seat().scope));
            let before = twins.head(OWN).await;
            for rule in names_records().filter(|rule| rule.allows(&actor)) {
                let nothing = house.bed.store().id();
                let cookie = house.cookie(&actor).await;
                let missing = knock(house, rule, &cookie, OWN, nothing).await;
                let missing = plain(&missing, nothing);
                for id in &hidden {
                    let cookie = house.cookie(&actor).await;
                    let answer = knock(house, rule, &cookie, OWN, *id).await;
                    let place = format!("{:?} {} {id}", actor.seat().kind, rule.op);
                    assert_eq!(plain(&answer, *id), missing, "{place}");
                    seen += 1;
                }
            }
            assert_eq!(twins.head(OWN).await, before, "{:?}", actor.seat().kind);
        }
        let all = BTreeSet::from(["college", "majors", "classes", "own"]);
        assert_eq!(reaches, all);
        assert!(seen > 100, "{seen}");
    })
    .await;
}

/// Forms that name a person by a number say of somebody hidden what they say of nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_students_number_is_nobodys() {
    House::on_each(|house| async move {
        let twins = Twins::in_house(house).await;
        let students = twins.students(OWN).await;
        let mut asked = BTreeSet::new();
        for actor in twins.people(OWN).await {
            let Some(student) = hidden(&students, &actor) else {
                continue;
            };
            let (kind, document) = document(&twins, student).await;
            let number = student.student_no.clone().unwrap();
            if actor.may::<ReissueSlip>() {
                let form = |number: &str| format!("number={number}&kind=slip&identity=id_card");
                let [named, other, nobody] =
                    [&number, &student.ksh, "20269999"].map(|number| (form(number), number));
                let missing = answers(&twins, &actor, "institution/reissue-slip", nobody).await;
                let told = "refused=unknown&field=number";
                assert!(missing.contains(told), "{missing}");
                for named in [named, other] {
                    let op = "institution/reissue-slip";
                    assert_eq!(answers(&twins, &actor, op, named).await, missing);
                }
                asked.insert("reissue");
            }
            if actor.may::<FindByDocument>() {
                let form = |number: &str| format!("kind={kind}&number={number}");
                let op = "disclosure/find";
                let nobody = "110101200001010019";
                let missing = answers(&twins, &actor, op, (form(nobody), nobody)).await;
                let named = (form(&document), document.as_str());
                assert_eq!(answers(&twins, &actor, op, named).await, missing);
                let reader = twins.reader(OWN).await;
                let named = (form(&document), document.as_str());
                let found = answers(&twins, &reader, op, named).await;
                assert_ne!(found, missing, "whoever sees the student finds the student");
                asked.insert("find");
            }
        }
        assert_eq!(asked.len(), 2, "{asked:?}");
    })
    .await;
}

/// Where a form leads, without the number in it.
async fn answers(twins: &Twins, actor: &Actor, op: &str, (form, number): (String, &str)) -> String {
    let cookie = twins.house.cookie(actor).await;
    let form = format!("tenant={OWN}&{form}");
    let path = format!("/api/{op}");
    let answer = twins.house.submit(&path, Some(&cookie), &form).await;
    let led = format!("{} {}", answer.status, answer.header("location"));
    led.replace(number, "NUMBER")
}

/// Kind and number of a student's document of identity.
async fn document(twins: &Twins, student: &rows::Student) -> (String, String) {
    let reader = twins.reader(OWN).await;
    let unit = twins.house.bed.store().read(&reader).await.unwrap();
    let candidate = unit.candidate(student.candidate_id).await.unwrap();
    let facts = snapshot::facts(unit.keys(), &candidate).unwrap();
    (candidate.id_type, facts.id_number.unwrap())
}
