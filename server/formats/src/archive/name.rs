//! Names of entries: decoded from what packers write in China, and plain relative paths only.

use crate::gb18030;
use std::borrow::Cow;

const LONGEST: usize = 1024;

/// The decoded path with `/`, or `None` when it is not a plain relative path.
///
/// Windows packers write GBK without saying so, others UTF-8 with or without a flag. Longer GBK text is never valid
/// UTF-8, so valid UTF-8 is taken as such.
pub(crate) fn plain_path(raw: &[u8]) -> Option<String> {
    if raw.is_empty() || raw.len() > LONGEST {
        return None;
    }
    let path = text_of(raw)?.replace('\\', "/");
    let drive = path.chars().nth(1) == Some(':');
    if path.starts_with('/') || drive || path.chars().any(char::is_control) {
        return None;
    }
    let body = path.strip_suffix('/').unwrap_or(&path);
    let plain = body
        .split('/')
        .all(|part| !part.is_empty() && part != "." && part != "..");
    plain.then_some(path)
}

fn text_of(raw: &[u8]) -> Option<Cow<'_, str>> {
    if let Ok(text) = std::str::from_utf8(raw) {
        return Some(Cow::Borrowed(text));
    }
    let decoded = gb18030::decode(raw);
    decoded.exact.then_some(decoded.text)
}
