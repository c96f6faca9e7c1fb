//! Behaviour of the domain, room by room.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod assign;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod handover;
#[cfg(test)]
mod institution;
#[cfg(test)]
mod list;
#[cfg(test)]
mod machines;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod organisation_advice;
#[cfg(test)]
mod organisation_changes;
#[cfg(test)]
mod parameters;
#[cfg(test)]
mod person;
#[cfg(test)]
mod student;
#[cfg(test)]
mod text;
