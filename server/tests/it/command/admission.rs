//! `xj admission check` and `import`: one object on standard output, and exit codes that scripts rely on.

use super::installation::{Ended, Installation, LOGIN, SLUG, mixed, on_each, package, run, text};
use super::site::{Site, soon};
use domain::admission::finding::FindingKind;
use formats::package::{PackageLimits, read_files};
use formats::sample::SamplePackage;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const KEYS: [&str; 9] = [
    "ksh",
    "file",
    "row",
    "kind",
    "rule",
    "field",
    "severity",
    "message",
    "suggestion",
];

fn counts(of: &Value) -> BTreeMap<String, u64> {
    serde_json::from_value(of.clone()).unwrap()
}

/// The report of a check says exactly what was planted.
fn assert_reports(ended: &Ended, sample: &SamplePackage) {
    let report = ended.object();
    let keys: BTreeSet<&str> = report
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, BTreeSet::from(["counts", "findings", "notices"]));
    assert_eq!(counts(&report["counts"]), sample.counts);
    assert!(
        report["notices"]
            .as_array()
            .unwrap()
            .iter()
            .all(Value::is_string)
    );
    let mut found = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        let keys: BTreeSet<&str> = finding
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, BTreeSet::from(KEYS));
        assert!(finding["row"].as_u64().unwrap() >= 1);
        assert!(["error", "warning"].contains(&finding["severity"].as_str().unwrap()));
        for said in ["file", "rule", "field", "message", "suggestion"] {
            assert_ne!(finding[said], "", "{said}");
        }
        let kind = FindingKind::from_key(finding["kind"].as_str().unwrap()).unwrap();
        found.push((finding["ksh"].as_str().unwrap().to_owned(), kind));
    }
    found.sort();
    assert_eq!(found, sample.defects);
}

#[tokio::test]
async fn a_check_prints_one_object_and_writes_nothing() {
    on_each(|at| {
        at.found();
        let (clean, mixed) = (package(71, 8, &[]), mixed(72));
        let before = at.contents();
        let folder = at.lay_out("clean", &clean);
        assert_reports(&at.check(&folder).well(), &clean);
        let zip = at.pack("mixed.zip", &mixed);
        assert_reports(&at.check(&zip).with_code(1), &mixed);
        let folder = at.lay_out("mixed", &mixed);
        assert_reports(&at.check(&folder).with_code(1), &mixed);
        assert_eq!(at.contents(), before);
    })
    .await;
}

#[test]
fn warnings_alone_are_no_error() {
    let at = Installation::school();
    let sample = package(73, 6, &[(formats::sample::Defect::DotVariant, 1)]);
    let folder = at.lay_out("warned", &sample);
    assert_reports(&at.check(&folder).well(), &sample);
}

#[test]
fn logs_go_to_standard_error_only() {
    let at = Installation::school();
    let sample = mixed(74);
    let folder = at.lay_out("mixed", &sample);
    let line = [
        "admission",
        "check",
        text(&folder),
        "--tenant",
        SLUG,
        "--year",
        "2026",
        "--json",
    ];
    let mut command = at.command(line);
    command.env("RUST_LOG", "trace").env("XJ_LOG", "json");
    let ended = run(command, "").with_code(1);
    assert_reports(&ended, &sample);
    for line in ended.err.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    }
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let at = Installation::school();
    let mut sample = package(75, 8, &[]);
    let table = sample
        .files
        .iter_mut()
        .find(|(path, _)| path.ends_with("T_TDD.DBF"));
    let (_, bytes) = table.unwrap();
    bytes.truncate(bytes.len() / 2);
    let cut_off = at.lay_out("cut-off", &sample);
    let no_zip = at.folder().join("no.zip");
    std::fs::write(&no_zip, "this is no zip file").unwrap();
    let missing = at.folder().join("missing");
    let before = at.contents();
    for path in [&cut_off, &no_zip, &missing] {
        let ended = at.check(path).with_code(2);
        ended.refused();
    }
    assert_eq!(at.contents(), before);
    for path in [&no_zip, &missing] {
        assert_eq!(at.import(path).code, Some(2), "{path:?}");
    }
}

