//! The rules of the house that a compiler does not check: which crate may know which, what may be named where.

#[cfg(test)]
mod checkout;
#[cfg(test)]
mod colours;
#[cfg(test)]
mod crates;
#[cfg(test)]
mod domain;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod lock;
#[cfg(test)]
mod manifests;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod places;
#[cfg(test)]
mod program;
