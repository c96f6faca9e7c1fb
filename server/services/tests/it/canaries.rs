//! T-PII-02: after a full tour nothing that must be sealed stands anywhere in clear: not in the tables, not in the
//! write-ahead log, not in a file, in none of the ways that a text may be written.

mod encodings;

use crate::admission::ground::{Ground, YEAR, package};
use crate::institution::organisation::upload;
use crate::institution::school::School;
use domain::admission::source::SourceField;
use domain::audit::hex;
use domain::institution::organisation::OrganisationFile;
use domain::text::Lang;
use domain::view::admission::RowState;
use domain::view::list::{Column, ListFilter, ListQuery};
use encodings::{Hit, Needles, forms};
use formats::package::{PackageLimits, read_files};
use formats::sample::{Defect, SamplePackage, ZipNames};
use std::collections::BTreeSet;
use store::testkit::on_both;

/// What is kept sealed of every row, of those that are no candidates too.
const SEALED: [SourceField; 4] = [
    SourceField::Zjhm,
    SourceField::Lxsj,
    SourceField::Txdz,
    SourceField::Zkzh,
];

fn canaries(sample: &SamplePackage) -> BTreeSet<String> {
    let limits = PackageLimits::default();
    let package = read_files(sample.files.clone(), "x", &limits).unwrap();
    let mut canaries = BTreeSet::new();
    for folder in &package.folders {
        for table in folder.bmk.iter().chain(&folder.tdd) {
            for column in SEALED.iter().filter_map(|field| table.column_of(*field)) {
                let values = table.rows.iter().map(|row| row.value(column).trim());
                canaries.extend(values.filter(|v| v.chars().count() > 5).map(str::to_owned));
            }
        }
    }
    canaries
}

#[tokio::test]
async fn nothing_sealed_stands_anywhere_in_clear() {
    on_both(|bed| async move {
        let sample = package(
            17,
            60,
            &[
                (Defect::BadChecksum, 2),
                (Defect::BadDate, 1),
                (Defect::BirthMismatch, 1),
                (Defect::SexMismatch, 1),
                (Defect::UnknownArea, 1),
                (Defect::ShortIdNumber, 1),
                (Defect::DuplicateId, 1),
                (Defect::DuplicateKsh, 1),
                (Defect::Deleted, 1),
                (Defect::Withdrawn, 1),
                (Defect::Undecodable, 1),
            ],
        );
        let canaries = canaries(&sample);
        assert!(canaries.len() > 200, "{}", canaries.len());
        let needles = Needles::of(&canaries);
        let ground = Ground::new(bed).await;
        let import = ground.upload(sample.zip(ZipNames::Gbk)).await.import();
        ground.work().await;
        let view = ground.view(import).await;
        assert!(view.line.counts.in_state(RowState::Bad) > 5);
        let findings = ground
            .services
            .findings_workbook(&ground.officer, import, Lang::Zh)
            .await;
        assert!(findings.is_ok());
        ground.confirm(import).await;
        let number = canaries.iter().find(|text| text.len() == 18).unwrap();
        let card = domain::person::id_number::IdType::ResidentIdCard;
        ground
            .services
            .find_by_document(&ground.officer, card, number)
            .await
            .unwrap();
        let query = ListQuery {
            filter: ListFilter {
                year: Some(i32::from(YEAR)),
                ..ListFilter::default()
            },
            ..ListQuery::default()
        };
        let columns = [Column::Name, Column::IdNumber];
        let reason = "核对录取数据";
        let job = ground
            .services
            .request_export(&ground.officer, query, &columns, reason)
            .await
            .unwrap();
        ground.work().await;
        let file = ground.services.download_export(&ground.officer, job).await;
        assert!(file.is_ok());
        let kept = ground.bed.everything_kept().await;
        assert!(kept.len() > 3, "there is nothing to look through");
        let found = kept
            .iter()
            .filter_map(|(name, bytes)| Some((name, needles.found_in(bytes)?)));
        let found: Vec<(&String, Hit)> = found.collect();
        assert!(found.is_empty(), "{found:#?}");
        // What is kept in clear is found: the look goes through the right things.
        let ksh = BTreeSet::from([sample.defects[0].0.clone()]);
        let needles = Needles::of(&ksh);
        let seen = kept
            .iter()
            .any(|(_, bytes)| needles.found_in(bytes).is_some());
        assert!(seen, "a number that is in clear was not found");
    })
    .await;
}

