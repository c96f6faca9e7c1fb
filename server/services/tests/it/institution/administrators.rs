//! A university keeps an administrator: neither a list of staff nor its undo takes the last one.

use super::organisation::{undo, upload};
use super::school::School;
use chrono::{Days, NaiveDate, TimeDelta};
use domain::institution::organisation::{Issue, OrganisationFile};
use domain::institution::{Office, PersonalScope, PostKind};
use services::ServiceError;
use services::institution::organisation::StaffMember;
use store::StoreError;
use store::testkit::{Bed, on_both};
use uuid::Uuid;

/// A university whose only administrator in use is `A100`, for ten days.
async fn alone(bed: &Bed) -> School {
    let mut school = School::on(bed).await;
    let office = Office::TenantAdmin;
    school
        .account("A100", office, PostKind::Officer, PersonalScope::School)
        .await;
    bed.advance(TimeDelta::days(10));
    let own = school.actor("A100").await;
    let first = school.admin.seat().account;
    let disabled = school.services.disable_account(&own, first, "调离");
    disabled.await.unwrap();
    school.admin = own;
    school
}

fn today(bed: &Bed) -> NaiveDate {
    domain::calendar::local_date(bed.store().now())
}

fn list(lines: &[(&str, Option<NaiveDate>)]) -> String {
    let line = |(login, until): &(&str, Option<NaiveDate>)| {
        let until = until.map(|day| day.to_string()).unwrap_or_default();
        format!("{login},赵甲,,本校管理员,{until}")
    };
    let headings = "工号,姓名,学院,岗位,截止日期".to_owned();
    let lines = std::iter::once(headings).chain(lines.iter().map(line));
    lines.collect::<Vec<_>>().join("\n")
}

async fn issues(school: &School, import: Uuid) -> (Vec<Issue>, String) {
    let services = &school.services;
    let preview = services.organisation_preview(&school.admin, import).await;
    let preview = preview.unwrap();
    let found = preview.findings.iter().map(|f| f.finding.issue).collect();
    (found, preview.seen)
}

async fn member(school: &School, login: &str) -> StaffMember {
    let staff = school.services.staff_list(&school.admin).await.unwrap();
    staff.into_iter().find(|s| s.login == login).unwrap()
}

#[tokio::test]
async fn the_only_administrator_does_not_end_the_own_post() {
    on_both(|bed| async move {
        let school = alone(&bed).await;
        let today = today(&bed);
        for until in [today - Days::new(1), today, today + Days::new(200)] {
            let text = list(&[("A100", Some(until))]);
            let import = upload(&school, OrganisationFile::Staff, &text).await;
            let (found, seen) = issues(&school, import).await;
            assert_eq!(found, [Issue::LastAdministrator], "{until}");
            let written = school
                .services
                .confirm_organisation(&school.admin, import, Some(&seen))
                .await
                .unwrap();
            assert_eq!((written.changed, written.errors), (0, 1));
        }
        let posts = member(&school, "A100").await.posts;
        assert_eq!((posts.len(), posts[0].until), (1, None));
        school.actor("A100").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_allowed_when_it_was_shown_is_looked_at_again_when_it_is_written() {
    on_both(|bed| async move {
        let school = alone(&bed).await;
        let other = school.officer("A200", Office::TenantAdmin).await;
        let yesterday = today(&bed) - Days::new(1);
        let text = list(&[("A100", Some(yesterday))]);
        let import = upload(&school, OrganisationFile::Staff, &text).await;
        let (found, seen) = issues(&school, import).await;
        assert_eq!(found, [Issue::Changed], "the other one stays");
        let services = &school.services;
        let gone = services.disable_account(&school.admin, other.seat().account, "调离");
        gone.await.unwrap();
        let shown = services.confirm_organisation(&school.admin, import, Some(&seen));
        assert!(matches!(
            shown.await,
            Err(ServiceError::Store(StoreError::Stale))
        ));
        let written = services.confirm_organisation(&school.admin, import, None);
        let written = written.await.unwrap();
        assert_eq!((written.changed, written.errors), (0, 1));
        assert_eq!(member(&school, "A100").await.posts[0].until, None);
    })
    .await;
}

#[tokio::test]
async fn the_post_of_the_last_administrator_is_not_taken_back() {
    on_both(|bed| async move {
        let school = alone(&bed).await;
        school.officer("A200", Office::AcademicAffairs).await;
        let services = &school.services;
        let confirmed = async |text: String| {
            let import = upload(&school, OrganisationFile::Staff, &text).await;
            let written = services.confirm_organisation(&school.admin, import, None);
            assert_eq!(written.await.unwrap().errors, 0);
            import
        };
        let given = confirmed(list(&[("A200", None)])).await;
        let ended = confirmed(list(&[("A100", Some(today(&bed)))])).await;
        assert_eq!(
            member(&school, "A100").await.posts[0].until,
            Some(today(&bed))
        );
        match undo(&school, given).await {
            Err(ServiceError::Invalid { code, .. }) => assert_eq!(code, "last_administrator"),
            other => panic!("{other:?}"),
        }
        assert_eq!(member(&school, "A200").await.posts.len(), 2);
        // The other way round nobody is missed.
        undo(&school, ended).await.unwrap();
        undo(&school, given).await.unwrap();
        assert_eq!(member(&school, "A200").await.posts.len(), 1);
    })
    .await;
}
