//! QR codes as SVG, for activation slips and verification codes.

use crate::message::UserMessage;
use fast_qr::ECL;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::convert::{Builder as _, Shape};
use fast_qr::qr::QRBuilder;

/// The text does not fit into the largest code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct QrError;

impl UserMessage for QrError {
    fn zh(&self) -> String {
        "内容过长，不能生成二维码".to_owned()
    }
}

/// A QR code with medium error correction (15 %) and the quiet zone of four modules, as an `<svg>` element.
///
/// # Errors
/// [`QrError`] when the text is too long.
pub fn svg(text: &str) -> Result<String, QrError> {
    let code = QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|_| QrError)?;
    Ok(SvgBuilder::default()
        .shape(Shape::Square)
        .margin(4)
        .to_str(&code))
}
