//! The posts of a person, and working in another one.

use super::{Networks, parameters, value};
use crate::{Result, ServiceError, Services};
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Incident, Office, PersonalScope, PostKind, Target, policy};
use domain::text::Label as _;
use std::net::IpAddr;
use store::{Detail, Scope, Subject, rows};
use uuid::Uuid;

/// One post of the own person, for the switcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPost {
    /// The post.
    pub id: Uuid,
    /// Its office.
    pub office: Office,
    /// Its kind.
    pub kind: PostKind,
    /// Office or college, and kind, in Chinese: `计算机学院 辅导员`.
    pub label_zh: String,
    /// The same in English; names of colleges stay as the school writes them.
    pub label_en: String,
    /// Whether it is the post in use.
    pub current: bool,
}

/// A college as somebody of it reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCollege {
    /// Its name.
    pub name: String,
    /// Its own telephone, where the school has entered one.
    pub phone: Option<String>,
}

/// What a post is called: an officer by the office alone, others by unit and kind.
pub(super) fn label_of(office: Office, kind: PostKind, college: Option<&str>) -> (String, String) {
    let (place, post) = (office.label(), kind.label());
    if matches!(kind, PostKind::Officer | PostKind::Student) {
        return (place.zh.to_owned(), place.en.to_owned());
    }
    let zh = college.unwrap_or(place.zh);
    let en = college.unwrap_or(place.en);
    (format!("{zh} {}", post.zh), format!("{en}, {}", post.en))
}

/// The college a scope lies in.
pub(super) fn college_of(scope: &PersonalScope) -> Option<Uuid> {
    match scope {
        PersonalScope::College(college) | PersonalScope::Classes { college, .. } => Some(*college),
        PersonalScope::School | PersonalScope::Majors(_) | PersonalScope::Own(_) => None,
    }
}

/// The name of the college a scope lies in, among units; majors and classes lie in the college above them.
pub(super) fn college_among<'u>(units: &'u [rows::Unit], scope: &PersonalScope) -> Option<&'u str> {
    let find = |id: Uuid| units.iter().find(|u| u.id == id);
    let college = match scope {
        PersonalScope::Majors(majors) => {
            let major = majors.first().copied().and_then(find);
            major.and_then(|m| m.parent_id)
        }
        PersonalScope::College(_)
        | PersonalScope::Classes { .. }
        | PersonalScope::School
        | PersonalScope::Own(_) => college_of(scope),
    };
    college.and_then(find).map(|u| u.name.as_str())
}

/// Office, kind and reach of a post row.
pub(super) fn read_post(post: &rows::Post) -> Result<(Office, PostKind, PersonalScope)> {
    let office = Office::from_key(&post.office).ok_or(ServiceError::Internal("office"))?;
    let kind = PostKind::from_key(&post.kind).ok_or(ServiceError::Internal("post"))?;
    let scope =
        serde_json::from_str(&post.scope).map_err(|_| ServiceError::Internal("scope of a post"))?;
    Ok((office, kind, scope))
}

impl Services {
    /// The own posts that are valid today, in order of their beginning.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn posts(&self, actor: &Actor) -> Result<Vec<OwnPost>> {
        let unit = self.store.read(actor).await?;
        let mut posts = Vec::new();
        for post in unit.posts_of(actor.person()).await? {
            let (office, kind, scope) = read_post(&post)?;
            let college = college_name(&unit, &scope).await?;
            let (label_zh, label_en) = label_of(office, kind, college.as_deref());
            posts.push(OwnPost {
                id: post.id,
                office,
                kind,
                label_zh,
                label_en,
                current: post.id == actor.seat().post,
            });
        }
        Ok(posts)
    }

    /// The college of whoever is signed in: that of the post, or of the student's record. None of an office of the whole
    /// school, and of a student whom no college has yet.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn own_college(&self, actor: &Actor) -> Result<Option<OwnCollege>> {
        let look = self.store.look(actor.tenant()).await?;
        let reach = &actor.seat().scope;
        let college = if let PersonalScope::Own(_) = reach {
            let student = look.student_of_person(actor.person()).await?;
            match student.and_then(|student| student.college_id) {
                Some(id) => Some(look.unit(id).await?),
                None => None,
            }
        } else {
            college_unit(&look, reach).await?
        };
        Ok(college.map(|unit| OwnCollege {
            name: unit.name,
            phone: unit.phone,
        }))
    }

    /// Works in another of the own posts from now on: the session goes on [`in_post`](super::SignedIn::in_post), under a
    /// new id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a post of somebody else or one that is over, [`ServiceError::SignIn`] from a
    /// network where it is not allowed.
    pub async fn switch_post(&self, actor: &Actor, post: Uuid, from: IpAddr) -> Result<()> {
        let (tenant, account) = (actor.tenant(), actor.seat().account);
        let door = self.store.door(tenant).await?;
        let seat = door.seat(account, post).await?;
        let (office, ..) = read_post(&seat.post)?;
        let parameters = parameters(&door).await?;
        let networks = Networks::read(&value(&parameters, Parameter::OfficeNetworks));
        if !networks.allow(office, from) {
            drop(door);
            let tried = self.attempt(tenant, &account.to_string(), from);
            return self
                .refuse(
                    tenant,
                    Some(account),
                    (&tried, from),
                    Incident::ForeignNetwork,
                )
                .await;
        }
        let granted = actor.authorize::<policy::SwitchPost>(&Target::school(tenant), door.now())?;
        let mut unit = door.enter(actor)?;
        unit.note(&granted, Subject::new("post", post), Detail::none());
        Ok(unit.commit().await?)
    }
}

pub(super) async fn college_name(scope: &Scope, reach: &PersonalScope) -> Result<Option<String>> {
    let college = college_unit(scope, reach).await?;
    Ok(college.map(|unit| unit.name))
}

/// The college a scope lies in.
async fn college_unit(scope: &Scope, reach: &PersonalScope) -> Result<Option<rows::Unit>> {
    let college = match reach {
        PersonalScope::Majors(majors) => match majors.first() {
            Some(major) => scope.unit(*major).await?.parent_id,
            None => None,
        },
        PersonalScope::College(_)
        | PersonalScope::Classes { .. }
        | PersonalScope::School
        | PersonalScope::Own(_) => college_of(reach),
    };
    match college {
        Some(id) => Ok(Some(scope.unit(id).await?)),
        None => Ok(None),
    }
}
