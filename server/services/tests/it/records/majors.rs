//! Admitted majors become majors of the school.

use super::campus::{Campus, YEAR, reason_of};
use domain::decision::Reason;
use domain::institution::{Target, policy};
use domain::view::majors::MajorLine;
use domain::view::record::Agreement;
use formats::workbook::{Column, write_table};
use services::ServiceError;
use services::assign::RuleChoice;
use store::testkit::on_both;
use uuid::Uuid;

#[tokio::test]
async fn the_code_suggests_and_a_person_decides() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        let view = campus
            .services
            .major_map_view(&campus.admissions, YEAR)
            .await
            .unwrap();
        assert_eq!(
            (view.unmapped, view.blocked_students, view.lines.len()),
            (4, 8, 4)
        );
        for line in &view.lines {
            let place: usize = line.admitted_code.parse().unwrap();
            assert_eq!(line.suggestion.as_ref().unwrap().id, campus.majors[place]);
            assert_eq!((line.students, line.major.is_none()), (2, true));
        }
        // A suggestion places nobody.
        assert!(campus.all().await.iter().all(|s| s.major_id.is_none()));
        let line = &view.lines[0];
        let placed = campus
            .services
            .map_major(&campus.admissions, line.id, campus.majors[0], true)
            .await
            .unwrap();
        assert_eq!(placed, 2);
        for student in campus.all().await.iter().filter(|s| s.major_id.is_some()) {
            assert_eq!(
                (student.major_id, student.college_id),
                (Some(campus.majors[0]), Some(campus.colleges[0]))
            );
        }
        let after = campus
            .services
            .major_map_view(&campus.admissions, YEAR)
            .await
            .unwrap();
        assert_eq!((after.unmapped, after.blocked_students), (3, 6));
        let mapped = after.lines.last().unwrap();
        assert!(
            mapped.broad && mapped.set_by.is_some(),
            "decided lines come last"
        );
    })
    .await;
}

#[tokio::test]
async fn all_suggestions_are_followed_at_once() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        let (services, officer) = (&campus.services, &campus.admissions);
        let view = services.major_map_view(officer, YEAR).await.unwrap();
        assert_eq!(view.suggested, 4);
        let stale = services.map_suggested(officer, YEAR, 3).await;
        assert_eq!(reason_of(&stale.unwrap_err()), Some(Reason::Stale));
        assert_eq!(services.map_suggested(officer, YEAR, 4).await.unwrap(), 8);
        let view = services.major_map_view(officer, YEAR).await.unwrap();
        assert_eq!((view.unmapped, view.suggested), (0, 0));
        for student in campus.all().await {
            assert!(student.major_id.is_some() && student.college_id.is_some());
        }
        let nothing = services.map_suggested(officer, YEAR, 0).await;
        assert_eq!(reason_of(&nothing.unwrap_err()), Some(Reason::Incomplete));
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_last_year_is_suggested_first() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        let (services, officer) = (&campus.services, &campus.admissions);
        let view = services.major_map_view(officer, YEAR).await.unwrap();
        let line = &view.lines[0];
        let code = line.suggestion.as_ref().unwrap().id;
        let other = campus.majors.iter().copied().find(|m| *m != code).unwrap();
        decided(&campus, YEAR - 1, line, other).await;
        let view = services.major_map_view(officer, YEAR).await.unwrap();
        let line = view.lines.iter().find(|l| l.id == line.id).unwrap();
        assert_eq!(line.suggestion.as_ref().unwrap().id, other);
        assert!(line.broad, "the decision comes whole");
    })
    .await;
}

/// A table that comes later in the year is another folder: what was decided for the first one is not asked again.
#[tokio::test]
async fn what_was_decided_this_year_is_suggested_for_a_later_folder() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        let (services, officer) = (&campus.services, &campus.admissions);
        let view = services.major_map_view(officer, YEAR).await.unwrap();
        let line = &view.lines[0];
        let suggested = async || {
            let view = services.major_map_view(officer, YEAR).await.unwrap();
            let found = view.lines.into_iter().find(|l| l.id == line.id).unwrap();
            found.suggestion.unwrap().id
        };
        let code = suggested().await;
        let others = campus.majors.iter().copied().filter(|m| *m != code);
        let [before, now, apart] = others.take(3).collect::<Vec<_>>().try_into().unwrap();
        decided(&campus, YEAR - 1, line, before).await;
        assert_eq!(suggested().await, before);
        decided(&campus, YEAR, line, now).await;
        assert_eq!(suggested().await, now);
        // Where this year's decisions differ, none of them is the one to follow.
        decided(&campus, YEAR, line, apart).await;
        assert_eq!(suggested().await, code);
    })
    .await;
}

