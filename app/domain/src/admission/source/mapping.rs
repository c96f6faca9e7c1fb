//! Which column of a worksheet is which field: suggested from the headings, saved per tenant, checked before use.

use super::SourceField;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Heading of a worksheet → field. Headings without a field are not used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnMapping(pub BTreeMap<String, SourceField>);

/// Why a mapping cannot be used with a worksheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Fields without which nobody can be registered (rule V1).
    #[error("no column is assigned to: {}", columns(.0))]
    Missing(Vec<SourceField>),
    /// Two columns for one field.
    #[error("more than one column is assigned to: {}", columns(.0))]
    Repeated(Vec<SourceField>),
}

fn columns(fields: &[SourceField]) -> String {
    fields
        .iter()
        .map(|field| field.column())
        .collect::<Vec<_>>()
        .join(", ")
}

impl ColumnMapping {
    /// Fields that a source must have (rule V1): 考生号, 姓名, 性别, 证件号码.
    pub const REQUIRED: [SourceField; 4] = [
        SourceField::Ksh,
        SourceField::Xm,
        SourceField::Xbdm,
        SourceField::Zjhm,
    ];

    /// The field of each heading of a worksheet, in column order. Of two columns with the same heading the first one
    /// counts.
    ///
    /// # Errors
    /// A required field without a column, or a field with two.
    pub fn resolve(&self, headings: &[String]) -> Result<Vec<Option<SourceField>>, MappingError> {
        let fields = self.fields(headings);
        let mut seen = BTreeSet::new();
        let repeated: BTreeSet<SourceField> = fields
            .iter()
            .flatten()
            .filter(|field| !seen.insert(**field))
            .copied()
            .collect();
        if !repeated.is_empty() {
            return Err(MappingError::Repeated(repeated.into_iter().collect()));
        }
        let missing: Vec<SourceField> = Self::REQUIRED
            .into_iter()
            .filter(|field| !seen.contains(field))
            .collect();
        if missing.is_empty() {
            Ok(fields)
        } else {
            Err(MappingError::Missing(missing))
        }
    }

    /// The field of each heading, without any demand.
    pub fn fields(&self, headings: &[String]) -> Vec<Option<SourceField>> {
        let mut seen = BTreeSet::new();
        headings
            .iter()
            .map(|heading| {
                self.field_of(heading)
                    .filter(|_| seen.insert(heading.trim()))
            })
            .collect()
    }

    /// The mapping that says of each heading, in column order, which field it is. The first one counts where a heading
    /// occurs twice.
    pub fn assign(headings: &[String], fields: &[Option<SourceField>]) -> Self {
        let mut mapping = BTreeMap::new();
        for (heading, field) in headings.iter().zip(fields) {
            if let Some(field) = field {
                mapping.entry(heading.clone()).or_insert(*field);
            }
        }
        Self(mapping)
    }

    fn field_of(&self, heading: &str) -> Option<SourceField> {
        self.0
            .get(heading)
            .or_else(|| self.0.get(heading.trim()))
            .copied()
    }
}

/// Proposes a field for every heading that is a column name, an older name or a usual Chinese heading. A field is
/// proposed once: for the first heading that fits best.
pub fn suggest_mapping(headings: &[String]) -> ColumnMapping {
    let mut mapping = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for field in SourceField::ALL {
        let names = field.columns().chain(field.headings().iter().copied());
        let found =
            names.flat_map(|name| headings.iter().filter(move |heading| key(heading) == name));
        if let Some(heading) = found
            .into_iter()
            .find(|heading| !mapping.contains_key(*heading))
            && taken.insert(field)
        {
            mapping.insert(heading.clone(), field);
        }
    }
    ColumnMapping(mapping)
}

/// A heading without blanks, marks of required columns and bracketed remarks, in upper case.
fn key(heading: &str) -> String {
    let bare = heading
        .split(['(', '（', '[', '【'])
        .next()
        .unwrap_or_default();
    bare.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊' | '：' | ':'))
        .collect::<String>()
        .to_uppercase()
}
