//! The items as a flat list with their places, and an order in which their conditions can be worked out.

mod loops;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fault::Fault;
use crate::formula::{self, Formula, Formulas};
use crate::item::{Behavior, Expression, ExpressionRole, Item, Operator};
use crate::value::Value;

/// More questions than this are not listed for one total: a hostile file may have thousands of totals over everything.
const MAX_INPUTS: usize = 2_000;
/// Nor more than this for all totals together.
const MAX_INPUTS_IN_ALL: usize = 1_000_000;

/// How a question keeps its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing to answer.
    None,
    /// One answer.
    Single,
    /// Any number of answers, each with an id.
    List,
    /// Any number of options.
    Multi,
}

/// One item.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) link_id: String,
    /// The way to the item in the tree.
    route: Vec<usize>,
    pub(crate) parent: Option<usize>,
    pub(crate) shape: Shape,
    pub(crate) repeats_below: bool,
    pub(crate) conditions: Vec<Look>,
    pub(crate) behavior: Behavior,
    /// Its expressions.
    pub(crate) formulas: Formulas,
    /// The questions that decide about it through its expressions.
    reads: Vec<usize>,
    /// The questions on which its worked out value hangs.
    inputs: Vec<usize>,
    /// Which of its expressions lead back to it.
    looped: Vec<ExpressionRole>,
    /// Whether any of its options has a score.
    pub(crate) scored: bool,
    /// Whether it may stand, or be answered, only so often.
    limited: bool,
    /// Whether its expressions may look at any question: it is worked out after all that do not hang on it.
    wild: bool,
    /// Whether it, or something above it, is never shown.
    pub(crate) hidden: bool,
    /// When it is worked out: after all with a lower rank.
    pub(crate) rank: usize,
    /// What "not sure" counts as, by the rules.
    pub(crate) unsure_as: Option<Value>,
    /// What a minor's refusal counts as, by the rules.
    pub(crate) refusal_as: Option<Value>,
}

/// A condition with its question found.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) question: usize,
    pub(crate) operator: Operator,
    pub(crate) expected: Value,
    /// Whether following it leads round in a circle.
    looped: bool,
    comparable: bool,
}

impl Look {
    /// Whether nobody can say if it holds, whatever is answered.
    pub(crate) const fn is_unknown(&self) -> bool {
        self.looped || !self.comparable
    }
}

impl Node {
    /// The questions at which its expressions look; nothing where they may look at any.
    pub(crate) fn reads(&self) -> Option<&[usize]> {
        (!self.wild).then_some(self.reads.as_slice())
    }
}

/// All items.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    by_link: BTreeMap<String, usize>,
    /// For each node, those that hang on it.
    needed_by: Vec<Vec<usize>>,
    wild: Vec<usize>,
    worded: Vec<usize>,
    limited: Vec<usize>,
    has_loops: bool,
    /// The expressions of the whole file.
    pub(crate) formulas: Formulas,
    /// The file itself, if an expression looks at it.
    pub(crate) questionnaire: Option<Arc<serde_json::Value>>,
}

/// A variable, and the item that declares it; no item for the whole file.
pub(crate) type Declared<'p> = (Option<&'p Formula>, Option<usize>);

impl Plan {
    /// Lays the tree out. Every linkId is known to be unique, and every condition to point at a question.
    pub(crate) fn new(items: &[Item], file: &[Expression], warnings: &mut Vec<Fault>) -> Self {
        let mut plan = Self::default();
        let mut reader = formula::Reader {
            declared: formula::declared(file, items),
            warnings,
        };
        plan.formulas = reader.read(file, None);
        plan.add(items, None, &[], &mut reader);
        plan.resolve(items);
        plan.find_reads();
        plan.find_inputs();
        plan.needed_by = plan.turned_round();
        plan.rank();
        plan.mark_loops();
        plan.note();
        plan
    }

    pub(crate) fn index(&self, link_id: &str) -> Option<usize> {
        self.by_link.get(link_id).copied()
    }

