//! HTTP: the accept loop, layers, sessions, pages, operations and files.

pub mod accept;
pub mod api;
mod compress;
mod cross_site;
pub mod files;
pub mod fonts;
pub mod gate;
pub mod headers;
pub mod health;
pub mod metrics;
pub mod notice;
pub mod pages;
pub mod router;
pub mod sessions;

pub use router::router;
