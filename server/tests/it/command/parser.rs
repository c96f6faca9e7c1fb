//! The real parser child: its limits stand before it opens the file, and what kills it kills nothing else.

use super::installation::{Installation, LOGIN, PASSWORD, SLUG, xj};
use super::site::{Answer, Site, answer, connect, get, soon};
use formats::child::{AnswerError, ParseLine, ParseRequest, PhotoToShow, lines};
use formats::sample::photo;
use server::child::ChildParser;
use services::parser::Parser as _;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Starts `xj parse` and tells it what to parse, as the server does.
fn parse(request: &ParseRequest) -> Child {
    let mut child = xj()
        .arg("parse")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let line = serde_json::to_string(request).unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    child
}

/// Soft and hard limit of a row of `/proc/PID/limits`.
fn limit(limits: &str, name: &str) -> Vec<String> {
    let row = limits.lines().find(|line| line.starts_with(name));
    let row = row.unwrap().trim_start_matches(name);
    row.split_whitespace().take(2).map(str::to_owned).collect()
}

/// A pipe that nobody writes to: the child stands in `open`, and its limits are there already.
#[test]
fn the_limits_stand_before_the_file_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let requests: [fn(PathBuf) -> ParseRequest; 3] = [
        |path| ParseRequest::Table { path },
        |path| ParseRequest::AdmissionPackage { path },
        |path| ParseRequest::Photos { path },
    ];
    for (number, request) in requests.into_iter().enumerate() {
        let pipe = folder.path().join(format!("pipe-{number}"));
        let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let request = request(pipe);
        let allowed = request.limits();
        let mut child = parse(&request);
        let place = format!("/proc/{}", child.id());
        let limits = soon("the limits of the child", || {
            let limits = std::fs::read_to_string(format!("{place}/limits")).ok()?;
            (limit(&limits, "Max cpu time")[0] != "unlimited").then_some(limits)
        });
        let memory = allowed.memory_bytes.to_string();
        let cpu = allowed.cpu_seconds.to_string();
        assert_eq!(limit(&limits, "Max address space"), [&*memory, &*memory]);
        assert_eq!(limit(&limits, "Max cpu time"), [&*cpu, &*cpu]);
        let core = soon("no core file", || {
            let limits = std::fs::read_to_string(format!("{place}/limits")).ok()?;
            let core = limit(&limits, "Max core file size");
            (core[1] == "0").then_some(core)
        });
        assert_eq!(core, ["0", "0"]);
        let opened = std::fs::read_dir(format!("{place}/fd")).unwrap();
        let opened = opened.filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
        assert!(
            opened
                .into_iter()
                .all(|file| !file.starts_with(folder.path())),
            "the file is open already"
        );
        assert!(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// The process whose first word is this.
fn started_as(program: &Path) -> Option<u32> {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let mut ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.find(|id: &u32| {
        let words = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        words.split(|b| *b == 0).next() == Some(program.as_os_str().as_encoded_bytes())
    })
}

/// Rule 12: a child that waits takes no processor time, and so its limit on that never comes. Its time ends all the same,
/// whoever waits for it is told so, and nothing of it stays.
#[tokio::test]
async fn a_parser_that_sleeps_is_ended_when_its_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("xj-of-this-test");
    std::os::unix::fs::symlink(xj().get_program(), &program).unwrap();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let patience = Duration::from_secs(2);
    let parser = ChildParser::of(program.clone(), patience);
    let begun = Instant::now();
    let mut answer = parser.parse(ParseRequest::Table { path: pipe });
    let child = tokio::task::spawn_blocking({
        let program = program.clone();
        move || soon("a parser that waits", || started_as(&program))
    });
    let child = child.await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(15), answer.recv()).await;
    if told.is_err() {
        kill(child);
    }
    let told = told.expect("an end");
    assert!(matches!(told, Some(Err(AnswerError::Broken))), "{told:?}");
    assert!(begun.elapsed() >= patience, "{:?}", begun.elapsed());
    assert!(answer.recv().await.is_none());
    let gone = move || started_as(&program).is_none().then_some(());
    let gone = tokio::task::spawn_blocking(move || soon("the end of the parser", gone));
    gone.await.unwrap();
    // Whoever is in time is heard to the end.
    let list = folder.path().join("list.csv");
    std::fs::write(&list, "考生号,姓名\n1,张三\n").unwrap();
    let mut answer = ChildParser::of(xj().get_program().into(), Duration::from_secs(15))
        .parse(ParseRequest::Table { path: list });
    assert!(matches!(answer.recv().await, Some(Ok(ParseLine::Sheet(_)))));
    assert!(matches!(answer.recv().await, Some(Ok(ParseLine::End))));
}

