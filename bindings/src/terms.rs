//! The words of levels and answers that cross as they are in the core.

use crate::error::MooringError;
use mooring_protocol::{
    Answer, AnswerPath, Coding, Domain, HelpKind, ItemKind, Level, Openness, Quantity,
};
use mooring_protocol::{ProtocolHash, ShownLevel, StepKind, StepState, Value};

// `Decimal` is Foundation's own name in Swift.
type DecimalText = mooring_protocol::Decimal;

/// How worrying the answers are; later ones are worse.
#[uniffi::remote(Enum)]
pub enum Level {
    /// No rule holds. Never to be read as "no risk".
    NothingEndorsed,
    /// Low, by the published rule.
    Low,
    /// Moderate, by the published rule.
    Moderate,
    /// High, by the published rule.
    High,
    /// Imminent: policy, not published triage.
    Imminent,
}

/// What is at stake. A level stands for each domain on its own.
#[uniffi::remote(Enum)]
pub enum Domain {
    /// A body in danger.
    Medical,
    /// Suicide.
    Suicide,
    /// Danger to others.
    Others,
    /// Cannot keep themselves safe.
    CannotKeepSafe,
}

/// A level with whether it may still rise. Show it by `level_words` and `level_token`, never by words of your own.
#[uniffi::remote(Record)]
pub struct ShownLevel {
    /// The level.
    pub level: Level,
    /// Whether something that matters is unanswered, refused or put off.
    pub at_least: bool,
}

/// The words for a level, which phone, HQ and hand-off share.
#[uniffi::export]
pub fn level_words(level: ShownLevel) -> String {
    level.words().to_owned()
}

/// The level's token, for color and shape: `imminent`, `high`, `moderate`, `low`, `none` or `unknown`.
#[uniffi::export]
pub fn level_token(level: ShownLevel) -> String {
    level.token().to_owned()
}

/// A domain in words.
#[uniffi::export]
pub fn domain_words(domain: Domain) -> String {
    domain.words().to_owned()
}

/// What was answered at a question.
#[uniffi::remote(Enum)]
pub enum Answer {
    /// A value.
    Value(Value),
    /// The person did not want to answer.
    Declined,
    /// The person was not sure.
    Unsure,
    /// Passed over for now.
    NotNow,
}

/// One value. Dates and times are as written, with their own precision.
#[uniffi::remote(Enum)]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number of 32 bits.
    Integer(i64),
    /// A decimal number, as its digits.
    Decimal(DecimalText),
    /// A string or a text.
    String(String),
    /// An address.
    Uri(String),
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Date(String),
    /// A date, or a date and time with a zone.
    DateTime(String),
    /// `hh:mm:ss`.
    Time(String),
    /// A chosen code.
    Coding(Coding),
    /// A number with a unit.
    Quantity(Quantity),
}

/// A code with the words that were shown for it.
#[uniffi::remote(Record)]
pub struct Coding {
    /// The code system's address; empty where the file gives none.
    pub system: String,
    /// The code; empty where the file gives words only.
    pub code: String,
    /// The words.
    pub display: String,
}

/// A measured amount with its unit.
#[uniffi::remote(Record)]
pub struct Quantity {
    /// The number.
    pub value: DecimalText,
    /// `<`, `<=`, `>=` or `>` where the true number is not known exactly; empty otherwise.
    pub comparator: String,
    /// The unit in words.
    pub unit: String,
    /// The unit's code system.
    pub system: String,
    /// The unit's code.
    pub code: String,
}

/// What kind of step.
#[uniffi::remote(Enum)]
pub enum StepKind {
    /// A heading.
    Group,
    /// Something to read or to say.
    Guidance,
    /// Something to answer.
    Question,
    /// A question of a type that this version can't take; show it, never drop it.
    NotSupported,
}

/// Whether to ask.
#[uniffi::remote(Enum)]
pub enum Openness {
    /// Ask it.
    Open,
    /// Not now, but only because something is unanswered or refused: an answer given here counts.
    Possible,
    /// Not now: an answer given here does not count.
    Closed,
}

/// What became of a question.
#[uniffi::remote(Enum)]
pub enum StepState {
    /// Nothing to answer here.
    None,
    /// No answer.
    Unanswered,
    /// A value.
    Answered,
    /// The person did not want to answer.
    Declined,
    /// The person was not sure.
    Unsure,
    /// Passed over for now.
    NotNow,
    /// Several values that may be true.
    Contested,
}

/// FHIR's item types.
#[uniffi::remote(Enum)]
pub enum ItemKind {
    /// Holds other items.
    Group,
    /// Text to read.
    Display,
    /// Yes or no.
    Boolean,
    /// A decimal number.
    Decimal,
    /// A whole number.
    Integer,
    /// A date, perhaps partial.
    Date,
    /// A date and time.
    DateTime,
    /// A time of day.
    Time,
    /// A line of text.
    String,
    /// Several lines of text.
    Text,
    /// An address.
    Url,
    /// One or more of the options.
    Choice,
    /// One or more of the options, or other words.
    OpenChoice,
    /// A number with a unit.
    Quantity,
    /// A file: shown as not supported.
    Attachment,
    /// A link to a record: shown as not supported.
    Reference,
}

/// What a hint is for.
#[uniffi::remote(Enum)]
pub enum HelpKind {
    /// Words to offer, spoken.
    Say,
    /// What to watch for, and other help.
    Watch,
    /// A short explanation.
    Explain,
    /// Legal text.
    Legal,
}

uniffi::custom_type!(DecimalText, String, {
    remote,
    try_lift: |text| DecimalText::parse(&text).ok_or_else(|| MooringError::no_answer().into()),
    lower: |number| number.to_string(),
});

uniffi::custom_type!(AnswerPath, String, {
    remote,
    try_lift: |text| text.parse::<AnswerPath>().map_err(|_| MooringError::no_id().into()),
    lower: |path| path.to_string(),
});

uniffi::custom_type!(ProtocolHash, String, {
    remote,
    try_lift: |text| text.parse::<ProtocolHash>().map_err(|_| MooringError::no_id().into()),
    lower: |hash| hash.to_string(),
});
