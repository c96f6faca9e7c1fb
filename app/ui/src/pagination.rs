//! Pages of a list; the page lives in the URL.

use leptos::prelude::*;

use crate::icon::{Stroke, StrokeIcon};

/// The pages that are offered around the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    current: u32,
    last: u32,
    links: Vec<Option<(u32, String)>>,
    previous: Option<String>,
    next: Option<String>,
}

impl Pages {
    /// Pages `1..=last` with `current` shown; `href` gives the address of a page.
    ///
    /// Always offers the first, the last and two neighbours; a gap stands for the rest. Numbers out
    /// of range are brought into it.
    pub fn new(current: u32, last: u32, href: impl Fn(u32) -> String) -> Self {
        let last = last.max(1);
        let current = current.clamp(1, last);
        let near = |page: u32| page == 1 || page == last || page.abs_diff(current) <= 2;
        let mut links: Vec<Option<(u32, String)>> = Vec::new();
        let from = current.saturating_sub(3).max(1);
        let to = current.saturating_add(3).min(last);
        for page in std::iter::once(1)
            .chain(from.max(2)..=to)
            .chain((to < last).then_some(last))
        {
            let only_one_left_out = page == 2 || page + 1 == last;
            if near(page) || only_one_left_out {
                links.push(Some((page, href(page))));
            } else {
                links.push(None);
            }
        }
        Self {
            current,
            last,
            links,
            previous: (current > 1).then(|| href(current - 1)),
            next: (current < last).then(|| href(current + 1)),
        }
    }

    /// The numbers offered, `None` for a gap.
    #[must_use]
    pub fn numbers(&self) -> Vec<Option<u32>> {
        self.links
            .iter()
            .map(|link| link.as_ref().map(|(page, _)| *page))
            .collect()
    }
}

/// What part of the list is seen, and the way to the other parts.
///
/// `<Pagination label="…" summary="…" previous="…" next="…" pages=Pages::new(1, 25, |n| format!("?page={n}"))/>`
#[component]
pub fn Pagination(
    /// Name of the navigation, for readers.
    #[prop(into)]
    label: String,
    /// Which rows of how many.
    #[prop(into)]
    summary: String,
    /// Word for the previous page.
    #[prop(into)]
    previous: String,
    /// Word for the next page.
    #[prop(into)]
    next: String,
    /// The pages.
    pages: Pages,
) -> impl IntoView {
    let Pages {
        current,
        last,
        links,
        previous: back,
        next: forward,
    } = pages;
    let numbers = links
        .into_iter()
        .map(|link| match link {
            Some((page, href)) => {
                let here = (page == current).then_some("page");
                view! { <li><a class="xj-page" href=href aria-current=here>{page}</a></li> }
                    .into_any()
            }
            None => view! { <li aria-hidden="true">"…"</li> }.into_any(),
        })
        .collect_view();
    let step = |href: Option<String>, word: String, stroke: Stroke, rel: &'static str| {
        href.map(|href| {
            view! {
                <li>
                    <a class="xj-page" href=href rel=rel aria-label=word>
                        <StrokeIcon stroke/>
                    </a>
                </li>
            }
        })
    };
    let links = (last > 1).then(|| {
        view! {
            <nav aria-label=label>
                <ul class="xj-pages">
                    {step(back, previous, Stroke::Back, "prev")}
                    {numbers}
                    {step(forward, next, Stroke::Forward, "next")}
                </ul>
            </nav>
        }
    });
    view! {
        <div class="xj-pagination">
            <p>{summary}</p>
            {links}
        </div>
    }
}
