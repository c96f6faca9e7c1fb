//! Uploads as a browser sends them: folders with their paths, one table, several sheets, and nobody's 200 MB.

pub mod admission;

use crate::forms::forms;
use crate::house::{Answer, House};
use crate::kept::open_at;
use axum::body::Body;
use domain::institution::policy::{Kind, POLICY};
use domain::institution::{Actor, Office, TenantId};
use formats::sample::{PackageSpec, ProvinceSpec, SamplePackage, Shape};
use http::{Request, StatusCode, header};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};

const BOUNDARY: &str = "xueji-boundary";

/// The parts of a form: fields, then files under the names a browser gives them.
fn body(fields: &[(&str, &str)], files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.into_bytes());
    }
    for (name, bytes) in files {
        let part = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend(part.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// A form with files, as a browser without scripts sends it.
pub fn upload(
    path: &str,
    cookie: Option<&str>,
    fields: &[(&str, &str)],
    files: &[(String, Vec<u8>)],
) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(body(fields, files))).unwrap()
}

async fn send(house: &House, actor: &Actor, files: &[(String, Vec<u8>)]) -> Answer {
    let cookie = house.cookie(actor).await;
    let fields = [("tenant", "shou"), ("year", "2026"), ("path", "ordinary")];
    let request = upload("/shou/files/admission", Some(&cookie), &fields, files);
    house.send(request).await
}

fn package() -> SamplePackage {
    let province = |code: &str| ProvinceSpec {
        code: code.to_owned(),
        rows: 2,
        shape: Shape::default(),
        defects: BTreeMap::new(),
    };
    PackageSpec {
        seed: 5,
        year: 2026,
        provinces: vec![province("31"), province("32"), province("33")],
    }
    .generate()
}

/// A university, and somebody of its Admissions Office.
async fn admissions(house: &House) -> (TenantId, Actor) {
    let tenant = house.school("shou").await;
    let officer = house.bed.officer(tenant, Office::Admissions).await;
    (tenant, officer)
}

async fn names(house: &House, officer: &Actor) -> Vec<String> {
    let (lines, _) = house.services.imports(officer, 0, 10).await.unwrap();
    lines.into_iter().map(|line| line.file_name).collect()
}

#[tokio::test]
async fn a_folder_keeps_its_name_and_its_provinces() {
    House::on_each(|house| async move {
        let (_, officer) = admissions(&house).await;
        let files: Vec<(String, Vec<u8>)> = package()
            .files
            .into_iter()
            .map(|(path, bytes)| (format!("录取数据/{path}"), bytes))
            .collect();
        let answer = send(&house, &officer, &files).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.header("location").ends_with("done=uploaded"));
        assert_eq!(names(&house, &officer).await, ["录取数据.zip"]);
    })
    .await;
}

#[tokio::test]
async fn tables_that_lost_their_folders_are_told_apart_in_words() {
    House::on_each(|house| async move {
        let (_, officer) = admissions(&house).await;
        let files: Vec<(String, Vec<u8>)> = package()
            .files
            .into_iter()
            .map(|(path, bytes)| (path.rsplit('/').next().unwrap().to_owned(), bytes))
            .collect();
        let answer = send(&house, &officer, &files).await;
        let place = answer.header("location").to_owned();
        assert!(place.contains("refused=repeated_name"), "{place}");
        let cookie = house.cookie(&officer).await;
        let page = house.get(&place, Some(&cookie)).await;
        assert!(page.body.contains("有同名文件"), "the page says what to do");
        let sheets = ["一.xlsx", "二.xlsx"].map(|name| (name.to_owned(), b"PK".to_vec()));
        let answer = send(&house, &officer, &sheets).await;
        assert!(answer.header("location").contains("refused=no_tables"));
        assert_eq!(names(&house, &officer).await, Vec::<String>::new());
    })
    .await;
}

/// Several forms of the page send admission data: what is wrong stands at the one that was used.
#[tokio::test]
async fn a_folder_that_is_refused_leads_back_to_the_form_for_folders() {
    House::on_each(|house| async move {
        let (_, officer) = admissions(&house).await;
        let cookie = house.cookie(&officer).await;
        let page = house.get("/shou/admission/imports", Some(&cookie)).await;
        let actions = forms(&page.body).into_iter().map(|form| form.action);
        let mut actions = actions.filter(|action| action.starts_with("/shou/files/admission"));
        let (first, folder) = (actions.next().unwrap(), actions.next().unwrap());
        let fields = [("tenant", "shou"), ("year", "2026"), ("path", "ordinary")];
        let sheets = ["甲/一.xlsx", "甲/二.xlsx"].map(|name| (name.to_owned(), b"PK".to_vec()));
        let sent = |action: &str| upload(action, Some(&cookie), &fields, &sheets);
        let cut = |action: &str| {
            let mut request = sent(action);
            *request.body_mut() = Body::from(format!("--{BOUNDARY}\r\ncontent-disposition: form-"));
            request
        };
        for (action, own, other) in [
            (&first, "f-file", "f-file-folder"),
            (&folder, "f-file-folder", "f-file"),
        ] {
            for request in [sent(action), cut(action)] {
                let to = house.send(request).await.header("location").to_owned();
                assert!(to.contains("refused="), "{to}");
                let page = house.get(&to, Some(&cookie)).await.body;
                assert!(page.contains(&format!("href=\"#{own}\"")), "{to}: {page}");
                assert!(open_at(&page, own), "{to}: {own} is folded");
                let input = |id: &str| {
                    let rest = page.split(&format!("id=\"{id}\"")).nth(1).unwrap();
                    rest.split('>').next().unwrap().to_owned()
                };
                assert!(input(own).contains("aria-invalid"), "{to}: {own}");
                assert!(!input(other).contains("aria-invalid"), "{to}: {other}");
            }
        }
    })
    .await;
}

