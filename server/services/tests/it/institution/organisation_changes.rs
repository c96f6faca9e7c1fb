//! Units and staff over time: renamed, ended, changed, taken back; logins; posts of the command line.

use super::organisation::{STAFF, UNITS, undo, upload};
use super::school::URL;
use super::school::{OTHER, School, address, done};
use chrono::TimeDelta;
use domain::admission::import::ImportState;
use domain::institution::organisation::OrganisationFile;
use domain::institution::{PersonalScope, PostKind};
use domain::text::Lang;
use formats::table::{TableLimits, read};
use formats::workbook::{Column, write_table};
use services::ServiceError;
use services::institution::organisation::{OrganisationPreview, RowState};
use store::StoreError;
use store::testkit::on_both;
use uuid::Uuid;

async fn confirmed(school: &School, file: OrganisationFile, text: &str) -> Uuid {
    let import = upload(school, file, text).await;
    let confirm = school
        .services
        .confirm_organisation(&school.admin, import, None);
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
        let confirm = school
            .services
            .confirm_organisation(&school.admin, import, None);
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
        let confirm = school
            .services
            .confirm_organisation(&school.admin, again, None);
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

/// A file that was confirmed is the same import for as long as it stands; once changed, it can be brought back by it.
#[tokio::test]
async fn a_file_brings_back_what_a_later_one_has_changed() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let file = OrganisationFile::Staff;
        let first = "工号,姓名,学院,岗位,班级,电话\nT9100,周一,,教务处,,13800000000\n";
        let import = confirmed(&school, file, first).await;
        let sent = async |text: &str| {
            let bytes = text.as_bytes().to_vec();
            let services = &school.services;
            let sent = services.upload_organisation(&school.admin, file, "名单.csv", bytes);
            sent.await.unwrap()
        };
        let again = sent(first).await;
        assert_eq!((again.import, again.already), (import, true));
        let renamed =
            "工号,姓名,学院,岗位,班级,电话,原姓名\nT9100,周小一,,教务处,,13800000000,周一\n";
        confirmed(&school, file, renamed).await;
        let back = "工号,姓名,学院,岗位,班级,电话,原姓名\nT9100,周一,,教务处,,13800000000,周小一\n";
        confirmed(&school, file, back).await;
        let forth = sent(renamed).await;
        assert!(!forth.already, "its name was changed back since");
        let confirm = school
            .services
            .confirm_organisation(&school.admin, forth.import, None);
        assert_eq!(confirm.await.unwrap().changed, 1);
        let staff = school.services.staff_list(&school.admin).await.unwrap();
        assert!(
            staff
                .iter()
                .any(|s| s.login == "T9100" && s.name == "周小一")
        );
    })
    .await;
}

#[tokio::test]
async fn the_result_of_a_check_comes_back_as_a_file() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let text = format!("{UNITS}班级,7,无上级,XX,,,,2026,,,\n");
        let import = upload(&school, OrganisationFile::Units, &text).await;
        let result = school
            .services
            .organisation_result(&school.admin, import, Lang::Zh)
            .await
            .unwrap();
        assert_eq!(result.name, "名单 检查结果.csv");
        let result = String::from_utf8(result.bytes).unwrap();
        let line = result.lines().find(|l| l.contains("无上级")).unwrap();
        assert!(
            line.contains("有错误") && line.contains("上级代码：上级不存在"),
            "{line}"
        );
        for file in OrganisationFile::ALL {
            let name = format!("{}.csv", file.key());
            let template = school
                .services
                .template(&school.admin, &name, Lang::Zh)
                .unwrap();
            let sample = String::from_utf8(template.bytes.clone()).unwrap();
            assert_eq!(sample.lines().count(), 2, "headings and a sample");
            let back = school
                .services
                .upload_organisation(&school.admin, file, &template.name, template.bytes)
                .await
                .unwrap()
                .import;
            let preview = school
                .services
                .organisation_preview(&school.admin, back)
                .await
                .unwrap();
            assert_eq!(preview.import.state, ImportState::Checked);
            assert!(preview.rows.is_empty());
        }
    })
    .await;
}

