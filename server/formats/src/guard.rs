//! Cells that a spreadsheet program would run as a formula or round as a number (OWASP: CSV injection).

/// Digits from which a program rounds a number.
const ROUNDED_DIGITS: usize = 12;

/// Whether a program may take the text for a formula. Full-width signs are converted by some input methods.
pub(crate) fn is_formula(text: &str) -> bool {
    // Asked for every cell of a table: the first byte answers for nearly all of them.
    match text.as_bytes() {
        [
            b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | b'\0',
            ..,
        ] => true,
        [0xef, ..] => text.starts_with(['＝', '＋', '－', '＠']),
        _ => false,
    }
}

/// Whether apostrophes, none or some, stand before a formula: the texts that guarding makes longer by one.
pub(crate) fn is_guarded_formula(text: &str) -> bool {
    is_formula(text.trim_start_matches('\''))
}

/// Whether a program would round the text or show it as `3.10E+17`.
pub(crate) fn is_long_number(text: &str) -> bool {
    text.len() >= ROUNDED_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether text is a number that may stand in a number column as it is.
pub(crate) fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite) && text.len() < ROUNDED_DIGITS
}
