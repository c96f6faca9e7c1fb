//! What is asked for: the fields of a form and the files that come with them.

use super::SLUG;
use crate::forms::encode;
use crate::uploads::upload;
use axum::body::Body;
use domain::institution::Rule;
use domain::institution::policy::Kind;
use http::Request;

/// Fields that say what somebody saw; with another value, somebody else was faster.
const SEEN: [&str; 5] = ["version", "rows", "total", "lines", "hash"];
/// Fields with what somebody alone knows, who somebody is, or why somebody asks.
const SECRETS: [&str; 12] = [
    "login",
    "password",
    "old",
    "new",
    "code",
    "token",
    "ksh",
    "name",
    "id_number",
    "number",
    "reason",
    "reasons",
];

#[derive(Clone)]
pub struct Ask {
    fields: Vec<(&'static str, String)>,
    files: Vec<(String, Vec<u8>)>,
}

impl Ask {
    pub fn nothing() -> Self {
        Self {
            fields: Vec::new(),
            files: Vec::new(),
        }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a story is told with texts, ids and numbers"
    )]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }

    pub fn file(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), bytes.into()));
        self
    }

    /// The same of somebody who has not seen what happened since.
    pub fn stale(&self) -> Vec<Self> {
        let places = (0..self.fields.len()).filter(|at| SEEN.contains(&self.fields[*at].0));
        let other = |at: usize| {
            let mut stale = self.clone();
            let value = &mut stale.fields[at].1;
            *value = value
                .parse::<u64>()
                .map_or_else(|_| "00".to_owned(), |seen| (seen + 1).to_string());
            stale
        };
        places.map(other).collect()
    }

    /// What was typed that no log may say.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = self
            .fields
            .iter()
            .filter(|field| SECRETS.contains(&field.0));
        secret.map(|(_, value)| value.as_str())
    }

    /// As a browser without scripts sends it.
    pub fn request(&self, rule: &Rule, cookie: Option<&str>) -> Request<Body> {
        let of_a_university = !rule.op.starts_with("operator/");
        let tenant = of_a_university.then_some(("tenant", SLUG));
        let own = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let fields: Vec<(&str, &str)> = tenant.into_iter().chain(own).collect();
        match rule.kind {
            Kind::File => {
                let path = format!("/{SLUG}/{}", rule.op);
                upload(&path, cookie, &fields, &self.files)
            }
            Kind::Operation => form(&format!("/api/{}", rule.op), cookie, &fields),
            Kind::Page | Kind::Internal => panic!("{} takes no form", rule.op),
        }
    }
}

fn form(path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Request<Body> {
    let pairs = fields.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    crate::house::post(path, cookie, &body, "text/html")
}
