//! One student's class or number is put right, with the reason; the assignment it came from stays for everybody else.

use super::by_rule::{comes, open_classes};
use super::sheet::reaches;
use super::undo::{has_status, is_registered};
use super::{Placing, begun, refused};
use crate::admission::{LONGEST_REASON, SHORTEST_REASON, json};
use crate::students::places::Places;
use crate::students::{admit, target};
use crate::{Result, ServiceError, Services};
use domain::admission::assign::is_number;
use domain::decision::Reason;
use domain::institution::{Action, Actor, Granted, policy};
use domain::person::id_number::normalise;
use domain::view::assign::CorrectionView;
use store::{Detail, Scope, StoreError, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// Which record is corrected, as it was seen, and why.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The record.
    pub student: Uuid,
    /// Its version on the page.
    pub version: i32,
    /// The reason, for the audit log and the record's timeline.
    pub reason: String,
}

const fn invalid(field: &'static str, code: &'static str) -> ServiceError {
    ServiceError::Invalid { field, code }
}

impl Services {
    /// Moves one student into another class of the same major, or of the same broad intake.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a class that does not fit or a reason that is none, [`ServiceError::StatusBegun`] once
    /// a student status has begun, [`ServiceError::Refused`] with [`Reason::Stale`] when the record was changed meanwhile.
    pub async fn correct_class(
        &self,
        actor: &Actor,
        correction: &Correction,
        class: Uuid,
    ) -> Result<()> {
        let reason = reason_of(correction)?;
        let mut unit = self.store.begin(actor).await?;
        let (granted, student) = seen::<policy::CorrectClass>(&unit, actor, correction).await?;
        before_status(&student)?;
        let places = Places::load(&unit).await?;
        let fits = classes_for(&unit, actor, &student, &places);
        if student.class_id == Some(class) || !fits.iter().any(|own| own.id == class) {
            return Err(invalid("class", "unknown"));
        }
        let after = rows::Student {
            class_id: Some(class),
            ..student.clone()
        };
        write(&mut unit, &granted, (&student, &after), reason).await?;
        Ok(unit.commit().await?)
    }

    /// Gives one student another number.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `number` (`form`, `taken`, `login`) or `reason`, [`ServiceError::StatusBegun`] once a
    /// student status has begun, [`ServiceError::BuiltOn`] with what was built on the number, [`ServiceError::Refused`] without a fresh step-up, or with [`Reason::Stale`].
    pub async fn correct_number(
        &self,
        actor: &Actor,
        correction: &Correction,
        number: &str,
    ) -> Result<()> {
        let reason = reason_of(correction)?;
        let number = normalise(number.trim());
        let mut unit = self.store.begin(actor).await?;
        let (granted, student) = seen::<policy::CorrectNumber>(&unit, actor, correction).await?;
        before_status(&student)?;
        if !is_number(&number) || student.student_no.as_deref() == Some(number.as_str()) {
            return Err(invalid("number", "form"));
        }
        if unit.numbers_in_use().await?.contains_key(&number) {
            return Err(invalid("number", "taken"));
        }
        let same = unit
            .accounts_by_login(std::slice::from_ref(&number))
            .await?;
        if same.iter().any(|account| account.kind == "staff") {
            return Err(invalid("number", "login"));
        }
        stands(against_number(&unit, &student).await?)?;
        let after = Placing {
            number: Some(number),
            ..Placing::of(&student)
        }
        .put(&student);
        write(&mut unit, &granted, (&student, &after), reason).await?;
        Ok(unit.commit().await?)
    }
}

/// What may be corrected of a record; nothing for a post without the right, and before class and number are there.
pub(crate) async fn look(
    scope: &Scope,
    actor: &Actor,
    student: &rows::Student,
    places: &Places,
) -> Result<Option<CorrectionView>> {
    let assigned = student.class_id.is_some() || student.student_no.is_some();
    let may = actor.may::<policy::CorrectClass>() && reaches(actor, student.college_id);
    if !assigned || !may || !comes(student) {
        return Ok(None);
    }
    let classes = classes_for(scope, actor, student, places);
    Ok(Some(CorrectionView {
        version: student.version,
        number: student.student_no.clone(),
        classes: classes
            .into_iter()
            .map(|class| {
                let own = student.class_id == Some(class.id);
                (class.id, class.name.clone(), own)
            })
            .collect(),
        against_class: against_class(student),
        against_number: against_number(scope, student).await?,
    }))
}

