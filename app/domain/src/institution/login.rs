//! The login of an account: 工号, 考生号 or 学号 as it is stored and looked up.

use crate::person::id_number;

/// Longest login, in characters.
const LONGEST: usize = 64;

/// A login in the one form in which it is stored: trimmed, half width, upper case. However a number is typed or pasted,
/// it names one account: two spellings of one 工号 must never become two persons. `None` for what no login is.
pub fn login_form(text: &str) -> Option<String> {
    let login = id_number::normalise(text);
    let plain = login.chars().all(|c| !c.is_control());
    (plain && (1..=LONGEST).contains(&login.chars().count())).then_some(login)
}
