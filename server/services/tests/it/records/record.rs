//! One record: facts with their reveals, timeline with its documents.

use super::campus::{Campus, YEAR};
use domain::view::record::RevealField;
use store::testkit::on_both;

#[tokio::test]
async fn the_timeline_names_clause_office_persons_and_document() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let record = campus
            .services
            .student_record(&campus.academic, campus.people[0].student)
            .await
            .unwrap();
        let told: Vec<&str> = record
            .timeline
            .iter()
            .map(|line| line.what.0.as_str())
            .collect();
        assert_eq!(
            told,
            [
                "编班编学号",
                "接收录取信息",
                "接收录取信息",
                "录取信息移交",
                "录取专业对应",
                "录取数据入库",
            ]
        );
        let [numbered, college, school, offered, _, imported] = record.timeline.as_slice() else {
            unreachable!()
        };
        assert_eq!(numbered.source.as_ref().unwrap().name.0, "学号规则");
        assert_eq!(numbered.lead.0, "学生处");
        let slip = format!("{YEAR}年录取信息移交单第1号（首次移交）");
        assert_eq!(offered.source.as_ref().unwrap().name.0, slip);
        assert_eq!(school.source.as_ref().unwrap().name.0, slip);
        assert_eq!(
            college.source.as_ref().unwrap().name.0,
            format!("{slip} 第1学院")
        );
        assert_eq!(
            imported.source.as_ref().unwrap().name.0,
            "录取数据 录取数据.zip（31 本科批）"
        );
        for line in &record.timeline {
            assert!(line.clause.starts_with("办法 "), "{}", line.clause);
            assert!(!line.handler.is_empty());
        }
        // Four eyes: whoever offered handled it, whoever accepted checked it.
        assert_eq!(school.handler, offered.handler);
        assert_ne!(school.checker.as_ref().unwrap(), &school.handler);
        // The other college's receipt is no part of this record.
        assert!(!record.timeline.iter().any(|l| {
            l.source
                .as_ref()
                .is_some_and(|s| s.name.0.contains("第2学院"))
        }));
    })
    .await;
}

#[tokio::test]
async fn every_state_names_its_document() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let person = campus.people[0].student;
        let record = async |actor| campus.services.student_record(actor, person).await.unwrap();
        // Nothing has moved a state yet: all rest on the admission data, which Admissions alone may open.
        for (actor, opens) in [(&campus.academic, false), (&campus.admissions, true)] {
            for state in record(actor).await.states {
                let source = state.source.unwrap();
                assert_eq!(source.name.0, "录取数据 录取数据.zip（31 本科批）");
                assert_eq!(source.path.is_some(), opens, "{source:?}");
            }
        }
        campus.arrive(0, "海大教〔2026〕8号").await;
        let states = record(&campus.academic).await.states;
        let cited: Vec<String> = states
            .into_iter()
            .map(|s| s.source.unwrap().name.0)
            .collect();
        assert_eq!(cited[0], "海大教〔2026〕8号");
        assert_eq!(cited[1], "录取数据 录取数据.zip（31 本科批）");
    })
    .await;
}

#[tokio::test]
async fn facts_can_be_revealed_where_there_is_something_to_reveal() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let record = campus
            .services
            .student_record(&campus.affairs, campus.people[0].student)
            .await
            .unwrap();
        let reveals: Vec<RevealField> = record
            .sections
            .iter()
            .flat_map(|s| &s.facts)
            .filter_map(|fact| fact.reveal)
            .collect();
        assert_eq!(
            reveals,
            [
                RevealField::IdNumber,
                RevealField::CandidateNumber,
                RevealField::ExamPermit,
                RevealField::SourceRecord,
                RevealField::Mobile,
                RevealField::Address,
            ]
        );
        let titles: Vec<&str> = record.sections.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(titles, ["identity", "admission", "contact", "school"]);
        assert_eq!(record.states.len(), 4);
        assert_eq!(record.place[0].as_deref(), Some("第1学院"));
        // 办法 三（五）1（3）: the number is there by now, the photo and the enrolment date are not.
        let missing: Vec<&str> = record
            .missing
            .iter()
            .map(|(field, _)| field.0.as_str())
            .collect();
        assert_eq!(missing.len(), 2);
    })
    .await;
}
