//! The ways in which a text may stand somewhere: as it is, in other encodings, as digits of another kind.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// Bytes that a look compares at once.
const HEAD: usize = 6;

/// Digits alone, fewer than these, stand by chance in bytes that are written out: a mark with 88631 in it is kept as text,
/// its bytes are written as 3838363331, and there stands 838363331.
const SHORT: usize = 11;
/// Hexadecimal digits in a row that are bytes written out: a hash, a leaf, something sealed, of 16 bytes or more.
const WRITTEN_OUT: usize = 32;
/// Bytes before and after a text that are told.
const AROUND: usize = 40;

/// A text that stands in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which text, in which form.
    pub name: String,
    /// What stands before and after it; the text itself is what nobody may see.
    pub around: [String; 2],
}

/// Whether short digits at a place are part of bytes that are written out: a long row of hexadecimal digits, letters among
/// them. The bytes themselves are looked through too ([`forms`], and `everything_kept` of the bed).
fn is_written_out(bytes: &[u8], at: usize, form: &[u8]) -> bool {
    if form.len() >= SHORT || !form.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let (before, after) = (&bytes[..at], &bytes[at + form.len()..]);
    let before = before.iter().rev().take_while(|b| b.is_ascii_hexdigit());
    let after = after.iter().take_while(|b| b.is_ascii_hexdigit());
    let beside: Vec<u8> = before.chain(after).copied().collect();
    beside.len() + form.len() >= WRITTEN_OUT && beside.iter().any(u8::is_ascii_alphabetic)
}

/// Many texts in all their forms, found in one walk over the bytes.
pub struct Needles {
    by_head: HashMap<[u8; HEAD], Vec<(String, Vec<u8>)>>,
}

impl Needles {
    pub fn of(texts: &BTreeSet<String>) -> Self {
        let mut by_head: HashMap<[u8; HEAD], Vec<(String, Vec<u8>)>> = HashMap::new();
        for (place, text) in texts.iter().enumerate() {
            for (name, form) in forms(text) {
                if let Some(head) = form.first_chunk::<HEAD>() {
                    // Only the place and the form are told: the text itself is what nobody may see.
                    let told = (format!("text {place} as {name}"), form.clone());
                    by_head.entry(*head).or_default().push(told);
                }
            }
        }
        Self { by_head }
    }

    /// The first text that stands in the bytes, by its place and form.
    pub fn found_in(&self, bytes: &[u8]) -> Option<Hit> {
        for at in 0..bytes.len().saturating_sub(HEAD - 1) {
            let rest = &bytes[at..];
            let head = rest.first_chunk::<HEAD>()?;
            let stands = |form: &[u8]| rest.starts_with(form) && !is_written_out(bytes, at, form);
            let hit = self
                .by_head
                .get(head)
                .and_then(|forms| forms.iter().find(|(_, form)| stands(form)));
            if let Some((name, form)) = hit {
                let (start, end) = (at.saturating_sub(AROUND), at + form.len());
                let around = [
                    &bytes[start..at],
                    &bytes[end..bytes.len().min(end + AROUND)],
                ];
                let told = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
                return Some(Hit {
                    name: name.clone(),
                    around: around.map(told),
                });
            }
        }
        None
    }
}

/// A text in every form.
pub fn forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    let spaced: Vec<String> = text.chars().map(String::from).collect();
    let wide: String = text
        .chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) - 0x30 + 0xFF10).unwrap(),
            other => other,
        })
        .collect();
    let hex = |upper: bool| {
        text.bytes().fold(String::new(), |mut out, byte| {
            let written = if upper {
                write!(out, "{byte:02X}")
            } else {
                write!(out, "{byte:02x}")
            };
            written.unwrap();
            out
        })
    };
    let url = text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    });
    let escaped = text.encode_utf16().fold(String::new(), |mut out, unit| {
        if unit < 0x80 {
            out.push(char::from(u8::try_from(unit).unwrap()));
        } else {
            write!(out, "\\u{unit:04x}").unwrap();
        }
        out
    });
    let mut forms = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16 LE", utf16(u16::to_le_bytes)),
        ("UTF-16 BE", utf16(u16::to_be_bytes)),
        ("GB 18030", encoding_rs::GB18030.encode(text).0.into_owned()),
        ("hex", hex(false).into_bytes()),
        ("HEX", hex(true).into_bytes()),
        ("URL", url.into_bytes()),
        ("JSON", escaped.into_bytes()),
        ("digits apart", spaced.join(" ").into_bytes()),
        ("wide digits", wide.into_bytes()),
    ];
    for shift in 0..3 {
        forms.push(("base64", base64_core(text.as_bytes(), shift)));
    }
    forms
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 without padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = 0_u32;
        for place in 0..3 {
            group = group << 8 | u32::from(*chunk.get(place).unwrap_or(&0));
        }
        for place in 0..=chunk.len() {
            let index = group >> (18 - 6 * place) & 63;
            out.push(char::from(ALPHABET[usize::try_from(index).unwrap()]));
        }
    }
    out
}

/// The characters of base64 that depend on nothing but the text, where it begins `shift` bytes into a group of three.
fn base64_core(bytes: &[u8], shift: usize) -> Vec<u8> {
    let written = base64(&[&vec![0; shift], bytes].concat());
    let bits = (shift + bytes.len()) * 8;
    let first = (shift * 8).div_ceil(6);
    written.as_bytes()[first..bits / 6].to_vec()
}
