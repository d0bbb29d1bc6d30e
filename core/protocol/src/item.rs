//! The parts of a Questionnaire as the engine carries them: read once, checked once, plain from then on.

use std::collections::BTreeMap;

use crate::decimal::Decimal;
use crate::fhirpath::pattern::Pattern;
use crate::value::{Coding, Value};

/// A text with its translations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The text in the file's own language.
    pub plain: String,
    /// The same in other languages, by language code.
    pub translations: BTreeMap<String, String>,
}

impl Words {
    /// The text in this language, or in the file's own where there is no translation.
    pub fn in_language(&self, language: &str) -> &str {
        self.translation(language).unwrap_or(&self.plain)
    }

    /// The translation: for `es-MX` that one, else `es`, else another of Spanish.
    pub fn translation(&self, language: &str) -> Option<&str> {
        translation(&self.translations, language)
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }
}

/// The text for this language: for `es-MX` that one, else `es`, else another of Spanish.
pub(crate) fn translation<'t>(
    translations: &'t BTreeMap<String, String>,
    language: &str,
) -> Option<&'t str> {
    let base = base_language(language);
    let exact = translations.get(language);
    let found = exact.or_else(|| translations.get(base)).or_else(|| {
        let mut all = translations.iter();
        all.find(|(known, _)| base_language(known) == base)
            .map(|(_, text)| text)
    });
    found.map(String::as_str)
}

/// The language without its region: `es` of `es-MX`.
pub(crate) fn base_language(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}

impl From<&str> for Words {
    fn from(plain: &str) -> Self {
        Self {
            plain: plain.to_owned(),
            translations: BTreeMap::new(),
        }
    }
}

/// FHIR's item types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// A file: loads, and is shown as not supported.
    Attachment,
    /// A link to a record: loads, and is shown as not supported.
    Reference,
}

impl ItemKind {
    /// Every kind with its code in FHIR.
    pub const CODES: [(&'static str, Self); 16] = [
        ("group", Self::Group),
        ("display", Self::Display),
        ("boolean", Self::Boolean),
        ("decimal", Self::Decimal),
        ("integer", Self::Integer),
        ("date", Self::Date),
        ("dateTime", Self::DateTime),
        ("time", Self::Time),
        ("string", Self::String),
        ("text", Self::Text),
        ("url", Self::Url),
        ("choice", Self::Choice),
        ("open-choice", Self::OpenChoice),
        ("quantity", Self::Quantity),
        ("attachment", Self::Attachment),
        ("reference", Self::Reference),
    ];

    /// FHIR's code.
    pub fn code(self) -> &'static str {
        Self::CODES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(code, _)| code)
    }

    /// Whether it can be answered at all (a file and a link can't yet).
    pub const fn is_question(self) -> bool {
        !matches!(self, Self::Group | Self::Display)
    }

    /// Whether this version can take a value for it.
    pub const fn is_supported(self) -> bool {
        !matches!(self, Self::Attachment | Self::Reference)
    }
}

/// One of the answers that a question offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerOption {
    /// The value.
    pub value: Value,
    /// Its words, translatable.
    pub words: Words,
    /// Its score, where the file gives one.
    pub score: Option<Decimal>,
    /// What stands before it, as `a)`.
    pub prefix: String,
    /// Whether the file selects it from the start.
    pub initially_selected: bool,
    /// Whether it can't be chosen beside others, as "none of these" can't.
    pub stands_alone: bool,
}

impl AnswerOption {
    /// What names this option in the path of an answer.
    pub fn key(&self) -> String {
        option_key(&self.value)
    }

