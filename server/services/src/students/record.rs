//! One record as an office sees it.

use super::own::states_of;
use super::places::Places;
use super::snapshot::Snapshot;
use super::{IN_PART, admit, compared, facts, state, target};
use crate::{Result, Services};
use domain::admission::online::OnlineField;
use domain::institution::{Actor, policy};
use domain::photo::PhotoState;
use domain::text::{Label as _, Text};
use domain::view::access::AccessKind;
use domain::view::record::{Document, OtherYear, RecordView, SectionView, StateView, TimelineView};
use domain::view::{Chip, words};
use store::{Scope, rows};
use uuid::Uuid;

impl Services {
    /// One record with its timeline. The student sees that it was opened.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] for a record that the post's lists do not show.
    pub async fn student_record(&self, actor: &Actor, id: Uuid) -> Result<RecordView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::StudentPage>(actor, unit.now())?;
        let student = unit.student_seen(&actor.visible(), id).await?;
        actor.authorize::<policy::StudentPage>(&target(actor, &student), unit.now())?;
        let candidate = unit.candidate(student.candidate_id).await?;
        let snapshot = Snapshot::open(unit.keys(), &candidate)?;
        let places = Places::load(&unit).await?;
        let photo = unit.admission_photo(candidate.id).await?;
        let import = unit.import(candidate.import_id).await?;
        let first = reachable(super::timeline::admission(&import, &candidate), actor);
        let mut timeline = super::timeline::of(&unit, &student, &candidate, &places).await?;
        let hands_out = actor.may::<policy::SlipsPage>();
        for line in &mut timeline {
            line.source = line.source.take().map(|source| reachable(source, actor));
            // Free words: for the posts that have them in their list of re-issues.
            if let Some(reissue) = line.reissue.as_mut().filter(|_| !hands_out) {
                reissue.note = None;
            }
        }
        let view = RecordView {
            correction: crate::assign::correct::look(&unit, actor, &student, &places).await?,
            other_years: other_years(&unit, actor, &student).await?,
            id,
            name: student.name.clone(),
            year: student.year,
            student_no: student.student_no.clone(),
            place: [student.college_id, student.major_id, student.class_id]
                .map(|unit| places.name(unit)),
            states: states(&student, &timeline, &first)?,
            compared: compared::of(&student, &snapshot, &places),
            sections: facts::sections(&student, &snapshot, &places),
            missing: missing(&student, &snapshot, &places, photo.is_some())?,
            timeline,
            photo: photo.map(|_| candidate.id),
            may_reveal: actor.may::<policy::Reveal>(),
        };
        drop(unit);
        let fields = shown(&view.sections);
        self.log_read(actor, Some(id), AccessKind::Record, &fields, 1)
            .await?;
        Ok(view)
    }
}

/// The other record of somebody who came back after a deferred admission, where the post may see it.
async fn other_years(
    scope: &Scope,
    actor: &Actor,
    student: &rows::Student,
) -> Result<Vec<OtherYear>> {
    let before = scope.record_before(student.id).await?.map(|own| own.id);
    let ids: Vec<Uuid> = [before, student.continued_by]
        .into_iter()
        .flatten()
        .collect();
    let seen = scope.students_seen(&actor.visible(), &ids).await?;
    Ok(seen
        .into_iter()
        .map(|other| OtherYear {
            student: other.id,
            year: other.year,
            later: Some(other.id) == student.continued_by,
        })
        .collect())
}

/// The four states, each with the document of the act that moved it last; what nothing has moved rests on the
/// admission data.
fn states(
    student: &rows::Student,
    timeline: &[TimelineView],
    first: &Document,
) -> Result<Vec<StateView>> {
    let states = states_of(student)?;
    let view = |part: &str, question: Text, chip: Chip, since| {
        let moved = timeline
            .iter()
            .find(|line| line.part.as_deref() == Some(part));
        StateView {
            question: words(question),
            chip,
            since,
            source: moved.map_or_else(|| Some(first.clone()), |line| line.source.clone()),
        }
    };
    Ok(vec![
        view(
            "qualification",
            Text::new("入学资格", "Admission"),
            Chip::of(&states.qualification),
            student.qualification_on,
        ),
        view(
            "status",
            Text::new("学籍状态", "Status"),
            Chip::of(&states.status),
            student.status_on,
        ),
        view(
            "registration",
            Text::new("学信网注册", "Registration on CHSI"),
            Chip::of(&states.registration),
            student.registration_on,
        ),
        view(
            "photo",
            Text::new("毕业照片", "Certificate photo"),
            Chip::of(&states.photo),
            student.photo_on,
        ),
    ])
}

/// A document that the post may not open is cited without its address.
fn reachable(document: Document, actor: &Actor) -> Document {
    let open = document.path.as_deref().is_some_and(|path| {
        let page = path.split(['/', '?']).next();
        match page {
            Some("handovers") => actor.may::<policy::HandoverPage>(),
            Some("assign") => actor.may::<policy::AssignPage>(),
            Some("admission") => actor.may::<policy::ImportPage>(),
            _ => false,
        }
    });
    Document {
        path: document.path.filter(|_| open),
        ..document
    }
}

/// Fields of 办法 三（五）1（3） that are still missing, with the step that fills each: what admission data lacked, less
/// what the school has filled since.
fn missing(
    student: &rows::Student,
    snapshot: &Snapshot,
    places: &Places,
    photo: bool,
) -> Result<Vec<(domain::view::Words, domain::view::Words)>> {
    let registration = state(&student.registration)?;
    let captured = state::<PhotoState>(&student.photo)? == PhotoState::Usable;
    Ok(snapshot
        .due
        .iter()
        .filter(|field| !field.filled_by().is_past(registration))
        .filter(|field| match field {
            OnlineField::StudentNumber => student.student_no.is_none(),
            // A broad intake is registered under its category, which the frozen values name.
            OnlineField::Major | OnlineField::Level | OnlineField::StudyForm => {
                student.college_id.is_none()
            }
            OnlineField::Length => places.duration(student.major_id).is_none(),
            OnlineField::Image => !photo && !captured,
            OnlineField::Name
            | OnlineField::Sex
            | OnlineField::BirthDate
            | OnlineField::Ethnic
            | OnlineField::Political
            | OnlineField::IdNumber
            | OnlineField::ExamPermit
            | OnlineField::EnrolmentDate => true,
        })
        .map(|field| (words(field.label()), words(field.filled_by().label())))
        .collect())
}

/// The keys of what the page showed, for the access log: of a masked value the part, and nothing of a value that the page
/// only says to be there.
fn shown(sections: &[SectionView]) -> String {
    let keys: Vec<String> = sections
        .iter()
        .flat_map(|section| &section.facts)
        .filter(|fact| !fact.value.0.is_empty() && !facts::only_on_file(fact))
        .map(|fact| match fact.reveal {
            Some(_) => format!("{}{IN_PART}", fact.key),
            None => fact.key.clone(),
        })
        .collect();
    keys.join(",")
}