/// Somebody has decided the same major in a folder of its own.
async fn decided(campus: &Campus, year: i32, line: &MajorLine, major: Uuid) {
    let (store, officer) = (campus.services.store(), &campus.admissions);
    let mut unit = store.begin(officer).await.unwrap();
    let school = Target::school(officer.tenant());
    let granted = officer
        .authorize::<policy::MapMajor>(&school, unit.now())
        .unwrap();
    let map = store::rows::MajorMap {
        tenant_id: officer.tenant().0,
        id: unit.id(),
        year,
        folder: format!("另一个文件夹 {major}"),
        admitted_code: "77".to_owned(),
        national_code: line.national_code.clone(),
        national_name: line.national_name.clone(),
        college_id: Some(campus.colleges[0]),
        major_id: Some(major),
        broad: true,
        set_by: None,
        set_at: None,
    };
    unit.insert_major_maps(vec![map]).await.unwrap();
    let subject = store::Subject::new("major_map", major);
    unit.note(&granted, subject, store::Detail::none());
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn a_decision_can_change_until_the_hand_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let line = || async {
            let view = campus
                .services
                .major_map_view(&campus.admissions, YEAR)
                .await
                .unwrap();
            view.lines
                .into_iter()
                .find(|l| l.admitted_code == "00")
                .unwrap()
                .id
        };
        let map = async |major| {
            campus
                .services
                .map_major(&campus.admissions, line().await, major, false)
                .await
                .unwrap()
        };
        assert_eq!(map(campus.majors[1]).await, 2, "moved to the other major");
        campus.offer().await;
        assert_eq!(map(campus.majors[0]).await, 0, "who is handed over stays");
        let moved = campus
            .all()
            .await
            .iter()
            .filter(|s| s.major_id == Some(campus.majors[1]))
            .count();
        assert_eq!(moved, 4);
    })
    .await;
}

#[tokio::test]
async fn only_a_major_of_a_college_is_one() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 4).await;
        let view = campus
            .services
            .major_map_view(&campus.admissions, YEAR)
            .await
            .unwrap();
        let line = view.lines[0].id;
        for wrong in [campus.classes[0], campus.bed.store().id()] {
            let refused = campus
                .services
                .map_major(&campus.admissions, line, wrong, false)
                .await;
            assert!(matches!(
                refused,
                Err(ServiceError::Invalid { field: "major", .. })
            ));
        }
        let nothing = campus
            .services
            .map_major(
                &campus.admissions,
                campus.majors[0],
                campus.majors[0],
                false,
            )
            .await;
        assert!(matches!(nothing, Err(ServiceError::NotFound)));
        let refused = campus
            .services
            .map_major(&campus.affairs, line, campus.majors[0], false)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
    })
    .await;
}

/// 大类招生 from the mapping to the class, by rule and by list.
#[tokio::test]
async fn a_broad_intake_stands_in_classes_of_its_college() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 16).await;
        let services = &campus.services;
        let view = services
            .major_map_view(&campus.admissions, YEAR)
            .await
            .unwrap();
        let college = campus.colleges[0];
        assert!(view.majors.iter().any(|m| m.broad && m.id == college));
        for line in &view.lines {
            // What was admitted to the first major is a broad intake of the first college.
            let to = match line.admitted_code.as_str() {
                "00" => college,
                _ => line.suggestion.as_ref().unwrap().id,
            };
            services
                .map_major(&campus.admissions, line.id, to, false)
                .await
                .unwrap();
        }
        let after = services
            .major_map_view(&campus.admissions, YEAR)
            .await
            .unwrap();
        assert_eq!(after.unmapped, 0);
        let line = after.lines.iter().find(|l| l.admitted_code == "00");
        assert!(
            line.unwrap().broad,
            "whoever chooses a college means a broad intake"
        );
        let broad: Vec<_> = campus.people.iter().filter(|p| p.major == 0).collect();
        assert_eq!(broad.len(), 4);
        for person in &broad {
            let stored = campus.stored(person.student).await;
            assert_eq!((stored.college_id, stored.major_id), (Some(college), None));
        }
        let preview = services
            .handover_preview(&campus.admissions, None)
            .await
            .unwrap();
        assert!(preview.ready, "a broad intake blocks nothing");
        let open = preview.colleges[0].parts.iter().find(|p| p.unit.is_none());
        assert_eq!(open.unwrap().total, 4);
        campus.hand_over().await;
        let record = services.student_record(&campus.affairs, broad[0].student);
        let compared = record.await.unwrap().compared;
        let major = compared.iter().find(|line| line.key == "major").unwrap();
        assert_eq!(
            major.agreement,
            Agreement::OneSided,
            "a category is no other major"
        );
        // Without a class of its own it waits; with two, it is dealt to both.
        let choice = RuleChoice::cohort(YEAR);
        let before = services
            .assign_preview_by_rule(&campus.affairs, choice)
            .await
            .unwrap();
        assert_eq!((before.total, before.gaps[0].1), (12, 4));
        let classes = [
            campus.broad_class("2690").await,
            campus.broad_class("2691").await,
        ];
        let ksh = broad[0].ksh.as_str();
        let columns = ["考生号", "学号", "班级"].map(Column::text);
        let list = |class: &str| {
            let line = [ksh.to_owned(), String::new(), class.to_owned()];
            let today = campus.bed.store().now().date_naive();
            write_table("名单", &columns, [line].into_iter(), today).unwrap()
        };
        for (class, refused) in [("2690", 0), ("2600", 1)] {
            let (_, view) = campus.listed("a.xlsx", list(class)).await;
            assert_eq!(view.refused, refused, "{class}");
        }
        campus.number().await;
        let mut sizes = [0, 0];
        for person in &broad {
            let stored = campus.stored(person.student).await;
            assert_eq!(stored.major_id, None, "a class does not choose the major");
            let class = stored.class_id.unwrap();
            sizes[classes.iter().position(|own| *own == class).unwrap()] += 1;
            assert!(stored.student_no.is_some());
        }
        assert_eq!(sizes, [2, 2]);
    })
    .await;
}
