//! Rules that look at more than one candidate: one number in two folders, one document for two persons (rules V5, V8).

use super::folder::{FolderCheck, Judged};
use crate::admission::finding::{Finding, FindingKind as Kind, Place};
use crate::admission::source::SourceField as Field;
use crate::person::name::name_key;
use std::collections::BTreeMap;

/// Folder and place in it.
type At = (usize, usize);
/// Bearers of one name that are compared with each other; no intake has so many.
const NAMESAKES: usize = 200;
/// Others named in the message of one finding.
const NAMED: usize = 3;

/// Judges all folders together. A 考生号 repeated in a later folder takes no part in the search for repeated documents.
pub(super) fn across_folders(folders: &mut [FolderCheck]) {
    for places in groups(folders, |judged| {
        Some(judged.facts.ksh.as_str()).filter(|ksh| !ksh.is_empty())
    }) {
        conflict(folders, &places);
        for at in places.iter().skip(1) {
            change(folders, *at, |judged| judged.repeated = true);
        }
    }
    for places in groups(folders, |judged| {
        judged
            .facts
            .id_number
            .as_deref()
            .filter(|_| !judged.repeated)
    }) {
        for at in &places {
            let others = others(folders, &places, *at);
            change(folders, *at, |judged| {
                judged.report(Kind::DuplicateId, Field::Zjhm, &others);
            });
        }
        if is_one_person(folders, &places) {
            conflict(folders, &places);
        }
    }
    for (one, other) in near_documents(folders) {
        for (at, beside) in [(one, other), (other, one)] {
            let number = get(folders, beside)
                .map(|judged| judged.facts.ksh.clone())
                .unwrap_or_default();
            change(folders, at, |judged| {
                judged.report(Kind::NearDocument, Field::Zjhm, &number);
            });
        }
    }
}

/// Pairs of the same name whose document numbers differ in one character (rule V8).
fn near_documents(folders: &[FolderCheck]) -> Vec<(At, At)> {
    let namesakes = groups(folders, |judged| {
        let named = !judged.facts.name.is_empty() && !judged.repeated;
        (named && judged.facts.id_number.is_some()).then(|| name_key(&judged.facts.name))
    });
    let number = |at: At| get(folders, at).and_then(|judged| judged.facts.id_number.as_deref());
    let mut pairs = Vec::new();
    for places in namesakes.iter().filter(|places| places.len() <= NAMESAKES) {
        for (place, one) in places.iter().enumerate() {
            for other in places.iter().skip(place + 1) {
                let numbers = number(*one).zip(number(*other));
                if numbers.is_some_and(|(a, b)| differ_once(a, b)) {
                    pairs.push((*one, *other));
                }
            }
        }
    }
    pairs
}

fn differ_once(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes()).filter(|(a, b)| a != b);
    one.len() == other.len() && differing.take(2).count() == 1
}

/// Candidates that share a key, in the order of the source.
fn groups<'f, K: Ord>(
    folders: &'f [FolderCheck],
    key: impl Fn(&'f Judged) -> Option<K>,
) -> Vec<Vec<At>> {
    let mut by_key: BTreeMap<K, Vec<At>> = BTreeMap::new();
    for (folder, candidates) in folders.iter().map(|folder| &folder.candidates).enumerate() {
        for (place, judged) in candidates.iter().enumerate() {
            if let Some(key) = key(judged) {
                by_key.entry(key).or_default().push((folder, place));
            }
        }
    }
    by_key
        .into_values()
        .filter(|places| places.len() > 1)
        .collect()
}

/// One finding, at the second place; none of the candidates can be confirmed.
fn conflict(folders: &mut [FolderCheck], places: &[At]) {
    let names: Vec<String> = places
        .iter()
        .filter_map(|at| folders.get(at.0))
        .map(|folder| folder.name.clone())
        .collect();
    for at in places {
        change(folders, *at, |judged| judged.blocked = true);
    }
    if let Some(second) = places.get(1) {
        change(folders, *second, |judged| {
            judged.report(Kind::ConflictingProvince, Field::Ksh, &names.join(" / "));
        });
    }
}

fn others(folders: &[FolderCheck], places: &[At], own: At) -> String {
    let others = places
        .iter()
        .filter(|at| **at != own)
        .filter_map(|at| get(folders, *at));
    others
        .take(NAMED)
        .map(|judged| judged.facts.ksh.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The same name in different folders: not two persons with one number but one person twice.
fn is_one_person(folders: &[FolderCheck], places: &[At]) -> bool {
    let mut people = places
        .iter()
        .filter_map(|at| get(folders, *at).map(|judged| (at.0, name_key(&judged.facts.name))));
    let Some((folder, name)) = people.next() else {
        return false;
    };
    people.any(|(other, same)| other != folder && same == name)
}

fn get(folders: &[FolderCheck], at: At) -> Option<&Judged> {
    folders.get(at.0)?.candidates.get(at.1)
}

fn change(folders: &mut [FolderCheck], at: At, act: impl FnOnce(&mut Judged)) {
    if let Some(judged) = folders
        .get_mut(at.0)
        .and_then(|folder| folder.candidates.get_mut(at.1))
    {
        act(judged);
    }
}

impl Judged {
    /// Adds a finding about the candidate's own row.
    fn report(&mut self, kind: Kind, field: Field, particulars: &str) {
        let place = Place {
            ksh: &self.facts.ksh,
            file: &self.provenance.file,
            row: self.provenance.row,
            field: field.column(),
        };
        self.findings.push(Finding::new(kind, place, particulars));
    }
}
