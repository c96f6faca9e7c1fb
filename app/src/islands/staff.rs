//! Islands of the offices.

use leptos::prelude::*;
use ui::chart::grouped;
use ui::live_progress::LiveProgress;

/// The progress of an import, asked for every two seconds until the import has moved on; then the page is loaded anew.
/// Without a script the server's figures stand and the page's own link reloads them.
#[island]
pub fn ImportProgress(
    /// The university's address.
    tenant: String,
    /// The import.
    import: String,
    /// What the bar is called.
    label: String,
    /// Rows done when the page was made.
    done: i32,
    /// Rows in all; 0 while the file is read.
    total: i32,
    /// English rather than Chinese.
    english: bool,
) -> impl IntoView {
    let figures = RwSignal::new((done, total));
    let path = format!("/{tenant}/admission/imports/{import}");
    follow(tenant, import, figures);
    let text = Signal::derive(move || {
        let (done, total) = figures.get();
        match (total, english) {
            (0, false) => "正在读取文件".to_owned(),
            (0, true) => "Reading the file".to_owned(),
            (_, false) => format!("{} / {} 行", rows(done), rows(total)),
            (_, true) => format!("{} of {} rows", rows(done), rows(total)),
        }
    });
    // Without a value the bar says that it does not know yet.
    let value = Signal::derive(move || {
        let (done, total) = figures.get();
        (total > 0).then_some(u64::from(done.unsigned_abs()))
    });
    let max = Signal::derive(move || u64::from(figures.get().1.unsigned_abs()).max(1));
    let again = if english { "Reload" } else { "刷新" };
    view! {
        <LiveProgress label=label value=value max=max text=text action=view! { <a class="xj-link" href=path>{again}</a> }/>
    }
}

/// Rows as every count on the pages is written.
fn rows(count: i32) -> String {
    grouped(u64::from(count.unsigned_abs()))
}

/// Whether a refusal of the figures stands however often they are asked for.
pub fn is_over(code: &str) -> bool {
    matches!(
        code,
        "not_signed_in" | "sign_in" | "not_found" | "wrong_office" | "enrol_first"
    )
}

#[cfg(feature = "hydrate")]
use watch::follow;

/// On the server the page is made once: there is nothing to follow.
#[cfg(not(feature = "hydrate"))]
fn follow(tenant: String, import: String, figures: RwSignal<(i32, i32)>) {
    drop((tenant, import, figures));
}

#[cfg(feature = "hydrate")]
mod watch {
    use super::is_over;
    use leptos::prelude::*;
    use std::time::Duration;

    /// How often the figures are asked for.
    const EVERY: Duration = Duration::from_secs(2);

    pub fn follow(tenant: String, import: String, figures: RwSignal<(i32, i32)>) {
        set_timeout(move || ask(tenant, import, figures), EVERY);
    }

    fn ask(tenant: String, import: String, figures: RwSignal<(i32, i32)>) {
        leptos::task::spawn_local(async move {
            match crate::ops::admission::import_progress(tenant.clone(), import.clone()).await {
                Ok(Some(now)) => {
                    figures.set(now);
                    follow(tenant, import, figures);
                }
                Ok(None) => {
                    let reloaded = window().location().reload();
                    debug_assert!(reloaded.is_ok());
                }
                // Whoever is signed out, or may not see it any more, is told so by the next page; asking on would not help.
                Err(error) if is_over(&error.code) => {}
                // The network may come back.
                Err(_) => follow(tenant, import, figures),
            }
        });
    }
}
