//! What a use case answers, in a sentence for the command line. Where a page has words for a code, they are the same.

use app::pages::words;
use domain::decision::{Reason, Refusal};
use domain::text::{Label as _, Lang};
use services::ServiceError;

/// A use case's answer in words.
pub(super) fn said(error: &ServiceError) -> String {
    match error {
        ServiceError::Refused(refusal) => refused(refusal),
        ServiceError::Invalid { field, code } => invalid(field, code),
        ServiceError::NotFound => {
            "what the line names is not there; nothing was changed".to_owned()
        }
        ServiceError::Suspended => {
            "the university is suspended; `xj tenant resume` lets it work again".to_owned()
        }
        ServiceError::SignIn
        | ServiceError::TooMany
        | ServiceError::BuiltOn(_)
        | ServiceError::StatusBegun(_)
        | ServiceError::File(_)
        | ServiceError::Store(_)
        | ServiceError::Interrupted
        | ServiceError::Internal(_) => error.to_string(),
    }
}

/// What stands against it, by which clause, and whom to ask.
fn refused(refusal: &Refusal) -> String {
    let why = match refusal.reason {
        Reason::NotSignedIn => "nobody is signed in",
        Reason::WrongOffice => {
            "another office does this: the post of this account has no right to it"
        }
        Reason::NotVisible => "it is not there, or this account may not see it",
        Reason::StepUpNeeded => "the password must be given again on the pages first",
        Reason::FactorNeeded => "this account must set up its second factor on the pages first",
        Reason::SamePerson => "another person must do this step (four eyes)",
        Reason::IllegalMove => "the state in which it is does not allow this",
        Reason::Stale => "somebody changed it meanwhile; look at it and try again",
        Reason::BuiltOn => "something was built on it",
        Reason::TooLate => "the time for this is over",
        Reason::Incomplete => "something that this step needs is missing",
        Reason::Invalid => "a value does not have the form that is needed",
    };
    let until = refusal
        .until
        .map(|day| format!(", until {day}"))
        .unwrap_or_default();
    format!(
        "{why} ({clause}{until}); ask: {help}; nothing was changed",
        clause = refusal.clause,
        help = refusal.help.label().en
    )
}

/// The option of a field, and what is wrong with it.
fn invalid(field: &str, code: &str) -> String {
    let words = words::of(code, &[field], Lang::En);
    format!(
        "{}: {}: {} Nothing was changed",
        option(field),
        words.what,
        words.why
    )
}

/// How the command line calls a field. A password comes by standard input.
fn option(field: &str) -> String {
    match field {
        "school_code" => "--code".to_owned(),
        "password" => field.to_owned(),
        _ => format!("--{field}"),
    }
}
