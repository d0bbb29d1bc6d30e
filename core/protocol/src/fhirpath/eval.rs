//! Works an expression out, within limits: so many steps, so deep, so many things at once.

use std::cell::Cell;

use crate::fhirpath::arithmetic;
use crate::fhirpath::ast::{Expr, Literal, Operator};
use crate::fhirpath::function::Function;
use crate::fhirpath::operators;
use crate::fhirpath::quantity;
use crate::fhirpath::value::{Collection, Elem, Item};
use crate::fhirpath::world::{Node, Presence, World};
use crate::truth::Truths;

/// More things at once are not looked at.
const MAX_ITEMS: usize = 50_000;
/// An expression, with the variables that it uses, nests at most so deep.
const MAX_DEPTH: usize = 600;
/// One text may not become longer, in bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 1 << 20;

/// Why an expression gives nothing that can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It needs something that is not here: a record, a query, the time.
    NotHere,
    /// Its parts do not fit together.
    Type,
    /// It takes too long, or a variable needs itself.
    TooMuch,
}

pub(crate) type Outcome<'w> = Result<Collection<'w>, Stop>;

/// Finds a variable's expression from the item that uses it, and the entry in which it was declared.
pub(crate) trait Variables<'w> {
    /// The expression of this name, and what it is worked out on.
    fn variable(&self, name: &str, entry: Option<usize>) -> Found<'w>;
}

/// What a name stands for.
pub(crate) enum Found<'w> {
    /// An expression of the file, declared at this entry or for the whole file.
    Expression(&'w Expr, Option<usize>),
    /// Something that is not here, as the patient's record.
    NotHere,
}

/// One working out.
pub(crate) struct Run<'a, 'w> {
    pub(crate) world: &'a World<'w>,
    pub(crate) variables: &'a dyn Variables<'w>,
    /// Steps left, shared with other expressions of the same call.
    pub(crate) steps: &'a Cell<u64>,
    /// The entry whose expression it is.
    pub(crate) entry: Option<usize>,
    depth: usize,
    /// Steps that this expression itself may still take.
    own_steps: Cell<u64>,
    /// Variables that were worked out already; one that is being worked out stands here as too much.
    known: Vec<(String, Option<usize>, Outcome<'w>)>,
}

/// One expression takes at most so many steps.
const MAX_OWN_STEPS: u64 = 1_000_000;

/// What the special names stand for.
#[derive(Clone)]
pub(crate) struct Frame<'w> {
    pub(crate) this: Collection<'w>,
    pub(crate) index: Option<usize>,
    pub(crate) total: Option<Collection<'w>>,
}

impl<'w> Frame<'w> {
    /// What the special names stand for at one thing of several.
    pub(crate) fn inside(&self, elem: &Elem<'w>, index: usize) -> Self {
        Self {
            this: Collection::one(elem.item.clone()),
            index: Some(index),
            total: self.total.clone(),
        }
    }
}

impl<'a, 'w> Run<'a, 'w> {
    pub(crate) fn new(
        world: &'a World<'w>,
        variables: &'a dyn Variables<'w>,
        steps: &'a Cell<u64>,
        entry: Option<usize>,
    ) -> Self {
        Self {
            world,
            variables,
            steps,
            entry,
            depth: 0,
            own_steps: Cell::new(MAX_OWN_STEPS),
            known: Vec::new(),
        }
    }
}

