//! Parameters keep every value with who set it, why and from when.

use super::school::School;
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::calendar::DeadlineKey;
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Office};
use services::ServiceError;
use services::institution::parameter::{MOST_RULE, NewRule, ParameterView, RuleFile, ValueBasis};
use services::institution::security::SecurityQuery;
use std::path::PathBuf;
use store::testkit::on_both;

async fn view(school: &School, key: &str) -> ParameterView {
    let all = school
        .services
        .parameters_view(&school.admin)
        .await
        .unwrap();
    all.into_iter().find(|p| p.key == key).unwrap()
}

#[tokio::test]
async fn values_are_versions_and_hold_from_their_day() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let key = "account.activation_days";
        let today = domain::calendar::local_date(bed.store().now());
        let set = |value: &'static str, day| {
            let (services, admin) = (school.services.clone(), school.admin.clone());
            async move {
                services
                    .set_parameter(&admin, key, value, "校学〔2026〕8号", day, None)
                    .await
            }
        };
        assert_eq!(view(&school, key).await.current, "14");
        set("20", today).await.unwrap();
        let later = today + Days::new(10);
        set("7", later).await.unwrap();
        let seen = view(&school, key).await;
        assert_eq!(seen.current, "20");
        assert_eq!(seen.default, "14");
        let versions: Vec<(i32, &str)> = seen
            .versions
            .iter()
            .map(|v| (v.version, v.value.as_str()))
            .collect();
        assert_eq!(versions, [(2, "7"), (1, "20")]);
        assert_eq!(seen.versions[0].basis, "校学〔2026〕8号");
        assert_eq!(seen.versions[0].effective_from, later);
        assert!(!seen.versions[0].set_by.is_empty());
        bed.advance(TimeDelta::days(10));
        assert_eq!(view(&school, key).await.current, "7");
        assert!(
            school
                .acts()
                .await
                .last()
                .unwrap()
                .contains("institution/set-parameter")
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_accepted_changes_nothing() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let today = domain::calendar::local_date(bed.store().now());
        let yesterday = today.pred_opt().unwrap();
        for (key, value, basis, day, field) in [
            ("no.such", "1", "校学〔2026〕8号", today, "key"),
            (
                "account.activation_days",
                "0",
                "校学〔2026〕8号",
                today,
                "value",
            ),
            ("account.activation_days", "20", " ", today, "basis"),
            (
                "account.activation_days",
                "20",
                "校学〔2026〕8号",
                yesterday,
                "effective_from",
            ),
        ] {
            let answer = school
                .services
                .set_parameter(&school.admin, key, value, basis, day, None)
                .await;
            assert!(matches!(answer, Err(ServiceError::Invalid { field: f, .. }) if f == field));
        }
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let key = "account.activation_days";
        let answer = school
            .services
            .set_parameter(&affairs, key, "20", "校学〔2026〕8号", today, None)
            .await;
        assert!(matches!(answer, Err(ServiceError::Refused(_))));
        assert!(school.services.parameters_view(&affairs).await.is_err());
        bed.advance(TimeDelta::minutes(6));
        let stale = school
            .services
            .set_parameter(&school.admin, key, "20", "校学〔2026〕8号", today, None)
            .await;
        assert!(matches!(stale, Err(ServiceError::Refused(_))));
        assert!(view(&school, key).await.versions.is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_deadline_of_the_registry_is_a_parameter_with_its_basis() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let today = domain::calendar::local_date(bed.store().now());
        let set = |key: &'static str, value: &'static str| {
            let (services, admin) = (school.services.clone(), school.admin.clone());
            async move {
                services
                    .set_parameter(&admin, key, value, "校学〔2026〕8号", today, None)
                    .await
            }
        };
        for key in DeadlineKey::ALL {
            let parameter = Parameter::Deadline(key);
            let seen = view(&school, &parameter.key()).await;
            assert_eq!(seen.current, seen.default, "{}", seen.key);
            assert_eq!(parameter.span(&seen.current), Some(key.rule().default));
            assert!(!parameter.word(&seen.current).0.is_empty());
        }
        set("deadline.arrival_leave_max", "21").await.unwrap();
        assert_eq!(view(&school, "deadline.arrival_leave_max").await.current, "21");
        set("deadline.recheck_report", "10-15").await.unwrap();
        for (key, value, code) in [
            // The law: a student has ten days to appeal (Order 41 Art. 60).
            ("deadline.appeal_student", "5", "fixed"),
            // Order 41 Art. 11: within three months.
            ("deadline.recheck", "4", "form"),
            ("deadline.arrival_leave_max", "two weeks", "form"),
            ("deadline.recheck_report", "02-30", "form"),
        ] {
            let answer = set(key, value).await;
            assert!(
                matches!(answer, Err(ServiceError::Invalid { field: "value", code: c }) if c == code),
                "{key} {value}: {answer:?}"
            );
        }
        // The value before and after is in the audit entry, sealed.
        let acts = school.acts().await;
        let last = acts.last().unwrap();
        assert!(last.contains("\"before\":\"sealed:") && last.contains("\"after\":\"sealed:"));
        assert!(!last.contains("10-15"));
    })
    .await;
}

