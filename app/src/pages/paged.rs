//! Lists that are there as a whole and shown page by page: no page is without bound.

use super::say;
use crate::cx::Cx;
use leptos::prelude::*;
use ui::prelude::*;

/// Lines of one page.
const LINES: usize = 50;

/// The page that a list is open at, from 1.
pub fn page_number(cx: Cx) -> u32 {
    let asked = cx.query("page").and_then(|page| page.parse().ok());
    asked.unwrap_or(1).max(1)
}

/// The last page of a list.
pub fn last_page(total: u64, per_page: u64) -> u32 {
    u32::try_from(total.div_ceil(per_page).max(1)).unwrap_or(u32::MAX)
}

/// What is seen of a list, and the way to its other pages; `href` gives the address of a page.
pub fn pager(
    cx: Cx,
    (page, last): (u32, u32),
    summary: String,
    href: impl Fn(u32) -> String,
) -> AnyView {
    let pages = Pages::new(page, last, href);
    view! {
        <Pagination label=cx.pick("翻页", "Pages") summary=summary previous=cx.pick("上一页", "Previous") next=cx.pick("下一页", "Next") pages=pages/>
    }
    .into_any()
}

/// The address of a page of a list whose address may have other pairs.
pub fn page_of(href: &str, page: u32) -> String {
    let join = if href.contains('?') { '&' } else { '?' };
    format!("{href}{join}page={page}")
}

/// One page of a list.
pub struct Paged<'a, T> {
    /// The lines that are shown.
    pub lines: &'a [T],
    /// Which page it is, from 1.
    pub page: u32,
    last: u32,
    total: u64,
}

impl<'a, T> Paged<'a, T> {
    /// The page that the address asks for; else the one with the line that `sought` finds, for whoever is led back to
    /// it; else the first.
    pub fn of(cx: Cx, all: &'a [T], sought: impl Fn(&T) -> bool) -> Self {
        let last = last_page(all.len() as u64, LINES as u64);
        let holds = |at: usize| u32::try_from(at / LINES + 1).unwrap_or(1);
        let page = match cx.query("page") {
            Some(_) => page_number(cx),
            None => all.iter().position(sought).map_or(1, holds),
        };
        let page = page.min(last);
        let lines = all.chunks(LINES).nth(page.saturating_sub(1) as usize);
        Self {
            lines: lines.unwrap_or_default(),
            page,
            last,
            total: all.len() as u64,
        }
    }

    /// The way to the other pages; `href` is the list's address with its other pairs.
    pub fn footer(&self, cx: Cx, href: &str) -> AnyView {
        let total = say::number(self.total);
        let summary = match cx.lang {
            domain::text::Lang::Zh => {
                format!("共 {total} 条，第 {} / {} 页", self.page, self.last)
            }
            domain::text::Lang::En => {
                format!("{total} lines, page {} of {}", self.page, self.last)
            }
        };
        pager(cx, (self.page, self.last), summary, |n| page_of(href, n))
    }
}
