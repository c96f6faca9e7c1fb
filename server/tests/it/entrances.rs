//! Each operation, page and file is called as nobody, from each post, and for another university (rule 4). The records
//! of another college and of another university are in `isolation`.

use crate::house::{Answer, House};
use axum::body::Body;
use domain::institution::policy::{Kind, Who};
use domain::institution::{
    Actor, Incident, Office, POLICY, PersonalScope, PostKind, Rule, TenantId,
};
use http::{Request, StatusCode, header};

pub const ID: &str = "01900000-0000-7000-8000-000000000000";

/// A form that each operation can read; the ids in it name nothing.
pub fn form(op: &str, tenant: &str) -> String {
    let rest = match op {
        "institution/sign-in" | "operator/sign-in" => {
            "login=nobody&password=nothing-of-the-kind".to_owned()
        }
        "institution/second-factor"
        | "institution/totp-confirm"
        | "operator/second-factor"
        | "operator/totp-confirm" => "code=000000".to_owned(),
        "institution/sign-out"
        | "institution/totp-enrol"
        | "institution/issue-staff-slips"
        | "operator/sign-out"
        | "operator/totp-enrol" => String::new(),
        "institution/step-up" | "operator/step-up" => {
            "password=nothing-of-the-kind&code=".to_owned()
        }
        "institution/switch-post" => format!("post={ID}"),
        "institution/activate" => "token=x&password=nothing-of-the-kind".to_owned(),
        "institution/activate-by-code" => {
            "ksh=1&name=x&id_number=1&code=x&password=nothing-of-the-kind".to_owned()
        }
        "institution/change-password" => {
            "old=nothing-of-the-kind&new=something-else-altogether".to_owned()
        }
        "institution/end-session" => "mark=00".to_owned(),
        "institution/issue-slips" => format!("class={ID}"),
        "institution/reissue-slip" => "number=1&kind=code&identity=id_card".to_owned(),
        "institution/reissue-staff-slip" => format!("account={ID}&identity=id_card"),
        "institution/disable-account" | "institution/enable-account" | "institution/reset-totp" => {
            format!("account={ID}&reason=lost")
        }
        "institution/import-confirm" | "institution/import-undo" => {
            format!("import={ID}&page=staff&seen=00")
        }
        "institution/set-parameter" => {
            "key=admission.undo_days&value=20&basis=test&effective_from=2027-01-01".to_owned()
        }
        "institution/set-school-name" => "name=x&code=1&valid_from=2026-01-01".to_owned(),
        "institution/set-term" => {
            "year=2026&semester=autumn&starts_on=2026-01-01&ends_on=2026-01-01".to_owned()
        }
        "institution/set-branding" => "province=31&colour=%23ffffff".to_owned(),
        "admission/accept-warnings" => {
            format!("import={ID}&version=1&kind=dot_variant&reason=checked")
        }
        "admission/confirm" => format!("import={ID}&version=1&rows=1"),
        "admission/undo" | "admission/discard" => format!("import={ID}&version=1"),
        "admission/progress" | "admission/resume" => format!("import={ID}"),
        "admission/assign-columns" => format!("import={ID}&version=1&columns[0]=KSH"),
        "admission/map-suggested" => "year=2026&lines=1".to_owned(),
        "admission/map-major" => format!("map={ID}&major={ID}&year=2026"),
        "admission/offer" => "year=2026&total=1&hash=00&note=".to_owned(),
        "admission/accept" => format!("receipt={ID}&handover={ID}&hash=00"),
        "admission/return" => format!("receipt={ID}&handover={ID}&reasons=counts%20differ"),
        "admission/assign" => "year=2026&college=&hash=00".to_owned(),
        "admission/assign-confirm" => format!("sheet={ID}&year=2026&hash=00"),
        "admission/assign-discard" => format!("sheet={ID}&year=2026"),
        "admission/assign-undo" => format!("batch={ID}&year=2026"),
        "admission/correct-class" => {
            format!("student={ID}&version=1&class={ID}&reason=%E7%8F%AD%E7%BA%A7%E6%9C%89%E8%AF%AF")
        }
        "admission/correct-number" => {
            format!(
                "student={ID}&version=1&number=2601001&reason=%E5%AD%A6%E5%8F%B7%E6%9C%89%E8%AF%AF"
            )
        }
        "disclosure/reveal" => format!("student={ID}&field=id_number&reason=checked"),
        "disclosure/find" => "kind=1&number=110101200001010019".to_owned(),
        "disclosure/search" => "filter[q]=x&col[]=name".to_owned(),
        "disclosure/export" => "list=&columns[0]=name&reason=checked".to_owned(),
        "operator/create-tenant" => {
            "slug=x&school_code=1&name=x&province=31&admin_login=x&admin_name=x".to_owned()
        }
        "operator/suspend-tenant" | "operator/resume-tenant" => "slug=x&confirmed=1".to_owned(),
        other => panic!("the policy table has {other}; give it a form here"),
    };
    if op.starts_with("operator/") {
        rest
    } else {
        format!("tenant={tenant}&{rest}")
    }
}

