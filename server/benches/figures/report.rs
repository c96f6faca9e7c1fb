//! What is told about a figure.

use serde_json::json;

/// What a figure must be.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

/// A figure with its floor.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    /// What was measured: a share of the floor, or an amount.
    pub value: f64,
    /// What the value counts: `x floor`, `MiB`, `KB`.
    pub unit: &'static str,
    /// What it must be.
    pub goal: Goal,
    /// The product's own amount and the floor's, with their unit.
    pub floor: Option<(f64, f64, &'static str)>,
    /// Measured with less than the usual numbers: a trial of the bench, which proves nothing.
    pub reduced: bool,
}

impl Figure {
    /// Whether it is what it must be, in a run with the usual numbers.
    pub fn holds(&self) -> bool {
        !self.reduced
            && match self.goal {
                Goal::AtLeast(least) => self.value >= least,
                Goal::AtMost(most) => self.value <= most,
            }
    }

    fn goal_text(&self) -> String {
        match self.goal {
            Goal::AtLeast(least) => format!(">= {least} {}", self.unit),
            Goal::AtMost(most) => format!("<= {most} {}", self.unit),
        }
    }

    fn verdict(&self) -> &'static str {
        match (self.reduced, self.holds()) {
            (true, _) => "REDUCED RUN",
            (false, true) => "holds",
            (false, false) => "DOES NOT HOLD",
        }
    }

    /// One line of text, or one JSON object.
    pub fn line(&self, machine: &str, as_json: bool) -> String {
        if as_json {
            let (least, most) = match self.goal {
                Goal::AtLeast(least) => (Some(least), None),
                Goal::AtMost(most) => (None, Some(most)),
            };
            let floor = self.floor.map(|(own, floor, unit)| {
                json!({ "value": rounded(floor), "own": rounded(own), "unit": unit })
            });
            let object = json!({
                "name": self.name,
                "value": rounded(self.value),
                "unit": self.unit,
                "goal": self.goal_text(),
                "at_least": least,
                "at_most": most,
                "holds": self.holds(),
                "reduced": self.reduced,
                "floor": floor,
                "machine": machine,
            });
            return object.to_string();
        }
        let beside = self.floor.map_or_else(String::new, |(own, floor, unit)| {
            format!(
                "  (own {} {unit}, floor {} {unit})",
                rounded(own),
                rounded(floor)
            )
        });
        format!(
            "{:<24} {:>9} {:<8} goal {:<18} {}{beside}",
            self.name,
            rounded(self.value),
            self.unit,
            self.goal_text(),
            self.verdict()
        )
    }
}

/// Whether a figure was asked for by its name; all are where none was named.
pub fn is_wanted(names: &[String], figure: &str) -> bool {
    names.is_empty() || names.iter().any(|name| name == figure)
}

/// Tells each figure that is wanted in one line; whether every one of them holds.
pub fn tell(
    figures: &[Figure],
    names: &[String],
    (machine, as_json): (&str, bool),
    mut line: impl FnMut(String),
) -> bool {
    let mut all = true;
    for figure in figures.iter().filter(|f| is_wanted(names, f.name)) {
        all &= figure.holds();
        line(figure.line(machine, as_json));
    }
    all
}

/// The exit code of a run: 1 when one of its figures does not hold.
pub fn exit_code(all_hold: bool) -> u8 {
    u8::from(!all_hold)
}

/// Three digits after the point are more than any of these figures can bear.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// The middle of what was measured, or the mean of the two in the middle. Nothing, and anything that is no number, has
/// no middle: no figure holds with it.
pub fn median(mut values: Vec<f64>) -> f64 {
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    values.sort_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied();
    let half = values.len() / 2;
    match (at(half.wrapping_sub(1)), at(half), values.len() % 2) {
        (_, Some(middle), 1) => middle,
        (Some(below), Some(above), 0) => f64::midpoint(below, above),
        _ => f64::NAN,
    }
}
