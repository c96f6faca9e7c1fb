//! The audit chain: links, tree, checkpoints, and an export that proves itself.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{
    Act, AuditEvent, BulkLeaf, Doer, EventTime, Leaves, Mark, Origin, Outcome, Seq, Sha256,
    Subject, Term,
};
use domain::institution::{Office, PostKind, TenantId};
use std::fs;
use std::path::{Path, PathBuf};
use store::chain::merkle::{BulkTree, Frontier};
use store::chain::{
    Exporter, GENESIS, Head, Link, LogName, VerifierKey, VerifyError, link, verify,
};
use store::keys::KeyRing;
use store::testkit::long;
use tempfile::TempDir;
use uuid::Uuid;

pub const SERVICE: &str = "xueji.example.edu.cn";

/// A key folder and the service it signs for.
pub struct School {
    _keys: TempDir,
    pub ring: KeyRing,
    pub tenant: TenantId,
}

impl School {
    pub fn new(tenant: i32) -> Self {
        let keys = tempfile::tempdir().unwrap();
        let ring = KeyRing::create(&keys.path().join("keys")).unwrap();
        Self {
            _keys: keys,
            ring,
            tenant: TenantId(tenant),
        }
    }

    pub fn log(&self) -> LogName {
        LogName::new(SERVICE, self.tenant).unwrap()
    }

    pub fn public_key(&self) -> String {
        VerifierKey::of(self.ring.signer(), self.log()).to_string()
    }

    pub fn sign(&self, head: &Head) -> String {
        head.checkpoint(SERVICE)
            .unwrap()
            .sign(self.ring.signer())
            .unwrap()
    }
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_790_000_000 + seconds)
}

/// An act like those of a school's day; every seventh has rows.
pub fn act(n: u64, at: i64, leaves: Option<Leaves>) -> Act {
    Act {
        at: EventTime::from(time(at)),
        doer: Doer::Person {
            person: Uuid::from_u128(u128::from(n % 5)),
            account: Uuid::from_u128(10),
            office: Office::College,
            post: Uuid::from_u128(11),
            role: PostKind::Counsellor,
            on_behalf_of: None,
        },
        op: Term::parse("verification/confirm").unwrap(),
        subject: Subject {
            kind: Term::parse("student").unwrap(),
            id: Uuid::from_u128(u128::from(n)),
        },
        responsibility: None,
        decision: Some(Term::parse("confirm").unwrap()),
        basis: None,
        reason: None,
        before: Some(Mark::Commitment([u8::try_from(n % 251).unwrap(); 32])),
        after: Some(Mark::Sealed(vec![1, 1, 0, 0, 0, 1, 0xaa])),
        leaves,
        request: Some(Uuid::from_u128(u128::from(n) << 64)),
        session: None,
        origin: Origin::Local,
        outcome: Outcome::Done,
    }
}

fn row(event: u64, n: u64) -> BulkLeaf {
    let id = Uuid::from_u128(u128::from(event) << 32 | u128::from(n));
    let subject = Subject {
        kind: Term::parse("student").unwrap(),
        id,
    };
    BulkLeaf::new(
        subject,
        None,
        Some(Mark::Commitment([u8::try_from(n).unwrap(); 32])),
    )
}

/// A chain with the rows of its bulk acts and the checkpoints taken on the way.
pub struct History {
    pub head: Head,
    pub links: Vec<Link>,
    pub rows: Vec<(Seq, Vec<Vec<u8>>)>,
    pub checkpoints: Vec<(u64, String)>,
}

impl History {
    /// `events` acts; a checkpoint every `every`.
    pub fn new(school: &School, events: u64, every: u64) -> Self {
        let head = Head::genesis(school.tenant);
        let mut history = Self {
            head,
            links: Vec::new(),
            rows: Vec::new(),
            checkpoints: Vec::new(),
        };
        for n in 1..=events {
            let leaves = (n % 7 == 0).then(|| history.add_rows(n)).flatten();
            history.add(act(n, i64::try_from(n).unwrap(), leaves));
            if n % every == 0 {
                history.checkpoints.push((n, school.sign(&history.head)));
            }
        }
        history
    }

    pub fn add(&mut self, act: Act) {
        self.links.push(self.head.append(act).unwrap());
    }

    fn add_rows(&mut self, event: u64) -> Option<Leaves> {
        let mut tree = BulkTree::new();
        let rows = (0..event % 11)
            .map(|n| tree.push(&row(event, n)).unwrap())
            .collect::<Vec<_>>();
        if !rows.is_empty() {
            self.rows.push((Seq::new(event).unwrap(), rows));
        }
        tree.leaves()
    }

    pub fn export(&self, school: &School, dir: &Path) {
        let mut exporter = Exporter::create(dir, &school.log()).unwrap();
        for link in &self.links {
            exporter.event(link).unwrap();
        }
        for (event, rows) in &self.rows {
            let mut writer = exporter.leaves(*event).unwrap();
            for row in rows {
                writer.push(row).unwrap();
            }
            writer.finish().unwrap();
        }
        for (size, note) in &self.checkpoints {
            exporter.checkpoint(*size, note).unwrap();
        }
        exporter.finish().unwrap();
    }
}

/// An export of a history in a folder that goes with the guard.
pub fn exported(school: &School, history: &History) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export");
    history.export(school, &path);
    (dir, path)
}

