//! The key folder: private, never mixed up, never lost by a change, and gone for good when it is destroyed.

use crate::golden;
use domain::audit::hex;
use domain::institution::TenantId;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use store::keys::{KeyError, KeyRing, Purpose, RingMarker, TenantKeys};
use store::seal::{Place, Sealed, open, seal};
use tempfile::TempDir;
use uuid::Uuid;

const PLACE: Place = Place::new("person", "id_number", Uuid::from_u128(1));
const A: TenantId = TenantId(1);
const B: TenantId = TenantId(2);

fn fresh() -> (TempDir, PathBuf, KeyRing) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys");
    let ring = KeyRing::create(&path).unwrap();
    (dir, path, ring)
}

fn files(path: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for folder in [path.to_owned(), path.join("tenants")] {
        for entry in fs::read_dir(&folder).unwrap() {
            let file = entry.unwrap().path();
            if file.is_file() {
                let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
                found.insert(file.clone(), (mode, fs::read(&file).unwrap()));
            }
        }
    }
    found
}

fn write(path: &Path, bytes: &[u8]) {
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    fs::write(path, bytes).unwrap();
}

fn sealed(keys: &TenantKeys) -> Sealed {
    seal(keys, Purpose::Identity, &PLACE, b"plain").unwrap()
}

fn reads(keys: &TenantKeys, value: &Sealed) -> bool {
    open(keys, Purpose::Identity, &PLACE, value).is_ok_and(|plain| plain.as_slice() == b"plain")
}

