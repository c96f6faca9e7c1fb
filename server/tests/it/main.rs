//! Tests of the program: one binary.

#[cfg(test)]
mod accept;
#[cfg(test)]
mod activation;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod command;
#[cfg(test)]
mod entrances;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod floor;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod handover_page;
#[cfg(test)]
mod hangup;
mod headers;
#[cfg(test)]
mod house;
#[cfg(test)]
mod imports_page;
#[cfg(test)]
mod incidents;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod look;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod own_page;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod personal;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod record_page;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod reissues;
#[cfg(test)]
#[path = "../../benches/figures/report.rs"]
mod report;
#[cfg(test)]
mod school_pages;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setbacks;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod shared_sample;
#[cfg(test)]
mod student_days;
#[cfg(test)]
mod suspended;
#[cfg(test)]
mod undo_page;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod ways;
#[cfg(test)]
mod wechat;
#[cfg(test)]
mod wish;
#[cfg(test)]
mod words;
