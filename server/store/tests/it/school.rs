//! A small university with a row in every table. Two of them are twins: the same numbers, logins and documents, and a
//! mark of their own in every text.

mod planting;

use chrono::{DateTime, Utc};
use domain::audit::{Seq, Sha256};
use domain::decision::{Read, decide};
use domain::institution::{
    Action, Actor, Granted, Office, PostKind, Target, TenantId, Visible, policy,
};
use domain::photo::{PhotoEvent, PhotoState};
use store::chain::{Exporter, Link, LogName, VerifierKey};
use store::testkit::Bed;
use store::{Detail, Store, Subject, UnitOfWork};
use uuid::Uuid;

/// The cohort.
pub const YEAR: i32 = 2026;
/// Candidate number of the one student.
pub const KSH: &str = "26310101150001";
/// Its student number.
pub const NUMBER: &str = "2026310001";
/// Login of its account.
pub const LOGIN: &str = "student-login";
/// Blind index of its document, as far as this test is concerned.
pub const INDEX: [u8; 16] = [7; 16];
/// Hash of its photo.
pub const PHOTO: [u8; 32] = [9; 32];
/// Hash of the imported file.
pub const FILE: [u8; 32] = [8; 32];

/// A university and the ids of its rows.
#[derive(Clone, Debug)]
pub struct School {
    pub tenant: TenantId,
    pub mark: String,
    pub admin: Actor,
    pub admissions: Actor,
    pub academic: Actor,
    pub college: Uuid,
    pub major: Uuid,
    pub class: Uuid,
    pub file: Uuid,
    pub import: Uuid,
    /// A later import whose row was found to be in already.
    pub compared: Uuid,
    pub row: Uuid,
    pub candidate: Uuid,
    pub student: Uuid,
    pub person: Uuid,
    pub account: Uuid,
    pub post: Uuid,
    pub map: Uuid,
    pub handover: Uuid,
    pub receipt: Uuid,
    pub batch: Uuid,
    pub activation: Uuid,
    pub job: Uuid,
}

impl School {
    /// Every id, to look for where they must not be.
    pub fn ids(&self) -> [Uuid; 21] {
        [
            self.admin.person(),
            self.admissions.person(),
            self.college,
            self.major,
            self.class,
            self.file,
            self.import,
            self.compared,
            self.row,
            self.candidate,
            self.student,
            self.person,
            self.account,
            self.post,
            self.map,
            self.handover,
            self.receipt,
            self.batch,
            self.activation,
            self.job,
            self.admin.seat().account,
        ]
    }

    /// Everything there is to see.
    pub const fn all() -> Visible {
        Visible::School
    }
}

/// A granted right of an actor over the school as a whole.
pub fn granted<A: Action>(actor: &Actor, now: DateTime<Utc>) -> Granted<A> {
    actor
        .authorize::<A>(&Target::school(actor.tenant()), now)
        .unwrap()
}

/// Notes an act, so that the unit may be committed.
pub fn noted<A: Action>(unit: &mut UnitOfWork, kind: &'static str, id: Uuid) {
    let granted = granted::<A>(unit.actor(), unit.now());
    unit.note(&granted, Subject::new(kind, id), Detail::none());
}

/// One committed act that changes nothing but the chain.
pub async fn act(store: &Store, actor: &Actor) -> store::Result<()> {
    let mut unit = store.begin(actor).await?;
    let id = unit.id();
    noted::<policy::SwitchPost>(&mut unit, "post", id);
    unit.commit().await
}

/// Moves the photo of a student, as it was read; the machine that may go round in circles.
pub async fn move_photo(
    store: &Store,
    actor: &Actor,
    read: Read<PhotoState>,
    event: PhotoEvent,
) -> store::Result<()> {
    let mut unit = store.begin(actor).await?;
    let granted = granted::<policy::OrganisePhotos>(actor, unit.now());
    let clause = domain::clause::Clause::ONLINE_FIELDS;
    let decision = decide(&granted, read, event, clause).expect("a legal move");
    unit.apply(&granted, decision, Detail::none()).await?;
    unit.commit().await
}