pub fn operations() -> impl Iterator<Item = &'static domain::institution::Rule> {
    POLICY.iter().filter(|rule| rule.kind == Kind::Operation)
}

/// The address of a page or file; its ids name nothing.
pub fn address(op: &str, slug: &str) -> String {
    let path = op
        .replace(":id", ID)
        .replace(":name", "units")
        .replace(":class", ID);
    format!("/{slug}/{path}")
}

/// A form with a file, as a browser sends it.
pub fn upload(path: &str, cookie: Option<&str>, tenant: &str) -> Request<Body> {
    let field = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = [
        field("tenant", tenant),
        field("year", "2026"),
        field("kind", "staff"),
        field("path", "ordinary"),
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nnothing\r\n--x--\r\n"
            .to_owned(),
    ];
    let mut request = Request::post(path)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(body.concat())).unwrap()
}

/// Calls what a rule is about, as the island, link or form that leads there would.
pub async fn knock(house: &House, rule: &Rule, cookie: Option<&str>, slug: &str) -> Answer {
    match rule.kind {
        Kind::Operation => {
            let path = format!("/api/{}", rule.op);
            house.call(&path, cookie, &form(rule.op, slug)).await
        }
        Kind::File if rule.writes() => {
            let path = address(rule.op, slug);
            house.send(upload(&path, cookie, slug)).await
        }
        Kind::File | Kind::Page => house.get(&address(rule.op, slug), cookie).await,
        Kind::Internal => panic!("{}: no entrance leads there", rule.op),
    }
}

/// Rules of a university that are not for everybody.
fn guarded() -> impl Iterator<Item = &'static Rule> {
    POLICY
        .iter()
        .filter(|r| r.who != Who::Anyone && r.kind != Kind::Internal)
        .filter(|r| !r.op.starts_with("operator/"))
}

/// Somebody in each post there is.
pub async fn seats(house: &House, tenant: TenantId) -> Vec<Actor> {
    let mut all = Vec::new();
    for office in Office::ALL {
        match office {
            Office::Operator | Office::College => {}
            Office::Student => {
                let scope = PersonalScope::Own(house.bed.store().id());
                all.push(
                    house
                        .bed
                        .person_in(tenant, office, PostKind::Student, scope)
                        .await,
                );
            }
            _ => all.push(house.bed.officer(tenant, office).await),
        }
    }
    let college = store_college(house, tenant, house.bed.store().id()).await;
    for kind in PostKind::ALL.into_iter().filter(|k| k.in_college()) {
        let scope = match kind {
            PostKind::Counsellor => PersonalScope::Classes {
                college,
                classes: vec![college],
            },
            PostKind::MajorHead => PersonalScope::Majors(vec![college]),
            _ => PersonalScope::College(college),
        };
        let office = Office::College;
        all.push(house.bed.person_in(tenant, office, kind, scope).await);
    }
    all
}

/// A teaching secretary, with a college to be one of.
pub async fn secretary(house: &House, tenant: TenantId) -> Actor {
    let college = store_college(house, tenant, house.bed.store().id()).await;
    let (office, kind) = (Office::College, PostKind::TeachingSecretary);
    let scope = PersonalScope::College(college);
    house.bed.person_in(tenant, office, kind, scope).await
}