#[test]
fn a_new_folder_is_private_and_opens() {
    let (_dir, path, ring) = fresh();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(
        fs::metadata(path.join("tenants"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    ring.create_tenant(A).unwrap();
    for (file, (mode, _)) in files(&path) {
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    let again = KeyRing::open(&path).unwrap();
    assert_eq!(again.marker(), ring.marker());
    assert_eq!(again.signer().public_key(), ring.signer().public_key());
    assert_eq!(again.activation().expose(), ring.activation().expose());
    assert_ne!(again.activation().expose(), again.session().expose());
}

/// What belongs to no university is sealed with keys of the folder that outlive its root key, and with no university's.
#[test]
fn the_platforms_own_keys_belong_to_the_folder() {
    let (_dir, path, ring) = fresh();
    let value = sealed(ring.platform());
    assert!(!reads(&ring.create_tenant(A).unwrap(), &value));
    ring.rotate_root().unwrap();
    assert!(reads(KeyRing::open(&path).unwrap().platform(), &value));
    let (_other, _, other) = fresh();
    assert!(!reads(other.platform(), &value));
    assert!(ring.tenant(TenantId::PLATFORM).is_err());
}

#[test]
fn a_folder_that_was_not_finished_says_what_to_do() {
    let (_dir, path, _ring) = fresh();
    fs::remove_file(path.join("root.key")).unwrap();
    assert!(matches!(
        KeyRing::create(&path),
        Err(KeyError::Unfinished(_))
    ));
    fs::remove_dir_all(&path).unwrap();
    KeyRing::create(&path).unwrap();
    KeyRing::open(&path).unwrap().create_tenant(A).unwrap();
    fs::remove_file(path.join("root.key")).unwrap();
    assert!(matches!(KeyRing::create(&path), Err(KeyError::Exists(_))));
}

#[test]
fn keys_are_made_only_when_asked_for_and_never_over_others() {
    let (dir, path, _ring) = fresh();
    assert!(matches!(
        KeyRing::open(&dir.path().join("other")),
        Err(KeyError::Missing(_))
    ));
    assert!(!dir.path().join("other").exists());
    let before = files(&path);
    assert!(matches!(KeyRing::create(&path), Err(KeyError::Exists(_))));
    assert_eq!(files(&path), before);

    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(matches!(
        KeyRing::create(&empty),
        Err(KeyError::TooOpen { .. })
    ));
    fs::set_permissions(&empty, Permissions::from_mode(0o700)).unwrap();
    KeyRing::create(&empty).unwrap();
}

#[test]
fn an_unfinished_folder_does_not_open() {
    let (_dir, path, _ring) = fresh();
    for name in [
        "root.key",
        "marker.key",
        "signing.key",
        "activation.key",
        "session.key",
    ] {
        let text = fs::read(path.join(name)).unwrap();
        fs::remove_file(path.join(name)).unwrap();
        assert!(
            matches!(KeyRing::open(&path), Err(KeyError::Missing(_))),
            "{name}"
        );
        fs::write(path.join(name), text).unwrap();
        fs::set_permissions(path.join(name), Permissions::from_mode(0o400)).unwrap();
    }
    KeyRing::open(&path).unwrap();
}

#[test]
fn what_others_may_read_is_refused() {
    let (_dir, path, ring) = fresh();
    ring.create_tenant(A).unwrap();
    for folder in [path.clone(), path.join("tenants")] {
        for mode in [0o701, 0o710, 0o750, 0o755, 0o770, 0o777] {
            fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(KeyRing::open(&path), Err(KeyError::TooOpen { .. })),
                "{mode:o}"
            );
        }
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    }
    for name in [
        "root.key",
        "marker.key",
        "signing.key",
        "activation.key",
        "session.key",
    ] {
        for mode in [0o604, 0o640, 0o660, 0o700, 0o644] {
            fs::set_permissions(path.join(name), Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(KeyRing::open(&path), Err(KeyError::TooOpen { .. })),
                "{name} {mode:o}"
            );
        }
        fs::set_permissions(path.join(name), Permissions::from_mode(0o400)).unwrap();
    }
    let ring = KeyRing::open(&path).unwrap();
    fs::set_permissions(path.join("tenants/1.key"), Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(ring.tenant(A), Err(KeyError::TooOpen { .. })));
}

#[test]
fn links_are_refused() {
    let (dir, path, _ring) = fresh();
    let elsewhere = dir.path().join("elsewhere.key");
    fs::rename(path.join("root.key"), &elsewhere).unwrap();
    symlink(&elsewhere, path.join("root.key")).unwrap();
    assert!(matches!(KeyRing::open(&path), Err(KeyError::NotPlain(_))));

    let linked = dir.path().join("linked");
    symlink(&path, &linked).unwrap();
    assert!(matches!(KeyRing::open(&linked), Err(KeyError::NotPlain(_))));
}

/// T-CRY-09
#[test]
fn a_wrong_root_key_is_refused_and_nothing_is_touched() {
    let (_dir, path, ring) = fresh();
    ring.create_tenant(A).unwrap();
    let (_other_dir, other, _other_ring) = fresh();
    let right = ["root.key", "marker.key"].map(|name| fs::read(path.join(name)).unwrap());
    write(
        &path.join("root.key"),
        &fs::read(other.join("root.key")).unwrap(),
    );
    let before = files(&path);
    assert!(matches!(KeyRing::open(&path), Err(KeyError::WrongRoot(_))));
    assert!(matches!(ring.rotate_root(), Err(KeyError::WrongRoot(_))));
    assert!(matches!(ring.rotate_tenant(A), Err(KeyError::WrongRoot(_))));
    assert!(matches!(ring.create_tenant(B), Err(KeyError::WrongRoot(_))));
    assert_eq!(files(&path), before);

    for name in ["root.key", "marker.key"] {
        write(&path.join(name), &fs::read(other.join(name)).unwrap());
    }
    let before = files(&path);
    assert!(
        matches!(ring.create_tenant(B), Err(KeyError::WrongRing)),
        "the whole folder was exchanged"
    );
    assert!(matches!(ring.rotate_root(), Err(KeyError::WrongRing)));
    assert_eq!(files(&path), before);

    for (name, right) in ["root.key", "marker.key"].iter().zip(&right) {
        write(&path.join(name), right);
    }
    KeyRing::open(&path).unwrap().tenant(A).unwrap();
}

#[test]
fn data_of_another_key_folder_are_refused() {
    let (_dir, path, ring) = fresh();
    let (_other_dir, _, other) = fresh();
    let stored = RingMarker::stored(ring.marker().as_str().to_owned());
    ring.ensure_ring_of(&stored).unwrap();
    assert!(matches!(
        other.ensure_ring_of(&stored),
        Err(KeyError::WrongRing)
    ));
    assert!(matches!(
        ring.ensure_ring_of(&RingMarker::stored(String::new())),
        Err(KeyError::WrongRing)
    ));
    ring.rotate_root().unwrap();
    KeyRing::open(&path)
        .unwrap()
        .ensure_ring_of(&stored)
        .unwrap();
}

#[test]
fn keys_and_data_lie_apart() {
    let (dir, path, ring) = fresh();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("keys-data")).unwrap();
    symlink(&path, at("link")).unwrap();
    for apart in ["data", "keys-data", "data/deep/er", "keys/../data"] {
        ring.ensure_outside(&at(apart)).unwrap();
    }
    for mixed in [
        "keys",
        "keys/data",
        "keys/tenants",
        "",
        "link",
        "link/data",
        "data/../keys/x",
        "keys-data/..",
    ] {
        assert!(
            matches!(
                ring.ensure_outside(&at(mixed)),
                Err(KeyError::InsideData { .. })
            ),
            "{mixed}"
        );
    }
}

#[test]
fn each_changed_byte_of_a_key_file_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    golden::lay_out(dir.path());
    for name in ["root.key", "marker.key", "signing.key", "tenants/7.key"] {
        let path = dir.path().join(name);
        let right = fs::read(&path).unwrap();
        for at in 0..right.len() {
            let mut changed = right.clone();
            changed[at] ^= 1 << (at % 7);
            write(&path, &changed);
            let found = KeyRing::open(dir.path()).and_then(|ring| ring.tenant(TenantId(7)));
            assert!(found.is_err(), "{name}, byte {at}");
        }
        write(&path, &right[..right.len() - 1]);
        assert!(
            KeyRing::open(dir.path())
                .and_then(|ring| ring.tenant(TenantId(7)))
                .is_err()
        );
        write(&path, &right);
    }
    KeyRing::open(dir.path())
        .unwrap()
        .tenant(TenantId(7))
        .unwrap();
}

#[test]
fn the_keys_of_one_university_do_not_serve_another() {
    let (_dir, path, ring) = fresh();
    let of_a = sealed(&ring.create_tenant(A).unwrap());
    assert!(matches!(ring.tenant(B), Err(KeyError::NoTenant(B))));
    assert!(!reads(&ring.create_tenant(B).unwrap(), &of_a));
    assert!(matches!(ring.create_tenant(A), Err(KeyError::Exists(_))));

    let moved = fs::read(path.join("tenants/1.key")).unwrap();
    write(&path.join("tenants/2.key"), &moved);
    assert!(matches!(ring.tenant(B), Err(KeyError::Damaged(_))));
    let renamed = String::from_utf8(moved)
        .unwrap()
        .replace("tenant 1", "tenant 2");
    write(&path.join("tenants/2.key"), renamed.as_bytes());
    assert!(matches!(ring.tenant(B), Err(KeyError::WrongRoot(_))));
    assert!(reads(&ring.tenant(A).unwrap(), &of_a));
}

#[test]
fn a_new_sealing_key_reaches_every_process_and_leaves_old_values_readable() {
    let (_dir, path, ring) = fresh();
    let other = KeyRing::open(&path).unwrap();
    let old = sealed(&ring.create_tenant(A).unwrap());
    assert_eq!(other.tenant(A).unwrap().newest(), 1);
    for newest in 2..6 {
        assert_eq!(ring.rotate_tenant(A).unwrap().newest(), newest);
        let keys = other.tenant(A).unwrap();
        assert!(reads(&keys, &old));
        let fresh = sealed(&keys);
        assert_eq!(fresh.key_id(), Some(newest));
        assert!(reads(&ring.tenant(A).unwrap(), &fresh));
    }
    assert_eq!(old.key_id(), Some(1));
    assert!(matches!(ring.rotate_tenant(B), Err(KeyError::NoTenant(B))));
}

#[test]
fn a_new_root_key_changes_every_file_and_no_value() {
    let (_dir, path, ring) = fresh();
    let values = [A, B].map(|t| sealed(&ring.create_tenant(t).unwrap()));
    let other = KeyRing::open(&path).unwrap();
    let before = files(&path);
    ring.rotate_root().unwrap();
    for (file, (_, bytes)) in files(&path) {
        assert!(
            bytes.is_empty() || before[&file].1 != bytes,
            "{}",
            file.display()
        );
    }
    for ring in [ring, other, KeyRing::open(&path).unwrap()] {
        for (tenant, value) in [A, B].iter().zip(&values) {
            assert!(reads(&ring.tenant(*tenant).unwrap(), value));
        }
    }
}

/// T-CRY-08: a change of the root key that was cut off after each single file.
#[test]
fn an_interrupted_change_of_the_root_key_is_finished_later() {
    let (dir, path, ring) = fresh();
    let value = sealed(&ring.create_tenant(A).unwrap());
    let before = files(&path);
    ring.rotate_root().unwrap();
    let after = files(&path);
    let root = path.join("root.key");
    let newest = String::from_utf8(after[&root].1.clone()).unwrap();
    let both =
        String::from_utf8(before[&root].1.clone()).unwrap() + newest.lines().nth(1).unwrap() + "\n";

    let wrapped: Vec<_> = before
        .keys()
        .filter(|p| **p != root && p.extension().is_some())
        .collect();
    for done in 0..=wrapped.len() {
        write(&root, both.as_bytes());
        for (at, file) in wrapped.iter().enumerate() {
            write(file, &if at < done { &after } else { &before }[*file].1);
        }
        write_leftover(&path.join("tenants/1.new"));
        let ring = KeyRing::open(&path).unwrap();
        assert!(
            reads(&ring.tenant(A).unwrap(), &value),
            "cut off after {done}"
        );
        ring.rotate_root().unwrap();
        let finished = KeyRing::open(&path).unwrap();
        assert!(reads(&finished.tenant(A).unwrap(), &value));
        assert_eq!(fs::read_to_string(&root).unwrap().lines().count(), 2);
        assert!(!path.join("tenants/1.new").exists());
    }
    drop(dir);
}

fn write_leftover(path: &Path) {
    fs::write(path, b"cut off").unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// T-CRY-10, T-CRY-12
#[test]
fn destroyed_keys_are_gone_for_every_process_and_for_good() {
    let (_dir, path, ring) = fresh();
    let values = [A, B].map(|t| sealed(&ring.create_tenant(t).unwrap()));
    let other = KeyRing::open(&path).unwrap();
    assert!(reads(&other.tenant(A).unwrap(), &values[0]));
    let length = fs::metadata(path.join("tenants/1.key")).unwrap().len();
    let kept = fs::read(path.join("tenants/1.key")).unwrap();

    let certificate = ring.shred_tenant(A).unwrap();
    assert_eq!((certificate.tenant, certificate.overwritten), (A, length));
    assert!(!path.join("tenants/1.key").exists());
    for ring in [&ring, &other, &KeyRing::open(&path).unwrap()] {
        assert!(matches!(ring.tenant(A), Err(KeyError::Shredded(A))));
        assert!(matches!(ring.create_tenant(A), Err(KeyError::Shredded(A))));
        assert!(matches!(ring.rotate_tenant(A), Err(KeyError::Shredded(A))));
        assert!(reads(&ring.tenant(B).unwrap(), &values[1]));
    }

    fs::write(path.join("tenants/1.key"), kept).unwrap();
    assert!(
        matches!(other.tenant(A), Err(KeyError::Shredded(A))),
        "a stray copy brings nothing back"
    );
    assert_eq!(other.shred_tenant(A).unwrap().overwritten, length);
    assert_eq!(other.shred_tenant(A).unwrap().overwritten, 0);
    assert!(matches!(
        ring.shred_tenant(TenantId(9)),
        Err(KeyError::NoTenant(_))
    ));
}

#[test]
fn shredding_takes_what_an_interrupted_change_left() {
    let (_dir, path, ring) = fresh();
    ring.create_tenant(A).unwrap();
    fs::copy(path.join("tenants/1.key"), path.join("tenants/1.new")).unwrap();
    ring.shred_tenant(A).unwrap();
    assert!(!path.join("tenants/1.new").exists());
}

#[test]
fn parallel_changes_lose_nothing() {
    let (_dir, path, ring) = fresh();
    let value = sealed(&ring.create_tenant(A).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let ring = KeyRing::open(&path).unwrap();
                for _ in 0..5 {
                    assert!(reads(&ring.rotate_tenant(A).unwrap(), &value));
                }
            });
        }
    });
    assert_eq!(ring.tenant(A).unwrap().newest(), 21);
}

#[test]
fn signatures_are_made_by_the_key_that_is_published() {
    let (_dir, _path, ring) = fresh();
    let signature = ring.signer().sign(b"message").unwrap();
    let key = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::ED25519,
        ring.signer().public_key(),
    );
    key.verify(b"message", &signature).unwrap();
    assert!(key.verify(b"massage", &signature).is_err());
}

#[test]
fn debug_output_and_errors_show_no_key() {
    let (_dir, path, ring) = fresh();
    let keys = ring.create_tenant(A).unwrap();
    let shown = format!(
        "{ring:?} {keys:?} {:?} {:?}",
        ring.activation(),
        ring.signer()
    );
    let root = fs::read_to_string(path.join("root.key")).unwrap();
    let digits = root
        .lines()
        .nth(1)
        .unwrap()
        .split(' ')
        .next_back()
        .unwrap()
        .to_owned();
    assert!(!shown.contains(&digits) && !shown.contains(&hex::encode(ring.activation().expose())));

    write(
        &path.join("root.key"),
        root.replace("root 1", "root x").as_bytes(),
    );
    let error = KeyRing::open(&path).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(&digits));
}
