use leptos::prelude::*;
use ui::prelude::*;

use crate::html::{assert_well_formed, attribute, html, tags};

fn office() -> String {
    html(|| {
        let nav = vec![
            NavItem::new("a", "/a").badge("12", "to do"),
            NavItem::new("b", "/b").items(vec![NavItem::new("b1", "/b1").current(true)]),
            NavItem::new("c", "/c").items(vec![NavItem::new("c1", "/c1")]),
        ];
        view! {
            <OfficeShell
                product="P"
                school="S"
                skip="skip"
                identity=view! { <IdentitySwitch before="as" identity="office">"x"</IdentitySwitch> }
                nav_label="N"
                menu_label="M"
                nav=nav
                crumbs_label="C"
                crumbs=vec![Crumb::new("top", "/"), Crumb::here("here")]
                title="T"
                watermark="somebody"
            >
                "content"
            </OfficeShell>
        }
        .into_any()
    })
}

fn phone(heading: Option<&'static str>) -> String {
    html(move || {
        view! {
            <PhoneShell
                school="S"
                badge=Badge::initial("B")
                title="T"
                skip="skip"
                heading=heading
                back=Crumb::new("back", "/")
                bottom=view! { <LinkButton label="go" href="/go"/> }
            >
                "content"
            </PhoneShell>
        }
        .into_any()
    })
}

fn plain() -> String {
    html(|| view! { <PlainShell brand="P" skip="skip" title="T">"content"</PlainShell> }.into_any())
}

#[test]
fn each_shell_has_one_heading_one_main_and_a_way_to_it() {
    for page in [office(), phone(Some("H")), phone(None), plain()] {
        assert_well_formed(&page);
        assert_eq!(tags(&page, "h1").len(), 1, "{page}");
        let main = tags(&page, "main");
        assert_eq!(main.len(), 1, "{page}");
        assert_eq!(attribute(main[0], "id"), Some("content"));
        let first = tags(&page, "a")[0];
        assert_eq!(attribute(first, "href"), Some("#content"), "{page}");
    }
}

#[test]
fn the_title_heads_a_phone_page_without_a_greeting() {
    assert!(phone(None).contains("<h1 class=\"xj-mast-heading\">T</h1>"));
    assert!(phone(Some("H")).contains("<h1 class=\"xj-mast-heading\">H</h1>"));
}

#[test]
fn the_navigation_opens_where_the_page_is() {
    let page = office();
    assert!(page.contains("/b1") && !page.contains("/c1"), "{page}");
    let here: Vec<_> = tags(&page, "a")
        .into_iter()
        .filter(|link| attribute(link, "aria-current") == Some("page"))
        .collect();
    assert_eq!(here.len(), 1);
    assert_eq!(attribute(here[0], "href"), Some("/b1"));
    assert!(page.contains("to do"), "the badge says what it counts");
}

#[test]
fn the_narrow_menu_needs_no_script() {
    let page = office();
    let menu = page.find("<details class=\"xj-menu\">").unwrap();
    let body = page.find("<div class=\"xj-side-body\">").unwrap();
    assert!(menu < body, "the menu comes before what it opens");
    assert_eq!(
        tags(&page, "nav")
            .iter()
            .filter(|nav| attribute(nav, "aria-label") == Some("N"))
            .count(),
        1
    );
}

#[test]
fn the_watermark_is_drawn_and_not_read() {
    let page = office();
    let drawing = tags(&page, "svg")
        .into_iter()
        .find(|svg| svg.contains("xj-watermark"))
        .unwrap();
    assert_eq!(attribute(drawing, "aria-hidden"), Some("true"));
    assert!(page.contains("somebody"));
    assert!(!plain().contains("xj-watermark"));
}

#[test]
fn the_main_button_of_a_phone_page_is_in_main() {
    let page = phone(None);
    let (bar, end) = (
        page.find("xj-bottom\"").unwrap(),
        page.find("</main>").unwrap(),
    );
    assert!(bar < end);
}

#[test]
fn a_sheet_carries_what_identifies_it() {
    let page = html(|| {
        view! {
            <PrintShell
                school="S"
                title="T"
                meta=vec![("code".into(), "7F3K".into())]
                foot=view! { <SignatureLine labels=vec!["a".into(), "b".into()]/> <SealBox text="seal" date="date"/> }
            >
                <DataTable caption="C" always_table=true columns=vec![Column::new("x")] rows=vec![Row::new().cell("1")]/>
            </PrintShell>
        }
        .into_any()
    });
    assert_well_formed(&page);
    for word in ["S", "T", "7F3K", "seal", "date"] {
        assert!(page.contains(word), "{word} in {page}");
    }
    assert_eq!(page.matches("xj-sign-rule").count(), 2);
    assert!(!page.contains("xj-cards"), "a sheet stays a table");
}

#[test]
fn slips_are_items_of_a_list() {
    let page = html(|| {
        let slips = (0..3)
            .map(|number| {
                let modules = Modules::new(21, |row, column| (row + column) % 2 == 0);
                Slip::new("head", format!("person {number}"))
                    .facts(vec![Fact::new("no", "1")])
                    .code(view! { <QrCode label="code" modules=modules/> })
            })
            .collect();
        view! { <SlipSheet label="L" slips=slips/> }.into_any()
    });
    assert_well_formed(&page);
    assert_eq!(tags(&page, "li").len(), 3);
    assert_eq!(
        tags(&page, "svg")
            .iter()
            .filter(|svg| attribute(svg, "role") == Some("img"))
            .count(),
        3
    );
}

/// A student with nothing to do has no empty bar over the page.
#[test]
fn an_optional_view_that_is_none_leaves_no_box() {
    assert!(Slot::from(None::<AnyView>).is_empty());
    assert!(!Slot::from(Some(view! { "b" }.into_any())).is_empty());
    assert!(!Slot::from("a").is_empty());
    // Whatever kind of view may be there: not only one whose type is erased.
    assert!(Slot::from(false.then(|| view! { <b>"b"</b> })).is_empty());
    assert!(!Slot::from(true.then(|| view! { <b>"b"</b> })).is_empty());
    assert!(Slot::from(None::<&str>).is_empty());
}
