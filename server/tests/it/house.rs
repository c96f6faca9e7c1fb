//! The service as a router in this process, over a store of its own.

use crate::forms::copied;
use app::cx::Assets;
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use domain::institution::{Actor, Office, PersonalScope, PostKind, TenantId};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use server::http::accept::Limits;
use server::http::router::{COOKIE, Setup, router};
use services::Services;
use services::institution::SignedIn;
use services::institution::authenticator::Authenticator;
use services::institution::tenant::NewAccount;
use services::parser::InProcess;
use std::sync::Arc;
use store::SessionRow;
use store::testkit::{Bed, on_both};
use tower::ServiceExt;
use tower_sessions_core::session::Id;

/// A password that is strong enough for anybody.
pub const PASSWORD: &str = "quiet-harbour-lantern-62";

/// The service and what it stands on.
pub struct House {
    pub bed: Arc<Bed>,
    pub services: Services,
    router: Router,
}

impl House {
    pub fn on(bed: Bed) -> Self {
        let services = Services::new(bed.store().clone(), Arc::new(InProcess));
        Self::with(bed, services)
    }

    /// The service with a client build of these names.
    pub fn built(bed: Bed, assets: Assets) -> Self {
        let services = Services::new(bed.store().clone(), Arc::new(InProcess));
        Self::set_up(bed, services, |state| state.assets = Arc::new(assets))
    }

    /// Over services of a test's own.
    pub fn with(bed: impl Into<Arc<Bed>>, services: Services) -> Self {
        Self::set_up(bed, services, |_| ())
    }

    /// Over services and with settings of a test's own.
    pub fn set_up(
        bed: impl Into<Arc<Bed>>,
        services: Services,
        set: impl FnOnce(&mut Setup),
    ) -> Self {
        Self::over(bed.into(), services, set)
    }

    /// Another server on the same database, keys, files and clock: it shares nothing else with this one.
    pub async fn another(&self) -> Self {
        let services = Services::new(self.bed.second().await, Arc::new(InProcess));
        Self::over(Arc::clone(&self.bed), services, |_| ())
    }

    fn over(bed: Arc<Bed>, services: Services, set: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup {
            services: services.clone(),
            assets: Arc::default(),
            site: bed.folder().to_owned(),
            public_url: "http://127.0.0.1:3000".into(),
            trusted_proxies: Arc::from([]),
            demo: false,
            leptos: LeptosOptions::builder().output_name("xueji").build(),
            limits: Limits::default(),
        };
        set(&mut setup);
        Self {
            router: router(setup),
            services,
            bed,
        }
    }

    /// Runs a test on SQLite, then on PostgreSQL when there is one.
    pub async fn on_each<T: Future<Output = ()>>(body: impl Fn(Self) -> T) {
        on_both(|bed| body(Self::on(bed))).await;
    }

    pub async fn sqlite() -> Self {
        Self::on(Bed::sqlite().await)
    }

    /// The whole service, to be served on a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A university whose offices need no second factor.
    pub async fn school(&self, slug: &str) -> TenantId {
        let tenant = self.bed.tenant(slug).await;
        self.without_second_factor(tenant).await;
        tenant
    }

    /// The offices of a university need no second factor from now on.
    pub async fn without_second_factor(&self, tenant: TenantId) {
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
    }

    /// A session of an actor: the value of its cookie.
    pub async fn cookie(&self, actor: &Actor) -> String {
        self.seated(actor, actor.seat().stepped_up, serde_json::Map::new())
            .await
    }

    /// A session in which a value waits.
    pub async fn cookie_with(&self, actor: &Actor, key: &str, value: serde_json::Value) -> String {
        let extra = serde_json::Map::from_iter([(key.to_owned(), value)]);
        self.seated(actor, actor.seat().stepped_up, extra).await
    }

    /// A session in which the password was given too long ago.
    pub async fn cookie_late(&self, actor: &Actor) -> String {
        self.seated(actor, None, serde_json::Map::new()).await
    }