/// A folder that cannot be read is an error of the report, so that no script takes the others for the whole.
#[tokio::test]
async fn a_broken_folder_is_reported_beside_the_sound_ones() {
    on_each(|at| {
        at.found();
        let (sound, mut broken) = (package(80, 6, &[]), package(81, 6, &[]));
        let under = |name: &str, sample: &mut SamplePackage| {
            for (path, _) in &mut sample.files {
                *path = format!("{name}/{}", path.rsplit('/').next().unwrap());
            }
        };
        let mut whole = sound.clone();
        under("甲", &mut whole);
        under("乙", &mut broken);
        for (path, bytes) in &mut broken.files {
            if path.to_uppercase().ends_with("T_TDD.DBF") {
                bytes.truncate(bytes.len() / 2);
            }
        }
        whole.files.extend(broken.files);
        let folder = at.lay_out("one-broken", &whole);
        let report = at.check(&folder).with_code(1).object();
        let mut expected = sound.counts.clone();
        expected.insert("unread_folder".to_owned(), 1);
        assert_eq!(counts(&report["counts"]), expected);
        let finding = &report["findings"][0];
        assert_eq!(finding["kind"], "unread_folder");
        assert_eq!(finding["severity"], "error");
        assert!(finding["file"].as_str().unwrap().starts_with("乙/"));
        let said = |notice: &Value| notice.as_str().unwrap().contains("“乙”没有读入");
        assert!(report["notices"].as_array().unwrap().iter().any(said));
        let import = at.import(&folder).well().object();
        assert_eq!(rows(&import)["confirmed"], 6);
        assert_eq!(import["unread_folders"].as_array().unwrap().len(), 1);
    })
    .await;
}

/// The shared sample, where it is.
pub fn shared_sample() -> Option<PathBuf> {
    let named = std::env::var_os("XJ_SAMPLES").map(PathBuf::from);
    let must = named.is_some();
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples");
    let path = named.unwrap_or(beside).join("admission-2026");
    assert!(path.is_dir() || !must, "{} is no folder", path.display());
    Some(path).filter(|path| path.is_dir())
}

