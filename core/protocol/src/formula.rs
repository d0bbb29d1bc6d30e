//! The expressions of a form, read once: what each works out, which questions it looks at, and what it is worked out on.

use std::collections::BTreeMap;

use crate::fault::{Fault, FaultKind};
use crate::fhirpath::ast::{Expr, Literal, Operator};
use crate::fhirpath::function::Function;
use crate::fhirpath::pattern::Pattern;
use crate::fhirpath::{self, Refused};
use crate::item::{Constraint, Expression, ExpressionRole, Item};
use crate::value::Value;

/// Longer expressions are cut when quoted in a warning.
const QUOTED_CHARS: usize = 120;

/// An expression, ready to be worked out.
#[derive(Debug, Clone)]
pub(crate) struct Formula {
    pub(crate) expr: Expr,
    /// The linkIds that it names.
    links: Vec<String>,
    /// The variables that it names.
    variables: Vec<String>,
    /// Whether it may look at any question.
    pub(crate) wild: bool,
    /// Whether it looks at scores only.
    pub(crate) scores: bool,
}

/// The expressions of an item, or of the whole file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Formulas {
    pub(crate) enable_when: Option<Formula>,
    pub(crate) calculated: Option<Formula>,
    pub(crate) initial: Option<Formula>,
    pub(crate) options: Option<Formula>,
    pub(crate) text: Option<Formula>,
    pub(crate) least: Option<Formula>,
    pub(crate) greatest: Option<Formula>,
    /// Which options each switches.
    pub(crate) toggles: Vec<(Vec<Value>, Formula)>,
    pub(crate) option_texts: Vec<(Value, Formula)>,
    pub(crate) constraints: Vec<(Constraint, Formula)>,
    /// Variables by name; nothing where one can't be worked out.
    pub(crate) variables: BTreeMap<String, Option<Formula>>,
    /// Whether an expression that can't be worked out decides whether the item is enabled.
    pub(crate) open_ended: bool,
    /// Whether the value is worked out by an expression that is not understood.
    pub(crate) value_unknown: bool,
}

/// Reads expressions, with a warning for each that can't be worked out.
pub(crate) struct Reader<'a> {
    /// The names of all variables of the file.
    pub(crate) declared: Vec<String>,
    pub(crate) warnings: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    /// Those of an item; `link_id` is nothing for the whole file.
    pub(crate) fn read(&mut self, expressions: &[Expression], link_id: Option<&str>) -> Formulas {
        let mut formulas = Formulas::default();
        for expression in expressions {
            let formula = self.one(expression, link_id);
            formulas.add(expression, formula);
        }
        formulas
    }

    fn one(&mut self, expression: &Expression, link_id: Option<&str>) -> Option<Formula> {
        match parse(expression, &self.declared) {
            Ok(formula) => {
                if let Some(needed) = self.not_here(&formula) {
                    self.warn(
                        expression,
                        link_id,
                        &format!("it needs {needed}, which is not here"),
                    );
                }
                Some(formula)
            }
            Err(refused) => {
                self.warn(expression, link_id, &refused.to_string());
                None
            }
        }
    }

    /// What an expression needs that nobody hands in: a person's record, the answer of a server.
    fn not_here(&self, formula: &Formula) -> Option<String> {
        let of_language = [
            "resource",
            "rootResource",
            "context",
            "questionnaire",
            "qitem",
            "ucum",
            "sct",
            "loinc",
        ];
        let mut names = formula.variables.iter();
        let missing = names
            .find(|name| !of_language.contains(&name.as_str()) && !self.declared.contains(name));
        if let Some(name) = missing {
            return Some(format!("%{name}"));
        }
        let mut root = None;
        formula.expr.each(&mut |part| {
            if let Expr::Member(None, name) = part
                && name.starts_with(|c: char| c.is_ascii_uppercase())
                && name != "QuestionnaireResponse"
            {
                root = Some(name.clone());
            }
            if let Expr::Call(_, Function::Resolve, _) = part {
                root = Some("another record".to_owned());
            }
        });
        root
    }

    /// Says that an expression can't be worked out, and what follows.
    pub(crate) fn warn(&mut self, expression: &Expression, link_id: Option<&str>, why: &str) {
        let quoted: String = expression.text.chars().take(QUOTED_CHARS).collect();
        let message = format!(
            "the expression '{quoted}' can't be worked out, {why}: {}",
            consequence(expression.role)
        );
        self.warnings.push(Fault {
            at: expression.at.clone(),
            link_id: link_id.map(str::to_owned),
            kind: FaultKind::NotSupported,
            message,
        });
    }
}

