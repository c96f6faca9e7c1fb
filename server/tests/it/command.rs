//! The program itself, as the IT Centre runs it: each test has an installation of its own.

pub mod admission;
mod answers;
mod audit;
mod backup;
mod demo;
mod fresh;
mod help;
mod installation;
mod keys;
mod operator;
mod parser;
mod refusals;
mod restore;
mod serving;
mod site;
