//! Functions on texts.

use crate::fhirpath::eval::{Outcome, Stop};
use crate::fhirpath::function::Function;
use crate::fhirpath::operators::text_item;
use crate::fhirpath::pattern::Pattern;
use crate::fhirpath::value::{Collection, Item};

/// Functions that take all texts of a collection at once.
pub(super) fn of_many<'w>(
    function: Function,
    on: &Collection<'w>,
    arguments: &[Collection<'w>],
) -> Option<Outcome<'w>> {
    if function != Function::Join {
        return None;
    }
    let between = arguments.first().and_then(|on| on.items().next().cloned());
    let between = match between {
        None => String::new(),
        Some(Item::String(text)) => text.into_owned(),
        Some(_) => return Some(Err(Stop::Type)),
    };
    let texts: Option<Vec<&str>> = on
        .items()
        .map(|item| match item {
            Item::String(text) => Some(&**text),
            _ => None,
        })
        .collect();
    let Some(texts) = texts else {
        return Some(Err(Stop::Type));
    };
    Some(text_item(texts.join(&between)))
}

/// Functions on one text.
pub(super) fn one<'w>(
    function: Function,
    on: &Item<'w>,
    arguments: &[&Item<'w>],
) -> Option<Outcome<'w>> {
    use Function as F;
    let is_of_texts = matches!(
        function,
        F::Length
            | F::Substring
            | F::StartsWith
            | F::EndsWith
            | F::Contains
            | F::IndexOf
            | F::LastIndexOf
            | F::Matches
            | F::MatchesFull
            | F::Replace
            | F::ReplaceMatches
            | F::Upper
            | F::Lower
            | F::Trim
            | F::Split
            | F::ToChars
    );
    if !is_of_texts {
        return None;
    }
    Some(match on {
        // The code of an answer is often asked for with the functions of texts.
        Item::String(text) | Item::Date(text) | Item::DateTime(text) | Item::Time(text) => {
            of_text(function, text, arguments)
        }
        _ => Err(Stop::Type),
    })
}

fn of_text<'w>(function: Function, text: &str, arguments: &[&Item<'w>]) -> Outcome<'w> {
    use Function as F;
    let boolean = |yes: bool| Ok(Collection::one(Item::Boolean(yes)));
    let argument = |at: usize| match arguments.get(at) {
        Some(Item::String(text)) => Ok(&**text),
        Some(_) | None => Err(Stop::Type),
    };
    match function {
        F::Length => whole(text.chars().count()),
        F::Upper => text_item(text.to_uppercase()),
        F::Lower => text_item(text.to_lowercase()),
        F::Trim => text_item(text.trim().to_owned()),
        F::StartsWith => boolean(text.starts_with(argument(0)?)),
        F::EndsWith => boolean(text.ends_with(argument(0)?)),
        F::Contains => boolean(text.contains(argument(0)?)),
        F::IndexOf => position(text, text.find(argument(0)?)),
        F::LastIndexOf => position(text, text.rfind(argument(0)?)),
        F::Matches | F::MatchesFull => {
            let pattern = argument(0)?;
            let pattern = if function == F::Matches {
                Pattern::of_expression(pattern)
            } else {
                Pattern::whole(pattern)
            };
            let found = pattern.ok_or(Stop::Type)?.is_in(text);
            boolean(found.ok_or(Stop::TooMuch)?)
        }
        F::ReplaceMatches => {
            let pattern = Pattern::of_expression(argument(0)?).ok_or(Stop::Type)?;
            let replaced = pattern.replaced(text, argument(1)?);
            text_item(replaced.ok_or(Stop::TooMuch)?)
        }
        F::Replace => replaced(text, argument(0)?, argument(1)?),
        F::Substring => substring(text, arguments),
        F::Split => {
            let by = argument(0)?;
            if by.is_empty() {
                return chars(text);
            }
            Ok(Collection::many(text.split(by).map(Item::text)))
        }
        F::ToChars => chars(text),
        _ => Err(Stop::Type),
    }
}

fn chars<'w>(text: &str) -> Outcome<'w> {
    if text.len() > 50_000 {
        return Err(Stop::TooMuch);
    }
    Ok(Collection::many(
        text.chars().map(|c| Item::text(c.to_string())),
    ))
}

fn whole<'w>(count: usize) -> Outcome<'w> {
    let count = i64::try_from(count).map_err(|_| Stop::TooMuch)?;
    Ok(Collection::one(Item::Integer(count)))
}

/// In characters, not bytes; -1 where it is not there.
fn position<'w>(text: &str, byte: Option<usize>) -> Outcome<'w> {
    match byte.and_then(|byte| text.get(..byte)) {
        Some(before) => whole(before.chars().count()),
        None => Ok(Collection::one(Item::Integer(-1))),
    }
}

/// Checked before it is made: a short text can become a very long one.
fn replaced<'w>(text: &str, what: &str, by: &str) -> Outcome<'w> {
    let times = text.matches(what).count();
    let longest = times.saturating_mul(by.len()).saturating_add(text.len());
    if longest > super::eval::MAX_TEXT_BYTES {
        return Err(Stop::TooMuch);
    }
    text_item(text.replace(what, by))
}

fn substring<'w>(text: &str, arguments: &[&Item<'w>]) -> Outcome<'w> {
    let number = |at: usize| match arguments.get(at) {
        None => Ok(None),
        Some(Item::Integer(n)) => Ok(Some(*n)),
        Some(_) => Err(Stop::Type),
    };
    let start = number(0)?.ok_or(Stop::Type)?;
    let length = number(1)?.map(|n| usize::try_from(n).unwrap_or(0));
    let Some(start) = usize::try_from(start)
        .ok()
        .filter(|start| *start < text.chars().count())
    else {
        return Ok(Collection::empty());
    };
    let rest = text.chars().skip(start);
    text_item(rest.take(length.unwrap_or(usize::MAX)).collect())
}
