//! Functions on collections. What is not sure stays so: a count becomes a range, a filter keeps what may pass it.

use crate::fhirpath::ast::Expr;
use crate::fhirpath::eval::{Frame, Outcome, Run, Stop, positions};
use crate::fhirpath::function::Function;
use crate::fhirpath::operators::{self, from_truths, same, truths};
use crate::fhirpath::value::{Collection, Elem, Item, Range};
use crate::fhirpath::world::{Node, Presence};
use crate::fhirpath::{convert, numbers, strings, totals};
use crate::truth::Truths;

impl<'w> Run<'_, 'w> {
    /// Works out a function on what stands before it.
    pub(crate) fn function(
        &mut self,
        on: Collection<'w>,
        function: Function,
        arguments: &'w [Expr],
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        use Function as F;
        let first = arguments.first();
        match (function, first) {
            (F::Where, Some(expr)) => self.filtered(&on, expr, frame),
            (F::Select, Some(expr)) => self.selected(&on, expr, frame),
            (F::All, Some(expr)) => self.all(&on, expr, frame),
            (F::Exists | F::Any, Some(expr)) => {
                let on = self.filtered(&on, expr, frame)?;
                Ok(from_truths(self.exists(&on)))
            }
            (F::Exists | F::Any, None) => Ok(from_truths(self.exists(&on))),
            (F::Empty, _) => Ok(from_truths(self.exists(&on).not())),
            (F::Not, _) => Ok(from_truths(truths(&on)?.not())),
            (F::Iif, Some(criterion)) => self.iif(on, criterion, arguments, frame),
            (F::Count, _) => Ok(self.count(&on)),
            (F::Sum, _) => totals::sum(&on),
            (F::Min | F::Max, _) => totals::extreme(&on, function),
            (F::Avg, _) => totals::average(&on),
            (F::First, _) => Ok(positions(on, 0, Some(1))),
            (F::Last, _) => {
                let last = on.elems.len().saturating_sub(1);
                Ok(positions(on, last, None))
            }
            (F::Tail, _) => Ok(positions(on, 1, None)),
            (F::Skip | F::Take, Some(expr)) => {
                let count = self.eval(expr, frame)?;
                let Some(Item::Integer(count)) = operators::single(&count)? else {
                    return Err(Stop::Type);
                };
                let count = usize::try_from(*count).unwrap_or(0);
                Ok(if function == F::Skip {
                    positions(on, count, None)
                } else {
                    positions(on, 0, Some(count))
                })
            }
            (F::Single, _) => {
                if on.elems.iter().filter(|elem| elem.sure).count() > 1 {
                    return Err(Stop::Type);
                }
                Ok(on)
            }
            (F::Distinct, _) => operators::distinct(on),
            (F::IsDistinct, _) => {
                if !on.is_sure() {
                    return Ok(Collection::unknown());
                }
                let count = on.elems.len();
                let once = operators::distinct(on)?.elems.len();
                Ok(Collection::one(Item::Boolean(count == once)))
            }
            (F::Combine | F::Union, Some(expr)) => {
                let mut both = on;
                both.extend(self.eval(expr, frame)?);
                if function == F::Union {
                    return operators::distinct(both);
                }
                Ok(both)
            }
            (F::Intersect | F::Exclude | F::SubsetOf | F::SupersetOf, Some(expr)) => {
                let other = self.eval(expr, frame)?;
                self.sets(function, on, &other)
            }
            (F::AllTrue | F::AnyTrue | F::AllFalse | F::AnyFalse, _) => {
                totals::folded(function, &on)
            }
            (F::Aggregate, Some(expr)) => self.aggregate(&on, expr, arguments.get(1), frame),
            (F::Repeat, Some(expr)) => self.repeat(&on, expr, frame),
            (F::Children, _) => Ok(self.children(&on)),
            (F::Descendants, _) => self.descendants(&on),
            (F::Weight | F::Ordinal, _) => Ok(self.weights(&on)),
            (F::Answers, _) => self.answers(&on),
            (F::HasValue, _) => Ok(has_value(&on)),
            (F::GetValue | F::Trace, _) => Ok(on),
            (F::Extension, Some(expr)) => self.extensions(&on, expr, frame),
            (F::Today | F::Now | F::TimeOfDay, _) => {
                convert::moment(function, self.world.now.ok_or(Stop::NotHere)?)
            }
            (F::Resolve, _) | (F::ToQuantity | F::ConvertsToQuantity, Some(_)) => {
                Err(Stop::NotHere)
            }
            _ => {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(self.eval(argument, frame)?);
                }
                scalar(function, &on, &values)
            }
        }
    }

    fn filtered(&mut self, on: &Collection<'w>, expr: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        let mut wrong = Ok(());
        self.each(on, expr, frame, &mut |elem, passes| match truths(&passes) {
            Ok(passes) if passes.can_be_true() => out.elems.push(Elem {
                item: elem.item.clone(),
                sure: elem.sure && passes.is(Truths::TRUE),
            }),
            Ok(_) => {}
            Err(stop) => wrong = Err(stop),
        })?;
        wrong.map(|()| out)
    }

    fn selected(&mut self, on: &Collection<'w>, expr: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        self.each(on, expr, frame, &mut |elem, found| {
            out.extend(if elem.sure { found } else { found.doubtful() });
        })?;
        Ok(out)
    }

    /// One that does not pass decides; those after it are not asked.
    fn all(&mut self, on: &Collection<'w>, expr: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        let mut every = Truths::TRUE;
        for (index, elem) in on.elems.iter().enumerate() {
            let there = self.presence(elem);
            if there == Presence::Absent || every.is(Truths::FALSE) {
                continue;
            }
            let passes = self.eval(expr, &frame.inside(elem, index))?;
            // An empty criterion is not fulfilled.
            let passes = truths(&passes)?.unknown_as_false();
            every = every.and(match there {
                Presence::Sure => passes,
                Presence::Maybe | Presence::Absent => passes.with(Truths::TRUE),
            });
        }
        if on.open {
            every = every.and(Truths::TRUE.with(Truths::FALSE));
        }
        Ok(from_truths(every))
    }

    fn exists(&self, on: &Collection<'w>) -> Truths {
        let best = on.elems.iter().map(|elem| self.presence(elem)).max();
        match (best, on.open) {
            (Some(Presence::Sure), _) => Truths::TRUE,
            (Some(Presence::Maybe), _) | (_, true) => Truths::TRUE.with(Truths::FALSE),
            (Some(Presence::Absent) | None, false) => Truths::FALSE,
        }
    }

    fn count(&self, on: &Collection<'w>) -> Collection<'w> {
        let (mut least, mut most) = (0_i64, 0_i64);
        for elem in &on.elems {
            let there = self.presence(elem);
            least += i64::from(there == Presence::Sure);
            most += i64::from(there != Presence::Absent);
        }
        if least == most && !on.open {
            return Collection::one(Item::Integer(least));
        }
        let units = |count: i64| Some(crate::decimal::Decimal::from(count).value());
        Collection::one(Item::Range(Range {
            low: units(least),
            high: units(most).filter(|_| !on.open),
        }))
    }

    /// The branch that is taken, or what either can give where that is not sure.
    fn iif(
        &mut self,
        on: Collection<'w>,
        criterion: &'w Expr,
        arguments: &'w [Expr],
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        let frame = Frame {
            this: on,
            ..frame.clone()
        };
        let holds = self.eval(criterion, &frame)?;
        let holds = truths(&holds)?;
        let mut branch = |at: usize| match arguments.get(at) {
            Some(expr) => self.eval(expr, &frame),
            None => Ok(Collection::empty()),
        };
        match (holds.is(Truths::TRUE), holds.can_be_true()) {
            (true, _) => branch(1),
            (false, false) => branch(2),
            (false, true) => Ok(either(branch(1)?, branch(2)?)),
        }
    }

    fn sets(
        &mut self,
        function: Function,
        on: Collection<'w>,
        other: &Collection<'w>,
    ) -> Outcome<'w> {
        self.step(0)?;
        if on.elems.len().saturating_mul(other.elems.len()) > 1_000_000 {
            return Err(Stop::TooMuch);
        }
        if !(on.is_sure() && other.is_sure()) {
            return Ok(match function {
                // Two truths of which each may be so: only what can be on both sides.
                Function::Intersect => common(&on, other),
                _ => Collection::unknown(),
            });
        }
        let holds = |among: &Collection, item: &Item| {
            among
                .items()
                .any(|other| same(item, other).is(Truths::TRUE))
        };
        Ok(match function {
            Function::Intersect => {
                let mut on = operators::distinct(on)?;
                on.elems.retain(|elem| holds(other, &elem.item));
                on
            }
            Function::Exclude => {
                let mut on = on;
                on.elems.retain(|elem| !holds(other, &elem.item));
                on
            }
            Function::SubsetOf => {
                Collection::one(Item::Boolean(on.items().all(|item| holds(other, item))))
            }
            _ => Collection::one(Item::Boolean(other.items().all(|item| holds(&on, item)))),
        })
    }

    fn aggregate(
        &mut self,
        on: &Collection<'w>,
        expr: &'w Expr,
        start: Option<&'w Expr>,
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        let mut total = match start {
            Some(start) => self.eval(start, frame)?,
            None => Collection::empty(),
        };
        if !on.elems.iter().all(|elem| elem.sure) || on.open {
            return Ok(Collection::unknown());
        }
        for (index, elem) in on.elems.iter().enumerate() {
            let inner = Frame {
                this: Collection::one(elem.item.clone()),
                index: Some(index),
                total: Some(total),
            };
            total = self.eval(expr, &inner)?;
        }
        Ok(total)
    }

    fn repeat(&mut self, on: &Collection<'w>, expr: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        let mut level = on.clone();
        while !level.elems.is_empty() {
            let next = self.selected(&level, expr, frame)?;
            out.open |= next.open;
            // Going down a tree nothing comes twice; anything else could go round for ever.
            let is_tree = |elem: &Elem| matches!(elem.item, Item::Node(_));
            level = if next.elems.iter().all(is_tree) {
                next
            } else {
                let mut fresh = operators::distinct(next)?;
                fresh.elems.retain(|elem| {
                    !out.items()
                        .any(|known| same(known, &elem.item).is(Truths::TRUE))
                });
                fresh
            };
            self.step(out.elems.len() + level.elems.len())?;
            out.elems.extend(level.elems.iter().cloned());
        }
        Ok(out)
    }

    fn children(&self, on: &Collection<'w>) -> Collection<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        for elem in &on.elems {
            if let Item::Node(node) = &elem.item {
                self.world.children(*node, elem.sure, &mut out);
            }
        }
        out
    }

    fn descendants(&mut self, on: &Collection<'w>) -> Outcome<'w> {
        let mut out = Collection::empty();
        let mut level = self.children(on);
        while !level.elems.is_empty() {
            self.step(out.elems.len() + level.elems.len())?;
            let next = self.children(&level);
            out.extend(level);
            level = next;
        }
        out.open |= level.open;
        Ok(out)
    }

    fn weights(&self, on: &Collection<'w>) -> Collection<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        for elem in &on.elems {
            match &elem.item {
                Item::Node(node) => self.world.weight(*node, elem.sure, &mut out),
                Item::Something => out.open = true,
                _ => {}
            }
        }
        out
    }

    /// Every answer below, in the order of the response.
    fn answers(&mut self, on: &Collection<'w>) -> Outcome<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        let mut stack: Vec<Elem<'w>> = on.elems.iter().rev().cloned().collect();
        while let Some(elem) = stack.pop() {
            self.step(0)?;
            let Item::Node(node) = elem.item else {
                continue;
            };
            let mut below = Collection::empty();
            if let Node::Entry(entry) = node {
                self.world.answers_of(entry, elem.sure, &mut below);
            }
            if matches!(node, Node::Answer(..) | Node::Missing(_)) {
                out.elems.push(elem);
            }
            self.world.items_of(node, true, &mut below);
            stack.extend(below.elems.into_iter().rev());
        }
        Ok(out)
    }

    fn extensions(
        &mut self,
        on: &Collection<'w>,
        expr: &'w Expr,
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        let wanted = self.eval(expr, frame)?;
        let Some(Item::String(wanted)) = operators::single(&wanted)?.cloned() else {
            return Err(Stop::Type);
        };
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        for elem in &on.elems {
            if let Item::Node(Node::Json(json)) = &elem.item {
                let list = json.get("extension").and_then(serde_json::Value::as_array);
                let named = list.into_iter().flatten().filter(|extension| {
                    extension.get("url").and_then(serde_json::Value::as_str) == Some(&*wanted)
                });
                out.elems.extend(named.map(|extension| Elem {
                    item: Item::Node(Node::Json(extension)),
                    sure: elem.sure,
                }));
            }
        }
        Ok(out)
    }
}

