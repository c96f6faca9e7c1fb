//! Behaviour of the domain, room by room.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod person;
