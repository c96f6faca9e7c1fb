use super::{hostile_text, resident_number};
use chrono::NaiveDate;
use domain::codes::Sex;
use domain::person::id_number::{IdNumber, IdType};
use domain::person::mask::{self, MIN_CANDIDATES, MaskContext, Masked, Observer, candidates_left};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn contexts() -> impl Iterator<Item = MaskContext> {
    (0..8).map(|bits| MaskContext {
        birth_date_shown: bits & 1 != 0,
        sex_shown: bits & 2 != 0,
        area_shown: bits & 4 != 0,
    })
}

/// Places where the mask shows the character of the text.
fn shown(text: &str, masked: &Masked) -> usize {
    text.chars()
        .zip(masked.as_str().chars())
        .filter(|(c, m)| c == m && *m != '*')
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// T-PII-04 for a single number: whatever the page shows besides, a hundred numbers remain.
    #[test]
    fn a_hundred_candidates_remain(text in resident_number(), offset in 0..1096_u64) {
        let number = IdNumber::parse(IdType::ResidentIdCard, &text).unwrap();
        let born = number.birth_date().unwrap();
        for context in contexts() {
            let masked = mask::id_number(&number, context);
            let first = if context.birth_date_shown { born } else { born - chrono::Days::new(offset) };
            let last = if context.birth_date_shown { born } else { first + chrono::Days::new(1095) };
            let area = &text[..6];
            let left = candidates_left(masked.as_str(), &Observer {
                areas: &[area],
                born: first..=last,
                sex: context.sex_shown.then(|| number.sex().unwrap()),
            });
            prop_assert!(left >= u64::from(MIN_CANDIDATES), "{:?} {} leaves {}", context, masked, left);
        }
    }

    #[test]
    fn the_counter_agrees_with_trying_every_number(text in resident_number(), hidden in 0..(1_u32 << 18)) {
        let masked: String = text.chars().enumerate().map(|(at, c)| if hidden >> at & 1 == 1 { '*' } else { c }).collect();
        let born = IdNumber::parse(IdType::ResidentIdCard, &text).unwrap().birth_date().unwrap();
        let days: Vec<_> = born.iter_days().take(2).collect();
        let mut expected = 0;
        for date in &days {
            for serial in 0..1000 {
                let body = format!("{}{}{serial:03}", &text[..6], date.format("%Y%m%d"));
                let check = domain::person::id_number::check_digit(&body).unwrap();
                let candidate = format!("{body}{check}");
                expected += u64::from(candidate.chars().zip(masked.chars()).all(|(c, m)| m == '*' || m == c));
            }
        }
        let observer = Observer { areas: &[&text[..6]], born: days[0]..=days[1], sex: None };
        prop_assert_eq!(candidates_left(&masked, &observer), expected);
    }
}

proptest! {
    /// T-PII-01: no text makes a mask panic or show more than its share.
    #[test]
    fn masks_show_no_more_than_their_share(text in hostile_text()) {
        let masks = [
            (mask::id_text(&text), 3),
            (mask::phone(&text), 7),
            (mask::name(&text), 2),
            (mask::student_number(&text), 4),
            (mask::candidate_number(&text), 6),
        ];
        for (masked, most) in masks {
            let open = masked.as_str().chars().filter(|c| *c != '*').count();
            let total = masked.as_str().chars().count();
            prop_assert!(open <= most, "{} shows {}", masked, open);
            prop_assert!(total == 0 || open < total, "{} hides nothing", masked);
        }
        for kind in IdType::ALL {
            let Ok(number) = IdNumber::parse(kind, &text) else { continue };
            for context in contexts() {
                prop_assert!(shown(number.expose(), &mask::id_number(&number, context)) <= 6);
            }
        }
    }
}

#[test]
fn the_usual_mask_hides_nothing_beside_a_birth_date() {
    let born = day("2003-03-15")..=day("2003-03-15");
    let ten_years = day("2000-01-01")..=day("2009-12-31");
    let areas = ["310115"];
    let see = |masked: &str, born, sex| {
        candidates_left(
            masked,
            &Observer {
                areas: &areas,
                born,
                sex,
            },
        )
    };
    assert_eq!(see("310115********0014", born.clone(), None), 1);
    let in_cohort = see("310115********0014", ten_years, None);
    assert!((325..=340).contains(&in_cohort), "{in_cohort}");
    assert_eq!(see("310115************", born, Some(Sex::Male)), 500);
    assert_eq!(
        see("310115", day("2003-03-15")..=day("2003-03-15"), None),
        0
    );
}

