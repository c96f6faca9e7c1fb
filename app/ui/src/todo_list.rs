//! What waits for the reader, grouped by what it blocks.

use leptos::prelude::*;

use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// One thing to do.
pub struct Todo {
    title: String,
    href: String,
    count: Text,
    text: Text,
    deadline: Text,
    remaining: Text,
    tone: Tone,
}

impl Todo {
    /// A task that is done at `href`.
    pub fn new(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            href: href.into(),
            count: Text::default(),
            text: Text::default(),
            deadline: Text::default(),
            remaining: Text::default(),
            tone: Tone::Neutral,
        }
    }

    /// How many, as it shall be read.
    #[must_use]
    pub fn count(mut self, count: impl Into<Text>) -> Self {
        self.count = count.into();
        self
    }

    /// One more line.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.text = text.into();
        self
    }

    /// Date with weekday, and the time left; `tone` colours the time left.
    #[must_use]
    pub fn deadline(
        mut self,
        deadline: impl Into<Text>,
        remaining: impl Into<Text>,
        tone: Tone,
    ) -> Self {
        self.deadline = deadline.into();
        self.remaining = remaining.into();
        self.tone = tone;
        self
    }

    fn render(self) -> AnyView {
        let tone = self.tone.class();
        view! {
            <li class="xj-todo">
                <span class="xj-todo-count xj-num">{self.count.into_inner()}</span>
                <div class="xj-todo-main">
                    <a class="xj-todo-title" href=self.href>{self.title}</a>
                    {self.text.map(|text| view! { <p class="xj-todo-text">{text}</p> })}
                </div>
                <div class="xj-todo-due">
                    {self.remaining.map(|left| view! { <b class=format!("xj-tone {tone}")>{left}</b> })}
                    {self.deadline.map(|date| view! { <span>{date}</span> })}
                </div>
            </li>
        }
        .into_any()
    }
}

/// The tasks that block the same thing.
pub struct TodoGroup {
    title: String,
    note: Text,
    items: Vec<Todo>,
}

impl TodoGroup {
    /// `title` says what the tasks block.
    pub fn new(title: impl Into<String>, items: Vec<Todo>) -> Self {
        Self {
            title: title.into(),
            note: Text::default(),
            items,
        }
    }

    /// A remark beside the title.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = note.into();
        self
    }

    fn render(self) -> AnyView {
        view! {
            <section class="xj-todo-group">
                <div class="xj-todo-head">
                    <h2 class="xj-h2">{self.title}</h2>
                    {self.note.map(|note| view! { <span class="xj-muted">{note}</span> })}
                </div>
                <ul>{self.items.into_iter().map(Todo::render).collect_view()}</ul>
            </section>
        }
        .into_any()
    }
}

/// The groups in order; `empty` when there is nothing left to do.
///
/// `<TodoList groups=vec![TodoGroup::new("…", vec![Todo::new("…", "/…").count("12")])]/>`
#[component]
pub fn TodoList(
    /// The groups.
    groups: Vec<TodoGroup>,
    /// Shown when there is no group.
    #[prop(optional, into)]
    empty: Slot,
) -> impl IntoView {
    if groups.is_empty() {
        return empty.into_inner().into_any();
    }
    view! { <div class="xj-todos">{groups.into_iter().map(TodoGroup::render).collect_view()}</div> }
        .into_any()
}
