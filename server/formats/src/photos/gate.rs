//! Is it a JPEG, of a sane size, all of it? Headers only: no pixel is decoded.

use crate::message::UserMessage;
use serde::{Deserialize, Serialize};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// What a photo must be.
#[derive(Clone, Copy, Debug)]
pub struct PhotoRules {
    /// Bytes of the file.
    pub max_bytes: u64,
    /// Shortest side in pixels.
    pub min_side: u16,
    /// Longest side in pixels.
    pub max_side: u16,
}

impl Default for PhotoRules {
    /// Admission photos differ by province: up to 1 MiB, sides of 60 to 4,000 pixels.
    fn default() -> Self {
        Self {
            max_bytes: 1 << 20,
            min_side: 60,
            max_side: 4_000,
        }
    }
}

/// Size of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoInfo {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

/// What is wrong with a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum PhotoFault {
    /// Another format, whatever the name says.
    #[error("not a JPEG picture")]
    NotJpeg,
    /// Too many bytes.
    #[error("{bytes} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes found.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The end of the picture is missing.
    #[error("the picture is cut short")]
    Truncated,
    /// The headers cannot be read, or the zip entry is damaged.
    #[error("the picture is damaged")]
    Damaged,
    /// Too small or too large.
    #[error("{width} x {height} pixels is not a photo")]
    Size {
        /// Pixels across.
        width: u16,
        /// Pixels down.
        height: u16,
    },
    /// Neither grey nor colour of three components.
    #[error("{components} colour components; save it as an ordinary colour picture")]
    Colour {
        /// Components found.
        components: u8,
    },
    /// A second photo with the same name.
    #[error("a second photo with this name")]
    Repeated,
}

impl UserMessage for PhotoFault {
    fn zh(&self) -> String {
        match self {
            Self::NotJpeg => "不是 JPEG 图片".to_owned(),
            Self::TooLarge { bytes, limit } => format!("{bytes} 字节，超过上限 {limit} 字节"),
            Self::Truncated => "图片不完整".to_owned(),
            Self::Damaged => "图片已损坏".to_owned(),
            Self::Size { width, height } => format!("{width}×{height} 像素，不是证件照片"),
            Self::Colour { components } => format!("颜色分量为 {components}，请另存为普通彩色图片"),
            Self::Repeated => "同名照片重复".to_owned(),
        }
    }
}

/// Bytes that cameras and editors may leave behind the end mark.
const TRAILER: usize = 4096;

/// Looks at the headers of a photo.
///
/// # Errors
/// See [`PhotoFault`].
pub fn inspect(bytes: &[u8], rules: &PhotoRules) -> Result<PhotoInfo, PhotoFault> {
    if !bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Err(PhotoFault::NotJpeg);
    }
    if bytes.len() as u64 > rules.max_bytes {
        return Err(PhotoFault::TooLarge {
            bytes: bytes.len() as u64,
            limit: rules.max_bytes,
        });
    }
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| PhotoFault::Damaged)?;
    let info = decoder.info().ok_or(PhotoFault::Damaged)?;
    let sides = rules.min_side..=rules.max_side;
    if !sides.contains(&info.width) || !sides.contains(&info.height) {
        return Err(PhotoFault::Size {
            width: info.width,
            height: info.height,
        });
    }
    if !matches!(info.components, 1 | 3) {
        return Err(PhotoFault::Colour {
            components: info.components,
        });
    }
    let tail = bytes
        .get(bytes.len().saturating_sub(TRAILER)..)
        .unwrap_or_default();
    if !tail.windows(2).any(|pair| pair == [0xFF, 0xD9]) {
        return Err(PhotoFault::Truncated);
    }
    Ok(PhotoInfo {
        width: info.width,
        height: info.height,
    })
}
