//! A school's own colour: accepted only where people can read it, in the light and in the dark theme.

/// Least contrast of text and background (WCAG 2.2, 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

/// Backgrounds that the primary colour stands on as text, or carries white text on: base-100 and base-200 of the light
/// theme.
const LIGHT: [Colour; 2] = [Colour(0xff, 0xff, 0xff), Colour(0xf4, 0xf6, 0xf8)];
/// The same of the dark theme.
const DARK: [Colour; 2] = [Colour(0x17, 0x1e, 0x26), Colour(0x0f, 0x14, 0x1a)];

/// A colour of a school's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(u8, u8, u8);

/// Why a colour is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColourError {
    /// Not `#rrggbb`.
    #[error("a colour has the form #rrggbb")]
    Form,
    /// Too little contrast to the backgrounds of the pages.
    #[error("the contrast is below 4.5")]
    Contrast,
}

impl Colour {
    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// [`ColourError::Form`].
    pub fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.trim().strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ColourError::Form);
        }
        let part = |at: usize| {
            let text = digits.get(at..at + 2).unwrap_or_default();
            u8::from_str_radix(text, 16).map_err(|_| ColourError::Form)
        };
        Ok(Self(part(0)?, part(2)?, part(4)?))
    }

    /// Reads a colour that may be the primary one: text in it, and white text on it, can be read.
    ///
    /// # Errors
    /// [`ColourError`].
    pub fn primary(text: &str) -> Result<Self, ColourError> {
        let colour = Self::parse(text)?;
        if LIGHT
            .iter()
            .all(|back| colour.contrast(*back) >= LEAST_CONTRAST)
        {
            Ok(colour)
        } else {
            Err(ColourError::Contrast)
        }
    }

    /// The same colour, as much lighter as the dark theme needs.
    #[must_use]
    pub fn on_dark(self) -> Self {
        let readable = |c: &Self| {
            DARK.iter()
                .all(|back| c.contrast(*back) >= LEAST_CONTRAST + 1.0)
        };
        (0..=20_u16)
            .map(|step| self.towards_white(step))
            .find(readable)
            .unwrap_or(Self(0xff, 0xff, 0xff))
    }

    fn towards_white(self, twentieths: u16) -> Self {
        let mix = |part: u8| {
            let part = u16::from(part);
            u8::try_from(part + (255 - part) * twentieths / 20).unwrap_or(u8::MAX)
        };
        Self(mix(self.0), mix(self.1), mix(self.2))
    }

    /// Contrast of two colours, from 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.0722f64.mul_add(
            part(self.2),
            0.2126f64.mul_add(part(self.0), 0.7152 * part(self.1)),
        )
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The style sheet of a school: its colour in the place of the service's own, in both themes.
pub fn style_sheet(colour: Colour) -> String {
    let dark = colour.on_dark();
    format!(
        ":root:root:root{{--color-primary:{colour};--color-accent:{colour}}}\
         @media (prefers-color-scheme:dark){{:root:root:root{{--color-primary:{dark};--color-accent:{dark}}}}}"
    )
}

/// The one character that stands for a school without a logo: the first of its name that other schools of the province
/// do not begin with. 上海海洋大学 is 海, 江苏科技大学 is 科.
pub fn initial(name: &str, province: &str) -> Option<char> {
    let rest = name.strip_prefix(province).filter(|rest| !rest.is_empty());
    rest.unwrap_or(name).chars().next()
}
