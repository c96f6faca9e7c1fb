//! The choice of language.

use leptos::prelude::*;

use crate::form::{Hidden, PostForm};
use crate::slot::Text;

/// One language.
#[derive(Clone, Debug)]
pub struct Language {
    /// Its name in itself, short.
    pub label: String,
    /// BCP 47 tag, also the value that is posted.
    pub tag: String,
    /// Whether the page is in it now.
    pub current: bool,
}

impl Language {
    /// A language called `label` with the tag `tag`.
    pub fn new(label: impl Into<String>, tag: impl Into<String>, current: bool) -> Self {
        Self {
            label: label.into(),
            tag: tag.into(),
            current,
        }
    }
}

/// Changes the language by a posted form, so that it is remembered.
///
/// `<LangSwitch label="…" action="/language" languages=vec![Language::new("中", "zh-CN", true)]/>`
#[component]
pub fn LangSwitch(
    /// What is chosen here, for readers.
    #[prop(into)]
    label: String,
    /// Where the choice is posted, as field `lang`.
    #[prop(into)]
    action: String,
    /// The languages.
    languages: Vec<Language>,
    /// The school, if the page belongs to one.
    #[prop(optional, into)]
    tenant: Text,
    /// Further hidden fields, for instance the page to return to.
    #[prop(optional)]
    hidden: Vec<Hidden>,
) -> impl IntoView {
    let buttons = languages
        .into_iter()
        .map(|language| {
            view! {
                <button
                    class="xj-lang"
                    type="submit"
                    name="lang"
                    value=language.tag.clone()
                    lang=language.tag
                    aria-current=language.current.then_some("true")
                >
                    {language.label}
                </button>
            }
        })
        .collect_view();
    view! {
        <PostForm action=action tenant=tenant hidden=hidden class="xj-langs" label=label>
            {buttons}
        </PostForm>
    }
}
