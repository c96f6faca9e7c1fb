//! Files: bytes in, bytes out. DBF tables, admission packages, worksheets, csv, photos, QR codes.
//!
//! Files from users are hostile: everything here is written to be run by the parser child ([`child`]) under limits that
//! its parent sets, and checks absolute sizes before it allocates. No clock; no personal data in errors.

pub mod archive;
pub mod child;
pub mod dbf;
pub mod fuzz;
pub mod gb18030;
mod guard;
pub mod message;
pub mod package;
pub mod photos;
pub mod qr;
pub mod repair;
#[cfg(feature = "sample")]
pub mod sample;
pub mod table;
pub mod workbook;
