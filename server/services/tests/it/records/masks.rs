//! Whole responses (T-PII-04, T-PII-05): whatever one role sees on all its pages together leaves a hundred numbers.

use super::campus::{Campus, Person};
use domain::institution::Actor;
use domain::person::mask::{MIN_CANDIDATES, Observer, candidates_left};
use domain::view::list::ListQuery;
use store::testkit::on_both;

/// Every text of 18 characters of digits and stars: an ID number, masked or not.
fn numbers(page: &str) -> Vec<String> {
    page.split(|c: char| !(c.is_ascii_digit() || c == '*' || c == 'X'))
        .filter(|word| word.len() == 18)
        .map(str::to_owned)
        .collect()
}

/// All pages on which an office sees the cohort, as they leave.
async fn office_pages(campus: &Campus, actor: &Actor, person: &Person) -> String {
    let services = &campus.services;
    let list = services
        .students(actor, ListQuery::default())
        .await
        .unwrap();
    let record = services
        .student_record(actor, person.student)
        .await
        .unwrap();
    let home = services.office_home(actor).await.unwrap();
    let handovers = services.handovers(actor).await.unwrap();
    [
        serde_json::to_string(&list).unwrap(),
        serde_json::to_string(&record).unwrap(),
        serde_json::to_string(&home).unwrap(),
        serde_json::to_string(&handovers).unwrap(),
    ]
    .join("\n")
}

fn assert_masked(pages: &str, person: &Person, role: &str) {
    for canary in person.canaries() {
        assert!(!pages.contains(canary), "{role} sees {canary}");
    }
    let shown = numbers(pages);
    assert!(!shown.is_empty(), "{role}: the number is shown in part");
    for masked in shown {
        // The strongest reader: knows the area, sees birth date and sex.
        let left = candidates_left(
            &masked,
            &Observer {
                areas: &[&person.number[..6]],
                born: person.born..=person.born,
                sex: Some(person.sex),
            },
        );
        assert!(
            left >= u64::from(MIN_CANDIDATES),
            "{role}: {masked} leaves {left}"
        );
    }
}

#[tokio::test]
async fn every_role_is_left_with_a_hundred_numbers() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 16).await;
        let person = campus.people.iter().find(|p| p.major == 0).unwrap().clone();
        let class = campus.stored(person.student).await.class_id.unwrap();
        let counsellor = campus.counsellor(&[class]).await;
        for (actor, role) in [
            (&campus.admissions, "admissions"),
            (&campus.affairs, "student affairs"),
            (&campus.academic, "academic affairs"),
            (&campus.secretaries[0], "college"),
            (&counsellor, "counsellor"),
        ] {
            assert_masked(&office_pages(&campus, actor, &person).await, &person, role);
        }
    })
    .await;
}

#[tokio::test]
async fn the_own_page_is_masked_too() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        for place in 0..8 {
            let student = campus.student(place).await;
            let view = campus.services.my_record(&student).await.unwrap();
            let page = serde_json::to_string(&view).unwrap();
            assert_masked(&page, &campus.people[place], "student");
            assert!(
                !page.contains(&campus.people[place].name),
                "the name is masked"
            );
        }
    })
    .await;
}
