//! Steps that a school gives to another office, the flag of an issue after a signature, parameters, colour, terms.

use chrono::{TimeDelta, TimeZone as _, Utc};
use domain::institution::activation::{IdentityCheck, comes_after_signature};
use domain::institution::device::Device;
use domain::institution::parameter::Parameter;
use domain::institution::policy::{self, Kind};
use domain::institution::{
    Action, Actor, Office, PersonalScope, PostKind, Seat, Step, Target, TenantId,
};
use domain::text::{Lang, Tone};
use std::collections::BTreeMap;
use uuid::Uuid;

#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
pub fn officer(office: Office, duties: &[(Step, Office)]) -> Actor {
    let now = Utc.with_ymd_and_hms(2026, 9, 1, 8, 0, 0).unwrap();
    Actor::seated(Seat {
        tenant: TenantId(1),
        person: Uuid::nil(),
        account: Uuid::nil(),
        post: Uuid::nil(),
        office,
        kind: if office == Office::College {
            PostKind::TeachingSecretary
        } else {
            PostKind::Officer
        },
        scope: PersonalScope::School,
        stepped_up: Some(now),
        duties: duties.iter().copied().collect::<BTreeMap<_, _>>(),
    })
}

/// What a browser says of itself is told apart by family and system, and kept without anything else of it.
#[test]
fn a_device_is_a_browser_and_a_system_of_the_list() {
    let wechat = "Mozilla/5.0 (Linux; Android 14; PJD110) AppleWebKit/537.36 Version/4.0 Chrome/126.0 \
        Mobile Safari/537.36 MicroMessenger/8.0.50.2701(0x28003253) WeChat/arm64 Language/zh_CN";
    let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36";
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 \
        Mobile/15E148 Safari/604.1";
    let harmony = "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 ArkWeb/4.1 \
        HuaweiBrowser/5.0.4";
    let (wecom, edge) = (
        format!("{wechat} wxwork/4.1"),
        format!("{windows} Edg/131.0"),
    );
    for (said, key, label) in [
        (wechat, "wechat/android", Some("微信 · Android")),
        (wecom.as_str(), "wecom/android", Some("企业微信 · Android")),
        (windows, "chrome/windows", Some("Chrome · Windows")),
        (edge.as_str(), "edge/windows", Some("Edge · Windows")),
        (iphone, "safari/ios", Some("Safari · iOS")),
        (harmony, "huawei/harmony", Some("华为浏览器 · HarmonyOS")),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0",
            "firefox/linux",
            Some("Firefox · Linux"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) Version/18.1 Safari/605",
            "safari/macos",
            Some("Safari · macOS"),
        ),
        ("curl/8.5.0", "/", None),
        ("", "/", None),
    ] {
        let device = Device::of(said);
        assert_eq!(device.key(), key, "{said}");
        assert_eq!(device.label(Lang::Zh).as_deref(), label, "{said}");
        assert_eq!(Device::from_key(key), device, "{said}");
    }
    let english = Device::of(wechat).label(Lang::En);
    assert_eq!(english.as_deref(), Some("WeChat · Android"));
    for nothing in ["", "wechat", "wechat/", "/android", "opera/beos", "a/b/c"] {
        let read = Device::from_key(nothing);
        assert!(read.browser.is_none() || read.system.is_none(), "{nothing}");
    }
}

/// An address names a page by the table: a segment for an id is one, and nothing else.
#[test]
fn the_rule_of_an_address_is_that_of_its_kind() {
    let id = "01900000-0000-7000-8000-000000000000";
    let of = |path: &str, kind| policy::rule_of(path, &[kind]).map(|rule| rule.op);
    assert_eq!(of("me/access", Kind::Page), Some("me/access"));
    assert_eq!(
        of(&format!("students/{id}"), Kind::Page),
        Some("students/:id")
    );
    assert_eq!(
        of("institution/sign-out", Kind::Operation),
        Some("institution/sign-out")
    );
    for (path, kind) in [
        ("students/new", Kind::Page),
        ("students/../home", Kind::Page),
        ("institution/sign-out", Kind::Page),
        ("files/slips/all", Kind::Page),
        ("jsut/students", Kind::Page),
        ("https://evil.example", Kind::Page),
    ] {
        assert_eq!(of(path, kind), None, "{path}");
    }
}

