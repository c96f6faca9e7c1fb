//! The program `xj`: settings, HTTP, sessions, the worker, and the commands of the IT Centre.

pub mod child;
pub mod command;
pub mod http;
pub mod logging;
pub mod settings;

/// A page is made of thousands of small pieces of memory on every thread; what the system's allocator takes for them is felt
/// in each (ADR 0062).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
