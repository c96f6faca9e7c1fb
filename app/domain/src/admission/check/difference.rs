//! What differs between two sets of values of one candidate, in a form that may be shown: document numbers and ways of
//! contact are masked; names and birth dates stand as the other findings show them.

use super::candidate::{CandidateFacts, Contact};
use crate::admission::source::SourceField as Field;
use crate::codes::Sex;
use crate::person::id_number::IdType;
use crate::person::mask;
use crate::text::{Label as _, Text};

/// One field with its value before and after, as it may be shown; empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub field: Field,
    /// What is in.
    pub before: String,
    /// What the new source says.
    pub after: String,
}

/// One field with its value before in full, for whoever is given the one after in full; empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The field.
    pub field: Field,
    /// What is in.
    pub before: String,
}

impl std::fmt::Display for Difference {
    /// `姓名 张三 → 李四`, or `通讯地址 ***（已变，隐藏部分不同）` where the masks show no difference.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |text: &str| {
            if text.is_empty() {
                "–".to_owned()
            } else {
                text.to_owned()
            }
        };
        let (field, before) = (self.field.label().zh, shown(&self.before));
        if self.is_hidden() {
            return write!(f, "{field} {before}{}", HIDDEN.zh);
        }
        write!(f, "{field} {before}{ARROW}{}", shown(&self.after))
    }
}

impl Difference {
    /// Whether the masks show no difference: what differs lies in the hidden part.
    pub fn is_hidden(&self) -> bool {
        self.before == self.after
    }

    /// A list of differences as a stored finding has it, in English: the names of fields, and of what this program itself
    /// wrote as a value. What the province wrote stays as it wrote it.
    pub(in crate::admission) fn list_in_english(stored: &str) -> String {
        let parts: Vec<String> = stored.split(BETWEEN).map(in_english).collect();
        parts.join("; ")
    }
}

/// What stands between two differences of a list.
pub const BETWEEN: char = '；';

fn in_english(stored: &str) -> String {
    let named = Field::ALL.into_iter().find_map(|field| {
        let values = stored.strip_prefix(field.label().zh)?.strip_prefix(' ')?;
        Some((field, values))
    });
    let Some((field, values)) = named else {
        return stored.to_owned();
    };
    let label = field.label().en;
    if let Some(value) = values.strip_suffix(HIDDEN.zh) {
        return format!("{label} {value}{}", HIDDEN.en);
    }
    let values: Vec<&str> = values
        .split(ARROW)
        .map(|value| value_in_english(field, value))
        .collect();
    format!("{label} {}", values.join(ARROW))
}

fn value_in_english(field: Field, value: &str) -> &str {
    let own = if field == Field::Xbdm {
        Sex::ALL
            .into_iter()
            .map(|sex| sex.label())
            .find(|label| label.zh == value)
    } else if field == Field::Zjlxdm {
        IdType::ALL
            .into_iter()
            .map(|kind| kind.label())
            .find(|label| label.zh == value)
    } else {
        None
    };
    own.map_or(value, |label| label.en)
}

/// What stands between the value before and the one after.
const ARROW: &str = " → ";
/// What stands after a value whose mask looks the same before and after.
const HIDDEN: Text = Text::new("（已变，隐藏部分不同）", " (changed, in the hidden part)");

/// Fields in which two sets of values differ, in the order of [`Field::ALL`].
pub fn differences(before: &CandidateFacts, after: &CandidateFacts) -> Vec<Difference> {
    Field::ALL
        .into_iter()
        .filter(|field| plain(before, *field) != plain(after, *field))
        .map(|field| Difference {
            field,
            before: masked(field, &plain(before, field)),
            after: masked(field, &plain(after, field)),
        })
        .collect()
}

/// Fields in which two sets of values differ, with the earlier value in full.
pub fn replaced(before: &CandidateFacts, after: &CandidateFacts) -> Vec<Replaced> {
    Field::ALL
        .into_iter()
        .map(|field| (field, plain(before, field)))
        .filter(|(field, value)| *value != plain(after, *field))
        .map(|(field, before)| Replaced { field, before })
        .collect()
}

