//! What `xj restore` says it brought back is what is there: included folders, files that are missing, modes of files.

use super::installation::{Installation, SLUG, files, mixed, on_each, text};
use aws_lc_rs::digest::{SHA256, digest};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A backup that took a folder with two files along.
fn with_included(at: &Installation) -> PathBuf {
    let further = at.folder().join("further");
    std::fs::create_dir_all(further.join("fonts")).unwrap();
    std::fs::write(further.join("settings.toml"), "XJ_LOG = \"json\"\n").unwrap();
    std::fs::write(further.join("fonts/song.ttf"), "a font").unwrap();
    let out = at.folder().join("out");
    at.xj(["backup", "--out", text(&out), "--include", text(&further)])
        .well();
    out
}

#[tokio::test]
async fn what_was_included_comes_back_where_it_is_asked_for() {
    on_each(|at| {
        at.found();
        at.import(&at.lay_out("mixed", &mixed(97))).well();
        let out = with_included(at);
        let kept = files(&at.data().join("files")).len();
        at.lose_files();
        at.lose_tables();
        let to = at.folder().join("brought");
        let told = at
            .xj(["restore", text(&out), "--included-to", text(&to)])
            .well()
            .out;
        assert!(told.contains(&format!("{kept} files; missing 0")), "{told}");
        let said = format!("restored 2 included files to {}", text(&to));
        assert!(told.contains(&said), "{told}");
        let brought = files(&to);
        assert_eq!(brought.len(), 2);
        assert_eq!(brought["further/fonts/song.ttf"], b"a font");
    })
    .await;
}

#[test]
fn what_was_included_and_stays_in_the_backup_is_named() {
    let at = Installation::school();
    let out = with_included(&at);
    at.lose_files();
    let told = at.xj(["restore", text(&out)]).well().out;
    assert!(told.contains("not restored: 2 included files"), "{told}");
    assert!(told.contains(text(&out.join("include"))), "{told}");
}

#[test]
fn a_place_for_what_was_included_is_free_and_apart() {
    let at = Installation::school();
    let (plain, out) = (at.folder().join("plain"), with_included(&at));
    at.xj(["backup", "--out", text(&plain)]).well();
    at.lose_files();
    let full = at.folder().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("thesis.txt"), "years of work").unwrap();
    let to = |from: &Path, place: &Path| {
        let line = ["restore", text(from), "--included-to", text(place)];
        let why = at.xj(line).with_code(64).refused();
        assert!(why.contains("--included-to"), "{why}");
        assert!(!at.data().exists(), "nothing is written: {why}");
    };
    to(&plain, &at.folder().join("new"));
    to(&out, &full);
    to(&out, &full.join("thesis.txt"));
    to(&out, &at.data().join("included"));
    to(&out, &at.keys().join("included"));
    to(&out, &out.join("again"));
    assert_eq!(files(&full).len(), 1);
}

/// The manifest agrees with a database that is none: found when it is opened.
#[test]
fn a_restore_that_fails_leaves_nothing_behind() {
    let at = Installation::school();
    at.import(&at.lay_out("mixed", &mixed(98))).well();
    let out = with_included(&at);
    let (database, manifest) = (out.join("xueji.sqlite"), out.join("manifest.json"));
    let broken = b"this is no database, and long enough to be looked at".repeat(40);
    std::fs::write(&database, &broken).unwrap();
    let mut told: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let entry = &mut told["files"]["xueji.sqlite"];
    entry["size"] = broken.len().into();
    let hash = digest(&SHA256, &broken);
    entry["sha256"] = domain::audit::hex::encode(hash.as_ref()).into();
    std::fs::write(&manifest, told.to_string()).unwrap();
    at.lose_files();
    let to = at.folder().join("brought");
    at.xj(["restore", text(&out), "--included-to", text(&to)])
        .refused();
    assert!(
        files(&at.data()).is_empty(),
        "{:?}",
        files(&at.data()).keys()
    );
    assert!(files(&to).is_empty(), "{:?}", files(&to).keys());
}

/// Others on the machine read neither data nor backup.
#[test]
fn data_and_backup_are_their_owners_alone() {
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let at = Installation::school();
    let database = at.data().join("xueji.sqlite");
    let own = |at: &Installation| {
        assert_eq!(mode(&at.data()), 0o700);
        assert_eq!(mode(&database), 0o600);
    };
    own(&at);
    let out = at.folder().join("out");
    at.xj(["backup", "--out", text(&out)]).well();
    assert_eq!(mode(&out.join("xueji.sqlite")), 0o600);
    assert_eq!(mode(&out.join("manifest.json")), 0o600);
    at.lose_files();
    at.xj(["restore", text(&out)]).well();
    own(&at);
    let list = at.xj(["tenant", "list"]).well().out;
    assert!(list.contains(SLUG), "{list}");
}

#[test]
fn keys_that_were_made_are_told_of_once() {
    let at = Installation::new();
    let first = at.xj(["migrate"]).well().out;
    assert!(first.contains(text(at.keys())), "{first}");
    assert!(first.contains("apart from the data"), "{first}");
    let second = at.xj(["migrate"]).well().out;
    assert!(!second.contains(text(at.keys())), "{second}");
}