/// The numbers before `MB` in the hint of the upload's form: a package, a table of it, a sheet.
fn said(page: &str) -> [usize; 3] {
    let hint = page.split("id=\"f-file-hint\"").nth(1).unwrap();
    let hint = hint.split("</").next().unwrap();
    let numbers: Vec<usize> = hint
        .split(" MB")
        .filter_map(|before| before.rsplit(' ').next()?.parse().ok())
        .collect();
    numbers.try_into().unwrap_or_else(|_| panic!("{hint}"))
}

/// What is said to be the most is taken, and a byte more is refused with this very limit.
#[tokio::test]
async fn the_limits_of_the_hint_are_those_that_refuse() {
    House::on_each(|house| async move {
        let (_, officer) = admissions(&house).await;
        let cookie = house.cookie(&officer).await;
        let page = house.get("/shou/admission/imports", Some(&cookie)).await;
        let [package, table, sheet] = said(&page.body).map(|megabytes| megabytes << 20);
        // A package is measured before it is kept.
        let tables = (0..).zip((0..package).step_by(table));
        let tables = tables.map(|(at, from)| (at, table.min(package - from)));
        let mut files: Vec<(String, Vec<u8>)> = tables
            .map(|(at, bytes)| (format!("甲/td_{at}.dbf"), vec![0; bytes]))
            .collect();
        let answer = send(&house, &officer, &files).await;
        assert!(answer.header("location").ends_with("done=uploaded"));
        files.push(("甲/t_tdd.dbf".to_owned(), vec![0]));
        let answer = send(&house, &officer, &files).await;
        assert!(answer.header("location").contains("refused=too_large"));
        for (name, limit) in [("t_tdd.dbf", table), ("名单.csv", sheet)] {
            for (bytes, refused) in [(limit, false), (limit + 1, true)] {
                let file = [(name.to_owned(), vec![0; bytes])];
                let import = admission::led_to(&send(&house, &officer, &file).await);
                admission::work(&house).await;
                let path = format!("/shou/admission/imports/{import}");
                let page = house.get(&path, Some(&cookie)).await.body;
                let told = page.contains(&format!("超过上限 {limit} 字节"));
                assert_eq!(told, refused, "{name} of {bytes} bytes");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn one_table_alone_is_a_package_and_an_empty_file_is_none() {
    House::on_each(|house| async move {
        let (_, officer) = admissions(&house).await;
        let (_, bytes) = package().files.swap_remove(0);
        let answer = send(&house, &officer, &[("t_tdd.dbf".to_owned(), bytes)]).await;
        assert!(answer.header("location").ends_with("done=uploaded"));
        assert_eq!(names(&house, &officer).await, ["t_tdd.zip"]);
        let answer = send(&house, &officer, &[("空.zip".to_owned(), Vec::new())]).await;
        assert!(answer.header("location").contains("refused=empty"));
        let answer = send(&house, &officer, &[]).await;
        assert!(answer.header("location").contains("refused=incomplete"));
    })
    .await;
}

/// A body that never comes to its end.
struct Endless;

impl hyper::body::Body for Endless {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn who_may_not_upload_is_told_before_the_body_is_read() {
    House::on_each(|house| async move {
        let (tenant, _) = admissions(&house).await;
        let other = house.bed.officer(tenant, Office::AcademicAffairs).await;
        let cookie = house.cookie(&other).await;
        let uploads = POLICY
            .iter()
            .filter(|rule| rule.kind == Kind::File && rule.writes());
        let mut sent = 0;
        for rule in uploads {
            sent += 1;
            // Whoever reads the body waits for ever.
            let request = Request::post(format!("/shou/{}", rule.op))
                .header(header::COOKIE, &cookie)
                .header(
                    header::CONTENT_TYPE,
                    format!("multipart/form-data; boundary={BOUNDARY}"),
                )
                .body(Body::new(Endless))
                .unwrap();
            let answer =
                tokio::time::timeout(std::time::Duration::from_secs(20), house.send(request)).await;
            let status = answer.unwrap_or_else(|_| panic!("{}: the body is read", rule.op));
            assert_eq!(status.status, StatusCode::FORBIDDEN, "{}", rule.op);
        }
        assert_eq!(sent, 6, "every upload there is");
    })
    .await;
}
