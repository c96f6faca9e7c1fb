//! Code tables: shape of the embedded files, lookups both ways.

use domain::codes::{EthnicGroup, Level, PoliticalStatus, Province, Sex, StudyForm};
use domain::text::Label;

const FILES: [(&str, &str); 8] = [
    ("divisions", include_str!("../../codes/divisions.csv")),
    ("ethnic", include_str!("../../codes/ethnic.csv")),
    ("glyphs", include_str!("../../codes/glyphs.csv")),
    ("majors", include_str!("../../codes/majors.csv")),
    ("political", include_str!("../../codes/political.csv")),
    ("province", include_str!("../../codes/province.csv")),
    ("schools", include_str!("../../codes/schools.csv")),
    ("workdays", include_str!("../../codes/workdays.csv")),
];

/// The reader cuts at every comma: no file may need more.
#[test]
fn files_hold_no_quotes_and_lines_of_one_length() {
    for (name, text) in FILES {
        assert!(!text.contains(['"', '\r', '\t', '\u{feff}']), "{name}");
        assert!(text.ends_with('\n'), "{name}");
        let commas = |line: &str| line.matches(',').count();
        let skipped = if name == "workdays" { 2 } else { 0 };
        let mut lines = text.lines().skip(skipped);
        let first = commas(lines.next().unwrap());
        assert!(lines.all(|line| commas(line) == first), "{name}");
    }
}

#[test]
fn small_tables_are_found_by_code_and_name() {
    assert_eq!(
        (
            Province::all().len(),
            EthnicGroup::all().len(),
            PoliticalStatus::all().len()
        ),
        (34, 58, 13)
    );
    for province in Province::all() {
        assert_eq!(Province::from_code(province.code), Some(province));
        assert_eq!(Province::from_name(province.name), Some(province));
        assert_eq!(Province::from_name(province.short_name), Some(province));
    }
    for group in EthnicGroup::all() {
        assert_eq!(EthnicGroup::from_code(group.code), Some(group));
        assert_eq!(EthnicGroup::from_name(group.name), Some(group));
        assert!(!group.label().en.is_empty());
    }
    for status in PoliticalStatus::all() {
        assert_eq!(PoliticalStatus::from_code(status.code), Some(status));
        assert_eq!(PoliticalStatus::from_name(status.name), Some(status));
        assert_eq!(PoliticalStatus::from_name(status.short_name), Some(status));
        assert!(
            status.short_name.chars().count() <= 8,
            "16 bytes of the platform's field"
        );
    }
}

#[test]
fn variants_and_unknown_values() {
    assert_eq!(EthnicGroup::from_name(" 维吾尔 ").unwrap().code, "05");
    assert_eq!(EthnicGroup::from_name("毛难族").unwrap().name, "毛南族");
    assert_eq!(EthnicGroup::from_name("其它").unwrap().code, "97");
    assert_eq!(EthnicGroup::from_code("1"), None);
    assert_eq!(EthnicGroup::from_name(""), None);
    assert_eq!(
        PoliticalStatus::from_name("团员").unwrap().short_name,
        "共青团员"
    );
    assert_eq!(Province::from_code("99"), None);
}

#[test]
fn sex_is_read_from_code_and_text() {
    for sex in Sex::ALL {
        assert_eq!(Sex::from_code(sex.code()), Some(sex));
        assert_eq!(Sex::from_text(sex.code()), Some(sex));
    }
    assert_eq!(Sex::from_text("女"), Some(Sex::Female));
    assert_eq!(Sex::from_text("?"), None);
    assert_eq!(Sex::Unknown.platform_text(), None);
}

#[test]
fn levels_and_forms_are_read_as_the_platform_writes_them() {
    for level in Level::ALL {
        assert_eq!(Level::from_text(level.platform_text()), Some(level));
    }
    for form in StudyForm::ALL {
        assert_eq!(StudyForm::from_text(form.platform_text()), Some(form));
    }
    assert_eq!(Level::Bachelor.certificate_code(), "05");
    assert_eq!(Level::SecondBachelor.certificate_code(), "04");
    assert!(Level::TopUp.is_undergraduate() && !Level::JuniorCollege.is_undergraduate());
}

#[cfg(feature = "tables")]
mod tables {
    use domain::codes::{Division, Major, School, is_major_code};

    #[test]
    fn divisions_keep_their_history() {
        assert_eq!(
            Division::of_id_number("310115200303150014").unwrap().name,
            "浦东新区"
        );
        assert!(
            Division::history("310200")
                .iter()
                .all(|division| !division.current)
        );
        assert!(
            !Division::history("310200").is_empty(),
            "abolished codes are known"
        );
        assert!(Division::history("999999").is_empty());
        assert_eq!(Division::of_id_number("31"), None);
        assert_eq!(Division::of_id_number("张张张"), None);
        assert!(Division::current_codes().all(|code| code.len() == 6));
        assert!(Division::current_codes().count() > 3000);
    }

    #[test]
    fn majors_are_keyed_by_catalogue_and_code() {
        assert_eq!(Major::of_catalogue(2026).count(), 883);
        for major in Major::of_catalogue(2026) {
            assert!(is_major_code(major.code), "{}", major.code);
            assert_eq!(major.code.contains('T'), major.special, "{}", major.code);
            assert_eq!(
                major.code.ends_with('K'),
                major.controlled,
                "{}",
                major.code
            );
            assert_eq!(Major::find(2026, major.code), Some(major));
        }
        assert_eq!(
            Major::find(2026, "080901").unwrap().name,
            "计算机科学与技术"
        );
        assert_eq!(
            Major::find(2026, "140001TK").unwrap().former_code,
            Some("083201TK")
        );
        assert_eq!(Major::find(2025, "080901"), None);
        assert_eq!(Major::of_catalogue(2025).count(), 0);
    }

    #[test]
    fn the_form_of_a_major_code() {
        for good in ["080901", "0502104TK", "0502100T", "010103K"] {
            assert!(is_major_code(good), "{good}");
        }
        for bad in [
            "", "08090", "08090100", "080901KT", "080901t", "T", "08O901",
        ] {
            assert!(!is_major_code(bad), "{bad}");
        }
    }

    #[test]
    fn schools_are_found_by_code_and_name() {
        assert_eq!(School::from_code("10264").unwrap().name, "上海海洋大学");
        assert_eq!(School::from_name("上海海洋大学").unwrap().code, "10264");
        assert_eq!(School::from_code("1026"), None);
        assert_eq!(School::all().count(), 2631);
        assert!(School::all().all(|school| school.code.len() == 5));
    }
}
