//! Two universities in one database never see each other, even where everything about them is the same.

pub mod cancelled;
pub mod catalogue;
pub mod interference;
pub mod raw;
pub mod reads;
pub mod statements;
pub mod writes;

use crate::school::{INDEX, KSH, LOGIN, NUMBER, School, plant};
use domain::institution::Office;
use reads::{Seen, everything};
use std::collections::BTreeSet;
use store::testkit::{Bed, on_both};
use store::{StoreError, rows};
use writes::{Then, Tried, everything_written};

/// What is wrong with what one school sees of another: nothing, when it sees the same as for ids that nobody has.
pub async fn leaks(bed: &Bed, own: &School, other: &School) -> Vec<String> {
    let unit = bed.store().read(&own.admin).await.unwrap();
    let asked = everything(&unit, other).await;
    let nowhere = everything(&unit, &nowhere(bed, own)).await;
    let mut leaks = Vec::new();
    for ((name, seen), (_, nothing)) in asked.iter().zip(&nowhere) {
        let marked = seen.contains(&other.mark);
        let named = other.ids().iter().any(|id| seen.contains(&id.to_string()));
        if marked || named || seen != nothing {
            leaks.push(format!("{name} answered {seen}"));
        }
    }
    leaks
}

/// A school of ids that nobody has.
fn nowhere(bed: &Bed, own: &School) -> School {
    let id = || bed.store().id();
    School {
        tenant: own.tenant,
        mark: "nowhere".to_owned(),
        admin: own.admin.clone(),
        admissions: bed_actor(bed, own),
        academic: bed_actor(bed, own),
        college: id(),
        major: id(),
        class: id(),
        file: id(),
        import: id(),
        compared: id(),
        row: id(),
        candidate: id(),
        student: id(),
        person: id(),
        account: id(),
        post: id(),
        map: id(),
        handover: id(),
        receipt: id(),
        batch: id(),
        activation: id(),
        job: id(),
    }
}

fn bed_actor(bed: &Bed, own: &School) -> domain::institution::Actor {
    let mut seat = own.admissions.seat().clone();
    seat.person = bed.store().id();
    seat.account = bed.store().id();
    store::testkit::seated(seat)
}

fn is_empty(seen: &str) -> bool {
    matches!(
        seen,
        "Ok([])" | "Ok({})" | "Ok(0)" | "Ok(None)" | "Ok((0, 0))" | "Err(NotFound)"
    )
}

