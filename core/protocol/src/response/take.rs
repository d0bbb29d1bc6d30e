//! One answer of a response against its question: taken, taken with a word about it, or a stray that leaves the question open.

use crate::accept::Wrong;
use crate::answer::Answer;
use crate::checking;
use crate::fault::FaultKind;
use crate::item::Item;
use crate::value::{Coding, Value};

/// What becomes of an answer.
pub(super) enum Taken {
    /// It is one of the question's answers.
    Fits(Answer),
    /// So it is, by the words of an option whose code the response does not use.
    ByWords(Answer),
    /// It is of the right type, but outside of what the question allows: kept in its place, and a fault.
    Outside(Answer, Wrong),
    /// It does not fit: kept apart, a fault, and the question stays open.
    Stray(Wrong),
    /// The question can't be answered here at all, so its answer is only kept.
    NotSupported(Wrong),
}

/// Looks at one answer.
pub(super) fn take(item: &Item, answer: Answer) -> Taken {
    let wrong = match checking::one(item, answer.clone()) {
        Ok(answer) => return Taken::Fits(answer),
        Err(wrong) => wrong,
    };
    match wrong {
        Wrong::BelowLeast { .. }
        | Wrong::AboveGreatest { .. }
        | Wrong::TooLong { .. }
        | Wrong::TooShort { .. }
        | Wrong::TooPrecise { .. }
        | Wrong::WrongForm { .. } => match in_type(item, answer) {
            Some(answer) => Taken::Outside(answer, wrong),
            None => Taken::Stray(wrong),
        },
        Wrong::NotAnOption { .. } => match by_words(item, &answer) {
            Some(answer) => Taken::ByWords(answer),
            None => Taken::Stray(wrong),
        },
        Wrong::NotSupported(_) => Taken::NotSupported(wrong),
        Wrong::NoSuchQuestion
        | Wrong::NotAQuestion(_)
        | Wrong::ReadOnly
        | Wrong::NotAnAnswer
        | Wrong::WrongType { .. }
        | Wrong::Malformed { .. }
        | Wrong::TooMany { .. }
        | Wrong::TooFew { .. }
        | Wrong::NotAlone
        | Wrong::WhichRepeat { .. }
        | Wrong::NoSuchRepeat { .. } => Taken::Stray(wrong),
    }
}

/// The kind of fault, for whoever sorts them.
pub(super) const fn kind(wrong: &Wrong) -> FaultKind {
    match wrong {
        Wrong::NoSuchQuestion | Wrong::NoSuchRepeat { .. } => FaultKind::NoSuchTarget,
        Wrong::WrongType { .. } | Wrong::Malformed { .. } | Wrong::NotAnAnswer => {
            FaultKind::WrongType
        }
        Wrong::NotSupported(_) => FaultKind::NotSupported,
        Wrong::TooMany { .. } => FaultKind::TooMuch,
        Wrong::NotAQuestion(_)
        | Wrong::ReadOnly
        | Wrong::NotAnOption { .. }
        | Wrong::BelowLeast { .. }
        | Wrong::AboveGreatest { .. }
        | Wrong::TooLong { .. }
        | Wrong::TooShort { .. }
        | Wrong::TooFew { .. }
        | Wrong::NotAlone
        | Wrong::TooPrecise { .. }
        | Wrong::WrongForm { .. }
        | Wrong::WhichRepeat { .. } => FaultKind::NotAllowed,
    }
}

fn in_type(item: &Item, answer: Answer) -> Option<Answer> {
    match answer {
        Answer::Value(value) => checking::typed(item, value).ok().map(Answer::Value),
        said @ (Answer::Declined | Answer::Unsure | Answer::NotNow) => Some(said),
    }
}

/// The one option with the same words. A person read those, and a published response of HL7 itself spells the codes otherwise.
fn by_words(item: &Item, answer: &Answer) -> Option<Answer> {
    let Some(Value::Coding(given)) = answer.value() else {
        return None;
    };
    let is_meant = |offered: &Coding| {
        !given.display.is_empty()
            && offered.display == given.display
            && (given.system.is_empty() || offered.system == given.system)
    };
    let mut meant = item.options.iter().filter(|option| match &option.value {
        Value::Coding(offered) => is_meant(offered),
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::String(_)
        | Value::Uri(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Quantity(_) => false,
    });
    match (meant.next(), meant.next()) {
        (Some(option), None) => Some(Answer::Value(option.value.clone())),
        (None | Some(_), _) => None,
    }
}