#[test]
fn a_photo_for_a_page_comes_out_of_the_child() {
    let jpeg = PhotoToShow {
        jpeg: photo(4_000, 4_000, 3, 7),
        mark: "xsc01 2026-10-16 09:30".to_owned(),
    };
    let child = parse(&ParseRequest::ShownPhoto(jpeg));
    let answer = child.wait_with_output().unwrap();
    assert!(answer.status.success());
    let said: Vec<_> = lines(answer.stdout.as_slice()).collect();
    assert!(
        matches!(&said[..], [Ok(ParseLine::Shown(png))] if png.starts_with(b"\x89PNG")),
        "{said:?}"
    );
}

/// 1.4 KB whose two cells span the whole sheet: a reader that believes them takes gigabytes.
fn sparse() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "考生号").unwrap();
    sheet.write(1_048_575, 16_383, "b").unwrap();
    book.save_to_buffer().unwrap()
}

struct Browser<'s> {
    site: &'s Site,
    cookie: String,
}

impl<'s> Browser<'s> {
    fn sign_in(site: &'s Site, slug: &str, login: &str, password: &str) -> Self {
        let form = format!("tenant={slug}&login={login}&password={password}");
        let answered = site.post("/api/institution/sign-in", &form);
        assert_eq!(answered.status, 200, "{}", answered.body);
        let cookie = answered.head.split_once("__Host-xj=").unwrap().1;
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { site, cookie }
    }

    fn send(&self, head: &str, body: &[u8]) -> Answer {
        let mut request = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\nCookie: __Host-xj={}\r\n",
            self.cookie
        );
        if !body.is_empty() {
            write!(
                request,
                "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\n",
                body.len()
            )
            .unwrap();
        }
        request.push_str("\r\n");
        let mut stream = connect(self.site.address);
        stream.write_all(request.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        answer(stream)
    }