/// Functions on one value, or on several that are all sure.
fn scalar<'w>(
    function: Function,
    on: &Collection<'w>,
    arguments: &[Collection<'w>],
) -> Outcome<'w> {
    if !(on.is_sure() && arguments.iter().all(Collection::is_sure)) {
        return Ok(Collection::unknown());
    }
    if let Some(outcome) = strings::of_many(function, on, arguments) {
        return outcome;
    }
    let Some(item) = operators::single(on)? else {
        return Ok(Collection::empty());
    };
    let mut singles = Vec::new();
    for argument in arguments {
        match operators::single(argument)? {
            Some(argument) => singles.push(argument),
            None => return Ok(Collection::empty()),
        }
    }
    strings::one(function, item, &singles)
        .or_else(|| numbers::one(function, item, &singles))
        .or_else(|| convert::one(function, item))
        .unwrap_or(Err(Stop::Type))
}

/// What one of two branches gives, where nobody knows which. Two numbers are one number between them.
fn either<'w>(a: Collection<'w>, b: Collection<'w>) -> Collection<'w> {
    let range = |on: &Collection| {
        let mut ranges = on.items().map(Item::range);
        let first = ranges.next()??;
        ranges.try_fold(first, |around, next| Some(around.around(next?)))
    };
    let sure = |on: &Collection| on.elems.iter().any(|elem| elem.sure);
    if let (Some(left), Some(right), false) = (range(&a), range(&b), a.open || b.open) {
        return Collection {
            elems: vec![Elem {
                item: Item::Range(left.around(right)),
                sure: sure(&a) && sure(&b),
            }],
            open: false,
        };
    }
    let mut both = a.doubtful();
    both.extend(b.doubtful());
    both
}

/// Truths that both sides may hold.
fn common<'w>(on: &Collection<'w>, other: &Collection<'w>) -> Collection<'w> {
    if on.open || other.open {
        return Collection::unknown();
    }
    let both = on.elems.iter().filter_map(|elem| {
        let mut partners = other
            .elems
            .iter()
            .filter(|partner| same(&elem.item, &partner.item).can_be_true());
        let partner = partners.next()?;
        Some(Elem {
            item: elem.item.clone(),
            sure: elem.sure && partner.sure && same(&elem.item, &partner.item).is(Truths::TRUE),
        })
    });
    Collection {
        elems: both.collect(),
        open: false,
    }
}

/// Whether it is one value of a simple type.
fn has_value<'w>(on: &Collection<'w>) -> Collection<'w> {
    if !on.is_sure() {
        return from_truths(Truths::TRUE.with(Truths::FALSE));
    }
    let simple = |item: &Item| !matches!(item, Item::Node(_) | Item::Quantity(_));
    let one = on.elems.len() == 1 && on.items().all(simple);
    Collection::one(Item::Boolean(one))
}
