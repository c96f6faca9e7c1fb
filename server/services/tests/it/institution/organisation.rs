//! Units and staff: look, confirm, undo while nothing was built on them.

use super::school::{OTHER, School, URL, address, done};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::institution::organisation::{Issue, OrganisationFile, PlatformLayout};
use domain::institution::{Actor, Office, PersonalScope};
use services::ServiceError;
use services::institution::organisation::{OrganisationCounts, RowState, Standing};
use store::testkit::{Bed, on_both};
use uuid::Uuid;

pub const UNITS: &str = "\
类别,代码,名称,上级代码,国家专业代码,目录年份,学制,年级,电话,学信网简称,起始日期
班级,9901,机自2601,0802,,,,2026,,,
专业,0802,机械设计制造及其自动化,08,080202,2024,4,,,,
学院,08,机械工程学院,,,,,,021-5550 0000,机械,2020-09-01
部门,D1,档案馆,,,,,,,,
";

pub const STAFF: &str = "\
工号,姓名,学院,岗位,班级,电话
T9001,周一,C1,辅导员,水工2601、K2,13800000000
T9002,吴二,水利学院,教学秘书,,
T9002,吴二,,教务处,,
";

pub async fn upload(school: &School, file: OrganisationFile, text: &str) -> Uuid {
    school
        .services
        .upload_organisation(&school.admin, file, "名单.csv", text.as_bytes().to_vec())
        .await
        .unwrap()
        .import
}

pub async fn undo(school: &School, import: Uuid) -> services::Result<()> {
    school
        .services
        .undo_organisation(&school.admin, import)
        .await
}

#[tokio::test]
async fn units_are_shown_confirmed_and_taken_back() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let before = school
            .services
            .unit_list(&school.admin)
            .await
            .unwrap()
            .len();
        let import = upload(&school, OrganisationFile::Units, UNITS).await;
        let preview = school
            .services
            .organisation_preview(&school.admin, import)
            .await
            .unwrap();
        assert_eq!(preview.import.state, ImportState::Checked);
        assert!(preview.findings.is_empty());
        assert!(preview.rows.iter().all(|r| r.state == RowState::Good));
        assert_eq!(preview.rows[0].row, 2);
        assert_eq!(
            school
                .services
                .unit_list(&school.admin)
                .await
                .unwrap()
                .len(),
            before
        );
        let counts = school
            .services
            .confirm_organisation(&school.admin, import, None)
            .await
            .unwrap();
        let good = OrganisationCounts {
            rows: 4,
            good: 4,
            changed: 0,
            unchanged: 0,
            errors: 0,
        };
        assert_eq!(counts, good);
        let units = school.services.unit_list(&school.admin).await.unwrap();
        assert_eq!(units.len(), before + 4);
        let find = |code: &str| units.iter().find(|u| u.code == code).unwrap();
        assert_eq!(find("9901").parent, Some(find("0802").id));
        assert_eq!(find("0802").parent, Some(find("08").id));
        let short = &find("08").short_names[0];
        assert_eq!(short.name, "机械");
        assert_eq!(short.layout, PlatformLayout::Chsi);
        assert!(!short.by.is_empty(), "whoever confirms approves");
        assert_eq!(find("08").valid_from.to_string(), "2020-09-01");
        // The same file again is the same import.
        assert_eq!(
            upload(&school, OrganisationFile::Units, UNITS).await,
            import
        );
        let twice = school
            .services
            .confirm_organisation(&school.admin, import, None)
            .await;
        assert!(twice.is_ok_and(|c| c.good == 0 && c.unchanged == 4));
        undo(&school, import).await.unwrap();
        assert_eq!(
            school
                .services
                .unit_list(&school.admin)
                .await
                .unwrap()
                .len(),
            before
        );
        let listed = school
            .services
            .organisation_imports(&school.admin)
            .await
            .unwrap();
        assert_eq!(listed[0].state, ImportState::Undone);
    })
    .await;
}

