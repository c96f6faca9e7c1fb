//! Class and student number: the plan by rule and the check of a list.

mod list;

use domain::admission::assign::{
    AssignedLine, ClassSeat, Gap, NumberPattern, Order, PatternError, PlanInput, Pupil,
    SheetFindingKind, SheetInput, SheetRow, canonical_lines, check_sheet, is_number, plan,
};
use domain::admission::finding::Severity;
use domain::decision::Machine as _;
use domain::status::StudentStatus;
use list::{kinds, sheet, sheet_input};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

const PATTERN: &str = "{yy}{college:2}{class:2}{seq:3}";

fn id(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128(kind << 64 | number as u128)
}

fn pattern(text: &str) -> NumberPattern {
    NumberPattern::parse(text).unwrap()
}

/// A school of some majors with some classes, and students of whom some are placed already.
#[derive(Clone, Debug)]
struct School {
    pupils: Vec<Pupil>,
    classes: Vec<ClassSeat>,
    taken: BTreeSet<String>,
}

fn school(fresh: bool) -> impl Strategy<Value = School> {
    let majors = prop::collection::vec(1..4_usize, 1..4);
    let students = prop::collection::vec(
        (
            0..4_usize,
            any::<bool>(),
            any::<bool>(),
            0..1000_u32,
            prop::sample::select(StudentStatus::STATES),
        ),
        0..60,
    );
    (majors, students).prop_map(move |(majors, students)| {
        let mut classes = Vec::new();
        for (major, count) in majors.iter().enumerate() {
            for class in 0..*count {
                classes.push(ClassSeat {
                    class: id(2, major * 10 + class),
                    college: Some(id(4, major % 2)),
                    major: Some(id(1, major)),
                    code: format!("K{major}{class:02}"),
                    major_code: format!("M{major}"),
                    college_code: format!("{:02}", major % 2),
                    members: 0,
                });
            }
        }
        let mut taken = BTreeSet::new();
        let mut pupils = Vec::new();
        for (number, (major, placed, numbered, name, status)) in students.into_iter().enumerate() {
            let of_major: Vec<&ClassSeat> = classes
                .iter()
                .filter(|c| c.major == Some(id(1, major)))
                .collect();
            let class = of_major
                .first()
                .filter(|_| placed && !fresh)
                .map(|c| c.class);
            let own = (numbered && !fresh).then(|| format!("9900{number:05}"));
            taken.extend(own.clone());
            pupils.push(Pupil {
                student: id(3, number),
                ksh: format!("26310000{number:06}"),
                name: format!("name{name}"),
                college: (major < 3).then(|| id(4, major % 2)),
                major: (major < 3).then(|| id(1, major)),
                class,
                number: own,
                status: if fresh { StudentStatus::None } else { status },
            });
        }
        School {
            pupils,
            classes,
            taken,
        }
    })
}

/// No member of the staff has such a 工号.
static NOBODY: BTreeSet<String> = BTreeSet::new();

fn input<'a>(school: &'a School, pattern: &'a NumberPattern, order: Order) -> PlanInput<'a> {
    PlanInput {
        year: 2026,
        pattern,
        order,
        pupils: &school.pupils,
        classes: &school.classes,
        taken: &school.taken,
        logins: &NOBODY,
    }
}

fn order() -> impl Strategy<Value = Order> {
    prop::sample::select(Order::ALL.to_vec())
}

