//! Work that is not cancelled when nobody waits for it any more: the begin and the commit of every transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::testkit::Whole;
use tokio::sync::{Semaphore, oneshot};

/// Longest time for something that takes none.
const SOON: Duration = Duration::from_secs(20);

/// Work that waits for so many permits, one after the other, and then answers.
fn work(
    waits: usize,
    gate: Arc<Semaphore>,
    end: oneshot::Sender<()>,
) -> Whole<impl Future<Output = ()> + Send> {
    Whole::of(async move {
        for _ in 0..waits {
            gate.acquire().await.unwrap().forget();
        }
        end.send(()).unwrap();
    })
}

/// Let go at each of its steps, before its first as well: it ends all the same.
#[tokio::test]
async fn what_is_let_go_comes_to_its_end() {
    const STEPS: usize = 4;
    for passed in 0..STEPS {
        let gate = Arc::new(Semaphore::new(passed));
        let (end, ended) = oneshot::channel();
        let whole = work(STEPS, Arc::clone(&gate), end);
        let cut = tokio::time::timeout(Duration::from_millis(20), whole).await;
        assert!(cut.is_err(), "it waits for a permit that nobody gave");
        gate.add_permits(STEPS - passed);
        let seen = tokio::time::timeout(SOON, ended).await;
        seen.expect("it goes on without anybody").unwrap();
    }
}

#[tokio::test]
async fn what_somebody_waits_for_takes_no_task_of_its_own() {
    let own = tokio::spawn(async {
        let seen = Whole::of(async {
            tokio::task::yield_now().await;
            tokio::task::id()
        })
        .await;
        (seen, tokio::task::id())
    });
    let (seen, own) = own.await.unwrap();
    assert_eq!(seen, own);
}

#[tokio::test]
async fn what_panicked_is_not_begun_again() {
    let polls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&polls);
    let broken = tokio::spawn(Whole::of(std::future::poll_fn(
        move |_| -> std::task::Poll<()> {
            counted.fetch_add(1, Ordering::SeqCst);
            panic!("on purpose");
        },
    )));
    assert!(broken.await.unwrap_err().is_panic());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(polls.load(Ordering::SeqCst), 1);
}

/// The runtime is going down, and what is left of the work with it.
#[test]
fn without_a_runtime_it_is_let_go_in_silence() {
    let (end, mut ended) = oneshot::channel();
    drop(work(1, Arc::new(Semaphore::new(0)), end));
    assert!(ended.try_recv().is_err());
}
