//! The program `xj`: settings, HTTP, sessions, the worker, and the commands of the IT Centre.

pub mod child;
pub mod command;
pub mod http;
pub mod logging;
pub mod settings;
