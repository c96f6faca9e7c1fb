//! A school with an admissions officer, a worker, and packages to import.

use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::institution::{Actor, Office, SchoolCode, Slug, TenantId};
use domain::view::admission::{ImportView, RowState, UploadOutcome};
use formats::sample::{Defect, PackageSpec, ProvinceSpec, SamplePackage, Shape, ZipNames};
use services::admission::{AdmissionUpload, Content, Seen};
use services::parser::InProcess;
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::testkit::Bed;
use store::{NewTenant, Store};
use uuid::Uuid;

pub const YEAR: u16 = 2026;

/// A school ready for its first import.
pub struct Ground {
    pub bed: Bed,
    pub services: Services,
    pub tenant: TenantId,
    pub officer: Actor,
    pub worker: Worker,
}

pub fn services(store: Store) -> Services {
    Services::new(store, Arc::new(InProcess))
}

/// A file for the year of the tests.
pub fn upload_of(name: &str, bytes: Vec<u8>) -> AdmissionUpload {
    AdmissionUpload {
        year: i32::from(YEAR),
        path: AdmissionPath::Ordinary,
        file_name: name.to_owned(),
        content: Content::File(bytes),
        columns: None,
    }
}

impl Ground {
    pub async fn new(bed: Bed) -> Self {
        Self::of_school(bed, "10264").await
    }

    pub async fn of_school(bed: Bed, code: &str) -> Self {
        let new = NewTenant {
            slug: Slug::parse("haiyang").unwrap(),
            school_code: SchoolCode::parse(code).unwrap(),
            name: "海洋大学".to_owned(),
            province: "31".to_owned(),
            colour: "#0b5394".to_owned(),
        };
        let tenant = bed.store().control().create_tenant(&new).await.unwrap();
        let officer = bed.officer(tenant, Office::Admissions).await;
        let services = services(bed.store().clone());
        Self {
            worker: Worker::new(services.clone(), "test"),
            services,
            tenant,
            officer,
            bed,
        }
    }

    /// Uploads a zip file.
    pub async fn upload(&self, bytes: Vec<u8>) -> UploadOutcome {
        let upload = upload_of("录取数据.zip", bytes);
        self.services
            .upload_admission(&self.officer, upload)
            .await
            .unwrap()
    }

    /// Sends a file and lets it be checked.
    pub async fn sent(&self, upload: AdmissionUpload) -> Uuid {
        let outcome = self
            .services
            .upload_admission(&self.officer, upload)
            .await
            .unwrap();
        self.work().await;
        outcome.import()
    }

    /// Runs every due job; each must come to its end.
    pub async fn work(&self) {
        while let Some(ran) = self.worker.run_one().await.unwrap() {
            assert_eq!(ran, Ran::Done);
        }
    }

    /// Uploads and checks a package.
    pub async fn checked(&self, sample: &SamplePackage) -> Uuid {
        let outcome = self.upload(sample.zip(ZipNames::Gbk)).await;
        let UploadOutcome::Started { import } = outcome else {
            panic!("the file is new");
        };
        self.work().await;
        import
    }

    /// What a page shows of an import to whoever confirms it.
    pub async fn seen(&self, import: Uuid) -> Seen {
        let view = self.view(import).await;
        Seen {
            version: view.version,
            rows: view.steps.confirm,
        }
    }

    /// Confirms an import that is checked.
    pub async fn confirm(&self, import: Uuid) {
        let seen = self.seen(import).await;
        self.services
            .confirm_import(&self.officer, import, seen)
            .await
            .unwrap();
        self.work().await;
    }

    /// Accepts warnings of an import as its page shows it.
    pub async fn accept(
        &self,
        import: Uuid,
        kind: FindingKind,
        reason: &str,
    ) -> Result<u64, ServiceError> {
        let version = self.view(import).await.version;
        self.services
            .accept_warnings(&self.officer, import, version, (kind, reason))
            .await
    }

    /// Undoes an import as its page shows it.
    pub async fn undo(&self, import: Uuid) -> Result<(), ServiceError> {
        let version = self.view(import).await.version;
        self.services
            .undo_import(&self.officer, import, version)
            .await
    }

    pub async fn confirmed(&self, sample: &SamplePackage) -> Uuid {
        let import = self.checked(sample).await;
        self.confirm(import).await;
        import
    }

    pub async fn view(&self, import: Uuid) -> ImportView {
        self.services
            .import_view(&self.officer, import)
            .await
            .unwrap()
    }

    pub async fn rows(&self, import: Uuid) -> BTreeMap<RowState, u64> {
        self.view(import).await.line.counts.rows
    }

    pub async fn candidates(&self) -> u64 {
        let unit = self.bed.store().read(&self.officer).await.unwrap();
        unit.count_candidates().await.unwrap()
    }

    /// Every candidate is in the audit chain exactly once, the chain holds, and every candidate has its record.
    pub async fn assert_sound(&self) {
        let faults = faults(self.bed.store(), &self.officer).await;
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

/// What is wrong with the audit chain, or with what it says about the candidates that are in.
pub async fn faults(store: &Store, officer: &Actor) -> Vec<String> {
    let unit = store.read(officer).await.unwrap();
    let mut faults = Vec::new();
    let mut prev: Option<Vec<u8>> = None;
    let (mut brought, mut doubled) = (BTreeSet::new(), 0);
    for entry in unit.audit_after(0, 100_000).await.unwrap() {
        let before: [u8; 32] = entry.prev.clone().try_into().unwrap();
        if prev.is_some_and(|prev| prev != entry.prev)
            || store::chain::link(&before, entry.body.as_bytes()).to_vec() != entry.hash
        {
            faults.push(format!("link {} does not hold", entry.seq));
        }
        prev = Some(entry.hash);
        if entry.body.contains("\"admission/confirm\"") {
            for leaf in unit.audit_leaves(entry.seq).await.unwrap() {
                let candidate = String::from_utf8_lossy(&leaf).contains("\"candidate\"");
                if candidate && !brought.insert(leaf) {
                    doubled += 1;
                }
            }
        }
    }
    if doubled > 0 {
        faults.push(format!("{doubled} candidates are in the chain twice"));
    }
    let candidates = unit.count_candidates().await.unwrap();
    if brought.len() as u64 != candidates {
        faults.push(format!(
            "{} candidates in the chain, {candidates} in the table",
            brought.len()
        ));
    }
    let all = store::StudentFilter::default();
    let students = unit.count_students(&officer.visible(), &all).await.unwrap();
    if students != candidates {
        faults.push(format!("{students} records for {candidates} candidates"));
    }
    faults
}

/// A package of one or two provinces with these defects in the first.
pub fn package(seed: u64, rows: u32, defects: &[(Defect, u32)]) -> SamplePackage {
    let province = |code: &str, defects: BTreeMap<Defect, u32>| ProvinceSpec {
        code: code.to_owned(),
        rows,
        shape: Shape::default(),
        defects,
    };
    PackageSpec {
        seed,
        year: YEAR,
        provinces: vec![province("31", defects.iter().copied().collect())],
    }
    .generate()
}

/// Rows that the check must call good: no defect touches them.
pub fn good_rows(sample: &SamplePackage) -> u64 {
    let touched: BTreeSet<&str> = sample.defects.iter().map(|(ksh, _)| ksh.as_str()).collect();
    sample.counts["rows"] - touched.len() as u64
}
