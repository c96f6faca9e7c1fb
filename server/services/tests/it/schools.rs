//! Two schools in one database, one service and one worker: neither is told anything of the other (T-ISO-05, -06, -18, -20).

use crate::admission::ground::{Ground, YEAR, package, services, upload_of};
use domain::admission::import::ImportState;
use domain::institution::{Actor, Office, SchoolCode, Slug, TenantId};
use domain::person::id_number::IdType;
use domain::view::admission::RowState;
use domain::view::list::{Column, ListFilter, ListQuery};
use formats::package::{PackageLimits, read_files};
use formats::sample::{SamplePackage, ZipNames};
use formats::table::{TableLimits, read};
use services::admission::Seen;
use services::institution::security::SecurityQuery;
use services::worker::Ran;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::testkit::{Hooks, on_both};
use store::{NewTenant, Store};
use uuid::Uuid;

/// A school beside another one.
struct School {
    tenant: TenantId,
    officer: Actor,
}

impl School {
    fn of(ground: &Ground) -> Self {
        Self {
            tenant: ground.tenant,
            officer: ground.officer.clone(),
        }
    }

    async fn beside(ground: &Ground) -> Self {
        let new = NewTenant {
            slug: Slug::parse("shanhai").unwrap(),
            school_code: SchoolCode::parse("10269").unwrap(),
            name: "山海大学".to_owned(),
            province: "31".to_owned(),
            colour: "#7a1fa2".to_owned(),
        };
        let control = ground.bed.store().control();
        let tenant = control.create_tenant(&new).await.unwrap();
        let officer = ground.bed.officer(tenant, Office::Admissions).await;
        Self { tenant, officer }
    }

    async fn upload(&self, ground: &Ground, sample: &SamplePackage) -> Uuid {
        let upload = upload_of("录取数据.zip", sample.zip(ZipNames::Gbk));
        let outcome = ground
            .services
            .upload_admission(&self.officer, upload)
            .await;
        outcome.unwrap().import()
    }

    async fn bring_in(&self, ground: &Ground, sample: &SamplePackage) {
        let import = self.upload(ground, sample).await;
        ground.work().await;
        confirm(ground, &self.officer, import).await;
        ground.work().await;
    }
}

/// Confirms an import as its page shows it to an officer.
async fn confirm(ground: &Ground, officer: &Actor, import: Uuid) {
    let view = ground.services.import_view(officer, import).await.unwrap();
    let seen = Seen {
        version: view.version,
        rows: view.steps.confirm,
    };
    let confirmed = ground.services.confirm_import(officer, import, seen).await;
    confirmed.unwrap();
}

/// 考生号 and ID number of everybody in a package.
fn people(sample: &SamplePackage) -> Vec<(String, String)> {
    use domain::admission::source::SourceField::{Ksh, Zjhm};
    let limits = PackageLimits::default();
    let package = read_files(sample.files.clone(), "x", &limits).unwrap();
    let table = package.folders[0].bmk.as_ref().unwrap();
    let (ksh, number) = (
        table.column_of(Ksh).unwrap(),
        table.column_of(Zjhm).unwrap(),
    );
    let person = |row: &domain::admission::source::SourceRow| {
        (
            row.value(ksh).trim().to_owned(),
            row.value(number).trim().to_owned(),
        )
    };
    table.rows.iter().map(person).collect()
}

/// T-ISO-18: jobs of both, one after the other in one worker: each result holds the people of its own school, all of
/// them and nobody else.
#[tokio::test]
async fn t_iso_18_jobs_of_two_schools_in_one_worker_stay_apart() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let schools = [School::of(&ground), School::beside(&ground).await];
        let samples: Vec<Vec<SamplePackage>> = (0..2_u64)
            .map(|school| {
                (0..3)
                    .map(|at| package(500 + 10 * school + at, 12, &[]))
                    .collect()
            })
            .collect();
        let mut imports: Vec<(usize, Uuid)> = Vec::new();
        for at in 0..3 {
            for (place, (school, own)) in schools.iter().zip(&samples).enumerate() {
                imports.push((place, school.upload(&ground, &own[at]).await));
            }
        }
        ground.work().await;
        for (place, import) in &imports {
            let officer = &schools[*place].officer;
            let view = ground.services.import_view(officer, *import).await.unwrap();
            assert_eq!(view.line.state, ImportState::Checked);
            confirm(&ground, officer, *import).await;
        }
        ground.work().await;
        let mut exports = Vec::new();
        for school in &schools {
            for columns in [
                &[Column::CandidateNumberFull, Column::Name][..],
                &[Column::Name],
            ] {
                let query = ListQuery {
                    filter: ListFilter {
                        year: Some(i32::from(YEAR)),
                        ..ListFilter::default()
                    },
                    ..ListQuery::default()
                };
                let asked = ground
                    .services
                    .request_export(&school.officer, query, columns, "核对录取名单")
                    .await;
                exports.push((school, columns.len(), asked.unwrap()));
            }
        }
        let mut turns = Vec::new();
        while let Some(claimed) = claimed(&ground).await {
            turns.push(claimed);
        }
        assert_eq!(turns, [Ran::Done; 4]);
        let own: Vec<BTreeSet<String>> = samples
            .iter()
            .map(|samples| {
                samples
                    .iter()
                    .flat_map(people)
                    .map(|(ksh, _)| ksh)
                    .collect()
            })
            .collect();
        assert!(own[0].is_disjoint(&own[1]));
        for (school, columns, job) in exports {
            let place = usize::from(school.tenant != ground.tenant);
            let file = ground.services.download_export(&school.officer, job).await;
            let sheet = read(&file.unwrap().bytes, &TableLimits::default()).unwrap();
            assert_eq!(sheet.rows.len(), own[place].len());
            if columns == 2 {
                let at = sheet
                    .headings
                    .iter()
                    .position(|h| h == "考生号（完整）")
                    .unwrap();
                let written: BTreeSet<String> = sheet
                    .rows
                    .iter()
                    .map(|row| row.text(at).to_owned())
                    .collect();
                assert_eq!(written, own[place]);
            }
            let other = &schools[1 - place].officer;
            assert!(ground.services.download_export(other, job).await.is_err());
        }
    })
    .await;
}