    /// Its code, where it is one.
    pub(crate) const fn coding(&self) -> Option<&Coding> {
        match &self.value {
            Value::Coding(coding) => Some(coding),
            Value::Boolean(_)
            | Value::Integer(_)
            | Value::Decimal(_)
            | Value::String(_)
            | Value::Uri(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Time(_)
            | Value::Quantity(_) => None,
        }
    }

    /// Whether its words can be translated at all: numbers, dates and times are their own.
    pub(crate) const fn has_words(&self) -> bool {
        matches!(self.value, Value::Coding(_) | Value::String(_))
    }
}

/// What names a chosen value in the path of an answer: the kind's letter and the value, without its words.
pub(crate) fn option_key(value: &Value) -> String {
    match value {
        Value::Coding(c) if !c.code.is_empty() => format!("c{}|{}", c.system, c.code),
        Value::Coding(c) => format!("c{}||{}", c.system, c.display),
        Value::String(s) => format!("s{s}"),
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Uri(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Quantity(_) => format!("v{}", value.words()),
    }
}

/// The value of an option that is not in the file: words of one's own, or a code of a value set elsewhere.
pub(crate) fn value_of_key(key: &str) -> Option<Value> {
    if let Some(text) = key.strip_prefix('s') {
        return Some(Value::String(text.to_owned()));
    }
    let (system, code) = key.strip_prefix('c')?.rsplit_once('|')?;
    let (system, code, display) = match system.strip_suffix('|') {
        Some(system) => (system, "", code),
        None => (system, code, ""),
    };
    Some(Value::Coding(Coding {
        system: system.to_owned(),
        code: code.to_owned(),
        display: display.to_owned(),
    }))
}

/// enableWhen's operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Answered, or not answered.
    Exists,
    /// At least one answer is equal.
    Equal,
    /// No answer is equal. TRUE for a question without an answer: see `enable`.
    NotEqual,
    /// At least one answer is greater.
    Greater,
    /// At least one answer is less.
    Less,
    /// At least one answer is greater or equal.
    GreaterOrEqual,
    /// At least one answer is less or equal.
    LessOrEqual,
}

/// One enableWhen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The linkId of the question that it looks at.
    pub question: String,
    /// How.
    pub operator: Operator,
    /// Against what.
    pub expected: Value,
    /// Whether that can be compared with the question's answers at all. Where not, the condition is unknown and the item stays open.
    pub comparable: bool,
}

/// How several enableWhen go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behavior {
    /// One is enough.
    #[default]
    Any,
    /// Each must hold.
    All,
}

/// A hint that belongs to a question: what one could say, or what to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// What kind of hint.
    pub kind: HelpKind,
    /// The words.
    pub words: Words,
}

/// What a hint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HelpKind {
    /// Words to offer, spoken (item control `prompt`).
    Say,
    /// What to watch for, and other help (item control `help`).
    Watch,
    /// A short explanation (item control `flyover`).
    Explain,
    /// Legal text (item control `legal`).
    Legal,
}

/// A regular expression for a whole answer.
#[derive(Debug, Clone)]
pub struct AnswerForm {
    /// As the file writes it.
    pub text: String,
    pattern: Pattern,
}

impl AnswerForm {
    /// Nothing for one that is malformed, or that could take too long.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let pattern = Pattern::whole(text)?;
        Some(Self {
            text: text.to_owned(),
            pattern,
        })
    }

    /// Whether the text has this form; nothing where that takes too long to find out.
    pub fn fits(&self, text: &str) -> Option<bool> {
        self.pattern.is_in(text)
    }
}