/// The school after the plan was carried out.
fn carried_out(school: &School, lines: &[AssignedLine]) -> School {
    let by_student: HashMap<Uuid, &AssignedLine> = lines.iter().map(|l| (l.student, l)).collect();
    let mut after = school.clone();
    for pupil in &mut after.pupils {
        if let Some(line) = by_student.get(&pupil.student) {
            pupil.class = Some(line.class);
            pupil.number = line.number.clone();
            after.taken.extend(line.number.clone());
        }
    }
    after
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn numbers_are_unique_in_the_school(school in school(false), order in order()) {
        let pattern = pattern(PATTERN);
        let plan = plan(&input(&school, &pattern, order));
        let own: HashMap<Uuid, &Pupil> = school.pupils.iter().map(|p| (p.student, p)).collect();
        let mut seen = BTreeSet::new();
        for line in &plan.lines {
            let number = line.number.clone().unwrap();
            prop_assert!(seen.insert(number.clone()), "{number} twice");
            let kept = own[&line.student].number.as_ref() == Some(&number);
            prop_assert!(kept || !school.taken.contains(&number), "{number} is somebody else's");
        }
    }

    #[test]
    fn everybody_is_in_the_plan_or_named_or_complete(school in school(false), order in order()) {
        let pattern = pattern(PATTERN);
        let plan = plan(&input(&school, &pattern, order));
        let complete = school.pupils.iter().filter(|p| p.class.is_some() && p.number.is_some()).count();
        prop_assert_eq!(plan.lines.len() + plan.gaps.len() + complete, school.pupils.len());
    }

    #[test]
    fn the_rule_moves_nobody_and_gives_nothing_off_the_roll(school in school(false), order in order()) {
        let pattern = pattern(PATTERN);
        let plan = plan(&input(&school, &pattern, order));
        let own: HashMap<Uuid, &Pupil> = school.pupils.iter().map(|p| (p.student, p)).collect();
        for line in &plan.lines {
            let pupil = own[&line.student];
            prop_assert!(pupil.class.is_none_or(|class| class == line.class));
            prop_assert!(pupil.number.is_none() || pupil.number == line.number);
            prop_assert!(!pupil.status.has_ended());
        }
        let ended = |p: &&Pupil| p.status.has_ended() && (p.class.is_none() || p.number.is_none());
        let said = plan.gaps.iter().filter(|(_, gap)| *gap == Gap::StatusEnded);
        prop_assert_eq!(said.count(), school.pupils.iter().filter(ended).count());
    }

    #[test]
    fn the_order_of_reading_changes_nothing(
        (school, shuffled) in school(false).prop_flat_map(|school| {
            let pupils = Just(school.pupils.clone()).prop_shuffle();
            let classes = Just(school.classes.clone()).prop_shuffle();
            (Just(school), pupils, classes)
        }).prop_map(|(school, pupils, classes)| {
            let shuffled = School { pupils, classes, taken: school.taken.clone() };
            (school, shuffled)
        }),
        order in order(),
    ) {
        let pattern = pattern(PATTERN);
        prop_assert_eq!(
            plan(&input(&school, &pattern, order)).lines,
            plan(&input(&shuffled, &pattern, order)).lines
        );
    }

    #[test]
    fn new_classes_of_a_major_differ_by_one_at_most(school in school(true), order in order()) {
        let pattern = pattern(PATTERN);
        let plan = plan(&input(&school, &pattern, order));
        let mut sizes: BTreeMap<Option<Uuid>, BTreeMap<Uuid, usize>> = BTreeMap::new();
        for seat in &school.classes {
            let size = plan.lines.iter().filter(|line| line.class == seat.class).count();
            sizes.entry(seat.major).or_default().insert(seat.class, size);
        }
        for classes in sizes.values() {
            let (least, most) = (classes.values().min().unwrap(), classes.values().max().unwrap());
            prop_assert!(most - least <= 1, "{classes:?}");
        }
    }

    #[test]
    fn numbers_follow_each_other_in_a_prefix(school in school(true), order in order()) {
        let pattern = pattern(PATTERN);
        let plan = plan(&input(&school, &pattern, order));
        let mut by_prefix: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for line in &plan.lines {
            let number = line.number.as_ref().unwrap();
            let (prefix, sequence) = number.split_at(number.len() - 3);
            by_prefix.entry(prefix.to_owned()).or_default().push(sequence.parse().unwrap());
        }
        for numbers in by_prefix.values() {
            prop_assert_eq!(numbers, &(1..=u32::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn carried_out_once_it_has_nothing_left_to_do(school in school(false), order in order()) {
        let pattern = pattern(PATTERN);
        let first = plan(&input(&school, &pattern, order));
        let after = carried_out(&school, &first.lines);
        prop_assert!(plan(&input(&after, &pattern, order)).lines.is_empty());
    }

    #[test]
    fn a_late_student_moves_nobody(school in school(true), order in order()) {
        let pattern = pattern(PATTERN);
        let first = plan(&input(&school, &pattern, order));
        let mut after = carried_out(&school, &first.lines);
        after.pupils.push(Pupil {
            student: id(3, 9_999),
            ksh: "26110000000001".to_owned(),
            name: "a".to_owned(),
            college: Some(id(4, 0)),
            major: Some(id(1, 0)),
            class: None,
            number: None,
            status: StudentStatus::None,
        });
        let late = plan(&input(&after, &pattern, order));
        prop_assert_eq!(late.lines.len(), 1);
        prop_assert!(!after.taken.contains(late.lines[0].number.as_ref().unwrap()));
    }

    #[test]
    fn a_pattern_is_read_or_refused_without_panic(text in "[{}a-z0-9:yseqclamjor]{0,40}") {
        if let Ok(pattern) = NumberPattern::parse(&text) {
            let prefix = pattern.prefix(2026, "C12", "M3", "K4");
            let number = pattern.number(&prefix, 1).unwrap();
            prop_assert_eq!(number.len(), pattern.len());
            prop_assert_eq!(pattern.sequence_of(&prefix, &number), Some(1));
        }
    }

    /// Every row of a list is a line, unchanged or refused; no two lines share a student or a number.
    #[test]
    fn a_list_adds_up(rows in prop::collection::vec((0..6_usize, 0..4_usize, 0..4_usize), 0..12)) {
        let rows: Vec<SheetRow> = rows.into_iter().zip(2..).map(|((student, number, class), row)| SheetRow {
            row,
            ksh: if student == 5 { String::new() } else { format!("k{student}") },
            number: if number == 0 { String::new() } else { format!("260{number}") },
            class: if class == 0 { String::new() } else { format!("class {class}") },
            ..SheetRow::default()
        }).collect();
        let known = sheet_input();
        let checked = check_sheet(&rows, &known);
        prop_assert_eq!(checked.lines.len() + checked.unchanged + checked.refused, rows.len());
        let students: BTreeSet<Uuid> = checked.lines.iter().map(|l| l.student).collect();
        prop_assert_eq!(students.len(), checked.lines.len());
        let numbers: Vec<&String> = checked.lines.iter().filter_map(|l| l.number.as_ref()).collect();
        prop_assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
        let errors = checked.findings.iter().filter(|f| f.kind.severity() == Severity::Error);
        prop_assert_eq!(errors.map(|f| f.row).collect::<BTreeSet<_>>().len(), checked.refused);
    }
}

/// Students k0 to k3 (k3 has a number), classes 1 and 2 of one major, 3 of another.
#[test]
fn the_usual_pattern() {
    let pattern = pattern(PATTERN);
    let prefix = pattern.prefix(2026, "C7", "080901", "2603");
    assert_eq!(prefix, "26C703");
    assert_eq!(pattern.number(&prefix, 17).as_deref(), Some("26C703017"));
    assert_eq!(pattern.number(&prefix, 1_000), None);
}

#[test]
fn patterns_that_cannot_be_used() {
    for (text, error) in [
        ("", PatternError::NoSequence),
        ("{yy}", PatternError::NoSequence),
        ("{seq:3}{yy}", PatternError::NoSequence),
        ("{year}{seq:3}", PatternError::UnknownPart),
        ("{yy{seq:3}", PatternError::UnknownPart),
        ("{seq:0}", PatternError::Form),
        ("26-{seq:3}", PatternError::Form),
        // One more than the platform's field XH takes.
        ("{yyyy}{college:6}{class:3}{seq:3}", PatternError::Form),
        (
            "{yyyy}{college:6}{major:6}{class:2}{seq:3}",
            PatternError::Form,
        ),
    ] {
        assert_eq!(NumberPattern::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_number_is_no_longer_than_the_field_of_the_platform() {
    assert_eq!(pattern("{yyyy}{college:6}{class:2}{seq:3}").len(), 15);
    assert!(is_number("202601010200001"));
    assert!(!is_number("2026010102000011"));
    assert_eq!(
        kinds(&[sheet("k0", "2026010102000011", "c1")]),
        [SheetFindingKind::BadNumber]
    );
    let why = SheetFindingKind::BadNumber.suggestion();
    assert!(
        why.zh.contains("15") && why.zh.contains("学信网"),
        "{why:?}"
    );
}

#[test]
fn numbers_are_written_in_capital_letters() {
    let pattern = pattern("b{yy}{college:2}{seq:3}");
    let prefix = pattern.prefix(2026, "c7", "", "");
    assert_eq!(pattern.number(&prefix, 1).as_deref(), Some("B26C7001"));
}

#[test]
fn no_student_gets_the_number_that_a_member_of_the_staff_signs_in_with() {
    assert_eq!(
        kinds(&[sheet("k0", "2699", "c1")]),
        [SheetFindingKind::NumberIsLogin]
    );
    let own = SheetInput {
        logins: BTreeSet::from(["2603".to_owned()]),
        ..sheet_input()
    };
    let checked = check_sheet(&[sheet("k3", "2603", "c1")], &own);
    assert_eq!(checked.findings, [], "the own number stays");
    let school = School {
        pupils: (0..3)
            .map(|n| Pupil {
                student: id(3, n),
                ksh: format!("{n:014}"),
                name: String::new(),
                college: Some(id(4, 0)),
                major: Some(id(1, 0)),
                class: None,
                number: None,
                status: StudentStatus::None,
            })
            .collect(),
        classes: vec![ClassSeat {
            class: id(2, 0),
            college: Some(id(4, 0)),
            major: Some(id(1, 0)),
            code: "01".to_owned(),
            major_code: "1".to_owned(),
            college_code: "01".to_owned(),
            members: 0,
        }],
        taken: BTreeSet::new(),
    };
    let pattern = pattern("{yy}{class:2}{seq:3}");
    let logins = BTreeSet::from(["2601002".to_owned(), "2601999".to_owned()]);
    let planned = plan(&PlanInput {
        logins: &logins,
        ..input(&school, &pattern, Order::CandidateNumber)
    });
    let numbers: Vec<&str> = planned
        .lines
        .iter()
        .filter_map(|line| line.number.as_deref())
        .collect();
    assert_eq!(numbers, ["2601001", "2601003", "2601004"]);
}

#[test]
fn a_full_sequence_is_said() {
    let school = School {
        pupils: (0..12)
            .map(|n| Pupil {
                student: id(3, n),
                ksh: format!("{n:014}"),
                name: String::new(),
                college: Some(id(4, 0)),
                major: Some(id(1, 0)),
                class: None,
                number: None,
                status: StudentStatus::None,
            })
            .collect(),
        classes: vec![ClassSeat {
            class: id(2, 0),
            college: Some(id(4, 0)),
            major: Some(id(1, 0)),
            code: "01".to_owned(),
            major_code: "1".to_owned(),
            college_code: "1".to_owned(),
            members: 0,
        }],
        taken: BTreeSet::new(),
    };
    let pattern = pattern("{yy}{seq:1}");
    let plan = plan(&input(&school, &pattern, Order::CandidateNumber));
    assert_eq!(plan.lines.len(), 9);
    assert_eq!(
        plan.gaps
            .iter()
            .filter(|(_, gap)| *gap == Gap::SequenceFull)
            .count(),
        3
    );
}

/// A released form is never changed: confirmations that are under way would all turn stale.
#[test]
fn the_canonical_form_of_lines() {
    let lines = [
        AssignedLine {
            student: id(3, 2),
            class: id(2, 1),
            number: None,
        },
        AssignedLine {
            student: id(3, 1),
            class: id(2, 1),
            number: Some("2601".to_owned()),
        },
    ];
    let expected = r#"{"$schema":"xueji.assignment/1","lines":[["00000000-0000-0003-0000-000000000001","00000000-0000-0002-0000-000000000001","2601"],["00000000-0000-0003-0000-000000000002","00000000-0000-0002-0000-000000000001",null]]}"#;
    assert_eq!(
        String::from_utf8(canonical_lines(&lines).unwrap()).unwrap(),
        expected
    );
}