#[tokio::test]
async fn rows_with_errors_stay_out() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let text = format!("{UNITS}学院,C1,别的学院,,,,,,,,\n班级,7,无上级,XX,,,,2026,,,\n");
        let import = upload(&school, OrganisationFile::Units, &text).await;
        let preview = school
            .services
            .organisation_preview(&school.admin, import)
            .await
            .unwrap();
        let issues: Vec<(u32, Issue)> = preview
            .findings
            .iter()
            .map(|f| (f.finding.row, f.finding.issue))
            .collect();
        assert_eq!(issues, [(6, Issue::OtherName), (7, Issue::NoParent)]);
        let counts = school
            .services
            .confirm_organisation(&school.admin, import, None)
            .await
            .unwrap();
        assert_eq!((counts.good, counts.errors), (4, 2));
        let units = school.services.unit_list(&school.admin).await.unwrap();
        assert!(units.iter().all(|u| u.code != "7"));
        assert!(units.iter().any(|u| u.code == "C1" && u.name == "水利学院"));
    })
    .await;
}

#[tokio::test]
async fn staff_get_accounts_that_wait_for_their_slips() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let import = upload(&school, OrganisationFile::Staff, STAFF).await;
        let counts = school
            .services
            .confirm_organisation(&school.admin, import, None)
            .await
            .unwrap();
        assert_eq!((counts.good, counts.errors), (3, 0));
        let staff = school.services.staff_list(&school.admin).await.unwrap();
        let of = |login: &str| staff.iter().find(|s| s.login == login).unwrap();
        assert_eq!(of("T9001").standing, Standing::Waiting);
        let post = &of("T9001").posts[0];
        assert_eq!(post.label.0, "水利学院 辅导员");
        assert_eq!(post.units, ["水工2601", "水工2602"]);
        assert_eq!(post.until, None);
        assert_eq!(of("T9002").posts.len(), 2);
        let slips = school
            .services
            .issue_staff_slips(&school.admin, URL)
            .await
            .unwrap();
        assert_eq!(slips.len(), 2);
        let slip = slips.iter().find(|s| s.number == "T9001").unwrap();
        let (_, token) = slip.url.split_once("?t=").unwrap();
        let outcome = school
            .services
            .redeem_slip(school.tenant, token, OTHER.to_owned(), address(4))
            .await
            .unwrap();
        let actor: Actor = school.services.present(done(outcome)).await.unwrap().actor;
        let PersonalScope::Classes { college, classes } = &actor.seat().scope else {
            panic!("a counsellor has classes")
        };
        assert_eq!(*college, school.college);
        assert_eq!(classes.len(), 2);
        match undo(&school, import).await {
            Err(ServiceError::BuiltOn(what)) => assert_eq!(what, "accounts:1,slips:2"),
            other => panic!("{other:?}"),
        }
    })
    .await;
}

/// No default password: until the slip was used, nothing that somebody may think of opens the account.
#[tokio::test]
async fn whoever_waits_for_a_slip_signs_in_with_nothing() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let import = upload(&school, OrganisationFile::Staff, STAFF).await;
        let confirmed = school
            .services
            .confirm_organisation(&school.admin, import, None);
        confirmed.await.unwrap();
        let waiting = school.stored("T9001").await;
        assert_eq!(
            (waiting.state.as_str(), waiting.password_hash),
            ("new", None)
        );
        // Each from elsewhere: what is looked at is the password, not how often somebody tried.
        for (place, password) in (20..).zip(["", "T9001", "13800000000", "周一"]) {
            let answer = school.sign_in("T9001", password, address(place)).await;
            assert!(matches!(answer, Err(ServiceError::SignIn)), "{password}");
        }
        let slips = school.services.issue_staff_slips(&school.admin, URL);
        let slips = slips.await.unwrap();
        let slip = slips.iter().find(|s| s.number == "T9001").unwrap();
        let (_, token) = slip.url.split_once("?t=").unwrap();
        let redeemed =
            school
                .services
                .redeem_slip(school.tenant, token, OTHER.to_owned(), address(4));
        done(redeemed.await.unwrap());
        for (place, password) in (30..).zip(["", "T9001", "13800000000", "周一"]) {
            let answer = school.sign_in("T9001", password, address(place)).await;
            assert!(matches!(answer, Err(ServiceError::SignIn)), "{password}");
        }
        done(school.sign_in("T9001", OTHER, address(4)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn staff_can_be_taken_back_before_anything_was_built_on_them() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let before = school
            .services
            .staff_list(&school.admin)
            .await
            .unwrap()
            .len();
        let import = upload(&school, OrganisationFile::Staff, STAFF).await;
        let confirm = school
            .services
            .confirm_organisation(&school.admin, import, None);
        confirm.await.unwrap();
        undo(&school, import).await.unwrap();
        assert_eq!(
            school
                .services
                .staff_list(&school.admin)
                .await
                .unwrap()
                .len(),
            before
        );
    })
    .await;
}

