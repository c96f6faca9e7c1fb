//! The administrator keeps the accounts of the staff: disabled, used again, without a lost second factor.

use super::account::session as keep;
use super::school::{PASSWORD, School, URL, address, done};
use chrono::TimeDelta;
use domain::institution::activation::IdentityCheck;
use domain::institution::{Office, PersonalScope, PostKind};
use services::ServiceError;
use store::testkit::on_both;

#[tokio::test]
async fn a_disabled_account_ends_at_once_and_may_come_back() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let id = affairs.seat().account;
        let session = school.signed_in("S100").await;
        keep(&bed, &affairs, 1).await;
        let empty = services.disable_account(&school.admin, id, " ").await;
        assert!(matches!(
            empty,
            Err(ServiceError::Invalid {
                field: "reason",
                ..
            })
        ));
        services
            .reissue_staff_slip(&school.admin, id, IdentityCheck::IdCard, "忘记密码", URL)
            .await
            .unwrap();
        services
            .disable_account(&school.admin, id, "调离")
            .await
            .unwrap();
        assert!(services.present(session).await.is_err());
        assert_eq!(services.sessions(&affairs, None).await.unwrap(), []);
        let refused = school.sign_in("S100", PASSWORD, address(1)).await;
        assert!(matches!(refused, Err(ServiceError::SignIn)));
        let look = bed.store().look(school.tenant).await.unwrap();
        assert!(look.open_slips(&[id]).await.unwrap().is_empty());
        drop(look);
        services
            .enable_account(&school.admin, id, "返岗")
            .await
            .unwrap();
        done(school.sign_in("S100", PASSWORD, address(1)).await.unwrap());
        let again = services.enable_account(&school.admin, id, "返岗").await;
        assert!(matches!(again, Err(ServiceError::NotFound)));
        let acts = school.acts().await;
        assert!(
            acts.iter()
                .any(|a| a.contains("institution/disable-account"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_lost_second_factor_is_reset_and_enrolled_anew() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let id = affairs.seat().account;
        services.enrol_totp(&affairs).await.unwrap();
        assert!(school.stored("S100").await.totp.is_some());
        keep(&bed, &affairs, 1).await;
        services
            .reset_totp(&school.admin, id, "手机遗失，已核身份证")
            .await
            .unwrap();
        let stored = school.stored("S100").await;
        assert!(stored.totp.is_none() && !stored.totp_confirmed);
        assert_eq!(services.sessions(&affairs, None).await.unwrap(), []);
        done(school.sign_in("S100", PASSWORD, address(1)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn nobody_else_does_it_and_nobody_to_the_own_account() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let other = School::named(&bed, "beihai").await;
        let services = &school.services;
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let scope = PersonalScope::School;
        let admin = (Office::TenantAdmin, PostKind::Officer);
        school.account("A100", admin.0, admin.1, scope).await;
        let own = school.admin.seat().account;
        let answer = services.disable_account(&school.admin, own, "试").await;
        assert!(matches!(
            answer,
            Err(ServiceError::Invalid {
                code: "own_account",
                ..
            })
        ));
        let id = affairs.seat().account;
        let refused = services.disable_account(&affairs, id, "试").await;
        assert!(matches!(refused, Err(ServiceError::Refused(_))));
        let foreign = services.disable_account(&other.admin, id, "试").await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)));
        let stale = school.actor("A100").await;
        bed.advance(TimeDelta::minutes(6));
        let refused = services.reset_totp(&stale, id, "试").await;
        assert!(
            matches!(refused, Err(ServiceError::Refused(_))),
            "without a step-up"
        );
    })
    .await;
}
