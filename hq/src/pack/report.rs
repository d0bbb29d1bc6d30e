//! A run for programs: the JSON of `pack run --json`, as docs/packs.md describes it.

use mooring_protocol::{
    Advice, Alert, Answer, AnswerPath, Calculated, Decimal, Disagreement, DomainLevel, Level,
    Reason, Score, Stray, Value,
};
use serde_json::{Number, Value as Json, json};

use super::faults;
use super::run::{Refusal, Run};
use super::text::in_language;

/// The version of this output. A later one may add members; one that changes their meaning counts up.
const VERSION: u8 = 0;

impl Run {
    /// For programs.
    pub fn to_json(&self) -> Json {
        let import = &self.import;
        let language = self.language.as_deref().unwrap_or_default();
        let warnings: Vec<Json> = faults::list("questionnaire", self.protocol.warnings())
            .into_iter()
            .chain(faults::list("response", &import.warnings))
            .collect();
        json!({
            "version": VERSION,
            "questionnaire": {
                "key": self.protocol.key(),
                "title": self.protocol.title(),
                "version": self.protocol.version(),
                "hash": self.protocol.hash().to_string(),
                "not_validated": self.protocol.not_validated(),
            },
            "language": self.language,
            "read_at": self.at,
            "response": self.response,
            "enabled": self.enabled(),
            "missing": links(&self.flow.missing),
            "calculated": self.calculated.iter().map(calculated).collect::<Vec<_>>(),
            "scores": self.scores.iter().map(score).collect::<Vec<_>>(),
            "levels": self.triage.domains.iter().map(|found| level(found, language)).collect::<Vec<_>>(),
            "guidance": self.triage.guidance.iter().map(|found| advice(found, language)).collect::<Vec<_>>(),
            "alerts": self.flow.alerts.iter().map(|found| alert(found, language)).collect::<Vec<_>>(),
            "faults": faults::list("response", &import.faults),
            "warnings": warnings,
            "disagreements": import.disagreements.iter().map(disagreement).collect::<Vec<_>>(),
            "strays": import.strays.iter().map(stray).collect::<Vec<_>>(),
        })
    }
}

impl Refusal {
    /// For programs: the faults alone.
    pub fn to_json(&self) -> Json {
        let (file, found) = match self {
            Self::Questionnaire(found) => ("questionnaire", found),
            Self::Response(found) => ("response", found),
        };
        json!({
            "version": VERSION,
            "faults": faults::list(file, &found.0),
            "warnings": [],
        })
    }
}

fn links(paths: &[AnswerPath]) -> Vec<&str> {
    paths.iter().map(AnswerPath::link_id).collect()
}

fn number(decimal: &Decimal) -> Json {
    serde_json::from_str::<Number>(decimal.as_str()).map_or(Json::Null, Json::Number)
}

fn calculated(found: &Calculated) -> Json {
    let value = |value: &Value| Answer::Value(value.clone()).to_json();
    json!({
        "linkId": found.path.link_id(),
        "path": found.path.to_string(),
        "value": found.values.first().map(plain),
        "answers": found.values.iter().map(value).collect::<Vec<_>>(),
        "complete": found.complete,
        "lowest": found.lowest.as_ref().map(number),
        "highest": found.highest.as_ref().map(number),
        "words": found.words,
    })
}

/// A value without its type: a number for an amount, too.
fn plain(value: &Value) -> Json {
    match value {
        Value::Quantity(quantity) => number(&quantity.value),
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::String(_)
        | Value::Uri(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Coding(_) => {
            let typed = Answer::Value(value.clone()).to_json();
            typed
                .as_object()
                .and_then(|typed| typed.values().next())
                .cloned()
                .unwrap_or_default()
        }
    }
}

fn score(score: &Score) -> Json {
    json!({
        "name": score.name,
        "linkId": score.link_id,
        "title": score.title.plain,
        "lowest": number(&score.lowest),
        "highest": number(&score.highest),
        "complete": score.exact().is_some(),
        "answered": score.answered,
        "missing": links(&score.missing),
        "words": score.words(),
    })
}

fn level(found: &DomainLevel, language: &str) -> Json {
    json!({
        "domain": found.domain.token(),
        "level": token(found.level),
        "at_least": found.at_least,
        "words": found.shown().words_in(language),
        "reasons": found.reasons.iter().map(|found| reason(found, language)).collect::<Vec<_>>(),
        "missing": links(&found.missing),
    })
}

/// The level as rules name it.
const fn token(level: Level) -> &'static str {
    match level {
        Level::NothingEndorsed => "nothing-endorsed",
        Level::Low => "low",
        Level::Moderate => "moderate",
        Level::High => "high",
        Level::Imminent => "imminent",
    }
}

fn reason(reason: &Reason, language: &str) -> Json {
    json!({
        "rule": reason.rule,
        "level": token(reason.level),
        "text": in_language(&reason.text, &reason.translations, language),
        "linkIds": links(&reason.paths),
        "source": reason.source,
        "policy": reason.policy,
    })
}

fn advice(advice: &Advice, language: &str) -> Json {
    json!({
        "domain": advice.domain.token(),
        "level": token(advice.level),
        "text": in_language(&advice.text, &advice.translations, language),
        "source": advice.source,
        "policy": advice.policy,
    })
}

fn alert(alert: &Alert, language: &str) -> Json {
    json!({
        "rule": alert.rule,
        "text": in_language(&alert.text, &alert.translations, language),
        "linkIds": links(&alert.paths),
        "source": alert.source,
        "policy": alert.policy,
    })
}

fn disagreement(found: &Disagreement) -> Json {
    let plain = |value: &Value| Answer::Value(value.clone()).to_json();
    json!({
        "linkId": found.link_id,
        "at": found.at,
        "stored": plain(&found.stored),
        "computed": found.computed.as_ref().map(plain),
        "lowest": found.lowest.as_ref().map(number),
        "highest": found.highest.as_ref().map(number),
        "words": format!("the response states {}, its answers give {}", found.stored.words(), found.words),
    })
}

fn stray(stray: &Stray) -> Json {
    json!({"linkId": stray.link_id, "at": stray.at, "answer": stray.answer})
}
