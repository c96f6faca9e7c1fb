//! What people read word for word, as it was reviewed: states with their explanations; and the headers of a page.

use crate::house::House;
use domain::admission::qualification::Qualification;
use domain::decision::Machine;
use domain::institution::Office;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::text::Explained;
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn explained<M: Machine + Explained + 'static>(table: &mut String) {
    writeln!(table, "# {}", M::NAME).unwrap();
    for state in M::STATES {
        let (label, text) = (state.label(), state.explanation());
        writeln!(
            table,
            "{} · {}\n  {}\n  {}",
            label.zh, label.en, text.zh, text.en
        )
        .unwrap();
    }
    table.push('\n');
}

#[test]
fn the_states_of_a_student_are_explained_as_reviewed() {
    let mut table = String::new();
    explained::<Qualification>(&mut table);
    explained::<StudentStatus>(&mut table);
    explained::<PlatformAnswer>(&mut table);
    explained::<PhotoState>(&mut table);
    insta::assert_snapshot!("states", table);
}

#[tokio::test]
async fn a_page_is_sent_with_the_reviewed_headers() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let office = house.bed.officer(tenant, Office::Admissions).await;
    let cookie = house.cookie(&office).await;
    let page = house.get("/shou/home", Some(&cookie)).await;
    let headers: BTreeMap<&str, String> = page
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap().to_owned()))
        .collect();
    let mut table = String::new();
    for (name, value) in headers {
        if name == "content-length" {
            continue;
        }
        // Each page has a nonce of its own.
        let mut value = value;
        if let Some(at) = value.find("'nonce-") {
            let end = at + 1 + value[at + 1..].find('\'').unwrap();
            value.replace_range(at..=end, "'nonce-…'");
        }
        writeln!(table, "{name}: {value}").unwrap();
    }
    insta::assert_snapshot!("headers", table);
}
