//! What many values come to: sum, extremes, average, all and any. A missing one makes a range of it.

use crate::fhirpath::arithmetic::arithmetic;
use crate::fhirpath::ast::Operator;
use crate::fhirpath::eval::{Outcome, Stop};
use crate::fhirpath::function::Function;
use crate::fhirpath::operators::{self, from_truths, truths};
use crate::fhirpath::value::{Collection, Elem, Item, Range};
use crate::truth::Truths;

/// The sum; of what may be there as well, a range.
pub(super) fn sum<'w>(on: &Collection<'w>) -> Outcome<'w> {
    if on.is_sure() {
        let mut items = on.items();
        let Some(first) = items.next() else {
            return Ok(Collection::empty());
        };
        let mut total = Collection::one(first.clone());
        for item in items {
            let next = Collection::one(item.clone());
            total = arithmetic(Operator::Plus, &total, &next)?;
        }
        return Ok(total);
    }
    let zero = Range::exactly(0);
    let mut total = zero;
    for elem in &on.elems {
        let Some(range) = elem.item.range() else {
            return Ok(Collection::unknown());
        };
        total = total.plus(if elem.sure { range } else { range.around(zero) });
    }
    if on.open {
        total = Range::ALL;
    }
    Ok(Collection {
        elems: vec![Elem {
            item: Item::Range(total),
            sure: on.elems.iter().any(|elem| elem.sure),
        }],
        open: false,
    })
}

pub(super) fn extreme<'w>(on: &Collection<'w>, function: Function) -> Outcome<'w> {
    if !on.is_sure() {
        let ranges: Option<Vec<Range>> = on.items().map(Item::range).collect();
        let around = ranges
            .filter(|_| !on.open)
            .and_then(|ranges| ranges.into_iter().reduce(Range::around));
        return Ok(around.map_or_else(Collection::unknown, |range| Collection {
            elems: vec![Elem {
                item: Item::Range(range),
                sure: on.elems.iter().any(|elem| elem.sure),
            }],
            open: false,
        }));
    }
    let operator = if function == Function::Min {
        Operator::Less
    } else {
        Operator::Greater
    };
    let mut best: Option<&Item> = None;
    for item in on.items() {
        let better = match best {
            None => true,
            Some(best) => operators::ordered(operator, item, best)?.is(Truths::TRUE),
        };
        if better {
            best = Some(item);
        }
    }
    Ok(Collection::of(best.cloned()))
}

pub(super) fn average<'w>(on: &Collection<'w>) -> Outcome<'w> {
    if !on.is_sure() {
        return Ok(Collection::unknown());
    }
    let count = i64::try_from(on.elems.len()).map_err(|_| Stop::TooMuch)?;
    let total = sum(on)?;
    arithmetic(
        Operator::Divide,
        &total,
        &Collection::one(Item::Integer(count)),
    )
}

pub(super) fn folded<'w>(function: Function, on: &Collection<'w>) -> Outcome<'w> {
    if on.open {
        return Ok(Collection::unknown());
    }
    let wanted = matches!(function, Function::AllTrue | Function::AnyTrue);
    let every = matches!(function, Function::AllTrue | Function::AllFalse);
    let mut result = Truths::of(Some(every));
    for elem in &on.elems {
        let one = Collection {
            elems: vec![Elem {
                item: elem.item.clone(),
                sure: true,
            }],
            open: false,
        };
        let truth = truths(&one)?;
        let truth = if wanted { truth } else { truth.not() };
        let truth = if elem.sure {
            truth
        } else {
            truth.with(Truths::of(Some(every)))
        };
        result = if every {
            result.and(truth)
        } else {
            result.or(truth)
        };
    }
    Ok(from_truths(result))
}