impl<'w> Run<'_, 'w> {
    /// Works it out at the entry.
    pub(crate) fn evaluate(&mut self, expr: &'w Expr) -> Outcome<'w> {
        let frame = Frame {
            this: context(self.entry),
            index: None,
            total: None,
        };
        self.eval(expr, &frame)
    }

    pub(crate) fn step(&self, count: usize) -> Result<(), Stop> {
        let cost = u64::try_from(count).unwrap_or(u64::MAX);
        let mut enough = count <= MAX_ITEMS;
        for budget in [self.steps, &self.own_steps] {
            let left = budget.get().checked_sub(cost.saturating_add(1));
            budget.set(left.unwrap_or(0));
            enough &= left.is_some();
        }
        if enough { Ok(()) } else { Err(Stop::TooMuch) }
    }

    pub(crate) fn eval(&mut self, expr: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        self.step(0)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Stop::TooMuch);
        }
        let outcome = self.kind(expr, frame);
        self.depth -= 1;
        let outcome = outcome?;
        // Long texts cost as they are long: joining two of them is no single step.
        let bytes: usize = outcome.items().map(text_bytes).sum();
        self.step(outcome.elems.len() + bytes / BYTES_A_STEP)?;
        Ok(outcome)
    }

    fn kind(&mut self, expr: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        match expr {
            Expr::Nothing => Ok(Collection::empty()),
            Expr::Literal(literal) => Ok(Collection::one(literal_item(literal))),
            Expr::Variable(name) => self.variable(name),
            Expr::This => Ok(frame.this.clone()),
            Expr::Index => Ok(Collection::of(
                frame
                    .index
                    .and_then(|n| i64::try_from(n).ok())
                    .map(Item::Integer),
            )),
            Expr::Total => frame.total.clone().ok_or(Stop::Type),
            Expr::Member(on, name) => self.member(on.as_deref(), name, frame),
            Expr::Call(on, function, arguments) => {
                self.call(on.as_deref(), *function, arguments, frame)
            }
            Expr::WhereLink(on, link, differs) => {
                if !*differs && let Some(found) = self.named(on.as_deref(), link, frame)? {
                    return Ok(found);
                }
                let on = self.on(on.as_deref(), frame)?;
                Ok(self.where_link(on, link, *differs))
            }
            Expr::OfType(on, name) => {
                let mut on = self.on(on.as_deref(), frame)?;
                on.elems.retain(|elem| self.may_be(&elem.item, name));
                Ok(on)
            }
            Expr::At(on, index) => self.at(on, index, frame),
            Expr::Negative(inner) => arithmetic::negative(&self.eval(inner, frame)?),
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, frame),
            Expr::Is(on, name) => {
                let on = self.eval(on, frame)?;
                match on.elems.as_slice() {
                    _ if !on.is_sure() => Ok(Collection::unknown()),
                    [] => Ok(Collection::empty()),
                    [one] => Ok(Collection::one(Item::Boolean(operators::is_type(
                        &one.item, name,
                    )))),
                    _ => Err(Stop::Type),
                }
            }
            Expr::As(on, name) => {
                let mut on = self.eval(on, frame)?;
                on.elems.retain(|elem| self.may_be(&elem.item, name));
                Ok(on)
            }
        }
    }

    /// Whether a thing is, or may turn out to be, of a type.
    fn may_be(&self, item: &Item<'w>, name: &str) -> bool {
        if let Item::Node(Node::MissingValue(entry)) = item {
            let question = self.world.question(*entry);
            let mut options = question.into_iter().flat_map(|question| &question.options);
            let only_codes =
                options.all(|option| matches!(option.value, crate::value::Value::Coding(_)));
            return name == "Coding" || !only_codes;
        }
        operators::is_type(item, name)
    }

    pub(crate) fn on(&mut self, on: Option<&'w Expr>, frame: &Frame<'w>) -> Outcome<'w> {
        match on {
            Some(on) => self.eval(on, frame),
            None => Ok(frame.this.clone()),
        }
    }

    fn variable(&mut self, name: &str) -> Outcome<'w> {
        let text = |text: &str| Ok(Collection::one(Item::text(text)));
        match name {
            "resource" | "rootResource" => return Ok(context(None)),
            "context" => return Ok(context(self.entry)),
            "questionnaire" => {
                let json = self.world.questionnaire.ok_or(Stop::NotHere)?;
                return Ok(Collection::one(Item::Node(Node::Json(json))));
            }
            "qitem" => return self.own_item(),
            "ucum" => return text(quantity::UCUM),
            "sct" => return text("http://snomed.info/sct"),
            "loinc" => return text("http://loinc.org"),
            _ => {}
        }
        match self.variables.variable(name, self.entry) {
            Found::NotHere => Err(Stop::NotHere),
            Found::Expression(expr, entry) => self.worked_out(name, expr, entry),
        }
    }

    /// A variable is worked out once, and one that needs itself never.
    fn worked_out(&mut self, name: &str, expr: &'w Expr, entry: Option<usize>) -> Outcome<'w> {
        let known = |run: &Self| {
            let mut known = run.known.iter();
            known.position(|(known, at, _)| known == name && *at == entry)
        };
        if let Some((_, _, outcome)) = known(self).and_then(|at| self.known.get(at)) {
            return outcome.clone();
        }
        self.known
            .push((name.to_owned(), entry, Err(Stop::TooMuch)));
        let before = std::mem::replace(&mut self.entry, entry);
        let outcome = self.evaluate(expr);
        self.entry = before;
        if let Some((_, _, place)) = known(self).and_then(|at| self.known.get_mut(at)) {
            place.clone_from(&outcome);
        }
        outcome
    }

    /// The item of the Questionnaire's own file.
    fn own_item(&self) -> Outcome<'w> {
        let question = self.entry.and_then(|entry| self.world.question(entry));
        let link = &question.ok_or(Stop::NotHere)?.link_id;
        let mut stack = vec![self.world.questionnaire.ok_or(Stop::NotHere)?];
        while let Some(json) = stack.pop() {
            self.step(0)?;
            if json.get("linkId").and_then(serde_json::Value::as_str) == Some(link) {
                return Ok(Collection::one(Item::Node(Node::Json(json))));
            }
            let items = json.get("item").and_then(serde_json::Value::as_array);
            stack.extend(items.into_iter().flatten());
        }
        Ok(Collection::empty())
    }

    fn member(&mut self, on: Option<&'w Expr>, name: &str, frame: &Frame<'w>) -> Outcome<'w> {
        let Some(on) = on else {
            // A path may begin with the type of what it starts from.
            if name == "QuestionnaireResponse" {
                return Ok(context(None));
            }
            if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                return Err(Stop::NotHere);
            }
            return Ok(self.members(&frame.this, name));
        };
        let on = self.eval(on, frame)?;
        Ok(self.members(&on, name))
    }

    fn members(&self, on: &Collection<'w>, name: &str) -> Collection<'w> {
        let mut out = Collection {
            elems: Vec::new(),
            open: on.open,
        };
        for elem in &on.elems {
            match &elem.item {
                Item::Node(node) => self.world.member(*node, name, elem.sure, &mut out),
                Item::Quantity(amount) => {
                    let part = operators::quantity_member(amount, name);
                    let sure = elem.sure;
                    out.elems.extend(part.map(|item| Elem { item, sure }));
                }
                Item::Something | Item::Range(_) => out.open = true,
                Item::Boolean(_)
                | Item::Integer(_)
                | Item::Decimal(_)
                | Item::String(_)
                | Item::Date(_)
                | Item::DateTime(_)
                | Item::Time(_) => {}
            }
        }
        out
    }

    /// `item.where(linkId = 'x')` without looking at all the other items; nothing where the path is another.
    fn named(
        &mut self,
        path: Option<&'w Expr>,
        link: &str,
        frame: &Frame<'w>,
    ) -> Result<Option<Collection<'w>>, Stop> {
        let Some(Expr::Member(on, name)) = path else {
            return Ok(None);
        };
        if name != "item" {
            return Ok(None);
        }
        let on = self.on(on.as_deref(), frame)?;
        let of_file = |item: &Item| matches!(item, Item::Node(Node::Json(_)));
        if on.open || on.items().any(of_file) {
            return Ok(Some(self.where_link(self.members(&on, name), link, false)));
        }
        let mut out = Collection::empty();
        for elem in &on.elems {
            if let Item::Node(node) = &elem.item {
                self.world.item_named(*node, link, elem.sure, &mut out);
            }
        }
        Ok(Some(out))
    }

    fn where_link(&self, mut on: Collection<'w>, link: &str, differs: bool) -> Collection<'w> {
        on.elems.retain(|elem| {
            let Item::Node(node) = &elem.item else {
                return false;
            };
            let own = match node {
                Node::Entry(entry) => self.world.question(*entry).map(|q| q.link_id.as_str()),
                Node::Json(json) => json.get("linkId").and_then(serde_json::Value::as_str),
                Node::Response
                | Node::Answer(..)
                | Node::Missing(_)
                | Node::Coding(..)
                | Node::MissingValue(_) => None,
            };
            own.is_some_and(|own| (own == link) != differs)
        });
        on
    }

    /// Items of a response keep their places whether they are answered or not.
    fn at(&mut self, on: &'w Expr, index: &'w Expr, frame: &Frame<'w>) -> Outcome<'w> {
        let on = self.eval(on, frame)?;
        let index = self.eval(index, frame)?;
        let Some(Item::Integer(index)) = operators::single(&index)? else {
            return if index.is_sure() {
                Ok(Collection::empty())
            } else {
                Ok(Collection::unknown())
            };
        };
        Ok(match usize::try_from(*index) {
            Ok(index) => positions(on, index, Some(1)),
            Err(_) => Collection::empty(),
        })
    }

    /// How surely something is there.
    pub(crate) fn presence(&self, elem: &Elem<'w>) -> Presence {
        let there = match &elem.item {
            Item::Node(node) => self.world.presence(*node),
            Item::Something => Presence::Maybe,
            Item::Boolean(_)
            | Item::Integer(_)
            | Item::Decimal(_)
            | Item::String(_)
            | Item::Date(_)
            | Item::DateTime(_)
            | Item::Time(_)
            | Item::Quantity(_)
            | Item::Range(_) => Presence::Sure,
        };
        if elem.sure {
            there
        } else {
            there.min(Presence::Maybe)
        }
    }

    /// Each of these with its own `$this`.
    pub(crate) fn each(
        &mut self,
        on: &Collection<'w>,
        expr: &'w Expr,
        frame: &Frame<'w>,
        call: &mut dyn FnMut(&Elem<'w>, Collection<'w>),
    ) -> Result<(), Stop> {
        for (index, elem) in on.elems.iter().enumerate() {
            let inner = frame.inside(elem, index);
            let outcome = self.eval(expr, &inner)?;
            call(elem, outcome);
        }
        Ok(())
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &'w Expr,
        right: &'w Expr,
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        if let Operator::And | Operator::Or | Operator::Xor | Operator::Implies = operator {
            return self.logic(operator, left, right, frame);
        }
        let left = self.eval(left, frame)?;
        let right = self.eval(right, frame)?;
        operators::binary(operator, &left, &right, self.world)
    }

    /// What can't be worked out on one side does not matter where the other side decides.
    fn logic(
        &mut self,
        operator: Operator,
        left: &'w Expr,
        right: &'w Expr,
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        let first = self
            .eval(left, frame)
            .and_then(|left| operators::truths(&left));
        let decided = match operator {
            Operator::And => first == Ok(Truths::FALSE),
            Operator::Or => first == Ok(Truths::TRUE),
            _ => operator == Operator::Implies && first == Ok(Truths::FALSE),
        };
        if decided {
            return Ok(operators::from_truths(match operator {
                Operator::And => Truths::FALSE,
                _ => Truths::TRUE,
            }));
        }
        let second = self
            .eval(right, frame)
            .and_then(|right| operators::truths(&right));
        let (a, b) = match (first, second) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(_), Ok(b)) if operator == Operator::Or && b == Truths::TRUE => (b, b),
            (Err(_), Ok(b)) if operator == Operator::And && b == Truths::FALSE => (b, b),
            (Err(_), Ok(b)) if operator == Operator::Implies && b == Truths::TRUE => (b, b),
            (Err(stop), _) | (_, Err(stop)) => return Err(stop),
        };
        let both = match operator {
            Operator::And => a.and(b),
            Operator::Or => a.or(b),
            Operator::Implies => a.not().or(b),
            _ => a.and(b.not()).or(a.not().and(b)),
        };
        Ok(operators::from_truths(both))
    }

    fn call(
        &mut self,
        on: Option<&'w Expr>,
        function: Function,
        arguments: &'w [Expr],
        frame: &Frame<'w>,
    ) -> Outcome<'w> {
        let on = self.on(on, frame)?;
        self.function(on, function, arguments, frame)
    }
}

