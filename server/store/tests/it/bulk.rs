//! One event for many records: all of them or none, and one link of the chain over all.

use crate::school::{School, granted, photo, plant};
use domain::clause::Clause;
use domain::decision::{Decision, Read, decide};
use domain::institution::policy::OrganisePhotos;
use domain::photo::{PhotoEvent, PhotoState};
use store::testkit::{Bed, on_both};
use store::{Detail, StoreError, Subject, UnitOfWork};

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
