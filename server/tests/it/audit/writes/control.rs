//! Rule 4: no wall stands around the control tables, and so nobody stands in them: after the whole story neither a name nor a
//! number of a student is in one of their rows.

use super::intake::{KSH, NAME, NUMBER};
use super::{SLUG, Story, told};
use crate::house::{House, PASSWORD};
use crate::personal::known;
use domain::audit::hex;
use domain::institution::Actor;
use std::collections::BTreeSet;

/// What somebody typed about a student and must type again waits in a session; so does what is shown once.
async fn leaves_something_waiting(story: &Story, secretary: &Actor) {
    let cookie = story.cookie(secretary).await;
    let refused = format!("tenant={SLUG}&number={KSH}&kind=slip&identity=&note={NAME}");
    let shown = format!("tenant={SLUG}&number={KSH}&kind=code&identity=id_card&note={NAME}");
    let path = "/api/institution/reissue-slip";
    for form in [&refused, &shown] {
        let answer = story.house.submit(path, Some(&cookie), form).await;
        assert!(answer.status.is_redirection(), "{}", answer.status);
    }
    let affairs = story.cookie(&story.affairs).await;
    let path = "/api/disclosure/find";
    let form = format!("tenant={SLUG}&kind=1&number={NUMBER}");
    story.house.submit(path, Some(&affairs), &form).await;
    // Somebody mistypes a one-time code.
    let path = "/api/institution/activate-by-code";
    let form = format!(
        "tenant={SLUG}&ksh={KSH}&name={NAME}&id_number={NUMBER}&code=00000-00000&password={PASSWORD}"
    );
    let answer = story.house.submit(path, None, &form).await;
    assert!(answer.sets_session(), "nothing waits");
    // A student signs in, with the wrong password first.
    let path = "/api/institution/sign-in";
    for password in ["nothing-of-the-kind", PASSWORD] {
        let form = format!("tenant={SLUG}&login={KSH}&password={password}");
        story.house.submit(path, None, &form).await;
    }
}

/// A text as itself, and as the bytes that a row writes out.
fn stands_in(row: &str, text: &str) -> bool {
    let bytes = hex::encode(text.as_bytes());
    let escaped: Vec<String> = text
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    let row = row.to_lowercase();
    [text.to_lowercase(), bytes, escaped.concat()]
        .iter()
        .any(|form| row.contains(form.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_stands_in_the_control_tables() {
    House::on_each(|house| async move {
        let (story, secretary) = told(house).await;
        leaves_something_waiting(&story, &secretary).await;
        let mut texts = BTreeSet::new();
        for known in known(&story.house, &story.affairs).await.into_values() {
            texts.extend([known.ksh, known.number, known.name]);
            texts.extend(known.student_no.into_iter().chain(known.sealed));
        }
        texts.retain(|text| !text.is_empty());
        for must in [KSH, NAME, NUMBER] {
            assert!(texts.contains(must), "{must}");
        }
        let tables = story.house.bed.control_rows().await;
        for table in [
            "tenant",
            "session",
            "job_ticket",
            "operator",
            "operator_event",
            "attempt",
        ] {
            assert!(!tables[table].is_empty(), "nothing is in {table}");
        }
        // The look sees what is there.
        assert!(tables["tenant"].iter().any(|row| stands_in(row, SLUG)));
        for (table, rows) in &tables {
            for text in &texts {
                let row = rows.iter().find(|row| stands_in(row, text));
                assert_eq!(row, None, "{text} in {table}");
            }
        }
    })
    .await;
}