/// A workbook comes back as a workbook of its own name, with what was found beside each row, and is read again as it is.
#[tokio::test]
async fn the_result_of_a_workbook_is_a_workbook() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let today = domain::calendar::local_date(bed.store().now());
        let columns = ["类别", "代码", "名称"].map(Column::text);
        let lines = [["学院", "77", "甲学院"], ["系", "78", "乙系"]];
        let book = write_table("名单", &columns, lines, today).unwrap();
        let services = &school.services;
        let kind = OrganisationFile::Units;
        let sent = services.upload_organisation(&school.admin, kind, "院系.XLSX", book);
        let import = sent.await.unwrap().import;
        let result = services.organisation_result(&school.admin, import, Lang::Zh);
        let result = result.await.unwrap();
        assert_eq!(result.name, "院系 检查结果.xlsx");
        let sheet = read(&result.bytes, &TableLimits::default()).unwrap();
        let said = sheet.column("校验结果").unwrap();
        assert_eq!(sheet.rows[0].text(said), "");
        let wrong = sheet.rows[1].text(said);
        assert!(
            wrong.contains("类别：不是可选的值") && wrong.contains("专业"),
            "{wrong}"
        );
        assert_eq!(sheet.rows[1].row, 3, "each row keeps its number");
        let again = services.upload_organisation(&school.admin, kind, &result.name, result.bytes);
        let again = again.await.unwrap().import;
        let preview = services.organisation_preview(&school.admin, again).await;
        let states: Vec<RowState> = preview.unwrap().rows.iter().map(|r| r.state).collect();
        assert_eq!(states, [RowState::Good, RowState::Error]);
    })
    .await;
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

/// Nothing is written that was not shown: what another import has changed meanwhile is looked at again first.
#[tokio::test]
async fn what_came_in_since_the_preview_is_shown_before_it_is_written() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let text = "类别,代码,名称,上级代码,电话\n学院,C7,航海学院,,61900100\n";
        confirmed(&school, OrganisationFile::Units, text).await;
        let (services, admin) = (&school.services, &school.admin);
        let preview = async |import| services.organisation_preview(admin, import).await.unwrap();
        let mine = text.replace("61900100", "61900101") + "学院,C8,港口学院,,61900108\n";
        let mine = upload(&school, OrganisationFile::Units, &mine).await;
        let seen = preview(mine).await.seen;
        // Somebody else changes the same telephone, and takes the code of what is to be made.
        let theirs = text.replace("61900100", "61900200") + "学院,C8,极地学院,,61900108\n";
        confirmed(&school, OrganisationFile::Units, &theirs).await;
        let stale = services
            .confirm_organisation(admin, mine, Some(&seen))
            .await;
        assert!(matches!(stale, Err(ServiceError::Store(StoreError::Stale))));
        let units = services.unit_list(admin).await.unwrap();
        let college = units.iter().find(|unit| unit.code == "C7").unwrap();
        assert_eq!(college.phone.as_deref(), Some("61900200"));
        // Looked at again, it says what it would do now, and what is kept of it says what it did.
        let now = preview(mine).await;
        assert_ne!(now.seen, seen);
        let said = |preview: &OrganisationPreview| -> Vec<(u32, RowState, String)> {
            let told = |row: u32| {
                let found = preview.findings.iter().filter(|f| f.finding.row == row);
                found.map(|f| f.finding.detail.clone()).collect()
            };
            let rows = preview.rows.iter();
            rows.map(|row| (row.row, row.state, told(row.row)))
                .collect()
        };
        assert!(said(&now)[0].2.contains("61900200"), "{:?}", said(&now));
        let made = services.confirm_organisation(admin, mine, Some(&now.seen));
        assert_eq!(made.await.unwrap(), now.import.counts);
        // The same form sent twice is no error, and writes nothing more.
        let twice = services.confirm_organisation(admin, mine, Some(&now.seen));
        assert_eq!(twice.await.unwrap().changed, 0);
        let kept = preview(mine).await;
        for (before, after) in said(&now).into_iter().zip(said(&kept)) {
            let confirmed = match before.1 {
                RowState::Good | RowState::Change => RowState::Confirmed,
                other => other,
            };
            assert_eq!((before.0, confirmed, before.2), after);
        }
    })
    .await;
}
