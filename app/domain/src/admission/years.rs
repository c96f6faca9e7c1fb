//! 学制: how many years a course lasts, in the ways sources write it.

/// The years of 学制, where a text names whole ones: `4`, `4年`, `四年`, `四年制`. Half years and codes are no such text.
pub fn years(stated: &str) -> Option<u8> {
    let text = stated.trim();
    let text = text.strip_suffix('制').unwrap_or(text);
    let text = text.strip_suffix('年').unwrap_or(text).trim();
    match text {
        "二" | "两" | "2" => Some(2),
        "三" | "3" => Some(3),
        "四" | "4" => Some(4),
        "五" | "5" => Some(5),
        "六" | "6" => Some(6),
        "七" | "7" => Some(7),
        "八" | "8" => Some(8),
        _ => None,
    }
}
