//! Slips as they are handed out: to whoever has none, one by one, by class, all at once; what was issued anew is listed.

use super::activation::{redeem, slips, token};
use super::school::{School, URL, done};
use chrono::TimeDelta;
use domain::institution::activation::{FIRST_ISSUE, IdentityCheck};
use domain::institution::{Office, PersonalScope, PostKind};
use domain::text::Label as _;
use services::ServiceError;
use services::institution::activation::Slip;
use store::testkit::on_both;

#[tokio::test]
async fn a_late_student_gets_a_slip_and_the_others_keep_theirs() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let first = slips(&school, &counsellor).await;
        let reissued = school
            .services
            .reissue_slip(
                &counsellor,
                school.students[0],
                IdentityCheck::IdCard,
                "遗失",
                URL,
            )
            .await
            .unwrap();
        bed.advance(TimeDelta::days(13));
        // One slip runs out; only its owner gets a new one.
        let one = school
            .services
            .one_slip(&counsellor, reissued.activation, URL)
            .await
            .unwrap();
        assert_eq!(token(&one), token(&reissued));
        bed.advance(TimeDelta::days(1));
        let second = slips(&school, &counsellor).await;
        assert_eq!(second.len(), 3, "{}", first.len());
    })
    .await;
}

#[tokio::test]
async fn exactly_the_slip_issued_anew_is_printed_also_for_an_active_account() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let other = school.students[3];
        let first = slips(&school, &counsellor).await;
        done(
            redeem(&school, school.tenant, &token(&first[0]))
                .await
                .unwrap(),
        );
        let services = &school.services;
        let anew = services
            .reissue_slip(
                &counsellor,
                school.students[0],
                IdentityCheck::IdCard,
                "忘记密码",
                URL,
            )
            .await
            .unwrap();
        let printed = services
            .one_slip(&counsellor, anew.activation, URL)
            .await
            .unwrap();
        assert_eq!((token(&printed), &printed.name), (token(&anew), &anew.name));
        let classes = services.slip_classes(&counsellor).await.unwrap();
        assert_eq!(
            (classes[0].active, classes[0].open, classes[0].reissued),
            (1, 2, 1)
        );
        // The list says who, why and by whom, and nobody has signed anything yet.
        let list = services.reissues(&counsellor).await.unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].student, school.students[0]);
        assert_eq!(list[0].identity, Some(IdentityCheck::IdCard));
        assert_eq!(list[0].note, "忘记密码");
        assert_eq!(list[0].by, "赵甲");
        assert!(!list[0].code && list[0].used_at.is_none() && !list[0].after_signature);
        // A slip of another class, of the staff, or a used one is not there.
        let secretary = PersonalScope::College(school.college);
        let kind = PostKind::TeachingSecretary;
        school
            .account("E100", Office::College, kind, secretary)
            .await;
        let secretary = school.actor("E100").await;
        let foreign = services
            .reissue_slip(&secretary, other, IdentityCheck::IdCard, "遗失", URL)
            .await
            .unwrap();
        let staff = services
            .reissue_staff_slip(
                &school.admin,
                secretary.seat().account,
                IdentityCheck::IdCard,
                "忘记密码",
                URL,
            )
            .await
            .unwrap();
        done(redeem(&school, school.tenant, &token(&anew)).await.unwrap());
        for id in [
            foreign.activation,
            staff.activation,
            anew.activation,
            bed.store().id(),
        ] {
            let answer = services.one_slip(&counsellor, id, URL).await;
            assert!(matches!(answer, Err(ServiceError::NotFound)));
        }
        let own = services
            .one_slip(&school.admin, staff.activation, URL)
            .await;
        assert_eq!(own.unwrap().number, "E100");
        let students = services
            .one_slip(&school.admin, foreign.activation, URL)
            .await;
        assert!(matches!(students, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn every_visible_class_in_one_go_sorted_by_class() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let secretary = PersonalScope::College(school.college);
        let kind = PostKind::TeachingSecretary;
        school
            .account("E100", Office::College, kind, secretary)
            .await;
        let secretary = school.actor("E100").await;
        let services = &school.services;
        let issued = services.issue_all_slips(&secretary, URL).await.unwrap();
        let places = |slips: &[Slip]| slips.iter().map(|s| s.place.clone()).collect::<Vec<_>>();
        assert_eq!(
            places(&issued),
            ["水工2601", "水工2601", "水工2601", "水工2602"]
        );
        let printed = services.all_open_slips(&secretary, URL).await.unwrap();
        let tokens = |slips: &[Slip]| slips.iter().map(token).collect::<Vec<_>>();
        assert_eq!(tokens(&printed), tokens(&issued));
        let counsellor = school.counsellor("C100").await;
        let own = services.all_open_slips(&counsellor, URL).await.unwrap();
        assert_eq!(places(&own), ["水工2601"; 3]);
        assert!(
            services
                .issue_all_slips(&secretary, URL)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

/// How the holder was checked is kept by its kind, told in the ledger, bound in the audit entry, and stands in the list;
/// what is written beside it hides no line.
#[tokio::test]
async fn every_way_of_checking_is_kept_and_listed() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let services = &school.services;
        for (number, way) in IdentityCheck::ALL.into_iter().enumerate() {
            let (student, note) = (school.students[0], FIRST_ISSUE);
            if number % 2 == 0 {
                let slip = services.reissue_slip(&counsellor, student, way, note, URL);
                slip.await.unwrap();
            } else {
                let code = services.issue_code(&counsellor, student, way, "");
                code.await.unwrap();
            }
            bed.advance(TimeDelta::minutes(1));
            let list = services.reissues(&counsellor).await.unwrap();
            assert_eq!(list.len(), number + 1, "{way:?}");
            let line = &list[0];
            assert_eq!(line.identity, Some(way));
            assert_eq!(line.code, number % 2 == 1);
            assert_eq!(line.note, if line.code { "" } else { FIRST_ISSUE });
            let told = school.told_of_student(student).await;
            assert!(told[0].ends_with(way.label().zh), "{told:?}");
        }
        // A whole class is checked when the new slips are handed out.
        services
            .issue_slips_anew(&counsellor, school.class, URL)
            .await
            .unwrap();
        let list = services.reissues(&counsellor).await.unwrap();
        assert_eq!(
            list.iter().filter(|line| line.identity.is_none()).count(),
            3
        );
    })
    .await;
}
