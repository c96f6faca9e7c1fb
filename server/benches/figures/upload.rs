//! An intake through the page: `xj serve` takes the upload, checks it as a job and confirms it, as an officer does it.

use crate::ground::{Ground, OFFICER};
use crate::load::Client;
use crate::memory::Watch;
use crate::site;
use domain::admission::import::ImportState;
use domain::institution::{Actor, TenantId};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Longest time for a step.
const PATIENCE: Duration = Duration::from_mins(5);
const BOUNDARY: &str = "xj-bench-7d1f5f0b";

/// The program under measurement; it is ended with this value.
struct Serving {
    child: Child,
    address: SocketAddr,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(ground: &Ground) -> Serving {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xj"));
    ground.settle(&mut command);
    command
        .arg("serve")
        .env("XJ_ADDR", "127.0.0.1:0")
        .env("XJ_LOG", "json")
        .env("RUST_LOG", "info")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("xj serve");
    let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
    let address = lines.by_ref().find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(&line.ok()?).ok()?;
        let fields = line.get("fields")?;
        (fields.get("message")? == "serving")
            .then(|| fields.get("address")?.as_str()?.parse().ok())?
    });
    // Whoever does not read the log stops its writer.
    std::thread::spawn(move || lines.for_each(drop));
    Serving {
        child,
        address: address.expect("the address of xj serve"),
    }
}

/// A form with one file.
fn upload(slug: &str, cookie: &str, package: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(package.len() + 1_024);
    for (name, value) in [("tenant", slug), ("year", "2026"), ("path", "ordinary")] {
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"intake.zip\"\r\n\
             Content-Type: application/zip\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(package);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    post(&format!("/{slug}/files/admission"), cookie, &kind, &body)
}

fn post(path: &str, cookie: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nCookie: {cookie}\r\n\
         Content-Type: {kind}\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// What the form of an operation sends along unseen, as a browser would.
fn hidden_fields(page: &str, operation: &str) -> String {
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("action=\"{operation}\"")))
        .and_then(|form| form.split("</form>").next())
        .expect("the form of the operation on the page");
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let fields = form.split("<input").skip(1).filter_map(|tag| {
        let tag = tag.split('>').next()?;
        (attribute(tag, "type")? == "hidden").then_some(())?;
        Some(format!(
            "{}={}",
            attribute(tag, "name")?,
            attribute(tag, "value")?
        ))
    });
    fields.collect::<Vec<_>>().join("&")
}

async fn reached(ground: &Ground, officer: &Actor, import: Uuid, state: ImportState) {
    let begun = Instant::now();
    loop {
        let view = ground.services.import_view(officer, import).await;
        let now = view.expect("the import").line.state;
        if now == state {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "the import stays {now:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Uploads, waits for the check, confirms, waits for the rows. Gives the peak of the program with its children in KiB,
/// and the university that has the rows now.
pub async fn peak(ground: &Ground, package: &Path) -> (u64, TenantId) {
    let slug = "pages";
    let tenant = ground.university(slug).await;
    let officer = ground.officer(tenant).await;
    ground.need_no_second_factor(tenant).await;
    let cookie = site::cookie_of(ground, &officer).await;
    let serving = serve(ground);
    let watch = Watch::on(serving.child.id());
    let mut client = Client::connect(serving.address).await;
    let bytes = std::fs::read(package).expect("the package");
    let (status, _) = client.get(&upload(slug, &cookie, &bytes)).await;
    assert_eq!(status, 303, "an upload: {}", client.head());
    let import = client
        .header("location")
        .and_then(|to| to.split('?').next()?.rsplit('/').next()?.parse().ok())
        .expect("the import that was begun");
    reached(ground, &officer, import, ImportState::Checked).await;
    let page = format!("/{slug}/admission/imports/{import}");
    let (status, body) = client.get(&crate::load::request(&page, &cookie)).await;
    assert_eq!(status, 200, "the page of an import");
    let operation = "/api/admission/confirm";
    let fields = hidden_fields(&String::from_utf8_lossy(body), operation);
    let form = "application/x-www-form-urlencoded";
    let (status, _) = client
        .get(&post(operation, &cookie, form, fields.as_bytes()))
        .await;
    assert_eq!(status, 302, "{OFFICER} confirms: {}", client.head());
    reached(ground, &officer, import, ImportState::Confirmed).await;
    (watch.end(), tenant)
}
