//! What a property may hold: a piece of page, or an optional text.

use std::borrow::Cow;

use leptos::prelude::*;

/// A place in a component that takes any view, or nothing.
///
/// Views and texts convert into it, and options of them, so a page writes `actions=view! { … }`, `text="…"` or hands over
/// what may not be there as it stands. The default is empty and leaves no element behind.
#[derive(Default)]
pub struct Slot(Option<AnyView>);

impl Slot {
    /// Nothing to show.
    #[must_use]
    pub fn empty() -> Self {
        Self(None)
    }

    /// Whether nothing was put in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The view, if any.
    #[must_use]
    pub fn into_inner(self) -> Option<AnyView> {
        self.0
    }

    /// Wraps the view with `wrap`; an empty slot stays nothing.
    pub fn map<V>(self, wrap: impl FnOnce(AnyView) -> V) -> Option<AnyView>
    where
        V: IntoView + 'static,
    {
        self.0.map(|inner| wrap(inner).into_any())
    }
}

impl From<AnyView> for Slot {
    fn from(view: AnyView) -> Self {
        Self(Some(view))
    }
}

impl<V> From<View<V>> for Slot
where
    View<V>: IntoAny,
{
    fn from(view: View<V>) -> Self {
        Self(Some(view.into_any()))
    }
}

impl From<String> for Slot {
    fn from(text: String) -> Self {
        Self(Some(text.into_any()))
    }
}

impl From<&'static str> for Slot {
    fn from(text: &'static str) -> Self {
        Self(Some(text.into_any()))
    }
}

/// A page hands over an optional view as it stands: none is an empty slot, not a box around nothing.
impl<T: Into<Slot>> From<Option<T>> for Slot {
    fn from(perhaps: Option<T>) -> Self {
        perhaps.map_or_else(Self::empty, Into::into)
    }
}

/// A text that may be absent; an empty text counts as absent.
///
/// Converts from `&str`, `String` and from options of them, so that a page can hand over
/// `errors.get("name")` as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Option<String>);

impl Text {
    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The text, if any.
    #[must_use]
    pub fn into_inner(self) -> Option<String> {
        self.0
    }

    /// Wraps the text with `wrap`; no text stays nothing.
    pub fn map<V>(self, wrap: impl FnOnce(String) -> V) -> Option<V> {
        self.0.map(wrap)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Some(text).filter(|text| !text.is_empty()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Cow<'_, str>> for Text {
    fn from(text: Cow<'_, str>) -> Self {
        text.into_owned().into()
    }
}

impl<T: Into<Text>> From<Option<T>> for Text {
    fn from(text: Option<T>) -> Self {
        text.map_or_else(Self::default, Into::into)
    }
}

/// A word beside a text: a term and its explanation, a label and its value.
pub struct Line {
    /// The term.
    pub label: String,
    /// What is said about it.
    pub text: Slot,
}

impl Line {
    /// A line that says `text` under `label`.
    pub fn new(label: impl Into<String>, text: impl Into<Slot>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
        }
    }
}
