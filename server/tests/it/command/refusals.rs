//! What the program does not begin, and why: each refusal is a sentence, and leaves everything as it was.

use super::installation::{Installation, SLUG, files, mixed, on_each, run, text};
use store::testkit::on_postgres;

#[test]
fn nothing_runs_before_the_schema_is_there() {
    let at = Installation::new();
    for line in [["serve"], ["worker"]] {
        let why = at.xj(line).refused();
        assert!(why.contains("xj migrate"), "{why}");
    }
    at.xj(["migrate"]).well();
    std::fs::remove_dir_all(at.data()).unwrap();
    let why = at.xj(["serve"]).refused();
    assert!(why.contains("xj migrate"), "{why}");
    // Neither did looking make a database that a restore would find in its way.
    assert!(files(&at.data()).is_empty(), "{:?}", files(&at.data()));
}

#[tokio::test]
async fn a_post_in_a_college_needs_one() {
    on_each(|at| {
        at.found();
        let line = |rest: &[&'static str]| {
            let first = [
                "account", "create", "--tenant", SLUG, "--login", "c1", "--name", "某某",
            ];
            at.xj(first.into_iter().chain(rest.iter().copied()))
        };
        let why = line(&["--office", "college"]).with_code(64).refused();
        assert!(why.contains("has no colleges yet"), "{why}");
        let unknown = ["--office", "college", "--college", "77"];
        let why = line(&unknown).with_code(64).refused();
        assert!(why.contains("--college: there is none"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn a_parameter_is_set_from_the_machine_and_a_wrong_one_says_why() {
    on_each(|at| {
        at.found();
        let set = |key: &'static str, value: &'static str| {
            let first = [
                "parameter",
                "set",
                "--tenant",
                SLUG,
                "--basis",
                "校办电话核实",
            ];
            at.xj(first.into_iter().chain(["--key", key, "--value", value]))
        };
        let why = set("no.such", "1").with_code(64).refused();
        assert!(why.contains("xj parameter list"), "{why}");
        let why = set("account.activation_days", "900")
            .with_code(64)
            .refused();
        let takes = "takes a whole number from 1 to 60 (days), such as 14";
        assert!(why.contains("--value") && why.contains(takes), "{why}");
        set("security.office_networks", "").well();
        set("account.activation_days", "21").well();
        let list = at.xj(["parameter", "list", "--tenant", SLUG]).well();
        assert!(
            list.out.contains("account.activation_days\t21"),
            "{}",
            list.out
        );
    })
    .await;
}

#[test]
fn a_data_folder_may_have_any_name() {
    let at = Installation::new();
    let data = at.folder().join("50% of 学籍?#&mode=ro");
    for line in [&["migrate"][..], &["tenant", "list"]] {
        let mut command = at.command(line);
        command.env("XJ_DATA", &data);
        run(command, "").well();
    }
    assert!(data.join("xueji.sqlite").exists());
    assert!(!at.data().exists());
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    on_each(|at| {
        at.found();
        let (data, keys) = (at.contents(), files(at.keys()));
        at.xj(["migrate"]).well();
        assert_eq!(at.contents(), data);
        assert_eq!(files(at.keys()), keys);
    })
    .await;
}

#[test]
fn keys_of_another_installation_are_refused() {
    let (at, other) = (Installation::school(), Installation::school());
    let package = at.lay_out("mixed", &mixed(95));
    let out = at.folder().join("out");
    let before = at.contents();
    let refused = |mut command: std::process::Command| {
        command.env("XJ_KEYS", other.keys());
        let why = run(command, "zhe-shi-yi-ju-hen-chang-de-kou-ling\n").refused();
        assert!(why.contains("another key folder"), "{why}");
    };
    let account = [
        "account",
        "create",
        "--tenant",
        SLUG,
        "--login",
        "l",
        "--name",
        "某某",
        "--office",
        "admissions",
        "--password-stdin",
    ];
    refused(at.command(["serve"]));
    refused(at.command(["worker"]));
    refused(at.command(account));
    refused(at.command(["backup", "--out", text(&out)]));
    let import = [
        "admission",
        "import",
        text(&package),
        "--tenant",
        SLUG,
        "--year",
        "2026",
    ];
    refused(at.command(import.into_iter().chain(["--as", "l"])));
    assert!(!out.exists());
    assert_eq!(at.contents(), before);
}

#[test]
fn a_demo_is_served_on_loopback_only() {
    let at = Installation::school();
    std::fs::write(at.data().join(".demo"), b"").unwrap();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let mut command = at.command(["serve"]);
        command
            .env("XJ_ADDR", address)
            .env("XJ_PUBLIC_URL", "https://xueji.example.edu.cn");
        let why = run(command, "").refused();
        assert!(why.contains("XJ_ADDR") && why.contains("loopback"), "{why}");
    }
    let mut command = at.command(["serve"]);
    command.env("XJ_METRICS_ADDR", "0.0.0.0:0");
    let why = run(command, "").refused();
    assert!(why.contains("XJ_METRICS_ADDR"), "{why}");
}

#[test]
fn a_demo_is_made_only_in_a_folder_of_its_own() {
    let at = Installation::school();
    let before = at.contents();
    let elsewhere = at.folder().join("documents");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("thesis.txt"), b"years of work").unwrap();
    let why = at.xj(["demo"]).refused();
    assert!(why.contains(".demo"), "{why}");
    let why = at.xj(["demo", "--data", text(&elsewhere)]).refused();
    assert!(why.contains(".demo"), "{why}");
    assert_eq!(at.contents(), before);
    assert_eq!(files(&elsewhere).len(), 1);
}

#[test]
fn a_wrong_setting_stops_the_start() {
    let at = Installation::school();
    let inside = at.data().join("keys");
    for (name, value) in [
        ("XJ_ADDR", "everywhere"),
        ("XJ_KEYS", text(&inside)),
        ("XJ_PUBLIC_URL", "http://xueji.example.edu.cn"),
        ("XJ_LOG", "yaml"),
        ("RUST_LOG", "info,server=loud=very"),
    ] {
        let mut command = at.command(["serve"]);
        command.env(name, value);
        let why = run(command, "").refused();
        assert!(why.contains(name), "{name}: {why}");
    }
}

#[test]
fn a_setting_that_is_none_and_a_wrong_file_stop_the_start() {
    let at = Installation::school();
    let file = at.folder().join("xueji.toml");
    std::fs::write(&file, "XJ_LOG = [\"json\"]\n").unwrap();
    for (name, value, said) in [
        ("XJ_ADRESS", "127.0.0.1:0", "XJ_ADRESS"),
        ("XJ_CONFIG", text(&file), "XJ_LOG"),
        ("XJ_CONFIG", "/nowhere/xueji.toml", "XJ_CONFIG"),
    ] {
        let mut command = at.command(["serve"]);
        command.env(name, value);
        let why = run(command, "").refused();
        assert!(why.contains(said), "{name}: {why}");
    }
}

#[test]
fn a_named_folder_without_a_client_or_without_fonts_stops_the_start() {
    let at = Installation::school();
    let (empty, broken) = (at.folder().join("empty"), at.folder().join("broken"));
    for folder in [&empty, &broken] {
        std::fs::create_dir(folder).unwrap();
    }
    std::fs::write(broken.join("assets.json"), "{\"css\": \"\"}").unwrap();
    std::fs::write(broken.join("song.ttf"), "this is no font").unwrap();
    for name in ["XJ_SITE", "XJ_FONTS"] {
        for folder in [&empty, &broken, &at.folder().join("nowhere")] {
            let mut command = at.command(["serve"]);
            command.env(name, folder);
            let why = run(command, "").refused();
            assert!(why.contains(name), "{name}: {why}");
        }
    }
}

#[test]
fn keys_are_made_once_and_outside_the_data_only() {
    let at = Installation::new();
    let inside = at.data().join("keys");
    let link = at.folder().join("link");
    std::fs::create_dir(at.data()).unwrap();
    std::os::unix::fs::symlink(at.data(), &link).unwrap();
    let migrate = |keys: &std::path::Path| {
        let mut command = at.command(["migrate"]);
        command.env("XJ_KEYS", keys);
        run(command, "")
    };
    for keys in [link.join("keys"), at.folder().join("x/../data/keys")] {
        migrate(&keys).refused();
        assert!(!inside.exists(), "{}", keys.display());
    }
    // Cut off while they were made: nothing can have been written with them.
    at.xj(["migrate"]).well();
    let root = at.keys().join("root.key");
    let kept = std::fs::read(&root).unwrap();
    std::fs::remove_file(&root).unwrap();
    let why = at.xj(["migrate"]).refused();
    assert!(why.contains("cut off") && why.contains("remove"), "{why}");
    std::fs::write(&root, kept).unwrap();
    let only_owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&root, only_owner).unwrap();
    // Lost from under a university: new ones would open nothing.
    let named = ["--slug", SLUG, "--code", "10264", "--name", "海洋大学"];
    at.xj(["tenant", "create"].into_iter().chain(named)).well();
    std::fs::remove_file(&root).unwrap();
    let before = files(at.keys());
    let why = at.xj(["migrate"]).refused();
    assert!(why.contains("bring it back"), "{why}");
    assert_eq!(files(at.keys()), before);
}

/// The list of schools that is built in is of a certain day, and universities are founded.
#[test]
fn a_school_that_no_list_knows_is_asked_for_its_province() {
    let at = Installation::on(None);
    at.xj(["migrate"]).well();
    let named = ["--slug", "new", "--code", "14999", "--name", "新建大学"];
    let create = |more: &[&'static str]| {
        let line = ["tenant", "create"].into_iter().chain(named);
        at.xj(line.chain(more.iter().copied()))
    };
    let asked = create(&[]);
    assert_eq!(asked.code, Some(64), "{asked:?}");
    assert!(asked.err.contains("14999") && asked.err.contains("--province"));
    assert!(!at.xj(["tenant", "list"]).well().out.contains("new"));
    create(&["--province", "33"]).well();
    assert!(at.xj(["tenant", "list"]).well().out.contains("新建大学"));
}

#[test]
fn a_key_folder_that_others_can_read_is_refused() {
    let at = Installation::school();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(at.keys(), open).unwrap();
    let why = at.xj(["serve"]).refused();
    assert!(why.contains("755") && why.contains("0700"), "{why}");
}

#[tokio::test]
async fn serve_refuses_the_owner_and_the_backup_role() {
    on_postgres(|bed| async move {
        let at = Installation::on(Some(bed));
        at.found();
        for url in at.roles_that_pass_the_walls() {
            let mut command = at.command(["serve"]);
            command.env("DATABASE_URL", &url);
            let why = run(command, "").refused();
            assert!(why.contains("xj_app"), "{why}");
            assert!(why.contains("DATABASE_URL"), "{why}");
        }
    })
    .await;
}

#[test]
fn a_line_that_cannot_be_written_is_an_error() {
    let at = Installation::school();
    let full = || std::fs::File::create("/dev/full").unwrap();
    let folder = at.lay_out("mixed", &mixed(96));
    let check = ["admission", "check", text(&folder), "--tenant", SLUG];
    for line in [vec!["migrate"], vec!["tenant", "list"], {
        let mut check = check.to_vec();
        check.extend(["--year", "2026", "--json"]);
        check
    }] {
        let mut command = at.command(&line);
        let ended = command.stdout(full()).output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert!(err.starts_with("xj: standard output"), "{line:?}: {err}");
        assert_eq!(ended.status.code(), Some(70), "{line:?}");
    }
}

#[tokio::test]
async fn an_account_is_not_made_from_what_does_not_fit() {
    on_each(|at| {
        at.found();
        let before = at.contents();
        let make = |login: &str, name: &str, office: &str, password: &str| {
            let command = at.command([
                "account",
                "create",
                "--tenant",
                SLUG,
                "--login",
                login,
                "--name",
                name,
                "--office",
                office,
                "--password-stdin",
            ]);
            run(command, &format!("{password}\n")).refused()
        };
        let good = "zhe-ye-shi-yi-ju-hen-chang-de-kou-ling";
        make("gh-1", "某某", "admissions", "");
        make("gh-1", "某某", "admissions", "short");
        make("gh-1", "某某", "nowhere", good);
        make("gh-1", "", "admissions", good);
        make(super::installation::LOGIN, "某某", "admissions", good);
        assert_eq!(at.contents(), before);
    })
    .await;
}
