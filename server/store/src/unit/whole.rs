//! Work that comes to its end, whoever stops waiting for it.

use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::runtime::Handle;

/// Work that is not cancelled when nobody waits for it any more: what is left of it is done in a task of its
/// own. While somebody waits it needs no such task.
pub struct Whole<Work>
where
    Work: Future<Output: Send> + Send + 'static,
{
    rest: Option<Pin<Box<Work>>>,
}

impl<Work> Whole<Work>
where
    Work: Future<Output: Send> + Send + 'static,
{
    /// Work to wait for.
    pub fn of(work: Work) -> Self {
        Self {
            rest: Some(Box::pin(work)),
        }
    }
}

impl<Work> Future for Whole<Work>
where
    Work: Future<Output: Send> + Send + 'static,
{
    type Output = Work::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Taken out meanwhile: what panics is not begun again.
        let Some(mut work) = self.rest.take() else {
            return Poll::Pending;
        };
        let polled = work.as_mut().poll(cx);
        if polled.is_pending() {
            self.rest = Some(work);
        }
        polled
    }
}

impl<Work> Drop for Whole<Work>
where
    Work: Future<Output: Send> + Send + 'static,
{
    fn drop(&mut self) {
        if let (Some(rest), Ok(runtime)) = (self.rest.take(), Handle::try_current()) {
            runtime.spawn(rest);
        }
    }
}