impl Formulas {
    fn add(&mut self, expression: &Expression, formula: Option<Formula>) {
        match expression.role {
            ExpressionRole::EnableWhen => {
                self.open_ended |= formula.is_none();
                self.enable_when = formula;
            }
            ExpressionRole::Calculated => {
                self.value_unknown |= formula.is_none();
                self.calculated = formula;
            }
            ExpressionRole::Initial => self.initial = formula,
            ExpressionRole::Options => self.options = formula,
            ExpressionRole::Text => self.text = formula,
            ExpressionRole::Least => self.least = formula,
            ExpressionRole::Greatest => self.greatest = formula,
            ExpressionRole::Variable => {
                self.variables.insert(expression.name.clone(), formula);
            }
            ExpressionRole::Candidates => {}
            ExpressionRole::Toggle => {
                let options = expression.options.clone();
                self.toggles
                    .extend(formula.map(|formula| (options, formula)));
            }
            ExpressionRole::OptionText => {
                let option = expression.options.first().cloned();
                self.option_texts.extend(option.zip(formula));
            }
            ExpressionRole::Constraint => {
                let constraint = expression.constraint.clone();
                self.constraints.extend(constraint.zip(formula));
            }
        }
    }

    /// Whether any of them looks at the Questionnaire's own file.
    pub(crate) fn look_at_file(&self) -> bool {
        let named = |formula: &Formula| {
            let mut names = formula.variables.iter();
            names.any(|name| matches!(name.as_str(), "questionnaire" | "qitem"))
        };
        self.all().any(named)
    }

    fn all(&self) -> impl Iterator<Item = &Formula> {
        let single = [
            &self.enable_when,
            &self.calculated,
            &self.initial,
            &self.options,
            &self.text,
            &self.least,
            &self.greatest,
        ];
        let toggles = self.toggles.iter().map(|(_, formula)| formula);
        let texts = self.option_texts.iter().map(|(_, formula)| formula);
        let constraints = self.constraints.iter().map(|(_, formula)| formula);
        let variables = self.variables.values().flatten();
        single
            .into_iter()
            .flatten()
            .chain(toggles)
            .chain(texts)
            .chain(constraints)
            .chain(variables)
    }

    /// Whether any of them changes what a step says, whatever was answered.
    pub(crate) fn change_words(&self) -> bool {
        let words = [&self.text, &self.options, &self.initial];
        words.into_iter().any(Option::is_some)
            || !self.toggles.is_empty()
            || !self.option_texts.is_empty()
    }

    /// All of them but variables, which count only where one is used.
    pub(crate) fn deciding(&self) -> impl Iterator<Item = &Formula> {
        self.enable_when.iter().chain(&self.calculated)
    }
}

fn consequence(role: ExpressionRole) -> &'static str {
    match role {
        ExpressionRole::EnableWhen => "whether the item applies is unknown, so it stays open",
        ExpressionRole::Calculated => "its value is unknown",
        ExpressionRole::Initial => "nothing is filled in",
        ExpressionRole::Options => "its options may be others",
        ExpressionRole::Candidates => "nothing is proposed",
        ExpressionRole::Toggle => "the options stay offered",
        ExpressionRole::Constraint => "answers are not checked by it",
        ExpressionRole::Text | ExpressionRole::OptionText => "the plain text is shown",
        ExpressionRole::Variable => "what uses it is unknown",
        ExpressionRole::Least | ExpressionRole::Greatest => "it does not limit",
    }
}

fn parse(expression: &Expression, declared: &[String]) -> Result<Formula, Refused> {
    let fhirpath = ["", "text/fhirpath", "text/fhirpath-expression"];
    if !fhirpath.contains(&expression.language.as_str()) {
        let language = expression.language.chars().take(40).collect();
        return Err(Refused::Language(language));
    }
    if expression.role == ExpressionRole::Candidates {
        return Err(Refused::Unknown("a proposal".to_owned()));
    }
    let expr = fhirpath::parse(&expression.text, declared)?;
    if let Some(pattern) = refused_pattern(&expr) {
        return Err(Refused::Unknown(pattern));
    }
    Ok(Formula::new(expr))
}

/// The first pattern that is malformed or too costly.
fn refused_pattern(expr: &Expr) -> Option<String> {
    let mut refused = None;
    expr.each(&mut |part| {
        let Expr::Call(_, function, arguments) = part else {
            return;
        };
        let is_pattern = matches!(
            function,
            Function::Matches | Function::MatchesFull | Function::ReplaceMatches
        );
        if let (true, Some(Expr::Literal(Literal::String(pattern)))) =
            (is_pattern, arguments.first())
            && Pattern::of_expression(pattern).is_none()
        {
            refused = Some(pattern.chars().take(40).collect());
        }
    });
    refused
}

