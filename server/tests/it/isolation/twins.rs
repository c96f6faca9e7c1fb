//! Two universities of a demonstration, with one record of each kind that an address or a form can name.

use crate::entrances::{ID, address, form, upload};
use crate::house::{Answer, House};
use chrono::{DateTime, Utc};
use domain::institution::activation::IdentityCheck;
use domain::institution::policy::{Kind, UploadPhotos, Who};
use domain::institution::{Actor, POLICY, Rule, Target, TenantId, Visible};
use domain::view::list::{Column, ListQuery};
use formats::archive::pack;
use formats::photos::PhotoLimits;
use formats::sample::photo;
use http::StatusCode;
use services::demo::DemoAccount;
use services::institution::parameter::{NewRule, RuleFile};
use services::worker::Worker;
use std::collections::BTreeMap;
use store::{Detail, StudentFilter, StudentPage, StudentSort, Subject, rows};
use uuid::Uuid;

/// Two universities with students, hand-overs, imports and classes, slips, exports and rules.
pub struct Twins {
    pub house: House,
    accounts: Vec<DemoAccount>,
    /// What was added to each of them.
    added: BTreeMap<&'static str, Vec<Uuid>>,
}

pub const OWN: &str = "shou";
pub const OTHER: &str = "jsut";
/// Who leads a university's records: reads everything of it.
pub const AFFAIRS: &str = "xsc01";
pub const ADMIN: &str = "admin";
pub const ADMISSIONS: &str = "zb01";
pub const SECRETARY: &str = "xy01";
const URL: &str = "https://xueji.example";

/// The same post just after a step-up.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
pub fn fresh(actor: &Actor, now: DateTime<Utc>) -> Actor {
    let mut seat = actor.seat().clone();
    seat.stepped_up = Some(now);
    Actor::seated(seat)
}

impl Twins {
    pub async fn in_house(house: House) -> Self {
        let seeded = services::demo::seed(&house.services, 7, 96).await;
        let mut twins = Self {
            house,
            accounts: seeded.unwrap(),
            added: BTreeMap::new(),
        };
        for slug in [OWN, OTHER] {
            let added = twins.add_to(slug).await;
            twins.added.insert(slug, added);
            twins.add_photos(slug).await;
        }
        let worker = Worker::new(twins.house.services.clone(), "test");
        while worker.run_one().await.unwrap().is_some() {}
        for slug in [OWN, OTHER] {
            twins.assert_photos(slug).await;
        }
        twins
    }

    /// Adds what a demonstration lacks: slips that are open, an export, a rule with its document, and imports of every
    /// kind.
    async fn add_to(&self, slug: &str) -> Vec<Uuid> {
        let services = &self.house.services;
        let admin = self.actor(slug, ADMIN).await;
        let reader = self.actor(slug, AFFAIRS).await;
        let account = reader.seat().account;
        let staff =
            services.reissue_staff_slip(&admin, account, IdentityCheck::IdCard, "遗失", URL);
        let staff = staff.await.unwrap();
        let secretary = self.actor(slug, SECRETARY).await;
        let slips = services.issue_all_slips(&secretary, URL).await.unwrap();
        let list = ListQuery::default();
        let export = services.request_export(&reader, list, &[Column::Name], "核对名单");
        let export = export.await.unwrap();
        let rule = NewRule {
            title: "学籍管理实施细则".to_owned(),
            number: "校教〔2026〕1号".to_owned(),
            effective_from: domain::calendar::local_date(self.house.bed.store().now()),
            file: Some(RuleFile {
                name: "细则.pdf".to_owned(),
                bytes: b"%PDF-1.7 of a test".to_vec(),
            }),
        };
        services.add_rule_version(&admin, rule).await.unwrap();
        let mut added = vec![account, staff.activation, slips[0].activation, export];
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let rules = unit.rule_documents().await.unwrap();
        let with_file = rules.iter().find(|rule| rule.file_id.is_some());
        added.push(with_file.unwrap().id);
        added.push(unit.imports_of(&["units"]).await.unwrap()[0].id);
        drop(unit);
        added.extend(self.add_imports(slug).await);
        added
    }

    /// Imports of a list of classes and of photos, as rows.
    async fn add_imports(&self, slug: &str) -> [Uuid; 2] {
        let officer = self.actor(slug, ADMISSIONS).await;
        let mut unit = self.house.bed.store().begin(&officer).await.unwrap();
        let source = unit.imports("admission", 1).await.unwrap().swap_remove(0);
        let ids = [unit.id(), unit.id()];
        for (id, purpose) in ids.into_iter().zip(["assignment", "photos"]) {
            let import = rows::ImportBatch {
                id,
                purpose: purpose.to_owned(),
                ..source.clone()
            };
            unit.insert_import(import).await.unwrap();
        }
        let here = Target::school(officer.tenant());
        let granted = officer
            .authorize::<UploadPhotos>(&here, unit.now())
            .unwrap();
        unit.note(
            &granted,
            Subject::new("import_batch", ids[1]),
            Detail::none(),
        );
        unit.commit().await.unwrap();
        ids
    }

    /// Sends a photo of every student, each another picture.
    async fn add_photos(&self, slug: &str) {
        let officer = self.actor(slug, ADMISSIONS).await;
        let mut years: BTreeMap<i32, Vec<(String, Vec<u8>)>> = BTreeMap::new();
        for (mark, student) in (0_u8..).zip(self.students(slug).await) {
            let picture = photo(480, 640, 3, mark);
            let named = (format!("{}.jpg", student.ksh), picture);
            years.entry(student.year).or_default().push(named);
        }
        let limits = PhotoLimits::default().files;
        for (year, photos) in years {
            let zip = pack(photos, &limits).unwrap();
            let services = &self.house.services;
            let sent = services.upload_photos(&officer, year, "照片.zip", zip);
            sent.await.unwrap();
        }
    }

