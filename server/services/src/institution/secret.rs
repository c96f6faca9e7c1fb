//! Random secrets that people type, and keyed hashes of them.

use crate::{Result, ServiceError};
use aws_lc_rs::{constant_time, hmac, rand};
use store::keys::Secret;

/// Base 32 without the letters that are mistaken for digits or words (Crockford: no I, L, O, U).
pub const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Base 32 of RFC 4648, as authenticator apps read it.
pub const SEED_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Characters of a one-time code or recovery code: 50 bits.
pub const CODE_CHARS: usize = 10;

/// Random bytes from the operating system's source.
///
/// # Errors
/// [`ServiceError::Internal`] when the source refuses.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| ServiceError::Internal("random source"))?;
    Ok(bytes)
}

/// Bytes in base 32, without padding.
pub fn base32(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut pending, mut bits) = (0_u32, 0);
    let mut push = |value: u32| {
        let digit = usize::try_from(value & 31).unwrap_or_default();
        text.extend(alphabet.get(digit).copied().map(char::from));
    };
    for byte in bytes {
        pending = (pending << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(pending >> bits);
        }
        pending &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(pending << (5 - bits));
    }
    text
}

/// A new code of [`CODE_CHARS`] characters, as it is stored; [`spaced`] shows it.
///
/// # Errors
/// [`ServiceError::Internal`] when the random source refuses.
pub fn code() -> Result<String> {
    let mut code = base32(&random::<7>()?, CODE_ALPHABET);
    code.truncate(CODE_CHARS);
    Ok(code)
}

/// A code in two halves: `7K2QX-9MBTD`.
pub fn spaced(code: &str) -> String {
    let (front, back) = code.split_at_checked(CODE_CHARS / 2).unwrap_or((code, ""));
    format!("{front}-{back}")
}

/// A code as somebody typed it: spaces and hyphens go, small letters count, O is 0, I and L are 1. `None` for what
/// cannot be a code.
pub fn read_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_CHARS);
    for c in text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '\u{3000}'))
    {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if code.len() == CODE_CHARS || !c.is_ascii() || !CODE_ALPHABET.contains(&(c as u8)) {
            return None;
        }
        code.push(c);
    }
    (code.len() == CODE_CHARS).then_some(code)
}

/// A keyed hash of parts, each with its length before it: without the key folder a stolen database cannot be tried.
pub fn keyed_hash(key: &Secret, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()));
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.sign().as_ref().try_into().unwrap_or([0; 32])
}

/// Whether two hashes are equal, in constant time.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}
