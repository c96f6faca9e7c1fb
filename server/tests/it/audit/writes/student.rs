//! One student: what is shown of them and exported, slips and codes, and the first password.

use super::cohort::student;
use super::intake::{KSH, NAME, NUMBER};
use super::{Ask, Story};
use crate::forms::copied;
use crate::house::PASSWORD;
use domain::institution::Actor;

pub const REASON: &str = "迎新现场核对";
/// What is noted beside a re-issue.
const NOTE: &str = "激活单遗失";

pub async fn is_looked_at_and_let_in(story: &mut Story, secretary: &Actor) {
    is_shown(story).await;
    gets_slips(story, secretary).await;
    let code = gets_a_code(story, secretary).await;
    is_told_on_the_record(story, secretary).await;
    let claim = |code: &str| {
        Ask::nothing()
            .with("ksh", KSH)
            .with("name", NAME)
            .with("id_number", NUMBER)
            .with("code", code)
            .with("password", PASSWORD)
    };
    let activate = "institution/activate-by-code";
    story.refuses(activate, None, &claim("00000-00000")).await;
    let person = student(story).await.person_id.unwrap();
    story.once(activate, None, person, &claim(&code)).await;
}

async fn is_shown(story: &mut Story) {
    let affairs = story.affairs.clone();
    let value = Ask::nothing()
        .with("student", student(story).await.id)
        .with("field", "id_number")
        .with("reason", REASON);
    story.does("disclosure/reveal", &affairs, &value).await;
    let document = Ask::nothing().with("kind", 1).with("number", NUMBER);
    story.does("disclosure/find", &affairs, &document).await;
    let list = Ask::nothing()
        .with("list", "")
        .with("columns[]", "name")
        .with("reason", REASON);
    story.does("disclosure/export", &affairs, &list).await;
    story.work().await;
}

async fn gets_slips(story: &mut Story, secretary: &Actor) {
    let class = student(story).await.class_id.unwrap();
    let class = Ask::nothing().with("class", class);
    let issue = "institution/issue-slips";
    story.does(issue, secretary, &class).await;
    let first = prints(story, secretary).await;
    let anew = class.with("anew", "yes");
    story.does(issue, secretary, &anew).await;
    let second = prints(story, secretary).await;
    story.does(issue, secretary, &Ask::nothing()).await;
    let again = reissued("slip");
    let reissue = "institution/reissue-slip";
    story.does(reissue, secretary, &again).await;
    let third = prints(story, secretary).await;
    assert!(first != second && second != third, "the slips are new ones");
    for token in [&second[0], &third[0]] {
        follows(story, token).await;
    }
}

/// Remembers the tokens of the slips that the secretary prints.
async fn prints(story: &Story, secretary: &Actor) -> Vec<String> {
    let cookie = story.cookie(secretary).await;
    let sheet = story.house.get("/shou/files/slips/all", Some(&cookie));
    assert!(sheet.await.body.contains(NAME), "there is nothing to print");
    story.keeps([cookie]);
    let services = &story.house.services;
    let slips = services.all_open_slips(secretary, "").await;
    story.keeps_slips(&slips.unwrap())
}

/// Whoever holds a slip scans its code, also one that counts no more.
async fn follows(story: &Story, token: &str) {
    let path = format!("/shou/activate?t={token}");
    let page = story.house.get(&path, None).await;
    assert!(page.body.contains("<form"), "{}", page.status);
}

fn reissued(kind: &str) -> Ask {
    Ask::nothing()
        .with("number", KSH)
        .with("kind", kind)
        .with("identity", "id_card")
        .with("note", NOTE)
}

/// Whoever opens the record sees what was issued anew and how the holder was checked; the note is for whoever hands out.
async fn is_told_on_the_record(story: &Story, secretary: &Actor) {
    let record = format!("/shou/students/{}", student(story).await.id);
    for (actor, noted) in [(secretary, true), (&story.affairs, false)] {
        let cookie = story.cookie(actor).await;
        let page = story.looks(&record, &cookie).await;
        for told in ["补发激活单", "发放一次性代码", "居民身份证"] {
            assert!(page.contains(told), "{told}");
        }
        assert_eq!(page.contains(NOTE), noted);
        story.keeps([cookie]);
    }
}

/// A one-time code, which the page of whoever asked for it shows once.
async fn gets_a_code(story: &mut Story, secretary: &Actor) -> String {
    let cookie = story.cookie(secretary).await;
    let reissue = "institution/reissue-slip";
    let code = reissued("code");
    story.does_in(&cookie, reissue, secretary, &code).await;
    let page = story.looks("/shou/activation", &cookie).await;
    copied(&page).next().unwrap().to_owned()
}
