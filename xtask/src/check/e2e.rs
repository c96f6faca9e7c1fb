//! The users' journeys: the program as developers build it, a demo of its own, a real browser.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{self, digest::files_below};
use crate::ending::{self, Held, Thing};
use crate::fault::Fault;
use crate::needs;
use crate::postgres::{Cluster, free_port};
use crate::step::{self, Step, say};
use crate::tally::Tally;
use crate::workspace::Workspace;

const PATIENCE: Duration = Duration::from_mins(1);
const JOURNEYS: &str = "end2end/journeys";
/// Where the journeys leave a picture of every page.
const PICTURES: &str = "dist/pictures";

/// Builds and fetches what the journeys need.
pub fn ready(workspace: &Workspace) -> Result<(), Fault> {
    let journeys = workspace.at(JOURNEYS);
    let written = files_below(&journeys).is_ok_and(|files| {
        files
            .iter()
            .any(|file| file.to_string_lossy().ends_with(".spec.ts"))
    });
    if !written {
        return Err(Fault::missing(
            "the journeys",
            format!("{JOURNEYS} holds no *.spec.ts"),
        ));
    }
    needs::npm_packages(workspace, "end2end")?;
    needs::chromium(workspace)?;
    client::build(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--locked", "--package", "server"]);
    Step::new("cargo build of the server for the journeys", cargo).succeed(workspace)?;
    Ok(())
}

/// Checks the journeys' own types, which Playwright strips without a look.
pub fn types(workspace: &Workspace) -> Result<Tally, Fault> {
    let mut tsc = Command::new(workspace.at("end2end/node_modules/.bin/tsc"));
    tsc.args(["--noEmit", "--project", "."])
        .current_dir(workspace.at("end2end"));
    let transcript = Step::new("tsc of the journeys", tsc).run(workspace)?;
    transcript.show_failure();
    Ok(Tally::check(transcript.success))
}

/// Runs the journeys on SQLite, and on PostgreSQL those that differ there.
pub fn run(workspace: &Workspace, cluster: Option<&Cluster>) -> Result<Tally, Fault> {
    // A picture of a page that is no longer looked at must not stand for it.
    let pictures = workspace.at(PICTURES);
    match fs::remove_dir_all(&pictures) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => {
            return Err(Fault::file("clear", &pictures)(fault));
        }
        _ => {}
    }
    let folder = ending::scratch("e2e")?;
    let _held = ending::hold(Thing::Folder(folder.clone()));
    let mut tally = Stage::set(workspace, &folder, "SQLite", &[])?.journeys(&[])?;
    if let Some(cluster) = cluster {
        cluster.create_database(workspace, "xj_e2e")?;
        // The program works as `xj_app`; only the schema is laid out as its owner.
        let addresses = [
            ("DATABASE_URL", cluster.url("xj_app", "xj_e2e")),
            ("XJ_MIGRATE_URL", cluster.url("xj_owner", "xj_e2e")),
            ("XJ_BACKUP_URL", cluster.url("xj_backup", "xj_e2e")),
        ];
        let stage = Stage::set(workspace, &folder, "PostgreSQL", &addresses)?;
        tally = tally + stage.journeys(&["--grep", "@both"])?;
    }
    Ok(tally)
}

/// A server with a demo, ready for visitors.
struct Stage<'a> {
    workspace: &'a Workspace,
    engine: &'static str,
    address: String,
    settings: Vec<(&'static str, String)>,
    _server: (Child, Held),
}

