//! T-AUTH-09, 27: slips and codes are random, count once, for one university, for a while; re-issuing ends the earlier.

use super::account::session;
use super::school::{OTHER, PASSWORD, School, URL, address, candidate_number, done};
use chrono::TimeDelta;
use domain::institution::activation::IdentityCheck;
use domain::institution::{Actor, Office, PersonalScope, PostKind, TenantId};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use services::ServiceError;
use services::institution::activation::Slip;
use services::institution::sign_in::SignInOutcome;
use store::testkit::{Bed, on_both};

pub fn token(slip: &Slip) -> String {
    slip.url.split_once("?t=").unwrap().1.to_owned()
}

pub async fn redeem(
    school: &School,
    tenant: TenantId,
    token: &str,
) -> services::Result<SignInOutcome> {
    school
        .services
        .redeem_slip(tenant, token, OTHER.to_owned(), address(4))
        .await
}

fn refused<T>(result: &services::Result<T>) -> bool {
    matches!(result, Err(ServiceError::SignIn))
}

pub async fn slips(school: &School, actor: &Actor) -> Vec<Slip> {
    school
        .services
        .issue_slips(actor, school.class, URL)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_class_gets_its_slips_by_number_and_each_counts_once() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let slips = slips(&school, &counsellor).await;
        assert_eq!(
            slips.iter().map(|s| s.number.as_str()).collect::<Vec<_>>(),
            ["26080001", "26080002", "26080003"]
        );
        let first = &slips[0];
        assert_eq!(first.place, "水工2601");
        assert_eq!(
            first.candidate_number.as_ref().unwrap().as_str(),
            "2631********01"
        );
        assert!(
            first
                .url
                .starts_with("https://xueji.example/jiangnan/activate?t=")
        );
        assert!(!first.url.contains(&candidate_number(1)));
        assert_eq!(first.expires_at, bed.store().now() + TimeDelta::days(14));
        let holder = school
            .services
            .peek_slip(school.tenant, &token(first), address(4))
            .await
            .unwrap();
        assert_eq!(holder.name.as_str(), "钱*一");
        let signed_in = done(redeem(&school, school.tenant, &token(first)).await.unwrap());
        let present = school.services.present(signed_in).await.unwrap();
        assert_eq!(present.actor.office(), Office::Student);
        assert_eq!(
            present.actor.seat().scope,
            PersonalScope::Own(school.students[0])
        );
        assert!(!present.must_enrol);
        assert!(refused(
            &redeem(&school, school.tenant, &token(first)).await
        ));
        for login in [candidate_number(1).as_str(), "26080001"] {
            done(school.sign_in(login, OTHER, address(4)).await.unwrap());
        }
    })
    .await;
}

/// ADR 0080: what a phone with a fixed focus reads from the paper of a copier.
#[tokio::test]
async fn a_module_of_a_printed_code_is_half_a_millimetre() {
    let bed = Bed::sqlite().await;
    let school = School::on(&bed).await;
    let counsellor = school.counsellor("C100").await;
    slips(&school, &counsellor).await;
    let sheet = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../frontend/style/components/paper.css"
    );
    let sheet = std::fs::read_to_string(sheet).unwrap();
    let rule = sheet.split(".xj-slip-code {").nth(1).unwrap();
    let width = rule.split("width: ").nth(1).unwrap();
    let width: f64 = width.split("mm;").next().unwrap().parse().unwrap();
    assert!(width >= 30.0, "{width} mm");
    for (host, least) in [
        ("https://xueji.shou.edu.cn", 0.55),
        ("https://student-registration.university.edu.cn", 0.5),
    ] {
        let printed = school
            .services
            .open_slips(&counsellor, school.class, host)
            .await
            .unwrap();
        // Four light modules on each side belong to the drawing.
        let modules = u32::try_from(printed[0].qr.size() + 8).unwrap();
        let module = width / f64::from(modules);
        assert!(
            module >= least,
            "{module:.2} mm for {}",
            printed[0].url.len()
        );
    }
}

