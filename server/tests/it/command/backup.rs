//! `xj backup` and `xj restore`: everything comes back but the keys, and nothing is written over.

use super::installation::{Installation, LOGIN, PASSWORD, SLUG, files, mixed, on_each, run, text};
use super::site::{Site, form};
use domain::admission::source::SourceField;
use formats::package::{PackageLimits, read_files};
use server::command::backup::postgres::Login;
use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use store::testkit::on_postgres;

fn backup(at: &Installation, name: &str) -> std::path::PathBuf {
    let out = at.folder().join(name);
    at.xj(["backup", "--out", text(&out)]).well();
    out
}

#[tokio::test]
async fn lost_data_come_back_with_counts_chain_and_accounts() {
    on_each(|at| {
        at.found();
        let package = at.lay_out("mixed", &mixed(91));
        let before = at.import(&package).well().object();
        let export = at.folder().join("export");
        at.xj(["audit", "export", "--tenant", SLUG, "--out", text(&export)])
            .well();
        let backup = backup(at, "backup");
        at.xj(["restore", text(&backup)]).refused();
        at.lose_files();
        if at.on_postgres() {
            // The files are gone, the tables are not.
            at.xj(["restore", text(&backup)]).refused();
            assert!(!at.data().exists());
        }
        at.lose_tables();
        at.xj(["restore", text(&backup)]).well();
        let after = at.import(&package).well().object();
        assert_eq!(after["already"], true);
        for same in ["import", "state", "counts", "rows"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        verify_with(at, &export);
        let site = Site::start(at);
        let answer = site.post("/api/institution/sign-in", &form(LOGIN, PASSWORD));
        assert_eq!(answer.status, 200, "{}", answer.body);
        site.stop();
    })
    .await;
}

/// The restored chain is the one whose checkpoint was kept.
fn verify_with(at: &Installation, kept: &Path) {
    let again = at.folder().join("again");
    at.xj(["audit", "export", "--tenant", SLUG, "--out", text(&again)])
        .well();
    let mut checkpoints = kept.join("checkpoints").read_dir().unwrap();
    let checkpoint = checkpoints.next().unwrap().unwrap().path();
    let key = kept.with_extension("key");
    at.xj(["audit", "verify", text(&again)].into_iter().chain([
        "--checkpoint",
        text(&checkpoint),
        "--key",
        text(&key),
    ]))
    .well();
}

#[test]
fn a_backup_never_holds_a_key() {
    let at = Installation::school();
    let keys = files(at.keys());
    let inside = at.keys().join("backup");
    let refusals = [
        (at.folder().join("a"), Some(at.keys().to_owned())),
        (at.folder().join("b"), Some(at.keys().join("tenants"))),
        (at.folder().join("c"), Some(at.folder().to_owned())),
        (inside.clone(), None),
        (at.keys().to_owned(), None),
        (at.folder().join("data/../keys/backup"), None),
        (at.data().join("backup"), None),
        (at.data().join("files/backup"), None),
    ];
    let before = at.contents();
    for (out, include) in refusals {
        let mut line = vec!["backup", "--out", text(&out)];
        if let Some(include) = &include {
            line.extend(["--include", text(include)]);
        }
        at.xj(&line).refused();
        assert!(out == at.keys() || !out.exists(), "{}", out.display());
    }
    let link = at.folder().join("link");
    std::os::unix::fs::symlink(at.keys(), &link).unwrap();
    at.xj(["backup", "--out", text(&link.join("backup"))])
        .refused();
    let out = at.folder().join("out");
    at.xj(["backup", "--out", text(&out), "--include", text(&link)])
        .refused();
    assert_eq!(files(at.keys()), keys);
    assert_eq!(at.contents(), before);
    let further = at.folder().join("further");
    std::fs::create_dir(&further).unwrap();
    std::fs::write(further.join("settings.toml"), "XJ_LOG = \"json\"\n").unwrap();
    std::os::unix::fs::symlink(at.keys(), further.join("link")).unwrap();
    at.xj(["backup", "--out", text(&out), "--include", text(&further)])
        .well();
    let held = files(&out);
    assert!(held.contains_key("include/further/settings.toml"));
    for (name, bytes) in held {
        assert_ne!(Path::new(&name).extension(), Some("key".as_ref()), "{name}");
        assert!(keys.values().all(|key| *key != bytes), "{name}");
    }
}

#[test]
fn a_database_that_lies_elsewhere_comes_back_there() {
    let at = Installation::new();
    let file = at.folder().join("tables/school.db");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    let xj = |line: &[&str]| {
        let mut command = at.command(line);
        command.env("DATABASE_URL", format!("sqlite:{}", text(&file)));
        run(command, "")
    };
    xj(&["migrate"]).well();
    let named = ["--slug", SLUG, "--code", "10264", "--name", "海洋大学"];
    xj(&[&["tenant", "create"], &named[..]].concat()).well();
    let out = at.folder().join("backup");
    xj(&["backup", "--out", text(&out)]).well();
    at.lose_files();
    let why = xj(&["restore", text(&out)]).refused();
    assert!(why.contains("school.db"), "{why}");
    std::fs::remove_file(&file).unwrap();
    xj(&["restore", text(&out)]).well();
    assert!(xj(&["tenant", "list"]).well().out.contains("海洋大学"));
    assert!(file.exists() && !at.data().join("xueji.sqlite").exists());
}

#[test]
fn a_backup_is_written_over_nothing() {
    let at = Installation::school();
    let out = backup(&at, "backup");
    let before = files(&out);
    let why = at.xj(["backup", "--out", text(&out)]).refused();
    assert!(why.contains("empty"), "{why}");
    assert_eq!(files(&out), before);
}

/// A server that works meanwhile writes files, and removes others.
#[test]
fn a_backup_beside_a_working_server_holds_what_is_finished() {
    let at = Installation::school();
    at.import(&at.lay_out("mixed", &mixed(93))).well();
    let kept = at.data().join("files/1/kept");
    let staged = at.data().join("files/1/coming#1");
    std::fs::write(&kept, "whole").unwrap();
    std::fs::write(&staged, "ha").unwrap();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in (0..200_u32).cycle() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let fleeting = at.data().join(format!("files/1/fleeting-{round}"));
                std::fs::write(&fleeting, [0; 2_000]).unwrap();
                let before = at
                    .data()
                    .join(format!("files/1/fleeting-{}", (round + 100) % 200));
                let _gone = std::fs::remove_file(before);
            }
        });
        let backups: Vec<_> = (0..5)
            .map(|number| {
                let out = at.folder().join(format!("backup-{number}"));
                (at.xj(["backup", "--out", text(&out)]), out)
            })
            .collect();
        over.store(true, Ordering::Relaxed);
        for (backup, out) in backups {
            backup.well();
            assert!(out.join("files/1/kept").exists());
            assert!(!out.join("files/1/coming#1").exists());
        }
    });
    at.lose_files();
    at.xj(["restore", text(&at.folder().join("backup-4"))])
        .well();
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "whole");
}

