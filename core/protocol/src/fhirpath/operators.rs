//! Operators: on what is sure as `FHIRPath` defines them, on what is not as everything that could come out.

use std::cmp::Ordering;

use crate::fhirpath::arithmetic::arithmetic;
use crate::fhirpath::ast::Operator;
use crate::fhirpath::dates;
use crate::fhirpath::eval::{MAX_TEXT_BYTES, Outcome, Stop};
use crate::fhirpath::quantity;
use crate::fhirpath::value::{Collection, Elem, Item, Range};
use crate::fhirpath::world::{self, World};
use crate::truth::Truths;
use crate::value::Quantity;

/// The one thing in a collection that is sure; nothing in an empty one or one that is not sure.
pub(crate) fn single<'c, 'w>(on: &'c Collection<'w>) -> Result<Option<&'c Item<'w>>, Stop> {
    if on.elems.iter().filter(|elem| elem.sure).count() > 1 {
        return Err(Stop::Type);
    }
    Ok(match on.elems.as_slice() {
        [one] if on.is_sure() => Some(&one.item),
        _ => None,
    })
}

/// Every truth that a collection can be, with "unknown" for an empty one. Anything else than a boolean counts as true.
pub(crate) fn truths(on: &Collection) -> Result<Truths, Stop> {
    if on.elems.iter().filter(|elem| elem.sure).count() > 1 {
        return Err(Stop::Type);
    }
    let each = on.items().map(|item| match item {
        Item::Boolean(yes) => Truths::of(Some(*yes)),
        Item::Something => Truths::TRUE.with(Truths::FALSE),
        _ => Truths::TRUE,
    });
    let mut all = each.fold(Truths::NONE, Truths::with);
    if !on.elems.iter().any(|elem| elem.sure) {
        all = all.with(Truths::UNKNOWN);
    }
    if on.open {
        all = all.with(Truths::TRUE).with(Truths::FALSE);
    }
    Ok(all)
}

/// A collection that can be these truths.
pub(crate) fn from_truths<'w>(truths: Truths) -> Collection<'w> {
    let mut on = Collection::empty();
    let one = truths.is(Truths::TRUE) || truths.is(Truths::FALSE);
    for (can, yes) in [(truths.can_be_true(), true), (truths.can_be_false(), false)] {
        if can {
            on.elems.push(Elem {
                item: Item::Boolean(yes),
                sure: one,
            });
        }
    }
    on
}

/// All operators but those of logic.
pub(crate) fn binary<'w>(
    operator: Operator,
    left: &Collection<'w>,
    right: &Collection<'w>,
    world: &World<'w>,
) -> Outcome<'w> {
    match operator {
        Operator::Plus
        | Operator::Minus
        | Operator::Times
        | Operator::Divide
        | Operator::Div
        | Operator::Mod => arithmetic(operator, left, right),
        Operator::Join => join(left, right),
        Operator::Union => {
            let mut both = left.clone();
            both.extend(right.clone());
            distinct(both)
        }
        Operator::Equal => Ok(from_truths(equal(left, right))),
        Operator::NotEqual => Ok(from_truths(equal(left, right).not())),
        Operator::Equivalent => equivalent(left, right).map(from_truths),
        Operator::NotEquivalent => equivalent(left, right).map(|same| from_truths(same.not())),
        Operator::Greater | Operator::Less | Operator::GreaterOrEqual | Operator::LessOrEqual => {
            compare(operator, left, right).map(from_truths)
        }
        Operator::In => member(left, right),
        Operator::Contains => member(right, left),
        Operator::And | Operator::Or | Operator::Xor | Operator::Implies => {
            let _ = world;
            Err(Stop::Type)
        }
    }
}

/// Everything that one side can be, and whether it can be nothing at all.
pub(super) fn candidates<'c, 'w>(on: &'c Collection<'w>) -> Option<(Vec<&'c Item<'w>>, bool)> {
    let sure = on.elems.iter().filter(|elem| elem.sure).count();
    (sure <= 1 && !on.open).then(|| (on.items().collect(), sure == 0))
}

