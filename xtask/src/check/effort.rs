//! How thorough the tests are: the numbers that they read from the environment.

use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The variable that proptest reads its seed from.
pub const SEED: &str = "PROPTEST_RNG_SEED";
/// The seed of every day: two runs of the same code draw the same cases.
const USUAL_SEED: u64 = 2026;

/// How thorough the tests are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// The numbers of every day.
    Usual,
    /// The full numbers; may take hours.
    Long,
}

impl Effort {
    /// What the tests find in their environment, whatever the caller's own says. `seed` is the caller's
    /// [`SEED`]: with it a long run is repeated.
    pub fn numbers(self, seed: Option<&str>) -> Vec<(&'static str, String)> {
        let numbers: [(&'static str, &str); 3] = match self {
            Self::Usual => [
                ("XJ_LONG", "0"),
                ("XJ_KILLS", "10"),
                ("XJ_FUZZ_SECONDS", "5"),
            ],
            Self::Long => [
                ("XJ_LONG", "1"),
                ("XJ_KILLS", "50"),
                ("XJ_FUZZ_SECONDS", "600"),
            ],
        };
        let seed = match self {
            Self::Usual => USUAL_SEED,
            Self::Long => seed
                .and_then(|text| text.parse().ok())
                .unwrap_or_else(any_number),
        };
        numbers
            .into_iter()
            .map(|(name, number)| (name, number.to_owned()))
            .chain([(SEED, seed.to_string())])
            .collect()
    }

    /// The same, with the caller's seed taken from the environment.
    pub fn of_this_run(self) -> Vec<(&'static str, String)> {
        let seed = env::var_os(SEED);
        self.numbers(seed.as_deref().and_then(|seed| seed.to_str()))
    }
}

/// The standard library seeds its hashers from the system.
fn any_number() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Effort, SEED};

    fn numbers(effort: Effort, seed: Option<&str>) -> BTreeMap<&'static str, String> {
        effort.numbers(seed).into_iter().collect()
    }

    #[test]
    fn every_day_draws_the_same_and_ten_kills_and_five_seconds() {
        let usual = numbers(Effort::Usual, Some("77"));
        assert_eq!(usual["XJ_LONG"], "0");
        assert_eq!(usual["XJ_KILLS"], "10");
        assert_eq!(usual["XJ_FUZZ_SECONDS"], "5");
        assert_eq!(usual, numbers(Effort::Usual, None));
    }

    #[test]
    fn a_long_run_is_longer_in_every_number_and_free_in_its_seed() {
        let (usual, long) = (numbers(Effort::Usual, None), numbers(Effort::Long, None));
        assert_eq!(long["XJ_LONG"], "1");
        assert_eq!(long["XJ_KILLS"], "50");
        assert_eq!(long["XJ_FUZZ_SECONDS"], "600");
        for name in ["XJ_KILLS", "XJ_FUZZ_SECONDS"] {
            let number = |of: &BTreeMap<_, String>| of[name].parse::<u32>().unwrap();
            assert!(number(&long) > number(&usual), "{name}");
        }
        assert_ne!(long[SEED], numbers(Effort::Long, None)[SEED]);
        assert_eq!(numbers(Effort::Long, Some("77"))[SEED], "77");
    }
}
