//! Temporary.
#[cfg(test)]
mod institution;
