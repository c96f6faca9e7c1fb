//! Tests of the program: one binary.

#[cfg(test)]
mod command;
#[cfg(test)]
mod entrances;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod house;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod settings;