/// Every office that the parameter of a step offers does the step, its pages and what they need; the regulation's
/// office is refused then and named the new one.
#[test]
fn a_step_moves_with_its_pages_its_lead_and_its_help() {
    let now = Utc.with_ymd_and_hms(2026, 9, 1, 8, 0, 0).unwrap();
    let here = Target::school(TenantId(1));
    for step in Step::ALL {
        let parameter = Parameter::Duty(step);
        let offered = Office::ALL
            .into_iter()
            .filter(|office| parameter.accept(office.key()).is_ok());
        for office in offered.filter(|o| *o != step.default_office()) {
            let moved = [(step, office)];
            let (new, old) = (
                officer(office, &moved),
                officer(step.default_office(), &moved),
            );
            assert!(new.may::<policy::StudentsPage>(), "{step:?} {office:?}");
            assert!(new.may::<policy::StudentPage>(), "{step:?} {office:?}");
            match step {
                Step::AdmissionHandover => {
                    assert!(new.may::<policy::ImportsPage>());
                    assert!(new.may::<policy::HandoversPage>());
                    let granted = new.authorize::<policy::OfferHandover>(&here, now).unwrap();
                    assert_eq!(granted.responsibility().lead, office);
                    let refused = old.authorize::<policy::OfferHandover>(&here, now);
                    assert_eq!(refused.unwrap_err().help, office);
                }
                Step::ReceiveCohort => {
                    assert!(new.may::<policy::HandoverPage>());
                    assert!(new.may::<policy::AcceptHandover>());
                    let college = officer(Office::College, &moved);
                    let granted = college
                        .authorize::<policy::AcceptHandover>(&here, now)
                        .unwrap();
                    assert_eq!(granted.responsibility().lead, office, "the step leads");
                    assert!(!old.may::<policy::AcceptHandover>());
                }
                Step::AssignClass => {
                    assert!(new.may::<policy::AssignPage>());
                    assert!(new.may::<policy::HandoversPage>());
                    let refused = old.authorize::<policy::AssignByRule>(&here, now);
                    assert_eq!(refused.unwrap_err().help, office);
                }
                Step::KeepStatusRecords => {
                    assert_eq!(policy::StudentPage::rule().help(&old), office);
                }
                Step::RegisterFreshmen | Step::AnswerQueries | Step::AnnualRegistration => {
                    assert!(new.may::<policy::ExportsPage>());
                }
            }
        }
    }
}

#[test]
fn no_seat_of_the_service_and_no_student_performs_a_step() {
    for step in Step::ALL {
        for office in [Office::Student, Office::TenantAdmin, Office::Operator] {
            let refused = Parameter::Duty(step).accept(office.key());
            assert!(refused.is_err(), "{step:?} {office:?}");
        }
    }
}

/// ADR 0042.
#[test]
fn class_and_number_alone_can_be_a_step_of_the_colleges() {
    for step in Step::ALL {
        let college = Parameter::Duty(step).accept("college");
        assert_eq!(college.is_ok(), step == Step::AssignClass, "{step:?}");
    }
}

#[test]
fn an_issue_after_a_signature_is_flagged() {
    let signed = Utc.with_ymd_and_hms(2026, 9, 10, 9, 0, 0).unwrap();
    let minute = TimeDelta::minutes(1);
    assert!(!comes_after_signature(None, signed));
    assert!(!comes_after_signature(Some(signed), signed - minute));
    assert!(comes_after_signature(Some(signed), signed));
    assert!(comes_after_signature(Some(signed), signed + minute));
}

/// T-AUTH-09: every way of checking is stored under its own key, and the one without a document is worth a second look.
#[test]
fn a_check_of_identity_is_stored_by_its_key_and_flagged_without_a_document() {
    for way in IdentityCheck::ALL {
        assert_eq!(IdentityCheck::from_key(way.key()), Some(way));
        let flagged = way.tone() == Tone::Warning;
        assert_eq!(flagged, way == IdentityCheck::Acquainted, "{way:?}");
    }
    for none in ["", "video", "ID_CARD", "本人"] {
        assert_eq!(IdentityCheck::from_key(none), None, "{none}");
    }
}

#[test]
fn every_parameter_has_a_key_a_basis_and_a_default_that_is_accepted() {
    let all = Parameter::all();
    let keys: std::collections::BTreeSet<String> = all.iter().map(|p| p.key()).collect();
    assert_eq!(keys.len(), all.len());
    for parameter in all {
        assert!(
            !parameter.default_basis().zh.is_empty(),
            "{}",
            parameter.key()
        );
        let default = parameter.default_value();
        if !parameter.form().is_fixed() {
            assert_eq!(
                parameter.accept(&default),
                Ok(default),
                "{}",
                parameter.key()
            );
        }
    }
    // What the regulation never mentions does not claim to rest on it.
    let idle = Parameter::StaffIdleMinutes.default_basis();
    assert!(!idle.zh.contains("办法"));
    assert!(
        Parameter::OfficeNetworks
            .default_basis()
            .zh
            .contains("三（三）")
    );
}

