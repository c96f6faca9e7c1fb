//! One event for many records: all of them or none, and one link of the chain over all.

use crate::school::{self, KSH, School, YEAR, granted, move_photo, noted, photo, plant};
use crate::unit_of_work::numbers;
use domain::clause::Clause;
use domain::decision::{Decision, Machine as _, Read, decide};
use domain::institution::policy::OrganisePhotos;
use domain::institution::{Granted, policy};
use domain::photo::{PhotoEvent, PhotoState};
use store::seal::Place;
use store::testkit::{Bed, on_both};
use store::{Detail, StoreError, StudentFilter, StudentPage, StudentSort, Subject, UnitOfWork};
use uuid::Uuid;

fn decided(
    unit: &UnitOfWork,
    read: Read<PhotoState>,
    event: PhotoEvent,
) -> Decision<PhotoState, OrganisePhotos> {
    let granted = granted::<OrganisePhotos>(unit.actor(), unit.now());
    decide(&granted, read, event, Clause::PHOTO).unwrap()
}

async fn apply(
    bed: &Bed,
    school: &School,
    moves: &[(Read<PhotoState>, PhotoEvent)],
) -> store::Result<()> {
    let mut unit = bed.store().begin(&school.academic).await?;
    let granted = granted::<OrganisePhotos>(unit.actor(), unit.now());
    let decisions: Vec<_> = moves
        .iter()
        .map(|(read, event)| decided(&unit, *read, *event))
        .collect();
    let subject = Subject::new("import_batch", school.import);
    unit.apply_many(&granted, subject, &decisions, Detail::none())
        .await?;
    unit.commit().await
}

#[tokio::test]
async fn a_bulk_act_moves_everybody_under_one_link() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let read = photo(bed.store(), &school.academic, school.student).await;
        let unit = bed.store().read(&school.academic).await.unwrap();
        let before = unit.audit_after(0, 1_000).await.unwrap().len();
        drop(unit);
        apply(&bed, &school, &[(read, PhotoEvent::ObtainCode)])
            .await
            .unwrap();
        let moved = photo(bed.store(), &school.academic, school.student).await;
        assert_eq!(
            (moved.state, moved.version),
            (PhotoState::CodeObtained, read.version + 1)
        );
        let unit = bed.store().read(&school.academic).await.unwrap();
        let row = unit.student(school.student).await.unwrap();
        assert_eq!(row.photo_on, Some(unit.today()));
        let entries = unit.audit_after(0, 1_000).await.unwrap();
        assert_eq!(entries.len(), before + 1);
        let link = entries.last().unwrap();
        assert_eq!(unit.audit_leaves(link.seq).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn one_record_that_changed_meanwhile_stops_the_whole_act() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let read = photo(bed.store(), &school.academic, school.student).await;
        let changed = Read {
            id: school.candidate,
            ..read
        };
        let moves = [
            (read, PhotoEvent::ObtainCode),
            (changed, PhotoEvent::ObtainCode),
        ];
        let refused = apply(&bed, &school, &moves).await;
        assert!(matches!(refused, Err(StoreError::Stale)));
        let mixed = [(read, PhotoEvent::ObtainCode), (read, PhotoEvent::Submit)];
        assert!(matches!(
            apply(&bed, &school, &mixed).await,
            Err(StoreError::Form(_))
        ));
        assert_eq!(
            photo(bed.store(), &school.academic, school.student).await,
            read
        );
    })
    .await;
}

#[tokio::test]
async fn a_bulk_act_is_one_link_with_a_leaf_for_each_record() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        let ids: Vec<Uuid> = (0..1_000).map(|_| unit.id()).collect();
        let granted = school::granted::<policy::ConfirmImport>(unit.actor(), unit.now());
        unit.note(
            &granted,
            Subject::new("import_batch", school.import),
            Detail::text("1000").over("candidate", ids.iter().copied()),
        );
        let before = unit.chain_head().await.unwrap().unwrap().size();
        unit.commit().await.unwrap();
        let unit = bed.store().read(&school.admin).await.unwrap();
        assert_eq!(unit.chain_head().await.unwrap().unwrap().size(), before + 1);
        let seq = i64::try_from(before).unwrap() + 1;
        let leaves = unit.audit_leaves(seq).await.unwrap();
        assert_eq!(leaves.len(), ids.len());
        for (leaf, id) in leaves.iter().zip(&ids) {
            assert!(String::from_utf8_lossy(leaf).contains(&id.to_string()));
        }
        drop(unit);
        let report = school::verified(&bed, &school).await;
        assert_eq!((report.bulk, report.rows), (2, 1_001));
    })
    .await;
}

