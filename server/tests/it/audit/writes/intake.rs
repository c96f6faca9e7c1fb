//! Admission data: packages, worksheets and photos, from the upload to the undo.

use super::{Ask, Story, YEAR};
use crate::uploads::admission::{led_to, mended};
use domain::admission::finding::Severity;
use domain::view::admission::ImportView;
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape, ZipNames};
use services::worker::{Ran, Worker};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The candidate whom later parts of the story are about.
pub const KSH: &str = "26310115150001";
pub const NAME: &str = "张三";
pub const NUMBER: &str = "310115200803150010";

/// Six people, of whom two have a wrong check character, and one name with a look-alike dot.
fn package(seed: u64) -> Vec<u8> {
    let province = ProvinceSpec {
        code: "31".to_owned(),
        rows: 6,
        shape: Shape::default(),
        defects: BTreeMap::from([(Defect::BadChecksum, 2), (Defect::DotVariant, 1)]),
    };
    let package = PackageSpec {
        seed,
        year: 2026,
        provinces: vec![province],
    };
    package.generate().zip(ZipNames::Gbk)
}

/// A worksheet whose headings say nothing to the program.
fn sheet() -> String {
    format!("编号,名,男女,证,族别,去向\n{KSH},{NAME},男,{NUMBER},汉族,海洋科学\n")
}

fn upload(name: &str, bytes: impl Into<Vec<u8>>) -> Ask {
    Ask::nothing()
        .with("year", YEAR)
        .with("path", "ordinary")
        .file(name, bytes)
}

pub async fn comes_in(story: &mut Story) {
    let first = is_sent(story, &upload("录取数据.zip", package(6))).await;
    is_looked_at_and_mended(story, first).await;
    is_confirmed(story, first).await;
    is_undone(story, first).await;
    // What was taken back may come again.
    let again = is_sent(story, &upload("录取数据.zip", package(6))).await;
    is_confirmed(story, again).await;
    comes_as_a_sheet(story).await;
    stops_and_is_put_aside(story).await;
    let photos = [(format!("{KSH}.jpg"), b"no photo".to_vec())];
    let limits = formats::photos::PhotoLimits::default().files;
    let photos = formats::archive::pack(photos.to_vec(), &limits).unwrap();
    let officer = story.admissions.clone();
    let photos = upload("照片.zip", photos);
    story.does("files/photos", &officer, &photos).await;
    story.work().await;
}

/// Uploads admission data and lets them be checked.
async fn is_sent(story: &mut Story, upload: &Ask) -> Uuid {
    let officer = story.admissions.clone();
    let sent = story.does("files/admission", &officer, upload).await;
    story.work().await;
    led_to(&sent)
}

async fn view(story: &Story, import: Uuid) -> ImportView {
    let services = &story.house.services;
    services
        .import_view(&story.admissions, import)
        .await
        .unwrap()
}

/// An import as its page shows it.
async fn seen(story: &Story, import: Uuid) -> Ask {
    Ask::nothing()
        .with("import", import)
        .with("version", view(story, import).await.version)
}

async fn is_looked_at_and_mended(story: &mut Story, import: Uuid) {
    let officer = story.admissions.clone();
    let lang = domain::text::Lang::Zh;
    let services = story.house.services.clone();
    let book = services.findings_workbook(&officer, import, lang).await;
    let totals = view(story, import).await.totals;
    let warning = totals.iter().find(|t| t.severity == Severity::Warning);
    let accepted = seen(story, import)
        .await
        .with("kind", warning.unwrap().kind.key())
        .with("reason", "已核对录取名册");
    let accept = "admission/accept-warnings";
    story.does(accept, &officer, &accepted).await;
    let repaired = Ask::nothing()
        .with("repair", import)
        .file("改正.xlsx", mended(&book.unwrap()));
    story.does("files/admission", &officer, &repaired).await;
    story.work().await;
}

async fn is_confirmed(story: &mut Story, import: Uuid) {
    let officer = story.admissions.clone();
    let rows = view(story, import).await.steps.confirm;
    let confirmed = seen(story, import).await.with("rows", rows);
    story.does("admission/confirm", &officer, &confirmed).await;
    story.work().await;
}

async fn is_undone(story: &mut Story, import: Uuid) {
    let officer = story.admissions.clone();
    let undone = seen(story, import).await;
    story.does("admission/undo", &officer, &undone).await;
}

async fn comes_as_a_sheet(story: &mut Story) {
    let officer = story.admissions.clone();
    let import = is_sent(story, &upload("名单.csv", sheet())).await;
    let fields = ["KSH", "XM", "XBDM", "ZJHM", "MZDM", "ZYMC"];
    let columns = seen(story, import).await;
    let columns = fields
        .into_iter()
        .fold(columns, |ask, field| ask.with("columns[]", field));
    let assign = "admission/assign-columns";
    story.does(assign, &officer, &columns).await;
    story.work().await;
    is_confirmed(story, import).await;
}

async fn stops_and_is_put_aside(story: &mut Story) {
    let officer = story.admissions.clone();
    let sent = upload("另一份.zip", package(7));
    let sent = story.does("files/admission", &officer, &sent).await;
    let import = led_to(&sent);
    // The disk with the files is away while the worker looks for them.
    let files = story.house.bed.folder().join("files");
    let away = story.house.bed.folder().join("away");
    std::fs::rename(&files, &away).unwrap();
    let worker = Worker::new(story.house.services.clone(), "test");
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Failed));
    std::fs::rename(&away, &files).unwrap();
    story.look_away().await;
    let stopped = Ask::nothing().with("import", import);
    story.does("admission/resume", &officer, &stopped).await;
    story.work().await;
    let discarded = seen(story, import).await;
    story.does("admission/discard", &officer, &discarded).await;
}
