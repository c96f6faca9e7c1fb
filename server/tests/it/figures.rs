//! What the bench says about a figure.

use super::report::{Figure, Goal, exit_code, median, tell};
use serde_json::Value;

fn figure(value: f64, goal: Goal) -> Figure {
    Figure {
        name: "import_time",
        value,
        unit: "x floor",
        goal,
        floor: Some((2.468_24, 1.0, "s")),
        reduced: false,
    }
}

#[test]
fn a_figure_holds_on_its_side_of_the_goal() {
    assert!(figure(0.5, Goal::AtLeast(0.5)).holds());
    assert!(!figure(0.499, Goal::AtLeast(0.5)).holds());
    assert!(figure(3.0, Goal::AtMost(3.0)).holds());
    assert!(!figure(3.001, Goal::AtMost(3.0)).holds());
    for goal in [Goal::AtLeast(0.0), Goal::AtMost(f64::INFINITY)] {
        assert!(!figure(f64::NAN, goal).holds(), "{goal:?}");
    }
}

#[test]
fn a_reduced_run_says_so_and_holds_nothing() {
    let reduced = Figure {
        reduced: true,
        ..figure(1.0, Goal::AtMost(3.0))
    };
    assert!(!reduced.holds());
    assert!(reduced.line("a machine", false).contains("REDUCED RUN"));
    let object: Value = serde_json::from_str(&reduced.line("a machine", true)).unwrap();
    assert_eq!(object["reduced"], true);
    assert_eq!(object["holds"], false);
}

#[test]
fn a_figure_is_told_in_one_line() {
    let held = figure(2.468_24, Goal::AtMost(3.0));
    let text = held.line("2 x made-up, 8 GiB", false);
    for part in [
        "import_time",
        "2.468",
        "<= 3 x floor",
        "holds",
        "floor 1 s",
        "own 2.468 s",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains('\n'));
    let missed = figure(3.5, Goal::AtMost(3.0)).line("", false);
    assert!(missed.contains("DOES NOT HOLD"), "{missed}");
    let line = held.line("2 x made-up, 8 GiB", true);
    assert!(!line.contains('\n'));
    let object: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(object["name"], "import_time");
    assert_eq!(object["value"], 2.468);
    assert_eq!(object["goal"], "<= 3 x floor");
    assert_eq!(object["at_most"], 3.0);
    assert_eq!(object["holds"], true);
    assert_eq!(object["floor"]["value"], 1.0);
    assert_eq!(object["machine"], "2 x made-up, 8 GiB");
}

/// Every figure that is asked for has its line, whatever those before it came to, and one that does not hold is enough
/// for the exit code.
#[test]
fn a_run_tells_every_figure_and_ends_with_what_they_come_to() {
    let made = |name, value| Figure {
        name,
        ..figure(value, Goal::AtMost(3.0))
    };
    let figures = [made("first", 9.0), made("second", 1.0), made("third", 2.0)];
    let run = |asked: &[&str], as_json| {
        let asked: Vec<String> = asked.iter().map(|&name| name.to_owned()).collect();
        let mut lines = Vec::new();
        let write = |line| lines.push(line);
        let all_hold = tell(&figures, &asked, ("a machine", as_json), write);
        (exit_code(all_hold), lines)
    };
    let (code, lines) = run(&[], true);
    assert_eq!(code, 1, "one does not hold");
    let told: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let order: Vec<&str> = told
        .iter()
        .filter_map(|line| line["name"].as_str())
        .collect();
    assert_eq!(order, ["first", "second", "third"]);
    assert!(lines.iter().all(|line| !line.contains('\n')));
    let (code, lines) = run(&["second", "third"], false);
    assert_eq!((code, lines.len()), (0, 2));
    assert_eq!(run(&["third", "first"], false).0, 1);
}

#[test]
fn the_median_is_the_middle() {
    assert!((median(vec![5.0, 1.0, 3.0]) - 3.0).abs() < f64::EPSILON);
    assert!((median(vec![4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < f64::EPSILON);
    assert!((median(vec![7.0]) - 7.0).abs() < f64::EPSILON);
    assert!(median(vec![]).is_nan());
    assert!(median(vec![1.0, f64::NAN, 3.0]).is_nan());
}
