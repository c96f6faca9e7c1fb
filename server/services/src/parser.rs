//! Files from users are hostile: they are parsed by somebody who may die of it without harm (rule 12).

use domain::admission::source::AdmissionPackage;
use formats::child::{AnswerError, ParseLine, ParseRequest, PhotoToShow};
use formats::table::Sheet;
use std::path::PathBuf;
use tokio::sync::mpsc;

/// An answer as it comes in: lines, then [`ParseLine::End`] or an error. An answer that stops without either is broken.
pub type Lines = mpsc::Receiver<Result<ParseLine, AnswerError>>;

/// Parsed lines that wait for their reader; the parser stands still meanwhile.
const WAITING: usize = 4;

/// Parses files outside this process, with limits on memory and time.
pub trait Parser: Send + Sync + std::fmt::Debug {
    /// Begins to parse one file.
    fn parse(&self, request: ParseRequest) -> Lines;
}

/// The two ends of an answer.
pub fn channel() -> (mpsc::Sender<Result<ParseLine, AnswerError>>, Lines) {
    mpsc::channel(WAITING)
}

/// Sends an answer on from a blocking thread: its lines, and its end when every line was whole.
pub fn forward(
    lines: impl IntoIterator<Item = Result<ParseLine, AnswerError>>,
    to: &mpsc::Sender<Result<ParseLine, AnswerError>>,
) {
    for line in lines {
        let broken = line.is_err();
        if to.blocking_send(line).is_err() || broken {
            return;
        }
    }
    let _reader_gone = to.blocking_send(Ok(ParseLine::End));
}

/// The next line, `None` at the end of a whole answer.
///
/// # Errors
/// [`AnswerError`], also when the answer stopped without its end.
pub(crate) async fn next(lines: &mut Lines) -> Result<Option<ParseLine>, AnswerError> {
    match lines.recv().await {
        Some(Ok(ParseLine::End)) => Ok(None),
        Some(line) => line.map(Some),
        None => Err(AnswerError::Broken),
    }
}

/// Reads province folders from a zip file or a folder.
pub(crate) async fn package(
    parser: &dyn Parser,
    path: PathBuf,
) -> Result<AdmissionPackage, AnswerError> {
    let mut lines = parser.parse(ParseRequest::AdmissionPackage { path });
    let mut package = AdmissionPackage::default();
    while let Some(line) = next(&mut lines).await? {
        match line {
            ParseLine::Folder(folder) => package.folders.push(folder),
            ParseLine::Notices(notices) => package.notices.extend(notices),
            _ => return Err(AnswerError::Broken),
        }
    }
    Ok(package)
}

/// Reads one xlsx or csv file.
pub(crate) async fn sheet(parser: &dyn Parser, path: PathBuf) -> Result<Sheet, AnswerError> {
    let mut lines = parser.parse(ParseRequest::Table { path });
    let mut found = None;
    while let Some(line) = next(&mut lines).await? {
        match line {
            ParseLine::Sheet(sheet) => found = Some(sheet),
            _ => return Err(AnswerError::Broken),
        }
    }
    found.ok_or(AnswerError::Broken)
}

/// A photo as a page shows it, or nothing when it cannot be read.
pub(crate) async fn shown(
    parser: &dyn Parser,
    photo: PhotoToShow,
) -> Result<Option<Vec<u8>>, AnswerError> {
    let mut lines = parser.parse(ParseRequest::ShownPhoto(photo));
    let mut picture = None;
    loop {
        match next(&mut lines).await {
            Ok(Some(ParseLine::Shown(bytes))) => picture = Some(bytes),
            Ok(Some(_)) => return Err(AnswerError::Broken),
            Ok(None) => return Ok(picture),
            Err(AnswerError::Refused(_)) => return Ok(None),
            Err(broken) => return Err(broken),
        }
    }
}

/// Parses in this process: for tests, whose files are their own.
#[cfg(feature = "testkit")]
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcess;

#[cfg(feature = "testkit")]
impl Parser for InProcess {
    fn parse(&self, request: ParseRequest) -> Lines {
        use formats::child::{Refused, run};
        use formats::message::UserMessage as _;
        let (to, lines) = channel();
        tokio::task::spawn_blocking(move || {
            let outcome = run(&request, &mut |line| {
                let _reader_gone = to.blocking_send(Ok(line));
            });
            let last = outcome.map(|()| ParseLine::End).map_err(|error| {
                let refused = Refused {
                    zh: error.zh(),
                    en: error.to_string(),
                };
                AnswerError::Refused(refused)
            });
            let _reader_gone = to.blocking_send(last);
        });
        lines
    }
}