#[tokio::test]
async fn rules_of_the_school_have_versions() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let today = domain::calendar::local_date(bed.store().now());
        let rule = || NewRule {
            title: "学籍管理实施细则".to_owned(),
            number: "校学〔2026〕9号".to_owned(),
            effective_from: today,
            file: None,
        };
        for version in 1..=2 {
            let added = school
                .services
                .add_rule_version(&school.admin, rule())
                .await;
            assert_eq!(added.unwrap(), version);
        }
        let rules = school.services.rule_versions(&school.admin).await.unwrap();
        assert_eq!(rules.iter().map(|r| r.version).collect::<Vec<_>>(), [2, 1]);
    })
    .await;
}

/// A value of a later day that was entered first still holds on its day, and the page shows the basis of what holds.
#[tokio::test]
async fn the_later_day_holds_whichever_was_entered_first() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let key = "account.activation_days";
        let today = domain::calendar::local_date(bed.store().now());
        let later = today + Days::new(10);
        for (value, basis, day) in [
            ("7", "校学〔2026〕9号", later),
            ("20", "校学〔2026〕8号", today),
        ] {
            school
                .services
                .set_parameter(&school.admin, key, value, basis, day, None)
                .await
                .unwrap();
        }
        let seen = view(&school, key).await;
        assert_eq!((seen.current.as_str(), seen.in_force), ("20", Some(2)));
        bed.advance(TimeDelta::days(10));
        let seen = view(&school, key).await;
        assert_eq!((seen.current.as_str(), seen.in_force), ("7", Some(1)));
        let counsellor = school.counsellor("C100").await;
        let slips = school
            .services
            .issue_slips(&counsellor, school.class, super::school::URL)
            .await
            .unwrap();
        let days = slips[0].expires_at - bed.store().now();
        assert_eq!(days, TimeDelta::days(7), "what is read is what holds");
    })
    .await;
}

#[tokio::test]
async fn a_value_rests_on_a_version_of_a_rule_that_is_kept_here() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let today = domain::calendar::local_date(bed.store().now());
        let rule = |effective_from, bytes: &[u8]| NewRule {
            title: "学籍管理实施细则".to_owned(),
            number: "校学〔2026〕9号".to_owned(),
            effective_from,
            file: Some(RuleFile {
                name: "细则.pdf".to_owned(),
                bytes: bytes.to_vec(),
            }),
        };
        for (bytes, code) in [(&b"<html>"[..], "not_pdf"), (&vec![b'%'; MOST_RULE + 1], "too_large")] {
            let refused = services
                .add_rule_version(&school.admin, rule(today, bytes))
                .await;
            assert!(matches!(refused, Err(ServiceError::Invalid { field: "file", code: c }) if c == code));
        }
        let later = today + Days::new(30);
        for day in [today, later] {
            services
                .add_rule_version(&school.admin, rule(day, b"%PDF-1.7 text"))
                .await
                .unwrap();
        }
        let rules = services.rule_versions(&school.admin).await.unwrap();
        let (second, first) = (&rules[0], &rules[1]);
        assert!(first.document);
        // Every office may read it, another university finds nothing.
        let affairs = school.officer("S100", Office::StudentAffairs).await;
        let (name, bytes) = services.rule_file(&affairs, first.id).await.unwrap();
        assert_eq!((name.as_str(), &bytes[..]), ("学籍管理实施细则 v1.pdf", &b"%PDF-1.7 text"[..]));
        let other = School::named(&bed, "beihai").await;
        let foreign = services.rule_file(&other.admin, first.id).await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)));
        let key = "admission.undo_days";
        let set = async |rule| {
            services
                .set_parameter(&school.admin, key, "20", ValueBasis::Rule(rule), today, None)
                .await
        };
        let early = set(second.id).await;
        assert!(matches!(early, Err(ServiceError::Invalid { field: "rule", code: "rule_later" })));
        let unknown = set(bed.store().id()).await;
        assert!(matches!(unknown, Err(ServiceError::Invalid { field: "rule", code: "unknown" })));
        set(first.id).await.unwrap();
        let seen = view(&school, key).await;
        assert_eq!(seen.versions[0].basis, "学籍管理实施细则（校学〔2026〕9号）第 1 版");
        let look = bed.store().look(school.tenant).await.unwrap();
        assert_eq!(look.parameter_values().await.unwrap()[0].rule_id, Some(first.id));
    })
    .await;
}

