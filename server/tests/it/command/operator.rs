//! `xj operator`: the way back for an operator who lost phone and recovery codes.

use super::installation::{Installation, PASSWORD, run};
use services::institution::authenticator::Authenticator;
use services::institution::operator::OperatorSession;
use services::institution::sign_in::SignInOutcome;
use services::parser::InProcess;
use services::{ServiceError, Services};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The session that the password alone opens; `None` when the second factor is asked for.
async fn password_alone(services: &Services) -> Option<OperatorSession> {
    let password = PASSWORD.to_owned();
    let outcome = services.sign_in_operator("ops", password, LOCAL).await;
    match outcome.unwrap() {
        SignInOutcome::Done(session) => Some(session),
        SignInOutcome::SecondFactor(_) => None,
    }
}

#[tokio::test]
async fn a_lost_second_factor_is_taken_away_from_the_machine() {
    let at = Installation::new();
    at.xj(["migrate"]).well();
    let create = ["account", "create", "--operator", "--login", "ops"];
    let named = ["--name", "李丙", "--password-stdin"];
    let command = at.command(create.into_iter().chain(named));
    run(command, &format!("{PASSWORD}\n")).well();

    let store = at.store().await;
    let services = Services::new(store.clone(), Arc::new(InProcess));
    let session = password_alone(&services).await.unwrap();
    let by = services.present_operator(session).await.unwrap();
    let begun = services.enrol_operator_totp(&by, LOCAL).await.unwrap();
    let app = Authenticator::typed(&begun.secret).unwrap();
    let code = app.code(store.now()).unwrap();
    let confirmed = services.confirm_operator_totp(&by, &code, LOCAL).await;
    let (_, session) = confirmed.unwrap();
    assert!(password_alone(&services).await.is_none());
    store.close().await.unwrap();

    let reset = ["operator", "reset-factor", "--login"];
    let why = at.xj(reset.into_iter().chain(["nobody"]));
    let why = why.with_code(64).refused();
    assert!(why.contains("no operator nobody"), "{why}");
    let told = at.xj(reset.into_iter().chain(["ops"])).well();
    assert!(told.out.starts_with("ops: "), "{}", told.out);

    let store = at.store().await;
    let services = Services::new(store.clone(), Arc::new(InProcess));
    let gone = services.present_operator(session).await;
    assert!(matches!(gone, Err(ServiceError::NotFound)));
    let session = password_alone(&services).await.unwrap();
    let by = services.present_operator(session).await.unwrap();
    assert!(by.must_enrol());
    store.close().await.unwrap();
}
