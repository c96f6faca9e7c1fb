//! The page that somebody asked for who had to sign in first. It waits in the address and the form of the sign-in, as a path
//! below the own university: what the policy table has no page for is no wish, so it never leads elsewhere.

use crate::cx::Cx;
use crate::frame::{decode_query, encode};
use crate::told::TOLD;
use domain::institution::policy::{self, Kind, Who, rule_of};
use domain::institution::{Action as _, Actor, Rule};
use ui::prelude::Hidden;

/// Name of the field, and of the pair in an address, that holds it.
const TO: &str = "to";
/// The pair in the address of the sign-in that tells of a session that has ended.
pub const ENDED: &str = "ended";
/// Words that are searched for: they are led on sealed or not at all (ADR 0050).
const SEARCHED: &str = "q";
/// Longest page with its query in bytes; of a longer one the page alone is led back to.
const LONGEST: usize = 1 << 10;

/// Where whoever has no wish begins.
fn first() -> &'static str {
    policy::HomePage::rule().op
}

fn sign_in() -> &'static str {
    policy::SignInPage::rule().op
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    page: String,
    rule: &'static Rule,
}

/// A page of the university that one must be signed in for; none for whoever just comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish(Option<Wanted>);

impl Wish {
    /// What a request asked for, by its path below the university and its query.
    pub fn asked(path: &str, query: &[(String, String)]) -> Self {
        let is_plain = !path.starts_with('/') && !path.ends_with('/');
        let rule = rule_of(path, &[Kind::Page]).filter(|_| is_plain);
        let Some(rule) = rule.filter(|rule| rule.who != Who::Anyone) else {
            return Self(None);
        };
        let kept = query
            .iter()
            .filter(|(key, _)| key != SEARCHED && !TOLD.contains(&key.as_str()))
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        let page = if kept.is_empty() || path.len() + kept.len() > LONGEST {
            path.to_owned()
        } else {
            format!("{path}?{kept}")
        };
        Self((page != first()).then_some(Wanted { page, rule }))
    }

    /// What an address or a form names.
    pub fn named(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        Self::asked(path, &decode_query(query))
    }

    /// What the address of the sign-in names.
    pub fn of_address(cx: Cx) -> Self {
        cx.query(TO)
            .map_or_else(Self::default, |page| Self::named(&page))
    }

    /// What is left to do when a page must be asked for anew: the page itself, or what its sign-in was to lead to.
    pub fn of_page(page: &str) -> Self {
        match page.split_once('?') {
            Some((path, query)) if path == sign_in() => {
                let pairs = decode_query(query);
                let named = pairs.iter().find(|(key, _)| key == TO);
                named.map_or_else(Self::default, |(_, page)| Self::named(page))
            }
            _ => Self::named(page),
        }
    }

    /// The page with its query.
    pub fn page(&self) -> Option<&str> {
        self.0.as_ref().map(|wanted| wanted.page.as_str())
    }

    /// The field of a form of the sign-in that carries it along.
    pub fn hidden(&self) -> Vec<Hidden> {
        let page = self.page().map(|page| Hidden::new(TO, page));
        page.into_iter().collect()
    }

    /// The address of the sign-in that leads on to it.
    pub fn sign_in(&self) -> String {
        self.at(sign_in())
    }

    /// The same for a session that has ended.
    pub fn sign_in_again(&self) -> String {
        self.at(&format!("{}?{ENDED}=1", sign_in()))
    }

    /// The address of the second step of the sign-in.
    pub fn sign_in_code(&self) -> String {
        self.at(&format!("{}?step=code", sign_in()))
    }

    fn at(&self, address: &str) -> String {
        let Some(page) = self.page() else {
            return address.to_owned();
        };
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}{TO}={}", encode(page))
    }

    /// Where somebody goes on who has signed in: the page, where the post may see it, or the first one.
    pub fn landing(&self, actor: &Actor) -> String {
        let own = self.0.as_ref().filter(|wanted| wanted.rule.allows(actor));
        own.map_or_else(|| first().to_owned(), |wanted| wanted.page.clone())
    }
}
