//! Universities and first accounts; operators sign in apart and see no student.

use super::operator_factor::Desk;
use super::school::{OTHER, PASSWORD, School, address, done, services_on};
use crate::admission::ground::{Ground, package};
use chrono::TimeDelta;
use domain::institution::{Office, PersonalScope, PostKind, Visible};
use formats::child::ParseRequest;
use formats::sample::ZipNames;
use services::institution::tenant::{NewAccount, NewUniversity};
use services::parser::{InProcess, Lines, Parser};
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::sync::Arc;
use store::testkit::{Bed, on_both};
use uuid::Uuid;

fn university() -> NewUniversity {
    NewUniversity {
        slug: "nanhu".to_owned(),
        school_code: "10999".to_owned(),
        name: "南湖大学".to_owned(),
        province: "31".to_owned(),
        colour: "#0B5394".to_owned(),
    }
}

fn administrator(password: Option<&str>) -> NewAccount {
    NewAccount {
        login: "admin01".to_owned(),
        name: "孙乙".to_owned(),
        office: Office::TenantAdmin,
        kind: PostKind::Officer,
        scope: PersonalScope::School,
        password: password.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_university_begins_with_its_name_its_semesters_and_one_administrator() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let console = services.console();
        let tenant = services
            .create_tenant(&console, &university())
            .await
            .unwrap();
        let new = services
            .create_account(&console, tenant, administrator(None))
            .await
            .unwrap();
        let password = new.generated.unwrap();
        assert_eq!(password.len(), 17);
        let signed_in = services
            .sign_in(tenant, "admin01", password, address(1))
            .await
            .unwrap();
        let admin = services.present(done(signed_in)).await.unwrap().actor;
        assert_eq!(admin.office(), Office::TenantAdmin);
        let unit = bed.store().read(&admin).await.unwrap();
        let names = unit.school_names().await.unwrap();
        assert_eq!(
            (names[0].name.as_str(), names[0].code.as_str()),
            ("南湖大学", "10999")
        );
        let terms = unit.terms().await.unwrap();
        let starts: Vec<String> = terms.iter().map(|t| t.starts_on.to_string()).collect();
        assert_eq!(
            starts,
            ["2026-09-01", "2027-02-24", "2027-09-01", "2028-02-24"]
        );
        assert_eq!(terms[0].arrival_on.unwrap().to_string(), "2026-08-30");
        let acts = unit.audit_after(0, 10).await.unwrap();
        assert_eq!(acts.len(), 3);
        assert!(acts[0].body.contains("\"console\""));
        assert!(acts[1].body.contains("operator/create-tenant"));
    })
    .await;
}

#[tokio::test]
async fn two_passwords_made_here_are_never_the_same() {
    let bed = Bed::sqlite().await;
    let services = services_on(bed.store().clone());
    let console = services.console();
    let tenant = services
        .create_tenant(&console, &university())
        .await
        .unwrap();
    let mut passwords = Vec::new();
    for login in ["a1", "a2"] {
        let new = NewAccount {
            login: login.to_owned(),
            ..administrator(None)
        };
        let made = services
            .create_account(&console, tenant, new)
            .await
            .unwrap();
        passwords.push(made.generated.unwrap());
    }
    assert_ne!(passwords[0], passwords[1]);
}