/// A leaf binds what its record was and became: the mark can be made again from the value, and from no other.
#[tokio::test]
async fn a_leaf_of_a_bulk_act_binds_the_values_of_its_record() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        let ids = [unit.id(), unit.id()];
        let granted = school::granted::<policy::ConfirmImport>(unit.actor(), unit.now());
        let values = ids.map(|id| (id, "none".to_owned(), format!("digest of {id}")));
        unit.note(
            &granted,
            Subject::new("import_batch", school.import),
            Detail::text("2").over_values("candidate", values.clone()),
        );
        let seq = i64::try_from(unit.chain_head().await.unwrap().unwrap().size()).unwrap() + 1;
        unit.commit().await.unwrap();
        let unit = bed.store().read(&school.admin).await.unwrap();
        let leaves = unit.audit_leaves(seq).await.unwrap();
        for (leaf, (id, before, after)) in leaves.iter().zip(&values) {
            let leaf: serde_json::Value = serde_json::from_slice(leaf).unwrap();
            let mark = |column, value: &str| {
                let place = Place::new("candidate", column, *id);
                let mark = store::seal::commit(unit.keys(), &place, value.as_bytes()).unwrap();
                serde_json::to_value(mark).unwrap()
            };
            assert_eq!(leaf["before"], mark("audit before", before));
            assert_eq!(leaf["after"], mark("audit after", after));
            assert_ne!(leaf["after"], mark("audit after", "another digest"));
        }
        drop(unit);
        school::verified(&bed, &school).await;
    })
    .await;
}

/// The decisions that obtain the capture codes of all students of a school.
async fn codes_for_all(
    bed: &Bed,
    school: &School,
    granted: &Granted<policy::OrganisePhotos>,
) -> Vec<Decision<PhotoState, policy::OrganisePhotos>> {
    let unit = bed.store().read(&school.academic).await.unwrap();
    let page = StudentPage {
        sort: StudentSort::Number,
        descending: false,
        offset: 0,
        limit: 10,
    };
    let rows = unit
        .students(&School::all(), &StudentFilter::default(), page)
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            let read = Read {
                id: row.id,
                state: PhotoState::from_key(&row.photo).unwrap(),
                version: row.version,
            };
            decide(granted, read, PhotoEvent::ObtainCode, Clause::ONLINE_FIELDS).unwrap()
        })
        .collect()
}

#[tokio::test]
async fn a_bulk_move_is_for_all_of_them_or_for_none() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let granted = school::granted(&school.academic, bed.store().now());
        let decisions = codes_for_all(&bed, &school, &granted).await;
        assert_eq!(decisions.len(), 4);
        let faster = photo(bed.store(), &school.academic, school.student).await;
        move_photo(bed.store(), &school.academic, faster, PhotoEvent::Submit)
            .await
            .unwrap();
        let before = numbers(&bed, &school).await;

        let subject = Subject::new("import_batch", school.import);
        let mut unit = bed.store().begin(&school.academic).await.unwrap();
        let moved = unit
            .apply_many(&granted, subject, &decisions, Detail::none())
            .await;
        assert!(matches!(moved, Err(StoreError::Stale)));
        noted::<policy::SwitchPost>(&mut unit, "post", school.post);
        assert!(matches!(unit.commit().await, Err(StoreError::Stale)));
        assert_eq!(numbers(&bed, &school).await, before);

        let mut unit = bed.store().begin(&school.academic).await.unwrap();
        let rest: Vec<_> = decisions
            .into_iter()
            .filter(|d| d.read().id != school.student)
            .collect();
        unit.apply_many(&granted, subject, &rest, Detail::none())
            .await
            .unwrap();
        unit.commit().await.unwrap();
        assert_eq!(numbers(&bed, &school).await.len(), before.len() + 1);
        let unit = bed.store().read(&school.academic).await.unwrap();
        let lines = unit.ledger_over(rest[0].read().id).await.unwrap();
        let line = lines.first().unwrap();
        assert_eq!(line.part.as_deref(), Some("photo"));
        assert_eq!(line.state.as_deref(), Some(rest[0].to().key()));
        let leaves = unit.audit_leaves(line.seq).await.unwrap();
        assert!(leaves.iter().all(|leaf| {
            let leaf = String::from_utf8_lossy(leaf);
            leaf.contains("\"before\":\"hmac-sha256:") && leaf.contains("\"after\":\"hmac-sha256:")
        }));
        assert!(unit.ledger_over(school.student).await.unwrap().is_empty());
        drop(unit);
        let report = school::verified(&bed, &school).await;
        assert_eq!((report.bulk, report.rows), (2, 4));
    })
    .await;
}

#[tokio::test]
async fn records_without_a_number_come_last_on_both_databases() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let unit = bed.store().read(&school.academic).await.unwrap();
        for descending in [false, true] {
            let page = StudentPage {
                sort: StudentSort::Number,
                descending,
                offset: 0,
                limit: 10,
            };
            let rows = unit
                .students(&School::all(), &StudentFilter::default(), page)
                .await
                .unwrap();
            let numbered: Vec<_> = rows.iter().map(|row| row.student_no.is_some()).collect();
            assert_eq!(numbered, [true, false, false, false]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_named_often_is_one_record() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let unit = bed.store().read(&school.academic).await.unwrap();
        let often = vec![KSH.to_owned(); 6_000];
        let found = unit.records_by_number(YEAR, &often).await.unwrap();
        assert_eq!(found, [school.student]);
    })
    .await;
}