#[tokio::test]
async fn units_that_posts_or_units_stand_on_are_not_taken_back() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let import = upload(&school, OrganisationFile::Units, UNITS).await;
        let confirm = school
            .services
            .confirm_organisation(&school.admin, import, None);
        confirm.await.unwrap();
        let more = "类别,代码,名称,上级代码,年级\n班级,9902,机自2602,0802,2026\n";
        let second = upload(&school, OrganisationFile::Units, more).await;
        let confirm = school
            .services
            .confirm_organisation(&school.admin, second, None);
        confirm.await.unwrap();
        let staff = "工号,姓名,学院,岗位\nT9003,郑三,08,教学秘书\n";
        let staff = upload(&school, OrganisationFile::Staff, staff).await;
        let confirm = school
            .services
            .confirm_organisation(&school.admin, staff, None);
        confirm.await.unwrap();
        match undo(&school, import).await {
            Err(ServiceError::BuiltOn(what)) => assert_eq!(what, "units:1,posts:1"),
            other => panic!("{other:?}"),
        }
        undo(&school, staff).await.unwrap();
        undo(&school, second).await.unwrap();
        undo(&school, import).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_time_to_undo_ends() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let import = upload(&school, OrganisationFile::Units, UNITS).await;
        let confirm = school
            .services
            .confirm_organisation(&school.admin, import, None);
        confirm.await.unwrap();
        let services = &school.services;
        let listed = services.organisation_imports(&school.admin).await.unwrap();
        assert!(listed[0].undo_in_time, "it is offered while it can be done");
        bed.advance(TimeDelta::days(30) + TimeDelta::seconds(1));
        let listed = services.organisation_imports(&school.admin).await.unwrap();
        assert!(!listed[0].undo_in_time);
        assert!(matches!(
            undo(&school, import).await,
            Err(ServiceError::Refused(_))
        ));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        for text in ["%PDF-1.7", "姓名,岗位\n甲,乙\n"] {
            let import = upload(&school, OrganisationFile::Staff, text).await;
            let preview = school
                .services
                .organisation_preview(&school.admin, import)
                .await
                .unwrap();
            assert_eq!(preview.import.state, ImportState::Unreadable);
            let (zh, en) = preview.import.unreadable.unwrap();
            assert!(!zh.is_empty() && !en.is_empty());
            let confirm = school
                .services
                .confirm_organisation(&school.admin, import, None);
            assert!(matches!(confirm.await, Err(ServiceError::Refused(_))));
        }
    })
    .await;
}

#[tokio::test]
async fn the_organisation_is_the_administrators_and_of_one_university() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let other = School::named(&bed, "beihai").await;
        let import = upload(&school, OrganisationFile::Units, UNITS).await;
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let services = &school.services;
        let text = UNITS.as_bytes().to_vec();
        let kind = OrganisationFile::Units;
        let uploaded = services
            .upload_organisation(&affairs, kind, "a.csv", text)
            .await;
        assert!(matches!(uploaded, Err(ServiceError::Refused(_))));
        let confirmed = services.confirm_organisation(&affairs, import, None).await;
        assert!(matches!(confirmed, Err(ServiceError::Refused(_))));
        for answer in [
            services
                .confirm_organisation(&other.admin, import, None)
                .await
                .map(|_| ()),
            services.undo_organisation(&other.admin, import).await,
            services
                .organisation_preview(&other.admin, import)
                .await
                .map(|_| ()),
        ] {
            assert!(matches!(answer, Err(ServiceError::NotFound)));
        }
    })
    .await;
}

#[tokio::test]
async fn templates_are_read_back_without_their_sample() {
    let bed = Bed::sqlite().await;
    let school = School::on(&bed).await;
    for file in OrganisationFile::ALL {
        let bytes = school
            .services
            .organisation_template(&school.admin, file)
            .unwrap();
        let import = school
            .services
            .upload_organisation(&school.admin, file, "模板.xlsx", bytes)
            .await
            .unwrap()
            .import;
        let preview = school
            .services
            .organisation_preview(&school.admin, import)
            .await
            .unwrap();
        assert_eq!(preview.import.state, ImportState::Checked);
        assert!(preview.rows.is_empty());
    }
}
