//! A browser without scripts sees a page and words, whatever goes wrong; never a blank page, never raw JSON.

use crate::entrances::{ID, form, operations, seats, secretary};
use crate::house::House;
use crate::isolation::fresh;
use crate::ways::demonstration;
use axum::body::Body;
use domain::institution::Office;
use domain::institution::policy::Who;
use domain::view::list::ListQuery;
use http::{Request, StatusCode, header};

#[tokio::test]
async fn what_is_not_there_is_a_page() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let office = house.bed.officer(tenant, Office::Admissions).await;
    let cookie = house.cookie(&office).await;
    for path in [
        "/nowhere/sign-in".to_owned(),
        "/no/such/address/at/all".to_owned(),
        "/shou/nothing-here".to_owned(),
        "/shou/files/findings/not-an-id".to_owned(),
        "/shou/files/exports/..%2f..%2fkeys".to_owned(),
        format!("/shou/files/photo/{ID}%00.jpg"),
        "/shou/students/not-an-id".to_owned(),
    ] {
        for (language, words) in [("zh-CN", "没有这一页"), ("en", "There is no such page")] {
            let asked = format!("{path}?lang={language}");
            let answer = house.get(&asked, Some(&cookie)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{asked}");
            assert!(answer.body.contains("<h1"), "{asked}: {}", answer.body);
            assert!(answer.body.contains(words), "{asked}: {}", answer.body);
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{asked}: {policy}");
        }
    }
    // A call is answered with the status alone.
    let request = Request::get("/nowhere/sign-in")
        .body(Body::empty())
        .unwrap();
    assert_eq!(house.send(request).await.body, "");
}

#[tokio::test]
async fn the_first_page_leads_to_the_universities() {
    let house = House::sqlite().await;
    house.school("shou").await;
    let answer = house.get("/", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.body.contains("href=\"/shou/sign-in\""),
        "{}",
        answer.body
    );
    assert!(!answer.body.contains("<form"), "{}", answer.body);
    let short = house.get("/shou", None).await;
    assert_eq!(short.header("location"), "/shou/home");
}

/// Every operation, from a browser: an id that names nothing, and a form without its fields.
#[tokio::test]
async fn a_form_that_fails_leads_back_with_words() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let seats = seats(&house, tenant).await;
        for rule in operations().filter(|r| r.who != Who::Anyone && !r.op.starts_with("operator/"))
        {
            let may = seats.iter().find(|actor| rule.allows(actor));
            let office = may.unwrap_or_else(|| panic!("nobody may {}", rule.op));
            let cookie = house.cookie(office).await;
            let path = format!("/api/{}", rule.op);
            let answer = house
                .submit(&path, Some(&cookie), &form(rule.op, "shou"))
                .await;
            let to = answer.header("location");
            if rule.writes() {
                assert!(
                    answer.status.is_redirection(),
                    "{}: {}",
                    rule.op,
                    answer.status
                );
                assert!(to.starts_with("/shou/"), "{}: {to}", rule.op);
            }
            assert!(!to.contains("__err"), "{}: {to}", rule.op);
            let cookie = house.cookie(office).await;
            let request = Request::post(&path)
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, &cookie)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(
                    header::REFERER,
                    "http://127.0.0.1:3000/shou/home?page=2&refused=stale",
                )
                .body(Body::from("nothing=1"))
                .unwrap();
            let answer = house.send(request).await;
            let to = answer.header("location");
            assert!(
                answer.status.is_redirection(),
                "{}: {} {}",
                rule.op,
                answer.status,
                answer.body
            );
            assert_eq!(to, "/shou/home?page=2&refused=malformed", "{}", rule.op);
            let called = house.call(&path, Some(&cookie), "nothing=1").await;
            assert_eq!(
                called.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{}",
                rule.op
            );
            assert!(
                called.body.contains("malformed"),
                "{}: {}",
                rule.op,
                called.body
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_that_cannot_be_read_leads_nowhere_else() {
    let house = House::sqlite().await;
    for referer in [
        None,
        Some("https://elsewhere.example//evil.example/x"),
        Some("not an address"),
    ] {
        let mut request = Request::post("/api/institution/sign-in")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(referer) = referer {
            request = request.header(header::REFERER, referer);
        }
        let answer = house
            .send(request.body(Body::from("nothing=1")).unwrap())
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{referer:?}"
        );
        assert_eq!(answer.header("location"), "", "{referer:?}");
        assert!(answer.body.contains("<h1"), "{referer:?}");
    }
    let unknown = house.submit("/api/institution/none", None, "").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_student_number_nobody_has_is_said_where_it_was_typed() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let cookie = house.cookie(&secretary(&house, tenant).await).await;
        let form = "tenant=shou&number=20269999&kind=slip&identity=id_card";
        let path = "/api/institution/reissue-slip";
        let answer = house.submit(path, Some(&cookie), form).await;
        let led = answer.header("location");
        assert!(
            led.starts_with("/shou/activation?refused=unknown&field=number&"),
            "{led}"
        );
        let page = house.get(led, Some(&cookie)).await.body;
        assert!(page.contains("没有查到这名学生"), "{page}");
        assert_eq!(page.matches("aria-invalid=\"true\"").count(), 1);
        let typed = crate::forms::form(&page, path).fields;
        assert!(typed.contains(&("number".to_owned(), "20269999".to_owned())));
        let elsewhere = form.replace("shou", "jsut");
        let answer = house.submit(path, Some(&cookie), &elsewhere).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.header("location"), "");
        assert!(answer.body.contains("没有这一页"), "{}", answer.body);
    })
    .await;
}

