//! `xj demo`: what it refuses, what it makes anew, and what is said about a demo that is there.

use super::installation::{Installation, files, on_each, run, text};
use store::DemoMark;
use store::testkit::on_postgres;

/// Marks the database of an installation as a demonstration.
async fn mark(at: &Installation, ready: bool) {
    let store = at.store().await;
    let mark = DemoMark {
        ready,
        seed: 7,
        students: 1,
        year: 2026,
    };
    store.control().set_demo(&mark).await.unwrap();
    store.close().await.unwrap();
}

/// The mark in the database holds wherever the data folder lies.
#[tokio::test]
async fn a_marked_database_is_served_on_loopback_only() {
    let at = Installation::school();
    mark(&at, true).await;
    assert!(!at.data().join(".demo").exists());
    let mut command = at.command(["serve"]);
    command
        .env("XJ_ADDR", "0.0.0.0:0")
        .env("XJ_PUBLIC_URL", "https://xueji.example.edu.cn");
    let why = run(command, "").refused();
    assert!(why.contains("XJ_ADDR") && why.contains("loopback"), "{why}");
}

/// A database with universities of its own is left alone, even when the data folder is new.
#[tokio::test]
async fn a_demo_is_made_only_in_a_database_of_its_own() {
    on_each(|at| {
        at.found();
        let elsewhere = at.folder().join("elsewhere");
        let mut command = at.command(["demo"]);
        command.env("XJ_DATA", &elsewhere);
        let sqlite = at.data().join("xueji.sqlite");
        if sqlite.exists() {
            let url = format!("sqlite:{}", sqlite.display());
            command
                .env("DATABASE_URL", &url)
                .env("XJ_MIGRATE_URL", &url);
        }
        let why = run(command, "").refused();
        assert!(why.contains("DATABASE_URL"), "{why}");
        assert!(!elsewhere.exists(), "nothing was touched");
    })
    .await;
}

/// Stopped half-way, a demonstration is made anew; the one that is there is never changed by other numbers.
#[tokio::test]
async fn a_demo_that_was_not_finished_is_made_anew() {
    let at = Installation::new();
    at.xj(["migrate"]).well();
    std::fs::write(at.data().join(".demo"), b"").unwrap();
    mark(&at, false).await;
    let demo = ["demo", "--students", "1"];
    let told = at.xj(demo).well().out;
    assert!(told.lines().count() > 40, "{told}");
    for tenant in ["operator\t", "shou\t", "jsut\t"] {
        assert!(
            told.lines().any(|line| line.starts_with(tenant)),
            "{tenant}"
        );
    }
    assert_eq!(
        at.xj(["demo"]).well().out,
        told,
        "a second time says the same"
    );
    // One of an earlier version of the program lacks tables and columns: nothing in it is worth keeping.
    let sheet = at.data().join(".demo");
    std::fs::write(&sheet, "made-up people\n").unwrap();
    let kept = at.data().join("files/kept");
    std::fs::write(&kept, b"of the earlier one").unwrap();
    assert_eq!(at.xj(["demo"]).well().out, at.xj(["demo"]).well().out);
    assert!(!kept.exists(), "it was made anew");
    assert!(std::fs::read_to_string(&sheet).unwrap().contains("tables "));
    std::fs::write(&kept, b"of this one").unwrap();
    at.xj(["demo"]).well();
    assert!(kept.exists(), "and stays then");
    std::fs::remove_file(&kept).unwrap();
    at.xj(["demo"]).well();
    let before = files(&at.data()).len();
    for other in [["--students", "9"], ["--seed", "8"]] {
        let why = at.xj(["demo", other[0], other[1]]).refused();
        assert!(why.contains("seed 7"), "{why}");
    }
    assert_eq!(files(&at.data()).len(), before);
    assert!(text(&at.data()).ends_with("data"));
}

/// PostgreSQL's database is not the program's to drop: it says what to run, and touches nothing.
#[tokio::test]
async fn an_unfinished_demo_on_postgresql_says_how_to_go_on() {
    on_postgres(|bed| async move {
        let mark = DemoMark {
            ready: false,
            seed: 7,
            students: 1,
            year: 2026,
        };
        bed.store().control().set_demo(&mark).await.unwrap();
        let at = Installation::on(Some(bed));
        let why = at.xj(["demo", "--students", "1"]).refused();
        for word in [
            "not finished",
            "DROP DATABASE \"",
            "CREATE DATABASE \"",
            "OWNER \"",
            "xj demo",
        ] {
            assert!(why.contains(word), "{word} in {why}");
        }
        assert!(!why.contains("\"\""), "the names are there: {why}");
        assert!(!why.contains("://"), "no address with a password: {why}");
    })
    .await;
}
