//! `xj audit`: an export is verified from itself, a checkpoint and a public key, and nothing else.

use super::installation::{Ended, Installation, SLUG, mixed, on_each, run, text, xj};
use std::path::{Path, PathBuf};

/// An export with what a school keeps outside: a checkpoint and the public key.
struct Export {
    dir: PathBuf,
    checkpoint: PathBuf,
    key: PathBuf,
}

impl Export {
    /// Exports the chain of an installation.
    fn of(at: &Installation, name: &str) -> Self {
        let dir = at.folder().join(name);
        at.xj(["audit", "export", "--tenant", SLUG, "--out", text(&dir)])
            .well();
        let kept = at.folder().join(format!("{name}-kept"));
        std::fs::create_dir(&kept).unwrap();
        let (checkpoint, key) = (kept.join("checkpoint.txt"), kept.join("public.key"));
        std::fs::copy(Self::newest(&dir), &checkpoint).unwrap();
        std::fs::copy(dir.with_file_name(format!("{name}.key")), &key).unwrap();
        Self {
            dir,
            checkpoint,
            key,
        }
    }

    /// The newest checkpoint in an export.
    fn newest(dir: &Path) -> PathBuf {
        let all = dir.join("checkpoints").read_dir().unwrap();
        all.map(|entry| entry.unwrap().path()).max().unwrap()
    }

    fn verify(&self) -> Ended {
        verify(&self.dir, &self.checkpoint, &self.key)
    }

    fn files(&self) -> Vec<PathBuf> {
        let all = super::installation::files(&self.dir);
        all.into_keys().map(|name| self.dir.join(name)).collect()
    }
}

/// Verifies with settings that lead nowhere and that every other command refuses.
fn verify(dir: &Path, checkpoint: &Path, key: &Path) -> Ended {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = xj();
    command
        .args(["audit", "verify", text(dir)])
        .args(["--checkpoint", text(checkpoint), "--key", text(key)])
        .env("XJ_DATA", nowhere.path().join("data"))
        .env("XJ_KEYS", nowhere.path().join("keys"))
        .env("XJ_ADDR", "nowhere")
        .env("DATABASE_URL", "nowhere");
    let ended = run(command, "");
    assert_eq!(nowhere.path().read_dir().unwrap().count(), 0);
    ended
}

/// A chain with a bulk act in it and a single act at its end.
fn with_history(at: &Installation) {
    at.found();
    let folder = at.lay_out("mixed", &mixed(81));
    at.import(&folder).well();
    at.hire("gh-20260801", "hai-you-yi-ju-hen-chang-de-kou-ling")
        .well();
}

#[tokio::test]
async fn an_export_is_verified_without_the_installation() {
    on_each(|at| {
        with_history(at);
        let export = Export::of(at, "export");
        let said = export.verify().well().out;
        let events = std::fs::read_to_string(export.dir.join("events.jsonl")).unwrap();
        let events = events.lines().count();
        assert!(
            said.contains(&format!("{events} of {events} events")),
            "{said}"
        );
        at.xj([
            "audit",
            "export",
            "--tenant",
            SLUG,
            "--out",
            text(&export.dir),
        ])
        .refused();
        export.verify().well();
        // A later export still holds what an earlier checkpoint signed.
        at.hire("gh-20260802", "you-shi-yi-ju-hen-chang-de-kou-ling")
            .well();
        let later = Export::of(at, "later");
        verify(&later.dir, &export.checkpoint, &export.key).well();
        verify(&export.dir, &later.checkpoint, &later.key).refused();
    })
    .await;
}