async fn claimed(ground: &Ground) -> Option<Ran> {
    ground.worker.run_one().await.unwrap()
}

/// T-ISO-05: an ID number that only another school has is answered as one that nobody has: the same words, and the same
/// work behind them.
#[tokio::test]
async fn t_iso_05_a_number_of_another_school_is_a_number_of_nobody() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let (a, b) = (School::of(&ground), School::beside(&ground).await);
        let (of_a, of_b) = (package(520, 10, &[]), package(521, 10, &[]));
        a.bring_in(&ground, &of_a).await;
        b.bring_in(&ground, &of_b).await;
        let sent = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&sent);
        let hooks = Hooks {
            statement: Some(Arc::new(move |_sql: &str| {
                counter.fetch_add(1, Ordering::SeqCst);
            })),
            fenced: true,
        };
        let bed = &ground.bed;
        let source = bed.source().clone();
        let store = Store::hooked(&bed.settings(), bed.folder(), source, hooks).await;
        let services = services(store);
        let find = async |actor: &Actor, number: &str| {
            let before = sent.load(Ordering::SeqCst);
            let card = IdType::ResidentIdCard;
            let found = services.find_by_document(actor, card, number).await;
            (found.unwrap(), sent.load(Ordering::SeqCst) - before)
        };
        let nobody = "110105194912310021";
        let (mine, theirs) = (people(&of_a), people(&of_b));
        assert!(find(&a.officer, &mine[0].1).await.0.is_some());
        let unknown = find(&a.officer, nobody).await;
        assert_eq!(unknown.0, None);
        for (_, number) in &theirs {
            assert_eq!(find(&a.officer, number).await, unknown);
        }
        assert!(find(&b.officer, &theirs[0].1).await.0.is_some());
        assert_eq!(find(&b.officer, &mine[0].1).await, unknown);
    })
    .await;
}

/// T-ISO-20: refused sign-ins and locks of one school are not on the page of the other.
#[tokio::test]
async fn t_iso_20_the_page_of_attacks_shows_the_own_school() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let other = School::beside(&ground).await;
        let here = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));
        for _ in 0..3 {
            let refused = ground
                .services
                .sign_in(ground.tenant, "admissions-1", "wrong".to_owned(), here)
                .await;
            assert!(refused.is_err());
        }
        let mut seen = Vec::new();
        for tenant in [ground.tenant, other.tenant] {
            let it = ground.bed.officer(tenant, Office::ItCentre).await;
            let view = ground
                .services
                .security_view(&it, &SecurityQuery::default())
                .await
                .unwrap();
            seen.push(view.events.len());
        }
        assert_eq!(seen, [3, 0]);
    })
    .await;
}

/// T-ISO-06: the same people in both schools. Whoever comes second is told nothing of the first: no file that is known, no
/// finding, no conflict; and a student number that the other one has given is free.
#[tokio::test]
async fn t_iso_06_whom_another_school_has_is_new_here() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let schools = [School::of(&ground), School::beside(&ground).await];
        let sample = package(530, 8, &[]);
        let mut told = Vec::new();
        for school in &schools {
            // The very file, which an own import would be told of.
            let import = school.upload(&ground, &sample).await;
            ground.work().await;
            let services = &ground.services;
            let view = services.import_view(&school.officer, import).await.unwrap();
            assert_eq!(view.line.counts.in_state(RowState::Good), 8);
            told.push((view.totals, view.notices, view.line.counts));
            confirm(&ground, &school.officer, import).await;
            ground.work().await;
            let numbers = "student_no = '26' || substr(ksh, 5)";
            let numbered = ground.bed.tamper(school.tenant, "student", numbers).await;
            assert_eq!(numbered, 8);
        }
        assert_eq!(told[0], told[1]);
        for school in &schools {
            let unit = ground.bed.store().read(&school.officer).await.unwrap();
            assert_eq!(unit.count_candidates().await.unwrap(), 8);
            for (ksh, _) in people(&sample) {
                let number = format!("26{}", &ksh[4..]);
                let own = unit.student_by_number(&number).await.unwrap().unwrap();
                assert_eq!((own.tenant_id, own.ksh), (school.tenant.0, ksh));
            }
        }
        let again = schools[1].upload(&ground, &sample).await;
        ground.work().await;
        let services = &ground.services;
        let view = services
            .import_view(&schools[1].officer, again)
            .await
            .unwrap();
        assert_eq!(
            view.line.state,
            ImportState::Confirmed,
            "the own file is known"
        );
    })
    .await;
}