    /// Uploads admission data; the page of the import it became.
    fn upload(&self, slug: &str, name: &str, file: &[u8]) -> String {
        let mut body = Vec::new();
        for (field, value) in [("tenant", slug), ("year", "2026"), ("path", "ordinary")] {
            write!(
                body,
                "--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
        write!(
            body,
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        )
        .unwrap();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let answered = self.send(&format!("POST /{slug}/files/admission"), &body);
        let to = answered.head.to_lowercase();
        let to = to
            .split_once("location: ")
            .unwrap_or_else(|| panic!("{answered:?}"))
            .1;
        let to = to.lines().next().unwrap().to_owned();
        assert!(to.contains("done=uploaded"), "{to}");
        to.split('?').next().unwrap().to_owned()
    }
}

/// A hostile workbook over HTTP: its own import says that it cannot be read, everything else goes on.
#[test]
fn a_hostile_workbook_ends_its_own_import_and_nothing_else() {
    let at = Installation::new();
    at.xj(["demo", "--students", "96"]).well();
    let site = Site::start(&at);
    let office = Browser::sign_in(&site, "shou", "zb01", "admissions-maple-29");
    let hostile = sparse();
    assert!(hostile.len() < 8_000, "{}", hostile.len());
    let mut bomb = Vec::new();
    bomb.extend_from_slice(b"PK\x03\x04");
    bomb.resize(4_000, 0xff);
    for (name, file) in [("sparse.xlsx", hostile), ("broken.xlsx", bomb)] {
        let page = office.upload("shou", name, &file);
        soon("the import ends", || {
            assert_eq!(get(site.address, "/healthz").status, 200);
            let shown = office.send(&format!("GET {page}"), b"");
            assert_eq!(shown.status, 200, "{page}");
            shown.body.contains("无法读取").then_some(())
        });
    }
    // The next file is read as if nothing had been.
    let page = office.upload("shou", "good.csv", "考生号,姓名\n1,张三\n".as_bytes());
    let shown = office.send(&format!("GET {page}"), b"");
    assert_eq!(shown.status, 200);
    assert_eq!(get(site.address, "/readyz").status, 200);
    site.stop();
}

/// The parser child of a process, as soon as there is another than the one before.
fn child_of(server: u32, before: Option<u32>) -> u32 {
    let threads = format!("/proc/{server}/task");
    let parses = |id: &u32| {
        let words = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        words.split(|b| *b == 0).any(|word| word == b"parse")
    };
    soon("a parser", || {
        let mut threads = std::fs::read_dir(&threads).ok()?.filter_map(Result::ok);
        threads.find_map(|thread| {
            let list = std::fs::read_to_string(thread.path().join("children")).ok()?;
            let mut ids = list.split_whitespace().filter_map(|id| id.parse().ok());
            ids.find(|id| Some(*id) != before && parses(id))
        })
    })
}

/// kill -9 of the parser child that reads a file; answers which it was.
fn kill_parser(site: &Site, before: Option<u32>) -> u32 {
    let child = child_of(site.process(), before);
    kill(child);
    child
}

fn kill(child: u32) {
    let id = rustix::process::Pid::from_raw(i32::try_from(child).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
}

/// Rows enough that reading them takes its time; what they mean nobody said.
fn long(rows: usize) -> Vec<u8> {
    let mut text = "甲,乙,丙\n".to_owned();
    for row in 0..rows {
        writeln!(text, "26310115{row:06},张三,计算机科学与技术").unwrap();
    }
    text.into_bytes()
}

/// kill -9 in the middle of a parse: the file is read once more, and when the parser dies again the import says so. In
/// both cases nothing stays behind, and the next import runs.
#[test]
fn a_parser_killed_in_the_middle_leaves_a_clean_state() {
    let at = Installation::new();
    at.found();
    let without = ["--key", "security.totp_required", "--value", "false"];
    let set = ["parameter", "set", "--tenant", SLUG, "--basis", "test"];
    at.xj(set.into_iter().chain(without)).well();
    let site = Site::start(&at);
    let office = Browser::sign_in(&site, SLUG, LOGIN, PASSWORD);
    let shows = |page: &str, words: &str| {
        soon(words, || {
            let shown = office.send(&format!("GET {page}"), b"");
            assert_eq!(shown.status, 200, "{page}");
            shown.body.contains(words).then_some(())
        });
    };
    // Once: the file is read anew, to its end.
    let page = office.upload(SLUG, "once.csv", &long(40_000));
    let first = kill_parser(&site, None);
    site.line_with("parser stopped");
    shows(&page, "没有找到这些列");
    // Twice: the file is to blame, and its import says so.
    let page = office.upload(SLUG, "twice.csv", &long(40_001));
    let second = kill_parser(&site, Some(first));
    kill_parser(&site, Some(second));
    shows(&page, "文件解析中途停止");
    assert!(!site.log().contains("张三"));
    // The server goes on, and so does the next import.
    assert_eq!(get(site.address, "/healthz").status, 200);
    let page = office.upload(SLUG, "next.csv", &long(2));
    shows(&page, "没有找到这些列");
    assert_eq!(get(site.address, "/readyz").status, 200);
    site.stop();
}
