use leptos::prelude::*;

use crate::slot::Text;

/// One entry of the office's navigation, with the entries below it.
#[derive(Clone, Debug)]
pub struct NavItem {
    label: String,
    href: String,
    badge: Text,
    badge_label: Text,
    current: bool,
    items: Vec<NavItem>,
}

impl NavItem {
    /// Leads to `href`.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            badge: Text::default(),
            badge_label: Text::default(),
            current: false,
            items: Vec::new(),
        }
    }

    /// A number at the right, and what it counts, for readers.
    #[must_use]
    pub fn badge(mut self, badge: impl Into<Text>, label: impl Into<Text>) -> Self {
        self.badge = badge.into();
        self.badge_label = label.into();
        self
    }

    /// Whether the page is this entry.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// Entries below; shown while this entry or one of them is current.
    #[must_use]
    pub fn items(mut self, items: Vec<NavItem>) -> Self {
        self.items = items;
        self
    }

    fn holds_current(&self) -> bool {
        self.current || self.items.iter().any(Self::holds_current)
    }

    fn render(self) -> AnyView {
        let open = self.holds_current() && !self.items.is_empty();
        let here = self.current.then_some("page");
        let badge_label = self.badge_label;
        let badge = self.badge.map(|badge| {
            view! {
                <span class="xj-nav-badge xj-num">
                    {badge} {badge_label.map(|label| view! { <span class="xj-sr">{label}</span> })}
                </span>
            }
        });
        let below = open.then(|| nav_list(self.items));
        view! {
            <li>
                <a class="xj-nav-link" href=self.href aria-current=here>
                    <span>{self.label}</span>
                    {badge}
                </a>
                {below}
            </li>
        }
        .into_any()
    }
}

pub(super) fn nav_list(items: Vec<NavItem>) -> AnyView {
    let items = items.into_iter().map(NavItem::render).collect_view();
    view! { <ul class="xj-nav-list">{items}</ul> }.into_any()
}

/// One step of the way from the top to the page.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub(crate) label: String,
    pub(crate) href: Text,
}

impl Crumb {
    /// A step that leads to `href`.
    pub fn new(label: impl Into<String>, href: impl Into<Text>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self::new(label, None::<String>)
    }

    pub(super) fn render(self) -> AnyView {
        match self.href.into_inner() {
            Some(href) => view! { <li><a href=href>{self.label}</a></li> }.into_any(),
            None => view! { <li aria-current="page">{self.label}</li> }.into_any(),
        }
    }
}

/// Which office the reader acts for, and the way to another.
///
/// `<IdentitySwitch before="…" identity="…" after="…"><PostForm …/></IdentitySwitch>`
#[component]
pub fn IdentitySwitch(
    /// Words before.
    #[prop(into)]
    before: String,
    /// Organisation and office.
    #[prop(into)]
    identity: String,
    /// Words after.
    #[prop(optional, into)]
    after: Text,
    /// The other offices as buttons of a form; without them nothing opens.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let line = view! {
        <span>{before} " " <b>{identity}</b> " " {after.into_inner()}</span>
    };
    match children {
        Some(children) => view! {
            <details class="xj-identity">
                <summary>
                    {line} <crate::icon::StrokeIcon stroke=crate::icon::Stroke::Down/>
                </summary>
                <div class="xj-identity-body">{children()}</div>
            </details>
        }
        .into_any(),
        None => view! { <p class="xj-identity">{line}</p> }.into_any(),
    }
}
