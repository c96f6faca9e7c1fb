//! The snapshot of a candidate: its canonical form, what differs between two, what is still due; and special admissions.

use super::{ID, candidate, checked, context, folder, kinds, package};
use domain::admission::check::{
    CandidateFacts, CheckContext, CheckReport, check, differences, replaced,
};
use domain::admission::finding::{Finding, FindingKind as Kind, Place, Severity};
use domain::admission::online::{FilledBy, OnlineField, due};
use domain::admission::path::AdmissionPath;
use domain::admission::source::SourceField;
use domain::decision::Machine as _;
use domain::registration::PlatformAnswer;
use domain::text::{Label as _, Lang};

fn facts(changes: &[(&'static str, &str)]) -> CandidateFacts {
    checked(&[candidate(changes)]).candidates.remove(0).facts
}

fn report_on(path: AdmissionPath, changes: &[(&'static str, &str)]) -> CheckReport {
    let source = package(vec![folder("上海市", &[candidate(changes)])]);
    check(&source, &CheckContext { path, ..context() })
}

fn on_path(path: AdmissionPath, changes: &[(&'static str, &str)]) -> Vec<Kind> {
    kinds(&report_on(path, changes))
}

/// A released form is never changed: imports of last year are recognised by it.
#[test]
fn the_canonical_form_stands() {
    let form = String::from_utf8(facts(&[]).canonical().unwrap()).unwrap();
    let expected = r#"{"$schema":"xueji.candidate/1","facts":{"admission_kind":null,"area_code":null,"batch":null,"birth_date":"2008-03-15","candidate_kind":null,"category":null,"contact":{"address":null,"addressee":null,"mobile":null,"postcode":null,"telephone":null},"ethnic_code":"01","ethnic_name":"汉族","id_number":"310115200803150010","id_type":"resident_id_card","ksh":"26310000150001","major":{"length":null,"level":null,"name":"海洋科学","national_code":null,"offer_code":"01","study_form":null},"name":"张三","name_raw":"张三","plan_kind":null,"political_code":"03","political_name":"中国共产主义青年团团员","previous_school":null,"score":null,"sex":"male","zkzh":null}}"#;
    assert_eq!(form, expected);
}

/// What the table of a special admission says beside: another form. The enrolment is not due any more; the number is,
/// until the school assigns it.
#[test]
fn student_number_and_enrolment_are_kept_where_the_school_made_the_table() {
    let stated = [("XH", "2605010101"), ("RXRQ", "20260901")];
    let of_path = |path| report_on(path, &stated).candidates.remove(0).facts;
    let kept = of_path(AdmissionPath::TopUp);
    let form = String::from_utf8(kept.canonical().unwrap()).unwrap();
    let before = String::from_utf8(facts(&[]).canonical().unwrap()).unwrap();
    let expected = before
        .replace("candidate/1", "candidate/2")
        .replace(
            r#""ethnic_code""#,
            r#""enrolled_on":"20260901","ethnic_code""#,
        )
        .replace(r#","zkzh""#, r#","student_no":"2605010101","zkzh""#);
    assert_eq!(form, expected);
    let lacking = due(&kept);
    assert!(lacking.contains(&OnlineField::StudentNumber));
    assert!(!lacking.contains(&OnlineField::EnrolmentDate));
    let told = differences(&facts(&[]), &kept);
    assert_eq!(told.len(), 2);
    assert!(!told[0].after.contains("05010101"), "{}", told[0].after);
    assert_eq!(of_path(AdmissionPath::Ordinary), facts(&[]));
}

#[test]
fn differences_show_what_changed_and_no_number_or_address() {
    assert_eq!(differences(&facts(&[]), &facts(&[])), []);
    let other = facts(&[
        ("XM", "欧阳明月"),
        ("MZDM", "05"),
        ("ZJHM", "310115200803150037"),
        ("CSRQ", "20080316"),
    ]);
    let found = differences(&facts(&[]), &other);
    let fields: Vec<SourceField> = found.iter().map(|difference| difference.field).collect();
    let expected = [
        SourceField::Xm,
        SourceField::Csrq,
        SourceField::Mzdm,
        SourceField::Zjhm,
    ];
    assert_eq!(fields, expected);
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(shown[0], "姓名 张三 → 欧阳明月");
    assert_eq!(shown[1], "出生日期 2008-03-15 → 2008-03-16");
    assert_eq!(shown[2], "民族 汉族 → 维吾尔族");
    let text = shown.join("；");
    assert!(!text.contains(&ID[3..]) && !text.contains("0315"), "{text}");
    let kept: Vec<String> = replaced(&facts(&[]), &other)
        .into_iter()
        .map(|replaced| replaced.before)
        .collect();
    assert_eq!(kept, ["张三", "2008-03-15", "汉族", ID]);
}

/// Two masks that look the same say nothing; that something changed is said in words.
#[test]
fn a_change_behind_the_mask_is_told_in_both_languages() {
    let before = facts(&[("SJR", "张三"), ("TXDZ", "甲路 1 号"), ("YZBM", "200000")]);
    let after = facts(&[("SJR", "张四"), ("TXDZ", "乙路 2 号"), ("YZBM", "200001")]);
    let found = differences(&before, &after);
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = [
        "通讯地址 ***（已变，隐藏部分不同）",
        "邮政编码 ***（已变，隐藏部分不同）",
        "收件人 张*（已变，隐藏部分不同）",
    ];
    assert_eq!(shown, expected);
    let place = Place {
        ksh: "26310000150001",
        file: "T_TDD.DBF",
        row: 1,
        field: "KSH",
    };
    let finding = Finding::new(Kind::Changed, place, &shown.join("；"));
    let zh = finding.message_in(Lang::Zh);
    assert!(
        zh.ends_with(&format!("（{}）", expected.join("；"))),
        "{zh}"
    );
    let en = finding.message_in(Lang::En);
    let told = [
        "Postal address *** (changed, in the hidden part)",
        "Postcode *** (changed, in the hidden part)",
        "Addressee 张* (changed, in the hidden part)",
    ];
    assert!(en.ends_with(&format!("({})", told.join("; "))), "{en}");
}

#[test]
fn every_field_that_the_source_lacks_has_a_step_that_fills_it() {
    let lacking = due(&facts(&[("ZZMMDM", "")]));
    let expected = [
        OnlineField::Political,
        OnlineField::ExamPermit,
        OnlineField::EnrolmentDate,
        OnlineField::StudentNumber,
        OnlineField::Level,
        OnlineField::StudyForm,
        OnlineField::Length,
        OnlineField::Image,
    ];
    assert_eq!(lacking, expected);
    let steps = [
        (OnlineField::Name, FilledBy::Verification),
        (OnlineField::Sex, FilledBy::Verification),
        (OnlineField::BirthDate, FilledBy::Verification),
        (OnlineField::Ethnic, FilledBy::Verification),
        (OnlineField::Political, FilledBy::Verification),
        (OnlineField::IdNumber, FilledBy::Verification),
        (OnlineField::ExamPermit, FilledBy::Verification),
        (OnlineField::EnrolmentDate, FilledBy::FreshmanRegistration),
        (OnlineField::StudentNumber, FilledBy::ClassAndNumber),
        (OnlineField::Major, FilledBy::MajorMapping),
        (OnlineField::Level, FilledBy::MajorMapping),
        (OnlineField::StudyForm, FilledBy::MajorMapping),
        (OnlineField::Length, FilledBy::MajorMapping),
        (OnlineField::Image, FilledBy::Photos),
    ];
    assert_eq!(
        OnlineField::ALL.map(|field| (field, field.filled_by())),
        steps
    );
    for field in OnlineField::ALL {
        assert!(!field.label().en.is_empty() && !field.filled_by().label().en.is_empty());
    }
}

/// A row with these cells in a folder with tables of levels, forms and lengths, whose major on offer has codes of its own.
fn coded(changes: &[(&'static str, &str)]) -> CandidateFacts {
    let mut folder = folder("上海市", &[candidate(changes)]);
    for (table, codes) in [
        ("TD_CCDM", [("1", "本科"), ("2", "专科")]),
        ("TD_XXXS", [("1", "全日制"), ("2", "业余")]),
        ("TD_XZDM", [("04", "四年"), ("05", "五年")]),
    ] {
        let codes = codes.map(|(code, text)| (code.to_owned(), text.to_owned()));
        folder.dictionaries.insert(table.to_owned(), codes.into());
    }
    "1".clone_into(&mut folder.majors[0].level_code);
    "04".clone_into(&mut folder.majors[0].length_code);
    "070701".clone_into(&mut folder.majors[0].national_code);
    let mut report = check(&package(vec![folder]), &context());
    assert_eq!(report.findings, []);
    report.candidates.remove(0).facts
}

/// 办法 三（五）1（3）: what the source has is kept, each field from where it stands.
#[test]
fn every_field_that_the_source_has_is_kept() {
    let all = [
        ("ZKZH", "310100123"),
        ("CCDM", "2"),
        ("XXXS", "2"),
        ("XZDM", "05"),
    ];
    let stated = coded(&all);
    assert_eq!(stated.zkzh.as_deref(), Some("310100123"));
    assert_eq!(stated.major.level.as_deref(), Some("专科"));
    assert_eq!(stated.major.study_form.as_deref(), Some("业余"));
    assert_eq!(stated.major.length.as_deref(), Some("五年"));
    let others = [
        OnlineField::EnrolmentDate,
        OnlineField::StudentNumber,
        OnlineField::Image,
    ];
    assert_eq!(due(&stated), others);
    // Where the row is silent, the major on offer says it, by the same tables.
    let offered = coded(&[]);
    assert_eq!(offered.zkzh, None);
    assert_eq!(offered.major.national_code.as_deref(), Some("070701"));
    assert_eq!(offered.major.level.as_deref(), Some("本科"));
    assert_eq!(offered.major.length.as_deref(), Some("四年"));
    assert_eq!(offered.major.study_form, None);
    // What is written in words needs no table.
    let told = facts(&[("CCDM", "本科"), ("XXXS", "普通全日制"), ("XZDM", "4")]);
    assert_eq!(told.major.level.as_deref(), Some("本科"));
    assert_eq!(told.major.study_form.as_deref(), Some("普通全日制"));
    assert_eq!(told.major.length.as_deref(), Some("4"));
}

#[test]
fn a_step_that_is_over_fills_nothing_any_more() {
    for answer in PlatformAnswer::STATES {
        let listed = !matches!(answer, PlatformAnswer::NotDue | PlatformAnswer::Returned);
        assert_eq!(
            FilledBy::Verification.is_past(*answer),
            listed,
            "{answer:?}"
        );
        let registered = *answer == PlatformAnswer::Accepted;
        assert_eq!(
            FilledBy::FreshmanRegistration.is_past(*answer),
            registered,
            "{answer:?}"
        );
        for step in [
            FilledBy::MajorMapping,
            FilledBy::ClassAndNumber,
            FilledBy::Photos,
        ] {
            assert!(!step.is_past(*answer), "the record tells");
        }
    }
}

#[test]
fn numbers_of_the_school_are_read_for_special_admissions_only() {
    let own = [("KSH", "ZSB2026010001")];
    let told = report_on(AdmissionPath::Ordinary, &own).findings;
    let [told] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(
        (told.kind, told.severity),
        (Kind::OtherPath, Severity::Warning)
    );
    assert!(told.message.contains("接受后，该考生按普通高考录取入库"));
    assert!(told.suggestion.contains("上传时选择对应的“类别”"));
    for path in [
        AdmissionPath::TopUp,
        AdmissionPath::SecondBachelor,
        AdmissionPath::Hmt,
    ] {
        assert_eq!(on_path(path, &own), []);
        assert_eq!(on_path(path, &[("KSH", "99990000150001")]), []);
        assert_eq!(on_path(path, &[("KSH", "ZSB1")]), [Kind::BadKsh]);
    }
}

#[test]
fn who_comes_back_keeps_the_number_that_the_school_had_made() {
    let weighed = |number: &str| -> Vec<(Kind, Severity)> {
        report_on(AdmissionPath::Returner, &[("KSH", number)])
            .findings
            .iter()
            .map(|finding| (finding.kind, finding.severity))
            .collect()
    };
    assert_eq!(weighed("ZSB2026010001"), []);
    assert_eq!(weighed("202601000000123"), []);
    // Fourteen digits that name no province, or fewer: the school's, or a slip in that of a province.
    let unsure = [(Kind::UnknownProvince, Severity::Warning)];
    assert_eq!(weighed("99990000150001"), unsure);
    assert_eq!(
        weighed("2431011515001"),
        [(Kind::BadKsh, Severity::Warning)]
    );
    assert_eq!(weighed("ZSB1"), [(Kind::BadKsh, Severity::Error)]);
}

#[test]
fn a_returner_has_an_earlier_year_and_no_later_one() {
    for (number, found) in [
        ("26310000150001", vec![]),
        ("19310000150001", vec![]),
        ("18310000150001", vec![Kind::WrongYear]),
        ("27310000150001", vec![Kind::WrongYear]),
    ] {
        assert_eq!(on_path(AdmissionPath::Returner, &[("KSH", number)]), found);
    }
}

#[test]
fn the_kind_of_document_is_stated_where_none_can_be_taken_for_granted() {
    let silent = [("ZJLXDM", "")];
    for path in AdmissionPath::ALL {
        let found = report_on(path, &silent).findings;
        let found: Vec<(Kind, Severity)> = found
            .iter()
            .map(|finding| (finding.kind, finding.severity))
            .collect();
        let expected: &[(Kind, Severity)] = match path {
            AdmissionPath::Ordinary => &[],
            AdmissionPath::Hmt => &[(Kind::MissingField, Severity::Error)],
            _ => &[(Kind::MissingField, Severity::Warning)],
        };
        assert_eq!(found, expected, "{path:?}");
    }
}

#[test]
fn differences_are_told_in_the_language_of_the_page() {
    let (before, after) = (
        facts(&[]),
        facts(&[("XM", "李四"), ("XBDM", "2"), ("PCDM", "1")]),
    );
    let texts: Vec<String> = differences(&before, &after)
        .iter()
        .map(ToString::to_string)
        .collect();
    let place = Place {
        ksh: "26310000150001",
        file: "T_TDD.DBF",
        row: 1,
        field: "KSH",
    };
    let stored = format!("{}；+2", texts.join("；"));
    let finding = Finding::new(Kind::Changed, place, &stored);
    let zh = finding.message_in(Lang::Zh);
    assert!(zh.contains("姓名 张三 → 李四；性别 男 → 女；"), "{zh}");
    let en = finding.message_in(Lang::En);
    assert!(en.contains("Name 张三 → 李四; Sex "), "{en}");
    assert!(
        en.contains("本科批; +2)"),
        "what the province wrote stays: {en}"
    );
    for word in ["姓名", "性别", "男", "女", "批次"] {
        assert!(!en.contains(word), "{word}: {en}");
    }
}
