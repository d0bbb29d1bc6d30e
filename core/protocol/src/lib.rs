//! What to ask, and what the answers say: FHIR Questionnaires, flow, scores and triage.
//!
//! Pure: no clock, no chance, no files, no knowledge of who answered. A missing answer never lowers a level, a disabled
//! item's answers never count, and what cannot be worked out is unknown, never zero or false.

#![expect(
    clippy::missing_errors_doc,
    reason = "each error type says on every variant when it comes"
)]
#![expect(
    clippy::struct_excessive_bools,
    reason = "an item of a Questionnaire is a set of independent flags, and a step shows them"
)]
#![expect(
    clippy::single_match_else,
    reason = "a match shows both ways of a parse side by side"
)]

pub mod accept;
pub mod answer;
mod checking;
mod compare;
pub mod decimal;
mod enable;
pub mod fault;
mod fhirpath;
pub mod flow;
mod form;
mod formula;
pub mod guide;
pub mod hash;
pub mod item;
mod json;
pub mod language;
pub mod level;
mod moment;
pub mod pack;
pub mod packs;
pub mod path;
mod plan;
mod problems;
pub mod protocol;
mod read;
mod read_answer;
pub mod response;
mod rules;
pub mod score;
pub mod sheet;
pub mod sitting;
mod steps;
pub mod strip;
mod taking;
mod total;
pub mod triage;
mod truth;
pub mod value;
mod worded;
mod worked;

pub use accept::{AnswerFault, Wrong};
pub use answer::{Answer, DecodeError};
pub use decimal::Decimal;
pub use fault::{Fault, FaultKind, Faults};
pub use flow::{
    Alert, Flow, Openness, Problem, Step, StepAnswer, StepKind, StepOption, StepState, WorkedOut,
};
pub use guide::{Ages, Change, Move, Outcome, Pair, Rating, Recheck, Stage};
pub use hash::{HashError, ProtocolHash};
pub use item::{
    AnswerForm, AnswerOption, Constraint, Expression, ExpressionRole, Help, HelpKind, Item,
    ItemKind, Words,
};
pub use language::Untranslated;
pub use level::{Domain, Level, ShownLevel};
pub use packs::starter_pack;
pub use path::{AnswerPath, Leaf, PathError};
pub use protocol::{NotWorkedOut, Protocol};
pub use response::{Calculated, Disagreement, Header, Import, Responding, Status, Stray};
pub use score::Score;
pub use sheet::Sheet;
pub use sitting::Sitting;
pub use strip::{StripFact, StripField};
pub use triage::{Advice, DomainLevel, Person, Reason, Triage};
pub use value::{Coding, Quantity, Value};
