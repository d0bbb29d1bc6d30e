//! What stands above a response's items: what it is, which Questionnaire it answers, and how far it is.

use serde_json::{Map, Value as Json};

use super::about::About;
use super::{PROTOCOL, Status};
use crate::fault::FaultKind;
use crate::read::place::{Notes, Place};

/// What stands above the items. A fault here means that it is no response that can be read.
pub(super) fn read(notes: &mut Notes, file: &Map<String, Json>, about: &About) -> Option<Status> {
    let root = Place::root();
    let kind = file.get("resourceType").and_then(Json::as_str);
    if kind != Some("QuestionnaireResponse") {
        notes.fault(
            &root.member("resourceType"),
            FaultKind::NotReadable,
            format!(
                "expected a QuestionnaireResponse, found '{}'",
                kind.unwrap_or("none")
            ),
        );
        return None;
    }
    crate::read::modifiers(notes, file, &root);
    questionnaire(notes, file, about);
    let at = root.member("status");
    let Some(code) = file.get("status").and_then(Json::as_str) else {
        let message = "it does not say how far it is; read as in progress";
        notes.warn(&at, FaultKind::Missing, message);
        return None;
    };
    let status = Status::parse(code);
    match status {
        None => notes.warn(
            &at,
            FaultKind::NotAllowed,
            "no status of FHIR R4; read as in progress",
        ),
        Some(Status::EnteredInError) => notes.warn(
            &at,
            FaultKind::NotAllowed,
            "whoever made it withdraws it as entered in error; it is read all the same, so that nothing lowers in silence",
        ),
        Some(Status::InProgress | Status::Completed | Status::Amended | Status::Stopped) => {}
    }
    status
}

/// Whether it names this Questionnaire.
fn questionnaire(notes: &mut Notes, file: &Map<String, Json>, about: &About) {
    let at = Place::root().member("questionnaire");
    let Some(named) = file.get("questionnaire").and_then(Json::as_str) else {
        let message = "it names no Questionnaire; read by its linkIds";
        notes.warn(&at, FaultKind::Missing, message);
        return;
    };
    let (address, version) = named.split_once('|').unwrap_or((named, ""));
    let by_id = address.rsplit('/').next() == Some(about.id.as_str()) && !about.id.is_empty();
    let is_meant = address == about.url
        || by_id
        || (named.starts_with(PROTOCOL) && named == about.canonical());
    if !is_meant && about.url.is_empty() {
        let message = "this Questionnaire has no address of its own to compare with";
        notes.warn(&at, FaultKind::Missing, message);
    } else if !is_meant {
        notes.warn(
            &at,
            FaultKind::NoSuchTarget,
            "it names another Questionnaire; read by its linkIds",
        );
    } else if !version.is_empty() && version != about.version {
        let message = format!(
            "it was made with version {version}, this is version '{}'",
            about.version
        );
        notes.warn(&at, FaultKind::NotAllowed, message);
    }
}
