//! A run for people: what applies with its answer, then totals, levels with their reasons, and everything that is wrong.

use std::collections::BTreeMap;

use mooring_protocol::{
    Answer, AnswerPath, DomainLevel, Fault, Leaf, Step, StepAnswer, StepKind, StepState, Value,
    Words,
};

use super::run::Run;

impl Run {
    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let protocol = &self.protocol;
        let language = self.language.as_deref().unwrap_or_default();
        let title = protocol.title_words().in_language(language);
        let mut lines = vec![format!("{title} {}", protocol.version())];
        if protocol.not_validated() {
            lines.push("Not a validated instrument.".to_owned());
        }
        if protocol.is_draft(language) {
            lines.push("Draft wording.".to_owned());
        }
        let open = self.flow.steps.iter().filter(|step| step.is_open());
        lines.extend(open.map(|step| self.step(step)));
        let warnings = protocol.warnings().iter().chain(&self.import.warnings);
        part(&mut lines, "Totals", self.totals());
        part(&mut lines, "Levels", self.levels());
        part(&mut lines, "Totals that disagree", self.disagreeing());
        part(
            &mut lines,
            "Faults",
            self.import.faults.iter().map(Fault::to_string),
        );
        part(&mut lines, "Warnings", warnings.map(Fault::to_string));
        lines
    }

    fn step(&self, step: &Step) -> String {
        let indent = "  ".repeat(step.depth + 1);
        let text = step
            .text
            .in_language(self.language.as_deref().unwrap_or_default());
        let head = format!("{indent}{} {text}", step.link_id());
        match step.kind {
            StepKind::Group | StepKind::Guidance => head,
            StepKind::NotSupported => format!("{head}: can't be answered here"),
            StepKind::Question => format!("{head}: {}", self.said(step)),
        }
    }

    fn said(&self, step: &Step) -> String {
        let words = |answer: &StepAnswer| {
            let all = answer.candidates.iter();
            let all: Vec<String> = all
                .filter_map(|one| self.answer(step, answer, one))
                .collect();
            (!all.is_empty()).then(|| all.join(" OR "))
        };
        let worked = self.calculated.iter().find(|found| found.path == step.path);
        match (step.state, worked) {
            (_, Some(worked)) => worked.words.clone(),
            (StepState::Unanswered | StepState::None, None) => "not answered".to_owned(),
            (_, None) => step
                .answers
                .iter()
                .filter_map(words)
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    /// One answer: the option's words where it is one; nothing for an option that is not chosen.
    fn answer(&self, step: &Step, at: &StepAnswer, answer: &Answer) -> Option<String> {
        let language = self.language.as_deref().unwrap_or_default();
        let option = step.options.iter().find(|option| match at.path.leaf() {
            Leaf::Option(key) => option.key == *key,
            Leaf::Whole | Leaf::Instance(_) => answer.value() == Some(&option.value),
        });
        if let (Leaf::Option(_), Some(Value::Boolean(false))) = (at.path.leaf(), answer.value()) {
            return None;
        }
        let own = || {
            let words = self.protocol.words_for(&at.path, answer);
            words.rsplit(": ").next().unwrap_or_default().to_owned()
        };
        Some(option.map_or_else(own, |option| option.words.in_language(language).to_owned()))
    }

    fn totals(&self) -> impl Iterator<Item = String> {
        self.scores
            .iter()
            .map(|score| format!("{}: {}", score.name, score.words()))
    }

    fn levels(&self) -> impl Iterator<Item = String> {
        let language = self.language.as_deref().unwrap_or_default();
        let domains = self.triage.domains.iter();
        domains.flat_map(move |found| level(found, language))
    }

    fn disagreeing(&self) -> impl Iterator<Item = String> {
        self.import.disagreements.iter().map(|found| {
            let stored = found.stored.words();
            format!(
                "{}: the response states {stored}, its answers give {}",
                found.link_id, found.words
            )
        })
    }
}

/// A heading and its lines, if there are any.
fn part(lines: &mut Vec<String>, heading: &str, of: impl Iterator<Item = String>) {
    let mut of = of.peekable();
    if of.peek().is_some() {
        lines.push(format!("{heading}:"));
        lines.extend(of.map(|line| format!("  {line}")));
    }
}

/// A text in this language, or in its own where there is no translation.
pub(super) fn in_language(
    text: &str,
    translations: &BTreeMap<String, String>,
    language: &str,
) -> String {
    let words = Words {
        plain: text.to_owned(),
        translations: translations.clone(),
    };
    words.in_language(language).to_owned()
}

/// A level and why.
pub(super) fn level(found: &DomainLevel, language: &str) -> Vec<String> {
    let mut lines = vec![format!(
        "{}: {}",
        found.domain.words_in(language),
        found.shown().words_in(language)
    )];
    lines.extend(found.reasons.iter().map(|reason| {
        let policy = if reason.policy { " (policy)" } else { "" };
        let text = in_language(&reason.text, &reason.translations, language);
        format!("  because: {text}{policy}")
    }));
    if found.at_least && !found.missing.is_empty() {
        let open: Vec<&str> = found.missing.iter().map(AnswerPath::link_id).collect();
        lines.push(format!("  still open: {}", open.join(", ")));
    }
    lines
}
