//! Sealed values and blind indexes: nobody reads, moves or changes them without the keys.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use domain::audit::hex;
use domain::institution::TenantId;
use domain::person::id_number::check_digit;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use store::blind::{BlindIndex, Column};
use store::keys::{KeyRing, Purpose, TenantKeys};
use store::seal::{Place, SealError, Sealed, commit, open, open_text, seal};
use store::testkit::long;
use uuid::Uuid;

struct World {
    _dir: tempfile::TempDir,
    keys: Vec<TenantKeys>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let ring = KeyRing::create(&dir.path().join("keys")).unwrap();
    let keys = [1, 2, 12]
        .map(|n| ring.create_tenant(TenantId(n)).unwrap())
        .to_vec();
    World { _dir: dir, keys }
});

fn keys() -> &'static TenantKeys {
    &WORLD.keys[0]
}

/// Names that run into each other when they are only put side by side.
const NAMES: [&str; 6] = ["a", "ab", "b", "bc", "c", ""];

fn any_place() -> impl Strategy<Value = Place> {
    (0..NAMES.len(), 0..NAMES.len(), 0_u128..3)
        .prop_map(|(t, c, r)| Place::new(NAMES[t], NAMES[c], Uuid::from_u128(r)))
}

fn any_purpose() -> impl Strategy<Value = Purpose> {
    prop::sample::select(&Purpose::ALL[..])
}

const PLACE: Place = Place::new("person", "id_number", Uuid::from_u128(1));

proptest! {
    #[test]
    fn what_was_sealed_opens_at_its_place(
        plain in prop::collection::vec(any::<u8>(), 0..300),
        place in any_place(),
        purpose in any_purpose(),
    ) {
        let sealed = seal(keys(), purpose, &place, &plain).unwrap();
        prop_assert_eq!(sealed.as_bytes().len(), plain.len() + 6 + 12 + 16);
        prop_assert_eq!(&open(keys(), purpose, &place, &sealed).unwrap()[..], &plain[..]);
        prop_assert_eq!(Sealed::stored(sealed.as_bytes().to_vec()), sealed);
    }

    /// T-CRY-02
    #[test]
    fn a_value_opens_nowhere_else(
        from in (0_usize..3, any_purpose(), any_place()),
        to in (0_usize..3, any_purpose(), any_place()),
    ) {
        let sealed = seal(&WORLD.keys[from.0], from.1, &from.2, b"310105199001014021").unwrap();
        let opened = open(&WORLD.keys[to.0], to.1, &to.2, &sealed);
        prop_assert_eq!(opened.is_ok(), from == to);
        if let Err(error) = opened {
            prop_assert_eq!(error, SealError::Unreadable);
        }
    }

    #[test]
    fn commitments_are_bound_to_their_place(
        a in (0_usize..3, any_place(), "[ab]{0,2}"),
        b in (0_usize..3, any_place(), "[ab]{0,2}"),
    ) {
        let of = |(tenant, place, value): &(usize, Place, String)| {
            commit(&WORLD.keys[*tenant], place, value.as_bytes()).unwrap()
        };
        prop_assert_eq!(of(&a) == of(&b), a == b);
    }

    #[test]
    fn bytes_that_are_no_sealed_value_never_open(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let sealed = Sealed::stored(bytes);
        prop_assert_eq!(open(keys(), Purpose::Identity, &PLACE, &sealed), Err(SealError::Unreadable));
    }
}

/// T-CRY-03
#[test]
fn each_changed_bit_and_each_lost_byte_is_noticed() {
    let sealed = seal(
        keys(),
        Purpose::Identity,
        &PLACE,
        "张三 310105199001014021".as_bytes(),
    )
    .unwrap()
    .into_bytes();
    let refuses = |bytes: Vec<u8>| {
        let error = open(keys(), Purpose::Identity, &PLACE, Sealed::stored(bytes)).unwrap_err();
        assert_eq!(error.to_string(), "the sealed value cannot be read");
    };
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        refuses(changed);
    }
    for length in 0..sealed.len() {
        refuses(sealed[..length].to_vec());
    }
    refuses([&sealed[..], &[0]].concat());
}

/// T-CRY-01, sampled
#[test]
fn nonces_never_repeat() {
    let writes = if long() { 1_000_000 } else { 50_000 };
    let mut seen = BTreeSet::new();
    for _ in 0..writes {
        let sealed = seal(keys(), Purpose::Contact, &PLACE, b"same")
            .unwrap()
            .into_bytes();
        assert!(seen.insert(sealed[6..18].to_vec()));
    }
}