    /// Whoever is refused a photo is refused one that is there.
    async fn assert_photos(&self, slug: &str) {
        let students = self.students(slug).await;
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        for student in students {
            let photo = unit.admission_photo(student.candidate_id).await.unwrap();
            assert!(photo.is_some(), "{slug} {}", student.id);
        }
    }

    /// Somebody of a university just after a step-up.
    pub async fn actor(&self, slug: &str, login: &str) -> Actor {
        let tenant = self.tenant(slug).await;
        let actor = self.house.services.actor_by_login(tenant, login).await;
        fresh(&actor.unwrap(), self.house.bed.store().now())
    }

    pub async fn tenant(&self, slug: &str) -> TenantId {
        let control = self.house.bed.store().control();
        TenantId(control.tenant_by_slug(slug).await.unwrap().unwrap().id)
    }

    /// Everybody of a university who can sign in, once for each kind of post.
    pub async fn people(&self, slug: &str) -> Vec<Actor> {
        let mut people = BTreeMap::new();
        for account in self.accounts.iter().filter(|a| a.tenant == slug) {
            let actor = self.actor(slug, &account.login).await;
            let post = (actor.office(), actor.seat().kind);
            people.entry(post).or_insert(actor);
        }
        people.into_values().collect()
    }

    pub async fn reader(&self, slug: &str) -> Actor {
        self.actor(slug, AFFAIRS).await
    }

    pub async fn students(&self, slug: &str) -> Vec<rows::Student> {
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let page = StudentPage {
            sort: StudentSort::CandidateNumber,
            descending: false,
            offset: 0,
            limit: 5_000,
        };
        let all = StudentFilter::default();
        unit.students(&Visible::School, &all, page).await.unwrap()
    }

    /// One id of each kind of record that an address or a form can name.
    pub async fn ids(&self, slug: &str) -> Vec<Uuid> {
        let student = self.students(slug).await.swap_remove(0);
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let handover = unit.handovers(20).await.unwrap().swap_remove(0).id;
        let receipt = unit.receipts(&[handover]).await.unwrap().swap_remove(0).id;
        let units = unit.units().await.unwrap();
        let first = |kind: &str| units.iter().find(|u| u.kind == kind).unwrap().id;
        let batch = unit.assignments_of_student(student.id).await.unwrap();
        let import = unit.candidate(student.candidate_id).await.unwrap();
        let import = import.import_id;
        let post = unit.posts().await.unwrap().swap_remove(0).id;
        let maps = unit.major_maps(2026).await.unwrap();
        let mut ids = vec![
            student.id,
            student.candidate_id,
            import,
            handover,
            receipt,
            first("college"),
            first("class"),
            first("major"),
            post,
            maps[0].id,
        ];
        ids.extend(&self.added[slug]);
        ids.extend(student.person_id);
        ids.extend(batch.first().map(|b| b.batch_id));
        ids
    }

    /// Everything that a write would change: the head of the audit chain, and how many rows each table has.
    pub async fn mark(&self, slug: &str) -> (Option<Vec<u8>>, BTreeMap<String, i64>) {
        let rows = self.house.bed.rows_of(self.tenant(slug).await).await;
        assert!(rows["student"] > 0 && rows.len() > 20, "{rows:?}");
        (self.head(slug).await, rows)
    }

    /// The head of the audit chain.
    pub async fn head(&self, slug: &str) -> Option<Vec<u8>> {
        let reader = self.reader(slug).await;
        let unit = self.house.bed.store().read(&reader).await.unwrap();
        let mut last = None;
        let mut from = 0;
        loop {
            let links = unit.audit_after(from, 1_000).await.unwrap();
            let Some(link) = links.last() else {
                return last;
            };
            from = link.seq;
            last = Some(link.hash.clone());
        }
    }
}

/// Calls what a rule is about with an id in place of the one that names nothing.
pub async fn knock(house: &House, rule: &Rule, cookie: &str, slug: &str, id: Uuid) -> Answer {
    let id = id.to_string();
    match rule.kind {
        Kind::Operation => {
            let path = format!("/api/{}", rule.op);
            let form = form(rule.op, slug).replace(ID, &id);
            house.call(&path, Some(cookie), &form).await
        }
        Kind::File if rule.writes() => {
            let path = address(rule.op, slug);
            house.send(upload(&path, Some(cookie), slug)).await
        }
        Kind::File | Kind::Page => {
            let path = address(rule.op, slug).replace(ID, &id);
            house.get(&path, Some(cookie)).await
        }
        Kind::Internal => panic!("{}: no entrance leads there", rule.op),
    }
}

/// An answer, and where it leads, without what is new in each: the id itself and the nonce.
pub fn plain(answer: &Answer, id: Uuid) -> (StatusCode, String) {
    let body = format!("{}\n{}", answer.header("location"), answer.body);
    let body = body.replace(&id.to_string(), "ID");
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap_or_default();
    let nonce = nonce.split('\'').next().unwrap_or_default();
    let body = if nonce.is_empty() {
        body
    } else {
        body.replace(nonce, "NONCE")
    };
    (answer.status, body)
}

pub fn names_records() -> impl Iterator<Item = &'static Rule> {
    POLICY.iter().filter(|rule| {
        let named = match rule.kind {
            Kind::Operation => form(rule.op, OWN).contains(ID),
            Kind::File | Kind::Page => rule.op.contains(":id") || rule.op.contains(":class"),
            Kind::Internal => false,
        };
        named && rule.who != Who::Anyone && !rule.op.starts_with("operator/")
    })
}
