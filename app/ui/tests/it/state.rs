use leptos::prelude::*;
use ui::prelude::*;

use crate::html::{assert_well_formed, attribute, html, tags};

#[test]
fn each_tone_has_its_own_shape() {
    let mut shapes: Vec<String> = Tone::ALL
        .into_iter()
        .map(|tone| {
            let page = html(move || view! { <StatusChip tone label="word"/> }.into_any());
            assert!(
                page.contains("word") && page.contains(tone.class()),
                "{page}"
            );
            attribute(tags(&page, "path")[0], "d").unwrap().to_owned()
        })
        .collect();
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), Tone::ALL.len());
}

#[test]
fn the_state_of_a_step_is_said_once_and_the_current_step_is_marked() {
    let page = html(|| {
        let steps = vec![
            Step::new(StepState::Done, "done", "one").aside("6 Sep"),
            Step::new(StepState::Current, "yours", "two")
                .contact(view! { <Contact office="O" phone="1"/> }),
            Step::new(StepState::Failed, "stopped", "three"),
            Step::new(StepState::Waiting, "later", "four"),
        ];
        view! { <ProgressSteps title="T" steps=steps/> }.into_any()
    });
    assert_well_formed(&page);
    let current: Vec<_> = tags(&page, "li")
        .into_iter()
        .filter(|step| attribute(step, "aria-current") == Some("step"))
        .collect();
    assert_eq!(current.len(), 1);
    assert!(
        page.contains("<span class=\"xj-sr\">done</span>"),
        "hidden behind the date: {page}"
    );
    for word in ["done", "yours", "stopped", "later"] {
        assert_eq!(page.matches(&format!(">{word}<")).count(), 1, "{page}");
    }
}

#[test]
fn a_link_leads_to_the_whole_step() {
    let page = html(|| {
        let steps = vec![
            Step::new(StepState::Current, "yours", "one").id("first"),
            Step::new(StepState::Waiting, "later", "two"),
        ];
        view! { <ProgressSteps title="T" steps=steps/> }.into_any()
    });
    assert_well_formed(&page);
    let steps = tags(&page, "li");
    let place = |at: usize| (attribute(steps[at], "id"), attribute(steps[at], "tabindex"));
    assert_eq!(place(0), (Some("first"), Some("-1")));
    assert_eq!(place(1), (None, None));
}

#[test]
fn a_refusal_says_what_why_who_and_now() {
    let page = html(|| {
        view! {
            <Refusal
                what="what"
                why=Line::new("why", "because")
                clause="clause 3"
                who=Line::new("who", view! { <Contact office="office" phone="021-6190 0000"/> })
                until=Line::new("until", "16 Oct")
                now=Line::new("now", "do this")
            />
        }
        .into_any()
    });
    assert_well_formed(&page);
    for word in ["what", "because", "clause 3", "office", "16 Oct", "do this"] {
        assert!(page.contains(word), "{word} in {page}");
    }
    assert_eq!(tags(&page, "dt").len(), 4);
    assert_eq!(
        attribute(tags(&page, "a")[0], "href"),
        Some("tel:02161900000")
    );
}

#[test]
fn a_message_is_announced_only_when_asked() {
    let role = |tone, announce| {
        let page = html(move || view! { <Notice tone title="T" announce=announce/> }.into_any());
        attribute(tags(&page, "div")[0], "role").map(str::to_owned)
    };
    assert_eq!(role(Tone::Error, false), None);
    assert_eq!(role(Tone::Error, true).as_deref(), Some("alert"));
    assert_eq!(role(Tone::Success, true).as_deref(), Some("status"));
}

#[test]
fn progress_is_a_live_region_with_a_named_bar() {
    let page =
        html(|| view! { <LiveProgress label="L" value=Some(3) max=9 text="3 of 9"/> }.into_any());
    assert_eq!(
        attribute(tags(&page, "div")[0], "aria-live"),
        Some("polite")
    );
    let bar = tags(&page, "progress")[0];
    assert_eq!(attribute(bar, "value"), Some("3"));
    assert_eq!(attribute(bar, "max"), Some("9"));
    assert_eq!(attribute(bar, "aria-label"), Some("L"));
    let unknown =
        html(|| view! { <LiveProgress label="L" value=None max=1 text="waiting"/> }.into_any());
    assert_eq!(attribute(tags(&unknown, "progress")[0], "value"), None);
}

#[test]
fn a_wizard_marks_where_it_stands() {
    let page = html(|| {
        let steps = vec!["a".into(), "b".into(), "c".into()];
        view! { <WizardSteps label="L" done="done" steps=steps current=1/> }.into_any()
    });
    let steps = tags(&page, "li");
    let current: Vec<_> = steps
        .iter()
        .map(|step| attribute(step, "aria-current"))
        .collect();
    assert_eq!(current, [None, Some("step"), None]);
    assert_eq!(page.matches(">done<").count(), 1);
}

#[test]
fn a_deadline_is_readable_by_machines() {
    let page = html(|| {
        view! {
            <NowCard eyebrow="E" title="T" deadline_label="until" deadline="16 Oct" deadline_iso="2026-10-16T18:00:00+08:00"/>
        }
        .into_any()
    });
    assert_eq!(
        attribute(tags(&page, "time")[0], "datetime"),
        Some("2026-10-16T18:00:00+08:00")
    );
}

#[test]
fn a_deadline_that_is_none_is_no_time() {
    let page = html(|| {
        view! { <NowCard eyebrow="E" title="T" deadline_label="until" deadline="not set"/> }
            .into_any()
    });
    assert!(tags(&page, "time").is_empty(), "{page}");
    assert!(page.contains("not set"), "{page}");
}

#[test]
fn an_empty_slot_leaves_no_element() {
    let page = html(|| view! { <EmptyState title="T"/> }.into_any());
    assert_eq!(tags(&page, "div").len(), 1, "{page}");
    let none = html(|| view! { <TodoList groups=vec![]/> }.into_any());
    assert!(!none.contains('<'), "{none}");
}

#[test]
fn a_record_folds_without_a_script() {
    let page = html(|| {
        view! {
            <Record side=view! { <Timeline label="L" events=vec![TimelineEntry::new("6 Sep", "x")]/> }>
                <RecordSection title="S" facts=vec![Fact::new("name", "value").source("import")]/>
            </Record>
        }
        .into_any()
    });
    assert_well_formed(&page);
    let fold = page.find("</details><div class=\"xj-section-body\">");
    assert!(fold.is_some(), "the body follows its fold: {page}");
    assert_eq!(tags(&page, "dt").len(), 1);
    assert_eq!(tags(&page, "aside").len(), 1);
}
