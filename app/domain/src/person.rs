//! What identifies a person: ID number, name, candidate number, and how they are hidden from those without a right.

pub mod candidate_number;
pub mod id_number;
pub mod mask;
pub mod name;
#[cfg(feature = "pinyin")]
pub mod pinyin;
