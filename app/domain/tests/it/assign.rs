//! Class and student number: the plan by rule and the check of a list.

use domain::admission::assign::{
    AssignedLine, ClassSeat, Counsellor, Gap, KnownClass, KnownStudent, NumberPattern, Order,
    PatternError, PlanInput, Pupil, SheetFindingKind, SheetInput, SheetRow, canonical_lines,
    check_sheet, is_number, plan,
};
use domain::admission::finding::Severity;
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
        (0..4_usize, any::<bool>(), any::<bool>(), 0..1000_u32),
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
        for (number, (major, placed, numbered, name)) in students.into_iter().enumerate() {
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
fn sheet_input() -> SheetInput {
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

fn sheet(ksh: &str, number: &str, class: &str) -> SheetRow {
    SheetRow {
        row: 2,
        ksh: ksh.to_owned(),
        number: number.to_owned(),
        class: class.to_owned(),
        ..SheetRow::default()
    }
}

fn kinds(rows: &[SheetRow]) -> Vec<SheetFindingKind> {
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
    // A list that changes a counsellor alone changes something.
    let mut known = sheet_input();
    let student = known.students.get_mut("k0").unwrap();
    (student.class, student.number) = (Some(id(2, 1)), Some("2601".to_owned()));
    let row = |name: &str| SheetRow {
        counsellor: name.to_owned(),
        ..sheet("k0", "2601", "class 1")
    };
    assert_eq!(check_sheet(&[row("")], &known).unchanged, 1);
    let changed = check_sheet(&[row("王老师")], &known);
    assert_eq!((changed.unchanged, changed.lines.len()), (0, 1));
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
