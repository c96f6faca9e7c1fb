//! The store's tests.

#[cfg(test)]
mod chain;
#[cfg(test)]
mod chain_tamper;
#[cfg(test)]
mod chain_twin;
#[cfg(test)]
mod checkpoint;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod merkle;
#[cfg(test)]
mod seal;
#[cfg(test)]
mod testkit;
