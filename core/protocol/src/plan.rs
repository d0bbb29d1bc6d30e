//! The items as a flat list with their places, and an order in which their conditions can be worked out.

use std::collections::BTreeMap;

use crate::fault::{Fault, FaultKind};
use crate::item::{Behavior, ExpressionRole, Item, Operator};
use crate::value::Value;

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
    /// Whether an expression that can't be worked out decides as well.
    pub(crate) open_ended: bool,
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

/// All items.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    by_link: BTreeMap<String, usize>,
}

impl Plan {
    /// Lays the tree out. Every linkId is known to be unique, and every condition to point at a question.
    pub(crate) fn new(items: &[Item]) -> Self {
        let mut plan = Self::default();
        plan.add(items, None, &[]);
        plan.resolve(items);
        plan.rank();
        plan.mark_loops();
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

    /// The item of a node.
    pub(crate) fn item<'i>(&self, items: &'i [Item], node: usize) -> Option<&'i Item> {
        walk(items, &self.nodes.get(node)?.route)
    }

    fn add(&mut self, items: &[Item], parent: Option<usize>, route: &[usize]) {
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
                open_ended: item
                    .expressions
                    .iter()
                    .any(|e| e.role == ExpressionRole::EnableWhen),
                hidden: item.hidden || above_hidden,
                rank: 0,
                unsure_as: None,
                refusal_as: None,
            });
            self.add(&item.items, Some(node), &route);
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

    /// What must be worked out before a node: what stands above it, and the questions that it looks at.
    fn needs(&self, node: usize) -> Vec<usize> {
        let Some(node) = self.nodes.get(node) else {
            return Vec::new();
        };
        node.parent
            .into_iter()
            .chain(node.conditions.iter().map(|look| look.question))
            .collect()
    }

    /// Depth first with a stack of its own, so that a chain of ten thousand conditions does not overflow.
    fn rank(&mut self) {
        let mut seen = vec![false; self.nodes.len()];
        let mut next = 0;
        for start in 0..self.nodes.len() {
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

    /// A condition is circular if its question, or anything above that, is worked out later than the item itself.
    fn mark_loops(&mut self) {
        for node in 0..self.nodes.len() {
            let Some(rank) = self.nodes.get(node).map(|node| node.rank) else {
                continue;
            };
            let looped: Vec<bool> = self
                .nodes
                .get(node)
                .into_iter()
                .flat_map(|node| &node.conditions)
                .map(|look| self.later(look.question, rank))
                .collect();
            let conditions = self
                .nodes
                .get_mut(node)
                .into_iter()
                .flat_map(|node| &mut node.conditions);
            for (look, looped) in conditions.zip(looped) {
                look.looped = looped;
            }
        }
    }

    fn later(&self, question: usize, rank: usize) -> bool {
        let mut at = Some(question);
        while let Some(node) = at.and_then(|at| self.nodes.get(at)) {
            if node.rank >= rank {
                return true;
            }
            at = node.parent;
        }
        false
    }

    /// A warning for every condition that goes round in a circle.
    pub(crate) fn loops(&self) -> impl Iterator<Item = Fault> {
        let looped = self.nodes.iter().flat_map(|node| {
            node.conditions
                .iter()
                .filter(|look| look.looped)
                .map(move |look| (node, look))
        });
        looped.filter_map(|(node, look)| {
            let question = &self.nodes.get(look.question)?.link_id;
            let message = format!("its enableWhen on '{question}' goes round in a circle: it is unknown, so the item stays open");
            Some(Fault { at: "enableWhen".to_owned(), link_id: Some(node.link_id.clone()), kind: FaultKind::NotSupported, message })
        })
    }

    /// The nodes that decide about these: themselves, what stands above them, and the questions that any of those look at.
    pub(crate) fn closure(&self, wanted: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        let mut stack: Vec<usize> = wanted.into_iter().collect();
        while let Some(node) = stack.pop() {
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
