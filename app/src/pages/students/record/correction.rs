//! One student's class or number is put right on the record's page.

use crate::cx::Cx;
use crate::draft::Filled;
use crate::frame::stands_in_words;
use domain::view::assign::CorrectionView;
use domain::view::record::RecordView;
use leptos::prelude::*;
use ui::prelude::*;

/// The section, and whether one of its forms was refused, so that whoever comes back looks for it.
pub(super) fn section(cx: Cx, view: &RecordView) -> (AnyView, bool) {
    let Some(correction) = &view.correction else {
        return (().into_any(), false);
    };
    let class = class(cx, view, correction);
    let number = number(cx, view, correction);
    let refused = class_form(cx).open() || number_form(cx).open();
    let section = view! {
        <RecordSection title=cx.pick("更正班级或学号", "Correct class or number") open=refused>
            {class}
            {number}
        </RecordSection>
    };
    (section.into_any(), refused)
}

fn class_form(cx: Cx) -> Filled {
    cx.form_of("admission/correct-class", "class")
}

fn number_form(cx: Cx) -> Filled {
    cx.form_of("admission/correct-number", "number")
}

fn hidden(form: &Filled, view: &RecordView, correction: &CorrectionView) -> Vec<Hidden> {
    form.hidden(vec![
        Hidden::new("student", view.id.to_string()),
        Hidden::new("version", correction.version.to_string()),
    ])
}

/// What stands against a correction, said before anybody tries.
fn stands(cx: Cx, title: &'static str, built: &str) -> AnyView {
    let items = stands_in_words(cx, built)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect::<Vec<_>>();
    view! { <Notice tone=Tone::Info title=title><ul class="xj-list">{items}</ul></Notice> }
        .into_any()
}

fn reason(cx: Cx, form: &Filled) -> AnyView {
    let (id, value, error) = (
        form.id("reason"),
        form.value("reason", ""),
        form.error("reason"),
    );
    view! { <TextInput name="reason" id=id label=cx.pick("理由（记入经过）", "Reason (kept in the timeline)") value=value required=true maxlength=200 error=error/> }.into_any()
}

fn class(cx: Cx, view: &RecordView, correction: &CorrectionView) -> AnyView {
    if !correction.against_class.is_empty() {
        let title = cx.pick(
            "班级不能在此更正：学籍已注册，转班按学籍异动办理",
            "The class cannot be corrected here: once the status has begun, it changes by a change of status",
        );
        return stands(cx, title, &correction.against_class);
    }
    let form = class_form(cx);
    let others = correction.classes.iter().filter(|(.., own)| !own);
    let choices = others
        .map(|(id, name, _)| {
            let id = id.to_string();
            let chosen = form.typed("class") == Some(id.as_str());
            Choice::new(id, name.clone()).checked(chosen)
        })
        .collect::<Vec<_>>();
    let hidden = hidden(&form, view, correction);
    if choices.is_empty() {
        return view! { <p class="xj-muted">{cx.pick("本专业没有其他班级可选。", "There is no other class of this major.")}</p> }.into_any();
    }
    view! {
        <Fold summary=cx.pick("更正班级", "Correct the class") open=form.open()>
            <PostForm action="/api/admission/correct-class" tenant=cx.slug() hidden=hidden>
                <SelectInput name="class" id=form.id("class") label=cx.pick("改入班级", "Class") choices=choices error=form.error("class")/>
                {reason(cx, &form)}
                <FormActions><SubmitButton label=cx.pick("更正班级", "Correct the class") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn number(cx: Cx, view: &RecordView, correction: &CorrectionView) -> AnyView {
    if !correction.against_number.is_empty() {
        let title = cx.pick(
            "学号不能更正：已有内容建立在这个学号之上",
            "The number cannot be corrected: something was built on it",
        );
        return stands(cx, title, &correction.against_number);
    }
    let form = number_form(cx);
    let now = form.value("number", correction.number.clone().unwrap_or_default());
    let hidden = hidden(&form, view, correction);
    view! {
        <Fold summary=cx.pick("更正学号", "Correct the student number") open=form.open()>
            <PostForm action="/api/admission/correct-number" tenant=cx.slug() hidden=hidden>
                <TextInput name="number" id=form.id("number") label=cx.pick("学号", "Student number") value=now required=true maxlength=15 error=form.error("number")/>
                {reason(cx, &form)}
                <FormActions><SubmitButton label=cx.pick("更正学号", "Correct the number") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}