impl<'a> Stage<'a> {
    fn set(
        workspace: &'a Workspace,
        folder: &Path,
        engine: &'static str,
        addresses: &[(&'static str, String)],
    ) -> Result<Self, Fault> {
        let own = |name: &str| {
            folder
                .join(engine)
                .join(name)
                .to_string_lossy()
                .into_owned()
        };
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut settings = vec![
            ("XJ_DATA", own("data")),
            ("XJ_KEYS", own("keys")),
            ("XJ_ADDR", address.clone()),
            ("XJ_PUBLIC_URL", format!("http://{address}")),
            (
                "XJ_SITE",
                workspace.at("dist/site").to_string_lossy().into_owned(),
            ),
            ("RUST_LOG", "warn".to_owned()),
        ];
        settings.extend_from_slice(addresses);
        fs::create_dir_all(folder.join(engine)).map_err(Fault::file("create", folder))?;

        let mut demo = program(workspace, &settings);
        demo.args(["demo", "--data", &own("data")]);
        let told = Step::new(&format!("xj demo on {engine}"), demo).succeed(workspace)?;
        let accounts = folder.join(engine).join("demo.txt");
        fs::write(&accounts, told.lines.join("\n")).map_err(Fault::file("write", &accounts))?;
        settings.push(("XJ_E2E_DEMO", accounts.to_string_lossy().into_owned()));

        let server = serve(workspace, &settings, engine, &address)?;
        Ok(Self {
            workspace,
            engine,
            address,
            settings,
            _server: server,
        })
    }

    fn journeys(&self, arguments: &[&str]) -> Result<Tally, Fault> {
        let report = self
            .workspace
            .logs()
            .join(format!("journeys-{}.json", self.engine));
        let _ = fs::remove_file(&report);
        let browser = needs::chromium(self.workspace)?;
        let mut playwright =
            Command::new(self.workspace.at("end2end/node_modules/.bin/playwright"));
        playwright
            .arg("test")
            .args(arguments)
            .current_dir(self.workspace.at("end2end"))
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .env("XJ_E2E_URL", format!("http://{}", self.address))
            .env("XJ_E2E_BROWSER", browser)
            .env("XJ_E2E_REPORT", &report)
            .env("XJ_E2E_ENGINE", self.engine)
            .env("XJ_E2E_PROGRAM", built(self.workspace))
            .env("XJ_E2E_PICTURES", self.workspace.at(PICTURES));
        let title = format!("journeys on {}", self.engine);
        let transcript = Step::new(&title, playwright).run(self.workspace)?;
        transcript.show_failure();
        let tally = read_report(&report, arguments.is_empty())?;
        say(&format!(
            "  {title}: {} passed, {} failed",
            tally.passed, tally.failed
        ));
        Ok(tally
            .but_failed_unless(transcript.success)
            .but_failed_if_none())
    }
}

fn built(workspace: &Workspace) -> PathBuf {
    workspace.target().join("debug/xj")
}

fn program(workspace: &Workspace, settings: &[(&'static str, String)]) -> Command {
    let mut xj = workspace.program(&built(workspace));
    xj.envs(settings.iter().map(|(name, value)| (name, value)));
    xj
}

fn serve(
    workspace: &Workspace,
    settings: &[(&'static str, String)],
    engine: &str,
    address: &str,
) -> Result<(Child, Held), Fault> {
    let (_, log) = step::open_log(workspace, &format!("xj serve on {engine}"))?;
    let output = || File::create(&log).map_err(Fault::file("write", &log));
    let mut xj = program(workspace, settings);
    xj.arg("serve")
        .stdin(Stdio::null())
        .stderr(output()?)
        .stdout(Stdio::null());
    let (mut child, group) = step::start_group(&mut xj)?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE && child.try_wait().is_ok_and(|end| end.is_none()) {
        if answers(address) {
            return Ok((child, group));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(Fault::NotReady {
        url: format!("http://{address}/readyz"),
        seconds: start.elapsed().as_secs(),
        log,
    })
}

/// Whether a server is ready at an address.
pub fn answers(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line)
    };
    ask().is_ok_and(|line| line.starts_with("HTTP/1.1 200"))
}

/// Projects for which no journey was run: each would be green whatever the pages do.
fn idle_projects(report: &Value) -> Vec<String> {
    let mut busy = Vec::new();
    collect_projects(report, &mut busy);
    let projects = report.pointer("/config/projects").and_then(Value::as_array);
    let names = projects
        .into_iter()
        .flatten()
        .filter_map(|project| project.get("name")?.as_str());
    names
        .filter(|name| !busy.contains(name))
        .map(ToOwned::to_owned)
        .collect()
}

fn collect_projects<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("projectName").and_then(Value::as_str));
            for field in fields.values() {
                collect_projects(field, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_projects(item, found);
            }
        }
        _ => {}
    }
}

fn read_report(report: &Path, whole: bool) -> Result<Tally, Fault> {
    let text = fs::read_to_string(report).map_err(Fault::file("read", report))?;
    let unreadable = |reason: String| Fault::Unreadable {
        what: "the report of the journeys".to_owned(),
        reason,
    };
    let value: Value =
        serde_json::from_str(&text).map_err(|fault| unreadable(fault.to_string()))?;
    if whole {
        let idle = idle_projects(&value);
        if !idle.is_empty() {
            return Err(Fault::missing(
                "journeys",
                format!("none for {}", idle.join(", ")),
            ));
        }
    }
    Tally::from_playwright(&value).ok_or_else(|| unreadable("it has no statistics".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::idle_projects;
    use serde_json::json;

    #[test]
    fn a_project_without_a_journey_is_named() {
        let report = json!({
            "config": { "projects": [{ "name": "office" }, { "name": "phone" }] },
            "suites": [{ "specs": [{ "tests": [{ "projectName": "office" }] }] }],
        });
        assert_eq!(idle_projects(&report), ["phone"]);
    }
}
