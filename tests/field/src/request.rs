//! The requests: one JSON object a line, its `op` says what. Unknown fields are refused, so that a misspelled one is noticed.

use crate::fault::Fault;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// A PIN, wiped once it was used.
pub(crate) struct Pin(pub(crate) Zeroizing<Vec<u8>>);

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(Zeroizing::new(
            String::deserialize(from)?.into_bytes(),
        )))
    }
}

/// A place in an assessment: by the question's linkId, with the instances of its repeats where there are several, or by path.
#[derive(Deserialize)]
pub(crate) struct At {
    pub(crate) case: String,
    pub(crate) assessment: String,
    pub(crate) link: Option<String>,
    pub(crate) path: Option<String>,
    #[serde(default)]
    pub(crate) instance: Vec<(String, String)>,
}

/// How an answer came to be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    pub(crate) said_by: Option<String>,
    pub(crate) asked_by: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) said_at_ms: Option<i64>,
}

/// What opens a vault.
#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnlockBy {
    #[default]
    Pin,
    Biometric,
}

/// One line.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(crate) enum Request {
    Create {
        dir: PathBuf,
        pin: Pin,
    },
    Unlock {
        dir: Option<PathBuf>,
        pin: Option<Pin>,
        #[serde(default)]
        by: UnlockBy,
        #[serde(default)]
        older: bool,
    },
    Lock,
    State,
    Quit,
    SetAside {
        dir: PathBuf,
    },
    Tick {
        #[serde(default)]
        ms: i64,
    },
    Clock {
        ahead_ms: i64,
    },
    Enrol {
        code: String,
    },
    Exchange,
    PartnerToken,
    PartnerOf {
        token: String,
    },
    BundleFor {
        case: String,
        token: String,
    },
    TakeBundle {
        bundle: Option<String>,
        #[serde(default)]
        parts: Vec<String>,
    },
    Protocols,
    AddProtocol {
        file: PathBuf,
        rules: Option<PathBuf>,
    },
    ChangePin {
        old: Pin,
        new: Pin,
    },
    AllowBiometric {
        pin: Pin,
    },
    ForbidBiometric,
    Wipe {
        pin: Pin,
    },
    Recover {
        dir: Option<PathBuf>,
        question: PathBuf,
    },
    FinishRecovery {
        answer: PathBuf,
        pin: Pin,
    },
    BeginCall,
    EndCall,
    BreakGlass {
        case: String,
        reason: String,
    },
    Outbox {
        dir: Option<PathBuf>,
    },
    OnlyHere {
        dir: Option<PathBuf>,
    },
    LockedVisit {
        dir: Option<PathBuf>,
        title: String,
        minor: Option<bool>,
    },
    LockedStart {
        protocol: String,
    },
    LockedAnswer {
        #[serde(flatten)]
        at: At,
        value: Value,
        told: Option<Told>,
    },
    LockedShow,
    NewCase {
        title: String,
        minor: Option<bool>,
    },
    Start {
        case: String,
        protocol: String,
    },
    Answer {
        #[serde(flatten)]
        at: At,
        value: Value,
        told: Option<Told>,
    },
    Retract {
        #[serde(flatten)]
        at: At,
        reason: String,
    },
    Confirm {
        #[serde(flatten)]
        at: At,
        reason: String,
    },
    Settle {
        #[serde(flatten)]
        at: At,
        #[serde(default)]
        seen: Vec<String>,
        choice: String,
        reason: String,
    },
    Accept {
        case: String,
        assessment: Option<String>,
        #[serde(rename = "override")]
        override_id: Option<String>,
        reason: String,
    },
    Override {
        case: String,
        domain: String,
        level: String,
        reason: String,
    },
    Ask {
        case: String,
        question: String,
        call_back: Option<String>,
    },
    Event {
        case: String,
        kind: String,
        #[serde(default)]
        text: String,
    },
    AddToTeam {
        case: String,
        /// By name or by id.
        person: String,
    },
    Standby {
        case: String,
    },
    Close {
        case: String,
        how: String,
    },
    AdviceRead {
        case: String,
        advice: String,
    },
    AdviceActed {
        case: String,
        advice: String,
    },
    Step {
        case: String,
        assessment: String,
    },
    Show {
        case: String,
    },
    List,
}

impl Request {
    /// Reads a line. What is wrong is told without quoting it: it could hold an answer or a PIN.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, Fault> {
        let value: Value = serde_json::from_slice(line)
            .map_err(|error| Fault::Malformed(format!("not JSON (column {})", error.column())))?;
        let known = value
            .get("op")
            .and_then(Value::as_str)
            .is_some_and(|op| OPS.contains(&op));
        if !known {
            return Err(Fault::Malformed(format!(
                "\"op\" must be one of: {}",
                OPS.join(", ")
            )));
        }
        serde_json::from_value(value)
            .map_err(|_| Fault::Malformed("a field is missing or of the wrong type".to_owned()))
    }
}

/// Every operation, in the order in which a visit meets them.
pub(crate) const OPS: &[&str] = &[
    "create",
    "unlock",
    "lock",
    "state",
    "quit",
    "set_aside",
    "tick",
    "clock",
    "enrol",
    "exchange",
    "partner_token",
    "partner_of",
    "bundle_for",
    "take_bundle",
    "protocols",
    "add_protocol",
    "change_pin",
    "allow_biometric",
    "forbid_biometric",
    "wipe",
    "recover",
    "finish_recovery",
    "begin_call",
    "end_call",
    "break_glass",
    "outbox",
    "only_here",
    "locked_visit",
    "locked_start",
    "locked_answer",
    "locked_show",
    "new_case",
    "start",
    "answer",
    "retract",
    "confirm",
    "settle",
    "accept",
    "override",
    "ask",
    "event",
    "add_to_team",
    "standby",
    "close",
    "advice_read",
    "advice_acted",
    "step",
    "show",
    "list",
];
