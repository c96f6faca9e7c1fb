//! From the major of the admission data to the major of the school (domain.md §5.1): suggested by the national code,
//! decided by a person.

use uuid::Uuid;

/// A major of the school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolMajor {
    /// The unit.
    pub id: Uuid,
    /// 专业国标代码, where the organisation list has one.
    pub national_code: Option<String>,
    /// Its name at the school.
    pub name: String,
}

/// The school's major for an admitted one: the only one with the same national code, or among several the one with the
/// same name. Provinces leave out the suffix of a code (`080910` for `080910T`); it counts only where it tells two
/// majors apart. No suggestion is better than a wrong one.
pub fn suggest(national_code: &str, national_name: &str, majors: &[SchoolMajor]) -> Option<Uuid> {
    let code = national_code.trim();
    if code.is_empty() {
        return None;
    }
    let with = |same: fn(&str, &str) -> bool| -> Vec<&SchoolMajor> {
        majors
            .iter()
            .filter(|major| {
                major
                    .national_code
                    .as_deref()
                    .is_some_and(|own| same(own.trim(), code))
            })
            .collect()
    };
    let exact = with(str::eq_ignore_ascii_case);
    let found = if exact.is_empty() {
        with(|own, code| digits(own) == digits(code))
    } else {
        exact
    };
    match found.as_slice() {
        [only] => Some(only.id),
        several => {
            let mut named = several
                .iter()
                .filter(|major| major.name.trim() == national_name.trim());
            match (named.next(), named.next()) {
                (Some(one), None) => Some(one.id),
                _ => None,
            }
        }
    }
}

fn digits(code: &str) -> &str {
    code.trim_end_matches(|c: char| c.is_ascii_alphabetic())
}

/// Whether the name is that of a group of majors (大类招生): the student chooses the major later.
pub fn is_broad(national_name: &str) -> bool {
    let bare = national_name
        .split(['(', '（'])
        .next()
        .unwrap_or_default()
        .trim();
    bare.ends_with('类') || bare.ends_with("试验班") || bare.ends_with("实验班")
}