/// The photo of a student as it stands.
pub async fn photo(store: &Store, actor: &Actor, student: Uuid) -> Read<PhotoState> {
    use domain::decision::Machine;
    let row = store
        .read(actor)
        .await
        .unwrap()
        .student(student)
        .await
        .unwrap();
    Read {
        id: row.id,
        state: PhotoState::from_key(&row.photo).unwrap(),
        version: row.version,
    }
}

/// Makes a tenant with a row in every table.
pub async fn plant(bed: &Bed, slug: &str) -> School {
    let tenant = bed.tenant(slug).await;
    plant_in(bed, bed.store(), tenant, &format!("canary-{slug}")).await
}

/// Fills a tenant through a store.
pub async fn plant_in(bed: &Bed, store: &Store, tenant: TenantId, mark: &str) -> School {
    let admin = bed.officer(tenant, Office::TenantAdmin).await;
    let admissions = bed.officer(tenant, Office::Admissions).await;
    let academic = bed.officer(tenant, Office::AcademicAffairs).await;
    let id = || store.id();
    let school = School {
        tenant,
        mark: mark.to_owned(),
        admin,
        admissions,
        academic,
        college: id(),
        major: id(),
        class: id(),
        file: id(),
        import: id(),
        compared: id(),
        row: id(),
        candidate: id(),
        student: id(),
        person: id(),
        account: id(),
        post: id(),
        map: id(),
        handover: id(),
        receipt: id(),
        batch: id(),
        activation: id(),
        job: Uuid::nil(),
    };
    planting::organisation(store, &school).await;
    planting::admission(store, &school).await;
    let job = planting::afterwards(store, &school).await;
    planting::door(store, &school).await;
    store
        .checkpoint(tenant, "xueji.example.edu.cn")
        .await
        .unwrap();
    School { job, ..school }
}

/// The actor of stored rows, as the services make one.
pub fn seated(tenant: TenantId, rows: &store::SeatRows) -> Actor {
    store::testkit::seated(domain::institution::Seat {
        tenant,
        person: rows.person.id,
        account: rows.account.id,
        post: rows.post.id,
        office: Office::from_key(&rows.post.office).unwrap(),
        kind: PostKind::from_key(&rows.post.kind).unwrap(),
        scope: serde_json::from_str(&rows.post.scope).unwrap(),
        stepped_up: None,
        duties: std::collections::BTreeMap::new(),
    })
}

/// Exports the chain of a school from the database and verifies the export offline, against a checkpoint of now.
pub async fn verified(bed: &Bed, school: &School) -> store::chain::VerifyReport {
    let service = "xueji.example.edu.cn";
    bed.store()
        .checkpoint(school.tenant, service)
        .await
        .unwrap();
    let unit = bed.store().read(&school.admin).await.unwrap();
    let note = unit.last_checkpoint().await.unwrap().unwrap().note;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("export");
    let log = LogName::new(service, school.tenant).unwrap();
    let mut exporter = Exporter::create(&dir, &log).unwrap();
    for entry in unit.audit_after(0, 100_000).await.unwrap() {
        let seq = Seq::new(entry.seq.unsigned_abs()).unwrap();
        let link = Link {
            seq,
            prev: Sha256(entry.prev.try_into().unwrap()),
            hash: Sha256(entry.hash.try_into().unwrap()),
            canonical: entry.body.into_bytes(),
        };
        exporter.event(&link).unwrap();
        let leaves = unit.audit_leaves(entry.seq).await.unwrap();
        if !leaves.is_empty() {
            let mut writer = exporter.leaves(seq).unwrap();
            for leaf in &leaves {
                writer.push(leaf).unwrap();
            }
            writer.finish().unwrap();
        }
    }
    exporter.finish().unwrap();
    let key = VerifierKey::of(bed.store().keys().signer(), log).to_string();
    store::chain::verify(&dir, &note, &key).unwrap()
}
