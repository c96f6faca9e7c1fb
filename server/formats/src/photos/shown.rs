//! A photo as a page shows it: small, and with the name of whoever looks and the time in the picture itself.

use super::gate::{PhotoFault, PhotoRules, inspect};
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use std::io::Write as _;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Most pixels across: twice what a page gives it, for sharp screens.
const WIDTH: usize = 240;
/// Most pixels down.
const HEIGHT: usize = 320;
/// Rows between two lines of the mark.
const APART: usize = 36;

/// Pixels in rows of red, green and blue.
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    fn decoded(bytes: &[u8]) -> Result<Self, PhotoFault> {
        let info = inspect(bytes, &PhotoRules::default())?;
        let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let pixels = decoder.decode().map_err(|_| PhotoFault::Damaged)?;
        let (width, height) = (usize::from(info.width), usize::from(info.height));
        if pixels.len() == width * height * 3 {
            Ok(Self {
                width,
                height,
                pixels,
            })
        } else {
            Err(PhotoFault::Damaged)
        }
    }

    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let start = (y * self.width + x) * 3;
        let found = self.pixels.get(start..start + 3);
        found.and_then(|p| p.try_into().ok()).unwrap_or_default()
    }

    /// The same picture inside [`WIDTH`] × [`HEIGHT`], each pixel the mean of those it stands for.
    fn small(&self) -> Self {
        let (mut width, mut height) = (self.width, self.height);
        if width > WIDTH {
            (width, height) = (WIDTH, (height * WIDTH / width).max(1));
        }
        if height > HEIGHT {
            (width, height) = ((width * HEIGHT / height).max(1), HEIGHT);
        }
        let span = |at: usize, of: usize, from: usize| {
            let start = at * from / of;
            start..((at + 1) * from / of).max(start + 1)
        };
        let mut pixels = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0_usize; 3];
                let mut count = 0;
                for row in span(y, height, self.height) {
                    for column in span(x, width, self.width) {
                        for (sum, value) in sum.iter_mut().zip(self.at(column, row)) {
                            *sum += usize::from(value);
                        }
                        count += 1;
                    }
                }
                pixels.extend(sum.map(|s| u8::try_from(s / count).unwrap_or(u8::MAX)));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Writes the text across the whole picture, line under line.
    fn mark(&mut self, text: &str) {
        for (line, top) in (10..self.height).step_by(APART).enumerate() {
            let left = if line % 2 == 0 { 4 } else { 40 };
            for (place, letter) in text.chars().enumerate() {
                self.letter(left + place * 6, top, letter);
            }
        }
    }

    fn letter(&mut self, left: usize, top: usize, letter: char) {
        for (column, bits) in glyph(letter).into_iter().enumerate() {
            for row in (0..7).filter(|row| bits >> row & 1 == 1) {
                self.mix(left + column + 1, top + row + 1, 0);
                self.mix(left + column, top + row, u8::MAX);
            }
        }
    }

    /// Half of what is there, half of `shade`: the face stays to be seen.
    fn mix(&mut self, x: usize, y: usize, shade: u8) {
        if x >= self.width || y >= self.height {
            return;
        }
        let start = (y * self.width + x) * 3;
        for value in self.pixels.iter_mut().skip(start).take(3) {
            *value = value.midpoint(shade);
        }
    }

    fn png(&self) -> std::io::Result<Vec<u8>> {
        let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
        for row in self.pixels.chunks(self.width * 3) {
            rows.write_all(&[0])?;
            rows.write_all(row)?;
        }
        let side = |n: usize| u32::try_from(n).unwrap_or_default().to_be_bytes();
        let mut header = Vec::with_capacity(13);
        header.extend(side(self.width));
        header.extend(side(self.height));
        // Eight bits of red, green and blue.
        header.extend([8, 2, 0, 0, 0]);
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut out, *b"IHDR", &header);
        chunk(&mut out, *b"IDAT", &rows.finish()?);
        chunk(&mut out, *b"IEND", &[]);
        Ok(out)
    }
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
    let start = out.len();
    out.extend(kind);
    out.extend(data);
    let mut crc = Crc::new();
    crc.update(out.get(start..).unwrap_or_default());
    out.extend(crc.sum().to_be_bytes());
}

