//! A run for programs: the JSON of `pack run --json`, as docs/packs.md describes it.

use mooring_protocol::{
    Advice, Alert, Answer, AnswerPath, Decimal, Disagreement, DomainLevel, Level, Reason, Score,
    Stray, Value,
};
use serde_json::{Number, Value as Json, json};

use super::faults;
use super::run::{Refusal, Run};

/// The version of this output. A later one may add members; one that changes their meaning counts up.
const VERSION: u8 = 0;

impl Run {
    /// For programs.
    pub fn to_json(&self) -> Json {
        let import = &self.import;
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
            "response": self.response,
            "enabled": self.enabled(),
            "missing": links(&self.flow.missing),
            "calculated": self.calculated(),
            "scores": self.scores.iter().map(score).collect::<Vec<_>>(),
            "levels": self.triage.domains.iter().map(level).collect::<Vec<_>>(),
            "guidance": self.triage.guidance.iter().map(advice).collect::<Vec<_>>(),
            "alerts": self.flow.alerts.iter().map(alert).collect::<Vec<_>>(),
            "faults": faults::list("response", &import.faults),
            "warnings": warnings,
            "disagreements": import.disagreements.iter().map(disagreement).collect::<Vec<_>>(),
            "strays": import.strays.iter().map(stray).collect::<Vec<_>>(),
        })
    }

    /// What was worked out for items that nobody answers.
    fn calculated(&self) -> Vec<Json> {
        let shown = self.scores.iter().filter(|score| score.link_id.is_some());
        shown
            .map(|score| {
                json!({
                    "linkId": score.link_id,
                    "value": score.exact().map(number),
                    "lowest": number(&score.lowest),
                    "highest": number(&score.highest),
                    "words": score.words(),
                })
            })
            .collect()
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

fn level(found: &DomainLevel) -> Json {
    json!({
        "domain": found.domain.token(),
        "level": token(found.level),
        "at_least": found.at_least,
        "words": found.shown().words(),
        "reasons": found.reasons.iter().map(reason).collect::<Vec<_>>(),
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

fn reason(reason: &Reason) -> Json {
    json!({
        "rule": reason.rule,
        "level": token(reason.level),
        "text": reason.text,
        "linkIds": links(&reason.paths),
        "source": reason.source,
        "policy": reason.policy,
    })
}

fn advice(advice: &Advice) -> Json {
    json!({
        "domain": advice.domain.token(),
        "level": token(advice.level),
        "text": advice.text,
        "source": advice.source,
        "policy": advice.policy,
    })
}

fn alert(alert: &Alert) -> Json {
    json!({
        "rule": alert.rule,
        "text": alert.text,
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
