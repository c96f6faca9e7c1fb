//! Lists: totals that add up, pages that are complete, and nothing in them that a get refuses.

use super::campus::{Campus, YEAR, reason_of};
use chrono::TimeDelta;
use domain::admission::qualification::Qualification;
use domain::decision::{Machine as _, Reason};
use domain::institution::{Actor, Office, PersonalScope, PostKind};
use domain::person::id_number::IdType;
use domain::registration::PlatformAnswer;
use domain::view::list::{Column, ListFilter, ListQuery, ListSort, StudentListView};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use services::ServiceError;
use std::collections::BTreeSet;
use store::testkit::on_both;
use uuid::Uuid;

async fn list(campus: &Campus, actor: &Actor, filter: ListFilter) -> StudentListView {
    let query = ListQuery {
        filter,
        per_page: 500,
        ..ListQuery::default()
    };
    campus.services.students(actor, query).await.unwrap()
}

fn ids(view: &StudentListView) -> BTreeSet<Uuid> {
    view.rows.iter().map(|row| row.id).collect()
}

fn search(text: &str) -> ListFilter {
    ListFilter {
        search: Some(text.to_owned()),
        ..ListFilter::default()
    }
}

#[tokio::test]
async fn totals_add_up_under_every_filter() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 30).await;
        // Some states to count.
        for (place, person) in campus.people.iter().enumerate() {
            let mut unit = campus.bed.store().begin(&campus.admissions).await.unwrap();
            let granted = services_granted(&campus.admissions, unit.now());
            let read = domain::decision::Read {
                id: person.student,
                state: Qualification::AwaitingArrival,
                version: 2,
            };
            let event = match place % 3 {
                0 => domain::admission::qualification::QualificationEvent::Forgo,
                1 => domain::admission::qualification::QualificationEvent::Arrive,
                _ => continue,
            };
            let clause = domain::clause::Clause::ENTRY;
            let decision = domain::decision::decide(&granted, read, event, clause).unwrap();
            unit.apply(&granted, decision, store::Detail::none())
                .await
                .unwrap();
            unit.commit().await.unwrap();
        }
        let mut states: Vec<Option<Qualification>> = vec![None, Some(Qualification::Deferred)];
        states.extend(
            [
                Qualification::AwaitingArrival,
                Qualification::Forgone,
                Qualification::InitialCheck,
            ]
            .map(Some),
        );
        for qualification in states {
            for registration in [
                None,
                Some(PlatformAnswer::NotDue),
                Some(PlatformAnswer::Accepted),
            ] {
                let filter = ListFilter {
                    qualification,
                    registration,
                    ..ListFilter::default()
                };
                let view = list(&campus, &campus.affairs, filter).await;
                assert_eq!(view.total, view.rows.len() as u64);
                for facet in &view.facets {
                    let sum: u64 = facet.totals.iter().map(|total| total.count).sum();
                    assert_eq!(sum, facet.all, "{}", facet.key);
                    let selected: Vec<u64> = facet
                        .totals
                        .iter()
                        .filter(|t| t.selected)
                        .map(|t| t.count)
                        .collect();
                    assert_eq!(
                        selected.first().copied().unwrap_or(facet.all),
                        view.total,
                        "{}",
                        facet.key
                    );
                }
            }
        }
    })
    .await;
}

fn services_granted(
    actor: &Actor,
    now: chrono::DateTime<chrono::Utc>,
) -> domain::institution::Granted<domain::institution::policy::AnnotateAdmission> {
    actor
        .authorize(&domain::institution::Target::school(actor.tenant()), now)
        .unwrap()
}

#[tokio::test]
async fn pages_hold_every_record_once_in_every_order() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 23).await;
        for sort in ListSort::ALL {
            for descending in [false, true] {
                let mut seen = Vec::new();
                for page in 1..=5 {
                    let query = ListQuery {
                        sort,
                        descending,
                        page,
                        per_page: 5,
                        ..ListQuery::default()
                    };
                    let view = campus
                        .services
                        .students(&campus.affairs, query)
                        .await
                        .unwrap();
                    assert_eq!(view.pages, 5);
                    seen.extend(view.rows.into_iter().map(|row| row.id));
                }
                assert_eq!(seen.len(), 23);
                assert_eq!(
                    seen.iter().collect::<BTreeSet<_>>().len(),
                    23,
                    "{sort:?} {descending}"
                );
            }
        }
        // Beyond the end there is the last page, and no page is larger than 500 rows.
        let query = ListQuery {
            page: 9_999,
            per_page: 100_000,
            ..ListQuery::default()
        };
        let view = campus
            .services
            .students(&campus.affairs, query)
            .await
            .unwrap();
        assert_eq!((view.query.page, view.query.per_page), (1, 500));
    })
    .await;
}

