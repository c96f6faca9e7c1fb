//! The school's own page: names and codes over time, province, logo, colour, and the academic calendar.

use crate::admission::files::plain_name;
use crate::sealed_file::Contents;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Semester;
use domain::codes::Province;
use domain::institution::branding::{Colour, ColourError};
use domain::institution::term::{StudentDays, Term, TermError};
use domain::institution::{Actor, SchoolCode, Target, TenantId, policy};
use std::collections::HashMap;
use store::keys::Purpose;
use store::{Detail, Subject, rows};
use uuid::Uuid;

/// Largest logo.
pub const MOST_LOGO: usize = 256 << 10;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// A side may be this part longer than the other: pictures are cut by hand.
const TOLERANCE: u32 = 20;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct SchoolView {
    /// Names and codes, the newest first.
    pub names: Vec<SchoolNameView>,
    /// Province as two digits.
    pub province: String,
    /// Primary colour.
    pub colour: String,
    /// Whether there is a logo.
    pub logo: bool,
    /// Terms as they stand, the newest first.
    pub terms: Vec<TermView>,
}

/// A name of the school with its code.
#[derive(Clone, Debug)]
pub struct SchoolNameView {
    /// 学校国标代码.
    pub code: String,
    /// Name.
    pub name: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A term with who set it.
#[derive(Clone, Debug)]
pub struct TermView {
    /// The term.
    pub term: Term,
    /// Version, from 1.
    pub version: i32,
    /// Name of who set it.
    pub set_by: String,
    /// When.
    pub set_at: DateTime<Utc>,
}

/// What becomes of the name and code that the school has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameUse {
    /// The new one takes their place.
    #[default]
    Instead,
    /// Both hold: provinces may send a second code, for example of a campus or of a school that was merged.
    Beside,
    /// A code that holds beside the school's own holds no more.
    Ends,
}

impl NameUse {
    /// Every use, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Instead, Self::Beside, Self::Ends];

    /// Stable name in forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Instead => "instead",
            Self::Beside => "beside",
            Self::Ends => "ends",
        }
    }

    /// The use with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|used| used.key() == key)
    }
}

/// A new name, or a new code, of the school.
#[derive(Clone, Debug)]
pub struct NewSchoolName {
    /// What it does to those that are there.
    pub used: NameUse,
    /// 学校国标代码.
    pub code: String,
    /// Name.
    pub name: String,
    /// First day.
    pub valid_from: NaiveDate,
}

const fn invalid(field: &'static str, code: &'static str) -> ServiceError {
    ServiceError::Invalid { field, code }
}

/// A term as it is stored.
pub(crate) fn term_of(row: &rows::AcademicTerm) -> Result<Term> {
    Ok(Term {
        year: row.year,
        semester: semester_of(&row.semester).ok_or(ServiceError::Internal("semester"))?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        arrival_on: row.arrival_on,
        student_days: student_days(row),
    })
}

/// The last days that a term sets for its cohort.
pub(crate) const fn student_days(row: &rows::AcademicTerm) -> StudentDays {
    StudentDays {
        verify_until: row.verify_until,
        self_check_until: row.self_check_until,
        photo_until: row.photo_until,
    }
}

/// Every day of a term in words of the audit: the optional ones by their fields, where they are set.
fn days_in_words(row: &rows::AcademicTerm) -> String {
    let optional = [("arrival_on", row.arrival_on)]
        .into_iter()
        .chain(student_days(row).fields())
        .filter_map(|(field, day)| Some(format!("{field} {}", day?)));
    std::iter::once(format!("{} – {}", row.starts_on, row.ends_on))
        .chain(optional)
        .collect::<Vec<_>>()
        .join("; ")
}

/// A semester by its key.
pub fn semester_of(key: &str) -> Option<Semester> {
    serde_json::from_value(key.to_owned().into()).ok()
}

/// The key of a semester.
pub const fn semester_key(semester: Semester) -> &'static str {
    match semester {
        Semester::Autumn => "autumn",
        Semester::Spring => "spring",
    }
}

/// A colour that people can read, as it is stored.
pub(super) fn readable(colour: &str) -> Result<String> {
    match Colour::primary(colour) {
        Ok(colour) => Ok(colour.to_string()),
        Err(ColourError::Form) => Err(invalid("colour", "form")),
        Err(ColourError::Contrast) => Err(invalid("colour", "contrast")),
    }
}

