//! The cohort: majors, the hand-over and its answers, class and student number.

use super::intake::KSH;
use super::{Ask, Story, YEAR};
use domain::institution::Actor;
use domain::view::handover::ReceiptView;
use services::assign::RuleChoice;
use uuid::Uuid;

pub async fn is_handed_over_and_assigned(story: &mut Story, secretary: &Actor) {
    is_mapped(story).await;
    let affairs = story.affairs.clone();
    is_offered(story).await;
    let returned = part(&receipt(story, &affairs).await).with("reasons", "人数与名册不符");
    story.does("admission/return", &affairs, &returned).await;
    // The second offer takes the place of two returned parts.
    is_offered(story).await;
    for receiver in [&affairs, secretary] {
        let own = receipt(story, receiver).await;
        let accepted = part(&own).with("hash", &own.hash);
        story.does("admission/accept", receiver, &accepted).await;
    }
    is_assigned_by_a_list_and_taken_back(story).await;
    is_assigned_by_rule(story).await;
    is_corrected(story).await;
}

/// The major of the worksheet, which has no code, by hand; the others as suggested.
async fn is_mapped(story: &mut Story) {
    let officer = story.admissions.clone();
    let services = story.house.services.clone();
    let view = services.major_map_view(&officer, YEAR).await.unwrap();
    let mut lines = view.lines.iter();
    let line = lines.find(|line| line.national_code.is_empty()).unwrap();
    let mut majors = view.majors.iter();
    let own = |name: &str| name.ends_with(&line.national_name);
    let major = majors.find(|major| own(&major.name)).unwrap();
    let by_hand = Ask::nothing()
        .with("map", line.id)
        .with("major", major.id)
        .with("year", YEAR);
    story.does("admission/map-major", &officer, &by_hand).await;
    let view = services.major_map_view(&officer, YEAR).await.unwrap();
    let followed = Ask::nothing()
        .with("year", YEAR)
        .with("lines", view.suggested);
    let suggested = "admission/map-suggested";
    story.does(suggested, &officer, &followed).await;
    let view = services.major_map_view(&officer, YEAR).await.unwrap();
    assert_eq!(view.unmapped, 0);
}

async fn is_offered(story: &mut Story) {
    let officer = story.admissions.clone();
    let services = &story.house.services;
    let preview = services.handover_preview(&officer, Some(YEAR)).await;
    let preview = preview.unwrap();
    let offered = Ask::nothing()
        .with("year", YEAR)
        .with("total", preview.total)
        .with("hash", preview.hash)
        .with("note", "");
    story.does("admission/offer", &officer, &offered).await;
}

/// What a receiver answers for, as its page shows it.
async fn receipt(story: &Story, receiver: &Actor) -> ReceiptView {
    let services = &story.house.services;
    let handovers = services.handovers(receiver).await.unwrap();
    let mut receipts = handovers.into_iter().flat_map(|line| line.receipts);
    let own = receipts.find(|receipt| receipt.can_answer);
    own.expect("a part to answer for")
}

fn part(receipt: &ReceiptView) -> Ask {
    Ask::nothing()
        .with("receipt", receipt.id)
        .with("handover", receipt.handover)
}

async fn is_assigned_by_a_list_and_taken_back(story: &mut Story) {
    let affairs = story.affairs.clone();
    let services = story.house.services.clone();
    let list = format!("考生号,学号,班级\n{KSH},2609001,2609\n");
    let wrong = Ask::nothing()
        .with("year", YEAR)
        .file("编错的班.csv", list.clone());
    let sent = story.does("files/assignment", &affairs, &wrong).await;
    let led = sent.header("location");
    let sheet: Uuid = led.rsplit("sheet=").next().unwrap().parse().unwrap();
    let discarded = Ask::nothing().with("sheet", sheet).with("year", YEAR);
    let discard = "admission/assign-discard";
    story.does(discard, &affairs, &discarded).await;
    let list = Ask::nothing().with("year", YEAR).file("编班.csv", list);
    let sent = story.does("files/assignment", &affairs, &list).await;
    let led = sent.header("location");
    let sheet: Uuid = led.rsplit("sheet=").next().unwrap().parse().unwrap();
    let look = services.assignment_sheet(&affairs, sheet).await.unwrap();
    assert_eq!(look.preview.total, 1, "{:?}", look.findings);
    let confirmed = Ask::nothing()
        .with("sheet", sheet)
        .with("year", YEAR)
        .with("hash", look.preview.hash);
    let confirm = "admission/assign-confirm";
    story.does(confirm, &affairs, &confirmed).await;
    let view = services.assign_view(&affairs, Some(YEAR)).await.unwrap();
    let undone = Ask::nothing()
        .with("batch", view.assignments[0].id)
        .with("year", YEAR);
    story.does("admission/assign-undo", &affairs, &undone).await;
}

async fn is_assigned_by_rule(story: &mut Story) {
    let affairs = story.affairs.clone();
    let services = &story.house.services;
    let choice = RuleChoice::cohort(YEAR);
    let preview = services.assign_preview_by_rule(&affairs, choice).await;
    let assigned = Ask::nothing()
        .with("year", YEAR)
        .with("college", "")
        .with("hash", preview.unwrap().hash);
    story.does("admission/assign", &affairs, &assigned).await;
}

/// The record of the candidate whom the story is about.
pub async fn student(story: &Story) -> store::rows::Student {
    let unit = story.house.bed.store().read(&story.affairs).await.unwrap();
    unit.student_by_number(KSH).await.unwrap().unwrap()
}

async fn is_corrected(story: &mut Story) {
    let affairs = story.affairs.clone();
    let services = story.house.services.clone();
    let record = student(story).await;
    let page = services.student_record(&affairs, record.id).await.unwrap();
    let classes = page.correction.unwrap().classes;
    let other = classes.iter().find(|(_, _, own)| !own).unwrap().0;
    let class = correction(story).await.with("class", other);
    story
        .does("admission/correct-class", &affairs, &class)
        .await;
    let number = correction(story).await.with("number", "2609999");
    story
        .does("admission/correct-number", &affairs, &number)
        .await;
}

/// A correction of the record as it is now.
async fn correction(story: &Story) -> Ask {
    let record = student(story).await;
    Ask::nothing()
        .with("student", record.id)
        .with("version", record.version)
        .with("reason", "登记有误")
}