/// `FHIRPath`'s `=`: item by item, in order; empty where one side is.
pub(crate) fn equal(left: &Collection, right: &Collection) -> Truths {
    let all = Truths::TRUE.with(Truths::FALSE).with(Truths::UNKNOWN);
    if left.is_sure() && right.is_sure() {
        if left.elems.is_empty() || right.elems.is_empty() {
            return Truths::UNKNOWN;
        }
        if left.elems.len() != right.elems.len() {
            return Truths::FALSE;
        }
        let pairs = left.items().zip(right.items());
        return pairs
            .map(|(a, b)| same(a, b))
            .fold(Truths::TRUE, Truths::and);
    }
    let (Some((a, a_empty)), Some((b, b_empty))) = (candidates(left), candidates(right)) else {
        return all;
    };
    let mut found = if a_empty || b_empty {
        Truths::UNKNOWN
    } else {
        Truths::NONE
    };
    for a in &a {
        for b in &b {
            found = found.with(same(a, b));
        }
    }
    found
}

/// Whether two things are equal; unknown where their precision or units leave it open, everything where one is not known.
pub(crate) fn same(a: &Item, b: &Item) -> Truths {
    let either = Truths::TRUE.with(Truths::FALSE);
    match (a, b) {
        (Item::Something, _) | (_, Item::Something) => either,
        (Item::Range(_), _) | (_, Item::Range(_)) => match (a.range(), b.range()) {
            (Some(a), Some(b)) => match (order_of(a, b), a.exact().zip(b.exact())) {
                (Some(_), _) => Truths::FALSE,
                (None, Some((a, b))) => Truths::of(Some(a == b)),
                (None, None) => either,
            },
            _ => Truths::FALSE,
        },
        (Item::Node(world::Node::MissingValue(_) | world::Node::Missing(_)), _)
        | (_, Item::Node(world::Node::MissingValue(_) | world::Node::Missing(_))) => either,
        (Item::Boolean(a), Item::Boolean(b)) => Truths::of(Some(a == b)),
        (Item::String(a), Item::String(b)) => Truths::of(Some(a == b)),
        (Item::Date(a) | Item::DateTime(a), Item::Date(b) | Item::DateTime(b)) => {
            Truths::of(dates::compare(a, b).map(Ordering::is_eq))
        }
        (Item::Time(a), Item::Time(b)) => {
            Truths::of(dates::compare_times(a, b).map(Ordering::is_eq))
        }
        (Item::Quantity(a), Item::Quantity(b)) => {
            Truths::of(quantity::comparable(a, b).map(|(a, b)| a == b))
        }
        (Item::Node(a), Item::Node(b)) => match (world::coding(*a), world::coding(*b)) {
            (Some(a), Some(b)) => Truths::of(Some(a.means(&b))),
            _ => Truths::of(Some(a == b)),
        },
        _ => Truths::of(Some(a.units().is_some() && a.units() == b.units())),
    }
}

/// Which of two ranges lies wholly below the other.
fn order_of(a: Range, b: Range) -> Option<Ordering> {
    if let (Some(high), Some(low)) = (a.high, b.low)
        && high < low
    {
        return Some(Ordering::Less);
    }
    if let (Some(low), Some(high)) = (a.low, b.high)
        && low > high
    {
        return Some(Ordering::Greater);
    }
    None
}

