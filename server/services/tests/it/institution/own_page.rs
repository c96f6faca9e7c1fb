//! The school's own page: names over time, calendar, colour and logo.

use super::school::School;
use chrono::{Datelike as _, Days, NaiveDate};
use domain::calendar::Semester;
use domain::institution::Office;
use domain::institution::term::{StudentDays, Term};
use services::ServiceError;
use services::institution::school::{MOST_LOGO, NameUse, NewSchoolName};
use store::testkit::on_both;

fn code_of<T: std::fmt::Debug>(answer: services::Result<T>) -> (&'static str, &'static str) {
    match answer {
        Err(ServiceError::Invalid { field, code }) => (field, code),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_renamed_school_keeps_its_earlier_name_with_its_dates() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let today = domain::calendar::local_date(bed.store().now());
        let new = |name: &str, code: &str, valid_from: NaiveDate| NewSchoolName {
            used: NameUse::Instead,
            code: code.to_owned(),
            name: name.to_owned(),
            valid_from,
        };
        let set = async |new| services.set_school_name(&school.admin, new).await;
        set(new("江南理工学院", "10299", today - Days::new(10)))
            .await
            .unwrap();
        set(new("江南理工大学", "10299", today)).await.unwrap();
        let view = services.school_view(&school.admin).await.unwrap();
        let names: Vec<&str> = view.names.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(names[..2], ["江南理工大学", "江南理工学院"]);
        assert_eq!(view.names[1].valid_to, today.pred_opt());
        assert_eq!(view.names[0].valid_to, None);
        let row = bed
            .store()
            .control()
            .tenant(school.tenant)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.name.as_str(), row.school_code.as_str()),
            ("江南理工大学", "10299")
        );
        let tomorrow = today + Days::new(1);
        assert_eq!(
            code_of(set(new("新名", "10299", tomorrow)).await),
            ("valid_from", "not_yet")
        );
        assert_eq!(
            code_of(set(new("新名", "1029", today)).await),
            ("code", "form")
        );
        let early = today - Days::new(1);
        assert_eq!(
            code_of(set(new("新名", "10299", early)).await),
            ("valid_from", "past")
        );
        // Mistyped: on the first day it is put right, with no name of no days left behind.
        set(new("江南理工大學", "10300", today)).await.unwrap();
        set(new("江南理工大学", "10299", today)).await.unwrap();
        let view = services.school_view(&school.admin).await.unwrap();
        let again: Vec<&str> = view.names.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(again, names);
        assert_eq!(
            services
                .school_codes(school.tenant, today)
                .await
                .unwrap()
                .len(),
            1
        );
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let refused = services
            .set_school_name(&affairs, new("新名", "10299", today))
            .await;
        assert!(matches!(refused, Err(ServiceError::Refused(_))));
    })
    .await;
}

/// The page's name and the history of names are one change: when one cannot be written, neither is.
#[tokio::test]
async fn a_name_is_set_everywhere_or_nowhere() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let today = domain::calendar::local_date(bed.store().now());
        let name = || NewSchoolName {
            used: NameUse::Instead,
            code: "10300".to_owned(),
            name: "江南理工大学".to_owned(),
            valid_from: today,
        };
        let state = async || {
            let view = services.school_view(&school.admin).await.unwrap();
            let names: Vec<String> = view.names.into_iter().map(|n| n.name).collect();
            let row = bed.store().control().tenant(school.tenant).await.unwrap();
            (names, row.unwrap().name)
        };
        let before = state().await;
        bed.rename_table("audit_entry", "away").await;
        services
            .set_school_name(&school.admin, name())
            .await
            .unwrap_err();
        bed.rename_table("away", "audit_entry").await;
        assert_eq!(state().await, before);
        services
            .set_school_name(&school.admin, name())
            .await
            .unwrap();
        let after = state().await;
        assert_eq!(
            (after.0[0].as_str(), after.1.as_str()),
            ("江南理工大学", "江南理工大学")
        );
    })
    .await;
}

