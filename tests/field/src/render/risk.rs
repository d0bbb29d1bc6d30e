//! The risk as JSON.

use mooring_casefile::{HeldValue, PersonId, Place, Risk, RiskReason, Stamp};
use mooring_protocol::ShownLevel;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Names by person.
pub(crate) type Names = BTreeMap<PersonId, String>;

/// What a case comes to.
pub(crate) fn risk(risk: &Risk, names: &Names) -> Value {
    json!({
        "level": risk.level,
        "at_least": risk.at_least,
        "contested": risk.contested,
        "words": risk.shown().words(),
        "token": risk.shown().token(),
        "reasons": risk.reasons.iter().map(|one| reason(one, names)).collect::<Vec<_>>(),
        "held": risk.held.as_ref().map(|held| json!({
            "domain": held.domain,
            "was": shown(held.was),
            "alone": shown(held.alone),
            "values": held.values.iter().map(|value| held_value(value, names)).collect::<Vec<_>>(),
        })),
        "domains": risk.domains.iter().map(|one| json!({
            "domain": one.domain, "level": one.level, "at_least": one.at_least,
            "words": one.shown().words(), "by_judgment": one.by_judgment,
        })).collect::<Vec<_>>(),
        "waiting_overrides": risk.waiting_overrides.iter().map(|one| json!({
            "id": one.id, "domain": one.domain, "level": one.level, "reason": one.reason, "by": stamp(&one.stamp, names),
        })).collect::<Vec<_>>(),
        "beside": risk.beside.iter().map(|one| json!({ "later": one.later, "earlier": one.earlier })).collect::<Vec<_>>(),
        "unfinished": risk.unfinished.iter().map(|one| json!({
            "assessment": one.assessment, "title": one.title, "answered": one.answered, "total": one.total,
        })).collect::<Vec<_>>(),
        "unknown_protocols": risk.unknown_protocols.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// Who entered it, and when.
pub(super) fn stamp(stamp: &Stamp, names: &Names) -> Value {
    json!({
        "person": stamp.who.person,
        "name": names.get(&stamp.who.person),
        "device": stamp.who.device,
        "at_ms": stamp.at.wall_ms,
        "clock": stamp.at.clock(),
        "change": stamp.change,
    })
}

/// A level in words and token.
pub(super) fn shown(level: ShownLevel) -> Value {
    json!({ "level": level.level, "at_least": level.at_least, "words": level.words(), "token": level.token() })
}

fn reason(one: &RiskReason, names: &Names) -> Value {
    json!({
        "domain": one.domain,
        "level": one.reason.level,
        "rule": one.reason.rule,
        "text": one.reason.text,
        "source": one.reason.source,
        "policy": one.reason.policy,
        "assessment": one.assessment,
        "paths": one.paths().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "by": one.stamps.iter().map(|one| stamp(one, names)).collect::<Vec<_>>(),
    })
}

fn held_value(value: &HeldValue, names: &Names) -> Value {
    let (assessment, path) = match &value.place {
        Place::Answer { assessment, path } => (Some(*assessment), Some(path.to_string())),
        Place::Minor => (None, None),
    };
    json!({
        "id": value.id, "assessment": assessment, "path": path, "question": value.question,
        "words": value.words, "by": stamp(&value.stamp, names),
    })
}
