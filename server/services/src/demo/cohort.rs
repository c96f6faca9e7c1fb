//! Cohorts: packages of the provinces, majors, hand-over, class and number, each by the use case that a school uses.

use super::staff::{ADMISSIONS, AFFAIRS};
use super::{Ground, school};
use crate::admission::{Accept, AdmissionUpload, Content};
use crate::assign::RuleChoice;
use crate::worker::Worker;
use crate::{Result, ServiceError};
use domain::admission::finding::FindingKind;
use domain::admission::import::ImportState;
use domain::admission::path::AdmissionPath;
use domain::decision::Machine as _;
use domain::institution::Actor;
use formats::sample::{Defect, Documents, NameCase, PackageSpec, ProvinceSpec, Shape, ZipNames};
use std::collections::BTreeMap;
use std::time::Duration;
use store::rows;
use uuid::Uuid;

/// Provinces with their shares of a hundred; the school's own has what is left.
const PROVINCES: [(&str, u32); 12] = [
    ("31", 9),
    ("32", 9),
    ("33", 8),
    ("34", 9),
    ("41", 10),
    ("35", 5),
    ("36", 6),
    ("37", 7),
    ("43", 6),
    ("51", 5),
    ("62", 4),
    ("65", 3),
];
/// A cohort of fewer students comes from so many provinces only.
const SMALL: (u32, usize) = (600, 5);
/// The province of a supplementary intake, which is not among the others.
const SUPPLEMENT: (&str, u32) = ("53", 10);
/// The province of the import that waits for confirmation, which is not among the others.
const WAITING: (&str, u32) = ("45", 18);
/// One of so many candidates is admitted to the broad intake.
const BROAD: u32 = 16;
/// Why warnings were accepted.
const REASON: &str = "已与身份证件核对一致";
/// Looks at an import that another worker has taken, and the time between two of them.
const LOOKS: (u32, Duration) = (600, Duration::from_millis(200));

/// One of each defect: what is planted into the first university's packages of this year.
fn one_of_each() -> BTreeMap<Defect, u32> {
    let defects = Defect::DEMONSTRATED.into_iter();
    defects.map(|defect| (defect, 1)).collect()
}

/// What is planted into a school's main package of a year.
fn planted(ground: &Ground, year: i32) -> BTreeMap<Defect, u32> {
    let first = ground.school.slug == "shou";
    match (ground.years.this - year, first) {
        (0, true) => one_of_each(),
        (0, false) => BTreeMap::from([
            (Defect::BadChecksum, 2),
            (Defect::DotVariant, 1),
            (Defect::MissingGlyph, 1),
        ]),
        // A name that is right and too long for the platform: accepted with a reason.
        (1, true) => BTreeMap::from([(Defect::NameTooLong, 1)]),
        _ => BTreeMap::new(),
    }
}

/// How the folder at a place looks. A broad intake (大类) has no major yet: older cohorts have chosen theirs.
fn shape(place: usize, broad: bool) -> Shape {
    Shape {
        broad: broad.then_some(BROAD),
        with_bmk: place % 4 != 3,
        case: if place % 3 == 1 {
            NameCase::Lower
        } else {
            NameCase::Upper
        },
        language: [0x4D, 0x00, 0x03]
            .get(place % 3)
            .copied()
            .unwrap_or_default(),
        ..Shape::default()
    }
}

/// The main package of a year: the school's own province first, with the defects in it.
fn main_package(ground: &Ground, year: i32) -> PackageSpec {
    let mut defects = planted(ground, year);
    let spoilt: u32 = defects.values().sum();
    let home = ground.school.province;
    let several = if ground.share < SMALL.0 {
        SMALL.1
    } else {
        PROVINCES.len()
    };
    let others = PROVINCES.iter().filter(|(code, _)| *code != home);
    let others: Vec<(&str, u32)> = others
        .take(several - 1)
        .map(|(code, weight)| (*code, (ground.share * weight / 100).max(1)))
        .collect();
    let elsewhere: u32 = others.iter().map(|(_, rows)| rows).sum();
    let at_home = ground.share.saturating_sub(elsewhere).max(1) + spoilt;
    let broad = ground.school.has_broad(ground.years, year);
    let provinces = std::iter::once((home, at_home)).chain(others).enumerate();
    PackageSpec {
        seed: ground.seed,
        year: u16::try_from(year).unwrap_or_default(),
        provinces: provinces
            .map(|(place, (code, rows))| ProvinceSpec {
                code: code.to_owned(),
                rows,
                shape: shape(place, broad),
                defects: std::mem::take(&mut defects),
            })
            .collect(),
    }
}

