//! Counsellors of classes, as a list gives them: the class is written into the post, and taken out again by the undo.

use crate::Result;
use crate::admission::{from_json, json};
use crate::students::places::Places;
use chrono::{DateTime, Utc};
use domain::admission::assign::Counsellor;
use domain::institution::{PersonalScope, PostKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Scope, UnitOfWork, rows};
use uuid::Uuid;

/// Counsellors in office.
pub(super) struct Counsellors {
    /// Their posts by name and by login.
    pub(super) by_name: BTreeMap<String, Vec<Counsellor>>,
    /// Names and logins by class.
    pub(super) by_class: HashMap<Uuid, BTreeSet<String>>,
}

impl Counsellors {
    pub(super) async fn of(scope: &Scope) -> Result<Self> {
        let mut all = Self {
            by_name: BTreeMap::new(),
            by_class: HashMap::new(),
        };
        for (account, person, posts) in scope.staff().await? {
            for post in posts.iter().filter(|post| in_office(scope, post)) {
                let reach = from_json(&post.scope, "scope of a post")?;
                let PersonalScope::Classes { college, classes } = reach else {
                    continue;
                };
                let names = BTreeSet::from([person.name.clone(), account.login.clone()]);
                for class in classes {
                    all.by_class.entry(class).or_default().extend(names.clone());
                }
                let counsellor = Counsellor {
                    post: post.id,
                    college,
                };
                for name in names {
                    all.by_name.entry(name).or_default().push(counsellor);
                }
            }
        }
        Ok(all)
    }
}

fn in_office(scope: &Scope, post: &rows::Post) -> bool {
    let over = post.valid_to.is_some_and(|end| end < scope.today());
    post.kind == PostKind::Counsellor.key() && !over
}

/// What a list gave to the posts of counsellors: kept with it, for its undo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    /// Post and class.
    #[serde(default)]
    pub(super) posts: BTreeSet<(Uuid, Uuid)>,
    /// The list changed no record: its assignment is known by the list alone.
    #[serde(default)]
    pub(super) alone: bool,
}

impl Given {
    pub(super) fn of(list: &rows::ImportBatch) -> Result<Self> {
        from_json(&list.mapping, "what a list gave to counsellors")
    }
}

/// How many of these posts were given a class by a list since a time.
pub(crate) async fn given_since(
    scope: &Scope,
    posts: &[rows::Post],
    since: DateTime<Utc>,
) -> Result<u64> {
    let mut given = BTreeSet::new();
    for list in scope
        .imports_confirmed_since(super::sheet::PURPOSE, since)
        .await?
    {
        given.extend(Given::of(&list)?.posts.into_iter().map(|(post, _)| post));
    }
    let own = posts.iter().filter(|post| given.contains(&post.id));
    Ok(own.map(|_| 1).sum())
}

/// A post with its reach before and after.
pub(super) type Reach = (Uuid, String, String);

/// Adds classes to posts of counsellors.
pub(super) async fn give(
    unit: &mut UnitOfWork,
    posts: &BTreeSet<(Uuid, Uuid)>,
) -> Result<Vec<Reach>> {
    change(unit, posts, |classes, class| {
        if !classes.contains(&class) {
            classes.push(class);
        }
    })
    .await
}

/// Takes classes out of posts of counsellors; what they were given elsewhere stays.
pub(super) async fn take(
    unit: &mut UnitOfWork,
    posts: &BTreeSet<(Uuid, Uuid)>,
) -> Result<Vec<Reach>> {
    change(unit, posts, |classes, class| {
        classes.retain(|own| *own != class);
    })
    .await
}

async fn change(
    unit: &mut UnitOfWork,
    posts: &BTreeSet<(Uuid, Uuid)>,
    with: fn(&mut Vec<Uuid>, Uuid),
) -> Result<Vec<Reach>> {
    let ids: BTreeSet<Uuid> = posts.iter().map(|(post, _)| *post).collect();
    let mut changed = Vec::new();
    for (post, before) in unit
        .post_scopes(&ids.into_iter().collect::<Vec<_>>())
        .await?
    {
        let mut reach: PersonalScope = from_json(&before, "scope of a post")?;
        if let PersonalScope::Classes { classes, .. } = &mut reach {
            let own = posts.iter().filter(|(of, _)| *of == post);
            for (_, class) in own {
                with(classes, *class);
            }
        }
        let after = json(&reach)?;
        if after != before {
            unit.set_post_scope(post, &before, &after).await?;
            changed.push((post, before, after));
        }
    }
    Ok(changed)
}

/// Which class goes to whom, by the names of the classes.
pub(super) async fn named(
    scope: &Scope,
    posts: &BTreeSet<(Uuid, Uuid)>,
    places: &Places,
) -> Result<Vec<(String, String)>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let mut names = HashMap::new();
    for (account, person, own) in scope.staff().await? {
        for post in own {
            names.insert(post.id, format!("{}（{}）", person.name, account.login));
        }
    }
    let mut lines: Vec<(String, String)> = posts
        .iter()
        .map(|(post, class)| {
            let name = names.get(post).cloned().unwrap_or_default();
            (places.named(Some(*class)), name)
        })
        .collect();
    lines.sort();
    Ok(lines)
}
