//! From the major of the admission data to the major of the school (domain.md §5.1): suggested by the national code, or
//! where there is none by the name; decided by a person.

use std::collections::BTreeSet;
use uuid::Uuid;

/// A major of the school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolMajor {
    /// The unit.
    pub id: Uuid,
    /// Its college.
    pub college: Option<Uuid>,
    /// 专业国标代码, where the organisation list has one.
    pub national_code: Option<String>,
    /// 专业类 of that code in the catalogue: 水产类.
    pub class: Option<String>,
    /// Its name at the school.
    pub name: String,
}

/// The school's major for an admitted one: the only one with the same national code, or among several the one with the
/// same name. Provinces leave out the suffix of a code (`080910` for `080910T`); it counts only where it tells two
/// majors apart. Without a code it is the only one with that name. No suggestion is better than a wrong one.
pub fn suggest(national_code: &str, national_name: &str, majors: &[SchoolMajor]) -> Option<Uuid> {
    let code = national_code.trim();
    if code.is_empty() {
        return named(national_name, majors);
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
        several => named(national_name, several.iter().copied()),
    }
}

/// The only major with this name.
fn named<'a>(name: &str, majors: impl IntoIterator<Item = &'a SchoolMajor>) -> Option<Uuid> {
    let name = name.trim();
    let same = |major: &&SchoolMajor| !name.is_empty() && major.name.trim() == name;
    let mut found = majors.into_iter().filter(same);
    let one = found.next()?;
    found.next().is_none().then_some(one.id)
}

fn digits(code: &str) -> &str {
    code.trim_end_matches(|c: char| c.is_ascii_alphabetic())
}

/// The college of a broad intake: the only one whose majors lie in that class of the catalogue (水产类, `0906`), by the
/// first four digits of the code or by the name. No suggestion is better than a wrong one.
pub fn suggest_college(
    national_code: &str,
    national_name: &str,
    majors: &[SchoolMajor],
) -> Option<Uuid> {
    let class: String = digits(national_code.trim()).chars().take(4).collect();
    let name = bare(national_name);
    let colleges: BTreeSet<Uuid> = majors
        .iter()
        .filter(|major| {
            let own = major.national_code.as_deref().map_or("", str::trim);
            let by_code = class.len() == 4 && own.starts_with(&class);
            by_code || major.class.as_deref() == Some(name)
        })
        .filter_map(|major| major.college)
        .collect();
    let mut found = colleges.into_iter();
    found.next().filter(|_| found.next().is_none())
}

fn bare(national_name: &str) -> &str {
    let before = national_name.split(['(', '（']).next();
    before.unwrap_or_default().trim()
}

/// Whether the name is that of a group of majors (大类招生): the student chooses the major later.
pub fn is_broad(national_name: &str) -> bool {
    let bare = bare(national_name);
    bare.ends_with('类') || bare.ends_with("试验班") || bare.ends_with("实验班")
}
