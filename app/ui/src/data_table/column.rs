use leptos::prelude::*;

use crate::icon::{Stroke, StrokeIcon};

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Not by this column.
    #[default]
    None,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// How much room a column takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// As much as its content.
    #[default]
    Auto,
    /// A code, a short date.
    Narrow,
    /// A sentence; breaks into lines.
    Wide,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    label: String,
    numeric: bool,
    sort: Option<(String, Sort)>,
    width: Width,
    title: bool,
    nowrap: bool,
}

impl Column {
    /// A column headed `label`.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            numeric: false,
            sort: None,
            width: Width::Auto,
            title: false,
            nowrap: false,
        }
    }

    /// Numbers and times: aligned right, figures of equal width.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// The header leads to `href`, which sorts by this column; `sort` is how it is sorted now.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, sort: Sort) -> Self {
        self.sort = Some((href.into(), sort));
        self
    }

    /// How much room.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Heads the card on a phone.
    #[must_use]
    pub fn title(mut self) -> Self {
        self.title = true;
        self
    }

    /// Never broken into lines.
    #[must_use]
    pub fn nowrap(mut self) -> Self {
        self.nowrap = true;
        self
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn class(&self) -> Option<String> {
        let mut names = Vec::new();
        if self.numeric {
            names.push("xj-num");
        }
        match self.width {
            Width::Auto => {}
            Width::Narrow => names.push("xj-narrow"),
            Width::Wide => names.push("xj-wide"),
        }
        if self.title {
            names.push("xj-card-title");
        }
        if self.nowrap {
            names.push("xj-nowrap");
        }
        (!names.is_empty()).then(|| names.join(" "))
    }

    pub(super) fn head(&self) -> AnyView {
        let class = self.class();
        let label = self.label.clone();
        let Some((href, sort)) = self.sort.clone() else {
            return view! { <th scope="col" class=class>{label}</th> }.into_any();
        };
        let (order, stroke) = match sort {
            Sort::None => (None, None),
            Sort::Ascending => (Some("ascending"), Some(Stroke::Ascending)),
            Sort::Descending => (Some("descending"), Some(Stroke::Descending)),
        };
        let class = class.map_or_else(
            || "xj-th-act".to_owned(),
            |class| format!("{class} xj-th-act"),
        );
        view! {
            <th scope="col" class=class aria-sort=order>
                <a class="xj-sort" href=href>
                    {label}
                    {stroke.map(|stroke| view! { <StrokeIcon stroke/> })}
                </a>
            </th>
        }
        .into_any()
    }
}