    async fn seated(
        &self,
        actor: &Actor,
        stepped_up: Option<chrono::DateTime<chrono::Utc>>,
        mut data: serde_json::Map<String, serde_json::Value>,
    ) -> String {
        let id = Id::default();
        let seat = actor.seat();
        let look = self.bed.store().look(seat.tenant).await.unwrap();
        let signed_in = SignedIn {
            tenant: seat.tenant,
            account: seat.account,
            post: seat.post,
            stepped_up,
            version: look.account(seat.account).await.unwrap().version,
        };
        drop(look);
        data.insert("seat".to_owned(), serde_json::json!(signed_in));
        let data = serde_json::Value::Object(data);
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

    /// The login of somebody of the staff who signs in with [`PASSWORD`].
    pub async fn staff(&self, tenant: TenantId, login: &str, office: Office) -> String {
        let new = NewAccount {
            login: login.to_owned(),
            name: "王丙".to_owned(),
            office,
            kind: PostKind::Officer,
            scope: PersonalScope::School,
            password: Some(PASSWORD.to_owned()),
        };
        let by = self.services.console();
        let made = self.services.create_account(&by, tenant, new).await;
        made.unwrap().login
    }

    /// Signs in as a browser does; the value of the cookie.
    pub async fn sign_in(&self, slug: &str, login: &str) -> String {
        let form = format!("tenant={slug}&login={login}&password={PASSWORD}");
        let answer = self.submit("/api/institution/sign-in", None, &form).await;
        assert_eq!(answer.header("location"), format!("/{slug}/home"));
        answer.cookie()
    }

    /// Signs a new operator in, who has no second factor yet; the value of the cookie.
    pub async fn new_operator(&self) -> String {
        let made = self
            .services
            .create_operator("op1", "李丙", Some(PASSWORD.to_owned()))
            .await;
        made.unwrap();
        let answer = self.operator_password().await;
        assert_eq!(answer.header("location"), "/operator/tenants");
        answer.cookie()
    }

    /// Gives the operator's password at the sign-in.
    pub async fn operator_password(&self) -> Answer {
        let form = format!("login=op1&password={PASSWORD}");
        self.submit("/api/operator/sign-in", None, &form).await
    }

    /// Signs the operator in, who sets a second factor up; the value of the cookie, and the app.
    pub async fn operator_with_app(&self) -> (String, Authenticator) {
        let cookie = self.new_operator().await;
        let enrol = "/api/operator/totp-enrol";
        let begun = self.submit(enrol, Some(&cookie), "").await;
        assert_eq!(begun.header("location"), "/operator/account");
        let page = self.get("/operator/account", Some(&cookie)).await.body;
        let app = Authenticator::typed(copied(&page).next().unwrap()).unwrap();
        let form = format!("code={}", self.code(&app));
        let confirm = "/api/operator/totp-confirm";
        let confirmed = self.submit(confirm, Some(&cookie), &form).await;
        assert_eq!(confirmed.header("location"), "/operator/account");
        (confirmed.cookie(), app)
    }

    /// The code that an app shows now.
    pub fn code(&self, app: &Authenticator) -> String {
        app.code(self.bed.store().now()).unwrap()
    }

    /// Signs the operator in; the value of the cookie.
    pub async fn operator(&self) -> String {
        self.operator_with_app().await.0
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

pub fn post(path: &str, cookie: Option<&str>, form: &str, accept: &str) -> Request<Body> {
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
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        }
    }

    /// The session cookie that was set, as a browser sends it back.
    #[track_caller]
    pub fn cookie(&self) -> String {
        let mut set = self.headers.get_all(header::SET_COOKIE).iter();
        let line = set.find_map(|v| v.to_str().unwrap().strip_prefix(COOKIE));
        let line = line.expect("a session cookie");
        format!("{COOKIE}{}", line.split(';').next().unwrap())
    }

    /// Whether a session cookie was set.
    pub fn sets_session(&self) -> bool {
        let mut set = self.headers.get_all(header::SET_COOKIE).iter();
        set.any(|v| v.to_str().unwrap().starts_with(COOKIE))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}
