//! The accept loop before real sockets: who is slow goes, and nobody else waits for that.

use crate::house::House;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use domain::institution::Office;
use hyper::body::Frame;
use server::http::accept::{self, Limits};
use services::Services;
use services::parser::InProcess;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use store::testkit::Bed;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const HEADERS: Duration = Duration::from_millis(600);
const BODY: Duration = Duration::from_millis(900);
/// Beyond this a socket counts as held for ever.
const PATIENCE: Duration = Duration::from_secs(6);

/// A small streamed page never waits for the client's delayed acknowledgement.
#[tokio::test]
async fn what_is_written_to_a_connection_leaves_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (client, taken) = tokio::join!(TcpStream::connect(address), accept::next(&listener));
    let (stream, peer) = taken.unwrap();
    assert_eq!(peer, client.unwrap().local_addr().unwrap());
    assert!(stream.nodelay().unwrap());
}

fn limits() -> Limits {
    Limits {
        headers: HEADERS,
        operation: BODY,
        upload: BODY,
        answer: BODY,
        ..Limits::default()
    }
}

struct Door {
    house: House,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Door {
    async fn open() -> Self {
        Self::within(limits()).await
    }

    async fn within(limits: Limits) -> Self {
        let bed = Bed::sqlite().await;
        let services = Services::new(bed.store().clone(), Arc::new(InProcess));
        let house = House::set_up(bed, services, |state| state.limits = limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let served = accept::serve(listener, house.router(), stop.clone(), limits);
        tokio::spawn(served);
        Self {
            house,
            address,
            stop,
        }
    }

    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    async fn healthy(&self) {
        let begun = Instant::now();
        let mut stream = self
            .send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What comes until the other side closes; a reset is an end too.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    let read = read.expect("the connection is closed in time");
    assert!(read.is_ok() || read.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_no_whole_header_is_let_go() {
    let door = Door::open().await;
    let beginnings: [&[u8]; 5] = [
        b"",
        b"P",
        b"PRI * HT",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"GET /healthz HTTP/1.1\r\n",
    ];
    let mut held = Vec::new();
    for _ in 0..40 {
        for beginning in beginnings {
            held.push(door.send(beginning).await);
        }
    }
    door.healthy().await;
    for stream in &mut held {
        let said = rest(stream).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    }
    door.healthy().await;
}

/// Security, F4: what the service itself allows.
#[test]
fn nobody_has_longer_than_a_quarter_of_an_hour() {
    let own = Limits::default();
    assert_eq!(own.headers, Duration::from_secs(10));
    assert_eq!(own.operation, Duration::from_mins(1));
    assert_eq!(own.upload, Duration::from_mins(15));
    assert_eq!(own.answer, Duration::from_secs(30));
    assert_eq!(own.connections, 4_096);
}

/// When every place is taken whoever comes waits for the first to be given up, and is answered then.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_when_all_places_are_taken_waits() {
    let door = Door::within(Limits {
        connections: 2,
        ..limits()
    })
    .await;
    let begun = Instant::now();
    let _held = [door.send(b"").await, door.send(b"P").await];
    tokio::time::sleep(Duration::from_millis(50)).await;
    door.healthy().await;
    assert!(begun.elapsed() >= HEADERS, "{:?}", begun.elapsed());
}

/// One header a moment does not help: the clock runs for all of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_header_now_and_then_does_not_stretch_the_time() {
    let door = Door::open().await;
    let mut stream = door.send(b"GET /healthz HTTP/1.1\r\n").await;
    let begun = Instant::now();
    let mut alive = true;
    for n in 0..40 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let line = format!("X-{n}: 1\r\n");
        if stream.write_all(line.as_bytes()).await.is_err() {
            alive = false;
            break;
        }
    }
    if alive {
        rest(&mut stream).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
}

/// HTTP/2 without a handshake has no time limit on its headers: it is not spoken here.
#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_not_spoken() {
    let door = Door::open().await;
    let mut stream = door.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    let said = rest(&mut stream).await;
    assert!(
        said.is_empty() || said.starts_with("HTTP/1.1 4"),
        "{said:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_now_and_then_does_not_stretch_the_time() {
    let door = Door::open().await;
    let tenant = door.house.school("shou").await;
    let office = door.house.bed.officer(tenant, Office::Admissions).await;
    let cookie = door.house.cookie(&office).await;
    let paths = [
        (
            "/api/institution/step-up",
            "application/x-www-form-urlencoded",
        ),
        ("/shou/files/admission", "multipart/form-data; boundary=x"),
    ];
    for (path, kind) in paths {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: 4000\r\n\r\n"
        );
        let mut stream = door.send(head.as_bytes()).await;
        let begun = Instant::now();
        let (mut from, mut to) = stream.split();
        let drip = async {
            loop {
                tokio::time::sleep(Duration::from_millis(100)).await;
                if to.write_all(b"a").await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let mut said = Vec::new();
        let end = tokio::time::timeout(PATIENCE, async {
            tokio::select! {
                read = from.read_to_end(&mut said) => drop(read),
                () = drip => {}
            }
        });
        let ended = end.await.is_ok();
        assert!(
            ended,
            "{path} is held open: {}",
            String::from_utf8_lossy(&said)
        );
        assert!(
            begun.elapsed() + Duration::from_millis(50) >= BODY,
            "{path}"
        );
        let said = String::from_utf8_lossy(&said);
        assert!(!said.starts_with("HTTP/1.1 200"), "{path}: {said}");
        door.healthy().await;
    }
}

/// An answer that never ends by itself, and a mark that it was let go of.
struct Endless(Arc<AtomicBool>);

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = Bytes::from(vec![b'x'; 65_536]);
        Poll::Ready(Some(Ok(Frame::data(part))))
    }
}

async fn endless(let_go: Arc<AtomicBool>) -> (SocketAddr, CancellationToken) {
    let answer = move || {
        let body = Body::new(Endless(Arc::clone(&let_go)));
        async move { body }
    };
    let router = Router::new().route("/endless", get(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits {
        answer: BODY,
        ..Limits::default()
    };
    let stop = CancellationToken::new();
    tokio::spawn(accept::serve(listener, router, stop.clone(), limits));
    (address, stop)
}

async fn is_let_go(mark: &AtomicBool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if mark.load(Ordering::SeqCst) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

const ASK: &[u8] = b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Whoever asks for much and takes nothing is let go, and what was made for it too.
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_let_go() {
    let gone = Arc::new(AtomicBool::new(false));
    let (address, stop) = endless(Arc::clone(&gone)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    assert!(is_let_go(&gone).await, "it is held for ever");
    stop.cancel();
}

/// A byte now and then is not reading.
#[tokio::test(flavor = "multi_thread")]
async fn a_byte_now_and_then_is_not_reading() {
    let gone = Arc::new(AtomicBool::new(false));
    let (address, stop) = endless(Arc::clone(&gone)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let sip = async {
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if stream.read_u8().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let let_go = tokio::select! {
        let_go = is_let_go(&gone) => let_go,
        () = sip => false,
    };
    assert!(let_go, "it is held for ever");
    stop.cancel();
}

/// Whoever takes a long answer at a fair pace keeps it, for many times the patience.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_at_a_fair_pace_is_served() {
    let gone = Arc::new(AtomicBool::new(false));
    let (address, stop) = endless(Arc::clone(&gone)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let (begun, mut part) = (Instant::now(), vec![0; 1 << 20]);
    while begun.elapsed() < BODY * 3 {
        for _ in 0..8 {
            let read = stream.read(&mut part).await.unwrap();
            assert!(read > 0, "it was cut off");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!gone.load(Ordering::SeqCst));
    stop.cancel();
}
