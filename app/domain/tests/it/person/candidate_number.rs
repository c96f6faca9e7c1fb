use super::hostile_text;
use domain::person::candidate_number::{CandidateNumber, CandidateNumberError};
use proptest::prelude::*;

proptest! {
    #[test]
    fn year_and_province_are_read_and_nothing_else(year in 2000..2100_u16, rest in "[0-9]{10}") {
        let text = format!("{:02}31{rest}", year % 100);
        let number = CandidateNumber::parse_ordinary(&text, year).unwrap();
        prop_assert_eq!(number.as_str(), &text);
        prop_assert_eq!(number.to_string(), text.clone());
        prop_assert_eq!(number.province().unwrap().short_name, "上海");
        let debug = format!("{number:?}");
        prop_assert!(!debug.contains(&rest));
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<CandidateNumber>(&json).unwrap(), number);
    }

    #[test]
    fn another_year_is_refused(year in 2000..2100_u16, other in 0..100_u16, rest in "[0-9]{10}") {
        prop_assume!(other != year % 100);
        let refused = CandidateNumber::parse_ordinary(&format!("{other:02}31{rest}"), year);
        prop_assert_eq!(refused, Err(CandidateNumberError::YearMismatch { found: other, expected: year }));
    }

    #[test]
    fn special_numbers_are_digits_and_capitals(text in "[0-9A-Z]{10,18}") {
        let number = CandidateNumber::parse_special(&text).unwrap();
        let dressed = format!(" {}　", text.to_lowercase());
        prop_assert_eq!(CandidateNumber::parse_special(&dressed), Ok(number.clone()));
        prop_assert_eq!(number.as_str(), text);
    }

    #[test]
    fn no_text_panics(text in hostile_text(), year in any::<u16>()) {
        if let Ok(number) = CandidateNumber::parse_ordinary(&text, year) {
            prop_assert!(CandidateNumber::parse_special(number.as_str()).is_ok());
        }
        let _ = CandidateNumber::parse_special(&text);
    }
}

#[test]
fn refusals() {
    let parse = |text| CandidateNumber::parse_ordinary(text, 2026);
    assert_eq!(
        parse("2631011515000"),
        Err(CandidateNumberError::WrongLength { found: 13 })
    );
    assert_eq!(
        parse("2631011515000A"),
        Err(CandidateNumberError::WrongCharacter { position: 14 })
    );
    assert_eq!(
        parse("26990115150001"),
        Err(CandidateNumberError::UnknownProvince)
    );
    assert_eq!(
        CandidateNumber::parse_special("123456789"),
        Err(CandidateNumberError::WrongLength { found: 9 })
    );
    assert_eq!(
        CandidateNumber::parse_special("1234-567890"),
        Err(CandidateNumberError::WrongCharacter { position: 5 })
    );
    assert_eq!(
        CandidateNumber::parse_special("26ZS000000001")
            .unwrap()
            .province(),
        None
    );
}
