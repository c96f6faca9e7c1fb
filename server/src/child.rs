//! The parser child: this program again, with limits on memory and processor time set before it opens the file (rule 12).

use formats::child::{AnswerError, ParseLine, ParseRequest, lines};
use services::parser::{Lines, Parser, channel, forward};
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// The child's side: limits first, then the request from standard input.
///
/// # Errors
/// Those of the streams.
pub fn serve() -> std::io::Result<()> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let request: ParseRequest = serde_json::from_str(&line)?;
    let limits = request.limits();
    rlimit::setrlimit(
        rlimit::Resource::AS,
        limits.memory_bytes,
        limits.memory_bytes,
    )?;
    rlimit::setrlimit(
        rlimit::Resource::CPU,
        limits.cpu_seconds,
        limits.cpu_seconds,
    )?;
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    let stdout = std::io::stdout().lock();
    formats::child::serve(line.as_bytes(), std::io::BufWriter::new(stdout))
}

/// Starts a child per file.
#[derive(Clone, Debug)]
pub struct ChildParser {
    program: PathBuf,
    patience: Duration,
}

impl ChildParser {
    /// A parser that starts this very program.
    ///
    /// # Errors
    /// When the system does not say where the program lies.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self::of(std::env::current_exe()?, Duration::MAX))
    }

    /// A parser that starts a program and waits for its end no longer than this, whatever a request may take.
    pub const fn of(program: PathBuf, patience: Duration) -> Self {
        Self { program, patience }
    }

    fn start(&self, request: &ParseRequest) -> std::io::Result<Child> {
        let mut child = Command::new(&self.program)
            .arg("parse")
            .env_clear()
            // The allocator asks for this much at a time; as much as it usually does would be beyond the limit.
            .env("MIMALLOC_ARENA_RESERVE", "16M")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let line = serde_json::to_string(request)?;
        let written = child
            .stdin
            .take()
            .map_or(Ok(()), |mut input| writeln!(input, "{line}"));
        if let Err(died) = written {
            child.kill().and_then(|()| child.wait())?;
            return Err(died);
        }
        Ok(child)
    }
}

impl Parser for ChildParser {
    fn parse(&self, request: ParseRequest) -> Lines {
        let (to, answer) = channel();
        let parser = self.clone();
        let wall = Duration::from_secs(request.limits().wall_seconds).min(self.patience);
        // A request may be longer than a pipe holds: whoever writes it waits.
        tokio::task::spawn_blocking(move || match parser.start(&request) {
            Ok(child) => watch(child, wall, &to),
            Err(error) => {
                tracing::error!(%error, "the parser could not be started");
                let _reader_gone = to.blocking_send(Err(AnswerError::Broken));
            }
        });
        answer
    }
}

/// Sends the child's lines on and ends it when its time is over.
fn watch(mut child: Child, wall: Duration, to: &Sender) {
    let Some(output) = child.stdout.take() else {
        return;
    };
    let (finished, timer) = mpsc::channel::<()>();
    let child = Arc::new(Mutex::new(child));
    let watched = Arc::clone(&child);
    let clock = std::thread::spawn(move || {
        if timer.recv_timeout(wall) == Err(mpsc::RecvTimeoutError::Timeout) {
            end(&watched);
        }
    });
    forward(lines(BufReader::new(output)), to);
    drop(finished);
    end(&child);
    if clock.join().is_err() {
        tracing::warn!("the parser's clock ended badly");
    }
}

/// Ends a child, also one that has ended, and takes its remains away.
fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = child.kill().and_then(|()| child.wait().map(drop)) {
        tracing::warn!(%error, "the parser could not be ended");
    }
}

type Sender = tokio::sync::mpsc::Sender<Result<ParseLine, AnswerError>>;
