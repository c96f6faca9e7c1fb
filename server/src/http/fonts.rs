//! Further fonts for print (`XJ_FONTS`): a name may hold a character that no font of the office's computer has, and on
//! paper an empty box is a wrong name.

use super::headers;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;
use http::header;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use tower_http::services::ServeFile;

/// Where the style sheet is served.
const STYLE: &str = "/fonts/print.css";

/// The fonts of a folder, in the order of their file names.
#[derive(Clone, Debug, Default)]
pub struct Fonts(Vec<Font>);

#[derive(Clone, Debug)]
struct Font {
    file: PathBuf,
    /// Part of its address; the file's own name is not.
    ending: &'static str,
}

/// Why a folder of fonts is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FontsError {
    /// The folder or a font in it cannot be read.
    #[error("XJ_FONTS: {path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing in it is a font.
    #[error("XJ_FONTS: {0}: a folder with fonts is needed (.ttf, .otf, .woff, .woff2)")]
    None(PathBuf),
    /// A file that is called a font and is none.
    #[error("XJ_FONTS: {0}: this file is no font")]
    NoFont(PathBuf),
}

impl Fonts {
    /// Looks for fonts in a folder.
    ///
    /// # Errors
    /// [`FontsError`].
    pub fn load(folder: &Path) -> Result<Self, FontsError> {
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |source| FontsError::Unreadable { path, source }
        };
        let mut files = Vec::new();
        for entry in folder.read_dir().map_err(fault(folder))? {
            files.push(entry.map_err(fault(folder))?.path());
        }
        files.sort();
        let mut fonts = Vec::new();
        for file in files {
            let Some(ending) = ending(&file) else {
                continue;
            };
            let mut head = [0; 4];
            let mut open = std::fs::File::open(&file).map_err(fault(&file))?;
            let whole = open.read_exact(&mut head);
            if whole.is_err() || !is_font(head) {
                return Err(FontsError::NoFont(file));
            }
            fonts.push(Font { file, ending });
        }
        if fonts.is_empty() {
            return Err(FontsError::None(folder.to_owned()));
        }
        Ok(Self(fonts))
    }

    /// Address of the style sheet; empty when there is no font.
    pub fn style(&self) -> String {
        if self.0.is_empty() {
            String::new()
        } else {
            STYLE.to_owned()
        }
    }

    /// Names every font, and puts them behind those of the style sheet: what these have, they draw.
    fn sheet(&self) -> String {
        let (mut sheet, mut families) = (String::new(), String::new());
        for (place, font) in (1..).zip(&self.0) {
            // Writing to a text cannot fail.
            let _ = writeln!(
                sheet,
                "@font-face{{font-family:\"xj-print-{place}\";src:url(\"{}\")}}",
                address(place, font)
            );
            let _ = write!(families, ",\"xj-print-{place}\"");
        }
        let _ = writeln!(sheet, "html{{font-family:var(--font-sans){families}}}");
        sheet
    }

    /// Serves the style sheet and the fonts; merged beside the service's own routes.
    pub fn router(&self) -> Router {
        if self.0.is_empty() {
            return Router::new();
        }
        let sheet = self.sheet();
        let style = get(async move || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], sheet));
        let fonts = (1..).zip(&self.0);
        fonts
            .fold(
                Router::new().route(STYLE, style),
                |router, (place, font)| {
                    router.route_service(&address(place, font), ServeFile::new(&font.file))
                },
            )
            .layer(from_fn(headers::secure))
            .layer(from_fn(headers::log))
    }
}

fn address(place: usize, font: &Font) -> String {
    format!("/fonts/{place}.{}", font.ending)
}

fn ending(file: &Path) -> Option<&'static str> {
    let own = file.extension()?.to_str()?.to_lowercase();
    ["ttf", "otf", "woff", "woff2"]
        .into_iter()
        .find(|known| *known == own)
}

/// TrueType, OpenType, WOFF.
const fn is_font(head: [u8; 4]) -> bool {
    matches!(&head, [0, 1, 0, 0] | b"true" | b"OTTO" | b"wOFF" | b"wOF2")
}
