//! From the import to the hand-over: a returned one is mended by undo and a new import; a later package is a supplement.

use crate::admission::ground::{Ground, YEAR, package, upload_of};
use crate::admission::paths::{HEAD, with_digits};
use crate::admission::photos::{jpeg, send};
use domain::admission::path::AdmissionPath;
use domain::decision::Reason;
use domain::institution::{Actor, Office, PersonalScope, PostKind, Target, policy};
use domain::view::admission::RowState;
use domain::view::handover::{HandoverKind, HandoverView};
use services::ServiceError;
use store::testkit::{Bed, on_both, on_postgres};
use store::{Detail, Subject, rows};
use uuid::Uuid;

/// A school of one college with one major, and who receives.
struct Receivers {
    ground: Ground,
    major: Uuid,
    affairs: Actor,
    secretary: Actor,
}

impl Receivers {
    async fn new(bed: Bed) -> Self {
        let ground = Ground::new(bed).await;
        let store = ground.bed.store();
        let mut unit = store.begin(&ground.officer).await.unwrap();
        let (college, major) = (unit.id(), unit.id());
        let row = |id, kind: &str, parent_id, code: &str| rows::Unit {
            tenant_id: ground.tenant.0,
            id,
            kind: kind.to_owned(),
            parent_id,
            code: code.to_owned(),
            name: code.to_owned(),
            catalogue_year: None,
            national_code: None,
            duration: None,
            grade: None,
            phone: None,
            valid_from: unit.today(),
            valid_to: None,
            import_id: None,
        };
        let units = vec![
            row(college, "college", None, "05"),
            row(major, "major", Some(college), "0501"),
        ];
        unit.insert_units(units, Vec::new()).await.unwrap();
        let school = Target::school(ground.tenant);
        let granted = ground
            .officer
            .authorize::<policy::MapMajor>(&school, unit.now())
            .unwrap();
        unit.note(&granted, Subject::new("unit", major), Detail::none());
        unit.commit().await.unwrap();
        let affairs = ground
            .bed
            .officer(ground.tenant, Office::StudentAffairs)
            .await;
        let secretary = ground
            .bed
            .person_in(
                ground.tenant,
                Office::College,
                PostKind::TeachingSecretary,
                PersonalScope::College(college),
            )
            .await;
        Self {
            ground,
            major,
            affairs,
            secretary,
        }
    }

    /// Maps every line.
    async fn map_all(&self) {
        let (services, officer) = (&self.ground.services, &self.ground.officer);
        let year = i32::from(YEAR);
        let view = services.major_map_view(officer, year).await.unwrap();
        for line in view.lines.iter().filter(|line| line.major.is_none()) {
            services
                .map_major(officer, line.id, self.major, false)
                .await
                .unwrap();
        }
    }

    /// Maps every line, and offers everybody whom no hand-over holds.
    async fn offer(&self) -> Uuid {
        self.map_all().await;
        let (services, officer) = (&self.ground.services, &self.ground.officer);
        let year = i32::from(YEAR);
        let preview = services.handover_preview(officer, None).await.unwrap();
        services
            .offer_handover(officer, year, preview.total, &preview.hash, "")
            .await
            .unwrap()
    }

    /// The main hand-over of so many, accepted by everybody, as it then is.
    async fn main(&self, rows: u32) -> HandoverView {
        self.ground.confirmed(&package(43, rows, &[])).await;
        let main = self.offer().await;
        self.accept(main).await;
        self.view(&self.affairs, main).await
    }

    /// Offers whom a later package brought: a supplement with receipts of its own, which leaves the main one alone.
    async fn supplements(&self, before: &HandoverView, total: u64) {
        let later = self.offer().await;
        let view = self.view(&self.affairs, later).await;
        assert_eq!(
            (view.line.kind, view.line.number, view.line.total),
            (HandoverKind::Supplementary, 2, total)
        );
        assert_eq!(view.line.receipts.len(), 2, "its own receipts");
        assert!(view.line.receipts.iter().all(|r| r.person.is_none()));
        assert_ne!(view.hash, before.hash);
        self.accept(later).await;
        let after = self.view(&self.affairs, before.line.id).await;
        assert_eq!(&after, before, "the main hand-over is as it was");
    }

    async fn view(&self, actor: &Actor, handover: Uuid) -> HandoverView {
        let services = &self.ground.services;
        services.handover(actor, handover).await.unwrap()
    }

    async fn accept(&self, handover: Uuid) {
        for receiver in [&self.affairs, &self.secretary] {
            let view = self.view(receiver, handover).await;
            let own = view.line.receipts.iter().find(|r| r.can_answer).unwrap();
            self.ground
                .services
                .accept_receipt(receiver, own.id, &own.hash)
                .await
                .unwrap();
        }
    }
}

