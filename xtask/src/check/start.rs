//! `cargo xtask build` and `cargo xtask serve` as whoever has the checkout calls them: built, started, stopped, and started
//! once more.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::e2e::answers;
use crate::ending::{self, Held, Thing};
use crate::fault::Fault;
use crate::postgres::free_port;
use crate::step::{self, Step, clock, say};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// What a build leaves: the program, and the site with its scripts and styles.
const BUILT: [&str; 2] = ["dist/xj", "dist/site/assets.json"];
/// A demo is laid out on the first start.
const FIRST: Duration = Duration::from_mins(10);
/// A second start takes seconds; a machine may be busy.
const SECOND: Duration = Duration::from_mins(1);
/// Requests that are under way come to their end.
const DRAINED: Duration = Duration::from_secs(30);
/// Somebody of each kind whom the demo tells how to sign in.
const ACCOUNTS: [&str; 4] = ["admin", "zb01", "xsc01", "xy01"];

/// A call of `cargo xtask serve` that answers.
struct Started {
    child: Child,
    /// Whatever happens, it does not outlive this.
    _group: Held,
    log: PathBuf,
    took: Duration,
}

/// Builds, starts, stops and starts again; what passed, and how long the starts took.
pub fn run(workspace: &Workspace) -> Result<(Tally, Vec<String>), Fault> {
    build(workspace)?;
    let folder = ending::scratch("start")?;
    let _held = ending::hold(Thing::Folder(folder.clone()));
    let mut passed = 1;
    let mut figures = Vec::new();
    for (which, patience) in [("first", FIRST), ("second", SECOND)] {
        let started = serve(workspace, &folder.join("demo"), which, patience)?;
        let took = format!("start: {which} after {}", clock(started.took));
        say(&format!("  {took}"));
        figures.push(took);
        tells_accounts(&started.log)?;
        stop(started, which)?;
        passed += 1;
    }
    Ok((Tally { passed, failed: 0 }, figures))
}

/// Builds; what an earlier build left does not stand for this one.
fn build(workspace: &Workspace) -> Result<(), Fault> {
    let program = workspace.at(BUILT[0]);
    if program.exists() {
        fs::remove_file(&program).map_err(Fault::file("remove", &program))?;
    }
    let mut cargo = workspace.cargo();
    cargo.args(["xtask", "build"]);
    Step::new("cargo xtask build as a whole", cargo)
        .unlimited()
        .succeed(workspace)?;
    match BUILT.iter().find(|place| !workspace.at(place).is_file()) {
        None => Ok(()),
        Some(place) => Err(Fault::missing(*place, "`cargo xtask build` leaves it")),
    }
}

/// Calls `cargo xtask serve` and waits until it answers. cargo becomes xtask, and xtask the server: it stays one process.
fn serve(
    workspace: &Workspace,
    data: &Path,
    which: &str,
    patience: Duration,
) -> Result<Started, Fault> {
    let address = format!("127.0.0.1:{}", free_port()?);
    let (_, log) = step::open_log(workspace, &format!("cargo xtask serve {which}"))?;
    let output = File::create(&log).map_err(Fault::file("write", &log))?;
    let errors = output.try_clone().map_err(Fault::file("write", &log))?;
    let mut cargo = workspace.cargo();
    cargo
        .args(["xtask", "serve", "--data"])
        .arg(data)
        .env("XJ_ADDR", &address)
        .env_remove("XJ_PUBLIC_URL")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors);
    let start = Instant::now();
    let (mut child, group) = step::start_group(&mut cargo)?;
    while start.elapsed() < patience && child.try_wait().is_ok_and(|end| end.is_none()) {
        if answers(&address) {
            return Ok(Started {
                child,
                _group: group,
                log,
                took: start.elapsed(),
            });
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(Fault::NotReady {
        url: format!("http://{address}/readyz"),
        seconds: start.elapsed().as_secs(),
        log,
    })
}

/// The accounts of the demo stand in what was printed.
fn tells_accounts(log: &Path) -> Result<(), Fault> {
    let text = fs::read_to_string(log).map_err(Fault::file("read", log))?;
    match untold(&text) {
        None => Ok(()),
        Some(login) => Err(Fault::missing(
            format!("the account {login} of the demo"),
            format!("`cargo xtask serve` must print it; see {}", log.display()),
        )),
    }
}

/// An account that was not told.
fn untold(printed: &str) -> Option<&'static str> {
    let words: Vec<&str> = printed.split_whitespace().collect();
    ACCOUNTS.into_iter().find(|login| !words.contains(login))
}

/// Asks it to stop, as a service manager does; it ends by itself, and well.
fn stop(mut started: Started, which: &str) -> Result<(), Fault> {
    let asked = Instant::now();
    let pid = Pid::from_child(&started.child);
    let mut end = kill_process(pid, Signal::TERM)
        .err()
        .map(|fault| fault.to_string());
    while end.is_none() && asked.elapsed() < DRAINED {
        match started.child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => end = Some(status.to_string()),
            Ok(None) => thread::sleep(Duration::from_millis(50)),
            Err(fault) => end = Some(fault.to_string()),
        }
    }
    Err(Fault::Step {
        step: format!("the stop after the {which} start"),
        end: end.unwrap_or_else(|| format!("it still ran after {}", clock(asked.elapsed()))),
        log: started.log,
    })
}

#[cfg(test)]
mod tests {
    use super::untold;

    #[test]
    fn an_account_that_is_not_printed_is_named() {
        assert_eq!(untold("/shou admin x\n/shou zb01 xsc01 xy01"), None);
        assert_eq!(untold("/shou admin zb01 xy01"), Some("xsc01"));
    }
}