impl PartialEq for AnswerForm {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for AnswerForm {}

/// One item of a Questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its linkId.
    pub link_id: String,
    /// What stands before it, as `1.`.
    pub prefix: Words,
    /// Its text.
    pub text: Words,
    /// Its type.
    pub kind: ItemKind,
    /// Whether the file wants an answer.
    pub required: bool,
    /// Whether it can have several answers, or a group can stand several times.
    pub repeats: bool,
    /// Whether people can't answer it.
    pub read_only: bool,
    /// Whether it is never shown.
    pub hidden: bool,
    /// The longest text, in characters.
    pub max_length: Option<usize>,
    /// The shortest text, in characters.
    pub min_length: Option<usize>,
    /// How many digits may stand behind the point.
    pub max_decimals: Option<usize>,
    /// The form that the whole answer must have.
    pub pattern: Option<AnswerForm>,
    /// The least value.
    pub min_value: Option<Value>,
    /// The greatest value.
    pub max_value: Option<Value>,
    /// How many answers or repeats it needs at least.
    pub min_occurs: Option<usize>,
    /// How many it may have at most.
    pub max_occurs: Option<usize>,
    /// The options it offers.
    pub options: Vec<AnswerOption>,
    /// Whether the file has all options; false where they stand in a value set elsewhere.
    pub options_known: bool,
    /// What the file fills in from the start: offered, never counted as answered.
    pub initial: Vec<Value>,
    /// When it is enabled.
    pub conditions: Vec<Condition>,
    /// How the conditions go together.
    pub behavior: Behavior,
    /// Expressions of the file.
    pub expressions: Vec<Expression>,
    /// How a screen should show it (`check-box`, `drop-down`, `page` …).
    pub controls: Vec<String>,
    /// The words for an answer of one's own.
    pub open_label: Words,
    /// How to write the answer, as "dd.mm.yyyy".
    pub entry_format: Words,
    /// The unit, or the units to choose from.
    pub units: Vec<String>,
    /// The same units with their codes.
    pub unit_codes: Vec<Coding>,
    /// Codes of the item, as `system|code`.
    pub codes: Vec<String>,
    /// What belongs to it: words to say, what to watch for.
    pub help: Vec<Help>,
    /// Items inside it.
    pub items: Vec<Item>,
}

/// An expression of the file. One that this software does not work out is a warning, and its result is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// What it works out.
    pub role: ExpressionRole,
    /// Its name, for use in others.
    pub name: String,
    /// The language in which it is written, as `text/fhirpath`; empty where the file does not say.
    pub language: String,
    /// Its text.
    pub text: String,
    /// Where it stands in the file.
    pub at: String,
    /// For a constraint, what to say where it is not fulfilled, and its key.
    pub constraint: Option<Constraint>,
    /// The options that it switches on and off.
    pub options: Vec<Value>,
}

/// What belongs to an expression that checks answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Its key in the file.
    pub key: String,
    /// What to say where it is not fulfilled.
    pub human: Words,
    /// Whether it only warns.
    pub only_warns: bool,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpressionRole {
    /// Whether the item is enabled.
    EnableWhen,
    /// The item's value, always.
    Calculated,
    /// The item's value at the start.
    Initial,
    /// Which options the item has.
    Options,
    /// What a screen may propose: not worked out here.
    Candidates,
    /// Whether some of the options are offered.
    Toggle,
    /// Whether the answers are right.
    Constraint,
    /// The item's text.
    Text,
    /// The text of one option, whose value is the only one in `options`.
    OptionText,
    /// A name for use in other expressions.
    Variable,
    /// The least value.
    Least,
    /// The greatest value.
    Greatest,
}

impl Item {
    /// Whether each option is an answer of its own.
    ///
    /// A check-box counts even where the file forgot `repeats`: real files do, and their own projects let several be ticked.
    pub fn is_multi_select(&self) -> bool {
        let several = self.repeats || self.controls.iter().any(|control| control == "check-box");
        let from_list = !self.options.is_empty()
            || matches!(self.kind, ItemKind::Choice | ItemKind::OpenChoice);
        self.kind.is_question() && several && from_list
    }

    /// Whether an expression works its value out.
    pub(crate) fn is_calculated(&self) -> bool {
        let mut roles = self.expressions.iter().map(|expression| expression.role);
        roles.any(|role| role == ExpressionRole::Calculated)
    }

    /// Whether each answer has an id of its own.
    pub fn is_list(&self) -> bool {
        self.kind.is_question() && self.repeats && !self.is_multi_select()
    }

    /// Whether what stands below it stands once for each repeat.
    pub fn repeats_below(&self) -> bool {
        (self.kind == ItemKind::Group && self.repeats) || self.is_list()
    }

    /// The option with this value.
    pub fn option(&self, value: &Value) -> Option<&AnswerOption> {
        self.options
            .iter()
            .find(|option| match (&option.value, value) {
                (Value::Coding(a), Value::Coding(b)) => a.means(b),
                (a, b) => a == b,
            })
    }
}