#[tokio::test]
async fn a_college_sees_its_own_students_once_they_are_handed_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let secretary = &campus.secretaries[0];
        assert_eq!(
            list(&campus, secretary, ListFilter::default()).await.total,
            0
        );
        campus.hand_over().await;
        let view = list(&campus, secretary, ListFilter::default()).await;
        let own: BTreeSet<Uuid> = campus
            .people
            .iter()
            .filter(|p| p.major < 2)
            .map(|p| p.student)
            .collect();
        assert_eq!(ids(&view), own);
        // The filters of a college offer nothing of another one.
        assert_eq!(
            view.options
                .colleges
                .iter()
                .map(|u| u.id)
                .collect::<Vec<_>>(),
            [campus.colleges[0]]
        );
        assert_eq!(view.options.majors.len(), 2);
        let foreign = ListFilter {
            college: Some(campus.colleges[1]),
            ..ListFilter::default()
        };
        assert_eq!(list(&campus, secretary, foreign).await.total, 0);
    })
    .await;
}

#[tokio::test]
async fn a_counsellor_sees_the_own_classes_once_they_are_handed_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 24).await;
        let counsellor = campus.counsellor(&campus.classes[..2]).await;
        let seen = async || {
            list(&campus, &counsellor, ListFilter::default())
                .await
                .total
        };
        assert_eq!(seen().await, 0);
        campus.hand_over().await;
        assert_eq!(seen().await, 0, "nobody has a class yet");
        campus.number().await;
        let view = list(&campus, &counsellor, ListFilter::default()).await;
        let all = campus.all().await;
        let own = all
            .iter()
            .filter(|s| campus.classes[..2].contains(&s.class_id.unwrap()));
        assert_eq!(ids(&view), own.map(|s| s.id).collect());
        assert_eq!(view.rows.len(), 6);
    })
    .await;
}

/// A random reach of a post.
fn reach(campus: &Campus) -> impl Strategy<Value = (Office, PostKind, PersonalScope)> + use<> {
    let (colleges, majors, classes) = (campus.colleges, campus.majors, campus.classes);
    let some = |of: Vec<Uuid>| prop::sample::subsequence(of.clone(), 0..=of.len());
    prop_oneof![
        Just((
            Office::StudentAffairs,
            PostKind::Officer,
            PersonalScope::School
        )),
        prop::sample::select(colleges.to_vec()).prop_map(|c| (
            Office::College,
            PostKind::ViceDean,
            PersonalScope::College(c)
        )),
        some(majors.to_vec()).prop_map(|m| (
            Office::College,
            PostKind::TeachingSecretary,
            PersonalScope::Majors(m)
        )),
        some(classes.to_vec()).prop_map(move |classes| {
            (
                Office::College,
                PostKind::Counsellor,
                PersonalScope::Classes {
                    college: colleges[0],
                    classes,
                },
            )
        }),
    ]
}

