//! G-LOG-2: whatever is done to an export, its checkpoint and the public key show it.

use crate::chain::{History, School, act, exported};
use domain::audit::{Seq, Sha256};
use domain::institution::TenantId;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use store::chain::{Exporter, GENESIS, Head, NoteError, VerifyError, link, verify};
use store::testkit::long;
use tempfile::TempDir;

const EVENTS: u64 = 60;
const EVERY: u64 = 20;

struct World {
    school: School,
    history: History,
    checkpoint: String,
    honest: (TempDir, PathBuf),
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let school = School::new(7);
    let history = History::new(&school, EVENTS, EVERY);
    let checkpoint = school.sign(&history.head);
    let honest = exported(&school, &history);
    World {
        school,
        history,
        checkpoint,
        honest,
    }
});

/// A copy of the honest export, to be spoilt.
pub fn copied() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export");
    for folder in ["leaves", "checkpoints", ""] {
        fs::create_dir_all(path.join(folder)).unwrap();
        for entry in fs::read_dir(WORLD.honest.1.join(folder))
            .unwrap()
            .map(Result::unwrap)
        {
            if entry.path().is_file() {
                fs::copy(entry.path(), path.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
    (dir, path)
}

/// What somebody with all rights over the files, but without the signing key, may do.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Changes one byte of one file.
    Flip { file: usize, at: usize, xor: u8 },
    /// Takes a line out.
    Delete { file: usize, line: usize },
    /// Puts a copy of a line somewhere.
    Insert { file: usize, line: usize, at: usize },
    /// Exchanges two lines.
    Swap {
        file: usize,
        line: usize,
        other: usize,
    },
    /// Cuts a file off.
    Truncate { file: usize, keep: usize },
    /// Removes a file.
    Remove { file: usize },
    /// Puts one file in the place of another.
    Replace { file: usize, other: usize },
    /// Adds a file.
    Add { name: usize },
    /// Changes an event and computes every hash after it anew, `meta.json` too.
    Rehash { event: usize, what: usize },
    /// Leaves the last events out and describes the rest correctly.
    CutTail { keep: u64 },
    /// Begins the same chain and goes on differently.
    Fork { from: u64 },
}

const CHANGES: [(&str, &str); 4] = [
    ("\"outcome\":\"done\"", "\"outcome\":\"refused\""),
    ("verification/confirm", "verification/return"),
    ("\"role\":\"counsellor\"", "\"role\":\"officer\""),
    ("\"origin\":\"local\"", "\"origin\":\"10.0.0.0/24\""),
];

pub fn any_edit() -> impl Strategy<Value = Edit> {
    let n = 0..100_000_usize;
    prop_oneof![
        4 => (n.clone(), n.clone(), 1_u8..=255).prop_map(|(file, at, xor)| Edit::Flip { file, at, xor }),
        2 => (n.clone(), n.clone()).prop_map(|(file, line)| Edit::Delete { file, line }),
        2 => (n.clone(), n.clone(), n.clone()).prop_map(|(file, line, at)| Edit::Insert { file, line, at }),
        2 => (n.clone(), n.clone(), n.clone()).prop_map(|(file, line, other)| Edit::Swap { file, line, other }),
        2 => (n.clone(), n.clone()).prop_map(|(file, keep)| Edit::Truncate { file, keep }),
        1 => n.clone().prop_map(|file| Edit::Remove { file }),
        1 => (n.clone(), n.clone()).prop_map(|(file, other)| Edit::Replace { file, other }),
        1 => (0..ADDED.len()).prop_map(|name| Edit::Add { name }),
        3 => (n, 0..CHANGES.len()).prop_map(|(event, what)| Edit::Rehash { event, what }),
        1 => (0..EVENTS).prop_map(|keep| Edit::CutTail { keep }),
        1 => (0..EVENTS).prop_map(|from| Edit::Fork { from }),
    ]
}

const ADDED: [&str; 5] = [
    "notes.txt",
    "leaves/000000000001.jsonl",
    "leaves/7.jsonl",
    "checkpoints/000000000001.txt",
    "events.jsonl.old",
];

/// Every file of an export, with files of which much hangs more than once.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.join("events.jsonl"); 6];
    found.push(path.join("meta.json"));
    for folder in ["leaves", "checkpoints"] {
        let mut inside: Vec<_> = fs::read_dir(path.join(folder))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        inside.sort();
        found.extend(inside);
    }
    found
}

fn pick<T>(from: &[T], n: usize) -> &T {
    &from[n % from.len()]
}

fn lines(file: &Path) -> Vec<Vec<u8>> {
    fs::read(file)
        .unwrap()
        .split_inclusive(|b| *b == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

/// Makes the edited export; `false` when the edit left everything as it was.
pub fn edit(edit: &Edit, path: &Path) -> bool {
    let files = files(path);
    let rewrite = |file: usize, change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let file = pick(&files, file);
        let before = lines(file);
        let mut after = before.clone();
        change(&mut after);
        fs::write(file, after.concat()).unwrap();
        before.concat() != after.concat()
    };
    match edit {
        Edit::Flip { file, at, xor } => rewrite(*file, &|lines| {
            let mut all = lines.concat();
            let at = at % all.len();
            all[at] ^= xor;
            *lines = vec![all];
        }),
        Edit::Delete { file, line } => rewrite(*file, &|lines| {
            lines.remove(line % lines.len());
        }),
        Edit::Insert { file, line, at } => rewrite(*file, &|lines| {
            lines.insert(at % (lines.len() + 1), pick(lines, *line).clone());
        }),
        Edit::Swap { file, line, other } => rewrite(*file, &|lines| {
            let count = lines.len();
            lines.swap(line % count, other % count);
        }),
        Edit::Truncate { file, keep } => rewrite(*file, &|lines| {
            let mut all = lines.concat();
            all.truncate(keep % all.len());
            *lines = vec![all];
        }),
        Edit::Remove { file } => fs::remove_file(pick(&files, *file)).is_ok(),
        Edit::Replace { file, other } => {
            let (file, other) = (pick(&files, *file), pick(&files, *other));
            let changed = fs::read(file).unwrap() != fs::read(other).unwrap();
            fs::copy(other, path.join("copy")).unwrap();
            fs::rename(path.join("copy"), file).unwrap();
            changed
        }
        Edit::Add { name } => {
            fs::write(path.join(ADDED[*name]), b"{}\n").unwrap();
            true
        }
        Edit::Rehash { event, what } => {
            export_again(path, |history| rehash(history, *event, CHANGES[*what]))
        }
        Edit::CutTail { keep } => export_again(path, |history| {
            history.links.truncate(usize::try_from(*keep).unwrap());
            history.rows.retain(|(event, _)| event.get() <= *keep);
            history.checkpoints.retain(|(size, _)| size <= keep);
        }),
        Edit::Fork { from } => export_again(path, |history| fork(history, *from)),
    }
}

fn copy_of(history: &History) -> History {
    History {
        head: history.head.clone(),
        links: history.links.clone(),
        rows: history.rows.clone(),
        checkpoints: history.checkpoints.clone(),
    }
}

fn export_again(path: &Path, change: impl FnOnce(&mut History)) -> bool {
    let mut history = copy_of(&WORLD.history);
    change(&mut history);
    fs::remove_dir_all(path).unwrap();
    history.export(&WORLD.school, path);
    history.links != WORLD.history.links
}

fn rehash(history: &mut History, event: usize, (from, to): (&str, &str)) {
    let changed = event % history.links.len();
    let mut prev = GENESIS;
    for (at, stored) in history.links.iter_mut().enumerate() {
        if at == changed {
            let text = String::from_utf8(stored.canonical.clone()).unwrap();
            stored.canonical = text.replace(from, to).into_bytes();
        }
        stored.prev = Sha256(prev);
        stored.hash = Sha256(link(&prev, &stored.canonical));
        prev = stored.hash.0;
    }
    let changed = changed as u64 + 1;
    history.checkpoints.retain(|(size, _)| *size < changed);
}

fn fork(history: &mut History, from: u64) {
    let mut other = History::new(&WORLD.school, from, EVERY);
    for n in from..EVENTS {
        other.add(act(n + 1000, i64::try_from(n).unwrap(), None));
    }
    *history = other;
}

/// What the verifier finds in an export of the history that is being spoilt.
pub fn verdict(path: &Path) -> Result<u64, VerifyError> {
    verify(path, &WORLD.checkpoint, &WORLD.school.public_key()).map(|report| report.proven)
}

/// The public key of the history.
pub fn public_key() -> String {
    WORLD.school.public_key()
}

/// Writes the checkpoint that the school kept beside an export.
pub fn write_checkpoint(export: &Path) -> PathBuf {
    let file = export.with_extension("checkpoint");
    fs::write(&file, &WORLD.checkpoint).unwrap();
    file
}

/// 200 edits, 10,000 with `XJ_LONG`.
#[test]
fn every_edit_is_noticed() {
    let cases = if long() { 10_000 } else { 200 };
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let (_dir, path) = copied();
    assert_eq!(verdict(&path).unwrap(), EVENTS);
    runner
        .run(&any_edit(), |one| {
            let (_dir, path) = copied();
            prop_assume!(edit(&one, &path));
            prop_assert!(verdict(&path).is_err());
            Ok(())
        })
        .unwrap();
}

fn after(one: &Edit) -> VerifyError {
    let (_dir, path) = copied();
    assert!(edit(one, &path), "{one:?}");
    verdict(&path).unwrap_err()
}

#[test]
fn the_verifier_says_what_is_wrong() {
    let gap = after(&Edit::Delete { file: 0, line: 9 });
    assert!(
        matches!(
            gap,
            VerifyError::Gap {
                expected: 10,
                found: 11
            }
        ),
        "{gap}"
    );
    let gap = after(&Edit::Insert {
        file: 0,
        line: 9,
        at: 9,
    });
    assert!(
        matches!(
            gap,
            VerifyError::Gap {
                expected: 11,
                found: 10
            }
        ),
        "{gap}"
    );
    let gap = after(&Edit::Swap {
        file: 0,
        line: 9,
        other: 10,
    });
    assert!(
        matches!(
            gap,
            VerifyError::Gap {
                expected: 10,
                found: 11
            }
        ),
        "{gap}"
    );
    let cut = after(&Edit::CutTail { keep: 59 });
    assert!(
        matches!(
            cut,
            VerifyError::CutOff {
                events: 59,
                checkpoint: 60
            }
        ),
        "{cut}"
    );
    let other = after(&Edit::Rehash { event: 30, what: 0 });
    assert!(matches!(other, VerifyError::OtherHistory(60)), "{other}");
    let other = after(&Edit::Fork { from: 45 });
    assert!(matches!(other, VerifyError::OtherHistory(60)), "{other}");
    let added = after(&Edit::Add { name: 0 });
    assert!(matches!(added, VerifyError::Unexpected(_)), "{added}");
}

/// T-LOG-05: other keys, other universities, other times.
#[test]
fn checkpoints_of_others_prove_nothing() {
    let (_dir, path) = copied();
    let stranger = School::new(7);
    let found = verify(&path, &WORLD.checkpoint, &stranger.public_key()).unwrap_err();
    assert!(
        matches!(found, VerifyError::Checkpoint(NoteError::NotSigned)),
        "{found}"
    );
    let found = verify(
        &path,
        &stranger.sign(&WORLD.history.head),
        &WORLD.school.public_key(),
    )
    .unwrap_err();
    assert!(
        matches!(found, VerifyError::Checkpoint(NoteError::NotSigned)),
        "{found}"
    );

    let longer = History::new(&WORLD.school, EVENTS + 1, EVERY);
    let found = verify(
        &path,
        &WORLD.school.sign(&longer.head),
        &WORLD.school.public_key(),
    )
    .unwrap_err();
    assert!(
        matches!(
            found,
            VerifyError::CutOff {
                events: EVENTS,
                checkpoint: 61
            }
        ),
        "{found}"
    );
    let found = verify(&path, &WORLD.checkpoint, "x").unwrap_err();
    assert!(
        matches!(found, VerifyError::PublicKey(NoteError::PublicKey)),
        "{found}"
    );
}

/// A neighbour's whole chain, signed with the same key of the same service.
#[test]
fn the_chain_of_another_university_is_refused() {
    let mut school = School::new(8);
    let history = History::new(&school, 5, 1000);
    let (_dir, path) = exported(&school, &history);
    school.tenant = TenantId(7);
    let checkpoint = school.sign(&Head::genesis(school.tenant));
    let found = verify(&path, &checkpoint, &school.public_key()).unwrap_err();
    assert!(matches!(found, VerifyError::OtherTenant(1)), "{found}");
}

#[test]
fn rows_are_those_that_were_hashed() {
    for (at, change) in [(0, "remove"), (1, "double"), (2, "empty")] {
        let (_dir, path) = copied();
        let (event, _) = &WORLD.history.rows[at];
        let file = path.join(format!("leaves/{:012}.jsonl", event.get()));
        match change {
            "remove" => fs::remove_file(&file).unwrap(),
            "double" => fs::write(&file, fs::read(&file).unwrap().repeat(2)).unwrap(),
            _ => fs::write(&file, b"").unwrap(),
        }
        let found = verdict(&path).unwrap_err();
        assert!(
            matches!(found, VerifyError::Rows(n) if n == event.get()),
            "{found}"
        );
    }
}

#[test]
fn an_endless_line_is_refused_without_being_read() {
    let (_dir, path) = copied();
    fs::File::options()
        .write(true)
        .open(path.join("events.jsonl"))
        .unwrap()
        .set_len(1 << 32)
        .unwrap();
    let found = verdict(&path).unwrap_err();
    assert!(
        matches!(found, VerifyError::Line { line: 61, .. }),
        "{found}"
    );
}

#[test]
fn an_export_that_was_not_finished_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export");
    let mut exporter = Exporter::create(&path, &WORLD.school.log()).unwrap();
    for link in &WORLD.history.links {
        exporter.event(link).unwrap();
    }
    drop(exporter.leaves(Seq::new(7).unwrap()).unwrap());
    drop(exporter);
    assert!(matches!(verdict(&path), Err(VerifyError::Io { .. })));
}
