//! What every figure stands on: a database of its own in the cluster, the services over it, and the machine's name.

use chrono::NaiveDate;
use domain::calendar::Semester;
use domain::institution::parameter::Parameter;
use domain::institution::term::{StudentDays, Term};
use domain::institution::{Actor, Office, PersonalScope, PostKind, TenantId};
use server::settings::Settings;
use services::Services;
use services::clock::System;
use services::institution::tenant::{NewAccount, NewUniversity};
use services::parser::InProcess;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use store::Store;
use store::floors::Floors;
use store::testkit::{Bed, Hooks};

/// Login of an admissions officer.
pub const OFFICER: &str = "zb01";
/// Rounds of a figure; their median counts.
pub const ROUNDS: usize = 5;

/// A database with keys and files, and the services over it as the program opens them.
pub struct Ground {
    pub bed: Bed,
    pub services: Services,
    pub floors: Floors,
}

impl Ground {
    pub async fn new() -> Self {
        let bed = Bed::postgres().await.expect(
            "XJ_TEST_PG_OWNER and XJ_TEST_PG_APP name a cluster: cargo xtask bench starts one",
        );
        let store = Store::hooked(
            &bed.settings(),
            bed.folder(),
            Arc::new(System),
            Hooks::default(),
        )
        .await;
        let floors = Floors::open(&bed.settings().url).await.expect("a floor");
        Self {
            services: Services::new(store, Arc::new(InProcess)),
            bed,
            floors,
        }
    }

    /// A university with its calendar, and with a national code of its own.
    pub async fn university(&self, slug: &str) -> TenantId {
        let known = self.bed.store().control().tenants().await.expect("tenants");
        let code = 10_264 + known.len();
        let new = NewUniversity {
            slug: slug.to_owned(),
            school_code: code.to_string(),
            name: "上海海洋大学".to_owned(),
            province: "31".to_owned(),
            // Of its own: its style sheet is part of what a browser fetches.
            colour: "#7a2e14".to_owned(),
        };
        let operator = self.services.console();
        let made = self.services.create_tenant(&operator, &new).await;
        made.expect("a university")
    }

    /// An admissions officer, who gave the password just now.
    pub async fn officer(&self, tenant: TenantId) -> Actor {
        let new = NewAccount {
            login: OFFICER.to_owned(),
            name: "陆建平".to_owned(),
            office: Office::Admissions,
            kind: PostKind::Officer,
            scope: PersonalScope::School,
            password: None,
        };
        let services = &self.services;
        let operator = services.console();
        let made = services.create_account(&operator, tenant, new).await;
        made.expect("an account");
        let actor = services.actor_by_login(tenant, OFFICER).await;
        self.fresh(&actor.expect("an officer"))
    }

    /// The university's administrator, who gave the password just now.
    pub async fn admin(&self, tenant: TenantId) -> Actor {
        let new = NewAccount {
            login: "gly01".to_owned(),
            name: "周管理".to_owned(),
            office: Office::TenantAdmin,
            kind: PostKind::Officer,
            scope: PersonalScope::School,
            password: None,
        };
        let services = &self.services;
        let made = services
            .create_account(&services.console(), tenant, new)
            .await;
        made.expect("an account");
        let admin = services.actor_by_login(tenant, "gly01").await;
        self.fresh(&admin.expect("an administrator"))
    }

    /// Gives a university what every page of a student names: telephones of the offices, and the days of the cohort.
    pub async fn furnish(&self, tenant: TenantId) {
        let admin = self.admin(tenant).await;
        let services = &self.services;
        let today = domain::calendar::local_date(services.store().now());
        for (office, phone) in [
            (Office::Admissions, "021-61900301"),
            (Office::StudentAffairs, "021-61900302"),
            (Office::AcademicAffairs, "021-61900303"),
            (Office::ItCentre, "021-61900305"),
        ] {
            let key = Parameter::Contact(office).key();
            let set = services.set_parameter(&admin, &key, phone, "基准", today, None);
            set.await.expect("a telephone");
        }
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
        let term = Term {
            year: 2026,
            semester: Semester::Autumn,
            starts_on: day(9, 7).expect("a day"),
            ends_on: day(12, 31).expect("a day"),
            arrival_on: day(9, 5),
            student_days: StudentDays {
                verify_until: day(9, 20),
                ..StudentDays::default()
            },
        };
        services.set_term(&admin, term).await.expect("a term");
    }

    /// Lets the offices of a university work without a second factor, as the demo does.
    pub async fn need_no_second_factor(&self, tenant: TenantId) {
        let admin = self.admin(tenant).await;
        let services = &self.services;
        let today = domain::calendar::local_date(services.store().now());
        services
            .set_parameter(
                &admin,
                "security.totp_required",
                "false",
                "基准",
                today,
                None,
            )
            .await
            .expect("a parameter");
    }

    /// Settings of this ground for a run of the program.
    pub fn settle(&self, command: &mut Command) {
        command
            .env_clear()
            .env("DATABASE_URL", self.bed.settings().url)
            .env("XJ_KEYS", self.bed.folder().join("keys"))
            .env("XJ_DATA", self.bed.folder().join("data"))
            .env("RUST_LOG", "warn");
    }

    /// The same person, with the password given just now.
    #[expect(clippy::disallowed_methods, reason = "a measurement needs no sign-in")]
    pub fn fresh(&self, actor: &Actor) -> Actor {
        let mut seat = actor.seat().clone();
        seat.stepped_up = Some(self.services.store().now());
        Actor::seated(seat)
    }

    /// Lets everything go before the database does.
    pub async fn end(self) {
        self.floors.close().await;
        self.services
            .store()
            .close()
            .await
            .expect("the pool to close");
    }
}

/// How much of something a run takes: as much as the figure asks for, or what the environment says for a trial.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub number: u32,
    /// Whether it is not the usual one.
    pub reduced: bool,
}

impl Size {
    /// From the environment.
    pub fn of(name: &str, usual: u32) -> Self {
        let asked = std::env::var_os(name);
        let number = asked.map_or(usual, |text| {
            let number = text.to_str().and_then(|text| text.trim().parse().ok());
            number.expect("a whole number in XJ_BENCH_STUDENTS and XJ_BENCH_CANDIDATES")
        });
        Self {
            number,
            reduced: number != usual,
        }
    }
}

/// The folder of the client's files, as the program finds it in a checkout.
pub fn site() -> PathBuf {
    let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let settings = Settings::from_lookup(|_| None).expect("the usual settings");
    checkout.join(settings.site)
}

/// What the figures were measured on.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map(|(_, value)| value.trim().to_owned())
    };
    let model = field(&processors, "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kib = field(&memory, "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .unwrap_or_default();
    format!("{cores} x {model}, {} GiB", kib >> 20)
}
