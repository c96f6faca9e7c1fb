//! Nothing a user typed becomes markup.

use leptos::prelude::*;
use proptest::prelude::*;
use ui::prelude::*;

use crate::html::{assert_well_formed, attribute, html, tags};

/// What a browser makes of the source of a `textarea`.
fn parsed(source: &str) -> String {
    let text = source
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    text.strip_prefix('\n').unwrap_or(&text).to_owned()
}

fn text_area(value: &str) -> String {
    let value = value.to_owned();
    html(move || view! { <TextArea name="t" label="T" value=value/> }.into_any())
}

fn content(page: &str) -> &str {
    let from = page.find("<textarea").unwrap();
    let from = from + page[from..].find('>').unwrap() + 1;
    let to = page.rfind("</textarea>").unwrap();
    &page[from..to]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_text_area_gives_back_what_was_typed(value in "[\\n\\r<>&;/a-z\"' \\p{Han}]{0,40}") {
        let page = text_area(&value);
        prop_assert!(!content(&page).contains('<'), "{page}");
        prop_assert_eq!(parsed(content(&page)), value);
        prop_assert_eq!(page.matches("</textarea>").count(), 1);
    }

    #[test]
    fn a_tab_says_its_name_and_no_markup(value in "[<>&;/a-z\"' \\p{Han}]{1,40}") {
        let name = value.clone();
        let page = html(move || tab_title(&name).into_any());
        let source = page.strip_prefix("<title>").and_then(|rest| rest.strip_suffix("</title>"));
        prop_assert!(source.is_some_and(|source| !source.contains('<')), "{page}");
        prop_assert_eq!(parsed(source.unwrap_or_default()), value);
    }

    #[test]
    fn values_and_labels_stay_text(value in "[<>&\"'=a-z ]{1,30}") {
        let (label, hint, field) = (value.clone(), value.clone(), value.clone());
        let page = html(move || {
            view! {
                <TextInput name="n" label=label hint=hint value=field/>
                <StatusChip label=value.clone()/>
                <Copyable label="c" value=value/>
            }
            .into_any()
        });
        assert_well_formed(&page);
        prop_assert_eq!(tags(&page, "input").len(), 1);
        prop_assert_eq!(page.matches("<code").count(), 1);
    }
}

#[test]
fn a_closing_tag_in_a_text_area_stays_text() {
    let page = text_area("</textarea><script>alert(1)</script>");
    assert!(!page.contains("<script"), "{page}");
    assert_eq!(
        content(&page),
        "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    );
}

#[test]
fn an_entity_in_a_text_area_is_not_decoded() {
    assert_eq!(content(&text_area("&lt;b&gt;")), "&amp;lt;b&amp;gt;");
}

#[test]
fn a_leading_line_feed_in_a_text_area_is_kept() {
    assert_eq!(content(&text_area("\nx")), "\n\nx");
}

#[test]
fn an_empty_text_area_is_empty() {
    assert_eq!(content(&text_area("")), "");
}

#[test]
fn a_quote_does_not_end_an_attribute() {
    let page = html(|| view! { <Checkbox name="n" value="\" onclick=\"x" label="L"/> }.into_any());
    let input = tags(&page, "input")[0];
    assert_eq!(attribute(input, "onclick"), None, "{input}");
}
