//! What the server and its parser child say to each other: one request on the child's input, JSON lines on its output,
//! the last of them `end` or `error`.
//!
//! A parser that meets a hostile file may be killed by its limits at any time; an answer without its last line is no
//! answer. The server binary starts the child and sets [`ChildLimits`] before the file is opened (security.md F3).

use crate::archive::ArchiveError;
use crate::message::UserMessage;
use crate::package::{self, PackageError, PackageLimits};
use crate::photos::{Photo, PhotoArchive, PhotoFault, PhotoLimits, RejectedPhoto, shown};
use crate::table::{self, Sheet, TableError, TableLimits};
use domain::admission::source::{AdmissionPackage, Notice, ProvinceFolder};
use domain::text::Lang;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Longest line an answer may have: one province of 100,000 wide rows stays below it.
const LONGEST_LINE: u64 = 256 << 20;

/// What to parse. Paths name files that the server has stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "parse", rename_all = "snake_case", deny_unknown_fields)]
pub enum ParseRequest {
    /// Province folders of DBF tables: a zip file or a folder.
    AdmissionPackage {
        /// Where it lies.
        path: PathBuf,
    },
    /// One xlsx or csv file.
    Table {
        /// Where it lies.
        path: PathBuf,
    },
    /// A zip file of photos.
    Photos {
        /// Where it lies.
        path: PathBuf,
    },
    /// A photo for the screen. It comes with the request: a picture of a person lies nowhere in clear.
    ShownPhoto(PhotoToShow),
}

/// A photo and what is written across it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoToShow {
    /// The JPEG as it came.
    #[serde(with = "domain::admission::source::bytes")]
    pub jpeg: Vec<u8>,
    /// Who looks, and when.
    pub mark: String,
}

impl std::fmt::Debug for PhotoToShow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PhotoToShow({} bytes)", self.jpeg.len())
    }
}

/// What the child may use. Measured: a package of 20,000 candidates takes 15 MiB and 0.1 s, a sheet of 30,000 rows and
/// 28 columns 70 MiB and 1 s, the worst file that is read to its end 190 MiB and 3 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildLimits {
    /// Address space (`RLIMIT_AS`), in bytes; the program itself and its stacks count.
    pub memory_bytes: u64,
    /// Processor time (`RLIMIT_CPU`), in seconds.
    pub cpu_seconds: u64,
    /// Time until the server kills it, in seconds.
    pub wall_seconds: u64,
}

impl ParseRequest {
    /// What the child may use for this request.
    pub const fn limits(&self) -> ChildLimits {
        match self {
            Self::AdmissionPackage { .. } | Self::Table { .. } => ChildLimits {
                memory_bytes: 512 << 20,
                cpu_seconds: 20,
                wall_seconds: 60,
            },
            Self::Photos { .. } => ChildLimits {
                memory_bytes: 256 << 20,
                cpu_seconds: 60,
                wall_seconds: 300,
            },
            Self::ShownPhoto(_) => ChildLimits {
                memory_bytes: 384 << 20,
                cpu_seconds: 5,
                wall_seconds: 15,
            },
        }
    }
}

/// One line of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParseLine {
    /// One province of an admission package.
    Folder(ProvinceFolder),
    /// Notices about the package as a whole.
    Notices(Vec<Notice>),
    /// The table.
    Sheet(Sheet),
    /// Files in a zip file of photos; first line of such an answer.
    Files(u64),
    /// One photo.
    Photo(Photo),
    /// A file that is no usable photo.
    Rejected(RejectedPhoto),
    /// A photo for the screen, as PNG.
    Shown(#[serde(with = "domain::admission::source::bytes")] Vec<u8>),
    /// The file cannot be read. Last line.
    Error(Refused),
    /// Everything was said. Last line.
    End,
}

/// Why a file cannot be read, for its uploader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{en}")]
pub struct Refused {
    /// zh-CN.
    pub zh: String,
    /// English.
    pub en: String,
}