/// A program in a folder of tools, as a shell script.
fn tool(folder: &Path, name: &str, script: &str) {
    let file = folder.join(name);
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
}

/// The search path with a folder before all others.
fn path_with(tools: &Path) -> String {
    let path = std::env::var_os("PATH").unwrap();
    format!("{}:{}", text(tools), path.to_str().unwrap())
}

/// The only file in the file store.
fn kept_file(at: &Installation) -> String {
    let mut kept = files(&at.data().join("files")).into_keys();
    let one = kept.next().unwrap();
    assert_eq!(kept.next(), None);
    one
}

/// The service goes on while the dump is made: a file that the dump names is removed, another is put.
#[tokio::test]
async fn a_backup_holds_the_files_that_its_database_names() {
    on_postgres(|bed| async move {
        let at = Installation::on(Some(bed));
        at.found();
        at.import(&at.lay_out("mixed", &mixed(94))).well();
        let key = kept_file(&at);
        let object = at.data().join("files").join(&key);
        let bytes = std::fs::read(&object).unwrap();
        let tools = at.folder().join("tools");
        std::fs::create_dir(&tools).unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let script = format!(
            "PATH={} pg_dump \"$@\" && mv {} {}",
            path.to_str().unwrap(),
            text(&object),
            text(&object.with_file_name("later"))
        );
        tool(&tools, "pg_dump", &script);
        let out = at.folder().join("out");
        let mut command = at.command(["backup", "--out", text(&out)]);
        command.env("PATH", path_with(&tools));
        run(command, "").well();
        at.lose_files();
        at.lose_tables();
        at.xj(["restore", text(&out)]).well();
        assert_eq!(std::fs::read(&object).unwrap(), bytes);
        assert!(object.with_file_name("later").exists());
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_lost_is_named_by_backup_and_restore() {
    on_each(|at| {
        at.found();
        at.import(&at.lay_out("mixed", &mixed(95))).well();
        let key = kept_file(at);
        std::fs::remove_file(at.data().join("files").join(&key)).unwrap();
        let out = at.folder().join("out");
        let backup = at.xj(["backup", "--out", text(&out)]).with_code(1);
        assert!(backup.err.contains(&key), "{}", backup.err);
        at.lose_files();
        at.lose_tables();
        let restore = at.xj(["restore", text(&out)]).with_code(1);
        assert!(restore.err.contains(&key), "{}", restore.err);
        // All the rest is there.
        assert!(
            restore.out.contains("0 files; missing 1"),
            "{}",
            restore.out
        );
        at.hire("gh-2", PASSWORD).well();
    })
    .await;
}

/// The role of the service is judged before the database is brought back.
#[tokio::test]
async fn a_role_that_the_service_must_not_have_is_found_before_anything_is_written() {
    on_postgres(|bed| async move {
        let owner = bed.owner().url;
        let at = Installation::on(Some(bed));
        at.found();
        let out = backup(&at, "out");
        at.lose_files();
        at.lose_tables();
        let mut command = at.command(["restore", text(&out)]);
        command.env("DATABASE_URL", &owner);
        let why = run(command, "").refused();
        assert!(why.contains("DATABASE_URL"), "{why}");
        assert!(!at.data().exists());
        // Nor is a table in the way.
        at.xj(["restore", text(&out)]).well();
    })
    .await;
}

#[tokio::test]
async fn half_a_backup_does_not_stand_in_the_way_of_the_next() {
    on_postgres(|bed| async move {
        let at = Installation::on(Some(bed));
        at.found();
        let out = at.folder().join("out");
        let mut command = at.command(["backup", "--out", text(&out)]);
        command.env("XJ_BACKUP_URL", "postgres://xj_backup@127.0.0.1:1/nowhere");
        run(command, "").refused();
        assert!(files(&out).is_empty(), "{:?}", files(&out).keys());
        at.xj(["backup", "--out", text(&out)]).well();
    })
    .await;
}

#[test]
fn a_target_that_holds_anything_is_refused() {
    let at = Installation::school();
    let out = backup(&at, "backup");
    let before = at.contents();
    at.xj(["restore", text(&out)]).refused();
    assert_eq!(at.contents(), before);
    let other = Installation::with_keys_of(&at);
    std::fs::create_dir_all(other.data().join("files/1")).unwrap();
    std::fs::write(other.data().join("files/1/somebody"), b"else").unwrap();
    let before = files(&other.data());
    let why = other.xj(["restore", text(&out)]).refused();
    assert!(why.contains("empty"), "{why}");
    assert_eq!(files(&other.data()), before);
    std::fs::remove_dir_all(other.data()).unwrap();
    other.xj(["restore", text(&out)]).well();
}

#[test]
fn a_damaged_backup_and_foreign_keys_bring_nothing_back() {
    let at = Installation::school();
    at.import(&at.lay_out("mixed", &mixed(92))).well();
    let out = backup(&at, "backup");
    let untouched = |other: &Installation| assert!(files(&other.data()).is_empty());
    let other = Installation::with_keys_of(&at);
    for (name, bytes) in files(&out)
        .into_iter()
        .filter(|(n, _)| n != "manifest.json")
    {
        let file = out.join(&name);
        let mut changed = bytes.clone();
        changed[bytes.len() / 2] ^= 1;
        std::fs::write(&file, changed).unwrap();
        let why = other.xj(["restore", text(&out)]).with_code(2).refused();
        assert!(why.contains(&name), "{why}");
        std::fs::remove_file(&file).unwrap();
        other.xj(["restore", text(&out)]).with_code(2).refused();
        std::fs::write(&file, bytes).unwrap();
    }
    std::fs::write(out.join("files/added"), b"by somebody").unwrap();
    let why = other.xj(["restore", text(&out)]).with_code(2).refused();
    assert!(why.contains("files/added"), "{why}");
    std::fs::remove_file(out.join("files/added")).unwrap();
    other.xj(["restore", text(at.folder())]).refused();
    untouched(&other);
    let foreign = Installation::with_keys_of(&Installation::school());
    foreign.xj(["restore", text(&out)]).refused();
    untouched(&foreign);
    let stranger = Installation::school();
    let foreign = Installation::with_keys_of(&stranger);
    let why = foreign.xj(["restore", text(&out)]).refused();
    assert!(why.contains("another key folder"), "{why}");
    untouched(&foreign);
    other.xj(["restore", text(&out)]).well();
}

#[test]
fn a_backup_is_for_its_owner_only() {
    let at = Installation::school();
    let out = at.folder().join("shared");
    std::fs::create_dir(&out).unwrap();
    std::fs::set_permissions(&out, Permissions::from_mode(0o755)).unwrap();
    at.xj(["backup", "--out", text(&out)]).well();
    let mode = std::fs::metadata(&out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn further_folders_never_lie_over_each_other() {
    let at = Installation::school();
    let (one, two) = (
        at.folder().join("a/settings"),
        at.folder().join("b/settings"),
    );
    for folder in [&one, &two] {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("x"), text(folder)).unwrap();
    }
    let out = at.folder().join("out");
    let include = |folders: &[&str]| {
        let mut line = vec!["backup", "--out", text(&out)];
        line.extend(folders.iter().flat_map(|folder| ["--include", folder]));
        at.xj(&line)
    };
    for folders in [
        &[text(&one), text(&two)][..],
        &[text(&one), text(&one)],
        &[text(&at.folder().join("nowhere"))],
    ] {
        include(folders).refused();
        assert!(!out.exists(), "{folders:?}");
    }
    let inside = one.join("..").join("settings");
    include(&[text(&inside)]).well();
    let held = files(&out);
    assert_eq!(held["include/settings/x"], text(&one).as_bytes());
}

/// Everybody on the machine reads a command line; the environment of a process only its user does.
#[tokio::test]
async fn no_password_stands_on_a_command_line() {
    on_postgres(|bed| async move {
        let (owner, backup) = (bed.owner().url, bed.backup().unwrap().url);
        let at = Installation::on(Some(bed));
        at.found();
        let tools = at.folder().join("tools");
        std::fs::create_dir(&tools).unwrap();
        let told = at.folder().join("told");
        let script = format!(
            "echo \"$0 $*\" >> {told}\necho \"word $PGPASSWORD\" >> {told}\n\
             while [ \"$#\" -gt 0 ]; do [ \"$1\" = --file ] && echo dump > \"$2\"; shift; done\nexit 0",
            told = text(&told)
        );
        for name in ["pg_dump", "pg_restore"] {
            tool(&tools, name, &script);
        }
        let path = path_with(&tools);
        let secret = |url: &str| url.replacen('@', ":ge%2Fheim@", 1);
        let out = at.folder().join("out");
        let xj = |line: &[&str]| {
            let mut command = at.command(line);
            command
                .env("PATH", &path)
                .env("XJ_BACKUP_URL", secret(&backup))
                .env("XJ_MIGRATE_URL", secret(&owner));
            run(command, "")
        };
        xj(&["backup", "--out", text(&out)]).well();
        at.lose_files();
        xj(&["restore", text(&out)]).well();
        let told = std::fs::read_to_string(&told).unwrap();
        assert!(told.contains("pg_dump") && told.contains("pg_restore"), "{told}");
        assert_eq!(told.matches("word ge/heim").count(), 2, "{told}");
        assert!(!told.contains("ge%2Fheim"), "{told}");
    })
    .await;
}

#[test]
fn the_password_of_an_address_is_taken_out_of_it() {
    for (url, kept, password) in [
        ("postgres://xj@db/x", "postgres://xj@db/x", None),
        (
            "postgres://db/x?sslmode=require",
            "postgres://db/x?sslmode=require",
            None,
        ),
        (
            "postgres://xj:s3cret@db:5432/x",
            "postgres://xj@db:5432/x",
            Some("s3cret"),
        ),
        (
            "postgresql://xj:a%40b%2Fc@db",
            "postgresql://xj@db",
            Some("a@b/c"),
        ),
        (
            "postgres://xj:a@b@[::1]:5/x",
            "postgres://xj@[::1]:5/x",
            Some("a@b"),
        ),
        (
            "postgres://xj@db/x?password=a%25b&sslmode=require",
            "postgres://xj@db/x?sslmode=require",
            Some("a%b"),
        ),
        (
            "postgres://xj:100%@db/x",
            "postgres://xj@db/x",
            Some("100%"),
        ),
        (
            "postgres://xj:%E5%AF%86@db/x",
            "postgres://xj@db/x",
            Some("密"),
        ),
    ] {
        let Login {
            url: address,
            password: secret,
        } = Login::of(url);
        assert_eq!(
            (address.as_str(), secret.as_deref()),
            (kept, password),
            "{url}"
        );
    }
}

/// ID numbers of everybody in a package, as the provinces wrote them.
fn numbers(package: &formats::sample::SamplePackage) -> BTreeSet<Vec<u8>> {
    let limits = PackageLimits::default();
    let read = read_files(package.files.clone(), "x", &limits).unwrap();
    let tables = read.folders.iter().flat_map(|folder| &folder.bmk);
    let cells = tables.flat_map(|table| {
        let column = table.column_of(SourceField::Zjhm).unwrap();
        table.rows.iter().map(move |row| row.value(column))
    });
    let numbers = cells.map(|text| text.trim().as_bytes().to_vec());
    numbers.filter(|number| number.len() == 18).collect()
}

/// The texts of 18 digits (the last may be an X) in some bytes.
fn written(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|b| !b.is_ascii_digit() && *b != b'X')
        .flat_map(|run| run.windows(18))
}

/// T-PII-02: whoever finds a backup reads nobody's number in it.
#[tokio::test]
async fn a_lost_backup_tells_no_number() {
    on_each(|at| {
        at.found();
        let sample = mixed(92);
        let package = at.lay_out("mixed", &sample);
        at.import(&package).well();
        let folder = backup(at, "backup");
        if at.on_postgres() {
            // A dump is compressed: it is looked through as it comes back.
            let dumps: Vec<_> = files(&folder)
                .into_keys()
                .filter(|name| {
                    Path::new(name)
                        .extension()
                        .is_some_and(|end| end == "pgdump")
                })
                .collect();
            assert_eq!(dumps.len(), 1, "{dumps:?}");
            let plain = folder.join("plain.sql");
            let mut restore = std::process::Command::new("pg_restore");
            restore
                .arg("--file")
                .arg(&plain)
                .arg(folder.join(&dumps[0]));
            assert!(restore.status().unwrap().success());
        }
        let numbers = numbers(&sample);
        assert!(numbers.len() > 10, "{}", numbers.len());
        let kept = files(&folder);
        for (name, bytes) in &kept {
            let told = written(bytes).find(|text| numbers.contains(*text));
            assert_eq!(told.map(String::from_utf8_lossy), None, "in {name}");
        }
        // What is kept in clear is found: the look goes through the right bytes.
        let one = numbers.iter().next().unwrap();
        assert!(written(&[b"x".as_slice(), one, b"y"].concat()).any(|text| text == one));
        let name = "欧阳".as_bytes();
        let found = |bytes: &Vec<u8>| bytes.windows(name.len()).any(|part| part == name);
        assert!(kept.values().any(found), "an officer's name is not sealed");
    })
    .await;
}