/// What was returned because the data were wrong can be mended: a hand-over that was returned holds nobody.
#[tokio::test]
async fn an_import_whose_hand_over_was_returned_can_be_undone_and_come_again_mended() {
    on_both(|bed| async move {
        let school = Receivers::new(bed).await;
        let ground = &school.ground;
        let import = ground.confirmed(&package(41, 9, &[])).await;
        let first = school.offer().await;
        let blocked = ground.undo(import).await;
        assert!(matches!(blocked, Err(ServiceError::BuiltOn(_))));
        let own = school.view(&school.affairs, first).await.line.receipts;
        let own = own.iter().find(|r| r.can_answer).unwrap();
        ground
            .services
            .return_receipt(&school.affairs, own.id, "多了一人，请核对")
            .await
            .unwrap();
        ground.undo(import).await.unwrap();
        assert_eq!(ground.candidates().await, 0);
        // The list as it was offered and returned stays, with its counts and its hash.
        let kept = school.view(&school.affairs, first).await;
        assert_eq!((kept.line.total, kept.colleges[0].total), (9, 9));
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        assert_eq!(unit.handover_members(first, None).await.unwrap().len(), 9);
        drop(unit);
        // The mended package has one person fewer.
        ground.confirmed(&package(41, 8, &[])).await;
        let second = school.offer().await;
        school.accept(second).await;
        let view = school.view(&school.affairs, second).await;
        assert_eq!((view.line.total, view.line.number), (8, 2));
    })
    .await;
}

/// 专升本 comes after the main intake: a hand-over of its own, with its own receipts.
#[tokio::test]
async fn a_later_top_up_package_makes_a_supplementary_hand_over() {
    on_both(|bed| async move {
        let school = Receivers::new(bed).await;
        let ground = &school.ground;
        let before = school.main(6).await;
        let rows = "ZSB2026010001,张三,男,居民身份证,{31010120040301003},20040301,汉族,会计学\n";
        let bytes = format!("{HEAD}{}", with_digits(rows)).into_bytes();
        let mut upload = upload_of("专升本名单.csv", bytes);
        upload.path = AdmissionPath::TopUp;
        let import = ground.sent(upload).await;
        let checked = ground.view(import).await;
        assert_eq!(checked.line.counts.in_state(RowState::Good), 1);
        ground.confirm(import).await;
        school.supplements(&before, 1).await;
    })
    .await;
}

/// 补录: a province sends a second package. Who came with the first one and stands in it again is not handed over twice.
#[tokio::test]
async fn a_later_package_of_the_province_makes_a_supplementary_hand_over() {
    on_both(|bed| async move {
        let school = Receivers::new(bed).await;
        let ground = &school.ground;
        let before = school.main(6).await;
        let first = package(43, 6, &[]);
        let mut again = package(44, 3, &[]);
        for (path, bytes) in first.files {
            again.files.push((format!("第一次/{path}"), bytes));
        }
        let import = ground.checked(&again).await;
        let checked = ground.view(import).await.line.counts;
        let states = [RowState::Good, RowState::Unchanged];
        assert_eq!(states.map(|state| checked.in_state(state)), [3, 6]);
        ground.confirm(import).await;
        assert_eq!(ground.candidates().await, 9);
        school.supplements(&before, 3).await;
    })
    .await;
}

/// An undo and an offer at the same moment: one of the two is refused, and no hand-over names somebody who is gone.
#[tokio::test]
async fn an_import_that_is_undone_at_the_moment_of_the_offer() {
    on_postgres(|bed| async move {
        let school = Receivers::new(bed).await;
        let ground = &school.ground;
        let (services, officer) = (&ground.services, &ground.officer);
        let year = i32::from(YEAR);
        for round in 0..8 {
            let import = ground.confirmed(&package(60 + round, 5, &[])).await;
            school.map_all().await;
            let preview = services.handover_preview(officer, None).await.unwrap();
            assert_eq!((preview.total, preview.ready), (5, true));
            let (undone, offered) = tokio::join!(
                ground.undo(import),
                services.offer_handover(officer, year, preview.total, &preview.hash, "")
            );
            match (undone, offered) {
                (Ok(()), Err(ServiceError::Refused(refusal))) => {
                    assert_eq!(refusal.reason, Reason::Stale);
                    assert_eq!(ground.candidates().await, 0);
                }
                (Err(ServiceError::BuiltOn(_)), Ok(handover)) => {
                    assert_eq!(ground.candidates().await, 5);
                    let own = school.view(&school.affairs, handover).await.line.receipts;
                    let own = own.iter().find(|r| r.can_answer).unwrap();
                    services
                        .return_receipt(&school.affairs, own.id, "再来一次")
                        .await
                        .unwrap();
                    ground.undo(import).await.unwrap();
                }
                (undone, offered) => panic!("{undone:?} {offered:?}"),
            }
        }
    })
    .await;
}

/// A 专业负责人 sees a photo, like the record, once the cohort was handed over.
#[tokio::test]
async fn a_head_of_a_major_sees_a_photo_only_once_the_cohort_is_handed_over() {
    on_both(|bed| async move {
        let school = Receivers::new(bed).await;
        let ground = &school.ground;
        ground.confirmed(&package(44, 1, &[])).await;
        school.map_all().await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let seen = ground.officer.visible();
        let all = store::StudentFilter::default();
        let ids = unit.student_ids(&seen, &all, store::StudentSort::Number, false);
        let id = ids.await.unwrap()[0];
        let student = unit.student(id).await.unwrap();
        drop(unit);
        assert_eq!(student.major_id, Some(school.major));
        send(ground, &[(format!("{}.jpg", student.ksh), jpeg(1))]).await;
        let scope = PersonalScope::Majors(vec![school.major]);
        let head = ground
            .bed
            .person_in(ground.tenant, Office::College, PostKind::MajorHead, scope)
            .await;
        let early = ground.services.photo(&head, id).await;
        assert!(matches!(early, Err(ServiceError::NotFound)), "{early:?}");
        let handover = school.offer().await;
        school.accept(handover).await;
        ground.services.photo(&head, id).await.unwrap();
    })
    .await;
}
