//! What can stand at a place that people can overwrite: an answer, or a retraction in its stead.

use mooring_protocol::{Answer, DecodeError, Value};

use crate::told::Told;

/// A stored value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stored {
    /// An answer, and how it came to be told where that was stated.
    Answer(Answer, Option<Told>),
    /// The answer was taken back, for this reason. Nothing is ever deleted.
    Retracted(String),
    /// Written by a later version of this software: counts as not known, never as something else.
    TooNew,
}

// After the version character; no kind of answer uses this letter.
const RETRACTED: &str = "0x";
// The version of an answer with how it was told in front; without that, an answer is of version 0.
const TOLD: char = '1';

impl Stored {
    /// The text form; nothing for a value that this version could only read past.
    pub(crate) fn encode(&self) -> Option<String> {
        match self {
            Self::Answer(answer, None) => Some(answer.encode()),
            Self::Answer(answer, Some(told)) => {
                Some(format!("{TOLD}{}{}", told.encode(), answer.encode()))
            }
            Self::Retracted(reason) => Some(format!("{RETRACTED}{reason}")),
            Self::TooNew => None,
        }
    }

    /// Reads a stored text; `None` for what no version wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(reason) = text.strip_prefix(RETRACTED) {
            return Some(Self::Retracted(reason.to_owned()));
        }
        let (told, text) = match text.strip_prefix(TOLD) {
            Some(text) => Told::parse(text).map(|(told, text)| (Some(told), text))?,
            None => (None, text),
        };
        match Answer::decode(text) {
            Ok(answer) => Some(Self::Answer(answer, told)),
            Err(DecodeError::TooNew(_)) => Some(Self::TooNew),
            Err(DecodeError::Malformed) => None,
        }
    }

    pub(crate) const fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answer(answer, _) => Some(answer),
            Self::Retracted(_) | Self::TooNew => None,
        }
    }

    pub(crate) const fn told(&self) -> Option<&Told> {
        match self {
            Self::Answer(_, told) => told.as_ref(),
            Self::Retracted(_) | Self::TooNew => None,
        }
    }

    /// Whether two people who wrote these say the same, however it was told. Two retractions do, whatever their reasons.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Answer(one, _), Self::Answer(two, _)) => one == two,
            (Self::Retracted(_), Self::Retracted(_)) => true,
            // Nobody knows whether two unreadable values agree.
            (Self::Answer(..) | Self::Retracted(_) | Self::TooNew, _) => false,
        }
    }
}

/// A plain string as scalar: titles, ids and keys are encoded like answers, so that one version rule holds for all.
pub(crate) fn encode_text(text: &str) -> String {
    Answer::Value(Value::String(text.to_owned())).encode()
}

/// Reads a plain string back.
pub(crate) fn parse_text(stored: &str) -> Option<String> {
    match Answer::decode(stored) {
        Ok(Answer::Value(Value::String(text))) => Some(text),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use mooring_protocol::{Answer, DecodeError};

    use super::Stored;
    use crate::told::{SaidBy, Told};

    #[test]
    fn an_answer_keeps_how_it_was_told_and_says_the_same_without() {
        let plain = Stored::Answer(Answer::Unsure, None);
        let told = Told {
            said_by: Some(SaidBy::Observed),
            ..Told::default()
        };
        let told = Stored::Answer(Answer::Unsure, Some(told));
        assert_eq!(told.encode().as_deref(), Some("1observed||||0?"));
        assert_eq!(Stored::parse("1observed||||0?").as_ref(), Some(&told));
        assert!(told.says_the_same(&plain));
        assert_ne!(told, plain);
    }

    #[test]
    fn a_retraction_is_no_answer_of_any_kind() {
        let text = Stored::Retracted("wrong person".to_owned())
            .encode()
            .unwrap();
        assert_eq!(Answer::decode(&text), Err(DecodeError::Malformed));
        assert_eq!(
            Stored::parse(&text),
            Some(Stored::Retracted("wrong person".to_owned()))
        );
    }

    #[test]
    fn a_later_version_is_kept_as_unknown_and_agrees_with_nothing() {
        assert_eq!(Stored::parse("2b1"), Some(Stored::TooNew));
        assert_eq!(Stored::parse("1||||2b1"), Some(Stored::TooNew));
        assert!(!Stored::TooNew.says_the_same(&Stored::TooNew));
    }

    #[test]
    fn what_no_version_wrote_is_refused() {
        assert_eq!(Stored::parse(""), None);
        assert_eq!(Stored::parse("0b7"), None);
        assert_eq!(Stored::parse("1b1"), None);
        assert_eq!(Stored::parse("1||||0xno"), None);
    }
}