#[test]
fn the_shared_sample_comes_out_exactly_through_the_program() {
    let Some(path) = shared_sample() else {
        println!("sample: absent");
        return;
    };
    println!("sample: ran");
    let expected = std::fs::read(path.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let at = Installation::school();
    let report = at.check(&path).with_code(1).object();
    assert_eq!(counts(&report["counts"]), counts(&expected["counts"]));
    let pairs = |list: &Value| {
        let of = |line: &Value| {
            let text = |key: &str| line[key].as_str().unwrap().to_owned();
            (text("ksh"), text("kind"))
        };
        list.as_array()
            .unwrap()
            .iter()
            .map(of)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(pairs(&report["findings"]), pairs(&expected["defects"]));
    let said = |notice: &Value| notice.as_str().unwrap().contains("TD_PCDM");
    assert!(report["notices"].as_array().unwrap().iter().any(said));
}

#[tokio::test]
async fn an_unknown_university_or_account_is_a_wrong_line() {
    on_each(|at| {
        at.found();
        let folder = at.lay_out("clean", &package(76, 2, &[]));
        let of = |tenant, login| {
            let start = ["admission", "import", text(&folder), "--year", "2026"];
            at.xj(start.into_iter().chain(["--tenant", tenant, "--as", login]))
        };
        let why = of("nowhere", LOGIN).with_code(64).refused();
        assert!(why.contains("nowhere"), "{why}");
        let why = of(SLUG, "nobody-at-all").with_code(64).refused();
        assert!(why.contains("account"), "{why}");
        let line = [
            "admission",
            "check",
            text(&folder),
            "--tenant",
            "nowhere",
            "--year",
            "2026",
        ];
        at.xj(line).with_code(64).refused();
    })
    .await;
}

fn rows(import: &Value) -> BTreeMap<String, u64> {
    counts(&import["rows"])
}

#[tokio::test]
async fn good_rows_go_in_the_others_wait_and_a_second_time_changes_nothing() {
    on_each(|at| {
        at.found();
        let sample = mixed(77);
        let folder = at.lay_out("mixed", &sample);
        let first = at.import(&folder).well().object();
        assert_eq!(first["already"], false);
        assert_eq!(first["state"], "confirmed");
        assert_eq!(first["accepted_warnings"], 2);
        assert_eq!(counts(&first["counts"]), sample.counts);
        let expected = BTreeMap::from([("confirmed".to_owned(), 12), ("bad".to_owned(), 2)]);
        assert_eq!(rows(&first), expected);
        let before = at.contents();
        let second = at.import(&folder).well().object();
        assert_eq!(second["already"], true);
        assert_eq!(second["accepted_warnings"], 0);
        assert_eq!(second["import"], first["import"]);
        assert_eq!(rows(&second), expected);
        assert_eq!(at.contents(), before);
        assert_waits_without(at, &sample);
    })
    .await;
}

/// Without `--accept` the warned rows wait too.
fn assert_waits_without(at: &Installation, before: &SamplePackage) {
    let sample = mixed(78);
    assert_ne!(before.files, sample.files);
    let zip = at.pack("second.zip", &sample);
    let import = import_plainly(at, &zip).well().object();
    let expected = [("bad", 2), ("confirmed", 10), ("warned", 2)];
    let expected = expected.map(|(state, rows)| (state.to_owned(), rows));
    assert_eq!(rows(&import), BTreeMap::from(expected));
}

fn import_plainly(at: &Installation, zip: &Path) -> Ended {
    let line = [
        "admission",
        "import",
        text(zip),
        "--tenant",
        SLUG,
        "--year",
        "2026",
    ];
    at.xj(line.into_iter().chain(["--as", LOGIN, "--json"]))
}

/// Everything personal in a package: numbers, names, addresses, of rows that are no candidates too.
fn personal(sample: &SamplePackage) -> BTreeSet<String> {
    use domain::admission::source::SourceField as Field;
    let fields = [
        Field::Ksh,
        Field::Xm,
        Field::Zjhm,
        Field::Zkzh,
        Field::Lxsj,
        Field::Txdz,
    ];
    let limits = PackageLimits::default();
    let package = read_files(sample.files.clone(), "x", &limits).unwrap();
    let mut texts = BTreeSet::new();
    for folder in &package.folders {
        for table in folder.bmk.iter().chain(&folder.tdd) {
            for column in fields.iter().filter_map(|field| table.column_of(*field)) {
                let values = table.rows.iter().map(|row| row.value(column).trim());
                texts.extend(values.filter(|v| v.len() > 5).map(str::to_owned));
            }
        }
    }
    texts
}

/// T-PII-12: not at the loudest level either, and on both databases.
#[tokio::test]
async fn an_import_logs_no_candidate() {
    on_each(|at| {
        at.found();
        let sample = mixed(79);
        let zip = at.pack("mixed.zip", &sample);
        let line = [
            "admission",
            "import",
            text(&zip),
            "--tenant",
            SLUG,
            "--year",
            "2026",
        ];
        let mut command = at.command(line.into_iter().chain(["--as", LOGIN, "--json"]));
        command.env("RUST_LOG", "trace");
        let ended = run(command, "").well();
        assert!(ended.err.contains("admission import"), "{}", ended.err);
        let texts = personal(&sample);
        assert!(texts.len() > 20);
        for personal in &texts {
            assert!(!ended.err.contains(personal.as_str()), "{personal}");
        }
        assert!(!ended.err.contains(LOGIN));
    })
    .await;
}

/// The files that lie in clear below a folder.
fn in_clear(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(in_clear(&path));
        } else if path.file_name().is_some_and(|name| name != "lock") {
            found.push(path);
        }
    }
    found
}

#[test]
fn nothing_in_clear_outlives_a_killed_process_once_another_one_starts() {
    let at = Installation::school();
    let zip = at.pack("large.zip", &package(73, 4_000, &[]));
    let plain = at.data().join("plain");
    let mut importing = at.command(["admission", "import", text(&zip)]);
    importing.args(["--tenant", SLUG, "--year", "2026", "--as", LOGIN]);
    let nowhere = std::process::Stdio::null;
    importing
        .stdin(nowhere())
        .stdout(nowhere())
        .stderr(nowhere());
    let mut importing = importing.spawn().unwrap();
    soon("the file lies in clear", || {
        (!in_clear(&plain).is_empty()).then_some(())
    });
    importing.kill().unwrap();
    importing.wait().unwrap();
    assert_eq!(in_clear(&plain).len(), 1, "the kill leaves it behind");
    // A process that lives reads another one at the same time.
    let other = plain.join("other");
    std::fs::create_dir_all(other.join("upload")).unwrap();
    let held = std::fs::File::create(other.join("lock")).unwrap();
    held.lock().unwrap();
    let read = other.join("upload").join("now.csv");
    std::fs::write(&read, "x").unwrap();
    let serving = || Site::run(at.command(["serve", "--no-worker"]));
    let site = serving();
    assert_eq!(in_clear(&plain), [read.as_path()]);
    site.stop();
    drop(held);
    let site = serving();
    assert_eq!(in_clear(&plain), [] as [&Path; 0]);
    site.stop();
}
