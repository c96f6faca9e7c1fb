//! A connection whose other side has to take what it asked for: a client that does not read holds its place only so long.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes that a client takes in a second, at the least, for the clock to stand still.
const RATE: u32 = 1_024;

/// A stream with a stock of patience. Waiting for room to write uses it up, and what is taken fills it again at
/// [`RATE`], never beyond what it was: a byte now and then does not stretch it.
pub struct Patient {
    stream: TcpStream,
    whole: Duration,
    left: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Patient {
    /// A stream whose client may keep an answer waiting for so long.
    pub const fn new(stream: TcpStream, whole: Duration) -> Self {
        Self {
            stream,
            whole,
            left: whole,
            waiting: None,
        }
    }

    /// Passes on what the stream says to a write, with the clock running while it has no room.
    fn timed(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            if let Some((since, _)) = self.waiting.take() {
                self.left = self.left.saturating_sub(since.elapsed());
            }
            if let Ok(bytes) = &written {
                let bytes = u32::try_from(*bytes).unwrap_or(u32::MAX);
                let earned = Duration::from_secs(1).saturating_mul(bytes) / RATE;
                self.left = self.whole.min(self.left.saturating_add(earned));
            }
            return Poll::Ready(written);
        }
        let left = self.left;
        let (_, clock) = self.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + left)))
        });
        ready!(clock.as_mut().poll(cx));
        // What lies in the system's buffer is for nobody: without this the system would go on offering it for minutes.
        if let Err(error) = self.stream.set_zero_linger() {
            tracing::debug!(%error, "a slow client");
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.timed(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.timed(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