impl Services {
    /// Names, province, colour and calendar of the school.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn school_view(&self, actor: &Actor) -> Result<SchoolView> {
        let row = self.tenant_row(actor.tenant()).await?;
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SchoolPage>(&Target::school(actor.tenant()), unit.now())?;
        let names = unit.school_names().await?.into_iter().rev();
        let terms = unit.terms().await?;
        let setters: Vec<Uuid> = terms.iter().map(|t| t.set_by).collect();
        let people = unit.person_names(&setters).await?;
        let terms = terms.iter().rev().map(|t| term_view(t, &people));
        Ok(SchoolView {
            names: names
                .map(|n| SchoolNameView {
                    code: n.code,
                    name: n.name,
                    valid_from: n.valid_from,
                    valid_to: n.valid_to,
                })
                .collect(),
            province: row.province,
            colour: row.colour,
            logo: row.logo_key.is_some(),
            terms: terms.collect::<Result<_>>()?,
        })
    }

    /// The codes that the school has on a day. Before a name was ever set, the one it was opened with.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] for a code that is none.
    pub async fn school_codes(&self, tenant: TenantId, day: NaiveDate) -> Result<Vec<SchoolCode>> {
        let names = self.store.look(tenant).await?.school_names().await?;
        let on_day = |name: &&rows::SchoolName| {
            name.valid_from <= day && name.valid_to.is_none_or(|last| day <= last)
        };
        let mut codes: Vec<String> = names
            .iter()
            .filter(on_day)
            .map(|name| name.code.clone())
            .collect();
        if codes.is_empty() {
            codes.push(self.tenant_row(tenant).await?.school_code);
        }
        codes.sort();
        codes.dedup();
        let parse = |code: &String| {
            SchoolCode::parse(code).map_err(|_| ServiceError::Internal("a school code"))
        };
        codes.iter().map(parse).collect()
    }

    /// Gives the school another name or code from a day on, in place of the present one or beside it, or ends one that
    /// holds beside it; the earlier ones stay with their dates.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `name`, `code` (`form`, `taken`, `unknown`), or `valid_from` (`past` before the
    /// present name began, `not_yet` later than today); [`ServiceError::Refused`] without a fresh step-up.
    pub async fn set_school_name(&self, actor: &Actor, new: NewSchoolName) -> Result<()> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::SetSchoolName>(&here, self.store.now())?;
        let name = new.name.trim().to_owned();
        if !(2..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(invalid("name", "form"));
        }
        let code = SchoolCode::parse(new.code.trim()).map_err(|_| invalid("code", "form"))?;
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::SetSchoolName>(&here, unit.now())?;
        if new.valid_from > unit.today() {
            return Err(invalid("valid_from", "not_yet"));
        }
        let own = unit.own_tenant().await?.school_code;
        let open = open_names(unit.school_names().await?);
        let held = replaced(&open, new.used, code.as_str(), &own)?;
        let (id, begins) = match held {
            Some(held) if new.used == NameUse::Instead && held.valid_from == new.valid_from => {
                unit.amend_school_name(held.id, code.as_str(), &name)
                    .await?;
                (held.id, None)
            }
            Some(held) => {
                let last = new.valid_from.pred_opt();
                if last.is_none_or(|day| day < held.valid_from) {
                    return Err(invalid("valid_from", "past"));
                }
                unit.end_school_name(held.id, last).await?;
                (held.id, Some(unit.id()))
            }
            None => {
                let id = unit.id();
                (id, Some(id))
            }
        };
        let begins = begins.filter(|_| new.used != NameUse::Ends);
        let row = begins.map(|id| rows::SchoolName {
            tenant_id: actor.tenant().0,
            id,
            code: code.as_str().to_owned(),
            name: name.clone(),
            valid_from: new.valid_from,
            valid_to: None,
        });
        unit.insert_calendar(row.into_iter().collect(), Vec::new())
            .await?;
        if new.used == NameUse::Instead {
            unit.set_name(&name, &code).await?;
        }
        let before = held.map(|held| format!("{} {}", held.code, held.name));
        let after = (new.used != NameUse::Ends).then(|| format!("{} {name}", code.as_str()));
        let detail = Detail::text(new.used.key())
            .values(before.unwrap_or_default(), after.unwrap_or_default());
        let subject = Subject::new("school_name", begins.unwrap_or(id));
        unit.note(&granted, subject, detail);
        Ok(unit.commit().await?)
    }

    /// Sets a term as its next version.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `starts_on` (`year`, `overlap`), `ends_on` (`length`), `arrival_on` (`arrival`), or on a
    /// last day of the cohort (`day_spring`, `day_early`, `day_late`).
    pub async fn set_term(&self, actor: &Actor, term: Term) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let here = Target::school(actor.tenant());
        let granted = actor.authorize::<policy::SetTerm>(&here, unit.now())?;
        let stored = unit.terms().await?;
        let others = stored.iter().map(term_of).collect::<Result<Vec<_>>>()?;
        term.check(&others).map_err(|why| match why {
            TermError::Year => invalid("starts_on", "year"),
            TermError::Overlap => invalid("starts_on", "overlap"),
            TermError::Length => invalid("ends_on", "length"),
            TermError::Arrival => invalid("arrival_on", "arrival"),
            TermError::DaySpring(field) => invalid(field, "day_spring"),
            TermError::DayEarly(field) => invalid(field, "day_early"),
            TermError::DayLate(field) => invalid(field, "day_late"),
        })?;
        let semester = semester_key(term.semester);
        let before = stored
            .iter()
            .find(|t| t.year == term.year && t.semester == semester);
        let row = rows::AcademicTerm {
            tenant_id: actor.tenant().0,
            id: unit.id(),
            year: term.year,
            semester: semester.to_owned(),
            starts_on: term.starts_on,
            ends_on: term.ends_on,
            arrival_on: term.arrival_on,
            verify_until: term.student_days.verify_until,
            self_check_until: term.student_days.self_check_until,
            photo_until: term.student_days.photo_until,
            version: before.map_or(0, |t| t.version) + 1,
            set_by: actor.person(),
            set_at: unit.now(),
        };
        let detail = Detail::text(format!("{} {semester}", term.year)).values(
            before.map(days_in_words).unwrap_or_default(),
            days_in_words(&row),
        );
        let subject = Subject::new("academic_term", row.id);
        unit.insert_calendar(Vec::new(), vec![row]).await?;
        unit.note(&granted, subject, detail);
        Ok(unit.commit().await?)
    }

    /// Sets colour and province.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `colour` (`form`, `contrast` below 4.5) or `province`.
    pub async fn set_branding(&self, actor: &Actor, colour: &str, province: &str) -> Result<()> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::SetBranding>(&here, self.store.now())?;
        let colour = readable(colour)?;
        let province = Province::from_code(province.trim())
            .ok_or(invalid("province", "unknown"))?
            .code;
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::SetBranding>(&here, unit.now())?;
        let present = unit.own_tenant().await?;
        let subject = Subject::new("tenant", unit.id());
        let before = format!("{} {}", present.colour, present.province);
        let detail = Detail::text("branding").values(before, format!("{colour} {province}"));
        unit.set_branding(&colour, province).await?;
        unit.note(&granted, subject, detail);
        Ok(unit.commit().await?)
    }

    /// Keeps a logo: a square PNG picture, at most 256 KiB.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `file` (`empty`, `too_large`, `not_png`, `not_square`).
    pub async fn upload_logo(&self, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<()> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::UploadLogo>(&here, self.store.now())?;
        match bytes.len() {
            0 => return Err(invalid("file", "empty")),
            1..=MOST_LOGO => {}
            _ => return Err(invalid("file", "too_large")),
        }
        if !bytes.starts_with(PNG) {
            return Err(invalid("file", "not_png"));
        }
        let (wide, high) = png_size(&bytes).ok_or(invalid("file", "not_png"))?;
        if wide.abs_diff(high) > wide.max(high) / TOLERANCE {
            return Err(invalid("file", "not_square"));
        }
        let new = Contents {
            purpose: "logo",
            sealed_for: Purpose::Source,
            name: plain_name(name),
            media: "image/png",
            bytes,
        };
        let kept = self.keep_sealed(actor, self.store.id(), new).await?;
        let id = kept.id;
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<policy::UploadLogo>(&here, unit.now())?;
        unit.insert_file(kept).await?;
        unit.note(
            &granted,
            Subject::new("stored_file", id),
            Detail::text("logo"),
        );
        unit.set_logo(id).await?;
        Ok(unit.commit().await?)
    }

    /// The logo of a school; anybody may see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none.
    pub async fn logo(&self, tenant: TenantId) -> Result<Vec<u8>> {
        let row = self.tenant_row(tenant).await?;
        let id = row.logo_key.and_then(|key| key.parse().ok());
        let look = self.store.look(tenant).await?;
        let file = look.stored_file(id.ok_or(ServiceError::NotFound)?).await?;
        drop(look);
        self.open_sealed(tenant, Purpose::Source, &file).await
    }
}

