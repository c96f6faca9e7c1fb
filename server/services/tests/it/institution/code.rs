//! T-AUTH-09: one-time codes need three more things, count once, and end with the fifth wrong try.

use super::school::{DOCUMENT, OTHER, PASSWORD, School, address, candidate_number, done, name_of};
use chrono::TimeDelta;
use domain::institution::activation::IdentityCheck;
use services::ServiceError;
use services::institution::activation::{CodeClaim, IssuedCode};
use services::institution::sign_in::SignInOutcome;
use store::testkit::on_both;

fn refused<T>(result: &services::Result<T>) -> bool {
    matches!(result, Err(ServiceError::SignIn))
}

fn claim(code: &str) -> CodeClaim {
    CodeClaim {
        candidate_number: candidate_number(1),
        name: name_of(1),
        id_number: DOCUMENT.to_lowercase(),
        code: code.to_owned(),
    }
}

async fn by_code(school: &School, claim: CodeClaim) -> services::Result<SignInOutcome> {
    school
        .services
        .redeem_code(school.tenant, claim, OTHER.to_owned(), address(6))
        .await
}

/// A code for the first student, who was seen by the counsellor.
async fn issued(school: &School) -> IssuedCode {
    let counsellor = school.counsellor("C100").await;
    let (student, seen) = (school.students[0], IdentityCheck::IdCard);
    let code = school
        .services
        .issue_code(&counsellor, student, seen, "人证核对");
    code.await.unwrap()
}

#[tokio::test]
async fn a_code_needs_number_name_document_and_code() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let issued = issued(&school).await;
        assert_eq!(issued.expires_at, bed.store().now() + TimeDelta::hours(24));
        let right = claim(&issued.code);
        for wrong in [
            CodeClaim {
                candidate_number: candidate_number(2),
                ..right.clone()
            },
            CodeClaim {
                candidate_number: "26080001".to_owned(),
                ..right.clone()
            },
            CodeClaim {
                candidate_number: "a\0b".to_owned(),
                ..right.clone()
            },
            CodeClaim {
                name: name_of(2),
                ..right.clone()
            },
            CodeClaim {
                id_number: "110105194912310038".to_owned(),
                ..right.clone()
            },
            CodeClaim {
                id_number: String::new(),
                ..right.clone()
            },
            CodeClaim {
                code: "0000000000".to_owned(),
                ..right.clone()
            },
        ] {
            assert!(refused(&by_code(&school, wrong).await));
        }
        let typed = claim(&issued.code.to_lowercase().replace('-', " "));
        done(by_code(&school, typed).await.unwrap());
        assert!(refused(&by_code(&school, right).await));
    })
    .await;
}

#[tokio::test]
async fn the_fifth_wrong_try_ends_a_code_and_so_do_24_hours_and_a_new_one() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let counsellor = school.counsellor("C100").await;
        let issue = || async {
            school
                .services
                .issue_code(
                    &counsellor,
                    school.students[0],
                    IdentityCheck::IdCard,
                    "人证核对",
                )
                .await
                .unwrap()
                .code
        };
        let first = issue().await;
        for _ in 0..5 {
            assert!(refused(&by_code(&school, claim("0000000000")).await));
        }
        assert!(refused(&by_code(&school, claim(&first)).await));
        let second = issue().await;
        bed.advance(TimeDelta::hours(24));
        assert!(refused(&by_code(&school, claim(&second)).await));
        let third = issue().await;
        bed.advance(TimeDelta::seconds(1));
        let fourth = issue().await;
        assert!(refused(&by_code(&school, claim(&third)).await));
        done(by_code(&school, claim(&fourth)).await.unwrap());
    })
    .await;
}

/// Only whoever holds the code is told that the password is too weak, and the code goes on counting.
#[tokio::test]
async fn a_weak_password_is_told_to_the_holder_and_keeps_the_code() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let issued = issued(&school).await;
        let about = format!("my number {}", candidate_number(1));
        let weak = async |code: &str, password: &str| {
            let (tenant, from) = (school.tenant, address(6));
            let services = &school.services;
            services
                .redeem_code(tenant, claim(code), password.to_owned(), from)
                .await
        };
        for (password, told) in [("short", "too_short"), (about.as_str(), "about_you")] {
            let answer = weak(&issued.code, password).await;
            assert!(
                matches!(answer, Err(ServiceError::Invalid { field: "password", code }) if code == told)
            );
            assert!(refused(&weak("0000000000", password).await));
        }
        done(by_code(&school, claim(&issued.code)).await.unwrap());
    })
    .await;
}

/// Candidate numbers run in sequence: whoever knows no more than one ends nobody's code with it.
#[tokio::test]
async fn tries_without_the_person_do_not_end_a_code() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let issued = issued(&school).await;
        let right = claim(&issued.code);
        for _ in 0..3 {
            let stranger = CodeClaim {
                name: "无名".to_owned(),
                ..claim("0000000000")
            };
            assert!(refused(&by_code(&school, stranger).await));
            let stranger = CodeClaim {
                id_number: "110105194912310038".to_owned(),
                ..right.clone()
            };
            assert!(refused(&by_code(&school, stranger).await));
        }
        done(by_code(&school, right).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn codes_and_passwords_are_nowhere_in_clear() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let issued = issued(&school).await;
        done(by_code(&school, claim(&issued.code)).await.unwrap());
        let plain = issued.code.replace('-', "");
        let kept = bed.everything_kept().await;
        let is_kept = |text: &str| {
            let mut found = kept.iter().map(|(_, bytes)| bytes.windows(text.len()));
            found.any(|mut parts| parts.any(|part| part == text.as_bytes()))
        };
        assert!(is_kept("$argon2id$"), "the search finds what is there");
        for secret in [plain.as_str(), issued.code.as_str(), OTHER, PASSWORD] {
            assert!(!is_kept(secret), "{secret}");
        }
    })
    .await;
}
