//! ID numbers, names, candidate numbers and their masks.

mod candidate_number;
mod id_number;
mod mask;
mod name;
#[cfg(feature = "pinyin")]
mod pinyin;

use chrono::{Days, NaiveDate};
use domain::person::id_number::check_digit;
use proptest::prelude::*;

/// Valid resident numbers with birth dates from 1900 to 2099.
pub fn resident_number() -> impl Strategy<Value = String> {
    (1..=8_u32, 0..100_000_u32, 0..73_000_u64, 0..1000_u32).prop_map(
        |(first, area, days, serial)| {
            let born = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(days);
            let body = format!("{first}{area:05}{}{serial:03}", born.format("%Y%m%d"));
            let check = check_digit(&body).unwrap();
            format!("{body}{check}")
        },
    )
}

/// Texts as real files hold them: dots, spaces, private use, full width, rare Han, marks, anything.
pub fn hostile_text() -> impl Strategy<Value = String> {
    let special = "·•‧・･∙⋅˙．.\u{387}\u{3000}\u{a0} \t\u{feff}\u{200b}\u{2060}?□&#;\u{fffd}\u{e81e}\u{e863}张王欧阳䶮龴𬭎\u{fa0c}\
        ＡｚéÉe\u{301}ßŉĳ(（）)xX-'0９\u{e0101}\u{10ffff}가か\u{3099}";
    let special: Vec<char> = special.chars().collect();
    let c = prop_oneof![4 => prop::sample::select(special), 1 => any::<char>()];
    prop::collection::vec(c, 0..24).prop_map(|chars| chars.into_iter().collect())
}
