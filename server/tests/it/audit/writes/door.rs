//! The own account of a member of the staff: from the slip to the last session.

use super::school::{SECRETARY, account};
use super::{Ask, Story, token_of};
use crate::forms::{copied, form, recovery_codes};
use crate::house::PASSWORD;
use chrono::TimeDelta;
use domain::institution::Actor;
use services::institution::authenticator::Authenticator;
use services::institution::totp::RECOVERY_CODES;
use uuid::Uuid;

const NEW_PASSWORD: &str = "harbour-of-quiet-lanterns-71";
/// Five digits: never a code of the second factor.
const NO_CODE: &str = "12345";
const ACCOUNT: &str = "/shou/account";

pub async fn is_passed(story: &mut Story) {
    is_activated(story).await;
    let cookie = signs_in(story).await;
    let cookie = works_in_another_post(story, &cookie).await;
    let cookie = gives_the_password_again(story, &cookie).await;
    let (seed, cookie) = enrols(story, &cookie).await;
    let cookie = changes_the_password(story, &cookie).await;
    signs_in_with_a_code(story, &seed).await;
    ends_the_other_session(story, &cookie).await;
    signs_out(story, &cookie).await;
}

async fn person(story: &Story) -> Uuid {
    account(story, SECRETARY).await.person_id
}

/// Whoever holds the account, once it is active.
async fn holder(story: &Story) -> Actor {
    let services = &story.house.services;
    let actor = services.actor_by_login(story.tenant, SECRETARY).await;
    actor.unwrap()
}

/// Refused with one form, done with the other.
async fn only_with(
    story: &mut Story,
    op: &str,
    cookie: Option<&str>,
    [wrong, right]: [Ask; 2],
) -> crate::house::Answer {
    let person = person(story).await;
    story.refuses(op, cookie, &wrong).await;
    story.once(op, cookie, person, &right).await
}

async fn is_activated(story: &mut Story) {
    let services = &story.house.services;
    let slips = services.open_staff_slips(&story.admin, "").await.unwrap();
    story.keeps_slips(&slips);
    let slip = slips.iter().find(|slip| slip.number == SECRETARY).unwrap();
    let token = token_of(slip);
    let slip = |token: &str| {
        let token = Ask::nothing().with("token", token);
        token.with("password", PASSWORD)
    };
    let slips = [slip("x"), slip(&token)];
    let done = only_with(story, "institution/activate", None, slips).await;
    signs_out(story, &done.cookie()).await;
}

/// Whoever is out already does nothing by signing out again.
async fn signs_out(story: &mut Story, cookie: &str) {
    let person = person(story).await;
    let (op, nothing) = ("institution/sign-out", Ask::nothing());
    story.once(op, Some(cookie), person, &nothing).await;
    story.asks(op, Some(cookie), &nothing).await;
    story.left_nothing(op).await;
}

fn login(password: &str) -> Ask {
    Ask::nothing()
        .with("login", SECRETARY)
        .with("password", password)
}

async fn signs_in(story: &mut Story) -> String {
    let logins = ["something-else-altogether", PASSWORD].map(login);
    let done = only_with(story, "institution/sign-in", None, logins).await;
    done.cookie()
}

async fn works_in_another_post(story: &mut Story, cookie: &str) -> String {
    let actor = holder(story).await;
    let posts = story.house.services.posts(&actor).await.unwrap();
    let other = posts.iter().find(|post| !post.current).unwrap().id;
    let posts = [story.house.bed.store().id(), other].map(|post| Ask::nothing().with("post", post));
    let op = "institution/switch-post";
    only_with(story, op, Some(cookie), posts).await.cookie()
}

async fn gives_the_password_again(story: &mut Story, cookie: &str) -> String {
    let passwords = ["something-else-altogether", PASSWORD];
    let passwords = passwords.map(|password| Ask::nothing().with("password", password));
    let op = "institution/step-up";
    only_with(story, op, Some(cookie), passwords).await.cookie()
}

/// Sets a second factor up; answers the app that shows its codes, and the session that goes on.
async fn enrols(story: &mut Story, cookie: &str) -> (Authenticator, String) {
    let actor = holder(story).await;
    let (enrol, nothing) = ("institution/totp-enrol", Ask::nothing());
    story.does_in(cookie, enrol, &actor, &nothing).await;
    let page = story.looks(ACCOUNT, cookie).await;
    let app = Authenticator::typed(copied(&page).next().unwrap()).unwrap();
    let first = story.house.code(&app);
    let codes = [NO_CODE, &first].map(|code| Ask::nothing().with("code", code));
    let confirm = "institution/totp-confirm";
    let cookie = only_with(story, confirm, Some(cookie), codes)
        .await
        .cookie();
    let page = story.looks(ACCOUNT, &cookie).await;
    assert_eq!(recovery_codes(&page).count(), RECOVERY_CODES);
    (app, cookie)
}

async fn changes_the_password(story: &mut Story, cookie: &str) -> String {
    let change = |old: &str| Ask::nothing().with("old", old).with("new", NEW_PASSWORD);
    let changes = [change("something-else-altogether"), change(PASSWORD)];
    let op = "institution/change-password";
    only_with(story, op, Some(cookie), changes).await.cookie()
}

/// The password alone lets nobody in; the code after it does.
async fn signs_in_with_a_code(story: &mut Story, app: &Authenticator) {
    let sign_in = "institution/sign-in";
    let waits = story.asks(sign_in, None, &login(NEW_PASSWORD)).await;
    assert_eq!(waits.header("location"), "/shou/sign-in?step=code");
    story.left_nothing(sign_in).await;
    // The code of before counted once.
    story.house.bed.advance(TimeDelta::minutes(1));
    let next = story.house.code(app);
    let codes = [NO_CODE, &next].map(|code| Ask::nothing().with("code", code));
    let cookie = waits.cookie();
    only_with(story, "institution/second-factor", Some(&cookie), codes).await;
}

async fn ends_the_other_session(story: &mut Story, cookie: &str) {
    let end = "institution/end-session";
    let page = story.house.get(ACCOUNT, Some(cookie)).await.body;
    let fields = form(&page, &format!("/api/{end}")).fields;
    let mark = fields.into_iter().find(|(name, _)| name == "mark");
    let marks = ["00".to_owned(), mark.unwrap().1];
    let marks = marks.map(|mark| Ask::nothing().with("mark", mark));
    only_with(story, end, Some(cookie), marks).await;
}
