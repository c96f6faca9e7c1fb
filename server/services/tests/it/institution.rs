//! Room `institution`: signing in, activation, posts, parameters, the organisation.

mod account;
mod activation;
mod administrators;
mod code;
mod crowd;
mod operator;
mod operator_factor;
pub mod organisation;
mod organisation_changes;
mod own_page;
mod parameter;
mod password;
pub mod school;
mod second_factor;
mod sign_in;
mod slips;
mod staff_account;
mod switching;
mod values;
