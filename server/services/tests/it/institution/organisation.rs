//! Units and staff: look, confirm, undo while nothing was built on them.

use super::school::{OTHER, School, URL, address, done};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::institution::organisation::{Issue, OrganisationFile, PlatformLayout};
use domain::institution::{Actor, Office, PersonalScope, PostKind};
use services::ServiceError;
use services::institution::organisation::{OrganisationCounts, RowState};
use store::testkit::{Bed, on_both};
use uuid::Uuid;

const UNITS: &str = "\
类别,代码,名称,上级代码,国家专业代码,目录年份,学制,年级,电话,学信网简称,起始日期
班级,9901,机自2601,0802,,,,2026,,,
专业,0802,机械设计制造及其自动化,08,080202,2024,4,,,,
学院,08,机械工程学院,,,,,,021-5550 0000,机械,2020-09-01
部门,D1,档案馆,,,,,,,,
";

const STAFF: &str = "\
工号,姓名,学院,岗位,班级,电话
T9001,周一,C1,辅导员,水工2601、K2,13800000000
T9002,吴二,水利学院,教学秘书,,
T9002,吴二,,教务处,,
";

async fn upload(school: &School, file: OrganisationFile, text: &str) -> Uuid {
    school
        .services
        .upload_organisation(&school.admin, file, "名单.csv", text.as_bytes().to_vec())
        .await
        .unwrap()
}

async fn undo(school: &School, import: Uuid) -> services::Result<()> {
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
            .confirm_organisation(&school.admin, import)
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
            .confirm_organisation(&school.admin, import)
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
            .confirm_organisation(&school.admin, import)
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
            .confirm_organisation(&school.admin, import)
            .await
            .unwrap();
        assert_eq!((counts.good, counts.errors), (3, 0));
        let staff = school.services.staff_list(&school.admin).await.unwrap();
        let of = |login: &str| staff.iter().find(|s| s.login == login).unwrap();
        assert!(!of("T9001").active);
        assert_eq!(of("T9001").posts[0].0, "水利学院 辅导员");
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
        let confirm = school.services.confirm_organisation(&school.admin, import);
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
        let confirm = school.services.confirm_organisation(&school.admin, import);
        confirm.await.unwrap();
        let more = "类别,代码,名称,上级代码,年级\n班级,9902,机自2602,0802,2026\n";
        let second = upload(&school, OrganisationFile::Units, more).await;
        let confirm = school.services.confirm_organisation(&school.admin, second);
        confirm.await.unwrap();
        let staff = "工号,姓名,学院,岗位\nT9003,郑三,08,教学秘书\n";
        let staff = upload(&school, OrganisationFile::Staff, staff).await;
        let confirm = school.services.confirm_organisation(&school.admin, staff);
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
    let bed = Bed::sqlite().await;
    let school = School::on(&bed).await;
    let import = upload(&school, OrganisationFile::Units, UNITS).await;
    let confirm = school.services.confirm_organisation(&school.admin, import);
    confirm.await.unwrap();
    bed.advance(TimeDelta::days(30) + TimeDelta::seconds(1));
    assert!(matches!(
        undo(&school, import).await,
        Err(ServiceError::Refused(_))
    ));
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
            let confirm = school.services.confirm_organisation(&school.admin, import);
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
        let confirmed = services.confirm_organisation(&affairs, import).await;
        assert!(matches!(confirmed, Err(ServiceError::Refused(_))));
        for answer in [
            services
                .confirm_organisation(&other.admin, import)
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
            .unwrap();
        let preview = school
            .services
            .organisation_preview(&school.admin, import)
            .await
            .unwrap();
        assert_eq!(preview.import.state, ImportState::Checked);
        assert!(preview.rows.is_empty());
    }
}

async fn confirmed(school: &School, file: OrganisationFile, text: &str) -> Uuid {
    let import = upload(school, file, text).await;
    let confirm = school.services.confirm_organisation(&school.admin, import);
    let counts = confirm.await.unwrap();
    assert_eq!(counts.errors, 0);
    import
}