#[tokio::test]
async fn a_school_sees_nothing_of_its_twin() {
    on_both(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        assert_eq!(leaks(&bed, &a, &b).await, Vec::<String>::new());
        assert_eq!(leaks(&bed, &b, &a).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_school_sees_all_of_its_own() {
    on_both(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let unit = bed.store().read(&a.admin).await.unwrap();
        let unseen: Vec<Seen> = everything(&unit, &a)
            .await
            .into_iter()
            .filter(|(_, seen)| is_empty(seen))
            .collect();
        assert!(unseen.is_empty(), "reads that prove nothing: {unseen:#?}");
    })
    .await;
}

#[tokio::test]
async fn every_read_is_among_those_tested() {
    let bed = Bed::sqlite().await;
    let a = plant(&bed, "school-a").await;
    let unit = bed.store().read(&a.admin).await.unwrap();
    let tested: BTreeSet<String> = everything(&unit, &a)
        .await
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    let missing: Vec<_> = reads::named_in_sources("Scope")
        .difference(&tested)
        .cloned()
        .collect();
    assert!(
        missing.is_empty(),
        "add these reads to tests/it/isolation/reads.rs: {missing:?}"
    );
}

#[tokio::test]
async fn the_same_numbers_are_no_conflict_between_schools() {
    // `plant` gives both the same candidate number, student number, login, document, file key and job key.
    on_both(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        for own in [&a, &b] {
            let unit = bed.store().read(&own.admin).await.unwrap();
            let by_number = unit.student_by_number(NUMBER).await.unwrap().unwrap();
            let by_ksh = unit.student_by_number(KSH).await.unwrap().unwrap();
            assert_eq!((by_number.id, by_ksh.id), (own.student, own.student));
            let account = unit.account_by_login(LOGIN).await.unwrap().unwrap();
            assert_eq!(account.id, own.account);
            let found = unit.candidates_by_index(&[INDEX.to_vec()]).await.unwrap();
            assert_eq!(found.values().map(Vec::len).sum::<usize>(), 1);
        }
        assert_eq!(bed.store().control().tickets("waiting").await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn rows_for_another_school_are_refused() {
    on_both(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        let mut unit = bed.store().begin(&a.admin).await.unwrap();
        let row = rows::Person {
            tenant_id: b.tenant.0,
            id: unit.id(),
            name: "planted by A".to_owned(),
            contact: None,
            created_at: unit.now(),
        };
        let planted = row.id;
        let refused = unit.insert_people(vec![row], Vec::new(), Vec::new()).await;
        assert!(refused.is_err(), "a row of B was written by A");
        drop(unit);
        let unit = bed.store().read(&b.admin).await.unwrap();
        assert!(matches!(
            unit.person(planted).await,
            Err(StoreError::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_row_cannot_refer_to_another_school() {
    on_both(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        let mut unit = bed.store().begin(&a.admin).await.unwrap();
        let mut foreign = unit.unit(a.class).await.unwrap();
        foreign.id = unit.id();
        foreign.code = "02".to_owned();
        foreign.parent_id = Some(b.college);
        let refused = unit.insert_units(vec![foreign], Vec::new()).await;
        assert!(matches!(refused, Err(StoreError::Database(_))));
    })
    .await;
}

/// Everything that is known about a school: what it sees, its row among the schools, and whether a recovery code counts.
async fn whole(bed: &Bed, school: &School) -> Vec<Seen> {
    let unit = bed.store().read(&school.admin).await.unwrap();
    let mut whole = everything(&unit, school).await;
    let tenants = bed.store().control().tenants().await.unwrap();
    let own = tenants.iter().find(|(own, _)| own.id == school.tenant.0);
    whole.push(("tenant", format!("{own:?}")));
    let door = bed.store().door(school.tenant).await.unwrap();
    let counts = door.use_recovery_code(school.account, [1; 32]).await;
    whole.push(("recovery code", format!("{counts:?}")));
    whole
}

#[tokio::test]
async fn no_write_reaches_another_school() {
    on_both(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        let before = whole(&bed, &b).await;
        let tried = Box::pin(everything_written(&bed, &a, &b, Then::Commit)).await;
        let after = whole(&bed, &b).await;
        let changed: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
        assert!(changed.is_empty(), "{changed:#?}");
        let told: Vec<&Tried> = tried
            .iter()
            .filter(|tried| tried.said.contains(&b.mark))
            .collect();
        assert!(told.is_empty(), "{told:#?}");
    })
    .await;
}

#[tokio::test]
async fn every_write_is_among_those_tried() {
    let bed = Bed::sqlite().await;
    let a = plant(&bed, "school-a").await;
    let tried = Box::pin(everything_written(&bed, &a, &a, Then::Drop)).await;
    let idle: Vec<&Tried> = tried.iter().filter(|tried| !tried.reached()).collect();
    assert!(idle.is_empty(), "writes that prove nothing: {idle:#?}");
    let named: BTreeSet<&str> = tried.iter().map(|tried| tried.name).collect();
    let missing: Vec<String> = ["UnitOfWork", "Door"]
        .into_iter()
        .flat_map(reads::named_in_sources)
        .filter(|name| !named.contains(name.as_str()) && !writes::ENDS.contains(&name.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "add these writes to tests/it/isolation/writes.rs: {missing:?}"
    );
}

#[tokio::test]
async fn a_door_is_entered_by_its_own_people_only() {
    on_both(|bed| async move {
        let a = bed.tenant("school-a").await;
        let b = bed.tenant("school-b").await;
        let stranger = bed.officer(b, Office::TenantAdmin).await;
        let door = bed.store().door(a).await.unwrap();
        let entered = door.enter(&stranger);
        assert!(matches!(entered, Err(StoreError::NotFound)));
    })
    .await;
}