    /// Whether something above the node stands several times.
    pub(crate) fn is_repeated(&self, node: usize) -> bool {
        let mut above = self.nodes.get(node).and_then(|node| node.parent);
        while let Some(node) = above.and_then(|node| self.nodes.get(node)) {
            if node.repeats_below {
                return true;
            }
            above = node.parent;
        }
        false
    }

    /// The nodes below this one, on every floor.
    pub(crate) fn below(&self, node: usize) -> impl Iterator<Item = usize> {
        let is_below = move |mut above: usize| {
            while let Some(parent) = self.nodes.get(above).and_then(|node| node.parent) {
                if parent == node {
                    return true;
                }
                above = parent;
            }
            false
        };
        (0..self.nodes.len()).filter(move |other| is_below(*other))
    }

    /// The item of a node.
    pub(crate) fn item<'i>(&self, items: &'i [Item], node: usize) -> Option<&'i Item> {
        walk(items, &self.nodes.get(node)?.route)
    }

    fn add(
        &mut self,
        items: &[Item],
        parent: Option<usize>,
        route: &[usize],
        reader: &mut formula::Reader,
    ) {
        for (index, item) in items.iter().enumerate() {
            let node = self.nodes.len();
            let route: Vec<usize> = route.iter().copied().chain([index]).collect();
            let above_hidden = parent
                .and_then(|parent| self.nodes.get(parent))
                .is_some_and(|parent| parent.hidden);
            self.by_link.insert(item.link_id.clone(), node);
            self.nodes.push(Node {
                link_id: item.link_id.clone(),
                route: route.clone(),
                parent,
                shape: shape(item),
                repeats_below: item.repeats_below(),
                conditions: Vec::new(),
                behavior: item.behavior,
                formulas: reader.read(&item.expressions, Some(&item.link_id)),
                reads: Vec::new(),
                inputs: Vec::new(),
                looped: Vec::new(),
                limited: item.max_occurs.is_some(),
                scored: item.options.iter().any(|option| option.score.is_some()),
                wild: false,
                hidden: item.hidden || above_hidden,
                rank: 0,
                unsure_as: None,
                refusal_as: None,
            });
            self.add(&item.items, Some(node), &route, reader);
        }
    }

    fn resolve(&mut self, items: &[Item]) {
        for node in 0..self.nodes.len() {
            let Some(item) = self.item(items, node) else {
                continue;
            };
            let looks = item.conditions.iter().filter_map(|condition| {
                let question = self.index(&condition.question)?;
                let (operator, expected) = (condition.operator, condition.expected.clone());
                Some(Look {
                    question,
                    operator,
                    expected,
                    looped: false,
                    comparable: condition.comparable,
                })
            });
            let looks = looks.collect();
            if let Some(node) = self.nodes.get_mut(node) {
                node.conditions = looks;
            }
        }
    }

    /// The variable that an item means by a name: its own, or the nearest above it.
    pub(crate) fn variable(&self, name: &str, node: Option<usize>) -> Option<Declared<'_>> {
        let mut at = node;
        while let Some(number) = at {
            let node = self.nodes.get(number)?;
            if let Some(formula) = node.formulas.variables.get(name) {
                return Some((formula.as_ref(), Some(number)));
            }
            at = node.parent;
        }
        let formula = self.formulas.variables.get(name)?;
        Some((formula.as_ref(), None))
    }

    /// The questions that an expression looks at, through its variables too; `None` where it may look at any.
    pub(crate) fn reads_of(&self, formula: &Formula, node: Option<usize>) -> Option<Vec<usize>> {
        let mut reads = Vec::new();
        let mut seen: Vec<(&str, Option<usize>)> = Vec::new();
        let mut stack = vec![(formula, node)];
        while let Some((formula, node)) = stack.pop() {
            let named: Vec<usize> = formula
                .links()
                .iter()
                .filter_map(|link| self.index(link))
                .collect();
            let is_group = |node: &usize| {
                self.nodes
                    .get(*node)
                    .is_some_and(|node| node.shape == Shape::None)
            };
            if formula.wild || named.iter().any(is_group) {
                return None;
            }
            reads.extend(named);
            for name in formula.variables() {
                if let Some((Some(variable), at)) = self.variable(name, node)
                    && !seen.contains(&(name.as_str(), at))
                {
                    seen.push((name, at));
                    stack.push((variable, at));
                }
            }
        }
        reads.sort_unstable();
        reads.dedup();
        Some(reads)
    }

    fn find_reads(&mut self) {
        for number in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(number) else {
                continue;
            };
            let each = node
                .formulas
                .deciding()
                .map(|formula| self.reads_of(formula, Some(number)));
            let each: Vec<Option<Vec<usize>>> = each.collect();
            if let Some(node) = self.nodes.get_mut(number) {
                node.wild = each.iter().any(Option::is_none);
                node.reads = each.into_iter().flatten().flatten().collect();
            }
        }
    }

    /// The names of all variables.
    pub(crate) fn declared(&self) -> Vec<String> {
        let all = self
            .nodes
            .iter()
            .map(|node| &node.formulas)
            .chain([&self.formulas]);
        all.flat_map(|formulas| formulas.variables.keys().cloned())
            .collect()
    }

    /// Whether any expression looks at the file itself.
    pub(crate) fn looks_at_file(&self) -> bool {
        let mut all = self
            .nodes
            .iter()
            .map(|node| &node.formulas)
            .chain([&self.formulas]);
        all.any(Formulas::look_at_file)
    }

    /// The questions that decide whether something is enabled.
    pub(crate) fn gates(&self) -> Vec<bool> {
        if self.nodes.iter().any(|node| node.wild) {
            return vec![true; self.nodes.len()];
        }
        let mut gates = vec![false; self.nodes.len()];
        for node in &self.nodes {
            let looks = node.conditions.iter().map(|look| look.question);
            for gate in looks.chain(node.reads.iter().copied()) {
                if let Some(gate) = gates.get_mut(gate) {
                    *gate = true;
                }
            }
        }
        gates
    }

    /// The questions on whose answers a worked out value hangs.
    pub(crate) fn inputs(&self, node: usize) -> &[usize] {
        self.nodes
            .get(node)
            .map_or(&[], |node| node.inputs.as_slice())
    }

    fn find_inputs(&mut self) {
        let asked = |scored: bool| -> Vec<usize> {
            let all = self.nodes.iter().enumerate().filter(|(_, node)| {
                let is_asked = node.shape != Shape::None && node.formulas.calculated.is_none();
                is_asked && (!scored || node.scored)
            });
            all.map(|(number, _)| number).take(MAX_INPUTS).collect()
        };
        let (any, scored) = (asked(false), asked(true));
        let mut left = MAX_INPUTS_IN_ALL;
        for number in 0..self.nodes.len() {
            let inputs = self.inputs_of(number, &any, &scored);
            left = left.saturating_sub(inputs.len());
            if let Some(node) = self.nodes.get_mut(number)
                && left > 0
            {
                node.inputs = inputs;
            }
        }
    }

    fn inputs_of(&self, node: usize, any: &[usize], scored: &[usize]) -> Vec<usize> {
        let own = self.nodes.get(node);
        let Some(formula) = own.and_then(|own| own.formulas.calculated.as_ref()) else {
            return Vec::new();
        };
        if let Some(reads) = self.reads_of(formula, Some(node)) {
            return reads;
        }
        let all = if formula.scores { scored } else { any };
        all.iter().copied().filter(|other| *other != node).collect()
    }

    /// What must be worked out before a node: what stands above it, and the questions that it looks at.
    fn needs(&self, node: usize) -> Vec<usize> {
        let Some(node) = self.nodes.get(node) else {
            return Vec::new();
        };
        node.parent
            .into_iter()
            .chain(node.conditions.iter().map(|look| look.question))
            .chain(node.reads.iter().copied())
            .collect()
    }

    /// Depth first with a stack of its own, so that a chain of ten thousand conditions does not overflow.
    fn rank(&mut self) {
        let mut seen = vec![false; self.nodes.len()];
        let mut next = 0;
        let late = self.after_wild();
        let early = (0..self.nodes.len()).filter(|node| late.get(*node) == Some(&false));
        let order: Vec<usize> = early
            .chain((0..self.nodes.len()).filter(|node| late.get(*node) == Some(&true)))
            .collect();
        for start in order {
            let mut stack = vec![(start, false)];
            while let Some((node, done)) = stack.pop() {
                if done {
                    if let Some(node) = self.nodes.get_mut(node) {
                        node.rank = next;
                    }
                    next += 1;
                    continue;
                }
                match seen.get_mut(node) {
                    Some(seen) if !*seen => *seen = true,
                    Some(_) | None => continue,
                }
                stack.push((node, true));
                stack.extend(self.needs(node).into_iter().rev().map(|need| (need, false)));
            }
        }
    }

    /// Which nodes may look at any question, or hang on one that does: they come after all others.
    fn after_wild(&self) -> Vec<bool> {
        let wild = self.nodes.iter().enumerate().filter(|(_, node)| node.wild);
        let mut stack: Vec<usize> = wild.map(|(number, _)| number).collect();
        let mut late = vec![false; self.nodes.len()];
        while let Some(node) = stack.pop() {
            match late.get_mut(node) {
                Some(late) if !*late => *late = true,
                Some(_) | None => continue,
            }
            stack.extend(self.hanging_on(node));
        }
        late
    }

    fn turned_round(&self) -> Vec<Vec<usize>> {
        let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for node in 0..self.nodes.len() {
            for need in self.needs(node) {
                if let Some(by) = needed_by.get_mut(need) {
                    by.push(node);
                }
            }
        }
        needed_by
    }

    /// The nodes that look at this one, or stand right below it.
    pub(crate) fn hanging_on(&self, node: usize) -> &[usize] {
        self.needed_by.get(node).map_or(&[], Vec::as_slice)
    }

    /// The nodes whose expressions may look at anything.
    pub(crate) fn wild(&self) -> &[usize] {
        &self.wild
    }

    /// The nodes of which expressions change the words.
    pub(crate) fn worded(&self) -> &[usize] {
        &self.worded
    }

    /// The nodes that may stand, or be answered, only so often.
    pub(crate) fn limited(&self) -> &[usize] {
        &self.limited
    }

    /// Whether anything goes round in a circle.
    pub(crate) const fn has_loops(&self) -> bool {
        self.has_loops
    }

    /// Notes what is asked of every node again and again.
    fn note(&mut self) {
        let of = |holds: fn(&Node) -> bool| {
            let all = self
                .nodes
                .iter()
                .enumerate()
                .filter(|(_, node)| holds(node));
            all.map(|(number, _)| number).collect()
        };
        let limited = of(|node| node.limited);
        let (wild, worded) = (
            of(|node| node.wild),
            of(|node| node.formulas.change_words()),
        );
        let has_loops = self.loops().next().is_some();
        self.has_loops = has_loops;
        self.limited = limited;
        (self.wild, self.worded) = (wild, worded);
    }

    /// The nodes that decide about these: themselves, what stands above them, and the questions that any of those look at.
    pub(crate) fn closure(&self, wanted: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        let mut stack: Vec<usize> = wanted.into_iter().collect();
        while let Some(node) = stack.pop() {
            if self.nodes.get(node).is_some_and(|node| node.wild) {
                return vec![true; self.nodes.len()];
            }
            match needed.get_mut(node) {
                Some(needed) if !*needed => *needed = true,
                Some(_) | None => continue,
            }
            stack.extend(self.needs(node));
        }
        needed
    }
}

fn shape(item: &Item) -> Shape {
    if !item.kind.is_question() {
        Shape::None
    } else if item.is_multi_select() {
        Shape::Multi
    } else if item.is_list() {
        Shape::List
    } else {
        Shape::Single
    }
}

/// The item at the end of a route.
fn walk<'i>(items: &'i [Item], route: &[usize]) -> Option<&'i Item> {
    let (first, rest) = route.split_first()?;
    let item = items.get(*first)?;
    if rest.is_empty() {
        Some(item)
    } else {
        walk(&item.items, rest)
    }
}
