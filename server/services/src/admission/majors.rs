//! Admitted majors: what a province calls a major is mapped once to a major of the school, and every later candidate of
//! the same offer gets college and major at once.

use crate::Result;
use domain::admission::check::StatedMajor;
use std::collections::{HashMap, HashSet};
use store::{AdmittedMajor, Scope, Store, rows};
use uuid::Uuid;

/// An offer of a province: the key of the mapping, and what the source says about the major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) folder: String,
    /// 专业代号; where the source has none, the national code or the name.
    pub(crate) code: String,
    pub(crate) national_code: String,
    pub(crate) national_name: String,
}

impl Offer {
    pub(crate) fn of(folder: &str, major: &StatedMajor) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let code = [&major.offer_code, &major.national_code, &major.name]
            .into_iter()
            .flatten()
            .next();
        Self {
            folder: folder.to_owned(),
            code: code.cloned().unwrap_or_default(),
            national_code: text(&major.national_code),
            national_name: text(&major.name),
        }
    }

    /// What the mapping knows it by.
    pub(crate) fn key(&self) -> AdmittedMajor {
        AdmittedMajor {
            folder: self.folder.clone(),
            code: self.code.clone(),
            national_code: self.national_code.clone(),
            national_name: self.national_name.clone(),
        }
    }

    /// What a page calls it.
    pub(crate) fn title(&self) -> String {
        let name = Some(&self.national_name).filter(|name| !name.is_empty());
        name.unwrap_or(&self.code).clone()
    }
}

/// Where the students of an offer belong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Belongs {
    pub(crate) college: Option<Uuid>,
    pub(crate) major: Option<Uuid>,
}

/// The mapping of a year.
pub(crate) struct Mapping {
    lines: HashMap<AdmittedMajor, Belongs>,
    fresh: HashSet<AdmittedMajor>,
}

impl Mapping {
    pub(crate) async fn of(scope: &Scope, year: i32) -> Result<Self> {
        let lines = scope.major_maps(year).await?;
        Ok(Self {
            lines: lines
                .iter()
                .map(|line| {
                    let belongs = Belongs {
                        college: line.college_id,
                        major: line.major_id,
                    };
                    (AdmittedMajor::from(line), belongs)
                })
                .collect(),
            fresh: HashSet::new(),
        })
    }

    /// College and major of an offer, of a broad intake the college alone; nothing while nobody has mapped it.
    pub(crate) fn belongs(&self, offer: &Offer) -> Belongs {
        self.lines.get(&offer.key()).copied().unwrap_or_default()
    }

    /// A line for an offer that the mapping does not have yet, once.
    pub(crate) fn line(
        &mut self,
        store: &Store,
        tenant: i32,
        year: i32,
        offer: &Offer,
    ) -> Option<rows::MajorMap> {
        let key = offer.key();
        if self.lines.contains_key(&key) || !self.fresh.insert(key) {
            return None;
        }
        Some(rows::MajorMap {
            tenant_id: tenant,
            id: store.id(),
            year,
            folder: offer.folder.clone(),
            admitted_code: offer.code.clone(),
            national_code: offer.national_code.clone(),
            national_name: offer.national_name.clone(),
            college_id: None,
            major_id: None,
            broad: false,
            set_by: None,
            set_at: None,
        })
    }
}