#[test]
fn a_network_has_nothing_behind_its_prefix() {
    use domain::institution::parameter::{Form, Network};
    for whole in [
        "10.20.30.0/24",
        "10.20.30.7",
        "10.20.30.7/32",
        "128.0.0.0/1",
        "0.0.0.0/0",
        "2001:db8::/32",
        "2001:db8::1",
        "::/0",
    ] {
        assert!(Network::parse(whole).is_some(), "{whole}");
    }
    for cut in [
        "10.20.30.0/2",
        "10.20.30.0/16",
        "10.20.30.7/24",
        "10.20.30.0/33",
        "10.20.30.0/",
        "2001:db8::1/32",
        "2001:db8::/3",
        "2001:db8::/129",
    ] {
        assert_eq!(Network::parse(cut), None, "{cut}");
    }
    let value = "10.20.30.0/24, 10.20.30.0/2";
    assert!(Parameter::OfficeNetworks.accept(value).is_err());
    // No browser cuts a list of networks; other words are cut where the form ends.
    assert_eq!(Form::Networks.longest(), None);
    assert_eq!(Parameter::CampusMapping.form().longest(), Some(500));
}

#[test]
fn a_colour_is_accepted_where_people_can_read_it() {
    use domain::institution::branding::{
        Colour, ColourError, LEAST_CONTRAST, initial, style_sheet,
    };
    let (white, black) = (
        Colour::parse("#ffffff").unwrap(),
        Colour::parse("#000000").unwrap(),
    );
    assert!((white.contrast(black) - 21.0).abs() < 0.01);
    assert!((white.contrast(white) - 1.0).abs() < 0.01);
    assert!(Colour::primary("#14507a").is_ok());
    assert_eq!(Colour::primary("#7db8e3"), Err(ColourError::Contrast));
    for form in ["14507a", "#14507", "#14507g", "#1450７a", ""] {
        assert_eq!(Colour::primary(form), Err(ColourError::Form), "{form}");
    }
    let dark = Colour::parse("#0f141a").unwrap();
    for text in ["#14507a", "#7a2e14", "#000000", "#3a0ca3"] {
        let colour = Colour::primary(text).unwrap();
        assert!(colour.on_dark().contrast(dark) >= LEAST_CONTRAST, "{text}");
        assert!(style_sheet(colour).contains(text));
    }
    assert_eq!(initial("上海海洋大学", "上海"), Some('海'));
    assert_eq!(initial("江苏科技大学", "江苏"), Some('科'));
    assert_eq!(initial("南京大学", "江苏"), Some('南'));
}

#[test]
fn vacations_lie_between_terms() {
    use chrono::NaiveDate;
    use domain::calendar::Semester;
    use domain::institution::term::{StudentDays, Term, vacations};
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let term = |semester, starts_on, ends_on| Term {
        year: 2026,
        semester,
        starts_on,
        ends_on,
        arrival_on: None,
        student_days: StudentDays::default(),
    };
    let terms = [
        term(Semester::Spring, day(2027, 2, 24), day(2027, 7, 10)),
        term(Semester::Autumn, day(2026, 9, 1), day(2027, 1, 20)),
    ];
    assert_eq!(vacations(&terms), [day(2027, 1, 21)..=day(2027, 2, 23)]);
    assert!(vacations(&terms[..1]).is_empty());
}

/// What every university begins with (domain.md §9 and §14): a default that is changed by mistake is seen here. Whoever
/// changes one on purpose compares the file with the source it names.
#[test]
fn defaults_are_those_of_the_regulation_and_of_practice() {
    let lines: Vec<String> = Parameter::all()
        .into_iter()
        .map(|parameter| {
            format!(
                "{} = {:?} ({}; {})",
                parameter.key(),
                parameter.default_value(),
                if parameter.form().is_fixed() {
                    "fixed"
                } else {
                    "may be set"
                },
                parameter.default_basis().zh,
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// A refusal names somebody else than whoever reads it: the service's own people where the step is one's own.
#[test]
fn nobody_is_sent_to_the_own_desk() {
    for rule in domain::institution::POLICY {
        for office in Office::ALL.into_iter().filter(|o| *o != Office::ItCentre) {
            let help = rule.help(&officer(office, &[]));
            assert_ne!(help, office, "{}", rule.op);
        }
    }
    let factor = policy::ConfirmTotp::rule();
    for office in [Office::Admissions, Office::TenantAdmin, Office::College] {
        assert_eq!(factor.help(&officer(office, &[])), Office::ItCentre);
    }
}
