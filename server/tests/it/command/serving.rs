//! `xj serve` and `xj worker`: health, metrics, logs, and the end.

use super::installation::{Installation, LOGIN, NAME, PASSWORD, YEAR, mixed, on_each, run};
use super::site::{Site, answer, connect, form, get, posted, soon};
use domain::admission::path::AdmissionPath;
use domain::institution::{Actor, TenantId};
use formats::sample::ZipNames;
use serde_json::{Value, json};
use services::Services;
use services::admission::{AdmissionUpload, Content};
use services::parser::InProcess;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use store::testkit::on_postgres;
use uuid::Uuid;

const SIGN_IN: &str = "/api/institution/sign-in";

#[tokio::test]
async fn health_and_readiness_are_told() {
    on_each(|at| {
        at.found();
        let site = Site::start(at);
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
        let log = site.stop();
        assert!(!log.contains("transaction in progress"), "{log}");
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_gone_or_behind_is_told() {
    on_postgres(|bed| async move {
        let at = Installation::on(Some(bed));
        at.found();
        let site = Site::start(&at);
        let ready = || {
            let answer = site.get("/readyz");
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            (answer.status, body)
        };
        at.let_in(false);
        let gone = json!({ "database": false, "migrations": false, "keys": true });
        assert_eq!(ready(), (503, gone));
        assert_eq!(site.get("/healthz").status, 200);
        at.let_in(true);
        soon("the database is back", || (ready().0 == 200).then_some(()));
        at.forget_a_step();
        let behind = json!({ "database": true, "migrations": false, "keys": true });
        assert_eq!(ready(), (503, behind));
        site.stop();
        let why = at.xj(["serve"]).refused();
        assert!(why.contains("xj migrate"), "{why}");
    })
    .await;
}

#[test]
fn the_address_is_printed_once_it_answers() {
    let at = Installation::school();
    let mut command = at.command(["serve", "--no-worker"]);
    command.env("XJ_PUBLIC_URL", "https://xueji.example.edu.cn/");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "https://xueji.example.edu.cn\n");
    let mut site = Site::watch(child);
    site.address = site.address_after("serving");
    assert_eq!(site.get("/healthz").status, 200);
    let taken = site.address.to_string();
    let mut second = at.command(["serve"]);
    second.env("XJ_ADDR", &taken);
    let why = run(second, "").refused();
    assert!(why.contains(&taken), "{why}");
    site.stop();
}

#[test]
fn fonts_for_print_are_named_and_served() {
    let at = Installation::school();
    let fonts = at.folder().join("fonts");
    std::fs::create_dir(&fonts).unwrap();
    std::fs::write(fonts.join("生僻 song.TTF"), b"\0\x01\0\0 glyphs").unwrap();
    std::fs::write(fonts.join("kai.woff2"), b"wOF2 glyphs").unwrap();
    std::fs::write(fonts.join("README.txt"), b"licence").unwrap();
    let plain = Site::start(&at);
    let page = "/haiyang/sign-in";
    assert!(!plain.get(page).body.contains("/fonts/"));
    assert_eq!(plain.get("/fonts/print.css").status, 404);
    plain.stop();
    let mut command = at.command(["serve"]);
    command.env("XJ_FONTS", &fonts);
    let site = Site::run(command);
    let link = "<link rel=\"stylesheet\" href=\"/fonts/print.css\" media=\"print\"";
    assert!(site.get(page).body.contains(link));
    let sheet = site.get("/fonts/print.css");
    assert_eq!(sheet.status, 200);
    let head = sheet.head.to_lowercase();
    assert!(head.contains("content-type: text/css"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    for (address, glyphs) in [
        ("/fonts/1.woff2", "wOF2 glyphs"),
        ("/fonts/2.ttf", "\0\u{1}\0\0 glyphs"),
    ] {
        assert!(sheet.body.contains(address), "{}", sheet.body);
        let font = site.get(address);
        assert_eq!(
            (font.status, font.body.as_str()),
            (200, glyphs),
            "{address}"
        );
    }
    assert!(
        sheet
            .body
            .contains("html{font-family:var(--font-sans),\"xj-print-1\",\"xj-print-2\"}")
    );
    for other in ["/fonts/3.ttf", "/fonts/README.txt", "/fonts/"] {
        assert_eq!(site.get(other).status, 404, "{other}");
    }
    site.stop();
}

#[tokio::test]
async fn metrics_are_on_an_address_of_their_own() {
    on_each(|at| {
        at.found();
        let plain = Site::start(at);
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
    })
    .await;
}

#[tokio::test]
async fn what_runs_is_finished_and_nothing_new_begins() {
    on_each(|at| {
        at.found();
        let mut site = Site::start(at);
        let idle = kept_open(&site);
        let silent = connect(site.address);
        let request = posted(SIGN_IN, &form(LOGIN, PASSWORD));
        let request = request.replacen("\r\n", "\r\nExpect: 100-continue\r\n", 1);
        let (first, rest) = request.split_at(request.len() - 12);
        let mut half_sent = connect(site.address);
        half_sent.write_all(first.as_bytes()).unwrap();
        // The server says that it has begun with it; until then it might take the connection for an idle one.
        let mut begun = [0; 25];
        half_sent.read_exact(&mut begun).unwrap();
        assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
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
    })
    .await;
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

#[tokio::test]
async fn no_log_says_who_signed_in_or_tried() {
    on_each(|at| {
        at.found();
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
    })
    .await;
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

/// A job that waits for its first worker.
async fn queued(at: &Installation) -> (Actor, Uuid) {
    let services = Services::new(at.store().await, Arc::new(InProcess));
    let actor = services.actor_by_login(TenantId(1), LOGIN).await.unwrap();
    let upload = AdmissionUpload {
        year: i32::from(YEAR),
        path: AdmissionPath::Ordinary,
        file_name: "录取数据.zip".to_owned(),
        content: Content::File(mixed(96).zip(ZipNames::Gbk)),
        columns: None,
    };
    let import = services.upload_admission(&actor, upload).await.unwrap();
    let unit = services.store().read(&actor).await.unwrap();
    let job = unit.import(import.import()).await.unwrap().job_id.unwrap();
    drop(unit);
    services.store().close().await.unwrap();
    (actor, job)
}

/// State of a job, and whether anybody ever claimed it.
async fn state(at: &Installation, actor: &Actor, job: Uuid) -> (String, bool) {
    let store = at.store().await;
    let unit = store.read(actor).await.unwrap();
    let job = unit.job(job).await.unwrap();
    drop(unit);
    store.close().await.unwrap();
    (job.state, job.fence > 0)
}

#[test]
fn a_job_waits_for_a_worker_where_the_service_runs_none() {
    let at = Installation::school();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (actor, job) = runtime.block_on(queued(&at));
    let look = || runtime.block_on(state(&at, &actor, job));
    let site = Site::run(at.command(["serve", "--no-worker"]));
    assert_eq!(site.get("/readyz").status, 200);
    // A service that ends has let its worker finish what it had begun.
    site.stop();
    assert_eq!(look(), ("waiting".to_owned(), false));
    let mut command = at.command(["worker"]);
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let worker = Site::watch(child);
    soon("the job is done", || (look().0 == "done").then_some(()));
    worker.stop();
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

/// Whatever else is served beside the pages, an address that leads nowhere brings a page with the headers of all others.
#[test]
fn an_address_that_leads_nowhere_brings_a_page() {
    let at = Installation::school();
    let site = Site::start(&at);
    for path in ["/haiyang/nothing", "/nowhere/at/all", "/haiyang/home/x"] {
        let answer = site.browse(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("<h1"), "{path}: {}", answer.body);
        let head = answer.head.to_lowercase();
        assert!(
            head.contains("x-content-type-options: nosniff"),
            "{path}: {head}"
        );
        assert!(head.contains("content-security-policy"), "{path}: {head}");
    }
    site.stop();
}
