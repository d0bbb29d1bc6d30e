//! What a responder does to a case.

use super::ok;
use crate::fault::Fault;
use crate::phone::Phone;
use crate::render;
use crate::request::{self, At};
use mooring_casefile::{AssessmentId, BadId, CaseId, ChangeId, RecordId, SaidBy, Told};
use mooring_device::{Acceptable, AnswerAt, NewAnswer, NewSettlement, Saved};
use mooring_protocol::{AnswerPath, Domain, Level};
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) fn new_case(
    phone: &mut Phone,
    title: &str,
    minor: Option<bool>,
) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    let case = device.new_case(title, minor, now)?;
    Ok(ok(json!({ "case": case })))
}

pub(super) fn start(phone: &mut Phone, case: &str, protocol: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let assessment = device.start(case, protocol, now)?;
    Ok(ok(json!({ "assessment": assessment })))
}

pub(super) fn answer(
    phone: &mut Phone,
    at: At,
    value: Value,
    how: Option<request::Told>,
) -> Result<Value, Fault> {
    let new = new_answer(at, value, how)?;
    let (device, now) = phone.device()?;
    let saved = device.record_answer(&new, now)?;
    done(phone, &saved)
}

pub(super) fn new_answer(
    at: At,
    value: Value,
    how: Option<request::Told>,
) -> Result<NewAnswer, Fault> {
    Ok(NewAnswer {
        case: id("case", &at.case, CaseId::parse)?,
        assessment: id("assessment", &at.assessment, AssessmentId::parse)?,
        instance: instances(&at)?,
        link: at
            .link
            .ok_or_else(|| Fault::Malformed("\"link\" is needed".to_owned()))?,
        value,
        told: how.map(told).transpose()?,
    })
}

fn told(how: request::Told) -> Result<Told, Fault> {
    let said_by = how.said_by.map(|name| {
        SaidBy::parse(&name).ok_or_else(|| {
            let known = "\"said_by\" must be one of: person, family, observed, record";
            Fault::Malformed(known.to_owned())
        })
    });
    Ok(Told {
        said_by: said_by.transpose()?,
        asked_by: how.asked_by,
        language: how.language,
        said_at_s: how.said_at_ms.map(|ms| ms.div_euclid(1_000)),
    })
}

pub(super) fn retract(phone: &mut Phone, at: &At, reason: &str) -> Result<Value, Fault> {
    let at = place(at)?;
    let (device, now) = phone.device()?;
    let saved = device.retract(&at, reason, now)?;
    done(phone, &saved)
}

pub(super) fn confirm(phone: &mut Phone, at: &At, reason: &str) -> Result<Value, Fault> {
    let at = place(at)?;
    let (device, now) = phone.device()?;
    let saved = device.confirm(&at, reason, now)?;
    done(phone, &saved)
}

pub(super) fn settle(
    phone: &mut Phone,
    at: &At,
    seen: &[String],
    choice: &str,
    reason: String,
) -> Result<Value, Fault> {
    let at = place(at)?;
    let choice = id("choice", choice, ChangeId::parse)?;
    let seen = seen
        .iter()
        .map(|one| id("seen", one, ChangeId::parse))
        .collect::<Result<_, _>>()?;
    let (device, now) = phone.device()?;
    let saved = device.settle(
        &NewSettlement {
            at,
            seen,
            choice,
            reason,
        },
        now,
    )?;
    done(phone, &saved)
}

pub(super) fn accept(
    phone: &mut Phone,
    case: &str,
    assessment: Option<&str>,
    override_id: Option<&str>,
    reason: &str,
) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let what = match (assessment, override_id) {
        (Some(text), None) => Acceptable::Assessment(id("assessment", text, AssessmentId::parse)?),
        (None, Some(text)) => Acceptable::Override(id("override", text, RecordId::parse)?),
        (None, None) | (Some(_), Some(_)) => {
            return Err(Fault::Malformed(
                "either \"assessment\" or \"override\" is needed".to_owned(),
            ));
        }
    };
    let (device, now) = phone.device()?;
    let saved = device.accept(case, what, reason, now)?;
    done(phone, &saved)
}

pub(super) fn override_level(
    phone: &mut Phone,
    case: &str,
    domain: &str,
    level: &str,
    reason: &str,
) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let domain = Domain::parse(domain)
        .ok_or_else(|| Fault::Malformed("\"domain\" is none that is known".to_owned()))?;
    let level: Level = serde_json::from_value(json!(level))
        .map_err(|_| Fault::Malformed("\"level\" is none that is known".to_owned()))?;
    let (device, now) = phone.device()?;
    let saved = device.override_level(case, domain, level, reason, now)?;
    done(phone, &saved)
}

pub(super) fn ask(
    phone: &mut Phone,
    case: &str,
    question: &str,
    call_back: Option<&str>,
) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let saved = device.ask(case, question, call_back, now)?;
    done(phone, &saved)
}

pub(super) fn event(phone: &mut Phone, case: &str, kind: &str, text: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let saved = device.note_event(case, kind, text, now)?;
    done(phone, &saved)
}

pub(super) fn advice_read(phone: &mut Phone, case: &str, advice: &str) -> Result<Value, Fault> {
    let (case, advice) = (
        id("case", case, CaseId::parse)?,
        id("advice", advice, RecordId::parse)?,
    );
    let (device, now) = phone.device()?;
    let saved = device.mark_read(case, advice, now)?;
    done(phone, &saved)
}

pub(super) fn advice_acted(phone: &mut Phone, case: &str, advice: &str) -> Result<Value, Fault> {
    let (case, advice) = (
        id("case", case, CaseId::parse)?,
        id("advice", advice, RecordId::parse)?,
    );
    let (device, now) = phone.device()?;
    let saved = device.mark_acted(case, advice, now)?;
    done(phone, &saved)
}

/// An id, or which field holds none.
pub(super) fn id<T>(
    field: &str,
    text: &str,
    parse: impl Fn(&str) -> Result<T, BadId>,
) -> Result<T, Fault> {
    parse(text).map_err(|_| Fault::Malformed(format!("\"{field}\" is no id")))
}

fn place(at: &At) -> Result<AnswerAt, Fault> {
    let no_place = || Fault::Malformed("\"link\" or \"path\" is needed".to_owned());
    let path = match (&at.path, &at.link) {
        (Some(path), _) => path
            .parse()
            .map_err(|_| Fault::Malformed("\"path\" is no path".to_owned()))?,
        (None, Some(link)) => AnswerPath::within(instances(at)?, link),
        (None, None) => return Err(no_place()),
    };
    Ok(AnswerAt {
        case: id("case", &at.case, CaseId::parse)?,
        assessment: id("assessment", &at.assessment, AssessmentId::parse)?,
        path,
    })
}

fn instances(at: &At) -> Result<Vec<(String, Uuid)>, Fault> {
    let one = |(link, text): &(String, String)| {
        let instance = Uuid::try_parse(text)
            .map_err(|_| Fault::Malformed("\"instance\" holds no id".to_owned()))?;
        Ok((link.clone(), instance))
    };
    at.instance.iter().map(one).collect()
}

pub(super) fn done(phone: &mut Phone, saved: &Saved) -> Result<Value, Fault> {
    let (device, _) = phone.device()?;
    let became = if saved.changes.is_empty() {
        "nothing new"
    } else {
        "saved"
    };
    Ok(ok(json!({
        "became": became,
        "changes": saved.changes,
        "unsent": saved.unsent,
        "risk": render::risk(&saved.risk, &device.names()?),
    })))
}
