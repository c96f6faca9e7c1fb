//! Running a program: quiet while it works, a short line every so often, everything kept in a log, and the
//! telling part of the log shown when it fails.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::ending::{self, Held, Thing};
use crate::fault::Fault;
use crate::tally;
use crate::workspace::Workspace;

const HEARTBEAT: Duration = Duration::from_secs(20);
const LINGER: Duration = Duration::from_secs(2);
const LIMIT: Duration = Duration::from_mins(40);

/// Prints one line of progress.
pub fn say(line: &str) {
    eprintln!("{line}");
}

/// A program to run and what it is for.
#[derive(Debug)]
pub struct Step {
    title: String,
    command: Command,
    limit: Option<Duration>,
}

/// What a program printed and how it ended.
#[derive(Debug)]
pub struct Transcript {
    /// Both streams, line by line.
    pub lines: Vec<String>,
    /// Whether it ended with exit code 0.
    pub success: bool,
    title: String,
    end: String,
    log: PathBuf,
}

impl Transcript {
    /// Shows the telling part when the program failed.
    pub fn show_failure(&self) {
        if self.success {
            return;
        }
        say(&format!("--- {} ---", self.title));
        for line in tally::excerpt(&self.lines) {
            say(line);
        }
        say(&format!(
            "--- {}: the whole log is {} ---",
            self.end,
            self.log.display()
        ));
    }

    /// The fault, when there is one.
    pub fn check(self) -> Result<Self, Fault> {
        if self.success {
            return Ok(self);
        }
        self.show_failure();
        Err(Fault::Step {
            step: self.title,
            end: self.end,
            log: self.log,
        })
    }
}

impl Step {
    /// A step with the usual time limit.
    pub fn new(title: &str, command: Command) -> Self {
        Self {
            title: title.to_owned(),
            command,
            limit: Some(LIMIT),
        }
    }

    /// A step that may take as long as it likes.
    pub fn unlimited(mut self) -> Self {
        self.limit = None;
        self
    }

    /// Runs the program to its end; a failure of the program is not an error here.
    pub fn run(mut self, workspace: &Workspace) -> Result<Transcript, Fault> {
        let (mut log, path) = open_log(workspace, &self.title)?;
        say(&format!("  {}", self.title));
        let start = Instant::now();
        self.command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (mut child, group) = start_group(&mut self.command)?;
        let mut lines = Vec::new();
        let reached = collect(&listen(&mut child), &mut child, self.limit, |line| {
            // A log that cannot be written is no reason to fail the step: its lines are kept here as well.
            let _ = writeln!(log, "{line}");
            lines.push(line);
        });
        let _ = log.flush();
        if reached == Reached::Limit {
            drop(group);
        }
        let status = child.wait().ok();
        ending::settle();
        Ok(Transcript {
            success: reached == Reached::End && status.is_some_and(|status| status.success()),
            end: ending_of(&reached, status, start.elapsed()),
            lines,
            title: self.title,
            log: path,
        })
    }

    /// Runs the program; a failure is shown and is an error.
    pub fn succeed(self, workspace: &Workspace) -> Result<Transcript, Fault> {
        self.run(workspace)?.check()
    }
}

/// Starts a program in a process group of its own, so that it can be ended with all its children.
pub fn start_group(command: &mut Command) -> Result<(Child, Held), Fault> {
    let program = command.get_program().to_string_lossy().into_owned();
    let child = command
        .process_group(0)
        .spawn()
        .map_err(|source| Fault::Start { program, source })?;
    let group = ending::hold(Thing::Group(child.id()));
    Ok((child, group))
}

/// A fresh log file for a step.
pub fn open_log(workspace: &Workspace, title: &str) -> Result<(BufWriter<File>, PathBuf), Fault> {
    let folder = workspace.logs();
    fs::create_dir_all(&folder).map_err(Fault::file("create", &folder))?;
    let name: String = title
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let path = folder.join(format!("{name}.log"));
    let file = File::create(&path).map_err(Fault::file("create", &path))?;
    Ok((BufWriter::new(file), path))
}

/// Minutes and seconds.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds / 60 {
        0 => format!("{:.1} s", time.as_secs_f64()),
        minutes => format!("{minutes} min {:02} s", seconds % 60),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Reached {
    End,
    Limit,
}

fn ending_of(reached: &Reached, status: Option<ExitStatus>, took: Duration) -> String {
    match (reached, status) {
        (Reached::Limit, _) => format!("ended at its time limit after {}", clock(took)),
        (Reached::End, Some(status)) => status.to_string(),
        (Reached::End, None) => "no exit status".to_owned(),
    }
}

fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stream) = child.stdout.take() {
        forward(stream, sender.clone());
    }
    if let Some(stream) = child.stderr.take() {
        forward(stream, sender);
    }
    receiver
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}

fn collect(
    lines: &Receiver<String>,
    child: &mut Child,
    limit: Option<Duration>,
    mut keep: impl FnMut(String),
) -> Reached {
    let start = Instant::now();
    let mut beat = start;
    let mut ended: Option<Instant> = None;
    let mut last = String::new();
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                if !line.trim().is_empty() {
                    last.clone_from(&line);
                }
                keep(line);
            }
            Err(RecvTimeoutError::Disconnected) => return Reached::End,
            Err(RecvTimeoutError::Timeout) => {}
        }
        // A grandchild may keep the streams open after the program itself has ended.
        if ended.is_none() && child.try_wait().is_ok_and(|status| status.is_some()) {
            ended = Some(Instant::now());
        }
        if ended.is_some_and(|end| end.elapsed() > LINGER) {
            return Reached::End;
        }
        if limit.is_some_and(|limit| start.elapsed() > limit) {
            return Reached::Limit;
        }
        if beat.elapsed() > HEARTBEAT {
            beat = Instant::now();
            let short: String = last.trim().chars().take(80).collect();
            say(&format!("    {} · {short}", clock(start.elapsed())));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::clock;

    #[test]
    fn time_is_told_in_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(clock(Duration::from_secs(125)), "2 min 05 s");
    }
}
