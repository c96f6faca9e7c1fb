//! Slips as they are handed out: to whoever has none, one by one, by class, all at once; what was issued anew is listed.

use super::activation::{redeem, slips, token};
use super::school::{DOCUMENT, OTHER, School, URL, address, candidate_number, done, name_of};
use chrono::TimeDelta;
use domain::institution::activation::{FIRST_ISSUE, IdentityCheck};
use domain::institution::{Office, PersonalScope, PostKind};
use domain::text::Label as _;
use services::ServiceError;
use services::institution::activation::{CodeClaim, Slip};
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

/// A code was told to one person who was seen: nothing but an issue to that person ends it before its time.
#[tokio::test]
async fn a_code_that_was_told_outlasts_what_is_issued_to_many() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let services = &school.services;
        let (student, seen) = (school.students[0], IdentityCheck::IdCard);
        let told = services.issue_code(&counsellor, student, seen, "").await;
        let told = told.unwrap();
        assert_eq!(
            (&told.name, told.number.as_str()),
            (&name_of(1), "26080001")
        );
        let counts = async || {
            let classes = services.slip_classes(&counsellor).await.unwrap();
            let line = &classes[0];
            (line.coded, line.open, line.without())
        };
        assert_eq!(counts().await, (1, 0, 2));
        assert_eq!(slips(&school, &counsellor).await.len(), 2);
        assert_eq!(counts().await, (1, 2, 0));
        let all = services.issue_all_slips(&counsellor, URL).await.unwrap();
        assert!(all.is_empty());
        let anew = services.issue_slips_anew(&counsellor, school.class, URL);
        assert_eq!(anew.await.unwrap().len(), 2);
        assert_eq!(counts().await, (1, 2, 0));
        let claim = CodeClaim {
            candidate_number: candidate_number(1),
            name: name_of(1),
            id_number: DOCUMENT.to_owned(),
            code: told.code.clone(),
        };
        let used = services.redeem_code(school.tenant, claim, OTHER.to_owned(), address(6));
        done(used.await.unwrap());
        // An issue to this person does end it, and so does its time.
        let next = school.students[1];
        let code = services.issue_code(&counsellor, next, seen, "").await;
        code.unwrap();
        assert_eq!(counts().await, (1, 1, 0));
        let slip = services.reissue_slip(&counsellor, next, seen, "", URL);
        slip.await.unwrap();
        assert_eq!(counts().await, (0, 2, 0));
        let code = services.issue_code(&counsellor, next, seen, "").await;
        code.unwrap();
        bed.advance(TimeDelta::hours(24));
        assert_eq!(counts().await, (0, 1, 1));
        assert_eq!(slips(&school, &counsellor).await.len(), 1);
    })
    .await;
}

/// What an issue has made can be printed alone; only whose slips are printed reads of it.
#[tokio::test]
async fn what_was_issued_since_is_printed_alone() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let services = &school.services;
        let (student, seen) = (school.students[0], IdentityCheck::IdCard);
        let early = services.reissue_slip(&counsellor, student, seen, "遗失", URL);
        early.await.unwrap();
        bed.advance(TimeDelta::minutes(1));
        let issued = slips(&school, &counsellor).await;
        assert_eq!(issued.len(), 2);
        let since = issued[0].issued_at;
        let tokens = |slips: &[Slip]| slips.iter().map(token).collect::<Vec<_>>();
        for class in [Some(school.class), None] {
            let printed = services.slips_issued_since(&counsellor, class, since, URL);
            assert_eq!(tokens(&printed.await.unwrap()), tokens(&issued));
        }
        let unit = bed.store().read(&counsellor).await.unwrap();
        for (student, times) in [(0, 0), (1, 2)] {
            let told = unit.access_to(school.students[student], 10).await;
            assert_eq!(told.unwrap().len(), times, "{student}");
        }
        drop(unit);
        let other = Some(school.other_class);
        let answer = services.slips_issued_since(&counsellor, other, since, URL);
        assert!(matches!(answer.await, Err(ServiceError::NotFound)));
        let admin = services.slips_issued_since(&school.admin, None, since, URL);
        assert!(matches!(admin.await, Err(ServiceError::Refused(_))));
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
        // A whole class is checked when the new slips are handed out; whoever was told a code keeps it.
        services
            .issue_slips_anew(&counsellor, school.class, URL)
            .await
            .unwrap();
        let list = services.reissues(&counsellor).await.unwrap();
        assert_eq!(
            list.iter().filter(|line| line.identity.is_none()).count(),
            2
        );
    })
    .await;
}