#[test]
fn the_mask_depends_on_what_else_is_shown() {
    let number = IdNumber::parse(IdType::ResidentIdCard, "310115200303150014").unwrap();
    let context = |birth_date_shown, sex_shown, area_shown| MaskContext {
        birth_date_shown,
        sex_shown,
        area_shown,
    };
    let cases = [
        (MaskContext::default(), "310***************"),
        (context(true, true, true), "310115************"),
        (context(true, false, false), "310***************"),
        (context(false, true, false), "310************014"),
        (context(false, false, false), "310************014"),
    ];
    for (context, expected) in cases {
        assert_eq!(
            mask::id_number(&number, context).as_str(),
            expected,
            "{context:?}"
        );
    }
}

#[test]
fn other_documents_show_one_character_at_most() {
    let cases = [
        (IdType::Passport, "E12345678", "E********"),
        (IdType::Passport, "E1234", "*****"),
        (IdType::HongKong, "M427772(A)", "M*********"),
        (
            IdType::ForeignPermanentResidence,
            "USA310003010107",
            "***************",
        ),
    ];
    for (kind, text, expected) in cases {
        let number = IdNumber::parse(kind, text).unwrap();
        assert_eq!(
            mask::id_number(&number, MaskContext::default()).as_str(),
            expected
        );
    }
    assert_eq!(
        mask::id_text("310115200303150000").as_str(),
        "310***************"
    );
    assert_eq!(mask::id_text("X").as_str(), "*");
    assert_eq!(mask::id_text("").as_str(), "");
}

#[test]
fn names_phones_and_numbers() {
    assert_eq!(mask::name("张三").as_str(), "张*");
    assert_eq!(mask::name("欧阳娜").as_str(), "欧*娜");
    assert_eq!(mask::name("欧阳娜娜").as_str(), "欧**娜");
    assert_eq!(mask::name("阿依古丽提").as_str(), "阿***提");
    assert_eq!(mask::name("阿卜杜拉买买提·吐尔逊").as_str(), "阿***逊");
    assert_eq!(mask::name("𬭎").as_str(), "*");
    assert_eq!(mask::name("王𬭎").as_str(), "王*");
    assert_eq!(mask::name("").as_str(), "");
    assert_eq!(mask::name("葛\u{e0101}城").as_str(), "葛*");
    assert_eq!(mask::phone("13812345678").as_str(), "138****5678");
    assert_eq!(mask::phone("021-6190").as_str(), "******90");
    assert_eq!(mask::phone("110").as_str(), "***");
    assert_eq!(mask::student_number("26100017").as_str(), "26****17");
    assert_eq!(
        mask::candidate_number("26310115150001").as_str(),
        "2631********01"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A photo may be named by the document of whoever it shows: no part of a path gives it away.
    #[test]
    fn a_document_number_within_a_name_is_masked(
        number in resident_number(),
        before in "[ -/:-~张三（]{0,6}",
        after in "[ -/:-@张三）]{0,6}",
        digits in "[0-9]{0,3}",
    ) {
        let text = format!("{before}{digits}{number}{after}");
        let masked = mask::document_numbers_in(&text);
        prop_assert_eq!(masked.chars().count(), text.chars().count());
        let (born, serial) = (&number[6..14], &number[14..]);
        prop_assert!(!masked.contains(born) && !masked.contains(serial), "{}", masked);
    }

    #[test]
    fn a_candidate_number_within_a_name_stays(number in "[12][0-9][1-8][0-9]{11}") {
        let text = format!("上海市/{number}.jpg");
        prop_assert_eq!(mask::document_numbers_in(&text), text);
    }
}

#[test]
fn documents_of_other_kinds_within_a_name_are_masked_and_other_names_stay() {
    for (name, masked) in [
        ("M427772(A).jpg", "M*********.jpg"),
        ("港/H12345678.jpg", "港/H********.jpg"),
        ("陈一_A123456789", "陈一_A*********"),
        ("EA1234567（1）.jpg", "E********（1）.jpg"),
        (
            "３１０１０１２００６０３０１００３８.jpg",
            "310***************.jpg",
        ),
        ("310101060301003.jpg", "310************.jpg"),
        // Passes of Taiwan are bare digits, as dates and student numbers are: in doubt masked.
        ("台胞证12345678.jpg", "台胞证1*******.jpg"),
        ("0123456789_陈一.jpg", "0*********_陈一.jpg"),
        ("202601000000000001.jpg", "202***************.jpg"),
        ("IMG_20260820_101010.jpg", "IMG_2*******_101010.jpg"),
    ] {
        assert_eq!(mask::document_numbers_in(name), masked);
    }
    for name in [
        "26/Thumbs.db",
        "26310115150001(1).jpg",
        "ZSB2026010001.JPG",
        "26/310115/000123.jpg",
        "",
    ] {
        assert_eq!(mask::document_numbers_in(name), name);
    }
}