/// The value of a field as the snapshot holds it. Fields that the snapshot does not hold are empty.
fn plain(facts: &CandidateFacts, field: Field) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let either = |first: &Option<String>, second: &Option<String>| {
        first.clone().or_else(|| second.clone()).unwrap_or_default()
    };
    let Contact {
        address,
        postcode,
        mobile,
        telephone,
        addressee,
    } = &facts.contact;
    match field {
        Field::Ksh => facts.ksh.clone(),
        Field::Zkzh => text(&facts.zkzh),
        Field::Xm => facts.name_raw.clone(),
        Field::Xbdm => facts
            .sex
            .map(|sex| sex.label().zh.to_owned())
            .unwrap_or_default(),
        Field::Csrq => facts
            .birth_date
            .map(|date| date.to_string())
            .unwrap_or_default(),
        Field::Mzdm => either(&facts.ethnic_name, &facts.ethnic_code),
        Field::Zzmmdm => either(&facts.political_name, &facts.political_code),
        Field::Zjlxdm => facts.id_type.label().zh.to_owned(),
        Field::Zjhm => text(&facts.id_number),
        Field::Kslbdm => text(&facts.candidate_kind),
        Field::Dqdm => text(&facts.area_code),
        Field::Byxxmc => text(&facts.previous_school),
        Field::Txdz => text(address),
        Field::Yzbm => text(postcode),
        Field::Lxsj => text(mobile),
        Field::Lxdh => text(telephone),
        Field::Sjr => text(addressee),
        Field::Pcdm => text(&facts.batch),
        Field::Kldm => text(&facts.category),
        Field::Jhxzdm => text(&facts.plan_kind),
        Field::Lqzy => text(&facts.major.offer_code),
        Field::Zydm => text(&facts.major.national_code),
        Field::Zymc => text(&facts.major.name),
        Field::Ccdm => text(&facts.major.level),
        Field::Xzdm => text(&facts.major.length),
        Field::Xxxs => text(&facts.major.study_form),
        Field::Lqfsdm => text(&facts.admission_kind),
        Field::Cj => text(&facts.score),
        Field::Xh => text(&facts.student_no),
        Field::Rxrq => text(&facts.enrolled_on),
        Field::Byxxdm | Field::Tdcj | Field::Tdyydm | Field::Yxdm => String::new(),
    }
}

/// Numbers and ways of contact are masked. The masks of numbers count on a birth date beside them (security.md F5).
fn masked(field: Field, value: &str) -> String {
    match field {
        Field::Sjr => mask::name(value).to_string(),
        Field::Zjhm => mask::id_text(value).to_string(),
        Field::Zkzh | Field::Ksh => mask::candidate_number(value).to_string(),
        Field::Xh => mask::student_number(value).to_string(),
        Field::Lxsj | Field::Lxdh => mask::phone(value).to_string(),
        Field::Txdz | Field::Yzbm if value.is_empty() => String::new(),
        Field::Txdz | Field::Yzbm => "***".to_owned(),
        Field::Xm
        | Field::Xbdm
        | Field::Csrq
        | Field::Mzdm
        | Field::Zzmmdm
        | Field::Zjlxdm
        | Field::Kslbdm
        | Field::Dqdm
        | Field::Byxxdm
        | Field::Byxxmc
        | Field::Pcdm
        | Field::Kldm
        | Field::Jhxzdm
        | Field::Lqzy
        | Field::Zydm
        | Field::Zymc
        | Field::Ccdm
        | Field::Xzdm
        | Field::Xxxs
        | Field::Rxrq
        | Field::Lqfsdm
        | Field::Tdyydm
        | Field::Cj
        | Field::Tdcj
        | Field::Yxdm => value.to_owned(),
    }
}