#[tokio::test]
async fn staff_imported_in_lower_case_sign_in_and_are_one_person() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let text = "工号,姓名,学院,岗位\nzhang01,张三,C1,教学秘书\n";
        confirmed(&school, OrganisationFile::Staff, text).await;
        let slips = school.services.issue_staff_slips(&school.admin, URL);
        let slips = slips.await.unwrap();
        let (_, token) = slips[0].url.split_once("?t=").unwrap();
        let redeemed = school
            .services
            .redeem_slip(school.tenant, token, OTHER.to_owned(), address(4))
            .await;
        done(redeemed.unwrap());
        for login in ["zhang01", "Zhang01", "ＺＨＡＮＧ０１"] {
            done(school.sign_in(login, OTHER, address(4)).await.unwrap());
        }
        let before = school
            .services
            .staff_list(&school.admin)
            .await
            .unwrap()
            .len();
        let text = "工号,姓名,学院,岗位\nZHANG01,张三,,教务处\n";
        confirmed(&school, OrganisationFile::Staff, text).await;
        let staff = school.services.staff_list(&school.admin).await.unwrap();
        assert_eq!(staff.len(), before);
        let member = staff.iter().find(|s| s.login == "ZHANG01").unwrap();
        assert_eq!(member.posts.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_unit_is_renamed_and_ended_and_the_import_taken_back() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        bed.advance(TimeDelta::days(10));
        let today = domain::calendar::local_date(bed.store().now());
        let text = format!(
            "类别,代码,名称,电话,学信网简称,起始日期,截止日期\n\
             学院,C1,水利与环境学院,021-5555,水环,{today},\n\
             班级,K2,水工2602,,,,{today}\n"
        );
        let import = upload(&school, OrganisationFile::Units, &text).await;
        let preview = school
            .services
            .organisation_preview(&school.admin, import)
            .await
            .unwrap();
        assert!(preview.rows.iter().all(|r| r.state == RowState::Change));
        let details: Vec<&str> = preview
            .findings
            .iter()
            .map(|f| f.finding.detail.as_str())
            .collect();
        assert!(
            details.contains(&"水利学院 → 水利与环境学院"),
            "{details:?}"
        );
        let confirm = school.services.confirm_organisation(&school.admin, import);
        let counts = confirm.await.unwrap();
        assert_eq!((counts.good, counts.changed), (0, 2));
        let units = school.services.unit_list(&school.admin).await.unwrap();
        let find = |code: &str| units.iter().find(|u| u.code == code);
        let college = find("C1").unwrap();
        assert_eq!(college.id, school.college, "what stands on it stays");
        assert_eq!(college.name, "水利与环境学院");
        assert_eq!(college.former, [("水利学院".to_owned(), today)]);
        assert_eq!(college.short_names[0].name, "水环");
        assert_eq!(find("K2").unwrap().valid_to, Some(today));
        // A later change of the same unit stands on this one.
        let text = "类别,代码,名称,电话\n学院,C1,水利与环境学院,021-6666\n";
        let later = confirmed(&school, OrganisationFile::Units, text).await;
        match undo(&school, import).await {
            Err(ServiceError::BuiltOn(what)) => assert_eq!(what, "changes:1"),
            other => panic!("{other:?}"),
        }
        undo(&school, later).await.unwrap();
        undo(&school, import).await.unwrap();
        let units = school.services.unit_list(&school.admin).await.unwrap();
        let college = units.iter().find(|u| u.code == "C1").unwrap();
        assert_eq!(college.name, "水利学院");
        assert!(college.phone.is_none() && college.former.is_empty());
        assert!(college.short_names.is_empty());
        let class = units.iter().find(|u| u.code == "K2").unwrap();
        assert!(class.valid_to.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_unit_of_a_later_day_is_not_there_yet_and_not_made_twice() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let today = domain::calendar::local_date(bed.store().now());
        let later = today + chrono::Days::new(5);
        let text = format!("类别,代码,名称,起始日期\n学院,C7,未来学院,{later}\n");
        confirmed(&school, OrganisationFile::Units, &text).await;
        let now = async || {
            let look = bed.store().look(school.tenant).await.unwrap();
            let units = look.units().await.unwrap();
            units.iter().any(|u| u.code == "C7")
        };
        assert!(!now().await, "nothing is mapped or assigned to it today");
        let again = upload(&school, OrganisationFile::Units, &format!("{text}\n")).await;
        let confirm = school.services.confirm_organisation(&school.admin, again);
        let counts = confirm.await.unwrap();
        assert_eq!((counts.good, counts.unchanged), (0, 1));
        bed.advance(TimeDelta::days(5));
        assert!(now().await);
    })
    .await;
}