#[tokio::test]
async fn wrong_universities_and_accounts_are_refused_by_field() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let console = services.console();
        let tenant = services
            .create_tenant(&console, &university())
            .await
            .unwrap();
        let good = || NewUniversity {
            slug: "beihu".to_owned(),
            ..university()
        };
        for (new, field) in [
            (university(), "slug"),
            (
                NewUniversity {
                    slug: "api".to_owned(),
                    ..good()
                },
                "slug",
            ),
            (
                NewUniversity {
                    school_code: "1099".to_owned(),
                    ..good()
                },
                "school_code",
            ),
            (
                NewUniversity {
                    province: "99".to_owned(),
                    ..good()
                },
                "province",
            ),
            (
                NewUniversity {
                    colour: "blue".to_owned(),
                    ..good()
                },
                "colour",
            ),
            (
                NewUniversity {
                    name: " ".to_owned(),
                    ..good()
                },
                "name",
            ),
        ] {
            let answer = services.create_tenant(&console, &new).await;
            assert!(matches!(answer, Err(ServiceError::Invalid { field: f, .. }) if f == field));
        }
        let classes = PersonalScope::Classes {
            college: bed.store().id(),
            classes: Vec::new(),
        };
        services
            .create_account(&console, tenant, administrator(Some(PASSWORD)))
            .await
            .unwrap();
        let other = || NewAccount {
            login: "admin02".to_owned(),
            ..administrator(None)
        };
        for (new, field) in [
            (administrator(None), "login"),
            (
                NewAccount {
                    login: " ".to_owned(),
                    ..other()
                },
                "login",
            ),
            (
                NewAccount {
                    name: String::new(),
                    ..other()
                },
                "name",
            ),
            (
                NewAccount {
                    office: Office::Student,
                    ..other()
                },
                "post",
            ),
            (
                NewAccount {
                    office: Office::Operator,
                    ..other()
                },
                "post",
            ),
            (
                NewAccount {
                    kind: PostKind::Counsellor,
                    scope: classes,
                    office: Office::College,
                    ..other()
                },
                "post",
            ),
            (
                NewAccount {
                    password: Some("nanhu nanhu nanhu".to_owned()),
                    ..other()
                },
                "password",
            ),
        ] {
            let answer = services.create_account(&console, tenant, new).await;
            assert!(
                matches!(answer, Err(ServiceError::Invalid { field: f, .. }) if f == field),
                "{field}"
            );
        }
        let far = NewAccount {
            office: Office::College,
            kind: PostKind::ViceDean,
            scope: PersonalScope::College(bed.store().id()),
            ..other()
        };
        let answer = services.create_account(&console, tenant, far).await;
        assert!(matches!(answer, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn operators_lock_like_everybody_and_step_up_like_everybody() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let desk = Desk::enrolled(&bed, services).await;
        let taken = services.create_operator("op1", "李丙", None).await;
        assert!(matches!(
            taken,
            Err(ServiceError::Invalid {
                field: "login",
                code: "taken"
            })
        ));
        let operator = services.present_operator(desk.session).await.unwrap();
        assert_eq!(operator.name(), "李丙");
        services
            .create_tenant(&operator, &university())
            .await
            .unwrap();
        bed.advance(TimeDelta::minutes(6));
        let stale = services.present_operator(desk.session).await.unwrap();
        let new = NewUniversity {
            slug: "beihu".to_owned(),
            ..university()
        };
        assert!(matches!(
            services.create_tenant(&stale, &new).await,
            Err(ServiceError::Refused(_))
        ));
        for _ in 0..5 {
            let wrong = desk.password(OTHER, address(1)).await;
            assert!(matches!(wrong, Err(ServiceError::SignIn)));
        }
        let restarted = services_on(bed.second().await);
        let locked = restarted
            .sign_in_operator("op1", PASSWORD.to_owned(), address(2))
            .await;
        assert!(matches!(locked, Err(ServiceError::SignIn)));
        bed.advance(TimeDelta::minutes(15));
        let session = desk.sign_in(&desk.code()).await.unwrap();
        bed.advance(TimeDelta::minutes(6));
        let waiting = services.present_operator(session).await.unwrap();
        let fresh = services
            .step_up_operator(
                &waiting,
                PASSWORD.to_owned(),
                Some(&desk.code()),
                address(1),
            )
            .await
            .unwrap();
        assert_eq!(fresh.stepped_up, bed.store().now());
        let operator = services.present_operator(fresh).await.unwrap();
        let slugs: Vec<String> = services
            .tenant_list(&operator)
            .await
            .unwrap()
            .into_iter()
            .map(|t| t.slug)
            .collect();
        assert_eq!(slugs, ["jiangnan", "nanhu"]);
        // Nobody of a university is an operator, and no operator somebody of a university.
        assert!(school.sign_in("op1", PASSWORD, address(3)).await.is_err());
        let unknown = services.sign_in_operator("T100", PASSWORD.to_owned(), address(3));
        assert!(matches!(unknown.await, Err(ServiceError::SignIn)));
        let before = services.passwords().runs();
        let nobody = services.sign_in_operator("op9", PASSWORD.to_owned(), address(3));
        assert!(nobody.await.is_err());
        assert_eq!(services.passwords().runs(), before + 1);
    })
    .await;
}