/// A package of one province.
fn small_package(
    ground: &Ground,
    (code, rows): (&str, u32),
    mark: u64,
    defects: BTreeMap<Defect, u32>,
) -> PackageSpec {
    PackageSpec {
        seed: ground.seed ^ (mark << 12),
        year: u16::try_from(ground.years.this).unwrap_or_default(),
        provinces: vec![ProvinceSpec {
            code: code.to_owned(),
            rows,
            shape: shape(0, false),
            defects,
        }],
    }
}

/// A cohort from the provinces' packages to class and student number. Of this year's, the last college waits for its
/// classes and numbers.
pub(super) async fn bring_in(ground: &Ground, year: i32, given: &mut Documents) -> Result<()> {
    let days = ground.years.intake(year)?;
    ground.calendar.go_to(days.classes);
    school::add_classes(ground, year).await?;
    ground.calendar.go_to(days.data);
    let package = main_package(ground, year).generate_beside(given);
    let bytes = package.zip(ZipNames::Gbk);
    import(ground, year, &format!("{year}年本科录取数据.zip"), bytes).await?;
    map_majors(ground, year).await?;
    ground.calendar.go_to(days.offer);
    let handover = offer(ground, year, "本年度录取数据，请核对人数与校验值").await?;
    ground.calendar.go_to(days.answer);
    accept(ground, handover).await?;
    ground.calendar.go_to(days.numbers);
    assign(ground, year).await?;
    tracing::info!(school = ground.school.slug, year, "a cohort is in");
    Ok(())
}

/// A few more students of this year, offered and not answered yet.
pub(super) async fn supplement(ground: &Ground, given: &mut Documents) -> Result<()> {
    let year = ground.years.this;
    ground.calendar.go_to(ground.years.before(3));
    let package = small_package(ground, SUPPLEMENT, 1, BTreeMap::new()).generate_beside(given);
    let bytes = package.zip(ZipNames::Gbk);
    import(ground, year, &format!("{year}年补录数据.zip"), bytes).await?;
    map_majors(ground, year).await?;
    offer(ground, year, "补录新生，请接收").await?;
    Ok(())
}

/// An import that was checked and waits for somebody to look at it.
pub(super) async fn leave_one_to_confirm(ground: &Ground, given: &mut Documents) -> Result<()> {
    let year = ground.years.this;
    ground.calendar.go_to(ground.years.before(2));
    let defects = BTreeMap::from([(Defect::BadChecksum, 1), (Defect::DotVariant, 1)]);
    let package = small_package(ground, WAITING, 2, defects).generate_beside(given);
    let officer = ground.actor(ADMISSIONS).await?;
    let upload = AdmissionUpload {
        year,
        path: AdmissionPath::Ordinary,
        file_name: format!("{year}年征集志愿录取数据.zip"),
        content: Content::File(package.zip(ZipNames::Gbk)),
        columns: None,
    };
    let import = ground
        .services
        .upload_admission(&officer, upload)
        .await?
        .import();
    let worker = Worker::new(ground.services.clone(), "demo");
    for _ in 0..LOOKS.0 {
        let unit = ground.services.store.read(&officer).await?;
        let state = unit.import(import).await?.state;
        drop(unit);
        if state == ImportState::Checked.key() {
            return Ok(());
        }
        if worker.run_one().await?.is_none() {
            tokio::time::sleep(LOOKS.1).await;
        }
    }
    Err(ServiceError::Internal("an import of the demonstration"))
}

