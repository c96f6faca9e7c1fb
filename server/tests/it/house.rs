//! The service as a router in this process, over a store of its own.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use domain::institution::{Actor, Office, TenantId};
use formats::child::ParseRequest;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use server::http::router::{COOKIE, State, router};
use services::Services;
use services::institution::SignedIn;
use services::parser::{Lines, Parser, channel};
use std::sync::Arc;
use store::SessionRow;
use store::testkit::Bed;
use tower::ServiceExt;
use tower_sessions_core::session::Id;

/// A parser for tests that upload nothing.
#[derive(Debug)]
struct NoParser;

impl Parser for NoParser {
    fn parse(&self, _request: ParseRequest) -> Lines {
        channel().1
    }
}

/// The service and what it stands on.
pub struct House {
    pub bed: Bed,
    pub services: Services,
    router: Router,
}

impl House {
    pub fn on(bed: Bed) -> Self {
        let services = Services::new(bed.store().clone(), Arc::new(NoParser));
        Self::with(bed, services)
    }

    /// Over services of a test's own.
    pub fn with(bed: Bed, services: Services) -> Self {
        let state = State {
            services: services.clone(),
            assets: Arc::default(),
            site: bed.folder().to_owned(),
            public_url: "http://127.0.0.1:3000".into(),
            trusted_proxies: Arc::from([]),
            demo: false,
            leptos: LeptosOptions::builder().output_name("xueji").build(),
        };
        Self {
            router: router(state),
            services,
            bed,
        }
    }

    pub async fn sqlite() -> Self {
        Self::on(Bed::sqlite().await)
    }

    /// A university whose offices need no second factor.
    pub async fn school(&self, slug: &str) -> TenantId {
        let tenant = self.bed.tenant(slug).await;
        let admin = self.bed.officer(tenant, Office::TenantAdmin).await;
        let today = domain::calendar::local_date(self.bed.store().now());
        self.services
            .set_parameter(
                &admin,
                "security.totp_required",
                "false",
                "测试",
                today,
                None,
            )
            .await
            .unwrap();
        tenant
    }

    /// A session of an actor: the value of its cookie.
    pub async fn cookie(&self, actor: &Actor) -> String {
        let id = Id::default();
        let seat = actor.seat();
        let signed_in = SignedIn {
            tenant: seat.tenant,
            account: seat.account,
            post: seat.post,
            stepped_up: seat.stepped_up,
        };
        let data = serde_json::json!({ "seat": signed_in, "seen": self.bed.store().now() });
        let now = self.bed.store().now();
        let row = SessionRow {
            id_hash: server::http::sessions::hash(&id),
            tenant: Some(seat.tenant),
            account: Some(seat.account),
            data: data.to_string(),
            created_at: now,
            seen_at: now,
            expires_at: now + chrono::TimeDelta::hours(12),
        };
        assert!(
            self.bed
                .store()
                .control()
                .create_session(row)
                .await
                .unwrap()
        );
        format!("{COOKIE}={id}")
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Answer::of(response).await
    }

    pub async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        let mut request = Request::get(path).header(header::ACCEPT, "text/html");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form as an island would: it wants JSON.
    pub async fn call(&self, path: &str, cookie: Option<&str>, form: &str) -> Answer {
        self.send(post(path, cookie, form, "application/json"))
            .await
    }

    /// Posts a form as a browser without scripts does.
    pub async fn submit(&self, path: &str, cookie: Option<&str>, form: &str) -> Answer {
        self.send(post(path, cookie, form, "text/html")).await
    }
}

fn post(path: &str, cookie: Option<&str>, form: &str, accept: &str) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(form.to_owned())).unwrap()
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}
