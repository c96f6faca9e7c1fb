//! What people see: shell, routes, pages, islands, operations.
//!
//! Pages are complete on the server; the browser runs islands only. A page reads through [`cx`], an operation answers
//! through [`op`]; nothing here names the database.

pub mod islands;
pub mod op;

#[cfg(feature = "ssr")]
pub mod cx;
#[cfg(feature = "ssr")]
pub mod draft;
#[cfg(feature = "ssr")]
pub mod frame;
pub mod ops;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod told;
#[cfg(feature = "ssr")]
pub mod wish;
