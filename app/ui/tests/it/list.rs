use leptos::prelude::*;
use proptest::prelude::*;
use ui::prelude::*;

use crate::html::{assert_well_formed, attribute, html, tags};

fn columns() -> Vec<Column> {
    vec![
        Column::new("No").sort("?sort=-no", Sort::Ascending),
        Column::new("Name").sort("?sort=name", Sort::None).title(),
        Column::new("Count").numeric(),
    ]
}

fn row(id: usize) -> Row {
    Row::new().cell(id.to_string()).cell("somebody").text("")
}

fn table(rows: usize) -> String {
    html(move || {
        let empty = view! { <EmptyState title="nothing"/> };
        view! {
            <DataTable
                caption="C"
                columns=columns()
                rows=(1..=rows).map(row).collect()
                frozen=Frozen::Two
                empty=empty
            />
        }
        .into_any()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_table_has_head_and_body_whatever_is_in_it(rows in 0_usize..12) {
        let page = table(rows);
        assert_well_formed(&page);
        prop_assert_eq!(tags(&page, "thead").len(), 1);
        prop_assert_eq!(tags(&page, "tbody").len(), 1);
        prop_assert_eq!(tags(&page, "caption").len(), 1);
        prop_assert_eq!(tags(&page, "th").len(), 3);
        prop_assert!(tags(&page, "th").iter().all(|head| attribute(head, "scope") == Some("col")));
        let body = &page[page.find("<tbody").unwrap()..];
        prop_assert_eq!(tags(body, "tr").len(), rows.max(1));
        if rows > 0 {
            prop_assert_eq!(tags(body, "td").len(), rows * 3);
        }
    }

    #[test]
    fn pages_hold_first_current_and_last(current in 0_u32..80, last in 0_u32..80) {
        let pages = Pages::new(current, last, |page| format!("?page={page}"));
        let numbers = pages.numbers();
        let real: Vec<u32> = numbers.iter().flatten().copied().collect();
        let last = last.max(1);
        prop_assert!(real.contains(&1) && real.contains(&last) && real.contains(&current.clamp(1, last)));
        prop_assert!(real.windows(2).all(|pair| pair[0] < pair[1]), "{real:?}");
        prop_assert!(numbers.len() <= 9, "{numbers:?}");
        for (index, number) in numbers.iter().enumerate() {
            let (Some(before), Some(after)) = (index.checked_sub(1).and_then(|at| numbers[at]), numbers.get(index + 1).copied().flatten()) else {
                prop_assert!(number.is_some(), "a gap at an end: {numbers:?}");
                continue;
            };
            if number.is_none() {
                prop_assert!(after - before > 2, "a gap for one page: {numbers:?}");
            }
        }
    }
}

#[test]
fn pages_next_to_each_other_leave_no_hole() {
    for last in 1..30 {
        for current in 1..=last {
            let numbers = Pages::new(current, last, |page| page.to_string()).numbers();
            for pair in numbers.windows(2) {
                if let [Some(before), Some(after)] = pair {
                    assert_eq!(before + 1, *after, "{numbers:?}");
                }
            }
        }
    }
}

#[test]
fn a_sorted_column_says_its_order() {
    let page = table(1);
    let heads = tags(&page, "th");
    assert_eq!(attribute(heads[0], "aria-sort"), Some("ascending"));
    assert_eq!(attribute(heads[1], "aria-sort"), None);
    assert!(
        tags(&page, "a")
            .iter()
            .any(|link| attribute(link, "href") == Some("?sort=-no"))
    );
}

#[test]
fn cells_carry_their_heads_for_cards_and_absent_ones_are_empty() {
    let page = table(1);
    let body = &page[page.find("<tbody").unwrap()..];
    let labels: Vec<_> = tags(body, "td")
        .into_iter()
        .filter_map(|cell| attribute(cell, "data-label"))
        .collect();
    assert_eq!(labels, ["No", "Name", "Count"]);
    assert!(
        body.contains("data-label=\"Count\" class=\"xj-num\"></td>"),
        "{body}"
    );
}

#[test]
fn an_empty_table_says_so_over_its_whole_width() {
    let page = table(0);
    let body = &page[page.find("<tbody").unwrap()..];
    assert_eq!(attribute(tags(body, "td")[0], "colspan"), Some("3"));
    assert!(body.contains("nothing"), "{body}");
}

#[test]
fn a_wide_table_can_be_scrolled_with_keys() {
    let page = table(1);
    let region = tags(&page, "section")
        .into_iter()
        .find(|tag| tag.contains("xj-table-scroll"))
        .unwrap();
    assert_eq!(attribute(region, "tabindex"), Some("0"));
    assert_eq!(attribute(region, "aria-label"), Some("C"));
}

#[test]
fn the_filter_asks_with_get() {
    let page = html(|| {
        view! {
            <FilterBar
                label="F"
                submit="S"
                search=Search::new("q", "name", "x")
                selects=vec![FilterSelect::new("c", "class", vec![Choice::new("", "all").checked(true)])]
                columns=ColumnChooser::new("cols", "columns", vec![Choice::new("a", "A").checked(true)])
                hidden=vec![Hidden::new("sort", "no")]
            />
        }
        .into_any()
    });
    assert_well_formed(&page);
    let form = tags(&page, "form")[0];
    assert_eq!(attribute(form, "method"), Some("get"));
    assert_eq!(attribute(form, "role"), Some("search"));
    assert_eq!(
        attribute(tags(&page, "select")[0], "aria-label"),
        Some("class")
    );
    let names: Vec<_> = tags(&page, "input")
        .into_iter()
        .filter_map(|input| attribute(input, "name"))
        .collect();
    assert_eq!(names, ["sort", "q", "cols"]);
}

#[test]
fn the_current_page_is_named_and_one_page_needs_no_links() {
    let page = |last| {
        html(move || {
            let pages = Pages::new(2, last, |page| format!("?page={page}"));
            view! { <Pagination label="L" summary="S" previous="P" next="N" pages=pages/> }
                .into_any()
        })
    };
    let many = page(9);
    let current: Vec<_> = tags(&many, "a")
        .into_iter()
        .filter(|link| attribute(link, "aria-current") == Some("page"))
        .collect();
    assert_eq!(current.len(), 1);
    assert_eq!(attribute(current[0], "href"), Some("?page=2"));
    assert!(
        many.contains("rel=\"prev\"") && many.contains("rel=\"next\""),
        "{many}"
    );
    assert!(!page(1).contains("<nav"));
}

#[test]
fn the_selected_figure_is_marked_and_leads_to_its_list() {
    let page = html(|| {
        let items = vec![
            Figure::new("all", "9").href("?"),
            Figure::new("open", "4").href("?s=open").selected(true),
        ];
        view! { <Figures label="L" items=items/> }.into_any()
    });
    let links = tags(&page, "a");
    assert_eq!(attribute(links[0], "aria-current"), None);
    assert_eq!(attribute(links[1], "aria-current"), Some("true"));
}

#[test]
fn totals_are_named_where_two_rows_stand_side_by_side_and_absent_without_one() {
    let named = html(|| {
        let items = vec![Figure::new("all", "9")];
        view! { <Figures label="L" named=true items=items/> }.into_any()
    });
    assert!(
        named.contains("aria-hidden=\"true\" class=\"xj-figures-name\">L<"),
        "{named}"
    );
    let none = html(|| view! { <Figures label="L" items=vec![]/> }.into_any());
    assert!(!none.contains('<'), "{none}");
}

#[test]
fn a_view_that_is_absent_leaves_its_cell_empty() {
    let page = html(|| {
        let rows = vec![Row::new().cell("1").cell(None::<&str>).cell(Some("x"))];
        view! { <DataTable caption="C" columns=columns() rows=rows/> }.into_any()
    });
    assert!(
        page.contains("data-label=\"Name\" class=\"xj-card-title\"></td>"),
        "{page}"
    );
    assert!(page.contains("<div>x</div>"), "{page}");
}
