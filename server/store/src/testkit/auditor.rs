//! Reads along: every statement on a table of the universities must name the tenant, in every part of it.
//!
//! SQLite has no row-level security, and on PostgreSQL this is the first of two walls.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

/// What a bed's store asked the database for.
#[derive(Debug, Default)]
pub struct Auditor {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    statements: HashSet<String>,
    faults: BTreeSet<String>,
}

impl Auditor {
    /// Takes a statement down.
    pub fn note(&self, sql: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.statements.contains(sql) {
            return;
        }
        if let Some(fault) = fault(sql) {
            seen.faults.insert(format!("{fault}: {sql}"));
        }
        seen.statements.insert(sql.to_owned());
    }

    /// The statements so far, each once, in no order.
    pub fn statements(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.statements.iter().cloned().collect()
    }

    /// The statements that could reach another university.
    pub fn faults(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.faults.iter().cloned().collect()
    }
}

/// What is wrong with a statement: a table of the universities without `tenant_id` in the columns of an insert, or
/// without `tenant_id = …` in the condition of the query (or part of a query) that names it. Lists of values (`unnest`) are no
/// table. Tables may be bound to each
/// other, as long as one of them is bound to a value; a column that is compared with itself binds nothing.
pub fn fault(sql: &str) -> Option<String> {
    let mut tokens = tokens(sql).into_iter();
    let mut faults = Vec::new();
    block(&mut tokens, &mut faults);
    faults.into_iter().next()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Open,
    Close,
    Comma,
    Equals,
    Dot,
    Other,
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        let token = match c {
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '=' => Token::Equals,
            '.' => Token::Dot,
            '\'' => {
                while chars.next().is_some_and(|c| c != '\'') {}
                Token::Other
            }
            '"' => Token::Word(chars.by_ref().take_while(|c| *c != '"').collect()),
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                Token::Word(word)
            }
            c if c.is_whitespace() => continue,
            _ => Token::Other,
        };
        tokens.push(token);
    }
    tokens
}

/// One query: the statement, or a select in brackets inside it.
#[derive(Default)]
struct Query {
    /// The table that rows go into.
    target: Option<String>,
    tables: Vec<String>,
    /// Names and aliases of the tables, upper case.
    names: BTreeSet<String>,
    tenant_column: bool,
    /// Conditions that bind a table to a value, or to a table of the query around this one.
    bound: usize,
    /// Conditions that bind a table of this query to another one of it: their names.
    linked: Vec<[Option<String>; 2]>,
    loose: bool,
}

impl Query {
    fn fault(&self) -> Option<String> {
        if let Some(target) = &self.target
            && !self.tenant_column
        {
            return Some(format!("an insert into {target} without tenant_id"));
        }
        let first = self.tables.first()?;
        let inside =
            |name: &Option<String>| name.as_ref().is_none_or(|name| self.names.contains(name));
        let (links, outwards): (Vec<_>, Vec<_>) = self
            .linked
            .iter()
            .filter(|[left, right]| left != right)
            .partition(|[left, right]| inside(left) && inside(right));
        let bound = self.bound + outwards.len();
        if bound == 0 || bound + links.len() < self.tables.len() {
            return Some(format!("{first} without tenant_id in its condition"));
        }
        self.loose
            .then(|| format!("{first} with an OR beside the tenant"))
    }

    /// What stands right of `tenant_id =`.
    fn compare(&mut self, left: Option<String>, right: &[Token]) {
        match right {
            [Token::Word(name), Token::Dot, Token::Word(column), ..] => {
                if column.eq_ignore_ascii_case("tenant_id") {
                    self.linked.push([left, Some(name.to_uppercase())]);
                }
            }
            [Token::Word(column), ..] if column.eq_ignore_ascii_case("tenant_id") => {
                self.linked.push([left, None]);
            }
            [Token::Word(word), ..] if !word.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ => self.bound += 1,
        }
    }
}

fn block(tokens: &mut std::vec::IntoIter<Token>, faults: &mut Vec<String>) {
    let mut query = Query::default();
    let mut depth = 0_u32;
    let mut condition = false;
    let mut table_next = false;
    let mut into_next = false;
    let mut name_next = false;
    let mut listing = false;
    let mut columns = false;
    let mut last = String::new();
    let mut qualifier: Option<String> = None;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open if starts_query(tokens) => {
                block(tokens, faults);
                table_next = false;
            }
            Token::Open => depth += 1,
            Token::Close if depth == 0 => break,
            Token::Close => depth -= 1,
            Token::Equals if last == "TENANT_ID" && condition && depth == 0 => {
                query.compare(qualifier.take(), tokens.as_slice());
            }
            Token::Dot => {
                qualifier = Some(std::mem::take(&mut last));
                continue;
            }
            Token::Word(word) => {
                let key = word.to_uppercase();
                match key.as_str() {
                    "WHERE" | "ON" if depth == 0 => condition = true,
                    "GROUP" | "ORDER" | "LIMIT" | "RETURNING" | "CONFLICT" if depth == 0 => {
                        condition = false;
                    }
                    "OR" if depth == 0 && condition => query.loose = true,
                    "VALUES" | "SELECT" => columns = false,
                    "TENANT_ID" => query.tenant_column |= columns,
                    _ => {}
                }
                if name_next && !ENDS_NAME.contains(&key.as_str()) {
                    query.names.insert(key.clone());
                }
                name_next = name_next && key == "AS";
                let values = key == "UNNEST" && tokens.as_slice().first() == Some(&Token::Open);
                if into_next && is_tenant_table(&word) {
                    columns = true;
                    query.target = Some(word);
                } else if table_next && !values && is_tenant_table(&word) {
                    query.names.insert(key.clone());
                    query.tables.push(word);
                    name_next = true;
                }
                let locks = key == "UPDATE" && matches!(last.as_str(), "FOR" | "DO");
                into_next = key == "INTO";
                table_next = matches!(key.as_str(), "FROM" | "JOIN") || key == "UPDATE" && !locks;
                listing = key == "FROM" || listing && !ENDS_LIST.contains(&key.as_str());
                // `table.tenant_id` keeps its table until the comparison.
                if key != "TENANT_ID" {
                    qualifier = None;
                }
                last = key;
                continue;
            }
            Token::Comma => {
                table_next = listing && depth == 0;
                name_next = false;
            }
            Token::Equals | Token::Other => {}
        }
        last.clear();
        qualifier = None;
    }
    faults.extend(query.fault());
}

/// What may follow a table's name and is no alias.
const ENDS_NAME: [&str; 14] = [
    "AS", "WHERE", "ON", "SET", "JOIN", "INNER", "LEFT", "CROSS", "GROUP", "ORDER", "LIMIT", "FOR",
    "USING", "UNION",
];

/// What ends a list of tables after FROM.
const ENDS_LIST: [&str; 7] = ["WHERE", "ON", "SET", "GROUP", "ORDER", "LIMIT", "UNION"];

fn starts_query(tokens: &std::vec::IntoIter<Token>) -> bool {
    matches!(tokens.as_slice().first(), Some(Token::Word(w)) if w.eq_ignore_ascii_case("select"))
}

fn is_tenant_table(name: &str) -> bool {
    let own = migrations::CONTROL_TABLES.contains(&name) || name == "seaql_migrations";
    let system = ["sqlite_", "pg_", "information_schema"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    let keyword = ["SELECT", "SET", "LATERAL"].contains(&name.to_uppercase().as_str());
    !(own || system || keyword)
}
