//! GB 18030 cells: decoding that says when it guessed, encoding that refuses instead of substituting.

use encoding_rs::{GB18030, GBK};
use std::borrow::Cow;

/// What a target file may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// One and two byte characters only; what older readers of a platform file understand.
    Gbk,
    /// All of GB 18030, four byte characters included.
    Gb18030,
}

/// Text of one cell and whether every byte of it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text; U+FFFD stands where bytes were not understood.
    pub text: Cow<'a, str>,
    /// False when at least one byte was not understood (rule V2).
    pub exact: bool,
}

/// Decodes one cell. Never consults a byte order mark or a language byte.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let (text, had_errors) = GB18030.decode_without_bom_handling(bytes);
    Decoded {
        text,
        exact: !had_errors,
    }
}

/// A character that the target cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a character cannot be written in the target encoding")]
pub struct NotEncodable;

/// Encodes one cell. U+FFFD is refused like any character without a code: it means that something was lost before.
pub fn encode(text: &str, charset: Charset) -> Result<Vec<u8>, NotEncodable> {
    if text.contains('\u{FFFD}') {
        return Err(NotEncodable);
    }
    let encoding = match charset {
        Charset::Gbk => GBK,
        Charset::Gb18030 => GB18030,
    };
    let (bytes, _, unmappable) = encoding.encode(text);
    if unmappable {
        Err(NotEncodable)
    } else {
        Ok(bytes.into_owned())
    }
}
