//! Tests of the program: one binary.

#[cfg(test)]
mod command;
#[cfg(test)]
mod entrances;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod floor;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod house;
#[cfg(test)]
mod policy;
#[cfg(test)]
#[path = "../../benches/figures/report.rs"]
mod report;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod uploads;
