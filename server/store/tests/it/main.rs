//! The store's tests.

#[cfg(test)]
mod bulk;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod chain_tamper;
#[cfg(test)]
mod chain_twin;
#[cfg(test)]
mod checkpoint;
#[cfg(test)]
mod control;
#[cfg(test)]
mod database;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod merkle;
#[cfg(test)]
mod school;
#[cfg(test)]
mod seal;
#[cfg(test)]
mod testkit;
#[cfg(test)]
mod unit_of_work;
#[cfg(test)]
mod whole;
#[cfg(test)]
mod work;