#[test]
fn an_operator_sees_no_list() {
    let operator = domain::institution::Seat {
        tenant: domain::institution::TenantId(1),
        person: uuid::Uuid::nil(),
        account: uuid::Uuid::nil(),
        post: uuid::Uuid::nil(),
        office: Office::Operator,
        kind: PostKind::Officer,
        scope: PersonalScope::School,
        stepped_up: None,
        duties: std::collections::BTreeMap::new(),
    };
    assert_eq!(store::testkit::seated(operator).visible(), Visible::Nothing);
}

/// A parser in whose middle the operator suspends the university.
#[derive(Debug)]
struct SuspendedMeanwhile {
    others: Services,
    slug: &'static str,
}

impl Parser for SuspendedMeanwhile {
    fn parse(&self, request: ParseRequest) -> Lines {
        let suspend = async {
            let by = self.others.console();
            let control = self.others.store().control();
            let row = control.tenant_by_slug(self.slug).await.unwrap();
            if row.unwrap().is_active() {
                let done = self.others.set_tenant_active(&by, self.slug, false).await;
                done.unwrap();
            }
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(suspend));
        InProcess.parse(request)
    }
}

/// T-ISO-22, the jobs: what waits is not taken, what runs stops before its next chunk, and everything goes on later.
#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_a_suspended_university_wait() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let by = ground.services.console();
        let slug = "haiyang";
        let sample = package(5, 12, &[]);
        ground.upload(sample.zip(ZipNames::Gbk)).await;
        let set = async |active| {
            let done = ground.services.set_tenant_active(&by, slug, active).await;
            done.unwrap();
        };
        set(false).await;
        assert_eq!(ground.worker.run_one().await.unwrap(), None);
        set(true).await;
        let meanwhile = SuspendedMeanwhile {
            others: ground.services.clone(),
            slug,
        };
        let store = ground.bed.store().clone();
        let worker = Worker::new(Services::new(store, Arc::new(meanwhile)), "second");
        assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Released));
        assert_eq!(ground.worker.run_one().await.unwrap(), None);
        set(true).await;
        assert_eq!(ground.worker.run_one().await.unwrap(), Some(Ran::Done));
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let acts = unit.audit_after(0, 1_000).await.unwrap();
        let of = |op: &str| acts.iter().filter(|a| a.body.contains(op)).count();
        assert_eq!(
            (of("operator/suspend-tenant"), of("operator/resume-tenant")),
            (2, 2)
        );
    })
    .await;
}

/// Whoever answers for a university reads in its ledger when a new key came into force, and which.
#[tokio::test]
async fn a_new_key_stands_in_the_ledger() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let by = ground.services.console();
        for key in [2, 3] {
            let newest = ground.services.rotate_keys(&by, "haiyang").await;
            assert_eq!(newest.unwrap(), key);
        }
        let unknown = ground.services.rotate_keys(&by, "nobody").await;
        assert!(matches!(unknown, Err(ServiceError::NotFound)));
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let school = Uuid::from_u128(ground.tenant.0.unsigned_abs().into());
        let lines = unit.ledger_about(&[("tenant", school)]).await.unwrap();
        let told = lines
            .iter()
            .map(|line| (line.op.as_str(), line.detail.as_str()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                ("operator/rotate-keys", "启用第3号密钥，此前为第2号"),
                ("operator/rotate-keys", "启用第2号密钥，此前为第1号"),
            ]
        );
        let keys = ground.bed.store().keys().tenant(ground.tenant).unwrap();
        assert_eq!(keys.newest(), 3);
        // An operator whose password is not fresh puts none in force.
        ground.bed.advance(TimeDelta::minutes(6));
        let late = ground.services.rotate_keys(&by, "haiyang").await;
        assert!(matches!(late, Err(ServiceError::Refused(_))));
        let keys = ground.bed.store().keys().tenant(ground.tenant).unwrap();
        assert_eq!(keys.newest(), 3);
    })
    .await;
}
