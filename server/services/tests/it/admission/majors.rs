//! Admitted majors: every offer gets one line, and once it is mapped its later candidates have college and major at once.

use crate::admission::ground::{Ground, YEAR, package};
use domain::institution::{Target, policy};
use store::testkit::{Bed, on_both};
use store::{Detail, StudentFilter, StudentPage, StudentSort, Subject, rows};
use uuid::Uuid;

fn unit_row(ground: &Ground, kind: &str, parent: Option<Uuid>, code: &str) -> rows::Unit {
    rows::Unit {
        tenant_id: ground.tenant.0,
        id: ground.bed.store().id(),
        kind: kind.to_owned(),
        parent_id: parent,
        code: code.to_owned(),
        name: code.to_owned(),
        catalogue_year: None,
        national_code: None,
        duration: None,
        grade: None,
        phone: None,
        valid_from: chrono::NaiveDate::from_ymd_opt(2020, 9, 1).unwrap(),
        valid_to: None,
        import_id: None,
    }
}

#[tokio::test]
async fn a_mapped_offer_places_its_later_candidates() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        ground.confirmed(&package(95, 60, &[])).await;
        let store = ground.bed.store();
        let mut unit = store.begin(&ground.officer).await.unwrap();
        let lines = unit.major_maps(i32::from(YEAR)).await.unwrap();
        assert_eq!(
            lines.len(),
            16,
            "one line an offer, however many were admitted"
        );
        assert!(lines.iter().all(|line| line.major_id.is_none()));
        let line = lines
            .iter()
            .find(|line| line.national_code == "080901")
            .unwrap();
        let college = unit_row(&ground, "college", None, "05");
        let major = unit_row(&ground, "major", Some(college.id), "0501");
        let (college_id, major_id) = (college.id, major.id);
        let granted = ground
            .officer
            .authorize::<policy::MapMajor>(&Target::school(ground.tenant), unit.now())
            .unwrap();
        unit.insert_units(vec![college, major], Vec::new())
            .await
            .unwrap();
        unit.set_major(line.id, college_id, Some(major_id), false)
            .await
            .unwrap();
        unit.note(&granted, Subject::new("major_map", line.id), Detail::none());
        unit.commit().await.unwrap();
        ground.confirmed(&package(96, 60, &[])).await;
        let unit = store.read(&ground.officer).await.unwrap();
        assert_eq!(unit.major_maps(i32::from(YEAR)).await.unwrap().len(), 16);
        let page = StudentPage {
            sort: StudentSort::Number,
            descending: false,
            offset: 0,
            limit: 500,
        };
        let filter = StudentFilter {
            major: Some(major_id),
            ..StudentFilter::default()
        };
        let placed = unit
            .students(&ground.officer.visible(), &filter, page)
            .await
            .unwrap();
        assert!(!placed.is_empty());
        for student in placed {
            assert_eq!(student.college_id, Some(college_id));
            let candidate = unit.candidate(student.candidate_id).await.unwrap();
            assert_eq!(candidate.national_code, "080901");
        }
    })
    .await;
}

/// A broad intake has a college and no major yet: level and form follow from the way of admission, the length from a major.
#[tokio::test]
async fn what_the_province_leaves_out_is_filled_by_the_major() {
    for broad in [false, true] {
        on_both(|bed| filled(bed, broad)).await;
    }
}

async fn filled(bed: Bed, broad: bool) {
    let ground = Ground::new(bed).await;
    ground.confirmed(&package(97, 8, &[])).await;
    let (services, officer) = (&ground.services, &ground.officer);
    let page = StudentPage {
        sort: StudentSort::Number,
        descending: false,
        offset: 0,
        limit: 1,
    };
    let unit = ground.bed.store().read(officer).await.unwrap();
    let students = unit
        .students(&officer.visible(), &StudentFilter::default(), page)
        .await
        .unwrap();
    let candidate = unit.candidate(students[0].candidate_id).await.unwrap();
    let maps = unit.major_maps(i32::from(YEAR)).await.unwrap();
    let map = maps
        .iter()
        .find(|map| map.national_name == candidate.national_name)
        .unwrap()
        .id;
    drop(unit);
    let student = students[0].id;
    let missing = async || {
        let record = services.student_record(officer, student).await.unwrap();
        let names = record.missing.into_iter().map(|(field, _)| field.0);
        names.collect::<Vec<String>>()
    };
    let before = missing().await;
    for field in ["层次", "学习形式", "学制"] {
        assert!(before.iter().any(|name| name == field), "{before:?}");
    }
    let college = unit_row(&ground, "college", None, "05");
    let major = rows::Unit {
        duration: Some("4".to_owned()),
        ..unit_row(&ground, "major", Some(college.id), "0501")
    };
    let (major_id, place) = (major.id, if broad { college.id } else { major.id });
    let mut unit = ground.bed.store().begin(officer).await.unwrap();
    let granted = officer
        .authorize::<policy::MapMajor>(&Target::school(ground.tenant), unit.now())
        .unwrap();
    unit.insert_units(vec![college, major], Vec::new())
        .await
        .unwrap();
    unit.note(&granted, Subject::new("unit", major_id), Detail::none());
    unit.commit().await.unwrap();
    services
        .map_major(officer, map, place, broad)
        .await
        .unwrap();
    let after = missing().await;
    for (field, due) in [("层次", false), ("学习形式", false), ("学制", broad)] {
        let stands = after.iter().any(|name| name == field);
        assert_eq!(stands, due, "{field} of {after:?}");
    }
    let record = services.student_record(officer, student).await.unwrap();
    let school = record.sections.iter().find(|s| s.key == "school").unwrap();
    let value = |key: &str| {
        let fact = school.facts.iter().find(|fact| fact.key == key).unwrap();
        fact.value.0.clone()
    };
    assert_eq!(value("school_level"), "本科");
    assert_eq!(value("school_study_form"), "普通全日制");
    assert_eq!(value("school_length"), if broad { "" } else { "4 年" });
}
