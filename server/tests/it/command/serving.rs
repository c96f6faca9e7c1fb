//! `xj serve` and `xj worker`: health, metrics, logs, and the end.

use super::installation::{Installation, LOGIN, NAME, PASSWORD};
use super::site::{Site, answer, connect, form, get, posted, soon};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

const SIGN_IN: &str = "/api/institution/sign-in";

#[test]
fn health_and_readiness_are_told() {
    let at = Installation::school();
    let site = Site::start(&at);
    let alive = site.get("/healthz");
    assert_eq!((alive.status, alive.body.as_str()), (200, "ok\n"));
    let ready = || {
        let answer = site.get("/readyz");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        (answer.status, body)
    };
    let all = json!({ "database": true, "migrations": true, "keys": true });
    assert_eq!(ready(), (200, all.clone()));
    let aside = at.folder().join("aside");
    std::fs::rename(at.keys(), &aside).unwrap();
    let (status, body) = ready();
    assert_eq!((status, &body["keys"]), (503, &json!(false)));
    assert_eq!(site.get("/healthz").status, 200);
    std::fs::rename(&aside, at.keys()).unwrap();
    assert_eq!(ready(), (200, all));
    site.stop();
}

#[test]
fn metrics_are_on_an_address_of_their_own() {
    let at = Installation::school();
    let plain = Site::start(&at);
    assert_eq!(plain.get("/metrics").status, 404);
    plain.stop();
    let mut command = at.command(["serve", "--no-worker"]);
    command.env("XJ_METRICS_ADDR", "127.0.0.1:0");
    let site = Site::run(command);
    let metrics = site.address_after("metrics");
    assert_ne!(metrics, site.address);
    assert_eq!(site.get("/healthz").status, 200);
    assert_eq!(site.get("/metrics").status, 404);
    let told = get(metrics, "/metrics");
    assert_eq!(told.status, 200);
    assert!(
        told.body
            .contains("xj_requests_total{route=\"/healthz\",status=\"200\"} 1"),
        "{told:?}"
    );
    for path in ["/healthz", "/haiyang/sign-in", "/"] {
        assert_eq!(get(metrics, path).status, 404, "{path}");
    }
    site.stop();
}

#[test]
fn what_runs_is_finished_and_nothing_new_begins() {
    let at = Installation::school();
    let mut site = Site::start(&at);
    let idle = kept_open(&site);
    let silent = connect(site.address);
    let request = posted(SIGN_IN, &form(LOGIN, PASSWORD));
    let (first, rest) = request.split_at(request.len() - 12);
    let mut half_sent = connect(site.address);
    half_sent.write_all(first.as_bytes()).unwrap();
    // The server has begun with it: others that came later are answered.
    assert_eq!(site.get("/healthz").status, 200);
    site.terminate();
    site.line_with("stopping");
    soon("new connections are refused", || {
        let second = Duration::from_secs(1);
        let refused = TcpStream::connect_timeout(&site.address, second)
            .err()?
            .kind();
        (refused == std::io::ErrorKind::ConnectionRefused).then_some(())
    });
    closed(idle);
    closed(silent);
    std::thread::sleep(Duration::from_millis(300));
    assert!(site.runs());
    half_sent.write_all(rest.as_bytes()).unwrap();
    let answered = answer(half_sent);
    assert_eq!(answered.status, 200, "{}", answered.body);
    assert!(
        answered
            .head
            .to_lowercase()
            .contains("set-cookie: __host-xj="),
        "{answered:?}"
    );
    site.ended().well();
}

/// A connection that was used and stays open for more.
fn kept_open(site: &Site) -> TcpStream {
    let mut stream = connect(site.address);
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut answered = Vec::new();
    while !answered.ends_with(b"ok\n") {
        let mut part = [0; 512];
        let read = stream.read(&mut part).unwrap();
        assert_ne!(read, 0);
        answered.extend_from_slice(&part[..read]);
    }
    stream
}

fn closed(mut stream: TcpStream) {
    // A reset says the same as an end.
    let read = stream.read(&mut [0; 16]);
    assert!(
        read.as_ref().map_or_else(
            |e| e.kind() == std::io::ErrorKind::ConnectionReset,
            |read| *read == 0
        ),
        "{read:?}"
    );
}

#[test]
fn no_log_says_who_signed_in_or_tried() {
    let at = Installation::school();
    for (form_of_log, filter) in [("text", "info"), ("json", "trace")] {
        let mut command = at.command(["serve"]);
        command.env("XJ_LOG", form_of_log).env("RUST_LOG", filter);
        let site = Site::run(command);
        let wrong = site.post(SIGN_IN, &form(LOGIN, "bu-shi-zhe-ge-kou-ling"));
        let unknown = site.post(SIGN_IN, &form("gh-mei-you-zhe-ge-ren", PASSWORD));
        assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
        assert_ne!(wrong.status, 200);
        let right = site.post(SIGN_IN, &form(LOGIN, PASSWORD));
        assert_eq!(right.status, 200);
        let session = right.head.split_once("__Host-xj=").unwrap().1;
        let session = session.split(';').next().unwrap();
        assert!(session.len() > 16, "{session}");
        site.get("/haiyang/sign-in?login=gh-mei-you-zhe-ge-ren");
        site.get("/haiyang/students/20260001");
        let log = site.stop();
        assert!(log.contains("request"), "{log}");
        for said in [
            LOGIN,
            NAME,
            PASSWORD,
            "gh-mei-you-zhe-ge-ren",
            "bu-shi-zhe-ge-kou-ling",
            "20260001",
            session,
        ] {
            let line = log.lines().find(|line| line.contains(said));
            assert_eq!(line, None, "{said}");
        }
    }
}

#[test]
fn logs_are_plain_text_or_one_object_a_line() {
    let at = Installation::school();
    let text = Site::start(&at);
    text.get("/healthz");
    let log = text.stop();
    assert!(!log.contains('\u{1b}'), "{log:?}");
    let mut command = at.command(["serve"]);
    command.env("XJ_LOG", "json");
    let site = Site::run(command);
    site.get("/healthz");
    let log = site.stop();
    assert!(log.lines().count() >= 3, "{log}");
    for line in log.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        assert!(
            entry["level"].is_string() && entry["fields"].is_object(),
            "{line}"
        );
    }
}

#[test]
fn a_worker_ends_when_it_is_told() {
    let at = Installation::school();
    let mut command = at.command(["worker"]);
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let worker = Site::watch(child);
    worker.line_with("working");
    worker.stop();
}
