//! From what a screen sends to answers that fit the protocol, or a fault that says what was expected.

use crate::item::ItemKind;

/// Why an answer was not taken. It never repeats what was answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("question '{link_id}': {wrong}")]
pub struct AnswerFault {
    /// The question.
    pub link_id: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The protocol has no such question.
    #[error("this protocol has no question with this linkId")]
    NoSuchQuestion,
    /// A group or a text.
    #[error("a {} can't be answered", .0.code())]
    NotAQuestion(ItemKind),
    /// A type that this version can't take.
    #[error("a question of type {} is not supported yet", .0.code())]
    NotSupported(ItemKind),
    /// People can't answer it.
    #[error("it is read-only")]
    ReadOnly,
    /// Neither a FHIR value nor declined, unsure or notNow.
    #[error(
        "expected one FHIR value such as {{\"valueBoolean\":true}}, an array of them, or {{\"declined\":true}}, {{\"unsure\":true}} or {{\"notNow\":true}}"
    )]
    NotAnAnswer,
    /// A value of another type.
    #[error("expected {expected}, found value{found}")]
    WrongType {
        /// What was expected.
        expected: String,
        /// The type of what came.
        found: String,
    },
    /// The right type, but not a value of it.
    #[error("not a valid {expected}")]
    Malformed {
        /// What was expected.
        expected: String,
    },
    /// Not one of the options.
    #[error("not one of the {options} options")]
    NotAnOption {
        /// How many options there are.
        options: usize,
    },
    /// Below the least value.
    #[error("below the least value allowed, {least}")]
    BelowLeast {
        /// The least value.
        least: String,
    },
    /// Above the greatest value.
    #[error("above the greatest value allowed, {greatest}")]
    AboveGreatest {
        /// The greatest value.
        greatest: String,
    },
    /// Too many characters.
    #[error("longer than the {longest} characters allowed")]
    TooLong {
        /// How many are allowed.
        longest: usize,
    },
    /// Too few characters.
    #[error("shorter than the {shortest} characters needed")]
    TooShort {
        /// How many are needed.
        shortest: usize,
    },
    /// Too few answers.
    #[error("fewer answers than the {least} needed")]
    TooFew {
        /// How many are needed.
        least: usize,
    },
    /// More digits behind the point than the file takes.
    #[error("more than {most} digits behind the point")]
    TooPrecise {
        /// How many are taken.
        most: usize,
    },
    /// Not written in the way that the file asks for.
    #[error("not written as it should be{}", example_words(.example))]
    WrongForm {
        /// How the file says that it should be written; empty where it does not say.
        example: String,
    },
    /// An option that can't be chosen beside others was.
    #[error("one of the options chosen stands for none of the others, and was chosen beside them")]
    NotAlone,
    /// Too many answers.
    #[error("more answers than the {most} allowed")]
    TooMany {
        /// How many are allowed.
        most: usize,
    },
    /// There are several repeats and it is not said which.
    #[error("'{of}' stands several times: say which one")]
    WhichRepeat {
        /// The repeating item.
        of: String,
    },
    /// A repeat was named of something that does not repeat above this question.
    #[error("'{of}' is no repeat above this question")]
    NoSuchRepeat {
        /// What was named.
        of: String,
    },
}

fn example_words(example: &str) -> String {
    if example.is_empty() {
        String::new()
    } else {
        format!(": {example}")
    }
}