/// The telephones of the staff are sealed too, in their list as it was uploaded and in what was kept of it.
#[tokio::test]
async fn telephones_of_staff_stand_nowhere_in_clear() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let phones = ["13957104286", "021-61900417"];
        let list = format!(
            "工号,姓名,学院,岗位,班级,电话\nT9001,周一,C1,教学秘书,,{}\nT9002,吴二,,教务处,,{}\n",
            phones[0], phones[1]
        );
        let import = upload(&school, OrganisationFile::Staff, &list).await;
        let waiting = bed.everything_kept().await;
        let confirmed = school
            .services
            .confirm_organisation(&school.admin, import, None);
        assert_eq!(confirmed.await.unwrap().good, 2);
        // A second list with one of them changed: what it replaces is kept for the way back.
        let list = list.replace(phones[1], "13671894025");
        let again = upload(&school, OrganisationFile::Staff, &list).await;
        let confirmed = school
            .services
            .confirm_organisation(&school.admin, again, None);
        confirmed.await.unwrap();
        let look = bed.store().look(school.tenant).await.unwrap();
        for login in ["T9001", "T9002"] {
            let account = look.account_by_login(login).await.unwrap().unwrap();
            let person = look.person(account.person_id).await.unwrap();
            assert!(person.contact.is_some(), "the telephone of {login} is gone");
        }
        drop(look);
        let mut kept = bed.everything_kept().await;
        kept.extend(waiting);
        let found_in = |texts: &[&str]| {
            let texts: BTreeSet<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            let needles = Needles::of(&texts);
            kept.iter()
                .filter_map(|(name, bytes)| Some((name.clone(), needles.found_in(bytes)?)))
                .collect::<Vec<_>>()
        };
        let found = found_in(&[phones[0], phones[1], "13671894025"]);
        assert!(found.is_empty(), "{found:#?}");
        assert!(
            !found_in(&["jiangnan"]).is_empty(),
            "the look goes through the right things"
        );
    })
    .await;
}

/// The search finds a text in every form it knows, in the middle of anything.
#[test]
fn every_form_of_a_text_is_found() {
    for text in ["310115200801010019", "示例路17号", "13912345678"] {
        let needles = Needles::of(&BTreeSet::from([text.to_owned()]));
        assert_eq!(needles.found_in(&vec![b'7'; 4_096]), None);
        for (name, form) in forms(text) {
            let hidden = [b"noise \x00\xff".as_slice(), &form, b" more noise"].concat();
            assert!(needles.found_in(&hidden).is_some(), "{name} of {text}");
        }
        for before in 0..3 {
            let around = [&vec![b'x'; before], text.as_bytes(), b"yz"].concat();
            let written = encodings::base64(&around);
            let found = needles.found_in(written.as_bytes());
            assert!(found.is_some(), "base64 after {before} bytes: {written}");
        }
    }
}

/// Short digits are found beside everything but the rest of bytes that are written out.
#[test]
fn short_digits_are_found_everywhere_but_in_bytes_written_out() {
    let number = "838363331";
    let needles = Needles::of(&BTreeSet::from([number.to_owned()]));
    let found = |text: &str| needles.found_in(text.as_bytes());
    let hash = "3f0a9c".repeat(11);
    for text in [
        number.to_owned(),
        format!("{{\"zkzh\":\"{number}\"}}"),
        format!("准考证号{number}，已核对"),
        format!("a {number} b"),
        format!("{number}\n"),
        // Beside other digits, and beside letters that are hexadecimal digits too.
        format!("26310115{number}0000000000000000000000"),
        format!("a{number}f"),
        format!("face{number}cafe"),
        format!("0192ad3e-{number}abc"),
        format!("\\\\x{hash}\",\"zkzh\":\"{number}\""),
        format!("\\\\x{hash} {number} {hash}"),
    ] {
        assert!(found(&text).is_some(), "{text}");
    }
    for place in [0, 7, 32, 55] {
        let (before, after) = hash.split_at(place);
        let text = format!("\\\\x{before}{number}{after}\"");
        assert_eq!(found(&text), None, "{text}");
    }
    // The bytes of a leaf, in whose mark 88631 stands.
    let mark = r#"{"after":"1c0d88631eab"}"#;
    let leaf = hex::encode(mark.as_bytes());
    assert!(leaf.contains(number), "{leaf}");
    assert_eq!(found(&leaf), None);
    // A number in the clear behind a hash is not hidden by it, nor are its own bytes written out, nor longer numbers.
    let both = format!("\\\\x{hash}{number}ab\",\"name\":\"准考证 {number} 张\"");
    let hit = found(&both).unwrap();
    assert!(hit.around[0].ends_with("准考证 ") && hit.around[1].starts_with(" 张"));
    assert!(!hit.around[1].contains(number) && hit.name.ends_with("UTF-8"));
    let written = hex::encode(number.as_bytes());
    assert!(found(&format!("{hash}{written}{hash}")).is_some());
    let mobile = Needles::of(&BTreeSet::from(["13912345678".to_owned()]));
    let glued = format!("{hash}13912345678{hash}");
    assert!(mobile.found_in(glued.as_bytes()).is_some());
}
