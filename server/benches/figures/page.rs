//! The student's own page under load, beside a bare handler that runs the same statements and gives the same bytes.

use crate::ground::{ROUNDS, Size};
use crate::load::{self, Client, Round};
use crate::report::{Figure, Goal, median};
use crate::site::Site;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::get;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName};
use server::http::accept::{self, Limits};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::floors::{Floors, Visit};
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt as _;

const UNIVERSITIES: u32 = 20;
const STUDENTS: u32 = 30_000;
/// How long a round lasts.
const ROUND: Duration = Duration::from_secs(4);
/// How pages are packed for those who visit.
const CODING: &str = "gzip";
/// How long both run before the first round.
const WARM: Duration = Duration::from_secs(2);

/// What the bare handler knows: by cookie, whose page it is, and its bytes.
#[derive(Clone)]
struct Bare {
    floors: Floors,
    pages: Arc<HashMap<String, (Visit, Bytes)>>,
}

async fn bare(
    State(bare): State<Bare>,
    Path(_slug): Path<String>,
    headers: HeaderMap,
) -> ([(HeaderName, &'static str); 2], Bytes) {
    let cookie = headers.get(COOKIE).and_then(|v| v.to_str().ok());
    let found = cookie.and_then(|cookie| bare.pages.get(cookie));
    let (visit, body) = found.expect("a page");
    let rows = bare.floors.student_page(visit).await.expect("the floor");
    assert!(rows >= 9, "the statements find what they look for");
    let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
    ([kind, (CONTENT_ENCODING, CODING)], body.clone())
}

/// Logs as the program does, but to nowhere: what a line costs is part of a request.
fn log_to_nowhere() {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::sink);
    let filter = tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm=warn");
    let all = tracing_subscriber::registry().with(filter).with(lines);
    if tracing::subscriber::set_global_default(all).is_err() {
        eprintln!("bench: logging was begun before");
    }
}

/// Every visitor's page as the service gives it to a browser: packed.
async fn pages(site: &Site) -> HashMap<String, (Visit, Bytes)> {
    let mut client = Client::connect(site.address).await;
    let mut pages = HashMap::new();
    for (visit, cookie) in &site.visitors {
        let request = load::compressed(&format!("/{}/me", visit.slug), cookie);
        let (status, body) = client.get(&request).await;
        assert_eq!(status, 200, "the page of a visitor");
        let body = Bytes::copy_from_slice(body);
        assert_eq!(client.header("content-encoding").as_deref(), Some(CODING));
        pages.insert(cookie.clone(), (visit.clone(), body));
    }
    pages
}

async fn serve_bare(site: &Site) -> SocketAddr {
    let state = Bare {
        floors: site.ground.floors.clone(),
        pages: Arc::new(pages(site).await),
    };
    let router = Router::new()
        .route("/{slug}/me", get(bare))
        .with_state(state);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(accept::serve(
        listener,
        router,
        site.stop.clone(),
        Limits::default(),
    ));
    address
}

/// Throughput and p99.
pub async fn figures() -> Vec<Figure> {
    log_to_nowhere();
    let students = Size::of("XJ_BENCH_STUDENTS", STUDENTS);
    let site = Site::open(UNIVERSITIES, students.number).await;
    let floor = serve_bare(&site).await;
    let requests = site
        .visitors
        .iter()
        .map(|(visit, cookie)| load::compressed(&format!("/{}/me", visit.slug), cookie));
    let requests = Arc::new(requests.collect::<Vec<_>>());
    let (mut own, mut beside) = (Vec::new(), Vec::new());
    for address in [site.address, floor] {
        load::run(address, &requests, WARM).await;
    }
    for _ in 0..ROUNDS {
        own.push(load::run(site.address, &requests, ROUND).await);
        beside.push(load::run(floor, &requests, ROUND).await);
    }
    site.stop.cancel();
    site.ground.end().await;
    let of =
        |rounds: &[Round], value: fn(&Round) -> f64| median(rounds.iter().map(value).collect());
    let throughput = (of(&own, |r| r.throughput), of(&beside, |r| r.throughput));
    let p99 = (of(&own, |r| r.p99), of(&beside, |r| r.p99));
    vec![
        Figure {
            name: "student_page_throughput",
            value: throughput.0 / throughput.1,
            unit: "x floor",
            goal: Goal::AtLeast(0.5),
            floor: Some((throughput.0, throughput.1, "requests/s")),
            reduced: students.reduced,
        },
        Figure {
            name: "student_page_p99",
            value: p99.0 / p99.1,
            unit: "x floor",
            goal: Goal::AtMost(3.0),
            floor: Some((p99.0, p99.1, "ms")),
            reduced: students.reduced,
        },
    ]
}