#[tokio::test]
async fn a_post_ends_a_telephone_changes_and_both_are_taken_back() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        confirmed(&school, OrganisationFile::Staff, STAFF).await;
        let today = domain::calendar::local_date(bed.store().now());
        let text = format!(
            "工号,姓名,学院,岗位,班级,电话,原姓名,截止日期\n\
             T9001,周小一,C1,辅导员,水工2601、K2,13911112222,周一,{today}\n"
        );
        let import = confirmed(&school, OrganisationFile::Staff, &text).await;
        let posts = async || {
            let staff = school.services.staff_list(&school.admin).await.unwrap();
            let member = staff.into_iter().find(|s| s.login == "T9001").unwrap();
            (member.name, member.posts.len())
        };
        assert_eq!(
            posts().await,
            ("周小一".to_owned(), 1),
            "the last day counts"
        );
        bed.advance(TimeDelta::days(1));
        assert_eq!(posts().await.1, 0);
        // The telephone is sealed: neither the findings nor the history have it in clear.
        let look = bed.store().look(school.tenant).await.unwrap();
        let changes = look.organisation_changes_of(import).await.unwrap();
        assert!(!format!("{changes:?}").contains("13911112222"));
        drop(look);
        undo(&school, import).await.unwrap();
        assert_eq!(posts().await, ("周一".to_owned(), 1));
    })
    .await;
}

#[tokio::test]
async fn the_result_of_a_check_comes_back_as_a_file() {
    let bed = Bed::sqlite().await;
    let school = School::on(&bed).await;
    let text = format!("{UNITS}班级,7,无上级,XX,,,,2026,,,\n");
    let import = upload(&school, OrganisationFile::Units, &text).await;
    let result = school
        .services
        .organisation_result(&school.admin, import)
        .await
        .unwrap();
    let result = String::from_utf8(result).unwrap();
    let line = result.lines().find(|l| l.contains("无上级")).unwrap();
    assert!(
        line.contains("有错误") && line.contains("上级代码：上级不存在"),
        "{line}"
    );
    for file in OrganisationFile::ALL {
        let name = format!("{}.csv", file.key());
        let template = school
            .services
            .template(&school.admin, &name, domain::text::Lang::Zh)
            .unwrap();
        let back = school
            .services
            .upload_organisation(&school.admin, file, &template.name, template.bytes)
            .await
            .unwrap();
        let preview = school
            .services
            .organisation_preview(&school.admin, back)
            .await
            .unwrap();
        assert_eq!(preview.import.state, ImportState::Checked);
        assert!(preview.rows.is_empty());
    }
}

/// `xj account create --office college`: the only college is meant, a name of two classes is refused, and classes lie
/// in the college that was named.
#[tokio::test]
async fn a_post_on_the_command_line_reaches_what_it_names() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let scope = async |kind, college: Option<&'static str>, within: &[&str]| {
            let within: Vec<String> = within.iter().map(|w| (*w).to_owned()).collect();
            school
                .services
                .scope_of(school.tenant, kind, college, &within)
                .await
        };
        let kind = PostKind::TeachingSecretary;
        let only = scope(kind, None, &[]).await.unwrap();
        assert_eq!(only, PersonalScope::College(school.college));
        let head = scope(PostKind::MajorHead, None, &["M1"]).await.unwrap();
        assert!(matches!(head, PersonalScope::Majors(majors) if majors.len() == 1));
        let text = "类别,代码,名称,上级代码,年级\n\
                    班级,K9,水工2601,M1,2026\n学院,C2,海洋学院,,\n班级,K8,海洋2601,C2,2026\n";
        confirmed(&school, OrganisationFile::Units, text).await;
        let code = |answer: services::Result<PersonalScope>| match answer {
            Err(ServiceError::Invalid { field, code }) => (field, code),
            other => panic!("{other:?}"),
        };
        let two = scope(kind, None, &[]).await;
        assert_eq!(code(two), ("college", "which_college"));
        let counsellor = PostKind::Counsellor;
        let twice = scope(counsellor, Some("C1"), &["水工2601"]).await;
        assert_eq!(code(twice), ("classes", "ambiguous"));
        let elsewhere = scope(counsellor, Some("C1"), &["K8"]).await;
        assert_eq!(code(elsewhere), ("classes", "elsewhere"));
        let none = scope(counsellor, Some("C1"), &[]).await;
        assert_eq!(code(none), ("classes", "missing"));
        assert!(scope(counsellor, Some("C1"), &["K9"]).await.is_ok());
    })
    .await;
}
