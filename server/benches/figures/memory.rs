//! The memory of a program and of what it starts, looked at while it works.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time between two looks.
const LOOK: Duration = Duration::from_millis(2);

/// Highest resident memory of a process so far, in KiB.
fn peak(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Process ids of the children of all threads of a process.
fn children(process: &str) -> Vec<String> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let lists = threads.filter_map(|thread| {
        let list = thread.ok()?.path().join("children");
        std::fs::read_to_string(list).ok()
    });
    let lists: Vec<String> = lists.collect();
    let ids = lists.iter().flat_map(|list| list.split_whitespace());
    ids.map(str::to_owned).collect()
}

/// Looks at a process until it is told to stop.
pub struct Watch {
    stop: Arc<AtomicBool>,
    own: Arc<AtomicU64>,
    below: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// Begins.
    pub fn on(process: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (own, below) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (stopped, mine, theirs) = (Arc::clone(&stop), Arc::clone(&own), Arc::clone(&below));
        let thread = std::thread::spawn(move || {
            let process = process.to_string();
            while !stopped.load(Ordering::Relaxed) {
                mine.fetch_max(peak(&process).unwrap_or_default(), Ordering::Relaxed);
                let living: u64 = children(&process).iter().filter_map(|id| peak(id)).sum();
                theirs.fetch_max(living, Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        Self {
            stop,
            own,
            below,
            thread,
        }
    }

    /// Ends: the peak of the process with that of all children that lived at once, in KiB.
    pub fn end(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the watch");
        let (own, below) = (
            self.own.load(Ordering::Relaxed),
            self.below.load(Ordering::Relaxed),
        );
        assert!(own > 0, "the memory of the program was never seen");
        assert!(below > 0, "the parser child was never seen");
        own + below
    }
}