impl Formula {
    fn new(expr: Expr) -> Self {
        let (mut links, mut variables, mut scores) = (Vec::new(), Vec::new(), false);
        expr.each(&mut |part| {
            if let Expr::WhereLink(on, link, false) = part {
                // An item of the Questionnaire's own file is no question that is read.
                if !on.as_deref().is_some_and(is_of_file) {
                    links.push(link.clone());
                }
            } else if let Expr::Literal(Literal::String(link)) = part {
                links.push(link.clone());
            } else if let Expr::Variable(name) = part {
                variables.push(name.clone());
            }
            scores |= matches!(part, Expr::Call(_, Function::Weight | Function::Ordinal, _));
        });
        let wild = looks_everywhere(&expr);
        Self {
            expr,
            links,
            variables,
            wild,
            scores,
        }
    }

    /// The linkIds that it names.
    pub(crate) fn links(&self) -> &[String] {
        &self.links
    }

    /// The variables that it names.
    pub(crate) fn variables(&self) -> &[String] {
        &self.variables
    }
}

/// Whether an expression goes to answers that it does not name: an `answer` or `answers()` on a path without `where(linkId = …)`.
fn looks_everywhere(expr: &Expr) -> bool {
    let mut wild = false;
    expr.each(&mut |part| {
        use Function as F;
        let reads = if let Expr::Member(on, name) = part
            && (name == "answer" || name == "value")
        {
            on.as_deref()
        } else if let Expr::Call(Some(on), F::Exists | F::Any | F::Empty | F::Count | F::All, _) =
            part
        {
            Some(on.as_ref())
        } else {
            None
        };
        wild |= matches!(part, Expr::Call(_, F::Answers, _)) || reads.is_some_and(is_broad);
    });
    wild
}

/// Whether a path goes down into the response without saying to which question.
fn is_broad(path: &Expr) -> bool {
    if let Expr::Member(on, name) = path {
        let on = on.as_deref();
        let down = name == "item" && !on.is_some_and(|on| is_narrow(on) || is_of_file(on));
        return down || on.is_some_and(is_broad);
    }
    if let Expr::WhereLink(_, _, differs) = path {
        return *differs;
    }
    let Some((on, function, arguments)) = called(path) else {
        return false;
    };
    match function {
        Some(Function::Descendants | Function::Repeat | Function::Children) => true,
        Some(Function::Where) if arguments.iter().any(names_link) => false,
        Some(_) | None => is_broad(on),
    }
}

/// What a function or an index stands on.
fn called(path: &Expr) -> Option<(&Expr, Option<Function>, &[Expr])> {
    if let Expr::Call(on, function, arguments) = path {
        return Some((on.as_deref()?, Some(*function), arguments));
    }
    if let Expr::At(on, _) = path {
        return Some((on, None, &[]));
    }
    None
}

/// Whether a path has said to which question it goes.
fn is_narrow(path: &Expr) -> bool {
    if let Expr::WhereLink(_, _, differs) = path {
        return !*differs;
    }
    if let Expr::Member(Some(on), _) = path {
        return is_narrow(on);
    }
    called(path).is_some_and(|(on, _, _)| is_narrow(on))
}

/// Whether a path goes through the Questionnaire's own file, which has no answers.
fn is_of_file(path: &Expr) -> bool {
    if let Expr::Variable(name) = path {
        return matches!(name.as_str(), "questionnaire" | "qitem");
    }
    if let Expr::Member(Some(on), _) | Expr::WhereLink(Some(on), _, _) = path {
        return is_of_file(on);
    }
    called(path).is_some_and(|(on, _, _)| is_of_file(on))
}

/// Whether a filter says which linkId it means, and not only how it begins or which it is not.
fn names_link(filter: &Expr) -> bool {
    let (mut names, mut vague) = (false, false);
    filter.each(&mut |part| {
        names |= matches!(part, Expr::Member(None, name) if name == "linkId");
        vague |= matches!(
            part,
            Expr::Call(..) | Expr::Binary(Operator::NotEqual | Operator::NotEquivalent, _, _)
        );
    });
    names && !vague
}

/// All names of variables that a file declares.
pub(crate) fn declared(file: &[Expression], items: &[Item]) -> Vec<String> {
    let mut names = Vec::new();
    let mut note = |expressions: &[Expression]| {
        let variables = expressions
            .iter()
            .filter(|expression| expression.role == ExpressionRole::Variable);
        names.extend(variables.map(|variable| variable.name.clone()));
    };
    note(file);
    let mut stack: Vec<&Item> = items.iter().collect();
    while let Some(item) = stack.pop() {
        note(&item.expressions);
        stack.extend(&item.items);
    }
    names.sort_unstable();
    names.dedup();
    names
}