/// Of two at the same time the second replaces what the first one set: one name holds.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_names_at_once_one_holds() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let today = domain::calendar::local_date(bed.store().now());
        let tasks = ["10300", "10301"].map(|code| {
            let (services, admin) = (school.services.clone(), school.admin.clone());
            let new = NewSchoolName {
                used: NameUse::Instead,
                code: code.to_owned(),
                name: format!("大学{code}"),
                valid_from: today,
            };
            tokio::spawn(async move { services.set_school_name(&admin, new).await })
        });
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let codes = school.services.school_codes(school.tenant, today).await;
        let row = bed.store().control().tenant(school.tenant).await.unwrap();
        let codes = codes.unwrap();
        assert_eq!(codes.len(), 1);
        assert_eq!(codes[0].as_str(), row.unwrap().school_code);
    })
    .await;
}

#[tokio::test]
async fn a_second_code_holds_beside_the_first_until_it_ends() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let today = domain::calendar::local_date(bed.store().now());
        let set = async |used, code: &str, valid_from: NaiveDate| {
            let new = NewSchoolName {
                used,
                code: code.to_owned(),
                name: "江南理工大学".to_owned(),
                valid_from,
            };
            services.set_school_name(&school.admin, new).await
        };
        let codes = async |day: NaiveDate| {
            let codes = services.school_codes(school.tenant, day).await.unwrap();
            let texts = codes.iter().map(|code| code.as_str().to_owned());
            texts.collect::<Vec<_>>()
        };
        let (first, second) = (today - Days::new(20), today - Days::new(10));
        set(NameUse::Instead, "10299", first).await.unwrap();
        set(NameUse::Beside, "13299", second).await.unwrap();
        assert_eq!(codes(second - Days::new(1)).await, ["10299"]);
        assert_eq!(codes(second).await, ["10299", "13299"]);
        let row = bed.store().control().tenant(school.tenant).await.unwrap();
        assert_eq!(row.unwrap().school_code, "10299", "its own code stays");
        let twice = set(NameUse::Beside, "13299", today).await;
        assert_eq!(code_of(twice), ("code", "taken"));
        // It is there already: in place of the own code it would stand twice.
        let again = set(NameUse::Instead, "13299", today).await;
        assert_eq!(code_of(again), ("code", "taken"));
        let own = set(NameUse::Ends, "10299", today).await;
        assert_eq!(code_of(own), ("code", "unknown"));
        // A new name takes the place of the school's own code, and the second one stays.
        set(NameUse::Instead, "10300", today - Days::new(5))
            .await
            .unwrap();
        assert_eq!(codes(today).await, ["10300", "13299"]);
        set(NameUse::Ends, "13299", today).await.unwrap();
        assert_eq!(codes(today).await, ["10300"]);
        assert_eq!(codes(today - Days::new(1)).await, ["10300", "13299"]);
    })
    .await;
}

