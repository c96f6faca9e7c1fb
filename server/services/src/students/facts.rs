//! Facts of a record, masked as they leave.

use super::SEEN_BESIDE;
use super::places::Places;
use super::snapshot::Snapshot;
use domain::admission::path::AdmissionPath;
use domain::calendar::{plain_date_en, plain_date_zh};
use domain::codes::{EthnicGroup, PoliticalStatus};
use domain::person::id_number::{IdNumber, IdType};
use domain::person::mask::{self, Masked};
use domain::text::{Label as _, Text};
use domain::view::own::OwnFact;
use domain::view::record::{FactView, RevealField, SectionView};
use domain::view::{Words, same, words};
use store::rows;

/// The number of the document as everybody may see it who sees the record.
pub(super) fn masked_document(snapshot: &Snapshot) -> Option<Masked> {
    let text = snapshot.facts.id_number.as_deref()?;
    Some(mask_document(snapshot.facts.id_type, text))
}

/// The number of a document of a kind, as lists and records show it.
pub(crate) fn mask_document(kind: IdType, text: &str) -> Masked {
    IdNumber::parse(kind, text).map_or_else(
        |_| mask::id_text(text),
        |number| mask::id_number(&number, SEEN_BESIDE),
    )
}

fn date(day: Option<chrono::NaiveDate>) -> Words {
    day.map_or_else(Words::default, |day| {
        (plain_date_zh(day), plain_date_en(day))
    })
}

fn text(value: Option<&String>) -> Words {
    value.map_or_else(Words::default, same)
}

/// A value of a code table; a bare code is named as one, since the province sent no table that says what it means.
fn stated(value: Option<&String>) -> Words {
    match value {
        Some(code) if !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (format!("代码 {code}"), format!("code {code}"))
        }
        value => text(value),
    }
}

/// The name of a school, which may be of Latin letters, or its code.
fn previous_school(value: Option<&String>) -> Words {
    let code = value.filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    code.map_or_else(|| text(value), |code| stated(Some(code)))
}

fn sex(snapshot: &Snapshot) -> Words {
    snapshot
        .facts
        .sex
        .map_or_else(Words::default, |sex| words(sex.label()))
}

/// A coded value in both languages; the source's own text where the code is in no list.
fn coded(known: Option<Text>, source: Option<&String>) -> Words {
    known.map_or_else(|| text(source), words)
}

fn ethnic(snapshot: &Snapshot) -> Words {
    let facts = &snapshot.facts;
    let known = facts
        .ethnic_code
        .as_deref()
        .and_then(EthnicGroup::from_code);
    coded(
        known.map(domain::text::Label::label),
        facts.ethnic_name.as_ref(),
    )
}

fn political(snapshot: &Snapshot) -> Words {
    let facts = &snapshot.facts;
    let known = facts
        .political_code
        .as_deref()
        .and_then(PoliticalStatus::from_code);
    coded(
        known.map(domain::text::Label::label),
        facts.political_name.as_ref(),
    )
}

fn fact(key: &str, label: Text, value: Words) -> FactView {
    FactView {
        key: key.to_owned(),
        label: words(label),
        value,
        reveal: None,
    }
}

/// A masked fact; it can be shown in full only where there is something to show.
fn hidden(field: RevealField, value: Option<Words>) -> FactView {
    FactView {
        key: field.key().to_owned(),
        label: words(field.label()),
        reveal: value.is_some().then_some(field),
        value: value.unwrap_or_default(),
    }
}

fn masked(value: &Masked) -> Words {
    same(value.as_str())
}

/// What stands for a value that is not shown in part either.
const ON_FILE: Text = Text::new("已登记，说明用途后可查看", "On file, shown with a reason");

fn on_file(value: Option<&String>) -> Option<Words> {
    value.map(|_| words(ON_FILE))
}

/// Whether the page says of a fact no more than that it is there.
pub(super) fn only_on_file(fact: &FactView) -> bool {
    fact.value == words(ON_FILE)
}

