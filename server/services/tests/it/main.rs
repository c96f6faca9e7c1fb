//! The use cases and the jobs, on both databases.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod counting;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod institution;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod litter;
#[cfg(test)]
mod records;
#[cfg(test)]
mod schools;
#[cfg(test)]
mod worker;