#[test]
fn one_changed_byte_anywhere_is_found() {
    let at = Installation::new();
    with_history(&at);
    let export = Export::of(&at, "export");
    let inside = export.files();
    assert!(inside.iter().any(|file| text(file).contains("leaves")));
    for file in inside.iter().chain([&export.checkpoint, &export.key]) {
        let sound = std::fs::read(file).unwrap();
        let end = sound.len() - 1;
        for place in [0, end / 3, end / 2, end - 1, end] {
            let mut changed = sound.clone();
            changed[place] ^= 1;
            std::fs::write(file, &changed).unwrap();
            let ended = export.verify();
            assert_ne!(ended.code, Some(0), "{}, byte {place}", file.display());
            ended.refused();
        }
        std::fs::write(file, sound).unwrap();
    }
    export.verify().well();
    for file in inside {
        let aside = at.folder().join("aside");
        std::fs::rename(&file, &aside).unwrap();
        export.verify().refused();
        std::fs::rename(&aside, &file).unwrap();
    }
    std::fs::write(export.dir.join("leaves/000000009999.jsonl"), "{}\n").unwrap();
    export.verify().refused();
}

#[test]
fn a_cut_off_end_is_found_also_when_the_rest_agrees_with_itself() {
    let at = Installation::new();
    with_history(&at);
    let export = Export::of(&at, "export");
    let path = export.dir.join("events.jsonl");
    let events = std::fs::read_to_string(&path).unwrap();
    let (rest, _) = events.trim_end().rsplit_once('\n').unwrap();
    std::fs::write(&path, format!("{rest}\n")).unwrap();
    let why = export.verify().with_code(1).refused();
    assert!(why.contains("cut off"), "{why}");
    // Whoever cuts well makes the description fit and takes the checkpoint inside away.
    let newest = Export::newest(&export.dir);
    std::fs::remove_file(&newest).unwrap();
    let last: serde_json::Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
    let meta = export.dir.join("meta.json");
    let mut described: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&meta).unwrap()).unwrap();
    described["events"] = last["seq"].clone();
    described["head"] = last["hash"].clone();
    described["checkpoints"].as_array_mut().unwrap().pop();
    std::fs::write(&meta, format!("{described}\n")).unwrap();
    let why = export.verify().refused();
    assert!(why.contains("cut off"), "{why}");
}

/// Said with the path and the reason; nothing is written where something lies already.
#[test]
fn an_export_says_what_is_in_its_way() {
    let at = Installation::school();
    let out = |name: &str| at.folder().join(name);
    std::fs::write(out("server.key"), "a private key").unwrap();
    std::fs::write(out("file"), "no folder").unwrap();
    let export = |dir: &str| {
        at.xj(["audit", "export", "--tenant", SLUG, "--out", dir])
            .refused()
    };
    for (dir, named, why) in [
        (text(&out("server")), text(&out("server.key")), "exists"),
        (text(&out("file")), text(&out("file")), "exists"),
        (text(at.folder()), text(at.folder()), "empty folder"),
        (".", ".", "a folder with a name"),
    ] {
        let said = export(dir);
        assert!(said.contains(&format!("{named}: ")), "{dir}: {said}");
        assert!(said.contains(why), "{dir}: {said}");
    }
    assert!(!out("server").exists());
    let key = std::fs::read_to_string(out("server.key")).unwrap();
    assert_eq!(key, "a private key");
}

#[test]
fn a_foreign_key_is_refused() {
    let (at, other) = (Installation::school(), Installation::school());
    let (export, foreign) = (Export::of(&at, "export"), Export::of(&other, "export"));
    let why = verify(&export.dir, &export.checkpoint, &foreign.key).refused();
    assert!(why.contains("key"), "{why}");
    verify(&export.dir, &foreign.checkpoint, &foreign.key).refused();
    verify(&foreign.dir, &export.checkpoint, &export.key).refused();
    let none = at.folder().join("none");
    for (dir, checkpoint, key) in [
        (&none, &export.checkpoint, &export.key),
        (&export.dir, &none, &export.key),
        (&export.dir, &export.checkpoint, &none),
        (&export.dir, &export.checkpoint, &export.checkpoint),
    ] {
        verify(dir, checkpoint, key).with_code(2).refused();
    }
    export.verify().well();
}
