//! A list that gives class, number and counsellor.

use super::{PATTERN, School, id, input, pattern};
use domain::admission::assign::{
    ClassSeat, Counsellor, Gap, KnownClass, KnownStudent, Move, Order, Pupil, SheetFindingKind,
    SheetInput, SheetRow, check_sheet, plan,
};
use domain::admission::finding::Severity;
use domain::clause::Clause;
use domain::decision::Machine as _;
use domain::status::StudentStatus;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub fn sheet_input() -> SheetInput {
    let class = |number: usize, major: usize| KnownClass {
        class: id(2, number),
        college: Some(id(4, 0)),
        major: Some(id(1, major)),
        names: [format!("c{number}"), format!("class {number}")],
        major_names: [format!("m{major}"), format!("major {major}")],
        college_names: ["01".to_owned(), "college".to_owned()],
        counsellors: BTreeSet::from(["李老师".to_owned()]),
    };
    let student = |number: usize| KnownStudent {
        student: id(3, number),
        college: Some(id(4, 0)),
        major: Some(id(1, 0)),
        class: None,
        number: (number == 3).then(|| "2603".to_owned()),
        handed_over: true,
        comes: true,
        status: StudentStatus::None,
    };
    SheetInput {
        students: (0..4).map(|n| (format!("k{n}"), student(n))).collect(),
        classes: vec![class(1, 0), class(2, 0), class(3, 1)],
        numbers: BTreeMap::from([("2603".to_owned(), id(3, 3))]),
        logins: BTreeSet::from(["2699".to_owned()]),
        counsellors: BTreeMap::from([
            ("李老师".to_owned(), vec![counsellor(1, 0)]),
            ("王老师".to_owned(), vec![counsellor(2, 0)]),
            ("钱老师".to_owned(), vec![counsellor(3, 1)]),
            (
                "孙老师".to_owned(),
                vec![counsellor(4, 0), counsellor(5, 0)],
            ),
        ]),
    }
}

fn counsellor(post: usize, college: usize) -> Counsellor {
    Counsellor {
        post: id(5, post),
        college: id(4, college),
    }
}

pub fn sheet(ksh: &str, number: &str, class: &str) -> SheetRow {
    SheetRow {
        row: 2,
        ksh: ksh.to_owned(),
        number: number.to_owned(),
        class: class.to_owned(),
        ..SheetRow::default()
    }
}

pub fn kinds(rows: &[SheetRow]) -> Vec<SheetFindingKind> {
    check_sheet(rows, &sheet_input())
        .findings
        .into_iter()
        .map(|f| f.kind)
        .collect()
}

#[test]
fn a_list_says_what_is_wrong() {
    use SheetFindingKind as K;
    assert_eq!(kinds(&[sheet("k0", "2601", "class 1")]), []);
    assert_eq!(
        kinds(&[sheet("", "2601", "class 1")]),
        [K::MissingCandidate]
    );
    assert_eq!(
        kinds(&[sheet("k9", "2601", "class 1")]),
        [K::UnknownCandidate]
    );
    assert_eq!(kinds(&[sheet("k0", "26 1", "class 1")]), [K::BadNumber]);
    assert_eq!(kinds(&[sheet("k0", "2603", "class 1")]), [K::NumberTaken]);
    assert_eq!(kinds(&[sheet("k3", "2609", "class 1")]), [K::NumberChanges]);
    assert_eq!(kinds(&[sheet("k0", "2601", "")]), [K::MissingClass]);
    assert_eq!(kinds(&[sheet("k0", "2601", "class 9")]), [K::UnknownClass]);
    assert_eq!(
        kinds(&[sheet("k0", "2601", "class 3")]),
        [K::ClassOfOtherMajor]
    );
    let twice = [
        sheet("k0", "2601", "c1"),
        SheetRow {
            row: 3,
            ..sheet("k1", "2601", "c1")
        },
    ];
    assert_eq!(kinds(&twice), [K::RepeatedNumber, K::RepeatedNumber]);
    let other = SheetRow {
        major: "major 1".to_owned(),
        ..sheet("k0", "2601", "class 1")
    };
    assert_eq!(kinds(&[other]), [K::PlaceDiffers]);
    let counsellor = |name: &str| SheetRow {
        counsellor: name.to_owned(),
        ..sheet("k0", "2601", "class 1")
    };
    assert_eq!(kinds(&[counsellor("李老师")]), []);
    assert_eq!(kinds(&[counsellor("王老师")]), []);
    assert_eq!(
        kinds(&[counsellor("钱老师")]),
        [K::CounsellorOfOtherCollege]
    );
    assert_eq!(kinds(&[counsellor("孙老师")]), [K::AmbiguousCounsellor]);
    assert_eq!(kinds(&[counsellor("赵老师")]), [K::UnknownCounsellor]);
}

