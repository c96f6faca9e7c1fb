//! The audit event: one canonical form, and nothing personal in it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{
    Act, AuditError, AuditEvent, BulkLeaf, DocumentNumber, Doer, EventTime, Leaves, MAX_CANONICAL,
    Mark, Origin, Outcome, Seq, SessionMark, Sha256, Subject, Term, hex,
};
use domain::decision::Responsibility;
use domain::institution::{Office, PostKind, TenantId};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn term(text: &str) -> Term {
    Term::parse(text).unwrap()
}

fn time(text: &str) -> EventTime {
    EventTime::parse(text).unwrap()
}

fn act() -> Act {
    Act {
        at: time("2026-11-23T04:05:06.789Z"),
        doer: Doer::Person {
            person: id(1),
            account: id(2),
            office: Office::StudentAffairs,
            post: id(3),
            role: PostKind::Officer,
            on_behalf_of: Some(id(4)),
        },
        op: term("admission/accept"),
        subject: Subject {
            kind: term("handover"),
            id: id(5),
        },
        responsibility: Some(Responsibility {
            lead: Office::Admissions,
            handler: id(1),
            checker: Some(id(6)),
        }),
        decision: Some(term("accept")),
        basis: Some(DocumentNumber::parse("校教〔2026〕12号").unwrap()),
        reason: Some(term("second_check")),
        before: Some(Mark::Commitment([0x11; 32])),
        after: Some(Mark::Sealed(vec![1, 1, 0, 0xff])),
        leaves: Some(Leaves {
            count: 2,
            root: Sha256([0xab; 32]),
        }),
        request: Some(id(7)),
        session: Some(SessionMark([0x22; 16])),
        origin: Origin::of(IpAddr::V4(Ipv4Addr::new(10, 20, 30, 40))),
        outcome: Outcome::Done,
    }
}

fn small_act() -> Act {
    Act {
        at: time("2026-01-01T00:00:00.000Z"),
        doer: Doer::Nobody,
        op: term("institution/sign-in"),
        subject: Subject {
            kind: term("account"),
            id: id(9),
        },
        responsibility: None,
        decision: None,
        basis: None,
        reason: None,
        before: None,
        after: None,
        leaves: None,
        request: None,
        session: None,
        origin: Origin::Local,
        outcome: Outcome::Refused,
    }
}

/// The released form. These bytes are never changed: a change needs schema 2.
const GOLDEN: &str = concat!(
    r#"{"$schema":"xueji.audit/1","act":{"#,
    r#""after":"sealed:010100ff","at":"2026-11-23T04:05:06.789Z","basis":"校教〔2026〕12号","#,
    r#""before":"hmac-sha256:1111111111111111111111111111111111111111111111111111111111111111","decision":"accept","#,
    r#""doer":{"account":"00000000-0000-0000-0000-000000000002","kind":"person","office":"student_affairs","#,
    r#""on_behalf_of":"00000000-0000-0000-0000-000000000004","person":"00000000-0000-0000-0000-000000000001","#,
    r#""post":"00000000-0000-0000-0000-000000000003","role":"officer"},"#,
    r#""leaves":{"count":2,"root":"abababababababababababababababababababababababababababababababab"},"#,
    r#""op":"admission/accept","origin":"10.20.30.0/24","outcome":"done","reason":"second_check","#,
    r#""request":"00000000-0000-0000-0000-000000000007","#,
    r#""responsibility":{"checker":"00000000-0000-0000-0000-000000000006","#,
    r#""handler":"00000000-0000-0000-0000-000000000001","lead":"admissions"},"#,
    r#""session":"22222222222222222222222222222222","#,
    r#""subject":{"id":"00000000-0000-0000-0000-000000000005","kind":"handover"}},"seq":42,"tenant":7}"#,
);

const GOLDEN_SMALL: &str = concat!(
    r#"{"$schema":"xueji.audit/1","act":{"at":"2026-01-01T00:00:00.000Z","doer":{"kind":"nobody"},"#,
    r#""op":"institution/sign-in","origin":"local","outcome":"refused","#,
    r#""subject":{"id":"00000000-0000-0000-0000-000000000009","kind":"account"}},"seq":1,"tenant":1}"#,
);

#[test]
fn released_schema_stays_as_it_was() {
    let event = AuditEvent::new(TenantId(7), Seq::new(42).unwrap(), act());
    assert_eq!(
        String::from_utf8(event.canonical().unwrap()).unwrap(),
        GOLDEN
    );
    let small = AuditEvent::new(TenantId(1), Seq::FIRST, small_act());
    assert_eq!(
        String::from_utf8(small.canonical().unwrap()).unwrap(),
        GOLDEN_SMALL
    );

    let leaf = BulkLeaf::new(
        Subject {
            kind: term("student"),
            id: id(8),
        },
        None,
        Some(Mark::Commitment([0x33; 32])),
    );
    assert_eq!(
        String::from_utf8(leaf.canonical().unwrap()).unwrap(),
        concat!(
            r#"{"$schema":"xueji.audit-leaf/1","#,
            r#""after":"hmac-sha256:3333333333333333333333333333333333333333333333333333333333333333","#,
            r#""subject":{"id":"00000000-0000-0000-0000-000000000008","kind":"student"}}"#
        )
    );
}

