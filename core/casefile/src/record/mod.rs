//! Records: every fact but an answer is one immutable, versioned text under an id of its own.

mod kinds;
pub(crate) mod text;

use serde::{Serialize, de::DeserializeOwned};

pub(crate) use kinds::Opening;
pub use kinds::{
    Acceptance, Accepted, AdviceMark, Ask, ConfirmKind, Confirmation, Event, Mark, NewAdvice,
    Override, Place, Review, Seen, Settlement, Withdrawal,
};

use crate::layout::Section;

const VERSION: char = '0';

/// A record of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Record {
    Confirmation(Confirmation),
    Settlement(Settlement),
    Acceptance(Acceptance),
    Override(Override),
    Event(Event),
    Ask(Ask),
    Mark(AdviceMark),
    Review(Review),
    Advice(NewAdvice),
    Withdrawal(Withdrawal),
    Opening(Opening),
    /// Written by a later version of this software: kept, counted, never guessed at.
    TooNew,
}

/// The text is no record of that section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRecord;

impl Record {
    /// The record's text form: a version character, then JSON.
    pub(crate) fn encode(&self) -> Result<String, NoRecord> {
        match self {
            Self::Confirmation(record) => encode(record),
            Self::Settlement(record) => encode(record),
            Self::Acceptance(record) => encode(record),
            Self::Override(record) => encode(record),
            Self::Event(record) => encode(record),
            Self::Ask(record) => encode(record),
            Self::Mark(record) => encode(record),
            Self::Review(record) => encode(record),
            Self::Advice(record) => encode(record),
            Self::Withdrawal(record) => encode(record),
            Self::Opening(record) => encode(record),
            Self::TooNew => Err(NoRecord),
        }
    }

    /// Reads a record of this section.
    pub(crate) fn parse(section: Section, text: &str) -> Result<Self, NoRecord> {
        let Some(json) = text.strip_prefix(VERSION) else {
            return if is_later_version(text) {
                Ok(Self::TooNew)
            } else {
                Err(NoRecord)
            };
        };
        match section {
            Section::Confirmations => decode(json).map(Self::Confirmation),
            Section::Settlements => decode(json).map(Self::Settlement),
            Section::Acceptances => decode(json).map(Self::Acceptance),
            Section::Overrides => decode(json).map(Self::Override),
            Section::Events => decode(json).map(Self::Event),
            Section::Asks => decode(json).map(Self::Ask),
            Section::Marks => decode(json).map(Self::Mark),
            Section::Reviews => decode(json).map(Self::Review),
            Section::Advice => decode(json).map(Self::Advice),
            Section::Withdrawals => decode(json).map(Self::Withdrawal),
            Section::Openings => decode(json).map(Self::Opening),
            Section::Case | Section::Assessments => Err(NoRecord),
        }
    }
}

/// Whether a stored text begins with a version character that this software does not know yet.
pub(crate) fn is_later_version(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|version| version != VERSION && version.is_ascii_alphanumeric())
}

fn encode(record: &impl Serialize) -> Result<String, NoRecord> {
    let json = serde_json::to_string(record).map_err(|_| NoRecord)?;
    Ok(format!("{VERSION}{json}"))
}

fn decode<T: DeserializeOwned>(json: &str) -> Result<T, NoRecord> {
    serde_json::from_str(json).map_err(|_| NoRecord)
}

#[cfg(test)]
mod tests {
    use mooring_protocol::AnswerPath;

    use super::{ConfirmKind, Confirmation, NoRecord, Place, Record};
    use crate::{
        ids::{AssessmentId, ChangeId},
        layout::Section,
    };

    fn confirmation() -> Record {
        let assessment = AssessmentId::derive(1_764_000_000_000, [3; 10]);
        Record::Confirmation(Confirmation {
            place: Place::answer(assessment, AnswerPath::new("plan")),
            earlier: vec![ChangeId::new([9; 32])],
            reason: "entered for the wrong person".to_owned(),
            kind: ConfirmKind::Confirmed,
        })
    }

    #[test]
    fn a_record_comes_back_as_it_was() {
        let text = confirmation().encode().unwrap();
        assert!(text.starts_with("0{"));
        assert_eq!(
            Record::parse(Section::Confirmations, &text),
            Ok(confirmation())
        );
    }

    #[test]
    fn a_later_version_is_kept_and_never_guessed_at() {
        assert_eq!(
            Record::parse(Section::Confirmations, "1{}"),
            Ok(Record::TooNew)
        );
    }

    #[test]
    fn what_is_no_record_of_its_section_is_refused() {
        let text = confirmation().encode().unwrap();
        for section in [Section::Settlements, Section::Case, Section::Assessments] {
            assert_eq!(Record::parse(section, &text), Err(NoRecord));
        }
        for text in ["", "0", "0{", "0{} ", "{}", "\u{0}"] {
            assert_eq!(
                Record::parse(Section::Confirmations, text),
                Err(NoRecord),
                "{text:?}"
            );
        }
        assert_eq!(
            Record::parse(Section::Openings, "0{\"more\":1}"),
            Err(NoRecord)
        );
    }
}
