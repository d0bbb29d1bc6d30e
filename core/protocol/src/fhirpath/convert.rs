//! From one type to another. What can't be converted is empty, as `FHIRPath` has it.

use crate::decimal::Decimal;
use crate::fhirpath::eval::{Outcome, Stop};
use crate::fhirpath::function::Function;
use crate::fhirpath::quantity;
use crate::fhirpath::value::{Collection, Item};
use crate::moment;

/// Conversions of one value, and whether they would work.
pub(super) fn one<'w>(function: Function, on: &Item<'w>) -> Option<Outcome<'w>> {
    use Function as F;
    let (converted, asked) = match function {
        F::ToStringOf => (to_text(on), false),
        F::ToInteger => (to_integer(on), false),
        F::ToDecimal => (to_decimal(on), false),
        F::ToBoolean => (to_boolean(on), false),
        F::ToQuantity => (to_quantity(on), false),
        F::ToDate => (to_date(on), false),
        F::ToDateTime => (to_date_time(on), false),
        F::ToTime => (to_time(on), false),
        F::ConvertsToString => (to_text(on), true),
        F::ConvertsToInteger => (to_integer(on), true),
        F::ConvertsToDecimal => (to_decimal(on), true),
        F::ConvertsToBoolean => (to_boolean(on), true),
        F::ConvertsToQuantity => (to_quantity(on), true),
        F::ConvertsToDate => (to_date(on), true),
        F::ConvertsToDateTime => (to_date_time(on), true),
        F::ConvertsToTime => (to_time(on), true),
        _ => return None,
    };
    Some(Ok(if asked {
        Collection::one(Item::Boolean(converted.is_some()))
    } else {
        Collection::of(converted)
    }))
}

fn to_text<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    Some(match on {
        Item::Boolean(yes) => Item::text(yes.to_string()),
        Item::Integer(n) => Item::text(n.to_string()),
        Item::Decimal(n) => Item::text(n.as_str()),
        Item::String(text) | Item::Date(text) | Item::DateTime(text) | Item::Time(text) => {
            Item::String(text.clone())
        }
        Item::Quantity(amount) => {
            let unit = quantity::unit(amount);
            Item::text(if quantity::calendar_unit(unit).is_some() {
                format!("{} {unit}", amount.value)
            } else {
                format!("{} '{unit}'", amount.value)
            })
        }
        Item::Node(_) | Item::Range(_) | Item::Something => return None,
    })
}

fn to_integer<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    Some(match on {
        Item::Integer(n) => Item::Integer(*n),
        Item::Boolean(yes) => Item::Integer(i64::from(*yes)),
        Item::String(text) => {
            let text = text.trim();
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let all_digits = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
            let text = text.strip_prefix('+').unwrap_or(text);
            Item::Integer(text.parse().ok().filter(|_| all_digits)?)
        }
        _ => return None,
    })
}

fn to_decimal<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    Some(match on {
        Item::Integer(n) => Item::Decimal(Decimal::from(*n)),
        Item::Decimal(n) => Item::Decimal(n.clone()),
        Item::Boolean(yes) => Item::Decimal(Decimal::from(i64::from(*yes))),
        Item::String(text) => {
            let plain = !text.contains(['e', 'E']);
            Item::Decimal(Decimal::parse(text.trim()).filter(|_| plain)?)
        }
        _ => return None,
    })
}

fn to_boolean<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    let yes = match on {
        Item::Boolean(yes) => *yes,
        Item::Integer(_) | Item::Decimal(_) => match on.units()? {
            0 => false,
            crate::decimal::UNIT => true,
            _ => return None,
        },
        Item::String(text) => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Item::Boolean(yes))
}

fn to_quantity<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    let amount = match on {
        Item::Quantity(amount) => amount.clone(),
        Item::Integer(_) | Item::Decimal(_) => {
            quantity::with_unit(Decimal::checked(on.units()?)?, "1")
        }
        Item::String(text) => {
            let (number, unit) = text.trim().split_once(' ').unwrap_or((text.trim(), "'1'"));
            let unit = match unit.strip_prefix('\'') {
                Some(quoted) => quoted.strip_suffix('\'')?,
                None => quantity::calendar_unit(unit)?,
            };
            quantity::with_unit(Decimal::parse(number)?, unit)
        }
        _ => return None,
    };
    Some(Item::Quantity(amount))
}

fn to_date<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    match on {
        Item::Date(text) => Some(Item::Date(text.clone())),
        Item::DateTime(text) | Item::String(text) => {
            let day = text.split('T').next()?;
            let whole = moment::date(text).is_some() || moment::is_partial_date_time(text);
            moment::date(day)
                .filter(|_| whole)
                .map(|day| Item::Date(day.into()))
        }
        _ => None,
    }
}

fn to_date_time<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    match on {
        Item::DateTime(text) | Item::Date(text) => Some(Item::DateTime(text.clone())),
        Item::String(text) => {
            let whole = moment::date(text).is_some() || moment::is_partial_date_time(text);
            whole.then(|| Item::DateTime(text.clone()))
        }
        _ => None,
    }
}

fn to_time<'w>(on: &Item<'w>) -> Option<Item<'w>> {
    match on {
        Item::Time(text) => Some(Item::Time(text.clone())),
        Item::String(text) => moment::is_partial_time(text).then(|| Item::Time(text.clone())),
        _ => None,
    }
}

/// The day, the moment or the time of day that was handed in.
pub(super) fn moment<'w>(function: Function, now: &str) -> Outcome<'w> {
    let (day, time) = now.split_once('T').ok_or(Stop::NotHere)?;
    let time = time.split(['Z', '+', '-']).next().unwrap_or_default();
    Ok(Collection::one(match function {
        Function::Today => Item::Date(day.to_owned().into()),
        Function::Now => Item::DateTime(now.to_owned().into()),
        _ => Item::Time(time.to_owned().into()),
    }))
}
