//! `xj keys`: a new key is in force at once, and nothing that was sealed before is lost.

use super::installation::{Installation, SLUG, files, mixed, on_each, text};
use domain::institution::TenantId;
use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use store::keys::{KeyRing, Purpose, TenantKeys};
use store::seal::{Place, Sealed, open, seal};
use uuid::Uuid;

const PLACE: Place = Place::new("person", "id_number", Uuid::from_u128(1));
const PASSWORD: &str = "hai-you-yi-ju-hen-chang-de-kou-ling";

/// The key files.
fn keys(at: &Installation) -> BTreeMap<String, Vec<u8>> {
    let mut all = files(at.keys());
    all.retain(|name, _| Path::new(name).extension().is_some_and(|e| e == "key"));
    all
}

/// The university's sealing keys.
fn sealing(at: &Installation) -> usize {
    let file = std::fs::read_to_string(at.keys().join("tenants/1.key")).unwrap();
    file.lines()
        .filter(|line| line.starts_with("seal "))
        .count()
}

/// The university's keys, read anew.
fn opened(at: &Installation) -> TenantKeys {
    let ring = KeyRing::open(at.keys()).unwrap();
    ring.tenant(TenantId(1)).unwrap()
}

/// A value of the university as it is sealed now.
fn sealed(at: &Installation) -> Sealed {
    seal(&opened(at), Purpose::Identity, &PLACE, b"plain").unwrap()
}

/// The entries of the chain that tell of a new key, as an export that verifies holds them.
fn told(at: &Installation, dir: &str) -> Vec<Value> {
    let dir = at.folder().join(dir);
    at.xj(["audit", "export", "--tenant", SLUG, "--out", text(&dir)])
        .well();
    let all = std::fs::read_to_string(dir.join("events.jsonl")).unwrap();
    let entries = all.lines().map(|line| serde_json::from_str(line).unwrap());
    let of_keys = |entry: &Value| entry.to_string().contains("operator/rotate-keys");
    entries.filter(of_keys).collect()
}

/// What was sealed before is read, and the program goes on.
fn works(at: &Installation, old: &Sealed, login: &str) {
    let plain = open(&opened(at), Purpose::Identity, &PLACE, old).unwrap();
    assert_eq!(plain.as_slice(), b"plain");
    at.hire(login, PASSWORD).well();
    at.xj(["audit", "compare", "--tenant", SLUG]).well();
}

#[tokio::test]
async fn a_new_key_of_a_university_seals_and_the_old_one_still_opens() {
    on_each(|at| {
        at.found();
        let folder = at.lay_out("mixed", &mixed(83));
        at.import(&folder).well();
        let (before, old) = (keys(at), sealed(at));
        assert_eq!(sealing(at), 1);
        assert!(told(at, "before").is_empty());
        let rotate = ["keys", "rotate", "--tenant", SLUG];
        let rotated = at.xj(rotate).well();
        assert!(rotated.out.contains("key 2"), "{}", rotated.out);
        assert!(rotated.err.contains("a new key seals"), "{}", rotated.err);
        assert_eq!(sealing(at), 2);
        let changed: Vec<String> = keys(at)
            .into_iter()
            .filter(|(name, bytes)| before.get(name) != Some(bytes))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(changed, ["tenants/1.key"]);
        works(at, &old, "gh-20260801");
        assert_eq!(sealed(at).key_id(), Some(2));
        assert!(at.xj(rotate).well().out.contains("key 3"));
        works(at, &old, "gh-20260802");
        at.xj(["keys", "rotate", "--tenant", "nobody"])
            .with_code(64);
        assert_eq!(sealing(at), 3);
        let entries = told(at, "after");
        assert_eq!(entries.len(), 2, "{entries:#?}");
        for entry in &entries {
            let act = &entry["event"]["act"];
            assert_eq!(act["doer"]["name"], "console", "{act:#}");
            assert_eq!(act["subject"]["kind"], "tenant");
            // Which key there was and which there is, bound.
            assert!(act["before"].is_string() && act["after"].is_string());
        }
    })
    .await;
}

#[test]
fn a_new_root_key_wraps_every_other_and_the_old_one_opens_none() {
    let at = Installation::school();
    let folder = at.lay_out("mixed", &mixed(84));
    at.import(&folder).well();
    let (before, old) = (keys(&at), sealed(&at));
    let rotated = at.xj(["keys", "rotate", "--root"]).well();
    let root = at.keys().join("root.key");
    assert!(rotated.out.contains(text(&root)), "{}", rotated.out);
    assert!(rotated.err.contains("a new root key"), "{}", rotated.err);
    for (name, bytes) in keys(&at) {
        assert_ne!(before[&name], bytes, "{name}");
    }
    works(&at, &old, "gh-20260801");
    let renewed = std::fs::read(&root).unwrap();
    std::fs::write(&root, &before["root.key"]).unwrap();
    at.xj(["tenant", "list"]).refused();
    at.xj(["keys", "rotate", "--root"]).refused();
    std::fs::write(&root, renewed).unwrap();
    works(&at, &old, "gh-20260802");
    let mode = std::fs::metadata(&root).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn without_a_key_folder_there_is_nothing_to_renew() {
    let at = Installation::new();
    let why = at.xj(["keys", "rotate", "--root"]).refused();
    assert!(why.contains("no key folder"), "{why}");
    assert!(!at.keys().exists());
}
