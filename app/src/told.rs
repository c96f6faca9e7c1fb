//! What a page tells of a refusal: it crosses the redirect in the address, as codes alone, and is read back as such.

use crate::cx::{Cx, Known};
use crate::frame::encode;
use crate::op::code_of;
use crate::pages::words::{self, Words};
use chrono::NaiveDate;
use domain::clause::Clause;
use domain::decision::Reason;
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Office, POLICY, Rule};
use domain::text::Lang;
use services::ServiceError;

/// The pairs of an address that tell what became of an operation; a link to the same page leaves them out.
pub const TOLD: [&str; 10] = [
    "refused", "field", "form", "op", "clause", "help", "until", "done", "rows", "lang",
];

/// Longest mark of a form, in characters.
const LONGEST_MARK: usize = 80;

/// Whether a text can be the mark of a form: it becomes part of an id.
pub fn is_mark(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    !text.is_empty() && text.len() <= LONGEST_MARK && text.bytes().all(fits)
}

/// The mark of the form that sets a parameter.
pub fn mark_of(parameter: Parameter) -> String {
    parameter.key().replace('.', "-")
}

/// A refusal: what, by which clause, who can help, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The code, see [`crate::pages::words`].
    pub code: String,
    /// The form's field it is about.
    pub field: Option<String>,
    /// Which of several forms of the operation on the page.
    pub form: Option<String>,
    /// The operation or page.
    pub op: Option<&'static str>,
    /// The clause it rests on.
    pub clause: Clause,
    /// The office that can help.
    pub help: Office,
    /// The last day it was possible.
    pub until: Option<NaiveDate>,
}

/// The rule of an operation or page by its name in the policy table.
fn rule_named(op: &str) -> Option<&'static Rule> {
    POLICY.iter().find(|rule| rule.op == op)
}

/// What is only said by code is a matter of responsibility, and the IT Centre knows the service.
fn of_rule(rule: Option<&'static Rule>, actor: Option<&Actor>) -> (Clause, Office) {
    let Some(rule) = rule else {
        return (Clause::RESPONSIBILITY, Office::ItCentre);
    };
    let help = actor.map_or(Office::ItCentre, |actor| rule.help(actor));
    (rule.clause.clone(), help)
}

/// A student has one post and no other to switch to: what belongs to an office is said in words of its own.
fn for_whom<'c>(code: &'c str, actor: Option<&Actor>) -> &'c str {
    let student = actor.is_some_and(|actor| actor.office() == Office::Student);
    if student && code == "wrong_office" {
        "offices_only"
    } else {
        code
    }
}

impl Told {
    /// A code of an operation or page, by its rule.
    pub fn of_code(cx: &Known, code: &str) -> Self {
        let actor = cx.present.as_ref().map(|present| &present.actor);
        let (clause, help) = of_rule(cx.rule, actor);
        let code = for_whom(code, actor);
        Self {
            code: code.to_owned(),
            field: None,
            form: None,
            op: cx.rule.map(|rule| rule.op),
            clause,
            help,
            until: None,
        }
    }

    /// What a service refused; where it says so itself, by its own clause, office and day.
    pub fn of_error(cx: &Known, error: &ServiceError) -> Self {
        let (_, code, field) = code_of(error);
        let mut told = Self::of_code(cx, code);
        told.field = field.map(ToOwned::to_owned);
        if let ServiceError::Refused(refusal) = error {
            told.clause = refusal.clause.clone();
            told.until = refusal.until;
            // Nobody is sent to the own desk.
            let actor = cx.present.as_ref().map(|present| &present.actor);
            let own = actor.is_some_and(|actor| actor.office() == refusal.help);
            if refusal.reason != Reason::WrongOffice && !own {
                told.help = refusal.help;
            }
        }
        if matches!(error, ServiceError::StatusBegun(_)) {
            told.clause = Clause::STATUS_CHANGE;
            told.help = Office::AcademicAffairs;
        }
        told
    }

    /// What is wrong with a field, where this is about it.
    pub fn error(&self, field: &str, lang: Lang) -> Option<String> {
        let here = self.field.as_deref() == Some(field);
        here.then(|| self.words(lang).why)
    }

    /// What is said about it; of a parameter's value, with what this parameter takes.
    pub fn words(&self, lang: Lang) -> Words {
        let words = words::of(&self.code, &self.about(), lang);
        let Some((zh, en)) = self.parameter().map(Parameter::takes) else {
            return words;
        };
        let why = match lang {
            Lang::Zh => format!("这个参数应填：{zh}。"),
            Lang::En => format!("This parameter takes: {en}."),
        };
        Words { why, ..words }
    }

    /// The parameter whose value does not have its form.
    fn parameter(&self) -> Option<Parameter> {
        let about = self.code == "form" && self.field.as_deref() == Some("value");
        let set = self.op == Some("institution/set-parameter");
        let mark = self.form.as_deref().filter(|_| about && set)?;
        let mut all = Parameter::all().into_iter();
        all.find(|parameter| mark_of(*parameter) == mark)
    }

    /// What the address of a page tells; anything in it that the program does not cite itself is left out.
    pub fn of_address(cx: Cx) -> Option<Self> {
        let code = cx.query("refused")?;
        let known = cx.known();
        let actor = known.present.as_ref().map(|present| &present.actor);
        let rule = cx.query("op").and_then(|op| rule_named(&op));
        let (clause, help) = of_rule(rule, actor);
        Some(Self {
            code,
            field: cx.query("field"),
            form: cx.query("form").filter(|mark| is_mark(mark)),
            op: rule.map(|rule| rule.op),
            clause: cx
                .query("clause")
                .and_then(|text| Clause::cited(&text))
                .unwrap_or(clause),
            help: cx
                .query("help")
                .and_then(|key| Office::from_key(&key))
                .unwrap_or(help),
            until: cx.query("until").and_then(|day| day.parse().ok()),
        })
    }

    /// The same about one of several forms.
    #[must_use]
    pub fn of_form(mut self, mark: Option<String>) -> Self {
        self.form = mark;
        self
    }

    /// The name that the id of a field is made of: the field's own, and its form's mark where there is one.
    pub fn place(field: &str, form: Option<&str>) -> String {
        form.map_or_else(|| field.to_owned(), |mark| format!("{field}-{mark}"))
    }

    /// What its words may be about, the nearest first: an operation, a field, a part of the service.
    pub fn about(&self) -> Vec<&str> {
        let area = self.op.and_then(|op| op.split('/').next());
        [self.op, self.field.as_deref(), area]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The pairs for the address of the page that tells it.
    pub fn to_query(&self) -> String {
        let pairs = [
            ("refused", Some(self.code.clone())),
            ("field", self.field.clone()),
            ("form", self.form.clone()),
            ("op", self.op.map(ToOwned::to_owned)),
            ("clause", Some(self.clause.as_str().to_owned())),
            ("help", Some(self.help.key().to_owned())),
            ("until", self.until.map(|day| day.to_string())),
        ];
        pairs
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", encode(&value?))))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// The address of a page that tells it.
    pub fn at(&self, back: &str) -> String {
        let join = if back.contains('?') { '&' } else { '?' };
        format!("{back}{join}{}", self.to_query())
    }
}