#[test]
fn the_head_numbers_links_and_can_be_stored() {
    let mut head = Head::genesis(TenantId(7));
    let mut prev = GENESIS;
    for n in 1..20 {
        head = Head::stored(TenantId(7), head.hash(), &head.tree_bytes()).unwrap();
        let link_ = head.append(act(n, 0, None)).unwrap();
        assert_eq!((link_.seq.get(), link_.prev.0), (n, prev));
        assert_eq!(link_.hash.0, link(&prev, &link_.canonical));
        let event = AuditEvent::from_canonical(&link_.canonical).unwrap();
        assert_eq!((event.tenant(), event.seq().get()), (TenantId(7), n));
        assert_eq!((head.size(), head.hash()), (n, link_.hash));
        prev = link_.hash.0;
    }
    assert!(Head::stored(TenantId(7), Sha256(GENESIS), &head.tree_bytes()).is_err());
    assert!(Head::stored(TenantId(7), head.hash(), &Frontier::new().to_bytes()).is_err());
    assert!(Head::stored(TenantId(7), head.hash(), b"").is_err());
}

#[test]
fn an_act_that_is_too_long_leaves_the_head_alone() {
    let mut head = Head::genesis(TenantId(7));
    head.append(act(1, 0, None)).unwrap();
    let before = head.clone();
    let mut long = act(2, 0, None);
    long.after = Some(Mark::Sealed(vec![0; 1 << 20]));
    assert!(head.append(long).is_err());
    assert_eq!(head, before);
}

#[test]
fn an_honest_export_is_proven() {
    let school = School::new(7);
    for events in [0, 1, 2, 6, 7, 8, 63, 64, 65, 100] {
        let history = History::new(&school, events, 10);
        let (_dir, path) = exported(&school, &history);
        let report = verify(&path, &school.sign(&history.head), &school.public_key()).unwrap();
        assert_eq!(
            (report.events, report.proven, report.head),
            (events, events, history.head.hash())
        );
        assert_eq!(report.checkpoints, events / 10);
        assert_eq!(report.bulk, history.rows.len() as u64);
        assert_eq!(
            report.rows,
            history
                .rows
                .iter()
                .map(|(_, rows)| rows.len() as u64)
                .sum::<u64>()
        );
        assert_eq!(report.clock_back, 0);
    }
}

#[test]
fn an_old_checkpoint_proves_what_it_counts() {
    let school = School::new(7);
    let history = History::new(&school, 25, 1000);
    let old = History::new(&school, 10, 1000);
    let (_dir, path) = exported(&school, &history);
    let report = verify(&path, &school.sign(&old.head), &school.public_key()).unwrap();
    assert_eq!((report.events, report.proven), (25, 10));
}

/// T-LOG-09
#[test]
fn a_clock_that_was_set_back_is_reported() {
    let school = School::new(7);
    let mut history = History::new(&school, 3, 1000);
    history.add(act(4, -3600, None));
    history.add(act(5, 10, None));
    let (_dir, path) = exported(&school, &history);
    let report = verify(&path, &school.sign(&history.head), &school.public_key()).unwrap();
    assert_eq!(
        (report.clock_back, report.first_clock_back.map(Seq::get)),
        (1, Some(4))
    );
    let told = report.to_string();
    assert!(
        told.contains("5 of 5 events") && told.contains("first at event 4"),
        "{told}"
    );
}

#[test]
fn an_export_begins_in_an_empty_folder() {
    let school = School::new(7);
    let (_dir, path) = exported(&school, &History::new(&school, 8, 4));
    assert!(Exporter::create(&path, &school.log()).is_err());
}

#[test]
fn a_stored_event_that_would_break_its_line_is_not_exported() {
    let school = School::new(7);
    let dir = tempfile::tempdir().unwrap();
    let mut exporter = Exporter::create(&dir.path().join("export"), &school.log()).unwrap();
    let mut broken = History::new(&school, 1, 10).links.remove(0);
    broken.canonical.push(b'\n');
    assert!(exporter.event(&broken).is_err());
}

#[test]
fn an_event_of_a_schema_of_tomorrow_is_not_called_proven() {
    let school = School::new(7);
    let mut history = History::new(&school, 2, 10);
    let text = String::from_utf8(history.links[1].canonical.clone())
        .unwrap()
        .replace("audit/1", "audit/2");
    history.links[1].canonical = text.into_bytes();
    history.links[1].hash = Sha256(link(&history.links[1].prev.0, &history.links[1].canonical));
    let mut tree = Frontier::new();
    for link in &history.links {
        tree.push(link.hash.0);
    }
    let head = Head::stored(school.tenant, history.links[1].hash, &tree.to_bytes()).unwrap();
    let (_dir, path) = exported(&school, &history);
    let found = verify(&path, &school.sign(&head), &school.public_key());
    assert!(matches!(found, Err(VerifyError::Schema(2))), "{found:?}");
}

/// G-LOG-3: with `XJ_LONG`, a million events; memory stays that of one line.
#[test]
fn a_long_export_is_proven() {
    let events = if long() { 1_000_000 } else { 5_000 };
    let school = School::new(7);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export");
    let mut exporter = Exporter::create(&path, &school.log()).unwrap();
    let mut head = Head::genesis(school.tenant);
    for n in 1..=events {
        exporter
            .event(
                &head
                    .append(act(n, i64::try_from(n).unwrap(), None))
                    .unwrap(),
            )
            .unwrap();
    }
    exporter.finish().unwrap();
    let report = verify(&path, &school.sign(&head), &school.public_key()).unwrap();
    assert_eq!(report.proven, events);
    fs::remove_dir_all(&path).unwrap();
}
