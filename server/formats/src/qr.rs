//! QR codes, for activation slips, second factors and verification codes.

use crate::message::UserMessage;
use fast_qr::ECL;
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

/// The modules of a QR code. Whoever draws it adds the quiet zone of four light modules on each side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    size: usize,
    dark: Vec<bool>,
}

impl QrCode {
    /// The smallest code of a text with medium error correction: 15 % of it may be creased or smeared.
    ///
    /// # Errors
    /// [`QrError`] when the text is too long.
    pub fn new(text: &str) -> Result<Self, QrError> {
        let code = QRBuilder::new(text)
            .ecl(ECL::M)
            .build()
            .map_err(|_| QrError)?;
        let size = code.size;
        let modules = code.data.iter().take(size * size);
        Ok(Self {
            size,
            dark: modules.map(|module| module.value()).collect(),
        })
    }

    /// Modules on each side.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether a module is dark; outside of the code all is light.
    pub fn is_dark(&self, row: usize, column: usize) -> bool {
        let inside = row < self.size && column < self.size;
        inside && self.dark.get(row * self.size + column).copied() == Some(true)
    }
}