#[test]
fn a_number_cell_is_refused() {
    use SheetFindingKind as K;
    let number = SheetRow {
        number_numeric: true,
        ..sheet("k0", "2601", "class 1")
    };
    assert_eq!(kinds(&[number]), [K::NumericNumber]);
    let candidate = SheetRow {
        ksh_numeric: true,
        ..sheet("k0", "2601", "class 1")
    };
    assert_eq!(kinds(&[candidate]), [K::NumericCandidate]);
}

#[test]
fn who_is_not_handed_over_or_does_not_come_gets_nothing() {
    use SheetFindingKind as K;
    let mut known = sheet_input();
    let student = |known: &mut SheetInput, key: &str, handed_over, comes| {
        let student = known.students.get_mut(key).unwrap();
        (student.handed_over, student.comes) = (handed_over, comes);
    };
    student(&mut known, "k0", false, true);
    student(&mut known, "k1", true, false);
    student(&mut known, "k2", false, false);
    let found = |ksh: &str| -> Vec<K> {
        let checked = check_sheet(&[sheet(ksh, "2601", "class 1")], &known);
        assert_eq!((checked.lines.len(), checked.refused), (0, 1));
        checked.findings.iter().map(|f| f.kind).collect()
    };
    assert_eq!(found("k0"), [K::NotHandedOver]);
    assert_eq!(found("k1"), [K::NotComing]);
    assert_eq!(found("k2"), [K::NotComing]);
}

/// Classes of a broad intake stand under the college and have no major; neither have its students.
#[test]
fn a_broad_intake_has_classes_of_its_own() {
    use SheetFindingKind as K;
    let mut known = sheet_input();
    known.students.get_mut("k0").unwrap().major = None;
    let class = |number: usize, college: usize| KnownClass {
        college: Some(id(4, college)),
        major: None,
        names: [format!("c{number}"), format!("class {number}")],
        ..known.classes[0].clone()
    };
    known.classes.extend([class(7, 0), class(8, 1)]);
    let found = |ksh: &str, class: &str| -> Vec<K> {
        let checked = check_sheet(&[sheet(ksh, "2601", class)], &known);
        checked.findings.iter().map(|f| f.kind).collect()
    };
    assert_eq!(found("k0", "class 7"), []);
    assert_eq!(
        found("k0", "class 8"),
        [K::ClassOfOtherMajor],
        "of another college"
    );
    assert_eq!(found("k0", "class 1"), [K::ClassOfOtherMajor], "of a major");
    assert_eq!(
        found("k1", "class 7"),
        [K::ClassOfOtherMajor],
        "a student with a major"
    );
}

