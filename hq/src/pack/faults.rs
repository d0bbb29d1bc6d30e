//! Faults and warnings as JSON and as lines.

use mooring_protocol::{Fault, FaultKind};
use serde_json::{Value as Json, json};

/// One as JSON; `file` says in which of the files.
pub(super) fn json(file: &str, fault: &Fault) -> Json {
    json!({
        "file": file,
        "at": fault.at,
        "linkId": fault.link_id,
        "kind": kind(fault.kind),
        "message": fault.message,
    })
}

/// Many.
pub(super) fn list<'f>(file: &str, faults: impl IntoIterator<Item = &'f Fault>) -> Vec<Json> {
    faults.into_iter().map(|fault| json(file, fault)).collect()
}

const fn kind(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::NotJson => "not-json",
        FaultKind::TooMuch => "too-much",
        FaultKind::NotReadable => "not-readable",
        FaultKind::Missing => "missing",
        FaultKind::WrongType => "wrong-type",
        FaultKind::NotAllowed => "not-allowed",
        FaultKind::Duplicate => "duplicate",
        FaultKind::NoSuchTarget => "no-such-target",
        FaultKind::NotSupported => "not-supported",
    }
}