#[test]
fn released_names_of_doers_and_outcomes_stay() {
    let program = Doer::Program {
        name: term("nightly-check"),
    };
    assert_eq!(
        serde_json::to_string(&program).unwrap(),
        r#"{"kind":"program","name":"nightly-check"}"#
    );
    let outcomes = Outcome::ALL.map(|o| (o.key(), serde_json::to_string(&o).unwrap()));
    for (key, json) in outcomes {
        assert_eq!(json, format!("\"{key}\""));
    }
}

#[test]
fn reads_back_the_canonical_form_only() {
    let event = AuditEvent::from_canonical(GOLDEN.as_bytes()).unwrap();
    assert_eq!(
        event,
        AuditEvent::new(TenantId(7), Seq::new(42).unwrap(), act())
    );

    let spaced = GOLDEN.replace("\"seq\":42", "\"seq\": 42");
    assert_eq!(
        AuditEvent::from_canonical(spaced.as_bytes()),
        Err(AuditError::Canonical)
    );
    for wrong in [
        GOLDEN.replace("xueji.audit/1", "xueji.audit/2"),
        GOLDEN.replace("\"seq\":42", "\"seq\":0"),
        GOLDEN.replace("\"seq\":42", "\"name\":\"x\",\"seq\":42"),
        GOLDEN.replace("\"post\"", "\"name\":\"x\",\"post\""),
        GOLDEN.replace("10.20.30.0/24", "10.20.30.40/24"),
        GOLDEN.replace("10.20.30.0/24", "10.20.30.0/16"),
        GOLDEN.replace("06.789Z", "06.78Z"),
        GOLDEN.replace("abab", "ABAB"),
        GOLDEN.replace("sealed:010100ff", "sealed:"),
        GOLDEN.replace("sealed:010100ff", "plain:010100ff"),
    ] {
        assert_ne!(wrong, GOLDEN);
        assert_eq!(
            AuditEvent::from_canonical(wrong.as_bytes()),
            Err(AuditError::Schema),
            "{wrong}"
        );
    }
}

#[test]
fn an_event_is_never_longer_than_the_verifier_reads() {
    let mut long = act();
    long.after = Some(Mark::Sealed(vec![0; MAX_CANONICAL / 2]));
    assert_eq!(
        AuditEvent::new(TenantId(7), Seq::FIRST, long).canonical(),
        Err(AuditError::Canonical)
    );
}

#[test]
fn terms_are_words_of_the_program() {
    for good in [
        "a",
        "admission/confirm",
        "files/photo/:id",
        "status.suspend_2-x",
        &"a".repeat(64),
    ] {
        assert_eq!(Term::parse(good).unwrap().as_str(), good);
    }
    for bad in [
        "",
        " a",
        "A",
        "1a",
        "张三",
        "a b",
        "a\n",
        "x310105199901014021",
        &"a".repeat(65),
    ] {
        assert_eq!(Term::parse(bad), Err(AuditError::Term), "{bad}");
    }
}

#[test]
fn document_numbers_hold_no_personal_numbers() {
    for good in [
        "校教〔2026〕12号",
        " 教学函[2026]3号 ",
        "JW-2026-1123-001",
        "202611230001",
        "1",
    ] {
        assert_eq!(DocumentNumber::parse(good).unwrap().as_str(), good.trim());
    }
    for bad in [
        "",
        "   ",
        "校教\n12号",
        "校教\u{202e}12号",
        "310105199901014021",
        "31010519990101402X",
        "３１０１０５１９９９０１０１４０２１",
        "3101 0519 9901 0140 21",
        "见310105990101402",
        "13812345678",
        "电话 138 1234 5678",
        &"号".repeat(65),
    ] {
        assert_eq!(
            DocumentNumber::parse(bad),
            Err(AuditError::DocumentNumber),
            "{bad}"
        );
    }
}

#[test]
fn sequence_numbers_are_exact_in_json() {
    assert_eq!(Seq::new(0), Err(AuditError::Seq));
    assert_eq!(
        Seq::new((1 << 53) - 1).unwrap().get(),
        9_007_199_254_740_991
    );
    assert_eq!(Seq::new(1 << 53), Err(AuditError::Seq));
    let last = AuditEvent::new(TenantId(1), Seq::new((1 << 53) - 1).unwrap(), small_act());
    let text = String::from_utf8(last.canonical().unwrap()).unwrap();
    assert!(text.contains("\"seq\":9007199254740991,"));
    assert_eq!(AuditEvent::from_canonical(text.as_bytes()).unwrap(), last);
}

#[test]
fn an_address_is_cut_to_its_network() {
    let of = |address: IpAddr| Origin::of(address).to_string();
    assert_eq!(of(Ipv4Addr::new(192, 168, 7, 99).into()), "192.168.7.0/24");
    assert_eq!(
        of("2001:db8:1:2:3:4:5:6".parse().unwrap()),
        "2001:db8:1::/48"
    );
    assert_eq!(of("::ffff:192.168.7.99".parse().unwrap()), "192.168.7.0/24");
    assert_eq!(of(Ipv6Addr::LOCALHOST.into()), "::/48");
}

