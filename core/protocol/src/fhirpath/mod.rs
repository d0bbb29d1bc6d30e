//! `FHIRPath` as forms use it: a small language, typed, and bounded in depth, steps and size.
//!
//! Each expression is worked out twice. First as FHIR has it, where an unanswered question is simply not there: that is what a
//! screen shows. Then, if it looked at anything that may still change, with everything that could come out: that is what counts.
//! What can't be worked out is an error on this side of the language, never zero or false.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a function of the language is for a few of its types and treats all others alike"
)]

mod arithmetic;
pub(crate) mod ast;
mod convert;
pub(crate) mod dates;
pub(crate) mod eval;
pub(crate) mod function;
mod lexer;
mod lists;
mod numbers;
pub(crate) mod operators;
mod parser;
pub(crate) mod pattern;
pub(crate) mod quantity;
mod strings;
mod totals;
pub(crate) mod value;
pub(crate) mod world;
mod written;

use ast::Expr;

/// Longer expressions are refused, in bytes.
const MAX_BYTES: usize = 1 << 16;
/// So are those with more words and signs.
const MAX_TOKENS: usize = 8_000;

/// Why an expression is not one that is worked out here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// Not written as `FHIRPath` is.
    #[error("it is not understood near '{0}'")]
    Syntax(String),
    /// Uses something that is not known here.
    #[error("'{0}' is not known here")]
    Unknown(String),
    /// Too long or too deep.
    #[error("it is too long or too deep")]
    TooMuch,
    /// In another language.
    #[error("it is written in {0}")]
    Language(String),
}

/// Reads an expression. `declared` are the names of the file's variables.
pub(crate) fn parse(text: &str, declared: &[String]) -> Result<Expr, Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refused::TooMuch);
    }
    parser::parse(text, declared)
}
