use super::{hostile_text, resident_number};
use chrono::NaiveDate;
use domain::codes::Sex;
use domain::person::id_number::{
    AgeFinding, IdNumber, IdNumberError, IdType, age_finding, check_digit, expand_15, normalise,
};
use domain::text::Label;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn resident(text: &str) -> Result<IdNumber, IdNumberError> {
    IdNumber::parse(IdType::ResidentIdCard, text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_valid_number_tells_birth_date_sex_and_area(text in resident_number()) {
        let number = resident(&text).unwrap();
        let parts = number.resident().unwrap();
        prop_assert_eq!(number.birth_date().unwrap().format("%Y%m%d").to_string(), &text[6..14]);
        let odd = text[16..17].parse::<u32>().unwrap() % 2 == 1;
        prop_assert_eq!(number.sex(), Some(if odd { Sex::Male } else { Sex::Female }));
        prop_assert_eq!(parts.area(), &text[..6]);
        prop_assert_eq!(number.expose(), text);
    }

    /// GB 11643 as the standard states it: the sum of a(i) * 2^(i-1), counted from the right, is 1 modulo 11.
    #[test]
    fn the_check_character_satisfies_the_standard(text in resident_number()) {
        let sum: u64 = text.chars().rev().zip(0..)
            .map(|(c, power)| if c == 'X' { 10 } else { u64::from(c.to_digit(10).unwrap()) } << power)
            .sum();
        prop_assert_eq!(sum % 11, 1);
    }

    #[test]
    fn every_change_of_one_character_is_caught(text in resident_number()) {
        for at in 0..18 {
            for other in "0123456789X".chars().filter(|c| !text[at..].starts_with(*c)) {
                let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                prop_assert!(resident(&changed).is_err(), "place {}", at + 1);
            }
        }
    }

    #[test]
    fn every_swap_of_neighbours_is_caught(text in resident_number()) {
        for at in 0..17 {
            let (a, b) = (&text[at..=at], &text[at + 1..at + 2]);
            if a != b {
                let swapped = format!("{}{b}{a}{}", &text[..at], &text[at + 2..]);
                prop_assert!(resident(&swapped).is_err(), "places {} and {}", at + 1, at + 2);
            }
        }
    }

    #[test]
    fn a_wrong_date_is_named_whether_the_checksum_is_right_or_not(text in resident_number(), month in 13..=99_u32) {
        let body = format!("{}{month}{}", &text[..10], &text[12..17]);
        for check in "0123456789X".chars() {
            prop_assert_eq!(resident(&format!("{body}{check}")), Err(IdNumberError::BadDate));
        }
    }

    #[test]
    fn a_wrong_check_character_alone_is_named(text in resident_number()) {
        for check in "0123456789X".chars().filter(|c| !text.ends_with(*c)) {
            prop_assert_eq!(resident(&format!("{}{check}", &text[..17])), Err(IdNumberError::BadChecksum));
        }
    }

    #[test]
    fn full_width_lower_case_and_spaces_do_not_matter(text in resident_number()) {
        let wide: String = text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        let dressed = format!("\u{feff}\u{3000} {} \u{a0}\n", wide.to_lowercase());
        prop_assert_eq!(resident(&dressed), resident(&text));
    }

    #[test]
    fn debug_output_shows_nothing_of_the_number(text in resident_number()) {
        let number = resident(&text).unwrap();
        let shown = format!("{number:?} {:?}", number.resident());
        prop_assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{}", shown);
    }
}

proptest! {
    #[test]
    fn no_text_makes_any_kind_panic_and_what_parses_parses_again(text in hostile_text()) {
        for kind in IdType::ALL {
            if let Ok(number) = IdNumber::parse(kind, &text) {
                prop_assert_eq!(IdNumber::parse(kind, number.expose()), Ok(number.clone()));
            }
        }
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
        let _ = expand_15(&text);
    }
}

#[test]
fn known_numbers() {
    let number = resident("310115200303150014").unwrap();
    assert_eq!(number.birth_date(), Some(day("2003-03-15")));
    assert_eq!(number.sex(), Some(Sex::Male));
    // 29 February of a common year; the check character is right.
    assert_eq!(check_digit("65310120030229001"), Some('8'));
    assert_eq!(resident("653101200302290018"), Err(IdNumberError::BadDate));
    assert_eq!(
        resident("31011520030315001"),
        Err(IdNumberError::WrongLength { found: 17 })
    );
    assert_eq!(resident(""), Err(IdNumberError::WrongLength { found: 0 }));
    assert_eq!(
        resident("31011520030315OO14"),
        Err(IdNumberError::WrongCharacter { position: 15 })
    );
    assert_eq!(
        resident("010115200303150014"),
        Err(IdNumberError::WrongCharacter { position: 1 })
    );
    assert_eq!(
        resident("310115200303150000"),
        Err(IdNumberError::BadChecksum)
    );
}

#[test]
fn residence_permits_have_their_own_ranges() {
    let permit = IdType::HongKongMacaoResidencePermit;
    assert!(
        IdNumber::parse(permit, "810000200305010056")
            .unwrap()
            .resident()
            .unwrap()
            .is_residence_permit()
    );
    assert!(IdNumber::parse(IdType::TaiwanResidencePermit, "830000200306180069").is_ok());
    assert_eq!(
        IdNumber::parse(permit, "830000200306180069"),
        Err(IdNumberError::UnknownFormat)
    );
    assert_eq!(
        IdNumber::parse(permit, "310115200303150014"),
        Err(IdNumberError::UnknownFormat)
    );
}

#[test]
fn other_documents() {
    let cases = [
        (IdType::HongKong, "m427772（a）", Ok(())),
        (IdType::HongKong, "A123456(3)", Ok(())),
        (IdType::HongKong, "AB987654(3)", Ok(())),
        (
            IdType::HongKong,
            "A123456(4)",
            Err(IdNumberError::BadChecksum),
        ),
        (IdType::HongKong, "H12345678", Ok(())),
        (
            IdType::HongKong,
            "H1234567",
            Err(IdNumberError::UnknownFormat),
        ),
        (
            IdType::HongKong,
            "A123456",
            Err(IdNumberError::UnknownFormat),
        ),
        (IdType::Macao, "5123456(7)", Ok(())),
        (
            IdType::Macao,
            "2123456(7)",
            Err(IdNumberError::UnknownFormat),
        ),
        (IdType::Macao, "M12345678", Ok(())),
        (IdType::TaiwanPass, "F229619072", Ok(())),
        (IdType::TaiwanPass, "12345678", Ok(())),
        (
            IdType::TaiwanPass,
            "123456789",
            Err(IdNumberError::UnknownFormat),
        ),
        (
            IdType::ForeignPermanentResidence,
            "911033200301010077",
            Ok(()),
        ),
        (
            IdType::ForeignPermanentResidence,
            "911033200301010078",
            Err(IdNumberError::BadChecksum),
        ),
        (IdType::ForeignPermanentResidence, "USA310003010107", Ok(())),
        (
            IdType::ForeignPermanentResidence,
            "310115200303150014",
            Err(IdNumberError::UnknownFormat),
        ),
        (IdType::Passport, "E12345678", Ok(())),
        (IdType::Passport, "E123", Err(IdNumberError::UnknownFormat)),
        (IdType::OfficerCard, "军字第1234567号", Ok(())),
        (IdType::Other, "", Err(IdNumberError::UnknownFormat)),
    ];
    for (kind, text, expected) in cases {
        assert_eq!(
            IdNumber::parse(kind, text).map(|_| ()),
            expected,
            "{kind:?} {text}"
        );
    }
}

#[test]
fn numbers_of_the_first_generation_are_expanded_in_history_only() {
    let expanded = expand_15("310115750314001").unwrap();
    assert_eq!(&expanded[..17], "31011519750314001");
    assert_eq!(
        resident(&expanded).unwrap().birth_date(),
        Some(day("1975-03-14"))
    );
    assert_eq!(
        resident("310115750314001"),
        Err(IdNumberError::WrongLength { found: 15 })
    );
    assert_eq!(expand_15("310115750230001"), Err(IdNumberError::BadDate));
    assert_eq!(
        expand_15("31011575031400X"),
        Err(IdNumberError::WrongCharacter { position: 15 })
    );
}

#[test]
fn ages_are_judged_on_the_day() {
    let today = day("2026-09-01");
    assert_eq!(age_finding(day("2008-09-01"), today), None);
    assert_eq!(age_finding(day("2012-09-01"), today), None);
    assert_eq!(
        age_finding(day("2012-09-02"), today),
        Some(AgeFinding::Unusual { age: 13 })
    );
    assert_eq!(age_finding(day("1981-09-01"), today), None);
    assert_eq!(
        age_finding(day("1980-09-01"), today),
        Some(AgeFinding::Unusual { age: 46 })
    );
    assert_eq!(
        age_finding(day("2016-09-02"), today),
        Some(AgeFinding::Implausible { age: 9 })
    );
    assert_eq!(
        age_finding(day("1900-01-01"), today),
        Some(AgeFinding::Implausible { age: 126 })
    );
    assert_eq!(
        age_finding(day("2026-09-02"), today),
        Some(AgeFinding::InFuture)
    );
}

#[test]
fn kinds_are_found_by_code_and_name() {
    for kind in IdType::ALL {
        assert_eq!(IdType::from_code(kind.code()), Some(kind));
        assert_eq!(IdType::from_name(kind.label().zh, ""), Some(kind));
    }
    assert_eq!(
        IdType::from_name("境外永久居住证", ""),
        Some(IdType::ForeignPermanentResidence)
    );
    assert_eq!(IdType::from_code("C3"), None);
}

#[test]
fn a_name_that_two_kinds_share_is_told_apart_by_the_number() {
    let permit = |number| IdType::from_name("港澳台居民居住证", number);
    assert_eq!(
        permit("810000200305010056"),
        Some(IdType::HongKongMacaoResidencePermit)
    );
    assert_eq!(
        permit("820000200305010054"),
        Some(IdType::HongKongMacaoResidencePermit)
    );
    assert_eq!(
        permit("830000200306180069"),
        Some(IdType::TaiwanResidencePermit)
    );
    let pass = |number| IdType::from_name("港澳居民来往内地通行证", number);
    assert_eq!(pass("H12345678"), Some(IdType::HongKong));
    assert_eq!(pass("M12345678"), Some(IdType::Macao));
}