#[test]
fn debug_output_shows_no_marked_value() {
    let shown = format!("{:?}", AuditEvent::new(TenantId(7), Seq::FIRST, act()));
    assert!(shown.contains("Sealed(4 bytes)") && shown.contains("Commitment"));
    assert!(
        !shown.contains("1111") && !shown.contains("010100ff") && !shown.contains("[17, 17"),
        "{shown}"
    );
}

fn any_mark() -> impl Strategy<Value = Option<Mark>> {
    prop_oneof![
        Just(None),
        any::<[u8; 32]>().prop_map(|b| Some(Mark::Commitment(b))),
        prop::collection::vec(any::<u8>(), 1..100).prop_map(|b| Some(Mark::Sealed(b))),
    ]
}

fn any_origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        Just(Origin::Local),
        any::<u32>().prop_map(|b| Origin::of(Ipv4Addr::from_bits(b).into())),
        any::<u128>().prop_map(|b| Origin::of(Ipv6Addr::from_bits(b).into())),
    ]
}

fn any_time() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000_000, 0_i64..1_000_000).prop_map(|(ms, ns)| {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(ms) + TimeDelta::nanoseconds(ns)
    })
}

prop_compose! {
    fn any_act()(
        at in any_time(),
        person in prop::option::of(any::<[u128; 4]>()),
        role in prop::sample::select(&PostKind::ALL[..]),
        office in prop::sample::select(&Office::ALL[..]),
        op in "[a-z][a-z/_.:-]{0,63}",
        basis in prop::option::of("[〔〕\\PC&&[^0-9]]{1,64}"),
        (before, after) in (any_mark(), any_mark()),
        leaves in prop::option::of((any::<u32>(), any::<[u8; 32]>())),
        origin in any_origin(),
        outcome in prop::sample::select(&Outcome::ALL[..]),
    ) -> Act {
        let doer = person.map_or(Doer::Nobody, |[person, account, post, other]| Doer::Person {
            person: id(person),
            account: id(account),
            office,
            post: id(post),
            role,
            on_behalf_of: (other % 2 == 0).then(|| id(other)),
        });
        Act {
            at: at.into(),
            doer,
            op: term(&op),
            basis: basis.and_then(|b| DocumentNumber::parse(&b).ok()),
            before,
            after,
            leaves: leaves.map(|(count, root)| Leaves { count, root: Sha256(root) }),
            origin,
            outcome,
            ..small_act()
        }
    }
}

proptest! {
    #[test]
    fn every_event_has_one_form_and_is_read_back(act in any_act(), tenant: i32, seq in 1_u64..(1 << 53)) {
        let event = AuditEvent::new(TenantId(tenant), Seq::new(seq).unwrap(), act);
        let bytes = event.canonical().unwrap();
        let first: &[u8] = br#"{"$schema":"xueji.audit/1","act":{"#;
        prop_assert_eq!(bytes.get(..first.len()), Some(first));
        prop_assert!(!bytes.contains(&b'\n'));
        prop_assert_eq!(AuditEvent::from_canonical(&bytes).unwrap(), event);
    }

    #[test]
    fn a_leaf_is_written_as_rfc_8785_says(
        word in "[a-z][a-z/_.:-]{0,40}",
        record: u128,
        before in any_mark(),
        after in any_mark(),
    ) {
        let subject = Subject { kind: term(&word), id: Uuid::from_u128(record) };
        let leaf = BulkLeaf::new(subject, before, after);
        prop_assert_eq!(leaf.canonical().unwrap(), serde_jcs::to_vec(&leaf).unwrap());
    }

    #[test]
    fn times_keep_the_millisecond(at in any_time()) {
        let time = EventTime::from(at);
        let text = time.to_string();
        prop_assert_eq!(text.len(), 24);
        prop_assert_eq!(EventTime::parse(&text), Ok(time));
        let lost = at - time.get();
        prop_assert!(lost >= TimeDelta::zero() && lost < TimeDelta::milliseconds(1));
    }

    #[test]
    fn an_identity_number_never_passes_as_a_document_number(
        before in "\\PC{0,10}",
        digits in "[1-8][0-9]{14,17}",
        gap in "[ \u{3000}]{0,2}",
        at in 1_usize..14,
    ) {
        let (left, right) = digits.split_at(at);
        let text = format!("{before}{left}{gap}{right}");
        prop_assert!(DocumentNumber::parse(&text).is_err());
    }

    #[test]
    fn hexadecimal_has_one_form(bytes in prop::collection::vec(any::<u8>(), 0..64), text in "[0-9a-fA-Fg]{0,8}") {
        let digits = hex::encode(&bytes);
        prop_assert_eq!(hex::decode(&digits), Some(bytes));
        if let Some(read) = hex::decode(&text) {
            prop_assert_eq!(hex::encode(&read), text);
        }
    }
}
