//! T-PII-12: what the whole story logs at the loudest level, with what is read on the way, names nobody and nothing that was
//! typed.

use super::student::REASON;
use super::{SLUG, Story, told};
use super::{cohort, intake};
use crate::house::House;
use crate::personal::known;
use domain::institution::Actor;
use http::StatusCode;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;
use tracing::Dispatch;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    /// All of it, and a new beginning.
    fn taken(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }

    /// What a thread says goes here, sieved as the program does.
    fn dispatch(&self) -> Dispatch {
        let lines = tracing_subscriber::fmt::layer().with_ansi(false);
        let sieve = server::logging::sieve("trace");
        Dispatch::new(
            tracing_subscriber::registry()
                .with(sieve)
                .with(lines.with_writer(self.clone())),
        )
    }
}

/// Slips are printed, an export and findings downloaded, a record and a list opened.
async fn is_read(story: &Story, secretary: &Actor) {
    let student = cohort::student(story).await;
    let unit = story.house.bed.store().read(&story.admissions).await;
    let imports = unit.unwrap().imports("admission", 20).await.unwrap();
    let class = student.class_id.unwrap();
    let export = story.house.services.exports(&story.affairs).await.unwrap();
    let export = export.first().unwrap().id;
    let mut read = vec![
        (secretary, format!("files/slips/{class}")),
        (&story.affairs, format!("files/exports/{export}")),
        (&story.affairs, format!("students/{}", student.id)),
        (&story.affairs, "students".to_owned()),
    ];
    for import in imports {
        let page = format!("admission/imports/{}", import.id);
        read.push((&story.admissions, page));
    }
    for (actor, path) in read {
        let cookie = story.cookie(actor).await;
        let path = format!("/{SLUG}/{path}");
        let answer = story.house.get(&path, Some(&cookie)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        story.keeps([cookie]);
    }
}

/// Whether a line says something: a long text anywhere, a short one as a word of its own.
fn says(line: &str, secret: &str) -> bool {
    if secret.len() > 7 || !secret.is_ascii() {
        return line.contains(secret);
    }
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word == secret)
}

async fn says_nothing(house: House, log: Log) {
    log.taken();
    let (story, secretary) = told(house).await;
    is_read(&story, &secretary).await;
    let said = "a thread of the service is heard";
    let heard = tokio::task::spawn_blocking(move || tracing::info!("{said}"));
    heard.await.unwrap();
    let log = log.taken();
    assert!(log.contains(said), "{log}");
    assert!(log.matches("request").count() > 200, "{}", log.len());
    for known in known(&story.house, &story.affairs).await.into_values() {
        story.keeps([known.ksh, known.number, known.name]);
        story.keeps(known.student_no.into_iter().chain(known.sealed));
    }
    let secrets = story.secrets.lock().unwrap();
    for must in [intake::KSH, intake::NAME, intake::NUMBER, REASON] {
        assert!(secrets.contains(must), "{must}");
    }
    for secret in secrets.iter().filter(|secret| secret.len() > 4) {
        let line = log.lines().find(|line| says(line, secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[test]
fn no_log_says_what_was_typed_or_whom_it_is_about() {
    let log = Log::default();
    let dispatch = log.dispatch();
    // With one subscriber alone, `tracing` asks that of the thread which comes to a place first whether the place is of
    // interest, and remembers the answer: in a whole run this is a thread of another test, which has none.
    let _beside = log.dispatch();
    let own = dispatch.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Threads of other tests go on without it.
        .on_thread_start(move || std::mem::forget(tracing::dispatcher::set_default(&own)))
        .build()
        .unwrap();
    let _heard = tracing::dispatcher::set_default(&dispatch);
    runtime.block_on(House::on_each(|house| says_nothing(house, log.clone())));
}

/// What panics may quote what was typed: where it was is logged, and the answer says nothing of it.
#[test]
fn no_log_says_what_a_panic_said() {
    const QUOTED: &str = "310115200803150018";
    let before = std::panic::take_hook();
    server::logging::tell_panics();
    let log = Log::default();
    let caught = tracing::dispatcher::with_default(&log.dispatch(), || {
        std::panic::catch_unwind(|| panic!("no number: {QUOTED}"))
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let answer = tracing::dispatcher::with_default(&log.dispatch(), || {
        let breaks = || async move {
            assert!(QUOTED.is_empty(), "no number: {QUOTED}");
        };
        let router = axum::Router::new()
            .route("/", axum::routing::get(breaks))
            .layer(server::http::router::catch_panics());
        let request = http::Request::get("/").body(axum::body::Body::empty());
        runtime.block_on(async {
            let answer = router.oneshot(request.unwrap()).await.unwrap();
            let status = answer.status();
            let body = axum::body::to_bytes(answer.into_body(), 10_000).await;
            (status, body.unwrap())
        })
    });
    std::panic::set_hook(before);
    assert!(caught.is_err());
    assert_eq!(answer.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.1.is_empty());
    let log = log.taken();
    assert_eq!(log.matches("a panic").count(), 2, "{log}");
    assert!(log.contains("logged.rs:") && !log.contains(QUOTED), "{log}");
}
