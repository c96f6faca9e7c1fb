use leptos::prelude::*;
use ui::prelude::*;

use crate::html::{assert_well_formed, attribute, html, ids, tags};

/// Each field component with a hint and an error.
fn fields() -> Vec<(&'static str, String)> {
    let page = |name, view: fn() -> AnyView| (name, html(view));
    vec![
        page("input", || {
            view! { <TextInput name="n" label="L" hint="H" error="E"/> }.into_any()
        }),
        page("input", || {
            view! { <PasswordInput name="n" label="L" hint="H" error="E"/> }.into_any()
        }),
        page("input", || {
            view! { <DateInput name="n" label="L" hint="H" error="E"/> }.into_any()
        }),
        page("input", || {
            view! { <FileInput name="n" label="L" hint="H" error="E"/> }.into_any()
        }),
        page("textarea", || {
            view! { <TextArea name="n" label="L" hint="H" error="E"/> }.into_any()
        }),
        page("select", || {
            view! { <SelectInput name="n" label="L" hint="H" error="E" choices=vec![Choice::new("1", "a")]/> }
                .into_any()
        }),
        page("input", || {
            view! { <Checkbox name="n" label="L" hint="H" error="E"/> }.into_any()
        }),
        page("fieldset", || {
            view! { <RadioGroup name="n" label="L" hint="H" error="E" choices=vec![Choice::new("1", "a")]/> }
                .into_any()
        }),
    ]
}

#[test]
fn hint_and_error_are_tied_to_the_input() {
    for (element, page) in fields() {
        assert_well_formed(&page);
        let tag = tags(&page, element)[0];
        assert_eq!(
            attribute(tag, "aria-describedby"),
            Some("f-n-hint f-n-error"),
            "{page}"
        );
        let known = ids(&page);
        assert!(
            known.contains(&"f-n-hint") && known.contains(&"f-n-error"),
            "{page}"
        );
        if element != "fieldset" {
            assert_eq!(attribute(tag, "aria-invalid"), Some("true"), "{page}");
        }
    }
}

#[test]
fn every_input_has_a_label() {
    for (element, page) in fields() {
        let id = attribute(tags(&page, element)[0], "id").unwrap();
        let tied = tags(&page, "label")
            .iter()
            .any(|label| attribute(label, "for") == Some(id));
        let inside = page.contains("xj-check\"><input");
        let legend = page.contains("<legend");
        assert!(tied || inside || legend, "{page}");
    }
}

#[test]
fn without_hint_and_error_nothing_is_described() {
    let absent: Option<String> = None;
    let page =
        html(move || view! { <TextInput name="n" label="L" hint="" error=absent/> }.into_any());
    assert!(
        !page.contains("aria-describedby") && !page.contains("aria-invalid"),
        "{page}"
    );
}

#[test]
fn a_password_is_never_written_back() {
    let page = html(|| view! { <PasswordInput name="n" label="L"/> }.into_any());
    assert_eq!(attribute(tags(&page, "input")[0], "value"), None);
}

#[test]
fn a_posted_form_names_its_school_first() {
    let page = html(|| {
        view! {
            <PostForm action="/a" tenant="shou" multipart=true hidden=vec![Hidden::new("id", "7")]>"x"</PostForm>
        }
        .into_any()
    });
    let form = tags(&page, "form")[0];
    assert_eq!(attribute(form, "method"), Some("post"));
    assert_eq!(attribute(form, "action"), Some("/a"));
    assert_eq!(attribute(form, "enctype"), Some("multipart/form-data"));
    let inputs = tags(&page, "input");
    assert_eq!(attribute(inputs[0], "name"), Some("tenant"));
    assert_eq!(attribute(inputs[0], "value"), Some("shou"));
    assert_eq!(attribute(inputs[1], "value"), Some("7"));
    assert!(
        inputs
            .iter()
            .all(|input| attribute(input, "type") == Some("hidden"))
    );
}

#[test]
fn a_form_of_no_school_posts_none() {
    let page = html(|| view! { <PostForm action="/a">"x"</PostForm> }.into_any());
    assert!(!page.contains("tenant"), "{page}");
}

#[test]
fn the_chosen_value_is_selected() {
    let page = html(|| {
        let choices = vec![Choice::new("1", "a"), Choice::new("2", "b").checked(true)];
        view! { <SelectInput name="n" label="L" choices=choices/> }.into_any()
    });
    let options = tags(&page, "option");
    assert!(!options[0].contains("selected"), "{page}");
    assert!(options[1].contains("selected"), "{page}");
}

#[test]
fn radio_buttons_share_a_name_and_a_legend() {
    let page = html(|| {
        let choices = vec![Choice::new("1", "a"), Choice::new("2", "b")];
        view! { <RadioGroup name="n" label="L" choices=choices required=true/> }.into_any()
    });
    let inputs = tags(&page, "input");
    assert!(
        inputs
            .iter()
            .all(|input| attribute(input, "type") == Some("radio"))
    );
    assert!(
        inputs
            .iter()
            .all(|input| attribute(input, "name") == Some("n"))
    );
    assert!(page.contains("<legend"), "{page}");
}

#[test]
fn a_group_of_boxes_is_never_required() {
    let page = html(|| {
        let choices = vec![Choice::new("1", "a"), Choice::new("2", "b")];
        view! { <RadioGroup name="n" label="L" take=Take::Many choices=choices required=true/> }
            .into_any()
    });
    assert!(
        !page.contains("required"),
        "each box would have to be ticked: {page}"
    );
}

#[test]
fn a_button_posts_its_name_elsewhere() {
    let page = html(|| {
        view! { <SubmitButton label="L" name="a" value="b" formaction="/c" form="f" unchecked=true/> }.into_any()
    });
    let button = tags(&page, "button")[0];
    for (name, value) in [
        ("type", "submit"),
        ("name", "a"),
        ("value", "b"),
        ("formaction", "/c"),
        ("form", "f"),
    ] {
        assert_eq!(attribute(button, name), Some(value), "{button}");
    }
    assert!(button.contains("formnovalidate"), "{button}");
}

#[test]
fn the_other_language_is_named_in_itself() {
    let page = html(|| view! { <LangSwitch label="EN" tag="en" href="?lang=en"/> }.into_any());
    let link = tags(&page, "a")[0];
    assert_eq!(attribute(link, "href"), Some("?lang=en"));
    assert_eq!(attribute(link, "hreflang"), Some("en"));
    assert_eq!(attribute(link, "lang"), Some("en"));
}
