//! Functions on numbers.

use crate::decimal::{Decimal, UNIT, rounded};
use crate::fhirpath::eval::{Outcome, Stop};
use crate::fhirpath::function::Function;
use crate::fhirpath::value::{Collection, Item};
use crate::value::Quantity;

/// Functions on one number, or on an amount.
pub(super) fn one<'w>(
    function: Function,
    on: &Item<'w>,
    arguments: &[&Item<'w>],
) -> Option<Outcome<'w>> {
    use Function as F;
    let is_of_numbers = matches!(
        function,
        F::Abs
            | F::Round
            | F::Floor
            | F::Ceiling
            | F::Truncate
            | F::Power
            | F::Sqrt
            | F::Ln
            | F::Log
            | F::Exp
    );
    if !is_of_numbers {
        return None;
    }
    if let (F::Abs | F::Round, Item::Quantity(amount)) = (function, on) {
        let inner = Item::Decimal(amount.value.clone());
        return Some(of_number(function, &inner, arguments).and_then(|number| {
            let units = number.items().next().and_then(Item::units);
            let value = units.and_then(Decimal::checked).ok_or(Stop::TooMuch)?;
            Ok(Collection::one(Item::Quantity(Quantity {
                value,
                ..amount.clone()
            })))
        }));
    }
    Some(of_number(function, on, arguments))
}

fn of_number<'w>(function: Function, on: &Item<'w>, arguments: &[&Item<'w>]) -> Outcome<'w> {
    use Function as F;
    let units = on.units().ok_or(Stop::Type)?;
    let exact = |units: Option<i128>, whole: bool| {
        let item = units.and_then(|units| Item::number(units, whole));
        item.map(Collection::one).ok_or(Stop::TooMuch)
    };
    let whole = units / UNIT * UNIT;
    match function {
        F::Abs => exact(units.checked_abs(), matches!(on, Item::Integer(_))),
        F::Floor if units < whole => exact(Some(whole - UNIT), true),
        F::Ceiling if units > whole => exact(Some(whole + UNIT), true),
        F::Truncate | F::Floor | F::Ceiling => exact(Some(whole), true),
        F::Round => {
            let digits = match arguments.first() {
                None => 0,
                Some(Item::Integer(n)) => u32::try_from(*n).map_err(|_| Stop::Type)?,
                Some(_) => return Err(Stop::Type),
            };
            exact(rounded(units, digits), matches!(on, Item::Integer(_)))
        }
        F::Power => power(on, arguments.first().copied()),
        _ => {
            let number = inexact(on)?;
            inexact_item(match function {
                F::Sqrt => number.sqrt(),
                F::Ln => number.ln(),
                F::Log => number.log(inexact(arguments.first().copied().ok_or(Stop::Type)?)?),
                _ => number.exp(),
            })
        }
    }
}

fn inexact(item: &Item) -> Result<f64, Stop> {
    let units = item.units().ok_or(Stop::Type)?;
    Ok(Decimal::from_units(units).inexact())
}

/// The root of a negative number and the like are empty.
fn inexact_item<'w>(number: f64) -> Outcome<'w> {
    if !number.is_finite() {
        return Ok(Collection::empty());
    }
    let decimal = Decimal::from_inexact(number).ok_or(Stop::TooMuch)?;
    Ok(Collection::one(Item::Decimal(decimal)))
}

/// Whole powers of whole numbers exactly.
fn power<'w>(on: &Item<'w>, by: Option<&Item<'w>>) -> Outcome<'w> {
    let by = by.ok_or(Stop::Type)?;
    if let (Item::Integer(base), Item::Integer(exponent)) = (on, by)
        && let Ok(exponent) = u32::try_from(*exponent)
    {
        let result = base.checked_pow(exponent).ok_or(Stop::TooMuch)?;
        return Ok(Collection::one(Item::Integer(result)));
    }
    inexact_item(inexact(on)?.powf(inexact(by)?))
}
