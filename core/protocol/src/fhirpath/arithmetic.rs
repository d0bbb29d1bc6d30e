//! Arithmetic: exact on what is sure, as a range on what is not.

use crate::decimal::{self, Decimal};
use crate::fhirpath::ast::Operator;
use crate::fhirpath::dates;
use crate::fhirpath::eval::{Outcome, Stop};
use crate::fhirpath::operators::{candidates, single, text_item};
use crate::fhirpath::quantity;
use crate::fhirpath::value::{Collection, Elem, Item, Range};
use crate::value::Quantity;

/// `+ - * / div mod` on numbers, amounts, texts and times; on what is not sure, the range of all that could come out.
pub(super) fn arithmetic<'w>(
    operator: Operator,
    left: &Collection<'w>,
    right: &Collection<'w>,
) -> Outcome<'w> {
    if left.is_sure() && right.is_sure() {
        return match (single(left)?, single(right)?) {
            (Some(a), Some(b)) => exact(operator, a, b),
            _ => Ok(Collection::empty()),
        };
    }
    let (Some((a, a_empty)), Some((b, b_empty))) = (candidates(left), candidates(right)) else {
        return Ok(Collection::unknown());
    };
    let range = |items: &[&Item]| {
        let mut ranges = items.iter().map(|item| item.range());
        let first = ranges.next()??;
        ranges.try_fold(first, |around, next| Some(around.around(next?)))
    };
    if a.is_empty() || b.is_empty() {
        return Ok(Collection::empty());
    }
    let (Some(a), Some(b)) = (range(&a), range(&b)) else {
        return Ok(Collection::unknown());
    };
    let result = match operator {
        Operator::Plus => a.plus(b),
        Operator::Minus => a.plus(b.negative()),
        Operator::Times => a.times(b),
        _ => Range::ALL,
    };
    // Dividing by what may be zero can give nothing.
    let divides = matches!(operator, Operator::Divide | Operator::Div | Operator::Mod);
    Ok(Collection {
        elems: vec![Elem {
            item: Item::Range(result),
            sure: !(a_empty || b_empty || divides),
        }],
        open: false,
    })
}

fn exact<'w>(operator: Operator, a: &Item<'w>, b: &Item<'w>) -> Outcome<'w> {
    match (a, b) {
        (Item::String(a), Item::String(b)) if operator == Operator::Plus => {
            text_item(format!("{a}{b}"))
        }
        (Item::Quantity(a), Item::Quantity(b)) => amounts(operator, a, b),
        (Item::Quantity(a), b) if b.units().is_some() => {
            let value = numbers(operator, a.value.value(), b.units().unwrap_or_default());
            scaled(operator, a, value)
        }
        (a, Item::Quantity(b)) if a.units().is_some() && operator == Operator::Times => {
            let value = numbers(operator, a.units().unwrap_or_default(), b.value.value());
            scaled(operator, b, value)
        }
        (Item::Date(_) | Item::DateTime(_) | Item::Time(_), Item::Quantity(by)) => {
            later(operator, a, by)
        }
        _ => {
            let (Some(x), Some(y)) = (a.units(), b.units()) else {
                return Err(Stop::Type);
            };
            let both_whole = matches!((a, b), (Item::Integer(_), Item::Integer(_)));
            let whole = operator == Operator::Div || (both_whole && operator != Operator::Divide);
            if y == 0 && matches!(operator, Operator::Divide | Operator::Div | Operator::Mod) {
                return Ok(Collection::empty());
            }
            // What does not fit is not known; it is not nothing.
            let result = numbers(operator, x, y).ok_or(Stop::TooMuch)?;
            Item::number(result, whole)
                .map(Collection::one)
                .ok_or(Stop::TooMuch)
        }
    }
}

fn numbers(operator: Operator, a: i128, b: i128) -> Option<i128> {
    match operator {
        Operator::Plus => a.checked_add(b),
        Operator::Minus => a.checked_sub(b),
        Operator::Times => decimal::product(a, b),
        Operator::Divide => decimal::quotient(a, b),
        Operator::Div => Some(decimal::quotient(a, b)? / decimal::UNIT * decimal::UNIT),
        Operator::Mod => a.checked_rem(b),
        _ => None,
    }
}

fn scaled<'w>(operator: Operator, amount: &Quantity, value: Option<i128>) -> Outcome<'w> {
    if !matches!(operator, Operator::Times | Operator::Divide) {
        return Err(Stop::Type);
    }
    let value = value.and_then(Decimal::checked).ok_or(Stop::TooMuch)?;
    Ok(Collection::one(Item::Quantity(Quantity {
        value,
        ..amount.clone()
    })))
}

fn amounts<'w>(operator: Operator, a: &Quantity, b: &Quantity) -> Outcome<'w> {
    if quantity::unit(a) != quantity::unit(b) {
        let both = quantity::comparable(a, b).ok_or(Stop::Type)?;
        if operator != Operator::Divide || both.1 == 0 {
            return Err(Stop::Type);
        }
        let value = decimal::quotient(both.0, both.1).and_then(Decimal::checked);
        let value = value.ok_or(Stop::TooMuch)?;
        return Ok(Collection::one(Item::Quantity(quantity::with_unit(
            value, "1",
        ))));
    }
    let value = numbers(operator, a.value.value(), b.value.value()).and_then(Decimal::checked);
    match operator {
        Operator::Plus | Operator::Minus => {
            let value = value.ok_or(Stop::TooMuch)?;
            Ok(Collection::one(Item::Quantity(Quantity {
                value,
                ..a.clone()
            })))
        }
        Operator::Divide => {
            if b.value.value() == 0 {
                return Ok(Collection::empty());
            }
            let value = value.ok_or(Stop::TooMuch)?;
            Ok(Collection::one(Item::Quantity(quantity::with_unit(
                value, "1",
            ))))
        }
        _ => Err(Stop::Type),
    }
}

fn later<'w>(operator: Operator, on: &Item<'w>, by: &Quantity) -> Outcome<'w> {
    let unit = quantity::duration_unit(by).ok_or(Stop::Type)?;
    let count = by.value.whole().ok_or(Stop::Type)?;
    let count = match operator {
        Operator::Plus => count,
        Operator::Minus => count.checked_neg().ok_or(Stop::TooMuch)?,
        _ => return Err(Stop::Type),
    };
    let item = match on {
        Item::Date(text) => dates::add(text, count, unit).map(|text| Item::Date(text.into())),
        Item::DateTime(text) => {
            dates::add(text, count, unit).map(|text| Item::DateTime(text.into()))
        }
        Item::Time(text) => {
            dates::add_to_time(text, count, unit).map(|text| Item::Time(text.into()))
        }
        _ => None,
    };
    item.map(Collection::one).ok_or(Stop::TooMuch)
}

/// `-` before a number or an amount.
pub(crate) fn negative<'w>(on: &Collection<'w>) -> Outcome<'w> {
    arithmetic(Operator::Times, on, &Collection::one(Item::Integer(-1)))
}