/// Width and height of a PNG, which its first chunk (IHDR) begins with.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(PNG)?.get(4..)?.strip_prefix(b"IHDR")?;
    let (wide, rest) = header.split_first_chunk()?;
    let (high, _) = rest.split_first_chunk()?;
    let (wide, high) = (u32::from_be_bytes(*wide), u32::from_be_bytes(*high));
    (wide > 0 && high > 0).then_some((wide, high))
}

/// Which of the names that hold is replaced or ended.
fn replaced<'n>(
    open: &'n [rows::SchoolName],
    used: NameUse,
    code: &str,
    own: &str,
) -> Result<Option<&'n rows::SchoolName>> {
    let with = |code: &str| open.iter().find(|held| held.code == code);
    match (used, with(code)) {
        (NameUse::Instead, Some(_)) if code != own => Err(invalid("code", "taken")),
        (NameUse::Instead, _) => Ok(with(own)),
        (NameUse::Beside, None) if code != own => Ok(None),
        (NameUse::Beside, _) => Err(invalid("code", "taken")),
        (NameUse::Ends, Some(held)) if code != own => Ok(Some(held)),
        (NameUse::Ends, _) => Err(invalid("code", "unknown")),
    }
}

/// Names that hold, and no later one has taken their place.
fn open_names(names: Vec<rows::SchoolName>) -> Vec<rows::SchoolName> {
    let open = |name: &rows::SchoolName| name.valid_to.is_none();
    names.into_iter().filter(open).collect()
}

fn term_view(row: &rows::AcademicTerm, people: &HashMap<Uuid, String>) -> Result<TermView> {
    Ok(TermView {
        term: term_of(row)?,
        version: row.version,
        set_by: people.get(&row.set_by).cloned().unwrap_or_default(),
        set_at: row.set_at,
    })
}
