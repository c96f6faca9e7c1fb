//! Checkpoints: signed notes that nobody else can make and that show every change.

use crate::chain::{SERVICE, School, act};
use domain::institution::TenantId;
use proptest::prelude::*;
use store::chain::{Checkpoint, Head, LogName, NoteError, VerifierKey, base64};

#[test]
fn names_of_logs_are_hosts_with_a_tenant() {
    let name = LogName::new(SERVICE, TenantId(7)).unwrap();
    assert_eq!(name.to_string(), "xueji.example.edu.cn/tenant/7");
    assert_eq!(
        LogName::parse("xueji.example.edu.cn/tenant/7").unwrap(),
        name
    );
    for bad in ["", "a b", "a+b", "A", "a/b", "学籍", "a\n"] {
        assert_eq!(
            LogName::new(bad, TenantId(7)),
            Err(NoteError::Name),
            "{bad}"
        );
    }
    for bad in [
        "x/tenant/",
        "x/tenant/07",
        "x/tenant/+7",
        "x/tenant/7/",
        "x",
        "x/tenant/7 ",
    ] {
        assert_eq!(LogName::parse(bad), Err(NoteError::Name), "{bad}");
    }
}

fn signed(school: &School) -> (String, VerifierKey) {
    let mut head = Head::genesis(school.tenant);
    head.append(act(1, 0, None)).unwrap();
    (
        school.sign(&head),
        VerifierKey::parse(&school.public_key()).unwrap(),
    )
}

#[test]
fn a_checkpoint_is_what_was_signed() {
    let school = School::new(7);
    let (note, key) = signed(&school);
    let checkpoint = Checkpoint::open(&note, &key).unwrap();
    assert_eq!((checkpoint.size, checkpoint.log.tenant()), (1, TenantId(7)));

    let other = School::new(7);
    let other_key = VerifierKey::parse(&other.public_key()).unwrap();
    assert_eq!(
        Checkpoint::open(&note, &other_key),
        Err(NoteError::NotSigned)
    );
    let neighbour = VerifierKey::of(
        school.ring.signer(),
        LogName::new(SERVICE, TenantId(8)).unwrap(),
    );
    assert_eq!(
        Checkpoint::open(&note, &neighbour),
        Err(NoteError::OtherLog)
    );
    assert_eq!(
        Checkpoint::open(&note.replace("\n1\n", "\n2\n"), &key),
        Err(NoteError::WrongSignature)
    );
}

#[test]
fn each_changed_character_of_a_checkpoint_and_of_a_public_key_is_noticed() {
    let school = School::new(7);
    let (note, key) = signed(&school);
    let changes = |text: &str| {
        let text: Vec<char> = text.chars().collect();
        (0..text.len()).flat_map(move |at| {
            let text = text.clone();
            ['A', '7', '\n', ' ', '/']
                .into_iter()
                .filter_map(move |other| {
                    let mut changed = text.clone();
                    changed[at] = other;
                    (changed != text).then(|| changed.into_iter().collect::<String>())
                })
        })
    };
    for changed in changes(&note) {
        assert!(Checkpoint::open(&changed, &key).is_err(), "{changed}");
    }
    for changed in changes(&school.public_key()) {
        if let Ok(read) = VerifierKey::parse(&changed) {
            assert_eq!(read, key, "only the line end may differ: {changed}");
        }
    }
    for length in (0..note.len()).filter(|n| note.is_char_boundary(*n)) {
        assert!(Checkpoint::open(&note[..length], &key).is_err());
    }
}

#[test]
fn signatures_of_witnesses_are_left_alone() {
    let school = School::new(7);
    let (note, key) = signed(&school);
    let witness = "\u{2014} witness.example.org AAAAAAAA\n";
    Checkpoint::open(&format!("{note}{witness}"), &key).unwrap();
    let (body, own) = note.split_once("\n\n").unwrap();
    Checkpoint::open(&format!("{body}\n\n{witness}{own}"), &key).unwrap();
    assert_eq!(
        Checkpoint::open(&format!("{body}\n\n{witness}"), &key),
        Err(NoteError::NotSigned)
    );
    assert_eq!(
        Checkpoint::open(&format!("{note}{own}x\n"), &key),
        Err(NoteError::Form)
    );
}

#[test]
fn base64_has_one_form() {
    for (plain, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64::encode(plain.as_bytes()), text);
        assert_eq!(base64::decode(text).unwrap(), plain.as_bytes());
    }
    for other in [
        "Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Zg===", "Z", "Zm8", "Zm9=", "Zm-v", "====", "=Zg=",
    ] {
        assert_eq!(base64::decode(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn base64_reads_what_it_writes(bytes in prop::collection::vec(any::<u8>(), 0..100), at: usize, other: u8) {
        let text = base64::encode(&bytes);
        prop_assert_eq!(base64::decode(&text), Some(bytes.clone()));
        if !text.is_empty() && other.is_ascii() {
            let mut changed = text.clone().into_bytes();
            let at = at % changed.len();
            changed[at] = other;
            let changed = String::from_utf8(changed).unwrap();
            prop_assert!(changed == text || base64::decode(&changed) != Some(bytes));
        }
    }
}
