use leptos::prelude::*;

use crate::slot::{Slot, Text};

/// A sheet of A4: head with school, title and what identifies the print; pages are numbered in print.
///
/// `<PrintShell school="…" title="…" meta=vec![("…".into(), "…".into())] toolbar=view! { … } foot=view! { … }>…</PrintShell>`
#[component]
pub fn PrintShell(
    /// The school's name.
    #[prop(into)]
    school: String,
    /// The form's title.
    #[prop(into)]
    title: String,
    /// Label and value: class, printed at, verification code.
    #[prop(optional)]
    meta: Vec<(String, String)>,
    /// On the screen only: how to print, the way back.
    #[prop(optional, into)]
    toolbar: Slot,
    /// Wider than high.
    #[prop(optional)]
    landscape: bool,
    /// After the last row: signatures and seal.
    #[prop(optional, into)]
    foot: Slot,
    /// Who looks, and when.
    #[prop(optional, into)]
    watermark: Text,
    /// Usually a [`DataTable`](crate::data_table::DataTable) that is always a table.
    children: Children,
) -> impl IntoView {
    let meta = (!meta.is_empty()).then(|| {
        let lines = meta
            .into_iter()
            .map(|(label, value)| view! { <div><dt>{label}</dt> <dd>{value}</dd></div> })
            .collect_view();
        view! { <dl class="xj-sheet-meta">{lines}</dl> }
    });
    view! {
        <div class=if landscape { "xj-paper xj-paper-landscape" } else { "xj-paper" }>
            {toolbar.map(|toolbar| view! { <header class="xj-paper-tools">{toolbar}</header> })}
            <main class="xj-sheet" id="content">
                <header class="xj-sheet-head">
                    <p class="xj-sheet-school">{school}</p>
                    <h1 class="xj-sheet-title">{title}</h1>
                    {meta}
                </header>
                {children()}
                {foot.map(|foot| view! { <div class="xj-sheet-foot">{foot}</div> })}
            </main>
            {watermark.map(|text| view! { <super::Watermark text/> })}
        </div>
    }
}

/// The lines to sign on.
///
/// `<SignatureLine labels=vec!["…".into(), "…".into()]/>`
#[component]
pub fn SignatureLine(
    /// Who signs, from left to right.
    labels: Vec<String>,
) -> impl IntoView {
    let lines = labels
        .into_iter()
        .map(|label| view! { <li><span>{label}</span> <span class="xj-sign-rule"></span></li> })
        .collect_view();
    view! { <ul class="xj-sign">{lines}</ul> }
}

/// The place of the seal.
///
/// `<SealBox text="…" date="…"/>`
#[component]
pub fn SealBox(
    /// Which seal.
    #[prop(into)]
    text: String,
    /// The date to fill in.
    #[prop(into)]
    date: String,
) -> impl IntoView {
    view! {
        <div class="xj-seal">
            <p>{text}</p>
            <p>{date}</p>
        </div>
    }
}
