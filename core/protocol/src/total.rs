//! Finds the totals of a Questionnaire: items that show a number which is worked out.
//!
//! Where the number is a plain sum of ordinal scores, it is summed question by question, so that it is known which are missing; any
//! other is worked out by its own expression.

use crate::item::{ExpressionRole, Item, ItemKind};
use crate::plan::Plan;
use crate::rules::Total;

/// Norway's codes for "this is a scored question" and "this is the total".
const SCORED_QUESTION: &str = "http://ehelse.no/scoringFormulas|QS";
const TOTAL_SCORE: &str = "http://ehelse.no/scoringFormulas|TS";

/// The totals of a Questionnaire.
pub(crate) fn find(plan: &Plan, items: &[Item]) -> Vec<Total> {
    let numbers = 0..plan.nodes.len();
    let all: Vec<(usize, &Item)> = numbers
        .filter_map(|node| Some((node, plan.item(items, node)?)))
        .collect();
    let scored: Vec<(usize, &Item)> = all
        .iter()
        .copied()
        .filter(|(_, item)| item.options.iter().any(|option| option.score.is_some()))
        .collect();
    let is_number = |item: &Item| {
        matches!(
            item.kind,
            ItemKind::Decimal | ItemKind::Integer | ItemKind::Quantity
        )
    };
    let mut totals = Vec::new();
    for (node, item) in all.iter().filter(|(_, item)| is_number(item)) {
        let nodes = summed(plan, *node, item, &scored, items);
        let calculated = plan
            .nodes
            .get(*node)
            .is_some_and(|node| node.formulas.calculated.is_some());
        if !nodes.is_empty() || calculated {
            totals.push(Total {
                name: item.link_id.clone(),
                title: item.text.clone(),
                shown_at: Some(*node),
                by_expression: nodes.is_empty(),
                nodes,
            });
        }
    }
    totals
}

fn summed(
    plan: &Plan,
    node: usize,
    item: &Item,
    scored: &[(usize, &Item)],
    items: &[Item],
) -> Vec<usize> {
    if item.codes.iter().any(|code| code == TOTAL_SCORE) {
        let marked = scored
            .iter()
            .filter(|(_, item)| item.codes.iter().any(|code| code == SCORED_QUESTION));
        return marked.map(|(node, _)| *node).collect();
    }
    let Some(calculated) = item
        .expressions
        .iter()
        .find(|e| e.role == ExpressionRole::Calculated)
    else {
        return Vec::new();
    };
    let text: String = calculated
        .text
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    if let Some(which) = plain_sum(&text) {
        let is_meant = |number: usize, item: &Item| match &which {
            Which::All => true,
            Which::TopLevelBut(left_out) => {
                plan.nodes
                    .get(number)
                    .is_some_and(|node| node.parent.is_none())
                    && !left_out.contains(&item.link_id.as_str())
            }
        };
        return scored
            .iter()
            .filter(|(number, item)| is_meant(*number, item))
            .map(|(number, _)| *number)
            .collect();
    }
    sum_of_variables(plan, node, &text, scored, items).unwrap_or_default()
}

/// Which questions an expression sums.
enum Which<'t> {
    All,
    TopLevelBut(Vec<&'t str>),
}

/// `%resource.answers().value.ordinal().sum()` and `%resource.item.where(linkId!='X').answer.weight().sum()`.
fn plain_sum(text: &str) -> Option<Which<'_>> {
    let inner = text.strip_prefix("%resource.")?.strip_suffix(".sum()")?;
    let inner = inner
        .strip_suffix(".ordinal()")
        .or_else(|| inner.strip_suffix(".weight()"))?;
    let inner = inner.strip_suffix(".value").unwrap_or(inner);
    if inner == "answers()" {
        return Some(Which::All);
    }
    let filter = inner.strip_prefix("item")?.strip_suffix(".answer")?;
    if filter.is_empty() {
        return Some(Which::TopLevelBut(Vec::new()));
    }
    let left_out = filter
        .strip_prefix(".where(linkId!='")?
        .strip_suffix("')")?;
    (!left_out.contains('\'')).then(|| Which::TopLevelBut(vec![left_out]))
}

/// A sum of variables, each of which is the score of one question's answer, with 0 or nothing where it is not answered.
fn sum_of_variables(
    plan: &Plan,
    node: usize,
    text: &str,
    scored: &[(usize, &Item)],
    items: &[Item],
) -> Option<Vec<usize>> {
    let variables = in_scope(plan, node, items);
    let mut nodes = Vec::new();
    let mut rest = text;
    let mut added = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('%') {
            let end = after
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(after.len());
            let (name, after) = after.split_at_checked(end)?;
            let (_, expression) = variables.iter().find(|(known, _)| *known == name)?;
            if after.strip_prefix(".exists()").is_none() {
                nodes.extend(question_of(expression, scored));
            }
            rest = after;
            continue;
        }
        let known = ["iif(", ".exists()", "+", ",", "(", ")", "0", "{}"]
            .into_iter()
            .find(|known| rest.starts_with(known))?;
        added |= known == "+";
        rest = rest.strip_prefix(known)?;
    }
    nodes.sort_unstable();
    nodes.dedup();
    added.then_some(nodes)
}

/// The variables that an item can name: its own, and those of what stands above it.
fn in_scope<'i>(plan: &Plan, node: usize, items: &'i [Item]) -> Vec<(&'i str, &'i str)> {
    let mut variables = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        let item = plan.item(items, node);
        let own = item
            .into_iter()
            .flat_map(|item| &item.expressions)
            .filter(|e| e.role == ExpressionRole::Variable);
        variables.extend(own.map(|e| (e.name.as_str(), e.text.as_str())));
        at = plan.nodes.get(node).and_then(|node| node.parent);
    }
    variables
}

/// The one scored question that a variable names, if it looks up that question's score.
fn question_of(expression: &str, scored: &[(usize, &Item)]) -> Option<usize> {
    let looks_up = ["valueDecimal", "ordinal()", "weight()"]
        .iter()
        .any(|end| expression.trim_end().ends_with(end));
    let mut named = scored
        .iter()
        .filter(|(_, item)| expression.contains(&format!("'{}'", item.link_id)));
    match (looks_up, named.next(), named.next()) {
        (true, Some((node, _)), None) => Some(*node),
        _ => None,
    }
}
