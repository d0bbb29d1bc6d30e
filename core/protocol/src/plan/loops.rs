//! Conditions and expressions that go round in a circle: found once, said to the author, and unknown from then on.

use super::Plan;
use crate::fault::{Fault, FaultKind};
use crate::formula::Formula;
use crate::item::ExpressionRole;

impl Plan {
    /// A condition is circular if its question, or anything above that, is worked out later than the item itself.
    pub(super) fn mark_loops(&mut self) {
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
            self.mark_looped_formulas(node, rank);
        }
    }

    /// An expression that leads back to its own item is unknown.
    fn mark_looped_formulas(&mut self, number: usize, rank: usize) {
        let Some(node) = self.nodes.get(number) else {
            return;
        };
        let leads_back = |formula: &Option<Formula>| {
            let reads = formula
                .as_ref()
                .and_then(|formula| self.reads_of(formula, Some(number)));
            reads
                .into_iter()
                .flatten()
                .any(|read| self.later(read, rank))
        };
        let enable_when = leads_back(&node.formulas.enable_when);
        let calculated = leads_back(&node.formulas.calculated);
        if let Some(node) = self.nodes.get_mut(number) {
            if enable_when {
                node.formulas.enable_when = None;
                node.formulas.open_ended = true;
                node.looped.push(ExpressionRole::EnableWhen);
            }
            if calculated {
                node.formulas.calculated = None;
                node.formulas.value_unknown = true;
                node.looped.push(ExpressionRole::Calculated);
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
        self.looped_conditions().chain(self.looped_formulas())
    }

    fn looped_formulas(&self) -> impl Iterator<Item = Fault> {
        self.nodes.iter().flat_map(|node| {
            node.looped.iter().map(|role| {
                let (at, consequence) = match role {
                    ExpressionRole::EnableWhen => {
                        ("enableWhenExpression", "so the item stays open")
                    }
                    ExpressionRole::Calculated
                    | ExpressionRole::Initial
                    | ExpressionRole::Options
                    | ExpressionRole::Candidates
                    | ExpressionRole::Toggle
                    | ExpressionRole::Constraint
                    | ExpressionRole::Text
                    | ExpressionRole::OptionText
                    | ExpressionRole::Variable
                    | ExpressionRole::Least
                    | ExpressionRole::Greatest => {
                        ("calculatedExpression", "and so is what uses it")
                    }
                };
                Fault {
                    at: at.to_owned(),
                    link_id: Some(node.link_id.clone()),
                    kind: FaultKind::NotSupported,
                    message: format!(
                        "its expression goes round in a circle: it is unknown, {consequence}"
                    ),
                }
            })
        })
    }

    fn looped_conditions(&self) -> impl Iterator<Item = Fault> {
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
}
