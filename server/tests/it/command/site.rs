//! `xj serve` as a process, and a client that speaks to it byte by byte.

use super::installation::{Ended, Installation, SLUG, wait};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest time for a start, an answer or a stop.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running service; it is killed when it was not stopped.
pub struct Site {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
    pub address: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Site {
    /// Serves an installation on a free port.
    pub fn start(at: &Installation) -> Self {
        Self::run(at.command(["serve"]))
    }

    /// Runs a command that serves, on a free port.
    pub fn run(mut command: Command) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut site = Self::watch(child);
        site.address = site.address_after("serving");
        site
    }

    /// Reads what a process logs.
    pub fn watch(mut child: Child) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (log, to) = (child.stderr.take().unwrap(), Arc::clone(&lines));
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(log).lines() {
                to.lock().unwrap().push(line.unwrap());
            }
        });
        Self {
            child,
            lines,
            reader: Some(reader),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }

    /// Everything that was logged so far.
    pub fn log(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// Waits for a line of the log with these words.
    pub fn line_with(&self, words: &str) -> String {
        let found = || {
            let lines = self.lines.lock().unwrap();
            lines.iter().find(|line| line.contains(words)).cloned()
        };
        soon(words, found)
    }

    /// The address that a line of the log tells, as text or as JSON.
    pub fn address_after(&self, words: &str) -> SocketAddr {
        let line = self.line_with(words);
        let json: Option<Value> = serde_json::from_str(&line).ok();
        let told = json.map_or_else(
            || line.rsplit('=').next().unwrap_or_default().to_owned(),
            |json| {
                json["fields"]["address"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            },
        );
        told.parse()
            .unwrap_or_else(|_| panic!("no address: {line:?}"))
    }

    /// Number of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asks it to stop, and waits until it has, well.
    pub fn stop(self) -> String {
        self.terminate();
        self.ended().well().err
    }

    /// Waits for its end.
    pub fn ended(mut self) -> Ended {
        let status = wait(&mut self.child, PATIENCE);
        self.reader.take().unwrap().join().unwrap();
        let err = self.log();
        Ended {
            code: status
                .unwrap_or_else(|| panic!("does not stop: {err}"))
                .code(),
            out: String::new(),
            err,
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        get(self.address, path)
    }

    /// As a browser asks for a page.
    pub fn browse(&self, path: &str) -> Answer {
        let mut stream = connect(self.address);
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        answer(stream)
    }

    pub fn post(&self, path: &str, form: &str) -> Answer {
        let mut stream = connect(self.address);
        stream.write_all(posted(path, form).as_bytes()).unwrap();
        answer(stream)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if self.runs() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

/// Looks until something is there.
pub fn soon<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("not in time: {what}");
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

pub fn get(address: SocketAddr, path: &str) -> Answer {
    let mut stream = connect(address);
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    answer(stream)
}

/// A form as an island posts it.
pub fn posted(path: &str, form: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// The form of a sign-in.
pub fn form(login: &str, password: &str) -> String {
    format!("tenant={SLUG}&login={login}&password={password}")
}

/// Reads an answer to its end.
pub fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Answer {
        status: status.unwrap_or_else(|| panic!("no answer: {text:?}")),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