/// The facts of a record by source, for the offices.
pub(super) fn sections(
    student: &rows::Student,
    snapshot: &Snapshot,
    places: &Places,
) -> Vec<SectionView> {
    vec![
        section(
            "identity",
            Text::new("身份信息", "Identity"),
            Text::new(
                "来自录取数据，入库后不再改动。证件号码只显示一部分，查看完整号码须说明用途，学生本人可见查看记录。",
                "From the admission data, never changed here. Numbers are shown in part; the full number takes a reason, and the student sees who looked.",
            ),
            identity(snapshot),
        ),
        section(
            "admission",
            Text::new("录取信息", "Admission"),
            Text::new(
                "录取时的专业与类别，与招生部门的数据一致。",
                "Major and kinds as admitted, the same as in the admission data.",
            ),
            admission(snapshot),
        ),
        section(
            "contact",
            Text::new("联系方式", "Contact"),
            Text::new(
                "来自录取数据，不公开、不扩散。查看须说明用途。",
                "From the admission data; not public, not passed on. Shown with a reason only.",
            ),
            contact(snapshot),
        ),
        section(
            "school",
            Text::new("校内信息", "School record"),
            Text::new(
                "由学校维护：学院、专业、班级、学号。",
                "Kept by the university: college, major, class, student number.",
            ),
            school(student, snapshot, places),
        ),
    ]
}

fn section(key: &str, title: Text, note: Text, facts: Vec<FactView>) -> SectionView {
    SectionView {
        key: key.to_owned(),
        title: words(title),
        note: words(note),
        facts,
    }
}

fn identity(snapshot: &Snapshot) -> Vec<FactView> {
    let facts = &snapshot.facts;
    let number = masked_document(snapshot);
    let permit = facts.zkzh.as_deref().map(mask::candidate_number);
    let mut shown = vec![fact("name", Text::new("姓名", "Name"), same(&facts.name))];
    if facts.name_raw != facts.name {
        shown.push(fact(
            "name_raw",
            Text::new("原始数据中的姓名", "Name as delivered"),
            same(&facts.name_raw),
        ));
    }
    shown.extend([
        fact("sex", Text::new("性别", "Sex"), sex(snapshot)),
        fact(
            "birth_date",
            Text::new("出生日期", "Date of birth"),
            date(facts.birth_date),
        ),
        fact("ethnic", Text::new("民族", "Ethnicity"), ethnic(snapshot)),
        fact(
            "political",
            Text::new("政治面貌", "Political status"),
            political(snapshot),
        ),
        fact(
            "id_type",
            Text::new("证件类型", "Kind of document"),
            words(facts.id_type.label()),
        ),
        hidden(RevealField::IdNumber, number.as_ref().map(masked)),
        hidden(
            RevealField::CandidateNumber,
            Some(masked(&mask::candidate_number(&facts.ksh))),
        ),
        hidden(RevealField::ExamPermit, permit.as_ref().map(masked)),
    ]);
    shown
}

fn admission(snapshot: &Snapshot) -> Vec<FactView> {
    let facts = &snapshot.facts;
    let major = &facts.major;
    let path = AdmissionPath::from_key(&snapshot.path);
    let mut shown = vec![
        fact(
            "path",
            Text::new("录取类别", "Way of admission"),
            path.map_or_else(Words::default, |path| words(path.label())),
        ),
        fact(
            "admitted_major",
            Text::new("录取专业", "Admitted major"),
            text(major.name.as_ref()),
        ),
        fact(
            "national_code",
            Text::new("专业代码", "Major code"),
            text(major.national_code.as_ref()),
        ),
        fact(
            "level",
            Text::new("层次", "Level"),
            stated(major.level.as_ref()),
        ),
        fact(
            "study_form",
            Text::new("学习形式", "Form of study"),
            stated(major.study_form.as_ref()),
        ),
        fact(
            "length",
            Text::new("学制", "Length of study"),
            text(major.length.as_ref()),
        ),
        fact(
            "candidate_kind",
            Text::new("考生类别", "Kind of candidate"),
            stated(facts.candidate_kind.as_ref()),
        ),
        fact(
            "batch",
            Text::new("批次", "Batch"),
            stated(facts.batch.as_ref()),
        ),
        fact(
            "category",
            Text::new("科类", "Subject group"),
            stated(facts.category.as_ref()),
        ),
        fact(
            "plan_kind",
            Text::new("计划性质", "Kind of plan"),
            stated(facts.plan_kind.as_ref()),
        ),
        fact(
            "admission_kind",
            Text::new("录取方式", "Kind of admission"),
            stated(facts.admission_kind.as_ref()),
        ),
        fact(
            "previous_school",
            Text::new("毕业中学", "Previous school"),
            previous_school(facts.previous_school.as_ref()),
        ),
    ];
    // Only tables that the school makes for special admissions say these.
    let stated_student_no = facts.student_no.as_ref();
    shown.extend(stated_student_no.map(|number| {
        let label = Text::new("学号（录取数据）", "Student number (admission data)");
        fact("stated_student_no", label, same(number))
    }));
    shown.extend(facts.enrolled_on.as_ref().map(|day| {
        let label = Text::new("入学日期（录取数据）", "Date of enrolment (admission data)");
        fact("stated_enrolment", label, same(day))
    }));
    shown.push(hidden(RevealField::SourceRecord, Some(words(ON_FILE))));
    shown
}

