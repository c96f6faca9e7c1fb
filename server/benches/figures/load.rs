//! The load: connections that ask for one page after the other over loopback, and note how long each took.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Connections at once.
const CONNECTIONS: usize = 16;
/// Longest answer that is read.
const LONGEST: usize = 4 << 20;

/// What a round came to.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Requests a second.
    pub throughput: f64,
    /// 99 of 100 took at most so many milliseconds.
    pub p99: f64,
}

/// A connection that stays open.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Bytes of the head of the last answer.
    head: usize,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
            head: 0,
        }
    }

    /// Head of the last answer.
    pub fn head(&self) -> String {
        let head = self.buffer.get(..self.head).unwrap_or_default();
        String::from_utf8_lossy(head).into_owned()
    }

    /// A header of the last answer.
    pub fn header(&self, name: &str) -> Option<String> {
        self.head().lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    }

    /// Asks, and reads the answer to its end: status and body as it was sent.
    pub async fn get(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.buffer.clear();
        self.stream.write_all(request).await.expect("a request");
        let mut ends = None;
        while !ends.is_some_and(|end: End| end.reached(&self.buffer)) {
            let read = self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .expect("an answer");
            assert!(
                read > 0 && self.buffer.len() < LONGEST,
                "an answer that has no end"
            );
            ends = ends.or_else(|| End::of(&self.buffer));
        }
        self.head = ends.map_or(0, |end| end.head);
        let status = self
            .buffer
            .get(9..12)
            .and_then(|s| std::str::from_utf8(s).ok());
        let status = status.and_then(|s| s.parse().ok()).unwrap_or_default();
        (status, self.buffer.get(self.head..).unwrap_or_default())
    }
}

/// Where an answer ends.
#[derive(Clone, Copy)]
struct End {
    /// Bytes of the head.
    head: usize,
    /// Bytes of the body; chunked when there is no number.
    length: Option<usize>,
}

impl End {
    fn of(answer: &[u8]) -> Option<Self> {
        let head = answer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(answer.get(..head)?)
            .ok()?
            .to_lowercase();
        let length = text.lines().find_map(|line| {
            let value = line.strip_prefix("content-length:")?;
            value.trim().parse().ok()
        });
        Some(Self { head, length })
    }

    fn reached(self, answer: &[u8]) -> bool {
        match self.length {
            Some(length) => answer.len() >= self.head + length,
            None => answer.ends_with(b"\r\n0\r\n\r\n"),
        }
    }
}

/// Runs a round in a thread and a runtime of its own: the load waits for the service, not in it.
pub async fn run(address: SocketAddr, requests: &Arc<Vec<Vec<u8>>>, time: Duration) -> Round {
    let requests = Arc::clone(requests);
    let round = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime of the load");
        runtime.block_on(round(address, &requests, time))
    });
    round.await.expect("a round")
}

/// A page as a program asks for it that wants to read it.
pub fn request(path: &str, cookie: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n\
         Cookie: {cookie}\r\nConnection: keep-alive\r\n\r\n"
    )
    .into_bytes()
}

/// The same, as every browser asks: it understands brotli. Without a cookie for what is for everybody.
pub fn compressed(path: &str, cookie: &str) -> Vec<u8> {
    let cookie = if cookie.is_empty() {
        String::new()
    } else {
        format!("Cookie: {cookie}\r\n")
    };
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html,*/*\r\nAccept-Language: zh-CN\r\n\
         Accept-Encoding: gzip, br\r\n{cookie}Connection: keep-alive\r\n\r\n"
    )
    .into_bytes()
}

/// Asks for `requests` in turn, as long as the time lasts.
async fn round(address: SocketAddr, requests: &Arc<Vec<Vec<u8>>>, time: Duration) -> Round {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut running = Vec::new();
    for _ in 0..CONNECTIONS {
        let (requests, next) = (Arc::clone(requests), Arc::clone(&next));
        running.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            let mut took = Vec::new();
            while begun.elapsed() < time {
                // A prime step: neighbours in the list are not neighbours in time.
                let at = next.fetch_add(1, Ordering::Relaxed) * 7_919 % requests.len();
                let request = requests.get(at).expect("a request");
                let asked = Instant::now();
                let (status, body) = client.get(request).await;
                assert!(status == 200 && body.len() > 1_000, "a page that is none");
                took.push(asked.elapsed());
            }
            took
        }));
    }
    let mut took = Vec::new();
    for connection in running {
        took.extend(connection.await.expect("a connection"));
    }
    let whole = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let count = took.len();
    let p99 = took.get(count * 99 / 100).copied().unwrap_or_default();
    Round {
        throughput: f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / whole,
        p99: p99.as_secs_f64() * 1_000.0,
    }
}