/// A photo for the screen, as PNG: at most 240 × 320 pixels, marked with `text` (letters, digits, and `-.:_`).
///
/// # Errors
/// [`PhotoFault`] when the JPEG cannot be read.
pub fn shown(jpeg: &[u8], text: &str) -> Result<Vec<u8>, PhotoFault> {
    let mut picture = Picture::decoded(jpeg)?.small();
    picture.mark(text);
    picture.png().map_err(|_| PhotoFault::Damaged)
}

/// Five columns of seven rows, the top row in the lowest bit. What has no letter here is a frame.
const fn glyph(letter: char) -> [u8; 5] {
    match letter.to_ascii_uppercase() {
        '0' => [0x3E, 0x51, 0x49, 0x45, 0x3E],
        '1' => [0x00, 0x42, 0x7F, 0x40, 0x00],
        '2' => [0x42, 0x61, 0x51, 0x49, 0x46],
        '3' => [0x21, 0x41, 0x45, 0x4B, 0x31],
        '4' => [0x18, 0x14, 0x12, 0x7F, 0x10],
        '5' => [0x27, 0x45, 0x45, 0x45, 0x39],
        '6' => [0x3C, 0x4A, 0x49, 0x49, 0x30],
        '7' => [0x01, 0x71, 0x09, 0x05, 0x03],
        '8' => [0x36, 0x49, 0x49, 0x49, 0x36],
        '9' => [0x06, 0x49, 0x49, 0x29, 0x1E],
        'A' => [0x7E, 0x11, 0x11, 0x11, 0x7E],
        'B' => [0x7F, 0x49, 0x49, 0x49, 0x36],
        'C' => [0x3E, 0x41, 0x41, 0x41, 0x22],
        'D' => [0x7F, 0x41, 0x41, 0x22, 0x1C],
        'E' => [0x7F, 0x49, 0x49, 0x49, 0x41],
        'F' => [0x7F, 0x09, 0x09, 0x09, 0x01],
        'G' => [0x3E, 0x41, 0x49, 0x49, 0x7A],
        'H' => [0x7F, 0x08, 0x08, 0x08, 0x7F],
        'I' => [0x00, 0x41, 0x7F, 0x41, 0x00],
        'J' => [0x20, 0x40, 0x41, 0x3F, 0x01],
        'K' => [0x7F, 0x08, 0x14, 0x22, 0x41],
        'L' => [0x7F, 0x40, 0x40, 0x40, 0x40],
        'M' => [0x7F, 0x02, 0x0C, 0x02, 0x7F],
        'N' => [0x7F, 0x04, 0x08, 0x10, 0x7F],
        'O' => [0x3E, 0x41, 0x41, 0x41, 0x3E],
        'P' => [0x7F, 0x09, 0x09, 0x09, 0x06],
        'Q' => [0x3E, 0x41, 0x51, 0x21, 0x5E],
        'R' => [0x7F, 0x09, 0x19, 0x29, 0x46],
        'S' => [0x46, 0x49, 0x49, 0x49, 0x31],
        'T' => [0x01, 0x01, 0x7F, 0x01, 0x01],
        'U' => [0x3F, 0x40, 0x40, 0x40, 0x3F],
        'V' => [0x1F, 0x20, 0x40, 0x20, 0x1F],
        'W' => [0x3F, 0x40, 0x38, 0x40, 0x3F],
        'X' => [0x63, 0x14, 0x08, 0x14, 0x63],
        'Y' => [0x07, 0x08, 0x70, 0x08, 0x07],
        'Z' => [0x61, 0x51, 0x49, 0x45, 0x43],
        '-' => [0x08, 0x08, 0x08, 0x08, 0x08],
        '.' => [0x00, 0x60, 0x60, 0x00, 0x00],
        ':' => [0x00, 0x36, 0x36, 0x00, 0x00],
        '_' => [0x40, 0x40, 0x40, 0x40, 0x40],
        ' ' => [0; 5],
        _ => [0x7F, 0x41, 0x41, 0x41, 0x7F],
    }
}