/// So many bytes of text count as one step.
const BYTES_A_STEP: usize = 64;

fn text_bytes(item: &Item) -> usize {
    match item {
        Item::String(text) => text.len(),
        _ => 0,
    }
}

/// The item that an expression stands at, or the whole response.
fn context<'w>(entry: Option<usize>) -> Collection<'w> {
    Collection::one(Item::Node(entry.map_or(Node::Response, Node::Entry)))
}

/// What stands at these places. Where it is not sure what is there, everything that might stand there is doubtful.
pub(crate) fn positions(on: Collection, start: usize, count: Option<usize>) -> Collection {
    let structure = |elem: &Elem| matches!(elem.item, Item::Node(Node::Entry(_)));
    let take = count.unwrap_or(usize::MAX);
    if !on.open && (on.elems.iter().all(structure) || on.elems.iter().all(|elem| elem.sure)) {
        return Collection {
            elems: on.elems.into_iter().skip(start).take(take).collect(),
            open: false,
        };
    }
    on.doubtful()
}

fn literal_item(literal: &Literal) -> Item<'_> {
    use std::borrow::Cow::Borrowed;
    match literal {
        Literal::Boolean(yes) => Item::Boolean(*yes),
        Literal::Integer(n) => Item::Integer(*n),
        Literal::Decimal(n) => Item::Decimal(n.clone()),
        Literal::String(text) => Item::String(Borrowed(text)),
        Literal::Date(text) => Item::Date(Borrowed(text)),
        Literal::DateTime(text) => Item::DateTime(Borrowed(text)),
        Literal::Time(text) => Item::Time(Borrowed(text)),
        Literal::Quantity(value, unit) => Item::Quantity(quantity::with_unit(value.clone(), unit)),
    }
}