#[test]
fn the_rule_deals_a_broad_intake_to_its_own_classes() {
    let pupil = |number: usize, college: usize, major: Option<usize>| Pupil {
        student: id(3, number),
        ksh: format!("26310000{number:06}"),
        name: String::new(),
        college: Some(id(4, college)),
        major: major.map(|major| id(1, major)),
        class: None,
        number: None,
        status: StudentStatus::None,
    };
    let seat = |number: usize, college: usize, major: Option<usize>| ClassSeat {
        class: id(2, number),
        college: Some(id(4, college)),
        major: major.map(|major| id(1, major)),
        code: format!("K{number}"),
        major_code: String::new(),
        college_code: format!("{college:02}"),
        members: 0,
    };
    let school = School {
        pupils: vec![
            pupil(1, 0, None),
            pupil(2, 0, Some(0)),
            pupil(3, 0, None),
            pupil(4, 1, None),
        ],
        classes: vec![seat(1, 0, Some(0)), seat(2, 0, None), seat(3, 0, None)],
        taken: BTreeSet::new(),
    };
    let pattern = pattern(PATTERN);
    let plan = plan(&input(&school, &pattern, Order::CandidateNumber));
    let class_of: BTreeMap<Uuid, Uuid> = plan.lines.iter().map(|l| (l.student, l.class)).collect();
    assert_eq!(class_of[&id(3, 2)], id(2, 1));
    assert_eq!(
        (class_of[&id(3, 1)], class_of[&id(3, 3)]),
        (id(2, 2), id(2, 3)),
        "evenly over the classes of the broad intake"
    );
    assert_eq!(
        plan.gaps,
        [(id(3, 4), Gap::NoClass)],
        "the other college has no class for it"
    );
}

#[test]
fn a_counsellor_gets_the_class_and_a_wrong_one_stops_nobody() {
    let with = |name: &str| {
        let row = SheetRow {
            counsellor: name.to_owned(),
            ..sheet("k0", "2601", "class 1")
        };
        check_sheet(&[row], &sheet_input())
    };
    let (right, wrong) = (with("王老师"), with("赵老师"));
    assert_eq!(right.posts, BTreeSet::from([(id(5, 2), id(2, 1))]));
    assert_eq!((wrong.lines.len(), wrong.posts.len()), (1, 0));
    assert_eq!(
        with("李老师").posts.len(),
        0,
        "who has the class gets nothing"
    );
    // A list that changes a counsellor alone writes nothing of the student.
    let mut known = sheet_input();
    let student = known.students.get_mut("k0").unwrap();
    (student.class, student.number) = (Some(id(2, 1)), Some("2601".to_owned()));
    let row = |name: &str| SheetRow {
        counsellor: name.to_owned(),
        ..sheet("k0", "2601", "class 1")
    };
    let same = check_sheet(&[row("")], &known);
    assert_eq!((same.unchanged, same.posts.len()), (1, 0));
    let changed = check_sheet(&[row("王老师")], &known);
    assert_eq!((changed.unchanged, changed.lines.len()), (1, 0));
    assert_eq!(changed.posts, BTreeSet::from([(id(5, 2), id(2, 1))]));
}

/// The input with k0 in this class, with this number and this status.
fn standing(class: Option<usize>, number: Option<&str>, status: StudentStatus) -> SheetInput {
    let mut known = sheet_input();
    let student = known.students.get_mut("k0").unwrap();
    student.class = class.map(|class| id(2, class));
    student.number = number.map(str::to_owned);
    student.status = status;
    known
}