#[tokio::test]
async fn a_list_never_shows_what_a_get_refuses() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 24).await;
        // One college has accepted, the other has not.
        let handover = campus.offer().await;
        campus.accept(&campus.affairs, handover).await.unwrap();
        campus
            .accept(&campus.secretaries[0], handover)
            .await
            .unwrap();
        campus.number().await;
        let mut runner = TestRunner::deterministic();
        for _ in 0..12 {
            let (office, kind, scope) = reach(&campus).new_tree(&mut runner).unwrap().current();
            let actor = campus
                .bed
                .person_in(campus.tenant, office, kind, scope.clone())
                .await;
            let seen = ids(&list(&campus, &actor, ListFilter::default()).await);
            for person in &campus.people {
                let got = campus.services.student_record(&actor, person.student).await;
                assert_eq!(got.is_ok(), seen.contains(&person.student), "{scope:?}");
                if let Err(error) = got {
                    assert!(matches!(error, ServiceError::NotFound));
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn people_are_found_by_what_one_knows_of_them() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 12).await;
        let person = &campus.people[2];
        let stored = campus.stored(person.student).await;
        let number = stored.student_no.unwrap();
        for text in [
            "单小雨",
            "小雨",
            "shanxiaoyu",
            "ShanXiao",
            "sxy",
            &person.ksh,
            &number,
            &person.ksh[10..],
            &number[5..],
        ] {
            let view = list(&campus, &campus.affairs, search(text)).await;
            assert!(ids(&view).contains(&person.student), "{text}");
            assert!(view.total < 12, "{text}");
        }
        // What looks like a pattern is none.
        for text in ["%", "_", "\\", "'; DROP TABLE student"] {
            assert_eq!(
                list(&campus, &campus.affairs, search(text)).await.total,
                0,
                "{text}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn numbers_with_letters_and_names_with_other_dots_are_found() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 12).await;
        // 专升本 numbers of the school, and student numbers that end with a letter.
        let letters = "ksh = 'ZSB' || ksh, student_no = student_no || 'X', no_tail = substr(no_tail, 2) || 'X'";
        campus.bed.tamper(campus.tenant, "student", letters).await;
        let person = &campus.people[4];
        let stored = campus.stored(person.student).await;
        let (ksh, number) = (stored.ksh, stored.student_no.unwrap());
        assert!(ksh.starts_with("ZSB26") && number.ends_with('X'));
        for whole in [&ksh, &ksh.to_lowercase(), &number, &number.to_lowercase()] {
            let view = list(&campus, &campus.affairs, search(whole)).await;
            assert_eq!(ids(&view), [person.student].into(), "{whole}");
        }
        for (text, from) in [(&number, 3), (&number, number.len() - 4), (&number, number.len() - 3)] {
            let end = text[from..].to_lowercase();
            let view = list(&campus, &campus.affairs, search(&end)).await;
            assert!(ids(&view).contains(&person.student), "{end}");
            assert!(view.total < 12, "{end}");
        }
        let view = list(&campus, &campus.affairs, search("ZSB9")).await;
        assert_eq!(view.total, 0);
        assert_eq!(person.name, "阿依古丽·买买提");
        for name in [
            "阿依古丽•买买提",
            "古丽‧买买",
            "阿依古丽.买买提",
            "阿依古丽•",
            "・买买提",
            "阿依古丽·买买提",
        ] {
            let view = list(&campus, &campus.affairs, search(name)).await;
            assert!(ids(&view).contains(&person.student), "{name}");
            assert!(view.total < 12, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_document_number_finds_visible_records_only() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let find = |actor: Actor, kind, number: String| {
            let services = campus.services.clone();
            async move { services.find_by_document(&actor, kind, &number).await }
        };
        let person = campus.people[0].clone();
        let card = IdType::ResidentIdCard;
        let found = find(
            campus.affairs.clone(),
            card,
            format!(" {} ", person.number.to_lowercase()),
        )
        .await
        .unwrap();
        assert_eq!(found, Some(person.student));
        // Unknown, malformed, of another kind, of another college: one answer.
        let foreign = campus.secretaries[1].clone();
        for (actor, kind, number) in [
            (
                campus.affairs.clone(),
                card,
                "110105194912310021".to_owned(),
            ),
            (campus.affairs.clone(), card, String::new()),
            (campus.affairs.clone(), card, "x".repeat(5_000)),
            (
                campus.affairs.clone(),
                IdType::Passport,
                person.number.clone(),
            ),
            (foreign.clone(), card, person.number.clone()),
        ] {
            assert_eq!(find(actor, kind, number).await.unwrap(), None);
        }
        // Guessing what a mask hides takes more than an hour.
        for _ in 1..30 {
            find(foreign.clone(), card, person.number.clone())
                .await
                .unwrap();
        }
        let refused = find(foreign.clone(), card, person.number.clone()).await;
        assert!(matches!(refused, Err(ServiceError::TooMany)));
        campus.bed.advance(TimeDelta::minutes(61));
        assert!(find(foreign, card, person.number).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn other_offices_have_no_lists() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        for office in [Office::ItCentre, Office::Security, Office::TenantAdmin] {
            let actor = campus.bed.officer(campus.tenant, office).await;
            let refused = campus
                .services
                .students(&actor, ListQuery::default())
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
            let refused = campus
                .services
                .student_record(&actor, campus.people[0].student)
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
        }
        let student = campus.student(0).await;
        assert!(
            campus
                .services
                .students(&student, ListQuery::default())
                .await
                .is_err()
        );
        // Another university's record does not exist.
        let elsewhere = campus.bed.tenant("beihai").await;
        let stranger = campus.bed.officer(elsewhere, Office::StudentAffairs).await;
        let refused = campus
            .services
            .student_record(&stranger, campus.people[0].student)
            .await;
        assert!(matches!(refused, Err(ServiceError::NotFound)));
        assert_eq!(
            campus
                .services
                .students(&stranger, ListQuery::default())
                .await
                .unwrap()
                .total,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn columns_depend_on_the_office() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let columns = |view: &StudentListView| {
            view.columns
                .iter()
                .map(|c| c.column)
                .collect::<BTreeSet<_>>()
        };
        let school = list(&campus, &campus.affairs, ListFilter::default()).await;
        let college = list(&campus, &campus.secretaries[0], ListFilter::default()).await;
        assert!(columns(&school).contains(&Column::IdNumber));
        assert!(!columns(&college).contains(&Column::IdNumber));
        assert!(!columns(&college).contains(&Column::CandidateNumberFull));
        assert_eq!(school.options.years, [YEAR]);
    })
    .await;
}

/// Each number of the funnel opens exactly the persons that it counts, whatever their two states are.
#[tokio::test]
async fn every_standing_of_the_funnel_is_a_list() {
    use domain::admission::funnel::Standing;
    on_both(|bed| async move {
        let states: Vec<(Qualification, PlatformAnswer)> = Qualification::STATES
            .iter()
            .flat_map(|q| PlatformAnswer::STATES.iter().map(|r| (*q, *r)))
            .collect();
        let campus = Campus::mapped(bed, states.len() + 3).await;
        let cases = |key: &dyn Fn((Qualification, PlatformAnswer)) -> &'static str| {
            let people = campus.people.iter().zip(&states);
            let when = people.map(|(p, state)| format!("WHEN '{}' THEN '{}'", p.ksh, key(*state)));
            when.collect::<Vec<_>>().join(" ")
        };
        let set = format!(
            "qualification = CASE ksh {} ELSE qualification END, \
             registration = CASE ksh {} ELSE registration END",
            cases(&|(q, _)| q.key()),
            cases(&|(_, r)| r.key()),
        );
        campus.bed.tamper(campus.tenant, "student", &set).await;
        let home = campus.services.office_home(&campus.affairs).await.unwrap();
        assert_eq!(home.funnel.admitted, campus.people.len() as u64);
        let mut opened = 0;
        for standing in Standing::ALL {
            let filter = ListFilter {
                year: Some(YEAR),
                standing: vec![standing],
                ..ListFilter::default()
            };
            let view = list(&campus, &campus.affairs, filter).await;
            assert_eq!(view.total, home.funnel.count(standing), "{standing:?}");
            for row in &view.rows {
                assert_eq!(Standing::of(row.qualification, row.registration), standing);
            }
            for facet in &view.facets {
                assert_eq!(facet.all, view.total, "{standing:?} {}", facet.key);
            }
            opened += view.total;
        }
        assert_eq!(opened, home.funnel.admitted);
        // Whoever has arrived stands in one of two places, and is one list.
        let arrived = ListFilter {
            year: Some(YEAR),
            standing: vec![Standing::Registered, Standing::Arrived],
            ..ListFilter::default()
        };
        let arrived = list(&campus, &campus.affairs, arrived).await.total;
        let both = [Standing::Registered, Standing::Arrived].map(|one| home.funnel.count(one));
        assert_eq!(arrived, both.iter().sum::<u64>());
    })
    .await;
}

/// A class of another cohort narrows the list to nobody, and is seen to do so.
#[tokio::test]
async fn what_is_chosen_is_offered_though_it_fits_nobody() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let filter = ListFilter {
            year: Some(YEAR - 1),
            college: Some(campus.colleges[0]),
            major: Some(campus.majors[0]),
            class: Some(campus.classes[0]),
            ..ListFilter::default()
        };
        let view = list(&campus, &campus.affairs, filter).await;
        assert_eq!(view.total, 0);
        let chosen = |units: &[domain::view::list::UnitOption]| {
            let units = units.iter();
            units.map(|u| (u.id, u.count)).collect::<Vec<_>>()
        };
        assert_eq!(chosen(&view.options.colleges), [(campus.colleges[0], 0)]);
        assert_eq!(chosen(&view.options.majors), [(campus.majors[0], 0)]);
        assert_eq!(chosen(&view.options.classes), [(campus.classes[0], 0)]);
        assert!(view.options.classes.iter().all(|u| !u.name.is_empty()));
    })
    .await;
}
