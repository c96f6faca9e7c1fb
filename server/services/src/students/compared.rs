//! The difference view of a record: the admission snapshot beside the values of the school. The values are compared as
//! they are, and shown masked as on the rest of the page (security.md, F5).

use super::places::Places;
use super::snapshot::Snapshot;
use domain::admission::check::{CandidateFacts, differences};
use domain::admission::path::AdmissionPath;
use domain::admission::source::SourceField as Field;
use domain::admission::years;
use domain::codes::Sex;
use domain::person::mask;
use domain::text::{Label as _, Text};
use domain::view::record::{Agreement, ComparedView};
use domain::view::{Words, same, words};
use store::rows;

/// Fields that the school keeps values of its own for, in the order of the page.
const FIELDS: [(Field, &str, Text); 8] = [
    (Field::Xm, "name", Text::new("姓名", "Name")),
    (Field::Xbdm, "sex", Text::new("性别", "Sex")),
    (Field::Ksh, "ksh", Text::new("考生号", "Candidate number")),
    (Field::Xh, STUDENT_NO, Text::new("学号", "Student number")),
    (Field::Zymc, "major", Text::new("专业", "Major")),
    (Field::Ccdm, "level", Text::new("层次", "Level")),
    (
        Field::Xxxs,
        "study_form",
        Text::new("学习形式", "Form of study"),
    ),
    (Field::Xzdm, "length", Text::new("学制", "Length of study")),
];
const STUDENT_NO: &str = "student_no";

/// Every field of the two of which at least one has a value.
pub(super) fn of(
    student: &rows::Student,
    snapshot: &Snapshot,
    places: &Places,
) -> Vec<ComparedView> {
    let admitted = &snapshot.facts;
    let kept = kept(student, snapshot, places);
    let differing = differences(admitted, &kept);
    FIELDS
        .into_iter()
        .map(|(field, key, label)| {
            let (before, after) = (shown(field, admitted), shown(field, &kept));
            let found = differing
                .iter()
                .find(|difference| difference.field == field);
            let agreement = match found {
                None => Agreement::Same,
                Some(_) if before.0.is_empty() || after.0.is_empty() => Agreement::OneSided,
                // A broad intake was admitted to a category, and the school has no major to set beside it yet.
                Some(_) if field == Field::Zymc && student.major_id.is_none() => {
                    Agreement::OneSided
                }
                Some(found) if found.is_hidden() && before == after => Agreement::DiffersHidden,
                Some(_) => Agreement::Differs,
            };
            ComparedView {
                key: key.to_owned(),
                label: words(label),
                admission: before,
                school: after,
                agreement,
            }
        })
        // Admission data say a student number only where the school made them.
        .filter(|line| !line.admission.0.is_empty() || line.key != STUDENT_NO)
        .filter(|line| !(line.admission.0.is_empty() && line.school.0.is_empty()))
        .collect()
}

/// The admission snapshot with what the school keeps in its place.
fn kept(student: &rows::Student, snapshot: &Snapshot, places: &Places) -> CandidateFacts {
    let mut kept = snapshot.facts.clone();
    let path = AdmissionPath::from_key(&snapshot.path).filter(|_| student.college_id.is_some());
    student.name.clone_into(&mut kept.name_raw);
    student.ksh.clone_into(&mut kept.ksh);
    kept.sex = Sex::from_code(&student.sex);
    kept.student_no.clone_from(&student.student_no);
    kept.major.name = places
        .major_name(student.college_id, student.major_id)
        .map(str::to_owned);
    kept.major.level = path.map(|path| path.level().zh.to_owned());
    kept.major.study_form = path.map(|path| path.study_form().zh.to_owned());
    let length = places.duration(student.major_id);
    // 四年, 4 年 and 4 are one length.
    let stated = snapshot.facts.major.length.clone();
    let number = |text: &Option<String>| text.as_deref().and_then(years);
    kept.major.length = if number(&length).is_some() && number(&length) == number(&stated) {
        stated
    } else {
        length
    };
    kept
}

/// 学制 in years, where a text says them.
fn length(stated: Option<&String>) -> Words {
    let Some(text) = stated else {
        return Words::default();
    };
    years(text).map_or_else(
        || same(text),
        |years| (format!("{years} 年"), format!("{years} years")),
    )
}

/// A text in both languages where it is one of the school's own words.
fn named(stated: Option<&String>, word: fn(AdmissionPath) -> Text) -> Words {
    let Some(text) = stated else {
        return Words::default();
    };
    let mut known = AdmissionPath::ALL.into_iter().map(word);
    known
        .find(|word| word.zh == text)
        .map_or_else(|| same(text), words)
}

/// A value as the rest of the page shows it.
fn shown(field: Field, facts: &CandidateFacts) -> Words {
    let major = &facts.major;
    let stated = |value: Option<&String>| value.map_or_else(Words::default, same);
    match field {
        Field::Xm => same(&facts.name_raw),
        Field::Xbdm => facts
            .sex
            .map_or_else(Words::default, |sex| words(sex.label())),
        Field::Ksh => same(mask::candidate_number(&facts.ksh).as_str()),
        Field::Xh => stated(facts.student_no.as_ref()),
        Field::Zymc => stated(major.name.as_ref()),
        Field::Ccdm => named(major.level.as_ref(), AdmissionPath::level),
        Field::Xxxs => named(major.study_form.as_ref(), AdmissionPath::study_form),
        Field::Xzdm => length(major.length.as_ref()),
        _ => Words::default(),
    }
}
