//! A case as JSON.

use super::risk::{Names, risk, shown, stamp};
use mooring_casefile::{
    AdviceView, AssessmentView, Entry, ItemView, Mark, SaidBy, SettlementState, SettlementView,
    Stamp, TimelineEntry, Told, ValueStanding, ValueView,
};
use mooring_device::{CaseShown, SyncState};
use mooring_protocol::{Flow, Openness, Step, StepKind};
use serde_json::{Value, json};

/// Everything known of a case, and what HQ has of it.
pub(crate) fn case(all: &CaseShown) -> Value {
    let (view, names) = (&all.view, &all.names);
    json!({
        "case": view.case,
        "title": view.title,
        "created": view.created.as_ref().map(|one| stamp(one, names)),
        "minor": view.minor,
        "risk": risk(&view.risk, names),
        "sync": sync(&all.sync, names),
        "assessments": view.assessments.iter().map(|one| assessment(one, names)).collect::<Vec<_>>(),
        "events": entries(&view.events, names, |one| json!({ "kind": one.kind, "text": one.text })),
        "asks": entries(&view.asks, names, |one| json!({ "question": one.question, "call_back": one.call_back })),
        "overrides": entries(&view.overrides, names, |one| json!({
            "domain": one.said.domain, "level": one.said.level, "reason": one.said.reason, "waiting": one.waiting,
        })),
        "acceptances": entries(&view.acceptances, names, |one| json!({ "reason": one.reason, "counts": one.counts })),
        "reviews": entries(&view.reviews, names, |one| json!({
            "impression": one.impression, "medication": one.medication, "plan": one.plan, "feedback": one.feedback,
            "older": one.older,
        })),
        "advice": view.advice.iter().map(|one| advice(one, names)).collect::<Vec<_>>(),
        "opened": stamps(&view.openings, names),
        "strip": view.strip.iter().map(|(field, facts)| json!({
            "field": format!("{field:?}"),
            "facts": facts.iter().map(|entry| json!({
                "question": entry.fact.question,
                "answers": entry.fact.answers,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "timeline": view.timeline.iter().map(|one| timeline(one, names)).collect::<Vec<_>>(),
        "unreadable": view.unreadable,
        "version": { "field": view.version.field, "hq": view.version.hq },
    })
}

/// The steps of an assessment.
pub(crate) fn flow(flow: &Flow) -> Value {
    json!({
        "alerts": flow.alerts.iter().map(|one| json!({ "rule": one.rule, "text": one.text })).collect::<Vec<_>>(),
        "answered": flow.answered,
        "total": flow.total,
        "next": flow.next.as_ref().map(ToString::to_string),
        "missing": flow.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "steps": flow.steps.iter().filter(|step| step.is_open()).map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &Step) -> Value {
    let kind = match step.kind {
        StepKind::Question => "question",
        StepKind::Guidance => "guidance",
        StepKind::Group => "group",
        StepKind::NotSupported => "not supported",
    };
    json!({
        "kind": kind, "link": step.link_id(), "path": step.path.to_string(), "prefix": step.prefix.plain,
        "text": step.text.plain, "depth": step.depth, "type": step.item.code(), "required": step.required,
        "repeats": step.repeats, "surely_open": step.open == Openness::Open,
        "options": step.options.iter().map(|one| json!({ "key": one.key, "words": one.words.plain })).collect::<Vec<_>>(),
    })
}

fn sync(sync: &SyncState, names: &Names) -> Value {
    json!({
        "words": sync.words,
        "on_this_phone_only": sync.unsent,
        "at_hq": {
            "received": sync.at_hq.received, "merged": sync.at_hq.merged,
            "waiting": sync.at_hq.waiting, "held": sync.at_hq.held,
            "first_ms": sync.received_ms.map(|(first, _)| first), "last_ms": sync.received_ms.map(|(_, last)| last),
        },
        "opened": stamps(&sync.opened, names),
        "from_partner": sync.from_partner,
        "waiting_here": sync.waiting_here,
        "held_here": sync.held_here,
    })
}

fn assessment(one: &AssessmentView, names: &Names) -> Value {
    json!({
        "assessment": one.id,
        "protocol": one.key,
        "hash": one.protocol.to_string(),
        "title": one.title,
        "not_validated": one.not_validated,
        "started": stamp(&one.started, names),
        "answered": one.answered,
        "total": one.total,
        "missing": one.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "contested": one.contested,
        "level": one.level.map(shown),
        "replaced_by": one.replaced_by,
        "items": one.items.iter().map(|one| item(one, names)).collect::<Vec<_>>(),
    })
}

fn item(one: &ItemView, names: &Names) -> Value {
    json!({
        "path": one.path.to_string(),
        "link": one.path.link_id(),
        "question": one.question,
        "open": one.open,
        "contested": one.contested,
        "values": one.values.iter().map(|one| value(one, names)).collect::<Vec<_>>(),
        "earlier": one.earlier.iter().map(|one| value(one, names)).collect::<Vec<_>>(),
        "to_settle": one.to_settle(),
        "settlements": one.settlements.iter().map(|one| settlement(one, names)).collect::<Vec<_>>(),
    })
}

fn value(one: &ValueView, names: &Names) -> Value {
    let standing = match one.standing {
        ValueStanding::Stands => "stands",
        ValueStanding::Held => "held",
        ValueStanding::Earlier => "earlier",
    };
    json!({
        "id": one.id, "answer": one.answer.as_ref().map(mooring_protocol::Answer::to_json), "retracted": one.retracted,
        "words": one.words, "by": stamp(&one.stamp, names), "standing": standing,
        "told": one.told.as_ref().map(told),
    })
}

fn told(one: &Told) -> Value {
    json!({
        "said_by": one.said_by.map(SaidBy::name), "asked_by": one.asked_by, "language": one.language,
        "said_at_ms": one.said_at_s.map(|at| at.saturating_mul(1_000)),
    })
}

fn settlement(one: &SettlementView, names: &Names) -> Value {
    let state = match one.state {
        SettlementState::Counts => "counts",
        SettlementState::Contradicted => "contradicted",
        SettlementState::Replaced => "replaced",
        SettlementState::Overtaken => "overtaken",
        SettlementState::NeedsRole => "needs a role",
        SettlementState::NotAllowed => "not allowed",
    };
    json!({ "id": one.id, "choice": one.choice, "words": one.words, "reason": one.reason, "state": state, "by": stamp(&one.stamp, names) })
}

fn advice(one: &AdviceView, names: &Names) -> Value {
    json!({
        "advice": one.id,
        "text": one.text,
        "by": stamp(&one.stamp, names),
        "expires_ms": one.expires_ms,
        "replaced_by": one.replaced_by,
        "withdrawn": one.withdrawn.as_ref().map(|(by, reason)| json!({ "by": stamp(by, names), "reason": reason })),
        "written_before_this": one.overtaken,
        "state": one.furthest().map_or("queued", mark),
        "marks": one.marks.iter().map(|(made, by)| json!({ "mark": mark(*made), "by": stamp(by, names) })).collect::<Vec<_>>(),
    })
}

const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Delivered => "delivered",
        Mark::Read => "read",
        Mark::ActedOn => "acted on",
    }
}

fn timeline(one: &TimelineEntry, names: &Names) -> Value {
    json!({ "at_ms": one.at.wall_ms, "kind": format!("{:?}", one.kind).to_lowercase(), "words": one.words, "by": stamp(&one.stamp, names) })
}

fn entries<T>(all: &[Entry<T>], names: &Names, what: impl Fn(&T) -> Value) -> Vec<Value> {
    let one = |entry: &Entry<T>| {
        let mut fields = what(&entry.what);
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("id".to_owned(), json!(entry.id));
            fields.insert("by".to_owned(), stamp(&entry.stamp, names));
        }
        fields
    };
    all.iter().map(one).collect()
}

fn stamps(all: &[Stamp], names: &Names) -> Vec<Value> {
    all.iter().map(|one| stamp(one, names)).collect()
}