/// `FHIRPath`'s `~`: the order does not matter, nor whether letters are capitals.
fn equivalent(left: &Collection, right: &Collection) -> Result<Truths, Stop> {
    if !(left.is_sure() && right.is_sure()) {
        return Ok(Truths::TRUE.with(Truths::FALSE));
    }
    if left.elems.len() != right.elems.len() {
        return Ok(Truths::FALSE);
    }
    if left.elems.len() > MAX_COMPARED {
        return Err(Stop::TooMuch);
    }
    let alike = |a: &Item, b: &Item| match (a, b) {
        (Item::String(a), Item::String(b)) => {
            let plain = |text: &str| {
                text.split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .to_lowercase()
            };
            plain(a) == plain(b)
        }
        _ => same(a, b).is(Truths::TRUE),
    };
    let mut rest: Vec<&Item> = right.items().collect();
    for item in left.items() {
        let Some(at) = rest.iter().position(|other| alike(item, other)) else {
            return Ok(Truths::FALSE);
        };
        rest.swap_remove(at);
    }
    Ok(Truths::TRUE)
}

/// Comparisons by order.
fn compare(operator: Operator, left: &Collection, right: &Collection) -> Result<Truths, Stop> {
    let (Some((a, a_empty)), Some((b, b_empty))) = (candidates(left), candidates(right)) else {
        if left.open || right.open {
            return Ok(Truths::TRUE.with(Truths::FALSE).with(Truths::UNKNOWN));
        }
        return Err(Stop::Type);
    };
    let mut found = if a_empty || b_empty {
        Truths::UNKNOWN
    } else {
        Truths::NONE
    };
    for a in &a {
        for b in &b {
            found = found.with(ordered(operator, a, b)?);
        }
    }
    Ok(found)
}

pub(super) fn ordered(operator: Operator, a: &Item, b: &Item) -> Result<Truths, Stop> {
    let holds = |order: Ordering| match operator {
        Operator::Greater => order.is_gt(),
        Operator::Less => order.is_lt(),
        Operator::GreaterOrEqual => order.is_ge(),
        _ => order.is_le(),
    };
    let order = match (a, b) {
        (Item::String(a), Item::String(b)) => Some(a.cmp(b)),
        (Item::Date(a) | Item::DateTime(a), Item::Date(b) | Item::DateTime(b)) => {
            dates::compare(a, b)
        }
        (Item::Time(a), Item::Time(b)) => dates::compare_times(a, b),
        (Item::Quantity(a), Item::Quantity(b)) => {
            quantity::comparable(a, b).map(|(a, b)| a.cmp(&b))
        }
        // A bare number beside an amount: real forms compare a quantity with its number, in the question's own unit.
        (Item::Quantity(a), b) if b.units().is_some() => b.units().map(|b| a.value.value().cmp(&b)),
        (a, Item::Quantity(b)) if a.units().is_some() => a.units().map(|a| a.cmp(&b.value.value())),
        _ => {
            let (Some(a), Some(b)) = (a.range(), b.range()) else {
                return Err(Stop::Type);
            };
            return Ok(ranges(a, b, &holds));
        }
    };
    Ok(Truths::of(order.map(holds)))
}

/// Everything that comparing some number of one range with some number of the other can give.
fn ranges(a: Range, b: Range, holds: &dyn Fn(Ordering) -> bool) -> Truths {
    let mut found = Truths::NONE;
    let below = |a: Option<i128>, b: Option<i128>| match (a, b) {
        (Some(a), Some(b)) => a < b,
        _ => true,
    };
    if below(a.low, b.high) {
        found = found.with(Truths::of(Some(holds(Ordering::Less))));
    }
    if below(b.low, a.high) {
        found = found.with(Truths::of(Some(holds(Ordering::Greater))));
    }
    if order_of(a, b).is_none() {
        found = found.with(Truths::of(Some(holds(Ordering::Equal))));
    }
    found
}

