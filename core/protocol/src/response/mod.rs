//! `QuestionnaireResponse`s: what was answered, as other systems read it, and what other systems say was answered.
//!
//! Out: only what is enabled, in the Questionnaire's order, nested as R4 demands. Whatever R4 has no place for (an answer behind a
//! question that was passed over, several values that may be true, answers that fit nowhere) goes beside the items, so that reading the
//! response back never makes a person look safer. In: nothing is dropped, and what does not fit leaves its question open.

mod about;
mod absent;
mod answers;
mod beside;
mod calculated;
mod header;
mod import;
mod links;
mod occurs;
mod read;
mod standing;
mod status;
mod stored;
mod take;
mod value;
mod write;

pub use calculated::Calculated;
pub use import::{Header, Import, Stray};
pub use status::Status;
pub use stored::Disagreement;
pub use write::Responding;

/// The item's total, as far as it is known: `valueRange` with the lowest and the highest that are still possible.
pub const POSSIBLE_RANGE: &str = "urn:mooring:fhir:possible-range";
/// One answer that R4 has no place for among the items: `linkId`, `path`, `why`, and `value` or `absent`.
pub const ANSWER_BESIDE: &str = "urn:mooring:fhir:answer-beside";
/// Names a Questionnaire without an address of its own, by the protocol's hash.
pub const PROTOCOL: &str = "urn:mooring:protocol:";

pub(crate) const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";
