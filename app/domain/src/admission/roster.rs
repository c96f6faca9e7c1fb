//! The list of a hand-over in its canonical form: both sides sign the hash of the same bytes (办法 二（一）3（1）). It holds
//! who is handed over, with which frozen values, and to whom: the places that the counts were made from.

use crate::audit::hex;
use serde::Serialize;

/// Name and version of the form; a released one is never changed.
const SCHEMA: &str = "xueji.handover/1";

/// One candidate of the list: the number, the hash of the frozen values, and where the candidate goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RosterLine {
    /// 考生号
    pub ksh: String,
    /// Hash of the frozen values under a key of the university: without the key nobody finds out from it what they are.
    pub digest: Vec<u8>,
    /// Code of the college.
    pub college: String,
    /// Code of the school's major; empty for a broad intake.
    pub major: String,
}

#[derive(Serialize)]
struct Canonical<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    members: Vec<(&'a str, String, &'a str, &'a str)>,
    year: i32,
}

/// The bytes whose SHA-256 is the hash total: year and lines sorted by candidate number, JSON after RFC 8785. `None`
/// only if JSON cannot be written, which these values never cause.
pub fn canonical_roster(year: i32, lines: &[RosterLine]) -> Option<Vec<u8>> {
    let mut sorted: Vec<&RosterLine> = lines.iter().collect();
    sorted.sort();
    serde_jcs::to_vec(&Canonical {
        schema: SCHEMA,
        members: sorted
            .into_iter()
            .map(|line| {
                let digest = hex::encode(&line.digest);
                let place = (line.college.as_str(), line.major.as_str());
                (line.ksh.as_str(), digest, place.0, place.1)
            })
            .collect(),
        year,
    })
    .ok()
}
