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
}

impl Figure {
    /// Whether it is what it must be.
    pub fn holds(&self) -> bool {
        match self.goal {
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

    /// Prints it: one line, or one JSON object a line.
    pub fn print(&self, machine: &str, as_json: bool) {
        if as_json {
            let object = json!({
                "name": self.name,
                "value": rounded(self.value),
                "goal": self.goal_text(),
                "holds": self.holds(),
                "floor": self.floor.map(|(_, floor, unit)| json!({ "value": rounded(floor), "unit": unit })),
                "machine": machine,
            });
            println!("{object}");
            return;
        }
        let verdict = if self.holds() {
            "holds"
        } else {
            "DOES NOT HOLD"
        };
        let beside = self.floor.map_or_else(String::new, |(own, floor, unit)| {
            format!(
                "  (own {} {unit}, floor {} {unit})",
                rounded(own),
                rounded(floor)
            )
        });
        println!(
            "{:<24} {:>9} {:<8} goal {:<18} {verdict}{beside}",
            self.name,
            rounded(self.value),
            self.unit,
            self.goal_text()
        );
    }
}

/// Three digits after the point are more than any of these figures can bear.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// The middle of what was measured.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
