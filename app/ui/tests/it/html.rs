//! A small reader of the HTML that components write.

use leptos::prelude::*;

/// The HTML of a view, as the server writes it, without the markers between nodes.
///
/// Panics when it holds a script or an inline style, which the content security policy forbids.
pub fn html(view: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new();
    let text = owner.with(|| view().to_html_branching());
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("<!") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[rest.find('>').expect("a marker ends") + 1..];
    }
    plain.push_str(rest);
    assert!(!plain.contains("<script"), "{plain}");
    for tag in plain.split('<').filter_map(|piece| piece.split('>').next()) {
        assert_eq!(attribute(tag, "style"), None, "{tag}");
    }
    plain
}

/// The opening tags called `name`, in order.
pub fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    html.match_indices(&open)
        .map(|(at, _)| &html[at..])
        .filter(|rest| rest[open.len()..].starts_with([' ', '>', '/']))
        .map(|rest| &rest[..=rest.find('>').unwrap()])
        .collect()
}

/// The value of `attribute` in an opening tag.
pub fn attribute<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    let open = format!(" {attribute}=\"");
    let from = tag.find(&open)? + open.len();
    Some(&tag[from..from + tag[from..].find('"')?])
}

/// Every id in `html`.
pub fn ids(html: &str) -> Vec<&str> {
    html.match_indices(" id=\"")
        .map(|(at, open)| &html[at + open.len()..])
        .map(|rest| &rest[..rest.find('"').unwrap()])
        .collect()
}

/// Panics unless tags are closed in the order they were opened, and no id is written twice.
pub fn assert_well_formed(html: &str) {
    const VOID: [&str; 4] = ["input", "img", "br", "hr"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closing </{name}> in {html}");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap();
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?} in {html}");
    let mut seen = ids(html);
    seen.sort_unstable();
    let count = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), count, "an id twice in {html}");
}