#[test]
fn another_class_is_said_before_the_status_begins_and_refused_afterwards() {
    use SheetFindingKind as K;
    let found = |row: &SheetRow, status: StudentStatus| {
        let checked = check_sheet(
            std::slice::from_ref(row),
            &standing(Some(1), Some("2601"), status),
        );
        let kinds: Vec<K> = checked.findings.iter().map(|f| f.kind).collect();
        (kinds, checked)
    };
    let moves = Some(Move {
        from: id(2, 1),
        to: id(2, 2),
    });
    let (other, number) = (sheet("k0", "", "class 2"), sheet("k0", "2602", "class 1"));
    let (kinds, seen) = found(&other, StudentStatus::None);
    assert_eq!(kinds, [K::ClassMoves]);
    assert_eq!(seen.findings[0].moves, moves);
    assert_eq!(K::ClassMoves.severity(), Severity::Warning);
    assert_eq!((seen.lines.len(), seen.stopped.len()), (1, 0));
    let (kinds, seen) = found(&other, StudentStatus::Suspended);
    assert_eq!(kinds, [K::ClassOfBegun]);
    assert_eq!(seen.findings[0].moves, moves);
    assert_eq!(K::ClassOfBegun.clause(), Some(Clause::STATUS_CHANGE));
    assert_eq!(K::NotHandedOver.clause(), Some(Clause::HANDOVER));
    assert_eq!(K::RepeatedNumber.clause(), None);
    assert_eq!(
        (seen.lines.len(), seen.refused, seen.stopped.len()),
        (0, 1, 1)
    );
    // Another major is no advice for somebody whose class does not change here.
    let major = sheet("k0", "", "class 3");
    assert_eq!(
        found(&major, StudentStatus::Registered).0,
        [K::ClassOfBegun]
    );
    assert_eq!(found(&major, StudentStatus::None).0, [K::ClassOfOtherMajor]);
    assert_eq!(found(&number, StudentStatus::None).0, [K::NumberChanges]);
    assert_eq!(
        found(&number, StudentStatus::Retained).0,
        [K::NumberOfBegun]
    );
    assert_eq!(found(&number, StudentStatus::Deceased).0, [K::StatusEnded]);
    assert_eq!(found(&other, StudentStatus::Graduated).0, [K::StatusEnded]);
}

proptest! {
    /// Whatever a row says: off the roll it does nothing, of a status that has begun it changes nothing that stands, and
    /// before that every move is said with both classes.
    #[test]
    fn a_row_changes_what_the_status_allows(
        status in prop::sample::select(StudentStatus::STATES),
        class in prop::option::of(1..4_usize),
        number in prop::option::of(Just("2601")),
        to in 1..4_usize,
        (typed, counsellor) in (
            prop::sample::select(vec!["", "2601", "2602"]),
            prop::sample::select(vec!["", "李老师", "王老师", "赵老师"]),
        ),
    ) {
        let known = standing(class, number, status);
        let row = SheetRow {
            counsellor: counsellor.to_owned(),
            ..sheet("k0", typed, &format!("class {to}"))
        };
        let checked = check_sheet(&[row], &known);
        prop_assert_eq!(checked.lines.len() + checked.unchanged + checked.refused, 1);
        let repeats = class == Some(to) && (typed.is_empty() || number == Some(typed));
        prop_assert_eq!(checked.unchanged == 1, repeats && !status.has_ended());
        if status.has_ended() {
            prop_assert_eq!(checked.refused, 1);
            prop_assert!(checked.posts.is_empty());
        }
        for line in &checked.lines {
            let moved = class.is_some_and(|class| id(2, class) != line.class);
            let renumbered = number.is_some() && number != line.number.as_deref();
            prop_assert!(!renumbered);
            prop_assert!(!(moved && status.has_begun()));
            let said = checked.findings.iter().find(|f| f.kind == SheetFindingKind::ClassMoves);
            let expected = class.filter(|_| moved).map(|class| Move { from: id(2, class), to: line.class });
            prop_assert_eq!(said.and_then(|f| f.moves), expected);
        }
        let of_status = checked.findings.iter().any(|f| f.kind.is_of_status());
        prop_assert_eq!(!checked.stopped.is_empty(), of_status);
        prop_assert!(!of_status || (status.has_begun() && checked.refused == 1));
    }
}

#[test]
fn classes_of_one_name_are_told_apart_by_their_major() {
    let mut input = sheet_input();
    for class in &mut input.classes {
        class.names[1] = "1班".to_owned();
    }
    input.students.get_mut("k0").unwrap().major = Some(id(1, 1));
    let alone = check_sheet(&[sheet("k0", "2601", "1班")], &input);
    assert_eq!(alone.findings[0].kind, SheetFindingKind::AmbiguousClass);
    let named = SheetRow {
        major: "m1".to_owned(),
        ..sheet("k0", "2601", "1班")
    };
    assert_eq!(check_sheet(&[named], &input).lines[0].class, id(2, 3));
}
