use super::day;
use domain::calendar::{
    AcademicCalendar, AcademicCalendarError, AcademicYear, Semester, Term, TermDates,
};

fn term(year: u16, semester: Semester, start: &str, end: &str) -> TermDates {
    TermDates {
        term: Term {
            year: AcademicYear(year),
            semester,
        },
        start: day(start),
        end: day(end),
    }
}

fn school() -> AcademicCalendar {
    AcademicCalendar::new(vec![
        term(2026, Semester::Spring, "2027-02-22", "2027-07-09"),
        term(2026, Semester::Autumn, "2026-09-07", "2027-01-22"),
    ])
    .unwrap()
}

#[test]
fn academic_years_begin_in_september() {
    assert_eq!(
        AcademicYear::containing(day("2026-08-31")),
        AcademicYear(2025)
    );
    assert_eq!(
        AcademicYear::containing(day("2026-09-01")),
        AcademicYear(2026)
    );
    assert_eq!(AcademicYear(2026).label_zh(), "2026–2027学年");
    assert_eq!(AcademicYear(2026).label_en(), "Academic year 2026–2027");
}

#[test]
fn semesters_follow_each_other() {
    let autumn = Term {
        year: AcademicYear(2026),
        semester: Semester::Autumn,
    };
    assert_eq!(
        autumn.next(),
        Term {
            year: AcademicYear(2026),
            semester: Semester::Spring
        }
    );
    assert_eq!(
        autumn.next().next(),
        Term {
            year: AcademicYear(2027),
            semester: Semester::Autumn
        }
    );
    assert!(autumn < autumn.next() && autumn.next() < autumn.next().next());
}

#[test]
fn a_day_has_a_semester_and_a_week_or_lies_in_a_vacation() {
    let school = school();
    let autumn = school.terms()[0];
    assert_eq!(school.term_on(day("2026-09-07")), Some(autumn));
    assert_eq!(school.dates(autumn.term), Some(autumn));
    assert_eq!(school.week(day("2026-09-13")), Some(1));
    assert_eq!(school.week(day("2026-09-14")), Some(2));
    assert_eq!(school.term_on(day("2027-02-01")), None);
    assert_eq!(school.week(day("2027-02-01")), None);
    assert_eq!(
        school.current_or_next(day("2027-02-01")).unwrap().term,
        autumn.term.next()
    );
    assert_eq!(school.current_or_next(day("2027-08-01")), None);
}

#[test]
fn a_calendar_that_contradicts_itself_is_refused() {
    let autumn = term(2026, Semester::Autumn, "2026-09-07", "2027-01-22");
    let error = |terms| AcademicCalendar::new(terms).unwrap_err();
    let backwards = term(2026, Semester::Autumn, "2026-09-07", "2026-09-06");
    assert_eq!(
        error(vec![backwards]),
        AcademicCalendarError::EndBeforeStart(autumn.term)
    );
    assert_eq!(
        error(vec![autumn, autumn]),
        AcademicCalendarError::Overlap(autumn.term)
    );
    let early = term(2026, Semester::Spring, "2027-01-22", "2027-07-09");
    assert_eq!(
        error(vec![early, autumn]),
        AcademicCalendarError::Overlap(early.term)
    );
    let json = serde_json::to_string(&school()).unwrap();
    assert_eq!(
        serde_json::from_str::<AcademicCalendar>(&json).unwrap(),
        school()
    );
    assert!(
        serde_json::from_str::<AcademicCalendar>(&serde_json::to_string(&vec![backwards]).unwrap())
            .is_err()
    );
}