/// 办法 三（三）: whoever prints a slip has seen name and numbers, and the student reads it.
#[tokio::test]
async fn printing_a_slip_is_told_to_its_student() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        slips(&school, &counsellor).await;
        let told = async |student: usize| {
            let unit = bed.store().read(&counsellor).await.unwrap();
            let lines = unit.access_to(school.students[student], 10).await.unwrap();
            lines
                .into_iter()
                .map(|line| (line.kind, line.person_id, line.count))
                .collect::<Vec<_>>()
        };
        assert!(told(0).await.is_empty(), "issued, not shown yet");
        let services = &school.services;
        services
            .open_slips(&counsellor, school.class, URL)
            .await
            .unwrap();
        let line = ("slips".to_owned(), counsellor.person(), 3);
        for student in 0..3 {
            assert_eq!(told(student).await, std::slice::from_ref(&line));
        }
        assert!(told(3).await.is_empty(), "another class");
        services.all_open_slips(&counsellor, URL).await.unwrap();
        assert_eq!(told(1).await, [line.clone(), line]);
    })
    .await;
}

#[tokio::test]
async fn slips_handed_out_go_on_counting_until_the_class_is_issued_anew() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let first = slips(&school, &counsellor).await;
        done(
            redeem(&school, school.tenant, &token(&first[0]))
                .await
                .unwrap(),
        );
        let again = school
            .services
            .open_slips(&counsellor, school.class, URL)
            .await
            .unwrap();
        let tokens = |slips: &[Slip]| slips.iter().map(token).collect::<Vec<_>>();
        assert_eq!(tokens(&again), tokens(&first[1..]));
        bed.advance(TimeDelta::seconds(1));
        assert!(slips(&school, &counsellor).await.is_empty());
        let services = &school.services;
        let second = services
            .issue_slips_anew(&counsellor, school.class, URL)
            .await
            .unwrap();
        assert_eq!(second.len(), 2);
        assert!(refused(
            &redeem(&school, school.tenant, &token(&first[1])).await
        ));
        done(
            redeem(&school, school.tenant, &token(&second[0]))
                .await
                .unwrap(),
        );
        let classes = school.services.slip_classes(&counsellor).await.unwrap();
        assert_eq!(classes.len(), 1);
        let line = &classes[0];
        assert_eq!((line.students, line.active, line.open), (3, 2, 1));
        assert_eq!(line.without(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_slip_ends_after_its_days() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let slips = slips(&school, &counsellor).await;
        bed.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
        done(
            redeem(&school, school.tenant, &token(&slips[0]))
                .await
                .unwrap(),
        );
        bed.advance(TimeDelta::seconds(1));
        assert!(refused(
            &redeem(&school, school.tenant, &token(&slips[1])).await
        ));
    })
    .await;
}

#[tokio::test]
async fn a_weak_password_uses_nothing_up() {
    on_both(|bed| async move {
    let school = School::on(&bed).await;
    let counsellor = school.counsellor("C100").await;
    let slips = slips(&school, &counsellor).await;
    let about = format!("my number {}", candidate_number(1));
    for (weak, code) in [("short", "too_short"), (about.as_str(), "about_you")] {
        let answer = school
            .services
            .redeem_slip(
                school.tenant,
                &token(&slips[0]),
                weak.to_owned(),
                address(4),
            )
            .await;
        assert!(
            matches!(answer, Err(ServiceError::Invalid { field: "password", code: c }) if c == code)
        );
    }
    done(
        redeem(&school, school.tenant, &token(&slips[0]))
            .await
            .unwrap(),
    );
    }).await;
}

#[derive(serde::Serialize)]
struct Claims {
    jti: String,
    t: i32,
    exp: serde_json::Value,
}