/// A slip is issued anew only by a check that is one; which it was is asked for at its field.
#[tokio::test]
async fn a_slip_is_not_issued_anew_without_a_check_of_identity() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let account = admin.seat().account;
        let path = "/api/institution/reissue-staff-slip";
        for (typed, code) in [
            ("", "missing"),
            ("&identity=", "missing"),
            ("&identity=video", "unknown"),
        ] {
            let form = format!("tenant=shou&account={account}{typed}&note=lost");
            let answer = house.submit(path, Some(&cookie), &form).await;
            let led = answer.header("location").to_owned();
            let to = format!("/shou/staff?refused={code}&field=identity");
            assert!(led.starts_with(&to), "{typed}: {led}");
        }
    })
    .await;
}

/// 三(三): neither a slip nor a one-time code goes to a student whom nobody says to have seen, and how.
#[tokio::test]
async fn a_student_gets_nothing_anew_without_a_check_of_identity() {
    House::on_each(|house| async move {
        let (_, secretary) = demonstration(&house, "xy01").await;
        let list = house.services.students(&secretary, ListQuery::default());
        let students = list.await.unwrap().rows;
        let number = students.iter().find_map(|row| row.student_no.as_deref());
        let number = number.expect("a student with a number");
        let fresh = fresh(&secretary, house.bed.store().now());
        let cookie = house.cookie(&fresh).await;
        let path = "/api/institution/reissue-slip";
        for kind in ["slip", "code"] {
            let form = format!("tenant=shou&number={number}&kind={kind}&note=lost");
            for (typed, code) in [
                ("", "missing"),
                ("&identity=", "missing"),
                ("&identity=video", "unknown"),
            ] {
                let form = format!("{form}{typed}");
                let answer = house.submit(path, Some(&cookie), &form).await;
                let led = answer.header("location").to_owned();
                let to = format!("/shou/activation?refused={code}&field=identity");
                assert!(led.starts_with(&to), "{kind} {typed}: {led}");
            }
            let form = format!("{form}&identity=id_card");
            let answer = house.submit(path, Some(&cookie), &form).await;
            let led = answer.header("location");
            assert!(!led.contains("refused="), "{kind}: {led}");
        }
    })
    .await;
}

fn compressed(path: &str, encodings: &str, site: Option<&str>) -> Request<Body> {
    let mut request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_ENCODING, encodings);
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_page_is_compressed_when_the_browser_asks() {
    let house = House::sqlite().await;
    house.school("shou").await;
    let path = "/shou/sign-in";
    let plain = house.get(path, None).await;
    assert_eq!(plain.header("content-encoding"), "");
    for (asked, coding) in [
        ("gzip, deflate, br, zstd", "gzip"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0.0, identity", ""),
        ("br", ""),
        ("identity", ""),
    ] {
        let answer = house.send(compressed(path, asked, Some("none"))).await;
        assert_eq!(answer.header("content-encoding"), coding, "{asked}");
        assert!(answer.header("vary").contains("accept-encoding"));
        if !coding.is_empty() {
            let (packed, whole) = (answer.bytes.len(), plain.bytes.len());
            assert!(packed * 2 < whole, "{asked}: {packed} of {whole}");
        }
    }
    // Whoever measures lengths from another site is given none.
    for site in ["cross-site", "same-site"] {
        let answer = house.send(compressed(path, "gzip", Some(site))).await;
        assert_eq!(answer.header("content-encoding"), "", "{site}");
    }
    let file = house.send(compressed("/healthz", "gzip", None)).await;
    assert_eq!(file.header("content-encoding"), "");
}

#[tokio::test]
async fn a_compressed_page_is_the_page() {
    let house = House::sqlite().await;
    house.school("shou").await;
    let answer = house.send(compressed("/shou/sign-in", "gzip", None)).await;
    let mut page = String::new();
    let mut packed = flate2::read::GzDecoder::new(answer.bytes.as_slice());
    std::io::Read::read_to_string(&mut packed, &mut page).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("</html>"),
        "{page}"
    );
}
