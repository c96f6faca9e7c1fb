//! The accept loop: a limit on connections, time limits on request headers and on clients that do not read,
//! TCP_NODELAY, and a drain on SIGTERM.
//!
//! `axum::serve` has no limit on the time a client may take for its headers; half-open requests would stay for ever.

mod patience;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use patience::Patient;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How long a client may take for the parts of a request. None of them can be stretched by sending a byte now and then.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the connection, or the end of the request before, to the last header.
    pub headers: Duration,
    /// For the whole body of an operation.
    pub operation: Duration,
    /// For the whole body of an upload.
    pub upload: Duration,
    /// How long an answer may wait for a client to take it, all its waits together.
    pub answer: Duration,
    /// Connections at once; who comes then waits until one is over.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            operation: Duration::from_mins(1),
            upload: Duration::from_mins(15),
            answer: Duration::from_secs(30),
            connections: 4_096,
        }
    }
}

/// Longest time for draining after SIGTERM.
pub const DRAIN: Duration = Duration::from_secs(30);

/// Serves until `stop`, then lets running requests finish.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, limits: Limits) {
    let tracker = TaskTracker::new();
    let room = Arc::new(Semaphore::new(limits.connections));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = next(&listener) => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, stop) = (router.clone(), stop.clone());
                tracker.spawn(async move {
                    let _place = place;
                    connection(stream, peer, router, stop, limits).await;
                });
            }
            // Out of file descriptors, for instance: wait instead of spinning.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    // Whoever comes now is refused at once, and may go to another server, instead of waiting for nobody.
    drop(listener);
    tracker.close();
    if tokio::time::timeout(DRAIN, tracker.wait()).await.is_err() {
        tracing::warn!(
            "some requests did not finish within {} seconds",
            DRAIN.as_secs()
        );
    }
}

/// The next connection. What is written to it leaves at once: a small streamed page would else wait for the client's
/// delayed acknowledgement.
///
/// # Errors
/// Those of the system, which may be over with the next connection.
pub async fn next(listener: &TcpListener) -> std::io::Result<(TcpStream, SocketAddr)> {
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer))
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    limits: Limits,
) {
    let service =
        hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
    // HTTP/1 alone, and no guessing: a builder that waits for the first bytes to tell the version has no clock running
    // meanwhile, so a client that sends nothing would stay for ever.
    let connection = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Patient::new(stream, limits.answer)), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}
