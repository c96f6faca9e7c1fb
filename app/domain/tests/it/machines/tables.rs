//! The tables, by hand. A line that the reference does not have says why it is here.

use super::Table;
use domain::admission::handover::Receipt;
use domain::admission::import::ImportState;
use domain::admission::qualification::Qualification;
use domain::clause::Clause;
use domain::institution::Office;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;

/// domain.md §4.1.
pub const fn qualification() -> Table<Qualification> {
    Table {
        initial: Qualification::AwaitingArrival,
        moves: &[
            ("awaiting_arrival", "arrive", "initial_check"),
            ("awaiting_arrival", "grant_leave", "on_leave"),
            ("awaiting_arrival", "forgo", "forgone"),
            ("on_leave", "forgo", "forgone"),
            ("awaiting_arrival", "defer", "deferred"),
            ("initial_check", "defer", "deferred"),
            ("initial_check", "pass", "qualified"),
            ("initial_check", "cancel", "cancelled"),
            ("deferred", "return", "initial_check"),
            ("deferred", "cancel", "cancelled"),
            ("deferred", "forgo", "forgone"),
            // 请假待报到 is 待报到 with a later day: who comes back reports, who falls ill meanwhile may defer.
            ("on_leave", "arrive", "initial_check"),
            ("on_leave", "defer", "deferred"),
        ],
        terminal: &[
            Qualification::Qualified,
            Qualification::Forgone,
            Qualification::Cancelled,
        ],
        clause: Clause::ANNOTATION,
        help: Office::Admissions,
    }
}

/// domain.md §4.2.
pub const fn status() -> Table<StudentStatus> {
    Table {
        initial: StudentStatus::None,
        moves: &[
            ("none", "begin", "registered"),
            ("registered", "suspend", "suspended"),
            ("suspended", "resume", "registered"),
            ("registered", "retain", "retained"),
            ("retained", "resume", "registered"),
            ("registered", "transfer_out", "transferred_out"),
            // Own request, and 退学处理 of those who did not resume.
            ("registered", "withdraw", "withdrawn"),
            ("suspended", "withdraw", "withdrawn"),
            ("retained", "withdraw", "withdrawn"),
            // Any time it is found out, 办法 and M16: also of those who have left with a credential (annulment).
            ("registered", "cancel", "cancelled"),
            ("suspended", "cancel", "cancelled"),
            ("retained", "cancel", "cancelled"),
            ("graduated", "cancel", "cancelled"),
            ("completed", "cancel", "cancelled"),
            ("registered", "expel", "expelled"),
            ("suspended", "expel", "expelled"),
            ("retained", "expel", "expelled"),
            ("registered", "graduate", "graduated"),
            ("registered", "complete", "completed"),
            ("completed", "exchange", "graduated"),
            ("registered", "certify_partial_study", "partial_study"),
            ("withdrawn", "restore", "registered"),
            ("cancelled", "restore", "registered"),
            ("expelled", "restore", "registered"),
            // 死亡 is a state of the list, and anybody on the roll may die.
            ("registered", "die", "deceased"),
            ("suspended", "die", "deceased"),
            ("retained", "die", "deceased"),
        ],
        terminal: &[
            StudentStatus::TransferredOut,
            StudentStatus::PartialStudy,
            StudentStatus::Deceased,
        ],
        clause: Clause::DAILY,
        help: Office::AcademicAffairs,
    }
}

/// domain.md §4.6, with what the agency does between approval and publication in one step: the school is not told of it.
pub const fn photo() -> Table<PhotoState> {
    Table {
        initial: PhotoState::NotCaptured,
        moves: &[
            ("not_captured", "obtain_code", "code_obtained"),
            ("code_obtained", "submit", "submitted"),
            ("submitted", "reject", "rejected"),
            ("submitted", "publish", "to_proof"),
            ("rejected", "submit", "submitted"),
            ("to_proof", "confirm", "proofed"),
            ("to_proof", "dispute", "disputed"),
            ("proofed", "block_face", "face_blocked"),
            ("proofed", "release", "usable"),
            ("face_blocked", "release", "usable"),
            // The code goes from the platform to the student: the school may learn of the photo first.
            ("not_captured", "submit", "submitted"),
            // §5.11: a disputed photo is taken anew.
            ("disputed", "submit", "submitted"),
            // §5.11: the platform compares faces whether or not the student has proofed.
            ("to_proof", "block_face", "face_blocked"),
            ("to_proof", "release", "usable"),
        ],
        terminal: &[PhotoState::Usable],
        clause: Clause::PHOTO,
        help: Office::AcademicAffairs,
    }
}

/// architecture.md rule 2: `NotDue → Queued → Requested → Accepted | Returned`.
pub const fn answer() -> Table<PlatformAnswer> {
    Table {
        initial: PlatformAnswer::NotDue,
        moves: &[
            ("not_due", "queue", "queued"),
            ("queued", "request", "requested"),
            ("requested", "accept", "accepted"),
            ("requested", "return", "returned"),
            // A batch that has not left may lose a line, and a returned line goes into another batch.
            ("queued", "hold", "not_due"),
            ("returned", "queue", "queued"),
        ],
        terminal: &[PlatformAnswer::Accepted],
        clause: Clause::FRESHMAN_REGISTRATION,
        help: Office::Admissions,
    }
}

/// Upload → check → look → confirm, with repair and undo.
pub const fn import() -> Table<ImportState> {
    Table {
        initial: ImportState::Uploaded,
        moves: &[
            ("uploaded", "begin", "checking"),
            ("uploaded", "fail", "unreadable"),
            ("checking", "found", "checked"),
            // A repair that mended nothing: what was confirmed stays confirmed, and nobody is asked again.
            ("checking", "found_nothing", "confirmed"),
            ("checking", "fail", "unreadable"),
            ("checked", "repair", "checking"),
            // What its rows were compared with is gone: what was said about them may be wrong now.
            ("checked", "check_anew", "checking"),
            ("confirmed", "check_anew", "checking"),
            // Columns of a sheet may be assigned anew as long as nothing of it is in.
            ("checked", "assign", "checking"),
            ("unreadable", "assign", "checking"),
            // It may have been the reader: nothing is lost by another try.
            ("unreadable", "retry", "checking"),
            ("unreadable", "undo", "undone"),
            ("checked", "confirm", "confirming"),
            ("checked", "undo", "undone"),
            ("confirming", "written", "confirmed"),
            // A small file is confirmed and written in one act.
            ("checked", "confirm_at_once", "confirmed"),
            ("confirmed", "confirm_at_once", "confirmed"),
            // Good rows are in while bad ones wait: those are repaired and confirmed later.
            ("confirmed", "repair", "checking"),
            ("confirmed", "confirm", "confirming"),
            ("confirmed", "undo", "undone"),
        ],
        terminal: &[ImportState::Undone],
        clause: Clause::HANDOVER,
        help: Office::Admissions,
    }
}

/// A receipt of a hand-over.
pub const fn receipt() -> Table<Receipt> {
    Table {
        initial: Receipt::Offered,
        moves: &[
            ("offered", "accept", "accepted"),
            ("offered", "return", "returned"),
            ("returned", "replace", "replaced"),
        ],
        terminal: &[Receipt::Accepted, Receipt::Replaced],
        clause: Clause::HANDOVER,
        help: Office::Admissions,
    }
}