#[tokio::test]
async fn tokens_of_elsewhere_forged_or_changed_count_nothing() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let other = School::named(&bed, "beihai").await;
        let counsellor = school.counsellor("C100").await;
        let slips = slips(&school, &counsellor).await;
        let real = token(&slips[0]);
        assert!(refused(&redeem(&school, other.tenant, &real).await));
        let [claims, signature]: [&str; 2] =
            real.split('.').collect::<Vec<_>>().try_into().unwrap();
        let key = bed.store().keys().activation().expose();
        let jti = {
            let look = bed.store().look(school.tenant).await.unwrap();
            let account = look
                .account_by_login(&candidate_number(1))
                .await
                .unwrap()
                .unwrap();
            look.open_slips(&[account.id]).await.unwrap()[0].id
        };
        let exp = (bed.store().now() + TimeDelta::days(1)).timestamp();
        let good = |exp: serde_json::Value| Claims {
            jti: jti.simple().to_string(),
            t: school.tenant.0,
            exp,
        };
        let whole = |header: &Header, claims: &Claims, key: &[u8]| {
            encode(header, claims, &EncodingKey::from_secret(key)).unwrap()
        };
        // What is printed: the token without its header.
        let signed = |header: &Header, claims: &Claims, key: &[u8]| {
            let token = whole(header, claims, key);
            token.split_once('.').unwrap().1.to_owned()
        };
        let hs256 = Header::new(Algorithm::HS256);
        let none = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0";
        let forged = [
            String::new(),
            "a.b.c".to_owned(),
            format!("{claims}."),
            format!("{none}.{claims}."),
            format!("{none}.{claims}.{signature}"),
            whole(&hs256, &good(exp.into()), key),
            format!("{claims}.{}", signature.chars().rev().collect::<String>()),
            signed(
                &hs256,
                &good(exp.into()),
                b"another key of at least 32 bytes.",
            ),
            signed(&Header::new(Algorithm::HS384), &good(exp.into()), key),
            signed(&hs256, &good(exp.to_string().into()), key),
            signed(&hs256, &good(serde_json::Value::Null), key),
            signed(
                &hs256,
                &Claims {
                    t: other.tenant.0,
                    ..good(exp.into())
                },
                key,
            ),
            signed(
                &hs256,
                &Claims {
                    jti: bed.store().id().simple().to_string(),
                    ..good(exp.into())
                },
                key,
            ),
            signed(&hs256, &good((exp - 2 * 86_400).into()), key),
        ];
        for token in forged {
            let peeked = school
                .services
                .peek_slip(school.tenant, &token, address(5))
                .await;
            assert!(refused(&peeked), "{token}");
            bed.advance(TimeDelta::minutes(1));
        }
        let same = signed(&hs256, &good(exp.into()), key);
        assert!(
            school
                .services
                .peek_slip(school.tenant, &same, address(5))
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn slips_are_for_visible_classes_and_students_only() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let other = School::named(&bed, "beihai").await;
        let counsellor = school.counsellor("C100").await;
        let services = &school.services;
        for class in [
            school.other_class,
            other.class,
            school.college,
            bed.store().id(),
        ] {
            let answer = services.issue_slips(&counsellor, class, URL).await;
            assert!(matches!(answer, Err(ServiceError::NotFound)));
            let answer = services.open_slips(&counsellor, class, URL).await;
            assert!(matches!(answer, Err(ServiceError::NotFound)));
        }
        for student in [school.students[3], other.students[0], bed.store().id()] {
            let answer = services
                .reissue_slip(&counsellor, student, IdentityCheck::IdCard, "遗失", URL)
                .await;
            assert!(matches!(answer, Err(ServiceError::NotFound)));
            let answer = services
                .issue_code(&counsellor, student, IdentityCheck::IdCard, "人证核对")
                .await;
            assert!(matches!(answer, Err(ServiceError::NotFound)));
        }
        let dean = PersonalScope::College(school.college);
        school
            .account("V100", Office::College, PostKind::ViceDean, dean)
            .await;
        let dean = school.actor("V100").await;
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        // Seeing students is not among the administrator's rights.
        for actor in [&dean, &affairs, &school.admin] {
            let answer = services.issue_slips(actor, school.class, URL).await;
            assert!(matches!(answer, Err(ServiceError::Refused(_))));
            let student = school.students[0];
            let answer = services
                .reissue_slip(actor, student, IdentityCheck::IdCard, "遗失", URL)
                .await;
            assert!(matches!(answer, Err(ServiceError::Refused(_))));
            let answer = services.all_open_slips(actor, URL).await;
            assert!(matches!(answer, Err(ServiceError::Refused(_))));
        }
        let secretary = PersonalScope::College(school.college);
        school
            .account(
                "E100",
                Office::College,
                PostKind::TeachingSecretary,
                secretary,
            )
            .await;
        let secretary = school.actor("E100").await;
        let slips = services
            .issue_slips(&secretary, school.other_class, URL)
            .await
            .unwrap();
        assert_eq!(slips.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_slip_issued_anew_ends_the_earlier_and_the_sessions() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let slips = slips(&school, &counsellor).await;
        let student = school.students[0];
        let reissue = |note: String| {
            let (services, actor) = (school.services.clone(), counsellor.clone());
            async move {
                services
                    .reissue_slip(&actor, student, IdentityCheck::IdCard, &note, URL)
                    .await
            }
        };
        assert!(matches!(
            reissue("字".repeat(201)).await,
            Err(ServiceError::Invalid {
                field: "note",
                code: "too_long"
            })
        ));
        let second = reissue("遗失".to_owned()).await.unwrap();
        assert!(refused(
            &redeem(&school, school.tenant, &token(&slips[0])).await
        ));
        let signed_in = done(
            redeem(&school, school.tenant, &token(&second))
                .await
                .unwrap(),
        );
        let holder = school.services.present(signed_in).await.unwrap().actor;
        session(&bed, &holder, 1).await;
        let open = async || school.services.sessions(&holder, None).await.unwrap().len();
        // A forgotten password goes the same way; the old one counts until the new slip is used.
        let third = reissue("忘记密码".to_owned()).await.unwrap();
        done(school.sign_in("26080001", OTHER, address(4)).await.unwrap());
        assert_eq!(open().await, 1);
        done(
            school
                .services
                .redeem_slip(
                    school.tenant,
                    &token(&third),
                    PASSWORD.to_owned(),
                    address(4),
                )
                .await
                .unwrap(),
        );
        assert!(refused(
            &school.sign_in("26080001", OTHER, address(4)).await
        ));
        assert_eq!(open().await, 0);
        let present = school.services.present(signed_in).await;
        assert!(matches!(present, Err(ServiceError::NotFound)));
        let acts = school.acts().await;
        assert_eq!(
            acts.iter()
                .filter(|a| a.contains("institution/reissue-slip"))
                .count(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn staff_get_slips_from_the_administrator_alone() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let answer = school.services.issue_staff_slips(&counsellor, URL).await;
        assert!(matches!(answer, Err(ServiceError::Refused(_))));
        let none = school
            .services
            .issue_staff_slips(&school.admin, URL)
            .await
            .unwrap();
        assert!(none.is_empty());
        let account = counsellor.seat().account;
        let slip = school
            .services
            .reissue_staff_slip(
                &school.admin,
                account,
                IdentityCheck::IdCard,
                "忘记密码",
                URL,
            )
            .await
            .unwrap();
        assert_eq!(slip.place, "水利学院 辅导员");
        assert_eq!(slip.number, "C100");
        done(redeem(&school, school.tenant, &token(&slip)).await.unwrap());
        done(school.sign_in("C100", OTHER, address(4)).await.unwrap());
    })
    .await;
}