fn contact(snapshot: &Snapshot) -> Vec<FactView> {
    let contact = &snapshot.facts.contact;
    let phone = |number: Option<&String>| number.map(|n| masked(&mask::phone(n)));
    vec![
        hidden(RevealField::Mobile, phone(contact.mobile.as_ref())),
        hidden(RevealField::Telephone, phone(contact.telephone.as_ref())),
        hidden(RevealField::Address, on_file(contact.address.as_ref())),
        hidden(RevealField::Addressee, on_file(contact.addressee.as_ref())),
    ]
}

/// What the school says of 层次, 学习形式 and 学制: provinces often leave these fields out. The first two follow from the way
/// of admission as soon as there is a college; a broad intake has no major yet, and without one no length.
fn study(student: &rows::Student, snapshot: &Snapshot, places: &Places) -> Vec<FactView> {
    let path = AdmissionPath::from_key(&snapshot.path).filter(|_| student.college_id.is_some());
    let years = |years: String| (format!("{years} 年"), format!("{years} years"));
    let length = places.duration(student.major_id);
    vec![
        fact(
            "school_level",
            Text::new("层次", "Level"),
            path.map_or_else(Words::default, |path| words(path.level())),
        ),
        fact(
            "school_study_form",
            Text::new("学习形式", "Form of study"),
            path.map_or_else(Words::default, |path| words(path.study_form())),
        ),
        fact(
            "school_length",
            Text::new("学制", "Length of study"),
            length.map_or_else(Words::default, years),
        ),
    ]
}

fn school(student: &rows::Student, snapshot: &Snapshot, places: &Places) -> Vec<FactView> {
    let mut shown = school_places(student, places);
    shown.extend(study(student, snapshot, places));
    shown
}

fn school_places(student: &rows::Student, places: &Places) -> Vec<FactView> {
    let place = |id| places.name(id).map_or_else(Words::default, same);
    vec![
        fact(
            "student_no",
            Text::new("学号", "Student number"),
            text(student.student_no.as_ref()),
        ),
        fact(
            "year",
            Text::new("年级", "Cohort"),
            same(student.year.to_string()),
        ),
        fact(
            "college",
            Text::new("学院", "College"),
            place(student.college_id),
        ),
        fact(
            "major",
            Text::new("专业", "Major"),
            places
                .major_name(student.college_id, student.major_id)
                .map_or_else(Words::default, |name| same(name.to_owned())),
        ),
        fact("class", Text::new("班级", "Class"), place(student.class_id)),
        fact(
            "handed_over",
            Text::new("接收日期", "Received on"),
            date(student.handed_over_on),
        ),
    ]
}

/// The facts of the own page.
pub(super) fn own(snapshot: &Snapshot) -> Vec<OwnFact> {
    let facts = &snapshot.facts;
    let fact = |label: Text, value: Words, masked: bool| OwnFact {
        label: words(label),
        value,
        masked,
    };
    let number = masked_document(snapshot).map_or_else(Words::default, |n| masked(&n));
    vec![
        fact(
            Text::new("姓名", "Name"),
            masked(&mask::name(&facts.name)),
            true,
        ),
        fact(Text::new("性别", "Sex"), sex(snapshot), false),
        fact(
            Text::new("出生日期", "Date of birth"),
            date(facts.birth_date),
            false,
        ),
        fact(Text::new("民族", "Ethnicity"), ethnic(snapshot), false),
        fact(
            Text::new("证件类型", "Kind of document"),
            words(facts.id_type.label()),
            false,
        ),
        fact(Text::new("身份证号", "ID number"), number, true),
        fact(
            Text::new("考生号", "Candidate number"),
            masked(&mask::candidate_number(&facts.ksh)),
            true,
        ),
        fact(
            Text::new("录取专业", "Admitted major"),
            text(facts.major.name.as_ref()),
            false,
        ),
    ]
}