/// The way back of a school whose list of networks shuts everybody out.
#[tokio::test]
async fn the_machine_itself_sets_a_parameter() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let today = domain::calendar::local_date(bed.store().now());
        let key = Parameter::OfficeNetworks.key();
        services
            .set_parameter(&school.admin, &key, "192.0.2.0/24", "误填", today, None)
            .await
            .unwrap();
        school
            .account(
                "S100",
                Office::StudentAffairs,
                domain::institution::PostKind::Officer,
                domain::institution::PersonalScope::School,
            )
            .await;
        let from = super::school::address(1);
        let out = school.sign_in("S100", super::school::PASSWORD, from).await;
        assert!(matches!(out, Err(ServiceError::SignIn)));
        let console = services.console();
        services
            .set_parameter_by_operator(&console, school.tenant, &key, "", "误填，电话核实", None)
            .await
            .unwrap();
        let back = school.sign_in("S100", super::school::PASSWORD, from).await;
        super::school::done(back.unwrap());
        let held = services.parameters_in_force(school.tenant).await.unwrap();
        assert!(held.contains(&(key, String::new())));
        assert_eq!(
            view(&school, "security.office_networks").await.versions[0].set_by,
            "平台运维（命令行）"
        );
    })
    .await;
}

/// What the program itself says of parameters: its rooms, without the demonstration.
fn sources() -> String {
    let (mut all, mut folders) = (String::new(), vec![PathBuf::from("src")]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.starts_with("src/demo") {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

/// A setting that nothing reads does nothing: each either is read somewhere, or says which duty it waits for.
#[test]
fn every_parameter_is_read_or_says_what_it_waits_for() {
    let sources = sources();
    let named = |what: String| {
        sources.match_indices(&what).any(|(at, _)| {
            let next = sources[at + what.len()..].chars().next();
            !next.is_some_and(char::is_alphanumeric)
        })
    };
    for parameter in Parameter::all() {
        let read = match parameter {
            Parameter::Deadline(key) => named(format!("DeadlineKey::{key:?}")),
            Parameter::Duty(_) => named("Parameter::Duty".to_owned()),
            Parameter::Contact(_) => named("Parameter::Contact".to_owned()),
            own => named(format!("Parameter::{own:?}")),
        };
        assert_eq!(
            read,
            parameter.awaits().is_none(),
            "{}: {:?}",
            parameter.key(),
            parameter.awaits()
        );
    }
    let now = Parameter::all()
        .into_iter()
        .filter(|p| p.awaits().is_none());
    let own = now.filter(|p| !matches!(p, Parameter::Duty(_) | Parameter::Contact(_)));
    let keys: Vec<String> = own.map(Parameter::key).collect();
    assert_eq!(
        keys,
        [
            "security.totp_required",
            "security.office_networks",
            "security.campus_networks",
            "security.staff_idle_minutes",
            "security.student_idle_minutes",
            "security.backup_hours",
            "admission.undo_days",
            "account.activation_days",
            "calendar.vacations_stop_working_days",
            "student_number.pattern",
            "deadline.arrival_leave_max",
            "deadline.forgo_list_to_province",
            "deadline.recheck",
            "deadline.recheck_report",
            "deadline.annual_reg",
            "deadline.photo_reject_replace",
            "deadline.exchange",
        ]
    );
}

#[tokio::test]
async fn the_it_centre_is_warned_of_a_backup_that_is_overdue() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let look = async || {
            let all = SecurityQuery::default();
            let view = school.services.security_view(&school.admin, &all).await;
            view.unwrap().backup
        };
        // Nothing of a school could be backed up before it was there.
        let none = look().await;
        assert_eq!((none.at, none.hours, none.late), (None, 24, false));
        bed.advance(TimeDelta::hours(24) + TimeDelta::minutes(1));
        assert!(look().await.late);
        school.services.note_backup().await.unwrap();
        let made = bed.store().now();
        bed.advance(TimeDelta::hours(24));
        let fresh = look().await;
        assert_eq!((fresh.at, fresh.late), (Some(made), false));
        bed.advance(TimeDelta::minutes(1));
        assert!(look().await.late);
        let (services, admin) = (&school.services, &school.admin);
        let today = domain::calendar::local_date(bed.store().now());
        let key = "security.backup_hours";
        let admin = fresh_step_up(admin, bed.store().now());
        services
            .set_parameter(&admin, key, "48", "校信〔2026〕5号", today, None)
            .await
            .unwrap();
        let longer = look().await;
        assert_eq!((longer.hours, longer.late), (48, false));
    })
    .await;
}

fn fresh_step_up(actor: &Actor, now: DateTime<Utc>) -> Actor {
    let mut seat = actor.seat().clone();
    seat.stepped_up = Some(now);
    store::testkit::seated(seat)
}
