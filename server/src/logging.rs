//! Logs to standard error, as text or JSON. Requests are logged by route, never by address with values in it.

use crate::settings::{LogForm, Settings};
use std::io::IsTerminal;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// The crates of this program: only they may be asked for more than `info`.
const OWN: [&str; 6] = ["app", "domain", "formats", "server", "services", "store"];

/// What libraries say below `info` has addresses in it, and addresses carry values.
fn harmless(event: &Metadata<'_>) -> bool {
    let library = || event.target().split("::").next().unwrap_or_default();
    *event.level() <= Level::INFO || OWN.contains(&library())
}

/// What of everything that is said comes into the log, for the directives of `RUST_LOG`. Statements of the database never do:
/// they carry values.
pub fn sieve<S: Subscriber>(directives: &str) -> impl Layer<S> + use<S> {
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"));
    let quiet = ["sqlx=warn", "sea_orm=warn"]
        .into_iter()
        .filter_map(|d| d.parse().ok());
    let filter = quiet.fold(filter, EnvFilter::add_directive);
    Layer::<S>::and_then(filter, filter_fn(harmless))
}

/// Begins logging.
pub fn begin(settings: &Settings) {
    let registry = tracing_subscriber::registry().with(sieve(&settings.filter));
    let begun = match settings.log {
        LogForm::Text => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(std::io::stderr().is_terminal()),
            )
            .try_init(),
        LogForm::Json => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    };
    if begun.is_err() {
        tracing::debug!("logging was begun before");
    }
}

/// From now on panics are told with the rest of the log, in its form: where it was, and no more, since the message may quote
/// what was typed.
pub fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic");
    }));
}
