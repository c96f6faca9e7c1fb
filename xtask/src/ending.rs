//! Whatever xtask starts or lays out, it ends: at the end of its scope, on a panic, on ctrl-c and SIGTERM;
//! and what a killed xtask left behind, the next one ends.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, waitpid};

use crate::fault::Fault;
use crate::postgres;

/// Something that must not outlive this program.
#[derive(Debug, Clone)]
pub enum Thing {
    /// A process group, by the id of its first process.
    Group(u32),
    /// A folder with a PostgreSQL cluster in it.
    Cluster(PathBuf),
    /// A temporary folder.
    Folder(PathBuf),
}

/// Ends the thing when it goes out of scope.
#[derive(Debug)]
#[must_use]
pub struct Held(u64);

static HELD: Mutex<Vec<(u64, Thing)>> = Mutex::new(Vec::new());
static NEXT: AtomicU64 = AtomicU64::new(0);
static STOPPING: AtomicBool = AtomicBool::new(false);

const NAME: &str = "xueji-";

fn held() -> MutexGuard<'static, Vec<(u64, Thing)>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the end once ctrl-c or SIGTERM has arrived: the handler ends everything and then the program.
pub fn settle() {
    while STOPPING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Takes charge of a thing.
pub fn hold(thing: Thing) -> Held {
    let id = NEXT.fetch_add(1, Ordering::SeqCst);
    let mut things = held();
    if STOPPING.load(Ordering::SeqCst) {
        drop(things);
        end(&thing);
        settle();
    } else {
        things.push((id, thing));
    }
    Held(id)
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut things = held();
        let found = things.iter().position(|(id, _)| *id == self.0);
        let thing = found.map(|place| things.swap_remove(place).1);
        drop(things);
        if let Some(thing) = thing {
            end(&thing);
        }
    }
}

/// From now on ctrl-c, SIGTERM and SIGHUP end everything held before the program stops.
pub fn on_signal() -> Result<(), Fault> {
    ctrlc::set_handler(|| {
        let mut kept = held();
        STOPPING.store(true, Ordering::SeqCst);
        let things: Vec<_> = kept.drain(..).collect();
        drop(kept);
        for (_, thing) in things.iter().rev() {
            end(thing);
        }
        process::exit(130);
    })
    .map_err(|fault| Fault::Unreadable {
        what: "the signal handler".to_owned(),
        reason: fault.to_string(),
    })
}

/// A temporary folder that carries this program's id in its name, so that a later run can tell whether
/// its maker still lives.
pub fn scratch(kind: &str) -> Result<PathBuf, Fault> {
    let folder = env::temp_dir().join(format!("{NAME}{kind}-{}", process::id()));
    fs::create_dir(&folder).map_err(Fault::file("create", &folder))?;
    Ok(folder)
}

/// Ends what earlier runs left because they were killed.
pub fn sweep() {
    let Ok(entries) = fs::read_dir(env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        if orphaned(&entry.file_name().to_string_lossy()) {
            end(&Thing::Cluster(entry.path()));
        }
    }
}

fn orphaned(name: &str) -> bool {
    let Some(maker) = name
        .strip_prefix(NAME)
        .and_then(|rest| rest.rsplit_once('-'))
        .and_then(|(_, id)| id.parse::<u32>().ok())
    else {
        return false;
    };
    fs::read_to_string(format!("/proc/{maker}/comm")).map_or(true, |comm| comm.trim() != "xtask")
}

fn end(thing: &Thing) {
    match thing {
        Thing::Group(id) => end_group(*id),
        Thing::Cluster(folder) => {
            end_cluster(folder);
            let _ = fs::remove_dir_all(folder);
        }
        Thing::Folder(folder) => {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn end_group(id: u32) {
    let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) else {
        return;
    };
    for signal in [Signal::TERM, Signal::KILL] {
        let gone = || {
            let _ = waitpid(Some(pid), WaitOptions::NOHANG);
            kill_process_group(pid, signal).is_err()
        };
        if gone() || wait(Duration::from_secs(10), gone) {
            return;
        }
    }
}

/// The cluster's own id is in its `postmaster.pid`; the file goes when it has stopped.
fn end_cluster(folder: &Path) {
    let file = postgres::pid_file(folder);
    for signal in [Signal::INT, Signal::QUIT, Signal::KILL] {
        let Some(pid) = postgres::pid_of(folder) else {
            return;
        };
        if kill_process(pid, signal).is_err() {
            return;
        }
        if wait(Duration::from_secs(10), || !file.exists()) {
            return;
        }
    }
}

fn wait(patience: Duration, done: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < patience {
        if done() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{NAME, orphaned};

    #[test]
    fn only_folders_of_dead_makers_are_orphans() {
        assert!(orphaned(&format!("{NAME}pg-{}", u32::MAX)));
        assert!(!orphaned("somebody-elses-12"));
        assert!(!orphaned(&format!("{NAME}pg-kept")));
    }
}
