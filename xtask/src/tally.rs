//! Counting tests: what cargo's test runner and Playwright print, and the telling part of a long log.

use std::iter::Sum;
use std::ops::Add;

use serde_json::Value;

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, and checks without tests that failed (one each).
    pub failed: u64,
}

impl Tally {
    /// A check that found nothing, or one that failed.
    pub fn check(success: bool) -> Self {
        Self {
            passed: 0,
            failed: u64::from(!success),
        }
    }

    /// The same, but a run that failed never counts as one without failures
    /// (code that does not compile has no failed test).
    pub fn but_failed_unless(self, success: bool) -> Self {
        if success || self.failed > 0 {
            return self;
        }
        self + Self::check(false)
    }

    /// The same, but a run of tests in which there was none has failed: they are lost, not passed.
    pub fn but_failed_if_none(self) -> Self {
        if self.passed > 0 || self.failed > 0 {
            return self;
        }
        Self::check(false)
    }

    /// Sums the closing lines of cargo's test runner.
    pub fn from_cargo(lines: &[String]) -> Self {
        lines.iter().filter_map(|line| cargo_line(line)).sum()
    }

    /// Reads the statistics of Playwright's JSON report; a test that passed only on a second try has failed.
    pub fn from_playwright(report: &Value) -> Option<Self> {
        let stats = report.get("stats")?;
        let count = |name: &str| stats.get(name).and_then(Value::as_u64);
        Some(Self {
            passed: count("expected")?,
            failed: count("unexpected")? + count("flaky")?,
        })
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Self::add)
    }
}

fn cargo_line(line: &str) -> Option<Tally> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let (_, counts) = rest.split_once(". ")?;
    let count = |word: &str| {
        counts.split("; ").find_map(|part| {
            let (number, name) = part.split_once(' ')?;
            (name == word).then(|| number.parse().ok())?
        })
    };
    Some(Tally {
        passed: count("passed")?,
        failed: count("failed")?,
    })
}

/// What tests print for whoever reads the result: `sample: ran` or `absent` (and the same of other things that a test
/// may do without), how many inputs a fuzzer tried, and in which phases work was killed.
pub fn notes(lines: &[String]) -> Vec<String> {
    let told = |line: &&String| {
        line.starts_with("killed: ") || line.starts_with("fuzz ") || told_of_a_thing(line)
    };
    lines.iter().filter(told).cloned().collect()
}

fn told_of_a_thing(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(what, state)| {
        (state == "ran" || state == "absent")
            && !what.is_empty()
            && what
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '-')
    })
}

/// The notes, but each `thing: ran` once: several suites use the same.
pub fn once(notes: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for note in notes {
        if !told_of_a_thing(note) || !kept.contains(note) {
            kept.push(note.clone());
        }
    }
    kept
}

const SHOWN: usize = 300;
const TAIL: usize = 60;

/// The lines worth showing of a failed program: compiler errors, failed tests with their messages; the end of
/// the log when there is nothing of the kind.
pub fn excerpt(lines: &[String]) -> Vec<&str> {
    let mut inside = false;
    let mut shown: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        .filter(|line| {
            inside = match () {
                () if opens(line) => true,
                () if line.starts_with("test result:") => false,
                () => inside,
            };
            inside
        })
        .take(SHOWN)
        .collect();
    if shown.is_empty() {
        shown = lines
            .iter()
            .rev()
            .take(TAIL)
            .rev()
            .map(String::as_str)
            .collect();
    }
    shown
}

fn opens(line: &str) -> bool {
    line == "failures:"
        || line.starts_with("error:")
        || line.starts_with("error[")
        || line.starts_with("Diff in ")
        || line.starts_with("  1) [")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Tally, excerpt, notes, once};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn every_closing_line_counts_once(runs in prop::collection::vec((0u32..500, 0u32..5, 0u32..9), 0..12)) {
            let log: Vec<String> = runs
                .iter()
                .flat_map(|(passed, failed, ignored)| {
                    let word = if *failed == 0 { "ok" } else { "FAILED" };
                    [
                        "running some tests".to_owned(),
                        format!("test result: {word}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; 3 filtered out; finished in 0.02s"),
                    ]
                })
                .collect();
            let expected = Tally {
                passed: runs.iter().map(|run| u64::from(run.0)).sum(),
                failed: runs.iter().map(|run| u64::from(run.1)).sum(),
            };
            prop_assert_eq!(Tally::from_cargo(&log), expected);
        }

        #[test]
        fn any_text_can_be_read(text in any::<Vec<String>>()) {
            prop_assert!(excerpt(&text).len() <= text.len());
            let _ = Tally::from_cargo(&text);
        }
    }

    #[test]
    fn a_test_that_prints_a_result_like_line_is_not_counted() {
        assert_eq!(
            Tally::from_cargo(&lines("the test result: ok. 5 passed; 0 failed")),
            Tally::default()
        );
    }

    #[test]
    fn playwright_counts_flaky_tests_as_failed() {
        let report = json!({"stats": {"expected": 41, "skipped": 2, "unexpected": 1, "flaky": 1}});
        assert_eq!(
            Tally::from_playwright(&report),
            Some(Tally {
                passed: 41,
                failed: 2
            })
        );
        assert_eq!(Tally::from_playwright(&json!({"errors": []})), None);
    }

    #[test]
    fn a_run_that_did_not_compile_is_a_failure() {
        let compiled = Tally {
            passed: 3,
            failed: 0,
        };
        assert_eq!(compiled.but_failed_unless(true).failed, 0);
        assert_eq!(compiled.but_failed_unless(false).failed, 1);
        let failed = Tally {
            passed: 3,
            failed: 2,
        };
        assert_eq!(failed.but_failed_unless(false).failed, 2);
    }

    #[test]
    fn a_run_without_a_test_is_a_failure() {
        assert_eq!(Tally::default().but_failed_if_none().failed, 1);
        let one = Tally {
            passed: 1,
            failed: 0,
        };
        assert_eq!(one.but_failed_if_none(), one);
    }

    #[test]
    fn what_passing_tests_want_to_be_read_is_found() {
        let log = lines(
            "test kill::anywhere ... ok\n\nsuccesses:\n\n---- kill::anywhere stdout ----\n\
             \nkilled: a worker at statements drawn from 1 to 118: 7 x check running; 3 x confirm running\n\
             \n---- sample stdout ----\nsample: ran\nnote: of a panic\nfuzz dbf: 41827 inputs\n\
             postgres: absent\nsample: ran\n\nsuccesses:\n    kill::anywhere\nnote: ran",
        );
        let found = notes(&log);
        assert_eq!(
            found,
            [
                "killed: a worker at statements drawn from 1 to 118: 7 x check running; 3 x confirm running",
                "sample: ran",
                "fuzz dbf: 41827 inputs",
                "postgres: absent",
                "sample: ran",
                "note: ran",
            ]
        );
        assert_eq!(once(&found).len(), found.len() - 1);
    }

    #[test]
    fn the_excerpt_shows_failures_and_leaves_out_what_passed() {
        let log = lines(
            "test a ... ok\ntest b ... FAILED\nfailures:\n---- b stdout ----\nleft: 1\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored\ntest c ... ok",
        );
        assert_eq!(
            excerpt(&log),
            ["failures:", "---- b stdout ----", "left: 1"]
        );
    }

    #[test]
    fn without_a_known_sign_the_end_is_shown() {
        let log: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        assert_eq!(excerpt(&log).last().copied(), Some("199"));
        assert_eq!(excerpt(&log).len(), 60);
    }
}
