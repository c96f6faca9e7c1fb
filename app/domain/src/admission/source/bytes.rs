//! Bytes as base64 text (RFC 4648, with padding) inside JSON: `#[serde(with = "bytes")]`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING: char = '=';

/// Serialises as base64.
///
/// # Errors
/// Those of the serialiser.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encode(bytes))
}

/// Deserialises from base64.
///
/// # Errors
/// Text that is no base64.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    decode(&text).ok_or_else(|| D::Error::custom("not base64"))
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_u32, |group, at| {
            group << 8 | u32::from(chunk.get(at).copied().unwrap_or_default())
        });
        for place in 0..4 {
            let sextet = group >> (18 - 6 * place) & 0x3F;
            let letter = usize::try_from(sextet)
                .ok()
                .and_then(|at| ALPHABET.get(at))
                .copied()
                .map_or(PADDING, char::from);
            out.push(if place > chunk.len() { PADDING } else { letter });
        }
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let body = text.trim_end_matches(PADDING);
    if text.len() - body.len() > 2 {
        return None;
    }
    for chunk in body.as_bytes().chunks(4) {
        let mut group = 0_u32;
        for letter in chunk {
            group = group << 6 | sextet(*letter)?;
        }
        let missing = 4 - chunk.len();
        group <<= 6 * missing;
        let [_, bytes @ ..] = group.to_be_bytes();
        out.extend(bytes.iter().take(3 - missing));
    }
    Some(out)
}

fn sextet(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