/// T-CRY-04: vectors of the GCM specification (test cases 13, 14 and 16) against the provider.
#[test]
fn the_provider_computes_the_nist_vectors() {
    const LONG: &str = concat!(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72",
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    );
    const LONG_SEALED: &str = concat!(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b"
    );
    let zero = "00".repeat(32);
    let key = "feffe9928665731c6d6a8f9467308308".repeat(2);
    let cases = [
        (
            zero.as_str(),
            "000000000000000000000000",
            "",
            "",
            "530f8afbc74536b9a963b4f1c4cb738b",
        ),
        (
            zero.as_str(),
            "000000000000000000000000",
            "",
            "00000000000000000000000000000000",
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        ),
        (
            key.as_str(),
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            LONG,
            LONG_SEALED,
        ),
    ];
    for (key, nonce, aad, plain, expected) in cases {
        let key =
            LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &hex::decode(key).unwrap()).unwrap());
        let nonce = Nonce::assume_unique_for_key(hex::decode_array(nonce).unwrap());
        let mut bytes = hex::decode(plain).unwrap();
        key.seal_in_place_append_tag(nonce, Aad::from(hex::decode(aad).unwrap()), &mut bytes)
            .unwrap();
        assert_eq!(hex::encode(&bytes), expected);
    }
}

#[test]
fn text_that_is_no_text_is_unreadable() {
    let sealed = seal(keys(), Purpose::Contact, &PLACE, &[0xff, 0xfe]).unwrap();
    assert_eq!(
        open_text(keys(), Purpose::Contact, &PLACE, &sealed).unwrap_err(),
        SealError::Unreadable
    );
}

#[test]
fn debug_output_tells_nothing() {
    let plain = b"310105199001014021";
    let sealed = seal(keys(), Purpose::Identity, &PLACE, plain).unwrap();
    assert_eq!(format!("{sealed:?}"), "Sealed(52 bytes)");
    let index = BlindIndex::of(keys(), Column::Phone, "13800000000")
        .unwrap()
        .unwrap();
    assert_eq!(format!("{index:?}"), "BlindIndex");
    assert_eq!(
        format!("{:?}", keys()),
        "TenantKeys(tenant 1, newest key 1)"
    );
}

fn index(tenant: usize, column: Column, value: &str) -> BlindIndex {
    BlindIndex::of(&WORLD.keys[tenant], column, value)
        .unwrap()
        .unwrap()
}

/// T-CRY-05
#[test]
fn an_index_finds_every_way_of_writing() {
    let first = "11010119900101123";
    let full = format!("{first}{}", check_digit(first).unwrap());
    let of = |text: &str| index(0, Column::DocumentNumber, text);
    let wide: String = full
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    let spaced = format!(" {}\u{3000}{} {}\t", &full[..6], &full[6..14], &full[14..]);
    for same in [
        wide.as_str(),
        &spaced,
        "110101900101123",
        &full.to_lowercase(),
    ] {
        assert_eq!(of(same), of(&full), "{same}");
    }
    assert_eq!(of("11010119900101123x"), of("11010119900101123Ｘ"));
    assert_eq!(of("h12345678"), of("H12345678"));
    assert_ne!(of("110101199001011232"), of("110101199001011240"));

    let phone = |text: &str| index(0, Column::Phone, text);
    for same in [
        "138-0000-0000",
        "+86 138 0000 0000",
        "１３８００００００００",
    ] {
        assert_eq!(phone(same), phone("13800000000"), "{same}");
    }
    assert_eq!(
        index(0, Column::Mail, " A.B@Example.EDU.cn"),
        index(0, Column::Mail, "a.b@example.edu.cn")
    );
    for column in Column::ALL {
        assert_eq!(BlindIndex::of(keys(), column, " \u{3000}\t").unwrap(), None);
    }
}

proptest! {
    #[test]
    fn an_index_is_of_one_university_one_column_one_value(
        a in (0_usize..3, prop::sample::select(&Column::ALL[..]), "[0-9]{3}"),
        b in (0_usize..3, prop::sample::select(&Column::ALL[..]), "[0-9]{3}"),
    ) {
        prop_assert_eq!(index(a.0, a.1, &a.2) == index(b.0, b.1, &b.2), a == b);
    }
}
