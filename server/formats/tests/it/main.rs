//! Tests of the file formats.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod child;
#[cfg(test)]
mod dbf;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod generated_package;
#[cfg(test)]
mod package;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod qr;
#[cfg(test)]
mod sample_package;
#[cfg(test)]
mod table;
#[cfg(test)]
mod workbook;
#[cfg(test)]
mod xlsx_bytes;
#[cfg(test)]
mod zip_bytes;
