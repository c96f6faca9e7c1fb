use super::hostile_text;
use domain::person::name::{
    NameProblem, check_name, gb18030_len, loose_key, name_key, name_part, store_name,
};
use proptest::prelude::*;

const VARIANTS: &str = "•‧・･∙⋅˙．.\u{387}";

proptest! {
    #[test]
    fn normalising_twice_is_normalising_once(text in hostile_text()) {
        let stored = store_name(&text);
        prop_assert_eq!(store_name(&stored), stored.clone());
        let key = name_key(&text);
        prop_assert_eq!(name_key(&key), key.clone());
        prop_assert_eq!(name_key(&stored), key);
        let loose = loose_key(&text);
        prop_assert_eq!(loose_key(&loose), loose);
    }

    #[test]
    fn a_clean_name_is_stored_as_it_is(text in "[一-龥㐀-䶵]{1,8}(·[一-龥]{1,8})?") {
        prop_assert_eq!(store_name(&text), text.clone());
        let long = |p: &NameProblem| matches!(p, NameProblem::TooLong { .. });
        prop_assert!(check_name(&text).iter().all(long));
    }

    #[test]
    fn every_dot_variant_and_every_space_gives_the_same_key(
        before in "[一-龥]{1,5}", after in "[一-龥]{1,5}", variant in 0..VARIANTS.chars().count(), space in "[ \u{3000}\u{a0}\u{200b}]{0,2}"
    ) {
        let dot = VARIANTS.chars().nth(variant).unwrap();
        let raw = format!("{space}{before}{space}{dot}{space}{after}{space}");
        let clean = format!("{before}·{after}");
        prop_assert_eq!(store_name(&raw), clean.clone());
        prop_assert_eq!(name_key(&raw), name_key(&clean));
        let problems = check_name(&raw);
        prop_assert_eq!(problems.as_slice(), [NameProblem::DotVariant]);
        prop_assert!(problems.iter().all(|p| p.is_warning()));
    }

    #[test]
    fn a_substitute_for_a_missing_character_is_always_found(
        before in "[一-龥]{1,3}", sign in "\\?{1,2}|？|□|〓|\\*|※|&#183118;|\u{fffd}", after in "[一-龥]{0,2}"
    ) {
        let problems = check_name(&format!("{before}{sign}{after}"));
        prop_assert_eq!(problems.first(), Some(&NameProblem::MissingGlyph));
        prop_assert!(problems[0].waits_for_glyph());
    }

    #[test]
    fn checking_never_panics(text in hostile_text()) {
        let problems = check_name(&text);
        prop_assert_eq!(store_name(&text).is_empty(), problems == [NameProblem::Empty]);
    }
}

#[test]
fn stored_forms() {
    let cases = [
        ("张　三", "张三"),
        ("\u{feff} 王𬭎 \u{a0}", "王𬭎"),
        ("阿卜杜拉••买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉··买买提", "阿卜杜拉·买买提"),
        ("Ｊｏｈｎ Smith", "John Smith"),
        ("John A. Smith", "John A. Smith"),
        ("·张三", "·张三"),
        ("", ""),
    ];
    for (raw, stored) in cases {
        assert_eq!(store_name(raw), stored, "{raw}");
    }
}

#[test]
fn keys_join_what_is_the_same_character() {
    // U+E863 is how old files hold 䶮 (U+4DAE); U+FA0C is a compatibility form of U+5140.
    assert_eq!(name_key("李\u{e863}"), name_key("李䶮"));
    assert_eq!(name_key("\u{fa0c}"), "\u{5140}");
    assert_eq!(store_name("\u{fa0c}"), "\u{fa0c}");
    assert_eq!(name_key("john smith"), name_key("JOHN SMITH"));
    assert_eq!(name_key("Jose\u{301}"), name_key("JOSÉ"));
    assert_ne!(name_key("阿卜·买提"), name_key("阿卜买提"));
    assert_eq!(loose_key("阿卜·买提"), loose_key("阿卜买提"));
    assert_eq!(loose_key("O'Neil-Smith"), loose_key("oneil smith"));
}

#[test]
fn problems() {
    let forty = "一".repeat(20);
    let cases: [(&str, &[NameProblem]); 10] = [
        ("张三", &[]),
        ("李䶮", &[]),
        ("Jean-Paul O'Neil", &[]),
        (" \u{3000}", &[NameProblem::Empty]),
        ("李\u{e863}", &[NameProblem::PrivateUse]),
        ("王Hong", &[NameProblem::MixedLatin]),
        ("张三2", &[NameProblem::ForbiddenCharacter { position: 3 }]),
        ("·张三", &[NameProblem::ForbiddenCharacter { position: 1 }]),
        ("张三·", &[NameProblem::ForbiddenCharacter { position: 3 }]),
        (&forty, &[]),
    ];
    for (name, expected) in cases {
        assert_eq!(check_name(name), expected, "{name}");
    }
    assert_eq!(
        check_name(&"一".repeat(21)),
        [NameProblem::TooLong { bytes: 42 }]
    );
    assert!(check_name(&"一".repeat(26)).contains(&NameProblem::TooManyCharacters { found: 26 }));
    assert!(check_name(&"a".repeat(50)).iter().all(|p| p.is_warning()));
    assert!(check_name(&"a".repeat(51)).contains(&NameProblem::TooManyCharacters { found: 51 }));
}

/// The length is exact for what names hold, and never too small.
#[test]
fn lengths_agree_with_gb18030() {
    let mut buffer = [0; 4];
    for c in (0..=0x0010_ffff).filter_map(char::from_u32) {
        let text = &*c.encode_utf8(&mut buffer);
        let Some(bytes) = encoded_length(text) else {
            continue;
        };
        let counted = gb18030_len(text);
        let exact =
            c.is_ascii() || c == '·' || ('\u{3400}'..='\u{9fff}').contains(&c) || c >= '\u{20000}';
        assert!(
            if exact {
                counted == bytes
            } else {
                counted >= bytes
            },
            "{:#x}: {counted} for {bytes}",
            u32::from(c)
        );
    }
}

fn encoded_length(text: &str) -> Option<usize> {
    let (bytes, _, failed) = encoding_rs::GB18030.encode(text);
    (!failed).then_some(bytes.len())
}

#[test]
fn a_part_of_a_name_is_looked_for_without_dots_at_its_ends() {
    for part in ["阿卜杜拉•买买提", "阿卜杜拉．买买提", " 阿卜杜拉·买买提 "]
    {
        assert_eq!(name_part(part), "阿卜杜拉·买买提", "{part}");
    }
    for part in ["阿卜杜拉•", "阿卜杜拉·", "阿卜杜拉 "] {
        assert_eq!(name_part(part), "阿卜杜拉", "{part}");
    }
    assert_eq!(name_part("·买买提"), "买买提");
    assert!(
        !name_part("·").is_empty(),
        "nothing would be a part of every name"
    );
}
