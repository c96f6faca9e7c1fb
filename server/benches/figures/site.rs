//! The service on loopback with universities full of students, and sessions of those who visit it.

use crate::ground::{self, Ground};
use app::session::SEAT;
use chrono::TimeDelta;
use domain::admission::path::AdmissionPath;
use domain::institution::{Actor, TenantId};
use formats::sample::{PackageSpec, ProvinceSpec, Shape, ZipNames};
use leptos::config::LeptosOptions;
use server::http::accept::{self, Limits};
use server::http::router::{COOKIE, Setup, assets, router};
use server::http::sessions;
use services::institution::SignedIn;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use store::SessionRow;
use store::floors::{Floors, Visit};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_sessions_core::session::Id;

/// Version of an account that nobody changed since it was made.
const AS_MADE: i32 = 1;
/// Students of a university who visit the service.
const VISITORS: u32 = 100;

/// The service with its visitors.
pub struct Site {
    pub ground: Ground,
    pub address: SocketAddr,
    /// Who visits, and the value of the cookie header.
    pub visitors: Vec<(Visit, String)>,
    pub stop: CancellationToken,
}

impl Site {
    /// Serves so many universities with so many students each.
    pub async fn open(universities: u32, students: u32) -> Self {
        let ground = Ground::new().await;
        let mut visitors = Vec::new();
        for place in 1..=universities {
            let slug = format!("bench{place:02}");
            let visits = fill(&ground, &slug, place, students).await;
            for (serial, visit) in (0_u32..).zip(visits) {
                visitors.push(sign_in(&ground, visit, (place, serial)).await);
            }
        }
        let analyzed = Floors::analyze(&ground.bed.owner().url).await;
        analyzed.expect("statistics of the planner");
        let site = ground::site();
        let assets = assets(&site).expect("the client is built: cargo xtask build");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let setup = Setup {
            services: ground.services.clone(),
            assets: Arc::new(assets),
            site,
            public_url: format!("http://{address}").into(),
            trusted_proxies: Vec::new().into(),
            demo: false,
            leptos: LeptosOptions::builder().output_name("xueji").build(),
            limits: Limits::default(),
        };
        let stop = CancellationToken::new();
        tokio::spawn(accept::serve(
            listener,
            router(setup),
            stop.clone(),
            Limits::default(),
        ));
        Self {
            ground,
            address,
            visitors,
            stop,
        }
    }
}

/// A university: a small import that is real, and the rest beside it.
async fn fill(ground: &Ground, slug: &str, place: u32, students: u32) -> Vec<Visit> {
    let tenant = ground.university(slug).await;
    ground.furnish(tenant).await;
    let officer = ground.officer(tenant).await;
    let spec = PackageSpec {
        seed: u64::from(place),
        year: 2026,
        provinces: vec![ProvinceSpec {
            code: "31".to_owned(),
            rows: VISITORS.min(students),
            shape: Shape::default(),
            defects: BTreeMap::new(),
        }],
    };
    let path = ground.bed.folder().join(format!("{slug}.zip"));
    std::fs::write(&path, spec.generate().zip(ZipNames::Gbk)).expect("a package");
    let services = &ground.services;
    services
        .import_path(&officer, &path, 2026, AdmissionPath::Ordinary, &[])
        .await
        .expect("an import");
    let students = i32::try_from(students).unwrap_or(i32::MAX);
    let filled = ground.floors.fill(tenant.0, slug, students).await;
    filled.expect("a university of that size")
}

/// A session as the service makes it at sign-in.
async fn sign_in(ground: &Ground, visit: Visit, (place, serial): (u32, u32)) -> (Visit, String) {
    let id = Id(i128::from(place) << 64 | i128::from(serial) << 32 | 0x5eed);
    let seat = SignedIn {
        tenant: TenantId(visit.tenant),
        account: visit.account,
        post: visit.post,
        stepped_up: Some(ground.services.store().now()),
        version: AS_MADE,
    };
    let (session, cookie) = session(ground, id, seat).await;
    (Visit { session, ..visit }, cookie)
}

/// The cookie of an officer who gave the password just now.
pub async fn cookie_of(ground: &Ground, officer: &Actor) -> String {
    let seat = officer.seat();
    let signed_in = SignedIn {
        tenant: seat.tenant,
        account: seat.account,
        post: seat.post,
        stepped_up: seat.stepped_up,
        version: AS_MADE,
    };
    session(ground, Id(0x0ff1_ce5e_ed00), signed_in).await.1
}

/// The hash under which a session is kept, and the value of its cookie header.
async fn session(ground: &Ground, id: Id, seat: SignedIn) -> (Vec<u8>, String) {
    let now = ground.services.store().now();
    let row = SessionRow {
        id_hash: sessions::hash(&id),
        tenant: Some(seat.tenant),
        account: Some(seat.account),
        data: serde_json::json!({ SEAT: seat }).to_string(),
        created_at: now,
        seen_at: now,
        expires_at: now + TimeDelta::hours(12),
    };
    let hash = row.id_hash.to_vec();
    let control = ground.services.store().control();
    assert!(control.create_session(row).await.expect("a session"));
    (hash, format!("{COOKIE}={id}"))
}
