//! T-AUTH-03 and codes: what is accepted, what is random, what is read back.

use proptest::prelude::*;
use services::institution::password::{Passwords, weakness};
use services::institution::secret::{
    CODE_ALPHABET, CODE_CHARS, SEED_ALPHABET, base32, code, read_code, spaced,
};
use std::collections::HashSet;

/// Passwords of twelve characters and more from the heads of published lists of leaks, and their like.
const LEAKED: [&str; 48] = [
    "123456789012",
    "1234567890123",
    "123123123123",
    "112233445566",
    "111111111111",
    "000000000000",
    "147258369147",
    "987654321098",
    "qwertyuiop12",
    "qwertyuiopasdf",
    "qwerty123456",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "q1w2e3r4t5y6",
    "qazwsxedcrfv",
    "zxcvbnm123456",
    "asdfghjkl123",
    "a1b2c3d4e5f6",
    "abcdefghijkl",
    "abcabcabcabc",
    "password1234",
    "passwordpassword",
    "Password@123",
    "P@ssw0rd1234",
    "p@$$w0rd2024",
    "adminadminadmin",
    "administrator",
    "administrator1",
    "admin@123456",
    "root12345678",
    "iloveyou1314",
    "iloveyou5201314",
    "woaini1314520",
    "woaini520520",
    "5201314520520",
    "welcome12345",
    "letmein123456",
    "changeme1234",
    "student12345",
    "teacher@2026",
    "xueji2026xueji",
    "daxue20260901",
    "19990909090909",
    "helloworld123",
    "computer12345",
    "superman1234",
    "football2026",
    "!@#$%^&*()12",
];

/// On one thread: a check that ran on it would let nobody else begin, and two at once would never be seen.
#[tokio::test]
async fn of_many_passwords_two_are_hashed_at_once_and_none_on_the_async_thread() {
    let passwords = Passwords::new();
    let hashes: Vec<_> = (0..20)
        .map(|n| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.hash(format!("password {n}")).await })
        })
        .collect();
    for hash in hashes {
        hash.await.unwrap().unwrap();
    }
    assert_eq!(passwords.runs(), 20);
    assert_eq!(passwords.most_at_once(), 2);
}

#[test]
fn leaked_passwords_are_refused() {
    for password in LEAKED {
        assert_eq!(weakness(password, &[]), Some("too_common"), "{password}");
    }
}

#[test]
fn phrases_and_random_passwords_are_accepted() {
    for password in [
        "herons over the estuary",
        "seven quiet lanterns",
        "五月的河水漫过了旧码头上岸",
        "kM4-vR9w-Tz2n-Qe7h",
        "Wm3#dLx8@pQz",
        "a long enough password",
    ] {
        assert_eq!(
            weakness(password, &["星海大学", "2026310001"]),
            None,
            "{password}"
        );
    }
}

#[test]
fn words_about_school_and_person_are_refused() {
    let context = [
        "星海大学",
        "xinghai",
        "张三丰",
        "zhangsanfeng",
        "T2026001",
        "三",
    ];
    for password in [
        "星海大学的旧图书馆在山上",
        "Xinghai-kM4vR9wTz",
        "张三丰的新密码很长很长的",
        "ZhangSanFeng-kM4v",
        "kM4vR9w-t2026001",
    ] {
        assert_eq!(
            weakness(password, &context),
            Some("about_you"),
            "{password}"
        );
    }
}

/// Whoever chooses what can be derived from an identity document is refused, also where its number ends in X, and also
/// where it is written twice to be long enough.
#[test]
fn what_is_derived_from_a_document_number_is_refused() {
    for number in ["11010519491231002X", "110105194912310038"] {
        let tail = |length: usize| &number[number.len() - length..];
        for part in [number, tail(4), tail(6), tail(8), tail(12), &number[6..14]] {
            for written in [part.to_owned(), part.to_lowercase()] {
                for password in [
                    written.clone(),
                    written.repeat(2),
                    format!("{written}-{written}"),
                    format!("{written}!{written}"),
                    format!("mima{written}"),
                    format!("xuehao{written}"),
                    format!("{written}password"),
                    format!("{written}123456"),
                ] {
                    let found = weakness(&password, &["星海大学", "2026310001"]);
                    assert!(found.is_some(), "{password}");
                }
            }
        }
    }
    // A digit or two before an x are no document.
    assert_eq!(weakness("tax42x returns quietly", &[]), None);
}

#[test]
fn seeds_are_written_as_authenticator_apps_read_them() {
    for (plain, text) in [
        ("", ""),
        ("f", "MY"),
        ("fo", "MZXQ"),
        ("foo", "MZXW6"),
        ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ] {
        assert_eq!(base32(plain.as_bytes(), SEED_ALPHABET), text);
    }
}

#[test]
fn codes_are_random_and_hold_no_letter_that_is_mistaken() {
    let codes: HashSet<String> = (0..2_000).map(|_| code().unwrap()).collect();
    assert_eq!(codes.len(), 2_000);
    let used: HashSet<char> = codes.iter().flat_map(|c| c.chars()).collect();
    assert_eq!(used.len(), CODE_ALPHABET.len());
    assert!(!used.iter().any(|c| "ILOU".contains(*c)));
    assert!(codes.iter().all(|c| c.len() == CODE_CHARS));
}

proptest! {
    #[test]
    fn a_short_password_is_too_short_and_a_long_one_too_long(text in "\\PC{0,200}") {
        let chars = text.chars().count();
        let found = weakness(&text, &[]);
        prop_assert_eq!(found == Some("too_short"), chars < 12);
        prop_assert_eq!(found == Some("too_long"), chars > 128);
    }

    #[test]
    fn random_passwords_of_a_manager_are_accepted(text in "[a-z][A-Z][a-km-z][2-9][-_.][a-z][A-Z][b-y][2-9][A-Z]{3}[a-z]{6}") {
        let distinct: HashSet<char> = text.to_lowercase().chars().collect();
        prop_assume!(distinct.len() >= 14);
        prop_assert_eq!(weakness(&text, &[]), None);
    }

    #[test]
    fn a_number_alone_is_never_enough(text in "[0-9]{12,40}") {
        prop_assert_eq!(weakness(&text, &[]), Some("too_common"));
    }

    #[test]
    fn a_block_again_and_again_is_never_enough(block in "[a-zA-Z0-9!?]{1,6}", times in 12_usize..16) {
        prop_assert_eq!(weakness(&block.repeat(times), &[]), Some("too_common"));
    }

    #[test]
    fn capitals_and_place_do_not_hide_a_word(before in "[b-df-hj-np-tv-z]{8}", after in "[b-df-hj-np-tv-z]{8}") {
        for word in ["Xinghai", "XINGHAI", "xInGhAi"] {
            let text = format!("{before}{word}{after}");
            prop_assert_eq!(weakness(&text, &["xinghai"]), Some("about_you"));
        }
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed(bytes: [u8; 7], lower: bool, spaces: bool) {
        let code: String = base32(&bytes, CODE_ALPHABET).chars().take(CODE_CHARS).collect();
        let mut typed = spaced(&code);
        if lower {
            typed = typed.to_lowercase().replace('0', "o").replace('1', "l");
        }
        if spaces {
            typed = typed.replace('-', " ");
        }
        prop_assert_eq!(read_code(&typed), Some(code));
    }

    #[test]
    fn what_is_no_code_is_none(text in "\\PC{0,12}") {
        if let Some(code) = read_code(&text) {
            prop_assert!(code.bytes().all(|b| CODE_ALPHABET.contains(&b)));
            prop_assert_eq!(code.len(), CODE_CHARS);
        }
    }
}