/// A college of the school, so that a post can lie in one.
async fn store_college(house: &House, tenant: TenantId, id: uuid::Uuid) -> uuid::Uuid {
    use domain::institution::{Target, policy};
    let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
    let mut unit = house.bed.store().begin(&admin).await.unwrap();
    let granted = admin
        .authorize::<policy::ImportOrganisation>(&Target::school(tenant), unit.now())
        .unwrap();
    let college = store::rows::Unit {
        tenant_id: tenant.0,
        id,
        kind: "college".to_owned(),
        parent_id: None,
        code: "01".to_owned(),
        name: "海洋学院".to_owned(),
        catalogue_year: None,
        national_code: None,
        duration: None,
        grade: None,
        phone: None,
        valid_from: unit.today(),
        valid_to: None,
        import_id: None,
    };
    unit.insert_units(vec![college], Vec::new()).await.unwrap();
    unit.note(
        &granted,
        store::Subject::new("unit", id),
        store::Detail::none(),
    );
    unit.commit().await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_nothing() {
    House::on_each(|house| async move {
        house.school("shou").await;
        for rule in guarded() {
            let answer = knock(&house, rule, None, "shou").await;
            let expected = match (rule.op, rule.kind) {
                // Signing out twice is no error.
                ("institution/sign-out", _) => StatusCode::OK,
                (_, Kind::Operation) => StatusCode::UNAUTHORIZED,
                (_, Kind::Page | Kind::File) => StatusCode::SEE_OTHER,
                (_, Kind::Internal) => panic!("{}: no entrance leads there", rule.op),
            };
            assert_eq!(answer.status, expected, "{}: {}", rule.op, answer.body);
            if rule.kind != Kind::Operation {
                // A page is led back to after the sign-in; the first one is where it leads anyway.
                let led = answer.header("location");
                let asked = address(rule.op, "shou");
                let to = crate::forms::encode(asked.trim_start_matches("/shou/"));
                if rule.kind == Kind::Page && rule.op != "home" {
                    assert_eq!(led, format!("/shou/sign-in?to={to}"));
                } else {
                    assert_eq!(led, "/shou/sign-in", "{}", rule.op);
                }
                continue;
            }
            if !rule.writes() {
                continue;
            }
            let path = format!("/api/{}", rule.op);
            let plain = house.submit(&path, None, &form(rule.op, "shou")).await;
            assert_eq!(plain.status, StatusCode::FOUND, "{}", rule.op);
            let led = plain.header("location");
            // A one-time code is a way in of its own: whoever mistypes it stays on its page.
            let own_way = rule.op == "institution/activate-by-code";
            let page = if own_way { "activate" } else { "sign-in" };
            let page = format!("/shou/{page}");
            assert!(led.starts_with(&page), "{}: {led}", rule.op);
        }
    })
    .await;
}

/// The right is checked before anything is looked for: who has none is told so, whatever the form names.
#[tokio::test(flavor = "multi_thread")]
async fn a_post_without_the_right_is_refused_and_one_with_it_is_heard() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let mut wrong = Vec::new();
        for actor in seats(&house, tenant).await {
            for rule in guarded() {
                // Each call has a session of its own: some of them end it.
                let cookie = house.cookie(&actor).await;
                let answer = knock(&house, rule, Some(&cookie), "shou").await;
                let place = format!(
                    "{:?} {:?} {}: {} {}",
                    actor.office(),
                    actor.seat().kind,
                    rule.op,
                    answer.status,
                    answer.body
                );
                let refused = answer.status == StatusCode::FORBIDDEN
                    && (rule.kind != Kind::Operation || answer.body.contains("wrong_office"));
                if refused == rule.allows(&actor) || answer.status.is_server_error() {
                    wrong.push(place);
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_university_does_not_exist() {
    House::on_each(|house| async move {
        let (own, _other) = (house.school("shou").await, house.school("jsut").await);
        for actor in seats(&house, own).await {
            let cookie = house.cookie(&actor).await;
            for rule in guarded() {
                let answer = knock(&house, rule, Some(&cookie), "jsut").await;
                let missing = knock(&house, rule, Some(&cookie), "nowhere").await;
                let place = format!("{:?} {}: {}", actor.office(), rule.op, answer.body);
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{place}");
                assert_eq!(answer.status, missing.status, "{place}");
                assert_eq!(answer.body, missing.body, "{place}");
                if rule.kind == Kind::File && rule.writes() {
                    // The own address with another university in the form.
                    let path = address(rule.op, "shou");
                    let form = upload(&path, Some(&cookie), "jsut");
                    let answer = house.send(form).await;
                    let expected = if rule.allows(&actor) {
                        StatusCode::NOT_FOUND
                    } else {
                        StatusCode::FORBIDDEN
                    };
                    assert_eq!(answer.status, expected, "{place}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn looking_for_another_university_is_told_to_the_own_it_centre() {
    House::on_each(|house| async move {
        let (own, _other) = (house.school("shou").await, house.school("jsut").await);
        let office = house.bed.officer(own, Office::Admissions).await;
        let cookie = house.cookie(&office).await;
        let form = form("admission/confirm", "jsut");
        house
            .call("/api/admission/confirm", Some(&cookie), &form)
            .await;
        house.get("/jsut/students", Some(&cookie)).await;
        let it = house.bed.officer(own, Office::ItCentre).await;
        let all = services::institution::security::SecurityQuery::default();
        let view = house.services.security_view(&it, &all).await.unwrap();
        let found: Vec<Incident> = view.events.iter().map(|e| e.incident).collect();
        assert_eq!(found, [Incident::OtherUniversity; 2]);
    })
    .await;
}

#[tokio::test]
async fn the_schools_colour_is_a_style_sheet_that_anybody_may_load() {
    House::on_each(|house| async move {
        house.school("shou").await;
        let style = house.get("/shou/files/brand/style", None).await;
        assert_eq!(style.status, StatusCode::OK);
        assert!(style.header("content-type").starts_with("text/css"));
        assert!(
            style.body.contains("--color-primary:#0b5394"),
            "{}",
            style.body
        );
        let logo = house.get("/shou/files/brand/logo", None).await;
        assert_eq!(logo.status, StatusCode::NOT_FOUND);
        let page = house.get("/shou/sign-in", None).await;
        assert!(page.body.contains("files/brand/style?v=0b5394"));
    })
    .await;
}