fn reason_of(correction: &Correction) -> Result<String> {
    let reason = correction.reason.trim().to_owned();
    if (SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) {
        Ok(reason)
    } else {
        Err(invalid("reason", "reason_too_short"))
    }
}

/// The record as the page showed it, of a post whose students it is among, and the right over it.
async fn seen<A: Action>(
    scope: &Scope,
    actor: &Actor,
    correction: &Correction,
) -> Result<(Granted<A>, rows::Student)> {
    // Another office learns nothing about a record, not even whether there is one.
    admit::<A>(actor, scope.now())?;
    let student = scope
        .student_seen(&actor.visible(), correction.student)
        .await?;
    let granted = actor.authorize::<A>(&target(actor, &student), scope.now())?;
    let assigned = student.class_id.is_some() || student.student_no.is_some();
    if !assigned || !comes(&student) || !reaches(actor, student.college_id) {
        return Err(refused(Reason::IllegalMove));
    }
    if student.version != correction.version {
        return Err(refused(Reason::Stale));
    }
    Ok((granted, student))
}

/// Classes that a record may stand in: open ones of its cohort and its major; of a broad intake those of its college.
fn classes_for<'a>(
    scope: &Scope,
    actor: &Actor,
    student: &rows::Student,
    places: &'a Places,
) -> Vec<&'a rows::Unit> {
    let mut classes = open_classes(student.year, places, scope.today());
    classes.retain(|class| {
        let college = places.college_of(class.id);
        reaches(actor, college)
            && places.major_of(class) == student.major_id
            && college == student.college_id
    });
    classes
}

/// A class changes by a change of status once there is one (domain.md §4.2).
fn against_class(student: &rows::Student) -> String {
    counted(&[("status", has_status(student))])
}

/// A number is on slips, in accounts that were activated with it, and on the platform.
async fn against_number(scope: &Scope, student: &rows::Student) -> Result<String> {
    let persons: Vec<Uuid> = student.person_id.into_iter().collect();
    let accounts = scope.accounts_of_persons(&persons).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let since = scope
        .assignments_of_student(student.id)
        .await?
        .iter()
        .rfind(|line| !line.undone)
        .map(|line| line.at);
    let activations = match since {
        Some(since) => scope.activations_since(&ids, since).await?,
        None => Vec::new(),
    };
    let used = |own: &rows::Activation| own.used_at.is_some_and(|at| Some(at) >= since);
    let issued = |own: &rows::Activation| Some(own.issued_at) >= since;
    Ok(counted(&[
        ("slips", activations.iter().any(issued)),
        ("accounts", activations.iter().any(used)),
        ("status", has_status(student)),
        ("registered", is_registered(student)),
    ]))
}

fn counted(kinds: &[(&str, bool)]) -> String {
    let named = kinds.iter().filter(|(_, stands)| *stands);
    let named: Vec<String> = named.map(|(kind, _)| format!("{kind} 1")).collect();
    named.join(", ")
}

/// Class and number are corrected as they are assigned: until a status has begun.
fn before_status(student: &rows::Student) -> Result<()> {
    if has_status(student) {
        Err(begun([student]))
    } else {
        Ok(())
    }
}

fn stands(built: String) -> Result<()> {
    if built.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::BuiltOn(built))
    }
}

async fn write<A: Action>(
    unit: &mut UnitOfWork,
    granted: &Granted<A>,
    (before, after): (&rows::Student, &rows::Student),
    reason: String,
) -> Result<()> {
    match unit.place_students(&[(before, after.clone())]).await {
        Err(StoreError::Taken) => return Err(invalid("number", "taken")),
        Err(StoreError::Stale) => return Err(refused(Reason::Stale)),
        Err(StoreError::StatusMoved(_)) => return Err(begun([before])),
        other => other?,
    }
    let values = (json(&Placing::of(before))?, json(&Placing::of(after))?);
    unit.note(
        granted,
        Subject::new("student", before.id),
        Detail::text(reason)
            .over_values("student", [(before.id, values.0.clone(), values.1.clone())])
            .values(values.0, values.1),
    );
    Ok(())
}