impl UserMessage for Refused {
    fn zh(&self) -> String {
        self.zh.clone()
    }
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The path.
    #[error("the file cannot be opened")]
    Path,
    /// An admission package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A worksheet or csv file.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A zip file of photos.
    #[error(transparent)]
    Photos(#[from] ArchiveError),
    /// A photo.
    #[error(transparent)]
    Photo(#[from] PhotoFault),
}

impl UserMessage for FormatError {
    fn zh(&self) -> String {
        match self {
            Self::Path => "文件不能打开".to_owned(),
            Self::Package(error) => error.zh(),
            Self::Table(error) => error.zh(),
            Self::Photos(error) => error.zh(),
            Self::Photo(fault) => fault.zh(),
        }
    }
}

/// Parses and emits every line but the last. After an error nothing that was emitted counts.
///
/// # Errors
/// See [`FormatError`].
pub fn run(request: &ParseRequest, emit: &mut dyn FnMut(ParseLine)) -> Result<(), FormatError> {
    match request {
        ParseRequest::AdmissionPackage { path } => {
            let notices = package::stream_path(path, &PackageLimits::default(), &mut |folder| {
                emit(ParseLine::Folder(folder));
            })?;
            emit(ParseLine::Notices(notices));
        }
        ParseRequest::Table { path } => {
            let limits = TableLimits::default();
            let bytes = bounded(path, limits.bytes as u64 + 1)?;
            emit(ParseLine::Sheet(table::read(&bytes, &limits)?));
        }
        ParseRequest::Photos { path } => {
            let file = File::open(path).map_err(|_| FormatError::Path)?;
            let mut archive = PhotoArchive::open(BufReader::new(file), &PhotoLimits::default())?;
            emit(ParseLine::Files(archive.len() as u64));
            for photo in archive.photos() {
                emit(photo.map_or_else(ParseLine::Rejected, ParseLine::Photo));
            }
        }
        ParseRequest::ShownPhoto(photo) => {
            emit(ParseLine::Shown(shown(&photo.jpeg, &photo.mark)?));
        }
    }
    Ok(())
}

/// At most one byte more than is accepted.
fn bounded(path: &Path, limit: u64) -> Result<Vec<u8>, FormatError> {
    let file = File::open(path).map_err(|_| FormatError::Path)?;
    let mut bytes = Vec::new();
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| FormatError::Path)?;
    Ok(bytes)
}

/// The child's whole work: reads one request, writes its answer.
///
/// # Errors
/// Those of the two streams, and a request that is none.
pub fn serve(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let request: ParseRequest = serde_json::from_str(&line)?;
    let mut written = Ok(());
    let outcome = run(&request, &mut |line| {
        if written.is_ok() {
            written = write_line(&mut output, &line);
        }
    });
    written?;
    let last = match outcome {
        Ok(()) => ParseLine::End,
        Err(error) => ParseLine::Error(Refused {
            zh: error.in_lang(Lang::Zh),
            en: error.in_lang(Lang::En),
        }),
    };
    write_line(&mut output, &last)?;
    output.flush()
}

fn write_line(output: &mut impl Write, line: &ParseLine) -> io::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    output.write_all(b"\n")
}

/// Why an answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The file cannot be read; the text is for its uploader.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The child died, was killed by a limit, or said something else than was asked for.
    #[error("the parser stopped before it had finished; the file may be too large or damaged")]
    Broken,
}

impl UserMessage for AnswerError {
    fn zh(&self) -> String {
        match self {
            Self::Refused(refused) => refused.zh(),
            Self::Broken => "文件解析中途停止，文件可能过大或已损坏".to_owned(),
        }
    }
}

/// The lines of an answer up to its end. The last item is an error when the answer is not complete.
pub fn lines(output: impl BufRead) -> impl Iterator<Item = Result<ParseLine, AnswerError>> {
    let mut output = Some(output);
    std::iter::from_fn(move || {
        let line = next_line(output.as_mut()?);
        match line {
            Ok(ParseLine::End) => {
                output = None;
                None
            }
            Ok(ParseLine::Error(refused)) => {
                output = None;
                Some(Err(refused.into()))
            }
            Ok(line) => Some(Ok(line)),
            Err(error) => {
                output = None;
                Some(Err(error))
            }
        }
    })
}

fn next_line(output: &mut impl BufRead) -> Result<ParseLine, AnswerError> {
    let mut line = Vec::new();
    output
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .map_err(|_| AnswerError::Broken)?;
    serde_json::from_slice(&line).map_err(|_| AnswerError::Broken)
}

/// The answer to [`ParseRequest::AdmissionPackage`].
///
/// # Errors
/// See [`AnswerError`].
pub fn package_answer(output: impl BufRead) -> Result<AdmissionPackage, AnswerError> {
    let mut package = AdmissionPackage::default();
    for line in lines(output) {
        match line? {
            ParseLine::Folder(folder) => package.folders.push(folder),
            ParseLine::Notices(notices) => package.notices.extend(notices),
            _ => return Err(AnswerError::Broken),
        }
    }
    Ok(package)
}

/// The answer to [`ParseRequest::Table`].
///
/// # Errors
/// See [`AnswerError`].
pub fn sheet_answer(output: impl BufRead) -> Result<Sheet, AnswerError> {
    let mut found = None;
    for line in lines(output) {
        match line? {
            ParseLine::Sheet(sheet) => found = Some(sheet),
            _ => return Err(AnswerError::Broken),
        }
    }
    found.ok_or(AnswerError::Broken)
}