/// Uploads, checks and confirms a package. Names that are too long are accepted in earlier years.
async fn import(ground: &Ground, year: i32, name: &str, bytes: Vec<u8>) -> Result<()> {
    let fault = |_| ServiceError::Internal("a folder for the demonstration");
    let folder = tempfile::tempdir().map_err(fault)?;
    let path = folder.path().join(name);
    tokio::fs::write(&path, bytes).await.map_err(fault)?;
    let accepted = (year < ground.years.this).then(|| Accept {
        kind: FindingKind::NameTooLong,
        reason: REASON.to_owned(),
    });
    let officer = ground.actor(ADMISSIONS).await?;
    let accepted: Vec<Accept> = accepted.into_iter().collect();
    let summary = ground
        .services
        .import_path(&officer, &path, year, AdmissionPath::Ordinary, &accepted)
        .await?;
    if summary.view.line.state == ImportState::Confirmed {
        Ok(())
    } else {
        Err(ServiceError::Internal("an import of the demonstration"))
    }
}

/// Follows every suggestion: each admitted major is one of the school's by its national code, each broad intake that of
/// the college with its majors.
async fn map_majors(ground: &Ground, year: i32) -> Result<()> {
    let officer = ground.actor(ADMISSIONS).await?;
    let services = &ground.services;
    let view = services.major_map_view(&officer, year).await?;
    for line in view.lines.into_iter().filter(|line| line.major.is_none()) {
        let major = line
            .suggestion
            .ok_or(ServiceError::Internal("a major of the demonstration"))?;
        services
            .map_major(&officer, line.id, major.id, line.broad)
            .await?;
    }
    Ok(())
}

async fn offer(ground: &Ground, year: i32, note: &str) -> Result<Uuid> {
    let officer = ground.actor(ADMISSIONS).await?;
    let services = &ground.services;
    let preview = services.handover_preview(&officer, Some(year)).await?;
    services
        .offer_handover(&officer, year, preview.total, &preview.hash, note)
        .await
}

/// Student Affairs first, then every college for its part.
async fn accept(ground: &Ground, handover: Uuid) -> Result<()> {
    let affairs = ground.actor(AFFAIRS).await?;
    accept_own(ground, &affairs, handover).await?;
    for place in 0..ground.school.colleges.len() {
        let login = format!("xy{}", school::college_code(place));
        let secretary = ground.actor(&login).await?;
        accept_own(ground, &secretary, handover).await?;
    }
    Ok(())
}

/// Accepts the receipt that somebody answers for; a college without students has none.
async fn accept_own(ground: &Ground, receiver: &Actor, handover: Uuid) -> Result<()> {
    let view = match ground.services.handover(receiver, handover).await {
        Err(ServiceError::NotFound) => return Ok(()),
        other => other?,
    };
    for receipt in view.line.receipts.iter().filter(|r| r.can_answer) {
        ground
            .services
            .accept_receipt(receiver, receipt.id, &receipt.hash)
            .await?;
    }
    Ok(())
}

async fn assign(ground: &Ground, year: i32) -> Result<()> {
    let affairs = ground.actor(AFFAIRS).await?;
    if year < ground.years.this {
        return assign_to(ground, &affairs, year, None).await;
    }
    let mut colleges = colleges(ground, &affairs).await?;
    colleges.pop();
    for college in colleges {
        assign_to(ground, &affairs, year, Some(college.id)).await?;
    }
    Ok(())
}

async fn assign_to(
    ground: &Ground,
    affairs: &Actor,
    year: i32,
    college: Option<Uuid>,
) -> Result<()> {
    let services = &ground.services;
    let choice = RuleChoice {
        college,
        ..RuleChoice::cohort(year)
    };
    let preview = services.assign_preview_by_rule(affairs, choice).await?;
    if preview.total == 0 {
        return Ok(());
    }
    services
        .assign_by_rule(affairs, choice, &preview.hash)
        .await?;
    Ok(())
}

/// The colleges by their codes.
async fn colleges(ground: &Ground, actor: &Actor) -> Result<Vec<rows::Unit>> {
    let unit = ground.services.store.read(actor).await?;
    let mut units = unit.units().await?;
    units.retain(|unit| unit.kind == "college");
    units.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(units)
}