/// Whether the one thing on the left is among those on the right.
fn member<'w>(one: &Collection<'w>, among: &Collection<'w>) -> Outcome<'w> {
    if one.is_sure() && one.elems.len() > 1 {
        return Err(Stop::Type);
    }
    let Some((candidates, empty)) = candidates(one) else {
        return Ok(from_truths(
            Truths::TRUE.with(Truths::FALSE).with(Truths::UNKNOWN),
        ));
    };
    let mut found = if empty { Truths::UNKNOWN } else { Truths::NONE };
    for candidate in candidates {
        let mut here = Truths::FALSE;
        for elem in &among.elems {
            let same = same(candidate, &elem.item);
            // Where it can't be told whether two are equal, they are not the same member.
            let same = if same.is(Truths::UNKNOWN) {
                Truths::FALSE
            } else {
                same
            };
            here = here.or(if elem.sure {
                same
            } else {
                same.with(Truths::FALSE)
            });
        }
        if among.open {
            here = here.or(Truths::TRUE.with(Truths::FALSE));
        }
        found = found.with(here);
    }
    Ok(from_truths(found))
}

/// `FHIRPath`'s `&`: an empty side is an empty text.
fn join<'w>(left: &Collection<'w>, right: &Collection<'w>) -> Outcome<'w> {
    if !(left.is_sure() && right.is_sure()) {
        return Ok(Collection::unknown());
    }
    let text = |on: &Collection| match single(on)? {
        None => Ok(String::new()),
        Some(Item::String(text)) => Ok(text.to_string()),
        Some(_) => Err(Stop::Type),
    };
    let joined = text(left)? + &text(right)?;
    text_item(joined)
}

/// A text, if it is not too long.
pub(crate) fn text_item<'w>(text: String) -> Outcome<'w> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Stop::TooMuch);
    }
    Ok(Collection::one(Item::text(text)))
}

/// More things than this are not compared each with each.
const MAX_COMPARED: usize = 2_000;

/// Each thing once.
pub(crate) fn distinct(on: Collection) -> Outcome {
    if on.elems.len() > MAX_COMPARED {
        return Err(Stop::TooMuch);
    }
    let mut seen: Vec<Elem> = Vec::new();
    for elem in on.elems {
        let known = seen
            .iter_mut()
            .find(|other| same(&other.item, &elem.item).is(Truths::TRUE));
        match known {
            Some(known) => known.sure |= elem.sure,
            None => seen.push(elem),
        }
    }
    Ok(Collection {
        elems: seen,
        open: on.open,
    })
}

/// A part of an amount.
pub(crate) fn quantity_member<'w>(amount: &Quantity, name: &str) -> Option<Item<'w>> {
    let text = match name {
        "value" => return Some(Item::Decimal(amount.value.clone())),
        "unit" => &amount.unit,
        "code" => &amount.code,
        "system" => &amount.system,
        "comparator" => &amount.comparator,
        _ => return None,
    };
    (!text.is_empty()).then(|| Item::text(text.as_str()))
}

/// Whether a thing is of a type, by FHIR's name or `FHIRPath`'s own.
pub(crate) fn is_type(item: &Item, name: &str) -> bool {
    match item {
        Item::Boolean(_) => name.eq_ignore_ascii_case("boolean"),
        Item::Integer(_) => name.eq_ignore_ascii_case("integer"),
        Item::Decimal(_) => name.eq_ignore_ascii_case("decimal"),
        Item::String(_) => ["string", "code", "uri", "url", "markdown", "id"]
            .iter()
            .any(|kind| name.eq_ignore_ascii_case(kind)),
        Item::Date(_) => name.eq_ignore_ascii_case("date"),
        Item::DateTime(_) => name.eq_ignore_ascii_case("dateTime"),
        Item::Time(_) => name.eq_ignore_ascii_case("time"),
        Item::Quantity(_) => name == "Quantity",
        Item::Node(node) => match node {
            world::Node::Response => name == "QuestionnaireResponse",
            world::Node::Coding(..) => name == "Coding",
            world::Node::Json(json) => name == "Coding" && crate::json::coding(json).is_some(),
            world::Node::MissingValue(_)
            | world::Node::Entry(_)
            | world::Node::Answer(..)
            | world::Node::Missing(_) => false,
        },
        Item::Range(_) => {
            name.eq_ignore_ascii_case("integer") || name.eq_ignore_ascii_case("decimal")
        }
        Item::Something => true,
    }
}