#[tokio::test]
async fn terms_are_checked_and_kept_in_versions() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let day = |month, day| NaiveDate::from_ymd_opt(2031, month, day).unwrap();
        let term = Term {
            year: 2031,
            semester: Semester::Autumn,
            starts_on: day(9, 1),
            ends_on: NaiveDate::from_ymd_opt(2032, 1, 16).unwrap(),
            arrival_on: Some(day(8, 30)),
            student_days: StudentDays::default(),
        };
        let set = async |term: Term| services.set_term(&school.admin, term).await;
        set(term).await.unwrap();
        let moved = Term {
            arrival_on: Some(day(9, 6)),
            starts_on: day(9, 8),
            student_days: StudentDays {
                verify_until: Some(day(9, 6)),
                self_check_until: Some(day(12, 31)),
                photo_until: NaiveDate::from_ymd_opt(2034, 6, 1),
            },
            ..term
        };
        set(moved).await.unwrap();
        let view = services.school_view(&school.admin).await.unwrap();
        let own: Vec<_> = view.terms.iter().filter(|t| t.term.year == 2031).collect();
        assert_eq!(own.len(), 1);
        assert_eq!((own[0].term, own[0].version), (moved, 2));
        let look = bed.store().look(school.tenant).await.unwrap();
        let kept = look.term_versions().await.unwrap();
        assert_eq!(kept.iter().filter(|t| t.year == 2031).count(), 2);
        drop(look);
        let wrong = |change: fn(&mut Term)| {
            let mut term = moved;
            change(&mut term);
            term
        };
        for (term, expected) in [
            (
                wrong(|t| t.starts_on = NaiveDate::from_ymd_opt(2032, 9, 1).unwrap()),
                ("starts_on", "year"),
            ),
            (wrong(|t| t.ends_on = t.starts_on), ("ends_on", "length")),
            (
                wrong(|t| t.arrival_on = Some(t.ends_on)),
                ("arrival_on", "arrival"),
            ),
            (
                wrong(|t| t.student_days.verify_until = t.arrival_on.unwrap().pred_opt()),
                ("verify_until", "day_early"),
            ),
            (
                wrong(|t| {
                    t.arrival_on = None;
                    t.student_days.verify_until = None;
                    t.student_days.self_check_until = t.starts_on.pred_opt();
                }),
                ("self_check_until", "day_early"),
            ),
            (
                wrong(|t| t.student_days.photo_until = t.starts_on.with_year(2206)),
                ("photo_until", "day_late"),
            ),
            (
                Term {
                    semester: Semester::Spring,
                    starts_on: NaiveDate::from_ymd_opt(2032, 2, 20).unwrap(),
                    ends_on: NaiveDate::from_ymd_opt(2032, 6, 30).unwrap(),
                    arrival_on: None,
                    ..moved
                },
                ("verify_until", "day_spring"),
            ),
            (
                Term {
                    semester: Semester::Spring,
                    starts_on: NaiveDate::from_ymd_opt(2032, 1, 10).unwrap(),
                    ends_on: NaiveDate::from_ymd_opt(2032, 6, 30).unwrap(),
                    arrival_on: None,
                    ..moved
                },
                ("starts_on", "overlap"),
            ),
        ] {
            assert_eq!(code_of(set(term).await), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn colour_and_logo_are_checked() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let set = async |colour: &str| services.set_branding(&school.admin, colour, "32").await;
        assert_eq!(code_of(set("#ffcc00").await), ("colour", "contrast"));
        assert_eq!(code_of(set("blue").await), ("colour", "form"));
        set("#7A2E14").await.unwrap();
        let view = services.school_view(&school.admin).await.unwrap();
        assert_eq!(
            (view.colour.as_str(), view.province.as_str()),
            ("#7a2e14", "32")
        );
        assert!(matches!(
            services.logo(school.tenant).await,
            Err(ServiceError::NotFound)
        ));
        let upload =
            async |bytes: Vec<u8>| services.upload_logo(&school.admin, "校徽.png", bytes).await;
        assert_eq!(
            code_of(upload(b"<svg/>".to_vec()).await),
            ("file", "not_png")
        );
        assert_eq!(
            code_of(upload(vec![0; MOST_LOGO + 1]).await),
            ("file", "too_large")
        );
        let cut = b"\x89PNG\r\n\x1a\nrest".to_vec();
        assert_eq!(code_of(upload(cut).await), ("file", "not_png"));
        // A picture of the screen is no logo; one that is cut by hand may miss the square by a little.
        for (wide, high) in [(1366, 768), (768, 1366), (211, 200), (0, 0)] {
            let refused = code_of(upload(png(wide, high)).await);
            let code = if wide == 0 { "not_png" } else { "not_square" };
            assert_eq!(refused, ("file", code), "{wide} x {high}");
        }
        upload(png(210, 200)).await.unwrap();
        let png = png(256, 256);
        upload(png.clone()).await.unwrap();
        assert_eq!(services.logo(school.tenant).await.unwrap(), png);
    })
    .await;
}

/// The head of a PNG of this size.
fn png(wide: u32, high: u32) -> Vec<u8> {
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    head.extend(wide.to_be_bytes());
    head.extend(high.to_be_bytes());
    head
}
